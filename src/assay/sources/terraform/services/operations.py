"""Records and care: CloudTrail, CloudWatch, X-Ray, Systems Manager, Backup; builds and their delivery."""

from collections.abc import Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import HERE, LEFT, Entry, Turned, Values, either, left

_SELECTORS: dict[str, str | Turned] = {
    "advanced_event_selector": "AdvancedEventSelectors",
    "advanced_event_selector.field_selector": "FieldSelectors",
    "advanced_event_selector.field_selector.equals": "Equals",
}

TRAIL: tuple[Entry, ...] = (
    Entry(
        "aws_cloudtrail",
        "AWS::CloudTrail::Trail",
        {
            "name": "TrailName",
            "cloud_watch_logs_group_arn": "CloudWatchLogsLogGroupArn",
            "cloud_watch_logs_role_arn": "CloudWatchLogsRoleArn",
            "enable_logging": "IsLogging",
            "event_selector.data_resource": "DataResources",
            "insight_selector": "InsightSelectors",
            "kms_key_id": "KMSKeyId",
            **_SELECTORS,
            **left("home_region", "sns_topic_arn"),
        },
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail
        defaults={
            "enable_logging": True,
            "include_global_service_events": True,
            "is_multi_region_trail": False,
            "enable_log_file_validation": False,
        },
        computed=("event_selector", "advanced_event_selector", "insight_selector"),
    ),
    Entry(
        "aws_cloudtrail_event_data_store",
        "AWS::CloudTrail::EventDataStore",
        {**_SELECTORS, "suspend": Turned("IngestionEnabled", either(False, True))},
        defaults={
            "multi_region_enabled": True,
            "termination_protection_enabled": True,
            "retention_period": 2555,
            "organization_enabled": False,
        },
        computed=("advanced_event_selector",),
    ),
)


def _dimensions(value: Value) -> Value:
    if not isinstance(value, Mapping):
        return value
    return [{"Name": name, "Value": each} for name, each in value.items()]


LOGS: tuple[Entry, ...] = (
    Entry(
        "aws_cloudwatch_log_group",
        "AWS::Logs::LogGroup",
        {
            "name": "LogGroupName",
            "retention_in_days": Turned("RetentionInDays", lambda value: value or None),  # 0: kept for ever
            **left("name_prefix", "skip_destroy"),
        },
    ),
    Entry(
        "aws_cloudwatch_log_resource_policy",
        "AWS::Logs::ResourcePolicy",
        {"policy_document": "PolicyDocument", **left("policy_scope", "revision_id", "resource_arn")},
    ),
    Entry("aws_cloudwatch_log_destination", "AWS::Logs::Destination", {"name": "DestinationName"}),
    Entry(
        "aws_cloudwatch_log_destination_policy",
        "AWS::Logs::Destination",
        {"access_policy": "DestinationPolicy", **left("destination_name", "force_update")},
        part_of="destination_name",
    ),
    Entry(
        "aws_cloudwatch_log_metric_filter",
        "AWS::Logs::MetricFilter",
        {
            "name": "FilterName",
            "pattern": "FilterPattern",
            "metric_transformation": "MetricTransformations",
            "metric_transformation.name": "MetricName",
            "metric_transformation.namespace": "MetricNamespace",
            "metric_transformation.value": "MetricValue",
            "metric_transformation.dimensions": LEFT,
        },
    ),
    Entry("aws_cloudwatch_log_subscription_filter", "AWS::Logs::SubscriptionFilter", {"name": "FilterName"}),
    Entry(
        "aws_cloudwatch_metric_alarm",
        "AWS::CloudWatch::Alarm",
        {
            "dimensions": Turned("Dimensions", _dimensions),
            "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile",
            "ok_actions": "OKActions",
            "metric_query": "Metrics",
            "metric_query.metric": LEFT,
            "evaluation_criteria": LEFT,
            "evaluation_interval": LEFT,
        },
        defaults={"actions_enabled": True},
    ),
    Entry(
        "aws_cloudwatch_composite_alarm",
        "AWS::CloudWatch::CompositeAlarm",
        {
            "ok_actions": "OKActions",
            "actions_suppressor": HERE,
            "actions_suppressor.alarm": "ActionsSuppressor",
            "actions_suppressor.extension_period": "ActionsSuppressorExtensionPeriod",
            "actions_suppressor.wait_period": "ActionsSuppressorWaitPeriod",
        },
        defaults={"actions_enabled": True},
    ),
    Entry("aws_xray_group", "AWS::XRay::Group"),
    Entry(
        "aws_xray_sampling_rule",
        "AWS::XRay::SamplingRule",
        {"resource_arn": "ResourceARN", "http_method": "HTTPMethod"},
        within="SamplingRule",
    ),
)


