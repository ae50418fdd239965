"""Amazon DynamoDB and its accelerator DAX."""

from assay.sources.aws.entry import Call, Entry, List, nothing

_TABLE = {"TableName": "TableName"}
_NO_POLICY = nothing("PolicyNotFoundException")

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::DynamoDB::Table",
        "dynamodb",
        (List("ListTables", "TableNames[].{TableName: @}"),),
        "TableName",
        describe=Call("DescribeTable", _TABLE, answer="Table"),
        keep="TableStatus != 'DELETING'",
        same=(
            "AttributeDefinitions",
            "DeletionProtectionEnabled",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "OnDemandThroughput",
            "ProvisionedThroughput",
            "TableName",
            "WarmThroughput",
        ),
        rows={
            "Arn": "TableArn",
            # Left out of tables that have only ever been provisioned.
            # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BillingModeSummary.html
            "BillingMode": "BillingModeSummary.BillingMode || 'PROVISIONED'",
            # Left out where the service's own key encrypts.
            # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSEDescription.html
            "SSESpecification": (
                "SSEDescription && {SSEEnabled: is(SSEDescription.Status, 'ENABLED', 'ENABLING', 'UPDATING'), "
                "SSEType: SSEDescription.SSEType, KMSMasterKeyId: SSEDescription.KMSMasterKeyArn}"
            ),
            "StreamArn": "LatestStreamArn",
            "StreamSpecification.StreamViewType": "StreamSpecification.StreamViewType",
            "TableClass": "TableClassSummary.TableClass || 'STANDARD'",
        },
        calls=(
            Call(
                "DescribeContinuousBackups",
                _TABLE,
                answer="ContinuousBackupsDescription.PointInTimeRecoveryDescription",
                rows={
                    "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": (
                        "is(PointInTimeRecoveryStatus, 'ENABLED')"
                    ),
                    "PointInTimeRecoverySpecification.RecoveryPeriodInDays": "RecoveryPeriodInDays",
                },
            ),
            Call(
                "DescribeTimeToLive",
                _TABLE,
                answer="TimeToLiveDescription",
                rows={
                    "TimeToLiveSpecification.AttributeName": "AttributeName",
                    "TimeToLiveSpecification.Enabled": "is(TimeToLiveStatus, 'ENABLED', 'ENABLING')",
                },
            ),
            Call(
                "GetResourcePolicy",
                {"ResourceArn": "TableArn"},
                rows={"ResourcePolicy.PolicyDocument": "Policy"},
                absent=_NO_POLICY,
            ),
            Call(
                "GetResourcePolicy",
                {"ResourceArn": "LatestStreamArn"},
                when="StreamSpecification.StreamEnabled || `false`",
                rows={"StreamSpecification.ResourcePolicy.PolicyDocument": "Policy"},
                absent=_NO_POLICY,
            ),
            Call("ListTagsOfResource", {"ResourceArn": "TableArn"}, same=("Tags",)),
        ),
        gone=("ResourceNotFoundException", "TableNotFoundException"),
    ),
    Entry(
        "AWS::DAX::Cluster",
        "dax",
        (List("DescribeClusters", "Clusters"),),
        "ClusterName",
        same=(
            "ClusterEndpointEncryptionType",
            "ClusterName",
            "Description",
            "IAMRoleARN",
            "NetworkType",
            "NodeType",
            "PreferredMaintenanceWindow",
        ),
        rows={
            "Arn": "ClusterArn",
            "Id": "ClusterName",
            "AvailabilityZones": "Nodes[].AvailabilityZone",
            "ClusterDiscoveryEndpoint": "ClusterDiscoveryEndpoint.Address",
            "ClusterDiscoveryEndpointURL": "ClusterDiscoveryEndpoint.URL",
            "NotificationTopicARN": "NotificationConfiguration.TopicArn",
            "ParameterGroupName": "ParameterGroup.ParameterGroupName",
            "ReplicationFactor": "TotalNodes",
            "SSESpecification.SSEEnabled": "is(SSEDescription.Status, 'ENABLED', 'ENABLING')",
            "SecurityGroupIds": "SecurityGroups[].SecurityGroupIdentifier",
            "SubnetGroupName": "SubnetGroup",
        },
        calls=(Call("ListTags", {"ResourceName": "ClusterArn"}, same=("Tags",)),),
        gone=("ClusterNotFoundFault",),
    ),
)
