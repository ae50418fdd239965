"""For those who mend: what first, where, why and how, grouped by fix; quick wins apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assay.assessment.verdicts import Verdict
from assay.expressions import Evidence
from assay.inventory.schema import resource_schema, resource_types
from assay.reports.audience import figures
from assay.reports.audience.basis import Basis, head
from assay.reports.audience.figures import SEVERITIES
from assay.reports.audience.page import (
    HIDDEN,
    Block,
    Column,
    Figure,
    Figures,
    Mark,
    Page,
    Paragraph,
    Part,
    Table,
    counted,
    shortened,
)
from assay.reports.context import Row, gathered

FORMAT = "assay.fixes/1"
FEW = 3  # places in which a quick win is made, at most


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to do, and everywhere where it is to be done, the greatest risk first.

    rows      What is met by it, one for each control: several controls may ask for the same change.
    in_place  Whether AWS can change all properties that decided without replacing what has them; None: not known.
    single    Whether one property of each resource decided.
    """

    risk: int
    rows: tuple[Row, ...]
    places: tuple[tuple[int, Row], ...]
    in_place: bool | None
    single: bool

    @property
    def row(self) -> Row:
        """The gravest of what is met by it, which says what to do."""
        return self.rows[0]

    @property
    def quick(self) -> bool:
        """Whether it is one property in few places, and nothing is replaced for it."""
        return self.in_place is True and self.single and len(self.places) <= FEW


def fixes(basis: Basis) -> tuple[Fix, ...]:
    """Return what is to be mended, the greatest risk first, then what mends more."""
    by_control: dict[str, list[tuple[int, Row]]] = {}
    for score, row in _open(basis):
        by_control.setdefault(row.control, []).append((score, row))
    evidence = _evidence(basis)
    alike: dict[object, list[list[tuple[int, Row]]]] = {}
    for places in by_control.values():
        alike.setdefault(_change(places, evidence), []).append(places)
    found = [_fix_of(several, evidence) for several in alike.values()]
    return tuple(sorted(found, key=lambda each: (-each.risk, -len(each.rows), -len(each.places), each.row.control)))


def _open(basis: Basis) -> list[tuple[int, Row]]:
    """Return (risk, evaluation) of everything that is not met, the greatest risk first."""
    widest = figures.widest_exposure(basis.context)
    found = [
        (figures.risk(row, section, widest), row)
        for section in basis.context.sections
        for row in section.rows
        if row.effective is Verdict.NOT_MET
    ]
    return sorted(found, key=lambda each: (-each[0], each[1].position, each[1].resource, each[1].control))


_Decided: TypeAlias = Mapping[tuple[str, str, str], Sequence[Evidence]]


def _evidence(basis: Basis) -> _Decided:
    """Return (workload, control, resource) → what decided."""
    return {
        (answer.workload, one.control, one.resource): one.evidence
        for answer in (basis.assessment.organisation, *basis.assessment.workloads)
        for objective in answer.objectives
        if not objective.provider
        for control in objective.controls
        for one in control.evaluations
    }


def _own(row: Row, evidence: _Decided) -> list[Evidence]:
    """Return what decided and is the resource's own."""
    found = evidence.get((row.workload, row.control, row.resource), ())
    return [each for each in found if each.resource in ("", row.resource) and each.path]


def _change(places: Sequence[tuple[int, Row]], evidence: _Decided) -> object:
    """Return what is changed by mending a control: equal for controls that the same stated values fail.

    Where something is absent, each control asks for something of its own.
    """
    changed = []
    for _, row in places:
        own = _own(row, evidence)
        if not own or any(each.value is None for each in own):
            return row.control
        changed.append((row.workload, row.resource, tuple(each.path for each in own)))
    return tuple(sorted(changed, key=str))


