"""Law 5: one small system, written as a template and as a plan, gives verdicts that agree wherever both know.

Each row says one resource twice. All is read as one template and as one plan, and judged with the whole catalogue.
"""

import datetime
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.sources.terraform.plans import Made, document

from assay.assessment.assess import evaluate_all
from assay.assessment.verdicts import Verdict
from assay.governance.knowledge import knowledge
from assay.inventory.resource import Inventory
from assay.sources import cloudformation, terraform

_TODAY = datetime.date(2026, 11, 25)
_DECIDED = (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class Said:
    """A resource of the system: its type and properties in CloudFormation, and what Terraform makes of it.

    The logical id is the name of the first of Terraform's resources; the others are parts of it.
    """

    type: str
    properties: Mapping[str, Any]
    made: tuple[Made, ...]

    @property
    def name(self) -> str:
        return self.made[0].name


def _statement(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": ["sts:AssumeRole"], **more}


def _policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


_TRUST = _policy(_statement(Principal={"Service": ["lambda.amazonaws.com"]}))
_READ = _policy({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::orders/*"]})
_EVERYTHING = _policy({"Effect": "Allow", "Action": ["*"], "Resource": ["*"]})
_KEY_POLICY = _policy(
    {
        "Effect": "Allow",
        "Action": ["kms:*"],
        "Resource": ["*"],
        "Principal": {"AWS": ["arn:aws:iam::111122223333:root"]},
    }
)
_PUBLIC = _policy(
    {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::open/*"], "Principal": "*"}
)
_TLS = _policy(
    {
        "Effect": "Deny",
        "Action": ["s3:*"],
        "Resource": ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"],
        "Principal": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
)
_QUEUE = _policy({"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["*"], "Principal": "*"})


def _pair(kind: str, properties: Mapping[str, Any], *made: Made) -> Said:
    return Said(kind, properties, made)


def _att(name: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


CAREFUL = (
    _pair(
        "AWS::KMS::Key",
        {"EnableKeyRotation": True, "KeyPolicy": _KEY_POLICY},
        Made("aws_kms_key.Key", {"enable_key_rotation": True, "policy": json.dumps(_KEY_POLICY), "is_enabled": True}),
    ),
    _pair(
        "AWS::S3::Bucket",
        {
            "BucketName": "orders",
            "VersioningConfiguration": {"Status": "Enabled"},
            "LoggingConfiguration": {"DestinationBucketName": "logs", "LogFilePrefix": "orders/"},
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": _att("Key")}}
                ]
            },
            "PublicAccessBlockConfiguration": dict.fromkeys(
                ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
            ),
            "LifecycleConfiguration": {"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 365}]},
            "ObjectLockEnabled": True,
        },
        Made("aws_s3_bucket.Orders", {"bucket": "orders", "object_lock_enabled": True}, {"versioning": True}),
        Made(
            "aws_s3_bucket_versioning.v",
            {"versioning_configuration": [{"status": "Enabled", "mfa_delete": None}]},
            {"bucket": True},
            {"bucket": "aws_s3_bucket.Orders.id"},
        ),
        Made(
            "aws_s3_bucket_logging.l",
            {"bucket": "orders", "target_bucket": "logs", "target_prefix": "orders/"},
        ),
        Made(
            "aws_s3_bucket_server_side_encryption_configuration.e",
            {"rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}]},
            {
                "bucket": True,
                "rule": [{"apply_server_side_encryption_by_default": [{"kms_master_key_id": True}]}],
            },
            {
                "bucket": "aws_s3_bucket.Orders.id",
                "rule": [{"apply_server_side_encryption_by_default": "aws_kms_key.Key.arn"}],
            },
        ),
        Made(
            "aws_s3_bucket_public_access_block.p",
            dict.fromkeys(
                ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
            ),
            {"bucket": True},
            {"bucket": "aws_s3_bucket.Orders.id"},
        ),
        Made(
            "aws_s3_bucket_lifecycle_configuration.c",
            {"bucket": "orders", "rule": [{"id": "old", "status": "Enabled", "expiration": [{"days": 365}]}]},
        ),
    ),
    _pair(
        "AWS::S3::BucketPolicy",
        {"Bucket": {"Ref": "Orders"}, "PolicyDocument": _TLS},
        Made(
            "aws_s3_bucket_policy.OrdersPolicy",
            {"policy": json.dumps(_TLS)},
            {"bucket": True},
            {"bucket": "aws_s3_bucket.Orders.id"},
        ),
    ),
    _pair(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": _TRUST,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            "Policies": [{"PolicyName": "read", "PolicyDocument": _READ}],
        },
        Made("aws_iam_role.Role", {"assume_role_policy": json.dumps(_TRUST), "max_session_duration": 3600}),
        Made(
            "aws_iam_role_policy_attachment.a",
            {"policy_arn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"},
            {"role": True},
            {"role": "aws_iam_role.Role.name"},
        ),
        Made(
            "aws_iam_role_policy.p",
            {"name": "read", "policy": json.dumps(_READ)},
            {"role": True},
            {"role": "aws_iam_role.Role.id"},
        ),
    ),
    _pair(
        "AWS::Lambda::Function",
        {
            "FunctionName": "orders",
            "Role": _att("Role"),
            "Runtime": "python3.13",
            "Handler": "a.b",
            "Code": {"S3Bucket": "code", "S3Key": "a.zip"},
            "TracingConfig": {"Mode": "Active"},
            "Environment": {"Variables": {"TABLE": "orders"}},
            "ReservedConcurrentExecutions": 5,
            "KmsKeyArn": _att("Key"),
        },
        Made(
            "aws_lambda_function.Function",
            {
                "function_name": "orders",
                "runtime": "python3.13",
                "handler": "a.b",
                "s3_bucket": "code",
                "s3_key": "a.zip",
                "tracing_config": [{"mode": "Active"}],
                "environment": [{"variables": {"TABLE": "orders"}}],
                "reserved_concurrent_executions": 5,
                "package_type": "Zip",
            },
            {"role": True, "kms_key_arn": True, "vpc_config": []},
            {"role": "aws_iam_role.Role.arn", "kms_key_arn": "aws_kms_key.Key.arn"},
        ),
    ),
    _pair(
        "AWS::Lambda::Permission",
        {"FunctionName": "orders", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com",
         "SourceAccount": "111122223333"},
        Made(
            "aws_lambda_permission.Permission",
            {
                "function_name": "orders",
                "action": "lambda:InvokeFunction",
                "principal": "s3.amazonaws.com",
                "source_account": "111122223333",
            },
        ),
    ),
    _pair(
        "AWS::RDS::DBInstance",
        {
            "DBInstanceIdentifier": "orders",
            "Engine": "postgres",
            "EngineVersion": "16.4",
            "DBInstanceClass": "db.m7g.large",
            "StorageEncrypted": True,
            "KmsKeyId": _att("Key"),
            "MultiAZ": True,
            "BackupRetentionPeriod": 14,
            "DeletionProtection": True,
            "CopyTagsToSnapshot": True,
            "EnableIAMDatabaseAuthentication": True,
            "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
            "EnablePerformanceInsights": True,
            "MonitoringInterval": 60,
            "PubliclyAccessible": False,
            "ManageMasterUserPassword": True,
            "MasterUsername": "orders_owner",
            "AutoMinorVersionUpgrade": True,
            "Port": "5433",
        },
        Made(
            "aws_db_instance.Database",
            {
                "identifier": "orders",
                "engine": "postgres",
                "engine_version": "16.4",
                "instance_class": "db.m7g.large",
                "storage_encrypted": True,
                "multi_az": True,
                "backup_retention_period": 14,
                "deletion_protection": True,
                "copy_tags_to_snapshot": True,
                "iam_database_authentication_enabled": True,
                "enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"],
                "performance_insights_enabled": True,
                "monitoring_interval": 60,
                "publicly_accessible": False,
                "manage_master_user_password": True,
                "username": "orders_owner",
                "auto_minor_version_upgrade": True,
                "port": 5433,
            },
            {"kms_key_id": True, "ca_cert_identifier": True},
            {"kms_key_id": "aws_kms_key.Key.arn"},
        ),
    ),
    _pair(
        "AWS::DynamoDB::Table",
        {
            "TableName": "orders",
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": _att("Key")},
            "DeletionProtectionEnabled": True,
        },
        Made(
            "aws_dynamodb_table.Table",
            {
                "name": "orders",
                "billing_mode": "PAY_PER_REQUEST",
                "hash_key": "id",
                "attribute": [{"name": "id", "type": "S"}],
                "point_in_time_recovery": [{"enabled": True}],
                "server_side_encryption": [{"enabled": True}],
                "deletion_protection_enabled": True,
            },
            {"server_side_encryption": [{"kms_key_arn": True}]},
            {"server_side_encryption": [{"enabled": "local.yes", "kms_key_arn": "aws_kms_key.Key.arn"}]},
        ),
    ),
    _pair(
        "AWS::SQS::Queue",
        {
            "QueueName": "orders",
            "KmsMasterKeyId": {"Ref": "Key"},
            "RedrivePolicy": {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead", "maxReceiveCount": 3},
        },
        Made(
            "aws_sqs_queue.Queue",
            {
                "name": "orders",
                "redrive_policy": json.dumps(
                    {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead", "maxReceiveCount": 3}
                ),
            },
            {"kms_master_key_id": True},
            {"kms_master_key_id": "aws_kms_key.Key.id"},
        ),
    ),
    _pair(
        "AWS::SNS::Topic",
        {"TopicName": "orders", "KmsMasterKeyId": {"Ref": "Key"}, "TracingConfig": "Active", "SignatureVersion": "2"},
        Made(
            "aws_sns_topic.Topic",
            {"name": "orders", "tracing_config": "Active", "signature_version": 2},
            {"kms_master_key_id": True},
            {"kms_master_key_id": "aws_kms_key.Key.id"},
        ),
    ),
    _pair(
        "AWS::Logs::LogGroup",
        {"LogGroupName": "orders", "RetentionInDays": 400, "KmsKeyId": _att("Key")},
        Made(
            "aws_cloudwatch_log_group.Logs",
            {"name": "orders", "retention_in_days": 400},
            {"kms_key_id": True},
            {"kms_key_id": "aws_kms_key.Key.arn"},
        ),
    ),
    _pair(
        "AWS::CloudTrail::Trail",
        {
            "TrailName": "all",
            "S3BucketName": "trail",
            "IsLogging": True,
            "IsMultiRegionTrail": True,
            "EnableLogFileValidation": True,
            "IncludeGlobalServiceEvents": True,
            "IsOrganizationTrail": True,
            "KMSKeyId": _att("Key"),
        },
        Made(
            "aws_cloudtrail.Trail",
            {
                "name": "all",
                "s3_bucket_name": "trail",
                "is_multi_region_trail": True,
                "enable_log_file_validation": True,
                "is_organization_trail": True,
                "enable_logging": None,
            },
            {"kms_key_id": True},
            {"kms_key_id": "aws_kms_key.Key.arn"},
        ),
    ),
    _pair(
        "AWS::EC2::VPC",
        {"CidrBlock": "10.0.0.0/16"},
        Made("aws_vpc.Network", {"cidr_block": "10.0.0.0/16"}),
    ),
    _pair(
        "AWS::EC2::FlowLog",
        {"ResourceId": {"Ref": "Network"}, "ResourceType": "VPC", "TrafficType": "ALL",
         "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::flow"},
        Made(
            "aws_flow_log.Flow",
            {"traffic_type": "ALL", "log_destination_type": "s3", "log_destination": "arn:aws:s3:::flow"},
            {"vpc_id": True},
            {"vpc_id": "aws_vpc.Network.id"},
        ),
    ),
    _pair(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "orders",
            "VpcId": {"Ref": "Network"},
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16", "Description": "TLS"}
            ],
            "SecurityGroupEgress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16", "Description": "TLS"}
            ],
        },
        Made(
            "aws_security_group.Group",
            {"description": "orders"},
            {"vpc_id": True, "ingress": True, "egress": True},
            {"vpc_id": "aws_vpc.Network.id"},
        ),
        Made(
            "aws_vpc_security_group_ingress_rule.i",
            {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/16", "description": "TLS"},
            {"security_group_id": True},
            {"security_group_id": "aws_security_group.Group.id"},
        ),
        Made(
            "aws_security_group_rule.e",
            {"type": "egress", "protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/16"],
             "description": "TLS", "self": False},
            {"security_group_id": True},
            {"security_group_id": "aws_security_group.Group.id"},
        ),
    ),
    _pair(
        "AWS::EC2::Subnet",
        {"VpcId": {"Ref": "Network"}, "CidrBlock": "10.0.1.0/24", "MapPublicIpOnLaunch": False},
        Made(
            "aws_subnet.Subnet",
            {"cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": False},
            {"vpc_id": True},
            {"vpc_id": "aws_vpc.Network.id"},
        ),
    ),
    _pair(
        "AWS::EC2::Instance",
        {
            "InstanceType": "m7g.large",
            "ImageId": "ami-1",
            "SubnetId": {"Ref": "Subnet"},
            "SecurityGroupIds": [{"Ref": "Group"}],
            "IamInstanceProfile": "orders",
            "EbsOptimized": True,
            "Monitoring": True,
            "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "VolumeSize": 8}}],
        },
        Made(
            "aws_instance.Server",
            {
                "instance_type": "m7g.large",
                "ami": "ami-1",
                "iam_instance_profile": "orders",
                "ebs_optimized": True,
                "monitoring": True,
                "source_dest_check": True,
                "metadata_options": [
                    {"http_tokens": "required", "http_endpoint": "enabled", "http_put_response_hop_limit": 1}
                ],
                "root_block_device": [{"encrypted": True, "volume_size": 8}],
            },
            {"subnet_id": True, "vpc_security_group_ids": True, "user_data": True},
            {"subnet_id": "aws_subnet.Subnet.id", "vpc_security_group_ids": "aws_security_group.Group.id"},
        ),
    ),
    _pair(
        "AWS::EC2::Volume",
        {"AvailabilityZone": "eu-west-1a", "Encrypted": True, "Size": 10, "KmsKeyId": _att("Key")},
        Made(
            "aws_ebs_volume.Volume",
            {"availability_zone": "eu-west-1a", "encrypted": True, "size": 10},
            {"kms_key_id": True},
            {"kms_key_id": "aws_kms_key.Key.arn"},
        ),
    ),
    _pair(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Name": "orders",
            "Scheme": "internal",
            "Type": "application",
            "Subnets": [{"Ref": "Subnet"}],
            "LoadBalancerAttributes": [
                {"Key": "deletion_protection.enabled", "Value": "true"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
                {"Key": "access_logs.s3.enabled", "Value": "true"},
                {"Key": "access_logs.s3.bucket", "Value": "logs"},
            ],
        },
        Made(
            "aws_lb.Balancer",
            {
                "name": "orders",
                "internal": True,
                "load_balancer_type": "application",
                "enable_deletion_protection": True,
                "drop_invalid_header_fields": True,
                "access_logs": [{"bucket": "logs", "enabled": True, "prefix": None}],
            },
            {"subnets": True},
            {"subnets": "aws_subnet.Subnet.id"},
        ),
    ),
    _pair(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "LoadBalancerArn": {"Ref": "Balancer"},
            "Port": 443,
            "Protocol": "HTTPS",
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "Certificates": [{"CertificateArn": "arn:aws:acm:eu-west-1:111122223333:certificate/1"}],
            "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        },
        Made(
            "aws_lb_listener.Listener",
            {
                "port": 443,
                "protocol": "HTTPS",
                "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "certificate_arn": "arn:aws:acm:eu-west-1:111122223333:certificate/1",
                "default_action": [{"type": "fixed-response", "fixed_response": [{"status_code": "404"}]}],
            },
            {"load_balancer_arn": True},
            {"load_balancer_arn": "aws_lb.Balancer.arn"},
        ),
    ),
    _pair(
        "AWS::ECR::Repository",
        {
            "RepositoryName": "orders",
            "ImageTagMutability": "IMMUTABLE",
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": _att("Key")},
            "LifecyclePolicy": {"LifecyclePolicyText": '{"rules": []}'},
        },
        Made(
            "aws_ecr_repository.Images",
            {
                "name": "orders",
                "image_tag_mutability": "IMMUTABLE",
                "image_scanning_configuration": [{"scan_on_push": True}],
                "encryption_configuration": [{"encryption_type": "KMS"}],
            },
            {"encryption_configuration": [{"kms_key": True}]},
            {"encryption_configuration": [{"kms_key": "aws_kms_key.Key.arn"}]},
        ),
        Made(
            "aws_ecr_lifecycle_policy.l",
            {"policy": '{"rules": []}'},
            {"repository": True},
            {"repository": "aws_ecr_repository.Images.name"},
        ),
    ),
    _pair(
        "AWS::ECS::TaskDefinition",
        {
            "Family": "orders",
            "NetworkMode": "awsvpc",
            "ContainerDefinitions": [
                {
                    "Name": "web",
                    "Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:abc",
                    "ReadonlyRootFilesystem": True,
                    "Privileged": False,
                    "User": "1000",
                    "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": "orders"}},
                }
            ],
        },
        Made(
            "aws_ecs_task_definition.Task",
            {
                "family": "orders",
                "network_mode": "awsvpc",
                "container_definitions": json.dumps(
                    [
                        {
                            "name": "web",
                            "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:abc",
                            "readonlyRootFilesystem": True,
                            "privileged": False,
                            "user": "1000",
                            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "orders"}},
                        }
                    ]
                ),
            },
        ),
    ),
    _pair(
        "AWS::EFS::FileSystem",
        {"Encrypted": True, "KmsKeyId": _att("Key"), "BackupPolicy": {"Status": "ENABLED"}},
        Made(
            "aws_efs_file_system.Files",
            {"encrypted": True},
            {"kms_key_id": True},
            {"kms_key_id": "aws_kms_key.Key.arn"},
        ),
        Made(
            "aws_efs_backup_policy.b",
            {"backup_policy": [{"status": "ENABLED"}]},
            {"file_system_id": True},
            {"file_system_id": "aws_efs_file_system.Files.id"},
        ),
    ),
    _pair(
        "AWS::SecretsManager::Secret",
        {"Name": "orders", "KmsKeyId": _att("Key")},
        Made("aws_secretsmanager_secret.Secret", {"name": "orders"}, {"kms_key_id": True},
             {"kms_key_id": "aws_kms_key.Key.arn"}),
    ),
    _pair(
        "AWS::SecretsManager::RotationSchedule",
        {"SecretId": {"Ref": "Secret"}, "RotationRules": {"AutomaticallyAfterDays": 30},
         "RotationLambdaARN": "arn:aws:lambda:eu-west-1:111122223333:function:rotate"},
        Made(
            "aws_secretsmanager_secret_rotation.Rotation",
            {
                "rotation_lambda_arn": "arn:aws:lambda:eu-west-1:111122223333:function:rotate",
                "rotation_rules": [{"automatically_after_days": 30}],
            },
            {"secret_id": True},
            {"secret_id": "aws_secretsmanager_secret.Secret.id"},
        ),
    ),
    _pair(
        "AWS::Kinesis::Stream",
        {"Name": "orders", "RetentionPeriodHours": 168,
         "StreamEncryption": {"EncryptionType": "KMS", "KeyId": _att("Key")}},
        Made(
            "aws_kinesis_stream.Stream",
            {"name": "orders", "retention_period": 168, "encryption_type": "KMS"},
            {"kms_key_id": True},
            {"kms_key_id": "aws_kms_key.Key.arn"},
        ),
    ),
    _pair(
        "AWS::StepFunctions::StateMachine",
        {
            "StateMachineName": "orders",
            "RoleArn": _att("Role"),
            "DefinitionString": "{}",
            "TracingConfiguration": {"Enabled": True},
            "LoggingConfiguration": {
                "Level": "ALL",
                "IncludeExecutionData": False,
                "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:aws:logs:eu-west-1:1:log-group:o:*"}}],
            },
        },
        Made(
            "aws_sfn_state_machine.Machine",
            {
                "name": "orders",
                "definition": "{}",
                "tracing_configuration": [{"enabled": True}],
                "logging_configuration": [
                    {"level": "ALL", "include_execution_data": False,
                     "log_destination": "arn:aws:logs:eu-west-1:1:log-group:o:*"}
                ],
            },
            {"role_arn": True},
            {"role_arn": "aws_iam_role.Role.arn"},
        ),
    ),
    _pair(
        "AWS::GuardDuty::Detector",
        {"Enable": True},
        Made("aws_guardduty_detector.Detector", {"enable": True}, {"datasources": True}),
    ),
    _pair(
        "AWS::Cognito::UserPool",
        {
            "UserPoolName": "orders",
            "MfaConfiguration": "ON",
            "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
            "DeletionProtection": "ACTIVE",
            "Policies": {"PasswordPolicy": {"MinimumLength": 14, "RequireLowercase": True, "RequireNumbers": True,
                                             "RequireSymbols": True, "RequireUppercase": True}},
        },
        Made(
            "aws_cognito_user_pool.Users",
            {
                "name": "orders",
                "mfa_configuration": "ON",
                "deletion_protection": "ACTIVE",
                "software_token_mfa_configuration": [{"enabled": True}],
                "password_policy": [
                    {"minimum_length": 14, "require_lowercase": True, "require_numbers": True,
                     "require_symbols": True, "require_uppercase": True}
                ],
            },
        ),
    ),
)  # fmt: skip

CARELESS = (
    _pair("AWS::KMS::Key", {"KeyPolicy": _KEY_POLICY}, Made("aws_kms_key.Key", {"policy": json.dumps(_KEY_POLICY),
          "enable_key_rotation": False, "is_enabled": True, "deletion_window_in_days": None})),
    _pair(
        "AWS::S3::Bucket",
        {"BucketName": "open", "PublicAccessBlockConfiguration": {"BlockPublicAcls": False}},
        Made(
            "aws_s3_bucket.Open",
            {"bucket": "open", "force_destroy": True},
            {"versioning": True, "logging": True, "server_side_encryption_configuration": True, "lifecycle_rule": True},
        ),
        Made("aws_s3_bucket_public_access_block.b", {"bucket": "open", "block_public_acls": False}),
    ),
    _pair(
        "AWS::S3::BucketPolicy",
        {"Bucket": {"Ref": "Open"}, "PolicyDocument": _PUBLIC},
        Made("aws_s3_bucket_policy.OpenPolicy", {"bucket": "open", "policy": json.dumps(_PUBLIC)}),
    ),
    _pair(
        "AWS::IAM::ManagedPolicy",
        {"ManagedPolicyName": "all", "PolicyDocument": _EVERYTHING},
        Made("aws_iam_policy.Everything", {"name": "all", "policy": json.dumps(_EVERYTHING)}),
    ),
    _pair(
        "AWS::IAM::User",
        {"UserName": "bob", "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
        Made("aws_iam_user.Bob", {"name": "bob"}),
        Made("aws_iam_policy_attachment.a", {"name": "a", "users": ["bob"],
             "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ),
    _pair(
        "AWS::IAM::AccessKey",
        {"UserName": {"Ref": "Bob"}},
        Made("aws_iam_access_key.BobKey", {"user": "bob", "status": "Active"}),
    ),
    _pair(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "open",
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"},
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv6": "::/0"},
                {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
            ],
            "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
        },
        Made(
            "aws_security_group.Group",
            {
                "description": "open",
                "ingress": [
                    {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"],
                     "ipv6_cidr_blocks": ["::/0"], "self": False, "security_groups": []},
                    {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["10.0.0.0/8"], "self": False},
                ],
                "egress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
            },
        ),
    ),
    _pair(
        "AWS::RDS::DBInstance",
        {
            "Engine": "mysql",
            "EngineVersion": "5.7.44",
            "DBInstanceClass": "db.t3.micro",
            "StorageEncrypted": False,
            "BackupRetentionPeriod": 0,
            "PubliclyAccessible": True,
            "MasterUsername": "admin",
            "MasterUserPassword": "hunter2hunter2",
        },
        Made(
            "aws_db_instance.Database",
            {
                "engine": "mysql",
                "engine_version": "5.7.44",
                "instance_class": "db.t3.micro",
                "publicly_accessible": True,
                "username": "admin",
                "password": "hunter2hunter2",
                "multi_az": False,
            },
            {"backup_retention_period": True, "kms_key_id": True},
        ),
    ),
    _pair(
        "AWS::RDS::DBCluster",
        {"Engine": "aurora-postgresql", "EngineVersion": "16.4", "StorageEncrypted": False,
         "MasterUsername": "postgres"},
        Made("aws_rds_cluster.Cluster", {"engine": "aurora-postgresql", "engine_version": "16.4",
             "master_username": "postgres", "engine_mode": "provisioned"}, {"storage_encrypted": True}),
    ),
    _pair(
        "AWS::Lambda::Function",
        {"Runtime": "python3.7", "Handler": "a.b", "Role": "arn:aws:iam::111122223333:role/r",
         "Code": {"S3Bucket": "code", "S3Key": "a.zip"},
         "Environment": {"Variables": {"DB_PASSWORD": "hunter2hunter2"}}},
        Made(
            "aws_lambda_function.Function",
            {"runtime": "python3.7", "handler": "a.b", "role": "arn:aws:iam::111122223333:role/r",
             "s3_bucket": "code", "s3_key": "a.zip", "reserved_concurrent_executions": -1,
             "environment": [{"variables": {"DB_PASSWORD": "hunter2hunter2"}}], "dead_letter_config": [],
             "vpc_config": []},
            {"tracing_config": True},
        ),
    ),
    _pair(
        "AWS::Lambda::Url",
        {"TargetFunctionArn": "f", "AuthType": "NONE", "Cors": {"AllowOrigins": ["*"]}},
        Made("aws_lambda_function_url.Url", {"function_name": "f", "authorization_type": "NONE",
             "cors": [{"allow_origins": ["*"]}]}),
    ),
    _pair(
        "AWS::SQS::Queue",
        {"QueueName": "open", "SqsManagedSseEnabled": False},
        Made("aws_sqs_queue.Queue", {"name": "open", "sqs_managed_sse_enabled": False, "policy": json.dumps(_QUEUE)}),
    ),
    _pair(
        "AWS::SQS::QueueInlinePolicy",
        {"Queue": {"Ref": "Queue"}, "PolicyDocument": _QUEUE},
        Made("aws_sqs_queue_policy.QueuePolicy", {"policy": json.dumps(_QUEUE)}, {"queue_url": True},
             {"queue_url": "aws_sqs_queue.Queue.id"}),
    ),
    _pair("AWS::SNS::Topic", {"TopicName": "t"}, Made("aws_sns_topic.Topic", {"name": "t"}, {"policy": True})),
    _pair("AWS::DynamoDB::Table", {"TableName": "t", "BillingMode": "PROVISIONED",
          "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
          Made("aws_dynamodb_table.Table", {"name": "t", "read_capacity": 1, "write_capacity": 1,
               "billing_mode": "PROVISIONED"}, {"point_in_time_recovery": True, "server_side_encryption": True})),
    _pair("AWS::Logs::LogGroup", {"LogGroupName": "g"},
          Made("aws_cloudwatch_log_group.Logs", {"name": "g", "retention_in_days": 0})),
    _pair("AWS::CloudTrail::Trail", {"TrailName": "t", "S3BucketName": "b", "IsLogging": False,
          "IncludeGlobalServiceEvents": True},
          Made("aws_cloudtrail.Trail", {"name": "t", "s3_bucket_name": "b", "enable_logging": False,
               "is_multi_region_trail": False, "enable_log_file_validation": False,
               "include_global_service_events": True})),
    _pair("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, Made("aws_vpc.Network", {"cidr_block": "10.0.0.0/16"})),
    _pair(
        "AWS::EC2::Subnet",
        {"VpcId": {"Ref": "Network"}, "CidrBlock": "10.0.1.0/24", "MapPublicIpOnLaunch": True},
        Made("aws_subnet.Subnet", {"cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": True}, {"vpc_id": True},
             {"vpc_id": "aws_vpc.Network.id"}),
    ),
    _pair(
        "AWS::EC2::NetworkAcl",
        {"VpcId": {"Ref": "Network"}},
        Made("aws_network_acl.Acl", {}, {"vpc_id": True}, {"vpc_id": "aws_vpc.Network.id"}),
    ),
    _pair(
        "AWS::EC2::NetworkAclEntry",
        {"NetworkAclId": {"Ref": "Acl"}, "RuleNumber": 100, "RuleAction": "allow", "Egress": False, "Protocol": 6,
         "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 22, "To": 22}},
        Made("aws_network_acl_rule.Entry", {"rule_number": 100, "rule_action": "allow", "egress": False,
             "protocol": "tcp", "cidr_block": "0.0.0.0/0", "from_port": 22, "to_port": 22},
             {"network_acl_id": True}, {"network_acl_id": "aws_network_acl.Acl.id"}),
    ),
    _pair(
        "AWS::EC2::Instance",
        {
            "InstanceType": "t2.micro",
            "ImageId": "ami-1",
            "MetadataOptions": {"HttpTokens": "optional", "HttpPutResponseHopLimit": 3},
            "NetworkInterfaces": [{"DeviceIndex": "0", "AssociatePublicIpAddress": True}],
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": False}}],
            "KeyName": "k",
            "UserData": {"Fn::Base64": "export DB_PASSWORD=hunter2hunter2"},
        },
        Made(
            "aws_instance.Server",
            {
                "instance_type": "t2.micro",
                "ami": "ami-1",
                "associate_public_ip_address": True,
                "metadata_options": [{"http_tokens": "optional", "http_put_response_hop_limit": 3}],
                "root_block_device": [{"encrypted": False}],
                "key_name": "k",
                "user_data": "export DB_PASSWORD=hunter2hunter2",
                "source_dest_check": True,
            },
        ),
    ),
    _pair("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"InstanceType": "m5.large", "MetadataOptions": {
          "HttpTokens": "optional"}}},
          Made("aws_launch_template.Template", {"instance_type": "m5.large",
               "metadata_options": [{"http_tokens": "optional"}]},
               {"metadata_options": [{"http_endpoint": True}]})),
    _pair(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {"Type": "application", "Scheme": "internet-facing",
         "LoadBalancerAttributes": [{"Key": "deletion_protection.enabled", "Value": "false"},
                                    {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "false"},
                                    {"Key": "routing.http.desync_mitigation_mode", "Value": "monitor"}]},
        Made("aws_lb.Balancer", {"load_balancer_type": "application", "internal": False,
             "enable_deletion_protection": False, "drop_invalid_header_fields": False,
             "desync_mitigation_mode": "monitor", "enable_cross_zone_load_balancing": False, "access_logs": []}),
    ),
    _pair(
        "AWS::ElasticLoadBalancingV2::Listener",
        {"LoadBalancerArn": {"Ref": "Balancer"}, "Port": 80, "Protocol": "HTTP",
         "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:aws:elasticloadbalancing:e:1:targetgroup/t/1"}]},
        Made("aws_lb_listener.Listener", {"port": 80, "protocol": "HTTP", "default_action": [
             {"type": "forward", "target_group_arn": "arn:aws:elasticloadbalancing:e:1:targetgroup/t/1"}]},
             {"load_balancer_arn": True}, {"load_balancer_arn": "aws_lb.Balancer.arn"}),
    ),
    _pair(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        {"CrossZone": True, "Listeners": [{"LoadBalancerPort": "80", "InstancePort": "80", "Protocol": "HTTP"}]},
        Made("aws_elb.Classic", {"cross_zone_load_balancing": None, "access_logs": [], "listener": [
             {"lb_port": 80, "instance_port": 80, "lb_protocol": "http", "instance_protocol": "http",
              "ssl_certificate_id": ""}]}, {"internal": True}),
    ),
    _pair("AWS::ECR::Repository", {"RepositoryName": "r", "ImageTagMutability": "MUTABLE"},
          Made("aws_ecr_repository.Images", {"name": "r", "image_tag_mutability": "MUTABLE",
               "encryption_configuration": [], "image_scanning_configuration": []})),
    _pair(
        "AWS::ECS::TaskDefinition",
        {"Family": "t", "NetworkMode": "host", "PidMode": "host", "ContainerDefinitions": [
            {"Name": "w", "Image": "nginx", "Privileged": True,
             "Environment": [{"Name": "DB_PASSWORD", "Value": "hunter2hunter2"}]}]},
        Made("aws_ecs_task_definition.Task", {"family": "t", "network_mode": "host", "pid_mode": "host",
             "container_definitions": json.dumps([
                 {"name": "w", "image": "nginx", "privileged": True,
                  "environment": [{"name": "DB_PASSWORD", "value": "hunter2hunter2"}]}])}),
    ),
    _pair(
        "AWS::ECS::Service",
        {"ServiceName": "s", "LaunchType": "FARGATE", "PlatformVersion": "1.3.0", "NetworkConfiguration": {
            "AwsvpcConfiguration": {"AssignPublicIp": "ENABLED", "Subnets": ["subnet-1"]}}},
        Made("aws_ecs_service.Service", {"name": "s", "launch_type": "FARGATE", "platform_version": "1.3.0",
             "network_configuration": [{"assign_public_ip": True, "subnets": ["subnet-1"], "security_groups": []}],
             "deployment_circuit_breaker": []}),
    ),
    _pair("AWS::EKS::Cluster", {"Name": "c", "Version": "1.24", "RoleArn": "arn:aws:iam::111122223333:role/r",
          "ResourcesVpcConfig": {"SubnetIds": ["subnet-1"], "EndpointPublicAccess": True,
                                 "EndpointPrivateAccess": False, "PublicAccessCidrs": ["0.0.0.0/0"]}},
          Made("aws_eks_cluster.Cluster2", {"name": "c", "version": "1.24",
               "role_arn": "arn:aws:iam::111122223333:role/r", "enabled_cluster_log_types": None,
               "encryption_config": [], "vpc_config": [{"subnet_ids": ["subnet-1"], "endpoint_public_access": True,
               "endpoint_private_access": False, "public_access_cidrs": ["0.0.0.0/0"]}]})),
    _pair("AWS::EFS::FileSystem", {"Encrypted": False}, Made("aws_efs_file_system.Files", {}, {"encrypted": True})),
    _pair(
        "AWS::ElastiCache::ReplicationGroup",
        {"ReplicationGroupDescription": "c", "Engine": "redis", "EngineVersion": "6.2", "NumCacheClusters": 1,
         "TransitEncryptionEnabled": False, "AtRestEncryptionEnabled": False, "AutomaticFailoverEnabled": False,
         "AutoMinorVersionUpgrade": True, "SnapshotRetentionLimit": 0},
        Made("aws_elasticache_replication_group.Cache", {"description": "c", "engine": "redis",
             "engine_version": "6.2", "num_cache_clusters": 1, "transit_encryption_enabled": False,
             "at_rest_encryption_enabled": "false", "automatic_failover_enabled": False,
             "auto_minor_version_upgrade": "true", "snapshot_retention_limit": 0, "log_delivery_configuration": []}),
    ),
    _pair(
        "AWS::Redshift::Cluster",
        {"ClusterIdentifier": "w", "DBName": "dev", "ClusterType": "single-node", "NodeType": "ra3.large",
         "MasterUsername": "awsuser", "MasterUserPassword": "Hunter2hunter2", "Encrypted": False,
         "PubliclyAccessible": True, "AllowVersionUpgrade": True, "AutomatedSnapshotRetentionPeriod": 1},
        Made("aws_redshift_cluster.Warehouse", {"cluster_identifier": "w", "database_name": "dev",
             "cluster_type": "single-node", "node_type": "ra3.large", "master_username": "awsuser",
             "master_password": "Hunter2hunter2", "encrypted": "false", "publicly_accessible": True,
             "allow_version_upgrade": True, "automated_snapshot_retention_period": 1, "logging": []}),
    ),
    _pair(
        "AWS::OpenSearchService::Domain",
        {"DomainName": "d", "EngineVersion": "OpenSearch_2.11", "ClusterConfig": {"InstanceCount": 1},
         "EncryptionAtRestOptions": {"Enabled": False}, "NodeToNodeEncryptionOptions": {"Enabled": False},
         "DomainEndpointOptions": {"EnforceHTTPS": False, "TLSSecurityPolicy": "Policy-Min-TLS-1-0-2019-07"}},
        Made("aws_opensearch_domain.Search", {"domain_name": "d", "engine_version": "OpenSearch_2.11",
             "cluster_config": [{"instance_count": 1, "zone_awareness_enabled": None}],
             "encrypt_at_rest": [{"enabled": False}], "node_to_node_encryption": [{"enabled": False}],
             "domain_endpoint_options": [{"enforce_https": False,
                                          "tls_security_policy": "Policy-Min-TLS-1-0-2019-07"}],
             "log_publishing_options": [], "vpc_options": []}, {"advanced_security_options": True}),
    ),
    _pair(
        "AWS::CloudFront::Distribution",
        {"DistributionConfig": {
            "Enabled": True,
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
            "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
            "Origins": [{"Id": "o", "DomainName": "example.org", "CustomOriginConfig": {
                "OriginProtocolPolicy": "http-only", "OriginSSLProtocols": ["SSLv3"]}}]}},
        Made("aws_cloudfront_distribution.Edge", {
            "enabled": True,
            "default_cache_behavior": [{"target_origin_id": "o", "viewer_protocol_policy": "allow-all"}],
            "viewer_certificate": [{"cloudfront_default_certificate": True, "minimum_protocol_version": "TLSv1"}],
            "origin": [{"origin_id": "o", "domain_name": "example.org", "custom_origin_config": [
                {"origin_protocol_policy": "http-only", "origin_ssl_protocols": ["SSLv3"], "http_port": 80,
                 "https_port": 443}], "s3_origin_config": []}],
            "logging_config": [], "restrictions": [{"geo_restriction": [{"restriction_type": "none"}]}]}),
    ),
    _pair("AWS::ApiGateway::Stage", {"StageName": "prod", "RestApiId": "r", "DeploymentId": "d",
          "TracingEnabled": False, "CacheClusterEnabled": True, "MethodSettings": [
              {"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "OFF", "CacheDataEncrypted": False}]},
          Made("aws_api_gateway_stage.Stage", {"stage_name": "prod", "rest_api_id": "r", "deployment_id": "d",
               "xray_tracing_enabled": False, "cache_cluster_enabled": True, "access_log_settings": []}),
          Made("aws_api_gateway_method_settings.m", {"rest_api_id": "r", "stage_name": "prod", "method_path": "*/*",
               "settings": [{"logging_level": "OFF", "cache_data_encrypted": False}]})),
    _pair("AWS::CodeBuild::Project", {"Name": "p", "ServiceRole": "r", "Artifacts": {"Type": "NO_ARTIFACTS"},
          "Environment": {"Type": "LINUX_CONTAINER", "ComputeType": "BUILD_GENERAL1_SMALL", "Image": "i",
                          "PrivilegedMode": True,
                          "EnvironmentVariables": [{"Name": "AWS_SECRET_ACCESS_KEY", "Value": "hunter2hunter2"}]},
          "Source": {"Type": "GITHUB", "Location": "https://github.com/a/b", "InsecureSsl": True}},
          Made("aws_codebuild_project.Build", {"name": "p", "service_role": "r",
               "artifacts": [{"type": "NO_ARTIFACTS", "encryption_disabled": False}],
               "environment": [{"type": "LINUX_CONTAINER", "compute_type": "BUILD_GENERAL1_SMALL", "image": "i",
                                "privileged_mode": True, "environment_variable": [
                                    {"name": "AWS_SECRET_ACCESS_KEY", "value": "hunter2hunter2",
                                     "type": "PLAINTEXT"}]}],
               "source": [{"type": "GITHUB", "location": "https://github.com/a/b", "insecure_ssl": True}],
               "project_visibility": "PRIVATE", "logs_config": []})),
    _pair("AWS::Cognito::IdentityPool", {"AllowUnauthenticatedIdentities": True, "AllowClassicFlow": True},
          Made("aws_cognito_identity_pool.Guests", {"allow_unauthenticated_identities": True,
               "allow_classic_flow": True})),
    _pair("AWS::WAFv2::WebACL", {"Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "Rules": [],
          "VisibilityConfig": {"CloudWatchMetricsEnabled": False, "MetricName": "m", "SampledRequestsEnabled": True}},
          Made("aws_wafv2_web_acl.Acl2", {"scope": "REGIONAL", "default_action": [{"allow": [{}], "block": []}],
               "rule": [], "visibility_config": [{"cloudwatch_metrics_enabled": False, "metric_name": "m",
                                                  "sampled_requests_enabled": True}]})),
    _pair("AWS::MSK::Cluster", {"ClusterName": "k", "KafkaVersion": "3.6.0", "NumberOfBrokerNodes": 2,
          "BrokerNodeGroupInfo": {"InstanceType": "kafka.m5.large", "ClientSubnets": ["s"]},
          "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "PLAINTEXT", "InCluster": False}},
          "ClientAuthentication": {"Unauthenticated": {"Enabled": True}}},
          Made("aws_msk_cluster.Kafka", {"cluster_name": "k", "kafka_version": "3.6.0", "number_of_broker_nodes": 2,
               "broker_node_group_info": [{"instance_type": "kafka.m5.large", "client_subnets": ["s"]}],
               "encryption_info": [{"encryption_in_transit": [{"client_broker": "PLAINTEXT", "in_cluster": False}]}],
               "client_authentication": [{"unauthenticated": True}], "logging_info": []})),
)  # fmt: skip


