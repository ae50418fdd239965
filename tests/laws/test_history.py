"""Laws of history: what is known of a time, from looks in any order, complete or partial, early or late."""

import contextlib
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.assessment.history import (
    BEFORE,
    DAY,
    FOREVER,
    Seen,
    Span,
    State,
    Stretch,
    Subject,
    Timeline,
    at,
    clipped,
    spans_of,
    timeline,
    together,
)
from assay.assessment.periods import Ending, Failure, Figures, failures, figures, total
from assay.assessment.verdicts import Counts, Verdict, aggregate
from assay.ledger.keys import PublicKey
from assay.operations.history import History, Wanted
from assay.operations.history_index import Connection, absorb, open_index, woven
from assay.operations.history_looks import Key, Look

JUDGED = (State.MET, State.FAILING, State.UNKNOWN, State.EXCEPTED, State.EXCEPTED_UNKNOWN, State.NOT_APPLICABLE)
KEY = PublicKey("example.org/log", b"\0" * 32)

HALF = DAY // 2
EVERY = [half * HALF for half in range(-1, 60)]  # every moment at which anything below can change
moments = st.integers(0, 30).map(lambda half: half * HALF)
DAYS = st.sampled_from([1, 4])


@st.composite
def seens(draw: st.DrawFn, days: st.SearchStrategy[int] = DAYS) -> Seen:
    state = draw(st.sampled_from(JUDGED))
    until = draw(st.sampled_from([FOREVER, 12 * HALF]))
    if state not in (State.EXCEPTED, State.EXCEPTED_UNKNOWN):
        return Seen(state, draw(days), until=until)
    approved = draw(moments)
    return Seen(state, draw(days), "e1", approved, approved + draw(st.integers(1, 20)) * HALF, until)


points = st.lists(st.tuples(moments, moments, seens()), max_size=8)
timelines = points.map(spans_of).map(timeline)


def plainly(looks: Sequence[tuple[int, int, Seen]], moment: int) -> State:
    """What holds at a moment, said without spans: the latest look by then counts, while it is evidence."""
    until_then = [(effective, recorded, order) for order, (effective, recorded, _) in enumerate(looks)]
    before = [each for each in until_then if each[0] <= moment]
    if not before:
        return State.UNSEEN
    effective, _, order = max(before)
    seen = looks[order][2]
    if moment // DAY - effective // DAY > seen.days or moment >= max(seen.until, effective):
        return State.STALE
    if seen.exception and not seen.approved <= moment < seen.expires:
        return {State.EXCEPTED: State.FAILING, State.EXCEPTED_UNKNOWN: State.UNKNOWN}[seen.state]
    return seen.state


@given(points)
def test_spans_say_what_the_single_looks_say(looks: list[tuple[int, int, Seen]]) -> None:
    one = timeline(spans_of(looks))
    assert [at(one, moment).state for moment in EVERY] == [plainly(looks, moment) for moment in EVERY]


@given(timelines)
def test_a_timeline_has_neither_gaps_nor_equal_neighbours(one: Timeline) -> None:
    assert (one[0].start, one[-1].end) == (BEFORE, FOREVER)
    for before, after in itertools.pairwise(one):
        assert before.end == after.start
        assert (before.state, before.exception) != (after.state, after.exception)


def states_of(found: Figures) -> int:
    return found.met + found.failing + found.blind + found.under_exception + found.not_applicable + found.gone


@given(timelines, moments, moments)
def test_the_figures_of_a_period_add_up_to_its_length(one: Timeline, start: int, end: int) -> None:
    assume(start < end)
    found = figures(one, start, end)
    assert states_of(found) == found.length == end - start
    assert found.observed + found.blind + found.excepted_unknown + found.not_applicable + found.gone == found.length
    assert found.share_met is None or 0 <= found.share_met <= 1


@given(timelines, st.lists(moments, min_size=3, max_size=3, unique=True).map(sorted))
def test_two_halves_of_a_period_are_the_whole(one: Timeline, cuts: list[int]) -> None:
    start, middle, end = cuts
    halves = figures(one, start, middle) + figures(one, middle, end)
    whole = figures(one, start, end)
    assert replace(halves, subjects=1) == whole


@given(points, st.integers(0, 1))
def test_staleness_only_turns_what_is_known_into_unknown(looks: list[tuple[int, int, Seen]], sooner: int) -> None:
    fresh = timeline(spans_of(looks))
    short = [(effective, recorded, replace(seen, days=seen.days - sooner)) for effective, recorded, seen in looks]
    strict = timeline(spans_of(short))
    for moment in EVERY:
        before, after = at(fresh, moment).state, at(strict, moment).state
        assert after in (before, State.STALE)


@given(st.lists(timelines, min_size=1, max_size=4))
def test_several_together_are_what_the_verdicts_of_all_are(parts: list[Timeline]) -> None:
    whole = together(parts)
    for moment in EVERY:
        states = [at(each, moment).state for each in parts]
        assert _verdict(at(whole, moment).state) == aggregate(Counts.of(map(_verdict, states)), complete=True).replace(
            "partly_met", "not_met"
        )


