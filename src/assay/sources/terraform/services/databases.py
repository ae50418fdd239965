"""Relational and other databases: RDS, Aurora, DocumentDB, Neptune, DynamoDB, DAX, ElastiCache, MemoryDB, Redshift."""

from collections.abc import Iterator, Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import HERE, LEFT, Entry, Turned, Values, either, left

_ON_CREATION = left(
    "allow_major_version_upgrade",
    "blue_green_update",
    "delete_automated_backups",
    "final_snapshot_identifier",
    "identifier_prefix",
    "cluster_identifier_prefix",
    "name_prefix",
    "s3_import",
    "skip_final_snapshot",
    "restore_to_point_in_time",
)
_COMPUTED = left(
    "address",
    "ca_certificate_valid_till",
    "cluster_members",
    "cluster_resource_id",
    "database_insights_mode",
    "dbi_resource_id",
    "endpoint",
    "engine_version_actual",
    "hosted_zone_id",
    "latest_restorable_time",
    "listener_endpoint",
    "reader_endpoint",
    "replicas",
    "resource_id",
    "status",
    "writer",
)
_PASSWORD = left("password_wo_version", "master_password_wo_version", "master_user_secret")

_INSTANCE: dict[str, str | Turned] = {
    "ca_cert_identifier": "CACertificateIdentifier",
    "db_name": "DBName",
    "engine_lifecycle_support": "EngineLifecycleSupport",
    "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
    "enabled_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
    "identifier": "DBInstanceIdentifier",
    "instance_class": "DBInstanceClass",
    "maintenance_window": "PreferredMaintenanceWindow",
    "backup_window": "PreferredBackupWindow",
    "name": "DBName",
    "nchar_character_set_name": "NcharCharacterSetName",
    "parameter_group_name": "DBParameterGroupName",
    "password": "MasterUserPassword",
    "password_wo": "MasterUserPassword",
    "performance_insights_enabled": "EnablePerformanceInsights",
    "performance_insights_kms_key_id": "PerformanceInsightsKMSKeyId",
    "replicate_source_db": "SourceDBInstanceIdentifier",
    "security_group_names": "DBSecurityGroups",
    "snapshot_identifier": "DBSnapshotIdentifier",
    "username": "MasterUsername",
    "vpc_security_group_ids": "VPCSecurityGroups",
    "manage_master_user_password": "ManageMasterUserPassword",
    "master_user_secret_kms_key_id": "MasterUserSecret.KmsKeyId",
    "domain_iam_role_name": "DomainIAMRoleName",
    "domain_auth_secret_arn": "DomainAuthSecretArn",
    "domain_ou": "DomainOu",
    "customer_owned_ip_enabled": LEFT,
    "upgrade_storage_config": LEFT,
    "upgrade_rollout_order": LEFT,
    "replica_mode": "ReplicaMode",
    "promotion_tier": "PromotionTier",
    "cluster_identifier": "DBClusterIdentifier",
    "db_parameter_group_name": "DBParameterGroupName",
    "preferred_backup_window": "PreferredBackupWindow",
    "additional_storage_volume": LEFT,
    **_ON_CREATION,
    **_COMPUTED,
    **_PASSWORD,
}
# Of clusters of every engine; the rest is Aurora's.
_CLUSTER: dict[str, str | Turned] = {
    "cluster_identifier": "DBClusterIdentifier",
    "db_cluster_parameter_group_name": "DBClusterParameterGroupName",
    "enabled_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
    "snapshot_identifier": "SnapshotIdentifier",
    **_ON_CREATION,
    **_COMPUTED,
    **_PASSWORD,
}
_AURORA: dict[str, str | Turned] = {
    **_CLUSTER,
    "backtrack_window": "BacktrackWindow",
    "database_name": "DatabaseName",
    "db_cluster_instance_class": "DBClusterInstanceClass",
    "iam_database_authentication_enabled": "EnableIAMDatabaseAuthentication",
    "master_password": "MasterUserPassword",
    "master_password_wo": "MasterUserPassword",
    "master_user_secret_kms_key_id": "MasterUserSecret.KmsKeyId",
    "performance_insights_kms_key_id": "PerformanceInsightsKmsKeyId",
    "cluster_scalability_type": "ClusterScalabilityType",
    "db_instance_parameter_group_name": "DBInstanceParameterGroupName",
    "db_system_id": "DBSystemId",
    "domain_iam_role_name": "DomainIAMRoleName",
    "serverlessv2_scaling_configuration": "ServerlessV2ScalingConfiguration",
    **left("ca_certificate_identifier"),
}


