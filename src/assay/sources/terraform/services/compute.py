"""AWS Lambda, ECS, EKS, ECR, Batch, Step Functions."""

import json
from collections.abc import Mapping

from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.terraform.mapping import LEFT, Entry, Turned, Values, either, left


def _code(values: Values) -> Mapping[str, Value]:
    """Return where the code is: an image, an object of a bucket, or a file beside the configuration."""
    stated = {
        "ImageUri": values.get("image_uri"),
        "S3Bucket": values.get("s3_bucket"),
        "S3Key": values.get("s3_key"),
        "S3ObjectVersion": values.get("s3_object_version"),
        "SourceKMSKeyArn": values.get("source_kms_key_arn"),
    }
    code = {key: each for key, each in stated.items() if each}
    reserved = values.get("reserved_concurrent_executions")
    return {"Code": code or None, "ReservedConcurrentExecutions": None if reserved == -1 else reserved}


def _principal(values: Values) -> Mapping[str, Value]:
    """Return the qualifier with the function's name: an alias or version is a function of its own to who calls it."""
    return {"Action": values.get("action") or "lambda:InvokeFunction"}


LAMBDA: tuple[Entry, ...] = (
    Entry(
        "aws_lambda_function",
        "AWS::Lambda::Function",
        {
            "kms_key_arn": "KmsKeyArn",
            "file_system_config": "FileSystemConfigs",
            "code_signing_config_arn": "CodeSigningConfigArn",
            "image_config.command": "Command",
            **left(
                "code_sha256",
                "durable_config",
                "filename",
                "invoke_arn",
                "last_modified",
                "publish",
                "publish_to",
                "qualified_arn",
                "qualified_invoke_arn",
                "replace_security_groups_on_destroy",
                "replacement_security_group_ids",
                "response_streaming_invoke_arn",
                "signing_job_arn",
                "signing_profile_version_arn",
                "skip_destroy",
                "source_code_hash",
                "source_code_size",
                "tenancy_config",
                "version",
                "capacity_provider_config",
                "vpc_config.vpc_id",
                "snap_start.optimization_status",
            ),
        },
        computed=("tracing_config", "ephemeral_storage", "logging_config", "vpc_config", "snap_start"),
        derive=_code,
        derived=(
            "image_uri",
            "reserved_concurrent_executions",
            "s3_bucket",
            "s3_key",
            "s3_object_version",
            "source_kms_key_arn",
        ),
    ),
    Entry(
        "aws_lambda_permission",
        "AWS::Lambda::Permission",
        {
            "principal_org_id": "PrincipalOrgID",
            "event_source_token": "EventSourceToken",
            **left("qualifier", "statement_id", "statement_id_prefix"),
        },
        derive=_principal,
        derived=("action",),
    ),
    Entry(
        "aws_lambda_function_url",
        "AWS::Lambda::Url",
        {
            "authorization_type": "AuthType",
            "function_name": "TargetFunctionArn",
            **left("function_url", "url_id"),
        },
    ),
    Entry(
        "aws_lambda_function_event_invoke_config",
        "AWS::Lambda::EventInvokeConfig",
        {"maximum_event_age_in_seconds": "MaximumEventAgeInSeconds", "qualifier": "Qualifier"},
        defaults={"qualifier": "$LATEST"},
    ),
    Entry(
        "aws_lambda_event_source_mapping",
        "AWS::Lambda::EventSourceMapping",
        {
            "filter_criteria.filter": "Filters",
            "kms_key_arn": "KmsKeyArn",
            "source_access_configuration": "SourceAccessConfigurations",
            "source_access_configuration.uri": "URI",
            "destination_config.on_failure.destination_arn": "Destination",
            "self_managed_event_source": LEFT,
            "self_managed_event_source.endpoints": LEFT,
            **left(
                "function_arn", "last_modified", "last_processing_result", "state", "state_transition_reason", "uuid"
            ),
        },
        computed=(
            "amazon_managed_kafka_event_source_config",
            "self_managed_kafka_event_source_config",
            "destination_config",
        ),
    ),
    Entry(
        "aws_lambda_code_signing_config",
        "AWS::Lambda::CodeSigningConfig",
        {
            "policies": "CodeSigningPolicies",
            **left("config_id", "last_modified"),
        },
        computed=("policies",),
    ),
    Entry("aws_lambda_alias", "AWS::Lambda::Alias", left("invoke_arn", "routing_config")),
    Entry(
        "aws_lambda_layer_version_permission",
        "AWS::Lambda::LayerVersionPermission",
        {
            "layer_name": "LayerVersionArn",
            **left("policy", "revision_id", "statement_id", "version_number", "skip_destroy"),
        },
    ),
)


