"""AWS Identity and Access Management. One call gives all roles, users, groups or policies with their parts."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, Scope, Together, nothing, objects

_BOUNDARY = "PermissionsBoundary.PermissionsBoundaryArn"
_ATTACHED = "AttachedManagedPolicies[].PolicyArn"
_INLINE = "{PolicyName: PolicyName, PolicyDocument: PolicyDocument}"
# In an account, a policy of AWS::IAM::Policy is an inline policy of each owner.
_HOLDS = {each: frozenset({"AWS::IAM::Policy", f"AWS::IAM::{each}Policy"}) for each in ("Role", "User", "Group")}


def _details(kind: str, items: str) -> tuple[List, ...]:
    return (List("GetAccountAuthorizationDetails", items, {"Filter": f'`["{kind}"]`'}),)


def _default_version(policy: Any) -> Properties:
    versions = objects(policy.get("PolicyVersionList"))
    return {"PolicyDocument": next((each.get("Document") for each in versions if each.get("IsDefaultVersion")), None)}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::IAM::Role",
        "iam",
        _details("Role", "RoleDetailList"),
        "RoleName",
        scope=Scope.GLOBAL,
        # Roles of services, which AWS makes and nobody else can change, are no customer's roles.
        keep="!starts_with(Path, '/aws-service-role/')",
        same=("Arn", "AssumeRolePolicyDocument", "Path", "RoleId", "RoleName", "Tags"),
        rows={
            "ManagedPolicyArns": _ATTACHED,
            "PermissionsBoundary": _BOUNDARY,
            "Policies": f"RolePolicyList[].{_INLINE}",
        },
        calls=(
            Call("ListRoles", together=Together("Roles", ("Arn", "Arn")), same=("Description", "MaxSessionDuration")),
        ),
        holds=_HOLDS["Role"],
    ),
    Entry(
        "AWS::IAM::User",
        "iam",
        _details("User", "UserDetailList"),
        "UserName",
        scope=Scope.GLOBAL,
        same=("Arn", "Path", "Tags", "UserName"),
        rows={
            "Groups": "GroupList",
            "ManagedPolicyArns": _ATTACHED,
            "PermissionsBoundary": _BOUNDARY,
            "Policies": f"UserPolicyList[].{_INLINE}",
        },
        calls=(
            Call(
                "GetLoginProfile",
                {"UserName": "UserName"},
                # There is a password, whether or not the answer says that it must be changed.
                rows={"LoginProfile": "LoginProfile.{PasswordResetRequired: PasswordResetRequired}"},
                absent=nothing("NoSuchEntity"),
            ),
        ),
        holds=_HOLDS["User"],
    ),
    Entry(
        "AWS::IAM::Group",
        "iam",
        _details("Group", "GroupDetailList"),
        "GroupName",
        scope=Scope.GLOBAL,
        same=("Arn", "GroupName", "Path"),
        rows={"ManagedPolicyArns": _ATTACHED, "Policies": f"GroupPolicyList[].{_INLINE}"},
        holds=_HOLDS["Group"],
    ),
    Entry(
        "AWS::IAM::ManagedPolicy",
        "iam",
        _details("LocalManagedPolicy", "Policies"),
        "Arn",
        scope=Scope.GLOBAL,
        same=("AttachmentCount", "CreateDate", "Description", "IsAttachable", "Path", "PolicyId", "UpdateDate"),
        rows={"ManagedPolicyName": "PolicyName", "PolicyArn": "Arn"},
        derive=_default_version,
        derived=("PolicyDocument",),
        calls=(
            Call(
                "ListEntitiesForPolicy",
                {"PolicyArn": "Arn"},
                when="AttachmentCount > `0`",
                otherwise={"Roles": [], "Users": [], "Groups": []},
                rows={
                    "Roles": "PolicyRoles[].RoleName",
                    "Users": "PolicyUsers[].UserName",
                    "Groups": "PolicyGroups[].GroupName",
                },
            ),
        ),
        gone=("NoSuchEntity",),
    ),
    Entry(
        "AWS::IAM::AccessKey",
        "iam",
        (
            List("ListUsers", "Users"),
            List("ListAccessKeys", "AccessKeyMetadata", {"UserName": "UserName"}, absent=("NoSuchEntity",)),
        ),
        "AccessKeyId",
        scope=Scope.GLOBAL,
        same=("Status", "UserName"),
        rows={"Id": "AccessKeyId"},
    ),
)
