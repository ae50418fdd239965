"""AWS Organizations: asked once, in the management account."""

from assay.sources.aws.entry import Call, Entry, List, Scope

# An account outside of any organisation has none of these.
_NONE = ("AWSOrganizationsNotInUseException",)

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Organizations::Organization",
        "organizations",
        (List("DescribeOrganization", "[Organization]", absent=_NONE),),
        "Id",
        scope=Scope.ORGANISATION,
        same=("Arn", "FeatureSet", "Id"),
        rows={
            "ManagementAccountArn": "MasterAccountArn",
            "ManagementAccountEmail": "MasterAccountEmail",
            "ManagementAccountId": "MasterAccountId",
        },
        calls=(Call("ListRoots", rows={"RootId": "Roots[0].Id"}),),
    ),
    Entry(
        "AWS::Organizations::Account",
        "organizations",
        (List("ListAccounts", "Accounts", absent=_NONE),),
        "Id",
        scope=Scope.ORGANISATION,
        same=("Arn", "Email", "JoinedMethod", "JoinedTimestamp", "State", "Status"),
        rows={"AccountId": "Id", "AccountName": "Name"},
        calls=(
            Call("ListParents", {"ChildId": "Id"}, rows={"ParentIds": "Parents[].Id"}),
            Call("ListTagsForResource", {"ResourceId": "Id"}, same=("Tags",)),
        ),
    ),
    Entry(
        "AWS::Organizations::Policy",
        "organizations",
        (
            List("ListRoots", "Roots[].PolicyTypes[?Status == 'ENABLED'][]", absent=_NONE),
            List("ListPolicies", "Policies", {"Filter": "Type"}),
        ),
        "Id",
        scope=Scope.ORGANISATION,
        same=("Arn", "AwsManaged", "Description", "Id", "Name", "Type"),
        calls=(
            Call("DescribePolicy", {"PolicyId": "Id"}, rows={"Content": "parsed(Policy.Content)"}),
            Call("ListTargetsForPolicy", {"PolicyId": "Id"}, rows={"TargetIds": "Targets[].TargetId"}),
            Call(
                "ListTagsForResource",
                {"ResourceId": "Id"},
                when="!AwsManaged",
                otherwise={},
                same=("Tags",),
            ),
        ),
        gone=("PolicyNotFoundException",),
    ),
    Entry(
        "AWS::Organizations::ResourcePolicy",
        "organizations",
        (
            List(
                "DescribeResourcePolicy",
                "[ResourcePolicy]",
                absent=(*_NONE, "ResourcePolicyNotFoundException"),
            ),
        ),
        "ResourcePolicySummary.Id",
        scope=Scope.ORGANISATION,
        same=("Content",),
        rows={"Id": "ResourcePolicySummary.Id", "Arn": "ResourcePolicySummary.Arn"},
        calls=(Call("ListTagsForResource", {"ResourceId": "ResourcePolicySummary.Id"}, same=("Tags",)),),
    ),
)
