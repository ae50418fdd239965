"""Amazon S3. Since version 4 of the provider most of a bucket is said by resources of its own, aws_s3_bucket_*."""

from collections.abc import Iterator, Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import HERE, LEFT, Entry, Turned, Values, either, left

_STATUS = either("Enabled", "Disabled")
_CANNED = {
    "private": "Private",
    "public-read": "PublicRead",
    "public-read-write": "PublicReadWrite",
    "authenticated-read": "AuthenticatedRead",
    "aws-exec-read": "AwsExecRead",
    "bucket-owner-read": "BucketOwnerRead",
    "bucket-owner-full-control": "BucketOwnerFullControl",
    "log-delivery-write": "LogDeliveryWrite",
}
_EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
_SIGNED_IN = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


def _canned(value: Value) -> Value:
    return _CANNED.get(value, value) if isinstance(value, str) else value


def _versioning(value: Value) -> Value:
    """Return the status: a bucket whose versioning is Disabled never had it, which CloudFormation says by silence."""
    return None if value == "Disabled" else value


def _legacy_versioning(values: Values) -> Mapping[str, Value]:
    block = _only(values.get("versioning"))
    if block is None or (isinstance(block, Mapping) and block.get("enabled") in (None, False)):
        return {}
    if isinstance(block, Unknown):
        return {"VersioningConfiguration": block}
    enabled = block.get("enabled") if isinstance(block, Mapping) else None
    return {"VersioningConfiguration": {"Status": enabled if isinstance(enabled, Unknown) else "Enabled"}}


def _granted(values: Values) -> Mapping[str, Value]:
    """Return the canned list that grants to groups come nearest to: what is given to everybody is not lost."""
    grants = list(_grants(values))
    if not grants:
        return {}
    if any(isinstance(each, Unknown) for pair in grants for each in pair):
        return {"AccessControl": next(each for pair in grants for each in pair if isinstance(each, Unknown))}
    public = {permission for uri, permission in grants if uri == _EVERYBODY}
    if public:
        return {"AccessControl": "PublicRead" if public <= {"READ"} else "PublicReadWrite"}
    return {"AccessControl": "AuthenticatedRead"} if any(uri == _SIGNED_IN for uri, _ in grants) else {}


def _grants(values: Values) -> Iterator[tuple[Value, Value]]:
    """Yield group and permission of every grant, of buckets and of their lists apart."""
    for grant in _blocks(values.get("grant")):
        for permission in _listed(grant.get("permissions")):
            yield grant.get("uri"), permission
    for policy in _blocks(values.get("access_control_policy")):
        for grant in _blocks(policy.get("grant")):
            grantee = _only(grant.get("grantee"))
            yield grantee.get("uri") if isinstance(grantee, Mapping) else grantee, grant.get("permission")


def _listed(value: Value) -> list[Value]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _only(value: Value) -> Value:
    return (value[0] if value else None) if isinstance(value, list) else value


def _blocks(value: Value) -> Iterator[Mapping[str, Value]]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            yield each


def _legacy(values: Values) -> Mapping[str, Value]:
    return {**_legacy_versioning(values), **_granted(values), **_locked(values)}


def _locked(values: Values) -> Mapping[str, Value]:
    """Return that objects can be locked: by its own switch, or by that of the block that came before it."""
    block = _only(values.get("object_lock_configuration"))
    word = block.get("object_lock_enabled") if isinstance(block, Mapping) else block
    if values.get("object_lock_enabled") is not None:
        return {"ObjectLockEnabled": values["object_lock_enabled"]}
    if isinstance(word, Unknown):
        return {"ObjectLockEnabled": word}
    return {"ObjectLockEnabled": True} if word == "Enabled" else {}


