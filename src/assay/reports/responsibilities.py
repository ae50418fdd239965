"""The register of responsibilities: every service in a list, or one with its duties; for the terminal and as JSON."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assay.governance.model import Duty, Party, ProviderReport
from assay.governance.responsibilities import PROVIDER, Register, RegisteredService, lapse

FORMAT = "assay.responsibilities/1"
_STYLE = {"provider": "green", "shared": "yellow", "customer": "bold"}
_HEADINGS: Mapping[Party, str] = {
    "provider": f"{PROVIDER} does",
    "shared": f"{PROVIDER} and the customer do, each their part",
    "customer": "The customer does",
}


def render(register: Register, found: Sequence[RegisteredService], reports: Sequence[ProviderReport]) -> RenderableType:
    """Return the services as a list with the number of duties of each party."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("service", no_wrap=True)
    table.add_column("class")
    for name in (*_HEADINGS, "reports"):
        table.add_column(name, justify="right")
    for each in found:
        counts = [str(len(each.of(party))) for party in _HEADINGS]
        covering = sum(each.id in report.services for report in reports)
        table.add_row(each.id, each.kind.replace("-", " "), *counts, str(covering))
    total = f"{len(found)} services, {len(register.duties)} duties; `assay responsibilities SERVICE` shows one"
    return Group(table, Text(total, style="dim"))


def render_one(
    register: Register, service: RegisteredService, reports: Sequence[ProviderReport], today: datetime.date
) -> RenderableType:
    """Return one service with each of its duties, what that means and which reports back the provider's part."""
    return Group(*_one(register, service, reports, today))


def _one(
    register: Register, service: RegisteredService, reports: Sequence[ProviderReport], today: datetime.date
) -> Iterator[RenderableType]:
    yield Text.assemble((f"{service.id}: {service.title}", "bold underline"), f"  {service.kind.replace('-', ' ')}")
    yield Text()
    for party, heading in _HEADINGS.items():
        rows = service.of(party)
        if rows:
            yield Text.assemble((heading, _STYLE[party]), f" ({len(rows)} of {len(service.rows)} duties)")
            yield from (_row(register.duties[each.duty], each.note) for each in rows)
    yield Text()
    mine, whole = len(service.for_customer), len(service.rows)
    yield Text(f"{mine} of {whole} duties are the customer's or shared; {whole - mine} are {PROVIDER}'s alone")
    covering = [each for each in reports if service.id in each.services]
    for each in covering:
        why = lapse(each, today)
        said = Text(f"report {each.id} ({each.series}, version {each.version}): ")
        said.append(why or f"in force until {each.period_end.isoformat()}", style="yellow" if why else "green")
        yield said
    if not covering:
        yield Text("no report of the provider has it in its scope: state one under provider-reports/", style="dim")


def _row(duty: Duty, note: str) -> RenderableType:
    below = [Text(note)] if note else []
    below.append(Text(", ".join(duty.objectives), style="dim"))
    head = Text.assemble("  ", (duty.id, "bold"), f"  {duty.title}")
    return Group(head, Padding(Group(*below), (0, 0, 0, 4)))


def document(
    register: Register, found: Sequence[RegisteredService], reports: Sequence[ProviderReport], today: datetime.date
) -> Mapping[str, Any]:
    """Return the services with their duties and reports as plain JSON values."""
    return {
        "format": FORMAT,
        "as_of": today.isoformat(),
        "duties": {
            name: {
                "title": each.title,
                "statement": each.statement,
                "objectives": list(each.objectives),
                "always": each.always or None,
            }
            for name, each in register.duties.items()
        },
        "services": [
            {
                "service": each.id,
                "title": each.title,
                "class": each.kind,
                "duties": [asdict(row) for row in each.rows],
                "reports": [one.id for one in reports if each.id in one.services],
            }
            for each in found
        ],
        "reports": [
            {
                "id": each.id,
                "title": each.title,
                "series": each.series,
                "version": each.version,
                "period_start": each.period_start.isoformat(),
                "period_end": each.period_end.isoformat(),
                "in_force": not lapse(each, today),
                "because": lapse(each, today) or None,
            }
            for each in reports
        ],
    }
