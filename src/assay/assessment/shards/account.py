"""What is known of one account, ready to be judged: every document in normal form, parts folded into their owners.

The account is the unit within which parts are folded and relations are followed. What refers to a resource of another
account is unknown, declared elsewhere, whichever accounts are assessed together: so the answer about a resource does
not depend on how the work was cut.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from assay.assessment.shards.rules import Rules
from assay.assessment.shards.watched import Watched
from assay.expressions.columns import document
from assay.inventory.folding import fold
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.services import FOLDS
from assay.inventory.snapshot.document import Row
from assay.inventory.stored import Stored, coerced, normal_text
from assay.inventory.values import Value, from_json, to_json

Listed: TypeAlias = Mapping[tuple[str, str], frozenset[str]]
"""(account, region) → the types of which everything beside a resource is known."""


@dataclass(frozen=True)
class Source:
    """What only those know who know the sources.

    bare     A resource of which nothing is said, as its source has it beside what is listed: which parts it may have.
    attach   Says of resources, by id, what only others of them say; replaces those that it adds to.
    attached  Resource type → the properties that `attach` looks at.
    adds      Resource types that `attach` adds to.
    """

    bare: Callable[[Resource, frozenset[str]], Resource]
    attach: Callable[[dict[str, Resource]], None]
    attached: Mapping[str, tuple[str, ...]]
    adds: frozenset[str]
    _bare: dict[tuple[str, str, frozenset[str]], Resource] = field(default_factory=dict, repr=False, compare=False)

    def beside(self, kind: str, source: str, listed: frozenset[str]) -> Resource:
        """Return the resource of a type of which nothing is said."""
        key = (kind, source, listed)
        if key not in self._bare:
            self._bare[key] = self.bare(Resource("", kind, "", {}, Origin(source, Position(""))), listed)
        return self._bare[key]


@dataclass(slots=True)
class Case:
    """One resource to judge.

    row       Without its document; its digest is "" for a fragment, which nobody recorded.
    said      By what others may refer to it, and to what it refers; "" where nobody asks.
    text      The properties in normal form, with its parts; None when more than the properties decides.
    resource  Where somebody may look at it from elsewhere; else made when it is asked for.
    parts     Ids of the resources that are parts of it.
    """

    row: Row
    said: str
    text: str | None
    resource: Resource | None
    parts: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The type of the resource."""
        return self.row.type

    def whole(self) -> Resource:
        """Return the resource."""
        if self.resource is None:
            assert self.text is not None
            self.resource = _resource(self.row, Stored(self.text, {}), {})
        return self.resource


@dataclass(frozen=True)
class Account:
    """The resources of one account.

    related  The types that controls look up, or look up from.
    settled  Nothing in any of them depends on a choice, nor is absent within a list or map.
    """

    id: str
    cases: tuple[Case, ...]
    related: frozenset[str]
    settled: bool

    @cached_property
    def inventory(self) -> Watched:
        """The resources that may be looked up, as an inventory that knows what was looked at."""
        found = (case.resource for case in self.cases if case.resource is not None and case.kind in self.related)
        return Watched(tuple(sorted(found, key=lambda each: each.id)))


def described(account: str, rows: Iterable[tuple[Row, str]], listed: Listed, rules: Rules, source: Source) -> Account:
    """Return an account from the rows of a snapshot and their documents. Raises ValueError when a document is none."""
    cases, settled = [], True
    for row, text in rows:
        settled = settled and "null" not in text and '"$choice"' not in text
        try:
            cases.append(_case(row, text, listed.get((row.account, row.region), frozenset()), rules, source))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"the document of {row.id} is none: {type(error).__name__}: {error}") from None
    _attach(cases, source)
    return Account(account, (*cases, *_fold(cases)), frozenset(rules.related), settled)


