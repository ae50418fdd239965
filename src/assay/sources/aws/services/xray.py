"""AWS X-Ray."""

from assay.sources.aws.entry import Call, Entry, List


def _tags(arn: str) -> Call:
    return Call("ListTagsForResource", {"ResourceARN": arn}, same=("Tags",))


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::XRay::Group",
        "xray",
        (List("GetGroups", "Groups"),),
        "GroupARN",
        same=("FilterExpression", "GroupARN", "GroupName", "InsightsConfiguration"),
        calls=(_tags("GroupARN"),),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::XRay::SamplingRule",
        "xray",
        (List("GetSamplingRules", "SamplingRuleRecords[].SamplingRule"),),
        "RuleARN",
        same=("RuleARN", "RuleName"),
        rows={"SamplingRule": "@"},
        calls=(_tags("RuleARN"),),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::XRay::ResourcePolicy",
        "xray",
        (List("ListResourcePolicies", "ResourcePolicies"),),
        "PolicyName",
        same=("PolicyDocument", "PolicyName"),
    ),
)
