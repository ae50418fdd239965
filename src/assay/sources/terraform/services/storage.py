"""File systems: EFS, FSx, Transfer Family; and search and analytics: OpenSearch, Athena, Glue, EMR, SageMaker, DMS."""

from collections.abc import Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import LEFT, Entry, Turned, Values, left


def _lifecycle(value: Value) -> Value:
    """Return one rule for each transition: Terraform may state several of them in one block."""
    names = {
        "transition_to_ia": "TransitionToIA",
        "transition_to_primary_storage_class": "TransitionToPrimaryStorageClass",
        "transition_to_archive": "TransitionToArchive",
    }
    found: list[Value] = []
    for block in value if isinstance(value, list) else ():
        if isinstance(block, Mapping):
            found += [{name: block[key]} for key, name in names.items() if block.get(key)]
    return found or None


FILES: tuple[Entry, ...] = (
    Entry(
        "aws_efs_file_system",
        "AWS::EFS::FileSystem",
        {
            "lifecycle_policy": Turned("LifecyclePolicies", _lifecycle),
            "protection": "FileSystemProtection",
            "protection.replication_overwrite": "ReplicationOverwriteProtection",
            **left(
                "creation_token", "dns_name", "name", "number_of_mount_targets", "size_in_bytes", "availability_zone_id"
            ),
        },
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/efs_file_system
        defaults={"encrypted": False},
        computed=("protection", "lifecycle_policy"),
    ),
    Entry(
        "aws_efs_file_system_policy",
        "AWS::EFS::FileSystem",
        {"policy": "FileSystemPolicy", **left("file_system_id", "bypass_policy_lockout_safety_check")},
        part_of="file_system_id",
    ),
    Entry(
        "aws_efs_backup_policy",
        "AWS::EFS::FileSystem",
        {"backup_policy": "BackupPolicy", **left("file_system_id")},
        part_of="file_system_id",
    ),
    Entry(
        "aws_efs_mount_target",
        "AWS::EFS::MountTarget",
        left(
            "availability_zone_id",
            "availability_zone_name",
            "dns_name",
            "file_system_arn",
            "mount_target_dns_name",
            "network_interface_id",
        ),
    ),
    Entry(
        "aws_efs_access_point",
        "AWS::EFS::AccessPoint",
        {"root_directory.creation_info.permissions": "Permissions", **left("file_system_arn")},
        computed=("root_directory", "root_directory.creation_info"),
    ),
    Entry(
        "aws_fsx_windows_file_system",
        "AWS::FSx::FileSystem",
        {
            "active_directory_id": "WindowsConfiguration.ActiveDirectoryId",
            "audit_log_configuration": "WindowsConfiguration.AuditLogConfiguration",
            "audit_log_configuration.file_access_audit_log_level": "FileAccessAuditLogLevel",
            "automatic_backup_retention_days": "WindowsConfiguration.AutomaticBackupRetentionDays",
            "copy_tags_to_backups": "WindowsConfiguration.CopyTagsToBackups",
            "deployment_type": "WindowsConfiguration.DeploymentType",
            "self_managed_active_directory": "WindowsConfiguration.SelfManagedActiveDirectoryConfiguration",
            "self_managed_active_directory.username": "UserName",
            "self_managed_active_directory.domain_join_service_account_secret": "DomainJoinServiceAccountSecret",
            "throughput_capacity": "WindowsConfiguration.ThroughputCapacity",
            "weekly_maintenance_start_time": "WindowsConfiguration.WeeklyMaintenanceStartTime",
            "daily_automatic_backup_start_time": "WindowsConfiguration.DailyAutomaticBackupStartTime",
            "preferred_subnet_id": "WindowsConfiguration.PreferredSubnetId",
            "aliases": "WindowsConfiguration.Aliases",
            **left(
                "disk_iops_configuration",
                "dns_name",
                "final_backup_tags",
                "network_interface_ids",
                "preferred_file_server_ip",
                "remote_administration_endpoint",
                "skip_final_backup",
                "vpc_id",
            ),
        },
        fixed={"FileSystemType": "WINDOWS"},
        defaults={"automatic_backup_retention_days": 7},
        computed=("audit_log_configuration", "disk_iops_configuration"),
    ),
    Entry(
        "aws_fsx_lustre_file_system",
        "AWS::FSx::FileSystem",
        {
            "automatic_backup_retention_days": "LustreConfiguration.AutomaticBackupRetentionDays",
            "copy_tags_to_backups": "LustreConfiguration.CopyTagsToBackups",
            "deployment_type": "LustreConfiguration.DeploymentType",
            "daily_automatic_backup_start_time": "LustreConfiguration.DailyAutomaticBackupStartTime",
            "per_unit_storage_throughput": "LustreConfiguration.PerUnitStorageThroughput",
            "data_compression_type": "LustreConfiguration.DataCompressionType",
            "weekly_maintenance_start_time": "LustreConfiguration.WeeklyMaintenanceStartTime",
            **left(
                "auto_import_policy",
                "data_read_cache_configuration",
                "dns_name",
                "drive_cache_type",
                "efa_enabled",
                "export_path",
                "final_backup_tags",
                "import_path",
                "imported_file_chunk_size",
                "log_configuration",
                "metadata_configuration",
                "mount_name",
                "network_interface_ids",
                "root_squash_configuration",
                "skip_final_backup",
                "throughput_capacity",
                "vpc_id",
            ),
        },
        fixed={"FileSystemType": "LUSTRE"},
        computed=("log_configuration", "metadata_configuration", "data_read_cache_configuration"),
    ),
    Entry(
        "aws_transfer_server",
        "AWS::Transfer::Server",
        {
            "directory_id": "IdentityProviderDetails.DirectoryId",
            "function": "IdentityProviderDetails.Function",
            "invocation_role": "IdentityProviderDetails.InvocationRole",
            "url": "IdentityProviderDetails.Url",
            "host_key": LEFT,
            "sftp_authentication_methods": "IdentityProviderDetails.SftpAuthenticationMethods",
            "post_authentication_login_banner": "PostAuthenticationLoginBanner",
            "pre_authentication_login_banner": "PreAuthenticationLoginBanner",
            "structured_log_destinations": "StructuredLogDestinations",
            **left("endpoint", "host_key_fingerprint", "force_destroy"),
        },
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/transfer_server
        defaults={"security_policy_name": "TransferSecurityPolicy-2018-11"},
        computed=("protocol_details", "s3_storage_options", "workflow_details"),
    ),
)


