"""Where a live resource differs from the declared one: equal, different, or not known."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.assessment.difference import Compared, compare
from assay.inventory.normalise import normalise
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value

EITHER = Choice("p", Reason(Cause.PARAMETER, "p"), (("a", "mysql"), ("b", "postgres")))
HOLE = Unknown(Reason(Cause.PARAMETER, "Name"))


def resource(kind: str, properties: dict[str, Value]) -> Resource:
    made = Resource("a", kind, "A", properties, Origin("test", Position("t.yaml", 1)))
    return normalise([made]).resources[0]


def compared(
    kind: str, declared: dict[str, Any], live: dict[str, Any], names: frozenset[str] = frozenset(), same: Any = None
) -> Compared:
    return compare(resource(kind, declared), resource(kind, live), lambda _: names, lambda _, __: same)


def differing(kind: str, declared: dict[str, Any], live: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    return [each.path for each in compared(kind, declared, live, **more).differences]


def unsure(kind: str, declared: dict[str, Any], live: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    found = compared(kind, declared, live, **more)
    assert not found.differences
    return [each.path for each in found.unknown]


TABLE, DATABASE, GROUP, BUCKET = (
    *("AWS::DynamoDB::Table", "AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup", "AWS::S3::Bucket"),
)
SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (TABLE, {"BillingMode": "PAY_PER_REQUEST"}, {"BillingMode": "PAY_PER_REQUEST"}),
    (TABLE, {"DeletionProtectionEnabled": "true"}, {"DeletionProtectionEnabled": True}),  # coerced
    (DATABASE, {"AllocatedStorage": 50}, {"AllocatedStorage": "50"}),
    (DATABASE, {"DBInstanceIdentifier": "Orders"}, {"DBInstanceIdentifier": "orders"}),  # transform: lower case
    (DATABASE, {"EngineVersion": "15"}, {"EngineVersion": "15.4"}),  # transform: the minor version is AWS's choice
    (DATABASE, {"KmsKeyId": "1234"}, {"KmsKeyId": "arn:aws:kms:eu-west-1:111111111111:key/1234"}),
    (DATABASE, {}, {"DBInstanceArn": "arn:x"}),  # read-only
    (DATABASE, {"MasterUserPassword": "x" * 12}, {}),  # write-only
    (
        DATABASE,
        {"Tags": [{"Key": "a", "Value": "1"}]},
        {"Tags": [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}]},
    ),
    (DATABASE, {"EnableCloudwatchLogsExports": []}, {}),  # nothing is nothing
    (
        "AWS::SNS::TopicPolicy",
        {
            "Topics": ["t"],
            "PolicyDocument": '{"Statement": {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}}',
        },
        {
            "Topics": ["t"],
            "PolicyDocument": {"Statement": [{"Resource": ["*"], "Effect": "Allow", "Action": ["sns:Publish"]}]},
        },
    ),
    (
        GROUP,
        {"SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}, {"IpProtocol": "-1"}]},
        {"SecurityGroupIngress": [{"IpProtocol": "-1"}, {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}]},
    ),
]


@pytest.mark.parametrize(("kind", "declared", "live"), SAME)
def test_what_means_the_same_is_no_difference(kind: str, declared: dict[str, Any], live: dict[str, Any]) -> None:
    found = compared(kind, declared, live)
    assert (found.differences, found.unknown) == ([], [])


DIFFERENT: list[tuple[str, dict[str, Any], dict[str, Any], list[tuple[Any, ...]]]] = [
    (TABLE, {"BillingMode": "PROVISIONED"}, {"BillingMode": "PAY_PER_REQUEST"}, [("BillingMode",)]),
    (DATABASE, {"StorageEncrypted": "false"}, {"StorageEncrypted": True}, [("StorageEncrypted",)]),
    (DATABASE, {"Engine": "postgres"}, {"Engine": "mysql"}, [("Engine",)]),
    (DATABASE, {"EngineVersion": "15"}, {"EngineVersion": "16.1"}, [("EngineVersion",)]),
    (DATABASE, {"Tags": [{"Key": "a", "Value": "1"}]}, {"Tags": [{"Key": "a", "Value": "2"}]}, [("Tags", 0, "Value")]),
    (DATABASE, {"Tags": [{"Key": "a", "Value": "1"}]}, {"Tags": []}, [("Tags", 0)]),
    (DATABASE, {"EnableCloudwatchLogsExports": ["audit"]}, {}, [("EnableCloudwatchLogsExports",)]),
    (
        BUCKET,
        {"VersioningConfiguration": {"Status": "Enabled"}},
        {"VersioningConfiguration": {"Status": "Suspended"}},
        [("VersioningConfiguration", "Status")],
    ),
    (GROUP, {}, {"SecurityGroupIngress": [{"IpProtocol": "-1"}]}, [("SecurityGroupIngress", 0)]),  # only parts fill it
    (
        GROUP,
        {"SecurityGroupIngress": [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]},
        {
            "SecurityGroupIngress": [
                {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"},
            ]
        },
        [("SecurityGroupIngress", 1)],
    ),
    (
        BUCKET,
        {},
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
        [("OwnershipControls", "Rules", 0, "ObjectOwnership")],
    ),
]


@pytest.mark.parametrize(("kind", "declared", "live", "paths"), DIFFERENT)
def test_differences(kind: str, declared: dict[str, Any], live: dict[str, Any], paths: list[tuple[Any, ...]]) -> None:
    assert differing(kind, declared, live) == paths


def test_a_difference_to_a_default_of_the_platform_is_marked() -> None:
    (found,) = compared(BUCKET, {}, {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}).differences
    assert found.default
    (stated,) = compared(TABLE, {"BillingMode": "PROVISIONED"}, {"BillingMode": "PAY_PER_REQUEST"}).differences
    assert not stated.default


def test_what_is_left_to_aws_is_no_difference_and_said() -> None:
    found = compared(DATABASE, {}, {"PreferredMaintenanceWindow": "mon:01:00-mon:02:00"})
    assert (found.differences, found.unknown, found.left) == ([], [], [("PreferredMaintenanceWindow",)])


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        ({"Engine": HOLE}, {"Engine": "mysql"}),
        ({"Engine": "mysql"}, {"Engine": Unknown(Reason(Cause.NOT_COLLECTED, "x"))}),
        ({"DBName": Unknown(Reason(Cause.PARAMETER, "x"), parts=("shop-", "-db"))}, {"DBName": "shop-one-db"}),
        ({"KmsKeyId": "alias/x"}, {"KmsKeyId": "arn:aws:kms:eu-west-1:111111111111:key/1"}),
        (
            {"Engine": Choice("p", Reason(Cause.PARAMETER, "p"), (("a", "mysql"), ("b", "postgres")))},
            {"Engine": "mysql"},
        ),
        ({"EnableCloudwatchLogsExports": [HOLE]}, {"EnableCloudwatchLogsExports": ["audit"]}),
    ],
)
def test_what_is_unknown_on_either_side_is_neither_a_difference_nor_equal(
    declared: dict[str, Any], live: dict[str, Any]
) -> None:
    assert unsure(DATABASE, declared, live)
    assert compared(DATABASE, declared, live).equal == 0


def test_known_text_around_a_hole_can_tell_a_difference() -> None:
    hole = Unknown(Reason(Cause.PARAMETER, "x"), parts=("shop-", "-db"))
    for other in ("shop-db", "web-one-db", "shop-one"):
        assert differing(DATABASE, {"DBName": hole}, {"DBName": other}) == [("DBName",)]


def test_a_choice_of_which_no_outcome_fits_is_a_difference() -> None:
    assert differing(DATABASE, {"Engine": EITHER}, {"Engine": "oracle-ee"}) == [("Engine",)]


def test_a_reference_is_the_resource_that_it_was_found_to_be() -> None:
    hole = Unknown(Reason(Cause.ATTRIBUTE, "Key"), present=True, reference=Reference("t.yaml#Key", "Arn"))
    names = frozenset({"arn:aws:kms:eu-west-1:111111111111:key/1"})
    found = compared(DATABASE, {"KmsKeyId": hole}, {"KmsKeyId": next(iter(names))}, names=names)
    assert (found.differences, found.unknown, found.equal) == ([], [], 1)


def test_policies_are_asked_whether_they_allow_the_same() -> None:
    one = {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["sns:*"], "Resource": "*"}]}}
    other = {
        "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": ["sns:*", "sns:Publish"], "Resource": "*"}]}
    }
    kind = "AWS::SNS::TopicPolicy"
    assert differing(kind, one, other, same=True) == []
    assert differing(kind, one, other, same=False) == [("PolicyDocument",)]
    assert unsure(kind, one, other, same=None) == [("PolicyDocument",)]


FREE = "AWS::Events::Rule"  # its EventPattern is free-form


def nested(depth: int, leaf: int) -> Any:
    value: Any = leaf
    for _ in range(depth):
        value = [value, {"x": [value, value]}] if depth < 12 else [value]
    return value


def test_deep_lists_in_lists_end() -> None:
    """Pairing elements of lists within lists would multiply; it is bounded, and what is left is not known."""
    kind = FREE
    for depth in (10, 150):
        found = compared(kind, {"EventPattern": {"a": nested(depth, 1)}}, {"EventPattern": {"a": nested(depth, 2)}})
        assert found.differences or found.unknown


values = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 3), st.sampled_from(("a", "b", "arn:a:b:c:d:e/a"))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(values)
def test_whatever_is_declared_equals_itself(value: Any) -> None:
    found = compared(FREE, {"EventPattern": {"v": value}}, {"EventPattern": {"v": value}})
    assert (found.differences, found.unknown) == ([], [])


@settings(max_examples=200, deadline=None)
@given(values, values)
def test_a_difference_one_way_is_one_the_other_way(one: Any, other: Any) -> None:
    kind = FREE
    left, right = {"EventPattern": {"v": one}}, {"EventPattern": {"v": other}}
    there, back = compared(kind, left, right), compared(kind, right, left)
    # What is declared nowhere is left to AWS, so only what both state is symmetric.
    if not there.left and not back.left:
        assert bool(there.differences) == bool(back.differences)


@settings(max_examples=200, deadline=None)
@given(values, values)
def test_an_unknown_in_place_of_a_value_hides_differences_and_makes_none(one: Any, other: Any) -> None:
    kind = FREE
    known = compared(kind, {"EventPattern": {"v": one, "w": 1}}, {"EventPattern": {"v": other, "w": 1}})
    hidden = compared(kind, {"EventPattern": {"v": HOLE, "w": 1}}, {"EventPattern": {"v": other, "w": 1}})
    assert not hidden.differences
    assert hidden.unknown
    assert len(hidden.differences) <= len(known.differences)