def _containers(values: Values) -> Mapping[str, Value]:
    """Return the containers. Terraform takes JSON in the names of the API: CloudFormation's, but for a capital."""
    stated = values.get("container_definitions")
    if isinstance(stated, Unknown) or stated is None:
        return {"ContainerDefinitions": stated}
    try:
        parsed = json.loads(stated) if isinstance(stated, str) else None
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, list):
        reason = Reason(Cause.MALFORMED, "container_definitions", "container_definitions is no JSON list")
        return {"ContainerDefinitions": Unknown(reason, present=True)}
    return {"ContainerDefinitions": [_capitals(each) for each in parsed]}


_FREE = frozenset({"options", "dockerLabels"})  # their keys are the user's own


def _capitals(value: Value, depth: int = 0) -> Value:
    if depth > 20:
        return None
    if isinstance(value, Mapping):
        return {
            key[:1].upper() + key[1:]: dict(each)
            if key in _FREE and isinstance(each, Mapping)
            else _capitals(each, depth + 1)
            for key, each in value.items()
        }
    return [_capitals(each, depth + 1) for each in value] if isinstance(value, list) else value


def _network(block: str) -> dict[str, str | Turned]:
    public = Turned("AwsvpcConfiguration.AssignPublicIp", either("ENABLED", "DISABLED"))
    return {
        f"{block}.subnets": "AwsvpcConfiguration.Subnets",
        f"{block}.security_groups": "AwsvpcConfiguration.SecurityGroups",
        f"{block}.assign_public_ip": public,
    }


ECS: tuple[Entry, ...] = (
    Entry(
        "aws_ecs_cluster",
        "AWS::ECS::Cluster",
        {
            "name": "ClusterName",
            "setting": "ClusterSettings",
            "configuration.execute_command_configuration.log_configuration.s3_bucket_encryption_enabled": (
                "S3EncryptionEnabled"
            ),
            "default_capacity_provider_strategy": "DefaultCapacityProviderStrategy",
        },
        computed=("setting",),
    ),
    Entry(
        "aws_ecs_service",
        "AWS::ECS::Service",
        {
            "name": "ServiceName",
            "iam_role": "Role",
            "alarms": "DeploymentConfiguration.Alarms",
            "alarms.alarm_names": "AlarmNames",
            "deployment_circuit_breaker": "DeploymentConfiguration.DeploymentCircuitBreaker",
            "deployment_configuration": "DeploymentConfiguration",
            "deployment_maximum_percent": "DeploymentConfiguration.MaximumPercent",
            "deployment_minimum_healthy_percent": "DeploymentConfiguration.MinimumHealthyPercent",
            "enable_ecs_managed_tags": "EnableECSManagedTags",
            "ordered_placement_strategy": "PlacementStrategies",
            "service_connect_configuration.service": "Services",
            "service_connect_configuration.service.client_alias": "ClientAliases",
            "service_connect_configuration.service.tls.issuer_cert_authority": "IssuerCertificateAuthority",
            "volume_configuration": "VolumeConfigurations",
            "volume_configuration.managed_ebs_volume": "ManagedEBSVolume",
            "volume_configuration.managed_ebs_volume.file_system_type": "FilesystemType",
            "volume_configuration.managed_ebs_volume.size_in_gb": "SizeInGiB",
            "load_balancer.elb_name": "LoadBalancerName",
            **_network("network_configuration"),
            **left("force_new_deployment", "sigint_rollback", "triggers", "wait_for_steady_state", "force_delete"),
        },
        computed=(
            "deployment_configuration",
            "deployment_controller",
            "capacity_provider_strategy",
            "service_registries",
            "network_configuration",
            "deployment_circuit_breaker",
        ),
    ),
    Entry(
        "aws_ecs_task_definition",
        "AWS::ECS::TaskDefinition",
        {
            "volume": "Volumes",
            "volume.host_path": "Host.SourcePath",
            "volume.configure_at_launch": "ConfiguredAtLaunch",
            "volume.efs_volume_configuration": "EFSVolumeConfiguration",
            "volume.efs_volume_configuration.file_system_id": "FilesystemId",
            "volume.fsx_windows_file_server_volume_configuration": "FSxWindowsFileServerVolumeConfiguration",
            "volume.efs_volume_configuration.authorization_config.iam": "IAM",
            "volume.s3files_volume_configuration": LEFT,
            "proxy_configuration.properties": LEFT,
            "enable_fault_injection": "EnableFaultInjection",
            **left("arn_without_revision", "revision", "skip_destroy", "track_latest"),
        },
        derive=_containers,
        derived=("container_definitions",),
        computed=("ephemeral_storage",),
    ),
    Entry(
        "aws_ecs_capacity_provider",
        "AWS::ECS::CapacityProvider",
        {"cluster": LEFT},
        computed=("managed_scaling", "auto_scaling_group_provider.managed_scaling"),
    ),
    Entry(
        "aws_ecs_cluster_capacity_providers",
        "AWS::ECS::Cluster",
        left("cluster_name"),
        part_of="cluster_name",
    ),
)


