"""What is to be judged again: what changed, and what rests on something that did.

A verdict rests on the resource, on the parts that are folded into it, and on the resources that its control looks up.
An unchanged resource is affected in these ways, and in no other:

- one of its `parts` changed, or one of the resources that it `reads`;
- in its account something came, went, or is called or points otherwise (`said`) that may be a part of it, or that its
  controls may look up: then every resource of its type there is asked anew.

What is affected counts as changed for what rests on it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from assay.assessment.shards import Account, Case, Rules, Source
from assay.inventory.services import FOLDS

if TYPE_CHECKING:
    import duckdb

_Place: TypeAlias = tuple[str, str]
"""(account, resource type)."""

Describe: TypeAlias = Callable[[str], Iterable[Account]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be judged again: resources by id, and places of which all are, fragments included."""

    ids: Mapping[str, _Place]
    kinds: frozenset[_Place]

    def __bool__(self) -> bool:
        return bool(self.ids or self.kinds)

    def includes(self, case: Case) -> bool:
        """Whether a resource is judged again."""
        return case.row.id in self.ids or (case.row.account, case.kind) in self.kinds

    def context(self, connection: "duckdb.DuckDBPyConnection", rules: Rules) -> str:
        """Return as an SQL condition which documents must be at hand for that."""
        kinds: dict[str, set[str]] = defaultdict(set)
        for account, kind in {*self.ids.values(), *self.kinds}:
            kinds[account] |= {kind} if kind in rules.kept else set()
        places = [(account, kind) for account, several in kinds.items() for kind in rules.context(several)]
        _fill(connection, "wanted", places)
        _fill(connection, "again", ((name, "") for name in self.ids))
        return "(account, type) IN (SELECT (one, other) FROM wanted) OR id IN (SELECT one FROM again)"


def changes(
    connection: "duckdb.DuckDBPyConnection", rules: Rules, source: Source, stale: Collection[str], describe: Describe
) -> Changes:
    """Compare the tables `now` and `prior`, put what keeps its verdicts into `result`, and return the rest.

    stale     Types of which other controls are asked than before; what rests on such resources is not affected.
    describe  Gives the resources that an SQL condition on the documents picks.
    """
    run = connection.execute
    run("CREATE TEMP TABLE edges AS SELECT id AS owner, unnest(list_concat(parts, reads)) AS part FROM prior")
    run(
        "CREATE TEMP TABLE differs AS SELECT now.id, now.account, now.type, prior.id IS NULL AS fresh, prior.said"
        " FROM now LEFT JOIN prior ON prior.id = now.id AND prior.type = now.type AND prior.region = now.region"
        " WHERE prior.digest IS DISTINCT FROM now.digest OR prior.source <> now.source"
    )
    run(
        "CREATE TEMP TABLE gone AS SELECT id, account, type FROM prior"
        " WHERE digest <> '' AND id NOT IN (SELECT id FROM now)"
    )
    spread = _Spread(connection, rules, source)
    spread.begin(describe)
    while spread.step():
        pass
    found = Changes(spread.changed, frozenset(spread.kinds | {each for each in spread.present if each[1] in stale}))
    _reuse(connection, found)
    return found


