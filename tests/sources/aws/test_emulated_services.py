"""Data, messages, logs and delivery over HTTP against an emulator: what was set is what is read of it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.sources.aws.emulator import HOME, Emulated

from assay.inventory.resource import Resource
from assay.inventory.snapshot import open_snapshot, resources
from assay.inventory.values import Unknown
from assay.operations.collect import Emulator, Wish, collect
from assay.sources.aws.calls import Insistence, Patient

EUROPE = "eu-west-1"
TAGS = [{"Key": "owner", "Value": "shop"}]
STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TEXT = json.dumps(POLICY)
ROLE = f"arn:aws:iam::{HOME}:role/worker"
DEAD = f"arn:aws:sqs:{EUROPE}:{HOME}:dead"
STREAM = f"arn:aws:kinesis:{EUROPE}:{HOME}:stream/orders"

Client = Callable[[str], Any]


def _databases(client: Client) -> None:
    rds = client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier="orders", Engine="aurora-mysql", MasterUsername="u", MasterUserPassword="not-kept"
    )
    client("neptune").create_db_cluster(DBClusterIdentifier="graph", Engine="neptune", StorageEncrypted=True)
    rds.create_db_parameter_group(
        DBParameterGroupName="strict", DBParameterGroupFamily="postgres15", Description="with encryption"
    )
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="strict", Parameters=[forced])
    table: dict[str, Any] = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    }
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName="kept", BillingMode="PAY_PER_REQUEST", Tags=TAGS, SSESpecification={"Enabled": True}, **table
    )
    dynamodb.update_continuous_backups(
        TableName="kept", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    dynamodb.create_table(
        TableName="plain", ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, **table
    )


def _stores(client: Client) -> None:
    elasticache = client("elasticache")
    elasticache.create_replication_group(
        ReplicationGroupId="locked", ReplicationGroupDescription="with a token", AuthToken="t" * 16
    )
    elasticache.create_replication_group(ReplicationGroupId="open", ReplicationGroupDescription="without")
    elasticache.create_user(
        UserId="anyone", UserName="anyone", Engine="redis", AccessString="on", NoPasswordRequired=True
    )
    client("memorydb").create_cluster(ClusterName="m", NodeType="db.t4g.small", ACLName="all", NumReplicasPerShard=2)
    client("opensearch").create_domain(DomainName="search", EngineVersion="OpenSearch_2.11", AccessPolicies=TEXT)
    client("es").create_elasticsearch_domain(DomainName="older", ElasticsearchVersion="7.10")
    client("redshift").create_cluster(
        ClusterIdentifier="warehouse", NodeType="ra3.xlplus", MasterUsername="u", MasterUserPassword="Not-kept-1"
    )
    efs = client("efs")
    files = efs.create_file_system(CreationToken="files", Encrypted=True)["FileSystemId"]
    efs.put_file_system_policy(FileSystemId=files, Policy=TEXT)
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName="vault")
    backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=7, ChangeableForDays=3)
    rule = {"RuleName": "daily", "TargetBackupVaultName": "vault", "Lifecycle": {"DeleteAfterDays": 30}}
    backup.create_backup_plan(BackupPlan={"BackupPlanName": "plan", "Rules": [rule]})


def _messages(client: Client) -> None:
    sqs = client("sqs")
    sqs.create_queue(QueueName="dead")
    redrive = json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": 3})
    attributes = {"Policy": TEXT, "RedrivePolicy": redrive, "KmsMasterKeyId": "alias/orders"}
    sqs.create_queue(QueueName="orders", Attributes=attributes, tags={"owner": "shop"})
    sns = client("sns")
    topic = sns.create_topic(Name="orders", Tags=TAGS)["TopicArn"]
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=DEAD,
        Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": DEAD})},
    )
    events = client("events")
    events.put_rule(Name="instances", EventPattern=json.dumps({"source": ["aws.ec2"]}))
    events.put_targets(Rule="instances", Targets=[{"Id": "1", "Arn": DEAD, "DeadLetterConfig": {"Arn": DEAD}}])
    kinesis = client("kinesis")
    for name in ("orders", "open"):
        kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.start_stream_encryption(StreamName="orders", EncryptionType="KMS", KeyId="alias/orders")
    kinesis.put_resource_policy(ResourceARN=STREAM, Policy=TEXT)
    client("firehose").create_delivery_stream(
        DeliveryStreamName="archive",
        HttpEndpointDestinationConfiguration={
            "EndpointConfiguration": {"Url": "https://example.com", "AccessKey": "not-kept"},
            "S3Configuration": {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::archive"},
        },
    )


def _operations(client: Client) -> None:
    secrets = client("secretsmanager")
    secrets.create_secret(Name="token", SecretString="not-kept", Tags=TAGS)
    secrets.put_resource_policy(SecretId="token", ResourcePolicy=TEXT)
    client("ssm").put_parameter(Name="token", Value="not-kept", Type="SecureString")
    content = json.dumps({"schemaVersion": "1.0", "inputs": {"kmsKeyId": "k"}})
    client("ssm").create_document(Name="session", Content=content, DocumentType="Session")
    logs = client("logs")
    for name in ("kept", "endless"):
        logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName="kept", retentionInDays=7)
    logs.put_metric_filter(
        logGroupName="kept",
        filterName="root",
        filterPattern="{ $.userIdentity.type = Root }",
        metricTransformations=[{"metricName": "root", "metricNamespace": "cis", "metricValue": "1"}],
    )
    client("cloudwatch").put_metric_alarm(
        AlarmName="root",
        MetricName="root",
        Namespace="cis",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Sum",
        AlarmActions=[f"arn:aws:sns:{EUROPE}:{HOME}:orders"],
    )
    client("macie2").enable_macie(findingPublishingFrequency="ONE_HOUR")
    client("glue").create_connection(
        ConnectionInput={"Name": "c", "ConnectionType": "JDBC", "ConnectionProperties": {"PASSWORD": "not-kept"}}
    )
    client("emr").create_security_configuration(
        Name="sealed",
        SecurityConfiguration=json.dumps({"EncryptionConfiguration": {"EnableAtRestEncryption": True}}),
    )


def _delivery(client: Client) -> None:
    client("codebuild").create_project(
        name="build",
        source={"type": "S3", "location": "b/p"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "privilegedMode": True,
        },
        serviceRole=f"arn:aws:iam::{HOME}:role/service-role/my-codebuild",
    )
    client("sagemaker").create_notebook_instance(
        NotebookInstanceName="n", InstanceType="ml.t2.medium", RoleArn=ROLE, DirectInternetAccess="Disabled", Tags=TAGS
    )
    authority = {"KeyAlgorithm": "RSA_4096", "SigningAlgorithm": "SHA512WITHRSA", "Subject": {"CommonName": "shop"}}
    client("acm-pca").create_certificate_authority(
        CertificateAuthorityType="ROOT", CertificateAuthorityConfiguration=authority
    )
    iam = client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TEXT)
    iam.create_instance_profile(InstanceProfileName="worker")
    iam.add_role_to_instance_profile(InstanceProfileName="worker", RoleName="worker")
    iam.create_open_id_connect_provider(
        Url="https://example.com", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )


# (type, what its name ends with) → what is known of it. None: it has none.
EXPECTED: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("AWS::RDS::DBCluster", "orders"): {"Engine": "aurora-mysql", "BacktrackWindow": 0, "StorageEncrypted": False},
    ("AWS::Neptune::DBCluster", "graph"): {"StorageEncrypted": True, "IamAuthEnabled": False},
    ("AWS::RDS::DBParameterGroup", "strict"): {"Family": "postgres15", "Parameters": {"rds.force_ssl": "1"}},
    ("AWS::DynamoDB::Table", "kept"): {
        "BillingMode": "PAY_PER_REQUEST",
        "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": True,
        "ResourcePolicy": None,
        "SSESpecification.SSEEnabled": True,
        "Tags": TAGS,
    },
    ("AWS::DynamoDB::Table", "plain"): {
        "BillingMode": "PROVISIONED",
        "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": False,
        "StreamSpecification": None,
    },
    ("AWS::ElastiCache::ReplicationGroup", "open"): {"AuthToken": None, "MultiAZEnabled": False},
    ("AWS::ElastiCache::User", "anyone"): {
        "AuthenticationMode.Type": "no-password-required",
        "NoPasswordRequired": True,
    },
    ("AWS::MemoryDB::Cluster", "m"): {"ACLName": "all", "NumReplicasPerShard": 2},
    ("AWS::OpenSearchService::Domain", "search"): {
        "AccessPolicies": POLICY,
        "EngineVersion": "OpenSearch_2.11",
        "EncryptionAtRestOptions.Enabled": False,
    },
    ("AWS::Elasticsearch::Domain", "older"): {"EncryptionAtRestOptions.Enabled": False},
    ("AWS::Redshift::Cluster", "warehouse"): {"LoggingProperties": None, "ManageMasterPassword": False, "Port": 5439},
    ("AWS::EFS::FileSystem", ""): {"BackupPolicy.Status": "DISABLED", "Encrypted": True, "FileSystemPolicy": POLICY},
    ("AWS::Backup::BackupVault", "vault"): {"LockConfiguration.MinRetentionDays": 7},
    ("AWS::Backup::BackupPlan", ""): {
        "BackupPlan.BackupPlanName": "plan",
        "BackupPlan.BackupPlanRule.0.Lifecycle": {"DeleteAfterDays": 30},
        "BackupPlan.BackupPlanRule.0.TargetBackupVault": "vault",
    },
    ("AWS::SQS::Queue", "orders"): {
        "Policy": POLICY,
        "RedrivePolicy": {"deadLetterTargetArn": DEAD, "maxReceiveCount": 3},
        "KmsMasterKeyId": "alias/orders",
        "Tags": TAGS,
    },
    ("AWS::SQS::Queue", "dead"): {"Policy": None, "RedrivePolicy": None, "SqsManagedSseEnabled": True},
    ("AWS::SNS::Topic", "orders"): {
        "DeliveryStatusLogging": [],
        "FifoTopic": False,
        "KmsMasterKeyId": None,
        "Subscription": [{"Endpoint": DEAD, "Protocol": "sqs"}],
        "Tags": TAGS,
    },
    ("AWS::SNS::Subscription", ""): {"Protocol": "sqs", "RedrivePolicy": {"deadLetterTargetArn": DEAD}},
    ("AWS::Events::Rule", "instances"): {
        "EventPattern": {"source": ["aws.ec2"]},
        "State": "ENABLED",
        "Targets.0.DeadLetterConfig": {"Arn": DEAD},
    },
    ("AWS::Kinesis::Stream", "orders"): {
        "ResourcePolicy": POLICY,
        "RetentionPeriodHours": 24,
        "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/orders"},
    },
    ("AWS::Kinesis::Stream", "open"): {"ResourcePolicy": None, "StreamEncryption": None},
    ("AWS::KinesisFirehose::DeliveryStream", "archive"): {
        "DeliveryStreamEncryptionConfigurationInput": None,
        "HttpEndpointDestinationConfiguration.EndpointConfiguration.Url": "https://example.com",
    },
    ("AWS::SecretsManager::Secret", ""): {"ResourcePolicy": POLICY, "RotationSchedule": None, "Tags": TAGS},
    ("AWS::SSM::Parameter", "token"): {"Type": "SecureString"},
    ("AWS::SSM::Document", "session"): {"Content.inputs": {"kmsKeyId": "k"}, "DocumentType": "Session"},
    ("AWS::Logs::LogGroup", "kept"): {"RetentionInDays": 7, "DeletionProtectionEnabled": False},
    ("AWS::Logs::LogGroup", "endless"): {"RetentionInDays": None, "KmsKeyId": None},
    ("AWS::Logs::MetricFilter", "root"): {
        "MetricTransformations": [{"MetricName": "root", "MetricNamespace": "cis", "MetricValue": "1"}]
    },
    ("AWS::CloudWatch::Alarm", "root"): {
        "ActionsEnabled": True,
        "AlarmActions": [f"arn:aws:sns:{EUROPE}:{HOME}:orders"],
    },
    ("AWS::Macie::Session", ""): {"FindingPublishingFrequency": "ONE_HOUR", "Status": "ENABLED"},
    ("AWS::Glue::Connection", ""): {"ConnectionInput.ConnectionProperties": {}},
    ("AWS::CodeBuild::Project", "build"): {"Environment.PrivilegedMode": True, "Triggers": None},
    ("AWS::SageMaker::NotebookInstance", "n"): {"DirectInternetAccess": "Disabled", "Tags": TAGS},
    ("AWS::ACMPCA::CertificateAuthority", ""): {"Activations": [], "Type": "ROOT", "KeyAlgorithm": "RSA_4096"},
    ("AWS::IAM::InstanceProfile", "worker"): {"Roles": ["worker"]},
    ("AWS::IAM::OIDCProvider", ""): {"ClientIdList": ["sts.amazonaws.com"]},
}


@pytest.fixture(scope="module")
def found(server: Emulated, tmp_path_factory: pytest.TempPathFactory) -> list[Resource]:
    """All that the collector reads of an account with one resource, or two, of each type."""
    server.reset()
    for make in (_databases, _stores, _messages, _operations, _delivery):
        make(server.client)
    out = tmp_path_factory.mktemp("services") / "snapshot"
    kinds = tuple(dict.fromkeys(kind for kind, _ in EXPECTED))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}.items():
            patch.setenv(name, value)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        emulator = Emulator(server.url, lambda sender: Patient(sender, Insistence(0, 0)))
        collected = collect(Wish(regions=(EUROPE,), types=kinds), out, lambda value: value, emulator=emulator)
    assert [str(each) for each in collected.manifest.gaps] == []
    return list(resources(open_snapshot(out)))


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        inner = dict(enumerate(value)) if isinstance(value, list) else value
        key = int(step) if isinstance(value, list) else step
        value = inner.get(key) if isinstance(inner, Mapping) else None
    return value


@pytest.mark.parametrize(("kind", "name"), EXPECTED, ids=lambda each: str(each).removeprefix("AWS::"))
def test_what_was_set_is_read(found: list[Resource], kind: str, name: str) -> None:
    (resource,) = (each for each in found if each.type == kind and each.id.endswith(name))
    assert {path: _at(resource.properties, path) for path in EXPECTED[kind, name]} == EXPECTED[kind, name]


def test_a_token_that_nobody_can_read_is_known_to_be_there(found: list[Resource]) -> None:
    (group,) = (each for each in found if each.type.endswith("ReplicationGroup") and each.id.endswith("locked"))
    token = group.properties["AuthToken"]
    assert isinstance(token, Unknown)
    assert token.present


def test_a_lock_that_has_a_date_is_known_to_become_final(found: list[Resource]) -> None:
    (vault,) = (each for each in found if each.type == "AWS::Backup::BackupVault")
    days = _at(vault.properties, "LockConfiguration.ChangeableForDays")
    assert isinstance(days, Unknown)
    assert days.present


def test_no_secret_is_read(found: list[Resource]) -> None:
    assert "not-kept" not in repr(found).casefold()
