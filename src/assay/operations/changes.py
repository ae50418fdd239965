"""Who changed what is not as declared: the recorded events that wrote to these resources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assay.assessment.changes import By, Change, Changes
from assay.assessment.drift import Found
from assay.assessment.joining import names_of
from assay.inventory.identity import GLOBAL, is_global
from assay.inventory.resource import Resource
from assay.permissions.globs import Glob, glob
from assay.permissions.recorded.requests import caller_of
from assay.permissions.recorded.resources import partition_of
from assay.permissions.replay import is_denied
from assay.sources import cloudtrail
from assay.sources.cloudtrail.channel import channel_of, is_own_doing

KEPT: Final = 20  # of each resource, the latest
_DEEPEST: Final = 4


@dataclass(frozen=True)
class Roles:
    """Patterns of the ARNs of roles, as organisation.yaml names them."""

    pipeline: tuple[str, ...] = ()
    break_glass: tuple[str, ...] = ()

    def by(self, event: cloudtrail.Event) -> By:
        """Return who an event is by."""
        if is_own_doing(event):
            return By.SERVICE
        name = event.identity.issuer or event.identity.arn
        if any(each.matches(name) for each in _globs(self.break_glass)):
            return By.BREAK_GLASS
        return By.PIPELINE if any(each.matches(name) for each in _globs(self.pipeline)) else By.OTHER


def _globs(patterns: Iterable[str]) -> Iterator[Glob]:
    return (glob(each) for each in patterns)


def changes(paths: Sequence[Path], of: Iterable[Found], roles: Roles) -> Changes:
    """Return who changed these resources. Raises UsageError for a path without files of a trail."""
    wanted = _wanted(of)
    result = Changes()
    found: dict[str, set[Change]] = defaultdict(set)
    for path in cloudtrail.find(paths) if paths else ():
        for event in cloudtrail.events(path, result.reading):
            result.events += 1
            result.first = min(filter(None, (result.first, event.time)), default="")
            result.last = max(result.last, event.time)
            for identity in _touched(event, wanted):
                mine = found[identity]
                mine.add(_change(event, roles))
                if len(mine) > KEPT:
                    mine.discard(min(mine))
    result.found = {identity: sorted(each, reverse=True) for identity, each in found.items()}
    return result


_Wanted = Mapping[tuple[str, str], Sequence[tuple[str, str]]]


def _wanted(of: Iterable[Found]) -> _Wanted:
    """Return (account, name) → (region, "" for any; id of the resource)."""
    wanted: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for each in of:
        for resource in (each.live, each.declared):
            for name in _called(resource) if resource is not None else ():
                assert resource is not None
                region = "" if is_global(resource.type) else resource.origin.region.replace(GLOBAL, "")
                wanted[resource.origin.account, name].append((region, each.resource.id))
    return wanted


def _called(resource: Resource) -> set[str]:
    names = set(names_of(resource))
    return names | {resource.name} if resource.origin.source not in ("cloudformation", "terraform") else names


def _touched(event: cloudtrail.Event, wanted: _Wanted) -> set[str]:
    """Return the ids of the wanted resources that an event wrote to."""
    if event.read_only or is_denied(event.error) or event.name.startswith(("Get", "List", "Describe", "Head")):
        return set()
    found = set()
    for text in {*_texts(event.request), *_texts(event.response), *(each.arn for each in event.touched)}:
        for name in {text, text.rpartition("/")[2]} if text.startswith("arn:") else {text}:
            for region, identity in wanted.get((event.account, name), ()):
                if region in ("", event.region):
                    found.add(identity)
    return found


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts in what an event says of its request or answer, those that can be names."""
    if isinstance(value, str):
        if len(value) <= 2048:
            yield value
    elif depth < _DEEPEST and isinstance(value, (dict, Mapping)):
        for each in value.values():
            yield from _texts(each, depth + 1)
    elif depth < _DEEPEST and isinstance(value, list):
        for each in value:
            yield from _texts(each, depth + 1)


def _change(event: cloudtrail.Event, roles: Roles) -> Change:
    who = caller_of(event.identity, partition_of(event.region))
    name = str(who[0]) if who else event.identity.arn or event.identity.type or "not recorded"
    action = f"{event.source.partition('.')[0]}:{event.name}"
    return Change(event.time, event.id, action, name, roles.by(event), channel_of(event))
