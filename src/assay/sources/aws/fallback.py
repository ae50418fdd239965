"""Types without an entry, read by the Cloud Control API: an entry made of the type's schema, and marked as such.

Cloud Control describes a resource in the schema's own names, so that nothing is to be mapped. It costs a request for
each resource, and says of a type whether it can be listed only when it is asked.
https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/supported-resources.html
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from assay import streams
from assay.errors import UsageError, nearest
from assay.inventory.identity import is_global
from assay.inventory.schema import fields_of, resource_schema, resource_types
from assay.inventory.services import table
from assay.sources.aws.entry import Call, Entry, List, Properties, Scope

SOURCE = "cloud_control"
_READS = re.compile(r"[a-z0-9-]+:(Get|List|Describe|BatchGet)[A-Za-z0-9]*")


@lru_cache(maxsize=1024)
def fallback(kind: str) -> Entry:
    """Return the entry that reads a type by Cloud Control. Raises UsageError for what is no type of AWS."""
    if kind not in resource_types() or not kind.startswith("AWS::"):
        raise UsageError(
            f"no resource type {kind!r}; {nearest(kind, resource_types()) or 'see the CloudFormation page'}"
        )
    schema = resource_schema(kind)
    readable = fields_of(kind).keys() - table(kind).added.keys() - schema.write_only
    named = {"TypeName": f"'{kind}'"}
    return Entry(
        kind,
        "cloudcontrol",
        (List("ListResources", "ResourceDescriptions", named),),
        "Identifier",
        scope=Scope.GLOBAL if is_global(kind) else Scope.REGIONAL,
        describe=Call("GetResource", {**named, "Identifier": "Identifier"}, answer="ResourceDescription"),
        derive=_stated,
        derived=tuple(sorted(readable)),
        gone=("ResourceNotFoundException",),
        source=SOURCE,
    )


def _stated(description: Any) -> Properties:
    """Return the properties, which are JSON in a text. Raises ValueError when they are none."""
    found = streams.parse(description.get("Properties") or "{}")
    if not isinstance(found, dict):
        raise TypeError("the properties are no object")
    return found


def handler_actions(kind: str) -> Iterator[str]:
    """Yield what the type's handlers need of us to list and to read, as its schema says; nothing that writes."""
    handlers = resource_schema(kind).document.get("handlers") or {}
    for name in ("list", "read"):
        yield from filter(_READS.fullmatch, handlers.get(name, {}).get("permissions", ()))
