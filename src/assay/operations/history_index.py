"""The index of a ledger's history: one DuckDB file, derived, deletable, caught up entry by entry.

Looks at the same population are numbered in the order of the ledger. What consecutive looks say alike of one subject
is one row of `spans`: a year of daily looks in which nothing changes is one row, and nothing is lost, for `looks` says
when they were. `stretches` and `failures` are the timelines that follow from everything that is known.

The file remembers the size and root of the ledger that it was made from. A ledger that is shorter than that, or has
another root, is refused: the index is not trusted over the ledger, nor silently replaced.
"""

import contextlib
import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, TypeAlias

import duckdb

from assay.assessment.history import Moment, Seen, State, Timeline
from assay.assessment.periods import failures
from assay.errors import UsageError
from assay.ledger.following import Follower, Place
from assay.ledger.keys import PublicKey
from assay.operations.history_looks import Look, looks_of
from assay.operations.history_weaving import Looked, Row, Series, weave

Connection: TypeAlias = duckdb.DuckDBPyConnection

FORMAT = "assay.history-index/1"
THEN = "then_"
STATES = tuple(State)
CODES = {state: code for code, state in enumerate(STATES)}

TABLES = {
    "about": "format VARCHAR, public_key VARCHAR, size BIGINT, root VARCHAR",
    "populations": "id INTEGER, workload VARCHAR, stage VARCHAR",
    "looks": "population INTEGER, number INTEGER, effective BIGINT, recorded BIGINT, complete BOOLEAN",
    "series": "id INTEGER, population INTEGER, objective VARCHAR, control VARCHAR, resource VARCHAR",
    "seens": "id INTEGER, state TINYINT, days BIGINT, exception VARCHAR, approved BIGINT, expires BIGINT, until BIGINT",
    "spans": "id INTEGER, series INTEGER, first_look INTEGER, last_look INTEGER, first BIGINT, last BIGINT, "
    "recorded BIGINT, seen INTEGER",
    "sightings": "series INTEGER, look INTEGER, effective BIGINT",  # where it is not the look's own moment
    "stretches": "series INTEGER, start BIGINT, stop BIGINT, state TINYINT, exception VARCHAR",
    "failures": "series INTEGER, start BIGINT, stop BIGINT, ending VARCHAR, failing BIGINT",
}


def open_index(path: Path | None, key: PublicKey) -> Connection:
    """Open the index at a path, or make one; None: in memory.

    Raises UsageError when the file is something else, belongs to another ledger, or is open elsewhere.
    """
    try:
        database = duckdb.connect(str(path) if path else ":memory:")
    except duckdb.Error as error:
        kind = Occupied if "lock" in str(error) else UsageError
        hint = "" if kind is Occupied else "; an index may be deleted, it is made again"
        raise kind(f"cannot open the index {path}: {str(error).splitlines()[0]}{hint}") from None
    try:
        _prepare(database, path, key)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: Connection, path: Path | None, key: PublicKey) -> None:
    if not database.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]:
        for name, columns in TABLES.items():
            database.execute(f"CREATE TABLE {name} ({columns})")
        database.execute("INSERT INTO about VALUES (?, ?, 0, '')", [FORMAT, str(key)])
        return
    try:
        (found,) = database.execute("SELECT format, public_key FROM about").fetchall()
    except (duckdb.Error, ValueError):
        raise UsageError(f"{path} is no index of a ledger's history; choose another file with --index") from None
    if found != (FORMAT, str(key)):
        raise UsageError(f"the index {path} is of another ledger or another version of Assay; delete it")


def place_of(database: Connection) -> Place:
    """Return how far the ledger was read."""
    (found,) = database.execute("SELECT size, root FROM about").fetchall()
    return Place(*found)


def catch_up(database: Connection, follower: Follower) -> None:
    """Read what was appended since the index was written. All of it is kept, or nothing."""
    if follower.place.size == follower.head:
        return
    with _transaction(database):
        absorb(database, (look for run in follower for look in looks_of(run, follower.document)))
        database.execute("UPDATE about SET size = ?, root = ?", [follower.place.size, follower.place.root])


def absorb(database: Connection, looks: Iterable[Look]) -> None:
    """Add looks in the order of the ledger, and make the timelines of their populations anew."""
    from assay.operations.history_building import Builder  # only who writes needs it

    with tempfile.TemporaryDirectory(prefix="assay-history-") as folder:
        sheets = Sheets(Path(folder))
        builder = Builder(database, sheets)
        for look in looks:
            builder.look(look)
        builder.finish()
        _weave_again(database, sheets, builder.touched)


