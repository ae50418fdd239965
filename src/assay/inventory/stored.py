"""Resources as a snapshot stores them, in normal form without being taken apart where they are in it already.

Most documents need no coercion, and most of what is in them is never read: they stay text, and are decoded when
somebody asks for a property that was not asked for before. What is not in normal form goes the long way.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from pydantic_core import from_json as parsed

from assay.canonical import inexact
from assay.inventory.coerce import coerce
from assay.inventory.schema import ANY, POLICY, STATEMENT, Kind, Type, fields_of, resource_types
from assay.inventory.values import Cause, Reason, Unknown, Value, from_json

_BEGIN, _END = '{"properties":', ',"type":"'
_MARKER = '"$unknown":{"reason":'
_DEEPEST = 100
_INT64 = 2**63
_PLAIN = {Kind.STRING: str, Kind.BOOLEAN: bool}
_CAUSES = frozenset(each.value for each in Cause)

Check: TypeAlias = Callable[[Any, int], bool]


class Stored(Mapping[str, Value]):
    """Properties as JSON text in normal form (`values.to_json`), decoded when asked for more than `known`."""

    __slots__ = ("_known", "_whole", "text")

    def __init__(self, text: str, known: Mapping[str, Value]) -> None:
        self.text = text
        self._known = known
        self._whole: Mapping[str, Value] | None = None

    @property
    def whole(self) -> Mapping[str, Value]:
        """All of the properties."""
        if self._whole is None:
            self._whole = decoded(self.text)
        return self._whole

    def __getitem__(self, name: str) -> Value:
        return self.whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a property; the whole is not decoded for one that is known."""
        if self._whole is None and name in self._known:
            return self._known[name]
        return self.whole.get(name, default)


def decoded(text: str) -> Mapping[str, Value]:
    """Return the properties of a text in normal form."""
    found = parsed(text) if '"$' not in text else json.loads(text, object_hook=_marked)
    assert isinstance(found, dict)
    return found


def _marked(value: dict[str, Any]) -> Any:
    """Return the unknown that an object stands for; itself when it stands for none. Equal unknowns are one object."""
    if len(value) == 1 and "$unknown" in value:
        stated = value["$unknown"]
        if len(stated) == 1:
            return _unknown(*stated["reason"])
        return from_json(value)
    return value


@lru_cache(maxsize=65536)
def _unknown(cause: str, subject: str, detail: str) -> Unknown:
    return Unknown(Reason(Cause(cause), subject, detail))


def normal_text(document: str, kind: str) -> tuple[str, dict[str, Any]] | None:
    """Return the properties of a snapshot's document, as text and as JSON, when they are in normal form already.

    None for every document that must be decoded, coerced and written anew; also where this would be too subtle to tell.
    """
    end = len(document) - len(_END) - len(kind) - 2
    if not document.startswith(_BEGIN) or document[end:] != f'{_END}{kind}"}}':
        return None
    text = document[len(_BEGIN) : end]
    if '"$' in text and text.count('"$') != text.count(_MARKER):
        return None
    try:
        found = parsed(text, allow_inf_nan=False)
    except ValueError:
        return None
    return (text, found) if isinstance(found, dict) and _is_normal(kind)(found, 0) else None


def coerced(document: str, kind: str) -> tuple[dict[str, Value], Mapping[str, Value], Value]:
    """Return properties, attributes and condition of a document, coerced. Raises ValueError when it is none."""
    if document.count('"$') == document.count(_MARKER):
        stated = json.loads(document, object_hook=_marked)
    else:
        stated = from_json(inexact(json.loads(document)))
    properties, attributes = stated["properties"], stated.get("attributes", {})
    if not isinstance(properties, dict) or not isinstance(attributes, dict):
        raise ValueError("properties and attributes are objects")
    fields: Mapping[str, Type] = fields_of(kind) if kind in resource_types() else {}
    return (
        {key: coerce(each, fields.get(key, ANY)) for key, each in properties.items() if each is not None},
        {key: coerce(each, ANY) for key, each in attributes.items() if each is not None},
        coerce(stated.get("condition", True), ANY),
    )


# Whether coercion would leave a value as it is. It may say no of one that it would; never yes of one that it would not.


