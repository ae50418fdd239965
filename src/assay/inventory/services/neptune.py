"""Amazon Neptune."""

from assay.inventory.schema import STRING, map_of
from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    # https://docs.aws.amazon.com/neptune/latest/userguide/api-clusters.html
    ResourceTable("AWS::Neptune::DBCluster", defaults={"BackupRetentionPeriod": 1}, names=("DBClusterIdentifier",)),
    # https://docs.aws.amazon.com/neptune/latest/userguide/api-instances.html
    ResourceTable(
        "AWS::Neptune::DBInstance",
        # Public endpoints are off unless asked for: https://docs.aws.amazon.com/neptune/latest/userguide/neptune-public-endpoints.html
        defaults={"AutoMinorVersionUpgrade": True, "PubliclyAccessible": False},
        names=("DBInstanceIdentifier",),
    ),
    ResourceTable("AWS::Neptune::DBClusterParameterGroup", names=("Name",), types={"Parameters": map_of(STRING)}),
)
