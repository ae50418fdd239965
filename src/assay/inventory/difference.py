"""What differs between two descriptions of one resource, property by property, as the published schema means it.

Lists whose order the schema says not to matter (`insertionOrder: false`), and those within policies, are compared as
bags. What is unknown on both sides does not differ, whoever did not say it.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import enum
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from assay.inventory.coerce import coerce
from assay.inventory.resource import Resource
from assay.inventory.schema import ANY, POLICY, fields_of, resource_schema, resource_types
from assay.inventory.values import Path, Unknown, Value, to_json

_Node = Mapping[str, Any]
_BAG: _Node = {"type": "array", "insertionOrder": False}
_DEEPEST = 60


class Way(enum.StrEnum):
    """How a property differs. The text is part of the JSON output: a promise."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    LEARNT = "learnt"  # it was unknown, and no longer is
    UNSEEN = "unseen"  # it was known, and no longer is: nobody says that it changed


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that differs. Of lists without order, `before` and `after` hold what only one side has.

    read_only  Whether only AWS sets it: a time, a count, a state.
    """

    path: Path
    before: Value
    after: Value
    read_only: bool = False

    @property
    def way(self) -> Way:
        """How it differs."""
        if isinstance(self.before, Unknown):
            return Way.LEARNT
        if isinstance(self.after, Unknown):
            return Way.UNSEEN
        if self.before is None or self.after is None:
            return Way.ADDED if self.before is None else Way.REMOVED
        return Way.CHANGED


def differences(before: Resource, after: Resource) -> tuple[Difference, ...]:
    """Return how two descriptions of one resource differ, in order of the paths."""
    kind = after.type
    known = kind in resource_types()
    fields, document = (fields_of(kind), resource_schema(kind).document) if known else ({}, {})
    found: list[Difference] = []
    for name in sorted({*before.properties, *after.properties}):
        wanted = fields.get(name, ANY)
        old, new = (coerce(each.properties.get(name), wanted) for each in (before, after))
        node = _BAG if wanted == POLICY else document.get("properties", {}).get(name, {})
        found += _between(old, new, node, document, (name,))
    found += _between(dict(before.attributes), dict(after.attributes), {}, {}, ())
    read_only = resource_schema(kind).read_only if known else frozenset()
    return tuple(Difference(each.path, each.before, each.after, _is_below(each.path, read_only)) for each in found)


def _between(old: Value, new: Value, node: _Node, document: _Node, path: Path) -> Iterator[Difference]:
    if len(path) > _DEEPEST or (isinstance(old, Unknown) and isinstance(new, Unknown)):
        return
    node = _resolved(node, document)
    if _text(old, node, document) == _text(new, node, document):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _between(old.get(key), new.get(key), _member(node, key), document, (*path, key))
    elif _is_list(old) and _is_list(new) and _is_bag(node):
        yield Difference(path, *_only_once(old, new, _element(node), document))
    elif _is_list(old) and _is_list(new) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _between(one, other, _element(node), document, (*path, index))
    else:
        yield Difference(path, old, new)


def _is_list(value: Value) -> TypeGuard[Sequence[Value]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _only_once(
    old: Sequence[Value], new: Sequence[Value], node: _Node, document: _Node
) -> tuple[list[Value], list[Value]]:
    """Return what only one of two bags holds."""
    texts = [[(_text(each, node, document), each) for each in side] for side in (old, new)]
    counted = [Counter(text for text, _ in side) for side in texts]
    return _beyond(texts[0], counted[1]), _beyond(texts[1], counted[0])


def _beyond(side: list[tuple[str, Value]], other: Mapping[str, int]) -> list[Value]:
    left, found = Counter(other), []
    for text, value in side:
        if left[text] > 0:
            left[text] -= 1
        else:
            found.append(value)
    return found


def _text(value: Value, node: _Node, document: _Node, depth: int = 0) -> str:
    """Return a text that is the same for values that mean the same."""
    return json.dumps(_sorted(value, node, document, depth), sort_keys=True)


def _sorted(value: Value, node: _Node, document: _Node, depth: int) -> Any:
    node = _resolved(node, document)
    if isinstance(value, Unknown):
        return {"$unknown": True}
    if not value and not isinstance(value, bool | int | float | str):
        return None  # of what exists, nothing and an empty list are one thing
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {
            key: _sorted(each, _member(node, key), document, depth + 1)
            for key, each in value.items()
            if each is not None
        }
    if _is_list(value) and depth < _DEEPEST:
        found = [_sorted(each, _element(node), document, depth + 1) for each in value]
        return sorted(found, key=lambda each: json.dumps(each, sort_keys=True)) if _is_bag(node) else found
    return to_json(value)


def _resolved(node: _Node, document: _Node) -> _Node:
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/definitions/"):
        found = document.get("definitions", {}).get(reference.removeprefix("#/definitions/"), {})
        return found if isinstance(found, Mapping) else {}
    return node


def _is_bag(node: _Node) -> bool:
    return node.get("insertionOrder") is False


def _member(node: _Node, key: str) -> _Node:
    if node is _BAG:
        return _BAG  # whatever is within a policy
    found = node.get("properties", {}).get(key, {})
    return found if isinstance(found, Mapping) else {}


def _element(node: _Node) -> _Node:
    if node is _BAG:
        return _BAG
    found = node.get("items", {})
    return found if isinstance(found, Mapping) else {}


def _is_below(path: Path, paths: frozenset[str]) -> bool:
    steps = ["*" if isinstance(each, int) else each for each in path]
    return any("/".join(steps[:length]) in paths for length in range(1, len(steps) + 1))
