"""Status at a time and over a period, from what was seen when. Pure.

A moment is a number of whole seconds since 1970 (UTC). There are two axes. *Effective*: when something was seen to be
so. *Recorded*: when it was written down. The effective axis rules a timeline; the recorded axis rules who knew what
when, by leaving out what was recorded later.

A verdict lives until the next one, or until its control's freshness limit: then it is unknown, because nobody looked.
The limit is one of days (UTC), as `freshness` has it: what was seen on a day counts to the end of the last day allowed.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

Moment: TypeAlias = int

FOREVER: Moment = 253_402_300_800  # the year 10000: later than anything that is asked for
BEFORE: Moment = -FOREVER
DAY = 86_400


class State(enum.StrEnum):
    """What can be said of a subject at a moment, worst first. Exactly one holds at each."""

    FAILING = "failing"
    UNKNOWN = "unknown"  # it was looked at, and could not be decided
    STALE = "stale"  # it was looked at, longer ago than its control allows
    UNSEEN = "unseen"  # nobody had looked yet
    EXCEPTED = "excepted"  # it fails, and an exception in force is laid over that
    EXCEPTED_UNKNOWN = "excepted_unknown"  # it could not be decided, and an exception in force is laid over that
    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    GONE = "gone"  # it does not exist: removed, or not there yet

    @property
    def blind(self) -> bool:
        """Whether nothing is known: unknown, stale, or before the first look."""
        return self in (State.UNKNOWN, State.STALE, State.UNSEEN)


_ORDER = tuple(State)
_RANK = {state: rank for rank, state in enumerate(_ORDER)}
_UNDER = {State.EXCEPTED: State.FAILING, State.EXCEPTED_UNKNOWN: State.UNKNOWN}


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What a timeline is about. workload "" is the organisation; "" in the other fields: all of them together.

    An objective of a workload, one control that serves it, one resource under that control, or the whole workload.
    """

    workload: str
    stage: str
    objective: str = ""
    control: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found. The exception counts between its own dates only, by the clock alone.

    state      Without regard to the clock: EXCEPTED and EXCEPTED_UNKNOWN while the exception counts.
    days       How many days after the one on which it was seen it is still evidence.
    exception  Its id, "" for none; in force from `approved`, until `expires`.
    until      When what it rests on ends, such as the period of an audit report.
    """

    state: State
    days: int
    exception: str = ""
    approved: Moment = BEFORE
    expires: Moment = FOREVER
    until: Moment = FOREVER

    def lapses(self, at: Moment) -> Moment:
        """Return from when on a look at a moment is no evidence any more."""
        return min((at // DAY + self.days + 1) * DAY, max(self.until, at), FOREVER)


@dataclass(frozen=True, slots=True)
class Span:
    """The same thing seen several times in a row, from `first` to `last`, each time while the one before counted."""

    first: Moment
    last: Moment
    seen: Seen


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` until before `end`, this state. `exception` is the id of the exception in force, "" for none."""

    start: Moment
    end: Moment
    state: State
    exception: str = ""


Timeline: TypeAlias = tuple[Stretch, ...]
"""Stretches from BEFORE to FOREVER without a gap; neighbours differ."""


def continued(span: Span, at: Moment, seen: Seen) -> Span | None:
    """Return the span with one more look, None when that look does not continue it."""
    if seen == span.seen and span.last <= at <= seen.lapses(span.last) and at < seen.until:
        return Span(span.first, at, span.seen)  # `replace` takes ten times as long, and this is done for every look
    return None


def spans_of(looks: Iterable[tuple[Moment, Moment, Seen]]) -> tuple[Span, ...]:
    """Return looks, each (effective, recorded, what was seen), in the order of their effective times.

    Of several at one effective time the one that was recorded last counts: it corrects the others.
    """
    latest = {effective: seen for effective, _, seen in sorted(looks, key=lambda each: each[:2])}
    spans: list[Span] = []
    for effective, seen in latest.items():
        more = continued(spans[-1], effective, seen) if spans else None
        if more:
            spans[-1] = more
        else:
            spans.append(Span(effective, effective, seen))
    return tuple(spans)


def timeline(spans: Sequence[Span]) -> Timeline:
    """Return the state at every moment, from spans in order of time that do not overlap."""
    parts = [Stretch(BEFORE, spans[0].first if spans else FOREVER, State.UNSEEN)]
    following = (*(each.first for each in spans[1:]), FOREVER)
    for span, next_look in zip(spans, following, strict=False):
        parts += _lived(span, next_look)
    return joined(parts)


def _lived(span: Span, next_look: Moment) -> list[Stretch]:
    seen = span.seen
    lapses = min(next_look, seen.lapses(span.last))
    stale = Stretch(lapses, next_look, State.STALE)
    if not seen.exception:
        return [Stretch(span.first, lapses, seen.state), stale]
    counts, over = (min(max(each, span.first), lapses) for each in (seen.approved, seen.expires))
    under = _UNDER.get(seen.state, seen.state)
    return [
        Stretch(span.first, counts, under),
        Stretch(counts, over, seen.state, seen.exception),
        Stretch(max(counts, over), lapses, under),
        stale,
    ]


def joined(parts: Iterable[Stretch]) -> Timeline:
    """Return stretches without empty ones, equal neighbours made one."""
    found: list[Stretch] = []
    for each in parts:
        if each.start >= each.end:
            continue
        last = found[-1] if found else None
        if last and (last.state, last.exception, last.end) == (each.state, each.exception, each.start):
            found[-1] = replace(last, end=each.end)
        else:
            found.append(each)
    return tuple(found)


def together(parts: Sequence[Timeline]) -> Timeline:
    """Return the state of several as one: the worst that holds of any of them.

    This is `verdicts.aggregate` at each moment: a failure is one, then what is not known, then what is excepted; what
    does not exist does not count: only when nothing exists the whole is gone. Of nothing it is not applicable.
    """
    if not parts:
        return (Stretch(BEFORE, FOREVER, State.NOT_APPLICABLE),)
    if len(parts) == 1:
        return joined(replace(each, exception="") for each in parts[0])
    changes = sorted(change for each in parts for change in _changes(each))  # runs in order, which sorting likes
    holding = [0] * len(_ORDER)
    found: list[Stretch] = []
    begun = BEFORE
    for at, rank, by in changes:
        if at > begun:
            state = _ORDER[next(each for each, count in enumerate(holding) if count)]
            found.append(Stretch(begun, at, state))
            begun = at
        holding[rank] += by
    return joined(found)


def _changes(one: Timeline) -> list[tuple[Moment, int, int]]:
    """Return (when, rank of the state, +1 or -1)."""
    found = [(BEFORE, _RANK[one[0].state], 1)]
    for before, after in pairwise(one):
        found += [(after.start, _RANK[before.state], -1), (after.start, _RANK[after.state], 1)]
    return [*found, (FOREVER, 0, 0)]


def at(one: Timeline, moment: Moment) -> Stretch:
    """Return the stretch in which a moment lies."""
    return next(each for each in one if each.start <= moment < each.end)


def clipped(one: Timeline, start: Moment, end: Moment) -> Timeline:
    """Return the part of a timeline from `start` until before `end`."""
    return tuple(
        replace(each, start=max(each.start, start), end=min(each.end, end))
        for each in one
        if each.start < end and each.end > start
    )
