"""What the native types of AWS Config are in CloudFormation, one table per group of services."""

from collections.abc import Mapping
from types import MappingProxyType

from assay.sources.aws_config.mapping import Entry
from assay.sources.aws_config.services import compute, databases, ec2, iam, messaging, registered, s3, security

ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        each.type: each
        for module in (compute, databases, ec2, iam, messaging, registered, s3, security)
        for each in module.TABLE
    }
)
