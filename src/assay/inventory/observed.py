"""What absence means in a description of something that exists.

In a template, an absent property gets the platform's default for something new. A description of a live resource that
leaves a property out says one of three other things, and what it says is written down as a value here, once, so that
whoever judges reads both alike:

- The describing source has no such property: unknown, not collected.
- The resource has nothing of the kind. For text, lists and objects that is what leaving out means, unless the platform
  has a default for them: then the table's row says what a live resource without it has (`ResourceTable.unset`), or it
  is unknown.
- A boolean or a number has a value always. Left out, it was not said: unknown.
- It says how the resource was made (from which snapshot), which does not matter once what came of it is described: the
  table's row says so (`ResourceTable.unset` with None), and it is absent.
"""

import copy
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from assay.inventory.resource import LISTED, Resource
from assay.inventory.schema import Kind, fields_of, resource_schema, resource_types
from assay.inventory.services import table
from assay.inventory.values import Cause, Reason, Unknown, Value

_ALWAYS_SAID = frozenset({Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER})


def observed(
    kind: str, properties: dict[str, Any], source: str, carried: frozenset[str] | None = None, *, whole: bool = True
) -> dict[str, Value]:
    """Return the properties of a live resource with what is absent made explicit; the ones given are used up.

    source   What describes it, as people call it: "AWS Config".
    carried  The properties that this source has for the type; None when it describes all that can be read.
    whole    False when only a part of the description was given: then no absence says anything.
    """
    if kind not in resource_types():
        return properties
    for name, value in _absences(kind, source, carried, whole):
        if properties.get(name) is None:
            properties[name] = value if isinstance(value, Unknown) else copy.deepcopy(value)
    for steps, unknown in _inner(kind, source):
        _fill(properties, steps, unknown)
    return properties


def with_parts(resource: Resource, source: str, listed: frozenset[str], held: frozenset[str] = frozenset()) -> Resource:
    """Return a live resource that says what may exist beside it: separately declared parts, others that refer to it.

    listed  Types of which every resource in its account and region was given. Of others there may be more.
    held    Types of parts that the resource itself was described with.
    """
    missing = {
        name: _not_collected(resource.type, name, source)
        for name, sources in _parts(resource.type)
        if resource.properties.get(name) is None and not sources <= listed | held
    }
    attributes = {**resource.attributes, LISTED: sorted(listed)}
    return replace(resource, properties={**resource.properties, **missing}, attributes=attributes)


@lru_cache(maxsize=4096)
def _absences(kind: str, source: str, carried: frozenset[str] | None, whole: bool) -> tuple[tuple[str, Value], ...]:
    """Return, for each property whose absence is not plainly "there is none", what it says instead."""
    row, schema = table(kind), resource_schema(kind)
    parts = {name for name, _ in _parts(kind)}
    found: list[tuple[str, Value]] = []
    for name, wanted in fields_of(kind).items():
        is_carried = carried is None or name in carried
        if name in parts or name in row.decoded or (name in schema.read_only and not is_carried):
            continue
        is_creation = name in row.unset and row.unset[name] is None
        if is_creation:
            continue
        if not is_carried or not whole or (carried is None and name in schema.write_only):
            found.append((name, _not_collected(kind, name, source)))
        elif name in row.unset:
            found.append((name, row.unset[name]))
        elif name in row.defaults or wanted.kind in _ALWAYS_SAID:
            found.append((name, _not_said(kind, name, source)))
    return tuple(found)


@lru_cache(maxsize=4096)
def _inner(kind: str, source: str) -> tuple[tuple[tuple[str, ...], Unknown], ...]:
    """Return the paths within properties that have a default, with what they are where they are left out."""
    row = table(kind)
    return tuple(
        (tuple(path.split(".")), _not_said(kind, path, source))
        for path in row.defaults
        if "." in path and path not in row.unset
    )


@lru_cache(maxsize=4096)
def _parts(kind: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the properties that only folding fills, with the types that are folded into them."""
    own = resource_schema(kind).document.get("properties", {}) if kind in resource_types() else {}
    found: dict[str, frozenset[str]] = {}
    for fold in table(kind).folds:
        if fold.into not in own:
            found[fold.into] = found.get(fold.into, frozenset()) | {fold.source}
    return tuple(found.items())


def _fill(value: Any, steps: tuple[str, ...], unknown: Unknown) -> None:
    """Set the unknown at a path where the object around it is stated and the value is not."""
    if steps[0] == "*":
        for each in value if isinstance(value, list) else ():
            _fill(each, steps[1:], unknown)
    elif isinstance(value, dict):
        if len(steps) == 1:
            if value.get(steps[0]) is None:
                value[steps[0]] = unknown
        elif steps[0] in value:
            _fill(value[steps[0]], steps[1:], unknown)


def _not_collected(kind: str, name: str, source: str) -> Unknown:
    return Unknown(Reason(Cause.NOT_COLLECTED, f"{kind} {name}", f"{source} does not say {name} of {kind}"))


def _not_said(kind: str, name: str, source: str) -> Unknown:
    return Unknown(Reason(Cause.NOT_COLLECTED, f"{kind} {name}", f"{source} left out {name} of this resource"))


def unread(kind: str, reason: Reason) -> Mapping[str, Value]:
    """Return the properties of a live resource of which only that it exists is known."""
    names = fields_of(kind) if kind in resource_types() else ()
    return dict.fromkeys(names, Unknown(reason))
