"""Rules by which exceptions, promotions and releases are decided. Pure: equal inputs have equal outcomes.

A rule has a name and a version. What it decides never changes: a rule that is to decide otherwise is a new version, and
the old one stays, so that every recorded decision can be made again. Inputs are plain JSON, as they are recorded.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from assay.assessment.verdicts import Counts, Verdict, aggregate

Inputs: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a rule says: the outcome in one word, and every reason for it."""

    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is about, what it can say, and how. `decide` raises KeyError, TypeError or ValueError on inputs
    that it cannot read.
    """

    name: str
    version: int
    title: str
    outcomes: tuple[str, ...]
    decide: Callable[[Inputs], Decided]


def _exception(inputs: Inputs) -> Decided:
    """Accept an exception unless something speaks against it.

    inputs: {exception: {id, scope, reason, compensating_control, requester, approver, approved, expires}, day,
    longest_days}; days are texts.
    """
    exception = inputs["exception"]
    day, approved, expires = (
        datetime.date.fromisoformat(each) for each in (inputs["day"], exception["approved"], exception["expires"])
    )
    longest = int(inputs["longest_days"])
    scope = exception["scope"]
    lasts = (expires - approved).days
    against = [
        (not exception["approver"].strip(), "nobody approved it"),
        (not exception["requester"].strip(), "nobody requested it"),
        (_same(exception["approver"], exception["requester"]), "who approved it had requested it"),
        (approved > day, f"its approval of {approved} is to come"),
        (expires <= approved, f"it expires on {expires}, before it counts from {approved}"),
        (expires <= day, f"it expired on {expires}"),
        (lasts > longest, f"it lasts {lasts} days, and {longest} are the limit"),
        (not any(scope[each] for each in ("workload", "control", "objective", "resource")), "it covers no place"),
        (not exception["reason"].strip(), "it states no reason"),
        (not exception["compensating_control"].strip(), "nothing is stated that limits the risk meanwhile"),
    ]
    reasons = tuple(why for applies, why in against if applies)
    return Decided("refused", reasons) if reasons else Decided("accepted", (f"in force until {expires}",))


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold() != ""


_STEPS = ("observe", "warn", "enforce")


def _promotion(inputs: Inputs) -> Decided:
    """Grant the next step of a guardrail or control from observing over warning to enforcing.

    inputs: {subject, from, to, policies: digests of what is promoted, judged: events or evaluations that were decided,
    incomplete: what could not be read, unexplained: denials without an explanation, warned: whether the step to `warn`
    of the same policies is on record, against: what else speaks against any step (may be left out)}.
    """
    before, after = _STEPS.index(inputs["from"]), _STEPS.index(inputs["to"])
    reasons = [f"the events are not all there: {each}" for each in inputs["incomplete"]]
    if after != before + 1:
        reasons.append(f"from {inputs['from']} the next step is not {inputs['to']}")
    if not inputs["policies"]:
        reasons.append("there is no policy")
    if not int(inputs["judged"]):
        reasons.append("nothing was decided by these policies")
    reasons += inputs.get("against", ())
    if inputs["to"] == "enforce":
        reasons += [f"unexplained: {each}" for each in inputs["unexplained"]]
        if not inputs["warned"]:
            reasons.append("these policies have no granted step to warn on record")
    return Decided("refused", tuple(reasons)) if reasons else Decided("granted", (f"{inputs['judged']} decided",))


def _gate(inputs: Inputs) -> Decided:
    """Open the gate when everything that was judged is met.

    inputs: {counts: {met, not_met, unknown, not_applicable, excepted}, complete, faults: number of faulty files}.
    """
    counts = Counts(**inputs["counts"])
    verdict = aggregate(counts, complete=bool(inputs["complete"]))
    if verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET):
        return Decided("closed", (str(counts),))
    if inputs["faults"]:
        return Decided("closed", (f"faulty files: {inputs['faults']}",))
    if not counts.total or verdict is Verdict.UNKNOWN:
        why = str(counts) if counts.total else "nothing was judged"
        return Decided("undetermined", (why,) if inputs["complete"] else (why, "not everything could be read"))
    return Decided("open", (str(counts),))


RULES: Mapping[tuple[str, int], Rule] = {
    (each.name, each.version): each
    for each in (
        Rule("exception-approval", 1, "Whether an exception counts", ("accepted", "refused"), _exception),
        Rule("enforcement-step", 1, "Whether a guardrail takes the next step", ("granted", "refused"), _promotion),
        Rule("release-gate", 1, "Whether a change goes on", ("open", "closed", "undetermined"), _gate),
    )
}
