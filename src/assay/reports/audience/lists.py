"""The lists of an auditor's pack: each one a function of the population, in `LISTS`.

Every evaluation has a number, E1 and on, by which the other lists name it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import TypeAlias

from assay.assessment.assess import WorkloadAssessment
from assay.assessment.evaluation import in_scope
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Method, Verdict
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.reports.audience.page import HIDDEN, Cell, Column, Table
from assay.reports.audience.population import Population, design_faults, place_of

Cells: TypeAlias = tuple[Cell, ...]
Compiled: TypeAlias = CompiledControl | CompiledInvariant


def tables(population: Population) -> dict[str, Table]:
    """Return every list by its name."""
    return {name: make(population) for name, make in LISTS.items()}


def _table(name: str, caption: str, columns: str, rows: Iterable[Cells]) -> Table:
    """Return a list. columns: their labels, a comma between two."""
    whole, labels = tuple(rows), columns.split(", ")
    numbers = [bool(whole) and all(isinstance(row[at], int) for row in whole) for at in range(len(labels))]
    shown = tuple(Column(each, 1 if number else 3, number) for each, number in zip(labels, numbers, strict=True))
    return Table(name, caption, shown, whole, shown=HIDDEN)


def _objectives(population: Population) -> Table:
    """Design apart from operation."""
    return _table(
        "objectives",
        "Objectives where they are answered: is the design right, and does it operate",
        "workload, stage, objective, title, demanded by, design, design: why, operation, operation: why, met, "
        "applicable, examined to, methods, attested, provided by",
        _objective_rows(population),
    )


def _objective_rows(population: Population) -> Iterator[Cells]:
    known = {(section.id, row.id): row for section in population.basis.context.sections for row in section.objectives}
    for answer, objective in population.objectives:
        row = known[(answer.workload, objective.objective)]
        faults = tuple(design_faults(population.basis, objective))
        yield (
            place_of(answer),
            answer.stage,
            row.id,
            row.title,
            ", ".join((*row.requirements, *row.threats)),
            "deficient" if faults else "effective",
            "; ".join(faults),
            "nothing in scope" if objective.verdict is Verdict.NOT_APPLICABLE else _words(objective.verdict),
            row.reason,
            row.counts.met,
            row.counts.applicable,
            row.depth,
            ", ".join(row.methods),
            "; ".join(row.attested),
            row.provider,
        )


def _populations(population: Population) -> Table:
    """Who was asked about, by which query, and whether everybody was."""
    return _table(
        "populations",
        "Populations: the query, what it found, and that every resource has exactly one verdict",
        "workload, stage, control, query, found, judged, not judged, met, not met, unknown, excepted, not applicable, "
        "read completely",
        (
            _population_row(answer, objective, at, population.basis.context.controls[control.control])
            for answer, objective in population.objectives
            for at, control in enumerate(objective.controls)
        ),
    )


def _population_row(answer: WorkloadAssessment, objective: ObjectiveResult, at: int, compiled: Compiled) -> Cells:
    control = objective.controls[at]
    of_types = (each for kind in types_of(compiled) for each in answer.inventory.of_type(kind))
    found = {each.id for each in of_types if in_scope(compiled, each)}
    judged = [each.resource for each in control.evaluations]
    return (
        place_of(answer),
        answer.stage,
        control.control,
        query_of(answer, compiled),
        len(found),
        len(judged),
        len(found.symmetric_difference(judged)) + len(judged) - len(set(judged)),
        control.counts.met,
        control.counts.not_met,
        control.counts.unknown,
        control.counts.excepted,
        control.counts.not_applicable,
        "yes" if answer.inventory.complete else "no",
    )


def types_of(compiled: Compiled) -> Sequence[str]:
    """Return the resource types of which every one gets a verdict."""
    return compiled.subjects if isinstance(compiled, CompiledInvariant) else (compiled.control.resource,)


def query_of(answer: WorkloadAssessment, compiled: Compiled) -> str:
    """Return, in one line, the query that makes a control's population. What does not need the control is in it."""
    place = f'workload == "{answer.workload}" && stage == "{answer.stage}"' if answer.workload else "organisation"
    types = " || ".join(f'resource.type == "{each}"' for each in types_of(compiled))
    return f"({types}) && {place}" if len(types_of(compiled)) > 1 else f"{types} && {place}"


