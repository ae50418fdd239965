"""The answer for an organisation: applicability, inheritance, exceptions, incomplete readings, the clock."""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assay.assessment.appropriateness import Kind
from assay.assessment.assess import Assessment, Population, WorkloadAssessment, assess, overall
from assay.assessment.explanation import explanation
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Verdict
from assay.errors import Fault, UsageError
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import normalise
from assay.inventory.resource import Gap, Origin, Position, Resource
from assay.inventory.values import Cause, Reason

Write = Callable[..., Path]
NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
LATER = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)

CENTRAL = """\
id: activity-is-recorded
title: Activity is recorded
statement: Every call leaves a record.
domain: threat-detection
scope: organisation
layer: platform
measure: accounts with a trail
target: all
threats: [T1562.008]
"""
TRAIL = """\
id: trail-is-multi-region
title: The trail covers all regions
objective: activity-is-recorded
why: Nobody hides in another region.
resource: AWS::CloudTrail::Trail
require: resource.IsMultiRegionTrail
severity: high
behavior: [detective]
remedy: Set IsMultiRegionTrail.
examples:
  met: [{IsMultiRegionTrail: true}]
  not_met: [{}]
  unknown: [{IsMultiRegionTrail: {Ref: X}}]
"""
WHOLE = {
    "objectives/activity-is-recorded.yaml": CENTRAL,
    "controls/cloudtrail/trail-is-multi-region.yaml": TRAIL,
}


def resource(name: str, kind: str = "AWS::S3::Bucket", /, **properties: object) -> Resource:
    origin = Origin("cloudformation", Position("t.yaml", 1, 1))
    return Resource(f"t.yaml#{name}", kind, name, properties, origin)  # type: ignore[arg-type]


VERSIONED = {"VersioningConfiguration": {"Status": "Enabled"}}


def answer(
    repository: Repository,
    *resources: Resource,
    central: tuple[Resource, ...] = (),
    now: datetime.datetime = NOW,
    stage: str = "prod",
    faults: tuple[Fault, ...] = (),
    gaps: tuple[Gap, ...] = (),
) -> Assessment:
    own = Population("shop", stage, normalise(resources, faults=faults, gaps=gaps))
    return assess(repository, Population("", stage, normalise(central)), [own], now=now)


def objective(found: Assessment | WorkloadAssessment, name: str) -> ObjectiveResult:
    place = found.workloads[0] if isinstance(found, Assessment) else found
    return next(each for each in place.objectives if each.objective == name)


@pytest.fixture
def repository(write: Write) -> Repository:
    return read_repository(write(WHOLE), catalogue=False)


def test_an_objective_is_met_when_every_resource_in_scope_is(repository: Repository) -> None:
    found = objective(answer(repository, resource("A", **VERSIONED)), "data-can-be-recovered")
    assert found.verdict is Verdict.MET
    assert found.reason == "1 of 1 met"
    assert found.depth == "operation"


def test_some_met_and_some_not_is_partly_met(repository: Repository) -> None:
    found = objective(answer(repository, resource("A", **VERSIONED), resource("B")), "data-can-be-recovered")
    assert found.verdict is Verdict.PARTLY_MET
    assert found.reason == "1 of 2 met, 1 not met"


def test_zero_resources_are_not_success_and_say_what_was_examined(repository: Repository) -> None:
    found = objective(answer(repository, resource("T", "AWS::SNS::Topic")), "data-can-be-recovered")
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "0 of 1 resources are of type AWS::S3::Bucket, AWS::SQS::Queue" in found.reason


@pytest.mark.parametrize(
    "broken",
    [
        {"faults": (Fault("x.yaml", 1, 1, "malformed"),)},
        {"gaps": (Gap("macro", Reason(Cause.MACRO, "m")),)},
    ],
)
def test_what_could_not_be_read_makes_a_clean_answer_unknown(
    repository: Repository, broken: Mapping[str, tuple[object, ...]]
) -> None:
    found = objective(answer(repository, resource("A", **VERSIONED), **broken), "data-can-be-recovered")  # type: ignore[arg-type]
    assert found.verdict is Verdict.UNKNOWN
    assert "part of the workload could not be read" in found.reason
    assert found.depth == "design"