def _domain(values: Values) -> Mapping[str, Value]:
    """Return the logs by their kind."""
    blocks = values.get("log_publishing_options")
    if isinstance(blocks, Unknown):
        return {"LogPublishingOptions": blocks}
    found: dict[str, Value] = {}
    for each in blocks if isinstance(blocks, list) else ():
        kind = each.get("log_type") if isinstance(each, Mapping) else each
        if isinstance(kind, Unknown):
            return {"LogPublishingOptions": Unknown(kind.reason, present=True)}
        if isinstance(each, Mapping) and isinstance(kind, str):
            enabled = each.get("enabled")
            found[kind] = {
                "CloudWatchLogsLogGroupArn": each.get("cloudwatch_log_group_arn"),
                "Enabled": True if enabled is None else enabled,
            }
    return {"LogPublishingOptions": found or None}


def _search(terraform: str, kind: str, config: str, throughput: str, own: Mapping[str, str | Turned]) -> Entry:
    return Entry(
        terraform,
        kind,
        {
            "cluster_config": config,
            "cluster_config.zone_awareness_config": "ZoneAwarenessConfig",
            "encrypt_at_rest": "EncryptionAtRestOptions",
            "node_to_node_encryption": "NodeToNodeEncryptionOptions",
            "vpc_options": "VPCOptions",
            "ebs_options.ebs_enabled": "EBSEnabled",
            "ebs_options.throughput": throughput,
            "snapshot_options": "SnapshotOptions",
            "advanced_security_options.master_user_options.master_user_arn": "MasterUserARN",
            "domain_endpoint_options.enforce_https": "EnforceHTTPS",
            "domain_endpoint_options.tls_security_policy": "TLSSecurityPolicy",
            "auto_tune_options": LEFT,
            "cluster_config.cold_storage_options": "ColdStorageOptions",
            "off_peak_window_options.off_peak_window": LEFT,
            **own,
            "vpc_options.vpc_id": LEFT,
            **left(
                "advanced_options",
                "dashboard_endpoint",
                "dashboard_endpoint_v2",
                "domain_endpoint_v2_hosted_zone_id",
                "domain_id",
                "endpoint",
                "endpoint_v2",
                "kibana_endpoint",
                "vpc_options.availability_zones",
                "cluster_config.node_options",
                "aiml_options",
                "deployment_strategy_options",
            ),
        },
        computed=(
            "advanced_security_options",
            "auto_tune_options",
            "cluster_config",
            "cluster_config.cold_storage_options",
            "domain_endpoint_options",
            "ebs_options",
            "encrypt_at_rest",
            "node_to_node_encryption",
            "off_peak_window_options",
            "software_update_options",
            "identity_center_options",
            "vpc_options",
        ),
        derive=_domain,
        derived=("log_publishing_options",),
        generated=("log_publishing_options",),
    )


