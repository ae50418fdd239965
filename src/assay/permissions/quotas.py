"""Sizes and counts that AWS sets, as of a date.

Sources: IAM user guide, "IAM and AWS STS quotas"; Organizations user guide, "Quotas and service limits" (SCP, RCP).
White space outside quoted text does not count for identity policies; Organizations removes it when the console saves.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from assay.documents import Json
from assay.permissions.policy import Kind

AS_OF: Final = "2025-06-30"


@dataclass(frozen=True, slots=True)
class Quota:
    """The largest size of one document in characters, and how many may be attached to one node (0: not limited).

    Of SCPs and RCPs the one that AWS attaches everywhere counts.
    """

    characters: int
    attached: int = 0
    name: str = ""


QUOTAS: Final[Mapping[Kind, Quota]] = MappingProxyType(
    {
        Kind.IDENTITY: Quota(6_144, 10, "a managed policy"),
        Kind.BOUNDARY: Quota(6_144, 1, "a permissions boundary"),
        Kind.SESSION: Quota(2_048, 0, "an inline session policy"),
        Kind.SCP: Quota(5_120, 5, "a service control policy"),
        Kind.RCP: Quota(5_120, 5, "a resource control policy"),
        Kind.ENDPOINT: Quota(20_480, 1, "an endpoint policy"),
        # The largest of the services that say: 32 KB for a key, 20 KB for a bucket, 2 to 8 KB for a role's trust.
        Kind.RESOURCE: Quota(32_768, 1, "a resource policy"),
    }
)
TREE_DEPTH: Final = 5  # organisational units below the root
RCP_SERVICES: Final = frozenset({"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss"})
"""Services whose resources RCPs bind. A service that is missing here is taken as not bound: Deny is read narrowly."""


def size(document: Json) -> int:
    """Return the number of characters that count: white space between elements does not."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))
