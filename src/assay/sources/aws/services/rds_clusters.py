"""Clusters of Amazon RDS and Aurora, with the groups, proxies and subscriptions beside instances and clusters."""

from typing import Any

from assay.sources.aws.entry import Entry, List, Properties, objects
from assay.sources.aws.services.rds_answers import WRITES_HERE, parameters, tags

_OTHERS = "[?!contains(['docdb', 'neptune'], Engine)]"


def _options(group: Any) -> Properties:
    """Return the options; their settings may hold passwords and are not kept."""
    found = [
        {
            "OptionName": each.get("OptionName"),
            "OptionVersion": each.get("OptionVersion"),
            "Port": each.get("Port"),
            "VpcSecurityGroupMemberships": [
                one.get("VpcSecurityGroupId") for one in objects(each.get("VpcSecurityGroupMemberships"))
            ],
            "DBSecurityGroupMemberships": [
                one.get("DBSecurityGroupName") for one in objects(each.get("DBSecurityGroupMemberships"))
            ],
        }
        for each in objects(group.get("Options"))
    ]
    return {"OptionConfigurations": found}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::RDS::DBCluster",
        "rds",
        (List("DescribeDBClusters", f"DBClusters{_OTHERS}"),),
        "DBClusterIdentifier",
        same=(
            "AllocatedStorage",
            "AssociatedRoles",
            "AutoMinorVersionUpgrade",
            "AvailabilityZones",
            "BackupRetentionPeriod",
            "ClusterScalabilityType",
            "CopyTagsToSnapshot",
            "DatabaseInsightsMode",
            "DatabaseName",
            "DBClusterArn",
            "DBClusterIdentifier",
            "DBClusterInstanceClass",
            "DBClusterResourceId",
            "DBSystemId",
            "DeletionProtection",
            "Engine",
            "EngineLifecycleSupport",
            "EngineMode",
            "EngineVersion",
            "GlobalClusterIdentifier",
            "Iops",
            "KmsKeyId",
            "MasterUsername",
            "MasterUserSecret",
            "MonitoringInterval",
            "MonitoringRoleArn",
            "NetworkType",
            "PerformanceInsightsEnabled",
            "PerformanceInsightsKmsKeyId",
            "PerformanceInsightsRetentionPeriod",
            "Port",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "PubliclyAccessible",
            "ReplicationSourceIdentifier",
            "ServerlessV2ScalingConfiguration",
            "StorageEncrypted",
            "StorageEncryptionType",
            "StorageThroughput",
            "StorageType",
        ),
        rows={
            # Left out where backtracking was never set up; zero seconds is how it is switched off.
            # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html
            "BacktrackWindow": "BacktrackWindow || `0`",
            "DBClusterParameterGroupName": "DBClusterParameterGroup",
            "DBSubnetGroupName": "DBSubnetGroup",
            "Domain": "DomainMemberships[0].Domain",
            "DomainIAMRoleName": "DomainMemberships[0].IAMRoleName",
            "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
            "EnableGlobalWriteForwarding": "GlobalWriteForwardingRequested",
            "EnableHttpEndpoint": "HttpEndpointEnabled",
            "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
            "EnableLocalWriteForwarding": "is(LocalWriteForwardingStatus, 'enabled', 'enabling', 'requested')",
            "Endpoint.Address": "Endpoint",
            "Endpoint.Port": "Port",
            "ManageMasterUserPassword": "MasterUserSecret != `null`",
            "ReadEndpoint.Address": "ReaderEndpoint",
            "ScalingConfiguration": "ScalingConfigurationInfo",
            "Tags": "TagList",
            "VpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
        },
        never=("SourceDBClusterIdentifier",),  # what a cluster was made from is part of how it is made
        optional=(
            "Iops",
            "PerformanceInsightsRetentionPeriod",
            "StorageThroughput",
        ),
    ),
    Entry(
        "AWS::RDS::ClusterSnapshot",
        "rds",
        (List("DescribeDBClusterSnapshots", f"DBClusterSnapshots{_OTHERS}"),),
        "DBClusterSnapshotArn",
        same=(
            "AllocatedStorage",
            "AvailabilityZones",
            "ClusterCreateTime",
            "DBClusterIdentifier",
            "DbClusterResourceId",
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
        rows={"Tags": "TagList"},
    ),
    Entry(
        "AWS::RDS::GlobalCluster",
        "rds",
        (List("DescribeGlobalClusters", f"GlobalClusters{_OTHERS}"),),
        "GlobalClusterIdentifier",
        keep=WRITES_HERE,
        same=(
            "DeletionProtection",
            "Engine",
            "EngineLifecycleSupport",
            "EngineVersion",
            "GlobalClusterIdentifier",
            "StorageEncrypted",
        ),
        rows={
            "GlobalEndpoint.Address": "Endpoint",
            "SourceDBClusterIdentifier": "GlobalClusterMembers[?IsWriter] | [0].DBClusterArn",
            "Tags": "TagList",
        },
    ),
    Entry(
        "AWS::RDS::DBSubnetGroup",
        "rds",
        (List("DescribeDBSubnetGroups", "DBSubnetGroups"),),
        "DBSubnetGroupName",
        same=("DBSubnetGroupArn", "DBSubnetGroupDescription", "DBSubnetGroupName"),
        rows={"SubnetIds": "Subnets[].SubnetIdentifier"},
        calls=(tags("DBSubnetGroupArn"),),
        gone=("DBSubnetGroupNotFoundFault",),
    ),
    Entry(
        "AWS::RDS::DBParameterGroup",
        "rds",
        (List("DescribeDBParameterGroups", "DBParameterGroups"),),
        "DBParameterGroupName",
        same=("DBParameterGroupArn", "DBParameterGroupName", "Description"),
        rows={"Family": "DBParameterGroupFamily"},
        calls=(
            parameters("DescribeDBParameters", "DBParameterGroupName"),
            tags("DBParameterGroupArn"),
        ),
        gone=("DBParameterGroupNotFound",),
    ),
    Entry(
        "AWS::RDS::DBClusterParameterGroup",
        "rds",
        (List("DescribeDBClusterParameterGroups", "DBClusterParameterGroups"),),
        "DBClusterParameterGroupName",
        keep="!starts_with(DBParameterGroupFamily, 'docdb') && !starts_with(DBParameterGroupFamily, 'neptune')",
        same=("DBClusterParameterGroupName", "Description"),
        rows={"Family": "DBParameterGroupFamily"},
        calls=(
            parameters("DescribeDBClusterParameters", "DBClusterParameterGroupName"),
            tags("DBClusterParameterGroupArn"),
        ),
        gone=("DBParameterGroupNotFound",),
    ),
    Entry(
        "AWS::RDS::OptionGroup",
        "rds",
        (List("DescribeOptionGroups", "OptionGroupsList"),),
        "OptionGroupName",
        same=("EngineName", "MajorEngineVersion", "OptionGroupDescription", "OptionGroupName"),
        derive=_options,
        derived=("OptionConfigurations",),
        calls=(tags("OptionGroupArn"),),
    ),
    Entry(
        "AWS::RDS::EventSubscription",
        "rds",
        (List("DescribeEventSubscriptions", "EventSubscriptionsList"),),
        "CustSubscriptionId",
        same=("Enabled", "SnsTopicArn", "SourceType"),
        rows={
            "EventCategories": "EventCategoriesList",
            "SourceIds": "SourceIdsList",
            "SubscriptionName": "CustSubscriptionId",
        },
        calls=(tags("EventSubscriptionArn"),),
    ),
    Entry(
        "AWS::RDS::DBProxy",
        "rds",
        (List("DescribeDBProxies", "DBProxies"),),
        "DBProxyName",
        same=(
            "Auth",
            "DBProxyArn",
            "DBProxyName",
            "DebugLogging",
            "DefaultAuthScheme",
            "Endpoint",
            "EndpointNetworkType",
            "EngineFamily",
            "IdleClientTimeout",
            "RequireTLS",
            "RoleArn",
            "TargetConnectionNetworkType",
            "VpcId",
            "VpcSecurityGroupIds",
            "VpcSubnetIds",
        ),
        calls=(tags("DBProxyArn"),),
        gone=("DBProxyNotFoundFault",),
    ),
)
