"""The published resource schemas of CloudFormation, as types: values are coerced to them, expressions checked by them.

The schemas are the data that `cfn-lint` ships; importing that package costs more than everything we do, so its folder
is found without importing it. The Assay:: types for facts about the organisation lie beside this file in the same form.
"""

import enum
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay.errors import AssayError, InternalError, nearest

_REGION = "us-east-1"  # has every type; the others are subsets of it
_OWN_TYPES = Path(__file__).with_name("types")


class Kind(enum.StrEnum):
    """What a value may be. `any` admits everything: free-form JSON, or alternatives that share nothing."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    LIST = "list"
    OBJECT = "object"
    MAP = "map"
    NULL = "null"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value.

    items  Type of a list's elements or a map's values.
    name   Of an object whose fields a resource schema states: "AWS::S3::Bucket", "AWS::S3::Bucket/BucketEncryption".
           Fields are looked up by it when asked for, because schemas are large and refer to themselves.
    own    Fields of an object that no schema states, by name.
    enum   The only values of a string that the schema allows; () when it allows others. Not part of a type's identity.
    """

    kind: Kind
    items: "Type | None" = None
    name: str = ""
    own: tuple[tuple[str, "Type"], ...] = field(default=(), repr=False)
    enum: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def fields(self) -> Mapping[str, "Type"]:
        """The fields of an object; empty for every other kind."""
        if self.kind is not Kind.OBJECT:
            return MappingProxyType({})
        return fields_of(self.name) if self.name else MappingProxyType(dict(self.own))

    def __str__(self) -> str:
        if self.kind in (Kind.LIST, Kind.MAP) and self.items:
            return f"{self.kind} of {self.items}"
        return self.name or str(self.kind)


ANY = Type(Kind.ANY)
BOOLEAN = Type(Kind.BOOLEAN)
INTEGER = Type(Kind.INTEGER)
NUMBER = Type(Kind.NUMBER)
STRING = Type(Kind.STRING)
NULL = Type(Kind.NULL)
STRINGS = Type(Kind.LIST, STRING)
_SCALARS = {"boolean": BOOLEAN, "integer": INTEGER, "number": NUMBER, "string": STRING, "null": NULL}


def list_of(items: Type) -> Type:
    """Return the type of a list."""
    return Type(Kind.LIST, items)


def map_of(values: Type) -> Type:
    """Return the type of a map from text to `values`."""
    return Type(Kind.MAP, values)


def object_of(**fields: Type) -> Type:
    """Return the type of an object with exactly these fields."""
    return Type(Kind.OBJECT, own=tuple(sorted(fields.items())))


STATEMENT = object_of(
    Sid=STRING,
    Effect=STRING,
    Principal=map_of(STRINGS),
    NotPrincipal=map_of(STRINGS),
    Action=STRINGS,
    NotAction=STRINGS,
    Resource=STRINGS,
    NotResource=STRINGS,
    Condition=map_of(map_of(STRINGS)),
)
POLICY = object_of(Version=STRING, Id=STRING, Statement=list_of(STATEMENT))


class UnknownType(AssayError):
    """A resource type that no schema describes."""


@dataclass(frozen=True, slots=True)
class ResourceSchema:
    """What the published schema says of a resource type. Paths are names joined by "/", "*" for list elements."""

    type: str
    properties: Type
    required: frozenset[str]
    read_only: frozenset[str]
    write_only: frozenset[str]
    create_only: frozenset[str]
    primary_identifier: tuple[str, ...]
    document: Mapping[str, Any] = field(repr=False, compare=False)


@lru_cache(maxsize=1)
def _folder() -> Path:
    found = importlib.util.find_spec("cfnlint")
    if found is None or not found.submodule_search_locations:
        raise InternalError("cfn-lint, whose data holds the resource schemas, is not installed")
    return Path(found.submodule_search_locations[0]) / "data" / "schemas"


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Path]:
    published: dict[str, str] = json.loads((_folder() / "providers" / f"{_REGION}.json").read_bytes())
    paths = {name: _folder() / "resources" / f"{digest}.json" for name, digest in published.items()}
    own = {path.stem.replace(".", "::"): path for path in _OWN_TYPES.glob("*.json")}
    return MappingProxyType({**paths, **own})


@lru_cache(maxsize=1)
def resource_types() -> frozenset[str]:
    """Return every resource type that has a schema."""
    return frozenset(_index())


@lru_cache(maxsize=512)
def resource_schema(type_name: str) -> ResourceSchema:
    """Return the schema of a resource type. Raises UnknownType, naming the nearest one."""
    path = _index().get(type_name)
    if path is None:
        advice = nearest(type_name, _index()) or "see the CloudFormation reference"
        raise UnknownType(f"no resource type {type_name!r}; {advice}")
    document = json.loads(path.read_bytes())
    return ResourceSchema(
        type=type_name,
        properties=Type(Kind.OBJECT, name=type_name),
        required=frozenset(document.get("required", ())),
        read_only=_paths(document, "readOnlyProperties"),
        write_only=_paths(document, "writeOnlyProperties"),
        create_only=_paths(document, "createOnlyProperties"),
        primary_identifier=tuple(each.removeprefix("/properties/") for each in document.get("primaryIdentifier", ())),
        document=document,
    )


