"""The one report context that feeds every format, so that figures agree everywhere.

A context is made from what an operation returned, holds plain frozen data, and is all that a format ever sees.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from assay import __version__
from assay.assessment.appropriateness import Inappropriate
from assay.assessment.assess import Assessment, Outside, WorkloadAssessment, overall
from assay.assessment.check import Check, unjudged
from assay.assessment.evaluation import Evaluation
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Counts, Method, Verdict
from assay.errors import Fault
from assay.governance.compiled import ACCOUNT, FACTS, CompiledControl, CompiledInvariant
from assay.governance.model import ApprovedException, Domain, Severity
from assay.governance.repository import Loosening, Repository
from assay.inventory.resource import Gap, Inventory, Position
from assay.inventory.unrecognised import Unrecognised, unrecognised
from assay.reports.explanation import explain

SEVERITIES = tuple(Severity)  # worst first
DOMAINS = tuple(Domain)


@dataclass(frozen=True, slots=True)
class Row:
    """One evaluation, ready to show: which control, which resource, where, why, what to do."""

    control: str
    title: str
    severity: str
    objective: str
    why: str
    remedy: str
    workload: str
    stage: str
    resource: str
    type: str
    name: str
    verdict: Verdict
    effective: Verdict
    exception: str
    position: Position
    related: tuple[Position, ...]
    explanation: str
    causes: tuple[str, ...] = ()  # of an unknown: why, in the words of `inventory.values.Cause`
    account: str = ""  # where the resource is, and when it was observed; "" where the source does not say
    region: str = ""
    observed: str = ""
    method: str = Method.EXAMINED.value


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One objective's answer for one workload, ready to show."""

    id: str
    title: str
    statement: str
    domain: str
    scope: str
    layer: str
    measure: str
    target: str
    verdict: Verdict
    applies: bool | None
    rule: str
    reason: str
    depth: str
    provider: str
    counts: Counts
    controls: tuple[str, ...]
    requirements: tuple[str, ...]
    threats: tuple[str, ...]
    preventive: tuple[str, ...] = ()  # ids of the invariants, apart from the controls that detect
    methods: tuple[str, ...] = ()
    examined: Counts = field(default_factory=Counts)
    proved: Counts = field(default_factory=Counts)
    attested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The answer for one workload at one stage, or for the organisation (`id` "")."""

    id: str
    title: str
    owner: str
    tier: str
    exposure: str
    stage: str
    verdict: Verdict
    counts: Counts
    objectives: tuple[ObjectiveRow, ...]
    rows: tuple[Row, ...]
    inappropriate: tuple[Inappropriate, ...]
    resources: int
    faults: tuple[Fault, ...]
    gaps: tuple[Gap, ...]
    absent: tuple[tuple[str, str], ...]
    unrecognised: tuple[Unrecognised, ...]
    data_classes: tuple[str, ...] = ()

    @property
    def applicable(self) -> tuple[ObjectiveRow, ...]:
        """The objectives that apply here, or may."""
        return tuple(each for each in self.objectives if each.applies is not False)


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Everything that a report may show."""

    kind: str  # "check" or "assessment"
    subject: str
    version: str
    as_of: datetime.datetime
    verdict: Verdict
    counts: Counts
    sections: tuple[Section, ...]
    controls: Mapping[str, CompiledControl | CompiledInvariant]
    unjudged: Mapping[str, int]
    inappropriate: tuple[Inappropriate, ...] = ()
    loosenings: tuple[Loosening, ...] = ()
    exceptions: tuple[tuple[ApprovedException, bool], ...] = ()
    replaced: tuple[str, ...] = ()
    outside: tuple[Outside, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every evaluation, worst first: by effective verdict, severity, place."""
        return tuple(sorted((row for section in self.sections for row in section.rows), key=_urgency))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every file that could not be read."""
        return tuple(fault for section in self.sections for fault in section.faults)


_ORDER = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.EXCEPTED, Verdict.MET, Verdict.NOT_APPLICABLE)


def _urgency(row: Row) -> tuple[object, ...]:
    return (_ORDER.index(row.effective), SEVERITIES.index(Severity(row.severity)), row.position, row.control)


