"""Snapshots, for people and for machines: what was written, and what is in them."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assay.inventory.snapshot import Lapsed, Manifest, Shown, Survey

FORMAT = "assay.snapshot-survey/1"
_MOST = 20  # gaps and lapsed resources that are spelt out in text


def written(manifest: Manifest, where: str) -> RenderableType:
    """Return what was written, for a terminal."""
    lines = [Text(f"{where}: {_summary(manifest)}"), Text(f"digest {manifest.digest}", style="dim")]
    return Group(*lines, *_gaps(manifest))


def written_document(manifest: Manifest, where: str) -> dict[str, Any]:
    """Return what was written, for machines."""
    return {"format": FORMAT, "snapshots": [_document(manifest, where)]}


def surveyed(survey: Survey, now: datetime.datetime) -> RenderableType:
    """Return what is in snapshots, for a terminal."""
    parts = [part for each in survey.snapshots for part in _shown(each, now)]
    return Group(*parts, *_lapsed(survey.lapsed))


def survey_document(survey: Survey, now: datetime.datetime) -> dict[str, Any]:
    """Return what is in snapshots, for machines."""
    return {
        "format": FORMAT,
        "as_of": now.isoformat(),
        "snapshots": [
            {
                **_document(each.manifest, str(each.path)),
                "age_days": _age(each.manifest.last, now),
                "counts": [
                    {"account": one.account, "type": one.type, "day": one.day, "resources": one.resources}
                    for one in each.counts
                ],
            }
            for each in survey.snapshots
        ],
        "lapsed": [
            {
                "id": each.id,
                "type": each.type,
                "first_seen": each.first_seen,
                "last_seen": each.last_seen,
                "gone": each.gone,
            }
            for each in survey.lapsed
        ],
    }


def _document(manifest: Manifest, where: str) -> dict[str, Any]:
    return {
        "path": where,
        "digest": manifest.digest,
        "collector": manifest.collector,
        "sources": list(manifest.sources),
        "resources": manifest.rows,
        "first": manifest.first,
        "last": manifest.last,
        "asked": {
            "accounts": list(manifest.asked.accounts),
            "regions": list(manifest.asked.regions),
            "types": list(manifest.asked.types),
        },
        "gaps": [
            {"subject": each.subject, "cause": each.reason.cause.value, "reason": str(each.reason)}
            for each in manifest.gaps
        ],
        "gone": len(manifest.gone),
    }


def _summary(manifest: Manifest) -> str:
    accounts = {each.account for each in manifest.parts}
    named = ", ".join(manifest.sources) or "no source"
    span = f", observed {manifest.first} to {manifest.last}" if manifest.last else ", nobody says when"
    held = f"{_many(manifest.rows, 'resource')} of {_many(len(accounts), 'account')}"
    return f"{held} from {named}{span}, {_many(len(manifest.gaps), 'gap')}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _shown(shown: Shown, now: datetime.datetime) -> Iterator[RenderableType]:
    manifest = shown.manifest
    age = _age(manifest.last, now)
    yield Text(f"{shown.path}: {_summary(manifest)}", style="bold")
    old = "age not known" if age is None else f"the latest is {_many(age, 'day')} old"
    yield Text(f"written by {manifest.collector}; {old}")
    yield Text(f"digest {manifest.digest}", style="dim")
    days = _listing("account", "day", Counter(_pairs(shown, "day")))
    types = _listing("account", "type", Counter(_pairs(shown, "type")))
    yield days
    yield types
    yield from _gaps(manifest)
    yield Text()


def _pairs(shown: Shown, name: str) -> Mapping[tuple[str, str], int]:
    tally: Counter[tuple[str, str]] = Counter()
    for each in shown.counts:
        tally[each.account or "none", getattr(each, name) or "none"] += each.resources
    return tally


def _listing(first: str, second: str, tally: Mapping[tuple[str, str], int]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first)
    table.add_column(second)
    table.add_column("resources", justify="right")
    for (one, other), count in sorted(tally.items()):
        table.add_row(Text(one), Text(other), str(count))
    return table


def _gaps(manifest: Manifest) -> Iterator[RenderableType]:
    for gap in manifest.gaps[:_MOST]:
        yield Text(f"not read: {gap.subject}: {gap.reason}", style="yellow")
    if len(manifest.gaps) > _MOST:
        yield Text(f"and {len(manifest.gaps) - _MOST} more gaps; --format json names them all", style="yellow")


def _lapsed(lapsed: tuple[Lapsed, ...]) -> Iterator[RenderableType]:
    if lapsed:
        gone = sum(each.gone for each in lapsed)
        yield Text(f"not in the latest snapshot: {gone} gone, {len(lapsed) - gone} not looked at", style="bold")
    for each in lapsed[:_MOST]:
        word = "gone" if each.gone else "not seen"
        yield Text(f"{word}: {each.id}, first seen {each.first_seen}, last seen {each.last_seen}")
    if len(lapsed) > _MOST:
        yield Text(f"and {len(lapsed) - _MOST} more; --format json names them all")


def _age(last: str, now: datetime.datetime) -> int | None:
    """Return the whole days since a moment; None when it is not known."""
    return (now - datetime.datetime.fromisoformat(last)).days if last else None
