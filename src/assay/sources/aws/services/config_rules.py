"""Rules and aggregators of AWS Config."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Config::ConfigRule",
        "config",
        (List("DescribeConfigRules", "ConfigRules"),),
        "ConfigRuleName",
        keep="ConfigRuleState != 'DELETING'",
        same=(
            "ConfigRuleId",
            "ConfigRuleName",
            "Description",
            "EvaluationModes",
            "MaximumExecutionFrequency",
            "Scope",
            "Source",
        ),
        rows={"Arn": "ConfigRuleArn", "InputParameters": "parsed(InputParameters)"},
    ),
    Entry(
        "AWS::Config::ConfigurationAggregator",
        "config",
        (List("DescribeConfigurationAggregators", "ConfigurationAggregators"),),
        "ConfigurationAggregatorName",
        same=(
            "AccountAggregationSources",
            "ConfigurationAggregatorArn",
            "ConfigurationAggregatorName",
            "OrganizationAggregationSource",
        ),
        calls=(Call("ListTagsForResource", {"ResourceArn": "ConfigurationAggregatorArn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
)
