"""The reference interpreter: what an expression means. Kleene logic with reasons; the executable specification.

A tree is turned once into nested Python closures (`program`). A closure takes a `Frame` and returns a value: plain JSON, or
an `Unknown`. What CEL calls an error (overflow, index out of range) is an unknown here, so that `&&` and `||` absorb both
alike. A `Choice` met on the way raises `Split`: the caller evaluates again for each outcome of its variable, so the closures
never see one.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from assay.expressions import relations
from assay.expressions.function import Function
from assay.expressions.functions import FUNCTIONS, holes
from assay.expressions.tree import Call, Comprehension, Has, ListOf, Literal, MapOf, Node, Select, Variable
from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

_NAMED: Mapping[str, Function] = {each.name: each for each in FUNCTIONS}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Split(Exception):  # noqa: N818 - a signal to the caller, not an error
    """The value of an undecided variable is needed."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        super().__init__(choice.variable)


@dataclass(slots=True)
class Frame:
    """What one evaluation sees: variables, the outcomes fixed so far, the inventory, and which mapping is which resource."""

    variables: dict[str, Value]
    world: Mapping[str, str]
    inventory: Inventory | None = None
    resources: dict[int, str] = field(default_factory=dict)

    def settle(self, value: Value) -> Value:
        """Return the value with choices over fixed variables taken. Raises Split for the first free one."""
        while isinstance(value, Choice):
            outcome = self.world.get(value.variable)
            if outcome is None:
                raise Split(value)
            value = dict(value.options).get(outcome)
        return value

    def settle_all(self, value: Value) -> Value:
        """Return the value with every choice within it taken; the same object when there is none."""
        value = self.settle(value)
        if isinstance(value, Mapping):
            settled = {key: self.settle_all(each) for key, each in value.items()}
            return value if all(settled[key] is value[key] for key in settled) else settled
        if isinstance(value, list | tuple):
            items = [self.settle_all(each) for each in value]
            if all(new is old for new, old in zip(items, value, strict=True)):
                return value
            return [each for each in items if each is not None]
        return value


Program: TypeAlias = Callable[[Frame], Value]


def failed(detail: str) -> Unknown:
    """Return the unknown that a failed evaluation is."""
    return Unknown(Reason(Cause.ERROR, "expression", detail))


def program(node: Node) -> Program:
    """Return the closure that evaluates a tree."""
    match node:
        case Literal(value=value):
            return lambda _: value
        case Variable(name=name):
            return lambda frame: frame.settle(frame.variables[name])
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


def _mapping(frame: Frame, pairs: Sequence[tuple[Program, Program]]) -> Value:
    made: dict[str, Value] = {}
    for key, value in pairs:
        name = key(frame)
        if isinstance(name, Unknown):
            return name
        made[str(name)] = value(frame)
    return made


def _select(node: Select) -> Program:
    operand, name, absent = program(node.operand), node.field, node.absent

    def run(frame: Frame) -> Value:
        value = operand(frame)
        if isinstance(value, Mapping):
            found = value.get(name)
            if isinstance(found, Choice):
                found = frame.settle(found)
            return absent if found is None else found
        if isinstance(value, Unknown):
            return _part(value, name)
        return absent if value is None else _unfit(value, "object")

    return run


def _part(whole: Unknown, name: str) -> Unknown:
    """Return what a property of an unknown object is: unknown for the same reason, and perhaps not there."""
    return Unknown(whole.reason) if whole.present or whole.parts or whole.reference else whole


def _unfit(value: Value, wanted: str) -> Unknown:
    return Unknown(Reason(Cause.MALFORMED, wanted, f"{str(value)[:60]!r} is not a {wanted}"), present=True)


def _has(node: Has) -> Program:
    operand, name = _stated(node.operand), node.field

    def run(frame: Frame) -> Value:
        value = operand(frame)
        if isinstance(value, Mapping):
            found = value.get(name)
            if isinstance(found, Choice):
                found = frame.settle(found)
            if isinstance(found, Unknown):
                return True if found.present else found
            return found is not None
        return value if isinstance(value, Unknown) else False

    return run


def _stated(node: Node) -> Program:
    """Return the closure for an operand of `has`: what is stated, not what the platform would make of its absence."""
    if not isinstance(node, Select):
        return program(node)
    operand, name = _stated(node.operand), node.field

    def run(frame: Frame) -> Value:
        value = operand(frame)
        if isinstance(value, Mapping):
            return frame.settle(value.get(name))
        return _part(value, name) if isinstance(value, Unknown) else None

    return run


