"""The IAM policy that the collector needs: what its catalogue asks for, and nothing else."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from assay.sources.aws.actions import actions
from assay.sources.aws.entry import Entry
from assay.sources.aws.fallback import SOURCE, handler_actions

# Of a managed policy, without white space.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LARGEST = 6144

# How accounts and regions are found.
_PLACES = (
    ("account", "ListRegions"),
    ("ec2", "DescribeRegions"),
    ("organizations", "DescribeOrganization"),
    ("organizations", "ListAccounts"),
)

Policy = dict[str, Any]


def needed(entries: Iterable[Entry]) -> Sequence[str]:
    """Return the IAM actions that entries need, in order."""
    found = {action for service, name in _PLACES for action in actions(service, name)}
    for entry in entries:
        found |= {action for name in entry.operations for action in actions(entry.service, name)}
        found |= set(handler_actions(entry.type)) if entry.source == SOURCE else set()
    return sorted(found)


def policies(entries: Iterable[Entry], largest: int = LARGEST) -> list[Policy]:
    """Return as few policies as the quota of characters allows, whole services in each."""
    by_service: dict[str, list[str]] = {}
    for action in needed(entries):
        by_service.setdefault(action.partition(":")[0], []).append(action)
    found: list[Policy] = []
    for service, allowed in by_service.items():
        statement = {"Sid": _sid(service), "Effect": "Allow", "Action": allowed, "Resource": "*"}
        grown = {**found[-1], "Statement": [*found[-1]["Statement"], statement]} if found else None
        if grown is not None and _size(grown) <= largest:
            found[-1] = grown
        else:
            found.append({"Version": "2012-10-17", "Statement": [statement]})
    return found


def _sid(service: str) -> str:
    return "Read" + "".join(part.capitalize() for part in service.split("-"))


def _size(policy: Policy) -> int:
    return len(json.dumps(policy, separators=(",", ":")))
