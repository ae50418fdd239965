"""Coercion: what CloudFormation accepts for a type becomes that type; what it would refuse becomes an unknown.

CloudFormation takes "true" for a boolean, "22" for a number, 22 for text, a single value where a list is demanded, and
a policy as text or as an object. A value of another shape would fail the deployment: nobody can say what it becomes.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assay.inventory.schema import ANY, POLICY, STATEMENT, STRINGS, Kind, Type
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

DEEPEST = 200  # levels of nesting; AWS documents have a dozen, and what is deeper is an attempt to break the reader

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_INT64 = 2**63
# Attributes whose value is a list. All others are one text, and a list of it where a list is demanded.
_LISTS = frozenset(
    {
        "CidrBlockAssociations",
        "DnsEntries",
        "Ipv6CidrBlocks",
        "NameServers",
        "NetworkInterfaceIds",
        "PrivateLinkDnsNames",
        "SecurityGroups",
        "SecondaryPrivateIpAddresses",
        "DelegationSetNameServers",
        "VpcEndpointIds",
    }
)


def coerce(value: Value, wanted: Type, depth: int = 0) -> Value:
    """Return the value as the type demands: unknowns kept, malformed parts as unknowns, absent keys left out."""
    if depth > DEEPEST:
        return _malformed("more than 200 levels of nesting", "value that AWS accepts")
    if isinstance(value, Choice):
        options = tuple((outcome, coerce(each, wanted, depth + 1)) for outcome, each in value.options)
        return replace(value, options=options)
    if value is None:
        return None
    if isinstance(value, Unknown):
        return [value] if wanted.kind is Kind.LIST and _is_single(value) else value
    if wanted is POLICY or wanted == POLICY:
        return _policy(value, depth)
    return _BY_KIND.get(wanted.kind, _free)(value, wanted, depth)


def _is_single(value: Unknown) -> bool:
    """Whether the unknown is one text for certain, and so the only element where a list is demanded."""
    if value.reference:
        return value.reference.attribute.rsplit(".", 1)[-1] not in _LISTS
    return bool(value.parts)


def _malformed(value: Value, wanted: str) -> Unknown:
    shown = value if isinstance(value, str | bool | int | float) else f"a {'map' if _is_map(value) else 'list'}"
    return Unknown(Reason(Cause.MALFORMED, wanted, f"{str(shown)[:60]!r} is not a {wanted}"), present=True)


def _is_map(value: Value) -> bool:
    return isinstance(value, Mapping)


def _boolean(value: Value, _wanted: Type, _depth: int) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return _malformed(value, "boolean")


def _integer(value: Value, _wanted: Type, _depth: int) -> Value:
    found: int | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        found = value
    elif (isinstance(value, str) and _WHOLE.fullmatch(value.strip())) or (
        isinstance(value, float) and math.isfinite(value) and value.is_integer()
    ):
        found = int(value)
    return _malformed(value, "integer") if found is None or not -_INT64 <= found < _INT64 else found


def _number(value: Value, _wanted: Type, _depth: int) -> Value:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if -_INT64 <= value < _INT64 else _malformed(value, "number")
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        number = float(value)
        return number if math.isfinite(number) else _malformed(value, "number")
    return _malformed(value, "number")


def _string(value: Value, _wanted: Type, _depth: int) -> Value:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return _malformed(value, "text")


def _list(value: Value, wanted: Type, depth: int) -> Value:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    kept = (coerce(each, wanted.items or ANY, depth + 1) for each in items)
    return [each for each in kept if each is not None]


def _object(value: Value, wanted: Type, depth: int) -> Value:
    value = _parsed(value)
    if not isinstance(value, Mapping):
        return _malformed(value, "object")
    fields = wanted.fields
    return {key: coerce(each, fields.get(key, ANY), depth + 1) for key, each in value.items() if each is not None}


def _map(value: Value, wanted: Type, depth: int) -> Value:
    value = _parsed(value)
    if not isinstance(value, Mapping):
        return _malformed(value, "object")
    return {key: coerce(each, wanted.items or ANY, depth + 1) for key, each in value.items() if each is not None}


def _parsed(value: Value) -> Value:
    """Return what a text of JSON holds, where CloudFormation takes an object as text too; anything else as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return value
    try:
        parsed: Value = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return parsed


def _free(value: Value, _wanted: Type, depth: int) -> Value:
    """Return a value of any type with lists and maps as such, absent keys left out, and its depth bounded."""
    if isinstance(value, Mapping):
        return {str(key): coerce(each, ANY, depth + 1) for key, each in value.items() if each is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [coerce(each, ANY, depth + 1) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return _malformed(value, "number")
    return value


_BY_KIND: Mapping[Kind, Callable[[Value, Type, int], Value]] = {
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.STRING: _string,
    Kind.LIST: _list,
    Kind.OBJECT: _object,
    Kind.MAP: _map,
}


def _policy(value: Value, depth: int) -> Value:
    """Return a policy document in normal form: a list of statements, each element of a statement a list of text."""
    if isinstance(value, str):
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            return _malformed(value, "policy document")
        return _policy(parsed, depth) if isinstance(parsed, dict) else _malformed(value, "policy document")
    if not isinstance(value, Mapping):
        return _malformed(value, "policy document")
    rest = {
        key: coerce(each, POLICY.fields.get(key, ANY), depth + 1)
        for key, each in value.items()
        if key != "Statement" and each is not None
    }
    return {**rest, "Statement": _statements(value.get("Statement"), depth + 1)}


def _statements(value: Value, depth: int) -> Value:
    if depth > DEEPEST or isinstance(value, Unknown):
        return coerce(value, ANY, depth)
    if isinstance(value, Choice):
        options = tuple((outcome, _statements(each, depth + 1)) for outcome, each in value.options)
        return replace(value, options=options)
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [_statement(each, depth + 1) for each in items if each is not None]


def _statement(value: Value, depth: int) -> Value:
    if depth > DEEPEST or value is None or isinstance(value, Unknown):
        return coerce(value, ANY, depth)
    if isinstance(value, Choice):
        options = tuple((outcome, _statement(each, depth + 1)) for outcome, each in value.options)
        return replace(value, options=options)
    if not isinstance(value, Mapping):
        return _malformed(value, "policy statement")
    return {key: _element(key, each, depth + 1) for key, each in value.items() if each is not None}


def _element(key: str, value: Value, depth: int) -> Value:
    if key in ("Principal", "NotPrincipal"):
        return _principal(value, STATEMENT.fields[key], depth)
    return coerce(value, STATEMENT.fields.get(key, ANY), depth)


def _principal(value: Value, wanted: Type, depth: int) -> Value:
    if isinstance(value, Choice) and depth <= DEEPEST:
        options = tuple((outcome, _principal(each, wanted, depth + 1)) for outcome, each in value.options)
        return replace(value, options=options)
    if isinstance(value, str):
        # "Principal": "*" and {"AWS": "*"} say the same in the policy of a resource.
        return {"AWS": [value]}
    if isinstance(value, Unknown) and _is_single(value):
        return {"AWS": coerce(value, STRINGS, depth)}
    return coerce(value, wanted, depth)
