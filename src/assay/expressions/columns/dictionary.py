"""Calls that Python answers, once per distinct argument: by the interpreter's own functions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assay.expressions.columns.plan import Lane
from assay.expressions.columns.sql import NotCompilable, canonical
from assay.expressions.function import Function
from assay.expressions.functions import FUNCTIONS
from assay.expressions.interpreter import Frame, Split, program
from assay.expressions.tree import Call, Variable
from assay.inventory.schema import ANY, Kind, Type
from assay.inventory.values import Cause, Reason, Unknown, Value, from_json

_NAMED = {each.name: each for each in FUNCTIONS}
_BETWEEN_ARGUMENTS, _AFTER_FIELD = "\x1e", "\x1f"  # JSON text has no raw control characters
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
        fields = fields_of(function) if function else tuple(() for _ in constants)
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


# What a function looks at of its first argument, where that is less than the properties that its type has. The narrower
# a key, the fewer of them there are. A law holds that nothing else makes a difference.
_ACTIONS = ("Effect", "Action", "NotAction")
_CALLERS = ("Effect", "Principal", "NotPrincipal", "Condition")
_PORTS = ("IpProtocol", "Protocol", "FromPort", "ToPort", "PortRange")
LOOKS_AT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("opensPort", "opensAnyPort", "opensAllPorts", "opensOnlyPorts"), _PORTS),
    **dict.fromkeys(("grants", "grantsAnyAction", "grantsSome", "grantsWholeService", "grantsEverything"), _ACTIONS),
    "denies": _ACTIONS,
    "onEverything": ("Resource", "NotResource"),
    "grantsAtWill": (*_ACTIONS, "Resource", "NotResource"),
    "anyPrincipal": ("Effect", "Principal", "NotPrincipal"),
    "principalAccounts": ("Principal",),
    **dict.fromkeys(("isPublic", "trustsOutside"), _CALLERS),
    "requiresTls": ("Action", "Resource", *_CALLERS),
    **dict.fromkeys(("conditionKeys", "conditionValues", "hasCondition"), ("Condition",)),
}


def fields_of(function: Function) -> tuple[tuple[str, ...], ...]:
    """Return, of each argument, the properties that the function looks at; () for the whole of it."""
    stated = [tuple(name for name, _ in kind.own) for _, kind in function.parameters]
    return (LOOKS_AT.get(function.name, stated[0]), *stated[1:])


def _decoded(text: str, fields: tuple[str, ...]) -> Value:
    if not text:
        return _NOTHING_KNOWN
    if fields and _AFTER_FIELD in text:
        *parts, _ = text[1:].split(_AFTER_FIELD)
        return {name: _value(part) for name, part in zip(fields, parts, strict=True) if part}
    return _value(text)


@lru_cache(maxsize=65536)
def _value(text: str) -> Value:
    """Return the value of a JSON text; nobody changes it, so that one may serve many calls."""
    return from_json(json.loads(text))
