"""What persons have signed about objectives, laid beside what was examined and proved.

An attestation answers where nothing automated does, until its day; it never outweighs what a control found.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Verdict
from assay.governance.model import Layer
from assay.governance.repository import Repository


@dataclass(frozen=True, slots=True)
class Attested:
    """One statement about an objective.

    workload     "": about the organisation.
    valid_until  The first day on which it no longer counts.
    unsigned     Why its signature was not checked, or is wrong; "" when the person's key has confirmed it.
    """

    objective: str
    workload: str
    statement: str
    by: str
    valid_from: datetime.date
    valid_until: datetime.date
    unsigned: str = ""

    def counts(self, day: datetime.date) -> bool:
        """Whether it is evidence for a day."""
        return not self.unsigned and self.valid_from <= day < self.valid_until

    def told(self, day: datetime.date) -> str:
        """Return it in one line, with what keeps it from counting."""
        said = f"attested by {self.by}: {self.statement}"
        if self.unsigned:
            return f"{said} (does not count: {self.unsigned})"
        if day < self.valid_from:
            return f"{said} (counts from {self.valid_from})"
        if day >= self.valid_until:
            return f"{said} (expired on {self.valid_until})"
        return f"{said} (counts until {self.valid_until})"


def with_attestations(
    repository: Repository,
    workload: str,
    answers: Sequence[ObjectiveResult],
    attested: Iterable[Attested],
    today: datetime.date,
) -> tuple[ObjectiveResult, ...]:
    """Return the answers of one place with what was attested about them there."""
    about: dict[str, list[Attested]] = {}
    for each in attested:
        if each.workload == workload:
            about.setdefault(each.objective, []).append(each)
    return tuple(_laid(repository, each, about.get(each.objective, ()), today) for each in answers)


def _laid(
    repository: Repository, answer: ObjectiveResult, found: Sequence[Attested], today: datetime.date
) -> ObjectiveResult:
    if not found or answer.applicability.applies is False:
        return answer
    told = tuple(each.told(today) for each in sorted(found, key=lambda one: one.valid_until, reverse=True))
    counting = [each for each in found if each.counts(today)]
    shown = replace(answer, attested=told, attested_until=max((each.valid_until for each in counting), default=None))
    inherited = repository.objectives[answer.objective].objective.layer is Layer.INHERITED
    if answer.controls or inherited:
        return replace(shown, reason=f"{answer.reason}; {_beside(answer, told, counts=bool(counting))}")
    if not counting:
        return replace(shown, verdict=Verdict.UNKNOWN, reason=f"no control serves it; {'; '.join(told)}")
    verdict = Verdict.MET if answer.applicability.applies else Verdict.UNKNOWN
    undecided = "" if answer.applicability.applies else "whether it applies is undecided; "
    return replace(shown, verdict=verdict, reason=f"{undecided}{'; '.join(told)}; no control examines it")


def _beside(answer: ObjectiveResult, told: Sequence[str], *, counts: bool) -> str:
    """Return what an attestation says beside controls, and whether they contradict it."""
    said = "; ".join(told)
    if counts and answer.verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET):
        return f"{said}; what was found contradicts it, and outweighs it"
    if counts and answer.verdict is Verdict.UNKNOWN:
        return f"{said}; it does not stand in for what the controls would have to show"
    return said
