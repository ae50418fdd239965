"""Reading a snapshot: the manifest first, then part by part, each of them checked before a row is believed."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.canonical import digest
from assay.errors import UsageError
from assay.inventory.resource import Resource
from assay.inventory.snapshot.document import COLUMNS, Row, resource_of
from assay.inventory.snapshot.engine import connect, quoted
from assay.inventory.snapshot.manifest import ACCOUNT, FORMAT, JOURNAL, NAME, Manifest, Part, from_json

_AT_ONCE = 1024  # taken from DuckDB at once


class NotASnapshot(UsageError):
    """The folder holds no snapshot, one that was never finished, or one that was changed afterwards."""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot on disk."""

    directory: Path
    manifest: Manifest


def is_snapshot(path: Path) -> bool:
    """Whether a folder holds a snapshot, be it whole or not."""
    return (path / NAME).is_file() or (path / JOURNAL).is_file()


def open_snapshot(path: Path) -> Snapshot:
    """Return the snapshot in a folder; its parts are read later. Raises NotASnapshot."""
    file = path / NAME
    if not file.exists() and (path / JOURNAL).exists():
        raise NotASnapshot(
            f"the snapshot in {path} was never finished: there is no {NAME}; go on writing it, or remove it"
        )
    try:
        document = json.loads(file.read_bytes())
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            found = document.get("format") if isinstance(document, dict) else document
            raise NotASnapshot(f"{file}: found the format {str(found)[:80]!r}; expected {FORMAT!r}")
        manifest = from_json(document)
    except OSError as error:
        made = "`assay collect` and `assay snapshot write` make one"
        raise NotASnapshot(f"there is no snapshot in {path}: {NAME}: {error.strerror}; {made}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotASnapshot(f"{file} is no manifest of a snapshot: {type(error).__name__}: {error}") from None
    if document.get("digest") != manifest.digest:
        raise NotASnapshot(f"{file} was changed after it was written: it is not of the digest that it states")
    return Snapshot(path, manifest)


def part_file(snapshot: Snapshot, part: Part) -> Path:
    """Return the file of a part, once it is seen to be of its digest. Raises NotASnapshot."""
    path = snapshot.directory / part.path
    if not path.resolve().is_relative_to(snapshot.directory.resolve()):
        raise NotASnapshot(f"{path} leads out of the snapshot")
    sha = hashlib.sha256()
    try:
        with path.open("rb") as source:
            while block := source.read(1 << 20):
                sha.update(block)
    except OSError as error:
        raise NotASnapshot(f"a part of the snapshot cannot be read: {path}: {error.strerror}") from None
    if sha.hexdigest() != part.sha256:
        raise NotASnapshot(f"a part of the snapshot was changed or cut short: {path} is not of the digest in its name")
    return path


def resources(
    snapshot: Snapshot,
    accounts: Collection[str] | None = None,
    regions: Collection[str] | None = None,
    types: Collection[str] | None = None,
) -> Iterator[Resource]:
    """Yield resources as their source described them, in memory for some; None: all accounts, regions, types.

    Raises NotASnapshot where a part is missing, changed or cut short, or holds something else.
    """
    for part, row in _rows(snapshot, COLUMNS, accounts, regions, types):
        yield _resource(snapshot, part, row)


def index(snapshot: Snapshot) -> Iterator[Row]:
    """Yield the rows without their documents: what there is, where, since when, by which digest."""
    columns = tuple(each if each != "document" else "'' AS document" for each in COLUMNS)
    return (row for _, row in _rows(snapshot, columns))


def _rows(
    snapshot: Snapshot,
    columns: Sequence[str],
    accounts: Collection[str] | None = None,
    regions: Collection[str] | None = None,
    types: Collection[str] | None = None,
) -> Iterator[tuple[Part, Row]]:
    """Yield rows in order of account and day, and within each part of region, type and id."""
    import duckdb

    wanted = [("account", accounts), ("region", regions), ("type", types)]
    given = [(name, sorted(each)) for name, each in wanted if each is not None]
    where = " AND ".join(f"list_contains(?, {name})" for name, _ in given) or "true"
    with connect() as connection:
        for part in snapshot.manifest.parts:
            if accounts is not None and part.account and part.account not in accounts:
                continue
            path = part_file(snapshot, part)
            query = f"SELECT {', '.join(columns)} FROM read_parquet({quoted(path)}, hive_partitioning = false)"
            try:
                found = connection.execute(f"{query} WHERE {where}", [each for _, each in given])
                while several := found.fetchmany(_AT_ONCE):
                    yield from ((part, _row(part, each)) for each in several)
            except duckdb.Error as error:
                raise NotASnapshot(f"{path} is no part of a snapshot: {str(error)[:200]}") from None


def _row(part: Part, cells: Sequence[object]) -> Row:
    texts = [each for each in cells if isinstance(each, str)]
    if len(texts) != len(COLUMNS):
        raise NotASnapshot(f"{part.path} holds something else than text in a column")
    row = Row(*texts)
    if (row.account if ACCOUNT.fullmatch(row.account) else "") != part.account:
        raise NotASnapshot(f"{part.path} holds {row.id}, which is of account {row.account!r}")
    return row


def apart(old: Snapshot, new: Snapshot) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield what is not the same in two snapshots, in order of id, without the documents: (as it was, as it is).

    Compared by digest, in the database: memory holds what differs, and not what is there.
    """
    import duckdb

    columns = ", ".join(f"{side}.{each}" for side in ("old", "new") for each in COLUMNS[:-1])
    with connect() as connection:
        try:
            found = connection.execute(
                f"SELECT {columns} FROM ({_all(old)}) AS old FULL JOIN ({_all(new)}) AS new ON old.id = new.id "
                "WHERE old.digest IS DISTINCT FROM new.digest ORDER BY coalesce(old.id, new.id)"
            )
            while several := found.fetchmany(_AT_ONCE):
                for each in several:
                    yield _half(each[: len(COLUMNS) - 1]), _half(each[len(COLUMNS) - 1 :])
        except duckdb.Error as error:
            where = f"{old.directory} or {new.directory}"
            raise NotASnapshot(f"a part of {where} is no part of a snapshot: {str(error)[:200]}") from None


def _all(snapshot: Snapshot) -> str:
    """Return the query for every row of a snapshot whose parts are sound."""
    columns = ", ".join(COLUMNS[:-1])
    files = ", ".join(quoted(part_file(snapshot, each)) for each in snapshot.manifest.parts)
    if not files:
        nothing = ", ".join(f"'' AS {each}" for each in COLUMNS[:-1])
        return f"SELECT {columns} FROM (SELECT {nothing}) WHERE false"
    return f"SELECT {columns} FROM read_parquet([{files}], hive_partitioning = false)"


def _half(cells: Sequence[object]) -> Row | None:
    if cells[3] is None:  # the id: there is no such resource on this side
        return None
    texts = [each for each in cells if isinstance(each, str)]
    if len(texts) != len(cells):
        raise NotASnapshot("a part of the snapshot holds something else than text in a column")
    return Row(*[*texts, ""])


def verify(snapshot: Snapshot) -> None:
    """Read everything, and check every document against its digest. Raises NotASnapshot."""
    counted: Counter[str] = Counter()
    for part, row in _rows(snapshot, COLUMNS):
        counted[part.path] += 1
        if digest(row.document.encode()) != row.digest:
            raise NotASnapshot(f"{snapshot.directory / part.path}: the document of {row.id} is not of its digest")
        _resource(snapshot, part, row)
    for part in snapshot.manifest.parts:
        if counted[part.path] != part.rows:
            where = snapshot.directory / part.path
            raise NotASnapshot(f"{where} holds {counted[part.path]} resources; the manifest states {part.rows}")


def _resource(snapshot: Snapshot, part: Part, row: Row) -> Resource:
    try:
        return resource_of(row, str(snapshot.directory))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        where = f"{snapshot.directory / part.path}: the document of {row.id}"
        raise NotASnapshot(f"{where} is none: {type(error).__name__}: {error}") from None
