"""Timelines of a population from its rows in the index: of every resource, every control, every objective."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from assay.assessment.history import Moment, Seen, Span, State, Timeline, spans_of, timeline, together

Number: TypeAlias = int
Woven: TypeAlias = tuple[int, Timeline]  # the id of a series, what became of it


@dataclass(frozen=True, slots=True)
class Looked:
    """When a population was looked at, and when that was written down."""

    effective: Moment
    recorded: Moment


@dataclass(frozen=True, slots=True)
class Row:
    """A span as the index has it: from look `first` to look `last`, each of which saw the same."""

    first_look: Number
    last_look: Number
    first: Moment
    last: Moment
    recorded: Moment  # of its first look
    seen: Seen


@dataclass(slots=True)
class Series:
    """What is known of one subject. sightings: look → when it saw this, where that is not the look's own moment."""

    id: int
    objective: str
    control: str
    resource: str
    rows: list[Row] = field(default_factory=list)
    sightings: dict[Number, Moment] = field(default_factory=dict)


def weave(series: Sequence[Series], looks: Sequence[Looked], recorded: Moment | None = None) -> Iterator[Woven]:
    """Yield a timeline for each series that was known by `recorded` (None: everything counts).

    An objective is what its answer and all its controls are together, a control what it is on all its resources.
    looks: look n is looks[n - 1].
    """
    controls: dict[tuple[str, str], list[Timeline]] = {}
    objectives: dict[str, list[Timeline]] = {}
    above: list[tuple[Series, tuple[Span, ...]]] = []
    for each in series:
        spans = settled(each, looks, recorded)
        if not each.resource:
            above.append((each, spans))
        elif spans:
            own = timeline(spans)
            controls.setdefault((each.objective, each.control), []).append(own)
            yield each.id, own
    for each, spans in above:
        key = each.objective, each.control
        if each.control and (spans or key in controls):  # without a whole look at it, what was found is not all
            controls.setdefault(key, []).append(timeline(spans))
    summed = {key: together(parts) for key, parts in controls.items()}
    for (objective, _), one in summed.items():
        objectives.setdefault(objective, []).append(one)
    for each, spans in above:
        if not each.control and (spans or each.objective in objectives):
            objectives.setdefault(each.objective, []).append(timeline(spans))
            yield each.id, together(objectives[each.objective])
        elif (each.objective, each.control) in summed:
            yield each.id, summed[each.objective, each.control]


def settled(series: Series, looks: Sequence[Looked], recorded: Moment | None) -> tuple[Span, ...]:
    """Return the spans that were known by `recorded`, in order of their effective times, without overlap.

    Runs that arrive late lie within spans that are there already: then the looks are taken one by one.
    """
    rows = series.rows
    if recorded is not None:
        rows = [_known(each, series.sightings, looks, recorded) for each in rows if each.recorded <= recorded]
    if all(each.seen.state is State.GONE for each in rows):
        return ()  # nobody had seen it by then: that it was not there says nothing yet
    spans = [Span(each.first, each.last, each.seen) for each in rows]
    if all(before.last < after.first for before, after in itertools.pairwise(spans)):
        return tuple(spans)
    points = sorted(
        (point for each in rows for point in _points(each, series.sightings, looks)), key=lambda each: each[0]
    )
    return spans_of(point for _, point in points)


def _known(row: Row, sightings: Mapping[Number, Moment], looks: Sequence[Looked], recorded: Moment) -> Row:
    """Return the part of a row that was recorded by then. Within a row, later looks were recorded later."""
    last = row.last_look
    while looks[last - 1].recorded > recorded:
        last -= 1
    if last == row.last_look:
        return row
    until = sightings.get(last, looks[last - 1].effective)
    return Row(row.first_look, last, row.first, until, row.recorded, row.seen)


def _points(
    row: Row, sightings: Mapping[Number, Moment], looks: Sequence[Looked]
) -> Iterator[tuple[Number, tuple[Moment, Moment, Seen]]]:
    """Yield each look of a row with its number: of two recorded in one second the later in the ledger corrects."""
    for number in range(row.first_look, row.last_look + 1):
        look = looks[number - 1]
        yield number, (sightings.get(number, look.effective), look.recorded, row.seen)
