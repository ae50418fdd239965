"""What the ledger says of a time, or of a period: who asks, and how.

    with open_history("evidence") as history:
        then = history.as_of(moment)                                   # AsOf: one Status per subject
        known = history.as_of(moment, recorded=tuesday)                # as it was known on Tuesday
        year = history.over(start, end, Wanted(workloads=("shop",)))   # Period: one Row per subject
        drawn = history.over(start, end, timelines=True)               # each Row with its timeline, clipped
        sums = history.sums(start, end)                                # (workload, stage) → Figures

Moments are whole seconds since 1970 (UTC). A row is about an objective of a workload unless `Wanted` asks for more
detail. The types of the answers are in `assessment.periods` and `assessment.history`, where reports find them.
"""
# ruff: noqa: S608 - queries are made here, of names of our own and of numbers; names of others are parameters

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.assessment.history import BEFORE, FOREVER, Moment, State, Stretch, Subject, Timeline
from assay.assessment.periods import AsOf, Ending, Failure, Figures, Period, Row, Status
from assay.canonical import digest
from assay.errors import DamagedLedger, UsageError, nearest
from assay.governance.cache import folder
from assay.ledger.following import Follower
from assay.ledger.keys import PublicKey
from assay.ledger.log import stated_key
from assay.ledger.store import Objects, open_objects
from assay.operations.history_index import (
    CODES,
    FORMAT,
    STATES,
    THEN,
    Connection,
    Occupied,
    catch_up,
    open_index,
    place_of,
    write_then,
)


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


ALL = Wanted()

_SUBJECT = "workload, stage, objective, control, resource"
_JOINED = "JOIN series ON series.id = stretches.series JOIN populations ON populations.id = series.population"
_DETAILS = {
    "objective": "control = ''",
    "control": "control <> '' AND resource = ''",
    "resource": "resource <> ''",
}
_FAILED = ("begun", "ended", "fixed", "fixing", "longest_fix")


@dataclass(frozen=True, slots=True)
class _Scope:
    """The populations that are meant, and the condition that leaves the series that are meant, with its values."""

    populations: tuple[int, ...]
    where: str
    values: tuple[Any, ...]