def _roles(values: Values) -> Mapping[str, Value]:
    """Return the roles of a cluster, each of which is an object of its own."""
    roles = values.get("iam_roles")
    if isinstance(roles, list) and roles:
        return {"AssociatedRoles": [{"RoleArn": each} for each in roles]}
    return {}


def _parameters(values: Values) -> Mapping[str, Value]:
    """Return the parameters of a group as a map from name to value."""
    stated = values.get("parameter")
    if isinstance(stated, Unknown):
        return {"Parameters": stated}
    found: dict[str, Value] = {}
    for each in stated if isinstance(stated, list) else ():
        name = each.get("name") if isinstance(each, Mapping) else each
        if isinstance(name, Unknown):
            return {"Parameters": Unknown(name.reason, present=True)}
        if isinstance(each, Mapping) and isinstance(name, str):
            found[name] = each.get("value")
    return {"Parameters": found or None}


def _group(terraform: str, kind: str, name: str) -> Entry:
    return Entry(
        terraform,
        kind,
        {"name": name, **left("name_prefix", "skip_destroy")},
        derive=_parameters,
        derived=("parameter",),
        generated=("parameter",),
    )


def _described(values: Values) -> Mapping[str, Value]:
    """Return no engine mode: the instances of a cluster say theirs through it."""
    return {"DBClusterIdentifier": values.get("cluster_identifier")}


# What the provider sends where nothing is said; AWS alone would keep backups of instances for a day.
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
_INSTANCE_DEFAULTS: dict[str, Value] = {
    "auto_minor_version_upgrade": True,
    "backup_retention_period": 0,
    "publicly_accessible": False,
    "storage_encrypted": False,
    "deletion_protection": False,
    "monitoring_interval": 0,
}

RDS: tuple[Entry, ...] = (
    Entry("aws_db_instance", "AWS::RDS::DBInstance", _INSTANCE, defaults=_INSTANCE_DEFAULTS),
    Entry(
        "aws_rds_cluster",
        "AWS::RDS::DBCluster",
        {**_AURORA, "performance_insights_enabled": "PerformanceInsightsEnabled"},
        defaults={"backup_retention_period": 1, "storage_encrypted": False, "engine": "aurora"},
        derive=_roles,
        derived=("iam_roles",),
        computed=("scaling_configuration",),
    ),
    Entry(
        "aws_rds_cluster_instance",
        "AWS::RDS::DBInstance",
        {
            key: row
            for key, row in _INSTANCE.items()
            if key not in ("parameter_group_name", "username", "password", "name", "db_name")
        }
        | {"storage_encrypted": "StorageEncrypted", "network_type": LEFT, "force_destroy": "-"},
        defaults={"auto_minor_version_upgrade": True, "publicly_accessible": False, "monitoring_interval": 0},
        derive=_described,
    ),
    Entry(
        "aws_rds_global_cluster",
        "AWS::RDS::GlobalCluster",
        left(
            "database_name", "global_cluster_members", "global_cluster_resource_id", "endpoint", "engine_version_actual"
        ),
    ),
    Entry(
        "aws_db_proxy",
        "AWS::RDS::DBProxy",
        {
            "name": "DBProxyName",
            "auth.iam_auth": "IAMAuth",
            "auth.username": LEFT,
            "vpc_security_group_ids": "VpcSecurityGroupIds",
            "require_tls": "RequireTLS",
            **left("endpoint"),
        },
        computed=("auth",),
    ),
    _group("aws_db_parameter_group", "AWS::RDS::DBParameterGroup", "DBParameterGroupName"),
    _group("aws_rds_cluster_parameter_group", "AWS::RDS::DBClusterParameterGroup", "DBClusterParameterGroupName"),
    Entry(
        "aws_db_option_group",
        "AWS::RDS::OptionGroup",
        {
            "name": "OptionGroupName",
            "option": "OptionConfigurations",
            "option.option_settings": "OptionSettings",
            "option.version": "OptionVersion",
            "option.db_security_group_memberships": "DBSecurityGroupMemberships",
            **left("name_prefix", "skip_destroy"),
        },
    ),
    Entry(
        "aws_db_subnet_group",
        "AWS::RDS::DBSubnetGroup",
        {
            "name": "DBSubnetGroupName",
            "description": "DBSubnetGroupDescription",
            **left("name_prefix", "supported_network_types", "vpc_id"),
        },
    ),
    Entry(
        "aws_db_event_subscription",
        "AWS::RDS::EventSubscription",
        {"name": "SubscriptionName", "sns_topic": "SnsTopicArn", **left("customer_aws_id", "name_prefix")},
    ),
)

