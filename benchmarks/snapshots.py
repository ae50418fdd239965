"""How long writing, reading and comparing snapshots takes: `python benchmarks/snapshots.py [resources]`."""

import datetime
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.snapshot import Asked, Writer, apart, open_snapshot, resources
from assay.inventory.values import Value
from assay.operations.snapshot_diff import compare

ACCOUNTS, REGION, KIND = 500, "eu-west-1", "AWS::EC2::SecurityGroup"
NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)


def groups(account: str, count: int, chance: random.Random, changed: float) -> Iterator[Resource]:
    for number in range(count):
        ports: list[Value] = [
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": f"10.{port}.0.0/16"}
            for port in range(2 + number % 8 + (chance.random() < changed))
        ]
        name = f"sg-{account}-{number}"
        properties: dict[str, Value] = {"GroupName": name, "VpcId": "vpc-1", "SecurityGroupIngress": ports}
        origin = Origin("aws", Position(""), account, REGION, "2026-11-25T08:00:00Z")
        yield Resource(f"{account}/{REGION}/{KIND}/{name}", KIND, name, properties, origin)


def written(path: Path, count: int, changed: float) -> Path:
    writer, chance = Writer(path, Asked(), redact=lambda value: value), random.Random(1)
    for number in range(ACCOUNTS):
        account = f"{number:012}"
        with writer.unit(account) as unit:
            unit.append(groups(account, count // ACCOUNTS, chance, changed))
            unit.reached(account, REGION, [KIND])
    writer.finish()
    return path


def timed(what: str, began: tuple[float, float]) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"{what:44} {wall:7.1f} s wall {cpu:7.1f} s CPU, peak {peak} MiB so far")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter(), time.process_time()
        one = written(Path(folder) / "one", count, 0)
        timed(f"write {count:,} resources of {ACCOUNTS} accounts", began)
        other = written(Path(folder) / "other", count, 0.001)
        began = time.perf_counter(), time.process_time()
        assert sum(1 for _ in resources(open_snapshot(one))) == count
        timed("read them", began)
        began = time.perf_counter(), time.process_time()
        differing = sum(1 for _ in apart(open_snapshot(one), open_snapshot(other)))
        timed(f"find the {differing} that differ", began)
        began = time.perf_counter(), time.process_time()
        accounts = len({each.account for each in compare(one, other, None, now=NOW).changed})
        timed(f"compare, and judge {accounts} accounts twice", began)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
