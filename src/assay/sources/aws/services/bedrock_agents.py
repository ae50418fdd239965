"""Agents of Amazon Bedrock."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Bedrock::Agent",
        "bedrock-agent",
        (List("ListAgents", "agentSummaries"),),
        "agentId",
        describe=Call("GetAgent", {"agentId": "agentId"}, answer="agent"),
        keep="agentStatus != 'DELETING'",
        same=(
            "AgentArn",
            "AgentCollaboration",
            "AgentId",
            "AgentName",
            "AgentResourceRoleArn",
            "AgentStatus",
            "AgentVersion",
            "CreatedAt",
            "CustomerEncryptionKeyArn",
            "Description",
            "FailureReasons",
            "FoundationModel",
            "GuardrailConfiguration",
            "IdleSessionTTLInSeconds",
            "Instruction",
            "OrchestrationType",
            "PreparedAt",
            "RecommendedActions",
            "UpdatedAt",
        ),
        calls=(Call("ListTagsForResource", {"resourceArn": "agentArn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
)
