"""What is asked of executives: only they can accept a risk, fund what is missing, or say what is tolerated."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from assay.assessment.appropriateness import Kind
from assay.reports.audience import figures
from assay.reports.audience.basis import Basis
from assay.reports.audience.figures import Posture
from assay.reports.audience.page import counted, shortened


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: what is to be decided, why now, and of whom it is asked."""

    ask: str
    because: str
    of: str


def decisions(basis: Basis, standing: tuple[Posture, ...]) -> tuple[Decision, ...]:
    """Return every decision that the answer asks for, the most urgent first."""
    return (
        *_unstated(standing),
        *_beyond(basis, standing),
        *_expiring(basis),
        *_expired(basis),
        *_gaps(basis),
        *_unanswered(basis),
        *_undeclared(basis),
    )


def _unstated(standing: tuple[Posture, ...]) -> Iterator[Decision]:
    missing = [each.tier for each in standing if each.tier and each.appetite is None]
    if missing:
        yield Decision(
            f"Say what is tolerated in workloads of tier {', '.join(missing)}.",
            "organisation.yaml states no appetite for it, so nothing can be measured against one.",
            "executives",
        )


def _beyond(basis: Basis, standing: tuple[Posture, ...]) -> Iterator[Decision]:
    """Yield one decision a tier: where many workloads are beyond, what is asked is not one thing for each."""
    for each in standing:
        if not each.beyond:
            continue
        worst = each.furthest
        excess = [one for one in each.excess if one.workload == worst.workload]
        said = ", ".join(f"{one.found} {one.what} ({one.tolerated} tolerated)" for one in excess)
        if len(each.beyond) == 1:
            what, because = shortened(worst.workload, 40), f"Tier {each.tier}: {said}."
        else:
            what = f"{len(each.beyond)} of {each.workloads} workloads of tier {each.tier}"
            because = f"{shortened(worst.workload, 30)} is the furthest beyond: {said}."
        owners = dict.fromkeys(basis.repository.workloads[name].owner for name in each.beyond)
        yield Decision(f"Have {what} mended first, or accept the risk by exceptions.", because, _owners(tuple(owners)))


def _owners(names: tuple[str, ...]) -> str:
    shown = ", ".join(shortened(each, 24) for each in names[:2])
    return f"{shown} and {len(names) - 2} more" if len(names) > 2 else shown


def _today(basis: Basis) -> datetime.date:
    return basis.context.as_of.astimezone(datetime.UTC).date()


def _expiring(basis: Basis) -> Iterator[Decision]:
    soon = [each for each, live in basis.context.exceptions if live and each.expires - _today(basis) <= figures.SOON]
    for each in sorted(soon, key=lambda one: (one.expires, one.id)):
        covered = sum(row.exception == each.id for row in basis.context.rows)
        yield Decision(
            f"Let exception {shortened(each.id, 40)} end, or approve it again.",
            f"It ends on {each.expires}; {counted(covered, 'evaluation')} under it would then count.",
            shortened(each.approver, 40),
        )


def _expired(basis: Basis) -> Iterator[Decision]:
    for each, _ in basis.context.exceptions:
        if each.expires <= _today(basis):
            yield Decision(
                f"Close the matter of exception {shortened(each.id, 40)}: it has expired.",
                f"It ended on {each.expires}; what it covered counts again.",
                shortened(each.requester, 40),
            )


def _gaps(basis: Basis) -> Iterator[Decision]:
    found = [each for each in basis.context.inappropriate if each.kind is Kind.REQUIREMENT_GAP]
    if found:
        named = "; ".join(shortened(each.subject, 30) for each in found[:3]) + ("; …" if len(found) > 3 else "")
        yield Decision(
            f"Fund an answer to {counted(len(found), 'requirement')} that nothing answers, or say why none is needed.",
            f"Adopted and without objective or control: {named}.",
            "executives",
        )


def _unanswered(basis: Basis) -> Iterator[Decision]:
    unanswered = {each.title for section, each in figures.sight(basis.context).unanswered if not section}
    for title in sorted(unanswered)[:2]:
        yield Decision(
            f"Have it shown, or accept not to know: {shortened(title, 60)}.",
            "An objective of the whole organisation, and nothing was found that could answer it.",
            "platform",
        )


def _undeclared(basis: Basis) -> Iterator[Decision]:
    found = sorted(
        {
            each.workload
            for section in basis.context.sections
            for each in section.inappropriate
            if each.kind is Kind.WORKLOAD_WITHOUT_DRIVERS
        }
    )
    if found:
        named = ", ".join(shortened(each, 30) for each in found[:4]) + (", …" if len(found) > 4 else "")
        yield Decision(
            f"Have the owners of {counted(len(found), 'workload')} declare their data, jurisdictions and contracts.",
            f"Nobody can say which requirements they have: {named}.",
            "owners",
        )