# Of rules in the block of a bucket (version 3) and in the resource that came after it.
_LIFECYCLE: dict[str, str | Turned] = {
    "enabled": Turned("Status", _STATUS),
    "abort_incomplete_multipart_upload_days": "AbortIncompleteMultipartUpload.DaysAfterInitiation",
    "abort_incomplete_multipart_upload": "AbortIncompleteMultipartUpload",
    "expiration": HERE,
    "expiration.days": "ExpirationInDays",
    "expiration.date": "ExpirationDate",
    "expiration.expired_object_delete_marker": "ExpiredObjectDeleteMarker",
    "noncurrent_version_expiration.days": "NoncurrentDays",
    "noncurrent_version_transition": "NoncurrentVersionTransitions",
    "noncurrent_version_transition.days": "TransitionInDays",
    "noncurrent_version_transition.noncurrent_days": "TransitionInDays",
    "transition": "Transitions",
    "transition.days": "TransitionInDays",
    "transition.date": "TransitionDate",
    "tags": "TagFilters",
    "filter": HERE,
    "filter.prefix": "Prefix",
    "filter.object_size_greater_than": "ObjectSizeGreaterThan",
    "filter.object_size_less_than": "ObjectSizeLessThan",
    "filter.tag": "TagFilters",
    "filter.and": HERE,
    "filter.and.prefix": "Prefix",
    "filter.and.tags": "TagFilters",
    "filter.and.object_size_greater_than": "ObjectSizeGreaterThan",
    "filter.and.object_size_less_than": "ObjectSizeLessThan",
}
_ENCRYPTION: dict[str, str | Turned] = {
    "blocked_encryption_types": "BlockedEncryptionTypes.EncryptionType",
    "apply_server_side_encryption_by_default": "ServerSideEncryptionByDefault",
    "apply_server_side_encryption_by_default.sse_algorithm": "SSEAlgorithm",
    "apply_server_side_encryption_by_default.kms_master_key_id": "KMSMasterKeyID",
}
_CORS: dict[str, str | Turned] = {
    "allowed_headers": "AllowedHeaders",
    "expose_headers": "ExposedHeaders",
    "max_age_seconds": "MaxAge",
}
_REPLICATION: dict[str, str | Turned] = {
    "delete_marker_replication_status": "DeleteMarkerReplication.Status",
    "destination.account_id": "Account",
    "destination.replica_kms_key_id": "EncryptionConfiguration.ReplicaKmsKeyID",
    "destination.access_control_translation.owner": "Owner",
    "destination.metrics.event_threshold.minutes": "Minutes",
    "destination.metrics.minutes": "EventThreshold.Minutes",
    "destination.replication_time.minutes": "Time.Minutes",
    "destination.replication_time.time.minutes": "Minutes",
    "filter.tag": "TagFilter",
    "filter.tags": "And.TagFilters",
    "filter.and.tags": "TagFilters",
    "source_selection_criteria.sse_kms_encrypted_objects.enabled": Turned("Status", _STATUS),
    **left("existing_object_replication"),
}


def _under(prefix: str, rows: Mapping[str, str | Turned]) -> dict[str, str | Turned]:
    return {f"{prefix}.{name}": row for name, row in rows.items()}


def _to_event_bridge(value: Value) -> Value:
    return {"EventBridgeEnabled": True} if value is True else None


def _notifications(values: Values) -> Mapping[str, Value]:
    """Return one configuration for each event, as CloudFormation states them, beside the switch for EventBridge."""
    found: dict[str, Value] = {}
    for attribute, name, target in (
        ("lambda_function", "LambdaConfigurations", "Function"),
        ("queue", "QueueConfigurations", "Queue"),
        ("topic", "TopicConfigurations", "Topic"),
    ):
        blocks = values.get(attribute)
        if isinstance(blocks, Unknown):
            found[name] = blocks
        several: list[Value] = [
            {"Event": event, target: block.get(f"{attribute}_arn")}
            for block in _blocks(blocks)
            for event in _listed(block.get("events"))
        ]
        if several:
            found[name] = several
    switch = _to_event_bridge(values.get("eventbridge"))
    if switch is not None:
        found["EventBridgeConfiguration"] = switch
    return {"NotificationConfiguration": found}


_BLOCKS = (
    "cors_rule",
    "grant",
    "lifecycle_rule",
    "logging",
    "object_lock_configuration",
    "replication_configuration",
    "server_side_encryption_configuration",
    "versioning",
    "website",
)

_BUCKET = Entry(
    "aws_s3_bucket",
    "AWS::S3::Bucket",
    rows={
        "bucket": "BucketName",
        "bucket_prefix": "BucketNamePrefix",
        "acl": Turned("AccessControl", _canned),
        "acceleration_status": "AccelerateConfiguration.AccelerationStatus",
        "policy": "Policy",
        "cors_rule": "CorsConfiguration.CorsRules",
        "lifecycle_rule": "LifecycleConfiguration.Rules",
        "logging": "LoggingConfiguration",
        "logging.target_bucket": "DestinationBucketName",
        "logging.target_prefix": "LogFilePrefix",
        "object_lock_configuration": "ObjectLockConfiguration",
        "replication_configuration": "ReplicationConfiguration",
        "replication_configuration.rules.source_selection_criteria.sse_kms_encrypted_objects.enabled": Turned(
            "Status", _STATUS
        ),
        "server_side_encryption_configuration": "BucketEncryption",
        "server_side_encryption_configuration.rule": "ServerSideEncryptionConfiguration",
        "website": "WebsiteConfiguration",
        "website.redirect_all_requests_to": "RedirectAllRequestsTo.HostName",
        "website.routing_rules": LEFT,
        **_under("cors_rule", _CORS),
        **_under("lifecycle_rule", _LIFECYCLE),
        **_under("server_side_encryption_configuration.rule", _ENCRYPTION),
        **_under("replication_configuration.rules", _REPLICATION),
        **left(
            "bucket_domain_name",
            "bucket_regional_domain_name",
            "bucket_region",
            "bucket_namespace",
            "hosted_zone_id",
            "request_payer",
            "website_domain",
            "website_endpoint",
        ),
    },
    computed=_BLOCKS,
    derive=_legacy,
    derived=("versioning", "grant", "object_lock_enabled"),
)


