"""When two values mean the same although they are written in two ways."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from assay.inventory.values import Choice, Unknown, Value, to_json

_CASE = re.compile(r"\$(?:lowercase|uppercase)\([\w.]+\)")
_JOINED = re.compile(r'\$join\(\["((?:[^"\\]|\\.)*)", [\w.]+\]\)')
_LONGER = re.compile(r'\$join\(\[(?:\$string\()?[\w.]+\)?, "\.\*?"\]\)')


def same_scalar(declared: Value, live: Value, transforms: Sequence[str]) -> bool | None:
    """Return whether two scalars mean the same; None where one may be another way to write the other."""
    if _is_number(declared) and _is_number(live):
        return declared == live
    if not isinstance(declared, str) or not isinstance(live, str):
        return _plainly(declared) == _plainly(live)
    if declared == live:
        return True
    same = [_transformed(each, declared, live) for each in transforms]
    if True in same:
        return True
    if declared.startswith("arn:") != live.startswith("arn:"):
        name, arn = (live, declared) if declared.startswith("arn:") else (declared, live)
        # A name where an ARN may stand: an alias of a key, for one, says nothing of the key's ARN.
        return True if name and arn.endswith((f"/{name}", f":{name}")) else None
    return None if None in same else False


def _plainly(value: Value) -> Value:
    """Return a scalar of a property without a type as text: 8080 and "8080", true and "true" are one value there."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _transformed(transform: str, declared: str, live: str) -> bool | None:
    """Return whether the live text is what a transform makes of the declared one; None for a form we do not read."""
    if _CASE.fullmatch(transform):
        return declared.casefold() == live.casefold()
    if _LONGER.fullmatch(transform):
        return live.startswith(f"{declared}.")
    if match := _JOINED.fullmatch(transform):
        # Only that something like an ARN precedes is asked; the pattern of the schema is a stranger's expression.
        return (live.endswith(declared) and live.startswith("arn:")) if "arn" in match[1] else None
    return None


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_list(value: Value) -> bool:
    """Return whether a value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def is_tag(value: Value) -> bool:
    """Return whether a value is a tag."""
    return isinstance(value, Mapping) and "Key" in value and set(value) <= {"Key", "Value", "PropagateAtLaunch"}


def fits(parts: Sequence[str], text: str) -> bool:
    """Return whether a text has the known parts, in order, from its beginning to its end."""
    first, *inner, last = parts
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for each in inner:
        found = text.find(each, at, end)
        if found < 0:
            return False
        at = found + len(each)
    return True


def parsed(value: Value) -> Value:
    """Return what a text of JSON holds; anything else as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        found: Value = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found


def has_holes(value: Value) -> bool:
    """Return whether something in a value is not known."""
    return any(True for _ in _holes(value))


def _holes(value: Value) -> Iterator[Value]:
    if isinstance(value, (Unknown, Choice)):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _holes(each)
    elif is_list(value):
        for each in value:  # type: ignore[union-attr]  # a sequence
            yield from _holes(each)


_LABELS: Final = ("Name", "Key", "Id", "Sid", "PolicyName")


def label_of(value: Value) -> str:
    """Return by what an object within a list is told from the others, "" when by nothing we know."""
    if not isinstance(value, Mapping):
        return ""
    return next((f"{key} {value[key]}" for key in _LABELS if isinstance(value.get(key), str)), "")


def text_of(value: Value) -> str:
    """Return a value as text, equal for equal values."""
    return json.dumps(to_json(value), sort_keys=True)


def canonical(value: Value) -> str:
    """Return a policy document as text in which the order of lists does not matter."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key!r}:{canonical(each)}" for key, each in sorted(value.items())) + "}"
    if is_list(value):
        return "[" + ",".join(sorted(canonical(each) for each in value)) + "]"  # type: ignore[union-attr]
    return repr(value)
