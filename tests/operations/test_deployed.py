"""Workloads judged by what a snapshot says is deployed in their accounts."""

import datetime
import functools
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tests.ledger.worlds import Memory, ledger, signer

from assay.assessment.assess import Assessment, Outside
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Verdict
from assay.inventory.resource import Gap, Origin, Position, Resource
from assay.inventory.snapshot import Asked, Writer
from assay.inventory.values import Cause, Reason, Value
from assay.ledger.log import entries
from assay.ledger.verify import State, verify
from assay.operations import reading
from assay.operations.assess import assess_repository
from assay.operations.book import Book
from assay.operations.evidence import assess_and_record
from assay.operations.replay import replay
from assay.operations.stand_ins import STAND_IN
from assay.reports.redaction import redacted
from assay.sources.cloudformation import Context

MANAGEMENT, SHOP, STRANGER, REGION = "111111111111", "222222222222", "999999999999", "eu-west-1"
NOW = datetime.datetime(2026, 10, 2, 12, tzinfo=datetime.UTC)
BUCKET, QUEUE = "AWS::S3::Bucket", "AWS::SQS::Queue"
RECOVERED = "data-can-be-recovered"

PARAMETERS = "parameters:\n  queue-keeps-messages: {seconds: 172800}\n"

Repository = Callable[..., Path]


def bucket(
    name: str, status: Value = "Enabled", account: str = SHOP, region: str = REGION, day: str = "01"
) -> Resource:
    origin = Origin("aws", Position(""), account, region, f"2026-10-{day}T08:00:00Z")
    properties: dict[str, Value] = {"BucketName": name, "VersioningConfiguration": {"Status": status}}
    return Resource(f"{account}/{region}/{BUCKET}/{name}", BUCKET, name, properties, origin)


@pytest.fixture
def repository(write: Repository) -> Path:
    """The good repository in which one objective rests on buckets alone, whatever else the catalogue has."""
    return write({"controls/sqs/queue-keeps-messages.yaml": None, "organisation.yaml": (PARAMETERS, "")})


def snapshot(
    path: Path,
    resources: Iterable[Resource],
    reached: Iterable[str] = (BUCKET,),
    gaps: Iterable[Gap] = (),
    accounts: Iterable[str] = (SHOP,),
) -> Path:
    writer = Writer(path, Asked(), redact=lambda value: value)
    with writer.unit("all") as unit:
        unit.append(resources)
        for account in accounts:
            unit.reached(account, REGION, reached)
        for gap in gaps:
            unit.gap(gap)
    writer.finish()
    return path


def assessed(repository: Path, path: Path, now: datetime.datetime = NOW) -> Assessment:
    return assess_repository(repository, now=now, snapshot=path)[1]


def answer(assessment: Assessment, objective: str = RECOVERED) -> ObjectiveResult:
    (workload,) = assessment.workloads
    return next(each for each in workload.objectives if each.objective == objective)


def verdicts(assessment: Assessment, control: str = "bucket-has-versions") -> dict[str, Verdict]:
    (found,) = (each for each in answer(assessment).controls if each.control == control)
    return {each.resource.rpartition("/")[2]: each.verdict for each in found.evaluations}


def test_a_workload_is_what_is_deployed_in_its_account(repository: Path, tmp_path: Path) -> None:
    deployed = [
        bucket("good"),
        bucket("bad", "Suspended"),
        bucket("another", "Suspended", account=MANAGEMENT),
        bucket("elsewhere", "Suspended", region="sa-east-1"),
        bucket("strange", "Suspended", account=STRANGER),
    ]
    found = assessed(repository, snapshot(tmp_path / "s", deployed))
    assert verdicts(found) == {"good": Verdict.MET, "bad": Verdict.NOT_MET}
    assert found.outside == (
        Outside(
            MANAGEMENT, REGION, 1, "management belongs to no workload: only the organisation's own objectives judge it"
        ),
        Outside(SHOP, "sa-east-1", 1, "no region of the organisation: nothing judges it"),
        Outside(STRANGER, REGION, 1, "no account of the organisation: nothing judges it"),
    )
    organisation = {each.origin.account for each in found.organisation.inventory.resources} - {""}
    assert organisation == {MANAGEMENT, SHOP}


def test_an_account_that_was_not_reached_is_unknown_with_the_reason(repository: Path, tmp_path: Path) -> None:
    found = assessed(repository, snapshot(tmp_path / "s", [bucket("x", account=MANAGEMENT)], accounts=[MANAGEMENT]))
    assert answer(found).verdict is Verdict.UNKNOWN
    (workload,) = found.workloads
    assert f"the snapshot does not reach account {SHOP}" in {str(each.reason) for each in workload.inventory.gaps}


def test_what_the_organisation_itself_says_is_whole_all_the_same(repository: Path, tmp_path: Path) -> None:
    found = assessed(repository, snapshot(tmp_path / "s", [], accounts=[]))
    declared = assess_repository(repository, now=NOW)[1]
    separated = "accounts-are-separated-by-purpose-and-stage"
    with_snapshot, without = (
        {each.objective: each for each in one.organisation.objectives} for one in (found, declared)
    )
    assert with_snapshot[separated].counts.total > 3
    assert with_snapshot[separated].verdict is without[separated].verdict


