"""The tree of a checked expression: small, typed, picklable, free of the parser.

Every node has the type of its value and its offset (characters) in the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeAlias

from assay.inventory.schema import Type
from assay.inventory.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    type: Type
    at: int
    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the environment or of a comprehension."""

    type: Type
    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`. `absent` is what it reads as when the field is not there: a default, a zero value or an unknown.

    path  "A.*.B" of the property within its resource type, "" when the operand is not a resource's property.
    """

    type: Type
    at: int
    operand: "Node"
    field: str
    absent: Value
    path: str = ""


@dataclass(frozen=True, slots=True)
class Has:
    """`has(operand.field)`."""

    type: Type
    at: int
    operand: "Node"
    field: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator (CEL's internal name, such as `_&&_`), a standard function or a named function."""

    type: Type
    at: int
    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    type: Type
    at: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{a: b}`."""

    type: Type
    at: int
    entries: tuple[tuple["Node", "Node"], ...]


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`over.macro(variable, body)`; of a three-argument map, `where` is its condition."""

    type: Type
    at: int
    macro: str  # all, exists, exists_one, filter, map
    variable: str
    over: "Node"
    body: "Node"
    where: "Node | None" = None


Node: TypeAlias = Literal | Variable | Select | Has | Call | ListOf | MapOf | Comprehension


def children(node: Node) -> Iterator[Node]:
    """Yield the direct parts of a node, in order of the text."""
    match node:
        case Select(operand=operand) | Has(operand=operand):
            yield operand
        case Call(arguments=arguments):
            yield from arguments
        case ListOf(items=items):
            yield from items
        case MapOf(entries=entries):
            for key, value in entries:
                yield key
                yield value
        case Comprehension(over=over, body=body, where=where):
            yield over
            if where is not None:
                yield where
            yield body
        case _:
            pass


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it."""
    yield node
    for each in children(node):
        yield from walk(each)


def depth(node: Node) -> int:
    """Return how many levels the tree has."""
    return 1 + max(map(depth, children(node)), default=0)


def same(left: Node, right: Node) -> bool:
    """Return whether two trees mean the same, wherever they stand in a text."""
    if type(left) is not type(right):
        return False
    ours, theirs = (
        [getattr(each, field.name) for field in fields(each) if field.name != "at"] for each in (left, right)
    )
    nodes = (Literal, Variable, Select, Has, Call, ListOf, MapOf, Comprehension)
    return all(
        same(a, b) if isinstance(a, nodes) and isinstance(b, nodes) else a == b
        for a, b in zip(ours, theirs, strict=True)
    )
