"""Resources of Terraform that are properties in CloudFormation: a bucket's versioning, a policy attached to a role.

They become properties of their owner before anything is folded, and stay in the inventory marked with their owner. One
whose owner is declared elsewhere makes a fragment of the owner's type. One whose owner is not known yet may belong to
any resource of that type in the plan: what the part would state of them is unknown, unless another part states it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.inventory.naming import Names
from assay.inventory.resource import Resource
from assay.inventory.services import FOLDS
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
    doubtful: dict[str, dict[str, Part]] = defaultdict(dict)  # type of owner → property → a part that may state it
    stated: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        owner = _owner(part, names, found)
        if owner is None and not part.entry.fragments:
            continue
        if owner is None:
            fragment = _fragment(part)
            marked[fragment.id] = fragment
            if _may_be_any(part, called):
                for name in part.states:
                    doubtful[part.entry.type].setdefault(name, part)
        else:
            found[owner] = _with(found[owner], part)
            stated[owner] |= part.states.keys()
        into = f"{part.resource.id}~{part.entry.type}" if owner is None else owner
        if part.resource.id not in found:
            marked.setdefault(part.resource.id, replace(part.resource, folded_into=into))
    for owner, resource in found.items():
        if doubts := doubtful.get(resource.type):
            found[owner] = _in_doubt(resource, doubts, stated[owner])
    return [*_doubted(found), *marked.values()]


def _owner(part: Part, names: Names, known: Mapping[str, Resource]) -> str | None:
    found = names.find(part.owner, part.entry.type, part.resource.origin.position.file)
    return found[0] if len(found) == 1 and found[0] in known and known[found[0]].type == part.entry.type else None


def _doubted(resources: Mapping[str, Resource]) -> Iterator[Resource]:
    """Yield the resources; what a part states that may belong to any of them is in doubt."""
    doubts = {row: part for row in FOLDS if not row.follow for part in _homeless(resources, row)}
    if not doubts:
        yield from resources.values()
        return
    names = Names(resources.values())
    certain = {(row.into, owner) for row in doubts for owner in _certain(resources, row, names)}
    for resource in resources.values():
        properties = dict(resource.properties)
        for row, part in doubts.items():
            if row.owner == resource.type and row.many:
                properties[row.into] = _added(properties.get(row.into), [_doubt(part)])
            elif row.owner == resource.type and (row.into, resource.id) not in certain:
                properties[row.into] = _doubt(part)
        yield replace(resource, properties=properties)


def _homeless(resources: Mapping[str, Resource], row: Fold) -> Iterator[Resource]:
    """Yield the resources that a row folds and that may belong to anybody."""
    for each in resources.values():
        key = each.properties.get(row.key) if each.type == row.source else None
        if isinstance(key, Unknown) and key.reference is None and key.reason.cause is Cause.AFTER_APPLY:
            yield each


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
