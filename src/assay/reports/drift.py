"""What is deployed beside what was declared: for the terminal, as JSON, and as a table."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.text import Text

from assay.assessment.changes import Change
from assay.assessment.difference import Difference
from assay.assessment.drift import AccountDrift, Drifted, Found, Outcome
from assay.inventory.resource import Resource
from assay.inventory.values import Path, Value, to_json
from assay.reports.redaction import redacted
from assay.reports.table import harmless
from assay.reports.terminal import hanging, one_line

FORMAT: Final = "assay.drift/1"
_STYLE: Final = {
    Outcome.DRIFTED: "red",
    Outcome.MISSING: "red",
    Outcome.UNMANAGED: "red",
    Outcome.UNKNOWN: "yellow",
    Outcome.NOT_CHECKED: "yellow",
}
_SPELLED: Final = (Outcome.DRIFTED, Outcome.MISSING, Outcome.UNMANAGED)
_UNSURE: Final = 3  # values of a resource of which it is not known, spelled out in text
_SHOWN: Final = 100  # characters of a value in text


# -- JSON --------------------------------------------------------------------------------------------------------------


def document(drifted: Drifted) -> Mapping[str, Any]:
    """Return the answer as plain JSON values."""
    changes = drifted.changes
    return {
        "format": FORMAT,
        "observed": {"first": drifted.observed[0] or None, "last": drifted.observed[1] or None},
        "accounts": [_account(each, drifted) for each in drifted.accounts],
        "without_account": list(drifted.without),
        "events": {
            "looked_at": changes.events,
            "first": changes.first or None,
            "last": changes.last or None,
            "incomplete": [*map(str, changes.reading.faults), *changes.reading.gaps],
        },
        "faults": [str(each) for each in drifted.faults],
        "gaps": [{"subject": each.subject, "reason": str(each.reason)} for each in drifted.gaps],
    }


def _account(account: AccountDrift, drifted: Drifted) -> Mapping[str, Any]:
    found = account.drift.found
    return {
        "account": account.account,
        "workloads": dict(account.workloads),
        "counts": {
            "declared": sum(each.declared is not None for each in found),
            "live": sum(each.live is not None for each in found),
            "by_outcome": {outcome.value: count for outcome, count in _counts(found).items()},
        },
        "not_checked_types": _types(found, Outcome.NOT_CHECKED),
        "resources": [_found(each, account, drifted) for each in found if each.outcome is not Outcome.PART],
    }


def _counts(found: Sequence[Found]) -> dict[Outcome, int]:
    counts = Counter(each.outcome for each in found)
    return {outcome: counts[outcome] for outcome in Outcome}


def _types(found: Sequence[Found], outcome: Outcome) -> dict[str, int]:
    counts = Counter(each.resource.type for each in found if each.outcome is outcome)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _found(found: Found, account: AccountDrift, drifted: Drifted) -> Mapping[str, Any]:
    compared = found.compared
    return {
        "outcome": found.outcome.value,
        "type": found.resource.type,
        "workload": account.declared_by.get(found.declared.id) if found.declared else None,
        "declared": _where(found.declared),
        "live": {"id": found.live.id, "name": found.live.name} if found.live else None,
        "by": found.way.value if found.way else None,
        "why": found.why,
        "equal": compared.equal,
        "differences": [
            {
                "path": path_text(each.path),
                "declared": to_json(_safe(each.declared, each.path, found.resource)),
                "live": to_json(_safe(each.live, each.path, found.resource)),
                "default": each.default,
            }
            for each in compared.differences
        ],
        "not_known": [{"path": path_text(each.path), "why": each.why} for each in compared.unknown],
        "left_to_aws": [path_text(each) for each in compared.left],
        "changes": [_change(each) for each in drifted.changes.found.get(found.resource.id, ())],
    }


def _where(resource: Resource | None) -> Mapping[str, Any] | None:
    if resource is None:
        return None
    at = resource.origin.position
    return {"id": resource.id, "name": resource.name, "file": at.file, "line": at.line}


def _change(change: Change) -> Mapping[str, Any]:
    return {
        "time": change.time or None,
        "event": change.event,
        "action": change.action,
        "who": change.who,
        "by": change.by.value,
        "through": change.channel.value,
    }


def path_text(path: Path) -> str:
    """Return a path as people write it: Rules[0].Status."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _safe(value: Value, path: Path, resource: Resource) -> Value:
    """Return a value without secrets. {Name: …, Value: …} says beside the value what it is."""
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if name == "Value":
        beside = _at(resource.properties, path[:-1])
        named = beside if isinstance(beside, Mapping) else {}
        name = next((str(named[key]) for key in ("Name", "Key") if isinstance(named.get(key), str)), name)
    return redacted(value, name)


def _at(value: Value, path: Path) -> Value:
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


# -- table -------------------------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    *("account", "workload", "outcome", "type", "declared", "live", "path", "declared_value", "live_value", "why"),
    *("file", "line", "changed", "changed_by", "changed_through"),
)


def table(drifted: Drifted) -> str:
    """Return what is not as declared as CSV, one row per difference."""
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer)
    rows.writerow(_COLUMNS)
    for account in drifted.accounts:
        for found in account.drift.found:
            if found.outcome in _STYLE:
                some: list[Difference | None] = [*found.compared.differences] or [None]
                for each in some:
                    rows.writerow(map(harmless, _cells(account, found, each, drifted)))
    return buffer.getvalue()


