"""Amazon S3. The bucket itself says little; what matters stands in the supplementary configuration."""

from collections.abc import Mapping
from typing import Any

from assay.inventory.shaping import policy
from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Properties, at, objects, stated

_LIFECYCLE = "BucketLifecycleConfiguration"
_READ, _WRITE = frozenset({"Read", "FullControl"}), frozenset({"Write", "FullControl"})


# Items always have these keys, with empty values in them for "none"; one that is missing was not said. All other keys
# are missing when the bucket has no such configuration.
_ALWAYS = {
    "Policy": "BucketPolicy",
    "LoggingConfiguration": "BucketLoggingConfiguration",
    "VersioningConfiguration": "BucketVersioningConfiguration",
}


def _bucket(item: Item) -> Properties:
    if item.supplementary is None:
        return {}
    more = item.supplementary
    found: Properties = {
        "Policy": policy(at(more, "BucketPolicy.policyText")),
        "BucketEncryption": _encryption(more.get("ServerSideEncryptionConfiguration")),
        "AccessControl": _access_control(more.get("AccessControlList")),
        "LifecycleConfiguration": _rules([_lifecycle(each) for each in objects(at(more, f"{_LIFECYCLE}.rules"))]),
        "LoggingConfiguration": _logging(more),
        "NotificationConfiguration": _notifications(more),
        "ObjectLockEnabled": at(more, "ObjectLockConfiguration.objectLockEnabled") == "Enabled",
        "ReplicationConfiguration": _replication(more.get("BucketReplicationConfiguration")),
        "VersioningConfiguration": _versioning(at(more, "BucketVersioningConfiguration.status")),
        "WebsiteConfiguration": _website(more.get("BucketWebsiteConfiguration")),
    }
    unsaid = {name for name, key in _ALWAYS.items() if more.get(key) is None}
    return {name: value for name, value in found.items() if name not in unsaid}


def _rules(rules: list[Value]) -> Value:
    return {"Rules": rules} if rules else None


def _access_control(acl: Any) -> Value:
    """Return the canned ACL that grants what the ACL does; an unknown when none does so."""
    if not isinstance(acl, Mapping):
        return Unknown(Reason(Cause.NOT_COLLECTED, "AccessControlList", "AWS Config left out the bucket's ACL"))
    groups: dict[str, set[str]] = {}
    for grant in objects(acl.get("grantList")):
        if isinstance(grant.get("grantee"), str):  # a group; owners and accounts are objects with an id
            groups.setdefault(grant["grantee"], set()).add(str(grant.get("permission")))
    everybody, signed_in = groups.get("AllUsers", set()), groups.get("AuthenticatedUsers", set())
    if everybody & _WRITE:
        return "PublicReadWrite"
    if everybody & _READ:
        return "PublicRead"
    if signed_in & _READ:
        return "AuthenticatedRead"
    if not groups:
        return "Private"
    if groups.keys() == {"LogDelivery"}:
        return "LogDeliveryWrite"
    return Unknown(
        Reason(Cause.NOT_COLLECTED, "AccessControlList", "no canned ACL grants what the bucket's ACL grants")
    )


def _encryption(value: Any) -> Value:
    rules = [_encrypted(each) for each in objects(at(value, "rules"))]
    return {"ServerSideEncryptionConfiguration": rules} if rules else None


def _encrypted(rule: Mapping[str, Any]) -> Value:
    default = rule.get("applyServerSideEncryptionByDefault")
    by_default = stated(SSEAlgorithm=at(default, "sseAlgorithm"), KMSMasterKeyID=at(default, "kmsMasterKeyID"))
    return stated(ServerSideEncryptionByDefault=by_default or None, BucketKeyEnabled=rule.get("bucketKeyEnabled"))


def _logging(more: Mapping[str, Any]) -> Value:
    target = at(more, "BucketLoggingConfiguration.destinationBucketName")
    if not target:
        return None
    return stated(DestinationBucketName=target, LogFilePrefix=at(more, "BucketLoggingConfiguration.logFilePrefix"))


def _notifications(more: Mapping[str, Any]) -> Value:
    """Return an unknown: where events are sent is told in another shape, and EventBridge not at all."""
    present = bool(at(more, "BucketNotificationConfiguration.configurations"))
    return Unknown(
        Reason(Cause.NOT_COLLECTED, "NotificationConfiguration", "AWS Config says part of it"), present=present
    )


