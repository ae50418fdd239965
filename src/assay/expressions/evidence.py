"""Which properties decided an answer: a second walk, taken only for answers that need explaining.

Of a conjunction that is false the false parts decided; of a disjunction that is false every part; of `all` the elements
that fail. A leaf (a comparison, a function) was decided by the properties that it reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assay.expressions.interpreter import Frame, Split, elements, program, truth
from assay.expressions.tree import Call, Comprehension, Has, Node, Select, Variable, children
from assay.inventory.values import Path, Unknown, Value


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A property that decided: of which resource ("" when of none), at which path, and how it read (None: absent)."""

    resource: str
    path: Path
    value: Value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evidence) and (self.resource, self.path) == (other.resource, other.path)

    def __hash__(self) -> int:
        return hash((self.resource, self.path))


_MOST = 12  # properties named for one answer


def trace(root: Node, frame: Frame, *, wanted: bool) -> tuple[Evidence, ...]:
    """Return the properties because of which the expression is not `wanted`... the other way round, or unknown.

    wanted: the answer whose grounds are sought (False: why is it false or unknown).
    """
    try:
        found = dict.fromkeys(_Tracer(frame).grounds(root, wanted))
    except Split:  # another branch would need an outcome that this world does not fix
        return ()
    return tuple(found)[:_MOST]


class _Tracer:
    """Walks a tree in one frame; keeps where the elements bound by comprehensions stand."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.places: dict[str, tuple[str, Path]] = {}

    def grounds(self, node: Node, wanted: bool) -> Iterator[Evidence]:
        """Yield why the node has the truth `wanted`, or is unknown."""
        match node:
            case Call(function="!_", arguments=(one,)):
                yield from self.grounds(one, not wanted)
            case Call(function="_&&_" | "_||_", arguments=parts):
                telling = [each for each in parts if self._is(each, wanted)]
                decided = (node.function == "_&&_") is not wanted
                for each in telling[:1] if decided and telling else telling or parts:
                    yield from self.grounds(each, wanted)
            case Call(function="_?_:_", arguments=(condition, then, otherwise)):
                answer = truth(program(condition)(self.frame))
                yield from self.reads(condition)
                if not isinstance(answer, Unknown):
                    yield from self.grounds(then if answer else otherwise, wanted)
            case Comprehension(macro="all" | "exists"):
                yield from self._quantified(node, wanted)
            case _:
                yield from self.reads(node)

    def _is(self, node: Node, wanted: bool) -> bool:
        answer = truth(program(node)(self.frame))
        return answer is wanted or isinstance(answer, Unknown)

    def _quantified(self, node: Comprehension, wanted: bool) -> Iterator[Evidence]:
        value = program(node.over)(self.frame)
        items = elements(self.frame, value)
        if isinstance(items, Unknown) or not items:
            yield from self.reads(node.over)
            return
        place = self.place(node.over)
        found = False
        for index, item in enumerate(items):
            with _Bound(self, node.variable, item, place, index):
                if self._is(node.body, wanted):
                    found = True
                    yield from list(self.grounds(node.body, wanted))
        if not found:
            yield from self.reads(node.over)

    def reads(self, node: Node) -> Iterator[Evidence]:
        """Yield the properties that a leaf reads, the deepest of each chain."""
        match node:
            case Select(operand=operand, field=name) | Has(operand=operand, field=name):
                place = self.place(operand)
                if place is None:
                    yield from self.reads(operand)
                else:
                    resource, path = place
                    yield Evidence(resource, (*path, name), self._stated(operand, name))
            case Variable(name=name):
                if name in self.places:
                    resource, path = self.places[name]
                    yield Evidence(resource, path, self.frame.settle(self.frame.variables[name]))
            case Comprehension(over=over):
                yield from self.reads(over)
            case _:
                for child in children(node):
                    yield from self.reads(child)

    def _stated(self, operand: Node, name: str) -> Value:
        value = program(operand)(self.frame)
        if isinstance(value, Unknown):
            return value
        return self.frame.settle(value.get(name)) if isinstance(value, dict) else None

    def place(self, node: Node) -> tuple[str, Path] | None:
        """Return (resource, path) of a value that stands in a resource, None for a computed one."""
        match node:
            case Variable(name=name):
                if name in self.places:
                    return self.places[name]
                found = self.frame.resources.get(id(self.frame.variables[name]))
                return None if found is None else (found, ())
            case Select(operand=operand, field=name):
                inner = self.place(operand)
                return None if inner is None else (inner[0], (*inner[1], name))
            case Call(function="target"):
                found = self.frame.resources.get(id(program(node)(self.frame)))
                return None if found is None else (found, ())
            case Call(function="_[_]", arguments=(operand, index)):
                inner = self.place(operand)
                at = program(index)(self.frame)
                return (inner[0], (*inner[1], at)) if inner and isinstance(at, int | str) else inner
            case _:
                return None


class _Bound:
    """Binds a comprehension's variable to an element, with its place, for the time of a `with`."""

    def __init__(self, tracer: _Tracer, name: str, item: Value, place: tuple[str, Path] | None, index: int) -> None:
        self.tracer, self.name, self.item = tracer, name, item
        known = tracer.frame.resources.get(id(item))
        self.place = (known, ()) if known else (place[0], (*place[1], index)) if place else None

    def __enter__(self) -> None:
        variables, places = self.tracer.frame.variables, self.tracer.places
        self.before = variables.get(self.name), places.get(self.name)
        variables[self.name] = self.item
        places.pop(self.name, None)
        if self.place:
            places[self.name] = self.place

    def __exit__(self, *_: object) -> None:
        variables, places = self.tracer.frame.variables, self.tracer.places
        value, place = self.before
        variables[self.name] = value
        places.pop(self.name, None)
        if place:
            places[self.name] = place