def _cells(account: AccountDrift, found: Found, difference: Difference | None, drifted: Drifted) -> list[str]:
    declared, live = found.declared, found.live
    at = declared.position(difference.path if difference else ()) if declared else None
    last = next(iter(drifted.changes.found.get(found.resource.id, ())), None)
    workload = account.declared_by.get(declared.id, "") if declared else ""
    values = ["", "", ""]
    if difference:
        both = (_written(each, difference.path, found.resource) for each in (difference.declared, difference.live))
        values = [path_text(difference.path), *both]
    place = [at.file, str(at.line)] if at else ["", ""]
    who = [last.time, last.who, last.channel.value] if last else ["", "", ""]
    names = [declared.name if declared else "", live.name if live else ""]
    return [
        account.account,
        workload,
        found.outcome.value,
        found.resource.type,
        *names,
        *values,
        found.why,
        *place,
        *who,
    ]


def _written(value: Value, path: Path, resource: Resource) -> str:
    return "" if value is None else json.dumps(to_json(_safe(value, path, resource)), ensure_ascii=False)


# -- terminal ----------------------------------------------------------------------------------------------------------


def render(drifted: Drifted, limit: int = 20) -> RenderableType:
    """Return the answer for a terminal; `limit`: how many resources of each outcome to spell out in an account."""
    return hanging(_lines(drifted, limit))


def _lines(drifted: Drifted, limit: int) -> Iterator[RenderableType]:
    for account in drifted.accounts:
        names = ", ".join(f"{name} ({stage})" for name, stage in account.workloads.items())
        yield Text(f"{account.account}  {one_line(names)}", style="bold")
        for outcome in _SPELLED:
            mine = [each for each in account.drift.found if each.outcome is outcome]
            for each in mine[:limit]:
                yield from _found_lines(each, drifted)
            if len(mine) > limit:
                yield Text(f"  and {len(mine) - limit:,} more: {outcome}")
        yield from _unsure(account, limit)
        yield from _sum(account)
        yield Text()
    yield from _closing(drifted, limit)


def _found_lines(found: Found, drifted: Drifted) -> Iterator[RenderableType]:
    declared, live = found.declared, found.live
    names = " is ".join(one_line(each.name) for each in (declared, live) if each is not None)
    yield Text.assemble(("  " + found.outcome, f"bold {_STYLE[found.outcome]}"), f"  {found.resource.type}  {names}")
    if declared is not None:
        yield Text(f"    {one_line(str(declared.origin.position))}", style="dim")
    if found.why:
        yield Text(f"    {one_line(found.why)}")
    for each in found.compared.differences:
        yield Text(f"    {one_line(path_text(each.path))}: {_difference(each, found)}")
    for unsure in found.compared.unknown[:_UNSURE]:
        yield Text(f"    not known: {one_line(path_text(unsure.path))}: {one_line(unsure.why)}", style="yellow")
    if len(found.compared.unknown) > _UNSURE:
        yield Text(f"    not known: {len(found.compared.unknown) - _UNSURE} more", style="yellow")
    for change in drifted.changes.found.get(found.resource.id, ())[:3]:
        by = f"by {change.by}, {change.channel}: {one_line(change.who)}"
        yield Text(f"    {change.time}  {one_line(change.action)} {by}", style="cyan")


def _difference(difference: Difference, found: Found) -> str:
    here, there = (_brief(each, difference.path, found.resource) for each in (difference.declared, difference.live))
    if found.declared is None or (difference.default and difference.declared is not None):
        return f"{here} is the default, {there} is there"
    line = found.declared.position(difference.path).line  # 0 in a plan, which is one line
    return f"{here} is declared{f', line {line}' if line else ''}, {there} is there"


def _brief(value: Value, path: Path, resource: Resource) -> str:
    text = "nothing" if value is None else one_line(_written(value, path, resource))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _unsure(account: AccountDrift, limit: int) -> Iterator[RenderableType]:
    """Say what was not compared, and of what it is not known, by type and reason."""
    for outcome in (Outcome.NOT_CHECKED, Outcome.UNKNOWN):
        reasons = Counter(
            (each.resource.type, each.why) for each in account.drift.found if each.outcome is outcome
        ).most_common()
        for (kind, why), count in sorted(reasons, key=lambda item: (-item[1], item[0]))[:limit]:
            yield Text(f"  {outcome}: {count} {one_line(kind)}: {one_line(why)}", style="yellow")
        if len(reasons) > limit:
            yield Text(f"  and {len(reasons) - limit:,} more reasons", style="yellow")


def _sum(account: AccountDrift) -> Iterator[RenderableType]:
    found = account.drift.found
    declared = [each for each in found if each.declared is not None]
    others = [each for each in found if each.declared is None]
    for told, some in (("declared", declared), ("live and declared nowhere", others)):
        counts = "; ".join(f"{count} {outcome}" for outcome, count in _counts(some).items() if count)
        yield Text(f"  of {len(some):,} {told}: {counts or 'none'}", style="bold")


def _closing(drifted: Drifted, limit: int) -> Iterator[RenderableType]:
    for name in drifted.without:
        yield Text(f"{one_line(name)} has no account at this stage: nothing of it is compared", style="yellow")
    if drifted.observed[0]:
        yield Text(f"observed {drifted.observed[0]} to {drifted.observed[1]}", style="dim")
    changes = drifted.changes
    if changes.events:
        period = f"{changes.first} to {changes.last}"
        count = f"{changes.events:,} {'event' if changes.events == 1 else 'events'}"
        yield Text(f"who changed what is told by {count} of CloudTrail, {period}", style="dim")
    told = [str(each) for each in (*drifted.faults, *changes.reading.faults)]
    told += [f"{each.subject}: {each.reason}" for each in drifted.gaps] + changes.reading.gaps
    for each in told[:limit]:
        yield Text(f"not read: {one_line(each)}", style="red")
    if len(told) > limit:
        yield Text(f"and {len(told) - limit:,} more that could not be read", style="red")
