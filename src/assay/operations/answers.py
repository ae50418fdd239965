"""What an assessment answered for one population, as it is stored beside the verdicts of its resources.

Verdicts alone do not tell an objective that is met from one that nobody asked about, nor how long they are evidence.
Equal answers on two days are one document.
"""

import datetime
from collections.abc import Iterable
from dataclasses import asdict

from assay.assessment.assess import WorkloadAssessment
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Counts, Verdict
from assay.canonical import Json
from assay.governance.model import ApprovedException, Layer
from assay.governance.repository import Repository

ATTESTED_DAYS = 36_500  # a person's word counts until the day that it names, however long ago somebody looked
FRESH_DAYS = 1  # the least that a control states, and what an answer without controls is evidence for


def answers_document(
    answer: WorkloadAssessment, organisation: WorkloadAssessment, repository: Repository
) -> dict[str, Json]:
    """Return the document: every objective with its answer, the freshness of every control, the exceptions laid."""
    under = {each.objective: each.verdict for each in organisation.objectives}
    own = [control for each in answer.objectives if not each.provider for control in each.controls]
    laid = {each.exception for control in own for each in control.evaluations}
    laid |= {each.exception for each in answer.objectives}
    return {
        "kind": "answers",
        "workload": answer.workload,
        "stage": answer.stage,
        "objectives": [
            {
                **_answer(each, under.get(each.objective), repository),
                "whole": _whole(each, answer, organisation, repository),
            }
            for each in answer.objectives
        ],
        "controls": [
            {
                "control": each.control,
                "objective": _objective(repository, each.control),
                **freshness(repository, each.control),
                "whole": _reached(answer, each.control, repository),
            }
            for each in own
        ],
        "exceptions": [_terms(repository.exceptions[each]) for each in sorted(laid - {""})],
    }


def _whole(
    one: ObjectiveResult, answer: WorkloadAssessment, organisation: WorkloadAssessment, repository: Repository
) -> bool:
    """Whether everything could be read that an objective's answer rests on: that it does not apply rests on nothing."""
    if one.applicability.applies is False:
        return True
    place = organisation if one.provider == "organisation" else answer
    if not one.controls:
        return place.inventory.complete
    return all(_reached(place, each.control, repository) for each in one.controls)


def _reached(place: WorkloadAssessment, control: str, repository: Repository) -> bool:
    """Whether every resource could be read that a control is about."""
    return place.inventory.is_complete(repository.serving[control].control.resource)


def _objective(repository: Repository, control: str) -> str:
    return repository.serving[control].control.objective


def freshness(repository: Repository, control: str) -> dict[str, Json]:
    """Return for how many days a verdict of the control is evidence."""
    return {"max_age_days": repository.serving[control].control.max_age_days}


def _terms(exception: ApprovedException) -> dict[str, Json]:
    """Return when an exception counts. Who asked and who approved is in the decision about it."""
    return {
        "id": exception.id,
        "approved": exception.approved.isoformat(),
        "expires": exception.expires.isoformat(),
    }


def _answer(answer: ObjectiveResult, organisation: Verdict | None, repository: Repository) -> dict[str, Json]:
    days = [repository.serving[each.control].control.max_age_days for each in answer.controls]
    rests = rests_until(answer, repository)
    return {
        "objective": answer.objective,
        "verdict": answer.verdict.value,
        "applies": answer.applicability.applies,
        "rule": answer.applicability.rule,
        "reason": answer.reason,
        "depth": answer.depth,
        "provider": answer.provider,
        "exception": answer.exception,
        "under": _under(answer, organisation),
        "counts": asdict(Counts() if answer.provider else answer.counts),
        "max_age_days": ATTESTED_DAYS if _attested(answer, repository) else min(days, default=FRESH_DAYS),
        "rests_until": rests.isoformat() if rests else "",
    }


def _under(answer: ObjectiveResult, organisation: Verdict | None) -> str:
    """Return the verdict under an exception for the whole objective, "" where there is none."""
    if not answer.exception:
        return ""
    return (organisation if answer.provider == "organisation" and organisation else Verdict.UNKNOWN).value


def _attested(answer: ObjectiveResult, repository: Repository) -> bool:
    """Whether nothing but a person's word answers: beside controls or the provider's reports it decides nothing."""
    answers = answer.verdict in (Verdict.MET, Verdict.INHERITED) and answer.attested_until is not None
    return answers and not answer.controls and not _inherited(answer, repository)


def _inherited(answer: ObjectiveResult, repository: Repository) -> bool:
    return repository.objectives[answer.objective].objective.layer is Layer.INHERITED


def rests_until(answer: ObjectiveResult, repository: Repository) -> datetime.date | None:
    """Return the first day on which the provider's reports, or what persons attest, no longer carry the answer."""
    if _attested(answer, repository):
        return answer.attested_until
    if answer.verdict is not Verdict.INHERITED or not _inherited(answer, repository):
        return None
    return _first_lapse([end for _, end in each.in_force] for each in answer.shares)


def _first_lapse(ends: Iterable[list[datetime.date]]) -> datetime.date | None:
    lasting = [max(each) for each in ends if each]
    return min(lasting) + datetime.timedelta(days=1) if lasting else None
