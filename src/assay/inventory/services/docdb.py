"""Amazon DocumentDB."""

from assay.inventory.schema import STRING, map_of
from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    # https://docs.aws.amazon.com/documentdb/latest/developerguide/API_CreateDBCluster.html
    ResourceTable("AWS::DocDB::DBCluster", defaults={"BackupRetentionPeriod": 1}, names=("DBClusterIdentifier",)),
    ResourceTable(
        "AWS::DocDB::DBInstance",
        # https://docs.aws.amazon.com/documentdb/latest/developerguide/ca_cert_rotation.html
        defaults={"CACertificateIdentifier": "rds-ca-rsa2048-g1"},
        names=("DBInstanceIdentifier",),
    ),
    ResourceTable("AWS::DocDB::DBClusterParameterGroup", names=("Name",), types={"Parameters": map_of(STRING)}),
)
