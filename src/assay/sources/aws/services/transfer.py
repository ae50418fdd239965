"""AWS Transfer Family and AWS Database Migration Service."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties

_SETTINGS = (
    "DocDbSettings",
    "DynamoDbSettings",
    "ElasticsearchSettings",
    "GcpMySQLSettings",
    "IbmDb2Settings",
    "KafkaSettings",
    "KinesisSettings",
    "MicrosoftSqlServerSettings",
    "MongoDbSettings",
    "MySqlSettings",
    "NeptuneSettings",
    "OracleSettings",
    "PostgreSqlSettings",
    "RedisSettings",
    "RedshiftSettings",
    "S3Settings",
    "SybaseSettings",
)


def _settings(endpoint: Any) -> Properties:
    """Return what is set for each kind of engine, without passwords."""
    stated = {name.casefold(): each for name, each in endpoint.items() if isinstance(each, dict)}
    found: Properties = {}
    for name in _SETTINGS:
        if (given := stated.get(name.casefold())) is not None:
            found[name] = {key: each for key, each in given.items() if "Password" not in key}
    return found


def _tags(arn: str) -> Call:
    return Call("ListTagsForResource", {"ResourceArn": arn}, rows={"Tags": "TagList"})


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Transfer::Server",
        "transfer",
        (List("ListServers", "Servers"),),
        "Arn",
        describe=Call("DescribeServer", {"ServerId": "ServerId"}, answer="Server"),
        same=(
            "Arn",
            "As2ServiceManagedEgressIpAddresses",
            "Certificate",
            "Domain",
            "EndpointDetails",
            "EndpointType",
            "IdentityProviderDetails",
            "IdentityProviderType",
            "IpAddressType",
            "LoggingRole",
            "PostAuthenticationLoginBanner",
            "PreAuthenticationLoginBanner",
            "ProtocolDetails",
            "Protocols",
            "S3StorageOptions",
            "SecurityPolicyName",
            "ServerId",
            "State",
            "StructuredLogDestinations",
            "Tags",
            "WorkflowDetails",
        ),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::DMS::ReplicationInstance",
        "dms",
        (List("DescribeReplicationInstances", "ReplicationInstances"),),
        "ReplicationInstanceArn",
        same=(
            "AllocatedStorage",
            "AutoMinorVersionUpgrade",
            "AvailabilityZone",
            "DnsNameServers",
            "EngineVersion",
            "KmsKeyId",
            "MultiAZ",
            "NetworkType",
            "PreferredMaintenanceWindow",
            "PubliclyAccessible",
            "ReplicationInstanceClass",
            "ReplicationInstanceIdentifier",
        ),
        rows={
            "Id": "ReplicationInstanceArn",
            "ReplicationSubnetGroupIdentifier": "ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier",
            "VpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
        },
        calls=(_tags("ReplicationInstanceArn"),),
        gone=("ResourceNotFoundFault",),
    ),
    Entry(
        "AWS::DMS::Endpoint",
        "dms",
        (List("DescribeEndpoints", "Endpoints"),),
        "EndpointArn",
        same=(
            "EndpointArn",
            "CertificateArn",
            "DatabaseName",
            "EndpointIdentifier",
            "EndpointType",
            "EngineName",
            "ExternalId",
            "ExtraConnectionAttributes",
            "KmsKeyId",
            "Port",
            "ServerName",
            "SslMode",
            "Username",
        ),
        derive=_settings,
        derived=_SETTINGS,
        calls=(_tags("EndpointArn"),),
        gone=("ResourceNotFoundFault",),
        optional=("Port",),
    ),
    Entry(
        "AWS::DMS::ReplicationTask",
        "dms",
        (List("DescribeReplicationTasks", "ReplicationTasks"),),
        "ReplicationTaskArn",
        same=(
            "ReplicationTaskArn",
            "CdcStartPosition",
            "CdcStopPosition",
            "MigrationType",
            "ReplicationInstanceArn",
            "ReplicationTaskIdentifier",
            "ReplicationTaskSettings",
            "SourceEndpointArn",
            "TableMappings",
            "TargetEndpointArn",
            "TaskData",
        ),
        calls=(_tags("ReplicationTaskArn"),),
        gone=("ResourceNotFoundFault",),
    ),
    Entry(
        "AWS::Transfer::Connector",
        "transfer",
        (List("ListConnectors", "Connectors"),),
        "ConnectorId",
        describe=Call("DescribeConnector", {"ConnectorId": "ConnectorId"}, answer="Connector"),
        same=(
            "AccessRole",
            "Arn",
            "As2Config",
            "ConnectorId",
            "EgressType",
            "IpAddressType",
            "LoggingRole",
            "SecurityPolicyName",
            "ServiceManagedEgressIpAddresses",
            "SftpConfig",
            "Status",
            "Tags",
            "Url",
        ),
        gone=("ResourceNotFoundException",),
    ),
)
