"""Amazon Neptune. It answers to the calls of Amazon RDS, which list the databases of all engines."""

from assay.sources.aws.entry import Entry, List
from assay.sources.aws.services.rds_answers import parameters, tags


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Neptune::DBCluster",
        "neptune",
        (List("DescribeDBClusters", "DBClusters[?Engine == 'neptune']"),),
        "DBClusterIdentifier",
        same=(
            "AssociatedRoles",
            "AvailabilityZones",
            "BackupRetentionPeriod",
            "CopyTagsToSnapshot",
            "DBClusterIdentifier",
            "DeletionProtection",
            "Endpoint",
            "EngineVersion",
            "GlobalClusterIdentifier",
            "KmsKeyId",
            "NetworkType",
            "Port",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "StorageEncrypted",
        ),
        rows={
            "ClusterResourceId": "DbClusterResourceId",
            "DBClusterParameterGroupName": "DBClusterParameterGroup",
            "DBPort": "Port",
            "DBSubnetGroupName": "DBSubnetGroup",
            "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
            "IamAuthEnabled": "IAMDatabaseAuthenticationEnabled",
            "ReadEndpoint": "ReaderEndpoint",
            "ServerlessScalingConfiguration": "ServerlessV2ScalingConfiguration",
            "VpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
        },
        calls=(tags("DBClusterArn"),),
        gone=("DBClusterNotFoundFault",),
        # What a cluster was made from is part of how it is made.
        never=("SnapshotIdentifier", "SourceDBClusterIdentifier"),
    ),
    Entry(
        "AWS::Neptune::DBInstance",
        "neptune",
        (List("DescribeDBInstances", "DBInstances[?Engine == 'neptune']"),),
        "DBInstanceIdentifier",
        same=(
            "AutoMinorVersionUpgrade",
            "AvailabilityZone",
            "DBClusterIdentifier",
            "DBInstanceClass",
            "DBInstanceIdentifier",
            "PreferredMaintenanceWindow",
            "PubliclyAccessible",
        ),
        rows={
            "DBParameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
            "DBSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
            "Endpoint": "Endpoint.Address",
            "Port": "Endpoint.Port",
        },
        calls=(tags("DBInstanceArn"),),
        gone=("DBInstanceNotFound",),
    ),
    Entry(
        "AWS::Neptune::DBClusterParameterGroup",
        "neptune",
        (List("DescribeDBClusterParameterGroups", "DBClusterParameterGroups"),),
        "DBClusterParameterGroupName",
        keep="starts_with(DBParameterGroupFamily, 'neptune')",
        same=("Description",),
        rows={"Family": "DBParameterGroupFamily", "Name": "DBClusterParameterGroupName"},
        calls=(
            parameters("DescribeDBClusterParameters", "DBClusterParameterGroupName"),
            tags("DBClusterParameterGroupArn"),
        ),
        gone=("DBParameterGroupNotFound",),
    ),
    Entry(
        "AWS::Neptune::GlobalCluster",
        "neptune",
        (List("DescribeGlobalClusters", "GlobalClusters[?Engine == 'neptune']"),),
        "GlobalClusterIdentifier",
        same=("DeletionProtection", "Engine", "EngineVersion", "GlobalClusterIdentifier", "StorageEncrypted"),
        rows={"SourceDBClusterIdentifier": "GlobalClusterMembers[?IsWriter] | [0].DBClusterArn"},
    ),
)
