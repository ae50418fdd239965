"""Which resource a name means."""

import pytest

from assay.inventory.naming import Names
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.values import Value

OURS, THEIRS = "111122223333", "444455556666"


def _resource(
    kind: str, name: str, properties: dict[str, Value], account: str = OURS, region: str = "eu-west-1"
) -> Resource:
    return Resource(name, kind, name, properties, Origin("somewhere", Position("file"), account, region))


ROLE = _resource("AWS::IAM::Role", "worker", {"RoleName": "worker"})
QUEUE = _resource("AWS::SQS::Queue", "work", {"QueueName": "work"})
ANYWHERE = _resource("AWS::IAM::Role", "worker", {"RoleName": "worker"}, account="", region="")


@pytest.mark.parametrize(
    ("value", "resource"),
    [
        ("worker", ROLE),
        (f"arn:aws:iam::{OURS}:role/worker", ROLE),
        (f"arn:aws:iam::{OURS}:role/service/worker", ROLE),
        (f"arn:aws:iam::{THEIRS}:role/worker", ANYWHERE),
        (f"arn:aws:sqs:eu-west-1:{OURS}:work", QUEUE),
        (f"https://sqs.eu-west-1.amazonaws.com/{OURS}/work", QUEUE),
    ],
)
def test_a_name_and_an_arn_mean_the_resource(value: str, resource: Resource) -> None:
    assert Names([resource]).find(value, resource.type, "file") == (resource.id,)


@pytest.mark.parametrize(
    ("value", "resource"),
    [
        (f"arn:aws:iam::{THEIRS}:role/worker", ROLE),
        (f"arn:aws:sqs:eu-west-1:{THEIRS}:work", QUEUE),
        (f"arn:aws:sqs:us-east-1:{OURS}:work", QUEUE),
        ("arn:worker", _resource("AWS::IAM::Role", "other", {"RoleName": "other"})),
    ],
)
def test_an_arn_of_another_account_or_region_means_another_resource(value: str, resource: Resource) -> None:
    assert Names([resource]).find(value, resource.type, "file") == ()


def test_an_arn_that_a_resource_states_is_its_own_whatever_the_source_says() -> None:
    arn = f"arn:aws:iam::{THEIRS}:role/worker"
    role = _resource("AWS::IAM::Role", "worker", {"RoleName": "worker", "Arn": arn})
    assert Names([role]).find(arn, role.type, "file") == ("worker",)


def _seen(kind: str, name: str, properties: dict[str, Value], place: str) -> Resource:
    account, region = place.split("/")
    origin = Origin("aws", Position(f"snapshot/{place}"), account, region, "2026-11-25T08:00:00Z")
    return Resource(f"{place}/{kind}/{name}", kind, name, properties, origin)


HERE = f"{OURS}/eu-west-1"
VPC = _seen("AWS::EC2::VPC", "one", {"CidrBlock": "10.0.0.0/16"}, HERE)


@pytest.mark.parametrize(
    ("value", "kind", "named", "place", "meant"),
    [
        ("orders", "AWS::RDS::DBCluster", "DBClusterIdentifier", HERE, True),
        ("orders", "AWS::RDS::DBCluster", "DBClusterIdentifier", f"{OURS}/us-east-1", False),
        ("orders", "AWS::RDS::DBCluster", "DBClusterIdentifier", f"{THEIRS}/eu-west-1", False),
        ("worker", "AWS::IAM::Role", "RoleName", f"{OURS}/global", True),
        ("worker", "AWS::IAM::Role", "RoleName", f"{THEIRS}/global", False),
        ("trail", "AWS::S3::Bucket", "BucketName", f"{THEIRS}/us-east-1", True),
        ("sg-0123456789abcdef0", "AWS::EC2::SecurityGroup", "Id", f"{OURS}/us-east-1", True),
        ("admin", "AWS::EC2::KeyPair", "KeyName", f"{OURS}/us-east-1", False),
        (f"arn:aws:rds:us-east-1:{OURS}:cluster:orders", "AWS::RDS::DBCluster", "DBClusterIdentifier",
         f"{OURS}/us-east-1", True),
        ("https://sqs.us-east-1.amazonaws.com/1/work", "AWS::SQS::Queue", "QueueName", f"{OURS}/us-east-1", False),
    ],
)  # fmt: skip
def test_what_exists_is_called_by_its_name_in_its_account_and_region_only(
    value: str, kind: str, named: str, place: str, meant: bool
) -> None:
    """What has the name here may not have been read: its namesake elsewhere does not answer for it."""
    found = _seen(kind, "it", {named: value.rpartition("/")[2].rpartition(":")[2]}, place)
    assert Names([VPC, found]).find(value, kind, f"snapshot/{HERE}") == ((found.id,) if meant else ())
