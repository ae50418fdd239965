"""Amazon RDS, Redshift, DynamoDB and Elasticsearch."""

from typing import Any

from assay.inventory.values import Value
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Properties, at, stated

_GROUPS = "vpcSecurityGroups.*.vpcSecurityGroupId"


def _table(item: Item) -> Properties:
    configuration = item.configuration
    found = stated(
        # A table that was never switched has no summary, and is provisioned.
        # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BillingModeSummary.html
        BillingMode=(at(configuration, "billingModeSummary.billingMode") or "PROVISIONED") if item.whole else None,
        SSESpecification=_encryption(at(configuration, "ssedescription")),
    )
    recovery = at(item.supplementary, "ContinuousBackupsDescription.pointInTimeRecoveryDescription")
    if isinstance(recovery, dict):
        enabled = at(recovery, "pointInTimeRecoveryStatus") == "ENABLED"
        found["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": enabled}
    return found


def _encryption(value: Any) -> Value:
    """Return the encryption with a key of KMS; a table without it is encrypted with a key that DynamoDB owns."""
    if not isinstance(value, dict):
        return None
    enabled = at(value, "status") in ("ENABLED", "ENABLING", "UPDATING")
    return stated(SSEEnabled=enabled, SSEType=at(value, "ssetype"), KMSMasterKeyId=at(value, "kmsmasterKeyArn"))


