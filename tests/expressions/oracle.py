"""Google's reference implementation of CEL, as an oracle: what it says of a text, in our values."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

REFUSED, FAILS = "refused when it is read", "fails when it is evaluated"


@lru_cache(maxsize=64)
def _environment(names: tuple[str, ...]) -> Any:
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN))


def reference(text: str, bindings: Mapping[str, Any] | None = None, *, unchecked: bool = False) -> Any:
    """The value of a text; `REFUSED` or `FAILS` when it has none. unchecked: types are compared when it runs only."""
    given = dict(bindings or {})
    try:
        compiled = _environment(tuple(sorted(given))).compile(text, unchecked)
    except RuntimeError:
        return REFUSED
    try:
        answer = compiled.eval(data=given)
    except RuntimeError:
        return FAILS
    return FAILS if answer.type() == cel.Type.ERROR else plain(answer.value())


def plain(value: Any) -> Any:
    """Lists and maps of the reference implementation as our own."""
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return plain(value.value()) if hasattr(value, "value") and callable(value.value) else value
