"""Which action of IAM an event asked for.

By rule the action is named as the operation: `eventSource` without its domain, `eventName`. The tables say where that
is not so. Sources, as of 2026-11: Service Authorization Reference (each service's "Actions"), S3 user guide "Required
permissions for Amazon S3 API operations", Lambda developer guide "Logging Lambda API calls", API Gateway developer
guide "Control access for managing an API", user guides of Budgets and CloudWatch. A dated operation
(CreateFunction20150331v2, CreateDistribution2020_05_31) is named without its date.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from assay.sources.cloudtrail import Event

AS_OF: Final = "2026-11"
_DOMAIN = re.compile(r"\.(?:amazonaws\.com|amazon\.com|aws\.internal|aws\.amazon\.com)(?:\.cn)?$")
_DATED = re.compile(r"(?:\d{8}|\d{4}_\d{2}_\d{2})(?:v\d+)?$", re.ASCII)

# What precedes .amazonaws.com → prefix of the actions, where they differ.
_SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "monitoring": "cloudwatch",
        "email": "ses",
        "tagging": "tag",
        "cloudcontrolapi": "cloudformation",
        "data.iot": "iot",
        "iotdata": "iot",
        "runtime.lex": "lex",
        "models.lex": "lex",
        "runtime.sagemaker": "sagemaker",
        "metering.marketplace": "aws-marketplace",
        "entitlement.marketplace": "aws-marketplace",
        "marketplacecatalog": "aws-marketplace",
        "mturk-requester": "mechanicalturk",
        "streams.dynamodb": "dynamodb",
        "billingconsole": "aws-portal",
        "servicecatalog-appregistry": "servicecatalog",
        "s3express": "s3express",
    }
)
_LIFECYCLE, _ENCRYPTION, _REPLICATION = "LifecycleConfiguration", "EncryptionConfiguration", "ReplicationConfiguration"
_S3: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CompleteMultipartUpload": "PutObject",
        "CopyObject": "PutObject",  # and s3:GetObject on what is copied
        "CreateMultipartUpload": "PutObject",
        "UploadPart": "PutObject",
        "UploadPartCopy": "PutObject",
        "PostObject": "PutObject",
        "HeadObject": "GetObject",
        "SelectObjectContent": "GetObject",
        "DeleteObjects": "DeleteObject",
        "HeadBucket": "ListBucket",
        "ListObjects": "ListBucket",
        "ListObjectsV2": "ListBucket",
        "ListObjectVersions": "ListBucketVersions",
        "ListBuckets": "ListAllMyBuckets",
        "ListMultipartUploads": "ListBucketMultipartUploads",
        "ListParts": "ListMultipartUploadParts",
        "DeleteBucketCors": "PutBucketCORS",
        "DeleteBucketTagging": "PutBucketTagging",
        "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
        "PutBucketEncryption": f"Put{_ENCRYPTION}",
        "DeleteBucketEncryption": f"Put{_ENCRYPTION}",
        "GetBucketEncryption": f"Get{_ENCRYPTION}",
        "PutBucketLifecycle": f"Put{_LIFECYCLE}",
        "PutBucketLifecycleConfiguration": f"Put{_LIFECYCLE}",
        "DeleteBucketLifecycle": f"Put{_LIFECYCLE}",
        "GetBucketLifecycle": f"Get{_LIFECYCLE}",
        "GetBucketLifecycleConfiguration": f"Get{_LIFECYCLE}",
        "PutBucketReplication": f"Put{_REPLICATION}",
        "DeleteBucketReplication": f"Put{_REPLICATION}",
        "GetBucketReplication": f"Get{_REPLICATION}",
        "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
        "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
        "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
        "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
        "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
        "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
        "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
        "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
        "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
        "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
        "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
        "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
        "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
        "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
        "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
        "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
        "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
        "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
        "PutBucketNotificationConfiguration": "PutBucketNotification",
        "GetBucketNotificationConfiguration": "GetBucketNotification",
        "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
        "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
        "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
        "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
        "DeleteBucketPublicAccessBlock": "PutBucketPublicAccessBlock",
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "DeleteAccountPublicAccessBlock": "PutAccountPublicAccessBlock",
    }
)
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{f"s3:{name}": f"s3:{action}" for name, action in _S3.items()},
        "lambda:Invoke": "lambda:InvokeFunction",
        "lambda:InvokeAsync": "lambda:InvokeFunction",
        "lambda:InvokeWithResponseStream": "lambda:InvokeFunction",
        "lambda:GetLayerVersionByArn": "lambda:GetLayerVersion",
        "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
        "sqs:SendMessageBatch": "sqs:SendMessage",
        "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
        "sns:PublishBatch": "sns:Publish",
        "iam:UpdateOpenIDConnectProvider": "iam:UpdateOpenIDConnectProviderThumbprint",
    }
)
# With these objects an operation on a version is another action.
_OF_VERSIONS: Final = frozenset(
    {"GetObject", "GetObjectAcl", "GetObjectTagging", "DeleteObject", "DeleteObjectTagging", "PutObjectAcl"}
    | {"PutObjectTagging"}
)
# API Gateway's actions are the methods of its API.
_METHODS: Final = (
    *(("Create", "POST"), ("Import", "POST"), ("Get", "GET"), ("Export", "GET"), ("Update", "PATCH")),
    *(("Put", "PUT"), ("Reimport", "PUT"), ("TagResource", "PUT")),
    *(("Delete", "DELETE"), ("Flush", "DELETE"), ("Reset", "DELETE"), ("UntagResource", "DELETE")),
)
_BUDGETS: Final = (("Describe", "ViewBudget"), ("Create", "ModifyBudget"), ("Update", "ModifyBudget"))


def action_of(event: Event) -> str:
    """Return the action that an event asked for, "service:Name"."""
    found = _action(event.source, event.name)
    if found.startswith("s3:") and found[3:] in _OF_VERSIONS and event.request.get("versionId"):
        return found.replace("Object", "ObjectVersion", 1)
    return found


@lru_cache(maxsize=8192)
def _action(source: str, name: str) -> str:
    host = _DOMAIN.sub("", source)
    service = _SERVICES.get(host, host)
    undated = _DATED.sub("", name) or name
    if service == "apigateway":
        return f"apigateway:{_by_beginning(undated, _METHODS)}"
    if service == "budgets":
        return f"budgets:{_by_beginning(undated, (*_BUDGETS, ('Delete', 'ModifyBudget')))}"
    action = f"{service}:{undated}"
    return _NAMES.get(action, action)


def _by_beginning(name: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((action for beginning, action in table if name.startswith(beginning)), name)