def _versioning(status: Any) -> Value:
    # "Off" is a bucket that was never versioned, which a template expresses by saying nothing.
    return {"Status": status} if status in ("Enabled", "Suspended") else None


def _lifecycle(rule: Mapping[str, Any]) -> Value:
    noncurrent = _positive(rule.get("noncurrentVersionExpirationInDays"))
    aborted = at(rule, "abortIncompleteMultipartUpload.daysAfterInitiation")
    found = stated(
        Id=rule.get("id"),
        Status=rule.get("status"),
        Prefix=rule.get("prefix"),
        ExpirationInDays=_positive(rule.get("expirationInDays")),
        ExpirationDate=rule.get("expirationDate"),
        NoncurrentVersionExpiration=stated(NoncurrentDays=noncurrent) or None,
        Transitions=[_transition(each) for each in objects(rule.get("transitions"))] or None,
        NoncurrentVersionTransitions=[_transition(each) for each in objects(rule.get("noncurrentVersionTransitions"))]
        or None,
        AbortIncompleteMultipartUpload=stated(DaysAfterInitiation=aborted) or None,
    )
    found |= _filter(at(rule, "filter.predicate"))
    if rule.get("expiredObjectDeleteMarker") is True:
        found["ExpiredObjectDeleteMarker"] = True
    return found


def _filter(predicate: Any) -> Properties:
    """Return what a rule is limited to. Predicates that are not known here limit it in a way that nobody can say."""
    operands = list(objects(at(predicate, "operands"))) or ([predicate] if isinstance(predicate, Mapping) else [])
    found: Properties = {}
    for each in operands:
        kind = each.get("type")
        if kind == "LifecyclePrefixPredicate":
            found["Prefix"] = each.get("prefix")
        elif kind == "LifecycleTagPredicate":
            pair = {"Key": at(each, "tag.key"), "Value": at(each, "tag.value")}
            found["TagFilters"] = [*found.get("TagFilters", []), pair]  # type: ignore[misc]
        else:
            detail = f"the lifecycle filter {kind} is not understood"
            found["Prefix"] = Unknown(Reason(Cause.NOT_COLLECTED, "LifecycleConfiguration", detail), present=True)
    return found


def _positive(days: Any) -> Any:
    return days if isinstance(days, int) and days > 0 else None  # -1 and 0 stand for "not set"


def _transition(each: Mapping[str, Any]) -> Value:
    return stated(
        TransitionInDays=each.get("days"), TransitionDate=each.get("date"), StorageClass=each.get("storageClass")
    )


def _replication(value: Any) -> Value:
    if not isinstance(value, Mapping) or not value.get("roleARN"):
        return None
    rules = value.get("rules")
    by_id = rules.items() if isinstance(rules, Mapping) else ()
    found: list[Value] = [_replicated(name, each) for name, each in by_id if isinstance(each, Mapping)]
    unsaid = Unknown(
        Reason(Cause.NOT_COLLECTED, "ReplicationConfiguration", "AWS Config left out its rules"), present=True
    )
    return {"Role": value["roleARN"], "Rules": found or unsaid}


def _replicated(name: str, rule: Mapping[str, Any]) -> Value:
    target = at(rule, "destinationConfig.bucketARN") or at(rule, "destination.bucketARN")
    return stated(
        Id=name,
        Status=rule.get("status"),
        Prefix=rule.get("prefix"),
        Destination=stated(Bucket=target, StorageClass=at(rule, "destinationConfig.storageClass")) or None,
    )


def _website(value: Any) -> Value:
    redirect = at(value, "redirectAllRequestsTo")
    found = stated(
        IndexDocument=at(value, "indexDocumentSuffix"),
        ErrorDocument=at(value, "errorDocument"),
        RedirectAllRequestsTo=stated(HostName=at(redirect, "hostName"), Protocol=at(redirect, "protocol")) or None,
    )
    return found or None


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::S3::Bucket",
        rows={
            "BucketName": "name",
            "AccelerateConfiguration.AccelerationStatus": "+BucketAccelerateConfiguration.status",
            "ObjectLockConfiguration": "+ObjectLockConfiguration",
            "PublicAccessBlockConfiguration": "+PublicAccessBlockConfiguration",
        },
        derive=_bucket,
        holds=frozenset({"AWS::S3::BucketPolicy"}),
    ),
)
