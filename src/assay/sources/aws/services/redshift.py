"""Amazon Redshift, provisioned and serverless."""

from assay.sources.aws.entry import Call, Entry, List

_WORKGROUP_TAGS = Call("ListTagsForResource", {"resourceArn": "workgroupArn"}, same=("Tags",))
_NAMESPACE_TAGS = Call("ListTagsForResource", {"resourceArn": "namespaceArn"}, same=("Tags",))

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Redshift::Cluster",
        "redshift",
        (List("DescribeClusters", "Clusters"),),
        "ClusterIdentifier",
        same=(
            "AllowVersionUpgrade",
            "AutomatedSnapshotRetentionPeriod",
            "AvailabilityZone",
            "AvailabilityZoneRelocationStatus",
            "ClusterIdentifier",
            "ClusterNamespaceArn",
            "ClusterSubnetGroupName",
            "ClusterVersion",
            "DBName",
            "Encrypted",
            "Endpoint",
            "EnhancedVpcRouting",
            "KmsKeyId",
            "MaintenanceTrackName",
            "ManualSnapshotRetentionPeriod",
            "MasterPasswordSecretArn",
            "MasterPasswordSecretKmsKeyId",
            "MasterUsername",
            "NodeType",
            "NumberOfNodes",
            "PreferredMaintenanceWindow",
            "PubliclyAccessible",
            "Tags",
        ),
        rows={
            "AvailabilityZoneRelocation": "is(AvailabilityZoneRelocationStatus, 'enabled')",
            "ClusterParameterGroupName": "ClusterParameterGroups[0].ParameterGroupName",
            "ClusterSecurityGroups": "ClusterSecurityGroups[].ClusterSecurityGroupName",
            "ClusterType": "NumberOfNodes > `1` && 'multi-node' || 'single-node'",
            "DestinationRegion": "ClusterSnapshotCopyStatus.DestinationRegion",
            "ElasticIp": "ElasticIpStatus.ElasticIp",
            "HsmClientCertificateIdentifier": "HsmStatus.HsmClientCertificateIdentifier",
            "HsmConfigurationIdentifier": "HsmStatus.HsmConfigurationIdentifier",
            "IamRoles": "IamRoles[].IamRoleArn",
            "ManageMasterPassword": "MasterPasswordSecretArn != `null`",
            # A word, though documented as a boolean value.
            # https://docs.aws.amazon.com/redshift/latest/APIReference/API_Cluster.html
            "MultiAZ": "is(MultiAZ, 'Enabled', 'enabled', 'true')",
            "Port": "Endpoint.Port",
            "SnapshotCopyGrantName": "ClusterSnapshotCopyStatus.SnapshotCopyGrantName",
            "SnapshotCopyRetentionPeriod": "ClusterSnapshotCopyStatus.RetentionPeriod",
            "VpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
        },
        calls=(
            Call(
                "DescribeLoggingStatus",
                {"ClusterIdentifier": "ClusterIdentifier"},
                answer="LoggingEnabled && @",
                rows={
                    "LoggingProperties.BucketName": "BucketName",
                    "LoggingProperties.LogDestinationType": "LogDestinationType",
                    "LoggingProperties.LogExports": "LogExports",
                    "LoggingProperties.S3KeyPrefix": "S3KeyPrefix",
                },
            ),
        ),
        gone=("ClusterNotFound",),
        # What a cluster was made from is part of how it is made.
        never=("OwnerAccount", "SnapshotClusterIdentifier", "SnapshotIdentifier"),
        optional=("SnapshotCopyRetentionPeriod",),
    ),
    Entry(
        "AWS::Redshift::ClusterParameterGroup",
        "redshift",
        (List("DescribeClusterParameterGroups", "ParameterGroups"),),
        "ParameterGroupName",
        same=("Description", "ParameterGroupFamily", "ParameterGroupName", "Tags"),
        calls=(
            Call(
                "DescribeClusterParameters",
                # Those that somebody set; these are what a template states.
                {"ParameterGroupName": "ParameterGroupName", "Source": "'user'"},
                rows={
                    "Parameters": "Parameters[].{ParameterName: ParameterName, ParameterValue: ParameterValue}",
                },
            ),
        ),
        gone=("ClusterParameterGroupNotFound",),
    ),
    Entry(
        "AWS::Redshift::ClusterSubnetGroup",
        "redshift",
        (List("DescribeClusterSubnetGroups", "ClusterSubnetGroups"),),
        "ClusterSubnetGroupName",
        same=("ClusterSubnetGroupName", "Description", "Tags"),
        rows={"SubnetIds": "Subnets[].SubnetIdentifier"},
    ),
    Entry(
        "AWS::RedshiftServerless::Workgroup",
        "redshift-serverless",
        (List("ListWorkgroups", "workgroups"),),
        "workgroupName",
        same=(
            "BaseCapacity",
            "ConfigParameters",
            "EnhancedVpcRouting",
            "MaxCapacity",
            "NamespaceName",
            "Port",
            "PricePerformanceTarget",
            "PubliclyAccessible",
            "SecurityGroupIds",
            "SubnetIds",
            "TrackName",
            "WorkgroupName",
        ),
        calls=(_WORKGROUP_TAGS,),
        gone=("ResourceNotFoundException",),
        optional=("MaxCapacity",),
    ),
    Entry(
        "AWS::RedshiftServerless::Namespace",
        "redshift-serverless",
        (List("ListNamespaces", "namespaces"),),
        "namespaceName",
        same=(
            "AdminPasswordSecretKmsKeyId",
            "AdminUsername",
            "DbName",
            "DefaultIamRoleArn",
            "IamRoles",
            "KmsKeyId",
            "LogExports",
            "NamespaceName",
        ),
        rows={"ManageAdminPassword": "adminPasswordSecretArn != `null`"},
        calls=(_NAMESPACE_TAGS,),
        gone=("ResourceNotFoundException",),
    ),
)
