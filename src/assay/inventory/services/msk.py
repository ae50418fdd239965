"""Amazon MSK and MSK Connect."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::MSK::Cluster",
        # https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html
        defaults={
            "EncryptionInfo.EncryptionInTransit.ClientBroker": "TLS",
            "EncryptionInfo.EncryptionInTransit.InCluster": True,
            "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type": "DISABLED",
            "EnhancedMonitoring": "DEFAULT",
        },
        names=("ClusterName",),
    ),
)
