"""Permission sets of IAM Identity Center, in the account and region that its instance is in."""

from assay.sources.aws.entry import Call, Entry, List, nothing

_SET = {"InstanceArn": "InstanceArn", "PermissionSetArn": "PermissionSetArn"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SSO::PermissionSet",
        "sso-admin",
        (
            # Members of an organisation see its instance, and may not read it.
            List("ListInstances", "Instances[?OwnerAccountId == account()]"),
            List(
                "ListPermissionSets",
                "PermissionSets[].{PermissionSetArn: @}",
                {"InstanceArn": "InstanceArn"},
                carry={"InstanceArn": "InstanceArn"},
            ),
        ),
        "join('|', [InstanceArn, PermissionSetArn])",
        describe=Call("DescribePermissionSet", _SET, answer="PermissionSet"),
        same=("Description", "InstanceArn", "Name", "PermissionSetArn", "SessionDuration"),
        rows={"RelayStateType": "RelayState"},
        calls=(
            # An empty text where there is none.
            Call("GetInlinePolicyForPermissionSet", _SET, same=("InlinePolicy",)),
            Call("ListManagedPoliciesInPermissionSet", _SET, rows={"ManagedPolicies": "AttachedManagedPolicies[].Arn"}),
            Call(
                "ListCustomerManagedPolicyReferencesInPermissionSet",
                _SET,
                rows={"CustomerManagedPolicyReferences": "CustomerManagedPolicyReferences"},
            ),
            Call(
                "GetPermissionsBoundaryForPermissionSet",
                _SET,
                same=("PermissionsBoundary",),
                absent=nothing("ResourceNotFoundException"),
            ),
        ),
        gone=("ResourceNotFoundException",),
    ),
)
