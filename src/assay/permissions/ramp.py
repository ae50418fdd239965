"""From observing over warning to enforcing: denials that are expected, and whether a guardrail may take the next step.

A step is refused, with every reason, while something speaks against it; the decision is a record either way.
"""

import datetime
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assay.permissions.expected import Expected
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
class Promotion:
    """One decision: may these policies take this step? `refused`: every reason why not."""

    to: Stage
    policies: tuple[str, ...]
    at: datetime.datetime
    judged: int
    first: str
    last: str
    refused: tuple[str, ...]
    explained: tuple[str, ...] = ()

    def document(self) -> Mapping[str, Any]:
        """Return the record of the decision."""
        return {
            "format": FORMAT,
            "to": self.to.value,
            "granted": not self.refused,
            "refused": list(self.refused),
            "at": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "policies": list(self.policies),
            "events": {"judged": self.judged, "first": self.first or None, "last": self.last or None},
            "explained": list(self.explained),
        }


def promote(
    to: Stage,
    tally: Tally,
    found: Sequence[Finding],
    policies: Iterable[str],
    at: datetime.datetime,
    lacking: Sequence[str] = (),
    before: Sequence[Mapping[str, Any]] = (),
) -> Promotion:
    """Decide a step.

    policies  Digests of all that are replayed.
    lacking   What else speaks against any step: events that could not be read, policies that deny nothing.
    before    Records of earlier decisions: only what was announced is enforced.
    """
    digests, total = tuple(sorted(policies)), tally.total()
    judged = sum(each.events for case, each in tally.cases() if case.fate in JUDGED)
    refused = list(lacking)
    if not digests:
        refused.append("there is no policy")
    if not judged:
        refused.append("no event was decided by these policies")
    if to is Stage.ENFORCE:
        refused += [_unexplained(each) for each in found if each.expected is None]
        if not any(_granted(each, Stage.WARN, digests) for each in before):
            refused.append(f"these policies have no granted step to {Stage.WARN} on record")
    explained = [f"{each.expected.place}: {each.expected.reason}" for each in found if each.expected]
    return Promotion(
        *(to, digests, at, judged, total.first, total.last, tuple(refused), tuple(sorted(set(explained)))),
    )


def _unexplained(finding: Finding) -> str:
    case, count = finding.case, finding.count
    what = f"{case.principal} {case.action} in {case.account}: {count.events} of {finding.asked} {case.fate}"
    return f"{what}, by {', '.join(case.because)}"


def _granted(record: Mapping[str, Any], to: Stage, digests: tuple[str, ...]) -> bool:
    same = record.get("format") == FORMAT and record.get("to") == to.value and record.get("granted") is True
    return same and record.get("policies") == list(digests)
