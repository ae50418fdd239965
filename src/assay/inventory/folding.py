"""Folding: parts that are declared apart become properties of their owner, so that one place says what an owner is.

A bucket policy is a property of its bucket, a separate ingress rule one of its group's rules, a route one of its
table's. The rows of `services.FOLDS` say what folds into what; they are applied in order, so that a route is in its
table before the table's routes are given to a subnet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from assay.inventory.naming import Names
from assay.inventory.resource import Position, Resource
from assay.inventory.schema import POLICY, Kind, Type, fields_of
from assay.inventory.services import FOLDS
from assay.inventory.tables import Fold
from assay.inventory.values import Cause, Choice, Path, Reason, Unknown, Value


@dataclass(frozen=True, slots=True)
class _Part:
    """What is folded: the value, the resource that states it, and the path of the value within that resource."""

    value: Value
    stated_by: Resource
    path: Path


def fold(resources: Mapping[str, Resource], parts: dict[str, set[str]] | None = None) -> dict[str, Resource]:
    """Return the resources by id with all parts folded into their owners, and fragments for owners that are elsewhere.

    A part that was folded before (`folded_into`) is not folded again.

    parts  Is told of every owner which resources became, or may have become, parts of it.
    """
    parts = {} if parts is None else parts
    result = dict(resources)
    sources: dict[str, list[Resource]] = defaultdict(list)
    for each in sorted(resources.values(), key=lambda resource: resource.id):
        if not each.folded_into and not each.fragment:
            sources[each.type].append(each)
    names = Names(resources.values() if any(row.source in sources for row in FOLDS) else ())
    for row in FOLDS:
        for source in sources.get(row.source, ()):
            for owner, folded in _fold_source(result, source, row, names):
                parts.setdefault(owner, set()).update(folded)
    return result


def _fold_source(
    result: dict[str, Resource], source: Resource, row: Fold, names: Names
) -> list[tuple[str, tuple[str, str]]]:
    """Fold one part; return (owner, resources that the part is of) for every owner."""
    part = _part(result, source, row, names)
    if part is None:
        return []
    file = source.origin.position.file
    pointers = list(_pointers(_at(source.properties, row.key), source.condition))
    owners = [(found, condition) for value, condition in pointers for found in names.find(value, row.owner, file)]
    owners = [(found, condition) for found, condition in owners if found in result and result[found].type == row.owner]
    possible = list(_possible(source, pointers, row, names, result))
    for owner, condition in [*owners, *possible]:
        result[owner] = _with_part(result[owner], part, condition, row)
    if not owners and row.fragments and not any(_is_owned(value, row, result) for value, _ in pointers):
        owners = [(_add_fragment(result, source, part, row), True)]
    of = (source.id, part.stated_by.id)  # of an association, the route table that it gives to the subnet
    for folded in dict.fromkeys(of) if owners else ():
        if not result[folded].folded_into:
            result[folded] = replace(result[folded], folded_into=owners[0][0])
    return [(owner, of) for owner, _ in (*owners, *possible)]


def _possible(
    source: Resource, pointers: Iterable[tuple[Value, Value]], row: Fold, names: Names, known: Mapping[str, Resource]
) -> Iterator[tuple[str, Value]]:
    """Yield the owners that a part may turn out to have once more is known, and under what.

    More knowledge must not turn a verdict on the owner (law 2), so that it has the part perhaps.
    """
    file = source.origin.position.file
    for value, condition in pointers:
        for found in names.possible(value, row.owner, file):
            if found in known and known[found].type == row.owner:
                detail = f"whether {source.name} is a part of it depends on {_depends_on(value)}"
                yield found, both(condition, Unknown(Reason(Cause.CONDITION, source.name, detail)))


def _depends_on(value: Value) -> str:
    return value.reason.subject if isinstance(value, Unknown) else "its name"


def _is_owned(value: Value, row: Fold, known: Mapping[str, Resource]) -> bool:
    """Whether the value refers to a known resource into which another row folds the source."""
    if not isinstance(value, Unknown) or value.reference is None:
        return False
    target = known.get(value.reference.resource)
    return target is not None and any(each.owner == target.type for each in FOLDS if each.source == row.source)


def _add_fragment(result: dict[str, Resource], source: Resource, part: _Part, row: Fold) -> str:
    fragment_id = f"{source.id}~{row.owner}"
    fragment = result.get(fragment_id) or Resource(
        id=fragment_id,
        type=row.owner,
        name=source.name,
        properties={},
        origin=source.origin,
        condition=source.condition,
        fragment=True,
    )
    result[fragment_id] = _with_part(fragment, part, True, row)
    return fragment_id


def _part(known: Mapping[str, Resource], source: Resource, row: Fold, names: Names) -> _Part | None:
    """Return what the source contributes; None when it says nothing."""
    if row.follow:
        pointed = names.find(source.properties.get(row.follow), row.followed, source.origin.position.file)
        found = known.get(pointed[0]) if pointed else None
        if found is None:
            detail = f"{row.follow} of {source.name} refers to something outside of what was read"
            return _Part(Unknown(Reason(Cause.ELSEWHERE, source.name, detail)), source, (row.follow,))
        return _Part(found.properties.get(row.take, []), found, (row.take,))
    if row.take:
        taken = source.properties.get(row.take)
        return None if taken is None else _Part(taken, source, (row.take,))
    shape = fields_of(row.owner).get(row.into)
    kept = _keys_of(shape, row)
    return _Part({key: each for key, each in source.properties.items() if kept is None or key in kept}, source, ())


def _keys_of(shape: Type | None, row: Fold) -> frozenset[str] | None:
    """Return the properties of the source that the owner's schema knows of; None for all."""
    element = shape.items if shape and shape.kind is Kind.LIST else shape
    if element is None or element.kind is not Kind.OBJECT:
        return None
    return frozenset(element.fields) - {row.key}


