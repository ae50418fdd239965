"""AWS Identity and Access Management. Policy documents are URL-encoded, as its API gives them."""

from collections.abc import Mapping
from typing import Any

from assay.inventory.shaping import policy
from assay.inventory.values import Value
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Properties, at, objects, of_each, stated

_HOLDS = frozenset(
    {"AWS::IAM::Policy"}
)  # in an account, a policy of AWS::IAM::Policy is an inline policy of each owner


def _inline(key: str, item: Item) -> list[Value]:
    return of_each(at(item.configuration, key), _policy)


def _policy(each: Mapping[str, Any]) -> Value:
    return stated(PolicyName=each.get("policyName"), PolicyDocument=policy(each.get("policyDocument")))


def _managed(item: Item) -> Properties:
    versions = list(objects(at(item.configuration, "policyVersionList")))
    default = next((each for each in versions if each.get("isDefaultVersion") is True), None)
    return stated(PolicyDocument=policy(at(default, "document")))


_BOUNDARY = "permissionsBoundary.permissionsBoundaryArn"
_ATTACHED = "attachedManagedPolicies.*.policyArn"

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::IAM::Role",
        same=("Arn", "Path", "RoleId", "RoleName"),
        rows={
            "AssumeRolePolicyDocument": "assumeRolePolicyDocument",
            "ManagedPolicyArns": _ATTACHED,
            "PermissionsBoundary": _BOUNDARY,
        },
        maybe={"Description": "description", "MaxSessionDuration": "maxSessionDuration"},
        derive=lambda item: {"Policies": _inline("rolePolicyList", item)},
        derived=("Policies",),
        holds=_HOLDS,
    ),
    Entry(
        "AWS::IAM::User",
        same=("Arn", "Path", "UserName"),
        rows={"Groups": "groupList", "ManagedPolicyArns": _ATTACHED, "PermissionsBoundary": _BOUNDARY},
        derive=lambda item: {"Policies": _inline("userPolicyList", item)},
        derived=("Policies",),
        holds=_HOLDS,
    ),
    Entry(
        "AWS::IAM::Group",
        same=("Arn", "GroupName", "Path"),
        rows={"ManagedPolicyArns": _ATTACHED},
        derive=lambda item: {"Policies": _inline("groupPolicyList", item)},
        derived=("Policies",),
        holds=_HOLDS,
    ),
    Entry(
        "AWS::IAM::Policy",
        kind="AWS::IAM::ManagedPolicy",
        same=("AttachmentCount", "Description", "Path", "PolicyId"),
        rows={"ManagedPolicyName": "policyName", "PolicyArn": "arn"},
        derive=_managed,
        derived=("PolicyDocument",),
    ),
)