GRAPHS: tuple[Entry, ...] = (
    Entry(
        "aws_docdb_cluster",
        "AWS::DocDB::DBCluster",
        {
            **_CLUSTER,
            "master_password": "MasterUserPassword",
            "master_password_wo": "MasterUserPassword",
            **left("allowed_major_version_upgrade", "engine"),
        },
        defaults={"backup_retention_period": 1, "storage_encrypted": False},
    ),
    Entry(
        "aws_docdb_cluster_instance",
        "AWS::DocDB::DBInstance",
        {
            "cluster_identifier": "DBClusterIdentifier",
            "identifier": "DBInstanceIdentifier",
            "instance_class": "DBInstanceClass",
            "ca_cert_identifier": "CACertificateIdentifier",
            **left(
                "promotion_tier",
                "db_subnet_group_name",
                "engine",
                "engine_version",
                "kms_key_id",
                "preferred_backup_window",
                "publicly_accessible",
                "storage_encrypted",
                "copy_tags_to_snapshot",
                "performance_insights_kms_key_id",
                "port",
            ),
            **_ON_CREATION,
            **_COMPUTED,
        },
    ),
    _group("aws_docdb_cluster_parameter_group", "AWS::DocDB::DBClusterParameterGroup", "Name"),
    Entry(
        "aws_docdb_global_cluster",
        "AWS::DocDB::GlobalCluster",
        left("database_name", "global_cluster_members", "global_cluster_resource_id", "status"),
    ),
    Entry(
        "aws_neptune_cluster",
        "AWS::Neptune::DBCluster",
        {
            **_CLUSTER,
            "enable_cloudwatch_logs_exports": "EnableCloudwatchLogsExports",
            "iam_database_authentication_enabled": "IamAuthEnabled",
            "kms_key_arn": "KmsKeyId",
            "neptune_cluster_parameter_group_name": "DBClusterParameterGroupName",
            "neptune_instance_parameter_group_name": "DBInstanceParameterGroupName",
            "neptune_subnet_group_name": "DBSubnetGroupName",
            "serverless_v2_scaling_configuration": "ServerlessScalingConfiguration",
            "replication_source_identifier": "SourceDBClusterIdentifier",
            **left("engine", "storage_type", "global_cluster_identifier"),
        },
        defaults={"backup_retention_period": 1, "storage_encrypted": False},
        derive=_roles,
        derived=("iam_roles",),
    ),
    Entry(
        "aws_neptune_cluster_instance",
        "AWS::Neptune::DBInstance",
        {
            "cluster_identifier": "DBClusterIdentifier",
            "identifier": "DBInstanceIdentifier",
            "instance_class": "DBInstanceClass",
            "neptune_parameter_group_name": "DBParameterGroupName",
            "neptune_subnet_group_name": "DBSubnetGroupName",
            **left(
                "engine",
                "engine_version",
                "kms_key_arn",
                "port",
                "preferred_backup_window",
                "promotion_tier",
                "storage_encrypted",
                "storage_type",
            ),
            **_ON_CREATION,
            **_COMPUTED,
        },
    ),
    _group("aws_neptune_cluster_parameter_group", "AWS::Neptune::DBClusterParameterGroup", "Name"),
)


def _table(values: Values) -> Mapping[str, Value]:
    """Return what depends on more than one attribute: the keys, the throughput, the stream."""
    keys = [(values.get("hash_key"), "HASH"), (values.get("range_key"), "RANGE")]
    stream = values.get("stream_enabled")
    view = values.get("stream_view_type")
    return {
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys if name] or None,
        "ProvisionedThroughput": _throughput(values),
        "StreamSpecification": {"StreamViewType": view} if stream is True and view else None,
    }


