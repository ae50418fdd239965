"""Amazon RDS and Aurora."""

from assay.inventory.schema import STRING, map_of
from assay.inventory.tables import Fold, ResourceTable, Undocumented

_ORIGIN = Undocumented("the snapshot or the source that the database is made from")
# What a database was made from is part of how it is made; what came of it is described.
_MADE_FROM = dict.fromkeys(
    (
        "DBClusterSnapshotIdentifier",
        "DBSnapshotIdentifier",
        "RestoreTime",
        "RestoreToTime",
        "RestoreType",
        "SnapshotIdentifier",
        "SourceDBInstanceAutomatedBackupsArn",
        "SourceDbClusterResourceId",
        "SourceDbiResourceId",
        "SourceRegion",
        "UseLatestRestorableTime",
    )
)

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::RDS::DBInstance",
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
        defaults={
            "PubliclyAccessible": Undocumented("whether the VPC of the subnet group has an internet gateway"),
            "BackupRetentionPeriod": 1,
            "AutoMinorVersionUpgrade": True,
            # The account may choose another authority for new databases, but none that has expired.
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
            "CACertificateIdentifier": "rds-ca-rsa2048-g1",
            "Engine": _ORIGIN,
            "EngineVersion": Undocumented("the day of creation, or the snapshot that it is made from"),
        },
        unset=_MADE_FROM,
        names=("DBInstanceIdentifier",),
    ),
    ResourceTable(
        "AWS::RDS::DBCluster",
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html
        defaults={
            "PubliclyAccessible": Undocumented("whether the VPC of the subnet group has an internet gateway"),
            "BackupRetentionPeriod": 1,
            "AutoMinorVersionUpgrade": True,
            "Engine": _ORIGIN,
            "EngineVersion": Undocumented("the day of creation, or the snapshot that it is made from"),
            "EngineMode": "provisioned",
        },
        unset=_MADE_FROM,
        names=("DBClusterIdentifier",),
    ),
    # A snapshot is encrypted as its database is.
    ResourceTable("AWS::RDS::DBSnapshot", defaults={"Encrypted": Undocumented("the instance that it is taken of")}),
    ResourceTable("AWS::RDS::DBParameterGroup", names=("DBParameterGroupName",), types={"Parameters": map_of(STRING)}),
    ResourceTable(
        "AWS::RDS::DBClusterParameterGroup",
        names=("DBClusterParameterGroupName",),
        types={"Parameters": map_of(STRING)},
    ),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-eventsubscription.html
    ResourceTable("AWS::RDS::EventSubscription", defaults={"Enabled": True}),
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_UserAuthConfig.html
    ResourceTable("AWS::RDS::DBProxy", defaults={"Auth.*.IAMAuth": "DISABLED", "DefaultAuthScheme": "NONE"}),
    ResourceTable(
        "AWS::RDS::DBSecurityGroup",
        folds=(Fold("AWS::RDS::DBSecurityGroupIngress", key="DBSecurityGroupName", into="DBSecurityGroupIngress"),),
    ),
)
