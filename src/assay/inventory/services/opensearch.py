"""Amazon OpenSearch Service, its Elasticsearch predecessor, and OpenSearch Serverless."""

from assay.inventory.tables import ResourceTable, Undocumented

_POLICY = Undocumented("the day of creation")

TABLE: tuple[ResourceTable, ...] = (
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-opensearchservice-domain.html
    ResourceTable(
        "AWS::OpenSearchService::Domain",
        defaults={"DomainEndpointOptions.TLSSecurityPolicy": _POLICY, "ClusterConfig.InstanceCount": 1},
        names=("DomainName",),
    ),
    ResourceTable(
        "AWS::Elasticsearch::Domain",
        defaults={"DomainEndpointOptions.TLSSecurityPolicy": _POLICY, "ElasticsearchClusterConfig.InstanceCount": 1},
        names=("DomainName",),
    ),
)