def _warehouse(item: Item) -> Properties:
    nodes = at(item.configuration, "numberOfNodes")
    logging = at(item.supplementary, "LoggingStatus")
    found: Properties = {}
    if isinstance(nodes, int):
        found["ClusterType"] = "multi-node" if nodes > 1 else "single-node"
    if (zones := at(item.configuration, "multiAZ")) in ("Enabled", "Disabled"):  # other states are on the way to one
        found["MultiAZ"] = zones == "Enabled"
    if isinstance(logging, dict):
        to = stated(BucketName=at(logging, "bucketName"), S3KeyPrefix=at(logging, "s3KeyPrefix"))
        found["LoggingProperties"] = to if at(logging, "loggingEnabled") is True else None
    return found


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::RDS::DBInstance",
        same=(
            "AllocatedStorage",
            "AutoMinorVersionUpgrade",
            "AvailabilityZone",
            "BackupRetentionPeriod",
            "CACertificateIdentifier",
            "CharacterSetName",
            "CopyTagsToSnapshot",
            "DBClusterIdentifier",
            "DBInstanceArn",
            "DBInstanceClass",
            "DBInstanceIdentifier",
            "DBName",
            "DbiResourceId",
            "Engine",
            "EngineVersion",
            "Iops",
            "KmsKeyId",
            "LicenseModel",
            "MasterUsername",
            "MonitoringInterval",
            "MonitoringRoleArn",
            "MultiAZ",
            "PerformanceInsightsKMSKeyId",
            "PerformanceInsightsRetentionPeriod",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "PromotionTier",
            "PubliclyAccessible",
            "StorageEncrypted",
            "StorageType",
            "Timezone",
        ),
        rows={
            "DBParameterGroupName": "dBParameterGroups.0.dBParameterGroupName",
            "DBSecurityGroups": "dBSecurityGroups.*.dBSecurityGroupName",
            "DBSubnetGroupName": "dBSubnetGroup.dBSubnetGroupName",
            "EnableCloudwatchLogsExports": "enabledCloudwatchLogsExports",
            "EnableIAMDatabaseAuthentication": "iAMDatabaseAuthenticationEnabled",
            "EnablePerformanceInsights": "performanceInsightsEnabled",
            "OptionGroupName": "optionGroupMemberships.0.optionGroupName",
            "Port": "endpoint.port",
            "SourceDBInstanceIdentifier": "readReplicaSourceDBInstanceIdentifier",
            "VPCSecurityGroups": _GROUPS,
        },
        maybe={
            "DeletionProtection": "deletionProtection",
            "MaxAllocatedStorage": "maxAllocatedStorage",
            "AssociatedRoles": "associatedRoles",
            "MasterUserSecret": "masterUserSecret",
        },
    ),
    Entry(
        "AWS::RDS::DBCluster",
        same=(
            "AllocatedStorage",
            "BacktrackWindow",
            "BackupRetentionPeriod",
            "CopyTagsToSnapshot",
            "DatabaseName",
            "DBClusterArn",
            "DBClusterIdentifier",
            "DeletionProtection",
            "Engine",
            "EngineMode",
            "EngineVersion",
            "KmsKeyId",
            "MasterUsername",
            "Port",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "ReplicationSourceIdentifier",
            "StorageEncrypted",
        ),
        rows={
            "AssociatedRoles": "associatedRoles",
            "AvailabilityZones": "availabilityZones",
            "DBClusterParameterGroupName": "dbclusterParameterGroup",
            "DBSubnetGroupName": "dbsubnetGroup",
            "EnableCloudwatchLogsExports": "enabledCloudwatchLogsExports",
            "EnableHttpEndpoint": "httpEndpointEnabled",
            "EnableIAMDatabaseAuthentication": "iamdatabaseAuthenticationEnabled",
            "ScalingConfiguration": "scalingConfigurationInfo",
            "VpcSecurityGroupIds": _GROUPS,
        },
        maybe={
            "AutoMinorVersionUpgrade": "autoMinorVersionUpgrade",
            "MonitoringInterval": "monitoringInterval",
            "PubliclyAccessible": "publiclyAccessible",
        },
    ),
    Entry(
        "AWS::RDS::DBSubnetGroup",
        same=("DBSubnetGroupDescription", "DBSubnetGroupName"),
        rows={"SubnetIds": "subnets.*.subnetIdentifier"},
    ),
    Entry(
        "AWS::RDS::EventSubscription",
        same=("Enabled", "SnsTopicArn", "SourceType"),
        rows={
            "EventCategories": "eventCategoriesList",
            "SourceIds": "sourceIdsList",
            "SubscriptionName": "custSubscriptionId",
        },
    ),
    Entry(
        "AWS::RDS::DBSnapshot",
        same=(
            "AllocatedStorage",
            "DBInstanceIdentifier",
            "DBSnapshotArn",
            "DBSnapshotIdentifier",
            "DbiResourceId",
            "Encrypted",
            "Engine",
            "EngineVersion",
            "IAMDatabaseAuthenticationEnabled",
            "KmsKeyId",
            "LicenseModel",
            "MasterUsername",
            "Port",
            "SnapshotCreateTime",
            "SnapshotType",
            "Status",
            "StorageType",
            "VpcId",
        ),
    ),
    Entry(
        "AWS::RDS::DBClusterSnapshot",
        kind="AWS::RDS::ClusterSnapshot",
        same=(
            "AllocatedStorage",
            "AvailabilityZones",
            "ClusterCreateTime",
            "DBClusterIdentifier",
            "DBClusterSnapshotArn",
            "DBClusterSnapshotIdentifier",
            "Engine",
            "EngineMode",
            "EngineVersion",
            "IAMDatabaseAuthenticationEnabled",
            "KmsKeyId",
            "LicenseModel",
            "MasterUsername",
            "Port",
            "SnapshotCreateTime",
            "SnapshotType",
            "Status",
            "StorageEncrypted",
            "VpcId",
        ),
    ),
    Entry(
        "AWS::Redshift::Cluster",
        same=(
            "AllowVersionUpgrade",
            "AutomatedSnapshotRetentionPeriod",
            "AvailabilityZone",
            "ClusterIdentifier",
            "ClusterSubnetGroupName",
            "ClusterVersion",
            "DBName",
            "Encrypted",
            "EnhancedVpcRouting",
            "KmsKeyId",
            "MaintenanceTrackName",
            "MasterUsername",
            "NodeType",
            "NumberOfNodes",
            "PreferredMaintenanceWindow",
            "PubliclyAccessible",
        ),
        rows={
            "ClusterParameterGroupName": "clusterParameterGroups.0.parameterGroupName",
            "DestinationRegion": "clusterSnapshotCopyStatus.destinationRegion",
            "ElasticIp": "elasticIpStatus.elasticIp",
            "IamRoles": "iamRoles.*.iamRoleArn",
            "Port": "endpoint.port",
            "VpcSecurityGroupIds": _GROUPS,
        },
        maybe={"SnapshotCopyRetentionPeriod": "clusterSnapshotCopyStatus.retentionPeriod"},
        derive=_warehouse,
        derived=("ClusterType",),
    ),
    Entry(
        "AWS::Redshift::ClusterParameterGroup",
        same=("Description", "ParameterGroupFamily", "ParameterGroupName"),
        rows={"Parameters": "+Parameters"},
    ),
    Entry(
        "AWS::DynamoDB::Table",
        same=(
            "AttributeDefinitions",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "ProvisionedThroughput",
            "StreamSpecification",
            "TableName",
        ),
        rows={"StreamArn": "latestStreamArn"},
        maybe={"DeletionProtectionEnabled": "deletionProtectionEnabled", "TableClass": "tableClassSummary.tableClass"},
        derive=_table,
        derived=("BillingMode", "SSESpecification"),
    ),
    Entry(
        "AWS::Elasticsearch::Domain",
        same=("DomainName",),
        maybe={
            name: name
            for name in (
                "AccessPolicies",
                "AdvancedOptions",
                "AdvancedSecurityOptions",
                "CognitoOptions",
                "DomainEndpointOptions",
                "EBSOptions",
                "ElasticsearchClusterConfig",
                "ElasticsearchVersion",
                "EncryptionAtRestOptions",
                "LogPublishingOptions",
                "NodeToNodeEncryptionOptions",
                "SnapshotOptions",
                "VPCOptions",
            )
        },
    ),
)
