"""Asking many questions about many documents: batch by batch, in DuckDB.

A question is what a control asks: when it does not apply (`unless`), and what must hold (`require`). The answer is one
character per question and document:

    1  it holds    0  it does not    -  it does not apply    ?  ask the interpreter
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assay.expressions.columns import sql
from assay.expressions.columns.compile import Compiler
from assay.expressions.columns.plan import Column, Lane
from assay.expressions.columns.sql import NotCompilable
from assay.expressions.columns.statements import Lookup, Round, rounds
from assay.expressions.expression import Expression
from assay.expressions.tree import Has, Node, Select, Variable, children
from assay.inventory.values import Value

HOLDS, FAILS, NOT_APPLICABLE, ASK = "1", "0", "-", "?"
BATCH = 245_760  # documents judged at once: two of the groups of rows that DuckDB gives to one thread each
LARGEST = 4_000_000  # characters of a document; a larger one is left to the interpreter
_REMEMBERED = 1_000_000  # answers that a dictionary keeps between batches
_BATCH_TABLE = "batch"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every document of one type. variables: those that the expressions use besides `resource`."""

    id: str
    require: Expression
    unless: Expression | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)


class Query:
    """Questions compiled to one plan.

    trusted      The documents are as `documents.document` writes them: minified, and no object has a key twice.
    interpreted  Id of a question that has no columnar form → why.
    """

    def __init__(self, questions: Sequence[Question], *, trusted: bool = True) -> None:
        self.questions = tuple(questions)
        self.compiler = Compiler(trusted=trusted)
        self.interpreted: dict[str, str] = {}
        pieces = [self._piece(each) for each in self.questions]
        plan = self.compiler.plan
        uses = list(dict.fromkeys(use for _, columns in pieces for use in columns))
        joined = " || ".join(f"({text})" for text, _ in pieces) or "''"
        self._pattern = plan.let(plan.documents, Lane.JSON, joined, uses)
        self.rounds, self.result = rounds(plan, [self._pattern], _BATCH_TABLE)

    @property
    def pattern(self) -> str:
        """The name of the column of `result` that has the answers."""
        return self._pattern.name

    def _piece(self, question: Question) -> tuple[str, tuple[Column, ...]]:
        try:
            require = self.compiler.truth(question.require.root, question.variables)
            unless = self.compiler.truth(question.unless.root, question.variables) if question.unless else None
        except NotCompilable as error:
            self.interpreted[question.id] = str(error)
            return sql.quoted(ASK), ()
        undecided, read = self._undecided(question)
        cases = [f"WHEN {undecided} THEN '{ASK}'"]
        if unless is not None:
            cases += [f"WHEN {unless.sql} THEN '{NOT_APPLICABLE}'", f"WHEN ({unless.sql}) IS NULL THEN '{ASK}'"]
        cases += [f"WHEN {require.sql} THEN '{HOLDS}'", f"WHEN NOT ({require.sql}) THEN '{FAILS}'"]
        uses = (*read, *require.uses, *(unless.uses if unless else ()))
        return f"CASE {' '.join(cases)} ELSE '{ASK}' END", uses

    def _undecided(self, question: Question) -> tuple[str, tuple[Column, ...]]:
        """Whether a property that the question reads depends on a choice, anywhere within it."""
        plan = self.compiler.plan
        roots = [each.root for each in (question.require, question.unless) if each is not None]
        names = sorted({name for root in roots for name in properties_read(root)})
        fields = plan.fields(plan.document)
        texts = [f"coalesce({fields.field(name)}, '')" for name in names if name] + [
            plan.document.name for name in names if not name
        ]
        flags = [
            plan.let(plan.documents, Lane.TRUTH, f"""contains({text}, '"$choice":')""", (plan.document, fields))
            for text in texts
        ]
        return " OR ".join([f"{fields.name} IS NULL", *(each.name for each in flags)]), (fields, *flags)


def properties_read(node: Node) -> Iterator[str]:
    """Yield the properties of the judged resource that a tree reads; "" for the resource as a whole."""
    match node:
        case Variable(name="resource"):
            yield ""
        case Select(operand=Variable(name="resource"), field=name) | Has(operand=Variable(name="resource"), field=name):
            yield name
        case _:
            for child in children(node):
                yield from properties_read(child)


