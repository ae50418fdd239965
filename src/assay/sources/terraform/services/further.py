"""Services of which few types are judged: firewalls, workflows, desktops, devices, models, artifacts, private lines."""

from collections.abc import Mapping

from assay.inventory.values import Value
from assay.sources.terraform.mapping import HERE, LEFT, Entry, Turned, Values, left


def _named(value: Value) -> Value:
    return {"Name": value}


def _tunnels(values: Values) -> Mapping[str, Value]:
    """Return the options of both tunnels, which Terraform tells apart by the beginnings of names."""
    found = [_tunnel(values, f"tunnel{number}_") for number in (1, 2)]
    return {"VpnTunnelOptionsSpecifications": found if any(found) else None}


_TUNNEL = {
    "dpd_timeout_action": "DPDTimeoutAction",
    "dpd_timeout_seconds": "DPDTimeoutSeconds",
    "enable_tunnel_lifecycle_control": "EnableTunnelLifecycleControl",
    "inside_cidr": "TunnelInsideCidr",
    "inside_ipv6_cidr": "TunnelInsideIpv6Cidr",
    "phase1_lifetime_seconds": "Phase1LifetimeSeconds",
    "phase2_lifetime_seconds": "Phase2LifetimeSeconds",
    "preshared_key": "PreSharedKey",
    "rekey_fuzz_percentage": "RekeyFuzzPercentage",
    "rekey_margin_time_seconds": "RekeyMarginTimeSeconds",
    "replay_window_size": "ReplayWindowSize",
    "startup_action": "StartupAction",
}
_TUNNEL_LISTS = {
    "ike_versions": "IKEVersions",
    "phase1_dh_group_numbers": "Phase1DHGroupNumbers",
    "phase1_encryption_algorithms": "Phase1EncryptionAlgorithms",
    "phase1_integrity_algorithms": "Phase1IntegrityAlgorithms",
    "phase2_dh_group_numbers": "Phase2DHGroupNumbers",
    "phase2_encryption_algorithms": "Phase2EncryptionAlgorithms",
    "phase2_integrity_algorithms": "Phase2IntegrityAlgorithms",
}
_TUNNEL_LOGS = {
    "bgp_log_enabled": "BgpLogEnabled",
    "bgp_log_group_arn": "BgpLogGroupArn",
    "bgp_log_output_format": "BgpLogOutputFormat",
    "log_enabled": "LogEnabled",
    "log_group_arn": "LogGroupArn",
    "log_output_format": "LogOutputFormat",
}


def _tunnel(values: Values, prefix: str) -> dict[str, Value]:
    found = {name: values.get(prefix + key) for key, name in _TUNNEL.items()}
    for key, name in _TUNNEL_LISTS.items():
        stated = values.get(prefix + key)
        found[name] = [{"Value": each} for each in stated] if isinstance(stated, list) else stated
    logs = values.get(f"{prefix}log_options")
    first = logs[0] if isinstance(logs, list) and logs else None
    inner = first.get("cloudwatch_log_options") if isinstance(first, Mapping) else None
    stated = inner[0] if isinstance(inner, list) and inner else None
    if isinstance(stated, Mapping):
        kept = {name: stated[key] for key, name in _TUNNEL_LOGS.items() if stated.get(key) not in (None, "")}
        found["LogOptions"] = {"CloudwatchLogOptions": kept}
    return {name: each for name, each in found.items() if each not in (None, "", [])}


