"""Which resource a value means: a reference, the literal name or ARN of it, or the same unknown that is its name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay.inventory.identity import GLOBAL
from assay.inventory.resource import Resource
from assay.inventory.schema import resource_schema, resource_types
from assay.inventory.services import table
from assay.inventory.values import Cause, Choice, Unknown, Value

_SAME_WHEN_EQUAL = (Cause.PARAMETER, Cause.ENVIRONMENT, Cause.IMPORT)  # two uses of one of these are one value
_ASSIGNED = re.compile(r"[a-z]+-([0-9a-f]{8}|[0-9a-f]{17})")
"""Ids that EC2 gives: no two regions have one of them."""


class Names:
    """The resources of an inventory by what others call them."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = sorted(resources, key=lambda resource: resource.id)
        self._by_name: dict[tuple[str, Value], list[Resource]] = defaultdict(list)
        self._pointing: dict[tuple[str, str, str], _Pointing] = {}
        self._of_type: dict[str, list[Resource]] = defaultdict(list)
        self._named: dict[str, list[tuple[Value, Resource]]] = defaultdict(list)
        self._half_named: dict[str, list[tuple[Value, Resource]]] = defaultdict(list)
        self._places: dict[str, set[tuple[str, str]]] = defaultdict(set)  # of what was seen to exist, by file
        for each in self._resources:
            if each.origin.observed:
                self._places[each.origin.position.file].add((each.origin.account, each.origin.region))
            self._of_type[each.type].append(each)
            for name in _names_of(each):
                self._by_name[each.type, name].append(each)
                self._named[each.type].append((name, each))
                if isinstance(name, Unknown):
                    self._half_named[each.type].append((name, each))

    def find(self, value: Value, kind: str, file: str) -> tuple[str, ...]:
        """Return the id of the resource that a value stated in `file` means; () for none, or when it is ambiguous.

        What a reference leads to is returned whatever its type; a name means a resource of type `kind`.
        """
        if isinstance(value, Unknown):
            if value.reference:
                return (value.reference.resource,)
            found = self._by_name.get((kind, value), []) if _is_comparable(value) else []
            return _only(each for each in found if each.origin.position.file == file)
        if not isinstance(value, str):
            return ()
        found = self._by_name.get((kind, value)) or [
            each for each in self._by_name.get((kind, _last(value)), ()) if _may_be(value, each)
        ]
        near = _only(each for each in found if each.origin.position.file == file)
        return near or _only(each for each in found if self._is_in_reach(value, each, file))

    def _is_in_reach(self, name: str, found: Resource, file: str) -> bool:
        """Whether a name stated in `file` can mean a resource that exists in another account or region.

        What people call a thing counts within its account and region, and what is called so there was perhaps not read.
        """
        if not found.origin.observed or name.startswith("arn:") or found.type == "AWS::S3::Bucket":
            return True
        if found.type.startswith("AWS::EC2::") and _ASSIGNED.fullmatch(name):
            return True
        there = (found.origin.account, found.origin.region)
        return all(
            here == there or (here[0] == there[0] and GLOBAL in (here[1], there[1]))
            for here in self._places.get(file, ())
        )

    def possible(self, value: Value, kind: str, file: str) -> tuple[str, ...]:
        """Return the ids of the resources of a type that a value may mean once more is known; () when that is decided.

        A resource whose name is not stated gets one when it is deployed, which nobody can have known before.
        """
        if not isinstance(value, Unknown | str) or self.find(value, kind, file):
            return ()
        if isinstance(value, Unknown) and value.reason.cause is Cause.AFTER_APPLY:
            return ()  # whoever reads a plan says so of each that it may be: the plan knows more than names
        named = self._named[kind] if isinstance(value, Unknown) else self._half_named[kind]
        return tuple(dict.fromkeys(each.id for name, each in named if may_be_equal(value, name)))

    def pointing(self, kind: str, field: str, target: Resource) -> tuple[Resource, ...]:
        """Return the resources of a type that refer, or may refer, to the target by a property; in order of id."""
        key = (kind, field, target.type)
        known = self._pointing.get(key)
        if known is None:
            known = self._pointing[key] = self._all_pointing(*key)
        certain = known.by_target.get(target.id, {})
        if not known.doubtful:
            return tuple(certain.values())
        return tuple(each for _, each in sorted({**certain, **known.doubtful}.items()))

    def _all_pointing(self, kind: str, field: str, target_type: str) -> "_Pointing":
        by_target: dict[str, dict[str, Resource]] = defaultdict(dict)
        doubtful: dict[str, Resource] = {}
        for each in self._of_type[kind]:
            for pointer in pointers(each.properties.get(field)):
                for option in _options(pointer):
                    found = self.find(option, target_type, each.origin.position.file)
                    for target in found:
                        by_target[target][each.id] = each
                    if isinstance(option, Unknown) and not found:
                        doubtful[each.id] = each
        return _Pointing(by_target, doubtful)


