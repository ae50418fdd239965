"""What entries make of answers that the emulator does not give: nested otherwise, left out, or secret."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from assay.inventory.values import Unknown
from assay.sources.aws.paths import Eyes, Place
from assay.sources.aws.reading import read
from assay.sources.aws.services import ENTRIES

EYES = Eyes.at(Place("111122223333", "eu-west-1"))


def _read(kind: str, item: Mapping[str, Any]) -> Mapping[str, Any]:
    found, malformed = read(kind, ENTRIES[kind], item, EYES.find)
    assert malformed == {}
    return found


def _answered(kind: str, operation: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    call = next(each for each in ENTRIES[kind].calls if each.operation == operation)
    found, malformed = read(kind, call, EYES.find(call.answer, answer), EYES.find)
    assert malformed == {}
    return found


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, []),
        (
            {"SQSSuccessFeedbackRoleArn": "s", "SQSSuccessFeedbackSampleRate": "100", "SQSFailureFeedbackRoleArn": "f"},
            [
                {
                    "Protocol": "sqs",
                    "FailureFeedbackRoleArn": "f",
                    "SuccessFeedbackRoleArn": "s",
                    "SuccessFeedbackSampleRate": "100",
                }
            ],
        ),
        ({"HTTPFailureFeedbackRoleArn": "f"}, [{"Protocol": "http/s", "FailureFeedbackRoleArn": "f"}]),
        ({"LambdaSuccessFeedbackSampleRate": "0"}, []),
    ],
)
def test_a_topic_logs_deliveries_by_protocols_that_have_a_role(attributes: dict[str, str], expected: object) -> None:
    found = _read("AWS::SNS::Topic", {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", **attributes})
    assert found["DeliveryStatusLogging"] == expected


def test_a_stream_delivers_without_tokens_and_passwords() -> None:
    kept = {"RoleARN": "r", "BucketARN": "b"}
    answer = {
        "DeliveryStreamName": "s",
        "Destinations": [
            {
                "SplunkDestinationDescription": {
                    "HECEndpoint": "https://e",
                    "HECToken": "t",
                    "S3DestinationDescription": kept,
                },
                "RedshiftDestinationDescription": {"Username": "u", "Password": "p", "S3BackupDescription": kept},
            }
        ],
        "DeliveryStreamEncryptionConfiguration": {"Status": "DISABLED", "KeyType": "AWS_OWNED_CMK"},
    }
    found = _read("AWS::KinesisFirehose::DeliveryStream", answer)
    assert found["SplunkDestinationConfiguration"] == {"HECEndpoint": "https://e", "S3Configuration": kept}
    assert found["RedshiftDestinationConfiguration"] == {"Username": "u", "S3BackupConfiguration": kept}
    assert "DeliveryStreamEncryptionConfigurationInput" not in found


def test_an_endpoint_is_read_without_passwords() -> None:
    answer = {
        "EndpointArn": "a",
        "EngineName": "kafka",
        "KafkaSettings": {"Broker": "b", "SaslPassword": "p", "SslClientKeyPassword": "p"},
        "MySQLSettings": {"MaxFileSize": 512, "Password": "p"},
    }
    found = _read("AWS::DMS::Endpoint", answer)
    assert found["KafkaSettings"] == {"Broker": "b"}
    assert found["MySqlSettings"] == {"MaxFileSize": 512}


@pytest.mark.parametrize(("status", "encrypted"), [("ENABLED", True), ("UPDATING", True), ("DISABLED", False)])
def test_a_table_is_under_a_key_while_that_is_enabled(status: str, encrypted: bool) -> None:
    table = {"TableName": "t", "SSEDescription": {"Status": status, "SSEType": "KMS", "KMSMasterKeyArn": "k"}}
    found = _read("AWS::DynamoDB::Table", table)
    assert found["SSESpecification"] == {"SSEEnabled": encrypted, "SSEType": "KMS", "KMSMasterKeyId": "k"}


def test_a_table_of_which_nothing_is_said_about_keys_is_under_the_services_own() -> None:
    assert "SSESpecification" not in _read("AWS::DynamoDB::Table", {"TableName": "t"})


@pytest.mark.parametrize("policy", ["{}", '{"Version": "2012-10-17", "Statement": []}'])
def test_an_empty_policy_of_a_stream_is_none(policy: str) -> None:
    assert _answered("AWS::Kinesis::Stream", "GetResourcePolicy", {"Policy": policy}) == {}


def test_a_policy_of_one_statement_without_a_list_is_kept() -> None:
    policy = {"Statement": {"Effect": "Allow"}}
    assert _answered("AWS::Kinesis::Stream", "GetResourcePolicy", {"Policy": json.dumps(policy)}) == {
        "ResourcePolicy": policy
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"LoggingEnabled": False, "BucketName": "before"}, {}),
        (
            {"LoggingEnabled": True, "BucketName": "logs", "S3KeyPrefix": "p"},
            {"LoggingProperties": {"BucketName": "logs", "S3KeyPrefix": "p"}},
        ),
    ],
)
def test_a_warehouse_that_logs_no_more_has_no_place_for_logs(answer: dict[str, Any], expected: object) -> None:
    assert _answered("AWS::Redshift::Cluster", "DescribeLoggingStatus", answer) == expected


@pytest.mark.parametrize(("word", "several"), [("Enabled", True), ("Disabled", False)])
def test_a_warehouse_in_several_zones_says_so_by_a_word(word: str, several: bool) -> None:
    assert _read("AWS::Redshift::Cluster", {"ClusterIdentifier": "c", "MultiAZ": word})["MultiAZ"] is several


@pytest.mark.parametrize(
    ("status", "expected"), [("ENABLING", "ENABLED"), ("ENABLED", "ENABLED"), ("DISABLING", "DISABLED")]
)
def test_a_backup_policy_on_its_way_is_what_it_will_be(status: str, expected: str) -> None:
    answer = {"BackupPolicy": {"Status": status}}
    assert _answered("AWS::EFS::FileSystem", "DescribeBackupPolicy", answer)["BackupPolicy"] == {"Status": expected}
    assert _answered("AWS::EFS::FileSystem", "DescribeBackupPolicy", {}) == {}


@pytest.mark.parametrize(("ends", "kept"), [(True, False), (False, True)])
def test_a_cluster_stays_unless_it_ends_by_itself(ends: bool, kept: bool) -> None:
    found = _read("AWS::EMR::Cluster", {"Id": "j", "AutoTerminate": ends})
    assert found["Instances"]["KeepJobFlowAliveWhenNoSteps"] is kept
    assert "Instances" not in _read("AWS::EMR::Cluster", {"Id": "j"})


def test_a_security_configuration_that_is_no_object_is_unknown() -> None:
    found = _read("AWS::EMR::SecurityConfiguration", {"Name": "c", "SecurityConfiguration": '{"A": 1}'})
    assert not isinstance(found["SecurityConfiguration"], Unknown)
    found = _read("AWS::EMR::SecurityConfiguration", {"Name": "c", "SecurityConfiguration": "[1"})
    assert isinstance(found["SecurityConfiguration"], Unknown)


def test_archive_rules_name_the_property_of_each_criterion() -> None:
    rules = [{"ruleName": "ours", "filter": {"principal.AWS": {"eq": ["1"]}, "isPublic": {"exists": False}}}]
    found = _answered("AWS::AccessAnalyzer::Analyzer", "ListArchiveRules", {"archiveRules": rules})
    assert found["ArchiveRules"] == [
        {
            "RuleName": "ours",
            "Filter": [{"Property": "principal.AWS", "Eq": ["1"]}, {"Property": "isPublic", "Exists": False}],
        }
    ]


@pytest.mark.parametrize(
    ("status", "expected"), [("PENDING_CERTIFICATE", []), ("ACTIVE", ["ACTIVE"]), ("DISABLED", ["DISABLED"])]
)
def test_an_authority_is_activated_by_its_certificate(status: str, expected: list[str]) -> None:
    found = _read("AWS::ACMPCA::CertificateAuthority", {"Arn": "a", "Status": status})
    assert [each["Status"] for each in found["Activations"]] == expected


def test_the_stores_of_a_pipeline_are_by_region() -> None:
    stores = {"eu-west-1": {"type": "S3", "location": "b"}}
    found = _read("AWS::CodePipeline::Pipeline", {"name": "p", "artifactStores": stores})
    assert found["ArtifactStores"] == [{"Region": "eu-west-1", "ArtifactStore": {"Type": "S3", "Location": "b"}}]
    assert "ArtifactStores" not in _read("AWS::CodePipeline::Pipeline", {"name": "p", "artifactStore": {"type": "S3"}})


def test_options_are_read_without_their_settings() -> None:
    option = {
        "OptionName": "TDE",
        "Port": 1158,
        "OptionSettings": [{"Name": "password", "Value": "p"}],
        "VpcSecurityGroupMemberships": [{"VpcSecurityGroupId": "sg-1"}],
    }
    found = _read("AWS::RDS::OptionGroup", {"OptionGroupName": "g", "Options": [option]})
    (only,) = found["OptionConfigurations"]
    assert only["VpcSecurityGroupMemberships"] == ["sg-1"]
    assert "OptionSettings" not in only


def test_of_a_vault_that_was_never_locked_nothing_is_said_about_a_lock() -> None:
    assert "LockConfiguration" not in _read("AWS::Backup::BackupVault", {"BackupVaultName": "v", "Locked": False})
    found = _read("AWS::Backup::BackupVault", {"BackupVaultName": "v", "Locked": True, "MinRetentionDays": 7})
    assert found["LockConfiguration"] == {"MinRetentionDays": 7}


def test_parameters_of_a_stack_are_by_name() -> None:
    given = [{"ParameterKey": "Size", "ParameterValue": "2"}, {"ParameterKey": "Empty"}]
    found = _read("AWS::CloudFormation::Stack", {"StackId": "s", "Parameters": given})
    assert found["Parameters"] == {"Size": "2", "Empty": ""}


def test_who_may_start_an_image_is_read() -> None:
    image = {"name": "i", "launchPermission": {"userGroups": ["all"]}}
    answer = {"arn": "a", "distributions": [{"region": "eu-west-1", "amiDistributionConfiguration": image}]}
    (found,) = _read("AWS::ImageBuilder::DistributionConfiguration", answer)["Distributions"]
    permission = found["AmiDistributionConfiguration"]["LaunchPermissionConfiguration"]
    assert permission == {"UserGroups": ["all"]}


def test_the_regions_of_incidents_are_by_name() -> None:
    answer = {"arn": "a", "regionMap": {"eu-west-1": {"sseKmsKeyId": "k"}, "eu-north-1": {}}}
    found = _read("AWS::SSMIncidents::ReplicationSet", answer)["Regions"]
    assert found == [
        {"RegionName": "eu-west-1", "RegionConfiguration": {"SseKmsKeyId": "k"}},
        {"RegionName": "eu-north-1", "RegionConfiguration": {}},
    ]


@pytest.mark.parametrize(
    ("writer", "kept"),
    [("eu-west-1", True), ("us-east-1", False), (None, True)],
)
def test_a_global_cluster_is_one_resource_where_it_is_written_to(writer: str | None, kept: bool) -> None:
    members: list[dict[str, Any]] = [
        {"DBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:r", "IsWriter": False}
    ]
    if writer:
        members.append({"DBClusterArn": f"arn:aws:rds:{writer}:111122223333:cluster:w", "IsWriter": True})
    for kind in ("AWS::RDS::GlobalCluster", "AWS::DocDB::GlobalCluster", "AWS::Neptune::GlobalCluster"):
        assert EYES.find(ENTRIES[kind].keep, {"GlobalClusterMembers": members}) is kept
