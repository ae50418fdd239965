"""Keys, secrets and certificates; and the services that watch: GuardDuty, Security Hub, Macie, Inspector, Config."""

from collections.abc import Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import HERE, Entry, Values, left


def _rotation(values: Values) -> Mapping[str, Value]:
    """Return the period only where there is rotation."""
    return {"RotationPeriodInDays": values.get("rotation_period_in_days") or None}


KMS: tuple[Entry, ...] = (
    Entry(
        "aws_kms_key",
        "AWS::KMS::Key",
        {
            "customer_master_key_spec": "KeySpec",
            "deletion_window_in_days": "PendingWindowInDays",
            "is_enabled": "Enabled",
            "policy": "KeyPolicy",
            "multi_region": "MultiRegion",
            **left("custom_key_store_id", "xks_key_id", "key_id"),
        },
        derive=_rotation,
        derived=("rotation_period_in_days",),
    ),
    Entry("aws_kms_key_policy", "AWS::KMS::Key", {"policy": "KeyPolicy", **left("key_id")}, part_of="key_id"),
    Entry(
        "aws_kms_replica_key",
        "AWS::KMS::ReplicaKey",
        {
            "deletion_window_in_days": "PendingWindowInDays",
            "policy": "KeyPolicy",
            **left("key_id", "key_rotation_enabled", "key_spec", "key_usage"),
        },
    ),
    Entry("aws_kms_alias", "AWS::KMS::Alias", {"name": "AliasName", **left("name_prefix", "target_key_arn")}),
)


def _rotates(values: Values) -> Mapping[str, Value]:
    """Return the rules of rotation; a secret that is no longer rotated has none."""
    enabled = values.get("rotation_enabled")
    return {"RotationRules": None} if enabled is False else {}


SECRETS: tuple[Entry, ...] = (
    Entry(
        "aws_secretsmanager_secret",
        "AWS::SecretsManager::Secret",
        {
            "policy": "ResourcePolicy",
            "replica": "ReplicaRegions",
            "replica.region": "Region",
            **left(
                "force_overwrite_replica_secret",
                "name_prefix",
                "recovery_window_in_days",
                "replica.last_accessed_date",
                "replica.status",
                "replica.status_message",
                "rotation_enabled",
                "rotation_lambda_arn",
                "rotation_rules",
            ),
        },
        computed=("replica", "rotation_rules"),
    ),
    Entry(
        "aws_secretsmanager_secret_rotation",
        "AWS::SecretsManager::RotationSchedule",
        {
            "rotation_lambda_arn": "RotationLambdaARN",
            "rotation_rules": "RotationRules",
            "rotate_immediately": "RotateImmediatelyOnUpdate",
            **left("rotation_enabled"),
        },
        derive=_rotates,
    ),
    Entry(
        "aws_secretsmanager_secret_policy",
        "AWS::SecretsManager::ResourcePolicy",
        {"secret_arn": "SecretId", "policy": "ResourcePolicy"},
    ),
    Entry(
        "aws_secretsmanager_secret_version",
        "AWS::SecretsManager::Secret",
        left(
            "secret_id",
            "secret_binary",
            "secret_string_wo",
            "secret_string_wo_version",
            "version_id",
            "version_stages",
            "has_secret_string_wo",
        ),
        part_of="secret_id",
    ),
)


def _validated(values: Values) -> Mapping[str, Value]:
    option = values.get("options")
    for block in option if isinstance(option, list) else ():
        if isinstance(block, Mapping):
            return {
                "CertificateTransparencyLoggingPreference": block.get("certificate_transparency_logging_preference")
            }
    return {}


CERTIFICATES: tuple[Entry, ...] = (
    Entry(
        "aws_acm_certificate",
        "AWS::CertificateManager::Certificate",
        {
            **left(
                "certificate_body",
                "certificate_chain",
                "domain_validation_options",
                "early_renewal_duration",
                "not_after",
                "not_before",
                "pending_renewal",
                "private_key",
                "private_key_wo",
                "private_key_wo_version",
                "renewal_eligibility",
                "renewal_summary",
                "status",
                "type",
                "validation_emails",
                "validation_option",
            ),
        },
        computed=("options",),
        derive=_validated,
        derived=("options",),
    ),
    Entry(
        "aws_acmpca_certificate_authority",
        "AWS::ACMPCA::CertificateAuthority",
        {
            "certificate_authority_configuration": HERE,
            "certificate_authority_configuration.key_algorithm": "KeyAlgorithm",
            "certificate_authority_configuration.signing_algorithm": "SigningAlgorithm",
            "certificate_authority_configuration.subject": "Subject",
            "certificate_authority_configuration.subject.distinguished_name_qualifier": "DistinguishedNameQualifier",
            "revocation_configuration.ocsp_configuration.ocsp_custom_cname": "OcspCustomCname",
            **left(
                "certificate",
                "certificate_chain",
                "certificate_signing_request",
                "enabled",
                "not_after",
                "not_before",
                "permanent_deletion_time_in_days",
                "serial",
                "status",
            ),
        },
    ),
)


def _sources(values: Values) -> Mapping[str, Value]:
    """Return the data sources of a detector; each is a block that may hold others."""
    blocks = values.get("datasources")
    if isinstance(blocks, Unknown):
        return {"DataSources": blocks}
    return {}


