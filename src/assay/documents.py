"""YAML text as plain JSON values, with the place of each, read within bounds.

The text is read as a stream of parser events and the values are built here; nothing is resolved behind our back:

- Scalars follow YAML 1.2's core schema. `no`, `on` and `1:30` are text, as they read; only `true`, `false`, `null`,
  whole numbers and decimals are not. Dates stay text.
- Every value and every key has its place. Of an aliased value that is the place of the anchor's value.
- Size, depth and the number of values after aliases are expanded are bounded: a file of one kilobyte cannot become a
  document of a gigabyte. Keys are text and unique. Tags and merge keys are faults.

A format of somebody else's that is built on YAML may differ; what may, a `Dialect` says.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import yaml

from assay.errors import Fault

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]
"""Line and column, both counted from 1."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be: bytes of the file, levels of nesting, values after aliases are expanded."""

    bytes: int = 4_000_000
    depth: int = 64
    values: int = 250_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a format that is built on YAML reads differently. The default is YAML 1.2's core schema, strictly.

    tags     tag → key. A value under such a tag reads as a mapping of that one key: with {"!Sub": "Fn::Sub"}, `!Sub x`
             is {"Fn::Sub": x}.
    words    Further plain scalars that are not text: {"yes": True}.
    lenient  Keys that are numbers or booleans read as text; of a key that is given twice the last value counts, but not
             at the top of the document; a whole number that begins with 0 is octal where its digits allow (YAML 1.1),
             and else text.
    """

    tags: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Json] = field(default_factory=dict)
    lenient: bool = False


STRICT = Dialect()


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read.

    value    Plain JSON.
    places   Place of the value at each path; () is the whole document.
    keys     Place of the key that leads to each path.
    written  Text of the scalars that are not text themselves, as they stand in the file: 1e3 is the number 1000.
    styles   How text is written where it is not plain: quoted (' or "), folded (>) or kept (|).
    """

    file: str
    value: Json
    places: Mapping[Path, Place] = field(repr=False)
    keys: Mapping[Path, Place] = field(repr=False)
    written: Mapping[Path, str] = field(repr=False)
    styles: Mapping[Path, str] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)

    def place(self, path: Path) -> Place:
        """Return the place of the value at `path`, or of its nearest ancestor that the file states."""
        for length in range(len(path), -1, -1):
            if found := self.places.get(path[:length]):
                return found
        return (1, 1)

    def key_place(self, path: Path) -> Place:
        """Return the place of the key that leads to `path`, or else of the value there."""
        return self.keys.get(path) or self.place(path)

    def place_within(self, path: Path, value: str, offset: int) -> Place:
        """Return where the character at `offset` of the text `value` at `path` stands in the file.

        Exact for text without escapes; with them, the line is still right.
        """
        row, column = self.place(path)
        lines, style = self.text.splitlines(), self.styles.get(path, "")
        if style == "|":
            before = value[:offset]
            indent = next((len(each) - len(each.lstrip()) for each in lines[row:] if each.strip()), 0)
            return row + 1 + before.count("\n"), indent + offset - (before.rfind("\n") + 1) + 1
        begin = row - 1 if style != ">" else row
        for number, line in enumerate(lines[begin:], begin + 1):
            start = column - 1 + len(style) if number == row else len(line) - len(line.lstrip())
            piece = line[start:].rstrip()
            if offset <= len(piece):
                return number, start + offset + 1
            offset -= len(piece) + 1  # the fold reads as one space
        return row, column


def read(
    content: bytes, file: str, limits: Limits = LIMITS, dialect: Dialect = STRICT
) -> tuple[Document | None, tuple[Fault, ...]]:
    """Return the one document in `content`, or None and what is wrong. An empty file is a fault."""
    text, faults = _decode(content, file, limits)
    if text is None:
        return None, faults
    builder = _Builder(file, limits, dialect)
    try:
        value = builder.build(text)
    except _Stop as stop:
        return None, (*builder.faults, stop.fault)
    except yaml.MarkedYAMLError as error:
        return None, (*builder.faults, _syntax(error, file))
    except yaml.reader.ReaderError as error:
        return None, (*builder.faults, _character(error, text, file))
    if builder.faults:
        return None, tuple(builder.faults)
    return builder.document(value, text), ()


