"""What is known of one account, ready to be judged: every document in normal form, parts folded into their owners.

The account is the unit within which parts are folded and relations are followed. What refers to a resource of another
account is unknown, declared elsewhere, whichever accounts are assessed together: so the answer about a resource does
not depend on how the work was cut.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from assay.assessment.shards.rules import Rules
from assay.expressions.columns import document
from assay.inventory.folding import fold
from assay.inventory.observed import with_parts
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.services import FOLDS
from assay.inventory.snapshot.document import Row
from assay.inventory.stored import Stored, coerced, normal_text
from assay.inventory.values import Value, from_json, to_json

Listed: TypeAlias = Mapping[tuple[str, str], frozenset[str]]
"""(account, region) → the types of which every resource is known."""


@dataclass(slots=True)
class Case:
    """One resource to judge.

    digest    Of the document as it was recorded; "" for a fragment, which nobody recorded.
    text      The properties in normal form, with its parts; None when more than the properties decides.
    resource  Where somebody may look at it from elsewhere; else made when it is asked for.
    """

    row: Row
    digest: str
    text: str | None
    resource: Resource | None

    @property
    def kind(self) -> str:
        """The type of the resource."""
        return self.resource.type if self.resource else self.row.type

    def whole(self) -> Resource:
        """Return the resource."""
        if self.resource is None:
            assert self.text is not None
            self.resource = _resource(self.row, Stored(self.text, {}), {})
        return self.resource


@dataclass(frozen=True)
class Account:
    """The resources of one account."""

    id: str
    cases: tuple[Case, ...]

    @cached_property
    def inventory(self) -> Inventory:
        """The resources that may be looked up, as an inventory."""
        found = (case.resource for case in self.cases if case.resource is not None)
        return Inventory(tuple(sorted(found, key=lambda each: each.id)))


def described(account: str, rows: Iterable[Row], listed: Listed, rules: Rules) -> Account:
    """Return an account from the rows of a snapshot. Raises ValueError when a document is none."""
    cases = [_case(row, listed.get((row.account, row.region), frozenset()), rules) for row in rows]
    return Account(account, (*cases, *_fold(cases)))


def _case(row: Row, listed: frozenset[str], rules: Rules) -> Case:
    wanted = rules.kept.get(row.type)
    if row.type not in rules.controls and wanted is None:
        return Case(row, row.digest, "{}", None)  # nothing is asked of it, and nobody looks at it
    missing = _missing(row.type, row.source, listed)
    normal = normal_text(row.document, row.type)
    if normal is None:
        return _decoded(row, missing, listed)
    text, raw = normal
    absent = [each for each in missing if each[0] not in raw]
    if absent:
        added = ",".join(f'"{name}":{marker}' for name, marker, _ in absent)
        text = f"{text[:-1]}{',' if raw else ''}{added}}}"
    if wanted is None:
        return Case(row, row.digest, text, None)
    known = {name: from_json(raw[name]) if name in raw else None for name in wanted}
    known.update((name, unknown) for name, _, unknown in absent if name in known)
    return Case(row, row.digest, text, _resource(row, Stored(text, known), _attributes(listed)))


def _decoded(row: Row, missing: "_Missing", listed: frozenset[str]) -> Case:
    properties, attributes, condition = coerced(row.document, row.type)
    for name, _, unknown in missing:
        properties.setdefault(name, unknown)
    found = _resource(row, properties, {**attributes, **_attributes(listed)})
    text = document(properties) if condition is True else None
    return Case(row, row.digest, text, replace(found, condition=condition))


def _resource(row: Row, properties: Mapping[str, Value], attributes: Mapping[str, Value]) -> Resource:
    place = Position(f"{row.account}/{row.region}")
    origin = Origin(row.source, place, row.account, row.region, row.observed)
    return Resource(row.id, row.type, row.name, properties, origin, attributes=attributes)


_Missing: TypeAlias = tuple[tuple[str, str, Value], ...]


@lru_cache(maxsize=4096)
def _missing(kind: str, source: str, listed: frozenset[str]) -> _Missing:
    """Return (property, its JSON text, its value) for the parts of a resource that may exist and were not given."""
    bare = Resource("", kind, "", {}, Origin(source, Position("")))
    found = with_parts(bare, source, listed).properties
    return tuple((name, json.dumps(to_json(each), separators=(",", ":")), each) for name, each in found.items())


@lru_cache(maxsize=4096)
def _attributes(listed: frozenset[str]) -> Mapping[str, Value]:
    bare = Resource("", "", "", {}, Origin("", Position("")))
    return with_parts(bare, "", listed).attributes


def _fold(cases: list[Case]) -> Iterator[Case]:
    """Fold the parts that are there into their owners; yield the fragments of owners that are elsewhere."""
    present = {case.kind for case in cases if case.resource is not None}
    rows = [row for row in FOLDS if row.source in present]
    kinds = {kind for row in rows for kind in (row.source, row.owner, row.followed)}
    given = {case.row.id: case for case in cases if case.resource is not None and case.kind in kinds}
    resources = {name: case.whole() for name, case in given.items()}
    for name, resource in (fold(resources) if rows else {}).items():
        case = given.get(name)
        if case is None:
            yield Case(_row_of(resource), "", None, resource)
        elif resource is not case.resource:
            if resource.properties is not case.whole().properties:
                case.text = document(resource.properties) if resource.condition is True else None
            case.resource = resource


def _row_of(fragment: Resource) -> Row:
    origin = fragment.origin
    return Row(
        origin.account, origin.region, fragment.type, fragment.id, fragment.name, origin.observed, origin.source, "", ""
    )


def plain(properties: Mapping[str, Value]) -> Any:
    """Return properties as JSON, from their text where there is one."""
    return json.loads(properties.text) if isinstance(properties, Stored) else to_json(properties)
