"""Status at a time and over a period, shown: what was met, what nobody saw, what failed and for how long."""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from assay.assessment.history import FOREVER, Moment, State, Subject
from assay.assessment.periods import AsOf, Ending, Failure, Figures, Period, Row, Status
from assay.canonical import rfc3339
from assay.reports.table import harmless
from assay.reports.terminal import one_line

FORMAT = "assay.history/1"

_STYLES = {State.FAILING: "bold red", State.MET: "green", State.UNKNOWN: "yellow", State.STALE: "yellow"}
_SAID = {
    State.FAILING: "failing",
    State.UNKNOWN: "unknown",
    State.STALE: "stale: looked at too long ago",
    State.UNSEEN: "not looked at yet",
    State.EXCEPTED: "failing, excepted",
    State.EXCEPTED_UNKNOWN: "unknown, excepted",
    State.MET: "met",
    State.NOT_APPLICABLE: "not applicable",
    State.GONE: "does not exist",
}


def moment_text(at: Moment) -> str:
    """Return a moment for people: to the minute where that is all there is to say."""
    stamp = datetime.datetime.fromtimestamp(at, datetime.UTC)
    return stamp.strftime("%Y-%m-%d %H:%M:%S UTC" if stamp.second else "%Y-%m-%d %H:%M UTC")


def moment_stamp(at: Moment) -> str:
    """Return a moment for machines (RFC 3339); "" for one that never comes."""
    if not -FOREVER < at < FOREVER:
        return ""
    return rfc3339(datetime.datetime.fromtimestamp(at, datetime.UTC))