def _decode(content: bytes, file: str, limits: Limits) -> tuple[str | None, tuple[Fault, ...]]:
    if len(content) > limits.bytes:
        found, expected = f"{len(content):,} bytes", f"at most {limits.bytes:,}"
        return None, (Fault(file, 0, 0, "the file is too large to read", found, expected, "split it"),)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = error.start - (before.rfind(b"\n") + 1) + 1
        found = f"the byte 0x{content[error.start]:02x}"
        fault = Fault(
            file, before.count(b"\n") + 1, column, "the file is not UTF-8", found, "UTF-8 text", "save it as UTF-8"
        )
        return None, (fault,)


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    message = f"not valid YAML: {error.problem or error.context}"
    if error.context and error.context_mark and error.problem:
        message += f" {error.context} that began on line {error.context_mark.line + 1}"
    return Fault(file, line, column, message)


def _character(error: yaml.reader.ReaderError, text: str, file: str) -> Fault:
    """Control characters. The parser gives an offset only, in bytes or characters; so they are looked for here."""
    match = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if match is None:
        return Fault(file, 0, 0, f"not valid YAML: {error.reason}")
    before = text[: match.start()]
    found = f"the character U+{ord(match.group()):04X}"
    column = match.start() - (before.rfind("\n") + 1) + 1
    return Fault(file, before.count("\n") + 1, column, "not valid YAML: a control character", found, "printable text")


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


class _Stop(Exception):  # ends the reading of one file; never leaves this module
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


@dataclass(slots=True)
class _Anchored:
    """A finished node under an anchor, with how it was reached, so that an alias can repeat its places."""

    value: Json
    path: Path
    size: int