def _throughput(values: Values) -> Value:
    if values.get("billing_mode") == "PAY_PER_REQUEST" or not values.get("read_capacity"):
        return None
    return {"ReadCapacityUnits": values.get("read_capacity"), "WriteCapacityUnits": values.get("write_capacity")}


_DYNAMO_COMPUTED = (
    "global_secondary_index",
    "on_demand_throughput",
    "point_in_time_recovery",
    "server_side_encryption",
    "ttl",
    "warm_throughput",
    "global_table_witness",
)

DYNAMODB: tuple[Entry, ...] = (
    Entry(
        "aws_dynamodb_table",
        "AWS::DynamoDB::Table",
        {
            "name": "TableName",
            "attribute": "AttributeDefinitions",
            "attribute.name": "AttributeName",
            "attribute.type": "AttributeType",
            "deletion_protection_enabled": "DeletionProtectionEnabled",
            "point_in_time_recovery": "PointInTimeRecoverySpecification",
            "point_in_time_recovery.enabled": "PointInTimeRecoveryEnabled",
            "server_side_encryption": "SSESpecification",
            "server_side_encryption.enabled": "SSEEnabled",
            "server_side_encryption.kms_key_arn": "KMSMasterKeyId",
            "ttl": "TimeToLiveSpecification",
            "ttl.attribute_name": "AttributeName",
            "ttl.enabled": "Enabled",
            "global_secondary_index": "GlobalSecondaryIndexes",
            "global_secondary_index.name": "IndexName",
            "global_secondary_index.projection_type": "Projection.ProjectionType",
            "global_secondary_index.non_key_attributes": "Projection.NonKeyAttributes",
            "local_secondary_index": "LocalSecondaryIndexes",
            "local_secondary_index.name": "IndexName",
            "local_secondary_index.projection_type": "Projection.ProjectionType",
            "local_secondary_index.non_key_attributes": "Projection.NonKeyAttributes",
            **left(
                "global_secondary_index.hash_key",
                "global_secondary_index.key_schema",
                "global_secondary_index.range_key",
                "global_secondary_index.read_capacity",
                "global_secondary_index.write_capacity",
                "global_table_settings_replication_mode",
                "global_table_source_arn",
                "global_table_witness",
                "import_table",
                "local_secondary_index.range_key",
                "replica",
                "restore_backup_arn",
                "restore_date_time",
                "restore_source_name",
                "restore_source_table_arn",
                "restore_to_latest_time",
                "stream_arn",
                "stream_label",
            ),
        },
        defaults={"billing_mode": "PROVISIONED"},
        computed=_DYNAMO_COMPUTED,
        derive=_table,
        derived=("hash_key", "range_key", "read_capacity", "write_capacity", "stream_enabled", "stream_view_type"),
    ),
    Entry(
        "aws_dynamodb_resource_policy",
        "AWS::DynamoDB::Table",
        {
            "policy": "ResourcePolicy.PolicyDocument",
            **left("resource_arn", "confirm_remove_self_resource_access", "revision_id"),
        },
        part_of="resource_arn",
    ),
    Entry(
        "aws_dax_cluster",
        "AWS::DAX::Cluster",
        {
            "iam_role_arn": "IAMRoleARN",
            "server_side_encryption": "SSESpecification",
            "server_side_encryption.enabled": "SSEEnabled",
            "security_group_ids": "SecurityGroupIds",
            "maintenance_window": "PreferredMaintenanceWindow",
            "notification_topic_arn": "NotificationTopicARN",
            **left("cluster_address", "configuration_endpoint", "nodes", "port"),
        },
        computed=("server_side_encryption",),
    ),
)


