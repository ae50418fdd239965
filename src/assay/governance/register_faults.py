"""What can be wrong in duties, responsibilities, technologies and provider reports, besides their form."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assay.errors import Fault, nearest
from assay.governance.files import Entry
from assay.governance.model import Duty, ProviderReport, ServiceClass, Technology
from assay.inventory.schema import resource_types


@dataclass(frozen=True, slots=True)
class Names:
    """What these documents may refer to: every duty, and every service with the class that has it."""

    duties: Mapping[str, Duty]
    classes: Mapping[str, ServiceClass]

    @property
    def services(self) -> Mapping[str, str]:
        """Service → class, the first one that names it."""
        return {name: one.id for one in reversed(list(self.classes.values())) for name in one.services}


Check: TypeAlias = Callable[[Entry[Any], Names], Iterator[Fault]]


def faults(entries: Sequence[Entry[Any]], names: Names) -> Iterator[Fault]:
    """Yield every fault that the checks of each document's type find."""
    for entry in entries:
        for check in CHECKS.get(type(entry.value), ()):
            yield from check(entry, names)


def _duty(entry: Entry[Duty], _: Names) -> Iterator[Fault]:
    if not entry.value.objectives:
        yield entry.fault(("objectives",), "the duty belongs to no objective", "", "one or more")


def _class(entry: Entry[ServiceClass], names: Names) -> Iterator[Fault]:
    one = entry.value
    yield from _parties(entry, ("duties",), one.duties, names)
    for duty in names.duties.values():
        if duty.always and duty.id not in one.duties:
            yield entry.key_fault(("duties",), f"{duty.id} arises with every service", "", f"{duty.id}: {duty.always}")
    if not one.services:
        yield entry.fault(("services",), "no service is of this class", "", "one or more")


def _parties(entry: Entry[Any], path: Any, parties: Mapping[str, str], names: Names) -> Iterator[Fault]:
    for name, party in parties.items():
        duty = names.duties.get(name)
        if duty is None:
            yield entry.key_fault((*path, name), "there is no such duty", name, "", nearest(name, names.duties))
        elif duty.always and party != duty.always:
            yield entry.fault((*path, name), f"{name} is always the {duty.always}'s", party, duty.always)


def _services(entry: Entry[ServiceClass], names: Names) -> Iterator[Fault]:
    one, classes = entry.value, names.services
    for name, service in one.services.items():
        where = ("services", name)
        if classes.get(name, one.id) != one.id:
            yield entry.key_fault(where, "the service is in two classes", name, "", f"it is also in {classes[name]}")
        if not service.types and not _types_like(f"AWS::{name}::"):
            hint = nearest(name, {each.split("::")[1] for each in resource_types()})
            yield entry.key_fault(where, "no resource type belongs to it", name, "its name in AWS::<name>::…", hint)
        yield from _parties(entry, (*where, "duties"), service.duties, names)
        arising = {*one.duties, *service.duties}
        for index, duty in enumerate(service.without):
            if duty not in arising or (duty in names.duties and names.duties[duty].always):
                yield entry.fault((*where, "without", index), "the service cannot be without this duty", duty)
        misspelt = arising - {*names.duties}  # said already; its note is not one fault more
        for duty in service.notes:
            if duty not in arising and not misspelt:
                yield entry.key_fault((*where, "notes", duty), "a note on a duty that does not arise", duty)


def _patterns(entry: Entry[ServiceClass], names: Names) -> Iterator[Fault]:
    """Each pattern of types means something and is in one service only: else nobody could say whose a type is."""
    owners: dict[str, str] = {}
    for one in names.classes.values():
        for name, service in one.services.items():
            for pattern in service.types:
                owners.setdefault(pattern, name)
    for name, service in entry.value.services.items():
        for index, pattern in enumerate(service.types):
            where = ("services", name, "types", index)
            if owners.get(pattern, name) != name:
                yield entry.fault(where, "another service has these types", pattern, "", f"it is {owners[pattern]}")
            if pattern.startswith("AWS::") and not _types_like(pattern.removesuffix("*")):
                yield entry.fault(where, "there is no such resource type", pattern, "", _near(pattern))


def _types_like(beginning: str) -> bool:
    return any(each.startswith(beginning) for each in resource_types())


def _near(pattern: str) -> str:
    return nearest(pattern, resource_types())


def _report(entry: Entry[ProviderReport], names: Names) -> Iterator[Fault]:
    report = entry.value
    if report.period_end <= report.period_start:
        expected = f"a day after {report.period_start.isoformat()}"
        yield entry.fault(("period_end",), "the period ends before it begins", report.period_end.isoformat(), expected)
    if not report.services:
        yield entry.fault(("services",), "the report speaks for no service", "", "one or more")
    for index, name in enumerate(report.services):
        if name not in names.services:
            hint = nearest(name, names.services)
            expected = "" if hint else "a name that `assay responsibilities` lists"
            yield entry.fault(("services", index), "there is no such service", name, expected, hint)


def _technology(entry: Entry[Technology], names: Names) -> Iterator[Fault]:
    it = entry.value
    globs: dict[tuple[str | int, ...], str] = {
        (field, index): each
        for field in ("images", "units", "commands", "machine_images")
        for index, each in enumerate(getattr(it, field))
    }
    for manager, packages in it.packages.items():
        globs |= {("packages", manager, index): each for index, each in enumerate(packages)}
    for path, pattern in globs.items():
        if sum(each.isalnum() for each in pattern) < 2:
            yield entry.fault(path, "the pattern would match almost anything", pattern, "the name of the software")
    if not globs and not it.ports:
        yield entry.fault((), "nothing could show it", "", "images, packages, units, commands or ports")
    for index, port in enumerate(it.ports):
        if not 0 < port < 65536:
            yield entry.fault(("ports", index), "not a port", str(port), "1 to 65535")
    if not it.managed:
        yield entry.fault(("managed",), "no service would take its place", "", "one or more")
    for name in it.managed:
        if name not in names.services:
            hint = nearest(name, names.services)
            yield entry.key_fault(("managed", name), "there is no such service", name, "", hint)


CHECKS: Mapping[type, tuple[Check, ...]] = {
    Duty: (_duty,),
    ServiceClass: (_class, _services, _patterns),
    ProviderReport: (_report,),
    Technology: (_technology,),
}
