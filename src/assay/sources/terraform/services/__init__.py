"""The tables: what each type of the AWS provider is in CloudFormation. One module for a service or a group of them."""

from collections.abc import Mapping
from types import MappingProxyType

from assay.sources.terraform.mapping import Entry
from assay.sources.terraform.services import (
    compute,
    databases,
    delivery,
    ec2,
    further,
    iam,
    identity,
    messaging,
    operations,
    s3,
    security,
    storage,
    vpc,
)

TABLES: tuple[tuple[Entry, ...], ...] = (
    s3.TABLE,
    ec2.TABLE,
    vpc.TABLE,
    further.TABLE,
    iam.TABLE,
    security.TABLE,
    databases.TABLE,
    compute.TABLE,
    delivery.TABLE,
    messaging.TABLE,
    operations.TABLE,
    storage.TABLE,
    identity.TABLE,
)


def _by_name() -> Mapping[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for each in (entry for table in TABLES for entry in table):
        found[each.terraform] = (*found.get(each.terraform, ()), each)
    return MappingProxyType(found)


ENTRIES: Mapping[str, tuple[Entry, ...]] = _by_name()
"""The entries of each Terraform type; several where it is a part of owners of several types."""
