"""The tables, held to the published schemas: what they name exists, and values of the provider's shapes fit there."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from assay.inventory.coerce import coerce
from assay.inventory.schema import ANY, POLICY, Kind, Type, fields_of, resource_schema, resource_types
from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.terraform.attributes import Attributes
from assay.sources.terraform.mapping import HERE, LEFT, Entry, Turned
from assay.sources.terraform.plan import Planned
from assay.sources.terraform.services import ENTRIES, TABLES
from assay.sources.terraform.translate import by_name, translate

_ALL = [entry for table in TABLES for entry in table]
_IDS = [f"{entry.terraform}-{entry.type}" for entry in _ALL]


def _at(kind: Type | None, dotted: str) -> Type | None:
    for step in dotted.split(".") if dotted else ():
        if kind is None or kind.kind is Kind.ANY:
            return kind
        kind = kind.fields.get(step)
    return kind


def _inner(kind: Type | None) -> Type | None:
    """The type of the object that a block becomes: of a list, that of its elements."""
    return kind.items if kind is not None and kind.kind is Kind.LIST else kind


def _of_block(entry: Entry, path: str) -> Type | None:
    """The type of the object that the attributes of a block belong to; None for a block that has no place."""
    if not path:
        return _at(resource_schema(entry.type).properties, entry.within)
    parent, _, name = path.rpartition(".")
    outer = _of_block(entry, parent)
    row = entry.rows.get(path)
    if outer is None or isinstance(row, Turned) or row == LEFT:
        return None
    if row == HERE:
        return outer
    return _inner(_at(outer, row if row is not None else by_name(outer, name) or "?"))


def _wrong(entry: Entry) -> Iterator[str]:
    for path, row in entry.rows.items():
        block = _of_block(entry, path.rpartition(".")[0])
        if row in (LEFT, HERE):
            continue
        target = row.path if isinstance(row, Turned) else row
        if block is None:
            yield f"{path}: its block has no place"
        elif _at(block, target) is None:
            yield f"{path}: no {target} in {block}; has {', '.join(sorted(block.fields))}"


@pytest.mark.parametrize("entry", _ALL, ids=_IDS)
def test_every_row_leads_to_a_property_that_exists(entry: Entry) -> None:
    assert entry.type in resource_types()
    assert list(_wrong(entry)) == []


def test_the_types_that_count_are_mapped() -> None:
    """At least 110; each type once, but for what is a part of owners of several types."""
    several = {name: len(each) for name, each in ENTRIES.items() if len(each) > 1}
    assert several == {"aws_iam_policy_attachment": 3, "aws_security_group_rule": 2, "aws_default_security_group": 2}
    assert len(ENTRIES) >= 110
    assert Counter(len(each) for each in ENTRIES.values())[1] == len(ENTRIES) - 3


_ITSELF = Unknown(Reason(Cause.AFTER_APPLY, "x"), present=True)
_SCALARS: dict[Kind, Any] = {Kind.BOOLEAN: True, Kind.INTEGER: 1, Kind.NUMBER: 1, Kind.STRING: "x", Kind.ANY: "x"}
_DEEPEST = 4  # levels of blocks in a sample


def _sample(entry: Entry, kind: Type, path: str, depth: int) -> Any:
    """A value of a type as the provider writes it: objects are blocks, policies are text."""
    if kind == POLICY:
        return '{"Version": "2012-10-17", "Statement": []}'
    if kind.kind is Kind.OBJECT:
        return [_block(entry, path, kind, depth)]
    if kind.kind is Kind.LIST:
        inner = kind.items or ANY
        return _sample(entry, inner, path, depth) if inner.kind is Kind.OBJECT else [_sample(entry, inner, path, depth)]
    if kind.kind is Kind.MAP:
        inner = kind.items or ANY
        return {"k": {} if inner.kind is Kind.OBJECT else _sample(entry, inner, path, depth)}
    return kind.enum[0] if kind.enum else _SCALARS[kind.kind]


def _block(entry: Entry, path: str, kind: Type, depth: int) -> dict[str, Any]:
    """A block with every attribute that the schema names, and every one that the rows name."""
    prefix = f"{path}." if path else ""
    found: dict[str, Any] = {}
    for name, field in kind.fields.items() if depth < _DEEPEST else ():
        if f"{prefix}{name.lower()}" not in entry.rows:
            found[name.lower()] = _sample(entry, field, f"{prefix}{name.lower()}", depth + 1)
    for row_path, row in entry.rows.items():
        parent, _, name = row_path.rpartition(".")
        if parent == path and row != LEFT and not isinstance(row, Turned):
            target = kind if row == HERE else _at(kind, row)
            assert target is not None
            value = [_flat(entry, row_path, kind)] if row == HERE else _sample(entry, target, row_path, depth + 1)
            found[name] = value
    return found


def _flat(entry: Entry, path: str, kind: Type) -> dict[str, Any]:
    """A block whose attributes belong to the object around it: what the rows say, and nothing else."""
    found: dict[str, Any] = {}
    for row_path, row in entry.rows.items():
        parent, _, name = row_path.rpartition(".")
        if parent == path and row != LEFT and not isinstance(row, Turned):
            target = kind if row == HERE else _at(kind, row)
            assert target is not None
            found[name] = [_flat(entry, row_path, kind)] if row == HERE else _sample(entry, target, row_path, _DEEPEST)
    return found


def _malformed(value: Value, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, Unknown):
        if value.reason.cause is Cause.MALFORMED:
            yield path, value.reason.detail
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _malformed(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _malformed(each, (*path, index))


def _coerced(entry: Entry, properties: Any) -> dict[str, Value]:
    fields = fields_of(entry.type)
    assert properties.keys() <= fields.keys(), properties.keys() - fields.keys()
    return {key: coerce(each, fields[key]) for key, each in properties.items()}


@pytest.mark.parametrize("entry", _ALL, ids=_IDS)
def test_a_maximal_sample_fits_the_schema(entry: Entry) -> None:
    root = _of_block(entry, "")
    assert root is not None
    sample = _block(entry, "", root, 0)
    planned = Planned(f"{entry.terraform}.x", "", "managed", entry.terraform, "x", None, sample)
    translated = translate(Attributes(planned, sample, frozenset(), _ITSELF), entry)
    assert translated.unplaced == ()
    coerced = _coerced(entry, translated.properties)
    assert list(_malformed(coerced)) == []
    targets = [row for path, row in entry.rows.items() if "." not in path and isinstance(row, str)]
    reached = coerced
    for step in entry.within.split(".") if entry.within else ():
        inner = reached[step]
        assert isinstance(inner, dict)
        reached = inner
    assert {each.split(".")[0] for each in targets if each not in (LEFT, HERE)} <= reached.keys()


_GUESSES: tuple[Value, ...] = (
    True,
    "x",
    1,
    ["x"],
    {"k": "v"},
    [{"enabled": True}],
    [{"transition_to_ia": "AFTER_30_DAYS"}],
)


@pytest.mark.parametrize(
    ("entry", "path", "row"),
    [
        pytest.param(entry, path, row, id=f"{entry.terraform}-{path}")
        for entry in _ALL
        for path, row in entry.rows.items()
        if isinstance(row, Turned)
    ],
)
def test_what_is_turned_fits_the_schema(entry: Entry, path: str, row: Turned) -> None:
    block = _of_block(entry, path.rpartition(".")[0])
    wanted = _at(block, row.path)
    assert wanted is not None
    fitting = []
    for guess in _GUESSES:
        try:
            turned = row.turn(guess)
        except (TypeError, AttributeError):
            continue
        if turned is not None and not list(_malformed(coerce(turned, wanted))):
            fitting.append(guess)
    assert fitting