def _verdict(state: State) -> Verdict:
    if state.blind:
        return Verdict.UNKNOWN
    return {
        State.MET: Verdict.MET,
        State.FAILING: Verdict.NOT_MET,
        State.EXCEPTED: Verdict.EXCEPTED,
        State.EXCEPTED_UNKNOWN: Verdict.EXCEPTED,
    }.get(state, Verdict.NOT_APPLICABLE)


@given(st.lists(timelines, min_size=3, max_size=3))
def test_it_does_not_matter_how_several_are_put_together(parts: list[Timeline]) -> None:
    first, second, third = parts
    assert together(parts) == together([third, first, second]) == together([first, together([second, third])])


@given(timelines)
def test_a_failure_is_known_for_no_longer_than_it_lasts(one: Timeline) -> None:
    known = failures(one)
    assert sum(each.failing for each in known) == sum(
        each.end - each.start for each in one if each.state is State.FAILING
    )
    for before, after in itertools.pairwise(known):
        assert before.end <= after.start
    for each in known:
        assert each.failing <= each.end - each.start
        assert (each.ending is Ending.OPEN) == (each.end == FOREVER)
        assert at(one, each.start).state is State.FAILING


# ---- the index: looks at populations, in whatever order they are appended ----

KEYS: tuple[Key, ...] = (("o1", "c1", "r1"), ("o1", "c1", "r2"), ("o1", "c2", "r1"), ("o2", "c3", "r1"))
WATCHES: tuple[Key, ...] = (("o1", "c1", ""), ("o1", "c2", ""), ("o1", "", ""), ("o2", "", ""))


REPEATED = (  # few, so that looks continue one another
    Seen(State.MET, 2),
    Seen(State.FAILING, 2),
    Seen(State.EXCEPTED, 2, "e1", 5 * HALF, 9 * HALF, 14 * HALF),
)


@st.composite
def looked(draw: st.DrawFn, recorded: int) -> Look:
    effective = draw(st.integers(0, recorded // HALF)) * HALF
    complete = draw(st.booleans())
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))
    found: dict[Key, tuple[int, Seen]] = {}
    for each in keys:
        own = draw(st.sampled_from([effective, max(0, effective - HALF)]))
        found[each] = own, draw(st.sampled_from(REPEATED))
    if complete:
        found |= {each: (effective, Seen(State.NOT_APPLICABLE, 2)) for each in WATCHES}
    return Look("shop", "prod", effective, recorded, complete, found)


@st.composite
def several(draw: st.DrawFn, most: int = 8) -> list[Look]:
    recorded = draw(
        st.lists(st.integers(0, 16).map(lambda half: half * HALF), unique=True, min_size=1, max_size=most).map(sorted)
    )
    return [draw(looked(each)) for each in recorded]


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    opened = open_index(None, KEY)
    yield opened
    opened.close()


@contextlib.contextmanager
def index(database: Connection, *batches: Iterable[Look]) -> Iterator[Connection]:
    """An index of looks, appended batch by batch, and gone afterwards."""
    database.execute("BEGIN")
    try:
        for each in batches:
            absorb(database, each)
        yield database
    finally:
        database.execute("ROLLBACK")


def known(database: Connection, *batches: Iterable[Look], recorded: int | None = None) -> Mapping[Subject, Timeline]:
    """Every timeline of everything, resources, controls and objectives."""
    with index(database, *batches) as indexed:
        names = {
            number: Subject("shop", "prod", *rest)
            for number, *rest in indexed.execute("SELECT id, objective, control, resource FROM series").fetchall()
        }
        return {names[number]: one for number, one in woven(indexed, 1, recorded)}


@settings(max_examples=15, deadline=None)
@given(several(), st.randoms(use_true_random=False))
def test_the_order_of_appends_does_not_change_the_answer(
    database: Connection, looks: list[Look], chance: random.Random
) -> None:
    assert known(database, looks) == known(database, chance.sample(looks, len(looks)))


@settings(max_examples=15, deadline=None)
@given(several(), st.integers(0, 6))
def test_catching_up_is_the_same_as_reading_everything_at_once(
    database: Connection, looks: list[Look], cut: int
) -> None:
    assert known(database, looks) == known(database, looks[:cut], looks[cut:])


@settings(max_examples=15, deadline=None)
@given(several(), st.randoms(use_true_random=False))
def test_what_was_known_then_stays_the_same_whatever_is_recorded_later(
    database: Connection, looks: list[Look], chance: random.Random
) -> None:
    """Writers' clocks differ, so entries of a ledger need not be in the order of the times that they state."""
    then = chance.choice(looks).recorded
    by_then = [each for each in looks if each.recorded <= then]
    everything = chance.sample(looks, len(looks))
    assert known(database, everything, recorded=then) == known(database, by_then)


@settings(max_examples=15, deadline=None)
@given(several(4), st.data())
def test_a_partial_look_changes_nothing_that_it_did_not_cover(
    database: Connection, looks: list[Look], data: st.DataObject
) -> None:
    partial = replace(data.draw(looked(17 * HALF)), complete=False)
    partial = replace(partial, points={key: seen for key, seen in partial.points.items() if key[2]})
    before, after = known(database, looks), known(database, [*looks, partial])
    covered = {Subject("shop", "prod", *key) for key in partial.points}
    for subject, one in before.items():
        if subject.resource and subject not in covered:
            assert after[subject] == one


