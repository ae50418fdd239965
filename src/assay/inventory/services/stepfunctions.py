"""AWS Step Functions and Amazon EventBridge Scheduler."""

from assay.inventory.tables import ResourceTable

TABLE = (
    ResourceTable(
        "AWS::StepFunctions::StateMachine",
        # https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html and its parts
        defaults={
            "LoggingConfiguration.Level": "OFF",
            "StateMachineType": "STANDARD",
            "EncryptionConfiguration.Type": "AWS_OWNED_KEY",
        },
        names=("StateMachineName",),
    ),
    ResourceTable("AWS::StepFunctions::Activity", defaults={"EncryptionConfiguration.Type": "AWS_OWNED_KEY"}),
    ResourceTable("AWS::Scheduler::Schedule", defaults={"State": "ENABLED"}, names=("Name",)),
)
