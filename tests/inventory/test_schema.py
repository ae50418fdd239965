"""The published schemas as types."""

import pytest

from assay.inventory.schema import (
    POLICY,
    Kind,
    Type,
    UnknownType,
    fields_of,
    list_of,
    map_of,
    object_of,
    resource_schema,
    resource_types,
)
from assay.inventory.services import TABLES


def test_every_schema_can_be_read_and_every_field_has_a_type() -> None:
    assert len(resource_types()) > 1000
    for name in sorted(resource_types())[::25]:
        for field, kind in resource_schema(name).properties.fields.items():
            assert isinstance(kind, Type), field


def test_a_type_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(UnknownType, match=r"did you mean AWS::S3::Bucket\?"):
        resource_schema("AWS::S3::Buckt")


def test_what_a_schema_says_of_properties() -> None:
    schema = resource_schema("AWS::S3::Bucket")
    assert "Arn" in schema.read_only
    assert "BucketName" in schema.create_only
    assert schema.primary_identifier == ("BucketName",)
    assert resource_schema("AWS::RDS::DBInstance").write_only


@pytest.mark.parametrize(
    ("kind", "field", "expected"),
    [
        ("AWS::S3::Bucket", "BucketName", Kind.STRING),
        ("AWS::S3::Bucket", "Tags", Kind.LIST),
        ("AWS::S3::Bucket", "VersioningConfiguration", Kind.OBJECT),
        ("AWS::RDS::DBInstance", "MultiAZ", Kind.BOOLEAN),
        ("AWS::RDS::DBInstance", "MonitoringInterval", Kind.INTEGER),
        ("AWS::Lambda::Function", "Environment", Kind.OBJECT),
    ],
)
def test_kinds_of_properties(kind: str, field: str, expected: Kind) -> None:
    assert fields_of(kind)[field].kind is expected


def test_policies_are_known_by_name() -> None:
    assert fields_of("AWS::IAM::ManagedPolicy")["PolicyDocument"] is POLICY
    assert fields_of("AWS::KMS::Key")["KeyPolicy"] is POLICY
    assert fields_of("AWS::S3::Bucket")["Policy"] == POLICY


def test_a_definition_that_refers_to_itself_has_a_type() -> None:
    rule = fields_of("AWS::WAFv2::WebACL")["Rules"].items
    assert rule is not None
    statement = rule.fields["Statement"]
    nested = statement.fields["NotStatement"].fields["Statement"]
    assert nested == statement


def test_allowed_values_are_known_and_no_part_of_the_type() -> None:
    status = fields_of("AWS::S3::Bucket")["VersioningConfiguration"].fields["Status"]
    assert set(status.enum) == {"Enabled", "Suspended"}
    assert status == Type(Kind.STRING)


def test_types_say_what_they_are() -> None:
    assert str(list_of(Type(Kind.STRING))) == "list of string"
    assert str(map_of(Type(Kind.OBJECT, name="AWS::X"))) == "map of AWS::X"
    assert object_of(b=Type(Kind.STRING), a=Type(Kind.ANY)).fields.keys() == {"a", "b"}
    assert Type(Kind.STRING).fields == {}


def test_every_service_table_speaks_of_a_type_that_exists() -> None:
    unknown = set(TABLES) - resource_types()
    assert not unknown
    for row in TABLES.values():
        for fold in row.folds:
            assert fold.source in resource_types(), (row.type, fold.source)
            assert fold.into in fields_of(row.type), (row.type, fold.into)
        for path in row.defaults:
            assert path.split(".")[0] in fields_of(row.type), (row.type, path)
        for name in row.names:
            assert name in fields_of(row.type), (row.type, name)
