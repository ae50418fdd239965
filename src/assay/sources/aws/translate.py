"""What was answered about one item, as the properties of a resource. Nothing is called here."""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assay.inventory.observed import observed
from assay.inventory.resource import Origin, Resource
from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.aws.entry import Call, Entry
from assay.sources.aws.paths import Eyes
from assay.sources.aws.reading import at, leaves, place, read
from assay.sources.aws.unasked import leave_open

_SOURCES = {"aws": "the collector", "cloud_control": "Cloud Control"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A call was answered; `value` is the object that it is about."""

    value: Any


@dataclass(frozen=True, slots=True)
class Settled:
    """There is nothing to ask for, or the service said that there is no such thing: what this amounts to."""

    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Unread:
    """A call was not answered: what it would have given is unknown."""

    reason: Reason


Outcome = Answered | Settled | Unread


@dataclass(frozen=True, slots=True)
class Item:
    """One listed item with all that was asked about it.

    value      As listed, with the description of it added where there is one.
    described  Why the description is missing, if it is.
    outcomes   Of the entry's calls, in their order.
    """

    identifier: str
    value: Any
    outcomes: Sequence[Outcome]
    described: Unread | None = None


def resource(entry: Entry, item: Item, origin: Origin, eyes: Eyes) -> Resource:
    """Return the resource; what was answered in a form that the entry is not written for is unknown."""
    identity = f"{origin.account}/{origin.region}/{entry.type}/{item.identifier}"
    return Resource(identity, entry.type, item.identifier, _properties(entry, item, eyes), origin)


def parts(entry: Entry, item: Item, origin: Origin) -> Iterable[Resource]:
    """Yield what CloudFormation declares apart and the item holds."""
    for each in entry.parts(item.value) if entry.parts and item.described is None else ():
        identity = f"{origin.account}/{origin.region}/{each.type}/{each.id}"
        yield Resource(
            identity, each.type, each.id, observed(each.type, dict(each.properties), _SOURCES[entry.source]), origin
        )


def _properties(entry: Entry, item: Item, eyes: Eyes) -> Mapping[str, Value]:
    found, malformed = read(entry.type, entry, item.value, eyes.find)
    unread_at = list(_malformed(entry.type, malformed))
    if item.described is not None:
        # A row may build an object around what is not there, and a list may give of an object only a part.
        nothing, _ = read(entry.type, entry, {}, eyes.find)
        for path in entry.own:
            value = at(found, path)
            if isinstance(value, dict | list) or value in (None, at(nothing, path)):
                _remove(found, path.split("."))
                unread_at.append((path, item.described.reason))
    for call, outcome in zip(entry.calls, item.outcomes, strict=True):
        match outcome:
            case Answered(value):
                given, malformed = read(entry.type, call, value, eyes.find)
                unread_at += _malformed(entry.type, malformed)
                for path, each in leaves(given, call.gives):
                    place(found, path, each)
            case Settled(properties):
                for path, each in properties.items():
                    place(found, path, copy.deepcopy(each))
            case Unread(reason):
                unread_at += [(path, reason) for path in _owned(entry, call)]
    for path, reason in unread_at:
        _leave_unknown(found, path, reason)
    none = [name for name in entry.optional if name not in found]
    leave_open(entry, found)
    seen = observed(entry.type, found, _SOURCES[entry.source], entry.carried)
    return {name: value for name, value in seen.items() if name not in none}


def _malformed(kind: str, paths: Mapping[str, str]) -> Iterator[tuple[str, Reason]]:
    for path, why in paths.items():
        detail = f"what AWS answered about {path} of {kind} is in a form that is not understood: {why[:200]}"
        yield path, Reason(Cause.MALFORMED, f"{kind} {path}", detail)


def _leave_unknown(found: dict[str, Any], dotted: str, reason: Reason) -> None:
    """Set an unknown at a path, or at the object around it when that is not there: it may be, or not."""
    *outer, last = dotted.split(".")
    for step in outer:
        inner = found.get(step)
        if not isinstance(inner, dict):
            last = step
            break
        found = inner
    found.setdefault(last, Unknown(reason))


def _remove(found: dict[str, Any], steps: Sequence[str]) -> None:
    """Remove what is at a path, and the objects around it that hold nothing else."""
    first, *rest = steps
    inner = found.get(first)
    if rest and isinstance(inner, dict):
        _remove(inner, rest)
    if not rest or inner == {}:
        found.pop(first, None)


@lru_cache(maxsize=4096)
def _prefixes(paths: tuple[str, ...]) -> frozenset[str]:
    return frozenset(".".join(path.split(".")[:length]) for path in paths for length in range(1, path.count(".") + 2))


def _owned(entry: Entry, call: Call) -> Iterable[str]:
    """Yield, for each path that a call gives, the shortest beginning of it that nothing else gives a part of."""
    others = _prefixes((*entry.own, *(path for each in entry.calls if each is not call for path in each.gives)))
    for path in call.gives:
        steps = path.split(".")
        tried = (".".join(steps[:length]) for length in range(1, len(steps) + 1))
        yield next((each for each in tried if each not in others), path)
