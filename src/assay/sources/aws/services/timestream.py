"""Amazon Timestream."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Timestream::Database",
        "timestream-write",
        (List("ListDatabases", "Databases", tokens=("NextToken", "NextToken")),),
        "DatabaseName",
        same=("Arn", "DatabaseName", "KmsKeyId"),
        calls=(Call("ListTagsForResource", {"ResourceARN": "Arn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Timestream::InfluxDBInstance",
        "timestream-influxdb",
        (List("ListDbInstances", "items"),),
        "id",
        describe=Call("GetDbInstance", {"identifier": "id"}),
        keep="status != 'DELETED'",
        same=(
            "AllocatedStorage",
            "Arn",
            "AvailabilityZone",
            "DbInstanceType",
            "DbParameterGroupIdentifier",
            "DbStorageType",
            "DeploymentType",
            "Endpoint",
            "Id",
            "InfluxAuthParametersSecretArn",
            "LogDeliveryConfiguration",
            "Name",
            "NetworkType",
            "Port",
            "PubliclyAccessible",
            "SecondaryAvailabilityZone",
            "Status",
            "VpcSecurityGroupIds",
            "VpcSubnetIds",
        ),
        calls=(Call("ListTagsForResource", {"resourceArn": "arn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
)
