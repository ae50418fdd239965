"""A resource as one row of a snapshot, and back.

The document is what is judged: type, properties, and attributes and condition where there are any. Its digest says
nothing of who saw it and when, so that two snapshots of an unchanged resource agree.
"""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from assay.canonical import canonical, digest, exact, inexact, rfc3339
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.values import from_json, to_json

COLUMNS = ("account", "region", "type", "id", "name", "observed", "source", "digest", "document")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a part, in the order of its columns; all of them text."""

    account: str
    region: str
    type: str
    id: str
    name: str
    observed: str
    source: str
    digest: str
    document: str


def row_of(resource: Resource) -> Row:
    """Return the row of a live resource."""
    document = document_text(resource)
    origin = resource.origin
    return Row(
        account=_clean(origin.account),
        region=_clean(origin.region),
        type=_clean(resource.type),
        id=_clean(resource.id),
        name=_clean(resource.name),
        observed=moment(origin.observed),
        source=_clean(origin.source),
        digest=digest(document.encode()),
        document=document,
    )


def document_text(resource: Resource) -> str:
    """Return the canonical JSON of what is judged."""
    stated: dict[str, Any] = {"type": resource.type, "properties": to_json(resource.properties)}
    if resource.attributes:
        stated["attributes"] = to_json(resource.attributes)
    if resource.condition is not True:
        stated["condition"] = to_json(resource.condition)
    return canonical(exact(stated)).decode()


def resource_of(row: Row, file: str) -> Resource:
    """Return the resource of a row. Raises ValueError or KeyError when its document is none."""
    stated = inexact(json.loads(row.document))
    properties, attributes = from_json(stated["properties"]), from_json(stated.get("attributes", {}))
    if not isinstance(properties, dict) or not isinstance(attributes, dict):
        raise ValueError("properties and attributes are objects")
    return Resource(
        id=row.id,
        type=row.type,
        name=row.name,
        properties=properties,
        origin=Origin(row.source, Position(file), row.account, row.region, row.observed),
        condition=from_json(stated.get("condition", True)),
        attributes=attributes,
    )


def moment(text: str) -> str:
    """Return a moment in ISO 8601, in UTC to the second, so that text compares as time does; "" when it is none."""
    try:
        found = datetime.datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
        found = found.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return ""
    return rfc3339(found) if found.year > 999 else ""


def _clean(text: str) -> str:
    """Return text that can be stored: what is no Unicode in it is spelt out."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
