"""SNS, SQS, Amazon MQ, MSK, Kinesis, Data Firehose, EventBridge and its Scheduler."""

from collections.abc import Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import LEFT, Entry, Turned, Values, either, left

_FEEDBACK = ("application", "firehose", "http", "lambda", "sqs")


def _deliveries(values: Values) -> Mapping[str, Value]:
    """Return the roles that write down deliveries, one entry for each protocol."""
    found: list[Value] = []
    for protocol in _FEEDBACK:
        stated = {
            "Protocol": "http/s" if protocol == "http" else protocol,
            "SuccessFeedbackRoleArn": values.get(f"{protocol}_success_feedback_role_arn") or None,
            "FailureFeedbackRoleArn": values.get(f"{protocol}_failure_feedback_role_arn") or None,
            "SuccessFeedbackSampleRate": values.get(f"{protocol}_success_feedback_sample_rate"),
        }
        if stated["SuccessFeedbackRoleArn"] or stated["FailureFeedbackRoleArn"]:
            found.append({key: each for key, each in stated.items() if each is not None})
    return {"DeliveryStatusLogging": found or None}


def _queue(values: Values) -> Mapping[str, Value]:
    """Return the encryption with keys of the queue service, which a key of one's own excludes."""
    managed = values.get("sqs_managed_sse_enabled")
    return {} if managed is None or values.get("kms_master_key_id") else {"SqsManagedSseEnabled": managed}


QUEUES: tuple[Entry, ...] = (
    Entry(
        "aws_sns_topic",
        "AWS::SNS::Topic",
        {
            "policy": "Policy",
            "tracing_config": "TracingConfig",
            "archive_policy": "ArchivePolicy",
            "name": "TopicName",
            **left("beginning_archive_time", "delivery_policy", "name_prefix", "owner"),
        },
        derive=_deliveries,
        derived=tuple(
            f"{protocol}_{outcome}"
            for protocol in _FEEDBACK
            for outcome in ("success_feedback_role_arn", "failure_feedback_role_arn", "success_feedback_sample_rate")
        ),
    ),
    Entry(
        "aws_sns_topic_policy",
        "AWS::SNS::TopicInlinePolicy",
        {"arn": "TopicArn", "policy": "PolicyDocument", **left("owner")},
    ),
    Entry(
        "aws_sns_topic_subscription",
        "AWS::SNS::Subscription",
        left(
            "confirmation_timeout_in_minutes",
            "confirmation_was_authenticated",
            "endpoint_auto_confirms",
            "pending_confirmation",
        ),
    ),
    Entry(
        "aws_sqs_queue",
        "AWS::SQS::Queue",
        {
            "max_message_size": "MaximumMessageSize",
            "message_retention_seconds": "MessageRetentionPeriod",
            "name": "QueueName",
            "policy": "Policy",
            "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
            "visibility_timeout_seconds": "VisibilityTimeout",
            "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
            **left("name_prefix", "url"),
        },
        derive=_queue,
        derived=("sqs_managed_sse_enabled",),
    ),
    Entry(
        "aws_sqs_queue_policy",
        "AWS::SQS::QueueInlinePolicy",
        {"queue_url": "Queue", "policy": "PolicyDocument"},
    ),
    Entry("aws_sqs_queue_redrive_policy", "AWS::SQS::Queue", left("queue_url"), part_of="queue_url"),
    Entry("aws_sqs_queue_redrive_allow_policy", "AWS::SQS::Queue", left("queue_url"), part_of="queue_url"),
)