def _lists(value: Value) -> Value:
    """Return the parameters of a document, each of which CloudFormation takes as a list."""
    if not isinstance(value, Mapping):
        return value
    return {key: each if isinstance(each, Unknown) else str(each).split(",") for key, each in value.items()}


MANAGED: tuple[Entry, ...] = (
    Entry(
        "aws_ssm_parameter",
        "AWS::SSM::Parameter",
        {
            "key_id": LEFT,
            **left("has_value_wo", "insecure_value", "overwrite", "value_wo", "value_wo_version", "version"),
        },
    ),
    Entry(
        "aws_ssm_document",
        "AWS::SSM::Document",
        {
            "content": "Content",
            "attachments_source": "Attachments",
            **left(
                "created_date",
                "default_version",
                "description",
                "document_version",
                "hash",
                "hash_type",
                "latest_version",
                "owner",
                "parameter",
                "permissions",
                "platform_types",
                "schema_version",
                "status",
            ),
        },
    ),
    Entry(
        "aws_ssm_association",
        "AWS::SSM::Association",
        {
            "output_location": "OutputLocation.S3Location",
            "output_location.s3_bucket_name": "OutputS3BucketName",
            "output_location.s3_key_prefix": "OutputS3KeyPrefix",
            "output_location.s3_region": "OutputS3Region",
            "targets": "Targets",
            "parameters": Turned("Parameters", _lists),
            **left("association_id", "instance_id"),
        },
    ),
    Entry(
        "aws_ssm_patch_baseline",
        "AWS::SSM::PatchBaseline",
        {
            "approval_rule": "ApprovalRules.PatchRules",
            "approval_rule.patch_filter": "PatchFilterGroup.PatchFilters",
            "approval_rule.patch_filter.key": "Key",
            "global_filter": "GlobalFilters.PatchFilters",
            **left("json", "available_security_updates_compliance_status"),
        },
    ),
    Entry("aws_ssm_maintenance_window", "AWS::SSM::MaintenanceWindow", left("enabled")),
    Entry("aws_ssm_service_setting", "AWS::SSM::ServiceSetting", left("status")),
    Entry(
        "aws_ssm_resource_data_sync",
        "AWS::SSM::ResourceDataSync",
        {
            "name": "SyncName",
            "s3_destination": "S3Destination",
            "s3_destination.region": "BucketRegion",
            "s3_destination.prefix": "BucketPrefix",
            "s3_destination.kms_key_arn": "KMSKeyArn",
        },
    ),
)


