"""What the schema and the tables say of comparing: what AWS hides, which order matters, in which forms values come."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from assay.inventory.schema import resource_schema, resource_types
from assay.inventory.services import table
from assay.inventory.tables import Undocumented
from assay.inventory.values import Path, Unknown, Value


def pattern_of(path: Path) -> tuple[str, ...]:
    """Return a path with "*" for every element of a list."""
    return tuple("*" if isinstance(step, int) else step for step in path)


@lru_cache(maxsize=65_536)
def is_hidden(kind: str, path: tuple[str, ...]) -> bool:
    """Return whether AWS alone sets a property, or never shows it."""
    schema, joined = resource_schema(kind), "/".join(path)
    if len(path) == 1 and path[0] in table(kind).decoded:
        return True
    return joined in schema.read_only or joined in schema.write_only


def stated_default(kind: str, path: Path) -> Value:
    """Return the platform's default for a property, None where none is fixed."""
    stated = table(kind).defaults.get(".".join(pattern_of(path)))
    return None if isinstance(stated, (Undocumented, Unknown)) else stated


@lru_cache(maxsize=4096)
def filled_by_parts(kind: str) -> frozenset[str]:
    """Return the properties that separately declared parts fill."""
    return frozenset(fold.into for fold in table(kind).folds)


_AWS_POLICY: Final = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/.+")


def attached_by_declaration(path: Path, live: Value) -> list[tuple[int, str]]:
    """Return the policies of AWS in an undeclared list of attached ones, with their numbers.

    Customers' policies may attach themselves (`Roles` of AWS::IAM::ManagedPolicy); those of AWS cannot.
    """
    listed = live if path == ("ManagedPolicyArns",) and isinstance(live, Sequence) and not isinstance(live, str) else ()
    return [(index, each) for index, each in enumerate(listed) if isinstance(each, str) and _AWS_POLICY.fullmatch(each)]


@lru_cache(maxsize=4096)
def own_properties(kind: str) -> frozenset[str]:
    """Return the properties of a type that its schema has; the others are made of parts."""
    return frozenset(resource_schema(kind).document.get("properties", ()))


@lru_cache(maxsize=65_536)
def order_matters(kind: str, path: tuple[str, ...]) -> bool | None:
    """Return whether the order of a list has a meaning; None when the schema does not say."""
    if kind not in resource_types():
        return None
    document = resource_schema(kind).document
    node: Any = document
    for step in path:
        node = _resolved(document, node)
        inner = node.get("items") if step == "*" else _mapping(node.get("properties")).get(step)
        if inner is None:
            inner = next(iter(_mapping(node.get("patternProperties")).values()), None)
        if inner is None:
            return None
        node = inner
    found = _resolved(document, node).get("insertionOrder")
    return found if isinstance(found, bool) else None


def _resolved(document: Mapping[str, Any], node: Any) -> Mapping[str, Any]:
    for _ in range(10):
        reference = node.get("$ref") if isinstance(node, Mapping) else None
        if not isinstance(reference, str):
            break
        name = reference.removeprefix("#/definitions/")
        node = _mapping(document.get("definitions")).get(name, {})
    return _mapping(node)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


@lru_cache(maxsize=1024)
def transforms_of(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return, by path, in which other forms AWS may show a value: JSONata, alternatives."""
    stated = _mapping(resource_schema(kind).document.get("propertyTransform")) if kind in resource_types() else {}
    return {
        path.removeprefix("/properties/"): tuple(each.strip() for each in str(text).split("$OR"))
        for path, text in stated.items()
    }