BROKERS: tuple[Entry, ...] = (
    Entry(
        "aws_mq_broker",
        "AWS::AmazonMQ::Broker",
        {
            "broker_name": "BrokerName",
            "configuration": "Configuration",
            "logs": "Logs",
            "maintenance_window_start_time": "MaintenanceWindowStartTime",
            "user": "Users",
            "user.groups": "Groups",
            **left(
                "data_replication_primary_broker_arn",
                "instances",
                "pending_data_replication_mode",
                "user.replication_user",
            ),
        },
        defaults={"auto_minor_version_upgrade": False, "publicly_accessible": False},
        computed=("configuration", "logs", "maintenance_window_start_time", "encryption_options"),
    ),
    Entry(
        "aws_msk_cluster",
        "AWS::MSK::Cluster",
        {
            "broker_node_group_info.az_distribution": "BrokerAZDistribution",
            "broker_node_group_info.ebs_volume_size": "StorageInfo.EBSStorageInfo.VolumeSize",
            "broker_node_group_info.storage_info.ebs_storage_info": "EBSStorageInfo",
            "broker_node_group_info.connectivity_info.vpc_connectivity": "VpcConnectivity",
            "broker_node_group_info.connectivity_info.vpc_connectivity.client_authentication.sasl.iam": Turned(
                "Iam", lambda value: {"Enabled": value}
            ),
            "broker_node_group_info.connectivity_info.vpc_connectivity.client_authentication.sasl.scram": Turned(
                "Scram", lambda value: {"Enabled": value}
            ),
            "broker_node_group_info.connectivity_info.vpc_connectivity.client_authentication.tls": Turned(
                "Tls", lambda value: {"Enabled": value}
            ),
            "client_authentication.sasl.iam": Turned("Iam", lambda value: {"Enabled": value}),
            "client_authentication.sasl.scram": Turned("Scram", lambda value: {"Enabled": value}),
            "client_authentication.unauthenticated": Turned("Unauthenticated", lambda value: {"Enabled": value}),
            "client_authentication.tls": "Tls",
            "client_authentication.tls.certificate_authority_arns": "CertificateAuthorityArnList",
            "encryption_info.encryption_at_rest_kms_key_arn": "EncryptionAtRest.DataVolumeKMSKeyId",
            "encryption_info.encryption_in_transit": "EncryptionInTransit",
            "logging_info.broker_logs.cloudwatch_logs": "CloudWatchLogs",
            "open_monitoring.prometheus.jmx_exporter": "JmxExporter",
            "open_monitoring.prometheus.node_exporter": "NodeExporter",
            **left(
                "bootstrap_brokers",
                "bootstrap_brokers_sasl_iam",
                "bootstrap_brokers_sasl_scram",
                "bootstrap_brokers_tls",
                "cluster_uuid",
                "current_version",
                "rebalancing",
                "zookeeper_connect_string",
                "zookeeper_connect_string_tls",
                "bootstrap_brokers_public_sasl_iam",
                "bootstrap_brokers_public_sasl_scram",
                "bootstrap_brokers_public_tls",
                "bootstrap_brokers_vpc_connectivity_sasl_iam",
                "bootstrap_brokers_vpc_connectivity_sasl_scram",
                "bootstrap_brokers_vpc_connectivity_tls",
            ),
        },
        # What AWS takes when nothing is said. Stated without its parts, the block means the same.
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/msk_cluster
        computed=("broker_node_group_info.connectivity_info", "broker_node_group_info.storage_info", "rebalancing"),
    ),
    Entry(
        "aws_mskconnect_connector",
        "AWS::KafkaConnect::Connector",
        {
            "kafkaconnect_version": "KafkaConnectVersion",
            "plugin": "Plugins",
            "plugin.custom_plugin.arn": "CustomPluginArn",
            "worker_configuration.arn": "WorkerConfigurationArn",
            "kafka_cluster_client_authentication": "KafkaClusterClientAuthentication",
            "kafka_cluster_encryption_in_transit": "KafkaClusterEncryptionInTransit",
            "kafka_cluster.apache_kafka_cluster.vpc": "Vpc",
            "log_delivery.worker_log_delivery.cloudwatch_logs": "CloudWatchLogs",
            "log_delivery.worker_log_delivery.s3": "S3",
            "name": "ConnectorName",
            "description": "ConnectorDescription",
            **left("version"),
        },
    ),
)


def _encrypted(values: Values) -> Mapping[str, Value]:
    kind, key = values.get("encryption_type"), values.get("kms_key_id")
    if kind in (None, "NONE", ""):
        return {}
    return {"StreamEncryption": {"EncryptionType": kind, "KeyId": key} if key else {"EncryptionType": kind}}


