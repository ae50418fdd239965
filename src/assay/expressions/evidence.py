"""Which properties decided an answer: a second walk, taken only for answers that need explaining.

Of a conjunction that is false the false parts decided; of a disjunction that is false every part; of `all` the elements
that fail. A leaf (a comparison, a function) was decided by the properties that it reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.expressions.frame import Frame, Program, Split, truth
from assay.expressions.interpreter import program
from assay.expressions.tree import Call, Comprehension, Has, Literal, Node, Select, Variable, children, walk
from assay.inventory.values import Path, Unknown, Value

Place: TypeAlias = tuple[str, Path]  # id of a resource, path of a property of it


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


def trace(
    root: Node, frame: Frame, *, wanted: bool, programs: dict[int, Program] | None = None
) -> tuple[Evidence, ...]:
    """Return the properties because of which the expression is `wanted`, or unknown.

    programs  Closures of parts of the tree by their identity; filled as they are needed.
    """
    tracer = _Tracer(frame, {} if programs is None else programs)
    found = dict.fromkeys(tracer.grounds(root, wanted))
    if not found:  # a constant decided: then whatever the expression reads
        found = dict.fromkeys(tracer.named(root))
    return tuple(found)[:_MOST]


class _Tracer:
    """Walks a tree in one frame; keeps where the elements bound by comprehensions stand."""

    def __init__(self, frame: Frame, programs: dict[int, Program]) -> None:
        self.frame = frame
        self.programs = programs
        self.places: dict[str, Place] = {}

    def value(self, node: Node) -> Value:
        """Return the value of a part; what needs an outcome that this world does not fix did not decide: unknown."""
        run = self.programs.get(id(node))
        if run is None:
            run = self.programs[id(node)] = program(node)
        try:
            return run(self.frame)
        except Split as split:
            return Unknown(split.choice.reason)

    def grounds(self, node: Node, wanted: bool) -> Iterator[Evidence]:
        """Yield why the node has the truth `wanted`, or is unknown."""
        match node:
            case Call(function="!_", arguments=(one,)):
                yield from self.grounds(one, not wanted)
            case Call(function="_&&_" | "_||_", arguments=parts):
                for each in self._deciding(node, parts, wanted):
                    yield from self.grounds(each, wanted)
            case Call(function="_?_:_", arguments=(condition, then, otherwise)):
                answer = truth(self.value(condition))
                yield from self.reads(condition)
                for branch in (then, otherwise) if isinstance(answer, Unknown) else (then if answer else otherwise,):
                    yield from self.grounds(branch, wanted)
            case Comprehension(macro="all" | "exists"):
                yield from self._quantified(node, wanted)
            case _:
                yield from self.reads(node)

    def named(self, root: Node) -> Iterator[Evidence]:
        """Yield every property that the text names from a resource on, whether or not it was evaluated."""
        for node in walk(root):
            if isinstance(node, Select | Has) and (place := self._chain(node.operand)):
                yield Evidence(place[0], (*place[1], node.field), self._stated(node.operand, node.field))

    def _chain(self, node: Node) -> Place | None:
        """Return where a chain of properties that starts at a resource ends; None for anything else."""
        if isinstance(node, Select):
            inner = self._chain(node.operand)
            return (inner[0], (*inner[1], node.field)) if inner else None
        return self._resource(self.frame.variables.get(node.name)) if isinstance(node, Variable) else None

    def _deciding(self, node: Call, parts: Sequence[Node], wanted: bool) -> Sequence[Node]:
        """Return the operands because of which the whole is `wanted` or unknown: one that decides it alone, or all."""
        answers = [(each, truth(self.value(each))) for each in parts]
        alone = (node.function == "_&&_") is not wanted  # one false operand decides a conjunction
        certain = [each for each, answer in answers if answer is wanted]
        if alone and certain:
            return certain[:1]
        return [each for each, answer in answers if answer is wanted or isinstance(answer, Unknown)] or parts

    def _quantified(self, node: Comprehension, wanted: bool) -> Iterator[Evidence]:
        found: list[Evidence] = []
        for item, place in self.elements(node.over):
            with _Bound(self, node.variable, item, place):
                answer = truth(self.value(node.body))
                if answer is wanted or isinstance(answer, Unknown):
                    found += self.grounds(node.body, wanted)
        yield from found or self.reads(node.over)

    def elements(self, node: Node) -> Sequence[tuple[Value, Place | None]]:
        """Return the elements of a list, or the keys of a map, with their places."""
        match node:
            case Comprehension(macro="filter", over=over):
                return [(item, place) for item, place in self.elements(over) if self._passes(node, item, place)]
            case Call(function="_+_", arguments=(left, right)):
                return [*self.elements(left), *self.elements(right)]
        value, place = self.value(node), self.place(node)
        if isinstance(value, Mapping):
            return [(key, (place[0], (*place[1], key)) if place else None) for key in value]
        if not isinstance(value, list | tuple):
            return []
        settled = [(index, self._settled(each)) for index, each in enumerate(value)]
        return [(item, self._place_of(item, place, index)) for index, item in settled if item is not None]

    def _passes(self, node: Comprehension, item: Value, place: Place | None) -> bool:
        with _Bound(self, node.variable, item, place):
            return truth(self.value(node.body)) is not False

    def _place_of(self, item: Value, place: Place | None, index: int) -> Place | None:
        known = self.frame.resources.get(id(item))
        if known:
            return known.id, ()
        return (place[0], (*place[1], index)) if place else None

    def _settled(self, value: Value) -> Value:
        try:
            return self.frame.settle(value)
        except Split as split:
            return Unknown(split.choice.reason)

    def reads(self, node: Node) -> Iterator[Evidence]:
        """Yield the properties that a leaf reads, the deepest of each chain."""
        match node:
            case Select(operand=operand, field=name) | Has(operand=operand, field=name):
                place = self.place(operand)
                if place is None:
                    yield from self.reads(operand)
                else:
                    yield Evidence(place[0], (*place[1], name), self._stated(operand, name))
            case Variable(name=name):
                if name in self.places:
                    yield Evidence(*self.places[name], self._settled(self.frame.variables[name]))
            case Comprehension(over=over):
                yield from self._quantified_reads(node)
                yield from self.reads(over)
            case Call(function="referrers"):
                yield from self._pointing(node)
            case _:
                for child in children(node):
                    yield from self.reads(child)

    def _quantified_reads(self, node: Comprehension) -> Iterator[Evidence]:
        """Yield what the body of a comprehension reads of each element."""
        for item, place in self.elements(node.over):
            with _Bound(self, node.variable, item, place):
                found = list(self.reads(node.body))
            yield from found

    def _pointing(self, node: Call) -> Iterator[Evidence]:
        """Yield the property by which each referrer points here, or that there is none."""
        subject, kind, by = node.arguments[0], *(str(self.value(each)) for each in node.arguments[1:])
        found = self.value(node)
        places = [self._resource(each) for each in found] if isinstance(found, list | tuple) else []
        for place in places:
            if place is not None:
                referrer = self.frame.inventory.by_id[place[0]] if self.frame.inventory else None
                yield Evidence(place[0], (by,), referrer.properties.get(by) if referrer else None)
        here = self.place(subject)
        if not places and here is not None:
            yield Evidence(here[0], (*here[1], f"an {kind} with it as {by}"), None)

    def _stated(self, operand: Node, name: str) -> Value:
        value = self.value(operand)
        if isinstance(value, Unknown):
            return value
        return self._settled(value.get(name)) if isinstance(value, Mapping) else None

    def place(self, node: Node) -> Place | None:
        """Return where a value stands in a resource, None for a computed one."""
        match node:
            case Variable(name=name):
                return self.places.get(name) or self._resource(self.frame.variables.get(name))
            case Select(operand=operand, field=name):
                inner = self.place(operand)
                return None if inner is None else (inner[0], (*inner[1], name))
            case Call(function="target"):
                return self._resource(self.value(node))
            case Call(function="_[_]", arguments=(operand, index)):
                inner = self.place(operand)
                at = index.value if isinstance(index, Literal) else self.value(index)
                return (inner[0], (*inner[1], at)) if inner and isinstance(at, int | str) else inner
            case _:
                return None

    def _resource(self, value: Value) -> Place | None:
        found = self.frame.resources.get(id(value))
        return None if found is None else (found.id, ())


class _Bound:
    """Binds a comprehension's variable to an element, with its place, for the time of a `with`."""

    def __init__(self, tracer: _Tracer, name: str, item: Value, place: Place | None) -> None:
        self.tracer, self.name, self.item, self.place = tracer, name, item, place

    def __enter__(self) -> None:
        self.tracer.frame.variables[self.name] = self.item
        self.tracer.places.pop(self.name, None)
        if self.place:
            self.tracer.places[self.name] = self.place

    def __exit__(self, *_: object) -> None:
        self.tracer.places.pop(self.name, None)
