"""What rests on the provider alone is inherited while a report in force backs every share of it, and unknown else."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.assessment.assess import Population, assess
from assay.assessment.chain import walk
from assay.assessment.objectives import Applicability, ControlResult, ObjectiveResult
from assay.assessment.provider import rest_on_provider
from assay.assessment.verdicts import Counts, Verdict
from assay.governance.repository import Repository, read_repository
from assay.governance.responsibilities import Row, Share
from assay.inventory.normalise import normalise
from assay.inventory.resource import Inventory, Origin, Position, Resource

ROWS = (Row("physical-security", "provider"),)
BACKED = Share("S3", ROWS, (("soc", datetime.date(2026, 12, 31)),), ())
LAPSED = Share("SQS", ROWS, (), (("iso", "its period ended on 2026-01-31"),))
BARE = Share("SNS", ROWS, (), ())
APPLIES = Applicability(True, "every workload")


def _answer(*shares: Share, applies: bool | None = True, controls: Verdict | None = None) -> ObjectiveResult:
    answered: tuple[ControlResult, ...] = ()
    if controls:
        answered = (ControlResult("c", controls, Counts(), ()),)
    verdict = controls or Verdict.UNKNOWN
    applicability = Applicability(applies, "rule")
    return ObjectiveResult("o", applicability, verdict, "as controls say", Counts(), "none", answered, shares=shares)


def test_it_is_inherited_while_a_report_in_force_backs_every_share() -> None:
    answer = rest_on_provider(_answer(BACKED, BACKED), (), complete=True)
    assert answer.verdict is Verdict.INHERITED
    assert answer.provider == "AWS"
    assert answer.reason == "2 of 2 services in use are backed by a report in force: soc"


def test_a_lapsed_report_is_named() -> None:
    answer = rest_on_provider(_answer(BACKED, LAPSED), (), complete=True)
    assert answer.verdict is Verdict.UNKNOWN
    assert "1 of 2 services" in answer.reason
    assert "SQS: no report in force: iso: its period ended on 2026-01-31" in answer.reason


@pytest.mark.parametrize(
    ("answer", "strangers", "complete", "says"),
    [
        (_answer(BARE), (), True, "no report under provider-reports/ has it in its scope"),
        (
            _answer(BACKED),
            ("AWS::New::Thing",),
            True,
            "no entry in the register of responsibilities for AWS::New::Thing",
        ),
        (_answer(), ("AWS::New::Thing",), True, "no entry in the register"),
        (_answer(BACKED), (), False, "could not be read"),
        (_answer(), (), False, "could not be read"),
        (_answer(BACKED), None, True, "no duty of the register belongs to it"),
        (_answer(BACKED, applies=None), (), True, "whether it applies is undecided"),
    ],
)
def test_whatever_is_missing_makes_it_unknown_and_is_said(
    answer: ObjectiveResult, strangers: Sequence[str] | None, complete: bool, says: str
) -> None:
    found = rest_on_provider(answer, strangers, complete=complete)
    assert found.verdict is Verdict.UNKNOWN
    assert says in found.reason


def test_a_workload_without_services_has_nothing_to_inherit() -> None:
    answer = rest_on_provider(_answer(), (), complete=True)
    assert answer.verdict is Verdict.NOT_APPLICABLE
    assert "no service is in use" in answer.reason


@pytest.mark.parametrize("verdict", [Verdict.NOT_MET, Verdict.PARTLY_MET, Verdict.UNKNOWN])
def test_a_report_never_outweighs_what_a_control_says(verdict: Verdict) -> None:
    assert rest_on_provider(_answer(BACKED, controls=verdict), (), complete=True).verdict is verdict
    assert rest_on_provider(_answer(LAPSED, controls=verdict), (), complete=True).verdict is verdict


def test_a_met_control_does_not_make_up_for_a_lapsed_report() -> None:
    assert rest_on_provider(_answer(LAPSED, controls=Verdict.MET), (), complete=True).verdict is Verdict.UNKNOWN


@given(
    st.lists(st.sampled_from([BACKED, LAPSED, BARE]), max_size=6),
    st.sampled_from([None, (), ("AWS::New::Thing",)]),
    st.booleans(),
    st.sampled_from([True, None]),
    st.sampled_from([None, Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE, Verdict.EXCEPTED]),
)
def test_nothing_passes_on_a_share_that_no_report_in_force_backs(
    shares: list[Share],
    strangers: Sequence[str] | None,
    complete: bool,
    applies: bool | None,
    controls: Verdict | None,
) -> None:
    answer = rest_on_provider(_answer(*shares, applies=applies, controls=controls), strangers, complete=complete)
    sound = complete and strangers == () and all(each.in_force for each in shares)
    if not sound:
        assert not answer.verdict.passes
    if answer.verdict is Verdict.INHERITED:
        assert sound and shares


OBJECTIVE = """\
id: machines-are-guarded
title: Machines are guarded
statement: Nobody uninvited touches them.
domain: infrastructure-protection
scope: workload
layer: inherited
threats: [T1200]
"""
DUTY = "id: guard\ntitle: Guard it\nstatement: It is guarded.\nobjectives: [machines-are-guarded]\n"
CLASS = "id: stores\ntitle: Stores\nduties: {guard: provider}\nservices: {S3: {title: Object store}}\n"
REPORT = """\
id: soc
title: Report
series: SOC 2
version: 3
period_start: 2026-01-01
period_end: 2026-12-31
services: [S3]
acceptance: passthrough
"""
FILES = {
    "objectives/machines-are-guarded.yaml": OBJECTIVE,
    "duties/guard.yaml": DUTY,
    "responsibilities/stores.yaml": CLASS,
    "provider-reports/soc.yaml": REPORT,
}


def _inventory(*kinds: str) -> Inventory:
    origin = Origin("test", Position("t.yaml", 1))
    return normalise([Resource(f"t#{kind}", kind, kind, {}, origin) for kind in kinds])


def _verdict(repository: Repository, day: str, *kinds: str) -> ObjectiveResult:
    now = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12), datetime.UTC)
    organisation = Population("", "prod", _inventory())
    answer = assess(repository, organisation, [Population("shop", "prod", _inventory(*kinds))], now=now)
    return next(each for each in answer.workloads[0].objectives if each.objective == "machines-are-guarded")


def test_the_clock_alone_turns_inherited_into_unknown(write: Callable[..., Path]) -> None:
    repository = read_repository(write(FILES), catalogue=False)
    assert _verdict(repository, "2026-12-31", "AWS::S3::Bucket").verdict is Verdict.INHERITED
    after = _verdict(repository, "2027-01-01", "AWS::S3::Bucket")
    assert after.verdict is Verdict.UNKNOWN
    assert "soc: its period ended on 2026-12-31" in after.reason


def test_a_period_end_in_the_past_turns_every_objective_that_rests_on_the_report_unknown(
    write: Callable[..., Path],
) -> None:
    ended = {**FILES, "provider-reports/soc.yaml": REPORT.replace("2026-12-31", "2026-06-30")}
    answer = _verdict(read_repository(write(ended), catalogue=False), "2026-11-25", "AWS::S3::Bucket")
    assert answer.verdict is Verdict.UNKNOWN
    assert "soc" in answer.reason


def test_a_service_that_nobody_registered_is_not_passed_over(write: Callable[..., Path]) -> None:
    repository = read_repository(write(FILES), catalogue=False)
    answer = _verdict(repository, "2026-06-01", "AWS::S3::Bucket", "AWS::SQS::Queue")
    assert answer.verdict is Verdict.UNKNOWN
    assert "AWS::SQS::Queue" in answer.reason


def test_a_chain_says_why_it_ends_also_where_every_report_is_in_force(write: Callable[..., Path]) -> None:
    repository = read_repository(write(FILES), catalogue=False)
    whole = walk(repository, _verdict(repository, "2026-06-01", "AWS::S3::Bucket"))
    assert [each.broken for each in whole.breaks()] == ["it has no measure or no target"]
    stranger = walk(repository, _verdict(repository, "2026-06-01", "AWS::S3::Bucket", "AWS::SQS::Queue"))
    assert any("AWS::SQS::Queue" in each.broken for each in stranger.breaks())
    ended = walk(repository, _verdict(repository, "2027-06-01", "AWS::S3::Bucket"))
    assert any(each.kind == "report" and "nobody vouches" in each.broken for each in ended.breaks())


def test_without_any_report_nothing_is_inherited(write: Callable[..., Path]) -> None:
    bare = {**FILES, "provider-reports/soc.yaml": None}
    answer = _verdict(read_repository(write(bare), catalogue=False), "2026-06-01", "AWS::S3::Bucket")
    assert answer.verdict is Verdict.UNKNOWN
