"""What the tables say where the two dialects differ in more than names."""

import json
from typing import Any

import pytest
from tests.sources.terraform.plans import Made, only, read_plan

from assay.inventory.values import Cause, Unknown, Value


def _property(address: str, values: dict[str, Any], kind: str, name: str) -> Value:
    return only(read_plan(Made(address, values)), kind).properties.get(name)


@pytest.mark.parametrize(
    ("address", "values", "kind", "name", "expected"),
    [
        ("aws_lb.l", {"internal": False, "load_balancer_type": "network", "enable_cross_zone_load_balancing": True},
         "AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerAttributes",
         [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]),
        ("aws_lb_listener.l", {"protocol": "HTTP", "default_action": [{"type": "redirect", "redirect": [
            {"protocol": "HTTPS", "status_code": "HTTP_301"}]}]}, "AWS::ElasticLoadBalancingV2::Listener",
         "DefaultActions", [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}]),
        ("aws_kms_key.k", {"customer_master_key_spec": "RSA_2048"}, "AWS::KMS::Key", "KeySpec", "RSA_2048"),
        ("aws_efs_file_system.f", {"lifecycle_policy": [{"transition_to_ia": "AFTER_30_DAYS"}]},
         "AWS::EFS::FileSystem", "LifecyclePolicies", [{"TransitionToIA": "AFTER_30_DAYS"}]),
        ("aws_eks_cluster.c", {"enabled_cluster_log_types": ["api", "audit"]}, "AWS::EKS::Cluster", "Logging",
         {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}}),
        ("aws_db_parameter_group.g", {"parameter": [{"name": "rds.force_ssl", "value": "1"}]},
         "AWS::RDS::DBParameterGroup", "Parameters", {"rds.force_ssl": "1"}),
        ("aws_redshift_parameter_group.g", {"parameter": [{"name": "require_ssl", "value": "true"}]},
         "AWS::Redshift::ClusterParameterGroup", "Parameters",
         [{"ParameterName": "require_ssl", "ParameterValue": "true"}]),
        ("aws_ecs_service.s", {"network_configuration": [{"assign_public_ip": True, "subnets": ["s"]}]},
         "AWS::ECS::Service", "NetworkConfiguration",
         {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED", "Subnets": ["s"]}}),
        ("aws_wafv2_web_acl.a", {"rule": [{"name": "r", "priority": 1, "override_action": [{"none": [{}]}],
            "statement": [{"managed_rule_group_statement": [{"name": "n", "vendor_name": "AWS"}]}],
            "visibility_config": [{"cloudwatch_metrics_enabled": True, "metric_name": "m",
                                   "sampled_requests_enabled": True}]}]}, "AWS::WAFv2::WebACL", "Rules",
         [{"Name": "r", "Priority": 1, "OverrideAction": {"None": {}},
           "Statement": {"ManagedRuleGroupStatement": {"Name": "n", "VendorName": "AWS"}},
           "VisibilityConfig": {"CloudWatchMetricsEnabled": True, "MetricName": "m",
                                "SampledRequestsEnabled": True}}]),
        ("aws_opensearch_domain.d", {"log_publishing_options": [{"log_type": "AUDIT_LOGS",
            "cloudwatch_log_group_arn": "a", "enabled": None}]}, "AWS::OpenSearchService::Domain",
         "LogPublishingOptions", {"AUDIT_LOGS": {"CloudWatchLogsLogGroupArn": "a", "Enabled": True}}),
        ("aws_kinesis_firehose_delivery_stream.s", {"server_side_encryption": [{"enabled": False}]},
         "AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamEncryptionConfigurationInput", None),
        ("aws_cloudwatch_event_rule.r", {"is_enabled": False}, "AWS::Events::Rule", "State", "DISABLED"),
        ("aws_sns_topic.t", {"http_failure_feedback_role_arn": "r"}, "AWS::SNS::Topic", "DeliveryStatusLogging",
         [{"Protocol": "http/s", "FailureFeedbackRoleArn": "r"}]),
        ("aws_dynamodb_table.t", {"stream_enabled": True, "stream_view_type": "KEYS_ONLY"}, "AWS::DynamoDB::Table",
         "StreamSpecification", {"StreamViewType": "KEYS_ONLY"}),
        ("aws_cloudwatch_log_group.g", {"retention_in_days": 0}, "AWS::Logs::LogGroup", "RetentionInDays", None),
        ("aws_network_acl.a", {"ingress": [{"protocol": "tcp", "rule_no": 1, "action": "allow", "from_port": 22,
            "to_port": 22, "cidr_block": "0.0.0.0/0"}]}, "AWS::EC2::NetworkAcl", "Entries",
         [{"Egress": False, "Protocol": 6, "RuleAction": "allow", "RuleNumber": 1, "CidrBlock": "0.0.0.0/0",
           "PortRange": {"From": 22, "To": 22}}]),
        ("aws_codepipeline.p", {"artifact_store": [{"location": "b", "type": "S3",
            "encryption_key": [{"id": "k", "type": "KMS"}]}]}, "AWS::CodePipeline::Pipeline", "ArtifactStore",
         {"Location": "b", "Type": "S3", "EncryptionKey": {"Id": "k", "Type": "KMS"}}),
        ("aws_instance.i", {"associate_public_ip_address": True, "subnet_id": "s"}, "AWS::EC2::Instance",
         "NetworkInterfaces", [{"DeviceIndex": "0", "AssociatePublicIpAddress": True, "SubnetId": "s"}]),
        ("aws_instance.i", {"root_block_device": [{"encrypted": True}]}, "AWS::EC2::Instance",
         "RootVolumeEncrypted", True),
        ("aws_launch_template.t", {"user_data": "ZWNobyBoZWxsbw=="}, "AWS::EC2::LaunchTemplate", "UserDataText",
         "echo hello"),
        ("aws_guardduty_detector.d", {"datasources": [{"s3_logs": [{"enable": False}]}]},
         "AWS::GuardDuty::Detector", "DataSources", {"S3Logs": {"Enable": False}}),
        ("aws_cloudfront_distribution.d", {"origin_group": [{"origin_id": "g", "member": [{"origin_id": "a"},
            {"origin_id": "b"}], "failover_criteria": [{"status_codes": [500]}]}]}, "AWS::CloudFront::Distribution",
         "DistributionConfig", {"OriginGroups": {"Items": [{"Id": "g", "Members": {"Quantity": 2, "Items": [
             {"OriginId": "a"}, {"OriginId": "b"}]}, "FailoverCriteria": {"StatusCodes": {"Quantity": 1,
             "Items": [500]}}}]}}),
    ],
)  # fmt: skip
def test_a_property_of_another_shape(
    address: str, values: dict[str, Any], kind: str, name: str, expected: Value
) -> None:
    assert _property(address, values, kind, name) == expected