def _cluster(values: Values) -> Mapping[str, Value]:
    """Return the kinds of logs that are switched on."""
    kinds = values.get("enabled_cluster_log_types")
    if isinstance(kinds, Unknown):
        return {"Logging": kinds}
    if not isinstance(kinds, list) or not kinds:
        return {}
    enabled: Value = [each if isinstance(each, Unknown) else {"Type": each} for each in kinds]
    return {"Logging": {"ClusterLogging": {"EnabledTypes": enabled}}}


EKS: tuple[Entry, ...] = (
    Entry(
        "aws_eks_cluster",
        "AWS::EKS::Cluster",
        {
            "vpc_config": "ResourcesVpcConfig",
            "encryption_config.provider": "Provider",
            "kubernetes_network_config.service_ipv4_cidr": "ServiceIpv4Cidr",
            "kubernetes_network_config.service_ipv6_cidr": "ServiceIpv6Cidr",
            "remote_network_config": "RemoteNetworkConfig",
            **left(
                "certificate_authority",
                "cluster_id",
                "created_at",
                "default_addons_to_remove",
                "endpoint",
                "force_update_version",
                "identity",
                "platform_version",
                "status",
                "vpc_config.cluster_security_group_id",
                "vpc_config.vpc_id",
            ),
        },
        computed=(
            "kubernetes_network_config",
            "access_config",
            "upgrade_policy",
            "compute_config",
            "storage_config",
            "control_plane_scaling_config",
            "kubernetes_network_config.elastic_load_balancing",
        ),
        derive=_cluster,
        derived=("enabled_cluster_log_types",),
    ),
    Entry(
        "aws_eks_node_group",
        "AWS::EKS::Nodegroup",
        {
            "node_group_name": "NodegroupName",
            "node_role_arn": "NodeRole",
            "subnet_ids": "Subnets",
            "launch_template.id": "Id",
            "remote_access.ec2_ssh_key": "Ec2SshKey",
            "remote_access.source_security_group_ids": "SourceSecurityGroups",
            "taint": "Taints",
            "force_update_version": "ForceUpdateEnabled",
            **left("node_group_name_prefix", "resources", "status"),
        },
        computed=("update_config", "node_repair_config", "launch_template"),
    ),
    Entry(
        "aws_eks_fargate_profile",
        "AWS::EKS::FargateProfile",
        {"subnet_ids": "Subnets", "selector": "Selectors", "selector.labels": "-", **left("status")},
    ),
    Entry(
        "aws_eks_addon",
        "AWS::EKS::Addon",
        left("created_at", "modified_at", "preserve", "resolve_conflicts_on_create", "resolve_conflicts_on_update"),
    ),
)


