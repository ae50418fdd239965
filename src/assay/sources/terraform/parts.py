"""Resources of Terraform that are properties in CloudFormation: a bucket's versioning, a policy attached to a role.

They become properties of their owner before anything is folded, and stay in the inventory marked with their owner. One
whose owner is declared elsewhere makes a fragment of the owner's type. One whose owner is not known yet may belong to
any resource of that type in the plan: what the part would state of them is unknown, unless another part states it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.inventory.naming import Names
from assay.inventory.resource import Resource
from assay.inventory.schema import resource_schema, resource_types
from assay.inventory.services import FOLDS, table
from assay.inventory.tables import Fold
from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.terraform.mapping import Entry


@dataclass(frozen=True, slots=True)
class Part:
    """A resource that states properties of another.

    resource  As it stays in the inventory: without properties of its own, because its type has no schema.
    states    Properties of the owner.
    owner     What says whose part it is.
    """

    resource: Resource
    entry: Entry
    states: Mapping[str, Value]
    owner: Value


def joined(resources: Iterable[Resource], parts: Sequence[Part]) -> list[Resource]:
    """Return the resources with the parts in their owners, fragments of other owners, and the parts, marked."""
    found = {each.id: each for each in resources}
    names = Names(found.values())
    called = _texts_by_type(found.values())
    marked: dict[str, Resource] = {}
    doubtful: dict[tuple[str, bool], dict[str, Part]] = defaultdict(dict)  # (type, whether anybody's) → property → part
    stated: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        owner = _owner(part, names, found)
        if owner is None and not part.entry.fragments:
            continue
        if owner is None:
            fragment = _fragment(part)
            marked[fragment.id] = fragment
            anybody = _may_be_any(part, called)
            if anybody or _is_name(part.owner):
                for name in part.states:
                    doubtful[part.entry.type, anybody].setdefault(name, part)
        else:
            found[owner] = _with(found[owner], part)
            stated[owner] |= part.states.keys()
        into = f"{part.resource.id}~{part.entry.type}" if owner is None else owner
        if part.resource.id not in found:
            marked.setdefault(part.resource.id, replace(part.resource, folded_into=into))
    for owner, resource in found.items():
        doubts = doubtful.get((resource.type, True), {})
        if nameless := doubtful.get((resource.type, False)):
            doubts = {**nameless, **doubts} if _is_nameless(resource) else doubts
        if doubts:
            found[owner] = _in_doubt(resource, doubts, stated[owner])
    return [*_doubted(found), *marked.values()]


def _owner(part: Part, names: Names, known: Mapping[str, Resource]) -> str | None:
    found = names.find(part.owner, part.entry.type, part.resource.origin.position.file)
    return found[0] if len(found) == 1 and found[0] in known and known[found[0]].type == part.entry.type else None


def _doubted(resources: Mapping[str, Resource]) -> Iterator[Resource]:
    """Yield the resources; what a part that folds states, and that may belong to any of them, is in doubt."""
    names = Names(resources.values())
    nameless = {each.id for each in resources.values() if _is_nameless(each)}
    doubts = [(row, *each) for row in FOLDS if not row.follow for each in _homeless(resources, row, names, nameless)]
    if not doubts:
        yield from resources.values()
        return
    certain = {(row.into, owner) for row, _, _ in doubts for owner in _certain(resources, row, names)}
    for resource in resources.values():
        properties = dict(resource.properties)
        for row, part, anybody in doubts:
            if row.owner != resource.type or not (anybody or resource.id in nameless):
                continue
            if row.many:
                properties[row.into] = _added(properties.get(row.into), [_doubt(part)])
            elif (row.into, resource.id) not in certain:
                properties[row.into] = _doubt(part)
        yield replace(resource, properties=properties)


def _homeless(
    resources: Mapping[str, Resource], row: Fold, names: Names, nameless: set[str]
) -> Iterator[tuple[Resource, bool]]:
    """Yield a resource that a row folds and that may belong to anybody, and one that may to whom has no name yet."""
    found: dict[bool, Resource] = {}
    for each in resources.values():
        key = each.properties.get(row.key) if each.type == row.source else None
        for value in key if isinstance(key, list) else [key]:
            if isinstance(value, Unknown) and value.reference is None and value.reason.cause is Cause.AFTER_APPLY:
                found.setdefault(True, each)
            elif nameless and _is_name(value) and not names.find(value, row.owner, each.origin.position.file):
                found.setdefault(False, each)
    yield from ((part, anybody) for anybody, part in found.items())


# Identifiers that AWS makes: what does not exist yet has none.
_MADE = re.compile(r"[a-z]{1,12}-[0-9a-f]{8,17}")


def _is_name(value: Value) -> bool:
    return isinstance(value, str) and bool(value) and not _MADE.fullmatch(value)


def _is_nameless(resource: Resource) -> bool:
    """Whether a resource has a name that is stated, and not known yet."""
    schema = resource_schema(resource.type) if resource.type in resource_types() else None
    identifier = schema.primary_identifier if schema is not None and len(schema.primary_identifier) == 1 else ()
    values = (resource.properties.get(each) for each in (*table(resource.type).names, *identifier))
    return any(isinstance(each, Unknown) and each.reference is None for each in values)


def _certain(resources: Mapping[str, Resource], row: Fold, names: Names) -> Iterator[str]:
    for each in resources.values():
        if each.type == row.source:
            yield from names.find(each.properties.get(row.key), row.owner, each.origin.position.file)


def _doubt(part: Resource) -> Unknown:
    detail = f"{part.name} may state it: whose part that is, is known after apply"
    return Unknown(Reason(Cause.AFTER_APPLY, part.name, detail))


def _may_be_any(part: Part, called: Mapping[str, set[str]]) -> bool:
    """Whether the part may belong to a resource of the plan: nobody knows yet, or several have the name."""
    if isinstance(part.owner, Unknown):
        return part.owner.reference is None
    return isinstance(part.owner, str) and part.owner in called.get(part.entry.type, set())


def _texts_by_type(resources: Iterable[Resource]) -> Mapping[str, set[str]]:
    """Return the texts that resources of each type state of themselves: what they may be called."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in resources:
        found[each.type].update(value for value in each.properties.values() if isinstance(value, str))
    return found


def _fragment(part: Part) -> Resource:
    own = part.resource
    return replace(
        own,
        id=f"{own.id}~{part.entry.type}",
        type=part.entry.type,
        properties=dict(part.states),
        fragment=True,
        positions={(name,): own.origin.position for name in part.states},
    )


def _with(owner: Resource, part: Part) -> Resource:
    properties, positions = dict(owner.properties), dict(owner.positions)
    for name, value in part.states.items():
        held = properties.get(name)
        if name in part.entry.adds:
            properties[name] = _added(held, value)
        elif isinstance(held, Mapping) and isinstance(value, Mapping):
            properties[name] = {**held, **value}
        else:
            properties[name] = value
        positions[(name,)] = part.resource.origin.position
    return replace(owner, properties=properties, positions=positions)


def _added(held: Value, value: Value) -> Value:
    before = held if isinstance(held, list) else [] if held is None else [held]
    return [*before, *(value if isinstance(value, list) else [value])]


def _in_doubt(owner: Resource, doubts: Mapping[str, Part], stated: set[str]) -> Resource:
    properties = dict(owner.properties)
    for name, part in doubts.items():
        if name in part.entry.adds:
            properties[name] = _added(properties.get(name), [_doubt(part.resource)])
        elif name not in stated:
            properties[name] = _doubt(part.resource)
    return replace(owner, properties=properties)
