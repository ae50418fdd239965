"""One control on one resource: which are in scope, what is said, and where."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.assessment.assess import evaluate_all
from assay.assessment.evaluation import Evaluation, Place, covers_objective, evaluate_control, in_scope, lay_exceptions
from assay.assessment.verdicts import Verdict
from assay.governance.model import ApprovedException, ExceptionScope
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import normalise
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

Write = Callable[..., Path]
TODAY = datetime.date(2026, 3, 1)
REASON = Reason(Cause.PARAMETER, "Status", "parameter Status has neither a value nor a default")


@pytest.fixture
def repository(write: Write) -> Repository:
    return read_repository(write(), catalogue=False)


def bucket(properties: dict[str, Value], **more: object) -> Resource:
    origin = Origin("cloudformation", Position("t.yaml", 4, 3))
    place = {("VersioningConfiguration", "Status"): Position("t.yaml", 9, 7)}
    return Resource("t.yaml#B", "AWS::S3::Bucket", "B", properties, origin, place, **more)  # type: ignore[arg-type]


def judge(repository: Repository, resource: Resource) -> "tuple[Inventory, object]":
    inventory = normalise([resource])
    control = repository.controls["bucket-has-versions"]
    return inventory, evaluate_control(control, inventory.resources[0], inventory, {}, TODAY)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("Enabled", Verdict.MET),
        ("Suspended", Verdict.NOT_MET),
        (Unknown(REASON, present=True), Verdict.UNKNOWN),
        (Choice("p", REASON, (("a", "Enabled"), ("b", "Suspended"))), Verdict.UNKNOWN),
        (Choice("p", REASON, (("a", "Enabled"), ("b", "Enabled"))), Verdict.MET),
        (Choice("p", REASON, (("a", "Suspended"), ("b", None))), Verdict.NOT_MET),
    ],
)
def test_the_verdict_is_what_the_configuration_says_in_every_outcome(
    repository: Repository, status: Value, verdict: Verdict
) -> None:
    _, found = judge(repository, bucket({"VersioningConfiguration": {"Status": status}}))
    assert found.verdict is verdict  # type: ignore[attr-defined]


def test_the_position_is_the_line_of_the_property_that_decided(repository: Repository) -> None:
    _, found = judge(repository, bucket({"VersioningConfiguration": {"Status": "Suspended"}}))
    assert str(found.positions[0]) == "t.yaml:9"  # type: ignore[attr-defined]
    assert found.evidence[0].value == "Suspended"  # type: ignore[attr-defined]


def test_without_the_property_the_position_is_the_resource(repository: Repository) -> None:
    _, found = judge(repository, bucket({}))
    assert found.verdict is Verdict.NOT_MET  # type: ignore[attr-defined]
    assert str(found.positions[0]).startswith("t.yaml:")  # type: ignore[attr-defined]


def test_an_unknown_says_which_parameter_decides(repository: Repository) -> None:
    _, found = judge(repository, bucket({"VersioningConfiguration": {"Status": Unknown(REASON, present=True)}}))
    assert "parameter Status" in str(found.reasons[0])  # type: ignore[attr-defined]


def test_a_resource_that_may_not_exist_is_judged_where_it_does(repository: Repository) -> None:
    exists = Choice("condition", REASON, (("true", True), ("false", False)))
    status = Choice("condition", REASON, (("true", "Enabled"), ("false", "Suspended")))
    _, found = judge(repository, bucket({"VersioningConfiguration": {"Status": status}}, condition=exists))
    assert found.verdict is Verdict.MET  # type: ignore[attr-defined]


def test_of_a_fragment_only_controls_that_read_its_part_are_in_scope(repository: Repository) -> None:
    control = repository.controls["bucket-has-versions"]
    assert not in_scope(control, bucket({"Policy": {"Statement": []}}, fragment=True))
    assert in_scope(control, bucket({"VersioningConfiguration": {}}, fragment=True))
    part = Inventory((bucket({"Policy": {"Statement": []}}, fragment=True),))
    assert evaluate_all([control], part, {}, TODAY) == ()


def test_every_pair_of_control_and_resource_in_scope_gets_one_verdict(repository: Repository) -> None:
    resources = [
        Resource(f"t#{i}", kind, str(i), {}, Origin("cloudformation", Position("t", 1)))
        for i, kind in enumerate(["AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::SNS::Topic"])
    ]
    found = evaluate_all(repository.controls.values(), normalise(resources), repository.params, TODAY)
    assert [(each.control, each.resource) for each in found] == [
        ("bucket-has-versions", "t#0"),
        ("bucket-has-versions", "t#2"),
        ("queue-keeps-messages", "t#1"),
    ]


def test_an_exception_for_a_resource_is_laid_over_and_keeps_the_verdict(repository: Repository) -> None:
    inventory = normalise(
        [
            Resource(f"t#{n}", "AWS::S3::Bucket", n, {}, Origin("cloudformation", Position("t", 1)))
            for n in ("Old1", "New")
        ]
    )
    found = evaluate_all(repository.controls.values(), inventory, repository.params, TODAY)
    laid = lay_exceptions(
        found,
        tuple(repository.exceptions.values()),
        place=Place("shop", "prod"),
        objective_of={"bucket-has-versions": "data-can-be-recovered"},
        names={each.id: each.name for each in inventory.resources},
        today=TODAY,
    )
    assert {each.resource: each.effective for each in laid} == {"t#Old1": Verdict.EXCEPTED, "t#New": Verdict.NOT_MET}
    assert all(each.verdict is Verdict.NOT_MET for each in laid)


def _exception(**scope: str) -> ApprovedException:
    return ApprovedException(
        "e", ExceptionScope(**scope), "why", "what", "a", "b", datetime.date(2026, 1, 1), datetime.date(2027, 1, 1)
    )


def test_only_an_exception_for_the_whole_objective_covers_it() -> None:
    place = Place("shop", "prod")
    assert covers_objective([_exception(workload="shop", objective="o")], "o", place, TODAY) == "e"
    assert covers_objective([_exception(workload="lake", objective="o")], "o", place, TODAY) == ""
    assert covers_objective([_exception(objective="o", resource="X")], "o", place, TODAY) == ""
    assert covers_objective([_exception(objective="o", control="c")], "o", place, TODAY) == ""
    assert covers_objective([_exception(workload="shop")], "o", place, TODAY) == ""


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({"control": "c"}, True),
        ({"control": "d"}, False),
        ({"objective": "o"}, True),
        ({"objective": "p"}, False),
        ({"workload": "shop"}, True),
        ({"workload": "lake"}, False),
        ({"resource": "Old*"}, True),
        ({"resource": "old*"}, False),
        ({"resource": "New*"}, False),
        ({"control": "c", "stage": "prod"}, True),
        ({"control": "c", "stage": "test"}, False),
        ({"control": "c", "objective": "p"}, False),
        ({"control": "c", "workload": "lake"}, False),
        ({"control": "c", "resource": "New*"}, False),
        ({"stage": "prod"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("verdict", [Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET, Verdict.NOT_APPLICABLE])
def test_every_given_field_of_an_exception_must_match_and_what_passes_needs_none(
    scope: dict[str, str], covered: bool, verdict: Verdict
) -> None:
    (found,) = lay_exceptions(
        [Evaluation("c", "r", verdict)],
        [_exception(**scope)],
        place=Place("shop", "prod"),
        objective_of={"c": "o"},
        names={"r": "Old1"},
        today=TODAY,
    )
    assert bool(found.exception) is (covered and verdict in (Verdict.NOT_MET, Verdict.UNKNOWN))


def queue(**properties: object) -> Resource:
    origin = Origin("cloudformation", Position("t.yaml", 4, 3))
    condition = properties.pop("condition", True)
    return Resource("t.yaml#Q", "AWS::SQS::Queue", "Q", properties, origin, condition=condition)  # type: ignore[arg-type]


def judge_queue(repository: Repository, resource: Resource) -> Evaluation:
    inventory = normalise([resource])
    control = repository.controls["queue-keeps-messages"]
    return evaluate_control(control, inventory.resources[0], inventory, {"seconds": 86400}, TODAY)


@pytest.mark.parametrize("seconds", [86400, 60, Unknown(Reason(Cause.PARAMETER, "Seconds"))])
def test_while_it_is_unknown_whether_a_control_applies_so_is_its_verdict(
    repository: Repository, seconds: Value
) -> None:
    found = judge_queue(repository, queue(FifoQueue=Unknown(REASON), MessageRetentionPeriod=seconds))
    assert found.verdict is Verdict.UNKNOWN
    assert found.reasons == (REASON,)


def test_whether_a_control_applies_is_asked_where_the_resource_exists(repository: Repository) -> None:
    exists = Choice("condition", REASON, (("true", True), ("false", False)))
    first_in = Choice("condition", REASON, (("true", True), ("false", False)))
    found = judge_queue(repository, queue(FifoQueue=first_in, MessageRetentionPeriod=60, condition=exists))
    assert (found.verdict, found.reasons) == (Verdict.NOT_APPLICABLE, ())


def test_a_property_that_is_stated_is_named_before_one_that_is_missing(write: Write) -> None:
    either = 'resource.LoggingConfiguration.DestinationBucketName != "" || '
    line = "require: resource.VersioningConfiguration"
    changed = ("require: resource.VersioningConfiguration", line.replace("require: ", f"require: {either}"))
    repository = read_repository(write({"controls/s3/bucket-has-versions.yaml": changed}), catalogue=False)
    _, found = judge(repository, bucket({"VersioningConfiguration": {"Status": "Suspended"}}))
    places = [str(each) for each in found.positions]  # type: ignore[attr-defined]
    assert places[0] == "t.yaml:9"
    assert places[1:] == ["t.yaml:4"]
