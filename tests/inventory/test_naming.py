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
