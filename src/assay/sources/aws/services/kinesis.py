"""Amazon Kinesis Data Streams and Amazon Data Firehose."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, nothing, objects

_STREAM = {"StreamName": "StreamName"}
_DELIVERY = {"DeliveryStreamName": "DeliveryStreamName"}

# A destination as it is described → as it is declared. Parts that are called differently within it are in `_WITHIN`.
_DESTINATIONS = {
    "AmazonOpenSearchServerlessDestinationDescription": "AmazonOpenSearchServerlessDestinationConfiguration",
    "AmazonopensearchserviceDestinationDescription": "AmazonopensearchserviceDestinationConfiguration",
    "ElasticsearchDestinationDescription": "ElasticsearchDestinationConfiguration",
    "ExtendedS3DestinationDescription": "ExtendedS3DestinationConfiguration",
    "HttpEndpointDestinationDescription": "HttpEndpointDestinationConfiguration",
    "IcebergDestinationDescription": "IcebergDestinationConfiguration",
    "RedshiftDestinationDescription": "RedshiftDestinationConfiguration",
    "SnowflakeDestinationDescription": "SnowflakeDestinationConfiguration",
    "SplunkDestinationDescription": "SplunkDestinationConfiguration",
}
_WITHIN = {
    "S3BackupDescription": "S3BackupConfiguration",
    "S3DestinationDescription": "S3Configuration",
    "VpcConfigurationDescription": "VpcConfiguration",
}
_SECRETS = frozenset({"AccessKey", "HECToken", "KeyPassphrase", "Password", "PrivateKey"})


def _destinations(stream: Any) -> Properties:
    """Return where a stream delivers to, without tokens and passwords."""
    found: Properties = {}
    for each in objects(stream.get("Destinations")):
        for described, declared in _DESTINATIONS.items():
            if each.get(described) is not None:
                found[declared] = _declared(each[described])
    return found


def _declared(value: Any) -> Any:
    if isinstance(value, dict):
        return {_WITHIN.get(name, name): _declared(each) for name, each in value.items() if name not in _SECRETS}
    return [_declared(each) for each in value] if isinstance(value, list) else value


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Kinesis::Stream",
        "kinesis",
        (List("ListStreams", "StreamNames[].{StreamName: @}"),),
        "StreamName",
        describe=Call("DescribeStreamSummary", _STREAM, answer="StreamDescriptionSummary"),
        same=("RecordDistributionStrategy", "MaxRecordSizeInKiB", "RetentionPeriodHours", "StreamModeDetails"),
        rows={
            "Arn": "StreamARN",
            "DesiredShardLevelMetrics": "EnhancedMonitoring[].ShardLevelMetrics[]",
            "Name": "StreamName",
            "ShardCount": "OpenShardCount",
            "StreamEncryption": ("[@][?EncryptionType == 'KMS'] | [0].{EncryptionType: EncryptionType, KeyId: KeyId}"),
        },
        calls=(
            Call(
                "GetResourcePolicy",
                {"ResourceARN": "StreamARN"},
                # A policy without statements is none.
                rows={"ResourcePolicy": "([parsed(Policy)][?Statement] | [0]) && Policy"},
                absent=nothing("ResourceNotFoundException"),
            ),
            Call("ListTagsForStream", _STREAM, same=("Tags",)),
        ),
        gone=("ResourceNotFoundException",),
        holds=frozenset({"AWS::Kinesis::ResourcePolicy"}),
    ),
    Entry(
        "AWS::KinesisFirehose::DeliveryStream",
        "firehose",
        (
            List(
                "ListDeliveryStreams",
                "DeliveryStreamNames[].{DeliveryStreamName: @}",
                tokens=("ExclusiveStartDeliveryStreamName", "HasMoreDeliveryStreams && DeliveryStreamNames[-1]"),
            ),
        ),
        "DeliveryStreamName",
        describe=Call("DescribeDeliveryStream", _DELIVERY, answer="DeliveryStreamDescription"),
        same=("DeliveryStreamName", "DeliveryStreamType"),
        rows={
            "Arn": "DeliveryStreamARN",
            "DeliveryStreamEncryptionConfigurationInput": (
                "[DeliveryStreamEncryptionConfiguration][?Status == 'ENABLED' || Status == 'ENABLING'] | "
                "[0].{KeyARN: KeyARN, KeyType: KeyType}"
            ),
            "KinesisStreamSourceConfiguration": "Source.KinesisStreamSourceDescription",
            "MSKSourceConfiguration": "Source.MSKSourceDescription",
        },
        derive=_destinations,
        derived=tuple(_DESTINATIONS.values()),
        calls=(Call("ListTagsForDeliveryStream", _DELIVERY, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
)
