"""What guardrails prove counts for a workload only where they bind the account that it lives in."""

from dataclasses import replace

import pytest

from assay.assessment.evaluation import Evaluation
from assay.assessment.objectives import Applicability, ControlResult, ObjectiveResult
from assay.assessment.reach import reach, with_reach
from assay.assessment.verdicts import Counts, Method, Verdict
from assay.governance.model import Account

MEMBER = Account("222222222222", "shop", "Workloads/Prod")
MANAGEMENT = Account("111111111111", "management", "Root")


def evaluation(account: str, verdict: Verdict) -> Evaluation:
    return Evaluation("invariant", f"Assay::Account/{account}", verdict)


def answer(*controls: ControlResult, verdict: Verdict = Verdict.INHERITED) -> ObjectiveResult:
    decided = Applicability(True, "every workload")
    return ObjectiveResult("o", decided, verdict, "organisation: 1 of 1 met", Counts(met=1), "operation", controls)


def proved(*evaluations: Evaluation) -> ControlResult:
    return ControlResult("invariant", Verdict.MET, Counts(met=1), evaluations, Method.PROVED)


GUARDED = proved(evaluation("shop", Verdict.MET), evaluation("management", Verdict.NOT_APPLICABLE))
EXAMINED = ControlResult("trail", Verdict.MET, Counts(met=1), (Evaluation("trail", "t#Trail", Verdict.MET),))


def test_what_binds_the_account_is_said_and_counts() -> None:
    found = with_reach(answer(GUARDED), MEMBER)
    assert found.verdict is Verdict.INHERITED
    assert found.reason.endswith("guardrails bind its account 222222222222: 1 of 1 proved there")


def test_a_workload_in_the_management_account_inherits_no_guardrail() -> None:
    found = with_reach(answer(GUARDED), MANAGEMENT)
    assert found.verdict is Verdict.NOT_MET
    assert "no guardrail binds its account 111111111111" in found.reason
    assert with_reach(answer(GUARDED, EXAMINED), MANAGEMENT).verdict is Verdict.PARTLY_MET


def test_whether_guardrails_reach_a_workload_without_account_is_unknown() -> None:
    found = with_reach(answer(GUARDED), None)
    assert found.verdict is Verdict.UNKNOWN
    assert "names no account" in found.reason


@pytest.mark.parametrize("account", [MEMBER, MANAGEMENT, None])
def test_an_answer_that_rests_on_no_guardrail_is_as_it_was(account: Account | None) -> None:
    assert with_reach(answer(EXAMINED), account) == answer(EXAMINED)


@pytest.mark.parametrize("verdict", [Verdict.NOT_MET, Verdict.PARTLY_MET])
def test_what_failed_before_still_fails(verdict: Verdict) -> None:
    for account in (MEMBER, None):
        assert with_reach(answer(GUARDED, verdict=verdict), account).verdict is verdict


def test_an_account_of_which_nothing_is_said_is_not_bound() -> None:
    stranger = replace(MEMBER, id="333333333333", name="other")
    assert with_reach(answer(GUARDED), stranger).verdict is Verdict.NOT_MET


def test_whom_a_guardrail_binds_is_said() -> None:
    assert reach(GUARDED) == "binds 1 of 2 accounts; never management, service-linked roles"
    assert reach(EXAMINED) == ""
