"""How each resource type is collected, one table per service. `ENTRIES` is the catalogue, by type."""

from collections.abc import Mapping
from types import MappingProxyType

from assay.sources.aws.entry import Entry
from assay.sources.aws.services import (
    account,
    autoscaling,
    awslambda,
    cloudtrail,
    config,
    containers,
    docdb,
    dynamodb,
    ec2,
    edge,
    elasticache,
    elasticloadbalancing,
    guardduty,
    iam,
    kms,
    neptune,
    opensearch,
    organizations,
    rds,
    rds_clusters,
    redshift,
    s3,
    vpc,
)

_SERVICES = (
    account,
    autoscaling,
    awslambda,
    cloudtrail,
    config,
    containers,
    docdb,
    dynamodb,
    ec2,
    edge,
    elasticache,
    elasticloadbalancing,
    guardduty,
    iam,
    kms,
    neptune,
    opensearch,
    organizations,
    rds,
    rds_clusters,
    redshift,
    s3,
    vpc,
)

ENTRIES: Mapping[str, Entry] = MappingProxyType({each.type: each for module in _SERVICES for each in module.TABLE})