def test_what_could_not_be_read_never_excuses_a_failure(repository: Repository) -> None:
    fault = (Fault("x.yaml", 1, 1, "malformed"),)
    assert (
        objective(answer(repository, resource("B"), faults=fault), "data-can-be-recovered").verdict is Verdict.NOT_MET
    )


def test_an_objective_of_another_stage_does_not_apply_and_names_the_rule(repository: Repository) -> None:
    found = objective(answer(repository, resource("B"), stage="test"), "data-can-be-recovered")
    assert found.applicability.applies is False
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "stages: prod" in found.reason


def test_flipping_the_exposure_changes_what_applies_and_names_the_rule(write: Write) -> None:
    rule = 'workload.exposure == "internet"'
    old = 'applies: workload.exposure == "internet" || "personal" in workload.data_classes'
    narrow = {"objectives/data-can-be-recovered.yaml": (old, f"applies: {rule}")}
    internet = read_repository(write(narrow), catalogue=False)
    internal = read_repository(
        write({**narrow, "workloads/shop.yaml": ("exposure: internet", "exposure: internal")}), catalogue=False
    )
    exposed = objective(answer(internet, resource("B")), "data-can-be-recovered")
    hidden = objective(answer(internal, resource("B")), "data-can-be-recovered")
    assert (exposed.applicability.applies, hidden.applicability.applies) == (True, False)
    assert exposed.applicability.rule == hidden.applicability.rule == rule


def test_a_workload_inherits_what_the_organisation_meets(repository: Repository) -> None:
    trail = resource("T", "AWS::CloudTrail::Trail", IsMultiRegionTrail=True)
    found = answer(repository, resource("A", **VERSIONED), central=(trail,))
    assert objective(found.organisation, "activity-is-recorded").verdict is Verdict.MET
    inherited = objective(found, "activity-is-recorded")
    assert inherited.verdict is Verdict.INHERITED
    assert inherited.provider == "organisation"
    assert found.workloads[0].counts.total == 1  # inherited evaluations are counted once, where they are


def test_a_workload_shares_what_the_organisation_fails(repository: Repository) -> None:
    trail = resource("T", "AWS::CloudTrail::Trail", IsMultiRegionTrail=False)
    found = objective(answer(repository, central=(trail,)), "activity-is-recorded")
    assert found.verdict is Verdict.NOT_MET
    assert found.reason.startswith("organisation:")


def test_a_new_workload_starts_with_every_requirement_of_the_organisation_open(repository: Repository) -> None:
    found = objective(answer(repository), "activity-is-recorded")
    assert found.verdict is Verdict.UNKNOWN  # no trail was found: that is no proof that none is needed
    assert "0 of 0 resources are of type AWS::CloudTrail::Trail" in found.reason


EXCEPTED = """\
id: no-trail-yet
scope: {workload: shop, objective: activity-is-recorded}
reason: The trail comes with the landing zone.
compensating_control: Access logs of the shop.
requester: team-shop
approver: security
approved: 2026-01-01
expires: 2026-07-01
"""


def test_an_exception_takes_a_workload_out_of_what_the_organisation_fails_until_it_expires(write: Write) -> None:
    changes = {**WHOLE, "exceptions/no-trail-yet.yaml": EXCEPTED}
    repository = read_repository(write(changes), catalogue=False)
    trail = resource("T", "AWS::CloudTrail::Trail", IsMultiRegionTrail=False)
    before = objective(answer(repository, central=(trail,)), "activity-is-recorded")
    assert (before.verdict, before.exception) == (Verdict.EXCEPTED, "no-trail-yet")
    assert "not met" in before.reason
    after = objective(answer(repository, central=(trail,), now=LATER), "activity-is-recorded")
    assert (after.verdict, after.exception) == (Verdict.NOT_MET, "")


