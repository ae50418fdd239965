"""Values of properties: plain JSON, what is not known, and what is one of several.

A document is a tree of dict, list, str, int, float and bool. JSON null and a missing key are one thing: absent.
Two leaves are not plain JSON:

`Unknown`  the value exists or may exist, and we could not read it. It carries the reason, and as much as is known:
           that it is present, which text surrounds the hole, which resource it refers to.
`Choice`   the value depends on something undecided with few possible outcomes: a template parameter without a value, a
           condition. Whoever judges examines each outcome; two choices over one `variable` always agree.

At a JSON boundary both become an object with the one reserved key "$unknown" or "$choice" (`to_json`, `from_json`). A
mapping that happens to look so is told apart by one more "$" before its key.
"""

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Path: TypeAlias = tuple[str | int, ...]


class Sensitive(str):
    """Text that its source marks as secret: judged like any text, and repeated by no report."""

    __slots__ = ()


class Cause(enum.StrEnum):
    """Why a value is unknown. The text is part of the JSON output: a promise."""

    PARAMETER = "parameter"  # a template parameter without a value
    IMPORT = "import"  # an export of another stack
    ATTRIBUTE = "attribute"  # of a resource, and known only after it is deployed
    DYNAMIC_REFERENCE = "dynamic_reference"  # {{resolve:...}}
    MACRO = "macro"  # a template macro that only AWS can run
    CONDITION = "condition"  # more undecided conditions than we examine
    ENVIRONMENT = "environment"  # account, region, availability zones: known only where it is deployed
    AFTER_APPLY = "known_after_apply"  # Terraform
    DENIED = "access_denied"
    THROTTLED = "throttled"
    NOT_COLLECTED = "not_collected"
    STALE = "stale"
    ELSEWHERE = "declared_elsewhere"  # the resource that would say so is outside what we were given
    UNDOCUMENTED = "no_documented_default"  # absent, and the platform's default is not fixed
    MALFORMED = "malformed"  # the value is not of the type that the schema demands
    ERROR = "error"  # evaluating an expression failed: overflow, index out of range


# Within the subject of a reason: the value is one of those that a template maps, all of them plain identifiers.
MAPPED = " in mapping "


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why something is unknown: the cause, its subject (which parameter, which API) and a sentence for people."""

    cause: Cause
    subject: str
    detail: str = ""

    def __str__(self) -> str:
        return self.detail or f"{self.cause.value.replace('_', ' ')} {self.subject}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that points at a resource: its id in the inventory and the attribute taken ("" for Ref)."""

    resource: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that could not be read.

    present    True: there is a value, only which is unknown; False: there may be none.
    parts      Known text around the unknown: ("arn:aws:s3:::", "/*") is that prefix, anything, that suffix. At least
               two parts when given; () when nothing is known of the text, or the value is not a string.
    reference  The resource that the value refers to, where it is known.
    """

    reason: Reason
    present: bool = False
    parts: tuple[str, ...] = ()
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that is one of several, by the outcome of an undecided variable.

    variable   Names the undecided thing within the source: "template.yaml: parameter Stage".
    reason     Why it is undecided.
    options    (outcome of the variable, value then); outcomes are distinct; a value may be None (absent), Unknown or
               Choice.
    """

    variable: str
    reason: Reason
    options: "tuple[tuple[str, Value], ...]"


# Union, not |: an alias that refers to itself is partly text until it is complete.
Value: TypeAlias = Union[bool, int, float, str, Sequence["Value"], Mapping[str, "Value"], Unknown, Choice, None]  # noqa: UP007


_RESERVED = re.compile(r"\$+(unknown|choice)")


def to_json(value: Value) -> Json:
    """Return the value as plain JSON; `Unknown` and `Choice` become objects with one reserved key."""
    match value:
        case Unknown():
            return {"$unknown": _unknown_to_json(value)}
        case Choice(variable, reason, options):
            encoded: list[Json] = [[outcome, to_json(each)] for outcome, each in options]
            return {"$choice": {"variable": variable, "reason": _reason_to_json(reason), "options": encoded}}
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            escape = "$" if len(value) == 1 and _RESERVED.fullmatch(next(iter(value))) else ""
            return {escape + key: to_json(each) for key, each in value.items()}
        case _:
            return [to_json(each) for each in value]


def from_json(value: Any) -> Value:
    """Return the value that `to_json` encoded. Raises KeyError or ValueError on a malformed marker."""
    match value:
        case {"$unknown": {"reason": _} as encoded} if len(value) == 1:
            return _unknown_from_json(encoded)
        case {"$choice": {"variable": variable, "reason": reason, "options": options}} if len(value) == 1:
            decoded = tuple((outcome, from_json(each)) for outcome, each in options)
            return Choice(variable, _reason_from_json(reason), decoded)
        case {"$unknown": _} | {"$choice": _} if len(value) == 1:
            raise ValueError(f"a malformed marker: {str(value)[:80]}")
        case dict():
            escape = "$" if len(value) == 1 and _RESERVED.fullmatch(next(iter(value))) else ""
            return {key.removeprefix(escape): from_json(each) for key, each in value.items()}
        case list():
            return [from_json(each) for each in value]
        case _:
            return value  # type: ignore[no-any-return]  # a JSON scalar


def _unknown_to_json(value: Unknown) -> Json:
    encoded: dict[str, Json] = {"reason": _reason_to_json(value.reason)}
    if value.present:
        encoded["present"] = True
    if value.parts:
        encoded["parts"] = list(value.parts)
    if value.reference:
        encoded["reference"] = [value.reference.resource, value.reference.attribute]
    return encoded


def _unknown_from_json(encoded: Mapping[str, Any]) -> Unknown:
    reference = encoded.get("reference")
    return Unknown(
        _reason_from_json(encoded["reason"]),
        present=bool(encoded.get("present", False)),
        parts=tuple(encoded.get("parts", ())),
        reference=Reference(*reference) if reference else None,
    )


def _reason_to_json(reason: Reason) -> Json:
    return [reason.cause.value, reason.subject, reason.detail]


def _reason_from_json(encoded: Sequence[str]) -> Reason:
    cause, subject, detail = encoded
    return Reason(Cause(cause), subject, detail)