def _fix_of(several: Sequence[Sequence[tuple[int, Row]]], evidence: _Decided) -> Fix:
    several = sorted(several, key=lambda each: (-each[0][0], SEVERITIES.index(each[0][1].severity), each[0][1].control))
    rows = [row for places in several for _, row in places]
    answers = {_changes_in_place(row, _own(row, evidence)) for row in rows}
    return Fix(
        risk=several[0][0][0],
        rows=tuple(places[0][1] for places in several),
        places=tuple(several[0]),
        in_place=False if False in answers else None if None in answers else True,
        single=all(len({each.path[0] for each in _own(row, evidence)}) == 1 for row in rows),
    )


def _changes_in_place(row: Row, own: Sequence[Evidence]) -> bool | None:
    """Whether AWS sets none of the properties that decided at creation only, by the published schema.

    None: nothing of the resource's own decided, or one that AWS sets at creation only under some conditions.
    """
    if not own or row.type not in resource_types():
        return None
    schema = resource_schema(row.type)
    named = ["/".join("*" if isinstance(step, int) else step for step in each.path) for each in own]
    if _any_within(named, schema.create_only):
        return False
    at_times = schema.document.get("conditionalCreateOnlyProperties", ())
    return None if _any_within(named, [each.removeprefix("/properties/") for each in at_times]) else True


