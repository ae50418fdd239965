"""The answer for one workload, with the chain behind every objective."""

from collections.abc import Sequence
from dataclasses import dataclass

from assay.assessment.appropriateness import Inappropriate
from assay.assessment.assess import Assessment, WorkloadAssessment
from assay.assessment.chain import Link, dangling, walk
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Verdict
from assay.errors import UsageError, nearest
from assay.governance.model import Workload
from assay.governance.repository import Repository
from assay.inventory.resource import Inventory


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is to be said about one workload, for all its objectives or one of them.

    answers   Each objective that applies, or may, with its chain.
    excluded  Objectives that do not apply.
    broken    Links of the governance repository that lead nowhere.
    """

    repository: Repository
    assessment: Assessment
    workload: Workload
    stage: str
    verdict: Verdict
    answers: Sequence[tuple[ObjectiveResult, Link]]
    excluded: Sequence[ObjectiveResult]
    inappropriate: Sequence[Inappropriate]
    broken: Sequence[Link]
    inventory: Inventory


def explanation(repository: Repository, assessment: Assessment, workload: str, objective: str = "") -> Explanation:
    """Return what is to be said about a workload of the assessment, for one objective or ("") for all.

    Raises UsageError on an unknown objective.
    """
    if objective and objective not in repository.objectives:
        hint = nearest(objective, repository.objectives)
        raise UsageError(f"no objective {objective!r}; {hint or 'see `assay objectives`'}")
    answer = next(each for each in assessment.workloads if each.workload == workload)
    wanted = [each for each in answer.objectives if objective in ("", each.objective)]
    applicable = [each for each in wanted if each.applicability.applies is not False]
    return Explanation(
        repository=repository,
        assessment=assessment,
        workload=repository.workloads[workload],
        stage=answer.stage,
        verdict=_verdict(answer, applicable, objective),
        answers=[(each, walk(repository, each)) for each in applicable],
        excluded=[each for each in wanted if each.applicability.applies is False],
        inappropriate=answer.inappropriate if not objective else (),
        broken=dangling(repository),
        inventory=answer.inventory,
    )


def _verdict(answer: WorkloadAssessment, applicable: Sequence[ObjectiveResult], objective: str) -> Verdict:
    if not objective:
        return answer.verdict
    return applicable[0].verdict if applicable else Verdict.NOT_APPLICABLE
