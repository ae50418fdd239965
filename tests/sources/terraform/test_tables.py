"""The tables, held to the published schemas: what they name exists, and values of the provider's shapes fit there."""

from collections.abc import Iterator

import pytest

from assay.inventory.schema import Kind, Type, resource_schema, resource_types
from assay.sources.terraform.mapping import HERE, LEFT, Entry, Turned
from assay.sources.terraform.services import TABLES
from assay.sources.terraform.translate import by_name

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
