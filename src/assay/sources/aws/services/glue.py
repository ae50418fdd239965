"""AWS Glue and Amazon Athena. Passwords of connections are hidden by Glue, as it is asked to."""

from assay.sources.aws.entry import Call, Entry, List


def _tags(kind: str) -> Call:
    arn = f"join('', ['arn:', partition(), ':glue:', region(), ':', account(), ':{kind}/', Name])"
    return Call("GetTags", {"ResourceArn": arn}, same=("Tags",))


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Glue::SecurityConfiguration",
        "glue",
        (List("GetSecurityConfigurations", "SecurityConfigurations"),),
        "Name",
        same=("EncryptionConfiguration", "Name"),
        rows={"EncryptionConfiguration.S3Encryptions": "EncryptionConfiguration.S3Encryption"},
    ),
    Entry(
        "AWS::Glue::DataCatalogEncryptionSettings",
        "glue",
        (),
        "account()",
        rows={"CatalogId": "account()"},
        calls=(
            Call(
                "GetDataCatalogEncryptionSettings",
                same=("DataCatalogEncryptionSettings",),
                rows={
                    "DataCatalogEncryptionSettings.ConnectionPasswordEncryption.KmsKeyId": (
                        "DataCatalogEncryptionSettings.ConnectionPasswordEncryption.AwsKmsKeyId"
                    ),
                },
            ),
        ),
    ),
    Entry(
        "AWS::Glue::Job",
        "glue",
        (List("GetJobs", "Jobs"),),
        "Name",
        same=(
            "AllocatedCapacity",
            "Command",
            "Connections",
            "DefaultArguments",
            "Description",
            "ExecutionClass",
            "ExecutionProperty",
            "GlueVersion",
            "JobMode",
            "JobRunQueuingEnabled",
            "LogUri",
            "MaintenanceWindow",
            "MaxCapacity",
            "MaxRetries",
            "Name",
            "NonOverridableArguments",
            "NotificationProperty",
            "NumberOfWorkers",
            "Role",
            "SecurityConfiguration",
            "Timeout",
            "WorkerType",
        ),
        calls=(_tags("job"),),
        gone=("EntityNotFoundException",),
        optional=(
            "AllocatedCapacity",
            "MaxCapacity",
            "NumberOfWorkers",
            "Timeout",
        ),
    ),
    Entry(
        "AWS::Glue::Crawler",
        "glue",
        (List("GetCrawlers", "Crawlers"),),
        "Name",
        same=(
            "LakeFormationConfiguration",
            "Classifiers",
            "Configuration",
            "CrawlerSecurityConfiguration",
            "DatabaseName",
            "Description",
            "Name",
            "RecrawlPolicy",
            "Role",
            "SchemaChangePolicy",
            "TablePrefix",
        ),
        rows={"Schedule.ScheduleExpression": "Schedule.ScheduleExpression", "Targets": "Targets"},
        calls=(_tags("crawler"),),
        gone=("EntityNotFoundException",),
    ),
    Entry(
        "AWS::Glue::Connection",
        "glue",
        (List("GetConnections", "ConnectionList", {"HidePassword": "`true`"}),),
        "join('|', [account(), Name])",
        same=("Name",),
        rows={
            "CatalogId": "account()",
            "ConnectionInput": (
                "{Name: Name, Description: Description, ConnectionType: ConnectionType, MatchCriteria: MatchCriteria, "
                "ConnectionProperties: ConnectionProperties, SparkProperties: SparkProperties, "
                "AthenaProperties: AthenaProperties, PythonProperties: PythonProperties, "
                "PhysicalConnectionRequirements: PhysicalConnectionRequirements, "
                "AuthenticationConfiguration: AuthenticationConfiguration && "
                "{AuthenticationType: AuthenticationConfiguration.AuthenticationType, "
                "SecretArn: AuthenticationConfiguration.SecretArn, "
                "KmsKeyArn: AuthenticationConfiguration.KmsKeyArn}}"
            ),
        },
        calls=(_tags("connection"),),
        gone=("EntityNotFoundException",),
        never=("ConnectionInput.AuthenticationConfiguration.BasicAuthenticationCredentials",),
    ),
    Entry(
        "AWS::Athena::WorkGroup",
        "athena",
        (List("ListWorkGroups", "WorkGroups", tokens=("NextToken", "NextToken")),),
        "Name",
        describe=Call("GetWorkGroup", {"WorkGroup": "Name"}, answer="WorkGroup"),
        same=("CreationTime", "Description", "Name", "State"),
        rows={"WorkGroupConfiguration": "Configuration"},
        calls=(
            Call(
                "ListTagsForResource",
                {
                    "ResourceARN": (
                        "join('', ['arn:', partition(), ':athena:', region(), ':', account(), ':workgroup/', Name])"
                    )
                },
                same=("Tags",),
            ),
        ),
    ),
    Entry(
        "AWS::Glue::MLTransform",
        "glue",
        (List("GetMLTransforms", "Transforms", tokens=("NextToken", "NextToken")),),
        "TransformId",
        same=(
            "Description",
            "GlueVersion",
            "MaxCapacity",
            "MaxRetries",
            "Name",
            "NumberOfWorkers",
            "Role",
            "Timeout",
            "TransformEncryption",
            "TransformId",
            "WorkerType",
        ),
        rows={"InputRecordTables.GlueTables": "InputRecordTables"},
        optional=("MaxCapacity", "NumberOfWorkers", "Timeout"),
    ),
)