def demand_of(compiled: Compiled) -> str:
    """Return, in one line, what must hold: the expression of a control, the requests that an invariant rules out."""
    if isinstance(compiled, CompiledInvariant):
        return f"impossible: {json.dumps([dict(each) for each in compiled.invariant.never], ensure_ascii=False)}"
    return " ".join(compiled.control.require.split())


def _evaluations(population: Population) -> Table:
    """Every verdict, with the digests of the control and of the configuration that gave it."""
    as_of = f"{population.basis.context.as_of:%Y-%m-%dT%H:%M:%SZ}"
    return _table(
        "evaluations",
        "Every evaluation: one control on one resource",
        "number, workload, stage, objective, control, control digest, resource, type, account, region, "
        "configuration digest, method, verdict, with exceptions, exception, observed, where, because",
        (
            (
                each.id,
                each.place,
                each.answer.stage,
                each.objective.objective,
                each.evaluation.control,
                each.control.digest,
                each.resource.id,
                each.resource.type,
                each.resource.origin.account,
                each.resource.origin.region,
                population.digests[(each.answer.workload, each.resource.id)],
                each.row.method,
                _words(each.evaluation.verdict),
                _words(each.evaluation.effective),
                each.evaluation.exception,
                each.resource.origin.observed or as_of,
                str(each.row.position),
                each.row.explanation,
            )
            for each in population.examined
        ),
    )


def _samples(population: Population) -> Table:
    """What to examine by hand."""
    basis = population.basis
    return _table(
        "samples",
        f"Samples: of each objective and place {basis.sample} at most, seed “{basis.seed}”",
        "number, workload, objective, control, resource, where, must hold, verdict, because, drawn by, examined by, "
        "on, conclusion",
        (
            (
                each.id,
                each.place,
                each.objective.objective,
                each.evaluation.control,
                each.resource.id,
                str(each.row.position),
                demand_of(each.control),
                _words(each.evaluation.verdict),
                each.row.explanation,
                population.rank(each),
                "",
                "",
                "",
            )
            for each in population.sample
        ),
    )


def _proofs(population: Population) -> Table:
    """What was proved, over every request, with what the proof rests on."""
    return _table(
        "proofs",
        "Invariants: proved for every request, or the request that gets through",
        "number, workload, invariant, subject, verdict, what decided, rests on",
        (
            (
                each.id,
                each.place,
                each.evaluation.control,
                each.resource.id,
                _words(each.evaluation.verdict),
                each.row.explanation,
                "; ".join(f"{name}: {', '.join(texts)}" for name, texts in each.evaluation.basis),
            )
            for each in population.examined
            if each.row.method == Method.PROVED
        ),
    )


def _exceptions(population: Population) -> Table:
    """Every exception with its approval and what it covers."""
    covered: dict[str, list[str]] = {}
    for each in population.examined:
        covered.setdefault(each.evaluation.exception, []).append(each.id)
    scope = ("workload", "stage", "objective", "control", "resource")
    return _table(
        "exceptions",
        "Exceptions, with who approved them and what they are laid over",
        "exception, in force, scope, reason, compensating control, requester, approver, approved, expires, covers, "
        "evaluations, where",
        (
            (
                each.id,
                "yes" if live else "no",
                ", ".join(f"{name} {value}" for name in scope if (value := getattr(each.scope, name))),
                each.reason,
                each.compensating_control,
                each.requester,
                each.approver,
                str(each.approved),
                str(each.expires),
                len(covered.get(each.id, ())),
                " ".join(covered.get(each.id, ())),
                str(each.position),
            )
            for each, live in population.basis.context.exceptions
        ),
    )


