"""`awscc_*`: HashiCorp's provider that is generated from the schemas of CloudFormation; names are theirs in snake case.

https://registry.terraform.io/providers/hashicorp/awscc/latest/docs
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from assay.inventory.schema import resource_types
from assay.sources.terraform.mapping import Entry
from assay.sources.terraform.translate import squash

_PREFIX = "awscc_"


@lru_cache(maxsize=1)
def _types() -> Mapping[str, str]:
    """Return the types by their squashed names: awscc_s3_bucket, AWS::S3::Bucket → s3bucket."""
    return MappingProxyType({squash(each.removeprefix("AWS::").replace("::", "")): each for each in resource_types()})


@lru_cache(maxsize=2048)
def entry(terraform: str) -> Entry | None:
    """Return the entry of a type of this provider; None for every other type, and for one that has no schema."""
    if not terraform.startswith(_PREFIX):
        return None
    kind = _types().get(squash(terraform.removeprefix(_PREFIX)))
    return None if kind is None else Entry(terraform, kind, computed=("*",))
