"""A statement for customers: by theme, what holds, when that was last looked at, and how to verify it.

It shows what `statement` lets through, and never looks at anything else.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from assay.reports import charts
from assay.reports.audience import figures
from assay.reports.audience.basis import Basis, evidence_lines
from assay.reports.audience.page import (
    Block,
    Bullets,
    Column,
    Command,
    Figure,
    Figures,
    Mark,
    Page,
    Paragraph,
    Part,
    Table,
    counted,
)
from assay.reports.audience.statement import Statement, statement

FORMAT = "assay.statement/1"


def page(basis: Basis) -> Page:
    """Return the statement as a page."""
    said = statement(basis)
    return Page(
        audience="customers",
        title=f"Security assurance statement of {said.organisation}",
        scope=(
            f"As of {said.as_of:%Y-%m-%d %H:%M} UTC, by Assay {said.version}",
            f"{said.workloads} of {said.of_workloads} workloads and the organisation itself",
        ),
        answer=Mark(
            f"{said.total.held} of {counted(said.total.total, 'security objective')} with something in scope are met; "
            f"{said.total.failed} are not met everywhere, {said.total.excepted} are deviated from by an approved "
            f"exception, {said.total.unknown} could not be determined.",
            "good" if said.total.held == said.total.total else "open",
        ),
        parts=(
            Part("What this is", (Paragraph(_WHAT),)),
            Part("In figures", (_figures(said),)),
            Part("By theme", tuple(_themes(said))),
            Part("What holds", tuple(_holds(said))),
            Part("Standards", tuple(_standards(said))),
            Part("How to verify it", tuple(_verify(said))),
        ),
    )


_WHAT = (
    "This statement is made by a program, from the same answer that the organisation's own security team, its "
    "executives and its auditors read; nobody edits it. An objective is a statement about security that must hold. It "
    "is met when every resource in its scope satisfies every control that serves it. What could not be determined is "
    "never counted as met. Names, places and weaknesses are left out, so that the statement can be given to anybody."
)


def _figures(said: Statement) -> Figures:
    examined = said.evaluations
    return Figures(
        (
            Figure(f"{said.total.held} of {said.total.total}", "objectives met"),
            Figure(f"{examined['met']} of {examined['applicable']}", "evaluations met (one control on one resource)"),
            Figure(f"{said.total.unknown} of {said.total.total}", "objectives not determined"),
            Figure(f"{said.workloads} of {said.of_workloads}", "workloads in scope"),
            Figure(said.verified, "everything was looked at on or after"),
        )
    )


def _themes(said: Statement) -> Iterator[Block]:
    yield Table(
        "themes",
        "Objectives with something in scope, by theme",
        (
            Column("theme", 3),
            Column("objectives met", 1.6),
            Column("not met everywhere", 1.3, number=True),
            Column("deviated from by exception", 1.5, number=True),
            Column("not determined", 1.3, number=True),
            Column("last verified", 1.5),
        ),
        tuple(
            (
                domain.replace("-", " "),
                f"{each.held} of {each.total}" if each.total else "nothing in scope",
                each.failed,
                each.excepted,
                each.unknown,
                said.verified if each.total else "",
            )
            for domain, each in said.themes.items()
        ),
        "An objective counts once for each workload that it concerns, and once where it is met for all.",
    )
    yield charts.themes(said.themes)


def _holds(said: Statement) -> Iterator[Block]:
    if not said.held:
        yield Paragraph("No objective of the published catalogue is met at every place where it applies.")
        return
    yield Table(
        "objectives",
        f"{counted(len(said.held), 'objective')} met at every place where they apply, last verified {said.verified}",
        (Column("theme", 1.8), Column("what holds", 6), Column("places", 0.9, number=True), Column("shown by", 2.2)),
        tuple(
            (each.domain.replace("-", " "), each.statement or each.title, each.places, each.by) for each in said.held
        ),
        f"Places are workloads, and the organisation. Objectives that the organisation wrote "
        f"itself ({said.own_objectives}) are in the counts and are not listed.",
    )


def _standards(said: Statement) -> Iterator[Block]:
    if said.standards:
        yield Table(
            "standards",
            "Adopted standards: requirements met, of those that rest on objectives with something in scope",
            (Column("standard", 4), Column("version", 1.4), Column("requirements met", 2), Column("in all", 1.6)),
            tuple((e.title, e.version, f"{e.held} of {e.answered}", f"{e.requirements}") for e in said.standards),
            "The others are for people and processes, or concern nothing that is in use. This is no certificate.",
        )
    if said.own_frameworks:
        own = counted(said.own_frameworks, "further framework")
        yield Paragraph(f"{own} of the organisation's own are adopted as well.")


def _verify(said: Statement) -> Iterator[Block]:
    steps = [
        "Ask for the evidence pack and, by another way, for the public key of the ledger.",
        "Install Assay (Apache-2.0). It needs no account, no network and nothing of the organisation's.",
        "Run the command below. Each step says whether it passed, is wrong, or could not be checked.",
    ]
    yield Bullets(tuple(steps), ordered=True)
    yield Command("assay verify evidence.zip --public-key evidence.key.pub")
    if said.evidence:
        yield Paragraph("The evidence for this statement is in the ledger whose state was:")
        yield Command(evidence_lines(said.evidence))
    else:
        yield Paragraph(
            "No ledger was named when this statement was made: it says what was found, and cannot be traced to signed "
            "evidence.",
            "open",
        )


def document(basis: Basis) -> Mapping[str, Any]:
    """Return the statement as JSON."""
    said = statement(basis)
    return {
        "format": FORMAT,
        "assay": said.version,
        "subject": said.organisation,
        "as_of": said.as_of.isoformat(),
        "scope": {"workloads": said.workloads, "of_workloads": said.of_workloads},
        "last_verified": said.verified,
        "figures": {"objectives": figures.answers_document(said.total), "evaluations": dict(said.evaluations)},
        "themes": {name: figures.answers_document(each) for name, each in said.themes.items()},
        "objectives": [
            {"domain": e.domain, "title": e.title, "statement": e.statement, "places": e.places, "shown_by": e.by}
            for e in said.held
        ],
        "standards": [
            {
                "title": each.title,
                "version": each.version,
                "requirements": each.requirements,
                "answered": each.answered,
                "held": each.held,
            }
            for each in said.standards
        ],
        "own_objectives": said.own_objectives,
        "own_frameworks": said.own_frameworks,
        "evidence": dict(said.evidence),
    }
