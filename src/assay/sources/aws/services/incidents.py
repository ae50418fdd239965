"""AWS Systems Manager Incident Manager."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, stated


def _regions(answer: Any) -> Properties:
    """Return the regions, which the service keys by name."""
    regions = answer.get("regionMap") or {}
    return {
        "Regions": [
            {"RegionName": name, "RegionConfiguration": stated(SseKmsKeyId=each.get("sseKmsKeyId"))}
            for name, each in regions.items()
        ]
    }


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SSMIncidents::ReplicationSet",
        "ssm-incidents",
        (List("ListReplicationSets", "replicationSetArns[].{arn: @}"),),
        "arn",
        describe=Call("GetReplicationSet", {"arn": "arn"}, answer="replicationSet"),
        keep="status != 'DELETING'",
        same=("Arn", "DeletionProtected"),
        derive=_regions,
        derived=("Regions",),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::SSMIncidents::ResponsePlan",
        "ssm-incidents",
        (List("ListResponsePlans", "responsePlanSummaries"),),
        "arn",
        describe=Call("GetResponsePlan", {"arn": "arn"}),
        same=("Arn", "ChatChannel", "DisplayName", "Engagements", "Name"),
        rows={
            "Actions": (
                "actions[].{SsmAutomation: ssmAutomation && {DocumentName: ssmAutomation.documentName, "
                "DocumentVersion: ssmAutomation.documentVersion, RoleArn: ssmAutomation.roleArn, "
                "TargetAccount: ssmAutomation.targetAccount}}"
            ),
        },
        gone=("ResourceNotFoundException",),
    ),
)