_NETWORK: tuple[Entry, ...] = (
    Entry(
        "aws_networkfirewall_firewall",
        "AWS::NetworkFirewall::Firewall",
        {
            "name": "FirewallName",
            "availability_zone_mapping.availability_zone_id": "AvailabilityZone",
            **left("encryption_configuration", "firewall_status", "transit_gateway_owner_account_id", "update_token"),
        },
        computed=("availability_zone_mapping", "encryption_configuration", "firewall_status"),
    ),
    Entry(
        "aws_networkfirewall_firewall_policy",
        "AWS::NetworkFirewall::FirewallPolicy",
        {
            "name": "FirewallPolicyName",
            "firewall_policy.policy_variables": LEFT,
            **left("encryption_configuration", "update_token"),
        },
    ),
    Entry(
        "aws_vpn_connection",
        "AWS::EC2::VPNConnection",
        left(
            "core_network_arn",
            "core_network_attachment_arn",
            "customer_gateway_configuration",
            "preshared_key_arn",
            "routes",
            "transit_gateway_attachment_id",
            "vgw_telemetry",
            *(
                f"tunnel{number}_{name}"
                for number in (1, 2)
                for name in ("address", "bgp_asn", "bgp_holdtime", "cgw_inside_address", "vgw_inside_address")
            ),
        ),
        computed=("tunnel1_log_options", "tunnel2_log_options"),
        derive=_tunnels,
        derived=tuple(
            f"tunnel{number}_{name}" for number in (1, 2) for name in (*_TUNNEL, *_TUNNEL_LISTS, "log_options")
        ),
    ),
    Entry(
        "aws_vpc_block_public_access_options",
        "AWS::EC2::VPCBlockPublicAccessOptions",
        left("aws_account_id", "aws_region"),
    ),
    Entry("aws_ebs_snapshot_block_public_access", "AWS::EC2::SnapshotBlockPublicAccess"),
    Entry(
        "aws_globalaccelerator_accelerator",
        "AWS::GlobalAccelerator::Accelerator",
        {
            "attributes": HERE,
            "attributes.flow_logs_enabled": "FlowLogsEnabled",
            "attributes.flow_logs_s3_bucket": "FlowLogsS3Bucket",
            "attributes.flow_logs_s3_prefix": "FlowLogsS3Prefix",
            **left("hosted_zone_id", "ip_sets"),
        },
    ),
    Entry("aws_oam_sink", "AWS::Oam::Sink", left("sink_id")),
    Entry("aws_oam_sink_policy", "AWS::Oam::Sink", left("sink_id", "sink_identifier"), part_of="sink_identifier"),
)

_PLATFORMS: tuple[Entry, ...] = (
    Entry(
        "aws_mwaa_environment",
        "AWS::MWAA::Environment",
        left("created_at", "last_updated", "service_role_arn", "status"),
        computed=("logging_configuration",),
    ),
    Entry(
        "aws_apprunner_service",
        "AWS::AppRunner::Service",
        computed=("network_configuration", "health_check_configuration", "instance_configuration"),
    ),
    Entry(
        "aws_appstream_fleet",
        "AWS::AppStream::Fleet",
        left(
            "compute_capacity.available",
            "compute_capacity.in_use",
            "compute_capacity.running",
            "created_time",
            "state",
        ),
    ),
    Entry(
        "aws_synthetics_canary",
        "AWS::Synthetics::Canary",
        {
            "handler": "Code.Handler",
            "s3_bucket": "Code.S3Bucket",
            "s3_key": "Code.S3Key",
            "s3_version": "Code.S3ObjectVersion",
            "start_canary": "StartCanaryAfterCreation",
            **left("delete_lambda", "engine_arn", "source_location_arn", "status", "timeline", "zip_file"),
        },
        computed=("artifact_config", "run_config"),
    ),
    Entry(
        "aws_elastic_beanstalk_environment",
        "AWS::ElasticBeanstalk::Environment",
        {
            "application": "ApplicationName",
            "name": "EnvironmentName",
            "setting": "OptionSettings",
            "setting.name": "OptionName",
            "setting.resource": "ResourceName",
            "tier": Turned("Tier", _named),
            **left(
                "all_settings",
                "autoscaling_groups",
                "cname",
                "instances",
                "launch_configurations",
                "load_balancers",
                "poll_interval",
                "queues",
                "triggers",
                "wait_for_ready_timeout",
            ),
        },
    ),
    Entry(
        "aws_workspaces_directory",
        "AWS::WorkSpaces::Directory",
        computed=("self_service_permissions", "workspace_access_properties", "workspace_creation_properties"),
    ),
    Entry(
        "aws_emrserverless_application",
        "AWS::EMRServerless::Application",
        left(
            "initial_capacity",
            "monitoring_configuration.cloudwatch_logging_configuration.log_types",
        ),
        computed=("image_configuration", "maximum_capacity", "monitoring_configuration"),
    ),
    Entry(
        "aws_glue_dev_endpoint",
        "AWS::Glue::DevEndpoint",
        {
            "name": "EndpointName",
            **left(
                "availability_zone",
                "failure_reason",
                "private_address",
                "public_address",
                "status",
                "vpc_id",
                "yarn_endpoint_address",
                "zeppelin_remote_spark_interpreter_port",
            ),
        },
    ),
    Entry(
        "aws_cloudformation_stack_set",
        "AWS::CloudFormation::StackSet",
        {"name": "StackSetName"},
        computed=("operation_preferences", "managed_execution"),
    ),
)