def _controls(population: Population) -> Table:
    """What was demanded, word by word."""
    used = Counter(each.evaluation.control for each in population.examined)
    return _table(
        "controls",
        "Controls and invariants as they were judged: what must hold, parameters, examples that are tested",
        "control, digest, title, objective, severity, behavior, resource, does not apply if, must hold, parameters, "
        "looser than the catalogue, examples, evaluations, where",
        (
            _control_row(population, each, used[name])
            for name, each in sorted(population.basis.context.controls.items())
        ),
    )


def _control_row(population: Population, compiled: Compiled, used: int) -> Cells:
    it, basis = compiled.control, population.basis
    examples = (it.examples.met, it.examples.not_met, it.examples.unknown, it.examples.not_applicable)
    return (
        it.id,
        compiled.digest,
        it.title,
        it.objective,
        it.severity.value,
        ", ".join(it.behavior),
        ", ".join(types_of(compiled)),
        " ".join(it.unless.split()),
        demand_of(compiled),
        "; ".join(f"{name} = {value}" for name, value in basis.repository.params.get(it.id, {}).items()),
        ", ".join(each.parameter for each in basis.context.loosenings if each.control == it.id) or "none",
        sum(map(len, examples)),
        used,
        str(it.position),
    )


def _resources(population: Population) -> Table:
    """Every resource that was read, with the digest of its configuration."""
    judged = Counter((each.answer.workload, each.resource.id) for each in population.examined)
    return _table(
        "resources",
        "Every resource that was found",
        "workload, stage, resource, type, name, configuration digest, source, account, region, observed, where, "
        "evaluations",
        (
            (
                place_of(answer),
                answer.stage,
                each.id,
                each.type,
                each.name,
                population.digests[(answer.workload, each.id)],
                each.origin.source,
                each.origin.account,
                each.origin.region,
                each.origin.observed,
                str(each.origin.position),
                judged[(answer.workload, each.id)],
            )
            for answer in population.places
            for each in answer.inventory.resources
        ),
    )


def _not_seen(population: Population) -> Table:
    """What the answer is not about."""
    return _table(
        "not-seen",
        "What was not seen: files and parts that could not be read, resources that no control looks at",
        "workload, what, subject, why",
        _not_seen_rows(population),
    )


def _not_seen_rows(population: Population) -> Iterator[Cells]:
    for section in population.basis.context.sections:
        place = section.id or "organisation"
        yield from ((place, "wrong file", f"{each.file}:{each.line}", each.message) for each in section.faults)
        yield from ((place, "not read", each.subject, str(each.reason)) for each in section.gaps)
        yield from ((place, "declared and not created", name, why) for name, why in section.absent)
        yield from ((place, "not in the schema", each.resource, each.message) for each in section.unrecognised)
    for kind, count in population.basis.context.unjudged.items():
        yield "all", "no control looks at it", kind, f"resources: {count}"


def _findings(population: Population) -> Table:
    """How the objectives are not the right ones."""
    context = population.basis.context
    found = [*context.inappropriate, *(each for section in context.sections for each in section.inappropriate)]
    return _table(
        "appropriateness",
        "Whether the objectives are the right ones: what is missing, superfluous or cannot be measured",
        "workload, kind, subject, message, where",
        (
            (e.workload or "organisation", e.kind.replace("_", " "), e.subject, e.message, str(e.position))
            for e in found
        ),
    )


def _files(population: Population) -> Table:
    """What was read, by digest."""
    return _table(
        "files",
        "Every file of the repository and every template that was read, by digest",
        "file, bytes, SHA-256",
        ((name, size, digest) for name, (size, digest) in population.basis.files.items()),
    )


def _runs(population: Population) -> Table:
    """The runs in the ledger, where one was named."""
    return _table(
        "runs",
        "Runs in the ledger, the last ones first",
        "run, status, effective, recorded, records, first entry, last entry",
        population.basis.runs,
    )


def _words(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")


LISTS = MappingProxyType[str, Callable[[Population], Table]](
    {
        "objectives": _objectives,
        "populations": _populations,
        "evaluations": _evaluations,
        "samples": _samples,
        "proofs": _proofs,
        "exceptions": _exceptions,
        "controls": _controls,
        "resources": _resources,
        "not-seen": _not_seen,
        "appropriateness": _findings,
        "files": _files,
        "runs": _runs,
    }
)
