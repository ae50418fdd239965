"""AWS Config."""

from assay.sources.aws.entry import Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Config::ConfigurationRecorder",
        "config",
        (List("DescribeConfigurationRecorders", "ConfigurationRecorders"),),
        "name",
        same=("Name", "RecordingGroup", "RecordingMode", "RoleARN"),
        rows={
            "ResourceARN": "arn",
        },
    ),
    Entry(
        "AWS::Config::DeliveryChannel",
        "config",
        (List("DescribeDeliveryChannels", "DeliveryChannels"),),
        "name",
        same=("ConfigSnapshotDeliveryProperties", "Name", "S3BucketName", "S3KeyPrefix", "S3KmsKeyArn", "SnsTopicARN"),
    ),
)
