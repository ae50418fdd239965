"""One YAML document into one instance of a governance type, or every fault in it with its place.

Validation is pydantic's, over the JSON form and without coercion, so that a number is never read as text nor text as a
number; only the messages are ours. pydantic is imported when something is validated, not before: a run that finds the
catalogue in its cache never pays for it.
"""

import dataclasses
import json
import re
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin

from assay.documents import Document, Json, Path, kind
from assay.errors import Fault, nearest
from assay.governance.model import SET_BY_READER, Doc, Examples, Invariant
from assay.inventory.resource import Position

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

_EXPECTED: Mapping[str, str] = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "greater_than_equal": "a whole number from 0 on",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "dataclass_type": "a mapping",
    "date_type": "a date such as 2026-03-31",
    "date_parsing": "a date such as 2026-03-31",
    "date_from_datetime_parsing": "a date such as 2026-03-31",
}


def decode(document: Document, kind_of: type[T]) -> tuple[T | None, tuple[Fault, ...]]:
    """Return the document as an instance of a type of `governance.model`, with its position, or its faults."""
    from pydantic import ValidationError

    faults = list(_reserved(document))
    instance: T | None = None
    try:
        instance = adapter(kind_of).validate_json(json.dumps(document.value))
    except ValidationError as error:
        faults += _translate(error.errors(include_url=False), document, kind_of)
    else:
        faults += _blank(document, kind_of)
    if faults or instance is None:
        return None, tuple(faults)
    return _placed(instance, document), ()


def adapter(kind_of: type[T]) -> "TypeAdapter[T]":
    """Return pydantic's validator for a governance type; made once."""
    from pydantic import TypeAdapter

    if kind_of not in _ADAPTERS:
        _ADAPTERS[kind_of] = TypeAdapter(kind_of)
    return _ADAPTERS[kind_of]


_ADAPTERS: "dict[type, TypeAdapter[Any]]" = {}


def _placed(instance: T, document: Document) -> T:
    """Return the instance with the positions that only the reader knows."""
    changes: dict[str, Any] = {"position": Position(document.file, *document.place(()))}
    examples = getattr(instance, "examples", None)
    if isinstance(examples, Examples):
        headings = [each.name for each in dataclasses.fields(Examples) if each.name not in SET_BY_READER]
        positions = {
            heading: tuple(
                Position(document.file, *document.place(("examples", heading, index)))
                for index in range(len(getattr(examples, heading)))
            )
            for heading in headings
        }
        changes["examples"] = dataclasses.replace(examples, positions=positions)
    if isinstance(instance, Invariant):
        stated = (each for each in document.places if each[:1] in (("never",), ("still",), ("exempt",)))
        changes["places"] = {path: document.place(path) for path in stated}
    return dataclasses.replace(instance, **changes)  # type: ignore[type-var]  # a dataclass: decode's promise


def _reserved(document: Document) -> Iterator[Fault]:
    """Yield a fault for each field that the types have and files have not."""
    value = document.value
    for path in (("position",), ("places",), ("examples", "positions")):
        parent = value if len(path) == 1 else value.get(path[0]) if isinstance(value, dict) else None
        if isinstance(parent, dict) and path[-1] in parent:
            yield Fault(document.file, *document.key_place(path), f"{path[-1]!r} is not a field of this document")


def _blank(document: Document, kind_of: type) -> Iterator[Fault]:
    """Yield a fault for each required text that is empty: whoever must state something must say something."""
    for path, value in _leaves(document.value, ()):
        if isinstance(value, str) and not value.strip() and (owner := _type_at(kind_of, path[:-1])):
            required = [each.name for each in dataclasses.fields(owner) if each.default is dataclasses.MISSING]
            if path[-1] in required:
                yield Fault(document.file, *document.place(path), f"{path[-1]!r} is empty", expected="text")


