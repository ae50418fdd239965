"""JSON files of any size, gzip or plain, one value at a time: memory holds the largest element, never the file.

The parser is the standard library's, given one element of the outermost list after the other; a value that is cut at
the end of what was read is parsed once more when there is more of it. (ijson's C parser, tried first, ends the process
on deeply nested input and on long numbers.) What somebody else wrote may be broken anywhere: whatever stands before the
break is given, then `Broken` is raised with the fault.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from assay.errors import AssayError, Fault

LARGEST = 32_000_000  # characters of one element; the largest configuration items are some hundred kilobytes
_BLOCK = 1 << 20
_HEAD = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*")
_GZIP = b"\x1f\x8b"
_DIGITS = 4000  # Python refuses to turn longer texts into numbers


class Broken(AssayError):
    """The file is no JSON from some place on."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


@dataclass(frozen=True, slots=True)
class Element:
    """One value of a file.

    key   Of a member of the outermost object, or of the list there that the value is an element of; else "".
    line  Where it begins, counted from 1.
    """

    key: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What the beginning of a file shows: the names of the outermost object, or of the first in an outermost list."""

    is_list: bool
    keys: frozenset[str]


def outline(path: Path) -> Outline:
    """Return what the first 64 KiB of a file show; no keys for what is no JSON, or cannot be opened."""
    try:
        with _opened(path) as source:
            text = source.read(_HEAD)
    except (OSError, EOFError, zlib.error, UnicodeError):
        return Outline(False, frozenset())
    return outline_of(text)


def outline_of(text: str) -> Outline:
    """Return what the beginning of a JSON text shows."""
    cursor = _Cursor(io.StringIO(text), "")
    is_list, keys = False, []
    try:
        is_list = cursor.take("[")
        cursor.expect("{")
        for key in cursor.members():
            keys.append(key)
            cursor.value()
    except (Broken, RecursionError):
        pass  # the rest is beyond what was read
    return Outline(is_list, frozenset(keys))


def elements(path: Path, *, opened: bool) -> Iterator[Element]:
    """Yield the values of a file, one document after the other when it holds several (JSON lines).

    Of an outermost list, its elements. An outermost object is one value, unless it is to be `opened`: then its members,
    and of members that are lists the elements. Raises Broken where the file stops being JSON.
    """
    file = str(path)
    with _faults(file), _opened(path) as source:
        cursor = _Cursor(source, file)
        while not cursor.at_end():
            if cursor.take("["):
                yield from _listed(cursor, "")
            elif opened and cursor.take("{"):
                yield from _members(cursor)
            else:
                line = cursor.line
                yield Element("", cursor.value(), line)


def _members(cursor: "_Cursor") -> Iterator[Element]:
    for key in cursor.members():
        if cursor.take("["):
            yield from _listed(cursor, key)
        else:
            line = cursor.line
            yield Element(key, cursor.value(), line)


def _listed(cursor: "_Cursor", key: str) -> Iterator[Element]:
    if cursor.take("]"):
        return
    while True:
        cursor.skip_space()
        line = cursor.line
        yield Element(key, cursor.value(), line)
        if cursor.take("]"):
            return
        cursor.expect(",")


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        binary: Any = raw
        if raw.peek(2)[:2] == _GZIP:
            binary = gzip.GzipFile(fileobj=raw)
        yield io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")


@contextmanager
def _faults(file: str) -> Iterator[None]:
    """Make faults of what reading itself may raise."""
    try:
        yield
    except UnicodeError as error:
        raise Broken(Fault(file, 0, 0, "the file is not UTF-8", str(error)[:80], "UTF-8 text")) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Broken(Fault(file, 0, 0, "the compressed file is damaged or cut short", str(error)[:80])) from None
    except OSError as error:
        raise Broken(Fault(file, 0, 0, "the file cannot be read", error.strerror or "")) from None


def _whole(text: str) -> int | float:
    return int(text) if len(text) < _DIGITS else float("-inf" if text.startswith("-") else "inf")


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_constant=_constant)


class _Cursor:
    """A place in a text that is read block by block."""

    def __init__(self, source: TextIO, file: str) -> None:
        self._source, self._file = source, file
        self._text, self._at, self._ended = "", 0, False
        self._lines = 1  # of the beginning of `_text`
        self._counted = 0

    @property
    def line(self) -> int:
        """The line of the place."""
        self._lines += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines

    def at_end(self) -> bool:
        """Whether only space follows."""
        self.skip_space()
        return self._at == len(self._text)

    def skip_space(self) -> None:
        """Move to the next character that is no space."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._more():
                return

    def take(self, character: str) -> bool:
        """Move past the character if it is the next one."""
        self.skip_space()
        found = self._text.startswith(character, self._at)
        self._at += found
        return found

    def expect(self, character: str) -> None:
        """Move past the character. Raises Broken when another one is next."""
        if not self.take(character):
            raise self._broken(f"{character!r}")

    def members(self) -> Iterator[str]:
        """Yield the names of an object after its brace; whoever asks takes the value before the next one."""
        if self.take("}"):
            return
        while True:
            self.skip_space()
            key = self.value() if self._text.startswith('"', self._at) else None
            if not isinstance(key, str):
                raise self._broken("a name in quotes")
            self.expect(":")
            yield key
            if self.take("}"):
                return
            self.expect(",")

    def value(self) -> Any:
        """Return the next value. Raises Broken when there is none."""
        self.skip_space()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise self._broken("a JSON value") from None
            except RecursionError:
                raise self._broken("a value of fewer levels of nesting") from None
            except ValueError as error:
                raise self._broken(str(error)) from None
            else:
                # A number at the end of what was read may go on.
                if end < len(self._text) or not self._more():
                    self._at = end
                    return found

    def _more(self) -> bool:
        """Read on, at least as much as is already waiting; False at the end. Raises Broken for too large a value."""
        if self._ended:
            return False
        waiting = len(self._text) - self._at
        if waiting > LARGEST:
            raise self._broken(f"a value of at most {LARGEST:,} characters")
        _ = self.line  # counts what is dropped now
        read = self._source.read(max(_BLOCK, waiting))
        self._ended = not read
        self._text = self._text[self._at :] + read
        self._at = self._counted = 0
        return bool(read)

    def _broken(self, expected: str) -> Broken:
        found = repr(self._text[self._at : self._at + 20]) if self._at < len(self._text) else "the end of the file"
        remedy = "what stands before it is read, what follows is not"
        return Broken(Fault(self._file, self.line, 1, "the file is broken here", found, expected, remedy))


def parse(text: str) -> Any:
    """Return the value of a JSON text held in memory. Raises ValueError when it is none, or nested too deeply."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
