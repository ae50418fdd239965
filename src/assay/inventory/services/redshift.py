"""Amazon Redshift, provisioned and serverless."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::Redshift::Cluster",
        defaults={
            # Since 2025 a new cluster is encrypted unless told otherwise.
            # https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html
            "Encrypted": True,
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-redshift-cluster.html
            "PubliclyAccessible": False,
            "AllowVersionUpgrade": True,
            "AutomatedSnapshotRetentionPeriod": 1,
            "Port": 5439,
        },
        names=("ClusterIdentifier",),
    ),
    ResourceTable("AWS::Redshift::ClusterParameterGroup", names=("ParameterGroupName",)),
    # https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateEventSubscription.html
    ResourceTable("AWS::Redshift::EventSubscription", defaults={"Enabled": True}),
    # https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html
    ResourceTable("AWS::RedshiftServerless::Workgroup", names=("WorkgroupName",)),
    ResourceTable(
        "AWS::RedshiftServerless::Namespace",
        defaults={"DbName": "dev"},
        names=("NamespaceName",),
    ),
)
