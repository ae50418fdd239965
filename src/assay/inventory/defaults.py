"""What an absent property reads as: the platform's default where AWS documents one, an unknown where it fixes none.

Applied where a property is read, never written into documents: whether something is stated stays visible.
"""

from functools import lru_cache

from assay.inventory.resource import Resource
from assay.inventory.schema import Kind, Type, resource_schema, resource_types
from assay.inventory.services import table
from assay.inventory.tables import Undocumented, undocumented
from assay.inventory.values import Cause, Path, Reason, Unknown, Value

_ZERO: dict[Kind, Value] = {Kind.BOOLEAN: False, Kind.INTEGER: 0, Kind.NUMBER: 0.0, Kind.STRING: ""}


def type_at(resource_type: str, path: tuple[str, ...]) -> Type | None:
    """Return the type at a path of property names, "*" for any element of a list; None where there is none."""
    found: Type | None = resource_schema(resource_type).properties
    for step in path:
        if found is None:
            return None
        if found.kind is Kind.ANY:
            return found
        found = found.items if found.kind in (Kind.LIST, Kind.MAP) else found.fields.get(step)
    return found


@lru_cache(maxsize=65536)
def default_for(resource_type: str, path: tuple[str, ...]) -> Value:
    """Return what a property reads as when it is absent; `path` has "*" for any element of a list.

    The table's default if it states one. An unknown if the table says that AWS fixes none, or if the property is one
    that AWS sets (read-only). Else the zero value of its type, as CEL prescribes for an unset field: false, 0, "", [],
    {}; None where the type is free-form or the resource type has no schema.
    """
    if resource_type not in resource_types():
        return None
    resource_type, path = _own_path(resource_type, path)
    dotted = ".".join(path)
    stated = table(resource_type).defaults
    if dotted in stated:
        default = stated[dotted]
        return undocumented(resource_type, dotted, default) if isinstance(default, Undocumented) else default
    if "/".join(path) in resource_schema(resource_type).read_only:
        return Unknown(Reason(Cause.ATTRIBUTE, dotted, f"{dotted} is set by AWS and known only after deployment"))
    return zero(type_at(resource_type, path))


def _own_path(resource_type: str, path: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return a path within a resource that is folded into another as its own type and the path within that.

    What an entry of a network ACL does not state reads as the table of the entry says.
    """
    for length in range(len(path) - 1, 0, -1):
        inner = type_at(resource_type, path[:length])
        if inner is not None and inner.kind is Kind.OBJECT and inner.name in resource_types():
            return inner.name, path[length:]
    return resource_type, path


def zero(wanted: Type | None) -> Value:
    """Return what an absent value of a type reads as when nothing else is said; fresh, for the caller to keep."""
    if wanted is None:
        return None
    if wanted.kind is Kind.LIST:
        return []
    if wanted.kind in (Kind.OBJECT, Kind.MAP):
        return {}
    return _ZERO.get(wanted.kind)


def declared_elsewhere(resource: Resource, name: str) -> Unknown | None:
    """Return the unknown that an absent property of a fragment is; None for every other resource.

    Of a fragment, everything but its own part is declared elsewhere.
    """
    if not resource.fragment or name in resource.properties:
        return None
    detail = f"{name} of {resource.type} is declared outside of what was read"
    return Unknown(Reason(Cause.ELSEWHERE, resource.name, detail))


def absent_reads_as(resource: Resource, path: Path) -> Value:
    """Return what a property of this resource reads as when it is absent, list indexes in `path` being integers."""
    elsewhere = declared_elsewhere(resource, str(path[0])) if path else None
    return elsewhere or default_for(resource.type, tuple("*" if isinstance(step, int) else step for step in path))
