"""Amazon S3. A bucket says little when it is listed; each of its settings has a call of its own."""

from collections.abc import Iterator
from typing import Any

from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.aws.entry import Call, Entry, List, Properties, Scope, nothing, objects, stated

_GROUPS = "http://acs.amazonaws.com/groups/"
_READ, _WRITE = frozenset({"READ", "FULL_CONTROL"}), frozenset({"WRITE", "FULL_CONTROL"})
_BUCKET = {"Bucket": "Name"}


def _access_control(answer: Any) -> Properties:
    """Return the canned ACL that grants what the ACL does; an unknown when none does so."""
    groups: dict[str, set[str]] = {}
    for grant in objects(answer.get("Grants")):
        uri = (grant.get("Grantee") or {}).get("URI")
        if isinstance(uri, str):  # a group; owners and accounts have an ID
            groups.setdefault(uri.removeprefix(_GROUPS), set()).add(str(grant.get("Permission")))
    return {"AccessControl": _canned(groups)}


def _canned(groups: dict[str, set[str]]) -> Value:
    everybody, signed_in = groups.get("global/AllUsers", set()), groups.get("global/AuthenticatedUsers", set())
    if everybody & _WRITE:
        return "PublicReadWrite"
    if everybody & _READ:
        return "PublicRead"
    if signed_in & _READ:
        return "AuthenticatedRead"
    if not groups:
        return "Private"
    if groups.keys() == {"s3/LogDelivery"}:
        return "LogDeliveryWrite"
    detail = "no canned ACL grants what the bucket's ACL grants"
    return Unknown(Reason(Cause.NOT_COLLECTED, "AWS::S3::Bucket AccessControl", detail), present=True)


_TARGETS = (
    ("TopicConfigurations", "TopicArn", "Topic"),
    ("QueueConfigurations", "QueueArn", "Queue"),
    ("LambdaFunctionConfigurations", "LambdaFunctionArn", "Function"),
)


