"""The reference interpreter: what an expression means. Kleene logic with reasons; the executable specification.

A tree is turned once into nested Python closures (`program`). A closure takes a `Frame` and returns a value: plain
JSON, or an `Unknown`. What CEL calls an error (overflow, index out of range) is an unknown here, so that `&&` and `||`
absorb both alike. A `Choice` met on the way raises `Split`: the caller evaluates again for each outcome of its
variable, so the closures never return one.
"""

from collections.abc import Callable, Mapping, Sequence

from assay.expressions import comprehensions, relations
from assay.expressions.frame import Frame, Program, Split, derived, elements, failed, truth, unfit
from assay.expressions.function import Function
from assay.expressions.functions import FUNCTIONS
from assay.expressions.operations import KEEPS_ITS_OPERAND, OPERATIONS, equal
from assay.expressions.tree import Call, Comprehension, Has, ListOf, Literal, MapOf, Node, Select, Variable
from assay.inventory.schema import Kind
from assay.inventory.values import Choice, Unknown, Value

__all__ = ["Frame", "Program", "Split", "elements", "program", "truth"]

_NAMED: Mapping[str, Function] = {each.name: each for each in FUNCTIONS}


def program(node: Node) -> Program:
    """Return the closure that evaluates a tree."""
    match node:
        case Literal(value=value):
            return lambda _: value
        case Variable(name=name):
            return _variable(name)
        case Select():
            return _select(node)
        case Has():
            return _has(node)
        case Call():
            return _call(node)
        case ListOf(items=items):
            parts = [program(each) for each in items]
            return lambda frame: [part(frame) for part in parts]
        case MapOf(entries=entries):
            pairs = [(program(key), program(value)) for key, value in entries]
            return lambda frame: _mapping(frame, pairs)
        case Comprehension():
            return _comprehension(node)


def _variable(name: str) -> Program:
    def run(frame: Frame) -> Value:
        value = frame.variables[name]
        return frame.settle(value) if isinstance(value, Choice) else value

    return run


def _mapping(frame: Frame, pairs: Sequence[tuple[Program, Program]]) -> Value:
    made: dict[str, Value] = {}
    for key, value in pairs:
        name = key(frame)
        if isinstance(name, Unknown):
            return name
        if not isinstance(name, str):
            return unfit(name, "text")
        if name in made:
            return failed(f"key {name!r} twice")
        made[name] = value(frame)
    return made


# Properties


def _select(node: Select) -> Program:
    operand, name, absent = program(node.operand), node.field, node.absent

    def run(frame: Frame) -> Value:
        value = operand(frame)
        if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101 - asking for a dict is ten times faster
            found = value.get(name)
            if isinstance(found, Choice):
                found = frame.settle(found)
            return (frame.unstated(value, name) or absent) if found is None else found
        if isinstance(value, Unknown):
            return _part(value)
        return absent if value is None else unfit(value, "object")

    return run


def _part(whole: Unknown) -> Unknown:
    """Return what a property of an unknown object is: unknown for the same reason, and perhaps not there."""
    return Unknown(whole.reason) if whole.present or whole.parts or whole.reference else whole


def _has(node: Has) -> Program:
    operand, name = _stated(node.operand), node.field

    def run(frame: Frame) -> Value:
        found = _stated_property(frame, operand(frame), name)
        if isinstance(found, Unknown):
            return True if found.present else derived(found)
        return found is not None

    return run


def _stated(node: Node) -> Program:
    """Return the closure for an operand of `has`: what is stated, not what the platform would make of its absence."""
    if not isinstance(node, Select):
        return program(node)
    operand, name = _stated(node.operand), node.field
    return lambda frame: _stated_property(frame, operand(frame), name)


def _stated_property(frame: Frame, value: Value, name: str) -> Value:
    """Return a property as it is stated; None when it is absent, or what should have it is no object."""
    if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101 - see _select
        found = frame.settle(value.get(name))
        return frame.unstated(value, name) if found is None else found
    return _part(value) if isinstance(value, Unknown) else None