def test_an_exception_stops_counting_by_the_clock_alone(repository: Repository) -> None:
    old = resource("OldOne")
    assert objective(answer(repository, old), "data-can-be-recovered").verdict is Verdict.EXCEPTED
    assert objective(answer(repository, old, now=LATER), "data-can-be-recovered").verdict is Verdict.NOT_MET
    eve = LATER - datetime.timedelta(seconds=1)
    assert objective(answer(repository, old, now=eve), "data-can-be-recovered").verdict is Verdict.EXCEPTED


def test_appropriateness_names_each_hole(write: Write) -> None:
    changes = {
        **WHOLE,
        "frameworks/house.yaml": (
            "requirements:\n",
            "requirements:\n  H0: {title: Somebody answers the phone}\n",
        ),
        "frameworks/extra.yaml": "id: extra\ntitle: Extra\nversion: '1'\nsource: s\ndrivers: [cars]\nrequirements:\n"
        "  E1: {title: E, objectives: [activity-is-recorded]}\n",
        "organisation.yaml": ("frameworks: [house]", "frameworks: [house, extra]"),
    }
    repository = read_repository(write(changes), catalogue=False)
    found = answer(repository, resource("T", "AWS::SNS::Topic"))
    kinds = {(each.kind, each.subject) for each in (*found.inappropriate, *found.workloads[0].inappropriate)}
    assert kinds == {
        (Kind.REQUIREMENT_GAP, "house H0"),
        (Kind.FRAMEWORK_WITHOUT_DRIVER, "extra"),
        (Kind.OBJECTIVE_WITHOUT_MEASURE, "data-can-be-recovered"),
        (Kind.DRIVER_WITHOUT_FRAMEWORK, "personal"),
        (Kind.RESOURCE_WITHOUT_CONTROL, "T"),
    }


def test_deleting_the_mapping_of_a_requirement_makes_exactly_it_a_gap(write: Write) -> None:
    mapped = "objectives: [data-can-be-recovered], controls: [bucket-has-versions]"
    whole = answer(read_repository(write(WHOLE), catalogue=False))
    cut = {**WHOLE, "frameworks/house.yaml": (f"title: Data survives, {mapped}", "title: Data survives")}
    after = answer(read_repository(write(cut), catalogue=False))
    gaps = {each.subject for each in after.inappropriate if each.kind is Kind.REQUIREMENT_GAP}
    assert gaps == {"house H1"}
    assert not [each for each in whole.inappropriate if each.kind is Kind.REQUIREMENT_GAP]


def test_an_objective_without_a_control_is_unknown_not_met(write: Write) -> None:
    changes = {"controls/s3/bucket-has-versions.yaml": None, "controls/sqs/queue-keeps-messages.yaml": None}
    edits = {
        "organisation.yaml": ("parameters:\n  queue-keeps-messages: {seconds: 172800}\n", ""),
        "exceptions/old-bucket.yaml": None,
    }
    repository = read_repository(write({**changes, **edits}), catalogue=False)
    found = answer(repository, resource("A", **VERSIONED))
    assert objective(found, "data-can-be-recovered").verdict is Verdict.UNKNOWN
    assert (Kind.OBJECTIVE_WITHOUT_CONTROL, "data-can-be-recovered") in {
        (each.kind, each.subject) for each in found.inappropriate
    }
    said = explanation(repository, found, "shop")
    assert any("no control serves it" in link.broken for _, link in said.answers)
    assert any("bucket-has-versions" in link.detail for link in said.broken)  # the framework still points to it


def test_explaining_an_unknown_objective_names_the_nearest(repository: Repository) -> None:
    with pytest.raises(UsageError, match="did you mean data-can-be-recovered"):
        explanation(repository, answer(repository), "shop", "data-can-be-recoverd")