def test_containers_are_json_with_small_letters() -> None:
    containers = [{"name": "w", "readonlyRootFilesystem": True, "dockerLabels": {"com.example": "x"},
                   "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g"}}}]  # fmt: skip
    values = {"family": "f", "container_definitions": json.dumps(containers)}
    assert _property("aws_ecs_task_definition.t", values, "AWS::ECS::TaskDefinition", "ContainerDefinitions") == [
        {
            "Name": "w",
            "ReadonlyRootFilesystem": True,
            "DockerLabels": {"com.example": "x"},
            "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": "g"}},
        }
    ]


@pytest.mark.parametrize("text", ["{", '"x"', "[" * 5000])
def test_containers_that_are_no_json_are_unknown(text: str) -> None:
    values = {"container_definitions": text}
    value = _property("aws_ecs_task_definition.t", values, "AWS::ECS::TaskDefinition", "ContainerDefinitions")
    assert isinstance(value, Unknown) and value.reason.cause is Cause.MALFORMED


def test_user_data_that_is_only_a_digest_is_unknown() -> None:
    """Until version 6 a plan shows the SHA-1 of the script, in which nobody finds a secret."""
    values = {"user_data": "44c6c808e6449ee36dfcfc4ebd66c1b9634b40f2"}
    text = _property("aws_instance.i", values, "AWS::EC2::Instance", "UserDataText")
    assert isinstance(text, Unknown) and text.present


def test_a_switch_that_is_not_known_yet_leaves_the_property_unknown() -> None:
    made = Made("aws_lb.l", {"load_balancer_type": "application"}, {"internal": True}, {"internal": "local.internal"})
    scheme = only(read_plan(made), "AWS::ElasticLoadBalancingV2::LoadBalancer").properties["Scheme"]
    assert isinstance(scheme, Unknown)


@pytest.mark.parametrize("kind", ["alb", "lb"])
def test_two_names_of_one_type(kind: str) -> None:
    assert only(read_plan(Made(f"aws_{kind}.l", {"name": "l"})), "AWS::ElasticLoadBalancingV2::LoadBalancer")