def _call(node: Call) -> Program:
    arguments = [program(each) for each in node.arguments]
    match node.function, arguments:
        case "_&&_", [left, right]:
            return lambda frame: conjunction(left, right, frame)
        case "_||_", [left, right]:
            return lambda frame: disjunction(left, right, frame)
        case "!_", [one]:
            return lambda frame: negation(one(frame))
        case "_?_:_", [condition, then, otherwise]:
            return lambda frame: _ternary(frame, condition, then, otherwise)
    if node.function in relations.RELATIONS:
        return _relation(node, arguments[0])
    if node.function in _NAMED:
        answer = _NAMED[node.function].call
        return lambda frame: answer(*[frame.settle_all(each(frame)) for each in arguments])
    operation = _OPERATIONS[node.function]
    if len(arguments) == 1:
        (only,) = arguments
        return lambda frame: operation(_settled(frame, only))
    first, second = arguments
    return lambda frame: operation(_settled(frame, first), _settled(frame, second))


def _settled(frame: Frame, argument: Program) -> Value:
    value = argument(frame)
    return frame.settle_all(value) if isinstance(value, list | tuple | Mapping) else value


def truth(value: Value) -> bool | Unknown:
    """Return the value as a truth; what is neither true nor false is unknown."""
    if isinstance(value, bool | Unknown):
        return value
    return _unfit(value, "boolean")


def conjunction(left: Program, right: Program, frame: Frame) -> bool | Unknown:
    """Kleene's and: false decides."""
    first = truth(left(frame))
    if first is False:
        return False
    second = truth(right(frame))
    if second is False or first is True:
        return second
    return first


def disjunction(left: Program, right: Program, frame: Frame) -> bool | Unknown:
    """Kleene's or: true decides."""
    first = truth(left(frame))
    if first is True:
        return True
    second = truth(right(frame))
    if second is True or first is False:
        return second
    return first


def negation(value: Value) -> bool | Unknown:
    """Kleene's not."""
    one = truth(value)
    return one if isinstance(one, Unknown) else not one


def _ternary(frame: Frame, condition: Program, then: Program, otherwise: Program) -> Value:
    decided = truth(condition(frame))
    if not isinstance(decided, Unknown):
        return then(frame) if decided else otherwise(frame)
    left, right = then(frame), otherwise(frame)
    return left if equal(left, right) is True else decided


def _relation(node: Call, subject: Program) -> Program:
    wanted = [each.value for each in node.arguments[1:] if isinstance(each, Literal)]
    kind = str(wanted[0])

    def one(frame: Frame, value: Value) -> Value:
        found, properties = relations.target(frame.inventory, value, kind)
        if found:
            frame.resources[id(properties)] = found
        return properties

    def targets(frame: Frame) -> Value:
        values = subject(frame)
        if isinstance(values, Unknown):
            return values if not values.reference else [one(frame, values)]
        given = values if isinstance(values, list | tuple) else [values]
        return [one(frame, frame.settle(each)) for each in given if each is not None]

    def referrers(frame: Frame) -> Value:
        judged = frame.resources.get(id(subject(frame)), "")
        found = relations.referrers(frame.inventory, judged, kind, str(wanted[1]))
        frame.resources.update({id(properties): name for name, properties in found})
        return [properties for _, properties in found]

    match node.function:
        case "target":
            return lambda frame: one(frame, subject(frame))
        case "targets":
            return targets
        case _:
            return referrers


def elements(frame: Frame, value: Value) -> Sequence[Value] | Unknown:
    """Return the elements of a list or the keys of a map, choices taken and absent ones left out."""
    if isinstance(value, Unknown):
        return value
    if value is None:
        return ()
    if isinstance(value, Mapping):
        return list(value)
    if isinstance(value, list | tuple):
        settled = (frame.settle(each) if isinstance(each, Choice) else each for each in value)
        return [each for each in settled if each is not None]
    return _unfit(value, "list")


