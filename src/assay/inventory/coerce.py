"""Coercion: what CloudFormation accepts for a type becomes that type; what it would refuse becomes an unknown.

CloudFormation takes "true" for a boolean, "22" for a number, 22 for text, a single value where a list is demanded, and a
policy as text or as an object. A value of another shape would fail the deployment: nobody can say what it would become.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assay.inventory.schema import POLICY, STATEMENT, Kind, Type
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

_DEEPEST = 200
_SINGULAR = ("Sid", "Effect")
_PLURAL = ("Action", "NotAction", "Resource", "NotResource")


def coerce(value: Value, wanted: Type, depth: int = 0) -> Value:
    """Return the value as the type demands, unknowns kept, malformed parts as unknowns."""
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(value, Choice):
        return replace(value, options=tuple((outcome, coerce(each, wanted, depth)) for outcome, each in value.options))
    if depth > _DEEPEST:
        return _malformed(value, "less deeply nested value")
    if wanted == POLICY:
        return policy(value)
    match wanted.kind:
        case Kind.BOOLEAN:
            return _boolean(value)
        case Kind.INTEGER:
            return _integer(value)
        case Kind.NUMBER:
            return _number(value)
        case Kind.STRING:
            return _string(value)
        case Kind.LIST:
            return _list(value, wanted, depth)
        case Kind.OBJECT:
            return _object(value, wanted, depth)
        case Kind.MAP:
            return _map(value, wanted, depth)
        case _:
            return value


def _malformed(value: Value, wanted: str) -> Unknown:
    shown = json.dumps(value, default=str)[:60]
    return Unknown(Reason(Cause.MALFORMED, wanted, f"{shown} is not a {wanted}"), present=True)


def _boolean(value: Value) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return _malformed(value, "boolean")


def _integer(value: Value) -> Value:
    if isinstance(value, bool):
        return _malformed(value, "integer")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        try:
            return int(value.strip()) if len(value) < 40 else _malformed(value, "integer")  # noqa: PLR2004 - digits of int64
        except ValueError:
            return _malformed(value, "integer")
    return _malformed(value, "integer")


def _number(value: Value) -> Value:
    if isinstance(value, bool):
        return _malformed(value, "number")
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return _malformed(value, "number")
    return _malformed(value, "number")


def _string(value: Value) -> Value:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case Mapping():
            return value  # JSON given as an object where the schema says text (a policy, a pipeline definition)
        case _:
            return _malformed(value, "string")


def _list(value: Value, wanted: Type, depth: int) -> Value:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    kept = (coerce(each, wanted.items or Type(Kind.ANY), depth + 1) for each in items)
    return [each for each in kept if each is not None]


def _object(value: Value, wanted: Type, depth: int) -> Value:
    if not isinstance(value, Mapping):
        return _malformed(value, "object")
    fields = wanted.fields
    return {
        key: coerce(each, fields[key], depth + 1) if key in fields else each
        for key, each in value.items()
        if each is not None
    }


def _map(value: Value, wanted: Type, depth: int) -> Value:
    if not isinstance(value, Mapping):
        return _malformed(value, "object")
    return {key: coerce(each, wanted.items or Type(Kind.ANY), depth + 1) for key, each in value.items() if each is not None}


def policy(value: Value) -> Value:
    """Return a policy document in normal form: lists of statements, each element of a statement a list of text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return _malformed(value, "policy document")
    if isinstance(value, Unknown | Choice):
        return coerce(value, POLICY)
    if not isinstance(value, Mapping):
        return _malformed(value, "policy document")
    rest = {key: each for key, each in value.items() if key != "Statement"}
    return {**rest, "Statement": _each(value.get("Statement", []), _statement)}


def _each(value: Value, change: Callable[[Value], Value]) -> Value:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Choice):
        return replace(value, options=tuple((outcome, _each(each, change)) for outcome, each in value.options))
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [change(each) for each in items if each is not None]


def _statement(value: Value) -> Value:
    if isinstance(value, Choice):
        return replace(value, options=tuple((outcome, each and _statement(each)) for outcome, each in value.options))
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Mapping):
        return _malformed(value, "policy statement")
    return {key: _element(key, each) for key, each in value.items() if each is not None}


def _element(key: str, value: Value) -> Value:
    if key in _SINGULAR:
        return coerce(value, STATEMENT.fields[key])
    if key in _PLURAL:
        return coerce(value, STATEMENT.fields[key])
    if key in ("Principal", "NotPrincipal"):
        return _principal(value)
    return coerce(value, STATEMENT.fields[key]) if key in STATEMENT.fields else value


def _principal(value: Value) -> Value:
    if isinstance(value, Choice):
        return replace(value, options=tuple((outcome, _principal(each)) for outcome, each in value.options))
    if isinstance(value, str):
        # "Principal": "*" and {"AWS": "*"} are equivalent in resource-based policies.
        return {"AWS": [value]}
    return coerce(value, STATEMENT.fields["Principal"])