def _leaves(value: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    steps: Iterable[tuple[str | int, Json]] = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    else:
        yield path, value
    for step, each in steps:
        yield from _leaves(each, (*path, step))


def _translate(errors: Sequence[Any], document: Document, kind_of: type) -> Iterator[Fault]:
    """Yield one fault per place; the alternatives of a union are one."""
    by_place: dict[tuple[Path, bool], list[Any]] = {}
    for error in errors:
        path = _path(error["loc"], document.value)
        by_place.setdefault((path, error["type"] == "missing"), []).append(error)
    for (path, missing), found in by_place.items():
        if missing:
            yield from (_missing(error["loc"][-1], path, document, kind_of) for error in found)
        elif found[0]["type"] == "unexpected_keyword_argument":
            yield from _unexpected(path, document, kind_of)
        else:
            yield _wrong(path, found, document)


def _path(location: Sequence[str | int], value: Json) -> Path:
    """Return the part of pydantic's location that exists in the document; names of union members do not."""
    path: list[str | int] = []
    for step in location:
        if (isinstance(value, dict) and step in value) or (isinstance(value, list) and step in range(len(value))):
            value = cast("Any", value)[step]
            path.append(step)
    return tuple(path)


def _missing(name: str, path: Path, document: Document, kind_of: type) -> Fault:
    owner = _type_at(kind_of, path)
    docs = [each.text for each in _annotations(owner, name) if isinstance(each, Doc)] if owner else []
    where = f" in {_dotted(path)}" if path else ""
    return Fault(document.file, *document.place(path), f"{name!r} is missing{where}", expected=" ".join(docs))


def _unexpected(path: Path, document: Document, kind_of: type) -> Iterator[Fault]:
    if path[-1] in SET_BY_READER:
        return  # `_reserved` has said it
    owner = _type_at(kind_of, path[:-1])
    known = [each.name for each in dataclasses.fields(owner) if each.name not in SET_BY_READER] if owner else []
    remedy = nearest(str(path[-1]), known)
    where = f" of {_dotted(path[:-1])}" if path[:-1] else ""
    yield Fault(
        document.file,
        *document.key_place(path),
        f"{path[-1]!r} is not a field{where or ' of this document'}",
        expected="" if remedy else f"one of {', '.join(known)}",
        remedy=remedy,
    )


def _wrong(path: Path, errors: Sequence[Any], document: Document) -> Fault:
    value = _value_at(document.value, path)
    found = document.written.get(path) or (value if isinstance(value, str) else kind(value))
    subject = f"{_dotted(path)!r}" if path else "the document"
    error = errors[0]
    place = document.place(path)
    if error["type"] in ("enum", "literal_error"):
        choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        remedy = nearest(found, choices) if isinstance(value, str) else ""
        return Fault(
            document.file, *place, f"{subject} has no such value", found, f"one of {', '.join(choices)}", remedy
        )
    expected = " or ".join(dict.fromkeys(_EXPECTED.get(each["type"], each["msg"]) for each in errors))
    quotable = (
        len(errors) == 1
        and all(each["type"] == "string_type" for each in errors)
        and path in document.written
        and value is not None
    )
    remedy = f'write it in quotes: "{found}"' if quotable else ""
    if value is None:
        found, remedy = "nothing", "give a value, or delete the line"
    return Fault(document.file, *place, f"{subject} is of the wrong kind", found, expected, remedy)


def _value_at(value: Any, path: Path) -> Json:
    for step in path:
        value = value[step]
    return value  # type: ignore[no-any-return]  # a part of a Json value


def _dotted(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _type_at(kind_of: Any, path: Path) -> type | None:
    """Return the dataclass that describes the value at `path` of a document of type `kind_of`, if one does."""
    for step in path:
        kind_of = _plain(kind_of)
        if dataclasses.is_dataclass(kind_of):
            kind_of = _hints(cast("type", kind_of)).get(str(step))
        else:
            arguments = [each for each in get_args(kind_of) if each is not Ellipsis]
            kind_of = arguments[-1] if arguments else None
    kind_of = _plain(kind_of)
    return kind_of if isinstance(kind_of, type) and dataclasses.is_dataclass(kind_of) else None


def _plain(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is typing.Annotated else hint


def _annotations(owner: type, name: str) -> Sequence[Any]:
    hint = _hints(owner).get(name)
    return get_args(hint)[1:] if get_origin(hint) is typing.Annotated else ()


def _hints(owner: type) -> Mapping[str, Any]:
    return typing.get_type_hints(owner, include_extras=True)
