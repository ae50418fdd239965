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

# Services whose actions are the methods of HTTP: their reading is one action.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
_BY_METHOD: Mapping[str, str] = {
    "apigateway": "apigateway:GET",
    "apigatewayv2": "apigateway:GET",
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
    if service in _BY_METHOD:
        return (_BY_METHOD[service],)
    if stated := _ACTIONS.get((service, operation)):
        return stated
    return (f"{_PREFIXES.get(service) or service_model(service).signing_name}:{operation}",)