BACKUP: tuple[Entry, ...] = (
    Entry(
        "aws_backup_vault",
        "AWS::Backup::BackupVault",
        {"name": "BackupVaultName", "kms_key_arn": "EncryptionKeyArn", **left("recovery_points")},
    ),
    Entry(
        "aws_backup_vault_lock_configuration",
        "AWS::Backup::BackupVault",
        left("backup_vault_name", "backup_vault_arn"),
        within="LockConfiguration",
        part_of="backup_vault_name",
    ),
    Entry(
        "aws_backup_vault_policy",
        "AWS::Backup::BackupVault",
        {"policy": "AccessPolicy", **left("backup_vault_name", "backup_vault_arn")},
        part_of="backup_vault_name",
    ),
    Entry(
        "aws_backup_vault_notifications",
        "AWS::Backup::BackupVault",
        {"sns_topic_arn": "SNSTopicArn", **left("backup_vault_name", "backup_vault_arn")},
        within="Notifications",
        part_of="backup_vault_name",
    ),
    Entry(
        "aws_backup_plan",
        "AWS::Backup::BackupPlan",
        {
            "name": "BackupPlanName",
            "rule": "BackupPlanRule",
            "rule.target_vault_name": "TargetBackupVault",
            "rule.schedule": "ScheduleExpression",
            "rule.start_window": "StartWindowMinutes",
            "rule.completion_window": "CompletionWindowMinutes",
            "rule.enable_continuous_backup": "EnableContinuousBackup",
            "rule.lifecycle.cold_storage_after": "MoveToColdStorageAfterDays",
            "rule.lifecycle.delete_after": "DeleteAfterDays",
            "rule.copy_action.lifecycle.cold_storage_after": "MoveToColdStorageAfterDays",
            "rule.copy_action.lifecycle.delete_after": "DeleteAfterDays",
            "rule.copy_action.destination_vault_arn": "DestinationBackupVaultArn",
            "rule.target_logically_air_gapped_backup_vault_arn": "TargetLogicallyAirGappedBackupVaultArn",
            "rule.scan_action": LEFT,
            "scan_setting": LEFT,
            **left("version"),
        },
        within="BackupPlan",
    ),
    Entry(
        "aws_backup_selection",
        "AWS::Backup::BackupSelection",
        {
            "plan_id": "BackupPlanId",
            "name": "BackupSelection.SelectionName",
            "iam_role_arn": "BackupSelection.IamRoleArn",
            "resources": "BackupSelection.Resources",
            "not_resources": "BackupSelection.NotResources",
            "selection_tag": "BackupSelection.ListOfTags",
            "selection_tag.key": "ConditionKey",
            "selection_tag.type": "ConditionType",
            "selection_tag.value": "ConditionValue",
            **left("condition"),
        },
        computed=("condition",),
    ),
)


def _project(values: Values) -> Mapping[str, Value]:
    visible = values.get("project_visibility")
    return {"Visibility": visible or None}


_CODE_SOURCE: dict[str, str | Turned] = {
    "insecure_ssl": "InsecureSsl",
    "git_clone_depth": "GitCloneDepth",
    "buildspec": "BuildSpec",
    "build_status_config": "BuildStatusConfig",
    "auth": "Auth",
    "git_submodules_config": "GitSubmodulesConfig",
}


def _artifacts(value: Value) -> Value:
    return [{"Name": each} for each in value] if isinstance(value, list) else value


def _stores(values: Values) -> Mapping[str, Value]:
    """Return the store of artifacts; with a region each, they are a list."""
    blocks = values.get("artifact_store")
    if not isinstance(blocks, list):
        return {"ArtifactStore": blocks}
    stores = [(each.get("region"), _store(each)) for each in blocks if isinstance(each, Mapping)]
    if any(region for region, _ in stores):
        return {"ArtifactStores": [{"Region": region, "ArtifactStore": store} for region, store in stores]}
    return {"ArtifactStore": stores[0][1]} if stores else {}