def judged_with_buckets_alone(repository: Path) -> None:
    """Give the objective one control, on buckets, and nothing from the catalogue."""
    path = repository / "objectives" / "data-can-be-recovered.yaml"
    text = path.read_text().replace("data-can-be-recovered", "buckets-keep-versions")
    path.with_name("buckets-keep-versions.yaml").write_text(text)
    control = repository / "controls" / "s3" / "bucket-has-versions.yaml"
    control.write_text(
        control.read_text().replace("objective: data-can-be-recovered", "objective: buckets-keep-versions")
    )


def test_a_type_that_was_reached_and_is_not_there_is_not_needed_and_one_that_was_not_is_unknown(
    repository: Path, tmp_path: Path
) -> None:
    judged_with_buckets_alone(repository)
    reached = assessed(repository, snapshot(tmp_path / "reached", [], reached=[BUCKET]))
    unreached = assessed(repository, snapshot(tmp_path / "unreached", [], reached=[QUEUE]))
    assert answer(reached, "buckets-keep-versions").verdict is Verdict.NOT_APPLICABLE
    assert answer(unreached, "buckets-keep-versions").verdict is Verdict.UNKNOWN
    assert "could not be read" in answer(unreached, "buckets-keep-versions").reason


@pytest.mark.parametrize(("kind", "verdict"), [(QUEUE, Verdict.MET), (BUCKET, Verdict.UNKNOWN)])
def test_a_gap_makes_unknown_what_rests_on_its_types_and_no_more(
    repository: Path, tmp_path: Path, kind: str, verdict: Verdict
) -> None:
    judged_with_buckets_alone(repository)
    gap = Gap(f"{SHOP}/{REGION}/{kind}", Reason(Cause.DENIED, kind, f"may not list {kind}"), (kind,))
    found = assessed(repository, snapshot(tmp_path / "s", [bucket("good")], gaps=[gap]))
    assert answer(found, "buckets-keep-versions").verdict is verdict


def test_what_was_observed_too_long_ago_is_unknown_and_says_so(repository: Path, tmp_path: Path) -> None:
    path = snapshot(tmp_path / "s", [bucket("old", day="01"), bucket("new", "Suspended", day="03")])
    found = assessed(repository, path, NOW + datetime.timedelta(days=2))
    assert verdicts(found) == {"old": Verdict.UNKNOWN, "new": Verdict.NOT_MET}
    (control,) = (each for each in answer(found).controls if each.control == "bucket-has-versions")
    reasons = [str(reason) for each in control.evaluations for reason in each.reasons]
    assert reasons == ["stale: observed 2026-10-01, 3 days before 2026-10-04; evidence counts for 1 day"]


def test_what_nobody_says_when_was_observed_is_unknown(repository: Path, tmp_path: Path) -> None:
    found = assessed(repository, snapshot(tmp_path / "s", [bucket("undated", day="99")]))
    assert verdicts(found) == {"undated": Verdict.UNKNOWN}


def test_a_workload_without_an_account_at_the_stage_is_unknown(repository: Path, tmp_path: Path) -> None:
    path = snapshot(tmp_path / "s", [bucket("good")])
    _, found = assess_repository(repository, now=NOW, stage="test", snapshot=path)
    (workload,) = found.workloads
    assert [str(each.reason) for each in workload.inventory.gaps] == ["workload shop names no account at stage test"]


def test_a_verdict_that_age_decides_is_given_again_from_the_ledger(repository: Path, tmp_path: Path) -> None:
    path = snapshot(tmp_path / "s", [bucket("old", day="01"), bucket("new", day="03")])
    now = NOW + datetime.timedelta(days=2)
    memory: Memory = ledger(())
    book = Book(memory, signer(), functools.partial(redacted, instead=STAND_IN), "run", now)
    assess_and_record(repository, book, now=now, snapshot=path)
    verified = verify(memory, signer().public)
    step = replay(memory, signer().public, verified)
    assert step.state is State.PASSED, step
    size = int(step.detail.split()[0])
    records = [json.loads(each) for each in entries(memory, 0, size, size + 1)]
    stale = [each for each in records if "max_age_days" in each]
    assert {each["resource"].rpartition("/")[2] for each in stale} == {"old"}
    assert {each["verdict"] for each in stale} == {"unknown"}


def test_names_lead_nowhere_in_another_account(tmp_path: Path) -> None:
    """A policy of a bucket that is not there is not that of another account's bucket of the same name."""
    origin = Origin("aws", Position(""), MANAGEMENT, REGION, "2026-10-01T08:00:00Z")
    document = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
    properties: dict[str, Value] = {"Bucket": "same", "PolicyDocument": document}
    policy = Resource(
        f"{MANAGEMENT}/{REGION}/AWS::S3::BucketPolicy/same", "AWS::S3::BucketPolicy", "same", properties, origin
    )
    path = snapshot(tmp_path / "s", [bucket("same"), policy], reached=[BUCKET, "AWS::S3::BucketPolicy"])
    inventory = reading.read([path], Context())
    (found,) = (each for each in inventory.of_type(BUCKET) if not each.fragment)
    assert "Policy" not in found.properties
    assert [each.origin.account for each in inventory.of_type(BUCKET) if each.fragment] == [MANAGEMENT]
