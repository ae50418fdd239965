"""From an object of an answer to properties: by name, by row, by code; in the schema's names, not yet its types."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assay.inventory.defaults import type_at
from assay.inventory.schema import resource_types
from assay.inventory.shaping import shaped
from assay.sources.aws.entry import Call, Entry, Properties
from assay.sources.aws.paths import Unanswerable

OF_SHAPE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What code raises that meets an answer of another shape than the model's."""

Find = Callable[[str, Any], Any]
"""What a JMESPath expression finds in a value."""


def read(kind: str, step: Entry | Call, value: Any, find: Find) -> tuple[Properties, Mapping[str, str]]:
    """Return the properties that an object states; and by path, why others cannot be told of an object like this."""
    found: Properties = {}
    malformed: dict[str, str] = {}
    if value is None:
        return found, malformed
    names = {key.casefold(): each for key, each in value.items()} if isinstance(value, Mapping) else {}
    for name in step.same:
        put(found, kind, name, names.get(name.casefold()))
    for path, expression in step.rows.items():
        try:
            put(found, kind, path, find(expression, value))
        except Unanswerable as error:
            malformed[path] = str(error)
    if step.derive is not None:
        try:
            for path, each in step.derive(value).items():
                put(found, kind, path, each)
        except OF_SHAPE as error:
            malformed |= dict.fromkeys(step.derived, f"{type(error).__name__}: {error}")
    return found, malformed


def put(found: dict[str, Any], kind: str, path: str, value: Any) -> None:
    """Set what is at a path of properties; nothing and empty text leave it absent."""
    wanted = type_at(kind, tuple(path.split("."))) if kind in resource_types() else None
    value = shaped(value, wanted)
    if value is not None and value != "":
        place(found, path, value)


def place(found: dict[str, Any], dotted: str, value: Any) -> None:
    """Set what is at a path, with objects around it."""
    *outer, last = dotted.split(".")
    for step in outer:
        inner = found.get(step)
        if not isinstance(inner, dict):
            inner = found[step] = {}
        found = inner
    found[last] = value


def at(found: Any, dotted: str) -> Any:
    """Return what is at a path; None for nothing."""
    for step in dotted.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def leaves(found: Mapping[str, Any], paths: Sequence[str]) -> Iterable[tuple[str, Any]]:
    """Yield what is at each of the paths, so that several calls may fill one object."""
    for path in paths:
        if (value := at(found, path)) is not None:
            yield path, value
