"""Amazon ElastiCache and Amazon MemoryDB."""

from typing import Any

from assay.inventory.values import Cause, Reason, Unknown
from assay.sources.aws.entry import Call, Entry, List, Properties, Together

_GROUP = "AWS::ElastiCache::ReplicationGroup"


def _token(group: Any) -> Properties:
    """Return a token that is there and cannot be read, where clients must state one."""
    if not group.get("AuthTokenEnabled"):
        return {}
    why = Reason(Cause.NOT_COLLECTED, f"{_GROUP} AuthToken", "a token is set, and nobody can read it")
    return {"AuthToken": Unknown(why, present=True)}


def _replicas(cluster: Any) -> Properties:
    """Return how many nodes a shard has beside its primary one."""
    shards = [each for each in cluster.get("Shards") or () if each.get("NumberOfNodes")]
    return {"NumReplicasPerShard": max(each["NumberOfNodes"] for each in shards) - 1} if shards else {}


def _tags(arn: str) -> Call:
    return Call("ListTagsForResource", {"ResourceName": arn}, rows={"Tags": "TagList"})


TABLE: tuple[Entry, ...] = (
    Entry(
        _GROUP,
        "elasticache",
        (List("DescribeReplicationGroups", "ReplicationGroups"),),
        "ReplicationGroupId",
        same=(
            "AtRestEncryptionEnabled",
            "AutoMinorVersionUpgrade",
            "CacheNodeType",
            "ClusterMode",
            "Durability",
            "EffectiveDurability",
            "Engine",
            "IpDiscovery",
            "KmsKeyId",
            "LogDeliveryConfigurations",
            "NetworkType",
            "ReplicationGroupId",
            "SnapshotRetentionLimit",
            "SnapshotWindow",
            "SnapshottingClusterId",
            "TransitEncryptionEnabled",
            "TransitEncryptionMode",
            "UserGroupIds",
        ),
        rows={
            "AutomaticFailoverEnabled": "is(AutomaticFailover, 'enabled', 'enabling')",
            "ConfigurationEndPoint": "ConfigurationEndpoint",
            "DataTieringEnabled": "is(DataTiering, 'enabled')",
            "GlobalReplicationGroupId": "GlobalReplicationGroupInfo.GlobalReplicationGroupId",
            "MultiAZEnabled": "is(MultiAZ, 'enabled')",
            "NumCacheClusters": "length(MemberClusters)",
            "NumNodeGroups": "length(NodeGroups)",
            "Port": "ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port",
            "PrimaryEndPoint": "NodeGroups[0].PrimaryEndpoint",
            "ReaderEndPoint": "NodeGroups[0].ReaderEndpoint",
            "ReplicationGroupDescription": "Description",
        },
        derive=_token,
        derived=("AuthToken",),
        calls=(
            # A group leaves to its members what these have in common.
            Call(
                "DescribeCacheClusters",
                together=Together("CacheClusters[?ReplicationGroupId]", ("ReplicationGroupId", "ReplicationGroupId")),
                same=("CacheSubnetGroupName", "EngineVersion", "PreferredMaintenanceWindow"),
                rows={
                    "CacheParameterGroupName": "CacheParameterGroup.CacheParameterGroupName",
                    "NotificationTopicArn": "NotificationConfiguration.TopicArn",
                    "SecurityGroupIds": "SecurityGroups[].SecurityGroupId",
                },
            ),
            _tags("ARN"),
        ),
        gone=("ReplicationGroupNotFoundFault",),
    ),
    Entry(
        "AWS::ElastiCache::CacheCluster",
        "elasticache",
        (
            List(
                "DescribeCacheClusters",
                "CacheClusters",
                # Members of a replication group are no resources of their own.
                {"ShowCacheClustersNotInReplicationGroups": "`true`", "ShowCacheNodeInfo": "`true`"},
            ),
        ),
        "CacheClusterId",
        same=(
            "AutoMinorVersionUpgrade",
            "CacheNodeType",
            "CacheSubnetGroupName",
            "ConfigurationEndpoint",
            "Engine",
            "EngineVersion",
            "IpDiscovery",
            "LogDeliveryConfigurations",
            "NetworkType",
            "NumCacheNodes",
            "PreferredMaintenanceWindow",
            "SnapshotRetentionLimit",
            "SnapshotWindow",
            "TransitEncryptionEnabled",
        ),
        rows={
            "AZMode": "PreferredAvailabilityZone == 'Multiple' && 'cross-az' || 'single-az'",
            "CacheParameterGroupName": "CacheParameterGroup.CacheParameterGroupName",
            "CacheSecurityGroupNames": "CacheSecurityGroups[].CacheSecurityGroupName",
            "ClusterName": "CacheClusterId",
            "NotificationTopicArn": "NotificationConfiguration.TopicArn",
            "Port": "ConfigurationEndpoint.Port || CacheNodes[0].Endpoint.Port",
            "PreferredAvailabilityZones": "CacheNodes[].CustomerAvailabilityZone",
            "RedisEndpoint": "CacheNodes[0].Endpoint",
            "VpcSecurityGroupIds": "SecurityGroups[].SecurityGroupId",
        },
        calls=(_tags("ARN"),),
        gone=("CacheClusterNotFound",),
    ),
    Entry(
        "AWS::ElastiCache::ServerlessCache",
        "elasticache",
        (List("DescribeServerlessCaches", "ServerlessCaches"),),
        "ServerlessCacheName",
        same=(
            "ARN",
            "CacheUsageLimits",
            "ConnectionType",
            "CreateTime",
            "DailySnapshotTime",
            "Description",
            "Endpoint",
            "Engine",
            "FullEngineVersion",
            "KmsKeyId",
            "MajorEngineVersion",
            "NetworkType",
            "ReaderEndpoint",
            "SecurityGroupIds",
            "ServerlessCacheName",
            "SnapshotRetentionLimit",
            "Status",
            "SubnetIds",
            "UserGroupId",
        ),
        calls=(_tags("ARN"),),
        gone=("ServerlessCacheNotFoundFault",),
    ),
    Entry(
        "AWS::ElastiCache::User",
        "elasticache",
        (List("DescribeUsers", "Users"),),
        "UserId",
        same=("AccessString", "Arn", "Engine", "Status", "UserId", "UserName"),
        rows={
            "AuthenticationMode.Type": (
                "Authentication.Type == 'no-password' && 'no-password-required' || Authentication.Type"
            ),
            "NoPasswordRequired": "is(Authentication.Type, 'no-password')",
        },
        calls=(_tags("ARN"),),
        gone=("UserNotFound",),
    ),
    Entry(
        "AWS::MemoryDB::Cluster",
        "memorydb",
        (List("DescribeClusters", "Clusters", {"ShowShardDetails": "`true`"}),),
        "Name",
        same=(
            "ACLName",
            "ARN",
            "AutoMinorVersionUpgrade",
            "ClusterEndpoint",
            "DataTiering",
            "Description",
            "Engine",
            "EngineVersion",
            "IpDiscovery",
            "KmsKeyId",
            "MaintenanceWindow",
            "MultiRegionClusterName",
            "NetworkType",
            "NodeType",
            "ParameterGroupName",
            "ParameterGroupStatus",
            "SnapshotRetentionLimit",
            "SnapshotWindow",
            "SnsTopicArn",
            "SnsTopicStatus",
            "Status",
            "SubnetGroupName",
            "TLSEnabled",
        ),
        rows={
            "ClusterName": "Name",
            "NumShards": "NumberOfShards",
            "Port": "ClusterEndpoint.Port",
            "SecurityGroupIds": "SecurityGroups[].SecurityGroupId",
        },
        derive=_replicas,
        derived=("NumReplicasPerShard",),
        calls=(Call("ListTags", {"ResourceArn": "ARN"}, rows={"Tags": "TagList"}),),
        gone=("ClusterNotFoundFault",),
    ),
)
