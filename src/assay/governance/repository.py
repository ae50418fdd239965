"""The governance repository: its documents and the built-in catalogue under them, read, checked and joined.

A document of the repository replaces the catalogue's with the same id, and `Repository.replaced` says so.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from assay.errors import Fault, FaultyFiles, UsageError
from assay.governance import links
from assay.governance.compiled import CompiledControl, CompiledInvariant, CompiledObjective
from assay.governance.files import ORGANISATION, Entry, Source, by_id, collect, parse
from assay.governance.model import (
    ApprovedException,
    Control,
    Duty,
    Framework,
    FrameworkTexts,
    Invariant,
    Objective,
    Organisation,
    ProviderReport,
    Requirement,
    ServiceClass,
    Technology,
    Workload,
)
from assay.governance.parameters import Loosening, defaults, effective
from assay.governance.profiles import profile
from assay.governance.responsibilities import Register, register
from assay.inventory.values import Value

__all__ = ["Catalogue", "Loosening", "Repository", "read_catalogue", "read_repository"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What must hold, whoever one is: controls, objectives and frameworks by id.

    dangling      Links that lead nowhere (see `links.dangling`).
    duties        What somebody has to do for a service to be secure, by id.
    classes       Services by how the duties are divided between provider and customer, by id.
    technologies  Software that people run themselves and could have as a managed service, by id.
    invariants    What guardrails and policies must make impossible, by id: preventive controls.
    """

    objectives: Mapping[str, CompiledObjective]
    controls: Mapping[str, CompiledControl]
    frameworks: Mapping[str, Framework]
    dangling: tuple[Fault, ...] = ()
    duties: Mapping[str, Duty] = field(default_factory=dict)
    classes: Mapping[str, ServiceClass] = field(default_factory=dict)
    technologies: Mapping[str, Technology] = field(default_factory=dict)
    invariants: Mapping[str, CompiledInvariant] = field(default_factory=dict)

    @property
    def register(self) -> Register:
        """Every service with its duties; made anew each time."""
        return register(self.duties, self.classes.values())

    @property
    def params(self) -> Mapping[str, Mapping[str, Any]]:
        """Control id → parameter → default, for every control that has parameters."""
        return defaults(self.controls)


EMPTY = Catalogue({}, {}, {})


@dataclass(frozen=True, slots=True)
class Repository:
    """A governance repository that is right: everything in it by id, with the catalogue under it.

    params      Control id → parameter → effective value, for every control that has parameters.
    profiles    Workload id → the value of `workload` in expressions.
    loosenings  Parameters set less strictly than their control does.
    dangling    Links of the chain that lead nowhere; `found` is the missing id. Findings, not faults.
    texts       Framework id → the official texts of its requirements, where they were imported.
    own         ("control" | "objective" | "framework", id) of what the repository itself states.
    replaced    Those of `own` that stand in place of the catalogue's.
    register    Every service with its duties.
    reports     Audit reports of the provider, by id.
    """

    directory: Path
    organisation: Organisation
    workloads: Mapping[str, Workload]
    objectives: Mapping[str, CompiledObjective]
    controls: Mapping[str, CompiledControl]
    frameworks: Mapping[str, Framework]
    exceptions: Mapping[str, ApprovedException]
    params: Mapping[str, Mapping[str, Any]]
    profiles: Mapping[str, Mapping[str, Value]]
    loosenings: tuple[Loosening, ...] = ()
    dangling: tuple[Fault, ...] = ()
    texts: Mapping[str, FrameworkTexts] = field(default_factory=dict)
    own: frozenset[tuple[str, str]] = frozenset()
    replaced: frozenset[tuple[str, str]] = frozenset()
    register: Register = field(default_factory=lambda: register({}, ()))
    technologies: Mapping[str, Technology] = field(default_factory=dict)
    reports: Mapping[str, ProviderReport] = field(default_factory=dict)
    invariants: Mapping[str, CompiledInvariant] = field(default_factory=dict)

    @property
    def serving(self) -> Mapping[str, CompiledControl | CompiledInvariant]:
        """Whatever serves objectives, by id: the controls that are examined and the invariants that are proved."""
        return {**self.controls, **self.invariants}

    @property
    def adopted(self) -> tuple[Framework, ...]:
        """The frameworks that the organisation holds itself to, in its order."""
        return tuple(self.frameworks[each] for each in self.organisation.frameworks if each in self.frameworks)