def _notifications(answer: Any) -> Properties:
    """Return where events are sent; CloudFormation names one event in each configuration."""
    found: Properties = {}
    for said, arn, name in _TARGETS:
        if each := list(_events(answer.get(said), arn, name)):
            found[said.replace("LambdaFunction", "Lambda")] = each
    if answer.get("EventBridgeConfiguration") is not None:  # an empty object when it is on
        found["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}
    return {"NotificationConfiguration": found or None}


def _events(configurations: Any, arn: str, name: str) -> Iterator[Value]:
    for each in objects(configurations):
        rules = ((each.get("Filter") or {}).get("Key") or {}).get("FilterRules")
        for event in each.get("Events") or ():
            yield stated(**{name: each.get(arn)}, Event=event, Filter={"S3Key": {"Rules": rules}} if rules else None)


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
_LOCATION = "{BucketRegion: LocationConstraint == 'EU' && 'eu-west-1' || (LocationConstraint || 'us-east-1')}"

_FILTER = (
    "Prefix: not_null(Filter.Prefix, Filter.And.Prefix, Prefix), "
    "TagFilters: not_null(Filter.And.Tags, Filter.Tag && [Filter.Tag]), "
    "ObjectSizeGreaterThan: not_null(Filter.ObjectSizeGreaterThan, Filter.And.ObjectSizeGreaterThan), "
    "ObjectSizeLessThan: not_null(Filter.ObjectSizeLessThan, Filter.And.ObjectSizeLessThan)"
)
_LIFECYCLE = (
    f"Rules[].{{Id: ID, Status: Status, {_FILTER}, "
    "AbortIncompleteMultipartUpload: AbortIncompleteMultipartUpload, "
    "ExpirationDate: Expiration.Date, ExpirationInDays: Expiration.Days, "
    "ExpiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker || `false`, "
    "NoncurrentVersionExpiration: NoncurrentVersionExpiration, "
    "NoncurrentVersionTransitions: NoncurrentVersionTransitions[].{TransitionInDays: NoncurrentDays, "
    "StorageClass: StorageClass, NewerNoncurrentVersions: NewerNoncurrentVersions}, "
    "Transitions: Transitions[].{TransitionDate: Date, TransitionInDays: Days, StorageClass: StorageClass}}"
)
_REPLICATION = (
    "Rules[].{Id: ID, Priority: Priority, Status: Status, Prefix: Prefix, "
    "Filter: Filter && {Prefix: Filter.Prefix, TagFilter: Filter.Tag, "
    "And: Filter.And && {Prefix: Filter.And.Prefix, TagFilters: Filter.And.Tags}}, "
    "SourceSelectionCriteria: SourceSelectionCriteria, DeleteMarkerReplication: DeleteMarkerReplication, "
    "Destination: Destination}"
)
_OLD_RULES = (
    "NoncurrentVersionExpirationInDays",
    "NoncurrentVersionTransition",
    "Transition",
)

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::S3::Bucket",
        "s3",
        # The region of each bucket is said only to a request with an argument.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
        (List("ListBuckets", "Buckets", {"MaxBuckets": "`1000`"}),),
        "Name",
        scope=Scope.GLOBAL,
        region="BucketRegion",
        describe=Call("GetBucketLocation", _BUCKET, answer=_LOCATION, when="!BucketRegion"),
        rows={"BucketName": "Name", "Arn": "join('', ['arn:', partition(), ':s3:::', Name])"},
        calls=(
            Call("GetBucketPolicy", _BUCKET, rows={"Policy": "Policy"}, absent=nothing("NoSuchBucketPolicy")),
            Call(
                "GetBucketEncryption",
                _BUCKET,
                rows={
                    "BucketEncryption.ServerSideEncryptionConfiguration": (
                        "ServerSideEncryptionConfiguration.Rules[].{BucketKeyEnabled: BucketKeyEnabled, "
                        "BlockedEncryptionTypes: BlockedEncryptionTypes, "
                        "ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault}"
                    )
                },
                absent=nothing("ServerSideEncryptionConfigurationNotFoundError"),
            ),
            Call(
                "GetPublicAccessBlock",
                _BUCKET,
                same=("PublicAccessBlockConfiguration",),
                absent=nothing("NoSuchPublicAccessBlockConfiguration"),
            ),
            Call(
                "GetBucketOwnershipControls",
                _BUCKET,
                same=("OwnershipControls",),
                absent=nothing("OwnershipControlsNotFoundError"),
            ),
            Call("GetBucketVersioning", _BUCKET, rows={"VersioningConfiguration.Status": "Status"}),
            Call(
                "GetBucketLogging",
                _BUCKET,
                answer="LoggingEnabled",
                rows={
                    "LoggingConfiguration.DestinationBucketName": "TargetBucket",
                    "LoggingConfiguration.LogFilePrefix": "TargetPrefix",
                    "LoggingConfiguration.TargetObjectKeyFormat": "TargetObjectKeyFormat",
                },
            ),
            Call(
                "GetBucketLifecycleConfiguration",
                _BUCKET,
                rows={
                    "LifecycleConfiguration.Rules": _LIFECYCLE,
                    "LifecycleConfiguration.TransitionDefaultMinimumObjectSize": "TransitionDefaultMinimumObjectSize",
                },
                absent=nothing("NoSuchLifecycleConfiguration"),
            ),
            Call(
                "GetObjectLockConfiguration",
                _BUCKET,
                same=("ObjectLockConfiguration",),
                rows={"ObjectLockEnabled": "is(ObjectLockConfiguration.ObjectLockEnabled, 'Enabled')"},
                absent={"ObjectLockConfigurationNotFoundError": {"ObjectLockEnabled": False}},
            ),
            Call(
                "GetBucketReplication",
                _BUCKET,
                answer="ReplicationConfiguration",
                rows={"ReplicationConfiguration.Role": "Role", "ReplicationConfiguration.Rules": _REPLICATION},
                absent=nothing("ReplicationConfigurationNotFoundError"),
            ),
            Call(
                "GetBucketNotificationConfiguration",
                _BUCKET,
                derive=_notifications,
                derived=("NotificationConfiguration",),
            ),
            Call(
                "GetBucketWebsite",
                _BUCKET,
                rows={
                    "WebsiteConfiguration.IndexDocument": "IndexDocument.Suffix",
                    "WebsiteConfiguration.ErrorDocument": "ErrorDocument.Key",
                    "WebsiteConfiguration.RedirectAllRequestsTo": "RedirectAllRequestsTo",
                    "WebsiteConfiguration.RoutingRules": (
                        "RoutingRules[].{RedirectRule: Redirect, RoutingRuleCondition: Condition}"
                    ),
                },
                absent=nothing("NoSuchWebsiteConfiguration"),
            ),
            Call(
                "GetBucketCors",
                _BUCKET,
                rows={
                    "CorsConfiguration.CorsRules": (
                        "CORSRules[].{Id: ID, AllowedHeaders: AllowedHeaders, AllowedMethods: AllowedMethods, "
                        "AllowedOrigins: AllowedOrigins, ExposedHeaders: ExposeHeaders, MaxAge: MaxAgeSeconds}"
                    )
                },
                absent=nothing("NoSuchCORSConfiguration"),
            ),
            Call("GetBucketAcl", _BUCKET, derive=_access_control, derived=("AccessControl",)),
            Call(
                "GetBucketAccelerateConfiguration",
                _BUCKET,
                rows={"AccelerateConfiguration.AccelerationStatus": "Status"},
                # Names with dots, and some regions, have no acceleration.
                absent=nothing("MethodNotAllowed"),
            ),
            Call("GetBucketTagging", _BUCKET, rows={"Tags": "TagSet"}, absent=nothing("NoSuchTagSet")),
        ),
        gone=("NoSuchBucket",),
        never=tuple(f"LifecycleConfiguration.Rules.*.{each}" for each in _OLD_RULES),
        holds=frozenset({"AWS::S3::BucketPolicy"}),
    ),
)
