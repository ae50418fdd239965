"""The lists of what was found: objectives, populations, evaluations, samples, proofs, exceptions.

Every evaluation has a number, E1 and on, by which the other lists name it.
"""

from collections.abc import Iterator

from assay.assessment.assess import WorkloadAssessment
from assay.assessment.evaluation import in_scope
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Method, Verdict
from assay.canonical import rfc3339
from assay.reports.audience.listing import Cells, Compiled, demand_of, listing, query_of, types_of, words
from assay.reports.audience.page import Table
from assay.reports.audience.population import Examined, Population, design_faults, place_of


def objectives(population: Population) -> Table:
    """Design apart from operation."""
    return listing(
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
            "nothing in scope" if objective.verdict is Verdict.NOT_APPLICABLE else words(objective.verdict),
            row.reason,
            row.counts.met,
            row.counts.applicable,
            row.depth,
            ", ".join(row.methods),
            "; ".join(row.attested),
            row.provider,
        )


def populations(population: Population) -> Table:
    """Who was asked about, by which query, and whether everybody was."""
    return listing(
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


def evaluations(population: Population) -> Table:
    """Every verdict, with the digests of the control and of the configuration that gave it."""
    as_of = rfc3339(population.basis.context.as_of)
    return listing(
        "evaluations",
        "Every evaluation: one control on one resource",
        "number, workload, stage, objective, control, control digest, resource, type, account, region, "
        "configuration digest, method, verdict, with exceptions, exception, observed, ledger entry, where, because",
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
                words(each.evaluation.verdict),
                words(each.evaluation.effective),
                each.evaluation.exception,
                each.resource.origin.observed or as_of,
                entry_of(population, each),
                str(each.row.position),
                each.row.explanation,
            )
            for each in population.examined
        ),
    )


def entry_of(population: Population, each: Examined) -> str:
    """Return the number of the ledger's last record of an evaluation, "" where it has none or of another verdict."""
    key = (each.answer.workload, each.answer.stage, each.evaluation.control, each.resource.id)
    number, verdict = population.basis.entries.get(key, (0, ""))
    return str(number) if verdict == each.evaluation.verdict else ""


def samples(population: Population) -> Table:
    """What to examine by hand."""
    basis = population.basis
    return listing(
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
                words(each.evaluation.verdict),
                each.row.explanation,
                population.rank(each),
                "",
                "",
                "",
            )
            for each in population.sample
        ),
    )


def proofs(population: Population) -> Table:
    """What was proved, over every request, with what the proof rests on."""
    return listing(
        "proofs",
        "Invariants: proved for every request, or the request that gets through",
        "number, workload, invariant, subject, verdict, what decided, rests on",
        (
            (
                each.id,
                each.place,
                each.evaluation.control,
                each.resource.id,
                words(each.evaluation.verdict),
                each.row.explanation,
                "; ".join(f"{name}: {', '.join(texts)}" for name, texts in each.evaluation.basis),
            )
            for each in population.examined
            if each.row.method == Method.PROVED
        ),
    )


def exceptions(population: Population) -> Table:
    """Every exception with its approval and what it covers."""
    covered: dict[str, list[str]] = {}
    for each in population.examined:
        covered.setdefault(each.evaluation.exception, []).append(each.id)
    scope = ("workload", "stage", "objective", "control", "resource")
    return listing(
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
