"""From a plan to the SQL of each round: a temporary table per relation, rebuilt with the columns that a round adds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.expressions.columns.plan import Aggregate, Answer, Carried, Column, Fields, Input, Let, Plan, Relation

LONGEST = 2**24  # elements of one list, given documents of at most `engine.LARGEST` characters


@dataclass(frozen=True, slots=True)
class Lookup:
    """A dictionary to complete before the next round: its keys are the column of a table."""

    dictionary: int
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Round:
    """Statements in their order, then the dictionaries to complete, then the tables that nobody needs any more."""

    statements: tuple[str, ...]
    lookups: tuple[Lookup, ...]
    stale: tuple[str, ...]


def rounds(plan: Plan, wanted: Sequence[Column], batch: str) -> tuple[tuple[Round, ...], str]:
    """Return the rounds that compute the wanted columns, and the table that then holds them, by `number`.

    batch: the table of documents, with `number` and `document`.
    """
    return _Rounds(plan, wanted, batch).made()


class _Rounds:
    def __init__(self, plan: Plan, wanted: Sequence[Column], batch: str) -> None:
        self.plan, self.batch, self.wanted = plan, batch, wanted
        self.last: dict[Column, int] = {}
        for column, when in plan.consumers():
            self.last[column] = max(when, self.last.get(column, 0))
        self.end = max((plan.round(each) for relation in plan.relations for each in relation.columns), default=0)
        for column in wanted:
            self.last[column] = self.end + 1
        self.tables: dict[Relation, str] = {}

    def made(self) -> tuple[tuple[Round, ...], str]:
        several = tuple(self._round(now) for now in range(self.end + 1))
        return several, self.tables[self.plan.documents]

    def _round(self, now: int) -> Round:
        before = dict(self.tables)
        statements = []
        for relation in self.plan.relations:
            new = [each for each in relation.columns if self.plan.round(each) == now]
            if new:
                name = f"{relation.name}_{now}"
                statements.append(self._statement(relation, now, new, before, name))
                self.tables[relation] = name
        stale = tuple(table for relation, table in before.items() if self.tables[relation] != table)
        return Round(tuple(statements), tuple(self._lookups(now)), stale)

    def _lookups(self, now: int) -> Iterator[Lookup]:
        for relation in self.plan.relations:
            for column in relation.columns:
                if isinstance(column, Answer) and self.plan.round(column) == now + 1:
                    yield Lookup(column.dictionary, self.tables[relation], column.uses[0].name)

    def _statement(
        self, relation: Relation, now: int, new: Sequence[Column], before: Mapping[Relation, str], name: str
    ) -> str:
        if relation in before:
            source = self._extended(relation, now, new, before)
        elif relation.parent is None:
            source = f"SELECT number, document AS {self.plan.document.name} FROM {self.batch}"
        else:
            source = self._unnested(relation, before[relation.parent])
        steps: dict[int, list[Let | Fields]] = {}
        for column in new:
            if isinstance(column, Let | Fields):
                steps.setdefault(self.plan.level(column), []).append(column)
        for level in sorted(steps):
            added = ", ".join(f"{each.sql} AS {each.name}" for each in steps[level])
            source = f"SELECT *, {added} FROM ({source})"
        kept = [each.name for each in relation.columns if self._kept(each, now)]
        own = ["number"] if relation.parent is None else ["number", "parent"]
        return f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join([*own, *kept])} FROM ({source})"

    def _kept(self, column: Column, now: int) -> bool:
        return self.plan.round(column) <= now < self.last.get(column, -1)

    def _unnested(self, relation: Relation, table: str) -> str:
        assert relation.over is not None
        element = next(each.name for each in relation.columns if isinstance(each, Input))
        carried = [f", {each.uses[0].name} AS {each.name}" for each in relation.columns if isinstance(each, Carried)]
        over = relation.over.name
        unnested = f"unnest({over}) AS {element}, generate_subscripts({over}, 1) AS position"
        rows = f"SELECT number AS parent, {unnested}{''.join(carried)} FROM {table}"
        # Numbered without row_number(), which would have one thread only. Two levels exceed 63 bits.
        parent = "parent" if relation.depth == 1 else "CAST(parent AS HUGEINT)"
        return f"SELECT {parent} * {LONGEST} + position AS number, * FROM ({rows}) WHERE {element} <> 'null'"

    def _extended(self, relation: Relation, now: int, new: Sequence[Column], before: Mapping[Relation, str]) -> str:
        added, joins = [], []
        children: dict[Relation, list[Aggregate]] = {}
        for column in new:
            if isinstance(column, Answer):
                name, key = column.name, column.uses[0].name
                joins.append(f"LEFT JOIN dictionary_{column.dictionary} AS {name} ON {name}.key = t.{key}")
                added.append(f"{column.name}.answer AS {column.name}")
            elif isinstance(column, Aggregate):
                assert column.child is not None
                children.setdefault(column.child, []).append(column)
        for child, aggregates in children.items():
            several = ", ".join(f"{each.sql} AS {each.name}" for each in aggregates)
            inner = f"SELECT parent, {several} FROM {before[child]} GROUP BY parent"
            joins.append(f"LEFT JOIN ({inner}) AS {child.name} ON {child.name}.parent = t.number")
            added += [f"{child.name}.{each.name}" for each in aggregates]
        return f"SELECT {', '.join(['t.*', *added])} FROM {before[relation]} AS t {' '.join(joins)}"
