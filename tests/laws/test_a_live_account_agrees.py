"""Law 5: the small system, made in an emulated account by its APIs and collected, is judged as its template is.

Where both decide, they decide the same; where the account knows less, the reason is that something was not said.
"""

import datetime
import json
import os
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

import pytest
from tests.sources import small_system as system
from tests.sources.aws.emulator import Emulated, emulated

from assay.assessment.check import Check
from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Verdict
from assay.inventory.resource import Resource
from assay.inventory.values import Cause
from assay.operations.check import Selection, check
from assay.operations.collect import Emulator, Wish, collect
from assay.sources.aws.calls import Insistence, Patient
from assay.sources.aws.services import ENTRIES
from assay.sources.cloudformation import Context

pytestmark = pytest.mark.slow

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
KINDS = tuple(sorted({kind for kind, _, _ in system.SYSTEM.values()} & ENTRIES.keys()))
# Of these the controls ask whether any belongs to what is judged.
OTHERS = tuple(sorted({"AWS::EC2::Instance", "AWS::EC2::VPCEndpoint", "AWS::IAM::ManagedPolicy"} & ENTRIES.keys()))


@pytest.fixture(scope="module")
def aws() -> Iterator[Emulated]:
    stated = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    with emulated() as found, mock.patch.dict(os.environ, stated):
        found.reset()
        yield found


def _stated(name: str) -> dict[str, Any]:
    return system.SYSTEM[name][2]


def _make(aws: Emulated) -> None:
    """Make the system as a person with the command line would."""
    _bucket(aws.client("s3"))
    _network(aws.client("ec2"))
    _worker(aws.client("iam"))
    _database(aws.client("rds"))
    _queue_and_table(aws)


def _bucket(s3: Any) -> None:
    stated = _stated("Orders")
    for name in ("orders", "access-logs"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": system.REGION})
    rules = [
        {"ApplyServerSideEncryptionByDefault": each["ServerSideEncryptionByDefault"]}
        for each in stated["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    ]
    s3.put_bucket_encryption(Bucket="orders", ServerSideEncryptionConfiguration={"Rules": rules})
    s3.put_public_access_block(Bucket="orders", PublicAccessBlockConfiguration=system.BLOCKED)
    s3.put_bucket_ownership_controls(Bucket="orders", OwnershipControls=stated["OwnershipControls"])
    s3.put_bucket_versioning(Bucket="orders", VersioningConfiguration=stated["VersioningConfiguration"])
    logged = {"TargetBucket": "access-logs", "TargetPrefix": "orders/"}
    writer = {"Service": "logging.s3.amazonaws.com"}
    allowed = {
        "Effect": "Allow",
        "Principal": writer,
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::access-logs/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    s3.put_bucket_policy(Bucket="access-logs", Policy=policy)
    s3.put_bucket_logging(Bucket="orders", BucketLoggingStatus={"LoggingEnabled": logged})
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}
    s3.put_bucket_lifecycle_configuration(Bucket="orders", LifecycleConfiguration={"Rules": [rule]})
    s3.put_bucket_tagging(Bucket="orders", Tagging={"TagSet": system.TAGS})
    s3.put_bucket_policy(Bucket="orders", Policy=json.dumps(system.TLS_ONLY))
    s3.delete_bucket_policy(Bucket="access-logs")


def _network(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock=_stated("Network")["CidrBlock"])["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="administration", Description="administration", VpcId=vpc)["GroupId"]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {**ssh, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "ssh"}]},
            {**https, "Ipv6Ranges": [{"CidrIpv6": "::/0", "Description": "https"}]},
        ],
    )
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::access-logs",
        MaxAggregationInterval=60,
    )
    ec2.create_volume(
        AvailabilityZone=f"{system.REGION}a", Size=20, Encrypted=True, KmsKeyId=system.KEY, VolumeType="gp3"
    )


def _worker(iam: Any) -> None:
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(system.TRUST))
    iam.put_role_policy(RoleName="worker", PolicyName="all", PolicyDocument=json.dumps(system.EVERYTHING))
    # The emulator has no policies of AWS itself; of one of ours the controls say the same.
    looking = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [looking]})
    arn = iam.create_policy(PolicyName="ReadOnlyAccess", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="worker", PolicyArn=arn)


