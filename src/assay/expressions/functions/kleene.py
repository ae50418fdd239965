"""Three-valued logic over `bool | Unknown`, and reading of values that may be absent, unknown or of the wrong type.

Kleene: a true operand decides an "or", a false one an "and"; only then does an unknown operand count. An unknown result
carries the reason of the first unknown operand.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

Truth: TypeAlias = bool | Unknown


def any_of(operands: Iterable[Truth]) -> Truth:
    """Return whether one operand is true; False for none at all."""
    doubt: Unknown | None = None
    for operand in operands:
        if operand is True:
            return True
        if doubt is None and isinstance(operand, Unknown):
            doubt = operand
    return False if doubt is None else doubt


def all_of(operands: Iterable[Truth]) -> Truth:
    """Return whether every operand is true; True for none at all."""
    return negate(any_of(negate(operand) for operand in operands))


def negate(operand: Truth) -> Truth:
    """Return the opposite; unknown stays unknown."""
    return operand if isinstance(operand, Unknown) else not operand


def malformed(value: Value, expected: str) -> Unknown:
    """Return the unknown that stands for a value which is not what its place demands."""
    return Unknown(Reason(Cause.MALFORMED, expected, f"{value!r} is not {expected}"), present=True)


def doubt_of(value: Value) -> Unknown | None:
    """Return the value's unknown when it is not known at all, else None. A `Choice` that nobody split is unknown."""
    match value:
        case Unknown():
            return value
        case Choice(_, reason, _):
            return Unknown(reason)
        case _:
            return None


def property_of(value: Value, name: str) -> Value:
    """Return a property of an object; None when the property or the object is absent."""
    if isinstance(value, Unknown | Choice):
        return doubt_of(value)
    return value.get(name) if isinstance(value, Mapping) else None


def is_present(value: Value) -> Truth:
    """Return whether there is a value; an unknown may say that there is one."""
    doubt = doubt_of(value)
    return value is not None if doubt is None else doubt.present or doubt


def items_of(value: Value) -> Sequence[Value]:
    """Return the items of a list; a single value counts as a list of one, absent as none, unknown as one unknown
    item.
    """
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [each for each in value if each is not None]
    return (value,)
