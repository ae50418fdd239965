"""Amazon OpenSearch Serverless."""

from assay.sources.aws.entry import Call, Entry, List, Together

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::OpenSearchServerless::Collection",
        "opensearchserverless",
        (List("ListCollections", "collectionSummaries", tokens=("nextToken", "nextToken")),),
        "id",
        describe=Call("BatchGetCollection", together=Together("collectionDetails", ("id", "id"), "ids", 100)),
        same=(
            "Arn",
            "CollectionEndpoint",
            "DashboardEndpoint",
            "Description",
            "Id",
            "KmsKeyArn",
            "Name",
            "StandbyReplicas",
            "Type",
        ),
        calls=(Call("ListTagsForResource", {"resourceArn": "arn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
)