def _access(terraform: str, kind: str) -> Entry:
    return Entry(terraform, kind, left("domain_name"), part_of="domain_name")


SEARCH: tuple[Entry, ...] = (
    _search(
        "aws_opensearch_domain",
        "AWS::OpenSearchService::Domain",
        "ClusterConfig",
        "Throughput",
        {
            "ip_address_type": "IPAddressType",
            "advanced_security_options.jwt_options": "JWTOptions",
            "identity_center_options": "IdentityCenterOptions",
        },
    ),
    _search("aws_elasticsearch_domain", "AWS::Elasticsearch::Domain", "ElasticsearchClusterConfig", LEFT, {}),
    _access("aws_opensearch_domain_policy", "AWS::OpenSearchService::Domain"),
    _access("aws_elasticsearch_domain_policy", "AWS::Elasticsearch::Domain"),
    Entry(
        "aws_opensearchserverless_collection",
        "AWS::OpenSearchServerless::Collection",
        left("collection_endpoint", "dashboard_endpoint", "kms_key_arn"),
    ),
    Entry(
        "aws_opensearchserverless_security_policy", "AWS::OpenSearchServerless::SecurityPolicy", left("policy_version")
    ),
    Entry("aws_opensearchserverless_access_policy", "AWS::OpenSearchServerless::AccessPolicy", left("policy_version")),
)


def _workgroup(values: Values) -> Mapping[str, Value]:
    return {"RecursiveDeleteOption": values.get("force_destroy") or None}


def _s3_encryption(value: Value) -> Value:
    first = value[0] if isinstance(value, list) and value else None
    if not isinstance(first, Mapping):
        return first
    stated = {"S3EncryptionMode": first.get("s3_encryption_mode"), "KmsKeyArn": first.get("kms_key_arn")}
    return [{key: each for key, each in stated.items() if each is not None}]


def _applications(value: Value) -> Value:
    return [{"Name": each} for each in value] if isinstance(value, list) else value