class _Spread:
    """What changed, and step by step what that affects.

    changed  Resources that are there, by id.
    kinds    Places of which every resource is affected; renamed: places in which something is called otherwise.
    """

    def __init__(self, connection: "duckdb.DuckDBPyConnection", rules: Rules, source: Source) -> None:
        self.connection, self.rules, self.source = connection, rules, source
        self.changed: dict[str, _Place] = {}
        self.kinds: set[_Place] = set()
        self.renamed: set[_Place] = set()
        found = connection.execute("SELECT DISTINCT account, type FROM now UNION SELECT account, type FROM prior")
        self.present: set[_Place] = set(found.fetchall())
        self._owners = defaultdict(set)
        for row in FOLDS:
            self._owners[row.source].add(row.owner)

    def begin(self, describe: Describe) -> None:
        """Find what changed of itself, and whether anything is called otherwise."""
        fetch = self.connection.execute
        before: dict[str, str | None] = {}
        for name, account, kind, fresh, said in fetch("SELECT * FROM differs").fetchall():
            self.changed[name] = account, kind
            before[name] = None if fresh else said
        self.renamed |= set(fetch("SELECT DISTINCT account, type FROM gone").fetchall())
        parts = self._parts()
        for account in describe("id IN (SELECT id FROM differs)") if before else ():
            for case in account.cases:
                if case.row.digest and case.said != before[case.row.id]:
                    self.renamed.add((account.id, case.kind))
                elif case.row.digest:
                    self.kinds |= {(account.id, kind) for kind in self._may_be_part_now(case, parts)}

    def _parts(self) -> Mapping[str, set[str]]:
        """Return of what changed the types of the resources that it was a part of."""
        found = defaultdict(set)
        query = (
            "SELECT part, type FROM (SELECT unnest(parts) AS part, type FROM prior)"
            " SEMI JOIN differs ON part = differs.id"
        )
        for part, kind in self.connection.execute(query).fetchall():
            found[part].add(kind)
        return found

    def _may_be_part_now(self, case: Case, parts: Mapping[str, set[str]]) -> Iterator[str]:
        """Yield types that something may be a part of now, and was not before: what it gives to them was not there."""
        for row in FOLDS:
            if row.source == case.kind and row.take and row.owner not in parts.get(case.row.id, ()):
                yield row.owner

    def step(self) -> bool:
        """Spread once over everything; False when nothing more is affected."""
        size = len(self.changed) + len(self.kinds) + len(self.renamed)
        self._spread_over_types()
        self._spread_over_resources()
        return len(self.changed) + len(self.kinds) + len(self.renamed) > size

    def _spread_over_types(self) -> None:
        for account, kind in list(self.renamed):
            if kind in self.source.attached:
                added = {(account, each) for each in self.source.adds} & self.present
                self.renamed |= added
                self.kinds |= added
            for row in FOLDS:
                named = {row.source, row.followed, *self._owners[row.source]}
                if kind in named and (account, row.source) in self.present:
                    self.kinds.add((account, row.owner))
            for asking, looked_at in self.rules.looks_at.items():
                if kind in looked_at:
                    self.kinds.add((account, asking))
        for row in FOLDS:  # what is folded into a property by which others are found
            if row.into in self.rules.kept.get(row.owner, ()):
                self.renamed |= {place for place in self.kinds if place[1] == row.owner}

    def _spread_over_resources(self) -> None:
        run = self.connection.execute
        _fill(self.connection, "affected", self.kinds)
        _fill(self.connection, "moved", ((name, "") for name in self.changed))
        run("INSERT INTO moved SELECT id, '' FROM gone")
        run("INSERT INTO moved SELECT id, '' FROM prior WHERE (account, type) IN (SELECT (one, other) FROM affected)")
        resting = (
            "SELECT DISTINCT prior.id, prior.account, prior.type, prior.digest = '' FROM edges"
            " JOIN prior ON prior.id = edges.owner WHERE edges.part IN (SELECT one FROM moved)"
        )
        for name, account, kind, is_fragment in run(resting).fetchall():
            if is_fragment:
                self.kinds.add((account, kind))
            else:
                self.changed[name] = account, kind


def _reuse(connection: "duckdb.DuckDBPyConnection", found: Changes) -> None:
    """Put into `result` what keeps its verdicts: as observed now, with what was found of it before."""
    _fill(connection, "affected", found.kinds)
    _fill(connection, "moved", ((name, "") for name in found.ids))
    kept = "AND (now.account, prior.type) NOT IN (SELECT (one, other) FROM affected)"
    columns = "now.account, now.region, prior.type, prior.id, {}.name, now.observed, now.source, prior.digest"
    rest = "prior.said, prior.answers, prior.parts, prior.reads"
    connection.execute(
        f"INSERT INTO result SELECT {columns.format('now')}, {rest} FROM now JOIN prior ON prior.id = now.id"
        f" WHERE prior.digest <> '' AND now.id NOT IN (SELECT one FROM moved) {kept}"
    )
    connection.execute(  # the fragments of owners that are elsewhere: observed when the part of them was
        f"INSERT INTO result SELECT {columns.format('prior')}, {rest} FROM prior"
        f" JOIN now ON now.id = regexp_replace(prior.id, '~[^~]*$', '') WHERE prior.digest = '' {kept}"
    )


def _fill(connection: "duckdb.DuckDBPyConnection", table: str, pairs: Iterable[tuple[str, str]]) -> None:
    ones, others = [], []
    for one, other in pairs:
        ones.append(one)
        others.append(other)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest($1::VARCHAR[]) AS one, unnest($2::VARCHAR[]) AS other",
        [ones, others],
    )