def _database(rds: Any) -> None:
    stated = _stated("Database")
    same = (
        "DBInstanceIdentifier",
        "DBInstanceClass",
        "Engine",
        "EngineVersion",
        "StorageEncrypted",
        "PubliclyAccessible",
        "MultiAZ",
        "BackupRetentionPeriod",
        "AutoMinorVersionUpgrade",
        "CopyTagsToSnapshot",
        "DeletionProtection",
        "MonitoringInterval",
        "EnableCloudwatchLogsExports",
    )
    rds.create_db_instance(
        **{name: stated[name] for name in same},
        AllocatedStorage=100,
        EnableIAMDatabaseAuthentication=True,
        MasterUsername="postgres",  # what a template that names none comes to, as far as anybody can know
        MasterUserPassword="not-a-secret",
    )


def _queue_and_table(aws: Emulated) -> None:
    stated = _stated("Queue")
    attributes = {"KmsMasterKeyId": system.KEY, "MessageRetentionPeriod": str(stated["MessageRetentionPeriod"])}
    aws.client("sqs").create_queue(QueueName="work", Attributes=attributes)
    table = _stated("Table")
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        **{name: table[name] for name in ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema")},
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": system.KEY},
        DeletionProtectionEnabled=False,
    )
    recovered = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName="carts", PointInTimeRecoverySpecification=recovered)


@pytest.fixture(scope="module")
def forms(aws: Emulated, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Check]:
    folder = tmp_path_factory.mktemp("forms")
    _make(aws)
    emulator = Emulator(aws.url, lambda sender: Patient(sender, Insistence(0, 0)))
    wish = Wish(regions=(system.REGION,), types=(*KINDS, *OTHERS))
    collect(wish, folder / "live", lambda value: value, emulator=emulator)
    (folder / "template.json").write_text(system.template())
    (folder / "config.json").write_text(json.dumps(system.snapshot()))
    where = Context(account=system.ACCOUNT, region=system.REGION)
    return {
        name: check([folder / file], where, Selection(), now=NOW)
        for name, file in (("template", "template.json"), ("config", "config.json"), ("live", "live"))
    }


def _verdicts(form: Check) -> Mapping[tuple[str, str], Evaluation]:
    """The evaluations of the system's own resources, by control and type."""
    resources = {each.id: each for each in form.inventory.resources}
    return {
        (each.control, resources[each.resource].type): each
        for each in form.evaluations
        if resources[each.resource].type in KINDS and _is_ours(resources[each.resource])
    }


def _is_ours(found: Resource) -> bool:
    """Whether a resource is of the system, and none that the emulator makes by itself or that only receives logs."""
    match found.type:
        case "AWS::S3::Bucket":
            return found.properties.get("BucketName") == "orders"
        case "AWS::EC2::VPC":
            return found.properties.get("CidrBlock") == "10.0.0.0/16"
        case "AWS::EC2::SecurityGroup":
            return found.properties.get("GroupName") == "administration"
        case _:
            return True


@pytest.mark.parametrize("other", ["template", "config"])
def test_where_both_know_they_agree(forms: Mapping[str, Check], other: str) -> None:
    first, live = _verdicts(forms[other]), _verdicts(forms["live"])
    both = {key for key in first.keys() & live.keys() if Verdict.UNKNOWN not in (first[key].verdict, live[key].verdict)}
    assert {key: str(live[key].verdict) for key in both} == {key: str(first[key].verdict) for key in both}
    assert len(both) > 0.75 * len(first)


def test_the_account_knows_hardly_less_than_the_template(forms: Mapping[str, Check]) -> None:
    first, live = _verdicts(forms["template"]), _verdicts(forms["live"])
    assert first.keys() == live.keys()
    less = {key: each for key, each in live.items() if each.verdict is Verdict.UNKNOWN is not first[key].verdict}
    assert {reason.cause for each in less.values() for reason in each.reasons} <= {Cause.NOT_COLLECTED, Cause.ELSEWHERE}
    assert len(less) < 0.1 * len(first)
