"""What we know how to ask: the catalogue alone, or as a governance repository sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from assay.errors import UsageError, nearest
from assay.governance.compiled import CompiledControl, CompiledObjective
from assay.governance.repository import Catalogue, Repository, read_catalogue, read_repository

Knowledge = Catalogue | Repository
T = TypeVar("T")


def knowledge(directory: Path | None) -> Knowledge:
    """Return the catalogue, or the repository at `directory` with the catalogue under it. Raises FaultyFiles."""
    return read_repository(directory) if directory else read_catalogue()


def controls_matching(known: Knowledge, name: str, resource: str) -> Sequence[CompiledControl]:
    """Return one control by id, or all, or all of a resource type. Raises UsageError on an unknown id or type."""
    if name:
        return [_one("control", name, known.controls)]
    types = {each.control.resource for each in known.controls.values()}
    if resource and resource not in types:
        raise UsageError(f"no control judges {resource!r}; {nearest(resource, types) or 'see assay controls'}")
    return [each for each in known.controls.values() if resource in ("", each.control.resource)]


def objectives_matching(known: Knowledge, name: str) -> Sequence[CompiledObjective]:
    """Return one objective by id, or all. Raises UsageError on an unknown id."""
    return [_one("objective", name, known.objectives)] if name else list(known.objectives.values())


def _one(kind: str, name: str, known: Mapping[str, T]) -> T:
    if name not in known:
        raise UsageError(f"no {kind} {name!r}; {nearest(name, known) or f'see assay {kind}s'}")
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


def control_document(known: Knowledge, compiled: CompiledControl) -> Mapping[str, Any]:
    """Return a control as plain JSON values."""
    control = compiled.control
    return {
        "id": control.id,
        "title": control.title,
        "objective": control.objective,
        "why": control.why,
        "resource": control.resource,
        "require": control.require,
        "unless": control.unless or None,
        "severity": control.severity,
        "behavior": list(control.behavior),
        "layer": control.layer,
        "params": {name: asdict(each) for name, each in control.params.items()},
        "remedy": control.remedy,
        "requirements": list(requirements_for(known, control.objective, control.id)),
        "digest": compiled.digest,
    }


def objective_document(known: Knowledge, compiled: CompiledObjective) -> Mapping[str, Any]:
    """Return an objective as plain JSON values."""
    objective = {key: value for key, value in asdict(compiled.objective).items() if key != "position"}
    return {
        **objective,
        "requirements": list(requirements_for(known, compiled.objective.id)),
        "controls": [each.control.id for each in serving(known, compiled.objective.id)],
    }
