"""The answer: are the objectives met, are they the right ones, and how do we know.

Pure: repository and inventories in, `Assessment` out; the clock is an argument.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.assessment import objectives as objective_answers
from assay.assessment.appropriateness import Examined, Inappropriate, organisation_findings, workload_findings
from assay.assessment.attested import Attested, with_attestations
from assay.assessment.evaluation import (
    Evaluation,
    Place,
    counts_on,
    covers_objective,
    evaluate_control,
    in_scope,
    lay_exceptions,
)
from assay.assessment.freshness import fresh
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.provider import with_provider
from assay.assessment.reach import with_reach
from assay.assessment.verdicts import Counts, Verdict
from assay.governance.compiled import CompiledControl
from assay.governance.model import Account, ApprovedException, Scope, Workload
from assay.governance.repository import Loosening, Repository
from assay.inventory.resource import Inventory
from assay.inventory.values import Value

MANY = 5_000  # resources of one type from which on starting DuckDB costs less than it saves: see docs/benchmarks.md


@dataclass(frozen=True, slots=True)
class Population:
    """A workload at a stage, with everything that was found of it. `workload` is "" for the organisation itself.

    proven  One evaluation per invariant of its objectives and subject here: permissions are not judged by expressions.
    """

    workload: str
    stage: str
    inventory: Inventory
    proven: tuple[Evaluation, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """Deployed resources that are part of no workload: where, how many, and why."""

    account: str
    region: str
    resources: int
    why: str


@dataclass(frozen=True, slots=True)
class WorkloadAssessment:
    """The answer for one workload at one stage."""

    workload: str
    stage: str
    inventory: Inventory
    objectives: tuple[ObjectiveResult, ...]
    inappropriate: tuple[Inappropriate, ...]

    @property
    def counts(self) -> Counts:
        """Every evaluation of this workload's own resources."""
        return sum((each.counts for each in self.objectives if not each.provider), Counts())

    @property
    def verdict(self) -> Verdict:
        """The whole answer in one word."""
        return overall(each.verdict for each in self.objectives)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for everything that was asked, as of one moment.

    exceptions  (exception, in force) for every exception of the repository.
    outside     What a snapshot holds that no workload's controls judge.
    """

    as_of: datetime.datetime
    organisation: WorkloadAssessment
    workloads: tuple[WorkloadAssessment, ...]
    inappropriate: tuple[Inappropriate, ...]
    loosenings: tuple[Loosening, ...]
    exceptions: tuple[tuple[ApprovedException, bool], ...]
    outside: tuple[Outside, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The whole answer in one word."""
        return overall(each.verdict for each in (self.organisation, *self.workloads))


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Return one verdict over several parts: a failure anywhere is one, then unknown, then the good ones."""
    found = set(verdicts)
    if found & {Verdict.NOT_MET, Verdict.PARTLY_MET}:
        some_met = found & {Verdict.MET, Verdict.PARTLY_MET, Verdict.INHERITED}
        return Verdict.PARTLY_MET if some_met else Verdict.NOT_MET
    for verdict in (Verdict.UNKNOWN, Verdict.EXCEPTED, Verdict.MET, Verdict.INHERITED):
        if verdict in found:
            return verdict
    return Verdict.NOT_APPLICABLE if found else Verdict.UNKNOWN


def evaluate_all(
    controls: Iterable[CompiledControl],
    inventory: Inventory,
    params: Mapping[str, Mapping[str, Value]],
    today: datetime.date,
) -> tuple[Evaluation, ...]:
    """Return exactly one evaluation per control and resource in its scope, in order of control, then resource.

    params: control id → its parameters' values.
    """
    given = tuple(controls)
    many = [each for each in given if len(inventory.by_type.get(each.control.resource, ())) >= MANY]
    found: Mapping[str, Sequence[Evaluation]] = {}
    if many:
        from assay.assessment.columns import evaluate_in_columns  # brings DuckDB, which a small inventory does not need

        found = evaluate_in_columns(many, inventory, params, today)
    one_by_one = (
        [
            evaluate_control(compiled, resource, inventory, params.get(compiled.control.id, {}), today)
            for resource in inventory.of_type(compiled.control.resource)
            if in_scope(compiled, resource)
        ]
        if compiled.control.id not in found
        else found[compiled.control.id]
        for compiled in given
    )
    return tuple(each for several in one_by_one for each in several)


def assess(
    repository: Repository,
    organisation: Population,
    workloads: Sequence[Population],
    *,
    now: datetime.datetime,
    attested: Sequence[Attested] = (),
) -> Assessment:
    """Answer the question for the organisation and for each workload given.

    organisation  The organisation's own facts and the platform workloads' resources.
    workloads     One population per workload asked for.
    attested      What persons have signed about objectives.
    """
    shared = _assess_population(repository, organisation, {}, attested, now)
    inherited = {each.objective: each for each in shared.objectives}
    answers = tuple(_assess_population(repository, each, inherited, attested, now) for each in workloads)
    today = now.astimezone(datetime.UTC).date()
    return Assessment(
        as_of=now,
        organisation=shared,
        workloads=answers,
        inappropriate=organisation_findings(repository),
        loosenings=repository.loosenings,
        exceptions=tuple((each, counts_on(each, today)) for each in repository.exceptions.values()),
    )


def _assess_population(
    repository: Repository,
    population: Population,
    inherited: Mapping[str, ObjectiveResult],
    attested: Sequence[Attested],
    now: datetime.datetime,
) -> WorkloadAssessment:
    today = now.astimezone(datetime.UTC).date()
    workload = repository.workloads.get(population.workload)
    answered = answered_here(repository, workload)
    controls = [each for each in repository.controls.values() if each.control.objective in answered]
    judged = (*evaluate_all(controls, population.inventory, repository.params, today), *population.proven)
    serving = repository.serving
    evaluations = lay_exceptions(
        fresh(judged, population.inventory, serving, today),
        tuple(repository.exceptions.values()),
        place=Place(population.workload, population.stage),
        objective_of={name: each.control.objective for name, each in serving.items()},
        names={each.id: each.name for each in population.inventory.resources},
        today=today,
    )
    answered_by_controls = tuple(own_results(repository, population, controls, evaluations))
    backed = with_provider(repository, population.inventory, answered_by_controls, today)
    own = with_attestations(repository, population.workload, backed, attested, today)
    results = tuple(_at_this_place(repository, population, each, inherited, today) for each in own)
    examined = Examined(population.inventory, {each.objective: each for each in results})
    findings = workload_findings(repository, population.workload, examined) if workload else ()
    return WorkloadAssessment(population.workload, population.stage, population.inventory, results, findings)


def answered_here(repository: Repository, workload: Workload | None) -> set[str]:
    """Return the objectives that a population's own resources answer: those of its scope."""
    scope = Scope.WORKLOAD if workload else Scope.ORGANISATION
    return {each.objective.id for each in repository.objectives.values() if each.objective.scope is scope}