def test_the_day_of_an_exception_is_in_utc(repository: Repository) -> None:
    eve_in_utc = datetime.datetime(2026, 7, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    found = answer(repository, resource("OldOne"), now=eve_in_utc)
    assert objective(found, "data-can-be-recovered").verdict is Verdict.EXCEPTED
    assert [live for _, live in found.exceptions] == [True]


def test_an_exception_is_not_laid_over_what_passes(write: Write) -> None:
    repository = read_repository(write({**WHOLE, "exceptions/no-trail-yet.yaml": EXCEPTED}), catalogue=False)
    trail = resource("T", "AWS::CloudTrail::Trail", IsMultiRegionTrail=True)
    found = objective(answer(repository, central=(trail,)), "activity-is-recorded")
    assert (found.verdict, found.exception) == (Verdict.INHERITED, "")


def test_an_exception_covers_no_part_that_nobody_could_read(write: Write) -> None:
    changed = EXCEPTED.replace("activity-is-recorded", "data-can-be-recovered")
    repository = read_repository(write({**WHOLE, "exceptions/no-trail-yet.yaml": changed}), catalogue=False)
    found = answer(repository, gaps=(Gap("nested.yaml", Reason(Cause.NOT_COLLECTED, "nested.yaml")),))
    assert objective(found, "data-can-be-recovered").verdict is Verdict.UNKNOWN


def test_what_does_not_apply_to_a_workload_is_not_inherited_by_it(write: Write) -> None:
    changes = {**WHOLE, "objectives/activity-is-recorded.yaml": f"{CENTRAL}applies: workload.exposure == 'partner'\n"}
    repository = read_repository(write(changes), catalogue=False)
    for multi in (True, False):
        trail = resource("T", "AWS::CloudTrail::Trail", IsMultiRegionTrail=multi)
        found = objective(answer(repository, central=(trail,)), "activity-is-recorded")
        assert (found.verdict, found.provider) == (Verdict.NOT_APPLICABLE, "")


def test_what_the_organisation_fails_fails_the_whole_whatever_its_workloads_do(repository: Repository) -> None:
    trail = resource("T", "AWS::CloudTrail::Trail", IsMultiRegionTrail=False)
    central = Population("", "prod", normalise([trail]))
    assert assess(repository, central, [], now=NOW).verdict is Verdict.NOT_MET


def test_a_parameter_of_the_organisation_decides(repository: Repository) -> None:
    """The house keeps messages for two days, the control asks for one."""
    for seconds, verdict in ((172800, Verdict.MET), (172799, Verdict.NOT_MET)):
        found = answer(repository, resource("Q", "AWS::SQS::Queue", MessageRetentionPeriod=seconds))
        assert objective(found, "data-can-be-recovered").verdict is verdict


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ({Verdict.NOT_MET, Verdict.NOT_APPLICABLE}, Verdict.NOT_MET),
        ({Verdict.NOT_MET, Verdict.MET}, Verdict.PARTLY_MET),
        ({Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.EXCEPTED}, Verdict.NOT_MET),  # partly met is some of each
        ({Verdict.NOT_MET, Verdict.INHERITED}, Verdict.PARTLY_MET),
        ({Verdict.PARTLY_MET}, Verdict.PARTLY_MET),
        ({Verdict.UNKNOWN, Verdict.EXCEPTED, Verdict.MET}, Verdict.UNKNOWN),
        ({Verdict.EXCEPTED, Verdict.MET}, Verdict.EXCEPTED),
        ({Verdict.MET, Verdict.INHERITED, Verdict.NOT_APPLICABLE}, Verdict.MET),
        ({Verdict.INHERITED, Verdict.NOT_APPLICABLE}, Verdict.INHERITED),
        ({Verdict.NOT_APPLICABLE}, Verdict.NOT_APPLICABLE),
        (set(), Verdict.UNKNOWN),
    ],
)
def test_one_word_over_several_parts(parts: set[Verdict], verdict: Verdict) -> None:
    assert overall(parts) is verdict
