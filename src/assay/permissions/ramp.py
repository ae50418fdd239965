"""From observing over warning to enforcing: denials that are expected, and whether a guardrail may take the next step.

What a replay shows becomes the inputs of a rule (`assessment.decisions`, enforcement-step), which grants the step or
refuses it with every reason; the decision is a record either way.
"""

import datetime
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assay.permissions.expected import Expected
from assay.permissions.guardrails import Guardrail
from assay.permissions.replay import JUDGED, Case, Count, Fate, Tally

FORMAT: Final = "assay.promotion/1"


class Stage(enum.StrEnum):
    """How far a guardrail is: replayed only, announced to those whom it would deny, attached."""

    OBSERVE = "observe"
    WARN = "warn"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class Finding:
    """Events that would be denied, or of which that is not known, with what explains them."""

    case: Case
    count: Count
    asked: int
    expected: Expected | None


def findings(tally: Tally, expected: Sequence[Expected], today: datetime.date) -> tuple[Finding, ...]:
    """Return what would be denied and what is undetermined, denials first, the most frequent first."""
    found = [
        Finding(
            case,
            count,
            tally.asked[case.account, case.principal, case.action] or count.events,
            next((each for each in expected if each.explains(case, today)), None),
        )
        for case, count in tally.cases()
        if case.fate in (Fate.DENIED, Fate.UNDETERMINED)
    ]
    return tuple(sorted(found, key=lambda each: each.case.fate is not Fate.DENIED))


@dataclass(frozen=True)
class Asked:
    """A step that is asked for after a replay, and everything that it is decided by.

    attached     Digest → name and nodes of what is to take it. Each takes it by itself: denials add up.
    judged       Events that were decided.
    first, last  Of all events, "" without any.
    incomplete   What of the events could not be read.
    unexplained  Denials that nobody expects.
    against      What else speaks against it.
    explained    Why the other denials are expected.
    """

    to: Stage
    attached: Mapping[str, str]
    at: datetime.datetime
    judged: int
    first: str
    last: str
    incomplete: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()

    def inputs(self) -> dict[str, Any]:
        """Return the inputs of the rule, but for whether it was announced."""
        names = list(self.attached.values())
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return {
            "subject": ", ".join(names[:3]) + more,
            "from": _BEFORE[self.to].value,
            "to": self.to.value,
            "policies": list(self.attached),
            "attached": dict(self.attached),
            "judged": self.judged,
            "first": self.first,
            "last": self.last,
            "incomplete": list(self.incomplete),
            "unexplained": list(self.unexplained),
            "against": list(self.against),
            "explained": list(self.explained),
        }


_BEFORE: Final = {Stage.WARN: Stage.OBSERVE, Stage.ENFORCE: Stage.WARN}


@dataclass(frozen=True)
class Promotion:
    """A step with what was decided. `refused`: every reason why not, () when it is granted."""

    asked: Asked
    refused: tuple[str, ...]

    def document(self) -> Mapping[str, Any]:
        """Return the record of the decision."""
        asked = self.asked
        return {
            "format": FORMAT,
            "to": asked.to.value,
            "granted": not self.refused,
            "refused": list(self.refused),
            "at": asked.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "policies": list(asked.attached),
            "attached": dict(asked.attached),
            "events": {"judged": asked.judged, "first": asked.first or None, "last": asked.last or None},
            "explained": list(asked.explained),
        }


def ask(
    to: Stage,
    tally: Tally,
    found: Sequence[Finding],
    guardrails: Iterable[Guardrail],
    at: datetime.datetime,
    incomplete: Sequence[str] = (),
    against: Sequence[str] = (),
) -> Asked:
    """Return the step of all guardrails that were replayed, to be decided."""
    total = tally.total()
    named = {each.digest: f"{each.name} at {', '.join(sorted(each.nodes))}" for each in guardrails}
    return Asked(
        to,
        dict(sorted(named.items(), key=lambda item: item[1])),
        at,
        sum(each.events for case, each in tally.cases() if case.fate in JUDGED),
        total.first,
        total.last,
        tuple(incomplete),
        tuple(_unexplained(each) for each in found if each.expected is None),
        tuple(against),
        tuple(sorted({f"{each.expected.place}: {each.expected.reason}" for each in found if each.expected})),
    )


def _unexplained(finding: Finding) -> str:
    case, count = finding.case, finding.count
    what = f"{case.principal} {case.action} in {case.account}: {count.events} of {finding.asked} {case.fate}"
    return f"{what}, by {', '.join(case.because)}"
