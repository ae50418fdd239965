"""Two pages for executives: what to decide, where we stand, what changed, what threatens, what we do not see.

The pages show the first few of everything and say how many there are; the JSON form has all of them.
"""

import datetime
from collections.abc import Iterator, Sequence

from assay.governance.model import ApprovedException
from assay.reports import charts
from assay.reports.audience import figures
from assay.reports.audience.basis import Basis
from assay.reports.audience.changes import Changes
from assay.reports.audience.decisions import Decision, decisions
from assay.reports.audience.figures import SEVERITIES, Posture, Risk
from assay.reports.audience.page import (
    Block,
    Bullets,
    Cell,
    Column,
    Figure,
    Figures,
    Mark,
    Page,
    Paragraph,
    Part,
    Table,
    Tone,
    counted,
    shortened,
)
from assay.reports.context import Row

RISKS, EXCEPTIONS, CHANGES, DECISIONS = 8, 3, 4, 6  # rows that two pages hold


def page(basis: Basis) -> Page:
    """Return the report."""
    context = basis.context
    standing = figures.postures(context, basis.repository.organisation.appetite)
    return Page(
        audience="executives",
        title=f"Security posture of {shortened(context.subject, 60)}",
        scope=basis.scope,
        answer=_answer(basis, standing),
        parts=(
            Part("In figures", (_headline(basis, standing),)),
            Part("Decisions asked for", tuple(_decisions(decisions(basis, standing)))),
            Part("Where we stand against what we tolerate", tuple(_standing(basis, standing))),
            Part("What changed, and why", tuple(_changed(basis)), fresh=True),
            Part("Top risks", tuple(_risks(figures.risks(context)))),
            Part("Exceptions", tuple(_exceptions(basis))),
            Part("What we cannot see", tuple(_unseen(basis))),
        ),
    )


def _answer(basis: Basis, standing: tuple[Posture, ...]) -> Mark:
    beyond = [name for each in standing for name in each.beyond]
    judged = [each for each in standing if each.within is not None]
    unread = figures.sight(basis.context).unread
    counts = f"{basis.context.counts} of everything that was examined"
    counts += f"; {counted(unread, 'file or part', 'files or parts')} could not be read" if unread else ""
    if not judged:
        return Mark(
            f"Nobody has said what is tolerated, so nobody can say whether this is acceptable: {counts}.", "open"
        )
    total = sum(each.workloads for each in judged)
    if beyond:
        said = (
            f"In {len(beyond)} of {counted(total, 'workload')} more is open than the organisation tolerates: {counts}."
        )
        return Mark(said, "bad")
    return Mark(
        f"In each of {counted(total, 'workload')} no more is open than the organisation tolerates: {counts}.", "good"
    )


def _headline(basis: Basis, standing: tuple[Posture, ...]) -> Figures:
    context = basis.context
    total = sum((each.answers.total for each in standing), 0)
    held = sum(each.answers.held for each in standing)
    judged = [each for each in standing if each.within is not None]
    within, workloads = sum(each.within or 0 for each in judged), sum(each.workloads for each in judged)
    worst = figures.open_by_severity(context.rows)
    grave = worst["critical"] + worst["high"]
    return Figures(
        (
            Figure(
                f"{within} of {workloads}" if judged else "not said",
                "workloads within what is tolerated",
                _tone(within == workloads) if judged else "open",
            ),
            Figure(f"{held} of {total}", "objectives met", _tone(held == total)),
            Figure(f"{context.counts.met} of {context.counts.applicable}", "evaluations met", "plain"),
            Figure(f"{grave} of {context.counts.not_met}", "not met that are critical or high", _tone(not grave)),
            Figure(f"{context.counts.unknown} of {context.counts.applicable}", "evaluations unknown", "open"),
        )
    )


def _tone(good: object) -> Tone:
    return "good" if good else "bad"


