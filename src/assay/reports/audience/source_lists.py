"""The lists of what the answer rests on: controls, resources, files, runs; what was not seen; what is inappropriate."""

from collections import Counter
from collections.abc import Iterator

from assay.reports.audience.listing import Cells, Compiled, demand_of, listing, types_of
from assay.reports.audience.page import Table
from assay.reports.audience.population import Population, place_of


def controls(population: Population) -> Table:
    """What was demanded, word by word."""
    used = Counter(each.evaluation.control for each in population.examined)
    return listing(
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


def resources(population: Population) -> Table:
    """Every resource that was read, with the digest of its configuration."""
    judged = Counter((each.answer.workload, each.resource.id) for each in population.examined)
    return listing(
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


def not_seen(population: Population) -> Table:
    """What the answer is not about."""
    return listing(
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


def appropriateness(population: Population) -> Table:
    """How the objectives are not the right ones."""
    context = population.basis.context
    found = [*context.inappropriate, *(each for section in context.sections for each in section.inappropriate)]
    return listing(
        "appropriateness",
        "Whether the objectives are the right ones: what is missing, superfluous or cannot be measured",
        "workload, kind, subject, message, where",
        (
            (e.workload or "organisation", e.kind.replace("_", " "), e.subject, e.message, str(e.position))
            for e in found
        ),
    )


def files(population: Population) -> Table:
    """What was read, by digest."""
    return listing(
        "files",
        "Every file of the repository and every template that was read, by digest",
        "file, bytes, SHA-256",
        ((name, size, digest) for name, (size, digest) in population.basis.files.items()),
    )


def runs(population: Population) -> Table:
    """The runs in the ledger, where one was named."""
    return listing(
        "runs",
        "Runs in the ledger, the last ones first",
        "run, status, effective, recorded, records, first entry, last entry",
        population.basis.runs,
    )
