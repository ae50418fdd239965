"""The files of a trail: what CloudTrail delivers to S3, what `aws cloudtrail lookup-events` prints, lists and lines of
records. Told apart by what is in them.

A file of usual size is parsed as a whole by the quicker of our two parsers; one that is larger, or that this parser
refuses, goes through `streams`, element by element, which bounds memory whatever is in it and names the place of a
fault. What stands before the fault counts.
"""

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json

from assay import streams
from assay.errors import Fault, UsageError
from assay.sources.cloudtrail.event import Event, event_of

WHOLE: Final = 16_000_000  # bytes, decompressed; files of a trail have some hundred kilobytes to some megabytes
_SUFFIXES = (".json", ".json.gz", ".jsonl", ".ndjson")
_DIGESTS = ("CloudTrail-Digest", "digestS3Bucket")  # the folder of digest files, and a name in each of them
_GZIP = b"\x1f\x8b"
_EXPECTED = "a file of a trail (Records), or what lookup-events prints (Events)"


@dataclass
class Reading:
    """What was met besides events, over all files.

    unreadable  Records that say no operation; the first one of each file is a fault.
    gaps        What is known to be missing.
    """

    files: int = 0
    digests: int = 0
    unreadable: int = 0
    faults: list[Fault] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def add(self, other: "Reading") -> None:
        """Add what was met elsewhere."""
        self.files += other.files
        self.digests += other.digests
        self.unreadable += other.unreadable
        self.faults += other.faults
        self.gaps += other.gaps


def find(paths: Sequence[Path]) -> list[Path]:
    """Return the files at paths, and in folders those that end like JSON, compressed or not.

    Links that lead out of a folder are not followed. Raises UsageError for a path that does not exist, a folder without
    any, and one that cannot be read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = [path] if path.is_file() else list(_inside(path))
        if not inside:
            raise UsageError(f"{path}: expected files of a trail, ending in {', '.join(_SUFFIXES)}")
        found |= dict.fromkeys(inside)
    return list(found)


def _inside(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for at, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            each = Path(at) / name
            inside = not each.is_symlink() or each.resolve().is_relative_to(root)
            if name.lower().endswith(_SUFFIXES) and inside and each.is_file():
                yield each


def _refuse(error: OSError) -> None:
    """A folder that cannot be read is not an empty one."""
    raise UsageError(f"cannot read {error.filename}: {error.strerror}")


def events(path: Path, reading: Reading) -> Iterator[Event]:
    """Yield the events of a file; what else is met goes to `reading`."""
    reading.files += 1
    if _DIGESTS[0] in path.parts:
        reading.digests += 1
        return
    first = True
    for record, line in _records(path, reading):
        event = event_of(record)
        if event is not None:
            yield event
            continue
        reading.unreadable += 1
        if first:
            first = False
            reading.faults.append(
                Fault(str(path), line, 1, "a record is no event", str(record)[:60], "eventSource and eventName")
            )


def _records(path: Path, reading: Reading) -> Iterator[tuple[Any, int]]:
    """Yield (record, its line); the line is 0 where the parser does not tell it."""
    value = _whole(path)
    if value is _REFUSED:
        yield from _streamed(path, reading)
    elif isinstance(value, dict):
        if _DIGESTS[1] in value:
            reading.digests += 1
        elif not _is_known(value):
            reading.faults.append(Fault(str(path), 1, 1, "no events", ", ".join(value)[:60], _EXPECTED))
        else:
            for key, each in value.items():
                yield from ((one, 0) for one in _listed(key, each, path, reading))
            yield from ((one, 0) for one in _single(value))
    elif isinstance(value, list):
        for each in value:
            yield from ((one, 0) for one in _single(each) or (each,))
    else:
        reading.faults.append(Fault(str(path), 1, 1, "no events", str(value)[:60], _EXPECTED))


_LISTS = ("Records", "Events")
_OWN = ("eventName", "CloudTrailEvent", "detail")  # of a record, of an answer to lookup-events, of EventBridge


def _is_known(keys: Any) -> bool:
    return any(each in keys for each in (*_LISTS, *_OWN))


def _listed(key: str, value: Any, path: Path, reading: Reading) -> Iterator[Any]:
    """Yield the records of one member of the outermost object."""
    if key == "NextToken" and value:
        reading.gaps.append(f"{path}: the list of events goes on: there is a next token")
    if key in _LISTS:
        for each in value if isinstance(value, list) else [value]:
            yield from _single(each) or (each,)


def _single(value: Any) -> tuple[Any, ...]:
    """Return the record that a value is or carries; () when it does neither."""
    if not isinstance(value, dict):
        return ()
    if "eventName" in value:
        return (value,)
    if isinstance(text := value.get("CloudTrailEvent"), str):
        try:
            return (streams.parse(text),)
        except ValueError:
            return (value,)
    return (value["detail"],) if "detail" in value else ()


_REFUSED: Final = object()


def _whole(path: Path) -> Any:
    """Return the value of a file, or that it is left to the careful parser."""
    try:
        if path.stat().st_size > WHOLE:
            return _REFUSED
        content = path.read_bytes()
        if content[:2] == _GZIP:
            unpacking = zlib.decompressobj(wbits=31)
            content = unpacking.decompress(content, WHOLE)
            if not unpacking.eof or unpacking.unused_data:  # larger, cut short, or several in one file
                return _REFUSED
        return from_json(content, allow_inf_nan=False)
    except (OSError, zlib.error, ValueError):
        return _REFUSED


def _streamed(path: Path, reading: Reading) -> Iterator[tuple[Any, int]]:
    outline = streams.outline(path)
    if _DIGESTS[1] in outline.keys:
        reading.digests += 1
        return
    opened = not outline.is_list and bool(outline.keys & set(_LISTS))
    seen = False
    try:
        for element in streams.elements(path, opened=opened):
            if element.key:
                found = tuple(_listed(element.key, element.value, path, reading))
            else:
                found = _single(element.value) or (element.value,)
            seen = seen or bool(found)
            for each in found:
                yield each, element.line
    except streams.Broken as broken:
        reading.faults.append(broken.fault)
        return
    if not seen and not opened:
        reading.faults.append(Fault(str(path), 1, 1, "no events", "an empty file", _EXPECTED))
