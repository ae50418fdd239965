"""Amazon OpenSearch Service. Domains that run Elasticsearch are of the older type, and told by the older calls."""

from assay.sources.aws.entry import Call, Entry, List, Together

_SHARED = (
    "AccessPolicies",
    "AdvancedOptions",
    "AdvancedSecurityOptions",
    "Arn",
    "CognitoOptions",
    "DomainEndpointOptions",
    "DomainName",
    "EBSOptions",
    "EncryptionAtRestOptions",
    "LogPublishingOptions",
    "NodeToNodeEncryptionOptions",
    "SnapshotOptions",
    "VPCOptions",
)
_ROWS = {"DomainArn": "ARN", "DomainEndpoint": "Endpoint"}
_TAGS = Call("ListTags", {"ARN": "ARN"}, rows={"Tags": "TagList"})


def _domains(engine: str) -> tuple[List, ...]:
    return (List("ListDomainNames", "DomainNames", {"EngineType": f"'{engine}'"}),)


def _described(operation: str) -> Call:
    return Call(operation, together=Together("DomainStatusList", ("DomainName", "DomainName"), "DomainNames", 5))


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::OpenSearchService::Domain",
        "opensearch",
        _domains("OpenSearch"),
        "DomainName",
        describe=_described("DescribeDomains"),
        keep="!Deleted",
        same=(
            *_SHARED,
            "AIMLOptions",
            "AutomatedSnapshotPauseOptions",
            "ClusterConfig",
            "DeploymentStrategyOptions",
            "EngineMode",
            "EngineVersion",
            "IdentityCenterOptions",
            "IPAddressType",
            "OffPeakWindowOptions",
            "ServiceSoftwareOptions",
            "SoftwareUpdateOptions",
            "UseCase",
        ),
        rows={**_ROWS, "Id": "DomainId", "DomainEndpoints": "Endpoints", "DomainEndpointV2": "EndpointV2"},
        calls=(_TAGS,),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Elasticsearch::Domain",
        "es",
        _domains("Elasticsearch"),
        "DomainName",
        describe=_described("DescribeElasticsearchDomains"),
        keep="!Deleted",
        same=(*_SHARED, "ElasticsearchClusterConfig", "ElasticsearchVersion"),
        rows={**_ROWS, "Id": "DomainName"},  # as CloudFormation refers to it
        calls=(_TAGS,),
        gone=("ResourceNotFoundException",),
    ),
)
