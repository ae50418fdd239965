"""AWS Identity and Access Management, and IAM Roles Anywhere."""

from assay.inventory.schema import Kind, Type, list_of
from assay.inventory.tables import Fold, ResourceTable


def _policies(owner: str, key: str, single: str) -> tuple[Fold, ...]:
    """Return the three ways to attach a policy apart from its owner.

    A policy of one owner is one of its inline policies, and judged as such even when the owner is declared elsewhere.
    Policies that may have several owners are judged where they are stated; the owner knows them by other names, so
    that nothing is judged twice.
    """
    inline = list_of(Type(Kind.OBJECT, name=f"AWS::IAM::{owner}/#Policy"))
    managed = list_of(Type(Kind.OBJECT, name="AWS::IAM::ManagedPolicy"))
    return (
        Fold(f"AWS::IAM::{owner}Policy", key=single, into="Policies"),
        Fold("AWS::IAM::Policy", key=key, into="AttachedPolicies", type=inline, fragments=False),
        Fold("AWS::IAM::ManagedPolicy", key=key, into="CustomerPolicies", type=managed, fragments=False),
    )


TABLE = (
    ResourceTable(
        "AWS::IAM::Role",
        defaults={"MaxSessionDuration": 3600, "Path": "/"},
        names=("RoleName",),
        folds=_policies("Role", "Roles", "RoleName"),
    ),
    ResourceTable("AWS::IAM::User", names=("UserName",), folds=_policies("User", "Users", "UserName")),
    ResourceTable("AWS::IAM::Group", names=("GroupName",), folds=_policies("Group", "Groups", "GroupName")),
    ResourceTable("AWS::IAM::ManagedPolicy", names=("ManagedPolicyName",)),
    # A new key is active. https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
    ResourceTable("AWS::IAM::AccessKey", defaults={"Status": "Active"}),
    ResourceTable("AWS::IAM::SAMLProvider", names=("Name",)),
    ResourceTable("AWS::IAM::InstanceProfile", names=("InstanceProfileName",)),
    # https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateProfile.html
    ResourceTable("AWS::RolesAnywhere::Profile", defaults={"DurationSeconds": 3600}, names=("Name",)),
)
