"""The lists of an auditor's pack: each one a function of the population."""

from collections.abc import Callable
from types import MappingProxyType

from assay.reports.audience import source_lists, verdict_lists
from assay.reports.audience.page import Table
from assay.reports.audience.population import Population

LISTS = MappingProxyType[str, Callable[[Population], Table]](
    {
        "objectives": verdict_lists.objectives,
        "populations": verdict_lists.populations,
        "evaluations": verdict_lists.evaluations,
        "samples": verdict_lists.samples,
        "proofs": verdict_lists.proofs,
        "exceptions": verdict_lists.exceptions,
        "controls": source_lists.controls,
        "resources": source_lists.resources,
        "not-seen": source_lists.not_seen,
        "appropriateness": source_lists.appropriateness,
        "files": source_lists.files,
        "runs": source_lists.runs,
    }
)


def tables(population: Population) -> dict[str, Table]:
    """Return every list by its name."""
    return {name: make(population) for name, make in LISTS.items()}