DETECTION: tuple[Entry, ...] = (
    Entry(
        "aws_guardduty_detector",
        "AWS::GuardDuty::Detector",
        {
            "datasources": "DataSources",
            "datasources.s3_logs": "S3Logs",
            "datasources.malware_protection": "MalwareProtection",
            "datasources.malware_protection.scan_ec2_instance_with_findings.ebs_volumes": HERE,
            "datasources.malware_protection.scan_ec2_instance_with_findings.ebs_volumes.enable": "EbsVolumes",
            **left("account_id"),
        },
        computed=("datasources",),
        derive=_sources,
    ),
    Entry(
        "aws_guardduty_detector_feature",
        "AWS::GuardDuty::Detector",
        left("detector_id", "name", "status", "additional_configuration"),
        derive=lambda values: {"Features": [_feature(values)]},
        part_of="detector_id",
        adds=("Features",),
    ),
    Entry("aws_guardduty_filter", "AWS::GuardDuty::Filter", left("finding_criteria")),
    Entry(
        "aws_guardduty_member",
        "AWS::GuardDuty::Member",
        {
            "account_id": "MemberId",
            "invite": "Status",
            "disable_email_notification": "DisableEmailNotification",
            **left("invitation_message", "relationship_status", "invite"),
        },
    ),
    Entry(
        "aws_guardduty_publishing_destination",
        "AWS::GuardDuty::PublishingDestination",
        left("destination_arn", "kms_key_arn"),
        fixed={},
        derive=lambda values: {
            "DestinationProperties": {
                "DestinationArn": values.get("destination_arn"),
                "KmsKeyArn": values.get("kms_key_arn"),
            },
            "DestinationType": values.get("destination_type") or "S3",
        },
    ),
    Entry(
        "aws_securityhub_account",
        "AWS::SecurityHub::Hub",
        defaults={"enable_default_standards": True, "auto_enable_controls": True},
    ),
    Entry("aws_securityhub_standards_subscription", "AWS::SecurityHub::Standard"),
    Entry(
        "aws_securityhub_finding_aggregator",
        "AWS::SecurityHub::FindingAggregator",
        {"linking_mode": "RegionLinkingMode", "specified_regions": "Regions"},
    ),
    Entry(
        "aws_securityhub_organization_configuration",
        "AWS::SecurityHub::OrganizationConfiguration",
        {
            "organization_configuration": HERE,
            "organization_configuration.configuration_type": "ConfigurationType",
        },
        computed=("organization_configuration",),
    ),
    Entry("aws_macie2_account", "AWS::Macie::Session", left("created_at", "service_role", "updated_at")),
    Entry(
        "aws_macie2_findings_filter",
        "AWS::Macie::FindingsFilter",
        left("finding_criteria", "name_prefix", "position"),
    ),
    Entry(
        "aws_inspector2_filter",
        "AWS::InspectorV2::Filter",
        {"action": "FilterAction", **left("filter_criteria", "reason")},
    ),
    Entry("aws_detective_graph", "AWS::Detective::Graph", left("created_time", "graph_arn")),
    Entry(
        "aws_accessanalyzer_analyzer",
        "AWS::AccessAnalyzer::Analyzer",
        {
            "configuration": HERE,
            "configuration.unused_access": "AnalyzerConfiguration.UnusedAccessConfiguration",
            "configuration.internal_access": "AnalyzerConfiguration.InternalAccessConfiguration",
            "configuration.internal_access.analysis_rule": "InternalAccessAnalysisRule",
        },
    ),
    Entry("aws_shield_protection", "AWS::Shield::Protection"),
)


def _feature(values: Values) -> Value:
    more = values.get("additional_configuration")
    several = [
        {"Name": each.get("name"), "Status": each.get("status")}
        for each in (more if isinstance(more, list) else ())
        if isinstance(each, Mapping)
    ]
    return {"Name": values.get("name"), "Status": values.get("status"), "AdditionalConfiguration": several or None}


CONFIG: tuple[Entry, ...] = (
    Entry(
        "aws_config_configuration_recorder",
        "AWS::Config::ConfigurationRecorder",
        {
            "recording_group.include_global_resource_types": "IncludeGlobalResourceTypes",
            "recording_group.exclusion_by_resource_types": "ExclusionByResourceTypes",
            "recording_group.recording_strategy": "RecordingStrategy",
            "recording_mode.recording_mode_override": "RecordingModeOverrides",
        },
        computed=("recording_group", "recording_mode"),
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/config_configuration_recorder
        defaults={},
    ),
    Entry(
        "aws_config_delivery_channel",
        "AWS::Config::DeliveryChannel",
        {"snapshot_delivery_properties": "ConfigSnapshotDeliveryProperties"},
    ),
    Entry(
        "aws_config_config_rule",
        "AWS::Config::ConfigRule",
        {
            "name": "ConfigRuleName",
            "evaluation_mode": "EvaluationModes",
            "source.source_identifier": "SourceIdentifier",
            "source.source_detail": "SourceDetails",
            "scope.compliance_resource_types": "ComplianceResourceTypes",
            **left("rule_id"),
        },
        computed=("evaluation_mode",),
    ),
    Entry(
        "aws_config_configuration_aggregator",
        "AWS::Config::ConfigurationAggregator",
        {
            "name": "ConfigurationAggregatorName",
            "account_aggregation_source": "AccountAggregationSources",
            "account_aggregation_source.all_regions": "AllAwsRegions",
            "account_aggregation_source.regions": "AwsRegions",
            "organization_aggregation_source.all_regions": "AllAwsRegions",
            "organization_aggregation_source.regions": "AwsRegions",
        },
    ),
    Entry(
        "aws_config_remediation_configuration",
        "AWS::Config::RemediationConfiguration",
        left("parameter", "execution_controls"),
    ),
)

TABLE = (*KMS, *SECRETS, *CERTIFICATES, *DETECTION, *CONFIG)
