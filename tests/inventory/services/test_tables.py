"""The tables of services agree with the published schemas: a misspelt property would be a row that never counts."""

from collections.abc import Iterator

import pytest

from assay.inventory.coerce import coerce
from assay.inventory.defaults import type_at
from assay.inventory.schema import Kind, Type, fields_of, resource_types
from assay.inventory.services import TABLES
from assay.inventory.tables import Fold, ResourceTable, Undocumented
from assay.inventory.values import Unknown, Value

ROWS = [pytest.param(row, id=name) for name, row in sorted(TABLES.items())]


@pytest.mark.parametrize("row", ROWS)
def test_every_property_of_a_row_is_one_of_the_type(row: ResourceTable) -> None:
    assert row.type in resource_types()
    assert [path for path in row.defaults if type_at(row.type, tuple(path.split("."))) is None] == []
    assert set(row.names) <= set(fields_of(row.type))
    assert set(row.types) <= set(fields_of(row.type))


@pytest.mark.parametrize("row", ROWS)
def test_every_default_is_a_value_of_its_property(row: ResourceTable) -> None:
    for path, default in row.defaults.items():
        wanted = type_at(row.type, tuple(path.split(".")))
        if wanted is not None and not isinstance(default, Undocumented):
            assert coerce(default, wanted) == default, path
            assert list(_not_allowed(default, wanted)) == [], path


@pytest.mark.parametrize("row", ROWS)
def test_every_part_that_is_folded_exists(row: ResourceTable) -> None:
    assert [fold for fold in row.folds if not _exists(fold)] == []


def _exists(fold: Fold) -> bool:
    if fold.source not in resource_types():
        return False
    fields = fields_of(fold.source)
    taken = fold.follow or fold.take  # what is taken by way of another resource is a property of that one
    return fold.key.split(".")[0] in fields and (not taken or taken in fields)


def _not_allowed(value: Value, wanted: Type) -> Iterator[Value]:
    """Yield what the schema's list of allowed values does not have."""
    assert not isinstance(value, Unknown), "malformed"
    if wanted.kind is Kind.STRING and wanted.enum and value not in wanted.enum:
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _not_allowed(each, wanted.fields.get(key, wanted.items or Type(Kind.ANY)))
    elif isinstance(value, list):
        for each in value:
            yield from _not_allowed(each, wanted.items or Type(Kind.ANY))
