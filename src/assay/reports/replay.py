"""What guardrails would have done to recorded events: for the terminal, as JSON, and as a table."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.text import Text

from assay.permissions.attached import Attached
from assay.permissions.ramp import Finding, Promotion
from assay.permissions.recorded.actions import AS_OF
from assay.permissions.recorded.requests import ASSUMPTIONS
from assay.permissions.replay import Case, Count, Fate, Tally
from assay.reports.table import harmless
from assay.reports.terminal import hanging, one_line
from assay.sources.cloudtrail import Reading

FORMAT: Final = "assay.replay/1"
_STYLE: Final = {Fate.DENIED: "red", Fate.UNDETERMINED: "yellow"}


def assumptions(attached: Attached) -> tuple[str, ...]:
    """Return what the answer rests on."""
    found = [
        "what was allowed then is allowed otherwise: only the guardrails are asked",
        f"the names of actions are those of {AS_OF}",
        *ASSUMPTIONS,
    ]
    if attached.organisation is None:
        found.append("every account is a member account: no organisation was given")
    if attached.full_access:
        found.append("FullAWSAccess stays attached at every level, so that what a policy allows adds nothing")
    return tuple(found)


def document(
    attached: Attached, tally: Tally, reading: Reading, found: Sequence[Finding], promotion: Promotion | None = None
) -> Mapping[str, Any]:
    """Return the answer as plain JSON values."""
    total = tally.total()
    return {
        "format": FORMAT,
        "organisation": attached.organisation.id if attached.organisation else None,
        "policies": [
            {
                "name": each.name,
                "kind": each.policy.kind.value,
                "file": each.policy.file,
                "digest": each.policy.digest,
                "attached": sorted(each.nodes),
                "denies_nothing": each.name in attached.idle,
            }
            for each in attached.guardrails.found
        ],
        "not_read": {kind.value: list(gaps) for kind, gaps in attached.guardrails.gaps.items() if gaps},
        "events": {
            "files": reading.files,
            "digest_files": reading.digests,
            "total": total.events,
            "first": total.first or None,
            "last": total.last or None,
            "unreadable": reading.unreadable,
            "accounts": sorted(filter(None, tally.trails)),
            "by_fate": {fate.value: count for fate, count in _by_fate(tally).items()},
            "apart": [
                {"fate": case.fate.value, "because": list(case.because), "events": count.events}
                for case, count in tally.cases()
                if case.fate in (Fate.UNBOUND, Fate.NO_REQUEST, Fate.COPY)
            ],
        },
        "incomplete": [*map(str, reading.faults), *reading.gaps],
        "findings": [_finding(each) for each in found],
        "denied_already": [
            {"account": case.account, "principal": case.principal, "action": case.action, **_count(count)}
            for case, count in tally.cases()
            if case.fate is Fate.REFUSED
        ],
        "unknown": [{"reason": reason, "events": count} for reason, count in _reasons(found).items()],
        "assumptions": list(assumptions(attached)),
        "promotion": promotion.document() if promotion else None,
    }


def _by_fate(tally: Tally) -> dict[Fate, int]:
    found = dict.fromkeys(Fate, 0)
    for case, count in tally.cases():
        found[case.fate] += count.events
    return found


def _reasons(found: Sequence[Finding]) -> dict[str, int]:
    """Return how many events each unknown leaves undetermined; of one event several may."""
    counts: dict[str, int] = {}
    for each in found:
        for reason in each.case.because if each.case.fate is Fate.UNDETERMINED else ():
            counts[reason] = counts.get(reason, 0) + each.count.events
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _count(count: Count) -> dict[str, Any]:
    return {"events": count.events, "first": count.first or None, "last": count.last or None}


def _finding(finding: Finding) -> Mapping[str, Any]:
    case, count, why = finding.case, finding.count, finding.expected
    example = count.example
    return {
        "fate": case.fate.value,
        "account": case.account,
        "principal": case.principal,
        "action": case.action,
        **_count(count),
        "asked": finding.asked,
        "because": list(case.because),
        "example": {"event": example.id, "resource": example.resource, "region": example.region} if example else None,
        "expected": {
            "reason": why.reason,
            "approver": why.approver,
            "expires": why.expires.isoformat(),
            "place": why.place,
        }
        if why
        else None,
    }


_COLUMNS: Final = (
    *("fate", "account", "principal", "action", "events", "asked", "first", "last", "because", "expected"),
    *("example_event", "example_resource"),
)


def table(found: Sequence[Finding]) -> str:
    """Return the findings as CSV."""
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for each in found:
        case, count, example = each.case, each.count, each.count.example
        cells = [case.fate.value, case.account, case.principal, case.action, str(count.events), str(each.asked)]
        cells += [count.first, count.last, "; ".join(case.because), each.expected.reason if each.expected else ""]
        cells += [example.id, example.resource] if example else ["", ""]
        rows.writerow(map(harmless, cells))
    return buffer.getvalue()


def render(
    attached: Attached,
    tally: Tally,
    reading: Reading,
    found: Sequence[Finding],
    promotion: Promotion | None = None,
    limit: int = 20,
) -> RenderableType:
    """Return the answer for a terminal; `limit`: how many findings of each kind to spell out."""
    return hanging(_lines(attached, tally, reading, found, promotion, limit))


def _lines(
    attached: Attached,
    tally: Tally,
    reading: Reading,
    found: Sequence[Finding],
    promotion: Promotion | None,
    limit: int,
) -> Iterator[RenderableType]:
    for fate in (Fate.DENIED, Fate.UNDETERMINED):
        mine = [each for each in found if each.case.fate is fate]
        for each in mine[:limit]:
            yield from _finding_lines(each)
        if len(mine) > limit:
            yield Text(f"and {len(mine) - limit:,} more: {fate}")
    if found:
        yield Text()
    yield from _totals(attached, tally, reading)
    for reason, count in _reasons(found).items():
        yield Text(f"undetermined, as is not known: {one_line(reason)} ({_events(count)})", style="yellow")
    for fault in [*map(str, reading.faults), *reading.gaps][:limit]:
        yield Text(f"not read: {one_line(fault)}", style="red")
    for name in attached.idle:
        yield Text(f"{one_line(name)} denies nothing while FullAWSAccess is attached", style="yellow")
    for kind, gaps in attached.guardrails.gaps.items():
        for gap in gaps:
            yield Text(f"a part of the {kind.value.upper()}s could not be read: {one_line(gap)}", style="yellow")
    for told in assumptions(attached):
        yield Text(f"assuming that {told}", style="dim")
    if promotion:
        yield from _promotion_lines(promotion)


def _finding_lines(finding: Finding) -> Iterator[RenderableType]:
    case, count, why = finding.case, finding.count, finding.expected
    yield Text.assemble(
        (str(case.fate), f"bold {_STYLE[case.fate]}"),
        f"  {one_line(case.principal)}  {one_line(case.action)}  in {one_line(case.account)}",
    )
    when = f", {count.first}" if count.first else ""
    when += f" to {count.last}" if count.last != count.first else ""
    yield Text(
        f"    {count.events:,} of {finding.asked:,} such {'request' if finding.asked == 1 else 'requests'}{when}"
    )
    for each in case.because:
        yield Text(f"    {'by' if case.fate is Fate.DENIED else 'not known:'} {one_line(each)}")
    if count.example and count.example.resource:
        on = f"on {one_line(count.example.resource)} in {one_line(count.example.region)}"
        yield Text(f"    for example {one_line(count.example.id)} {on}", style="dim")
    if why:
        told = f"expected until {why.expires}: {why.reason} (approved by {why.approver}, {why.place})"
        yield Text(f"    {one_line(told)}", style="green")


def _totals(attached: Attached, tally: Tally, reading: Reading) -> Iterator[RenderableType]:
    total, fates = tally.total(), _by_fate(tally)
    files = f"{reading.files:,} {'file' if reading.files == 1 else 'files'}"
    period = f", {total.first} to {total.last}" if total.first else ""
    told = "; ".join(f"{count:,} {fate}" for fate, count in fates.items() if count)
    yield Text(f"Of {_events(total.events)} in {files}{period}: {told or 'nothing'}", style="bold")
    names = ", ".join(one_line(each.name) for each in attached.guardrails.found)
    yield Text(f"replayed: {names or 'no policy'}")
    for case, count in tally.cases():
        if case.fate in (Fate.UNBOUND, Fate.NO_REQUEST):
            yield Text(f"{case.fate}: {_because(case)} ({_events(count.events)})", style="dim")


def _events(count: int) -> str:
    return f"{count:,} {'event' if count == 1 else 'events'}"


def _because(case: Case) -> str:
    return one_line("; ".join(case.because))


def _promotion_lines(promotion: Promotion) -> Iterator[RenderableType]:
    if not promotion.refused:
        yield Text(f"The step to {promotion.asked.to} is granted", style="bold green")
        return
    yield Text(f"The step to {promotion.asked.to} is refused", style="bold red")
    for each in promotion.refused:
        yield Text(f"    {one_line(each)}")
