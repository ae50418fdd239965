"""Rules decide by their inputs alone, name every reason, and read nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.assessment.decisions import RULES, Decided
from assay.assessment.verdicts import Counts
from assay.canonical import canonical
from assay.operations.decisions import made

EXCEPTION = {
    "id": "media",
    "scope": {"workload": "shop", "stage": "", "objective": "", "control": "", "resource": ""},
    "reason": "Pictures are public.",
    "compensating_control": "Only pictures lie there.",
    "requester": "team-shop",
    "approver": "ann",
    "approved": "2026-01-01",
    "expires": "2026-07-01",
}
STEP = {
    "subject": "g1",
    "from": "warn",
    "to": "enforce",
    "policies": ["aa"],
    "judged": 10,
    "incomplete": [],
    "unexplained": [],
    "warned": True,
}
APPROVAL, ENFORCEMENT, GATE = ("exception-approval", 1), ("enforcement-step", 1), ("release-gate", 1)


def exception(day: str = "2026-02-01", longest: int = 365, **changed: Any) -> Decided:
    return RULES[APPROVAL].decide({"exception": {**EXCEPTION, **changed}, "day": day, "longest_days": longest})


def step(**changed: Any) -> Decided:
    return RULES[ENFORCEMENT].decide({**STEP, **changed})


def gate(faults: int = 0, complete: bool = True, **counts: int) -> str:
    every = {"met": 0, "not_met": 0, "unknown": 0, "not_applicable": 0, "excepted": 0, **counts}
    return RULES[GATE].decide({"counts": every, "complete": complete, "faults": faults}).outcome


def test_an_exception_is_accepted_when_nothing_speaks_against_it() -> None:
    assert exception() == Decided("accepted", ("in force until 2026-07-01",))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"approver": "Team-Shop "}, "who approved it had requested it"),
        ({"approver": " "}, "nobody approved it"),
        ({"requester": ""}, "nobody requested it"),
        ({"day": "2026-07-01"}, "it expired on 2026-07-01"),
        ({"day": "2025-12-31"}, "its approval of 2026-01-01 is to come"),
        ({"expires": "2026-01-01"}, "it expires on 2026-01-01, before it counts from 2026-01-01"),
        ({"longest": 180}, "it lasts 181 days, and 180 are the limit"),
        ({"scope": {**EXCEPTION["scope"], "workload": ""}}, "it covers no place"),  # type: ignore[dict-item]
        ({"reason": ""}, "it states no reason"),
        ({"compensating_control": " "}, "nothing is stated that limits the risk meanwhile"),
    ],
)
def test_an_exception_is_refused_with_its_reason(changed: dict[str, Any], reason: str) -> None:
    found = exception(**changed)
    assert found.outcome == "refused"
    assert reason in found.reasons


def test_every_reason_is_named_not_the_first() -> None:
    assert len(exception(approver="", reason="", expires="2025-01-01").reasons) == 4


@pytest.mark.parametrize("day", ["2026-06-30", "2026-01-01"])
def test_an_exception_counts_from_its_approval_to_the_day_before_it_expires(day: str) -> None:
    assert exception(day).outcome == "accepted"


def test_a_step_is_granted_when_all_denials_are_explained() -> None:
    assert step().outcome == "granted"
    assert step(**{"from": "observe", "to": "warn"}, warned=False, unexplained=["x"]).outcome == "granted"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"unexplained": ["role a denied"]}, "unexplained: role a denied"),
        ({"warned": False}, "these policies have no granted step to warn on record"),
        ({"judged": 0}, "nothing was decided by these policies"),
        ({"policies": []}, "there is no policy"),
        ({"incomplete": ["file b"]}, "the events are not all there: file b"),
        ({"from": "observe"}, "from observe the next step is not enforce"),
        ({"to": "warn"}, "from warn the next step is not warn"),
    ],
)
def test_a_step_is_refused_with_its_reason(changed: dict[str, Any], reason: str) -> None:
    found = step(**changed)
    assert (found.outcome, reason in found.reasons) == ("refused", True)


def test_the_gate_opens_for_what_is_met_alone() -> None:
    assert gate(met=3) == "open"
    assert gate(met=3, excepted=1) == "open"
    assert gate(not_applicable=2) == "open"
    assert gate(met=3, not_met=1) == "closed"
    assert gate(met=3, faults=1, complete=False) == "closed"
    assert gate(met=3, unknown=1) == "undetermined"
    assert gate(met=3, complete=False) == "undetermined"
    assert gate() == "undetermined"


numbers = st.integers(0, 3)


@given(st.builds(Counts, numbers, numbers, numbers, numbers, numbers), st.booleans(), numbers)
def test_the_gate_never_opens_on_what_fails_or_is_not_known(counts: Counts, complete: bool, faults: int) -> None:
    found = gate(
        faults,
        complete,
        **{each: getattr(counts, each) for each in ("met", "not_met", "unknown", "not_applicable", "excepted")},
    )
    opens = not counts.not_met and not counts.unknown and complete and not faults and counts.total > 0
    assert (found == "open") == opens


@given(st.randoms(use_true_random=False))
def test_deciding_again_gives_the_same_bytes_whatever_the_order_of_the_inputs(chance: Any) -> None:
    shuffled = dict(chance.sample(list(STEP.items()), len(STEP)))
    one, other = (
        made("promotion", "g1", ENFORCEMENT, each, "ann", "2026-01-01T00:00:00Z") for each in (STEP, shuffled)
    )
    assert canonical(one.record) == canonical(other.record)
    assert one.documents == other.documents
    assert json.loads(one.documents[1])["outcome"] == one.decided.outcome


@pytest.mark.parametrize("rule", RULES)
def test_inputs_that_a_rule_cannot_read_are_refused(rule: tuple[str, int]) -> None:
    several: list[dict[str, Any]] = [{}, {"exception": 1}, {"counts": []}, {"from": "nowhere", "to": "warn"}]
    for inputs in several:
        with pytest.raises(ValueError, match=r"."):
            made("promotion", "g1", rule, inputs, "ann", "2026-01-01T00:00:00Z")