def gathered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows with those of one invariant that say the same of several accounts made one."""
    found: dict[object, list[Row]] = {}
    for row in rows:
        of_accounts = row.method == Method.PROVED and row.type == ACCOUNT
        key = (row.control, row.effective, row.exception, row.position, row.workload) if of_accounts else row
        found.setdefault(key, []).append(row)
    return tuple(
        replace(first, name=f"{first.name} and {len(more)} more accounts") if more else first
        for first, *more in found.values()
    )


def from_check(check: Check) -> ReportContext:
    """Return the context of a check: one section, no objectives."""
    rows = _rows(check.evaluations, check.inventory, check.controls, "", "")
    counts = Counts.of(each.effective for each in check.evaluations)
    inventory = check.inventory
    verdict = overall(each.effective for each in check.evaluations)
    if not inventory.complete and verdict.passes:
        verdict = Verdict.UNKNOWN
    section = Section(
        id="",
        title=", ".join(check.paths),
        owner="",
        tier="",
        exposure="",
        stage="",
        verdict=verdict,
        counts=counts,
        objectives=(),
        rows=rows,
        inappropriate=(),
        resources=len(inventory.resources),
        faults=inventory.faults,
        gaps=inventory.gaps,
        absent=inventory.absent,
        unrecognised=unrecognised(inventory),
    )
    return ReportContext(
        kind="check",
        subject=", ".join(check.paths),
        version=__version__,
        as_of=check.as_of,
        verdict=verdict,
        counts=counts,
        sections=(section,),
        controls=check.controls,
        unjudged=check.unjudged,
    )


def from_assessment(assessment: Assessment, repository: Repository) -> ReportContext:
    """Return the context of an assessment: the organisation first, then every workload."""
    answers = (assessment.organisation, *assessment.workloads)
    requirements = requirements_behind(repository)
    sections = tuple(_section(each, repository, requirements) for each in answers)
    shared = _own_evaluations(assessment.organisation)  # the resources of platform workloads are judged there as well
    missed: Counter[str] = Counter()
    for answer in assessment.workloads:
        found = unjudged(answer.inventory, [*_own_evaluations(answer), *shared])
        missed.update({kind: n for kind, n in found.items() if kind not in FACTS})
    return ReportContext(
        kind="assessment",
        subject=repository.organisation.name,
        version=__version__,
        as_of=assessment.as_of,
        verdict=assessment.verdict,
        counts=sum((each.counts for each in answers), Counts()),
        sections=sections,
        controls=repository.serving,
        unjudged=dict(sorted(missed.items())),
        inappropriate=assessment.inappropriate,
        loosenings=assessment.loosenings,
        exceptions=assessment.exceptions,
        outside=assessment.outside,
    )


def _own_evaluations(answer: WorkloadAssessment) -> list[Evaluation]:
    """Return the evaluations of the place's own resources, not those that it inherits from the organisation."""
    return [
        one
        for each in answer.objectives
        if not each.provider
        for control in each.controls
        for one in control.evaluations
    ]


def _section(
    answer: WorkloadAssessment, repository: Repository, requirements: Mapping[str, tuple[str, ...]]
) -> Section:
    workload = repository.workloads.get(answer.workload)
    return Section(
        id=answer.workload,
        title=workload.title if workload else repository.organisation.name,
        owner=workload.owner if workload else "",
        tier=workload.tier if workload else "",
        exposure=workload.exposure if workload else "",
        stage=answer.stage,
        verdict=answer.verdict,
        counts=answer.counts,
        objectives=tuple(_objective_row(each, repository, requirements) for each in answer.objectives),
        rows=_rows(_own_evaluations(answer), answer.inventory, repository.serving, answer.workload, answer.stage),
        inappropriate=answer.inappropriate,
        resources=sum(each.type not in FACTS for each in answer.inventory.resources),
        faults=answer.inventory.faults,
        gaps=answer.inventory.gaps,
        absent=answer.inventory.absent,
        unrecognised=unrecognised(answer.inventory),
        data_classes=workload.data_classes if workload else (),
    )


def requirements_behind(repository: Repository) -> Mapping[str, tuple[str, ...]]:
    """Return objective id → "framework requirement" for every adopted framework's requirement that points to it."""
    behind: dict[str, list[str]] = {}
    for framework in repository.adopted:
        for key, requirement in framework.requirements.items():
            for objective in requirement.objectives:
                behind.setdefault(objective, []).append(f"{framework.id} {key}")
    return {objective: tuple(found) for objective, found in behind.items()}


def _objective_row(
    answer: ObjectiveResult, repository: Repository, requirements: Mapping[str, tuple[str, ...]]
) -> ObjectiveRow:
    objective = repository.objectives[answer.objective].objective
    return ObjectiveRow(
        id=objective.id,
        title=objective.title,
        statement=objective.statement,
        domain=objective.domain,
        scope=objective.scope,
        layer=objective.layer,
        measure=objective.measure,
        target=objective.target,
        verdict=answer.verdict,
        applies=answer.applicability.applies,
        rule=answer.applicability.rule,
        reason=answer.reason,
        depth=answer.depth,
        provider=answer.provider,
        counts=answer.counts,
        controls=tuple(each.control for each in answer.controls if each.method is not Method.PROVED),
        requirements=requirements.get(objective.id, ()),
        threats=objective.threats,
        preventive=tuple(each.control for each in answer.controls if each.method is Method.PROVED),
        methods=tuple(each.value for each in answer.methods),
        examined=answer.counted(Method.EXAMINED),
        proved=answer.counted(Method.PROVED),
        attested=answer.attested,
    )


def _rows(
    evaluations: Iterable[Evaluation],
    inventory: Inventory,
    controls: Mapping[str, CompiledControl | CompiledInvariant],
    workload: str,
    stage: str,
) -> tuple[Row, ...]:
    return tuple(_row(each, inventory, controls, workload, stage) for each in evaluations)


def _row(
    evaluation: Evaluation,
    inventory: Inventory,
    controls: Mapping[str, CompiledControl | CompiledInvariant],
    workload: str,
    stage: str,
) -> Row:
    control = controls[evaluation.control].control
    resource = inventory.by_id[evaluation.resource]
    first, *others = evaluation.positions or (resource.origin.position,)
    return Row(
        control=control.id,
        title=control.title,
        severity=control.severity,
        objective=control.objective,
        why=control.why,
        remedy=control.remedy,
        workload=workload,
        stage=stage,
        resource=resource.id,
        type=resource.type,
        name=resource.name,
        verdict=evaluation.verdict,
        effective=evaluation.effective,
        exception=evaluation.exception,
        position=first,
        related=tuple(others),
        explanation=explain(evaluation, inventory),
        causes=tuple(sorted({each.cause.value for each in evaluation.reasons})),
        account=resource.origin.account,
        region=resource.origin.region,
        observed=resource.origin.observed,
        method=evaluation.method.value,
    )
