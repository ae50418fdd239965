"""Configuration items in every form that AWS Config gives them in, as one form.

The files that it delivers to S3 hold `configuration` as an object; its APIs hold it as JSON in a text and have other
names for some fields. What `select-resource-config` answers are rows of selected fields, each row a JSON text.
https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
https://docs.aws.amazon.com/config/latest/developerguide/example-s3-snapshot.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay import streams
from assay.errors import Fault
from assay.streams import Element

_LISTS = frozenset({"configurationItems", "BaseConfigurationItems", "baseConfigurationItems"})
_ONE = frozenset({"ConfigurationItem", "configurationItem"})
_ROWS = "Results"
_UNPROCESSED = frozenset({"UnprocessedResourceIdentifiers", "unprocessedResourceKeys"})
_SELECTED = "QueryInfo"
_SNAPSHOT = "configSnapshotId"
_OF_AN_ITEM = frozenset({"resourceType", "resourceId"})

DELETED = frozenset({"ResourceDeleted", "ResourceDeletedNotRecorded"})
NOT_RECORDED = frozenset({"ResourceNotRecorded"})


@dataclass(frozen=True, slots=True)
class Item:
    """One configuration item.

    type           As AWS Config calls it; mostly CloudFormation's name.
    configuration  None when the item has none: it was deleted, not recorded, or not selected.
    supplementary  Each value parsed, where it was JSON in a text; None when the item has none.
    whole          False when only parts of the configuration were selected.
    tags           None when the item does not say.
    captured       When AWS Config saw it, ISO 8601; "" when it does not say.
    related        (name of the relation, type, id) of the resources that AWS Config relates it to.
    line           Of the file, where the item begins.
    """

    type: str
    id: str
    name: str
    arn: str
    account: str
    region: str
    status: str
    captured: str
    configuration: Mapping[str, Any] | None
    supplementary: Mapping[str, Any] | None
    tags: Mapping[str, str] | None
    line: int
    whole: bool = True
    related: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells the resource from all others."""
        return self.account, self.region, self.type, self.id


@dataclass(frozen=True, slots=True)
class Unprocessed:
    """A resource that the API was asked for, and did not answer about."""

    type: str
    id: str
    account: str = ""
    region: str = ""


def is_outlined(found: streams.Outline) -> bool:
    """Whether the beginning of a file is that of one that holds what AWS Config says."""
    if found.is_list or found.keys >= _OF_AN_ITEM:
        return found.keys >= _OF_AN_ITEM and bool(found.keys & {"configuration", "configurationItemStatus"})
    return bool(found.keys & (_LISTS | _ONE)) or {_ROWS, _SELECTED} <= found.keys


def is_snapshot(path: Path) -> bool:
    """Whether the file is a delivered snapshot: every recorded resource of its account and region is in it."""
    return _SNAPSHOT in streams.outline(path).keys


def items(path: Path) -> Iterator[Item | Unprocessed | Fault]:
    """Yield what a file holds, in its order; a fault for an element that is none. Raises Broken; see `streams`."""
    found = streams.outline(path)
    opened = not found.is_list and not found.keys >= _OF_AN_ITEM
    selected = _selected(path) if opened and _ROWS in found.keys else None
    for element in streams.elements(path, opened=opened):
        yield from _read(element, str(path), selected)


def _selected(path: Path) -> frozenset[str]:
    """Return the fields that the rows of a query hold; the answer states them after the rows."""
    for element in streams.elements(path, opened=True):
        if element.key == _SELECTED and isinstance(element.value, dict):
            fields = element.value.get("SelectFields")
            named = [each.get("Name") for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
            return frozenset(each for each in named if isinstance(each, str))
    return frozenset()


def _read(element: Element, file: str, selected: frozenset[str] | None) -> Iterator[Item | Unprocessed | Fault]:
    value = element.value
    if element.key == _ROWS and isinstance(value, str):
        value = parsed(value)
    if element.key in _UNPROCESSED and isinstance(value, dict):
        yield _unprocessed(value)
    elif element.key in _LISTS | _ONE | {"", _ROWS}:
        if not isinstance(value, dict) or not _text(value, "resourceType") or not _text(value, "resourceId"):
            found = json.dumps(value, default=str)[:60]
            expected = "an object with resourceType and resourceId"
            yield Fault(file, element.line, 1, "this is no configuration item", found, expected)
        else:
            yield _item(value, element.line, selected)


def _item(value: Mapping[str, Any], line: int, selected: frozenset[str] | None) -> Item:
    configuration = parsed(value.get("configuration"))
    supplementary = parsed(value.get("supplementaryConfiguration"))
    if isinstance(supplementary, dict):
        supplementary = {key: parsed(each) for key, each in supplementary.items()}
    return Item(
        type=_text(value, "resourceType"),
        id=_text(value, "resourceId"),
        name=_text(value, "resourceName"),
        arn=_text(value, "ARN", "arn"),
        account=_text(value, "awsAccountId", "accountId"),
        region=_text(value, "awsRegion"),
        status=_text(value, "configurationItemStatus") or "OK",
        captured=_text(value, "configurationItemCaptureTime"),
        configuration=configuration if isinstance(configuration, dict) and configuration else None,
        supplementary=supplementary if isinstance(supplementary, dict) else None,
        tags=_tags(value.get("tags")),
        line=line,
        whole=selected is None or "configuration" in selected,
        related=_related(value.get("relationships")),
    )


def parsed(value: Any) -> Any:
    """Return what a text of JSON holds; anything else as it is."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return streams.parse(value)
    except ValueError:
        return value


def _text(value: Mapping[str, Any], *names: str) -> str:
    for name in names:
        found = value.get(name)
        if isinstance(found, str):
            return found
        if isinstance(found, int | float):
            return str(found)
    return ""


def _tags(value: Any) -> Mapping[str, str] | None:
    """Return tags, given as an object or as a list of keys and values."""
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if isinstance(each, str)}
    if isinstance(value, list):
        pairs = [(each.get("key", each.get("Key")), each.get("value", each.get("Value"))) for each in _objects(value)]
        return {key: each for key, each in pairs if isinstance(key, str) and isinstance(each, str)}
    return None


def _related(value: Any) -> tuple[tuple[str, str, str], ...]:
    found = []
    for each in _objects(value):
        named = _text(each, "resourceId") or _text(each, "resourceName")
        found.append((_text(each, "name", "relationshipName"), _text(each, "resourceType"), named))
    return tuple(found)


def _objects(value: Any) -> Sequence[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else ()


def _unprocessed(value: Mapping[str, Any]) -> Unprocessed:
    return Unprocessed(
        _text(value, "ResourceType", "resourceType"),
        _text(value, "ResourceId", "resourceId"),
        _text(value, "SourceAccountId"),
        _text(value, "SourceRegion"),
    )