def _template(system: tuple[Said, ...]) -> bytes:
    resources = {each.name: {"Type": each.type, "Properties": dict(each.properties)} for each in system}
    return json.dumps({"Resources": resources}).encode()


def _plan(system: tuple[Said, ...]) -> bytes:
    return json.dumps(document(*(made for each in system for made in each.made))).encode()


def _verdicts(inventory: Inventory, system: tuple[Said, ...]) -> dict[tuple[str, str], Verdict]:
    """The verdicts by control and name; a resource of a plan is called what follows its type."""
    known = knowledge(None)
    controls = [each for each in known.controls.values() if not each.control.resource.startswith("Assay::")]
    assert not inventory.faults
    names = {
        each.id: each.name.rpartition(".")[2]
        for each in inventory.resources
        if each.name.rpartition(".")[2] in {one.name for one in system}
    }
    found = evaluate_all(controls, inventory, known.params, _TODAY)
    return {(each.control, names[each.resource]): each.verdict for each in found if each.resource in names}


@pytest.mark.parametrize(("system", "least"), [(CAREFUL, 220), (CARELESS, 300)], ids=["careful", "careless"])
def test_a_template_and_a_plan_of_one_system_agree_wherever_both_know(system: tuple[Said, ...], least: int) -> None:
    templated = _verdicts(cloudformation.read_text(_template(system), "t.json", cloudformation.Context()), system)
    planned = _verdicts(terraform.read_text(_plan(system), "p.json", terraform.Context()), system)
    assert templated.keys() == planned.keys()
    both = [key for key in templated if templated[key] in _DECIDED and planned[key] in _DECIDED]
    differing = {key: (str(templated[key]), str(planned[key])) for key in both if templated[key] != planned[key]}
    assert differing == {}
    assert len(both) >= least


