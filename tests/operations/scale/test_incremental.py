"""The law of incremental assessment: what is kept of an earlier result is what would have been found anew."""

import datetime
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.operations.scale.worlds import ACCOUNTS, OPEN, REGION, SHUT, edited, world, write

from assay.assessment.assess import evaluate_all
from assay.assessment.shards import VERDICTS, Judge, Rules
from assay.governance.repository import read_catalogue
from assay.inventory.observed import observed
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.snapshot import Snapshot
from assay.operations.deployed import deployed
from assay.operations.scale.plan import plan
from assay.operations.scale.shard import assess_shard
from assay.operations.scale.store import Done, Store

TODAY = datetime.date(2026, 11, 25)
CATALOGUE = read_catalogue()
RULES = Rules.of(CATALOGUE.controls.values(), CATALOGUE.params, TODAY)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(RULES) as made:
        yield made


def store(folder: Path) -> Store:
    made = Store(folder)
    made.begin()
    made.keep_rules(RULES)
    return made


def assessed(snapshot: Snapshot, results: Store, judge: Judge, before: Done | None = None) -> Done:
    (shard,) = plan(snapshot, RULES.digest)
    return assess_shard(shard, results, judge, before)


def rows(results: Store, done: Done) -> list[tuple[Any, ...]]:
    return duckdb.execute(f"SELECT * FROM read_parquet('{results.parquet(done.name)}')").fetchall()


def verdicts(results: Store, done: Done) -> dict[tuple[str, str], str]:
    found = duckdb.execute(f"SELECT id, type, answers FROM read_parquet('{results.parquet(done.name)}')").fetchall()
    return {
        (compiled.control.id, name): VERDICTS[code]
        for name, kind, answers in found
        for compiled, code in zip(RULES.controls.get(kind, ()), answers, strict=True)
        if code in VERDICTS
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("source", ["aws_config", "aws"])
def test_a_shard_is_judged_as_its_accounts_are_in_memory(tmp_path: Path, judge: Judge, seed: int, source: str) -> None:
    snapshot = write(tmp_path / "s", world(random.Random(seed), source).values(), listed=bool(seed % 2))
    results = store(tmp_path / "r")
    expected = {
        (each.control, each.resource): each.verdict
        for inventory in deployed(snapshot).values()
        for each in evaluate_all(CATALOGUE.controls.values(), inventory, CATALOGUE.params, TODAY)
    }
    assert verdicts(results, assessed(snapshot, results, judge)) == expected


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_would_be_found_anew(tmp_path: Path, judge: Judge, seed: int) -> None:
    chance = random.Random(seed)
    source, listed = chance.choice(["aws_config", "aws"]), chance.random() < 0.7
    known = world(chance, source)
    kept, anew = store(tmp_path / "kept"), store(tmp_path / "anew")
    before = assessed(write(tmp_path / "s", known.values(), listed=listed), kept, judge)
    for step in range(4):
        known = edited(chance, known, source)
        snapshot = write(tmp_path / f"s{step}", known.values(), listed=listed)
        after, whole = assessed(snapshot, kept, judge, before), assessed(snapshot, anew, judge)
        assert after.judged < whole.judged or after.name == before.name
        assert rows(kept, after) == rows(anew, whole)
        before = after


def described(kind: str, name: str, **properties: Any) -> Resource:
    stated = observed(kind, dict(properties), "aws")
    origin = Origin("aws", Position("recording"), ACCOUNTS[0], REGION, "2026-11-01T00:00:00Z")
    return Resource(f"{ACCOUNTS[0]}/{REGION}/{kind}/{name}", kind, name, stated, origin)


BUCKET = described("AWS::S3::Bucket", "b", BucketName="b")
OTHER = described("AWS::S3::Bucket", "c", BucketName="c")
POLICY = "AWS::S3::BucketPolicy"
INSTANCE = described("AWS::EC2::Instance", "i", InstanceId="i", SubnetId="s", Monitoring=True)
SUBNET = "AWS::EC2::Subnet"


@pytest.mark.parametrize(
    ("before", "after", "judged"),
    [
        ([BUCKET, OTHER], [BUCKET, OTHER], set()),
        # What a part gives to its owner was not there, and is now: any bucket may have it.
        ([BUCKET, OTHER, described(POLICY, "p", Bucket="b")],
         [BUCKET, OTHER, described(POLICY, "p", Bucket="b", PolicyDocument={"Statement": [OPEN]})], {"p", "b", "c"}),
        # A part that changes is one of its owner, and of no other.
        ([BUCKET, OTHER, described(POLICY, "p", Bucket="b", PolicyDocument={"Statement": [SHUT]})],
         [BUCKET, OTHER, described(POLICY, "p", Bucket="b", PolicyDocument={"Statement": [OPEN]})], {"p", "b"}),
        # A resource that a control looked at.
        ([INSTANCE, BUCKET, described(SUBNET, "s", SubnetId="s", MapPublicIpOnLaunch=True)],
         [INSTANCE, BUCKET, described(SUBNET, "s", SubnetId="s", MapPublicIpOnLaunch=False)], {"s", "i"}),
        # One that it looked for, and did not find.
        ([INSTANCE, BUCKET], [INSTANCE, BUCKET, described(SUBNET, "s", SubnetId="s", MapPublicIpOnLaunch=False)],
         {"s", "i"}),
        ([INSTANCE, BUCKET, described(SUBNET, "s", SubnetId="s")], [INSTANCE, BUCKET], {"i"}),
    ],
)  # fmt: skip
def test_what_is_judged_again(
    tmp_path: Path, judge: Judge, before: list[Resource], after: list[Resource], judged: set[str]
) -> None:
    kept, anew = store(tmp_path / "kept"), store(tmp_path / "anew")
    known = assessed(write(tmp_path / "before", before, listed=True), kept, judge)
    snapshot = write(tmp_path / "after", after, listed=True)
    if not judged:
        assert plan(snapshot, RULES.digest)[0].name == known.name
        return
    found = assessed(snapshot, kept, judge, known)
    assert rows(kept, found) == rows(anew, assessed(snapshot, anew, judge))
    assert found.judged == len(judged)


def test_another_day_asks_those_again_that_look_at_the_day(tmp_path: Path, judge: Judge) -> None:
    tomorrow = Rules.of(CATALOGUE.controls.values(), CATALOGUE.params, TODAY + datetime.timedelta(days=3000))
    snapshot = write(tmp_path / "s", world(random.Random(5), "aws").values(), listed=True)
    kept, anew = store(tmp_path / "kept"), store(tmp_path / "anew")
    known = assessed(snapshot, kept, judge)
    with Judge(tomorrow) as later:
        (shard,) = plan(snapshot, tomorrow.digest)
        found, whole = assess_shard(shard, kept, later, known), assess_shard(shard, anew, later)
    assert rows(kept, found) == rows(anew, whole)
    assert 0 < found.judged < whole.judged / 3