def duration(seconds: float) -> str:
    """Return a length of time for people, in its two largest units: 3 d 4 h, 2 h 5 min, 40 s."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next((at for at, (count, _) in enumerate(parts) if count), None)
    if first is None:
        return "0"
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count)


def percent(share: float | None) -> str:
    """Return a share, never rounded up to all nor down to nothing."""
    if share is None:
        return "–"
    shown = f"{100 * share:.1f}"
    if shown == "100.0" and share < 1:
        shown = "99.9"
    if shown == "0.0" and share > 0:
        shown = "0.1"
    return f"{shown.removesuffix('.0')} %"


def place_text(subject: Subject) -> str:
    """Return whose timeline it is."""
    return one_line(f"{subject.workload or 'organisation'}, {subject.stage}")


def about(subject: Subject) -> str:
    """Return the most exact thing that a timeline is about."""
    return one_line(subject.resource or subject.control or subject.objective)


def status_text(found: AsOf, limit: int) -> RenderableType:
    """Return the status: a table of the places, then everything that is neither met nor out of scope, worst first."""
    said = [f"As of {moment_text(found.at)}{_recorded(found.recorded)}, from {_count(found.looks, 'look')}."]
    if found.later:
        said.append(
            f"{found.later} of these {'was' if found.later == 1 else 'were'} recorded after that time; "
            f"what was known then: --recorded {moment_stamp(found.at)}"
        )
    table = _counting("asked", "met", "failing", "excepted", "blind", "n/a")
    for place, several in _by_place(found.statuses).items():
        states = [each.state for each in several if each.state is not State.GONE]
        excepted = sum(each in (State.EXCEPTED, State.EXCEPTED_UNKNOWN) for each in states)
        blind = sum(each.blind for each in states)
        counted = [states.count(State.MET), states.count(State.FAILING), excepted, blind]
        table.add_row(place, str(len(states)), *map(str, counted), str(states.count(State.NOT_APPLICABLE)))
    told = [each for each in found.statuses if each.state not in (State.MET, State.NOT_APPLICABLE, State.GONE)]
    told.sort(key=lambda each: list(State).index(each.state))
    parts: list[RenderableType] = [*map(Text, said), table]
    if told:
        parts += [Text(""), _statuses(told[:limit])]
        parts += [Text(f"… and {len(told) - limit} more; --limit 0 shows all")] if len(told) > limit else []
    return Group(*parts)


def _statuses(told: Iterable[Status]) -> Table:
    table = Table("state", "since", "where", "what", box=None, pad_edge=False)
    for each in told:
        state = Text(_SAID[each.state], style=_STYLES.get(each.state, ""))
        if each.exception:
            state.append(f" by {one_line(each.exception)}")
        since = "ever" if each.since <= -FOREVER else moment_text(each.since)
        table.add_row(state, since, place_text(each.subject), about(each.subject))
    return table


def _by_place(several: Sequence[Status]) -> Mapping[str, list[Status]]:
    found: dict[str, list[Status]] = {}
    for each in several:
        found.setdefault(place_text(each.subject), []).append(each)
    return found


def _recorded(recorded: Moment | None) -> str:
    return "" if recorded is None else f", as recorded up to {moment_text(recorded)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def period_text(found: Period, limit: int, *, by_place: bool) -> RenderableType:
    """Return the figures of a period, each with its denominator, and the failures in words.

    by_place  One line for each workload, its subjects together; else one line for each subject.
    """
    length = duration(found.end - found.start)
    said = [
        f"From {moment_text(found.start)} to {moment_text(found.end)} ({length}){_recorded(found.recorded)}, "
        f"from {_count(found.looks, 'look')}."
    ]
    if found.later:
        said.append(f"{found.later} of these {'was' if found.later == 1 else 'were'} recorded after it ended.")
    if by_place:
        lines = [
            (place_text(Subject(workload, stage)), figures) for (workload, stage), figures in found.by_workload.items()
        ]
    else:
        lines = [(about(each.subject), each.figures) for each in sorted(found.rows, key=_urgency)]
    parts: list[RenderableType] = [*map(Text, said), _figures(lines[:limit])]
    parts += [Text(f"… and {len(lines) - limit} more; --limit 0 shows all")] if len(lines) > limit else []
    if by_place:
        parts += [Text("Times of a workload are those of all its objectives together.")]
    else:
        told = list(_failure_lines(found))
        parts += [Text(each) for each in told[:limit]]
        parts += [Text(f"… and {len(told) - limit} more failures")] if len(told) > limit else []
    return Group(*parts)


def _counting(*figures: str) -> Table:
    """Return a table of a name, which is never cut, and figures."""
    columns = (Column(each, justify="right") for each in figures)
    return Table(Column("", overflow="fold"), *columns, box=None, pad_edge=False)


def _figures(lines: Iterable[tuple[str, Figures]]) -> Table:
    figures = (
        "met of observed",
        "observed",
        "failing",
        "excepted",
        "blind",
        "n/a",
        "failures",
        "mean to fix",
    )
    table = _counting(*figures)
    for name, each in lines:
        begun = f"{each.begun} begun, {each.ended} ended"
        fix = f"{duration(each.mean_fix)} ({each.fixed} fixed)" if each.mean_fix is not None else "–"
        table.add_row(
            name,
            percent(each.share_met),
            f"{duration(each.observed)} of {duration(each.length - each.gone)}",
            duration(each.failing),
            duration(each.under_exception),
            duration(each.blind),
            duration(each.not_applicable),
            begun if each.begun or each.ended else "–",
            fix,
        )
    return table


def _urgency(row: Row) -> tuple[float, int, Subject]:
    """Return what rows are listed by: the least met first, what was not observed after what was."""
    share = row.figures.share_met
    return 2 if share is None else share, -row.figures.blind, row.subject


def _failure_lines(found: Period) -> Iterator[str]:
    told = [(failure, each.subject) for each in found.rows for failure in each.failures]
    for failure, subject in sorted(told, key=lambda each: (each[0].start, each[1])):
        yield f"{place_text(subject)}: {about(subject)} {failure_text(failure, found.end)}"


def failure_text(failure: Failure, by: Moment) -> str:
    """Return what became of one failure by a moment."""
    whole = min(failure.end, by) - failure.start
    if failure.ending is Ending.OPEN and failure.failing == whole:
        return f"has been failing since {moment_text(failure.start)}, for {duration(whole)}"
    known = "" if failure.failing == whole else f"; known to fail for {duration(failure.failing)} of that"
    began = f"failed from {moment_text(failure.start)}"
    if failure.ending is Ending.OPEN:
        return f"{began} and was not seen to be fixed for {duration(whole)}{known}"
    after = {Ending.FIXED: "fixed", Ending.EXCEPTED: "excepted", Ending.GONE: "removed"}[failure.ending]
    return f"{began}, {after} after {duration(whole)}{known}"


def document(found: AsOf | Period, ledger: str) -> dict[str, Any]:
    """Return either answer as JSON; lengths are seconds."""
    common = {
        "format": FORMAT,
        "ledger": ledger,
        "recorded": "" if found.recorded is None else moment_stamp(found.recorded),
        "looks": found.looks,
        "recorded_later": found.later,
    }
    if isinstance(found, AsOf):
        counts = {state.value: count for state, count in found.counts.items()}
        rows = [
            {
                **asdict(each.subject),
                "state": each.state.value,
                "since": moment_stamp(each.since),
                "exception": each.exception,
            }
            for each in found.statuses
        ]
        return {**common, "kind": "status", "as_of": moment_stamp(found.at), "counts": counts, "subjects": rows}
    places = [
        {"workload": workload, "stage": stage, **figures_document(figures)}
        for (workload, stage), figures in found.by_workload.items()
    ]
    return {
        **common,
        "kind": "period",
        "from": moment_stamp(found.start),
        "to": moment_stamp(found.end),
        "total": figures_document(found.total),
        "workloads": places,
        "subjects": [
            {
                **asdict(each.subject),
                **figures_document(each.figures),
                "failures_in_it": [_failure_document(failure) for failure in each.failures],
            }
            for each in found.rows
        ],
    }


def figures_document(figures: Figures) -> dict[str, Any]:
    """Return figures as JSON: seconds in each state, which add up to `length`, and what follows from them."""
    return {
        **asdict(figures),
        "observed": figures.observed,
        "blind": figures.blind,
        "under_exception": figures.under_exception,
        "share_met": figures.share_met,
        "mean_fix": figures.mean_fix,
    }


def _failure_document(failure: Failure) -> dict[str, Any]:
    """Return a failure as it stood at the end of the period."""
    return {
        "from": moment_stamp(failure.start),
        "to": moment_stamp(failure.end),
        "ending": failure.ending.value,
        "known_failing": failure.failing,
    }


def table(found: AsOf | Period) -> str:
    """Return either answer as CSV (RFC 4180), one row for each subject; lengths are seconds."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = ["workload", "stage", "objective", "control", "resource"]
    if isinstance(found, AsOf):
        writer.writerow([*names, "as_of", "state", "since", "exception"])
        for status in found.statuses:
            cells = [moment_stamp(found.at), status.state.value, moment_stamp(status.since), status.exception]
            writer.writerow(map(harmless, [*_names(status.subject), *cells]))
        return text.getvalue()
    figures = list(figures_document(Figures()))
    writer.writerow([*names, "from", "to", *figures])
    for row in found.rows:
        cells = ["" if each is None else str(each) for each in figures_document(row.figures).values()]
        period = [moment_stamp(found.start), moment_stamp(found.end)]
        writer.writerow([*map(harmless, _names(row.subject)), *period, *cells])
    return text.getvalue()


def _names(subject: Subject) -> list[str]:
    return [subject.workload, subject.stage, subject.objective, subject.control, subject.resource]
