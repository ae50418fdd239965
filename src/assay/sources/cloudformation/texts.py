"""Text with holes: what is known of a text when parts of it are not."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assay.inventory.values import Cause, Reason, Unknown, Value, to_json

_DYNAMIC = re.compile(r"\{\{resolve:([^{}]*)\}\}")
_SHOWN = 60  # characters of a value in a message


def as_text(value: Value) -> str:
    """Return a plain value in the text that CloudFormation makes of it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else json.dumps(to_json(value), sort_keys=True)


def shown(value: object) -> str:
    """Return a value of a template shortly, for messages."""
    text = json.dumps(value, default=str)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def join(pieces: Sequence[Value]) -> Value:
    """Return texts put together; with unknown ones among them, the known text around the holes.

    What begins before a hole and reads as a dynamic reference with it, is one hole.
    """
    parts = [""]
    unknowns: list[Unknown] = []
    for piece in pieces:
        if isinstance(piece, Unknown):
            unknowns.append(piece)
            inner = piece.parts or ("", "")
            parts[-1] += inner[0]
            parts.extend(inner[1:])
        else:
            parts[-1] += as_text(piece)
    if not unknowns:
        return dynamic(parts[0])
    references = list(dict.fromkeys(each.reference for each in unknowns if each.reference))
    if parts[0].startswith("arn:"):
        references = references[-1:]  # .../restapis/${Api}/stages/${Stage}: the last part of an ARN is what it names
    whole = Unknown(
        _joined_reason(unknowns),
        present=True,
        parts=tuple(parts) if any(parts) else (),
        reference=references[0] if len(references) == 1 else None,
    )
    return _with_dynamic(whole) if any("{{resolve:" in each for each in parts) else whole


def _joined_reason(unknowns: Sequence[Unknown]) -> Reason:
    """Return one reason of several. Its subject names all of them: two texts with other holes are not the same text."""
    first = next((each.reason for each in unknowns if each.reference), unknowns[0].reason)
    reasons = list(dict.fromkeys(each.reason for each in unknowns))
    if len(reasons) == 1:
        return first
    subjects = ", ".join(each.subject for each in reasons)
    return Reason(first.cause, subjects, "; ".join(map(str, reasons)))


def dynamic(text: str) -> Value:
    """Return text with dynamic references as unknown, the text around them kept; other text as it is.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    """
    if "{{resolve:" not in text:
        return text
    pieces = _DYNAMIC.split(text)  # text, reference, text, reference, ..., text
    if len(pieces) == 1:
        return text
    reasons = [_read_at_deployment(each) for each in pieces[1::2]]
    around = tuple(pieces[::2])
    return Unknown(
        _joined_reason([Unknown(each) for each in reasons]), present=True, parts=around if any(around) else ()
    )


def _read_at_deployment(reference: str) -> Reason:
    return Reason(Cause.DYNAMIC_REFERENCE, reference, f"{{{{resolve:{reference}}}}} is read at deployment")


def _with_dynamic(text: Unknown) -> Unknown:
    """Return a text with holes within a dynamic reference as what it is: read at deployment, whatever its name."""
    before = text.parts[0].split("{{resolve:")[0]
    after = text.parts[-1].rsplit("}}", 1)[-1]
    name = "…".join(text.parts).removeprefix(before + "{{resolve:").split("}}")[0]
    parts = (before, after) if before or after else ()
    return replace(text, reason=_read_at_deployment(name), parts=parts)


def apart(left: Value, right: Value) -> bool:
    """Whether a partly known text can be no way the other one."""
    for unknown, other in ((left, right), (right, left)):
        if isinstance(unknown, Unknown) and unknown.parts and isinstance(other, str):
            first, last = unknown.parts[0], unknown.parts[-1]
            if not other.startswith(first) or not other.endswith(last) or len(other) < len(first) + len(last):
                return True
    return False


def hole_in(value: Value) -> Unknown | None:
    """Return the first unknown in a value without choices."""
    match value:
        case Unknown():
            return value
        case Mapping():
            parts: Sequence[Value] = tuple(value.values())
        case list() | tuple():
            parts = value
        case _:
            return None
    return next(filter(None, map(hole_in, parts)), None)


def derived(unknown: Unknown, how: str) -> Unknown:
    """Return what a function makes of an unknown. The subject says how: a part of a list is not the list."""
    reason = unknown.reason
    return Unknown(Reason(reason.cause, f"{how} of {reason.subject}", str(reason)), present=True)
