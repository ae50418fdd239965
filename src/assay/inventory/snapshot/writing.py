"""Writing a snapshot: in units that are either whole or not there, in bounded memory, the manifest last.

A unit is whatever its writer repeats as a whole when it was cut off: an account and region, a file. Its parts are
written first; then one line in a journal makes all of it count. A writer that begins on the folder of another one that
was ended half-way finds in `done` what need not be repeated.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from assay import __version__
from assay.canonical import digest
from assay.errors import UsageError
from assay.inventory.identity import GLOBAL, identified, is_global
from assay.inventory.resource import Gap, Resource
from assay.inventory.snapshot.document import COLUMNS, Row, row_of
from assay.inventory.snapshot.engine import connect, quoted
from assay.inventory.snapshot.manifest import (
    ACCOUNT,
    FORMAT,
    JOURNAL,
    NAME,
    NONE,
    Asked,
    Manifest,
    Part,
    Reached,
    gap_from_json,
    gap_to_json,
    part_from_json,
    part_to_json,
    to_json,
    united,
)
from assay.inventory.values import Value

Redact: TypeAlias = Callable[[Value], Value]

_LARGEST = 64_000_000  # characters that a unit holds before it writes parts


class Writer:
    """A snapshot that is being written. Units may be filled by several threads at once, each by one."""

    def __init__(self, directory: Path, asked: Asked, *, redact: Redact) -> None:
        """Begin a snapshot, or go on with one that was ended half-way.

        redact  Replaces secrets in a value, before anything is hashed or written; see docs/snapshots.md.

        Raises UsageError when the folder holds something else, or what was begun there was asked for something else.
        """
        self.directory = directory
        self.asked = asked
        self.redact = redact
        self._lock = threading.Lock()
        self._units: dict[str, Mapping[str, Any]] = {}
        self._journal = directory / JOURNAL
        self._begin()

    @property
    def done(self) -> frozenset[str]:
        """Names of the units that are whole already."""
        return frozenset(self._units)

    @contextlib.contextmanager
    def unit(self, name: str) -> "Iterator[Unit]":
        """Fill one unit; it counts when the block ends without an exception, and then all of it."""
        unit = Unit(self)
        yield unit
        self._commit(name, unit.stated())

    def finish(self) -> Manifest:
        """Write the manifest: now the folder is a snapshot. Raises UsageError when a resource is in two units."""
        stated = list(self._units.values())
        manifest = Manifest(
            collector=f"assay {__version__}",
            sources=tuple(sorted({source for each in stated for source in each["sources"]})),
            asked=self.asked,
            reached=united(Reached(one[0], one[1], tuple(one[2])) for each in stated for one in each["reached"]),
            gaps=tuple(
                sorted(
                    {gap_from_json(gap) for each in stated for gap in each["gaps"]},
                    key=lambda gap: (gap.subject, gap.reason),
                )
            ),
            parts=tuple(sorted({part_from_json(part) for each in stated for part in each["parts"]})),
            gone=tuple(sorted({(identity, why) for each in stated for identity, why in each["gone"]})),
        )
        self._check_distinct(manifest)
        self._clear(manifest)
        _write_whole(self.directory / NAME, json.dumps(to_json(manifest), indent=1, ensure_ascii=False) + "\n")
        self._journal.unlink()
        return manifest

    def _begin(self) -> None:
        heading = {"format": FORMAT, "asked": dataclasses.asdict(self.asked)}
        self.directory.mkdir(parents=True, exist_ok=True)
        if (self.directory / NAME).exists():
            raise UsageError(f"there is a snapshot in {self.directory} already; choose another folder")
        if not self._journal.exists():
            if any(self.directory.iterdir()):
                raise UsageError(
                    f"{self.directory} is not empty, and no snapshot was begun in it; choose another folder"
                )
            _write_whole(self._journal, json.dumps(heading) + "\n")
            return
        # A line that was cut off was never promised to anybody.
        lines = [each for each in self._journal.read_text("utf-8").splitlines(keepends=True) if each.endswith("\n")]
        try:
            begun, *units = map(json.loads, lines)
            self._units = {each["unit"]: each for each in units}
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{self._journal} is damaged; remove {self.directory} and begin again") from None
        if begun != json.loads(json.dumps(heading)):
            raise UsageError(
                f"the snapshot begun in {self.directory} was asked for something else; finish it as it was begun, or "
                "remove the folder"
            )
        _write_whole(self._journal, "".join(lines))

    def _commit(self, name: str, stated: Mapping[str, Any]) -> None:
        line = {"unit": name, **stated}
        with self._lock:
            if name in self._units:
                raise UsageError(f"the unit {name!r} is in the snapshot already")
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(line) + "\n")
                journal.flush()
                os.fsync(journal.fileno())
            self._units[name] = line

    def _check_distinct(self, manifest: Manifest) -> None:
        if not manifest.parts:
            return
        files = ", ".join(quoted(self.directory / each.path) for each in manifest.parts)
        with connect() as connection:
            found = connection.execute(
                f"SELECT id FROM read_parquet([{files}], hive_partitioning = false) "
                "GROUP BY id HAVING count(*) > 1 LIMIT 1"
            ).fetchone()
        if found:
            raise UsageError(f"the resource {found[0]} is in two units of the snapshot in {self.directory}")

    def _clear(self, manifest: Manifest) -> None:
        """Remove parts of units that were cut off."""
        known = {self.directory / each.path for each in manifest.parts}
        for path in (self.directory / "documents").rglob("*"):
            if path.is_file() and path not in known:
                path.unlink()
        shutil.rmtree(self.directory / "scratch", ignore_errors=True)


class Unit:
    """What is added to a snapshot as a whole. Of a resource that is appended twice, the first counts."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._held = 0
        self._ids: set[bytes] = set()
        self._parts: list[Part] = []
        self._reached: list[Reached] = []
        self._gaps: list[Gap] = []
        self._gone: list[tuple[str, str]] = []
        self._sources: set[str] = set()

    def append(self, resources: Iterable[Resource]) -> None:
        """Add resources as their source describes them: absences explicit, nothing folded (see `observed`)."""
        for each in resources:
            row = row_of(_hidden(identified(each), self._writer.redact))
            key = bytes.fromhex(digest(row.id.encode()))[:16]
            if key in self._ids:
                continue
            self._ids.add(key)
            self._sources.add(row.source)
            account = row.account if ACCOUNT.fullmatch(row.account) else ""
            self._rows[account, row.observed[:10]].append(row)
            self._held += len(row.document)
            if self._held > _LARGEST:
                self._write()

    def reached(self, account: str, region: str, types: Iterable[str]) -> None:
        """State the types of which every resource of the account and region has been appended, if there is any."""
        given = set(types)
        whole = {each for each in given if is_global(each)}
        if whole:
            self._reached.append(Reached(account, GLOBAL, tuple(sorted(whole))))
        self._reached.append(Reached(account, region, tuple(sorted(given - whole))))

    def gap(self, gap: Gap) -> None:
        """State what could not be read; its subject is "<account>/<region>/<type>" and, below, which resource."""
        self._gaps.append(gap)

    def gone(self, identity: str, why: str) -> None:
        """State that a resource exists no longer, as its source says."""
        self._gone.append((identity, why))

    def stated(self) -> dict[str, Any]:
        """Write what is held, and return what the journal says of the unit."""
        self._write()
        return {
            "sources": sorted(self._sources),
            "parts": [part_to_json(each) for each in self._parts],
            "reached": [[each.account, each.region, list(each.types)] for each in self._reached],
            "gaps": [gap_to_json(each) for each in self._gaps],
            "gone": [list(each) for each in self._gone],
        }

    def _write(self) -> None:
        for (account, day), rows in self._rows.items():
            self._parts.append(_write_part(self._writer.directory, account, day, rows))
        self._rows.clear()
        self._held = 0


