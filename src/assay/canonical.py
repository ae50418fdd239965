"""One value, one text: canonical JSON (RFC 8785), the digest that names it, what it has no text for, and moments."""

import datetime
import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, Union

import rfc8785

Json: TypeAlias = Union[str, int, float, bool, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007

_EXACT = 2**53  # RFC 8785, section 3.2.2.3: numbers are doubles, so larger integers have no one text

_MARKED = re.compile(r"\$+(number|text)")


def canonical(value: Json) -> bytes:
    """Return the canonical text of a value. Raises ValueError on what has none: NaN, integers from 2**53 on."""
    if _plain(value):  # the standard library writes these the same, six times faster; a property test compares
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return rfc8785.dumps(value)


def _plain(value: Any) -> bool:
    """Whether there is no number but small integers, and no key whose order in UTF-16 is another."""
    kind = type(value)
    if kind is str:
        return True
    if kind is dict:
        return all(type(key) is str and key.isascii() and _plain(each) for key, each in value.items())
    if kind is list or kind is tuple:
        return all(map(_plain, value))
    if kind is int:
        return bool(-_EXACT < value < _EXACT)
    return kind is bool or value is None


def digest(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal: the name of everything that is stored by content."""
    return hashlib.sha256(content).hexdigest()


def rfc3339(at: datetime.datetime) -> str:
    """Return a moment as every document has it: RFC 3339, UTC, whole seconds."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exact(value: Any) -> Any:
    """Return JSON that canonical JSON writes without loss: there, 1.0 is 1, and some numbers and texts do not exist."""
    match value:
        case bool() | None:
            return value
        case float() if value.is_integer() or not math.isfinite(value):
            return {"$number": repr(value)}
        case float():
            return value
        case int():
            return value if abs(value) < _EXACT else {"$number": str(value)}
        case str():
            whole = value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value)
            return str(value) if whole else {"$text": value.encode("utf-16-le", "surrogatepass").hex()}
        case dict():
            escape = "$" if len(value) == 1 and _MARKED.fullmatch(next(iter(value))) else ""
            return {escape + key: exact(each) for key, each in value.items()}
        case _:
            return [exact(each) for each in value]


def inexact(value: Any) -> Any:
    """Return the JSON that `exact` was given."""
    match value:
        case {"$number": str(number)} if len(value) == 1:
            return int(number) if number.lstrip("-").isdigit() else float(number)
        case {"$text": str(text)} if len(value) == 1:
            return bytes.fromhex(text).decode("utf-16-le", "surrogatepass")
        case dict():
            escape = "$" if len(value) == 1 and _MARKED.fullmatch(next(iter(value))) else ""
            return {key.removeprefix(escape): inexact(each) for key, each in value.items()}
        case list():
            return [inexact(each) for each in value]
        case _:
            return value