def _any_within(named: Sequence[str], fixed: Iterable[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for name in named for each in fixed)


def page(basis: Basis) -> Page:
    """Return the report."""
    found = fixes(basis)
    quick = [each for each in found if each.quick]
    unknown = [row for row in basis.context.rows if row.effective is Verdict.UNKNOWN]
    counts = basis.context.counts
    many = counted(len(found), "fix", "fixes")
    said = f"{counts.not_met} of {counts.applicable} evaluations are not met, and {many} would meet them"
    parts = [
        Part("In figures", (_figures(basis, found, quick, len(unknown)),)),
        Part("Quick wins", tuple(_quick(quick))),
        Part("What to fix first", tuple(_first(basis, found))),
        *(
            Part(f"{at}. {shortened(each.row.title, 90)}", tuple(_fix(each)), minor=True)
            for at, each in enumerate(found, 1)
        ),
    ]
    if unknown:
        parts.append(Part("What cannot be decided", (_unknown(unknown),)))
    return Page(
        audience="engineers",
        title=f"What to fix in {shortened(basis.context.subject, 60)}",
        scope=basis.scope,
        answer=Mark(f"{said}; {counted(len(quick), 'quick win')}.", "bad" if found else "good"),
        parts=tuple(parts),
    )


def _figures(basis: Basis, found: Sequence[Fix], quick: Sequence[Fix], unknown: int) -> Figures:
    counts = basis.context.counts
    won = sum(len(each.places) * len(each.rows) for each in quick)
    return Figures(
        (
            Figure(f"{counts.met} of {counts.applicable}", "evaluations met"),
            Figure(f"{counts.not_met} of {counts.applicable}", "not met", "bad" if found else "good"),
            Figure(f"{won} of {counts.not_met}", "of them by quick wins"),
            Figure(f"{unknown} of {counts.applicable}", "unknown"),
        )
    )


def _quick(quick: Sequence[Fix]) -> Iterator[Block]:
    note = (
        f"A quick win is a change of one property in {FEW} places or fewer, for which AWS replaces nothing, by the "
        "published schema."
    )
    if not quick:
        yield Paragraph(f"None. {note}")
        return
    yield Table(
        "quick-wins",
        "One property, few places, nothing replaced: the greatest risk first",
        (Column("risk", 0.6, number=True), Column("do this", 6), Column("where", 4)),
        tuple(
            (each.risk, each.row.remedy, ", ".join(dict.fromkeys(str(row.position) for _, row in each.places)))
            for each in quick
        ),
        note,
        shown=15,
    )


def _first(basis: Basis, found: Sequence[Fix]) -> Iterator[Block]:
    if not found:
        yield Paragraph("Nothing: everything that could be judged is met or under an exception.")
        return
    yield Table(
        "fixes",
        "Every fix, the greatest risk first",
        (
            Column("risk", 0.7, number=True),
            Column("severity", 1),
            Column("what must hold", 5),
            Column("controls", 0.9, number=True),
            Column("places", 0.8, number=True),
            Column("workloads", 2.6),
            Column("replaces something", 1.3),
        ),
        tuple(
            (
                each.risk,
                each.row.severity,
                each.row.title,
                len(each.rows),
                len(each.places),
                ", ".join(dict.fromkeys(row.workload or "organisation" for _, row in each.places)),
                {True: "no", False: "yes", None: "perhaps"}[each.in_place],
            )
            for each in found
        ),
        figures.FORMULA,
        shown=20,
    )
    yield Table(
        "places",
        "Every place, the greatest risk first",
        (
            Column("risk", 0.7, number=True),
            Column("severity", 1),
            Column("where", 4),
            Column("resource", 2),
            Column("workload", 1.5),
            Column("because", 4),
            Column("do this", 4),
            Column("control", 3),
        ),
        tuple(
            (
                score,
                row.severity,
                str(row.position),
                row.name,
                row.workload or "organisation",
                row.explanation,
                row.remedy,
                row.control,
            )
            for score, row in _open(basis)
        ),
        shown=HIDDEN,
    )


def _fix(fix: Fix) -> Iterator[Block]:
    row = fix.row
    yield Paragraph(row.why)
    yield Paragraph(f"Do this: {row.remedy}")
    if len(fix.rows) > 1:
        yield Paragraph("The same values also fail: " + "; ".join(each.title for each in fix.rows[1:]) + ".", "soft")
    if fix.in_place is False:
        yield Paragraph("AWS sets a property that decides here at creation only: what has it is replaced.", "open")
    yield Table(
        f"fix-{row.control}",
        f"{counted(len(fix.places), 'place')}; control {row.control}, severity {row.severity}",
        (Column("where", 4), Column("resource", 2.4), Column("workload", 1.4), Column("because", 5)),
        tuple(
            (
                str(each.position),
                shortened(each.name, 60),
                each.workload or "organisation",
                shortened(each.explanation, 160),
            )
            for each in gathered(row for _, row in fix.places)
        ),
        shown=25,
        sheet=False,
    )


def _unknown(rows: Sequence[Row]) -> Table:
    return Table(
        "unknown",
        "Unknown is no pass: give what is missing, and it is decided",
        (
            Column("where", 4),
            Column("resource", 2.4),
            Column("workload", 1.4),
            Column("control", 3),
            Column("missing", 5),
        ),
        tuple(
            (str(row.position), row.name, row.workload or "organisation", row.control, shortened(row.explanation, 200))
            for row in rows
        ),
        shown=50,
    )


def document(basis: Basis) -> Mapping[str, Any]:
    """Return the report as JSON."""
    return {
        **head(FORMAT, basis),
        "formula": figures.FORMULA,
        "fixes": [
            {
                "controls": [row.control for row in each.rows],
                "title": each.row.title,
                "severity": each.row.severity,
                "risk": each.risk,
                "why": each.row.why,
                "remedy": each.row.remedy,
                "in_place": each.in_place,
                "quick": each.quick,
                "places": [_place(score, row) for score, row in each.places],
            }
            for each in fixes(basis)
        ],
        "unknown": [
            {"control": row.control, **_place(None, row), "causes": list(row.causes)}
            for row in basis.context.rows
            if row.effective is Verdict.UNKNOWN
        ],
    }


def _place(score: int | None, row: Row) -> Mapping[str, Any]:
    return {
        **({} if score is None else {"risk": score}),
        "workload": row.workload,
        "resource": row.resource,
        "type": row.type,
        "name": row.name,
        "file": row.position.file,
        "line": row.position.line,
        "column": row.position.column,
        "because": row.explanation,
    }
