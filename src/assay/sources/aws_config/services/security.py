"""AWS KMS, Secrets Manager, Certificate Manager, CloudTrail."""

from assay.inventory.values import Cause, Reason, Unknown
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Properties, at, stated


def _certificate(item: Item) -> Properties:
    algorithm = at(item.configuration, "keyAlgorithm")
    return stated(KeyAlgorithm=algorithm.replace("-", "_") if isinstance(algorithm, str) else None)


def _key(item: Item) -> Properties:
    spec = at(item.configuration, "keySpec") or at(item.configuration, "customerMasterKeySpec")
    return stated(KeySpec=spec)


def _secret(item: Item) -> Properties:
    configuration = item.configuration
    if at(configuration, "RotationEnabled") is not True:
        return {}
    rules = at(configuration, "RotationRules")
    return {
        "RotationSchedule": stated(
            RotationLambdaARN=at(configuration, "RotationLambdaARN"),
            RotationRules=stated(
                AutomaticallyAfterDays=at(rules, "AutomaticallyAfterDays"),
                Duration=at(rules, "RotationDuration"),
                ScheduleExpression=at(rules, "RotationScheduleExpression"),
            ),
        )
    }


def _trail(item: Item) -> Properties:
    if at(item.configuration, "hasCustomEventSelectors") is False:
        return {}
    detail = "AWS Config says whether a trail has selectors of its own, and not which"
    return {"EventSelectors": Unknown(Reason(Cause.NOT_COLLECTED, "AWS::CloudTrail::Trail EventSelectors", detail))}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::KMS::Key",
        same=("Arn", "Description", "Enabled", "KeyId", "KeyUsage", "Origin"),
        rows={"EnableKeyRotation": "+KeyRotationStatus"},
        maybe={"KeyPolicy": "+Policy", "MultiRegion": "multiRegion"},
        derive=_key,
        derived=("KeySpec",),
    ),
    Entry(
        "AWS::SecretsManager::Secret",
        same=("Description", "KmsKeyId", "Name"),
        rows={"Id": "ARN"},
        derive=_secret,
        derived=("RotationSchedule",),
        holds=frozenset({"AWS::SecretsManager::RotationSchedule"}),
    ),
    Entry(
        "AWS::ACM::Certificate",
        kind="AWS::CertificateManager::Certificate",
        same=("CertificateArn", "CertificateAuthorityArn", "DomainName", "SubjectAlternativeNames"),
        rows={
            "CertificateTransparencyLoggingPreference": "options.certificateTransparencyLoggingPreference",
            "Id": "certificateArn",
            "ValidationMethod": "domainValidationOptions.0.validationMethod",
        },
        derive=_certificate,
        derived=("KeyAlgorithm",),
    ),
    Entry(
        "AWS::CloudTrail::Trail",
        same=(
            "CloudWatchLogsLogGroupArn",
            "CloudWatchLogsRoleArn",
            "IncludeGlobalServiceEvents",
            "IsMultiRegionTrail",
            "IsOrganizationTrail",
            "KMSKeyId",
            "S3BucketName",
            "S3KeyPrefix",
            "SnsTopicName",
        ),
        rows={"EnableLogFileValidation": "logFileValidationEnabled", "TrailName": "name"},
        derive=_trail,
        derived=("EventSelectors",),
    ),
)
