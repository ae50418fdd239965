"""Assessing one shard: documents in, one row of answers for each resource out. Pure but for the file that it writes.

Where a result of the same accounts by the same rules is known, `changes` says what is to be judged again; everything
else keeps its verdicts, which are a function of what did not change.
"""

import gc
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assay.assessment.shards import Account, Case, Judge, Judged, Source, described
from assay.inventory.observed import with_parts
from assay.inventory.resource import Resource
from assay.inventory.snapshot import Asked, Manifest, NotASnapshot, Snapshot, part_file
from assay.inventory.snapshot.document import Row
from assay.inventory.snapshot.engine import connect, quoted
from assay.operations.deployed import SOURCES
from assay.operations.scale.changes import Changes, changes
from assay.operations.scale.plan import Shard
from assay.operations.scale.store import COLUMNS, Done, Store, file_digest
from assay.sources import aws_config

if TYPE_CHECKING:
    import duckdb

_ROW = ("account", "region", "type", "id", "name", "observed", "source", "digest")
_LISTS = frozenset({"parts", "reads"})
_FETCHED = 4096


def assess_shard(shard: Shard, store: Store, judge: Judge, before: Done | None = None) -> Done:
    """Assess a shard and keep its result. Raises NotASnapshot when a part is damaged, or holds no documents.

    before  An earlier result of the same accounts, or None.
    """
    gc.disable()  # documents have no cycles, and looking for some takes a third of the time
    try:
        with connect() as connection:
            _load(connection, shard)
            again = None
            stale = store.stale(before, judge.rules) if before and _is_comparable(before, shard) else None
            if before and stale is not None and store.is_whole(before):
                connection.execute(f"CREATE TEMP TABLE prior AS SELECT * FROM {_parquet(store, before)}")
                again = changes(
                    connection, judge.rules, SOURCE, stale, lambda wanted: _accounts(connection, shard, judge, wanted)
                )
            judged = _judge(connection, shard, judge, again)
            return _keep(connection, shard, store, judge, judged)
    finally:
        gc.enable()
        gc.collect()


def _is_comparable(before: Done, shard: Shard) -> bool:
    return before.around == shard.around and before.accounts == shard.accounts


def _parquet(store: Store, done: Done) -> str:
    return f"read_parquet({quoted(store.parquet(done.name))})"


def _load(connection: "duckdb.DuckDBPyConnection", shard: Shard) -> None:
    """Make the tables `now`, without documents, and `result`; every part is checked against its digest first."""
    snapshot = Snapshot(shard.snapshot, Manifest("", (), Asked(), (), (), shard.parts))
    files = ", ".join(quoted(part_file(snapshot, part)) for part in shard.parts)
    connection.execute(
        f"CREATE TEMP VIEW documents AS SELECT * FROM read_parquet([{files}], hive_partitioning = false)"
    )
    connection.execute(f"CREATE TEMP TABLE now AS SELECT {', '.join(_ROW)} FROM documents")
    columns = ", ".join(f"{name} {'VARCHAR[]' if name in _LISTS else 'VARCHAR'}" for name in COLUMNS)
    connection.execute(f"CREATE TEMP TABLE result ({columns})")


# What is asked of sources.


def _bare(resource: Resource, listed: frozenset[str]) -> Resource:
    source = resource.origin.source
    if source == "aws_config":
        return aws_config.together([resource], {("", ""): listed})[0]
    return with_parts(resource, SOURCES.get(source, source), listed)


def _attach(resources: dict[str, Resource]) -> None:
    recorded = {name: each for name, each in resources.items() if each.origin.source == "aws_config"}
    aws_config.attach_policies(recorded)
    resources.update(recorded)


_HAS_POLICIES = dict.fromkeys(("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"), ("ManagedPolicyArns",))
SOURCE = Source(
    bare=_bare,
    attach=_attach,
    attached={**_HAS_POLICIES, "AWS::IAM::ManagedPolicy": ("PolicyArn",)},
    adds=frozenset({"AWS::IAM::ManagedPolicy"}),
)


# Judging.


def _accounts(connection: "duckdb.DuckDBPyConnection", shard: Shard, judge: Judge, wanted: str) -> Iterator[Account]:
    """Yield the accounts with those of their resources that an SQL condition on `documents` picks."""
    listed = {(account, region): frozenset(types) for account, region, types in shard.listed}
    rows = _rows(connection, wanted)
    for account, several in groupby(rows, key=lambda each: each[0].account):
        try:
            yield described(account, several, listed, judge.rules, SOURCE)
        except ValueError as error:
            raise NotASnapshot(f"{shard.snapshot}: {error}") from None


def _rows(connection: "duckdb.DuckDBPyConnection", wanted: str) -> Iterator[tuple[Row, str]]:
    query = f"SELECT {', '.join(_ROW)}, document FROM documents WHERE {wanted} ORDER BY account, type, id"
    found = connection.execute(query)
    while several := found.fetchmany(_FETCHED):
        for account, region, kind, identity, name, observed, source, digest, document in several:
            yield Row(account, region, kind, identity, name, observed, source, digest, ""), document


def _judge(
    connection: "duckdb.DuckDBPyConnection", shard: Shard, judge: Judge, again: Changes | None
) -> Iterable[Judged]:
    if again is None:
        return judge.answers(list(_accounts(connection, shard, judge, "true")))
    if not again:
        return ()
    return judge.answers(
        list(_accounts(connection, shard, judge, again.context(connection, judge.rules))), again.includes
    )


def _keep(
    connection: "duckdb.DuckDBPyConnection", shard: Shard, store: Store, judge: Judge, judged: Iterable[Judged]
) -> Done:
    count = 0
    batch: list[Judged] = []
    for each in judged:
        batch.append(each)
        if len(batch) >= _FETCHED:
            count += _insert(connection, batch)
            batch = []
    count += _insert(connection, batch)
    with store.beside(shard.name) as path:
        ordered = f"SELECT {', '.join(COLUMNS)} FROM result ORDER BY account, type, id"
        connection.execute(f"COPY ({ordered}) TO {quoted(path, pattern=False)} (FORMAT parquet, COMPRESSION zstd)")
        ((rows,),) = connection.execute("SELECT count(*) FROM result").fetchall()
        done = Done(shard.name, shard.accounts, shard.around, judge.rules.digest, file_digest(path), rows, count)
        store.commit(path, done)
    return done


def _insert(connection: "duckdb.DuckDBPyConnection", batch: Sequence[Judged]) -> int:
    columns: Mapping[str, list[Any]] = defaultdict(list)
    for each in batch:
        case: Case = each.case
        for name in _ROW:
            columns[name].append(getattr(case.row, name))
        columns["said"].append(case.said)
        columns["answers"].append(each.answers)
        columns["parts"].append(_listed(case.parts))
        columns["reads"].append(_listed(each.reads))
    given = ", ".join(f"unnest(${number}::VARCHAR[]) AS {name}" for number, name in enumerate(COLUMNS, 1))
    split = ", ".join(
        f"CASE WHEN {name} = '' THEN [] ELSE from_json({name}, '[\"VARCHAR\"]') END" if name in _LISTS else name
        for name in COLUMNS
    )
    if batch:
        connection.execute(
            f"INSERT INTO result SELECT {split} FROM (SELECT {given})", [columns[name] for name in COLUMNS]
        )
    return len(batch)


def _listed(ids: Sequence[str]) -> str:
    """Return a list as text, most being empty; DuckDB takes lists of lists ten times as slowly."""
    return json.dumps(ids) if ids else ""
