"""Assessing a made-up organisation with the whole catalogue: seconds, memory, what a change costs, who helps.

    python benchmarks/scale.py write FOLDER [--resources 1000000] [--accounts 500] [--changed 0.01]
    python benchmarks/scale.py assess FOLDER RESULTS [--processes 2] [--dask 0]
    python benchmarks/scale.py peer FOLDER [--resources 2500]

`peer` writes resources as templates, and has them checked by `assay check` and, when it is on the PATH, by `checkov`.

Writing is not measured. Every figure is of whole processes, their start and the reading of the catalogue included.
"""

import argparse
import datetime
import hashlib
import json
import random
import resource
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import snapshot_generator as made

DAY = made.OBSERVED[:10]


def documents_of(account: made.Account, changed: float) -> Iterator[made.Made]:
    """Yield the resources of an account; of the share that changed, each has one setting changed."""
    chance, draws = random.Random(f"changed {account.id}"), random.Random(f"new {account.id}")
    for each in made.resources_of(account):
        if chance.random() < changed:
            yield made.edited(each, draws)
        else:
            yield each


def write_account(folder: Path, account: made.Account, changed: float) -> dict[str, object]:
    """Write the part of an account as the collector does, by the fast way, and return what the manifest says of it."""
    import duckdb

    where = folder / "documents" / f"account={account.id}" / f"day={DAY}"
    where.mkdir(parents=True, exist_ok=True)
    rows = sorted(documents_of(account, changed), key=lambda each: (each.region, each.type, each.id))
    columns: dict[str, list[str]] = defaultdict(list)
    for each in rows:
        columns["account"].append(each.account)
        columns["region"].append(each.region)
        columns["type"].append(each.type)
        columns["id"].append(each.id)
        columns["name"].append(each.name)
        columns["observed"].append(made.OBSERVED)
        columns["source"].append("aws_config")
        columns["document"].append(f'{{"properties":{each.document},"type":"{each.type}"}}')
    names = list(columns)
    given = ", ".join(f"unnest(${number}::VARCHAR[]) AS {name}" for number, name in enumerate(names, 1))
    order = "account, region, type, id, name, observed, source, sha256(document) AS digest, document"
    path = where / "part.parquet"
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(
            f"COPY (SELECT {order} FROM (SELECT {given})) TO '{path}' (FORMAT parquet, COMPRESSION zstd)",
            list(columns.values()),
        )
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    target = path.with_name(f"{sha256}.parquet")
    path.replace(target)
    return {
        "path": target.relative_to(folder).as_posix(),
        "sha256": sha256,
        "rows": len(rows),
        "account": account.id,
        "day": DAY,
        "first": made.OBSERVED,
        "last": made.OBSERVED,
    }


def write(folder: Path, resources: int, accounts: int, changed: float) -> None:
    """Write a snapshot."""
    from assay.inventory.identity import GLOBAL, is_global
    from assay.inventory.snapshot.manifest import NAME, Asked, Manifest, Part, Reached, to_json, united

    several = made.accounts(resources, accounts)
    with ProcessPoolExecutor() as pool:
        stated = list(pool.map(write_account, [folder] * accounts, several, [changed] * accounts))
    regional = tuple(sorted(each for each in made.SHARES if not is_global(each)))
    everywhere = tuple(sorted(each for each in made.SHARES if is_global(each)))
    reached = [Reached(each.id, region, regional) for each in several for region in made.REGIONS]
    reached += [Reached(each.id, GLOBAL, everywhere) for each in several]
    parts = tuple(sorted(Part(**each) for each in stated))  # type: ignore[arg-type]
    manifest = Manifest("benchmark", ("aws_config",), Asked(regions=tuple(made.REGIONS)), united(reached), (), parts)
    (folder / NAME).write_text(json.dumps(to_json(manifest)))