def _split(name: str, rows: Mapping[str, str | Turned], *, within: str = "", **more: object) -> Entry:
    """Return the entry of a resource that says one property of a bucket."""
    kept = {**rows, **left("bucket", "expected_bucket_owner")}
    return Entry(f"aws_s3_bucket_{name}", "AWS::S3::Bucket", kept, within, part_of="bucket", **more)  # type: ignore[arg-type]


TABLE: tuple[Entry, ...] = (
    _BUCKET,
    _split("accelerate_configuration", {"status": "AccelerateConfiguration.AccelerationStatus"}),
    _split(
        "acl",
        {"acl": Turned("AccessControl", _canned)},
        derive=_granted,
        derived=("access_control_policy",),
    ),
    _split(
        "cors_configuration",
        {"cors_rule": "CorsConfiguration.CorsRules", **_under("cors_rule", _CORS)},
    ),
    _split(
        "lifecycle_configuration",
        {
            "rule": "LifecycleConfiguration.Rules",
            "transition_default_minimum_object_size": "LifecycleConfiguration.TransitionDefaultMinimumObjectSize",
            **_under("rule", _LIFECYCLE),
        },
    ),
    _split(
        "logging",
        {
            "target_bucket": "DestinationBucketName",
            "target_prefix": "LogFilePrefix",
            "target_object_key_format": "TargetObjectKeyFormat",
            **left("target_grant"),
        },
        within="LoggingConfiguration",
    ),
    _split(
        "notification",
        {"eventbridge": Turned("EventBridgeConfiguration", _to_event_bridge)},
        within="NotificationConfiguration",
        derive=_notifications,
        derived=("lambda_function", "queue", "topic"),
        generated=("lambda_function", "queue", "topic"),
    ),
    _split(
        "object_lock_configuration",
        {
            "object_lock_enabled": "ObjectLockConfiguration.ObjectLockEnabled",
            "rule": "ObjectLockConfiguration.Rule",
            **left("token"),
        },
    ),
    _split("ownership_controls", {"rule": "Rules"}, within="OwnershipControls"),
    Entry(
        "aws_s3_bucket_policy",
        "AWS::S3::BucketPolicy",
        {"policy": "PolicyDocument"},
        same_as="bucket",
    ),
    _split(
        "public_access_block",
        left("skip_destroy"),
        within="PublicAccessBlockConfiguration",
        defaults=dict.fromkeys(
            ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), False
        ),
    ),
    _split(
        "replication_configuration",
        {"rule": "Rules", **_under("rule", _REPLICATION), **left("token")},
        within="ReplicationConfiguration",
    ),
    _split(
        "server_side_encryption_configuration",
        {"rule": "ServerSideEncryptionConfiguration", **_under("rule", _ENCRYPTION)},
        within="BucketEncryption",
    ),
    _split(
        "versioning",
        {
            "versioning_configuration": "VersioningConfiguration",
            "versioning_configuration.status": Turned("Status", _versioning),
            **left("mfa", "versioning_configuration.mfa_delete"),
        },
    ),
    _split(
        "website_configuration",
        {
            "error_document": HERE,
            "error_document.key": "ErrorDocument",
            "index_document": HERE,
            "index_document.suffix": "IndexDocument",
            "routing_rule": "RoutingRules",
            "routing_rule.condition": "RoutingRuleCondition",
            "routing_rule.redirect": "RedirectRule",
            **left("routing_rules", "website_domain", "website_endpoint"),
        },
        within="WebsiteConfiguration",
    ),
    Entry(
        "aws_s3_access_point",
        "AWS::S3::AccessPoint",
        left("account_id", "domain_name", "endpoints", "has_public_access_policy", "network_origin", "alias"),
    ),
)
