"""Amazon Kinesis Data Streams and Amazon Data Firehose."""

from assay.inventory.schema import POLICY
from assay.inventory.tables import Fold, ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::Kinesis::Stream",
        # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
        defaults={"RetentionPeriodHours": 24},
        names=("Name",),
        folds=(
            Fold(
                "AWS::Kinesis::ResourcePolicy",
                key="ResourceArn",
                into="ResourcePolicy",
                take="ResourcePolicy",
                many=False,
                type=POLICY,
            ),
        ),
    ),
    ResourceTable(
        "AWS::KinesisFirehose::DeliveryStream",
        # https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
        defaults={
            "DeliveryStreamType": "DirectPut",
            "DeliveryStreamEncryptionConfigurationInput.KeyType": "AWS_OWNED_CMK",
        },
        names=("DeliveryStreamName",),
    ),
)