class Engine:
    """A DuckDB database in a temporary folder. Use it as a context manager.

    memory   What DuckDB may use, as it writes it ("2GB"); more goes to disk.
    threads  How many; None: as many as there are.
    """

    def __init__(self, *, memory: str = "2GB", threads: int | None = None) -> None:
        import duckdb  # slow to import, and small inputs never need it

        self._folder = tempfile.TemporaryDirectory(prefix="assay-")
        settings: dict[str, Any] = {"memory_limit": memory, "temp_directory": str(Path(self._folder.name) / "spill")}
        if threads:
            settings["threads"] = threads
        self.connection = duckdb.connect(str(Path(self._folder.name) / "columns.duckdb"), config=settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
        self._folder.cleanup()

    def judge(self, query: Query, documents: Iterable[str | None], *, batch: int = BATCH) -> Iterator[str]:
        """Yield the answers for each document, one character per question; of None each is "ask the interpreter".

        The documents are JSON objects as `documents.document` writes them: no key twice.
        """
        self._prepare(query)
        given = iter(documents)
        while texts := list(islice(given, batch)):
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {_BATCH_TABLE} AS"
                f" SELECT unnest(range({len(texts)})) AS number, unnest($1::VARCHAR[]) AS document",
                [[None if text is None or len(text) > LARGEST else text for text in texts]],
            )
            self._run(query)
            found = self.connection.execute(f"SELECT {query.pattern} FROM {query.result} ORDER BY number")
            while rows := found.fetchmany(BATCH):
                for (pattern,) in rows:
                    yield pattern

    def judge_table(self, query: Query, source: str, into: str, *, batch: int = BATCH) -> None:
        """Judge the documents of a table: `source` is SQL with columns `id` and `document`, such as a query of Parquet.

        The answers go to a new table `into` with columns `id` and `answers`. Of a query whose documents are not
        trusted, a document that is no JSON object, or has a key twice where it is read, is left to the interpreter.
        """
        self._prepare(query)
        run = self.connection.execute
        run(f"CREATE OR REPLACE TEMP TABLE scratch AS SELECT id, document FROM ({source})")
        run(f"CREATE OR REPLACE TABLE {into} (id VARCHAR, answers VARCHAR)")
        (count,) = run("SELECT count(*) FROM scratch").fetchall()[0]
        text = "document" if query.compiler.plan.trusted else _MINIFIED
        text = f"CASE WHEN length(document) <= {LARGEST} THEN {text} END"
        for start in range(0, count, batch):
            rows = f"FROM scratch WHERE rowid BETWEEN {start} AND {start + batch - 1}"
            run(f"CREATE OR REPLACE TEMP TABLE {_BATCH_TABLE} AS SELECT rowid AS number, {text} AS document {rows}")
            self._run(query)
            run(
                f"INSERT INTO {into} SELECT id, {query.pattern} FROM {query.result}"
                f" JOIN (SELECT rowid AS number, id {rows}) USING (number) ORDER BY number"
            )
        run("DROP TABLE scratch")

    def _prepare(self, query: Query) -> None:
        for number, dictionary in enumerate(query.compiler.dictionaries):
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE dictionary_{number} (key VARCHAR, answer {dictionary.lane.value})"
            )

    def _run(self, query: Query) -> None:
        for each in query.rounds:
            self._run_round(query, each)

    def _run_round(self, query: Query, each: Round) -> None:
        for statement in each.statements:
            self.connection.execute(statement)
        for lookup in each.lookups:
            self._complete(query, lookup)
        for table in each.stale:
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")

    def _complete(self, query: Query, lookup: Lookup) -> None:
        """Ask Python about every key that the dictionary does not have yet."""
        run, table = self.connection.execute, f"dictionary_{lookup.dictionary}"
        (known,) = run(f"SELECT count(*) FROM {table}").fetchall()[0]
        if known > _REMEMBERED:
            run(f"DELETE FROM {table}")
        missing = f"SELECT DISTINCT {lookup.key} AS key FROM {lookup.table} ANTI JOIN {table} ON {lookup.key} = key"
        missing += f" WHERE {lookup.key} IS NOT NULL"
        keys = [key for (key,) in run(missing).fetchall()]
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            answers = query.compiler.dictionaries[lookup.dictionary].answers(some)
            run(f"INSERT INTO {table} SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[])", [some, answers])


# Minified, and NULL when it is no JSON.
_MINIFIED = "CAST(json(CAST(TRY_CAST(document AS JSON) AS VARCHAR)) AS VARCHAR)"
