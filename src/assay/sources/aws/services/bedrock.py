"""Guardrails of Amazon Bedrock."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Bedrock::Guardrail",
        "bedrock",
        (List("ListGuardrails", "guardrails"),),
        "arn",
        describe=Call("GetGuardrail", {"guardrailIdentifier": "id"}),
        keep="status != 'DELETING'",
        same=(
            "BlockedInputMessaging",
            "BlockedOutputsMessaging",
            "CreatedAt",
            "Description",
            "FailureRecommendations",
            "GuardrailArn",
            "GuardrailId",
            "KmsKeyArn",
            "Name",
            "Status",
            "StatusReasons",
            "UpdatedAt",
            "Version",
        ),
        rows={
            "ContentPolicyConfig.FiltersConfig": "contentPolicy.filters",
            "ContextualGroundingPolicyConfig.FiltersConfig": "contextualGroundingPolicy.filters",
            "SensitiveInformationPolicyConfig.PiiEntitiesConfig": "sensitiveInformationPolicy.piiEntities",
            "SensitiveInformationPolicyConfig.RegexesConfig": "sensitiveInformationPolicy.regexes",
            "TopicPolicyConfig.TopicsConfig": "topicPolicy.topics",
            "WordPolicyConfig.WordsConfig": "wordPolicy.words",
            "WordPolicyConfig.ManagedWordListsConfig": "wordPolicy.managedWordLists",
        },
        calls=(Call("ListTagsForResource", {"resourceARN": "guardrailArn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
)
