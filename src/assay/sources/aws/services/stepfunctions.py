"""AWS Step Functions."""

from assay.sources.aws.entry import Call, Entry, List

_MACHINE = {"stateMachineArn": "stateMachineArn"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::StepFunctions::StateMachine",
        "stepfunctions",
        (List("ListStateMachines", "stateMachines"),),
        "stateMachineArn",
        describe=Call("DescribeStateMachine", _MACHINE),
        same=("EncryptionConfiguration", "LoggingConfiguration", "Name", "RoleArn", "TracingConfiguration"),
        rows={
            "Arn": "stateMachineArn",
            "DefinitionString": "definition",
            "StateMachineName": "name",
            "StateMachineRevisionId": "revisionId",
            "StateMachineType": "type",
        },
        calls=(Call("ListTagsForResource", {"resourceArn": "stateMachineArn"}, same=("Tags",)),),
        gone=("ResourceNotFound", "StateMachineDoesNotExist"),
    ),
)