def assess(folder: Path, results: Path, processes: int, dask: int) -> None:
    """Assess a snapshot and print what it took."""
    begun = time.perf_counter()
    from assay.assessment.shards import Rules
    from assay.governance.repository import read_repository
    from assay.inventory.snapshot import open_snapshot
    from assay.operations.scale import Options, assess_snapshot
    from assay.operations.scale.summary import totals

    repository = read_repository(Path(__file__).parent.parent / "examples" / "acme")
    rules = Rules.of(repository.controls.values(), repository.params, datetime.date(2026, 11, 25))
    snapshot = open_snapshot(folder)
    if dask:
        from distributed import LocalCluster

        made_cluster: Any = LocalCluster
        with made_cluster(n_workers=dask, threads_per_worker=1, dashboard_address=None) as cluster:
            begun = time.perf_counter()
            run = assess_snapshot(snapshot, rules, results, Options(scheduler=cluster.scheduler_address))
    else:
        run = assess_snapshot(snapshot, rules, results, Options(processes=processes))
    counts = totals(run)
    wall = time.perf_counter() - begun
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    judged = sum(each.judged for each in run.fresh)
    print(
        f"{run.resources:,} resources, {judged:,} judged, {counts.total:,} verdicts ({counts}), {wall:.1f} s,"
        f" {cpu:.1f} CPU s, peak {own.ru_maxrss // 1024} MiB + {children.ru_maxrss // 1024} MiB in the largest child;"
        f" complete: {run.complete}"
    )
    for each in run.failed:
        print("failed", each)


def stated(value: Any) -> Any:
    """Return a value as a template would state it: without what a source does not say."""
    if isinstance(value, dict):
        if value.keys() == {"$unknown"}:
            return None
        return {key: found for key, each in value.items() if (found := stated(each)) is not None}
    return [found for each in value if (found := stated(each)) is not None] if isinstance(value, list) else value


def peer(folder: Path, resources: int) -> None:
    """Write templates of a hundred resources each, check them, and print evaluations for each CPU second."""
    (account, *_) = made.accounts(resources, 1)
    several = list(made.resources_of(account))
    folder.mkdir(parents=True)
    for number in range(0, len(several), 100):
        found = {
            f"R{number + place}": {"Type": each.type, "Properties": stated(json.loads(each.document))}
            for place, each in enumerate(several[number : number + 100])
        }
        (folder / f"t{number}.json").write_text(json.dumps({"Resources": found}, indent=1))
    commands = {"assay": ["assay", "check", str(folder), "--format", "json"]}
    if shutil.which("checkov"):
        commands["checkov"] = ["checkov", "-d", str(folder), "--framework", "cloudformation", "-o", "json"]
    for name, command in commands.items():
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        answer = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
        after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - begun
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if name == "assay":
            count = answer["counts"]["total"]
        else:
            count = answer["summary"]["passed"] + answer["summary"]["failed"]
        print(
            f"{name}: {len(several):,} resources, {count:,} evaluations, {wall:.1f} s, {cpu:.1f} CPU s,"
            f" {count / cpu:,.0f} evaluations per CPU second"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    sub = parser.add_subparsers(dest="what", required=True)
    writing = sub.add_parser("write")
    writing.add_argument("folder", type=Path)
    writing.add_argument("--resources", type=int, default=1_000_000)
    writing.add_argument("--accounts", type=int, default=500)
    writing.add_argument("--changed", type=float, default=0.0)
    assessing = sub.add_parser("assess")
    assessing.add_argument("folder", type=Path)
    assessing.add_argument("results", type=Path)
    assessing.add_argument("--processes", type=int, default=2)
    assessing.add_argument("--dask", type=int, default=0)
    comparing = sub.add_parser("peer")
    comparing.add_argument("folder", type=Path)
    comparing.add_argument("--resources", type=int, default=2_500)
    given = parser.parse_args()
    if given.what == "write":
        write(given.folder, given.resources, given.accounts, given.changed)
    elif given.what == "peer":
        peer(given.folder, given.resources)
    else:
        assess(given.folder, given.results, given.processes, given.dask)


if __name__ == "__main__":
    main()
