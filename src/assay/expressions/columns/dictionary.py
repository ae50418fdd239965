"""Calls that Python answers, once per distinct argument: the interpreter's own functions, so that they cannot differ."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assay.expressions.columns.plan import Lane
from assay.expressions.columns.sql import NotCompilable, canonical
from assay.expressions.function import Function
from assay.expressions.functions import FUNCTIONS
from assay.expressions.interpreter import Frame, Split, program
from assay.expressions.tree import Call, Variable
from assay.inventory.schema import ANY, Kind, Type
from assay.inventory.values import Cause, Reason, Unknown, Value, from_json

_NAMED = {each.name: each for each in FUNCTIONS}
_BETWEEN_ARGUMENTS, _BETWEEN_FIELDS = "\x1e", "\x1f"  # JSON text has no raw control characters
_NOTHING_KNOWN = Unknown(Reason(Cause.ERROR, "expression", "unknown"))


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A call: the function, its constant arguments (JSON text; None where the argument varies), and the answer's form.

    fields  Of each argument the properties that the function looks at, () for all of it.
    """

    function: str
    type: Type
    constants: tuple[str | None, ...]
    fields: tuple[tuple[str, ...], ...]
    lane: Lane

    @staticmethod
    def of(node: Call, constants: Sequence[str | None]) -> "Dictionary":
        """Return the dictionary of a call."""
        function = _NAMED.get(node.function)
        fields = _fields(function) if function else tuple(() for _ in constants)
        lane = Lane.TRUTH if node.type.kind is Kind.BOOLEAN else Lane.JSON
        return Dictionary(node.function, node.type, tuple(constants), fields, lane)

    def answers(self, keys: Iterable[str]) -> list[str | None]:
        """Return the answer to each key as JSON text, None for nothing known."""
        names = tuple(str(number) for number in range(len(self.constants)))
        call = program(Call(self.type, 0, self.function, tuple(Variable(ANY, 0, name) for name in names)))
        fixed = [None if each is None else from_json(json.loads(each)) for each in self.constants]

        def answer(key: str) -> str | None:
            given = iter(key.split(_BETWEEN_ARGUMENTS))
            try:
                values = [
                    value if text is not None else _decoded(next(given), fields)
                    for value, text, fields in zip(fixed, self.constants, self.fields, strict=True)
                ]
                return self._encoded(call(Frame(dict(zip(names, values, strict=True)), {})))
            except (Split, NotCompilable, ValueError, KeyError, RecursionError):
                # Undecided, or no document that we wrote: the interpreter will say what it is.
                return None

        return [answer(key) for key in keys]

    def _encoded(self, value: Value) -> str | None:
        if self.lane is Lane.TRUTH:
            return {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
        return canonical(value)


def _fields(function: Function) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(name for name, _ in kind.own) for _, kind in function.parameters)


def _decoded(text: str, fields: tuple[str, ...]) -> Value:
    if not text:
        return _NOTHING_KNOWN
    if fields and _BETWEEN_FIELDS in text:
        parts = text[1:].split(_BETWEEN_FIELDS)
        return {name: from_json(json.loads(part)) for name, part in zip(fields, parts, strict=True) if part}
    return from_json(json.loads(text))
