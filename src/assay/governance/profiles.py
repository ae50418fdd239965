"""The profile of a workload: what an objective's applicability may ask."""

from collections.abc import Mapping
from dataclasses import fields

from assay.governance.model import Workload
from assay.inventory.schema import BOOLEAN, STRING, STRINGS, Type, map_of, object_of
from assay.inventory.values import Value

WORKLOAD: Type = object_of(
    id=STRING,
    title=STRING,
    owner=STRING,
    purpose=STRING,
    platform=BOOLEAN,
    tier=STRING,
    data_classes=STRINGS,
    exposure=STRING,
    jurisdictions=STRINGS,
    contracts=STRINGS,
    accounts=map_of(STRING),
    tags=map_of(STRING),
)
"""The type of `workload` in an objective's `applies`: the fields of `model.Workload` that are its profile."""


def profile(workload: Workload) -> Mapping[str, Value]:
    """Return the value of `workload` in an objective's `applies`."""
    given = {each.name: getattr(workload, each.name) for each in fields(workload) if each.name in WORKLOAD.fields}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