def _decisions(asked: tuple[Decision, ...]) -> Iterator[Block]:
    if not asked:
        yield Paragraph("None: nothing beyond what is tolerated, nothing about to expire, nothing unstated.")
        return
    yield Table(
        "decisions",
        "What only you can decide, the most urgent first",
        (Column("decide", 5), Column("because", 5), Column("asked of", 2)),
        tuple((each.ask, each.because, each.of) for each in asked),
        shown=DECISIONS,
    )


def _standing(basis: Basis, standing: tuple[Posture, ...]) -> Iterator[Block]:
    yield Table(
        "posture",
        "By tier of the workloads: what is open, and what is tolerated in one workload",
        (
            Column("tier", 1.7),
            Column("workloads within", 1.5),
            Column("objectives met", 1.5),
            *(Column(each, 1.1, number=True) for each in SEVERITIES),
            Column("unknown", 1.2, number=True),
            Column("tolerated in each", 3.2),
            Column("furthest beyond", 3.2),
        ),
        tuple(_posture(each) for each in standing),
        "Columns critical to low count evaluations that are not met and under no exception. An objective is counted "
        "where it is met: one of organisation scope once, at the organisation.",
    )
    scopes, cells = figures.by_domain_and_scope(basis.context)
    yield charts.matrix(scopes, cells)


def _posture(each: Posture) -> tuple[Cell, ...]:
    within = "" if not each.tier else "not said" if each.within is None else f"{each.within} of {each.workloads}"
    return (
        each.tier or "organisation",
        Mark(within, _tone(each.within == each.workloads)) if each.within is not None else within,
        f"{each.answers.held} of {each.answers.total}",
        *(each.open[severity] for severity in SEVERITIES),
        each.counts.unknown,
        _tolerated(each),
        _furthest(each),
    )


def _tolerated(each: Posture) -> str:
    if each.appetite is None:
        return "no tier of its own" if not each.tier else "nobody has said"
    limits = [f"{each.appetite.not_met[name]} {name}" for name in each.appetite.not_met]
    limits += [f"{each.appetite.unknown} unknown"] if each.appetite.unknown is not None else []
    return ", ".join(limits) or "anything"


def _furthest(each: Posture) -> Cell:
    if not each.excess:
        return Mark("none", "good") if each.appetite else ""
    worst = each.furthest
    others = len(each.beyond) - 1
    rest = f", and {counted(others, 'other')}" if others else ""
    return Mark(f"{shortened(worst.workload, 20)}: {worst.found} {worst.what}{rest}", "bad")


def _changed(basis: Basis) -> Iterator[Block]:
    changes = basis.changes
    if basis.trend:
        yield charts.trend(basis.trend)
    if changes is None:
        yield Paragraph(
            "Not compared with an earlier answer: no day was asked for (--since), and no ledger was named that has an "
            "earlier run (--ledger)."
        )
    else:
        yield from _compared(changes, len(basis.context.sections))
    if basis.ages:
        yield charts.ageing(basis.ages)


def _compared(changes: Changes, places: int) -> Iterator[Block]:
    worse = sum(each.worse for each in changes.changes)
    better = sum(each.better for each in changes.changes)
    yield Paragraph(
        f"Since {changes.earlier.as_of:%Y-%m-%d} ({changes.earlier.source}; {changes.evaluations} evaluations then, in "
        f"{changes.places} of {places} places): {worse} got worse, {better} got better."
    )
    reasons = list(changes.reasons.items())
    if reasons:
        yield Bullets(tuple(f"{count} {way}: {why}" for (way, why), count in reasons[:CHANGES]))
    if len(reasons) > CHANGES:
        yield Paragraph(f"{counted(len(reasons) - CHANGES, 'more reason')} in the JSON form.", "soft")