ANALYTICS: tuple[Entry, ...] = (
    Entry(
        "aws_athena_workgroup",
        "AWS::Athena::WorkGroup",
        {
            "configuration": "WorkGroupConfiguration",
            "configuration.publish_cloudwatch_metrics_enabled": "PublishCloudWatchMetricsEnabled",
            "configuration.result_configuration.encryption_configuration.kms_key_arn": "KmsKey",
            "configuration.execution_role": "ExecutionRole",
            "configuration.monitoring_configuration": LEFT,
            "configuration.result_configuration.acl_configuration.s3_acl_option": "S3AclOption",
            "configuration.managed_query_results_configuration.encryption_configuration.kms_key": "KmsKey",
            "configuration.customer_content_encryption_configuration": "CustomerContentEncryptionConfiguration",
            "configuration.identity_center_configuration": LEFT,
            "configuration.enable_minimum_encryption_configuration": LEFT,
        },
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/athena_workgroup
        computed=("configuration.engine_version", "configuration.managed_query_results_configuration"),
        derive=_workgroup,
    ),
    Entry(
        "aws_glue_job",
        "AWS::Glue::Job",
        {
            "role_arn": "Role",
            "default_arguments": "DefaultArguments",
            "connections": "Connections.Connections",
            "command": "Command",
            **left("source_control_details"),
        },
        computed=("execution_property", "notification_property"),
    ),
    Entry(
        "aws_glue_security_configuration",
        "AWS::Glue::SecurityConfiguration",
        {
            "encryption_configuration.cloudwatch_encryption": "CloudWatchEncryption",
            "encryption_configuration.cloudwatch_encryption.cloudwatch_encryption_mode": "CloudWatchEncryptionMode",
            "encryption_configuration.s3_encryption": Turned("S3Encryptions", _s3_encryption),
        },
    ),
    Entry(
        "aws_glue_crawler",
        "AWS::Glue::Crawler",
        {
            "security_configuration": "CrawlerSecurityConfiguration",
            "schedule": "Schedule.ScheduleExpression",
            **left(
                "catalog_target",
                "delta_target",
                "dynamodb_target",
                "hudi_target",
                "iceberg_target",
                "jdbc_target",
                "lake_formation_configuration",
                "lineage_configuration",
                "mongodb_target",
                "s3_target",
            ),
        },
        computed=("lineage_configuration", "recrawl_policy", "schema_change_policy"),
    ),
    Entry(
        "aws_glue_connection",
        "AWS::Glue::Connection",
        {
            "name": "ConnectionInput.Name",
            "connection_type": "ConnectionInput.ConnectionType",
            "connection_properties": "ConnectionInput.ConnectionProperties",
            "description": "ConnectionInput.Description",
            "physical_connection_requirements": "ConnectionInput.PhysicalConnectionRequirements",
            "physical_connection_requirements.security_group_id_list": "SecurityGroupIdList",
            "athena_properties": "ConnectionInput.AthenaProperties",
            **left("match_criteria"),
        },
        defaults={"connection_type": "JDBC"},
    ),
    Entry(
        "aws_glue_data_catalog_encryption_settings",
        "AWS::Glue::DataCatalogEncryptionSettings",
        {
            "data_catalog_encryption_settings": "DataCatalogEncryptionSettings",
            "data_catalog_encryption_settings.connection_password_encryption.aws_kms_key_id": "KmsKeyId",
            "data_catalog_encryption_settings.encryption_at_rest.catalog_encryption_service_role": (
                "CatalogEncryptionServiceRole"
            ),
        },
    ),
    Entry(
        "aws_emr_cluster",
        "AWS::EMR::Cluster",
        {
            "configurations_json": LEFT,
            "ec2_attributes": "Instances",
            "ec2_attributes.emr_managed_master_security_group": "EmrManagedMasterSecurityGroup",
            "ec2_attributes.emr_managed_slave_security_group": "EmrManagedSlaveSecurityGroup",
            "ec2_attributes.key_name": "Ec2KeyName",
            "ec2_attributes.subnet_id": "Ec2SubnetId",
            "ec2_attributes.subnet_ids": "Ec2SubnetIds",
            "ec2_attributes.additional_master_security_groups": Turned(
                "AdditionalMasterSecurityGroups", lambda value: [value]
            ),
            "ec2_attributes.additional_slave_security_groups": Turned(
                "AdditionalSlaveSecurityGroups", lambda value: [value]
            ),
            "ec2_attributes.instance_profile": LEFT,
            "service_role": "ServiceRole",
            "termination_protection": "Instances.TerminationProtected",
            "unhealthy_node_replacement": "Instances.UnhealthyNodeReplacement",
            "log_encryption_kms_key_id": "LogEncryptionKmsKeyId",
            "kerberos_attributes.ad_domain_join_user": "ADDomainJoinUser",
            "kerberos_attributes.ad_domain_join_password": "ADDomainJoinPassword",
            "step": LEFT,
            "bootstrap_action": LEFT,
            "applications": Turned("Applications", _applications),
            **left(
                "additional_info",
                "cluster_state",
                "configurations",
                "core_instance_fleet",
                "core_instance_group",
                "keep_job_flow_alive_when_no_steps",
                "list_steps_states",
                "master_instance_fleet",
                "master_instance_group",
                "master_public_dns",
                "placement_group_config",
                "os_release_label",
            ),
        },
        derive=lambda values: {"JobFlowRole": _profile(values)},
        computed=(
            "core_instance_group",
            "core_instance_fleet",
            "master_instance_group",
            "master_instance_fleet",
            "step",
        ),
    ),
    Entry(
        "aws_emr_security_configuration",
        "AWS::EMR::SecurityConfiguration",
        {"configuration": "SecurityConfiguration", **left("creation_date", "name_prefix")},
    ),
    Entry(
        "aws_sagemaker_notebook_instance",
        "AWS::SageMaker::NotebookInstance",
        {
            "name": "NotebookInstanceName",
            "volume_size": "VolumeSizeInGB",
            "security_groups": "SecurityGroupIds",
            "lifecycle_config_name": "LifecycleConfigName",
            **left("network_interface_id", "url"),
        },
        defaults={"direct_internet_access": "Enabled", "root_access": "Enabled"},
        computed=("instance_metadata_service_configuration",),
    ),
    Entry(
        "aws_sagemaker_model",
        "AWS::SageMaker::Model",
        {
            "name": "ModelName",
            "container": "Containers",
            "primary_container.image": "Image",
            **left(
                "primary_container.model_data_source",
                "container.model_data_source",
                "primary_container.additional_model_data_source",
                "container.additional_model_data_source",
            ),
        },
    ),
    Entry(
        "aws_sagemaker_endpoint_configuration",
        "AWS::SageMaker::EndpointConfig",
        {
            "name": "EndpointConfigName",
            "kms_key_arn": "KmsKeyId",
            "production_variants": "ProductionVariants",
            "production_variants.accelerator_type": LEFT,
            **left("name_prefix", "shadow_production_variants", "data_capture_config", "async_inference_config"),
        },
    ),
    Entry(
        "aws_sagemaker_domain",
        "AWS::SageMaker::Domain",
        left(
            "default_user_settings",
            "default_space_settings",
            "domain_settings",
            "home_efs_file_system_id",
            "retention_policy",
            "security_group_id_for_domain_boundary",
            "single_sign_on_application_arn",
            "single_sign_on_managed_application_instance_id",
            "url",
        ),
        defaults={"app_network_access_type": "PublicInternetOnly"},
    ),
    Entry(
        "aws_dms_replication_instance",
        "AWS::DMS::ReplicationInstance",
        {
            "kms_key_arn": "KmsKeyId",
            "replication_instance_id": "ReplicationInstanceIdentifier",
            "multi_az": "MultiAZ",
            "replication_subnet_group_id": "ReplicationSubnetGroupIdentifier",
            "kerberos_authentication_settings": LEFT,
            **left("replication_instance_arn", "replication_instance_private_ips", "replication_instance_public_ips"),
        },
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dms_replication_instance
        defaults={"auto_minor_version_upgrade": False, "publicly_accessible": False},
    ),
    Entry(
        "aws_dms_endpoint",
        "AWS::DMS::Endpoint",
        {
            "endpoint_id": "EndpointIdentifier",
            "kms_key_arn": "KmsKeyId",
            "kafka_settings.broker": "Broker",
            "mongodb_settings": "MongoDbSettings",
            "elasticsearch_settings.endpoint_uri": "EndpointUri",
            "postgres_settings": "PostgreSqlSettings",
            "service_access_role": LEFT,
            "s3_settings": LEFT,
            "oracle_settings": LEFT,
            "mysql_settings": LEFT,
            **left(
                "pause_replication_tasks",
                "secrets_manager_access_role_arn",
                "secrets_manager_arn",
                "elasticsearch_settings.use_new_mapping_type",
                "kafka_settings.sasl_mechanism",
                "kinesis_settings.use_large_integer_value",
                "postgres_settings.authentication_method",
                "postgres_settings.map_jsonb_as_clob",
                "postgres_settings.map_long_varchar_as",
                "postgres_settings.service_access_role_arn",
            ),
        },
        computed=("kafka_settings", "postgres_settings", "redshift_settings", "mysql_settings"),
    ),
)


def _profile(values: Values) -> Value:
    blocks = values.get("ec2_attributes")
    first = blocks[0] if isinstance(blocks, list) and blocks else None
    return first.get("instance_profile") if isinstance(first, Mapping) else None


TABLE = (*FILES, *SEARCH, *ANALYTICS)