def _delivery(block: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    yield "DestinationType", block.get("destination_type")
    yield "LogFormat", block.get("log_format")
    yield "LogType", block.get("log_type")
    if block.get("destination_type") == "cloudwatch-logs":
        yield "DestinationDetails", {"CloudWatchLogsDetails": {"LogGroup": block.get("destination")}}
    else:
        yield "DestinationDetails", {"KinesisFirehoseDetails": {"DeliveryStream": block.get("destination")}}


def _deliveries(values: Values) -> Mapping[str, Value]:
    blocks = values.get("log_delivery_configuration")
    if not isinstance(blocks, list):
        return {"LogDeliveryConfigurations": blocks}
    found = [dict(_delivery(each)) if isinstance(each, Mapping) else each for each in blocks]
    return {"LogDeliveryConfigurations": found or None}


CACHES: tuple[Entry, ...] = (
    Entry(
        "aws_elasticache_replication_group",
        "AWS::ElastiCache::ReplicationGroup",
        {
            "availability_zones": "PreferredCacheClusterAZs",
            "preferred_cache_cluster_azs": "PreferredCacheClusterAZs",
            "description": "ReplicationGroupDescription",
            "replication_group_description": "ReplicationGroupDescription",
            "maintenance_window": "PreferredMaintenanceWindow",
            "multi_az_enabled": "MultiAZEnabled",
            "node_type": "CacheNodeType",
            "num_cache_clusters": "NumCacheClusters",
            "number_cache_clusters": "NumCacheClusters",
            "parameter_group_name": "CacheParameterGroupName",
            "subnet_group_name": "CacheSubnetGroupName",
            "security_group_names": "CacheSecurityGroupNames",
            "node_group_configuration": "NodeGroupConfiguration",
            "node_group_configuration.primary_outpost_arn": LEFT,
            "node_group_configuration.replica_outpost_arns": LEFT,
            "cluster_mode": "ClusterMode",
            "user_group_ids": "UserGroupIds",
            **left(
                "auth_token_update_strategy",
                "cluster_enabled",
                "configuration_endpoint_address",
                "engine_version_actual",
                "member_clusters",
                "primary_endpoint_address",
                "reader_endpoint_address",
                "final_snapshot_identifier",
                "global_replication_group_id",
            ),
        },
        computed=("node_group_configuration",),
        derive=_deliveries,
        derived=("log_delivery_configuration",),
        generated=("log_delivery_configuration",),
    ),
    Entry(
        "aws_elasticache_cluster",
        "AWS::ElastiCache::CacheCluster",
        {
            "cluster_id": "ClusterName",
            "availability_zone": "PreferredAvailabilityZone",
            "maintenance_window": "PreferredMaintenanceWindow",
            "node_type": "CacheNodeType",
            "parameter_group_name": "CacheParameterGroupName",
            "subnet_group_name": "CacheSubnetGroupName",
            "security_group_ids": "VpcSecurityGroupIds",
            "security_group_names": "CacheSecurityGroupNames",
            **left(
                "cache_nodes",
                "cluster_address",
                "configuration_endpoint",
                "engine_version_actual",
                "final_snapshot_identifier",
                "outpost_mode",
                "preferred_outpost_arn",
                "replication_group_id",
            ),
        },
        derive=_deliveries,
        derived=("log_delivery_configuration",),
        generated=("log_delivery_configuration",),
    ),
    Entry(
        "aws_elasticache_serverless_cache",
        "AWS::ElastiCache::ServerlessCache",
        {
            "name": "ServerlessCacheName",
            "snapshot_arns_to_restore": "SnapshotArnsToRestore",
            **left("create_time", "full_engine_version", "status"),
        },
        computed=("cache_usage_limits", "endpoint", "reader_endpoint"),
    ),
    Entry(
        "aws_elasticache_subnet_group",
        "AWS::ElastiCache::SubnetGroup",
        {"name": "CacheSubnetGroupName", **left("vpc_id")},
    ),
    Entry("aws_elasticache_user", "AWS::ElastiCache::User", left("authentication_mode.password_count")),
    Entry(
        "aws_memorydb_cluster",
        "AWS::MemoryDB::Cluster",
        {
            "name": "ClusterName",
            "acl_name": "ACLName",
            "kms_key_arn": "KmsKeyId",
            "tls_enabled": "TLSEnabled",
            **left("engine_patch_version", "final_snapshot_name", "name_prefix", "port", "shards", "cluster_endpoint"),
        },
        defaults={"tls_enabled": True, "auto_minor_version_upgrade": True, "num_replicas_per_shard": 1},
    ),
)


def _pairs(values: Values) -> Mapping[str, Value]:
    """Return the parameters of a group as the list that Redshift takes."""
    blocks = values.get("parameter")
    if not isinstance(blocks, list):
        return {"Parameters": blocks}
    found = [
        {"ParameterName": each.get("name"), "ParameterValue": each.get("value")} if isinstance(each, Mapping) else each
        for each in blocks
    ]
    return {"Parameters": found or None}


def _logged(values: Values) -> Mapping[str, Value]:
    """Return the logging of a cluster, which a block of it stated before there was a resource for it."""
    blocks = values.get("logging")
    if isinstance(blocks, Unknown):
        return {"LoggingProperties": blocks}
    for each in blocks if isinstance(blocks, list) else ():
        if isinstance(each, Mapping) and each.get("enable") is not False:
            return {"LoggingProperties": _properties(each)}
    return {}


def _properties(block: Mapping[str, Value]) -> Value:
    stated = {
        "BucketName": block.get("bucket_name"),
        "S3KeyPrefix": block.get("s3_key_prefix"),
        "LogDestinationType": block.get("log_destination_type"),
        "LogExports": block.get("log_exports"),
    }
    return {key: each for key, each in stated.items() if each}


REDSHIFT: tuple[Entry, ...] = (
    Entry(
        "aws_redshift_cluster",
        "AWS::Redshift::Cluster",
        {
            "cluster_parameter_group_name": "ClusterParameterGroupName",
            "database_name": "DBName",
            "default_iam_role_arn": LEFT,
            "iam_roles": "IamRoles",
            "master_password": "MasterUserPassword",
            "master_password_wo": "MasterUserPassword",
            "number_of_nodes": "NumberOfNodes",
            "elastic_ip": "ElasticIp",
            "manage_master_password": "ManageMasterPassword",
            "snapshot_copy": HERE,
            "snapshot_copy.destination_region": "DestinationRegion",
            "snapshot_copy.grant_name": "SnapshotCopyGrantName",
            "snapshot_copy.retention_period": "SnapshotCopyRetentionPeriod",
            "master_password_secret_kms_key_id": "MasterPasswordSecretKmsKeyId",
            **left(
                "availability_zone_relocation_enabled",
                "aqua_configuration_status",
                "cluster_namespace_arn",
                "cluster_nodes",
                "cluster_public_key",
                "cluster_revision_number",
                "cluster_security_groups",
                "dns_name",
                "endpoint",
                "final_snapshot_identifier",
                "maintenance_track_name",
                "master_password_secret_arn",
                "master_password_wo_version",
                "skip_final_snapshot",
                "snapshot_arn",
            ),
        },
        derive=_logged,
        derived=("logging",),
        generated=("logging",),
    ),
    Entry(
        "aws_redshift_logging",
        "AWS::Redshift::Cluster",
        left("cluster_identifier", "bucket_name", "s3_key_prefix", "log_destination_type", "log_exports"),
        derive=lambda values: {"LoggingProperties": _properties(values)},
        part_of="cluster_identifier",
    ),
    Entry(
        "aws_redshift_parameter_group",
        "AWS::Redshift::ClusterParameterGroup",
        {"name": "ParameterGroupName", "family": "ParameterGroupFamily"},
        derive=_pairs,
        derived=("parameter",),
        generated=("parameter",),
    ),
    Entry("aws_redshift_subnet_group", "AWS::Redshift::ClusterSubnetGroup", {"name": "ClusterSubnetGroupName"}),
    Entry(
        "aws_redshiftserverless_namespace",
        "AWS::RedshiftServerless::Namespace",
        {
            "admin_user_password_wo": "AdminUserPassword",
            **left("admin_password_secret_arn", "admin_user_password_wo_version", "namespace_id"),
        },
    ),
    Entry(
        "aws_redshiftserverless_workgroup",
        "AWS::RedshiftServerless::Workgroup",
        {
            "config_parameter": "ConfigParameters",
            "price_performance_target.enabled": Turned("Status", either("ENABLED", "DISABLED")),
            **left("endpoint", "workgroup_id", "track_name"),
        },
        computed=("config_parameter", "price_performance_target"),
    ),
)

TABLE = (*RDS, *GRAPHS, *DYNAMODB, *CACHES, *REDSHIFT)
