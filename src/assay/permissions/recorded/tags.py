"""The tags that a request asks to set, as its event states them: what aws:RequestTag/… and aws:TagKeys are.

An operation may take tags that are no key of its action: hence a table of the actions that have these keys and take the
same tags for every resource. Of others, such as ec2:RunInstances with tags by type of resource, the keys stay unknown.
Sources, as of 2026-11: Service Authorization Reference, "Condition keys" of each service; user guides of KMS and Lambda
for the forms in which CloudTrail records tags.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from assay.sources.cloudtrail import Event

REQUEST_TAG: Final = "aws:requesttag/"
TAG_KEYS: Final = "aws:tagkeys"
_TAGS: Final = ("tags",)
_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ec2:CreateTags": ("tagSet", "items"),
        **dict.fromkeys((f"iam:{name}" for name in ("CreateRole", "CreateUser", "TagRole", "TagUser")), _TAGS),
        **dict.fromkeys(("kms:CreateKey", "kms:TagResource"), _TAGS),
        **dict.fromkeys(("lambda:CreateFunction", "lambda:TagResource"), _TAGS),
        **dict.fromkeys(("rds:AddTagsToResource", "rds:CreateDBCluster", "rds:CreateDBInstance"), _TAGS),
        **dict.fromkeys(("secretsmanager:CreateSecret", "secretsmanager:TagResource"), _TAGS),
    }
)
_NAMES: Final = (("key", "value"), ("tagKey", "tagValue"))
_WITHHELD: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"

Tags = tuple[tuple[str, str], ...]


def request_tags(event: Event, action: str) -> Tags | None:
    """Return all tags that a request asks to set, None where that is not stated whole."""
    path = _ACTIONS.get(action)
    value: Any = event.request if path else None
    for step in path or ():
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [_pair(each) for each in value]
    else:
        return None
    keys = {str(key).lower() for key, _ in pairs}  # in conditions they have no case: of two that are one, which counts?
    known = all(isinstance(each, str) and each != _WITHHELD for pair in pairs for each in pair)
    return tuple(sorted(pairs)) if known and len(keys) == len(pairs) else None


def _pair(tag: Any) -> tuple[Any, Any]:
    names = next((each for each in _NAMES if isinstance(tag, Mapping) and set(tag) == set(each)), None)
    return (tag[names[0]], tag[names[1]]) if names else (None, None)


def is_tagged(action: str) -> bool:
    """Return whether the tags of a request are keys of its action, and can be told from an event."""
    return action in _ACTIONS
