"""Which IAM action an operation needs.

Mostly it is the operation's own name behind the name that the service signs its requests with. The tables say what
differs. Names of actions: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from collections.abc import Mapping

from assay.sources.aws.samples import service_model

# botocore's service → the prefix of its actions, where that is not the name that requests are signed with.
_PREFIXES: Mapping[str, str] = {
    "cloudwatch": "cloudwatch",
}

# (botocore's service, operation) → the actions.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_ACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("cloudcontrol", "GetResource"): ("cloudformation:GetResource",),
    ("cloudcontrol", "ListResources"): ("cloudformation:ListResources",),
    ("s3", "GetBucketAccelerateConfiguration"): ("s3:GetAccelerateConfiguration",),
    ("s3", "GetBucketCors"): ("s3:GetBucketCORS",),
    ("s3", "GetBucketEncryption"): ("s3:GetEncryptionConfiguration",),
    ("s3", "GetBucketLifecycleConfiguration"): ("s3:GetLifecycleConfiguration",),
    ("s3", "GetBucketNotificationConfiguration"): ("s3:GetBucketNotification",),
    ("s3", "GetBucketReplication"): ("s3:GetReplicationConfiguration",),
    ("s3", "GetObjectLockConfiguration"): ("s3:GetBucketObjectLockConfiguration",),
    ("s3", "GetPublicAccessBlock"): ("s3:GetBucketPublicAccessBlock",),
    ("s3", "ListBuckets"): ("s3:ListAllMyBuckets",),
    ("s3control", "GetPublicAccessBlock"): ("s3:GetAccountPublicAccessBlock",),
}


def actions(service: str, operation: str) -> tuple[str, ...]:
    """Return the IAM actions that an operation needs: "s3:ListAllMyBuckets"."""
    if stated := _ACTIONS.get((service, operation)):
        return stated
    return (f"{_PREFIXES.get(service) or service_model(service).signing_name}:{operation}",)