def read_catalogue() -> Catalogue:
    """Return the built-in catalogue, from the cache if it is there. Raises FaultyFiles."""
    from assay.governance.cache import cached_catalogue

    return cached_catalogue()


def compile_catalogue(sources: Sequence[Source]) -> Catalogue:
    """Return a catalogue out of its files. Raises FaultyFiles with every fault."""
    faults: list[Fault] = []
    entries = parse(list(sources), faults)
    stated = _compile(entries, faults)
    faults.extend(_register_faults(entries, stated))
    if faults:
        raise FaultyFiles(faults)
    serving = {**stated.controls, **stated.invariants}
    return replace(stated, dangling=tuple(links.dangling(_all(entries), stated.objectives, serving)))


def _compile(entries: Mapping[type, list[Entry[Any]]], faults: list[Fault]) -> Catalogue:
    objectives = by_id(entries.get(Objective, []), faults)
    controls = by_id(entries.get(Control, []), faults)
    plain = Catalogue(
        {},
        {},
        _values(by_id(entries.get(Framework, []), faults)),
        duties=_values(by_id(entries.get(Duty, []), faults)),
        classes=_values(by_id(entries.get(ServiceClass, []), faults)),
        technologies=_values(by_id(entries.get(Technology, []), faults)),
        invariants={
            name: CompiledInvariant(each.value) for name, each in by_id(entries.get(Invariant, []), faults).items()
        },
    )
    if not objectives and not controls:
        return plain
    from assay.governance.compilation import compile_control, compile_objective  # imports the parser

    return replace(
        plain,
        objectives=_done({name: compile_objective(each, faults) for name, each in objectives.items()}),
        controls=_done({name: compile_control(each, faults) for name, each in controls.items()}),
    )


def _values(entries: Mapping[str, Entry[T]]) -> dict[str, T]:
    return {name: each.value for name, each in entries.items()}


def _register_faults(entries: Mapping[type, list[Entry[Any]]], known: Catalogue) -> Iterator[Fault]:
    concerned = [each for kind in (Duty, ServiceClass, ProviderReport, Technology) for each in entries.get(kind, [])]
    if concerned:
        from assay.governance.register_faults import Names, faults  # reads the schemas

        yield from faults(concerned, Names(known.duties, known.classes))


def _done(compiled: Mapping[str, T | None]) -> dict[str, T]:
    return {name: each for name, each in compiled.items() if each is not None}


def _all(entries: Mapping[type, list[Entry[Any]]]) -> list[Entry[Any]]:
    return [entry for each in entries.values() for entry in each]


def read_repository(directory: Path, catalogue: bool = True) -> Repository:
    """Return the repository at `directory`, with the built-in catalogue under it unless `catalogue` is False.

    Raises FaultyFiles with every fault of every file, UsageError when there is no such directory.
    """
    if not directory.is_dir():
        raise UsageError(f"{directory} is not a folder; expected a governance repository, as `assay init` makes one")
    faults: list[Fault] = []
    sources = collect(directory, "", faults)
    entries = parse(sources, faults)
    below = read_catalogue() if catalogue else EMPTY
    stated = _compile(entries, faults)
    top: list[Entry[Organisation]] = entries.get(Organisation, [])
    if not top and not any(fault.file == str(directory / ORGANISATION) for fault in faults):
        remedy = "`assay init DIR` writes one"
        faults.append(Fault(str(directory / ORGANISATION), 0, 0, "the file is missing", "", "the organisation", remedy))
    if not top:  # nothing can be checked against it; its faults come first
        raise FaultyFiles(faults)
    return _join(directory, top[0], entries, (below, stated), _Read(faults, sources))


@dataclass(frozen=True, slots=True)
class _Read:
    """What was wrong while reading, and the files that were read, right or wrong."""

    faults: list[Fault]
    sources: Sequence[Source]

    def stated(self, kind: type) -> dict[str, object]:
        """Return the ids of the documents of a type, faulty ones included: an id is the file's name."""
        return {Path(each.file).stem: None for each in self.sources if each.holds is kind}