_S3_DESTINATION: dict[str, str | Turned] = {
    "cloudwatch_logging_options": "CloudWatchLoggingOptions",
    "buffering_interval": "BufferingHints.IntervalInSeconds",
    "buffering_size": "BufferingHints.SizeInMBs",
    "buffer_interval": "BufferingHints.IntervalInSeconds",
    "buffer_size": "BufferingHints.SizeInMBs",
    "kms_key_arn": "EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN",
}
_SKIPPED = left(
    "processing_configuration",
    "data_format_conversion_configuration",
    "dynamic_partitioning_configuration",
    "s3_configuration",
    "s3_backup_configuration",
    "buffering_interval",
    "buffering_size",
    "secrets_manager_configuration",
)


def _destination(block: str, rows: Mapping[str, str | Turned]) -> dict[str, str | Turned]:
    kept = {"cloudwatch_logging_options": "CloudWatchLoggingOptions", **_SKIPPED, **rows}
    return {f"{block}.{key}": row for key, row in kept.items()}


def _sse(blocks: Value) -> Value:
    """Return the encryption of a stream; the block may stand there and be switched off."""
    first = blocks[0] if isinstance(blocks, list) and blocks else None
    if not isinstance(first, Mapping) or first.get("enabled") is False or first.get("enabled") is None:
        return None
    if isinstance(first["enabled"], Unknown):
        return first["enabled"]
    key = first.get("key_arn")
    kind = first.get("key_type") or "AWS_OWNED_CMK"
    return {"KeyType": kind, "KeyARN": key} if key else {"KeyType": kind}


STREAMS: tuple[Entry, ...] = (
    Entry(
        "aws_kinesis_stream",
        "AWS::Kinesis::Stream",
        {
            "retention_period": "RetentionPeriodHours",
            "stream_mode_details": "StreamModeDetails",
            "shard_level_metrics": LEFT,
            "max_record_size_in_kib": "MaxRecordSizeInKiB",
            **left("enforce_consumer_deletion"),
        },
        computed=("stream_mode_details",),
        derive=_encrypted,
        derived=("encryption_type", "kms_key_id"),
    ),
    Entry(
        "aws_kinesis_firehose_delivery_stream",
        "AWS::KinesisFirehose::DeliveryStream",
        {
            "name": "DeliveryStreamName",
            "kinesis_source_configuration": "KinesisStreamSourceConfiguration",
            "kinesis_source_configuration.kinesis_stream_arn": "KinesisStreamARN",
            "server_side_encryption": Turned("DeliveryStreamEncryptionConfigurationInput", _sse),
            "extended_s3_configuration": "ExtendedS3DestinationConfiguration",
            "s3_configuration": "S3DestinationConfiguration",
            "redshift_configuration": "RedshiftDestinationConfiguration",
            "splunk_configuration": "SplunkDestinationConfiguration",
            "http_endpoint_configuration": "HttpEndpointDestinationConfiguration",
            "elasticsearch_configuration": "ElasticsearchDestinationConfiguration",
            "opensearch_configuration": "AmazonopensearchserviceDestinationConfiguration",
            **{f"s3_configuration.{key}": row for key, row in _S3_DESTINATION.items()},
            **_destination("extended_s3_configuration", _S3_DESTINATION),
            **_destination(
                "redshift_configuration",
                {
                    "cluster_jdbcurl": "ClusterJDBCURL",
                    "data_table_name": "CopyCommand.DataTableName",
                    "data_table_columns": "CopyCommand.DataTableColumns",
                    "copy_options": "CopyCommand.CopyOptions",
                    "retry_duration": "RetryOptions.DurationInSeconds",
                },
            ),
            **_destination(
                "splunk_configuration",
                {
                    "hec_token": "HECToken",
                    "hec_endpoint": "HECEndpoint",
                    "hec_endpoint_type": "HECEndpointType",
                    "hec_acknowledgment_timeout": "HECAcknowledgmentTimeoutInSeconds",
                    "retry_duration": "RetryOptions.DurationInSeconds",
                },
            ),
            **_destination(
                "http_endpoint_configuration",
                {
                    "url": "EndpointConfiguration.Url",
                    "name": "EndpointConfiguration.Name",
                    "access_key": "EndpointConfiguration.AccessKey",
                    "role_arn": "RoleARN",
                    "request_configuration": "RequestConfiguration",
                    "request_configuration.common_attributes": LEFT,
                    "retry_duration": "RetryOptions.DurationInSeconds",
                },
            ),
            **_destination(
                "elasticsearch_configuration",
                {
                    "retry_duration": "RetryOptions.DurationInSeconds",
                    "vpc_config": "VpcConfiguration",
                    "vpc_config.vpc_id": LEFT,
                },
            ),
            **_destination(
                "opensearch_configuration",
                {
                    "retry_duration": "RetryOptions.DurationInSeconds",
                    "vpc_config": "VpcConfiguration",
                    "vpc_config.vpc_id": LEFT,
                    "document_id_options": LEFT,
                },
            ),
            **left(
                "destination",
                "destination_id",
                "iceberg_configuration",
                "msk_source_configuration",
                "opensearchserverless_configuration",
                "snowflake_configuration",
                "version_id",
            ),
        },
        derive=lambda values: (
            {"DeliveryStreamType": "KinesisStreamAsSource"} if values.get("kinesis_source_configuration") else {}
        ),
    ),
)


