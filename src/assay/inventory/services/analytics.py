"""Analytics: Athena, Glue, Lake Formation, EMR; and the databases for ledgers, time series and wide columns."""

from assay.inventory.schema import BOOLEAN, INTEGER, STRING, map_of, object_of
from assay.inventory.tables import ResourceTable, Undocumented

_DATE = Undocumented("the day of creation")

# https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
_EMR_SECURITY = object_of(
    EncryptionConfiguration=object_of(
        EnableInTransitEncryption=BOOLEAN,
        EnableAtRestEncryption=BOOLEAN,
        InTransitEncryptionConfiguration=object_of(
            TLSCertificateConfiguration=object_of(
                CertificateProviderType=STRING, S3Object=STRING, CertificateProviderClass=STRING
            )
        ),
        AtRestEncryptionConfiguration=object_of(
            S3EncryptionConfiguration=object_of(EncryptionMode=STRING, AwsKmsKey=STRING),
            LocalDiskEncryptionConfiguration=object_of(
                EncryptionKeyProviderType=STRING, AwsKmsKey=STRING, EnableEbsEncryption=BOOLEAN
            ),
        ),
    ),
    InstanceMetadataServiceConfiguration=object_of(
        MinimumInstanceMetadataServiceVersion=INTEGER, HttpPutResponseHopLimit=INTEGER
    ),
)

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::Athena::WorkGroup",
        defaults={
            "WorkGroupConfiguration.EnforceWorkGroupConfiguration": _DATE,
            "WorkGroupConfiguration.PublishCloudWatchMetricsEnabled": _DATE,
        },
        names=("Name",),
    ),
    ResourceTable(
        "AWS::Glue::Job",
        defaults={"GlueVersion": _DATE},
        names=("Name",),
        types={"DefaultArguments": map_of(STRING), "NonOverridableArguments": map_of(STRING)},
    ),
    ResourceTable("AWS::Glue::SecurityConfiguration", names=("Name",)),
    ResourceTable("AWS::EMR::SecurityConfiguration", names=("Name",), types={"SecurityConfiguration": _EMR_SECURITY}),
    # https://docs.aws.amazon.com/qldb/latest/developerguide/API_CreateLedger.html
    ResourceTable("AWS::QLDB::Ledger", defaults={"DeletionProtection": True}, names=("Name",)),
    # https://docs.aws.amazon.com/keyspaces/latest/APIReference/API_EncryptionSpecification.html
    ResourceTable("AWS::Cassandra::Table", defaults={"EncryptionSpecification.EncryptionType": "AWS_OWNED_KMS_KEY"}),
    # https://docs.aws.amazon.com/timestream-influxdb/latest/APIReference/API_CreateDbInstance.html
    ResourceTable("AWS::Timestream::InfluxDBInstance", defaults={"DeploymentType": "SINGLE_AZ"}),
)
