"""The figures that the readers share, counted once: whoever shows one of them shows it from here."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import get_args

from assay.assessment.verdicts import Counts, Verdict
from assay.governance.model import Appetite, Scope, Severity, Tier
from assay.reports.context import DOMAINS, ObjectiveRow, ReportContext, Row, Section

TIERS: tuple[Tier, ...] = get_args(Tier)
SEVERITIES: tuple[str, ...] = tuple(Severity)
SOON = datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Answers:
    """Objectives by their answer. Each is counted once where it is met: one of organisation scope at the organisation.

    idle  Objectives that apply and have nothing in scope: neither met nor failed, and in no denominator.
    """

    met: int = 0
    inherited: int = 0
    excepted: int = 0
    unknown: int = 0
    partly_met: int = 0
    not_met: int = 0
    idle: int = 0

    @property
    def total(self) -> int:
        """The denominator: the objectives that have something in scope."""
        return self.met + self.inherited + self.excepted + self.unknown + self.partly_met + self.not_met

    @property
    def held(self) -> int:
        """Met, here or by whom they are inherited from."""
        return self.met + self.inherited

    @property
    def failed(self) -> int:
        """Not met, or not everywhere."""
        return self.not_met + self.partly_met

    def __str__(self) -> str:
        rest = [("not met", self.failed), ("unknown", self.unknown), ("excepted", self.excepted)]
        return ", ".join([f"{self.held} of {self.total} met", *(f"{n} {what}" for what, n in rest if n)])


def answers(rows: Iterable[ObjectiveRow]) -> Answers:
    """Count objectives that apply, or may."""
    tally = Counter(each.verdict for each in rows if each.applies is not False)
    idle = tally.pop(Verdict.NOT_APPLICABLE, 0)
    return Answers(**{each.value: count for each, count in tally.items()}, idle=idle)


def answers_document(each: Answers) -> Mapping[str, int]:
    """Return the answers as JSON, with their denominator and the two sums that are spoken of."""
    return {**asdict(each), "held": each.held, "failed": each.failed, "total": each.total}


def counts_document(counts: Counts) -> Mapping[str, int]:
    """Return the evaluations as JSON, with their denominators."""
    return {**asdict(counts), "applicable": counts.applicable, "total": counts.total}


def total(context: ReportContext) -> Answers:
    """Count every objective where it is met."""
    return answers(each for section in context.sections for each in own_objectives(section))


def own_objectives(section: Section) -> Iterator[ObjectiveRow]:
    """Yield the objectives that are answered here and not taken over from the organisation."""
    return (each for each in section.objectives if not section.id or each.scope != Scope.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Excess:
    """More is open in a workload than is tolerated. `what` is a severity of what is not met, or "unknown"."""

    workload: str
    what: str
    found: int
    tolerated: int


@dataclass(frozen=True, slots=True)
class Posture:
    """Where a tier stands (`tier` "": the organisation itself, which has none).

    open   severity → evaluations that are not met.
    within Workloads in which no more is open than is tolerated; None: nobody has said what is.
    """

    tier: str
    workloads: int
    answers: Answers
    counts: Counts
    open: Mapping[str, int]
    appetite: Appetite | None
    excess: tuple[Excess, ...]

    @property
    def beyond(self) -> tuple[str, ...]:
        """The workloads in which more is open than is tolerated."""
        return tuple(dict.fromkeys(each.workload for each in self.excess))

    @property
    def furthest(self) -> Excess:
        """The gravest excess, and of these the largest. There is one."""
        return max(self.excess, key=lambda one: (-_gravity(one.what), one.found - one.tolerated))

    @property
    def within(self) -> int | None:
        """The number of the others; None where nobody has said what is tolerated."""
        return None if self.appetite is None else self.workloads - len(self.beyond)


def _gravity(what: str) -> int:
    return SEVERITIES.index(what) if what in SEVERITIES else len(SEVERITIES)


def postures(context: ReportContext, appetites: Mapping[Tier, Appetite]) -> tuple[Posture, ...]:
    """Return the organisation, then every tier that has workloads, the most important first."""
    organisation = [each for each in context.sections if not each.id]
    found = [_posture("", organisation, None)] if organisation else []
    for tier in TIERS:
        sections = [each for each in context.sections if each.id and each.tier == tier]
        found += [_posture(tier, sections, appetites.get(tier))] if sections else []
    return tuple(found)


def _posture(tier: str, sections: Sequence[Section], appetite: Appetite | None) -> Posture:
    excess = tuple(each for section in sections for each in _excess(section, appetite)) if appetite else ()
    return Posture(
        tier=tier,
        workloads=sum(bool(each.id) for each in sections),
        answers=answers(each for section in sections for each in own_objectives(section)),
        counts=sum((each.counts for each in sections), Counts()),
        open=open_by_severity(row for section in sections for row in section.rows),
        appetite=appetite,
        excess=excess,
    )


def _excess(section: Section, appetite: Appetite) -> Iterator[Excess]:
    found = open_by_severity(section.rows)
    for severity in SEVERITIES:
        tolerated = appetite.not_met.get(Severity(severity))
        if tolerated is not None and found[severity] > tolerated:
            yield Excess(section.id, severity, found[severity], tolerated)
    if appetite.unknown is not None and section.counts.unknown > appetite.unknown:
        yield Excess(section.id, "unknown", section.counts.unknown, appetite.unknown)


def open_by_severity(rows: Iterable[Row]) -> Mapping[str, int]:
    """Return severity → evaluations that are not met and under no exception; every severity is a key."""
    tally = Counter(row.severity for row in rows if row.effective is Verdict.NOT_MET)
    return {each: tally[each] for each in SEVERITIES}


def by_domain(context: ReportContext) -> Mapping[str, Answers]:
    """Return domain → its objectives by answer; every domain is a key."""
    return {
        domain.value: answers(
            each for section in context.sections for each in own_objectives(section) if each.domain == domain
        )
        for domain in DOMAINS
    }


def by_domain_and_scope(context: ReportContext) -> tuple[tuple[str, ...], Mapping[str, tuple[Answers, ...]]]:
    """Return the scopes ("organisation", then the tiers in use), and domain → answers in each of them."""
    places: list[tuple[str, list[Section]]] = [("organisation", [each for each in context.sections if not each.id])]
    places += [(tier, [each for each in context.sections if each.id and each.tier == tier]) for tier in TIERS]
    used = [(name, sections) for name, sections in places if sections]
    cells = {
        domain.value: tuple(
            answers(each for section in sections for each in own_objectives(section) if each.domain == domain)
            for _, sections in used
        )
        for domain in DOMAINS
    }
    return tuple(name for name, _ in used), cells


_SEVERITY = {"critical": 8, "high": 4, "medium": 2, "low": 1}
_EXPOSURE = {"internet": 4, "partner": 3, "internal": 2, "isolated": 1}
_TIER = {"critical": 4, "high": 3, "medium": 2, "low": 1}

FORMULA = (
    "Risk of what is not met = severity (critical 8, high 4, medium 2, low 1) × exposure (internet 4, partner 3, "
    "internal 2, isolated 1) × tier (critical 4, high 3, medium 2, low 1) × data (2, or 1 where all of it is declared "
    "public); 256 at most. The organisation itself counts as critical and as exposed as its most exposed workload. An "
    "objective has the highest risk of what is not met of it."
)


def risk(row: Row, section: Section, widest: str) -> int:
    """Return the risk of what is not met, 1 to 256: see FORMULA. widest: the exposure of the most exposed workload."""
    tier, exposure = (section.tier, section.exposure) if section.id else ("critical", widest)
    public = bool(section.id and section.data_classes) and set(section.data_classes) == {"public"}
    return _SEVERITY[row.severity] * _EXPOSURE[exposure] * _TIER[tier] * (1 if public else 2)


def widest_exposure(context: ReportContext) -> str:
    """Return the exposure of the most exposed workload."""
    return max((each.exposure for each in context.sections if each.id), key=_EXPOSURE.__getitem__, default="isolated")


@dataclass(frozen=True, slots=True)
class Risk:
    """An objective that is not met at one place, with what is not met of it, the worst first."""

    score: int
    section: Section
    objective: ObjectiveRow
    rows: tuple[Row, ...]


def risks(context: ReportContext) -> tuple[Risk, ...]:
    """Return every objective with something not met, the greatest risk first, then the one with more of it."""
    widest = widest_exposure(context)
    found = []
    for section in context.sections:
        known = {each.id: each for each in section.objectives}
        grouped: dict[str, list[Row]] = {}
        for row in section.rows:
            if row.effective is Verdict.NOT_MET and row.objective in known:
                grouped.setdefault(row.objective, []).append(row)
        for name, rows in grouped.items():
            rows.sort(key=lambda row: (-risk(row, section, widest), row.position, row.control))
            found.append(Risk(risk(rows[0], section, widest), section, known[name], tuple(rows)))
    return tuple(sorted(found, key=lambda each: (-each.score, -len(each.rows), each.section.id, each.objective.id)))


@dataclass(frozen=True, slots=True)
class Sight:
    """What cannot be seen.

    causes     Cause → evaluations that are unknown for it; an evaluation counts for each of its causes.
    unread     Files that are wrong, and what could not be read for other reasons.
    unjudged   Resources at which no control looks, and their types.
    unanswered Objectives that are unknown without any evaluation: nothing was found that could answer them.
    """

    unknown: int
    causes: Mapping[str, int]
    unread: int
    unjudged: int
    unjudged_types: int
    unanswered: tuple[tuple[str, ObjectiveRow], ...]


def sight(context: ReportContext) -> Sight:
    """Return what the answer does not cover."""
    unknown = [row for row in context.rows if row.effective is Verdict.UNKNOWN]
    causes = Counter(cause for row in unknown for cause in row.causes)
    return Sight(
        unknown=len(unknown),
        causes=dict(sorted(causes.items(), key=lambda each: (-each[1], each[0]))),
        unread=sum(len(each.faults) + len(each.gaps) for each in context.sections),
        unjudged=sum(context.unjudged.values()),
        unjudged_types=len(context.unjudged),
        unanswered=tuple(
            (section.id, each)
            for section in context.sections
            for each in own_objectives(section)
            if each.applies is not False and each.verdict is Verdict.UNKNOWN and not each.counts.unknown
        ),
    )
