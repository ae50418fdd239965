"""Figures over a period, from a timeline. Pure. No figure without its denominator; none is mixed into another."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from assay.assessment.history import FOREVER, Moment, State, Subject, Timeline, clipped


class Ending(enum.StrEnum):
    """How a failure ended."""

    FIXED = "fixed"  # seen to be met, or to need it no longer
    EXCEPTED = "excepted"  # an exception was laid over it
    GONE = "gone"  # what failed exists no more
    OPEN = "open"  # it fails still, or nobody has looked since


_ENDS = {
    State.MET: Ending.FIXED,
    State.NOT_APPLICABLE: Ending.FIXED,
    State.EXCEPTED: Ending.EXCEPTED,
    State.EXCEPTED_UNKNOWN: Ending.EXCEPTED,
    State.GONE: Ending.GONE,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: first seen at `start`, seen to have ended at `end` (FOREVER: open).

    failing  Seconds for which it was known to fail. Blind time in between ends no failure and is not in this figure.
    """

    start: Moment
    end: Moment
    ending: Ending
    failing: int


def failures(one: Timeline) -> tuple[Failure, ...]:
    """Return every failure of a timeline, oldest first."""
    found: list[Failure] = []
    start, failing = FOREVER, 0
    for each in one:
        if each.state is State.FAILING:
            start, failing = min(start, each.start), failing + each.end - each.start
        elif start < FOREVER and (ending := _ENDS.get(each.state)):
            found.append(Failure(start, each.start, ending, failing))
            start, failing = FOREVER, 0
    if start < FOREVER:
        found.append(Failure(start, FOREVER, Ending.OPEN, failing))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a period comes to: seconds in each state, and how many failures; of several subjects, their sums.

    subjects      How many timelines were added.
    length        Their seconds together; the states add up to it exactly.
    begun, ended  Failures that began, or ended in any way, within the period.
    fixed         Those of `ended` that were fixed; fixing: the seconds from their starts (which may lie before the
                  period) to their ends, together. longest_fix: the longest of these.
    """

    subjects: int = 0
    length: int = 0
    met: int = 0
    failing: int = 0
    excepted: int = 0
    excepted_unknown: int = 0
    unknown: int = 0
    stale: int = 0
    unseen: int = 0
    not_applicable: int = 0
    gone: int = 0
    begun: int = 0
    ended: int = 0
    fixed: int = 0
    fixing: int = 0
    longest_fix: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        added = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        added["longest_fix"] = max(self.longest_fix, other.longest_fix)
        return Figures(**added)

    @property
    def observed(self) -> int:
        """Seconds in which it was known whether it is met: the denominator of `share_met`. Exceptions hide nothing."""
        return self.met + self.failing + self.excepted

    @property
    def blind(self) -> int:
        """Seconds in which nothing was known and no exception was laid over that."""
        return self.unknown + self.stale + self.unseen

    @property
    def under_exception(self) -> int:
        """Seconds under an exception, whatever is under it."""
        return self.excepted + self.excepted_unknown

    @property
    def share_met(self) -> float | None:
        """The share of observed time in which it was met; None when nothing was observed."""
        return self.met / self.observed if self.observed else None

    @property
    def mean_fix(self) -> float | None:
        """Mean seconds from start to fix; None when nothing was fixed."""
        return self.fixing / self.fixed if self.fixed else None


def figures(one: Timeline, start: Moment, end: Moment) -> Figures:
    """Return the figures of one timeline from `start` until before `end`."""
    seconds = dict.fromkeys(State, 0)
    for each in clipped(one, start, end):
        seconds[each.state] += each.end - each.start
    known = failures(one)
    ended = [each for each in known if start <= each.end < end]
    fixes = [each.end - each.start for each in ended if each.ending is Ending.FIXED]
    return Figures(
        subjects=1,
        length=end - start,
        begun=sum(start <= each.start < end for each in known),
        ended=len(ended),
        fixed=len(fixes),
        fixing=sum(fixes),
        longest_fix=max(fixes, default=0),
        **{state.value: count for state, count in seconds.items()},
    )


def total(several: Iterable[Figures]) -> Figures:
    """Return the sums."""
    return sum(several, Figures())


@dataclass(frozen=True, slots=True)
class Status:
    """What held of a subject at a moment: which state, since when, under which exception."""

    subject: Subject
    state: State
    since: Moment
    exception: str = ""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The status of every subject at `at`, from what was recorded up to `recorded` (None: everything).

    looks  How many looks were known that were effective by then; none: nobody had looked.
    later  How many of them were recorded after `at`: the answer says more than was known then.
    """

    at: Moment
    recorded: Moment | None
    statuses: tuple[Status, ...]
    looks: int
    later: int

    @property
    def counts(self) -> Mapping[State, int]:
        """How many subjects are in each state; every state is a key."""
        found = dict.fromkeys(State, 0)
        for each in self.statuses:
            found[each.state] += 1
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """A period of one subject. timeline: () unless asked for.

    failures  Those that touch the period, from their beginnings, which may lie before it, as they stood at its end.
    """

    subject: Subject
    figures: Figures
    failures: tuple[Failure, ...] = ()
    timeline: Timeline = ()


@dataclass(frozen=True, slots=True)
class Period:
    """Every subject from `start` until before `end`, from what was recorded up to `recorded` (None: everything).

    looks, later  As in `AsOf`, for looks that are effective within the period.
    """

    start: Moment
    end: Moment
    recorded: Moment | None
    rows: tuple[Row, ...]
    looks: int
    later: int

    @property
    def total(self) -> Figures:
        """All rows together."""
        return total(each.figures for each in self.rows)

    @property
    def by_workload(self) -> Mapping[tuple[str, str], Figures]:
        """(workload, stage) → all its rows together."""
        found: dict[tuple[str, str], Figures] = {}
        for each in self.rows:
            key = each.subject.workload, each.subject.stage
            found[key] = found.get(key, Figures()) + each.figures
        return found
