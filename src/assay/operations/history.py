"""What the ledger says of a time, or of a period: the question, the answer's types, and who answers.

    with open_history("evidence") as history:
        then = history.as_of(moment)                                   # AsOf: one Status per subject
        known = history.as_of(moment, recorded=tuesday)                # as it was known on Tuesday
        year = history.over(start, end, Wanted(workloads=("shop",)))   # Period: one Row per subject

Moments are whole seconds since 1970 (UTC). A row is about an objective of a workload unless `Wanted` asks for more
detail; `Period.by_workload` adds rows up. For drawings each row of a period has its timeline, clipped to the period,
when `timelines=True`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assay.assessment.history import Moment, State, Subject, Timeline
from assay.assessment.periods import Failure, Figures, total


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer is about.

    workloads   Ids, "" for the organisation; () for all, and the organisation.
    objective   Its controls are told apart; "" for every objective.
    control     Its resources are told apart; "" for every control.
    detail      Finest rows: "objective", "control" or "resource"; "" chooses by the two above.
    """

    workloads: tuple[str, ...] = ()
    stage: str = ""
    objective: str = ""
    control: str = ""
    detail: str = ""


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
    """A period of one subject. failures: those that touch the period, whole. timeline: () unless asked for."""

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


class History:
    """The history of one ledger, from an index that was caught up with it."""

    def as_of(self, at: Moment, wanted: Wanted = Wanted(), recorded: Moment | None = None) -> AsOf:  # noqa: B008
        """Return the status of each subject at a moment. Raises UsageError on an unknown workload, objective, control."""
        raise NotImplementedError

    def over(
        self,
        start: Moment,
        end: Moment,
        wanted: Wanted = Wanted(),  # noqa: B008
        recorded: Moment | None = None,
        *,
        timelines: bool = False,
    ) -> Period:
        """Return the figures of each subject over a period. Raises UsageError as `as_of` does."""
        raise NotImplementedError


def open_history(ledger: str, index: str = "") -> History:
    """Return the history of a ledger (or a pack). Needs no private key.

    index  File of the index; default: beside the ledger, or the user's cache folder where that cannot be written.
    """
    raise NotImplementedError
