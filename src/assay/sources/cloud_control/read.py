"""Files of Cloud Control's answers in, one inventory out.

`get-resource` describes one resource: {"TypeName": …, "ResourceDescription": {"Identifier": …, "Properties": "{…}"}};
several of them may stand in a list, or one per line. `list-resources` names all resources of a type, and may describe
them in part only: {"TypeName": …, "ResourceDescriptions": [{…}, …]}.
https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_ResourceDescription.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay import streams
from assay.errors import Fault
from assay.inventory.normalise import normalise
from assay.inventory.observed import observed, unread, with_parts
from assay.inventory.resource import Gap, Inventory, Origin, Position, Resource
from assay.inventory.values import Cause, Reason, Value

_SOURCE = "Cloud Control"
_TYPE, _ONE, _LIST, _NEXT = "TypeName", "ResourceDescription", "ResourceDescriptions", "NextToken"


@dataclass(frozen=True, slots=True)
class Context:
    """Where the resources are, which their descriptions do not say; "" when nobody said."""

    account: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """One resource. `whole` is False when it was named in a list, which may describe a part of it only."""

    resource: Resource
    whole: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """All resources of a type were named."""

    type: str


def is_outlined(found: streams.Outline) -> bool:
    """Whether the beginning of a file is that of one that holds what Cloud Control says."""
    return _TYPE in found.keys and bool(found.keys & {_ONE, _LIST})


def stream(path: Path, context: Context) -> Iterator[Described | Listed | Gap | Fault]:
    """Yield what a file says, answer by answer; parts are not folded into their owners.

    A fault of the file is the last thing that is yielded of it: what stands before it counts.
    """
    try:
        for element in streams.elements(path, opened=False):
            yield from _answer(element, str(path), context)
    except streams.Broken as broken:
        yield broken.fault


def read(paths: Sequence[Path], context: Context) -> Inventory:
    """Return what the files at `paths` say together; the description of a resource counts more than its name in a list.

    A resource's id is "<account>/<region>/<type>/<identifier>". A broken file is a fault; what it says before it breaks
    is in the inventory.
    """
    found: dict[str, Described] = {}
    listed: set[str] = set()
    faults: list[Fault] = []
    gaps: list[Gap] = []
    for path in {each.resolve(): each for each in paths}.values():
        for each in stream(path, context):
            if isinstance(each, Fault):
                faults.append(each)
            elif isinstance(each, Gap):
                gaps.append(each)
            elif isinstance(each, Listed):
                listed.add(each.type)
            elif each.whole or each.resource.id not in found or not found[each.resource.id].whole:
                found[each.resource.id] = each
    kinds = frozenset(listed)
    resources = [with_parts(each.resource, _SOURCE, kinds) for each in found.values()]
    return normalise(resources, faults=faults, gaps=gaps)


def _answer(element: streams.Element, file: str, context: Context) -> Iterator[Described | Listed | Gap | Fault]:
    answer = element.value if isinstance(element.value, dict) else {}
    kind, one, several = answer.get(_TYPE), answer.get(_ONE), answer.get(_LIST)
    if not isinstance(kind, str) or (not isinstance(one, dict) and not isinstance(several, list)):
        found, expected = json.dumps(element.value, default=str)[:60], f"an object with {_TYPE} and {_ONE}"
        yield Fault(file, element.line, 1, "this is no resource description", found, expected)
        return
    origin = Origin("cloud_control", Position(file, element.line), context.account, context.region)
    descriptions = several if isinstance(several, list) else [one]
    described = [_described(each, kind, origin, whole=one is not None) for each in descriptions]
    yield from described
    if isinstance(several, list) and answer.get(_NEXT):
        detail = f"the list of {kind} goes on: there is a next token"
        yield Gap(f"{context.account}/{context.region}/{kind}", Reason(Cause.NOT_COLLECTED, kind, detail), (kind,))
    elif isinstance(several, list) and not any(isinstance(each, Fault) for each in described):
        yield Listed(kind)


def _described(description: Any, kind: str, origin: Origin, *, whole: bool) -> Described | Fault:
    given = description if isinstance(description, Mapping) else {}
    identifier, properties = given.get("Identifier"), given.get("Properties")
    if not isinstance(identifier, str):
        at = origin.position
        return Fault(at.file, at.line, 1, f"a {kind} without an Identifier", json.dumps(description, default=str)[:60])
    stated = _parsed(properties)
    if stated is None:
        reason = Reason(Cause.MALFORMED, kind, f"what Cloud Control says of {kind} {identifier} is no JSON object")
        values: Mapping[str, Value] = unread(kind, reason)
    else:
        values = observed(kind, stated, _SOURCE, whole=whole)
    identity = f"{origin.account}/{origin.region}/{kind}/{identifier}"
    return Described(Resource(identity, kind, identifier, values, origin), whole)


def _parsed(properties: Any) -> dict[str, Any] | None:
    if isinstance(properties, str):
        try:
            properties = streams.parse(properties)
        except ValueError:
            return None
    return properties if isinstance(properties, dict) else None
