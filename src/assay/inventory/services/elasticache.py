"""Amazon ElastiCache, Amazon MemoryDB and their users."""

from assay.inventory.tables import ResourceTable, Undocumented

_UPGRADES = Undocumented("the engine and its version")

TABLE: tuple[ResourceTable, ...] = (
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    ResourceTable(
        "AWS::ElastiCache::ReplicationGroup",
        defaults={
            "AutoMinorVersionUpgrade": _UPGRADES,
            "Engine": "redis",
            "EngineVersion": Undocumented("the day of creation"),
        },
        names=("ReplicationGroupId",),
    ),
    ResourceTable(
        "AWS::ElastiCache::CacheCluster",
        defaults={
            "AutoMinorVersionUpgrade": _UPGRADES,
            "AZMode": "single-az",
            "EngineVersion": Undocumented("the day of creation"),
        },
        names=("ClusterName",),
    ),
    # https://docs.aws.amazon.com/memorydb/latest/APIReference/API_CreateCluster.html
    ResourceTable(
        "AWS::MemoryDB::Cluster",
        defaults={
            "TLSEnabled": Undocumented("the service's choice, which the API does not state"),
            "AutoMinorVersionUpgrade": Undocumented("the service's choice, which the API does not state"),
            "NumReplicasPerShard": 1,
        },
        names=("ClusterName",),
    ),
)