# Logic, functions, operators


def _call(node: Call) -> Program:
    arguments = [program(each) for each in node.arguments]
    match node.function, arguments:
        case "_&&_", [left, right]:
            return _conjunction(left, right)
        case "_||_", [left, right]:
            return _disjunction(left, right)
        case "_?_:_", [condition, then, otherwise]:
            return lambda frame: _ternary(frame, condition, then, otherwise)
    if node.function in relations.RELATIONS:
        return relations.program(node, arguments[0])
    if node.function in _NAMED:
        return _function(_NAMED[node.function], arguments)
    return _operation(node, arguments)


def _function(named: Function, arguments: Sequence[Program]) -> Program:
    call, keeps = named.call, named.result.kind is not Kind.BOOLEAN

    def run(frame: Frame) -> Value:
        answer: Value = call(*[frame.settle_all(each(frame)) for each in arguments])
        return answer if keeps or not isinstance(answer, Unknown) else derived(answer)

    return run


def _operation(node: Call, arguments: Sequence[Program]) -> Program:
    operation: Callable[..., Value] = OPERATIONS[node.function]
    if node.function == "_/_" and node.type.kind is Kind.NUMBER:
        operation = _in_doubles(operation)  # JSON writes the number 2.0 as 2, which is still no integer
    if node.function not in KEEPS_ITS_OPERAND:
        operation = _deriving(operation)
    if len(arguments) == 1:
        (only,) = arguments
        return lambda frame: operation(_settled(frame, only))
    first, second = arguments
    return lambda frame: operation(_settled(frame, first), _settled(frame, second))


def _deriving(operation: Callable[..., Value]) -> Callable[..., Value]:
    def run(*operands: Value) -> Value:
        answer = operation(*operands)
        return derived(answer) if isinstance(answer, Unknown) else answer

    return run


def _in_doubles(operation: Callable[..., Value]) -> Callable[..., Value]:
    def double(value: Value) -> Value:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return lambda left, right: operation(double(left), double(right))


def _settled(frame: Frame, argument: Program) -> Value:
    value = argument(frame)
    if value is None or isinstance(value, str | int):
        return value
    return frame.settle_all(value) if isinstance(value, list | tuple | Mapping) else value


def _conjunction(left: Program, right: Program) -> Program:
    """Kleene's and: false decides."""

    def run(frame: Frame) -> Value:
        first = truth(left(frame))
        if first is False:
            return False
        second = truth(right(frame))
        return second if second is False or first is True else first

    return run


def _disjunction(left: Program, right: Program) -> Program:
    """Kleene's or: true decides."""

    def run(frame: Frame) -> Value:
        first = truth(left(frame))
        if first is True:
            return True
        second = truth(right(frame))
        return second if second is True or first is False else first

    return run


def _ternary(frame: Frame, condition: Program, then: Program, otherwise: Program) -> Value:
    decided = truth(condition(frame))
    if not isinstance(decided, Unknown):
        return then(frame) if decided else otherwise(frame)
    left, right = then(frame), otherwise(frame)
    # Equal is not enough: 1 and 1.0 are, and divide differently.
    same = type(left) is type(right) and not isinstance(left, list | Mapping) and equal(left, right) is True
    return left if same else decided


def _comprehension(node: Comprehension) -> Program:
    over, body, name = program(node.over), program(node.body), node.variable
    match node.macro:
        case "filter":
            return comprehensions.filtered(over, name, body)
        case "map":
            where = program(node.where) if node.where is not None else None
            return comprehensions.mapped(over, name, body, where)
        case "exists_one":
            return comprehensions.exactly_one(over, name, body)
        case _:
            return comprehensions.quantified(over, name, body, deciding=comprehensions.QUANTIFIERS[node.macro])