def _comprehension(node: Comprehension) -> Program:
    over, body, name = program(node.over), program(node.body), node.variable
    where = program(node.where) if node.where is not None else None

    def bodies(frame: Frame, items: Sequence[Value]) -> Any:
        shadowed = frame.variables.get(name)
        had = name in frame.variables
        try:
            for item in items:
                frame.variables[name] = item
                yield item, body(frame)
        finally:
            if had:
                frame.variables[name] = shadowed
            else:
                frame.variables.pop(name, None)

    def quantified(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        if isinstance(items, Unknown):
            return items
        deciding = node.macro == "exists"
        doubt: Unknown | None = None
        for _, answer in bodies(frame, items):
            answered = truth(answer)
            if answered is deciding:
                return deciding
            if doubt is None and isinstance(answered, Unknown):
                doubt = answered
        return (not deciding) if doubt is None else doubt

    def exactly_one(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        if isinstance(items, Unknown):
            return items
        answers = [truth(answer) for _, answer in bodies(frame, items)]
        doubts = [each for each in answers if isinstance(each, Unknown)]
        certain = sum(each is True for each in answers)
        if certain > 1 or not doubts:
            return certain == 1
        return doubts[0]

    def filtered(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        if isinstance(items, Unknown):
            return items
        kept = [(item, truth(answer)) for item, answer in bodies(frame, items)]
        doubts = [each for _, each in kept if isinstance(each, Unknown)]
        return doubts[0] if doubts else [item for item, answer in kept if answer]

    def mapped(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        if isinstance(items, Unknown):
            return items
        if where is not None:
            chosen = []
            for item in items:
                frame.variables[name] = item
                answer = truth(where(frame))
                if isinstance(answer, Unknown):
                    return answer
                chosen += [item] if answer else []
            items = chosen
        return [answer for _, answer in bodies(frame, items)]

    return {"all": quantified, "exists": quantified, "exists_one": exactly_one, "filter": filtered, "map": mapped}[
        node.macro
    ]


def equal(left: Value, right: Value) -> bool | Unknown:
    """CEL's equality: numbers by value, lists and maps by element, different types never; known text around a hole counts."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equal_unknown(left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        if len(left) != len(right):
            return False
        return _all(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if set(left) != set(right):
            return False
        return _all(equal(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


def _equal_unknown(left: Value, right: Value) -> bool | Unknown:
    unknown, other = (left, right) if isinstance(left, Unknown) else (right, left)
    assert isinstance(unknown, Unknown)
    if other is None and unknown.present:
        return False
    if isinstance(other, str):
        return holes.equals(unknown, other)
    if isinstance(other, Unknown) or not unknown.parts:
        return unknown
    return False  # known to be text, and the other is not


def _all(answers: Any) -> bool | Unknown:
    doubt: Unknown | None = None
    for each in answers:
        if each is False:
            return False
        if doubt is None and isinstance(each, Unknown):
            doubt = each
    return True if doubt is None else doubt


def _first_unknown(*values: Value) -> Unknown | None:
    return next((each for each in values if isinstance(each, Unknown)), None)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    def run(left: Value, right: Value) -> Value:
        if doubt := _first_unknown(left, right):
            return doubt
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if isinstance(left, bool) is not isinstance(right, bool) or not (
            numbers or (isinstance(left, str) and isinstance(right, str))
        ):
            return failed(f"cannot order {left!r} and {right!r}")
        return compare(left, right)

    return run


def _inside(item: Value, container: Value) -> Value:
    if isinstance(container, Unknown):
        return container
    if isinstance(container, Mapping):
        return item if isinstance(item, Unknown) else item in container
    if not isinstance(container, list | tuple):
        return False if container is None else _unfit(container, "list")
    return negation(_all(negation(equal(item, each)) for each in container))


def _size(value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)
    return 0 if value is None else _unfit(value, "list")


def _index(container: Value, index: Value) -> Value:
    if doubt := _first_unknown(container, index):
        return doubt
    if isinstance(container, Mapping):
        found = container.get(str(index))
        return failed(f"no key {index!r}") if found is None else found
    if isinstance(container, list | tuple) and isinstance(index, int) and not isinstance(index, bool):
        return (
            container[index] if 0 <= index < len(container) else failed(f"index {index} of {len(container)} elements")
        )
    return failed(f"cannot take [{index!r}]")


def _calculation(calculate: Callable[[Any, Any], Any]) -> Callable[[Value, Value], Value]:
    def run(left: Value, right: Value) -> Value:
        if doubt := _first_unknown(left, right):
            return doubt
        if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
            return failed(f"cannot calculate with {left!r} and {right!r}")
        try:
            return _in_range(calculate(left, right))
        except (TypeError, ZeroDivisionError, OverflowError, ValueError) as error:
            return failed(str(error))

    return run


def _in_range(value: Value) -> Value:
    if isinstance(value, int) and not _SMALLEST <= value <= _LARGEST:
        return failed("integer overflow")
    return value


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return [*left, *right]
    return left + right


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)  # CEL truncates toward zero
        return quotient if (left < 0) == (right < 0) else -quotient
    if right == 0:
        return math.nan if left == 0 else math.copysign(math.inf, left)
    return left / right


def _remainder(left: Any, right: Any) -> Any:
    if not (isinstance(left, int) and isinstance(right, int)):
        raise TypeError("remainder is for integers")
    return left - right * _divide(left, right)


def _minus(value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return failed(f"cannot negate {value!r}")
    return _in_range(-value)


def _about_text(ask: Callable[[str, str], bool], glob: str) -> Callable[[Value, Value], Value]:
    """Return a question about two texts; `glob` is its pattern around {}, to answer for text with holes."""

    def run(text: Value, other: Value) -> Value:
        if isinstance(other, Unknown):
            return other
        if isinstance(text, Unknown):
            if not isinstance(other, str) or not text.parts or "*" in other or "?" in other:
                return text
            return holes.matches(text, glob.format(other))
        if text is None or other is None:
            return False
        if not isinstance(text, str) or not isinstance(other, str):
            return _unfit(text if not isinstance(text, str) else other, "text")
        return ask(text, other)

    return run


@lru_cache(maxsize=1024)
def _regex(pattern: str) -> "re.Pattern[str] | None":
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _matches(text: Value, pattern: Value) -> Value:
    if doubt := _first_unknown(text, pattern):
        return doubt
    compiled = _regex(str(pattern))
    if compiled is None:
        return failed(f"{pattern!r} is not a regular expression")
    return compiled.search(str(text or "")) is not None


_NUMBER = re.compile(r"[+-]?\d+")


def _to_int(value: Value) -> Value:
    match value:
        case Unknown():
            return value
        case bool():
            return failed("a boolean is not a number")
        case int():
            return value
        case float():
            return _in_range(int(value)) if math.isfinite(value) else failed("not a finite number")
        case str() if _NUMBER.fullmatch(value) and len(value) < 25:
            return _in_range(int(value))
        case _:
            return failed(f"{str(value)[:40]!r} is not an integer")


def _to_double(value: Value) -> Value:
    match value:
        case Unknown():
            return value
        case bool() | None:
            return failed("not a number")
        case int() | float() | str():
            try:
                return float(value)
            except (ValueError, OverflowError):
                return failed(f"{str(value)[:40]!r} is not a number")
        case _:
            return failed("not a number")


def _to_string(value: Value) -> Value:
    match value:
        case Unknown() | str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case _:
            return failed(f"{str(value)[:40]!r} is not text")


def _to_bool(value: Value) -> Value:
    if isinstance(value, str):
        words = {"true": True, "True": True, "TRUE": True, "1": True, "t": True}
        words |= {"false": False, "False": False, "FALSE": False, "0": False, "f": False}
        return words.get(value, failed(f"{value[:40]!r} is neither true nor false"))
    return value if isinstance(value, bool | Unknown) else failed("neither true nor false")


_OPERATIONS: Mapping[str, Callable[..., Value]] = {
    "_==_": equal,
    "_!=_": lambda left, right: negation(equal(left, right)),
    "_<_": _ordered(lambda left, right: left < right),
    "_<=_": _ordered(lambda left, right: left <= right),
    "_>_": _ordered(lambda left, right: left > right),
    "_>=_": _ordered(lambda left, right: left >= right),
    "_+_": _calculation(_add),
    "_-_": _calculation(lambda left, right: left - right),
    "_*_": _calculation(lambda left, right: left * right),
    "_/_": _calculation(_divide),
    "_%_": _calculation(_remainder),
    "-_": _minus,
    "_[_]": _index,
    "@in": _inside,
    "size": _size,
    "startsWith": _about_text(str.startswith, "{}*"),
    "endsWith": _about_text(str.endswith, "*{}"),
    "contains": _about_text(str.__contains__, "*{}*"),
    "matches": _matches,
    "int": _to_int,
    "double": _to_double,
    "string": _to_string,
    "bool": _to_bool,
    "dyn": lambda value: value,
}