DELIVERY: tuple[Entry, ...] = (
    Entry(
        "aws_codebuild_project",
        "AWS::CodeBuild::Project",
        {
            "build_timeout": "TimeoutInMinutes",
            "queued_timeout": "QueuedTimeoutInMinutes",
            "environment.environment_variable": "EnvironmentVariables",
            "environment.fleet": "Fleet",
            "logs_config.cloudwatch_logs": "CloudWatchLogs",
            "logs_config.cloudwatch_logs.group_name": "GroupName",
            "logs_config.s3_logs": "S3Logs",
            "artifacts.artifact_identifier": "ArtifactIdentifier",
            "secondary_artifacts.artifact_identifier": "ArtifactIdentifier",
            **{f"source.{key}": row for key, row in _CODE_SOURCE.items()},
            **{f"secondary_sources.{key}": row for key, row in _CODE_SOURCE.items()},
            "secondary_sources.source_identifier": "SourceIdentifier",
            **left(
                "artifacts.bucket_owner_access",
                "secondary_artifacts.bucket_owner_access",
                "badge_enabled",
                "badge_url",
                "file_system_locations",
                "logs_config.s3_logs.bucket_owner_access",
                "public_project_alias",
                "secondary_source_version",
                "build_batch_config",
                "environment.docker_server",
            ),
        },
        derive=_project,
        derived=("project_visibility",),
    ),
    Entry(
        "aws_codebuild_webhook",
        "AWS::CodeBuild::Project",
        {
            "filter_group": "FilterGroups",
            **left(
                "project_name",
                "branch_filter",
                "manual_creation",
                "payload_url",
                "secret",
                "url",
                "filter_group",
                "scope_configuration",
            ),
        },
        within="Triggers",
        derive=None,
        fixed={"Triggers.Webhook": True},
        part_of="project_name",
    ),
    Entry(
        "aws_codebuild_report_group",
        "AWS::CodeBuild::ReportGroup",
        {
            "export_config.s3_destination": "S3Destination",
            "export_config.type": "ExportConfigType",
            "delete_reports": "DeleteReports",
            **left("created"),
        },
    ),
    Entry("aws_codebuild_source_credential", "AWS::CodeBuild::SourceCredential", {"user_name": "Username"}),
    Entry(
        "aws_codepipeline",
        "AWS::CodePipeline::Pipeline",
        {
            "stage": "Stages",
            "stage.action": "Actions",
            "stage.action.category": "ActionTypeId.Category",
            "stage.action.owner": "ActionTypeId.Owner",
            "stage.action.provider": "ActionTypeId.Provider",
            "stage.action.version": "ActionTypeId.Version",
            "stage.action.configuration": "Configuration",
            "stage.action.input_artifacts": Turned("InputArtifacts", _artifacts),
            "stage.action.output_artifacts": Turned("OutputArtifacts", _artifacts),
            "trigger": "Triggers",
            "variable": "Variables",
            **left("artifact_store", "trigger_all", "stage.on_success", "stage.on_failure", "stage.before_entry"),
        },
        derive=_stores,
        derived=("artifact_store",),
        generated=("artifact_store",),
    ),
    Entry(
        "aws_codedeploy_deployment_group",
        "AWS::CodeDeploy::DeploymentGroup",
        {
            "app_name": "ApplicationName",
            "alarm_configuration.alarms": Turned("Alarms", _artifacts),
            "autoscaling_groups": "AutoScalingGroups",
            "ec2_tag_filter": "Ec2TagFilters",
            "load_balancer_info": LEFT,
            "ec2_tag_set": LEFT,
            "on_premises_instance_tag_filter": "OnPremisesInstanceTagFilters",
            "trigger_configuration": "TriggerConfigurations",
            "blue_green_deployment_config": LEFT,
            **left("compute_platform", "deployment_group_id"),
        },
        computed=("blue_green_deployment_config",),
    ),
)


def _store(block: Mapping[str, Value]) -> Value:
    stated: dict[str, Value] = {"Location": block.get("location"), "Type": block.get("type")}
    keys = block.get("encryption_key")
    for key in keys if isinstance(keys, list) else ():
        if isinstance(key, Mapping):
            stated["EncryptionKey"] = {"Id": key.get("id"), "Type": key.get("type")}
    return stated


TABLE = (*TRAIL, *LOGS, *MANAGED, *BACKUP, *DELIVERY)
