"""What exists: resources with their properties, where each is said, and the inventory that holds them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from assay.errors import Fault
from assay.inventory.values import Path, Reason, Value

if TYPE_CHECKING:
    from assay.inventory.naming import Names


LISTED = "Assay::Listed"
"""Attribute of a resource beside which there may be others that were not given: the types of which all were given.

A resource without it was declared together with all that there is.
"""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1, 0 when the source has no lines (a live account)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the facts about a resource came from. `source` is the name of the folder under sources/.

    observed  When the source saw it, as it says so itself (ISO 8601); "" for what is declared.
    """

    source: str
    position: Position
    account: str = ""
    region: str = ""
    observed: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource, in the property names and types of CloudFormation's published schema.

    id          Unique within the inventory: "<file>#<logical id>" for a template.
    name        What people call it: the logical id in a template, the identifier in an account.
    properties  As normalised: coerced to the schema's types, declared parts of it folded in. Absent means absent: the
                platform's default is applied where a property is read, by the table of the type.
    positions   Place of each property that the source states, by path; of a longer path the nearest known ancestor
                counts.
    condition   When the resource exists only under undecided conditions: each `Choice` option True or False; else True.
    folded_into Id of the owner whose properties this resource was folded into, or "".
    fragment    True: only a part of a resource that is declared elsewhere (a rule of somebody else's security group).
    """

    id: str
    type: str
    name: str
    properties: Mapping[str, Value]
    origin: Origin
    positions: Mapping[Path, Position] = field(default_factory=dict, repr=False, compare=False)
    condition: Value = True
    folded_into: str = ""
    fragment: bool = False
    attributes: Mapping[str, Value] = field(default_factory=dict)  # resource-level, not properties: DeletionPolicy, ...

    def position(self, path: Path = ()) -> Position:
        """Return where the property at `path`, or its nearest stated ancestor, is said."""
        for length in range(len(path), 0, -1):
            if found := self.positions.get(path[:length]):
                return found
        return self.origin.position


@dataclass(frozen=True, slots=True)
class Relation:
    """`source` refers to `target` (both resource ids) by the property at `path`, taking `attribute` ("" for Ref)."""

    source: str
    path: Path
    target: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that should be in the inventory and could not be read: a file, an API, a macro's output.

    types  The only types of which there may be resources, or properties, that are missing; () when it is not known.
    """

    subject: str
    reason: Reason
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """Everything that was found, and what could not be.

    resources  Sorted by id; ids are unique.
    relations  By property reference; both ends are in `resources`.
    faults     Files that are wrong; what they would have declared is missing from `resources`, so `complete` is False.
    gaps       What could not be read for other reasons.
    absent     (id, why) of resources that are declared and known not to exist: their condition is false.
    """

    resources: tuple[Resource, ...]
    relations: tuple[Relation, ...] = ()
    faults: tuple[Fault, ...] = ()
    gaps: tuple[Gap, ...] = ()
    absent: tuple[tuple[str, str], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for could be read."""
        return not self.faults and not self.gaps

    def is_complete(self, kind: str) -> bool:
        """Whether every resource of a type could be read."""
        return not self.faults and not any(not gap.types or kind in gap.types for gap in self.gaps)

    @cached_property
    def by_id(self) -> Mapping[str, Resource]:
        """The resources by their id."""
        return MappingProxyType({resource.id: resource for resource in self.resources})

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """The resources by their type, in order of id."""
        grouped: dict[str, list[Resource]] = {}
        for resource in self.resources:
            grouped.setdefault(resource.type, []).append(resource)
        return MappingProxyType({kind: tuple(each) for kind, each in grouped.items()})

    @cached_property
    def names(self) -> "Names":
        """The resources by what others call them."""
        from assay.inventory.naming import Names  # it reads the service tables, which use the types above

        return Names(self.resources)

    def of_type(self, kind: str) -> Iterator[Resource]:
        """Yield the resources of one type."""
        yield from self.by_type.get(kind, ())