class History:
    """The history of one ledger, from an index that was caught up with it. Closing it leaves the index."""

    def __init__(self, database: Connection) -> None:
        self._database = database
        self._then: tuple[tuple[int, ...], Moment] | None = None

    def __enter__(self) -> "History":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def as_of(self, at: Moment, wanted: Wanted = ALL, recorded: Moment | None = None) -> AsOf:
        """Return the status of each subject at a moment. Raises UsageError on an unknown workload or the like."""
        scope = self._scope(wanted)
        prefix = self._tables(scope, recorded)
        rows = self._rows(
            f"SELECT {_SUBJECT}, state, start, exception FROM {prefix}stretches AS stretches {_JOINED} "
            f"WHERE start <= ? AND stop > ? AND {scope.where} ORDER BY {_SUBJECT}",
            [at, at, *scope.values],
        )
        statuses = tuple(Status(Subject(*row[:5]), STATES[row[5]], row[6], row[7]) for row in rows)
        return AsOf(at, recorded, statuses, *self._looks(scope, BEFORE, at + 1, recorded, at))

    def over(
        self,
        start: Moment,
        end: Moment,
        wanted: Wanted = ALL,
        recorded: Moment | None = None,
        *,
        timelines: bool = False,
    ) -> Period:
        """Return the figures of each subject over a period. Raises UsageError as `as_of` does."""
        scope = self._scope(wanted)
        prefix = self._tables(scope, recorded)
        found = self._figures(_SUBJECT, start, end, scope, prefix)
        failed = self._failures(start, end, scope, prefix)
        drawn = self._timelines(start, end, scope, prefix) if timelines else {}
        rows = []
        for key, figures in sorted(found.items()):
            subject = Subject(*key)
            rows.append(Row(subject, figures, failed.get(subject, ()), drawn.get(subject, ())))
        return Period(start, end, recorded, tuple(rows), *self._looks(scope, start, end, recorded, end))

    def tally(
        self, at: Moment, wanted: Wanted = ALL, recorded: Moment | None = None
    ) -> Mapping[tuple[str, str], Mapping[State, int]]:
        """Return for each (workload, stage) how many subjects are in each state at a moment: every state is a key."""
        scope = self._scope(wanted)
        prefix = self._tables(scope, recorded)
        found: dict[tuple[str, str], dict[State, int]] = {}
        for workload, stage, state, count in self._rows(
            f"SELECT workload, stage, state, count(*) FROM {prefix}stretches AS stretches {_JOINED} "
            f"WHERE start <= ? AND stop > ? AND {scope.where} GROUP BY ALL ORDER BY ALL",
            [at, at, *scope.values],
        ):
            found.setdefault((workload, stage), dict.fromkeys(State, 0))[STATES[state]] = count
        return found

    def sums(
        self, start: Moment, end: Moment, wanted: Wanted = ALL, recorded: Moment | None = None
    ) -> Mapping[tuple[str, str], Figures]:
        """Return for each (workload, stage) the figures of all its subjects together, added up by the engine."""
        scope = self._scope(wanted)
        found = self._figures("workload, stage", start, end, scope, self._tables(scope, recorded))
        return {(workload, stage): figures for (workload, stage), figures in sorted(found.items())}

    def first(self) -> Moment | None:
        """Return the first moment that anything is known about, None when nothing is."""
        ((found,),) = self._rows("SELECT min(effective) FROM looks", [])
        return None if found is None else int(found)

    def _rows(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._database.execute(query, list(values)).fetchall()

    def _figures(
        self, by: str, start: Moment, end: Moment, scope: "_Scope", prefix: str
    ) -> dict[tuple[str, ...], Figures]:
        """Return the figures of each group; of every series exactly one stretch lies at the start, which counts it."""
        width = by.count(",") + 1
        inside = f"sum(least(stop, {end:d}) - greatest(start, {start:d}))"
        states = ", ".join(f"coalesce({inside} FILTER (state = {code}), 0)" for code in range(len(STATES)))
        failed = self._failed(by, start, end, scope, prefix)
        found = {}
        for row in self._rows(
            f"SELECT {by}, count(*) FILTER (start <= {start:d}), {states} "
            f"FROM {prefix}stretches AS stretches {_JOINED} "
            f"WHERE start < ? AND stop > ? AND {scope.where} GROUP BY {by}",
            [end, start, *scope.values],
        ):
            key, subjects, seconds = row[:width], row[width], row[width + 1 :]
            by_state = {state.value: int(each) for state, each in zip(STATES, seconds, strict=True)}
            failures = failed.get(key, (0, 0, 0, 0, 0))
            found[key] = Figures(
                subjects, subjects * (end - start), **by_state, **dict(zip(_FAILED, failures, strict=True))
            )
        return found

    def _failed(
        self, by: str, start: Moment, end: Moment, scope: "_Scope", prefix: str
    ) -> dict[tuple[str, ...], tuple[int, ...]]:
        width = by.count(",") + 1
        ended = f"stop >= {start:d} AND stop < {end:d}"
        fixed = f"FILTER ({ended} AND ending = 'fixed')"
        rows = self._rows(
            f"SELECT {by}, count(*) FILTER (start >= {start:d} AND start < {end:d}), count(*) FILTER ({ended}), "
            f"count(*) {fixed}, coalesce(sum(stop - start) {fixed}, 0), coalesce(max(stop - start) {fixed}, 0) "
            f"FROM {prefix}failures AS failures {_JOINED.replace('stretches', 'failures')} "
            f"WHERE start < ? AND stop >= ? AND {scope.where} GROUP BY {by}",
            [end, start, *scope.values],
        )
        return {row[:width]: tuple(map(int, row[width:])) for row in rows}

    def _failures(self, start: Moment, end: Moment, scope: "_Scope", prefix: str) -> dict[Subject, tuple[Failure, ...]]:
        found: dict[Subject, tuple[Failure, ...]] = {}
        known = (
            f"SELECT coalesce(sum(least(stop, {end:d}) - start), 0) FROM {prefix}stretches AS known "
            f"WHERE known.series = failures.series AND state = {CODES[State.FAILING]} "
            f"AND known.start >= failures.start AND known.start < least({end:d}, failures.stop)"
        )
        for row in self._rows(
            f"SELECT {_SUBJECT}, start, stop, ending, ({known}) "
            f"FROM {prefix}failures AS failures {_JOINED.replace('stretches', 'failures')} "
            f"WHERE start < ? AND stop > ? AND {scope.where} ORDER BY start",
            [end, start, *scope.values],
        ):
            lasts = row[6] > end
            subject, ending = Subject(*row[:5]), Ending.OPEN if lasts else Ending(row[7])
            failure = Failure(row[5], FOREVER if lasts else row[6], ending, int(row[8]))
            found[subject] = (*found.get(subject, ()), failure)
        return found

    def _timelines(self, start: Moment, end: Moment, scope: "_Scope", prefix: str) -> dict[Subject, Timeline]:
        found: dict[Subject, list[Stretch]] = {}
        for row in self._rows(
            f"SELECT {_SUBJECT}, greatest(start, {start:d}), least(stop, {end:d}), state, exception "
            f"FROM {prefix}stretches AS stretches {_JOINED} "
            f"WHERE start < ? AND stop > ? AND {scope.where} ORDER BY start",
            [end, start, *scope.values],
        ):
            found.setdefault(Subject(*row[:5]), []).append(Stretch(row[5], row[6], STATES[row[7]], row[8]))
        return {subject: tuple(several) for subject, several in found.items()}

    def _looks(
        self, scope: "_Scope", start: Moment, end: Moment, recorded: Moment | None, known: Moment
    ) -> tuple[int, int]:
        ((count, later),) = self._rows(
            "SELECT count(*), count(*) FILTER (recorded > ?) FROM looks "
            "WHERE population IN (SELECT unnest(?)) AND effective >= ? AND effective < ? AND recorded <= ?",
            [known, list(scope.populations), start, end, FOREVER if recorded is None else recorded],
        )
        return count, later

    def _tables(self, scope: "_Scope", recorded: Moment | None) -> str:
        """Return what the names of the tables to ask begin with, after making those of what was known by `recorded`."""
        if recorded is None:
            return ""
        if self._then != (scope.populations, recorded):
            write_then(self._database, scope.populations, recorded)
            self._then = scope.populations, recorded
        return THEN

    def _scope(self, wanted: Wanted) -> "_Scope":
        """Return which series are meant. Raises UsageError on what the ledger has never seen."""
        populations = self._rows("SELECT id, workload, stage FROM populations ORDER BY workload, stage", [])
        for name in wanted.workloads:
            _known("workload", name, {workload for _, workload, _ in populations})
        if wanted.stage:
            _known("stage", wanted.stage, {stage for *_, stage in populations})
        for kind, name in (("objective", wanted.objective), ("control", wanted.control)):
            if name:
                _known(kind, name, {each for (each,) in self._rows(f"SELECT DISTINCT {kind} FROM series", [])})
        meant = tuple(
            number
            for number, workload, stage in populations
            if (not wanted.workloads or workload in wanted.workloads) and wanted.stage in ("", stage)
        )
        detail = wanted.detail or ("resource" if wanted.control else "control" if wanted.objective else "objective")
        if detail not in _DETAILS:
            raise UsageError(f"no detail {detail!r}; {' or '.join(_DETAILS)}")
        asked = {"objective": wanted.objective, "control": wanted.control}
        given = {column: name for column, name in asked.items() if name}
        clauses = ["population IN (SELECT unnest(?))", _DETAILS[detail], *(f"{column} = ?" for column in given)]
        return _Scope(meant, " AND ".join(clauses), (list(meant), *given.values()))


def _known(kind: str, name: str, known: set[str]) -> None:
    if name not in known:
        raise UsageError(
            f"the ledger has never seen the {kind} {name!r}; {nearest(name, known) or 'see `assay history`'}"
        )


def open_history(ledger: str, index: Path | None = None) -> History:
    """Return the history of a ledger or a pack, its index caught up. Needs no private key.

    index  File of the index; default: one in the user's cache folder, or in memory where there is none or somebody else
           is using it.

    Raises UsageError when there is no ledger or the file is something else, DamagedLedger when the ledger is not the
    one that the index was made from, or not as it was signed.
    """
    if index and "://" not in ledger and index.resolve().is_relative_to(Path(ledger).resolve()):
        raise UsageError(f"the index {index} would lie inside the ledger; choose another place with --index")
    objects = open_objects(ledger)
    usual = None if index else _usual_place(ledger, stated_key(objects))
    try:
        return history_of(objects, index or usual)
    except Occupied:
        if index:
            raise
        return history_of(objects, None)


def history_of(objects: Objects, index: Path | None) -> History:
    """Return the history of an opened ledger, with its index at a path, or in memory. Raises as `open_history` does."""
    key = stated_key(objects)
    database = open_index(index, key)
    try:
        catch_up(database, Follower(objects, key, place_of(database)))
    except DamagedLedger as error:
        database.close()
        hint = f"; the index is {index}: delete it when the ledger was replaced on purpose" if index else ""
        raise DamagedLedger(f"{error}{hint}") from None
    except BaseException:
        database.close()
        raise
    return History(database)


def _usual_place(ledger: str, key: PublicKey) -> Path | None:
    """Return where the index of a ledger is kept, None when nothing may be kept."""
    where = folder(os.environ)
    if where is None:
        return None
    place = ledger if "://" in ledger else str(Path(ledger).resolve())
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return where / f"history-{digest(f'{FORMAT} {key.id} {place}'.encode())[:32]}.duckdb"
