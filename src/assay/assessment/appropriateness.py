"""Are the objectives the right ones? What is missing, superfluous or cannot be measured, each with its place.

Every detector is one function from the repository (and what was found) to findings; `DETECTORS` lists them.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from assay.assessment.check import unjudged_resources
from assay.assessment.objectives import ObjectiveResult
from assay.governance.compiled import FACTS
from assay.governance.coverage import coverage
from assay.governance.model import Layer
from assay.governance.repository import Repository
from assay.inventory.resource import Inventory, Position


class Kind(enum.StrEnum):
    """What is inappropriate. The text is part of the JSON output: a promise."""

    ORPHAN_OBJECTIVE = "orphan_objective"
    REQUIREMENT_GAP = "requirement_gap"
    FRAMEWORK_WITHOUT_DRIVER = "framework_without_driver"
    DRIVER_WITHOUT_FRAMEWORK = "driver_without_framework"
    WORKLOAD_WITHOUT_DRIVERS = "workload_without_drivers"
    OBJECTIVE_WITHOUT_MEASURE = "objective_without_measure"
    OBJECTIVE_WITHOUT_CONTROL = "objective_without_control"
    CONTROL_WITHOUT_OBJECTIVE = "control_without_objective"
    RESOURCE_WITHOUT_CONTROL = "resource_without_control"
    BROKEN_LINK = "broken_link"


@dataclass(frozen=True, slots=True, order=True)
class Inappropriate:
    """One way in which the objectives are not the right ones. `workload` is "" for the whole organisation."""

    kind: Kind
    subject: str
    message: str
    workload: str = ""
    position: Position = Position("")


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at in one workload, and what was answered."""

    inventory: Inventory
    objectives: Mapping[str, ObjectiveResult]


def organisation_findings(repository: Repository) -> tuple[Inappropriate, ...]:
    """Return what is inappropriate in the repository itself, sorted."""
    return tuple(sorted(finding for detector in REPOSITORY_DETECTORS for finding in detector(repository)))


def workload_findings(repository: Repository, workload: str, examined: Examined) -> tuple[Inappropriate, ...]:
    """Return what is inappropriate for one workload, sorted."""
    found = (each for detector in WORKLOAD_DETECTORS for each in detector(repository, workload, examined))
    return tuple(sorted(found))


def _required(repository: Repository) -> set[str]:
    """Return the objectives that a requirement of an adopted framework points to, or one of whose controls it names."""
    wanted: set[str] = set()
    for framework in repository.adopted:
        for requirement in framework.requirements.values():
            wanted.update(requirement.objectives)
            wanted.update(
                repository.serving[each].control.objective
                for each in requirement.controls
                if each in repository.serving
            )
    return wanted


def _orphan_objectives(repository: Repository) -> Iterator[Inappropriate]:
    required = _required(repository)
    for compiled in repository.objectives.values():
        objective = compiled.objective
        if objective.id not in required and not objective.threats:
            message = "neither a requirement nor a threat is behind it; name one, or drop the objective"
            yield Inappropriate(Kind.ORPHAN_OBJECTIVE, objective.id, message, position=objective.position)


def _requirement_gaps(repository: Repository) -> Iterator[Inappropriate]:
    for framework in repository.adopted:
        for key in coverage(repository, framework).gaps:
            message = "no objective and no control answers this requirement of an adopted framework"
            yield Inappropriate(Kind.REQUIREMENT_GAP, f"{framework.id} {key}", message, position=framework.position)


def drivers(repository: Repository, workload: str) -> set[str]:
    """Return what drives the requirements of a workload: its data classes, jurisdictions and contracts."""
    profile = repository.workloads[workload]
    return {*profile.data_classes, *profile.jurisdictions, *profile.contracts}


ANY_DRIVER = "any"  # a framework that an organisation may adopt for its own sake