def _case(row: Row, text: str, listed: frozenset[str], rules: Rules, source: Source) -> Case:
    wanted = rules.kept.get(row.type, ()) + source.attached.get(row.type, ())
    if row.type not in rules.controls and not wanted:
        return Case(row, "", "{}", None)  # nothing is asked of it, and nobody looks at it
    beside = source.beside(row.type, row.source, listed)
    normal = normal_text(text, row.type)
    if normal is None:
        return _decoded(row, text, beside, wanted)
    stated, raw = normal
    absent = [name for name in beside.properties if name not in raw]
    if absent:
        added = ",".join(f'"{name}":{_marker(beside.properties[name])}' for name in absent)
        stated = f"{stated[:-1]}{',' if raw else ''}{added}}}"
    if not wanted:
        return Case(row, "", stated, None)
    known: dict[str, Value] = {name: from_json(raw[name]) if name in raw else None for name in wanted}
    said = _said([raw.get(name) for name in wanted])
    known.update((name, beside.properties[name]) for name in absent if name in known)
    return Case(row, said, stated, _resource(row, Stored(stated, known), beside.attributes))


def _decoded(row: Row, text: str, beside: Resource, wanted: tuple[str, ...]) -> Case:
    properties, attributes, condition = coerced(text, row.type)
    stated = dict(properties)
    for name, unknown in beside.properties.items():
        properties.setdefault(name, unknown)
    found = _resource(row, properties, {**attributes, **beside.attributes})
    said = _said(to_json([stated.get(name) for name in wanted])) if wanted else ""
    judged = document(properties) if condition is True else None
    return Case(row, said, judged, replace(found, condition=condition))


def _said(values: Any) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


_markers: dict[int, tuple[Value, str]] = {}


def _marker(value: Value) -> str:
    """Return the JSON text of an unknown that is shared by many resources."""
    known = _markers.get(id(value))
    if known is None or known[0] is not value:
        known = _markers[id(value)] = (value, json.dumps(to_json(value), separators=(",", ":"), ensure_ascii=False))
    return known[1]


def _resource(row: Row, properties: Mapping[str, Value], attributes: Mapping[str, Value]) -> Resource:
    place = Position(f"{row.account}/{row.region}")
    origin = Origin(row.source, place, row.account, row.region, row.observed)
    return Resource(row.id, row.type, row.name, properties, origin, attributes=attributes)


def _attach(cases: list[Case], source: Source) -> None:
    given = {case.row.id: case for case in cases if case.kind in source.attached}
    resources = {name: case.whole() for name, case in given.items()}
    source.attach(resources)
    for name, case in given.items():
        _replaced(case, resources[name])


def _fold(cases: list[Case]) -> Iterator[Case]:
    """Fold the parts that are there into their owners; yield the fragments of owners that are elsewhere."""
    present = {case.kind for case in cases if case.resource is not None}
    rows = [row for row in FOLDS if row.source in present]
    kinds = {kind for row in rows for kind in (row.source, row.owner, row.followed)}
    given = {case.row.id: case for case in cases if case.resource is not None and case.kind in kinds}
    resources = {name: case.whole() for name, case in given.items()}
    parts: dict[str, set[str]] = {}
    for name, resource in (fold(resources, parts) if rows else {}).items():
        case = given.get(name)
        if case is None:
            case = Case(_row_of(resource), "", None, resource)
            yield case
        else:
            _replaced(case, resource)
        case.parts = tuple(sorted(parts.get(name, ())))


def _replaced(case: Case, resource: Resource) -> None:
    if resource.properties is not case.whole().properties:
        case.text = document(resource.properties) if resource.condition is True else None
    case.resource = resource


def _row_of(fragment: Resource) -> Row:
    it = fragment.origin
    return Row(it.account, it.region, fragment.type, fragment.id, fragment.name, it.observed, it.source, "", "")


def plain(properties: Mapping[str, Value]) -> Any:
    """Return properties as JSON, from their text where there is one."""
    return json.loads(properties.text) if isinstance(properties, Stored) else to_json(properties)
