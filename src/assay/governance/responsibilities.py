"""Whose duty is what: the register of services, their duties, and the audit reports that back the provider's part."""

import datetime
import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.governance.model import Duty, Party, ProviderReport, ServiceClass

PROVIDER = "AWS"


@dataclass(frozen=True, slots=True)
class Row:
    """One duty with one service: whose it is, and what to know of that."""

    duty: str
    party: Party
    note: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredService:
    """A service with every duty that arises with it, in the order of its class."""

    id: str
    title: str
    kind: str
    types: tuple[str, ...]
    rows: tuple[Row, ...]

    def of(self, *parties: Party) -> tuple[Row, ...]:
        """Return the rows that lie with one of the parties."""
        return tuple(each for each in self.rows if each.party in parties)

    @property
    def for_customer(self) -> tuple[Row, ...]:
        """What the customer has to do: alone, or beside the provider."""
        return self.of("customer", "shared")


@dataclass(frozen=True, slots=True)
class Register:
    """Services and duties by id."""

    duties: Mapping[str, Duty]
    services: Mapping[str, RegisteredService]

    def service_of(self, resource_type: str) -> RegisteredService | None:
        """Return the service that a resource type belongs to, by the longest pattern; None: nobody has said it."""
        own = resource_type.split("::")[1] if resource_type.startswith("AWS::") and "::" in resource_type[5:] else ""
        found = [(len(f"AWS::{own}::"), own)] if own in self.services and not self.services[own].types else []
        found += [
            (len(pattern), each.id)
            for each in self.services.values()
            for pattern in each.types
            if fnmatch.fnmatchcase(resource_type, pattern)
        ]
        return self.services[max(found)[1]] if found else None

    def services_of(self, resource_types: Iterable[str]) -> tuple[tuple[RegisteredService, ...], tuple[str, ...]]:
        """Return the services that resource types belong to, and the types that belong to none; facts of ours aside."""
        services: dict[str, RegisteredService] = {}
        unknown = []
        for each in sorted({each for each in resource_types if not each.startswith("Assay::")}):
            service = self.service_of(each)
            if service:
                services[service.id] = service
            else:
                unknown.append(each)
        return tuple(services[each] for each in sorted(services)), tuple(unknown)

    def duties_for(self, objective: str) -> frozenset[str]:
        """Return the ids of the duties that belong to an objective."""
        return frozenset(name for name, duty in self.duties.items() if objective in duty.objectives)


def register(duties: Mapping[str, Duty], classes: Iterable[ServiceClass]) -> Register:
    """Return the register that classes and the deviations of their services make."""
    services = {each.id: each for one in classes for each in _services(one)}
    return Register(duties, dict(sorted(services.items())))


def _services(one: ServiceClass) -> Iterator[RegisteredService]:
    for name, service in one.services.items():
        divided = {**one.duties, **service.duties}
        rows = tuple(
            Row(duty, party, service.notes.get(duty, ""))
            for duty, party in divided.items()
            if duty not in service.without
        )
        yield RegisteredService(name, service.title, one.id, service.types, rows)


def lapse(report: ProviderReport, today: datetime.date) -> str:
    """Return why nobody may rest on the report on a day; "" when it is in force."""
    if report.acceptance == "explicit" and not report.accepted_by.strip():
        return "its terms have not been accepted"
    if today < report.period_start:
        return f"its period begins on {report.period_start.isoformat()}"
    if today > report.period_end:
        return f"its period ended on {report.period_end.isoformat()}"
    return ""


@dataclass(frozen=True, slots=True)
class Share:
    """What the provider does for one objective with one service, and the reports that say that it does.

    rows      The duties that are the provider's, alone or beside the customer.
    in_force  (report id, the last day of its period) of the reports that back it.
    lapsed    (report id, why it does not count) of the other reports with the service in their scope.
    """

    service: str
    rows: tuple[Row, ...]
    in_force: tuple[tuple[str, datetime.date], ...]
    lapsed: tuple[tuple[str, str], ...]

    @property
    def duties(self) -> str:
        """The duties as people read them; one that is not the provider's alone says so."""
        return ", ".join(each.duty + (" (shared)" if each.party == "shared" else "") for each in self.rows)

    @property
    def backing(self) -> str:
        """Which report backs it, or why none does."""
        if self.in_force:
            return "backed by " + ", ".join(f"{report} until {end.isoformat()}" for report, end in self.in_force)
        if self.lapsed:
            return "no report in force: " + "; ".join(f"{report}: {why}" for report, why in self.lapsed)
        return "no report under provider-reports/ has it in its scope"


def shares(
    known: Register,
    reports: Sequence[ProviderReport],
    objective: str,
    services: Iterable[RegisteredService],
    today: datetime.date,
) -> tuple[Share, ...]:
    """Return the provider's share in an objective with each service where there is one."""
    wanted = known.duties_for(objective)
    found = []
    for service in services:
        rows = tuple(each for each in service.of("provider", "shared") if each.duty in wanted)
        if rows:
            covering = [(each, lapse(each, today)) for each in reports if service.id in each.services]
            in_force = tuple((each.id, each.period_end) for each, why in covering if not why)
            found.append(Share(service.id, rows, in_force, tuple((each.id, why) for each, why in covering if why)))
    return tuple(found)
