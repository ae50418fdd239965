"""Questions about what must hold, to the catalogue alone or to a governance repository with the catalogue under it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

from assay.errors import UsageError, nearest
from assay.governance.compiled import CompiledControl, CompiledObjective
from assay.governance.model import Duty, Framework, Layer, ProviderReport
from assay.governance.repository import Catalogue, Repository, read_catalogue, read_repository
from assay.governance.responsibilities import RegisteredService

Knowledge: TypeAlias = Catalogue | Repository
T = TypeVar("T")


def knowledge(directory: Path | None) -> Knowledge:
    """Return the catalogue, or the repository at `directory` with the catalogue under it. Raises FaultyFiles."""
    return read_repository(directory) if directory else read_catalogue()


def controls_matching(
    known: Knowledge, name: str, resource: str = "", objective: str = ""
) -> Sequence[CompiledControl]:
    """Return one control by id, or all of a resource type and objective, "" for any.

    Raises UsageError on an unknown id, type or objective.
    """
    if name:
        return [_one("control", name, known.controls)]
    types = {each.control.resource for each in known.controls.values()}
    if resource and resource not in types:
        raise UsageError(f"no control judges {resource!r}; {nearest(resource, types) or 'see `assay controls`'}")
    if objective:
        _one("objective", objective, known.objectives)
    return [
        each
        for each in known.controls.values()
        if resource in ("", each.control.resource) and objective in ("", each.control.objective)
    ]


def objectives_matching(known: Knowledge, name: str) -> Sequence[CompiledObjective]:
    """Return one objective by id, or all. Raises UsageError on an unknown id."""
    return [_one("objective", name, known.objectives)] if name else list(known.objectives.values())


def frameworks_matching(known: Knowledge, name: str) -> Sequence[Framework]:
    """Return one framework by id, or all. Raises UsageError on an unknown id."""
    return [_one("framework", name, known.frameworks)] if name else list(known.frameworks.values())


def services_matching(known: Knowledge, name: str) -> Sequence[RegisteredService]:
    """Return one service of the register by its name, or all. Raises UsageError on an unknown name."""
    services = known.register.services
    if name and name not in services:
        hint = nearest(name, services)
        raise UsageError(f"no service {name!r} in the register; {hint or 'see `assay responsibilities`'}")
    return [services[name]] if name else list(services.values())


def duties_of(known: Knowledge, objective: str) -> Sequence[Duty]:
    """Return the duties of the register that belong to an objective."""
    duties = known.duties if isinstance(known, Catalogue) else known.register.duties
    return [each for each in duties.values() if objective in each.objectives]


def rests_on_provider(known: Knowledge, objective: str) -> bool:
    """Whether the provider's audit reports answer an objective: it is inherited, and a duty belongs to it."""
    inherited = known.objectives[objective].objective.layer is Layer.INHERITED
    return inherited and bool(duties_of(known, objective))


def reports_of(known: Knowledge) -> Sequence[ProviderReport]:
    """Return the provider's audit reports: a repository has some, the catalogue none."""
    return tuple(known.reports.values()) if isinstance(known, Repository) else ()


def _one(kind: str, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        listing = "framework show" if kind == "framework" else f"{kind}s"
        raise UsageError(f"no {kind} {name!r}; {nearest(name, known) or f'see `assay {listing}`'}")
    return known[name]


def serving(known: Knowledge, objective: str) -> Sequence[CompiledControl]:
    """Return the controls that serve an objective."""
    return [each for each in known.controls.values() if each.control.objective == objective]


def requirements_for(known: Knowledge, objective: str, control: str = "") -> Sequence[str]:
    """Return "framework requirement" for each requirement that points to the objective, or to the control if given."""
    return [
        f"{framework.id} {key}"
        for framework in known.frameworks.values()
        for key, requirement in framework.requirements.items()
        if (control and control in requirement.controls) or (not control and objective in requirement.objectives)
    ]
