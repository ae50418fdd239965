"""What a literal argument of a named function must look like: one that is misspelt answers the same for every
resource, so it is refused when the expression is read.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from assay.expressions.functions.cidr import parse_network
from assay.expressions.functions.ports import HIGHEST_PORT
from assay.expressions.functions.support_dates import END_OF_SUPPORT
from assay.inventory.values import Value

_Test: TypeAlias = tuple[Callable[[Value], bool], str]


def _like(pattern: str) -> Callable[[Value], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _is_port(value: Value) -> bool:
    return isinstance(value, int) and 0 <= value <= HIGHEST_PORT


_ACTION: _Test = (_like(r"\*|[a-zA-Z0-9*?-]+:[a-zA-Z0-9*?]+"), 'an action, such as "s3:GetObject"')
_RANGE: _Test = (lambda value: parse_network(str(value)) is not None, "an IP address range")
_PORT: _Test = (_is_port, "a port")

# Parameter's name → (what its literals satisfy, what that is).
_TESTS: Mapping[str, _Test] = {
    "action": _ACTION,
    "actions": _ACTION,
    "accounts": (_like(r"[0-9]{12}"), "an account: twelve digits"),
    "cidr": _RANGE,
    "outer": _RANGE,
    "port": _PORT,
    "ports": _PORT,
    "lowest": (_like(r"[0-9]+(\.[0-9]+)*"), "a dotted version"),
    "kind": (lambda value: value in END_OF_SUPPORT, f"one of {', '.join(sorted(END_OF_SUPPORT))}"),
    "now": (_like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "a date, such as 2026-11-24"),
}


def objection(parameter: str, value: Value) -> str:
    """Return what a literal for the parameter should be, "" when it is that."""
    test = _TESTS.get(parameter)
    return "" if test is None or test[0](value) else test[1]
