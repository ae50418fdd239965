"""Amazon SQS."""

from assay.sources.aws.entry import Call, Entry, List

_QUEUE = {"QueueUrl": "QueueUrl"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SQS::Queue",
        "sqs",
        (List("ListQueues", "QueueUrls[].{QueueUrl: @}", {"MaxResults": "`1000`"}),),
        "QueueUrl",
        describe=Call("GetQueueAttributes", {**_QUEUE, "AttributeNames": '`["All"]`'}, answer="Attributes"),
        same=("DeduplicationScope", "FifoThroughputLimit", "KmsMasterKeyId", "Policy"),
        rows={
            "Arn": "QueueArn",
            # What only a FIFO queue has is left out of others.
            "ContentBasedDeduplication": "is(ContentBasedDeduplication || 'false', 'true')",
            "DelaySeconds": "to_number(DelaySeconds)",
            "FifoQueue": "is(FifoQueue || 'false', 'true')",
            "KmsDataKeyReusePeriodSeconds": "to_number(KmsDataKeyReusePeriodSeconds)",
            "MaximumMessageSize": "to_number(MaximumMessageSize)",
            "MessageRetentionPeriod": "to_number(MessageRetentionPeriod)",
            "QueueName": "after(QueueUrl, '/')",
            "QueueUrl": "QueueUrl",
            "ReceiveMessageWaitTimeSeconds": "to_number(ReceiveMessageWaitTimeSeconds)",
            "RedriveAllowPolicy": "parsed(RedriveAllowPolicy)",
            "RedrivePolicy.deadLetterTargetArn": "parsed(RedrivePolicy).deadLetterTargetArn",
            "RedrivePolicy.maxReceiveCount": "to_number(parsed(RedrivePolicy).maxReceiveCount)",
            "SqsManagedSseEnabled": "is(SqsManagedSseEnabled, 'true')",
            "VisibilityTimeout": "to_number(VisibilityTimeout)",
        },
        calls=(Call("ListQueueTags", _QUEUE, same=("Tags",)),),
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
        gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
        holds=frozenset({"AWS::SQS::QueueInlinePolicy", "AWS::SQS::QueuePolicy"}),
        optional=("KmsDataKeyReusePeriodSeconds",),
    ),
)
