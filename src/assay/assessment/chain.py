"""The walkable chain from requirement or threat to evidence; a link that cannot be walked is named, never blank.

requirement, threat → objective → control → resource in scope → evaluation → evidence (place and value)
                              → provider's duties → audit report
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.assessment.evaluation import Evaluation
from assay.assessment.objectives import ControlResult, ObjectiveResult
from assay.assessment.reach import reach
from assay.assessment.verdicts import Method, Verdict
from assay.governance.model import Layer, Requirement
from assay.governance.repository import Repository
from assay.governance.responsibilities import PROVIDER, Share


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain. `broken` says what is missing, "" when the step can be walked."""

    kind: str
    subject: str
    detail: str = ""
    broken: str = ""
    children: tuple["Link", ...] = ()

    def breaks(self) -> Iterator["Link"]:
        """Yield every broken link at or below this one."""
        if self.broken:
            yield self
        for child in self.children:
            yield from child.breaks()


def walk(repository: Repository, answer: ObjectiveResult) -> Link:
    """Return the chain of one objective: what is behind it, and what it rests on."""
    objective = repository.objectives[answer.objective].objective
    behind = (*_requirements(repository, objective.id), *(Link("threat", each) for each in objective.threats))
    controls = tuple(_control(repository, each) for each in answer.controls)
    broken = []
    if not behind:
        broken.append("neither a requirement nor a threat is behind it")
    if not objective.measure or not objective.target:
        broken.append("it has no measure or no target")
    alone = objective.layer is Layer.INHERITED
    if not controls and not (alone and answer.shares) and not answer.attested_until:
        broken.append("no control serves it" if not alone else "nothing shows what the provider does for it")
    if alone and answer.verdict is Verdict.UNKNOWN and all(each.in_force for each in answer.shares):
        broken.append(f"cannot be decided: {answer.reason}")
    provided = tuple(_provided(answer.shares, needed=alone))
    attested = tuple(Link("attestation", each) for each in answer.attested)
    children = (*behind, *provided, *controls, *attested)
    return Link("objective", objective.id, objective.title, "; ".join(broken), children)


def _provided(found: Iterable[Share], *, needed: bool) -> Iterator[Link]:
    """Yield one link for the services with which the provider does the same, backed by the same reports.

    needed  The objective rests on it: a share without a report in force is a broken link.
    """
    alike: dict[tuple[str, str, bool], list[str]] = {}
    for each in found:
        alike.setdefault((each.duties, each.backing, bool(each.in_force)), []).append(each.service)
    for (duties, backing, backed), services in alike.items():
        yield Link(
            "provider", f"{PROVIDER} {', '.join(services)}", duties, children=(_report(backing, backed, needed),)
        )


def _report(backing: str, backed: bool, needed: bool) -> Link:
    return Link("report", backing, broken="nobody vouches for it" if needed and not backed else "")


def _requirements(repository: Repository, objective: str) -> Iterator[Link]:
    for framework in repository.adopted:
        for key, requirement in framework.requirements.items():
            if objective in requirement.objectives:
                missing = _missing(repository, requirement)
                yield Link("requirement", f"{framework.id} {key}", requirement.title, missing)


def _missing(repository: Repository, requirement: Requirement) -> str:
    gone = [each for each in requirement.objectives if each not in repository.objectives]
    gone += [each for each in requirement.controls if each not in repository.serving]
    return f"points to {', '.join(gone)}, which does not exist" if gone else ""


def _control(repository: Repository, result: ControlResult) -> Link:
    control = repository.serving[result.control].control
    children = tuple(_evaluation(each) for each in result.evaluations)
    if bound := reach(result):
        children = (Link("reach", "guardrail", bound), *children)
    detail = f"{control.title} ({result.counts})" if result.evaluations else f"{control.title} (no {control.resource})"
    return Link("control" if result.method is Method.EXAMINED else "invariant", control.id, detail, children=children)


def _evaluation(evaluation: Evaluation) -> Link:
    place = str(evaluation.positions[0]) if evaluation.positions else ""
    reasons = "; ".join(dict.fromkeys(map(str, evaluation.reasons)))
    broken = f"cannot be decided: {reasons}" if reasons else ""
    said = evaluation.effective.replace("_", " ")
    why = f": {evaluation.said}" if evaluation.said else ""
    return Link("evaluation", evaluation.resource, f"{said} at {place}{why}", broken)


def dangling(repository: Repository) -> Sequence[Link]:
    """Return a broken link for everything that points to something that is not there."""
    return [Link("link", fault.found, str(fault), fault.message) for fault in repository.dangling]


def chains(repository: Repository, answers: Mapping[str, ObjectiveResult]) -> Sequence[Link]:
    """Return the chain of every objective that applies, or may."""
    return [walk(repository, each) for each in answers.values() if each.applicability.applies is not False]
