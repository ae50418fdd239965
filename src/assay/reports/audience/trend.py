"""What only a history knows: how the objectives stood over time, and how old what is not met is."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.assessment.history import Moment, State, Subject, clipped
from assay.assessment.periods import Ending, Period
from assay.assessment.verdicts import Verdict
from assay.governance.model import Scope
from assay.governance.repository import Repository
from assay.reports.audience.figures import SEVERITIES
from assay.reports.context import ReportContext

SLICES = 26  # of a trend, at most
DAY = 86_400
AGES = ((7, "7 days or less"), (30, "8 to 30 days"), (90, "31 to 90 days"), (0, "older"))
UNDATED = "not in the ledger yet"


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a period: seconds of all objectives together, by what was known of them.

    blind  Unknown, older than a control allows, or not looked at yet.
    """

    start: Moment
    end: Moment
    met: int
    excepted: int
    failing: int
    blind: int

    @property
    def length(self) -> int:
        """The denominator: time in which an objective existed and needed something."""
        return self.met + self.excepted + self.failing + self.blind

    @property
    def day(self) -> str:
        """The day on which it begins, in UTC."""
        return f"{datetime.datetime.fromtimestamp(self.start, datetime.UTC):%Y-%m-%d}"


def slices(period: Period, repository: Repository, stages: Mapping[str, str]) -> tuple[Slice, ...]:
    """Return a period in equal parts of whole days, an objective counted where it is met.

    stages: workload → the stage that the report is about; the organisation is "".
    """
    days = max(1, -(-(period.end - period.start) // DAY))
    step = DAY * -(-days // SLICES)
    timelines = [row.timeline for row in period.rows if _counts(row.subject, repository, stages)]
    found = []
    for start in range(period.start, period.end, step):
        end = min(start + step, period.end)
        seconds = dict.fromkeys(State, 0)
        for each in timelines:
            for part in clipped(each, start, end):
                seconds[part.state] += part.end - part.start
        blind = sum(count for state, count in seconds.items() if state.blind)
        excepted = seconds[State.EXCEPTED] + seconds[State.EXCEPTED_UNKNOWN]
        found.append(Slice(start, end, seconds[State.MET], excepted, seconds[State.FAILING], blind))
    return tuple(found)


def _counts(subject: Subject, repository: Repository, stages: Mapping[str, str]) -> bool:
    known = repository.objectives.get(subject.objective)
    inherited = subject.workload and known and known.objective.scope is Scope.ORGANISATION
    return stages.get(subject.workload) == subject.stage and not inherited


def ages(context: ReportContext, period: Period, now: datetime.datetime) -> Mapping[str, Mapping[str, int]]:
    """Return severity → age → evaluations that are not met; the last age is of those that the ledger does not have.

    What failed before nobody looked for a while, and fails still, is as old as its first failure.
    """
    began = dict(_open_since(period))
    names = [name for _, name in AGES] + [UNDATED]
    found = {severity: dict.fromkeys(names, 0) for severity in SEVERITIES}
    for section in context.sections:
        for row in section.rows:
            if row.effective is Verdict.NOT_MET:
                start = began.get((row.workload, row.stage, row.control, row.resource))
                found[row.severity][UNDATED if start is None else _age((now.timestamp() - start) / DAY)] += 1
    return found


def _open_since(period: Period) -> Iterator[tuple[tuple[str, str, str, str], Moment]]:
    for row in period.rows:
        of = row.subject
        for failure in row.failures:
            if failure.ending is Ending.OPEN:
                yield (of.workload, of.stage, of.control, of.resource), failure.start


def _age(days: float) -> str:
    return next((name for most, name in AGES if most and days <= most), AGES[-1][1])


def share(part: int, whole: int) -> str:
    """Return a share in whole per cent, "none" of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else "none"


def days_of(several: Sequence[Slice]) -> int:
    """Return how many days they are together, begun ones counted."""
    return -(-(several[-1].end - several[0].start) // DAY) if several else 0
