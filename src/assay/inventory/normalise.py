"""From what a source declares to an inventory: coerce to the schema, fold parts into their owners, relate.

Idempotent, and independent of the order of its input. Every resource given is in the result exactly once; a part that
was folded stays, marked with its owner; a part whose owner is elsewhere adds a fragment of the owner.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assay.errors import Fault, InternalError
from assay.inventory.coerce import DEEPEST, coerce
from assay.inventory.folding import fold
from assay.inventory.resource import Gap, Inventory, Relation, Resource
from assay.inventory.schema import ANY, Type, fields_of, resource_types
from assay.inventory.values import Choice, Path, Reference, Unknown, Value, to_json


def normalise(
    resources: Iterable[Resource],
    *,
    faults: Iterable[Fault] = (),
    gaps: Iterable[Gap] = (),
    absent: Iterable[tuple[str, str]] = (),
) -> Inventory:
    """Return the inventory of what a source declared. Raises InternalError when two resources have one id."""
    coerced = [_coerced(each) for each in resources]
    by_id = {each.id: each for each in coerced}
    if len(by_id) != len(coerced):
        raise InternalError("two resources have one id")
    folded = fold(by_id)
    ordered = tuple(folded[each] for each in sorted(folded))
    return Inventory(
        resources=ordered,
        relations=tuple(relation for each in ordered for relation in relations(each, folded)),
        faults=tuple(sorted(set(faults))),
        gaps=_sorted_gaps(gaps),
        absent=tuple(sorted(set(absent))),
    )


def merge(inventories: Iterable[Inventory]) -> Inventory:
    """Return one inventory of several whose resources are distinct. Raises InternalError when they are not."""
    several = list(inventories)
    resources = sorted((each for one in several for each in one.resources), key=lambda each: each.id)
    if len({each.id for each in resources}) != len(resources):
        raise InternalError("two inventories hold one resource")
    return Inventory(
        resources=tuple(resources),
        relations=tuple(each for one in several for each in one.relations),
        faults=tuple(sorted({each for one in several for each in one.faults})),
        gaps=_sorted_gaps(each for one in several for each in one.gaps),
        absent=tuple(sorted({each for one in several for each in one.absent})),
    )


def configuration_digest(resource: Resource) -> str:
    """Return the SHA-256, in hexadecimal, of what decides a verdict about the resource: not where it was said.

    Over JSON with sorted keys and no spaces of: type, properties, condition, attributes and whether it is a fragment.
    """
    stated = {
        "attributes": to_json(resource.attributes),
        "condition": to_json(resource.condition),
        "fragment": resource.fragment,
        "properties": to_json(resource.properties),
        "type": resource.type,
    }
    text = json.dumps(stated, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _sorted_gaps(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    return tuple(sorted(set(gaps), key=lambda gap: (gap.subject, gap.reason)))


def _coerced(resource: Resource) -> Resource:
    fields: Mapping[str, Type] = fields_of(resource.type) if resource.type in resource_types() else {}
    return replace(
        resource,
        properties=_absent_left_out(resource.properties, fields),
        condition=coerce(resource.condition, ANY),
        attributes=_absent_left_out(resource.attributes, {}),
    )


def _absent_left_out(properties: Mapping[str, Value], fields: Mapping[str, Type]) -> dict[str, Value]:
    return {key: coerce(value, fields.get(key, ANY)) for key, value in properties.items() if value is not None}


def relations(resource: Resource, known: Mapping[str, Resource]) -> Iterator[Relation]:
    """Yield every reference in the resource's properties to another known resource."""
    for path, reference in references(resource.properties):
        if reference.resource in known and reference.resource != resource.id:
            yield Relation(resource.id, path, reference.resource, reference.attribute)


def references(value: Value, path: Path = (), depth: int = 0) -> Iterator[tuple[Path, Reference]]:
    """Yield (path, reference) for every reference in a value; of a choice, those of every option."""
    if depth > 2 * DEEPEST:  # folding nests one bounded value in another
        return
    match value:
        case Unknown(reference=Reference() as reference):
            yield path, reference
        case Choice(options=options):
            for _, each in options:
                yield from references(each, path, depth + 1)
        case Mapping():
            for key, each in value.items():
                yield from references(each, (*path, key), depth + 1)
        case list() | tuple():
            for index, each in enumerate(value):
                yield from references(each, (*path, index), depth + 1)
        case _:
            pass