@settings(max_examples=15, deadline=None)
@given(several(), moments, moments)
def test_the_engine_adds_up_what_the_timelines_say(
    database: Connection, looks: list[Look], start: int, end: int
) -> None:
    assume(start < end)
    every = known(database, looks)
    with index(database, looks) as indexed:
        found = History(indexed)
        for detail, whole in _by_detail(every).items():
            wanted = Wanted(detail=detail)
            period = found.over(start, end, wanted, timelines=True)
            assert {row.subject: (row.figures, row.timeline) for row in period.rows} == {
                subject: (figures(one, start, end), clipped(one, start, end)) for subject, one in whole.items()
            }
            assert total(found.sums(start, end, wanted).values()) == period.total
            assert {each.subject: each.state for each in found.as_of(start, wanted).statuses} == {
                subject: at(one, start).state for subject, one in whole.items()
            }
            assert {row.subject: row.failures for row in period.rows} == {
                subject: by_the_end(one, start, end) for subject, one in whole.items()
            }
            assert sum(sum(each.values()) for each in found.tally(start, wanted).values()) == len(whole)


def by_the_end(one: Timeline, start: int, end: int) -> tuple[Failure, ...]:
    """The failures of a period from the timeline as it stood at its end, and then was not looked at any more."""
    until = (*clipped(one, BEFORE, end), Stretch(end, FOREVER, State.STALE))
    return tuple(each for each in failures(until) if each.start < end and each.end > start)


def _by_detail(every: Mapping[Subject, Timeline]) -> Mapping[str, Mapping[Subject, Timeline]]:
    found: dict[str, dict[Subject, Timeline]] = {"objective": {}, "control": {}, "resource": {}}
    for subject, one in every.items():
        found["resource" if subject.resource else "control" if subject.control else "objective"][subject] = one
    return found


R1 = ("o1", "c1", "r1")
MET_LONG = Seen(State.MET, 30)


def one_look(effective: int, recorded: int, own: int | None = None) -> Look:
    points = {R1: (effective if own is None else own, MET_LONG)}
    return Look(
        "shop",
        "prod",
        effective * HALF,
        recorded * HALF,
        False,
        {key: (at * HALF, it) for key, (at, it) in points.items()},
    )


def since(database: Connection, looks: Iterable[Look], recorded: int) -> tuple[float, float]:
    """From when to when R1 is known to be met, in half days, by what was recorded until then."""
    met = [
        each
        for each in known(database, looks, recorded=recorded * HALF)[Subject("shop", "prod", *R1)]
        if each.state is State.MET
    ]
    return met[0].start / HALF, met[-1].end / HALF


def test_a_look_recorded_before_the_one_ahead_of_it_in_the_ledger_is_known_without_it(database: Connection) -> None:
    looks = [one_look(2, recorded=20), one_look(4, recorded=5)]
    assert since(database, looks, recorded=10)[0] == 4
    assert since(database, looks, recorded=20)[0] == 2


def test_each_resource_is_known_until_its_own_last_sighting_then(database: Connection) -> None:
    looks = [one_look(2, 3), one_look(8, 9, own=4), one_look(12, 13)]
    assert since(database, looks, recorded=9) == (2, 4 + 62)
    assert since(database, looks, recorded=13) == (2, 12 + 62)


def test_a_late_look_is_corrected_by_the_next_sighting_of_the_resource_itself(database: Connection) -> None:
    late = replace(one_look(3, recorded=13), points={R1: (3 * HALF, Seen(State.FAILING, 30))})
    one = known(database, [one_look(2, 3), one_look(8, 9, own=4), late])[Subject("shop", "prod", *R1)]
    assert [(each.start / HALF, each.state) for each in one[1:4]] == [
        (2, State.MET),
        (3, State.FAILING),
        (4, State.MET),
    ]


def test_what_is_new_was_not_there_at_any_complete_look_before_whenever_that_is_effective(database: Connection) -> None:
    missing = Look("shop", "prod", 6 * HALF, 7 * HALF, True, {})
    late = one_look(2, recorded=9)
    for looks in ([missing, late], [replace(late, recorded=5 * HALF), missing]):
        (one,) = (each for subject, each in known(database, looks).items() if subject.resource)
        assert [(each.start / HALF, each.state) for each in one[1:]] == [(2, State.MET), (6, State.GONE)]


def test_what_was_seen_on_a_day_counts_to_the_end_of_the_last_day_allowed() -> None:
    seen, morning = Seen(State.MET, 1), 6 * 3600
    assert spans_of([(morning, 0, seen), (DAY, 0, seen), (4 * DAY, 0, seen)]) == (
        Span(morning, DAY, seen),
        Span(4 * DAY, 4 * DAY, seen),
    )
    assert timeline([Span(morning, DAY, seen)])[1:] == (
        Stretch(morning, 3 * DAY, State.MET),
        Stretch(3 * DAY, FOREVER, State.STALE),
    )
