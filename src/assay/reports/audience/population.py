"""Whole populations, numbered, and the samples that are drawn from them: what an auditor's lists are made of."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assay.assessment.assess import WorkloadAssessment
from assay.assessment.chain import walk
from assay.assessment.evaluation import Evaluation
from assay.assessment.objectives import ObjectiveResult
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.governance.model import Scope
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Resource
from assay.reports.audience.basis import Basis
from assay.reports.context import Row


@dataclass(frozen=True, slots=True)
class Examined:
    """One evaluation with its number and everything that it rests on."""

    number: int
    answer: WorkloadAssessment
    objective: ObjectiveResult
    evaluation: Evaluation
    control: CompiledControl | CompiledInvariant
    resource: Resource
    row: Row

    @property
    def id(self) -> str:
        """The number as the lists write it."""
        return f"E{self.number}"

    @property
    def place(self) -> str:
        """The workload, or the organisation."""
        return place_of(self.answer)

    @property
    def key(self) -> str:
        """What names the evaluation whatever its number is; samples are drawn by it."""
        return "\n".join((self.answer.workload, self.answer.stage, self.evaluation.control, self.resource.id))


def place_of(answer: WorkloadAssessment) -> str:
    """Return what an answer is about, in a word."""
    return answer.workload or "organisation"


@dataclass(frozen=True)
class Population:
    """Everything that one answer rests on."""

    basis: Basis

    @cached_property
    def places(self) -> tuple[WorkloadAssessment, ...]:
        """The organisation and every workload."""
        return (self.basis.assessment.organisation, *self.basis.assessment.workloads)

    @cached_property
    def objectives(self) -> tuple[tuple[WorkloadAssessment, ObjectiveResult], ...]:
        """Every objective that applies, or may, at the place where it is answered."""
        return tuple((answer, each) for answer in self.places for each in answer.objectives if self._own(answer, each))

    def _own(self, answer: WorkloadAssessment, each: ObjectiveResult) -> bool:
        scope = self.basis.repository.objectives[each.objective].objective.scope
        return each.applicability.applies is not False and (not answer.workload or scope is not Scope.ORGANISATION)

    @cached_property
    def examined(self) -> tuple[Examined, ...]:
        """Every evaluation of every place's own resources, in a fixed order."""
        rows = {(row.workload, row.control, row.resource): row for row in self.basis.context.rows}
        found: list[Examined] = []
        for answer, objective in self.objectives:
            for evaluation in (one for control in objective.controls for one in control.evaluations):
                resource = answer.inventory.by_id[evaluation.resource]
                control = self.basis.context.controls[evaluation.control]
                row = rows[(answer.workload, evaluation.control, evaluation.resource)]
                found.append(Examined(len(found) + 1, answer, objective, evaluation, control, resource, row))
        return tuple(found)

    @cached_property
    def sample(self) -> tuple[Examined, ...]:
        """Of each objective and place the evaluations with the smallest SHA-256 of seed and key."""
        strata: dict[tuple[str, str], list[Examined]] = {}
        for each in self.examined:
            strata.setdefault((each.answer.workload, each.objective.objective), []).append(each)
        drawn = [sorted(several, key=self.rank)[: self.basis.sample] for several in strata.values()]
        return tuple(each for several in drawn for each in sorted(several, key=lambda one: one.number))

    def rank(self, each: Examined) -> str:
        """Return the number by which an evaluation is drawn, in hexadecimal."""
        return hashlib.sha256(f"{self.basis.seed}\n{each.key}".encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def digests(self) -> Mapping[tuple[str, str], str]:
        """(workload, resource id) → digest of its configuration."""
        return {
            (answer.workload, each.id): configuration_digest(each)
            for answer in self.places
            for each in answer.inventory.resources
        }


def design_faults(basis: Basis, answer: ObjectiveResult) -> Iterator[str]:
    """Yield why the design of an objective is deficient: links of its chain that lead nowhere, whatever was found.

    A parameter that is looser than the catalogue's is a deficiency as well.
    """
    link = walk(basis.repository, answer)
    yield from (each for each in link.broken.split("; ") if each and not each.startswith("cannot be decided"))
    yield from (f"{e.subject} {e.broken}" for e in link.children if e.kind == "requirement" and e.broken)
    looser = {each.control: each.parameter for each in basis.context.loosenings}
    for each in answer.controls:
        if each.control in looser:
            yield f"{each.control}: {looser[each.control]} is looser than the catalogue"
