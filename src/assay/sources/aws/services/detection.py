"""What watches over accounts: Macie, Inspector, Security Hub, Detective, IAM Access Analyzer."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, objects, stated

# "Account … is not subscribed to AWS Security Hub".
# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html
_NO_HUB = ("InvalidAccessException: Account", "ResourceNotFoundException")
_NO_MACIE = ("AccessDeniedException: Macie is not enabled",)
_WORDS = ("Contains", "Eq", "Exists", "Neq")


def _archive_rules(answer: Any) -> Properties:
    """Return the rules; each criterion of a filter names the property that it is about."""
    return {
        "ArchiveRules": [
            {
                "RuleName": rule.get("ruleName"),
                "Filter": [
                    {"Property": name, **stated(**{word: criterion.get(word.lower()) for word in _WORDS})}
                    for name, criterion in (rule.get("filter") or {}).items()
                ],
            }
            for rule in objects(answer.get("archiveRules"))
        ]
    }


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Macie::Session",
        "macie2",
        (List("GetMacieSession", "[@]", absent=_NO_MACIE),),
        "account()",
        same=("FindingPublishingFrequency", "ServiceRole", "Status"),
        rows={"AwsAccountId": "account()"},
    ),
    Entry(
        "AWS::InspectorV2::Filter",
        "inspector2",
        (List("ListFilters", "filters"),),
        "arn",
        same=("Arn", "Description", "Name", "Tags"),
        rows={"FilterAction": "action"},
    ),
    Entry(
        "AWS::SecurityHub::Hub",
        "securityhub",
        (List("DescribeHub", "[@]", absent=_NO_HUB),),
        "HubArn",
        same=("AutoEnableControls", "ControlFindingGenerator", "SubscribedAt"),
        rows={"ARN": "HubArn"},
        calls=(Call("ListTagsForResource", {"ResourceArn": "HubArn"}, same=("Tags",)),),
    ),
    Entry(
        "AWS::SecurityHub::Standard",
        "securityhub",
        (List("GetEnabledStandards", "StandardsSubscriptions", absent=_NO_HUB),),
        "StandardsSubscriptionArn",
        same=("StandardsArn", "StandardsSubscriptionArn"),
        calls=(
            Call(
                "DescribeStandardsControls",
                {"StandardsSubscriptionArn": "StandardsSubscriptionArn"},
                rows={
                    "DisabledStandardsControls": (
                        "Controls[?ControlStatus == 'DISABLED']."
                        "{StandardsControlArn: StandardsControlArn, Reason: DisabledReason}"
                    ),
                },
            ),
        ),
    ),
    Entry(
        "AWS::SecurityHub::FindingAggregator",
        "securityhub",
        (List("ListFindingAggregators", "FindingAggregators", absent=_NO_HUB),),
        "FindingAggregatorArn",
        describe=Call("GetFindingAggregator", {"FindingAggregatorArn": "FindingAggregatorArn"}),
        # The regions that it reads from are told of it too.
        keep="is(FindingAggregationRegion, region())",
        same=("FindingAggregationRegion", "FindingAggregatorArn", "RegionLinkingMode", "Regions"),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Detective::Graph",
        "detective",
        (List("ListGraphs", "GraphList", tokens=("NextToken", "NextToken")),),
        "Arn",
        same=("Arn",),
        calls=(
            Call("DescribeOrganizationConfiguration", {"GraphArn": "Arn"}, rows={"AutoEnableMembers": "AutoEnable"}),
            Call("ListTagsForResource", {"ResourceArn": "Arn"}, same=("Tags",)),
        ),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::AccessAnalyzer::Analyzer",
        "accessanalyzer",
        (List("ListAnalyzers", "analyzers"),),
        "arn",
        same=("Arn", "Tags", "Type"),
        rows={
            "AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge": (
                "configuration.unusedAccess.unusedAccessAge"
            ),
            "AnalyzerConfiguration.UnusedAccessConfiguration.AnalysisRule": "configuration.unusedAccess.analysisRule",
            "AnalyzerConfiguration.InternalAccessConfiguration.InternalAccessAnalysisRule": (
                "configuration.internalAccess.analysisRule"
            ),
            "AnalyzerName": "name",
        },
        calls=(
            Call(
                "ListArchiveRules",
                {"analyzerName": "name"},
                derive=_archive_rules,
                derived=("ArchiveRules",),
            ),
        ),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Macie::FindingsFilter",
        "macie2",
        (List("ListFindingsFilters", "findingsFilterListItems", absent=_NO_MACIE),),
        "id",
        describe=Call("GetFindingsFilter", {"id": "id"}),
        same=("Action", "Arn", "Description", "Id", "Name", "Position", "Tags"),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::GuardDuty::Filter",
        "guardduty",
        (
            List("ListDetectors", "DetectorIds[].{DetectorId: @}"),
            List(
                "ListFilters",
                "FilterNames[].{Name: @}",
                {"DetectorId": "DetectorId"},
                carry={"DetectorId": "DetectorId"},
            ),
        ),
        "join('|', [DetectorId, Name])",
        describe=Call("GetFilter", {"DetectorId": "DetectorId", "FilterName": "Name"}),
        same=("Action", "Description", "DetectorId", "Name", "Rank", "Tags"),
    ),
)
