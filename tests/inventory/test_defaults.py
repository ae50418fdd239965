"""What an absent property reads as."""

from dataclasses import replace

import pytest

from assay.inventory.defaults import absent_reads_as, default_for, type_at, zero
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.schema import ANY, BOOLEAN, INTEGER, NUMBER, STRING, STRINGS, Type, map_of, object_of
from assay.inventory.values import Cause, Path, Unknown, Value


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("AWS::RDS::DBInstance", ("MultiAZ",), False),
        ("AWS::RDS::DBInstance", ("MonitoringInterval",), 0),
        ("AWS::RDS::DBInstance", ("KmsKeyId",), ""),
        ("AWS::RDS::DBInstance", ("Tags",), []),
        ("AWS::RDS::DBInstance", ("Tags", "*", "Key"), ""),
        ("AWS::S3::Bucket", ("VersioningConfiguration",), {}),
        ("AWS::S3::Bucket", ("VersioningConfiguration", "Status"), ""),
        ("AWS::S3::Bucket", ("PublicAccessBlockConfiguration", "BlockPublicAcls"), False),
        ("AWS::IAM::Role", ("Path",), "/"),
        ("AWS::RDS::DBParameterGroup", ("Parameters", "x"), ""),
        ("Vendor::No::Schema", ("Anything",), None),
    ],
)
def test_the_table_s_default_or_the_type_s_zero(kind: str, path: tuple[str, ...], expected: Value) -> None:
    assert default_for(kind, path) == expected


@pytest.mark.parametrize(
    ("kind", "path", "cause"),
    [
        ("AWS::IAM::Role", ("Arn",), Cause.ATTRIBUTE),
        ("AWS::RDS::DBInstance", ("Endpoint", "Address"), Cause.ATTRIBUTE),
        ("AWS::EC2::Volume", ("Encrypted",), Cause.UNDOCUMENTED),
    ],
)
def test_unknown_where_the_platform_decides(kind: str, path: tuple[str, ...], cause: Cause) -> None:
    value = default_for(kind, path)
    assert isinstance(value, Unknown)
    assert value.reason.cause is cause
    assert path[-1] in str(value.reason)


def test_what_is_folded_in_reads_as_its_own_type_says() -> None:
    assert default_for("AWS::IAM::Role", ("CustomerPolicies", "*", "Path")) == default_for(
        "AWS::IAM::ManagedPolicy", ("Path",)
    )
    outer = default_for("AWS::IAM::Role", ("CustomerPolicies", "*", "PolicyArn"))
    assert outer == default_for("AWS::IAM::ManagedPolicy", ("PolicyArn",))
    assert isinstance(outer, Unknown)


GROUP = Resource("t#G", "AWS::EC2::SecurityGroup", "G", {"SecurityGroupIngress": [{}]}, Origin("test", Position("t")))


@pytest.mark.parametrize(("path", "expected"), [(("Tags",), []), (("SecurityGroupIngress", 0, "CidrIp"), "")])
def test_list_indexes_stand_for_any_element(path: Path, expected: Value) -> None:
    assert absent_reads_as(GROUP, path) == expected


def test_everything_but_its_part_of_a_fragment_is_declared_elsewhere() -> None:
    fragment = replace(GROUP, fragment=True)
    elsewhere = absent_reads_as(fragment, ("SecurityGroupEgress",))
    assert isinstance(elsewhere, Unknown)
    assert elsewhere.reason.cause is Cause.ELSEWHERE
    assert absent_reads_as(fragment, ("SecurityGroupIngress", 0, "CidrIp")) == ""


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (BOOLEAN, False),
        (INTEGER, 0),
        (NUMBER, 0.0),
        (STRING, ""),
        (STRINGS, []),
        (map_of(STRING), {}),
        (object_of(a=STRING), {}),
        (ANY, None),
        (None, None),
    ],
    ids=str,
)
def test_zero_of_every_type(wanted: Type | None, expected: Value) -> None:
    assert zero(wanted) == expected


def test_types_at_paths() -> None:
    assert type_at("AWS::S3::Bucket", ("Tags", "*", "Key")) == STRING
    assert type_at("AWS::S3::Bucket", ("Tags", "*", "Nothing")) is None
    assert type_at("AWS::S3::Bucket", ("Nothing", "Below")) is None
