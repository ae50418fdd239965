"""How each resource type is collected, one table per service. `ENTRIES` is the catalogue, by type."""

from collections.abc import Mapping
from types import MappingProxyType

from assay.sources.aws.entry import Entry
from assay.sources.aws.services import (
    account,
    awslambda,
    cloudtrail,
    config,
    ec2,
    guardduty,
    iam,
    kms,
    organizations,
    rds,
    s3,
    vpc,
)

_SERVICES = (account, awslambda, cloudtrail, config, ec2, guardduty, iam, kms, organizations, rds, s3, vpc)

ENTRIES: Mapping[str, Entry] = MappingProxyType({each.type: each for module in _SERVICES for each in module.TABLE})