def _frameworks_without_driver(repository: Repository) -> Iterator[Inappropriate]:
    driving = {driver for workload in repository.workloads for driver in drivers(repository, workload)}
    for framework in repository.adopted:
        if ANY_DRIVER not in framework.drivers and not driving.intersection(framework.drivers):
            message = (
                f"adopted, but no workload has one of its drivers: {', '.join(framework.drivers) or 'none stated'}"
            )
            yield Inappropriate(
                Kind.FRAMEWORK_WITHOUT_DRIVER, framework.id, message, position=repository.organisation.position
            )


def _objectives_without_measure(repository: Repository) -> Iterator[Inappropriate]:
    for compiled in repository.objectives.values():
        objective = compiled.objective
        missing = [name for name in ("measure", "target") if not getattr(objective, name)]
        if missing:
            message = f"has no {' and no '.join(missing)}; nobody can tell when it is met"
            yield Inappropriate(Kind.OBJECTIVE_WITHOUT_MEASURE, objective.id, message, position=objective.position)


def _objectives_without_control(repository: Repository) -> Iterator[Inappropriate]:
    served = {compiled.control.objective for compiled in repository.serving.values()}
    for compiled in repository.objectives.values():
        objective = compiled.objective
        provided = objective.layer is Layer.INHERITED and repository.register.duties_for(objective.id)
        if objective.id not in served and not provided:
            message = "no control serves it; write one, or record evidence by hand"
            yield Inappropriate(Kind.OBJECTIVE_WITHOUT_CONTROL, objective.id, message, position=objective.position)


def _controls_without_objective(repository: Repository) -> Iterator[Inappropriate]:
    for compiled in repository.serving.values():
        control = compiled.control
        if control.objective not in repository.objectives:
            message = f"serves the objective {control.objective!r}, which does not exist"
            yield Inappropriate(Kind.CONTROL_WITHOUT_OBJECTIVE, control.id, message, position=control.position)


def _broken_links(repository: Repository) -> Iterator[Inappropriate]:
    for fault in repository.dangling:
        position = Position(fault.file, fault.line, fault.column)
        yield Inappropriate(Kind.BROKEN_LINK, fault.found, fault.message, position=position)


def _without_drivers(repository: Repository, workload: str, _: Examined) -> Iterator[Inappropriate]:
    if not drivers(repository, workload):
        message = "declares no data class, jurisdiction or contract; nobody can say which requirements it has"
        position = repository.workloads[workload].position
        yield Inappropriate(Kind.WORKLOAD_WITHOUT_DRIVERS, workload, message, workload, position)


def _drivers_without_framework(repository: Repository, workload: str, _: Examined) -> Iterator[Inappropriate]:
    adopted = repository.adopted
    for driver in sorted(drivers(repository, workload)):
        if not any(driver in framework.drivers for framework in adopted):
            offers = sorted(each.id for each in repository.frameworks.values() if driver in each.drivers)
            hint = f"; {', '.join(offers)} would" if offers else ""
            message = f"no adopted framework answers it{hint}"
            position = repository.workloads[workload].position
            yield Inappropriate(Kind.DRIVER_WITHOUT_FRAMEWORK, driver, message, workload, position)


def _resources_without_control(repository: Repository, workload: str, examined: Examined) -> Iterator[Inappropriate]:
    results = examined.objectives.values()
    evaluations = (one for each in results for control in each.controls for one in control.evaluations)
    for resource in unjudged_resources(examined.inventory, evaluations):
        if resource.type not in FACTS:
            message = f"no control of an applicable objective looks at {resource.type}"
            yield Inappropriate(
                Kind.RESOURCE_WITHOUT_CONTROL, resource.name, message, workload, resource.origin.position
            )


RepositoryDetector = Callable[[Repository], Iterable[Inappropriate]]
WorkloadDetector = Callable[[Repository, str, Examined], Iterable[Inappropriate]]

REPOSITORY_DETECTORS: tuple[RepositoryDetector, ...] = (
    _orphan_objectives,
    _requirement_gaps,
    _frameworks_without_driver,
    _objectives_without_measure,
    _objectives_without_control,
    _controls_without_objective,
    _broken_links,
)
WORKLOAD_DETECTORS: tuple[WorkloadDetector, ...] = (
    _without_drivers,
    _drivers_without_framework,
    _resources_without_control,
)