class _Builder:
    """Builds values from parser events; recursion is bounded by `limits.depth`."""

    def __init__(self, file: str, limits: Limits, dialect: Dialect) -> None:
        self.file = file
        self.tags = dialect.tags
        self.words = {**_WORDS, **dialect.words}
        self.lenient = dialect.lenient
        self.limits = limits
        self.faults: list[Fault] = []
        self.places: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.written: dict[Path, str] = {}
        self.styles: dict[Path, str] = {}
        self._anchors: dict[str, _Anchored | None] = {}
        self._values = 0

    def build(self, text: str) -> Json:
        events = yaml.parse(text, Loader=yaml.CLoader)
        next(events)  # the stream starts
        if isinstance(next(events), yaml.StreamEndEvent):
            raise _Stop(Fault(self.file, 0, 0, "the file is empty", "nothing", "a YAML mapping"))
        value = self._node(next(events), events, ())
        next(events)  # the document ends
        extra = next(events)
        if not isinstance(extra, yaml.StreamEndEvent):
            self._fault(
                extra, "a second document begins", "---", "one document per file", "move it to a file of its own"
            )
        return value

    def document(self, value: Json, text: str) -> Document:
        places, keys = MappingProxyType(self.places), MappingProxyType(self.keys)
        written, styles = MappingProxyType(self.written), MappingProxyType(self.styles)
        return Document(self.file, value, places, keys, written, styles, text)

    def _fault(self, event: yaml.Event, message: str, found: str = "", expected: str = "", remedy: str = "") -> None:
        self.faults.append(Fault(self.file, *_place(event), message, found, expected, remedy))

    def _stop(self, event: yaml.Event, message: str, found: str = "", expected: str = "") -> _Stop:
        return _Stop(Fault(self.file, *_place(event), message, found, expected))

    def _count(self, event: yaml.Event, size: int = 1) -> None:
        self._values += size
        if self._values > self.limits.values:
            raise self._stop(
                event, "too many values, after aliases are expanded", "", f"at most {self.limits.values:,}"
            )

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Json:
        if len(path) > self.limits.depth:
            raise self._stop(event, "nested too deeply", "", f"at most {self.limits.depth} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        self._count(event)
        self.places[path] = _place(event)
        anchor = getattr(event, "anchor", None)
        if anchor:
            self._anchors[anchor] = None  # begun: an alias to it from inside would never end
        before = self._values
        value = self._content(event, events, path)
        if anchor:
            self._anchors[anchor] = _Anchored(value, path, self._values - before + 1)
        return value

    def _content(self, event: Any, events: Iterator[yaml.Event], path: Path) -> Json:
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag in self.tags:
            key = self.tags[tag]
            inner = (*path, key)
            if len(inner) > self.limits.depth:
                raise self._stop(event, "nested too deeply", "", f"at most {self.limits.depth} levels")
            self.places[inner] = self.keys[inner] = self.places[path]
            event.tag = None
            return {key: self._content(event, events, inner)}
        if tag and tag != "!" and not isinstance(event, yaml.ScalarEvent):
            self._tag(event, tag)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._scalar(event, path)

    def _tag(self, event: yaml.Event, tag: str) -> None:
        name = tag.removeprefix("!")
        long = "{Ref: …}" if name == "Ref" else f'{{"Fn::{name}": …}}'
        remedy = f"write {long}" if tag.startswith("!") else "leave it out"
        self._fault(event, "tags are not understood here", tag, "a plain value", remedy)

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> list[Json]:
        items: list[Json] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Json]:
        result: dict[str, Json] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, events, path)
            inner = (*path, key)
            if key in result and not (self.lenient and path):
                line, _ = self.keys[inner]
                self._fault(event, f"the key {key!r} is given twice", "", "", f"it is also on line {line}; delete one")
            else:
                self.keys[inner] = _place(event)
            result[key] = self._node(next(events), events, inner)
        return result

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> str:
        """Return the text of a key; of a key that is not text, a stand-in after noting the fault."""
        if isinstance(event, yaml.ScalarEvent) and (event.style or event.value != "<<"):
            self._count(event)
            value = event.value if event.style else _resolve(event.value, self.words)
            if isinstance(value, bool) and self.lenient:
                return "true" if value else "false"
            if not isinstance(value, str) and not self.lenient:
                self._fault(
                    event, f"a key that is {kind(value)}", event.value, "text", f'write "{event.value}" in quotes'
                )
            return str(event.value)
        if isinstance(event, yaml.ScalarEvent):
            self._fault(event, "merge keys are not understood", "<<", "", "repeat the fields")
            return f"<<{_place(event)}"
        self._fault(event, "a key that is not text", _EVENTS.get(type(event), "an alias"), "text")
        stand_in = f"?{_place(event)}"
        self._node(event, events, (*path, stand_in))
        return stand_in

    def _scalar(self, event: Any, path: Path) -> Json:
        text = str(event.value)
        if event.tag and event.tag != "!":
            self._tag(event, event.tag)
            return text
        if event.style or event.tag == "!":
            self.styles[path] = event.style
            return text
        value = _resolve(text, self.words)
        if isinstance(value, int) and not isinstance(value, bool):
            value = self._whole_number(event, text, value)
        if not isinstance(value, str):
            self.written[path] = text
        return value

    def _whole_number(self, event: yaml.Event, text: str, value: int) -> int | str:
        digits = text.lstrip("+-")
        if len(digits) > 1 and digits[0] == "0" and digits.isdecimal():
            if self.lenient:
                return int(text, 8) if not {"8", "9"} & set(digits) else text
            message = "a number that begins with 0, which readers of YAML understand differently"
            self._fault(event, message, text, "text or a plain number", f'write "{text}" in quotes')
        elif abs(value) >= 2**63:
            self._fault(event, "a number too large to keep exactly", text, "", f'write "{text}" in quotes')
        return value

    def _alias(self, event: Any, path: Path) -> Json:
        if event.anchor not in self._anchors:
            raise self._stop(event, f"the alias *{event.anchor} has no anchor &{event.anchor} before it")
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise self._stop(event, f"the alias *{event.anchor} is inside its own anchor")
        self._count(event, anchored.size)
        self._repeat(event, anchored.value, anchored.path, path)
        return anchored.value

    def _repeat(self, event: yaml.Event, value: Json, source: Path, target: Path) -> None:
        if len(target) > self.limits.depth:
            raise self._stop(event, "nested too deeply", "", f"at most {self.limits.depth} levels")
        for table in (self.places, self.keys):
            if source in table and target not in table:
                table[target] = table[source]
        if source in self.written:
            self.written[target] = self.written[source]
        children: Any = (
            value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
        )
        for step, child in children:
            self._repeat(event, child, (*source, step), (*target, step))


def _children(value: Json) -> Iterable[tuple[str | int, Json]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


_EVENTS: Mapping[type, str] = {yaml.MappingStartEvent: "a mapping", yaml.SequenceStartEvent: "a list"}

_WORDS: Mapping[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], Json]], ...] = (
    (re.compile(r"[-+]?[0-9]{1,400}"), int),
    (re.compile(r"0x[0-9a-fA-F]{1,100}"), lambda text: int(text, 16)),
    (re.compile(r"0o[0-7]{1,100}"), lambda text: int(text, 8)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?"), float),
)


def _resolve(text: str, words: Mapping[str, Json]) -> Json:
    """Return what a plain scalar stands for (YAML 1.2, 10.3.2, but infinity and not-a-number are text)."""
    if text in words:
        return words[text]
    if text[0] not in "+-.0123456789":
        return text
    return next((convert(text) for pattern, convert in _NUMBERS if pattern.fullmatch(text)), text)


def kind(value: Json) -> str:
    """Return in words what a value is: "a number", "a mapping"."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case dict():
            return "a mapping"
        case _:
            return "a list"