def _risks(found: tuple[Risk, ...]) -> Iterator[Block]:
    if not found:
        yield Paragraph("None: everything that could be judged is met or under an exception.")
        return
    by_objective: dict[str, list[Risk]] = {}
    for each in found:
        by_objective.setdefault(each.objective.id, []).append(each)
    yield Table(
        "risks",
        f"The {min(RISKS, len(by_objective))} greatest of {counted(len(by_objective), 'objective')} not met somewhere",
        (
            Column("risk", 0.7, number=True),
            Column("objective not met", 4),
            Column("where", 2.6),
            Column("why it matters", 5),
            Column("not met", 1.2, number=True),
        ),
        tuple(map(_risk, by_objective.values())),
        figures.FORMULA,
        shown=RISKS,
    )


def _risk(several: Sequence[Risk]) -> tuple[Cell, ...]:
    worst, *others = several
    rest = f" and {len(others)} more" if others else ""
    not_met = sum(len(each.rows) for each in several)
    return (
        worst.score,
        shortened(worst.objective.title, 64),
        f"{shortened(worst.section.id or 'organisation', 24)}{rest}",
        shortened(worst.rows[0].why, 96),
        f"{not_met} of {sum(each.objective.counts.applicable for each in several)}",
    )


def _exceptions(basis: Basis) -> Iterator[Block]:
    context = basis.context
    today = context.as_of.astimezone(datetime.UTC).date()
    live = [each for each, in_force in context.exceptions if in_force]
    soon = sorted((each for each in live if each.expires - today <= figures.SOON), key=lambda each: each.expires)
    over = sorted((each for each, _ in context.exceptions if each.expires <= today), key=lambda each: each.expires)
    have = "has" if len(over) == 1 else "have"
    yield Paragraph(
        f"{len(live)} of {counted(len(context.exceptions), 'exception')} in force, over {context.counts.excepted} "
        f"evaluations; {len(soon)} of them end within {figures.SOON.days} days, {len(over)} {have} expired."
    )
    shown = [*soon, *over]
    if shown:
        yield Table(
            "exceptions",
            "Exceptions about to expire, then those that have",
            (Column("exception", 3), Column("ends", 2.4), Column("what it covers", 2), Column("reason", 5)),
            tuple(_exception(each, today, context.rows) for each in shown),
            shown=EXCEPTIONS,
        )


def _exception(each: ApprovedException, today: datetime.date, rows: Sequence[Row]) -> tuple[Cell, ...]:
    days = (each.expires - today).days
    if days > 0:
        ends = Mark(f"{each.expires} (in {counted(days, 'day')})", "open")
        covers = counted(sum(row.exception == each.id for row in rows), "evaluation")
    else:
        ends, covers = Mark(f"{each.expires} (over)", "bad"), "nothing any more"
    return shortened(each.id, 40), ends, covers, shortened(each.reason, 70)


def _unseen(basis: Basis) -> Iterator[Block]:
    seen = figures.sight(basis.context)
    counts = basis.context.counts
    causes = ", ".join(f"{count} {cause.replace('_', ' ')}" for cause, count in list(seen.causes.items())[:5])
    resources = sum(each.resources for each in basis.context.sections if each.id)
    items = [f"{seen.unknown} of {counts.applicable} evaluations are unknown" + (f": {causes}." if causes else ".")]
    if seen.unanswered:
        names = list(dict.fromkeys(each.title for _, each in seen.unanswered))
        shown = "; ".join(shortened(each, 60) for each in names[:3])
        times = "" if len(names) == len(seen.unanswered) else f", {len(seen.unanswered)} times by workload,"
        items.append(
            f"{counted(len(names), 'objective')}{times} with nothing that would answer: {shown}"
            + (f"; and {len(names) - 3} more." if len(names) > 3 else ".")
        )
    unread = (
        f"{counted(seen.unread, 'file or part', 'files or parts')} could not be read; the answer is about the rest."
    )
    items.append(unread if seen.unread else "Everything that was asked for could be read.")
    types = counted(seen.unjudged_types, "type")
    items.append(f"{seen.unjudged} of {resources} resources of workloads, of {types}, are looked at by no control.")
    yield Bullets(tuple(items))
