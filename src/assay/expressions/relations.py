"""The functions that walk from one resource to another; they need the inventory, unlike all other functions."""

from collections.abc import Mapping, Sequence

from assay.inventory.resource import Inventory
from assay.inventory.schema import Kind, Type, list_of
from assay.inventory.values import Cause, Reason, Unknown, Value

RELATIONS = {"target": 2, "targets": 2, "referrers": 3}  # name → number of arguments, the subject included


def relation_type(name: str, resource_type: str) -> Type:
    """Return the type of a relation's result."""
    one = Type(Kind.OBJECT, name=resource_type)
    return one if name == "target" else list_of(one)


def target(inventory: Inventory | None, value: Value, wanted: str) -> tuple[str, Value]:
    """Return (id, properties) of the resource that a value refers to; ("", unknown) when it is not in the inventory."""
    if isinstance(value, Unknown) and value.reference:
        found = inventory.by_id.get(value.reference.resource) if inventory else None
        if found is not None and found.type == wanted:
            return found.id, found.properties
    if isinstance(value, str) and inventory and value:
        last = value.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        for each in inventory.of_type(wanted):
            if value in (each.id, each.name) or last == each.name:
                return each.id, each.properties
    if isinstance(value, Unknown):
        return "", Unknown(value.reason)
    said = f"the {wanted} that {str(value)[:80] or 'nothing'} names is not among the resources given"
    return "", Unknown(Reason(Cause.ELSEWHERE, wanted, said))


def referrers(
    inventory: Inventory | None, resource: str, wanted: str, field: str
) -> Sequence[tuple[str, Mapping[str, Value]]]:
    """Return (id, properties) of the resources of a type that refer to the resource by a property."""
    if inventory is None:
        return ()
    return [
        (relation.source, inventory.by_id[relation.source].properties)
        for relation in inventory.relations
        if relation.target == resource
        and relation.path[:1] == (field,)
        and inventory.by_id[relation.source].type == wanted
    ]