ECR: tuple[Entry, ...] = (
    Entry(
        "aws_ecr_repository",
        "AWS::ECR::Repository",
        {
            "name": "RepositoryName",
            "image_tag_mutability_exclusion_filter": "ImageTagMutabilityExclusionFilters",
            "image_tag_mutability_exclusion_filter.filter": "ImageTagMutabilityExclusionFilterValue",
            "image_tag_mutability_exclusion_filter.filter_type": "ImageTagMutabilityExclusionFilterType",
            **left("force_delete", "registry_id", "repository_url"),
        },
        computed=("encryption_configuration",),
    ),
    Entry(
        "aws_ecr_repository_policy",
        "AWS::ECR::Repository",
        {"policy": "RepositoryPolicyText", **left("registry_id", "repository")},
        part_of="repository",
    ),
    Entry(
        "aws_ecr_lifecycle_policy",
        "AWS::ECR::Repository",
        {"policy": "LifecyclePolicy.LifecyclePolicyText", **left("registry_id", "repository")},
        part_of="repository",
    ),
    Entry("aws_ecr_registry_policy", "AWS::ECR::RegistryPolicy", {"policy": "PolicyText", **left("registry_id")}),
    Entry(
        "aws_ecr_registry_scanning_configuration",
        "AWS::ECR::RegistryScanningConfiguration",
        {
            "rule": "Rules",
            "rule.repository_filter": "RepositoryFilters",
            **left("registry_id"),
        },
    ),
)

BATCH: tuple[Entry, ...] = (
    Entry(
        "aws_batch_job_definition",
        "AWS::Batch::JobDefinition",
        {
            "name": "JobDefinitionName",
            **left(
                "arn_prefix",
                "deregister_on_new_revision",
                "revision",
                "node_properties",
                "ecs_properties",
                "eks_properties",
            ),
        },
        derive=lambda values: _json_object(values, "container_properties", "ContainerProperties"),
        derived=("container_properties",),
    ),
    Entry(
        "aws_batch_compute_environment",
        "AWS::Batch::ComputeEnvironment",
        {
            "name": "ComputeEnvironmentName",
            "compute_environment_name": "ComputeEnvironmentName",
            "compute_resources.instance_type": "InstanceTypes",
            "compute_resources.max_vcpus": "MaxvCpus",
            "compute_resources.min_vcpus": "MinvCpus",
            "compute_resources.desired_vcpus": "DesiredvCpus",
            **left("compute_environment_name_prefix", "name_prefix", "ecs_cluster_arn", "status", "status_reason"),
        },
        computed=("update_policy",),
    ),
)


def _json_object(values: Values, attribute: str, name: str) -> Mapping[str, Value]:
    stated = values.get(attribute)
    if not isinstance(stated, str):
        return {name: stated}
    try:
        return {name: _capitals(json.loads(stated))}
    except (ValueError, RecursionError):
        reason = Reason(Cause.MALFORMED, attribute, f"{attribute} is no JSON")
        return {name: Unknown(reason, present=True)}


def _machine(values: Values) -> Mapping[str, Value]:
    """Return the logging of a state machine, its one destination as the list that CloudFormation takes."""
    blocks = values.get("logging_configuration")
    if isinstance(blocks, Unknown):
        return {"LoggingConfiguration": blocks}
    for each in blocks if isinstance(blocks, list) else ():
        if isinstance(each, Mapping):
            target = each.get("log_destination")
            destinations: Value = [{"CloudWatchLogsLogGroup": {"LogGroupArn": target}}] if target else None
            stated = {
                "Level": each.get("level") or None,
                "IncludeExecutionData": each.get("include_execution_data"),
                "Destinations": destinations,
            }
            return {"LoggingConfiguration": {key: value for key, value in stated.items() if value is not None}}
    return {}


STATES: tuple[Entry, ...] = (
    Entry(
        "aws_sfn_state_machine",
        "AWS::StepFunctions::StateMachine",
        {
            "name": "StateMachineName",
            "type": "StateMachineType",
            "definition": "DefinitionString",
            **left(
                "creation_date",
                "description",
                "name_prefix",
                "publish",
                "revision_id",
                "state_machine_version_arn",
                "status",
                "version_description",
            ),
        },
        computed=("logging_configuration", "tracing_configuration", "encryption_configuration"),
        derive=_machine,
        derived=("logging_configuration",),
        generated=("logging_configuration",),
    ),
)

TABLE = (*LAMBDA, *ECS, *EKS, *ECR, *BATCH, *STATES)