_DATABASES: tuple[Entry, ...] = (
    Entry("aws_timestreamwrite_database", "AWS::Timestream::Database", left("table_count")),
    Entry("aws_timestreaminfluxdb_db_instance", "AWS::Timestream::InfluxDBInstance"),
    Entry("aws_docdbelastic_cluster", "AWS::DocDBElastic::Cluster", {"name": "ClusterName", **left("endpoint")}),
    Entry(
        "aws_neptune_global_cluster",
        "AWS::Neptune::GlobalCluster",
        left("global_cluster_members", "global_cluster_resource_id", "status"),
    ),
    Entry(
        "aws_keyspaces_table",
        "AWS::Cassandra::Table",
        {
            "encryption_specification.type": "EncryptionType",
            "point_in_time_recovery": HERE,
            "point_in_time_recovery.status": Turned("PointInTimeRecoveryEnabled", lambda value: value == "ENABLED"),
            **left("capacity_specification", "client_side_timestamps", "comment", "schema_definition", "ttl"),
        },
        computed=(
            "capacity_specification",
            "client_side_timestamps",
            "comment",
            "encryption_specification",
            "point_in_time_recovery",
            "ttl",
        ),
    ),
    Entry(
        "aws_dms_replication_task",
        "AWS::DMS::ReplicationTask",
        {"replication_task_id": "ReplicationTaskIdentifier", **left("start_replication_task", "status")},
    ),
    Entry(
        "aws_s3_directory_bucket",
        "AWS::S3Express::DirectoryBucket",
        {
            "bucket": "BucketName",
            "location": HERE,
            "location.name": "LocationName",
            **left("location.type", "type"),
        },
    ),
    Entry(
        "aws_backup_logically_air_gapped_vault",
        "AWS::Backup::LogicallyAirGappedBackupVault",
        {"name": "BackupVaultName"},
    ),
)

_MODELS: tuple[Entry, ...] = (
    Entry(
        "aws_bedrock_guardrail",
        "AWS::Bedrock::Guardrail",
        {
            "content_policy_config.tier_config": "ContentFiltersTierConfig",
            "cross_region_config.guardrail_profile_identifier": "GuardrailProfileArn",
            "topic_policy_config.tier_config": "TopicsTierConfig",
        },
    ),
    Entry(
        "aws_bedrockagent_agent",
        "AWS::Bedrock::Agent",
        left(
            "prepare_agent",
            "prompt_override_configuration.prompt_configurations.inference_configuration.max_length",
            "skip_resource_in_use_check",
        ),
        computed=("prompt_override_configuration", "session_summary_configuration", "memory_configuration"),
    ),
    Entry(
        "aws_iot_policy",
        "AWS::IoT::Policy",
        {"name": "PolicyName", "policy": "PolicyDocument", **left("default_version_id")},
    ),
)

_ARTIFACTS: tuple[Entry, ...] = (
    Entry(
        "aws_codeartifact_domain",
        "AWS::CodeArtifact::Domain",
        {
            "domain": "DomainName",
            **left("asset_size_bytes", "created_time", "owner", "repository_count", "s3_bucket_arn"),
        },
    ),
    Entry(
        "aws_codeartifact_repository",
        "AWS::CodeArtifact::Repository",
        {
            "domain": "DomainName",
            "repository": "RepositoryName",
            **left("administrator_account", "external_connections", "upstream"),
        },
        computed=("external_connections", "upstream"),
    ),
    Entry(
        "aws_codeartifact_domain_permissions_policy",
        "AWS::CodeArtifact::Domain",
        {
            "policy_document": "PermissionsPolicyDocument",
            **left("domain", "domain_owner", "policy_revision", "resource_arn"),
        },
        part_of="domain",
    ),
    Entry(
        "aws_codeartifact_repository_permissions_policy",
        "AWS::CodeArtifact::Repository",
        {
            "policy_document": "PermissionsPolicyDocument",
            **left("domain", "domain_owner", "policy_revision", "repository", "resource_arn"),
        },
        part_of="repository",
    ),
    Entry(
        "aws_codedeploy_deployment_config",
        "AWS::CodeDeploy::DeploymentConfig",
        {
            "traffic_routing_config.time_based_canary.interval": "CanaryInterval",
            "traffic_routing_config.time_based_canary.percentage": "CanaryPercentage",
            "traffic_routing_config.time_based_linear.interval": "LinearInterval",
            "traffic_routing_config.time_based_linear.percentage": "LinearPercentage",
            **left("deployment_config_id"),
        },
    ),
    Entry(
        "aws_transfer_connector",
        "AWS::Transfer::Connector",
    ),
    Entry("aws_organizations_resource_policy", "AWS::Organizations::ResourcePolicy"),
    Entry(
        "aws_xray_resource_policy",
        "AWS::XRay::ResourcePolicy",
        left("last_updated_time", "policy_revision_id"),
    ),
)

TABLE = (*_NETWORK, *_PLATFORMS, *_DATABASES, *_MODELS, *_ARTIFACTS)