def own_results(
    repository: Repository,
    population: Population,
    controls: Sequence[CompiledControl],
    evaluations: Sequence[Evaluation],
) -> Iterator[ObjectiveResult]:
    """Yield the answer of the population's own resources for each objective that concerns it."""
    by_control: dict[str, list[Evaluation]] = {}
    for evaluation in evaluations:
        by_control.setdefault(evaluation.control, []).append(evaluation)
    serving: dict[str, list[tuple[str, str]]] = {}
    for compiled in controls:
        serving.setdefault(compiled.control.objective, []).append((compiled.control.id, compiled.control.resource))
    proven: dict[str, list[str]] = {}
    for name in dict.fromkeys(each.control for each in population.proven):
        proven.setdefault(repository.invariants[name].invariant.objective, []).append(name)
    workload = repository.workloads.get(population.workload)
    for objective in repository.objectives.values():
        if not workload and objective.objective.scope is not Scope.ORGANISATION:
            continue
        decided = objective_answers.Applicability(True, "the organisation")
        if workload:
            decided = objective_answers.applicability(objective, repository.profiles[workload.id], population.stage)
        yield objective_answers.result(
            objective,
            decided,
            serving.get(objective.objective.id, ()),
            by_control,
            complete=_is_complete(population.inventory, serving.get(objective.objective.id, ())),
            examined=len(population.inventory.resources),
            proven=proven.get(objective.objective.id, ()),
        )


def _account_of(repository: Repository, population: Population) -> Account | None:
    number = repository.workloads[population.workload].accounts.get(population.stage, "")
    return next((each for each in repository.organisation.accounts if each.id == number), None)


def _is_complete(inventory: Inventory, controls: Sequence[tuple[str, str]]) -> bool:
    """Whether everything could be read that the controls of an objective are about."""
    return all(inventory.is_complete(kind) for _, kind in controls) if controls else inventory.complete


def _at_this_place(
    repository: Repository,
    population: Population,
    own: ObjectiveResult,
    inherited: Mapping[str, ObjectiveResult],
    today: datetime.date,
) -> ObjectiveResult:
    """Return the answer that counts: the organisation's for its objectives, under an exception for the whole of it."""
    answer = own
    provided = inherited.get(own.objective)
    if population.workload and provided and own.applicability.applies is not False:
        answer = with_reach(objective_answers.inherit(own, provided), _account_of(repository, population))
    if answer.verdict.passes or (answer.controls and not answer.provider):
        return answer  # exceptions for single evaluations are in it already
    place = Place(population.workload, population.stage)
    exception = covers_objective(tuple(repository.exceptions.values()), own.objective, place, today)
    return objective_answers.excepted(answer, exception) if exception else answer
