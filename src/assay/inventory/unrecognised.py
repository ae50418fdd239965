"""Stated properties that the published schema does not have: CloudFormation refuses them when it deploys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.errors import nearest
from assay.inventory.resource import Inventory, Position, Resource
from assay.inventory.schema import ANY, Kind, Type, fields_of, resource_types
from assay.inventory.values import Choice, Path, Value


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A property that no resource of this type has, where it stands, and the right name when one is near."""

    resource: str
    path: Path
    position: Position
    message: str


def unrecognised(inventory: Inventory) -> tuple[Unrecognised, ...]:
    """Return every such property of what is declared, in order of place. A live resource has none to mend."""
    declared = (each for each in inventory.resources if not each.origin.observed and each.type in resource_types())
    found = (one for resource in declared for one in _of_resource(resource))
    return tuple(sorted(found, key=lambda each: (each.position, each.resource, str(each.path))))


def _of_resource(resource: Resource) -> Iterator[Unrecognised]:
    seen: set[str] = set()
    for path, known in _strangers(resource.properties, fields_of(resource.type), ()):
        name = ".".join(str(step) for step in path if isinstance(step, str))
        if name not in seen:  # of a list, the first element says it for all
            seen.add(name)
            hint = nearest(str(path[-1]), known)
            message = f"{name} is no property of {resource.type}" + (f"; {hint}" if hint else "")
            yield Unrecognised(resource.id, path, resource.position(path), message)


def _strangers(
    stated: Mapping[str, Value], fields: Mapping[str, Type], path: Path
) -> Iterator[tuple[Path, Mapping[str, Type]]]:
    for key, value in stated.items():
        if key in fields:
            yield from _within(value, fields[key], (*path, key))
        else:
            yield (*path, key), fields


def _within(value: Value, wanted: Type, path: Path) -> Iterator[tuple[Path, Mapping[str, Type]]]:
    if isinstance(value, Choice):
        for _, each in value.options:
            yield from _within(each, wanted, path)
    elif wanted.kind is Kind.OBJECT and wanted.fields and isinstance(value, Mapping):
        yield from _strangers(value, wanted.fields, path)
    elif wanted.kind is Kind.MAP and isinstance(value, Mapping):
        for key, each in value.items():
            yield from _within(each, wanted.items or ANY, (*path, key))
    elif wanted.kind is Kind.LIST and isinstance(value, Sequence) and not isinstance(value, str):
        for index, each in enumerate(value):
            yield from _within(each, wanted.items or ANY, (*path, index))