def _join(
    directory: Path,
    organisation: Entry[Organisation],
    entries: Mapping[type, list[Entry[Any]]],
    layers: tuple[Catalogue, Catalogue],
    reading: _Read,
) -> Repository:
    below, stated = layers
    faults = reading.faults
    workloads = by_id(entries.get(Workload, []), faults)
    exceptions = by_id(entries.get(ApprovedException, []), faults)
    reports = by_id(entries.get(ProviderReport, []), faults)
    texts = by_id(entries.get(FrameworkTexts, []), faults)
    objectives = _over(below.objectives, stated.objectives)
    controls = _over(below.controls, stated.controls)
    invariants = _over(below.invariants, stated.invariants)
    faults += _twice(entries, controls)
    serving = {**controls, **invariants}
    frameworks = _over(below.frameworks, stated.frameworks)
    divided = Catalogue(
        {}, {}, {}, duties=_over(below.duties, stated.duties), classes=_over(below.classes, stated.classes)
    )
    known = links.Known(directory, organisation.value, workloads, objectives, serving, frameworks)
    faults.extend(links.faults(_all(entries), _with_faulty(known, reading)))
    faults.extend(_register_faults(entries, divided))
    parameters = effective(controls, _without_faulty(organisation, reading.stated(Control).keys() - controls), faults)
    if faults:
        raise FaultyFiles(faults)
    mended = {*stated.objectives, *stated.controls, *stated.invariants}
    dangling = [each for each in below.dangling if each.found not in mended]
    dangling += links.dangling(_all(entries), objectives, serving)
    own = _names(stated)
    return Repository(
        directory=directory,
        organisation=organisation.value,
        workloads={name: each.value for name, each in workloads.items()},
        objectives=objectives,
        controls=controls,
        frameworks={name: _complete(each, texts.get(name)) for name, each in frameworks.items()},
        exceptions={name: each.value for name, each in exceptions.items()},
        params=parameters.values,
        profiles={name: profile(each.value) for name, each in workloads.items()},
        loosenings=parameters.loosenings,
        dangling=tuple(dangling),
        texts={name: each.value for name, each in texts.items()},
        own=own,
        replaced=own & _names(below),
        register=divided.register,
        technologies=_over(below.technologies, stated.technologies),
        reports=_values(reports),
        invariants=invariants,
    )


def _twice(entries: Mapping[type, list[Entry[Any]]], controls: Mapping[str, object]) -> Iterator[Fault]:
    """Yield a fault for each invariant by the id of a control: exceptions and reports name both alike."""
    for entry in entries.get(Invariant, []):
        if entry.value.id in controls:
            yield entry.fault(("id",), "a control has the same id", entry.value.id, "", "rename the invariant")


def _over(below: Mapping[str, T], above: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted({**below, **above}.items()))


def _names(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    return frozenset(
        (kind, name)
        for kind, held in (
            ("objective", catalogue.objectives),
            ("control", catalogue.controls),
            ("framework", catalogue.frameworks),
            ("invariant", catalogue.invariants),
        )
        for name in held
    )


def _with_faulty(known: links.Known, reading: _Read) -> links.Known:
    """Return what may be referred to, with the documents that are faulty themselves.

    One misspelt property must not make every reference to its control a fault as well.
    """
    return replace(
        known,
        workloads={**reading.stated(Workload), **known.workloads},
        controls={**reading.stated(Control), **reading.stated(Invariant), **known.controls},
        objectives={**reading.stated(Objective), **known.objectives},
        frameworks={**reading.stated(Framework), **known.frameworks},
    )


def _without_faulty(organisation: Entry[Organisation], controls: Set[str]) -> Entry[Organisation]:
    """Return the organisation without the parameters of faulty controls, for the same reason."""
    value = organisation.value
    kept = {name: each for name, each in value.parameters.items() if name not in controls}
    return replace(organisation, value=replace(value, parameters=kept))


def _complete(framework: Framework, texts: Entry[FrameworkTexts] | None) -> Framework:
    """Return the framework with the requirements that only its imported texts know: nothing answers them yet."""
    if texts is None:
        return framework
    missing = {
        key: Requirement(each.title)
        for key, each in texts.value.requirements.items()
        if key not in framework.requirements and not each.withdrawn
    }
    return replace(framework, requirements={**framework.requirements, **missing})