def _paths(document: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(each.removeprefix("/properties/") for each in document.get(key, ()))


@lru_cache(maxsize=8192)
def fields_of(name: str) -> Mapping[str, Type]:
    """Return the fields of a named object: a resource type, its definition, or an inline object within either.

    The fields of a resource type include what its service table folds into it.
    """
    resource, *steps = name.split("/")
    document = resource_schema(resource).document
    node: Mapping[str, Any] = document
    for step in steps:
        node = _step(document, node, step)
    fields = {
        key: POLICY if _is_policy(resource, key, each) else _type(document, each, f"{name}/{key}")
        for key, each in _properties(document, node).items()
    }
    if not steps:
        from assay.inventory.services import table  # the tables use the types above

        row = table(resource)
        fields = {**row.added, **fields, **row.types}
    return MappingProxyType(fields)


# Free-form properties whose names end like this hold an IAM policy document, but for the ones below.
_POLICY_NAME = re.compile(r"(Polic(y|ies)|PolicyDocument|PolicyText)$")
_NOT_POLICIES = frozenset(
    {
        "ArchivePolicy",
        "DataProtectionPolicy",
        "DeliveryDestinationPolicy",
        "DeliveryPolicy",
        "FilterPolicy",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "ReplayPolicy",
    }
)


def _is_policy(resource: str, key: str, node: Mapping[str, Any]) -> bool:
    if key in _NOT_POLICIES or not _POLICY_NAME.search(key) or resource == "AWS::NetworkManager::CoreNetwork":
        return False
    stated = node.get("type")
    return (stated == "object" and "properties" not in node) or isinstance(stated, list) or key == "PolicyDocument"


def _step(document: Mapping[str, Any], node: Mapping[str, Any], step: str) -> Mapping[str, Any]:
    """Walk from an object's schema to that of one of its fields, into list elements and map values on the way."""
    if step.startswith("#"):
        return _mapping(document.get("definitions", {})[step[1:]])
    found = _resolve(document, _properties(document, node)[step])
    while inner := _inside(found):
        found = _resolve(document, inner)
    return found


def _inside(node: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "items" in node:
        return _mapping(node["items"])
    if "patternProperties" in node and "properties" not in node:
        return _mapping(next(iter(node["patternProperties"].values())))
    return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _resolve(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow $ref; a chain of them that never ends is cut after ten."""
    for _ in range(10):
        pointer = node.get("$ref")
        if not isinstance(pointer, str) or not pointer.startswith("#/"):
            break
        target: Any = document
        for part in pointer[2:].split("/"):
            target = _mapping(target).get(part)
        node = _mapping(target)
    return node


def _properties(document: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the fields that an object may have, those of its alternatives included."""
    node = _resolve(document, node)
    found: dict[str, Mapping[str, Any]] = {}
    for each in _alternatives(node):
        found.update(_properties(document, each))
    found.update({key: _mapping(each) for key, each in node.get("properties", {}).items()})
    return found


def _alternatives(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("oneOf", "anyOf", "allOf"):
        yield from map(_mapping, node.get(key, ()))


def _type(document: Mapping[str, Any], node: Mapping[str, Any], name: str) -> Type:
    pointer = node.get("$ref")
    if isinstance(pointer, str) and pointer.startswith("#/definitions/"):
        parts = pointer.removeprefix("#/definitions/").split("/")
        if len(parts) == 1:
            name = f"{name.split('/', 1)[0]}/#{parts[0]}"  # one name per definition, so that recursion ends
    node = _resolve(document, node)
    stated = _stated(document, node)
    if stated == "string" and (allowed := node.get("enum")) and all(isinstance(each, str) for each in allowed):
        return Type(Kind.STRING, enum=tuple(allowed))
    if stated in _SCALARS:
        return _SCALARS[stated]
    if stated == "array":
        return list_of(_type(document, _mapping(node.get("items", {})), name))
    if stated == "object":
        return _object(document, node, name)
    return ANY


def _stated(document: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """Return the one JSON type of a schema; "" when it allows several, or does not say."""
    stated = node.get("type")
    if isinstance(stated, list):
        several = [each for each in stated if each != "null"]
        return str(several[0]) if len(several) == 1 else ""
    if isinstance(stated, str):
        return stated
    if "properties" in node or "patternProperties" in node:
        return "object"
    if "items" in node:
        return "array"
    kinds = {_stated(document, _resolve(document, each)) for each in _alternatives(node)} - {""}
    return kinds.pop() if len(kinds) == 1 else ""


def _object(document: Mapping[str, Any], node: Mapping[str, Any], name: str) -> Type:
    if _properties(document, node):
        return Type(Kind.OBJECT, name=name)
    if patterns := node.get("patternProperties"):
        return map_of(_type(document, _mapping(next(iter(patterns.values()))), name))
    return ANY
