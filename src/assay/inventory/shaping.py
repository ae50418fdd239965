"""What an API says, in the schema's names: most call a property as CloudFormation does, but for case and wrapping."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from assay import streams
from assay.inventory.schema import POLICY, Kind, Type

_DEEPEST = 60
_PAIR = frozenset({"Key", "Value"})


def shaped(value: Any, wanted: Type | None, depth: int = 0) -> Any:
    """Return a value with the schema's names for its keys: of objects what the schema knows, of lists each element.

    Tags become pairs or a map, as the schema has them; policies become objects; lists that an SDK wraps are unwrapped.
    What has another shape is left for `coerce` to judge.
    """
    if value is None or wanted is None or depth > _DEEPEST:
        return value
    if wanted == POLICY:
        return policy(value)
    value = _rewrapped(value, wanted)
    if wanted.kind is Kind.LIST and isinstance(value, list):
        return [shaped(each, wanted.items, depth + 1) for each in value if each is not None]
    if wanted.kind is Kind.OBJECT and isinstance(value, Mapping):
        names = {name.casefold(): name for name in wanted.fields}
        known = ((names.get(key.casefold()), each) for key, each in value.items())
        inner = {name: shaped(each, wanted.fields[name], depth + 1) for name, each in known if name}
        return {name: each for name, each in inner.items() if each is not None and each != ""}
    return value


def _rewrapped(value: Any, wanted: Type) -> Any:
    if wanted.kind is Kind.MAP and isinstance(value, list):
        return _as_map(value)
    if not isinstance(value, Mapping) or wanted.kind in (Kind.OBJECT, Kind.MAP, Kind.ANY):
        return value
    is_tags = wanted.kind is Kind.LIST and wanted.items is not None and wanted.items.fields.keys() == _PAIR
    if value and is_tags and all(isinstance(each, str) for each in value.values()):
        return [{"Key": key, "Value": each} for key, each in sorted(value.items())]
    return _unwrapped(value)


def _as_map(value: Sequence[Any]) -> Any:
    """Return tags, given as keys and values, as a map; any other list as it is."""
    found = {}
    for each in value:
        pair = {key.casefold(): one for key, one in each.items()} if isinstance(each, Mapping) else {}
        if not isinstance(pair.get("key"), str):
            return value
        found[pair["key"]] = pair.get("value", "")
    return found


def _unwrapped(value: Mapping[str, Any]) -> Any:
    """Return a text or a list that the SDK wraps: {"value": …}, {"items": […], "quantity": 1}."""
    inner = {key.casefold(): each for key, each in value.items()}
    if inner.keys() <= {"value", "code", "name"}:
        return inner.get("value", inner.get("name"))
    if inner.keys() <= {"items", "quantity", "enabled", "cachedmethods"}:
        return inner.get("items")
    return value


def policy(value: Any) -> Any:
    """Return a policy document; IAM gives it URL-encoded (RFC 3986), others as JSON in a text."""
    if isinstance(value, str) and value.startswith("%7B"):
        value = unquote(value)
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return streams.parse(value)
    except ValueError:
        return value
