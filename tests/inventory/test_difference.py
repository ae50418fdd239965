"""What differs between two descriptions, as the schema means it."""

from typing import Any

import pytest

from assay.inventory.difference import Difference, Way, differences
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.values import Cause, Reason, Unknown

NOT_SAID = Unknown(Reason(Cause.NOT_COLLECTED, "x", "one source"))
NOT_SAID_EITHER = Unknown(Reason(Cause.DENIED, "y", "another"))


def between(kind: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[Difference, ...]:
    one, other = (Resource("id", kind, "n", each, Origin("aws", Position("s"))) for each in (before, after))
    return differences(one, other)


TAGS = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
RULE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
OTHER = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("AWS::S3::Bucket", {"Tags": TAGS}, {"Tags": TAGS[::-1]}),
        ("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [RULE, OTHER]}, {"SecurityGroupIngress": [OTHER, RULE]}),
        ("AWS::S3::Bucket", {"Tags": []}, {}),
        ("AWS::EC2::Volume", {"Encrypted": "true", "Size": "8"}, {"Encrypted": True, "Size": 8}),
        ("AWS::EC2::Volume", {"Encrypted": NOT_SAID}, {"Encrypted": NOT_SAID_EITHER}),
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["a:B", "a:C"], "Resource": "*"}]}},
            {"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": ["a:C", "a:B"], "Resource": ["*"]}}},
        ),
    ],
)
def test_what_means_the_same_does_not_differ(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert between(kind, before, after) == ()


def test_order_counts_where_the_schema_does_not_say_otherwise() -> None:
    command = {"Cmd": ["a", "b"]}
    found = between("Acme::Thing", {"Spec": command}, {"Spec": {"Cmd": ["b", "a"]}})
    assert [each.path for each in found] == [("Spec", "Cmd", 0), ("Spec", "Cmd", 1)]


def test_a_bag_says_what_only_one_side_has() -> None:
    (found,) = between(
        "AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [RULE, OTHER]}, {"SecurityGroupIngress": [OTHER, OTHER]}
    )
    assert found.path == ("SecurityGroupIngress",)
    assert (found.before, found.after) == ([RULE], [OTHER])


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        (None, True, Way.ADDED),
        (True, None, Way.REMOVED),
        (True, False, Way.CHANGED),
        (NOT_SAID, False, Way.LEARNT),
        (False, NOT_SAID, Way.UNSEEN),
    ],
)
def test_how_it_differs(before: Any, after: Any, way: Way) -> None:
    (found,) = between("AWS::EC2::Volume", {"Encrypted": before}, {"Encrypted": after})
    assert found.way is way


def test_what_only_aws_sets_is_told_apart() -> None:
    found = between("AWS::DynamoDB::Table", {"Arn": "a", "TableName": "t"}, {"Arn": "b", "TableName": "u"})
    assert {each.path[0]: each.read_only for each in found} == {"Arn": True, "TableName": False}
