"""Amazon DocumentDB. It answers to the calls of Amazon RDS, which list the databases of all engines."""

from assay.sources.aws.entry import Entry, List
from assay.sources.aws.services.rds_answers import parameters, tags


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::DocDB::DBCluster",
        "docdb",
        (List("DescribeDBClusters", "DBClusters[?Engine == 'docdb']"),),
        "DBClusterIdentifier",
        same=(
            "AvailabilityZones",
            "BackupRetentionPeriod",
            "CopyTagsToSnapshot",
            "DBClusterIdentifier",
            "DeletionProtection",
            "Endpoint",
            "EngineVersion",
            "KmsKeyId",
            "MasterUsername",
            "NetworkType",
            "Port",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "ServerlessV2ScalingConfiguration",
            "StorageEncrypted",
            "StorageType",
        ),
        rows={
            "ClusterResourceId": "DbClusterResourceId",
            "DBClusterParameterGroupName": "DBClusterParameterGroup",
            "DBSubnetGroupName": "DBSubnetGroup",
            "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
            "Id": "DBClusterIdentifier",
            "ManageMasterUserPassword": "MasterUserSecret != `null`",
            "MasterUserSecretKmsKeyId": "MasterUserSecret.KmsKeyId",
            "ReadEndpoint": "ReaderEndpoint",
            "VpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
        },
        calls=(tags("DBClusterArn"),),
        gone=("DBClusterNotFoundFault",),
        # What a cluster was made from is part of how it is made.
        never=("SnapshotIdentifier", "SourceDBClusterIdentifier"),
    ),
    Entry(
        "AWS::DocDB::DBInstance",
        "docdb",
        (List("DescribeDBInstances", "DBInstances[?Engine == 'docdb']"),),
        "DBInstanceIdentifier",
        same=(
            "AutoMinorVersionUpgrade",
            "AvailabilityZone",
            "CACertificateIdentifier",
            "DBClusterIdentifier",
            "DBInstanceClass",
            "DBInstanceIdentifier",
            "PreferredMaintenanceWindow",
        ),
        rows={
            "EnablePerformanceInsights": "PerformanceInsightsEnabled",
            "Endpoint": "Endpoint.Address",
            "Id": "DBInstanceIdentifier",
            "Port": "Endpoint.Port",
        },
        calls=(tags("DBInstanceArn"),),
        gone=("DBInstanceNotFound",),
    ),
    Entry(
        "AWS::DocDB::DBClusterParameterGroup",
        "docdb",
        (List("DescribeDBClusterParameterGroups", "DBClusterParameterGroups"),),
        "DBClusterParameterGroupName",
        keep="starts_with(DBParameterGroupFamily, 'docdb')",
        same=("Description",),
        rows={"Family": "DBParameterGroupFamily", "Name": "DBClusterParameterGroupName"},
        calls=(
            parameters("DescribeDBClusterParameters", "DBClusterParameterGroupName"),
            tags("DBClusterParameterGroupArn"),
        ),
        gone=("DBParameterGroupNotFound",),
    ),
    Entry(
        "AWS::DocDB::GlobalCluster",
        "docdb",
        (List("DescribeGlobalClusters", "GlobalClusters[?Engine == 'docdb']"),),
        "GlobalClusterIdentifier",
        same=("DeletionProtection", "Engine", "EngineVersion", "GlobalClusterIdentifier", "StorageEncrypted"),
        rows={"SourceDBClusterIdentifier": "GlobalClusterMembers[?IsWriter] | [0].DBClusterArn"},
    ),
)
