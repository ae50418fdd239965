"""Amazon SNS."""

from assay.sources.aws.entry import Call, Entry, List

_TOPIC = {"TopicArn": "TopicArn"}

# Which member of the attributes begins with which word, by the protocol that CloudFormation names.
# https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
_PROTOCOLS = {
    "application": "Application",
    "firehose": "Firehose",
    "http/s": "HTTP",
    "lambda": "Lambda",
    "sqs": "SQS",
}


def _logged(protocol: str, word: str) -> str:
    return (
        f"{{Protocol: '{protocol}', FailureFeedbackRoleArn: {word}FailureFeedbackRoleArn, "
        f"SuccessFeedbackRoleArn: {word}SuccessFeedbackRoleArn, "
        f"SuccessFeedbackSampleRate: {word}SuccessFeedbackSampleRate}}"
    )


_LOGGING = (
    f"[{', '.join(_logged(*each) for each in _PROTOCOLS.items())}][?FailureFeedbackRoleArn || SuccessFeedbackRoleArn]"
)

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SNS::Topic",
        "sns",
        (List("ListTopics", "Topics"),),
        "TopicArn",
        describe=Call("GetTopicAttributes", _TOPIC, answer="Attributes"),
        rows={
            "ArchivePolicy": "parsed(ArchivePolicy)",
            # What only a FIFO topic has is left out of others.
            "ContentBasedDeduplication": "is(ContentBasedDeduplication || 'false', 'true')",
            "DeliveryStatusLogging": _LOGGING,
            "DisplayName": "DisplayName",
            "FifoThroughputScope": "FifoThroughputScope",
            "FifoTopic": "is(FifoTopic || 'false', 'true')",
            "KmsMasterKeyId": "KmsMasterKeyId",
            "Policy": "Policy",
            # Left out, they are what they are by default.
            # https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
            "SignatureVersion": "SignatureVersion || '1'",
            "TopicArn": "TopicArn",
            "TopicName": "after(TopicArn, ':')",
            "TracingConfig": "TracingConfig || 'PassThrough'",
        },
        calls=(
            Call(
                "ListSubscriptionsByTopic",
                _TOPIC,
                rows={"Subscription": "Subscriptions[].{Endpoint: Endpoint, Protocol: Protocol}"},
            ),
            Call("ListTagsForResource", {"ResourceArn": "TopicArn"}, same=("Tags",)),
        ),
        gone=("NotFound", "ResourceNotFound"),
        holds=frozenset({"AWS::SNS::TopicInlinePolicy", "AWS::SNS::TopicPolicy"}),
    ),
    Entry(
        "AWS::SNS::Subscription",
        "sns",
        # One that nobody has confirmed has no ARN yet, and sends nothing.
        (List("ListSubscriptions", "Subscriptions[?starts_with(SubscriptionArn, 'arn:')]"),),
        "SubscriptionArn",
        describe=Call("GetSubscriptionAttributes", {"SubscriptionArn": "SubscriptionArn"}, answer="Attributes"),
        same=("Endpoint", "Protocol", "TopicArn"),
        rows={
            "Arn": "SubscriptionArn",
            "DeliveryPolicy": "parsed(DeliveryPolicy)",
            "FilterPolicy": "parsed(FilterPolicy)",
            "FilterPolicyScope": "FilterPolicyScope",
            "RawMessageDelivery": "is(RawMessageDelivery, 'true')",
            "RedrivePolicy.deadLetterTargetArn": "parsed(RedrivePolicy).deadLetterTargetArn",
            "ReplayPolicy": "parsed(ReplayPolicy)",
            "SubscriptionRoleArn": "SubscriptionRoleArn",
        },
        gone=("NotFound",),
        never=("RedrivePolicy.maxReceiveCount",),  # how often SNS itself tries is not set
    ),
)
