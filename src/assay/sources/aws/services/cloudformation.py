"""AWS CloudFormation."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, objects


def _parameters(stack: Any) -> Properties:
    """Return the parameters; those that a template hides are hidden in the answer too."""
    given = objects(stack.get("Parameters"))
    return {"Parameters": {each["ParameterKey"]: each.get("ParameterValue") or "" for each in given}}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::CloudFormation::Stack",
        "cloudformation",
        (List("DescribeStacks", "Stacks"),),
        "StackId",
        keep="StackStatus != 'DELETE_COMPLETE'",
        same=("NotificationARNs", "StackId", "Tags", "TimeoutInMinutes"),
        derive=_parameters,
        derived=("Parameters",),
        optional=("TimeoutInMinutes",),
    ),
    Entry(
        "AWS::CloudFormation::StackSet",
        "cloudformation",
        (List("ListStackSets", "Summaries", {"Status": "'ACTIVE'"}),),
        "StackSetId",
        describe=Call("DescribeStackSet", {"StackSetName": "StackSetName"}, answer="StackSet"),
        same=(
            "AdministrationRoleARN",
            "AutoDeployment",
            "Capabilities",
            "Description",
            "ExecutionRoleName",
            "ManagedExecution",
            "Parameters",
            "PermissionModel",
            "StackSetId",
            "StackSetName",
            "Tags",
        ),
        gone=("StackSetNotFoundException",),
    ),
)
