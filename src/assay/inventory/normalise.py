"""From what a source declares to an inventory: coerce to the schema, normalise policies, fold parts into owners, relate.

Idempotent, and independent of the order of its input. Every resource given is in the result exactly once; a part that was
folded stays, marked with its owner; a part whose owner is elsewhere adds a fragment of the owner.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assay.errors import Fault, InternalError
from assay.inventory.coerce import coerce
from assay.inventory.resource import Gap, Inventory, Position, Relation, Resource
from assay.inventory.schema import fields_of, resource_types
from assay.inventory.services import FOLDS, table
from assay.inventory.tables import Fold
from assay.inventory.values import Choice, Path, Reference, Unknown, Value

_DEEPEST = 200  # levels of nesting that are searched for references; AWS documents have a dozen


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
    folded = _fold(by_id)
    ordered = tuple(folded[each] for each in sorted(folded))
    return Inventory(
        resources=ordered,
        relations=tuple(relation for each in ordered for relation in relations(each, folded)),
        faults=tuple(sorted(set(faults))),
        gaps=tuple(sorted(set(gaps), key=lambda gap: (gap.subject, gap.reason))),
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
        gaps=tuple(each for one in several for each in one.gaps),
        absent=tuple(sorted({each for one in several for each in one.absent})),
    )


def _coerced(resource: Resource) -> Resource:
    if resource.type not in resource_types():
        return resource
    fields = fields_of(resource.type)
    properties = {
        key: coerce(value, fields[key]) if key in fields else value
        for key, value in resource.properties.items()
        if value is not None
    }
    return replace(resource, properties=properties)


def _fold(by_id: Mapping[str, Resource]) -> dict[str, Resource]:
    """Fold parts into their owners, those that are parts themselves first (a route into its table into its subnet)."""
    result = dict(by_id)
    names = _names(result.values())
    for fold in FOLDS:
        for part in sorted(_unfolded(by_id.values(), fold.source), key=lambda each: each.id):
            for owner_id in _owners(part, fold, names) or ("",):
                _fold_one(result, result[part.id], fold, owner_id)
    return result


def _unfolded(resources: Iterable[Resource], kind: str) -> Iterator[Resource]:
    return (each for each in resources if each.type == kind and not each.fragment and not each.folded_into)


def _fold_one(result: dict[str, Resource], part: Resource, fold: Fold, owner_id: str) -> None:
    owner = result.get(owner_id)
    if owner is None or owner.type != fold.owner:
        if not fold.fragments:
            return
        owner_id = f"{part.id}~{fold.owner}"
        owner = result.get(owner_id) or Resource(
            id=owner_id, type=fold.owner, name=part.name, properties={}, origin=part.origin, fragment=True,
            condition=part.condition,
        )
        owner = _with_part(owner, replace(part, condition=True), fold)
    else:
        owner = _with_part(owner, part, fold)
    result[owner_id] = owner
    if not result[part.id].folded_into:
        result[part.id] = replace(result[part.id], folded_into=owner_id)


def _with_part(owner: Resource, part: Resource, fold: Fold) -> Resource:
    taken: Value = part.properties.get(fold.take) if fold.take else part.properties
    if taken is None:
        return owner
    prefix: Path = (fold.take,) if fold.take else ()
    elements: list[Value] = list(taken) if fold.many and isinstance(taken, list) else [taken]
    held = owner.properties.get(fold.into)
    if not fold.many:
        value, start = _conditional(part, taken), -1
    elif held is None or isinstance(held, list):
        start = len(held or ())
        value = [*(held or ()), *(_conditional(part, each) for each in elements)]
    else:
        return owner  # the owner's own list is unknown: the part cannot make it less so
    positions = dict(owner.positions)
    for path, position in _moved(part, prefix, fold, start, split=fold.many and isinstance(taken, list)):
        positions[path] = position
    return replace(owner, properties={**owner.properties, fold.into: value}, positions=positions)


def _moved(part: Resource, prefix: Path, fold: Fold, start: int, *, split: bool) -> Iterator[tuple[Path, Position]]:
    """Yield the part's positions at their paths within the owner."""
    base: Path = (fold.into,) if start < 0 or split else (fold.into, start)
    if not split:
        yield base, part.position(prefix)
    for path, position in part.positions.items():
        if path[: len(prefix)] == prefix:
            rest = path[len(prefix) :]
            if split and rest and isinstance(rest[0], int):
                rest = (rest[0] + start, *rest[1:])
            if rest or not split:
                yield (*base, *rest), position


def _conditional(part: Resource, value: Value) -> Value:
    """Return the value under the part's condition: absent where the part does not exist."""
    return _under(part.condition, value)


def _under(condition: Value, value: Value) -> Value:
    if isinstance(condition, Choice):
        options = tuple((outcome, _under(each, value)) for outcome, each in condition.options)
        return replace(condition, options=options)
    if isinstance(condition, Unknown):
        return Unknown(condition.reason)
    return value if condition else None


def _names(resources: Iterable[Resource]) -> Mapping[tuple[str, str], str]:
    """Return (type, literal name) → id, for owners that are named in words instead of by reference."""
    found: dict[tuple[str, str], str] = {}
    for each in resources:
        row = table(each.type)
        for key in row.names:
            name = each.properties.get(key)
            if isinstance(name, str) and name:
                found.setdefault((each.type, name), each.id)
    return found


def _owners(part: Resource, fold: Fold, names: Mapping[tuple[str, str], str]) -> Sequence[str]:
    """Return the ids of the owners that the part's key refers to."""
    value = part.properties.get(fold.key)
    values = value if isinstance(value, list) else [value]
    found: dict[str, None] = {}
    for each in values:
        if isinstance(each, Unknown) and each.reference:
            found[each.reference.resource] = None
        elif isinstance(each, str):
            last = each.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
            owner = names.get((fold.owner, each)) or names.get((fold.owner, last))
            if owner:
                found[owner] = None
    return tuple(found)


def relations(resource: Resource, known: Mapping[str, Resource]) -> Iterator[Relation]:
    """Yield every reference in the resource's properties to a known resource."""
    for path, reference in references(resource.properties):
        if reference.resource in known:
            yield Relation(resource.id, path, reference.resource, reference.attribute)


def references(value: Value, path: Path = ()) -> Iterator[tuple[Path, Reference]]:
    """Yield (path, reference) for every reference in a value; of a choice, those of every option."""
    if len(path) > _DEEPEST:
        return
    match value:
        case Unknown(reference=Reference() as reference):
            yield path, reference
        case Choice(options=options):
            for _, each in options:
                yield from references(each, path)
        case Mapping():
            for key, each in value.items():
                yield from references(each, (*path, key))
        case list() | tuple():
            for index, each in enumerate(value):
                yield from references(each, (*path, index))
        case _:
            pass