@pytest.mark.parametrize("system", [CAREFUL, CARELESS], ids=["careful", "careless"])
def test_every_resource_of_the_system_is_in_both_inventories(system: tuple[Said, ...]) -> None:
    templated = cloudformation.read_text(_template(system), "t.json", cloudformation.Context())
    planned = terraform.read_text(_plan(system), "p.json", terraform.Context())
    assert not planned.gaps
    for said in system:
        assert [each.type for each in templated.resources if each.name == said.name] == [said.type]
        named = [each.type for each in planned.resources if each.name == said.made[0].address]
        assert said.type in named, (said.name, named)


@pytest.mark.parametrize("system", [CAREFUL, CARELESS], ids=["careful", "careless"])
def test_a_plan_knows_hardly_less_than_the_template(system: tuple[Said, ...]) -> None:
    """What a plan leaves open that a template decides: text that is made of what does not exist yet."""
    templated = _verdicts(cloudformation.read_text(_template(system), "t.json", cloudformation.Context()), system)
    planned = _verdicts(terraform.read_text(_plan(system), "p.json", terraform.Context()), system)
    lost = [key for key in templated if templated[key] in _DECIDED and planned[key] is Verdict.UNKNOWN]
    assert lost == []


def _hidden(made: Made, chance: random.Random) -> Made:
    """The same resource, with some of its attributes computed from what nobody knows yet."""
    hidden = [name for name in made.values if chance.random() < 0.2]
    return replace(
        made,
        values={name: each for name, each in made.values.items() if name not in hidden},
        unknown={**made.unknown, **dict.fromkeys(hidden, True)},
        refers={**made.refers, **dict.fromkeys(hidden, "local.unknown")},
    )


@pytest.mark.parametrize("system", [CAREFUL, CARELESS], ids=["careful", "careless"])
@pytest.mark.parametrize("seed", range(8))
def test_what_becomes_known_decides_and_never_turns_an_answer(system: tuple[Said, ...], seed: int) -> None:
    """Law 2: a plan that knows less never says the opposite."""
    chance = random.Random(seed)
    hidden = tuple(replace(each, made=tuple(_hidden(made, chance) for made in each.made)) for each in system)
    known = _verdicts(terraform.read_text(_plan(system), "p.json", terraform.Context()), system)
    less = _verdicts(terraform.read_text(_plan(hidden), "p.json", terraform.Context()), system)
    turned = {
        key: (str(less[key]), str(known[key]))
        for key in less
        if key in known and less[key] in _DECIDED and known[key] in _DECIDED and less[key] != known[key]
    }
    assert turned == {}