@lru_cache(maxsize=4096)
def _is_normal(kind: str) -> Check:
    return _of_object(fields_of(kind) if kind in resource_types() else {})


def _of_object(fields: Mapping[str, Type]) -> Check:
    known = {name: _check(each) for name, each in fields.items()}.get
    plain = {name: _PLAIN[each.kind] for name, each in fields.items() if each.kind in _PLAIN}.get

    def check(value: Any, depth: int) -> bool:
        if type(value) is not dict:
            return False
        for key, each in value.items():
            if type(each) is plain(key):  # most are, and a call would take five times as long
                continue
            if not (known(key) or _any)(each, depth + 1):
                return False
        return True

    return check


@lru_cache(maxsize=65536)
def _check(wanted: Type) -> Check:
    if wanted == POLICY:
        return _policy
    match wanted.kind:
        case Kind.LIST:
            return _opaque(_of_list(wanted.items or ANY))
        case Kind.MAP:
            return _opaque(_of_map(wanted.items or ANY))
        case Kind.OBJECT:
            return _opaque(_late(wanted))
        case _:
            return _opaque(_SCALARS.get(wanted.kind, _any))


def _late(wanted: Type) -> Check:
    """Return the check of an object, made when the first one is met: schemas refer to themselves."""
    made: list[Check] = []

    def check(value: Any, depth: int) -> bool:
        if not made:
            made.append(_of_object(wanted.fields))
        return made[0](value, depth)

    return check


def _opaque(check: Check) -> Check:
    """Let an unknown pass in place of a value. One that is a single text for certain is wrapped where a list stands."""

    def either(value: Any, depth: int) -> bool:
        if type(value) is dict and len(value) == 1 and "$unknown" in value:
            return _is_plain_unknown(value["$unknown"])
        return depth < _DEEPEST and check(value, depth)

    return either


def _is_plain_unknown(marked: Any) -> bool:
    if type(marked) is not dict or not marked.keys() <= {"reason", "present"}:
        return False
    reason = marked.get("reason")
    return (
        type(reason) is list and len(reason) == 3 and reason[0] in _CAUSES and all(type(one) is str for one in reason)
    )


def _of_list(items: Type) -> Check:
    check, plain = _check(items), _PLAIN.get(items.kind)

    def each_of(value: Any, depth: int) -> bool:
        if type(value) is not list:
            return False
        return all(type(each) is plain or check(each, depth + 1) for each in value)

    return each_of


def _of_map(values: Type) -> Check:
    check = _check(values)
    return lambda value, depth: type(value) is dict and all(check(each, depth + 1) for each in value.values())


def _any(value: Any, depth: int) -> bool:
    kind = type(value)
    if kind is str or kind is bool or kind is int:
        return True
    if depth > _DEEPEST or value is None:
        return False
    if kind is dict:
        if len(value) == 1 and "$unknown" in value:
            return _is_plain_unknown(value["$unknown"])
        return all(_any(each, depth + 1) for each in value.values())
    if kind is list:
        return all(_any(each, depth + 1) for each in value)
    return kind is float and math.isfinite(value)


def _number(value: Any, _depth: int) -> bool:
    return type(value) in (int, float) and -_INT64 <= value < _INT64


_SCALARS: Mapping[Kind, Check] = {
    Kind.BOOLEAN: lambda value, _: type(value) is bool,
    Kind.INTEGER: lambda value, _: type(value) is int and -_INT64 <= value < _INT64,
    Kind.NUMBER: _number,
    Kind.STRING: lambda value, _: type(value) is str,
}


def _policy(value: Any, depth: int) -> bool:
    if type(value) is not dict or "Statement" not in value:
        return False
    rest = all(_POLICY.get(key, _any)(each, depth + 1) for key, each in value.items() if key != "Statement")
    return rest and type(value["Statement"]) is list and all(_statement(each, depth + 2) for each in value["Statement"])


_POLICY = {name: _check(each) for name, each in POLICY.fields.items() if name != "Statement"}
_OF_STATEMENT = _of_object(STATEMENT.fields)


def _statement(value: Any, depth: int) -> bool:
    return type(value) is dict and "$unknown" not in value and _OF_STATEMENT(value, depth)