def _hidden(resource: Resource, redact: Redact) -> Resource:
    properties, attributes = redact(resource.properties), redact(resource.attributes)
    assert isinstance(properties, Mapping)
    assert isinstance(attributes, Mapping)
    return dataclasses.replace(resource, properties=properties, attributes=attributes)


def _write_part(directory: Path, account: str, day: str, rows: list[Row]) -> Part:
    """Write the rows in order of region, type and id, and return the part; the same rows give the same file."""
    folder = directory / "documents" / f"account={account or NONE}" / f"day={day or NONE}"
    folder.mkdir(parents=True, exist_ok=True)
    scratch = directory / "scratch"
    scratch.mkdir(exist_ok=True)
    rows.sort(key=lambda row: (row.region, row.type, row.id))
    lines, made = (scratch / f"{uuid.uuid4()}.{kind}" for kind in ("json", "parquet"))
    with lines.open("w", encoding="utf-8") as target:
        target.writelines(json.dumps([getattr(each, name) for name in COLUMNS]) + "\n" for each in rows)
    columns = ", ".join(f"row[{number}] AS {name}" for number, name in enumerate(COLUMNS, 1))
    with connect() as connection:
        connection.execute(
            f"COPY (SELECT {columns} FROM read_json({quoted(lines)}, format = 'newline_delimited', "
            f"columns = {{row: 'VARCHAR[]'}}, records = false, maximum_object_size = 268435456)) "
            f"TO {quoted(made, pattern=False)} (FORMAT parquet, COMPRESSION zstd)"
        )
    lines.unlink()
    with made.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    target_path = folder / f"{sha256}.parquet"
    made.replace(target_path)
    observed = [each.observed for each in rows]
    path = target_path.relative_to(directory).as_posix()
    return Part(path, sha256, len(rows), account, day, min(observed), max(observed))


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(path)
