"""Two snapshots compared, for people and for machines."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from assay.assessment.comparison import Changed, Comparison, Fate, Flip
from assay.inventory.difference import Difference
from assay.inventory.values import Path, Unknown, Value, to_json
from assay.reports.redaction import redacted

FORMAT = "assay.snapshot-diff/1"
_STYLES = {Fate.APPEARED: "green", Fate.FOUND: "green", Fate.GONE: "red", Fate.UNSEEN: "yellow", Fate.CHANGED: ""}
_WORDS = {
    Fate.APPEARED: "appeared",
    Fate.FOUND: "found (the older snapshot did not look)",
    Fate.GONE: "gone",
    Fate.UNSEEN: "not seen (the newer snapshot did not look)",
    Fate.CHANGED: "changed",
}


def render(comparison: Comparison, limit: int) -> RenderableType:
    """Return the comparison for a terminal: by workload or account, then what it all comes to."""
    changed, flips = defaultdict(list), defaultdict(list)
    for each in comparison.changed:
        if not each.is_noise:
            changed[each.account].append(each)
    for flip in comparison.flips:
        flips[flip.account].append(flip)
    parts: list[RenderableType] = []
    for account in sorted({*changed, *flips}):
        parts += _section(comparison, account, changed[account], flips[account], limit)
    return Group(*parts, Text(_summary(comparison), style="bold"))


def document(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison for machines."""
    before, after, same = comparison.counts
    return {
        "format": FORMAT,
        "before": {"digest": comparison.before, "observed": comparison.observed[0], "resources": before},
        "after": {"digest": comparison.after, "observed": comparison.observed[1], "resources": after},
        "same": same,
        "changed": [_changed_document(each, comparison) for each in comparison.changed],
        "flips": [_flip_document(each, comparison) for each in comparison.flips],
    }


def _changed_document(changed: Changed, comparison: Comparison) -> dict[str, Any]:
    return {
        "fate": changed.fate.value,
        "id": changed.id,
        "type": changed.type,
        "name": changed.name,
        "account": changed.account,
        "region": changed.region,
        "workload": comparison.workloads.get(changed.account, ""),
        "read_only": changed.is_noise,
        "differences": [
            {
                "path": list(each.path),
                "way": each.way.value,
                "before": _json(each.path, each.before),
                "after": _json(each.path, each.after),
                "read_only": each.read_only,
            }
            for each in changed.differences
        ],
    }


def _flip_document(flip: Flip, comparison: Comparison) -> dict[str, Any]:
    return {
        "control": flip.control,
        "severity": flip.severity,
        "resource": flip.resource,
        "account": flip.account,
        "workload": comparison.workloads.get(flip.account, ""),
        "before": flip.before.value if flip.before else None,
        "after": flip.after.value if flip.after else None,
        "explanation": flip.explanation,
    }


def _section(
    comparison: Comparison, account: str, changed: Sequence[Changed], flips: Sequence[Flip], limit: int
) -> Iterator[RenderableType]:
    workload = comparison.workloads.get(account, "")
    yield Text(f"{account or 'no account'}{f'  {workload}' if workload else ''}", style="bold underline")
    for each in changed[:limit]:
        yield Text.assemble(
            (f"{_WORDS[each.fate]}: ", _STYLES[each.fate]), f"{each.name} ({each.type}) in {each.region}"
        )
        for difference in [one for one in each.differences if not one.read_only][:limit]:
            yield Padding(Text(_line(difference)), (0, 0, 0, 2))
    if len(changed) > limit:
        yield Text(f"and {len(changed) - limit} more resources; --limit 0 shows all")
    worst = sorted(flips, key=lambda each: (not each.is_worse, each.control, each.resource))
    for flip in worst[:limit]:
        style = "red" if flip.is_worse else "yellow" if flip.is_lost else "green"
        why = f"  because {flip.explanation}" if flip.explanation else ""
        yield Text(f"verdict: {_verdicts(flip)}  {flip.control} on {flip.resource}{why}", style=style)
    if len(flips) > limit:
        yield Text(f"and {len(flips) - limit} more verdicts; --limit 0 shows all")
    yield Text()


def _verdicts(flip: Flip) -> str:
    before, after = (each.value.replace("_", " ") if each else "none" for each in (flip.before, flip.after))
    return f"{before} → {after}"


def _line(difference: Difference) -> str:
    name = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in difference.path).lstrip(".")
    before, after = _short(difference.path, difference.before), _short(difference.path, difference.after)
    return f"{name} {difference.way}: {before} → {after}"


def _short(path: Path, value: Value) -> str:
    if value is None:
        return "absent"
    if isinstance(value, Unknown):
        return f"unknown ({value.reason})"
    text = json.dumps(_json(path, value), ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


def _json(path: Path, value: Value) -> Any:
    name = next((each for each in reversed(path) if isinstance(each, str)), "")
    return to_json(redacted(value, name))


def _summary(comparison: Comparison) -> str:
    fates = Counter(each.fate for each in comparison.changed if not each.is_noise)
    noise = sum(each.is_noise for each in comparison.changed)
    worse = sum(each.is_worse for each in comparison.flips)
    lost = sum(each.is_lost for each in comparison.flips)
    before, after, same = comparison.counts
    said = (
        ", ".join(f"{fates[each]} {each.value.replace('_', ' ')}" for each in Fate if fates[each]) or "nothing differs"
    )
    quiet = f", {noise} only in what AWS alone sets" if noise else ""
    flips = f"{len(comparison.flips)} verdicts differ, {worse} of them not met now, {lost} no longer decided"
    return f"{before} resources before, {after} after, {same} the same: {said}{quiet}; {flips}"