@contextlib.contextmanager
def _transaction(database: Connection) -> Iterator[None]:
    database.execute("BEGIN")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _weave_again(database: Connection, sheets: "Sheets", populations: Sequence[int]) -> None:
    """Make the timelines of some populations anew."""
    if not populations:
        return
    for table in ("stretches", "failures"):
        database.execute(
            f"DELETE FROM {table} WHERE series IN (SELECT id FROM series WHERE population IN (SELECT unnest(?)))",  # noqa: S608
            [list(populations)],
        )
    for each in populations:
        for series, one in woven(database, each):
            write_timeline(sheets.add, series, one)
    sheets.load(database)


def write_then(database: Connection, populations: Sequence[int], recorded: Moment) -> None:
    """Make tables, for this connection alone, of the timelines as they were known by `recorded`."""
    for table in ("stretches", "failures"):
        database.execute(f"CREATE OR REPLACE TEMP TABLE {THEN}{table} ({TABLES[table]})")
    with tempfile.TemporaryDirectory(prefix="assay-history-") as place:
        sheets = Sheets(Path(place))
        for each in populations:
            for series, one in woven(database, each, recorded):
                write_timeline(sheets.add, series, one)
        sheets.load(database, THEN)


def write_timeline(add: Callable[..., None], series: int, one: Timeline) -> None:
    """Add a timeline and its failures to the tables."""
    for each in one:
        add("stretches", series, each.start, each.end, CODES[each.state], each.exception)
    for failure in failures(one):
        add("failures", series, failure.start, failure.end, failure.ending.value, failure.failing)


def woven(database: Connection, population: int, recorded: Moment | None = None) -> Iterator[tuple[int, Timeline]]:
    """Yield (series, timeline) for everything of a population that was known by `recorded`."""
    looks = [
        Looked(*each)
        for each in database.execute(
            "SELECT effective, recorded FROM looks WHERE population = ? ORDER BY number", [population]
        ).fetchall()
    ]
    yield from weave(tuple(_series(database, population).values()), looks, recorded)


def _series(database: Connection, population: int) -> dict[int, Series]:
    rows = database.execute(
        "SELECT id, objective, control, resource FROM series WHERE population = ? ORDER BY id", [population]
    ).fetchall()
    found = {row[0]: Series(*row) for row in rows}
    seens = seens_of(database)
    for series, first_look, last_look, first, last, recorded, seen in database.execute(
        "SELECT spans.series, first_look, last_look, first, last, recorded, seen FROM spans "
        "JOIN series ON series.id = spans.series WHERE population = ? ORDER BY first, spans.id",
        [population],
    ).fetchall():
        found[series].rows.append(Row(first_look, last_look, first, last, recorded, seens[seen]))
    for series, look, effective in database.execute(
        "SELECT sightings.* FROM sightings JOIN series ON series.id = sightings.series WHERE population = ?",
        [population],
    ).fetchall():
        found[series].sightings[look] = effective
    return found


def seens_of(database: Connection) -> dict[int, Seen]:
    """Return everything that was ever seen, by its number."""
    rows = database.execute("SELECT id, state, days, exception, approved, expires, until FROM seens").fetchall()
    return {number: Seen(STATES[state], *rest) for number, state, *rest in rows}


class Occupied(UsageError):
    """Another process has the index open."""


_SPECIAL = re.compile("[%\\\\\"',\\x00-\\x20\\x7f]")  # of CSV, of its readers, and of our own way around them


_COLUMNS = {table: dict(each.split() for each in columns.split(", ")) for table, columns in TABLES.items()}
_TEXTS = {
    table: [at for at, kind in enumerate(columns.values()) if kind == "VARCHAR"] for table, columns in _COLUMNS.items()
}


class Sheets:
    """Rows on their way into the tables: written to files, for the engine reads those much faster than single rows.

    Names are chosen by others. In them, what a reader of CSV might take for something else is percent-encoded.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, tuple[TextIO, Any]] = {}

    def add(self, table: str, *row: Any) -> None:
        """Add a row to a table."""
        cells = list(row)
        if table not in self._open:
            file = (self._folder / f"{table}.csv").open("w", newline="", encoding="utf-8")
            self._open[table] = file, csv.writer(file, lineterminator="\n")
        for at in _TEXTS[table]:
            cells[at] = _encoded(cells[at])
        self._open[table][1].writerow(cells)

    def load(self, database: Connection, prefix: str = "") -> None:
        """Put everything that was added into the tables, or into those whose names begin with a prefix."""
        for table, (file, _) in self._open.items():
            file.close()
            columns = _COLUMNS[table]
            read = (f"url_decode({name})" if kind == "VARCHAR" else name for name, kind in columns.items())
            database.execute(
                f"INSERT INTO {prefix}{table} SELECT {', '.join(read)} FROM read_csv(?, columns = {columns}, "  # noqa: S608
                "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '\\N')",
                [file.name],
            )
        self._open.clear()


def _encoded(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"%{ord(found[0]):02X}", text) if _SPECIAL.search(text) else text
