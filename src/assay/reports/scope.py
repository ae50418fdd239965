"""Candidates for less scope: evidence, managed alternatives, and the duties that go, stay and come."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from assay.assessment.scope import Candidate, Findings, Kept, Option, Strength
from assay.inventory.resource import Position

FORMAT = "assay.scope/1"
_STYLE = {Strength.STRONG: "bold", Strength.WEAK: "yellow"}


def render(sections: Sequence[tuple[str, Findings]]) -> RenderableType:
    """Return the candidates of each workload ("" for templates alone) for a terminal."""
    return Group(*(part for workload, findings in sections for part in _section(workload, findings)))


def _section(workload: str, findings: Findings) -> Iterator[RenderableType]:
    if workload:
        yield Text(workload, style="bold underline")
    for fault in findings.inventory.faults:
        yield Text(f"error: {fault}", style="red")
    for candidate in findings.candidates:
        yield from _candidate(candidate)
    for resource, unseen in findings.unseen:
        yield Text(
            f"not looked into: {unseen.subject} of {resource.name} ({unseen.position}): {unseen.reason}", "yellow"
        )
    for gap in findings.inventory.gaps:
        yield Text(f"not read: {gap.subject}: {gap.reason}", style="yellow")
    yield Text(_summary(findings))
    yield Text()


def _summary(findings: Findings) -> str:
    tally = Counter(each.strength for each in findings.candidates)
    found = ", ".join(f"{tally[each]} by {each} evidence" for each in Strength if tally[each])
    hosts, all_of_them = len(findings.hosts), len(findings.inventory.resources)
    count = len(findings.candidates)
    said = f"{count} {'candidate' if count == 1 else 'candidates'}{f' ({found})' if found else ''}"
    looked = f"{hosts} of {all_of_them} resources run software of one's own, {len(findings.unseen)} not looked into"
    return f"{said}; {looked}. What a machine image holds besides its name is not known."


def _candidate(candidate: Candidate) -> Iterator[RenderableType]:
    technology, resource = candidate.technology, candidate.resource
    yield Text.assemble((technology.title, "bold"), f" ({technology.kind}) on {resource.name} ({resource.type})")
    parts: list[RenderableType] = [
        Text.assemble(
            f"{each.kind} {each.text}  ", (f"{each.strength} evidence", _STYLE[each.strength]), f"  {each.position}"
        )
        for each in candidate.proofs
    ]
    if candidate.strength is Strength.WEAK:
        parts.append(Text("only a port says so: look before you conclude", style="yellow"))
    for option in candidate.options:
        parts.extend(_option(candidate, option))
    yield Padding(Group(*parts), (0, 0, 1, 2))


def _option(candidate: Candidate, option: Option) -> Iterator[RenderableType]:
    it = option.shift
    before, after = len(it.removed) + len(it.remaining), len(it.remaining) + len(it.added)
    figures = f"customer's duties {before} → {after} (of {candidate.host or 'nothing registered'} → {option.service})"
    yield Text.assemble(("instead ", "dim"), (option.offer, "cyan"), f": {figures}")
    for heading, names in (
        ("gone", list(it.removed)),
        ("stay", [_kept(each) for each in it.remaining]),
        ("come", list(it.added)),
    ):
        yield Padding(Text.assemble((f"{heading} ", "dim"), f"({len(names)}) {', '.join(names) or '–'}"), (0, 0, 0, 2))


def _kept(kept: Kept) -> str:
    return kept.duty if kept.before == kept.after else f"{kept.duty} (now {kept.after})"


def document(sections: Sequence[tuple[str, Findings]]) -> Mapping[str, Any]:
    """Return the candidates as plain JSON values."""
    return {
        "format": FORMAT,
        "sections": [
            {
                "workload": workload,
                "resources": len(findings.inventory.resources),
                "hosts": len(findings.hosts),
                "candidates": [_document(each) for each in findings.candidates],
                "unseen": [
                    {
                        "resource": resource.id,
                        "subject": unseen.subject,
                        "because": str(unseen.reason),
                        "position": _position(unseen.position),
                    }
                    for resource, unseen in findings.unseen
                ],
                "faults": [str(each) for each in findings.inventory.faults],
                "gaps": [{"subject": each.subject, "detail": str(each.reason)} for each in findings.inventory.gaps],
            }
            for workload, findings in sections
        ],
    }


def _document(candidate: Candidate) -> Mapping[str, Any]:
    return {
        "resource": candidate.resource.id,
        "name": candidate.resource.name,
        "type": candidate.resource.type,
        "technology": candidate.technology.id,
        "kind": candidate.technology.kind,
        "strength": candidate.strength,
        "evidence": [
            {"kind": each.kind, "text": each.text, "strength": each.strength, "position": _position(each.position)}
            for each in candidate.proofs
        ],
        "host": candidate.host,
        "instead": [
            {
                "service": each.service,
                "offer": each.offer,
                "removed": list(each.shift.removed),
                "remaining": [
                    {"duty": one.duty, "before": one.before, "after": one.after} for one in each.shift.remaining
                ],
                "added": list(each.shift.added),
            }
            for each in candidate.options
        ],
    }


def _position(position: Position) -> Mapping[str, Any]:
    return {"file": position.file, "line": position.line, "column": position.column}
