"""Laws of snapshots: what is written is read, the digest is of what is judged, and no comparison says too much."""

import copy
import datetime
import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.test_inventory import values
from tests.sources import small_system as system

from assay.assessment.assess import evaluate_all
from assay.assessment.comparison import Fate
from assay.assessment.evaluation import Evaluation
from assay.assessment.freshness import fresh, staleness
from assay.assessment.verdicts import Verdict
from assay.governance.knowledge import knowledge
from assay.inventory.difference import differences
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.snapshot import Asked, Writer, index, open_snapshot, resources, verify
from assay.inventory.snapshot.document import document_text, resource_of, row_of
from assay.inventory.values import Cause, Choice, Reason, Value
from assay.operations import reading
from assay.operations import snapshot as snapshot_operations
from assay.operations.snapshot import write
from assay.operations.snapshot_diff import compare
from assay.sources.cloudformation import Context

ACCOUNT, REGION = system.ACCOUNT, system.REGION
NOW = datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC)
BOTH = Choice("v", Reason(Cause.PARAMETER, "P"), (("a", True), ("b", False)))
HERE = Context(account=ACCOUNT, region=REGION)

described = st.builds(
    lambda name, properties, condition, attributes: Resource(
        id=f"{ACCOUNT}/{REGION}/Acme::Thing/{name}",
        type="Acme::Thing",
        name=name,
        properties=properties,
        origin=Origin("aws", Position("s"), ACCOUNT, REGION, "2026-10-01T08:00:00Z"),
        condition=condition,
        attributes=attributes,
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    st.dictionaries(st.text(max_size=4), values, max_size=4),
    st.sampled_from([True, BOTH]),
    st.dictionaries(st.sampled_from(["Assay::X", "$unknown"]), values, max_size=2),
)


def as_it_is(value: Value) -> Value:
    return value


@given(described)
def test_a_row_is_the_resource(resource: Resource) -> None:
    again = resource_of(row_of(resource), "s")
    assert again == resource
    assert json.dumps(document_text(again)) == json.dumps(document_text(resource))


@given(described, st.randoms(use_true_random=False))
def test_the_digest_does_not_depend_on_the_order_of_keys_nor_on_who_saw_it_when(
    resource: Resource, chance: random.Random
) -> None:
    names = list(resource.properties)
    chance.shuffle(names)
    seen = Origin("aws_config", Position("other", 7), ACCOUNT, "us-east-1", "2020-01-01T00:00:00Z")
    other = Resource(
        "another id",
        resource.type,
        "another name",
        {name: resource.properties[name] for name in names},
        seen,
        condition=resource.condition,
        attributes=resource.attributes,
    )
    assert row_of(other).digest == row_of(resource).digest


@given(described, described)
def test_the_digest_tells_what_is_judged_apart(one: Resource, other: Resource) -> None:
    same = (one.properties, one.attributes, one.condition) == (other.properties, other.attributes, other.condition)
    if row_of(one).digest == row_of(other).digest:
        assert same


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Through Parquet: 60 resources with every kind of value, in several accounts, on several days."""
    given_ = []
    chance = random.Random(7)
    for number in range(60):
        seen = f"2026-10-0{chance.randint(1, 4)}T08:00:00Z" if number % 7 else ""
        account = chance.choice(["111111111111", "222222222222", ""])
        properties: dict[str, Value] = {"Number": number, "Large": 2**70 + number, "One": 1.0, "Odd": "\ud800\0'\"\n"}
        identity = f"{account}/{REGION}/Acme::Thing/{number}"
        origin = Origin("aws", Position(str(tmp_path / "s")), account, REGION, seen)
        given_.append(Resource(identity, "Acme::Thing", f"thing {number}", properties, origin, condition=BOTH))
    writer = Writer(tmp_path / "s", Asked(), redact=as_it_is)
    with writer.unit("all") as unit:
        unit.append(given_)
    manifest = writer.finish()
    found = open_snapshot(tmp_path / "s")
    verify(found)
    assert found.manifest == manifest
    assert sorted(resources(found), key=lambda each: each.id) == sorted(given_, key=lambda each: each.id)
    one = list(resources(found, accounts={"111111111111"}, types={"Acme::Thing"}, regions={REGION}))
    assert {each.id for each in one} == {each.id for each in given_ if each.origin.account == "111111111111"}
    assert not list(resources(found, types={"Acme::Other"}))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[dict[str, Any]]], Path]:
    """Write a snapshot of configuration items."""

    def make(items: list[dict[str, Any]]) -> Path:
        folder = tmp_path_factory.mktemp("made")
        (folder / "config.json").write_text(json.dumps(system.snapshot(items)))
        write([folder / "config.json"], folder / "snapshot", HERE, as_it_is)
        return folder / "snapshot"

    return make


Made = Callable[[list[dict[str, Any]]], Path]


def test_a_snapshot_of_recordings_is_judged_as_the_recordings_are(made: Made, tmp_path: Path) -> None:
    """Every control of the catalogue, on every resource: the same verdict."""
    (tmp_path / "config.json").write_text(json.dumps(system.snapshot()))
    direct, kept = (reading.read([each], Context()) for each in (tmp_path / "config.json", made(system.items())))
    assert len(direct.resources) == len(kept.resources) > 5
    assert judged(direct) == judged(kept)


def judged(inventory: Inventory) -> Mapping[tuple[str, str, str], Verdict]:
    names = {each.id: (each.type, each.name) for each in inventory.resources}
    return {(each.control, *names[each.resource]): each.verdict for each in evaluations(inventory)}


def evaluations(inventory: Inventory) -> tuple[Evaluation, ...]:
    known = knowledge(None)
    controls = [each for each in known.controls.values() if not each.control.resource.startswith("Assay::")]
    return evaluate_all(controls, inventory, known.params, NOW.date())


def test_a_snapshot_of_recordings_that_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files that describe the same resources, the later one cut off: begun again, it is as if nothing was."""
    older, newer = tmp_path / "1.json", tmp_path / "2.json"
    older.write_text(json.dumps(system.snapshot()))
    newer.write_text(json.dumps(system.snapshot(system.items()[:4])).replace("2026-10-01", "2026-10-02"))
    whole = write([older, newer], tmp_path / "whole", HERE, as_it_is)
    fill = snapshot_operations._fill

    def stops(unit: Any, path: Path, *rest: Any) -> None:
        fill(unit, path, *rest)
        if path == newer:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(snapshot_operations, "_fill", stops)
        write([older, newer], tmp_path / "cut", HERE, as_it_is)
    assert write([older, newer], tmp_path / "cut", HERE, as_it_is) == whole
    assert whole.rows == len(list(index(open_snapshot(tmp_path / "cut")))) == 9


def test_sources_call_a_resource_by_one_name(made: Made, tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_text("\n".join(map(json.dumps, system.descriptions())))
    write([tmp_path / "answers.jsonl"], tmp_path / "snapshot", HERE, as_it_is, observed="2026-10-01")
    recorded = {each.id for each in index(open_snapshot(made(system.items())))}
    described_ = {each.id for each in index(open_snapshot(tmp_path / "snapshot"))}
    apart = {each for each in described_ if "AWS::S3::BucketPolicy" in each}  # in AWS Config, within the bucket's item
    assert recorded == described_ - apart
    assert f"{ACCOUNT}/global/AWS::IAM::Role/worker" in recorded


def mutated(chance: random.Random) -> list[dict[str, Any]]:
    """Return the small system with some items left out, and some configurations changed."""
    items = copy.deepcopy([each for each in system.items() if chance.random() > 0.2])
    for each in items:
        configuration = each.get("configuration")
        if isinstance(configuration, dict) and chance.random() > 0.5:
            booleans = [key for key, value in configuration.items() if isinstance(value, bool)]
            for key in booleans:
                configuration[key] = chance.random() > 0.5
    return items


@pytest.mark.parametrize("seed", range(2))
def test_what_appears_one_way_is_gone_the_other_way(made: Made, seed: int) -> None:
    chance = random.Random(seed)
    one, other = made(mutated(chance)), made(mutated(chance))
    there, back = (compare(*pair, None, now=NOW) for pair in ((one, other), (other, one)))
    turned = {Fate.APPEARED: Fate.GONE, Fate.FOUND: Fate.UNSEEN, Fate.CHANGED: Fate.CHANGED}
    turned |= {after: before for before, after in turned.items()}
    assert {(each.id, turned[each.fate]) for each in there.changed} == {(each.id, each.fate) for each in back.changed}
    for forth, back_ in zip(there.changed, back.changed, strict=True):
        assert [(each.path, each.before, each.after) for each in forth.differences] == [
            (each.path, each.after, each.before) for each in back_.differences
        ]
    flipped = {(each.control, each.resource, each.before, each.after) for each in there.flips}
    assert flipped == {(each.control, each.resource, each.after, each.before) for each in back.flips}
    were, are = (in_full(each) for each in (one, other))
    assert {each for each in flipped if each[2] and each[3]} == {
        (*key, were[key], are[key]) for key in were.keys() & are.keys() if were[key] is not are[key]
    }


def in_full(snapshot: Path) -> Mapping[tuple[str, str], Verdict]:
    """Every verdict on every resource, without looking at what can differ."""
    return {(each.control, each.resource): each.verdict for each in evaluations(reading.read([snapshot], Context()))}


def test_nothing_differs_from_itself(made: Made) -> None:
    one, again = made(system.items()), made(list(reversed(system.items())))
    found = compare(one, again, None, now=NOW)
    assert not found.changed
    assert not found.flips
    assert found.counts[0] == found.counts[2] > 5


@given(described)
def test_no_resource_differs_from_itself(resource: Resource) -> None:
    assert not differences(resource, resource)


def test_age_makes_unknown_and_nothing_else(made: Made) -> None:
    """Law 2: a verdict that is too old is never a pass nor a failure, and one that is not keeps what it is."""
    inventory = reading.read([made(system.items())], Context())
    controls = knowledge(None).controls
    found = evaluations(inventory)
    assert {each.verdict for each in found} > {Verdict.MET, Verdict.NOT_MET}
    for days in range(-1, 40, 3):
        today = NOW.date() + datetime.timedelta(days)
        for before, after in zip(found, fresh(found, inventory, controls, today), strict=True):
            if days <= controls[before.control].control.max_age_days:
                assert after == before
            else:
                assert after.verdict is Verdict.UNKNOWN
                assert [each.cause for each in after.reasons] == [Cause.STALE]
                assert f"{days} days before" in str(after.reasons[0])


def test_what_was_observed_after_the_day_is_no_evidence_for_it(made: Made) -> None:
    inventory = reading.read([made(system.items())], Context())
    controls = knowledge(None).controls
    found = fresh(evaluations(inventory), inventory, controls, NOW.date() - datetime.timedelta(2))
    assert {(each.verdict, *(reason.cause for reason in each.reasons)) for each in found} == {
        (Verdict.UNKNOWN, Cause.STALE)
    }


def test_a_moment_that_no_day_has_is_no_moment() -> None:
    reason = staleness("it", "0001-01-01T00:00:00+14:00", 30, NOW.date())
    assert "nobody says when" in str(reason)