@dataclass(frozen=True, slots=True)
class _Pointing:
    """The resources of one type by whom they refer to with one property, and those of which that is not known."""

    by_target: Mapping[str, Mapping[str, Resource]]
    doubtful: Mapping[str, Resource]


def pointers(value: Value, *, within: bool = False) -> Iterator[Value]:
    """Yield what in a property's value may mean a resource: itself, or its elements; deeper down references only."""
    match value:
        case None:
            return
        case list() | tuple():
            for each in value:
                yield from pointers(each, within=within)
        case Mapping():
            for each in value.values():
                yield from pointers(each, within=True)
        case Unknown(reference=reference):
            if reference or not within:
                yield value
        case Choice() if within:
            if any(isinstance(each, Unknown) and each.reference for each in _options(value)):
                yield value
        case _:
            if not within:
                yield value


def _options(value: Value) -> Iterator[Value]:
    """Yield the values that a pointer may be."""
    if isinstance(value, Choice):
        for _, each in value.options:
            for pointer in pointers(each):
                yield from _options(pointer)
    else:
        yield value


def _names_of(resource: Resource) -> Iterator[Value]:
    """Yield the values of the properties by which others call the resource."""
    for key in naming_properties(resource.type):
        name = resource.properties.get(key)
        if (isinstance(name, str) and name) or _is_comparable(name):
            yield name


@lru_cache(maxsize=4096)
def naming_properties(kind: str) -> tuple[str, ...]:
    """Return the properties by whose values others call a resource of a type."""
    identifier = resource_schema(kind).primary_identifier if kind in resource_types() else ()
    alone = identifier if len(identifier) == 1 else ()
    return tuple(sorted({*table(kind).names, *alone, "Arn"}))


def _is_comparable(value: Value) -> bool:
    return isinstance(value, Unknown) and value.reason.cause in _SAME_WHEN_EQUAL and not value.reference


def _only(found: Iterable[Resource]) -> tuple[str, ...]:
    ids = tuple({each.id: None for each in found})
    return ids if len(ids) == 1 else ()


def _may_be(arn: str, resource: Resource) -> bool:
    """Whether an ARN can be the resource's: not when both say which account or region they are in, and differ."""
    if not arn.startswith("arn:"):
        return True
    _, _, _, region, account, *_ = [*arn.split(":"), "", "", "", ""]
    origin = resource.origin
    return (not account or not origin.account or account == origin.account) and (
        not region or not origin.region or region == origin.region
    )


def may_be_equal(left: Value, right: Value) -> bool:
    """Whether two names, of which parts may be unknown, can turn out to be the same; an ARN may end in any name."""
    (before, after), (other_before, other_after) = _ends(left), _ends(right)
    if before.startswith(_PATHS) or other_before.startswith(_PATHS):
        return True
    heads, tails = sorted((before, other_before), key=len), sorted((after, other_after), key=len)
    return heads[1].startswith(heads[0]) and tails[1].endswith(tails[0])


def _ends(name: Value) -> tuple[str, str]:
    """Return how a name begins and ends for certain."""
    if isinstance(name, str):
        return name, name
    return (name.parts[0], name.parts[-1]) if isinstance(name, Unknown) and name.parts else ("", "")


# Of an ARN, a URL, and the resource ids of Application Auto Scaling: table/orders, service/main/web.
_PATHS = ("arn:", "https:", "table/", "service/")


def _last(path: str) -> str:
    """Return the name at the end of a path that names a resource; "" when the text is no such path."""
    return path.rsplit("/", 1)[-1].rsplit(":", 1)[-1] if path.startswith(_PATHS) else ""
