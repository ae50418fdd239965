"""What Amazon RDS, Amazon DocumentDB and Amazon Neptune answer alike."""

from typing import Any

from assay.sources.aws.entry import Call, Properties, objects

WRITES_HERE = (
    "!(GlobalClusterMembers[?IsWriter] | [0]) || "
    "contains((GlobalClusterMembers[?IsWriter] | [0]).DBClusterArn, join('', [':rds:', region(), ':']))"
)
"""`keep` of a global cluster: every region of it is told of it, and it is one resource."""


def _parameters(answer: Any) -> Properties:
    set_ones = (each for each in objects(answer.get("Parameters")) if each.get("ParameterValue") is not None)
    return {"Parameters": {each["ParameterName"]: each["ParameterValue"] for each in set_ones}}


def parameters(operation: str, group: str) -> Call:
    """Return the call for the parameters that somebody set; these are what a template states.

    group  The argument that takes the group's name, and the name of its member.
    """
    return Call(operation, {group: group, "Source": "'user'"}, derive=_parameters, derived=("Parameters",))


def tags(arn: str) -> Call:
    """Return the call for the tags of a resource, by the member that holds its ARN."""
    return Call("ListTagsForResource", {"ResourceName": arn}, rows={"Tags": "TagList"})
