"""CEL's operators and standard functions on plain values (no `Choice`); unknown in, unknown out, unless the known part
decides.

What CEL calls an error (overflow, no such index) is an unknown with the cause `error`. Two things are read more kindly
than CEL does, because properties are JSON: integers and other numbers mix, and an absent value of free form counts as
empty text or an empty list.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from assay.expressions.frame import derived, doubtful, failed, truth, unfit
from assay.expressions.functions import holes
from assay.expressions.regex import matcher
from assay.inventory.values import Unknown, Value

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1

Binary: TypeAlias = Callable[[Value, Value], Value]


def negation(value: Value) -> bool | Unknown:
    """Kleene's not."""
    one = truth(value)
    return one if isinstance(one, Unknown) else not one


# Equality


def equal(left: Value, right: Value) -> bool | Unknown:
    """CEL's equality: numbers by value, lists and maps by element, different types never.

    Known text around a hole counts.
    """
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _equal_unknown(left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return _equal_lists(left, right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _equal_maps(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return str.__eq__(left, right)  # text that is marked as secret is text
    return left is None and right is None


def _equal_unknown(left: Value, right: Value) -> bool | Unknown:
    unknown, other = (left, right) if isinstance(left, Unknown) else (right, left)
    assert isinstance(unknown, Unknown)
    if isinstance(other, str):
        return holes.equals(unknown, other)
    if isinstance(other, Unknown):
        return unknown
    if other is None:
        return False if unknown.present else unknown
    return False if unknown.parts else unknown  # known to be text, and the other is not


def _equal_lists(left: Any, right: Any) -> bool | Unknown:
    if doubt := doubtful(left) or doubtful(right):
        return doubt
    if len(left) != len(right):
        return False
    return _all(equal(one, other) for one, other in zip(left, right, strict=True))


def _equal_maps(left: Mapping[str, Value], right: Mapping[str, Value]) -> bool | Unknown:
    alone = [side.get(key) for key in left.keys() ^ right.keys() for side in (left, right) if key in side]
    answers = [each if isinstance(each, Unknown) and not each.present else False for each in alone]
    return _all([*answers, *(equal(left[key], right[key]) for key in left.keys() & right.keys())])


def _all(answers: Any) -> bool | Unknown:
    doubt: Unknown | None = None
    for each in answers:
        if each is False:
            return False
        if doubt is None and isinstance(each, Unknown):
            doubt = each
    return True if doubt is None else doubt


# Order, membership, size, index


def _first_unknown(left: Value, right: Value) -> Unknown | None:
    if isinstance(left, Unknown):
        return left
    return right if isinstance(right, Unknown) else None


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ordered(compare: Callable[[Any, Any], bool]) -> Binary:
    def run(left: Value, right: Value) -> Value:
        if doubt := _first_unknown(left, right):
            return doubt
        alike = any(isinstance(left, kind) and isinstance(right, kind) for kind in (str, bool)) or (
            _is_number(left) and _is_number(right)
        )
        return compare(left, right) if alike else failed(f"cannot order {left!r} and {right!r}")

    return run


def _inside(item: Value, container: Value) -> Value:
    match container:
        case Unknown():
            return container
        case None:
            return False
        case Mapping():
            return _is_key(item, container)
        case list() | tuple():
            # An element that may be absent is unknown, so that it makes no answer true.
            return negation(_all(negation(equal(item, each)) for each in container if each is not None))
        case _:
            return unfit(container, "list")


def _is_key(item: Value, container: Mapping[str, Value]) -> Value:
    if isinstance(item, Unknown):
        return item
    if not isinstance(item, str) or item not in container:
        return False
    entry = container[item]
    return entry if isinstance(entry, Unknown) and not entry.present else True


def _size(value: Value) -> Value:
    match value:
        case Unknown():
            return value
        case None:
            return 0
        case str():
            return len(value)  # code points, as CEL counts
        case list() | tuple() | Mapping():
            return doubtful(value) or len(value)
        case _:
            return unfit(value, "list")


def _index(container: Value, index: Value) -> Value:
    if doubt := _first_unknown(container, index):
        return derived(doubt)
    if isinstance(container, Mapping) and isinstance(index, str):
        return container.get(index)
    if isinstance(index, float) and index.is_integer():
        index = int(index)
    if isinstance(container, list | tuple) and isinstance(index, int) and not isinstance(index, bool):
        before = doubtful(container[: index + 1]) if index >= 0 else None
        if before is not None:
            return derived(before)
        inside = 0 <= index < len(container)
        return container[index] if inside else failed(f"index {index} of {len(container)} elements")
    return failed(f"cannot take [{index!r}] of {str(container)[:40]!r}")


# Calculation


def _calculation(calculate: Callable[[Any, Any], Any]) -> Binary:
    def run(left: Value, right: Value) -> Value:
        if doubt := _first_unknown(left, right):
            return doubt
        if not (_is_number(left) and _is_number(right)):
            return failed(f"cannot calculate with {str(left)[:40]!r} and {str(right)[:40]!r}")
        try:
            return _in_range(calculate(left, right))
        except (ZeroDivisionError, OverflowError, ValueError) as error:
            return failed(str(error))

    return run


def _in_range(value: Value) -> Value:
    if isinstance(value, int) and not _SMALLEST <= value <= _LARGEST:
        return failed("integer overflow")
    return value


_sum = _calculation(lambda left, right: left + right)


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _add_unknown(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return [*left, *right]
    return _sum(left, right)


def _add_unknown(left: Value, right: Value) -> Value:
    """Return the known text around the holes of both, where one has such text; else what is computed."""
    doubt = _first_unknown(left, right)
    assert doubt is not None
    sides = [
        each.parts if isinstance(each, Unknown) else (each,) if isinstance(each, str) else () for each in (left, right)
    ]
    if not all(sides) or not any(isinstance(each, Unknown) and each.parts for each in (left, right)):
        return derived(doubt)
    (*start, last), (first, *rest) = sides
    return Unknown(doubt.reason, present=True, parts=(*start, last + first, *rest))


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)  # CEL truncates toward zero
        return quotient if (left < 0) == (right < 0) else -quotient
    if right == 0:
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def _remainder(left: Any, right: Any) -> Any:
    if not (isinstance(left, int) and isinstance(right, int)):
        raise ValueError("a remainder is of integers")
    if left == _SMALLEST and right == -1:
        raise OverflowError("integer overflow")  # as its quotient has, although the remainder is 0
    return left - right * _divide(left, right)


def _minus(value: Value) -> Value:
    if isinstance(value, Unknown):
        return value
    if not _is_number(value):
        return failed(f"cannot negate {str(value)[:40]!r}")
    assert isinstance(value, int | float)
    return _in_range(-value)


# Text


def _about_text(ask: Callable[[str, str], bool], glob: str) -> Binary:
    """Return a question about two texts; `glob` is its pattern around {}, to answer for text with holes."""

    def run(text: Value, other: Value) -> Value:
        if isinstance(other, Unknown):
            return other
        if isinstance(text, Unknown):
            if not isinstance(other, str) or not text.parts or "*" in other or "?" in other:
                return text
            return holes.matches(text, glob.format(other))
        one, two = "" if text is None else text, "" if other is None else other
        if not isinstance(one, str) or not isinstance(two, str):
            return unfit(two if isinstance(one, str) else one, "text")
        return ask(one, two)

    return run


def _matches(text: Value, pattern: Value) -> Value:
    if doubt := _first_unknown(text, pattern):
        return doubt
    if not isinstance(pattern, str) or not isinstance(text, str | None):
        return unfit(pattern if isinstance(text, str | None) else text, "text")
    found = _matcher(pattern)
    return failed(f"{pattern!r} is not a regular expression") if found is None else found(text or "")


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> Callable[[str], bool] | None:
    try:
        return matcher(pattern)
    except ValueError:
        return None


# Conversion

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,25}\s*", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf|infinity|nan)\s*", re.ASCII | re.I)


def _to_int(value: Value) -> Value:
    match value:
        case Unknown():
            return value
        case bool():
            return failed("a boolean is not a number")
        case int():
            return value
        case float():
            # The largest double below 2**63 is 2**63 - 1024.
            return int(value) if -(2.0**63) < value < 2.0**63 else failed("not within the range of integers")
        case str() if _INTEGER.fullmatch(value):
            return _in_range(int(value))
        case _:
            return failed(f"{str(value)[:40]!r} is not an integer")


def _to_double(value: Value) -> Value:
    match value:
        case Unknown():
            return value
        case bool():
            return failed("a boolean is not a number")
        case int() | float():
            return float(value)
        case str() if _NUMBER.fullmatch(value) and len(value) < 400:
            return float(value)
        case _:
            return failed(f"{str(value)[:40]!r} is not a number")


def _to_string(value: Value) -> Value:
    match value:
        case Unknown() | str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return "-0" if value == 0 and math.copysign(1.0, value) < 0 else str(int(value))
        case int() | float():
            return str(value)
        case _:
            return failed(f"{str(value)[:40]!r} is not text")


_WORDS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "True", "TRUE", "t", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "f", "0"), False),
}


def _to_bool(value: Value) -> Value:
    if isinstance(value, bool | Unknown):
        return value
    found = _WORDS.get(value) if isinstance(value, str) else None
    return failed(f"{str(value)[:40]!r} is neither true nor false") if found is None else found


KEEPS_ITS_OPERAND = ("dyn", "string", "_[_]", "_+_")  # what is known around a hole is known of the result
OPERATIONS: Mapping[str, Callable[..., Value]] = {
    "!_": negation,
    "_==_": equal,
    "_!=_": lambda left, right: negation(equal(left, right)),
    "_<_": _ordered(lambda left, right: left < right),
    "_<=_": _ordered(lambda left, right: left <= right),
    "_>_": _ordered(lambda left, right: left > right),
    "_>=_": _ordered(lambda left, right: left >= right),
    "_+_": _add,
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