def _schedule(values: Values) -> Mapping[str, Value]:
    enabled, state = values.get("is_enabled"), values.get("state")
    if state:
        return {"State": state}
    if isinstance(enabled, bool):
        return {"State": "ENABLED" if enabled else "DISABLED"}
    return {}


EVENTS: tuple[Entry, ...] = (
    Entry(
        "aws_cloudwatch_event_rule",
        "AWS::Events::Rule",
        left("name_prefix"),
        derive=_schedule,
        derived=("is_enabled", "state"),
    ),
    Entry(
        "aws_cloudwatch_event_target",
        "AWS::Events::Rule",
        left("rule", "event_bus_name", "arn", "target_id"),
        derive=lambda values: {"Targets": [_target(values)]},
        part_of="rule",
        adds=("Targets",),
        derived=(
            "dead_letter_config",
            "role_arn",
            "input",
            "input_path",
            "retry_policy",
            "run_command_targets",
            "ecs_target",
            "batch_target",
            "kinesis_target",
            "sqs_target",
            "http_target",
            "input_transformer",
            "redshift_target",
            "sagemaker_pipeline_target",
            "appsync_target",
        ),
    ),
    Entry("aws_cloudwatch_event_bus", "AWS::Events::EventBus", left("event_source_name")),
    Entry(
        "aws_cloudwatch_event_bus_policy",
        "AWS::Events::EventBusPolicy",
        {"policy": "Statement"},
        derive=lambda values: {"StatementId": "policy"},
    ),
    Entry("aws_cloudwatch_event_permission", "AWS::Events::EventBusPolicy"),
    Entry(
        "aws_scheduler_schedule",
        "AWS::Scheduler::Schedule",
        {
            "target.ecs_parameters": "EcsParameters",
            "target.ecs_parameters.network_configuration.assign_public_ip": Turned(
                "AwsvpcConfiguration.AssignPublicIp", either("ENABLED", "DISABLED")
            ),
            "target.ecs_parameters.network_configuration.subnets": "AwsvpcConfiguration.Subnets",
            "target.ecs_parameters.network_configuration.security_groups": "AwsvpcConfiguration.SecurityGroups",
            "target.sagemaker_pipeline_parameters": LEFT,
            "target.eventbridge_parameters": "EventBridgeParameters",
            "target.ecs_parameters.tags": LEFT,
            **left("name_prefix", "action_after_completion"),
        },
    ),
)


def _target(values: Values) -> Value:
    stated: dict[str, Value] = {"Id": values.get("target_id"), "Arn": values.get("arn")}
    stated |= {"RoleArn": values.get("role_arn") or None}
    blocks = values.get("dead_letter_config")
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Mapping):
            stated["DeadLetterConfig"] = {"Arn": block.get("arn")}
    if isinstance(blocks, Unknown):
        stated["DeadLetterConfig"] = blocks
    return {key: each for key, each in stated.items() if each is not None}


TABLE = (*QUEUES, *BROKERS, *STREAMS, *EVENTS)
