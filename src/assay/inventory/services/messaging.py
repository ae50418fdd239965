"""Amazon SNS, Amazon SQS, Amazon MQ, Amazon EventBridge, Amazon Connect, AWS DataSync."""

from assay.inventory.schema import ANY, INTEGER, POLICY, STRING, map_of, object_of
from assay.inventory.tables import Fold, ResourceTable, Undocumented

# Both take the JSON object; text with JSON in it is refused by CloudFormation.
_REDRIVE = object_of(deadLetterTargetArn=STRING, maxReceiveCount=INTEGER)

TABLE = (
    ResourceTable(
        "AWS::SNS::Topic",
        defaults={
            # https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
            "SignatureVersion": "1",
            # https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
            "TracingConfig": "PassThrough",
        },
        names=("TopicName",),
        folds=(
            Fold("AWS::SNS::TopicPolicy", key="Topics", into="Policy", take="PolicyDocument", many=False, type=POLICY),
            Fold(
                "AWS::SNS::TopicInlinePolicy",
                key="TopicArn",
                into="Policy",
                take="PolicyDocument",
                many=False,
                type=POLICY,
            ),
        ),
    ),
    ResourceTable("AWS::SNS::Subscription", types={"RedrivePolicy": _REDRIVE}),
    ResourceTable(
        "AWS::SQS::Queue",
        # A queue that names no key is encrypted with keys of Amazon SQS.
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sqs-sse-queue.html
        defaults={"SqsManagedSseEnabled": True},
        names=("QueueName",),
        types={"RedrivePolicy": _REDRIVE},
        folds=(
            Fold("AWS::SQS::QueuePolicy", key="Queues", into="Policy", take="PolicyDocument", many=False, type=POLICY),
            Fold(
                "AWS::SQS::QueueInlinePolicy",
                key="Queue",
                into="Policy",
                take="PolicyDocument",
                many=False,
                type=POLICY,
            ),
        ),
    ),
    ResourceTable(
        "AWS::AmazonMQ::Broker",
        # https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html
        defaults={
            "AuthenticationStrategy": "SIMPLE",
            "EncryptionOptions.UseAwsOwnedKey": True,
            "DeploymentMode": "SINGLE_INSTANCE",
        },
        names=("BrokerName",),
    ),
    ResourceTable(
        "AWS::Events::EventBus",
        names=("Name",),
        # Statements of a bus that is declared elsewhere (the default bus) are judged where they are written.
        folds=(Fold("AWS::Events::EventBusPolicy", key="EventBusName", into="Policies", fragments=False),),
    ),
    ResourceTable(
        "AWS::Events::Rule",
        defaults={"State": "ENABLED", "EventBusName": "default"},
        types={"EventPattern": map_of(ANY)},  # a JSON object, or the text of one
    ),
    ResourceTable(
        "AWS::Events::Endpoint",
        # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ReplicationConfig.html
        defaults={"ReplicationConfig.State": "ENABLED"},
    ),
    # https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateInstance.html: a default is not said.
    ResourceTable(
        "AWS::Connect::Instance",
        defaults={"Attributes.ContactflowLogs": Undocumented("how Amazon Connect sets up an instance")},
    ),
    ResourceTable(
        "AWS::DataSync::Task",
        # https://docs.aws.amazon.com/datasync/latest/userguide/API_CreateTask.html
        # Every option has a default (API_Options.html); of LogLevel it is not said which.
        defaults={"TaskMode": "BASIC", "Options.LogLevel": Undocumented("how DataSync sets up a task")},
    ),
)