def _at(properties: Mapping[str, Value], dotted: str) -> Value:
    found: Value = properties
    for step in dotted.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _pointers(value: Value, condition: Value) -> Iterator[tuple[Value, Value]]:
    """Yield every value that says which owner is meant, and the condition under which it does."""
    match value:
        case None:
            return
        case Choice(options=options):
            for outcome, each in options:
                only = replace(value, options=tuple((other, other == outcome) for other, _ in options))
                yield from _pointers(each, both(condition, only))
        case list() | tuple():
            for each in value:
                yield from _pointers(each, condition)
        case _:
            yield value, condition


def _with_part(owner: Resource, part: _Part, condition: Value, row: Fold) -> Resource:
    held = owner.properties.get(row.into)
    if row.many:
        value, start, split = _appended(held, part.value, condition)
        base: Path = (row.into,) if split else (row.into, start)
    else:
        value, start, split = overlaid(held, under(condition, part.value), owner.name, row.into), 0, False
        base = (row.into,)
    positions = {**owner.positions, **dict(_moved(part, base, start, split=split))} if start >= 0 else owner.positions
    if row.into not in {path[0] for path in positions}:
        positions = {**positions, (row.into,): part.stated_by.position(part.path)}
    return replace(owner, properties={**owner.properties, row.into: value}, positions=positions)


def _appended(held: Value, value: Value, condition: Value) -> tuple[Value, int, bool]:
    """Return the owner's list with the part added, the index of what was added, and whether it was itself a list.

    The index is -1 when elements have no fixed one. A list that is unknown is one unknown element that may be absent.
    """
    if isinstance(value, list | tuple):
        added: list[Value] = [under(condition, each) for each in value]
        split = True
    elif isinstance(value, Unknown) and value.reason.cause is Cause.ELSEWHERE and held is None and condition is True:
        return value, -1, False
    else:
        added, split = [under(condition, value)], False
    if isinstance(held, Choice):
        options = tuple((outcome, _appended(each, added, True)[0]) for outcome, each in held.options)
        return replace(held, options=options), -1, split
    if isinstance(held, Unknown):
        rest = replace(held, present=False, parts=(), reference=None)
        return [rest, *added], 1, split
    if isinstance(held, list | tuple):
        return [*held, *added], len(held), split
    return added, 0, split


def _moved(part: _Part, base: Path, start: int, *, split: bool) -> Iterator[tuple[Path, Position]]:
    """Yield the part's positions at their paths within the owner."""
    if not split:
        yield base, part.stated_by.position(part.path)
    length = len(part.path)
    for path, position in part.stated_by.positions.items():
        if path[:length] != part.path or len(path) == length:
            continue
        first, *rest = path[length:]
        if not split:
            yield (*base, first, *rest), position
        elif isinstance(first, int):
            yield (*base, first + start, *rest), position


def under(condition: Value, value: Value) -> Value:
    """Return the value under a condition: absent where that is false."""
    if condition is True:
        return value
    if isinstance(condition, Choice):
        return replace(condition, options=tuple((outcome, under(each, value)) for outcome, each in condition.options))
    return Unknown(condition.reason) if isinstance(condition, Unknown) else None


def both(left: Value, right: Value) -> Value:
    """Return the condition that holds where both do."""
    joined = under(left, right)
    return False if joined is None else joined


def overlaid(held: Value, value: Value, owner: str, into: str) -> Value:
    """Return a property that two parts state: the one that is present; both statements of two policies."""
    if value is None or held is None:
        return held if value is None else value
    if isinstance(held, Unknown) and held.reason.cause is Cause.NOT_COLLECTED:
        return value  # what the owner's description did not say
    if isinstance(value, Choice):
        options = tuple((outcome, overlaid(held, each, owner, into)) for outcome, each in value.options)
        return replace(value, options=options)
    if isinstance(held, Choice):
        options = tuple((outcome, overlaid(each, value, owner, into)) for outcome, each in held.options)
        return replace(held, options=options)
    if isinstance(held, Mapping) and isinstance(value, Mapping) and (statements := _statements(held, value)):
        return {**held, "Statement": statements}
    if held == value:
        return held
    detail = f"two resources state {into} of {owner}, and the one that is deployed last wins"
    return Unknown(Reason(Cause.CONDITION, f"{owner} {into}", detail), present=True)


def _statements(*documents: Mapping[str, Value]) -> list[Value]:
    """Return the statements of several policies; [] when one of them is none, or its statements are not known."""
    found: list[Value] = []
    for each in documents:
        statements = each.get("Statement")
        if not isinstance(statements, list) or not each.keys() <= POLICY.fields.keys():
            return []
        found += statements
    return found
