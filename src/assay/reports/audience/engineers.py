"""For those who mend: what first, where, why and how, grouped by fix; quick wins apart."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assay.assessment.verdicts import Verdict
from assay.reports.audience import figures
from assay.reports.audience.basis import Basis, head
from assay.reports.audience.fixes import FEW, Fix, fixes, open_rows
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
            for score, row in open_rows(basis)
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
