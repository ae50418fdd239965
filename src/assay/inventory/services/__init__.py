"""One readable table per service: defaults, and what folds into what. `TABLES` is the registry."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from assay.inventory.services import (
    acm,
    analytics,
    apigateway,
    autoscaling,
    awsconfig,
    awslambda,
    backup,
    cloudfront,
    cloudtrail,
    cognito,
    compute,
    delivery,
    detection,
    dms,
    docdb,
    dynamodb,
    ec2,
    ecr,
    ecs,
    efs,
    eks,
    elasticache,
    elasticloadbalancing,
    fsx,
    iam,
    kinesis,
    kms,
    machinelearning,
    messaging,
    monitoring,
    msk,
    neptune,
    networkfirewall,
    opensearch,
    organizations,
    rds,
    redshift,
    route53,
    s3,
    secretsmanager,
    ssm,
    stepfunctions,
    transfer,
    waf,
)
from assay.inventory.tables import Fold, ResourceTable

_SERVICES = (
    acm,
    analytics,
    apigateway,
    autoscaling,
    awsconfig,
    awslambda,
    backup,
    cloudfront,
    cloudtrail,
    cognito,
    compute,
    delivery,
    detection,
    dms,
    docdb,
    dynamodb,
    ec2,
    ecr,
    ecs,
    efs,
    eks,
    elasticache,
    elasticloadbalancing,
    fsx,
    iam,
    kinesis,
    kms,
    machinelearning,
    messaging,
    monitoring,
    msk,
    neptune,
    networkfirewall,
    opensearch,
    organizations,
    rds,
    redshift,
    route53,
    s3,
    secretsmanager,
    ssm,
    stepfunctions,
    transfer,
    waf,
)

TABLES: Mapping[str, ResourceTable] = MappingProxyType({row.type: row for each in _SERVICES for row in each.TABLE})

FOLDS: tuple[Fold, ...] = tuple(replace(fold, owner=row.type) for row in TABLES.values() for fold in row.folds)


def table(type_name: str) -> ResourceTable:
    """Return what we know of a resource type beyond its schema; an empty row when that is nothing."""
    return TABLES.get(type_name) or ResourceTable(type_name)
