"""The form in which the tables under services/ say how a type is collected. The package's docstring explains it."""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.inventory.values import Value

Properties = dict[str, Value]
Derive = Callable[[Any], Properties]
"""What is made of an answer, or of an item, by code: a plain function over plain JSON."""


class Scope(enum.StrEnum):
    """Where the list call is made."""

    REGIONAL = "regional"  # in every region in use
    GLOBAL = "global"  # once in an account
    ORGANISATION = "organisation"  # once, in the management account of the organisation


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A resource of its own in CloudFormation that the service holds within another one."""

    type: str
    id: str
    properties: Properties


@dataclass(frozen=True, slots=True, eq=False)
class List:
    """A call that names resources, page by page.

    operation  As in the API: "DescribeDBInstances".
    items      JMESPath from the answer to the list of what is named.
    arguments  Argument → JMESPath over the item that it is listed under; literals as JMESPath writes them.
    carry      Name → JMESPath over the item that it is listed under: what each item, an object, keeps of that.
    absent     Error codes that mean that there is nothing of the kind.
    tokens     (member of the request, JMESPath into the answer) of the next page, where botocore has no paginator.
    """

    operation: str
    items: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    carry: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    tokens: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """How one call asks about several items at once.

    items     JMESPath from the answer to the list of what it says of each.
    by        (JMESPath over an item, JMESPath over an element of `items`): they are about the same when these agree.
    argument  The argument that takes the items' keys, `size` of them in a call; "" when the call is about all.
    """

    items: str
    by: tuple[str, str]
    argument: str = ""
    size: int = 100


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call about an item, and what of its answer are properties.

    arguments  Argument → JMESPath over the item.
    answer     JMESPath from the answer to the object that is meant.
    together   When one call is about several items.
    when       JMESPath over the item: where it is false the call is not made, and gives `otherwise`.
    same       Properties that the object has under the same name, but for case.
    rows       Property, or dotted path of properties → JMESPath over the object.
    derive     Further properties, made of the object by code; they win.
    derived    The properties that `derive` gives.
    once       The answer may go on in pages, and the first says all that is asked for.
    absent     Error code that means that there is no such thing → the properties that this amounts to. A code may go
               on with the beginning of the message: "AccessDeniedException: Macie is not enabled".
    """

    operation: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    answer: str = "@"
    together: Together | None = None
    when: str = ""
    otherwise: Mapping[str, Value] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)
    derive: Derive | None = None
    derived: tuple[str, ...] = ()
    once: bool = False
    absent: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    @property
    def gives(self) -> tuple[str, ...]:
        """The paths of the properties that the call answers for."""
        return (*self.same, *self.rows, *self.derived)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One resource type.

    type        CloudFormation's name.
    service     botocore's name of the service.
    listing     The calls that name the resources; each is made for every item of the one before it.
    identifier  JMESPath over the item as it was listed: what tells the resource from others of its type, as Cloud
                Control calls it.
    region      JMESPath over the item, described: the region that it is in, where a global list names it; its calls go
                there.
    describe    A call whose answer is added to the item, where the list gives little more than names.
    keep        JMESPath over the item, described: where it is false the item is no resource of this type.
    same, rows, derive, derived   As in `Call`, over the item, described.
    calls       Further calls about the item.
    gone        Error codes of any call by which the item ceased to exist since it was listed.
    optional    Numbers and booleans, of those given, that the API leaves out where the resource has none.
    never       Paths that no live resource has: older spellings of what another property says.
    holds       Types of separately declared parts that the properties hold whole.
    source      The source that the facts are of: "cloud_control" for what is read by that.
    parts       Resources that CloudFormation declares apart, made of the item as described; of the types in `declares`.
    """

    type: str
    service: str
    listing: tuple[List, ...]
    identifier: str
    scope: Scope = Scope.REGIONAL
    region: str = ""
    describe: Call | None = None
    keep: str = ""
    same: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)
    derive: Derive | None = None
    derived: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    gone: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    holds: frozenset[str] = frozenset()
    parts: Callable[[Any], Iterable[Part]] | None = None
    declares: frozenset[str] = frozenset()
    source: str = "aws"

    @property
    def own(self) -> tuple[str, ...]:
        """The paths of the properties that the item itself answers for."""
        return (*self.same, *self.rows, *self.derived)

    @property
    def carried(self) -> frozenset[str]:
        """The properties that the entry answers for: absent, the resource has none."""
        paths = (*self.own, *self.never, *(path for call in self.calls for path in call.gives))
        return frozenset(path.partition(".")[0] for path in paths)

    @property
    def operations(self) -> Iterator[str]:
        """The operations that the entry needs, in the order in which they are made."""
        yield from (each.operation for each in self.listing)
        yield from (each.operation for each in (self.describe, *self.calls) if each is not None)


def nothing(*codes: str) -> dict[str, Mapping[str, Value]]:
    """Return `absent` for error codes that mean that there is no such thing, and nothing more."""
    return {code: {} for code in codes}


def stated(**values: Any) -> Properties:
    """Return an object of the values that are there."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, Mapping))
