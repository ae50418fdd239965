"""AWS Database Migration Service."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::DMS::ReplicationInstance",
        # https://docs.aws.amazon.com/dms/latest/APIReference/API_CreateReplicationInstance.html
        defaults={"PubliclyAccessible": True, "AutoMinorVersionUpgrade": True},
        names=("ReplicationInstanceIdentifier",),
    ),
    # https://docs.aws.amazon.com/dms/latest/APIReference/API_CreateEndpoint.html
    # https://docs.aws.amazon.com/dms/latest/APIReference/API_MongoDbSettings.html
    # https://docs.aws.amazon.com/dms/latest/APIReference/API_RedisSettings.html
    ResourceTable(
        "AWS::DMS::Endpoint",
        defaults={
            "SslMode": "none",
            "MongoDbSettings.AuthType": "password",
            "RedisSettings.SslSecurityProtocol": "ssl-encryption",
        },
        names=("EndpointIdentifier",),
    ),
)
