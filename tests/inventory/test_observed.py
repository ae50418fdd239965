"""What absence means in a description of something that exists."""

import pytest

from assay.inventory.observed import observed, unread, with_parts
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.schema import fields_of, resource_types
from assay.inventory.services import TABLES
from assay.inventory.values import Cause, Reason, Unknown, Value

ORIGIN = Origin("somewhere", Position("file"))


def _is_not_collected(value: object) -> bool:
    return isinstance(value, Unknown) and value.reason.cause is Cause.NOT_COLLECTED


def _network(**properties: Value) -> Resource:
    return Resource("id", "AWS::EC2::VPC", "vpc-1", properties, ORIGIN)


def test_what_is_stated_stays_as_it_is() -> None:
    assert observed("AWS::EC2::Volume", {"Encrypted": False, "Size": 0}, "a source")["Encrypted"] is False


def test_text_lists_and_objects_that_are_left_out_are_not_there() -> None:
    found = observed("AWS::RDS::DBInstance", {}, "a source")
    assert not {"KmsKeyId", "EnableCloudwatchLogsExports", "ProcessorFeatures"} & found.keys()


def test_a_property_that_the_source_never_says_is_unknown() -> None:
    found = observed("AWS::RDS::DBInstance", {}, "a source", frozenset({"Engine", "StorageEncrypted"}))
    assert _is_not_collected(found["KmsKeyId"])
    assert _is_not_collected(found["StorageEncrypted"])


def test_of_a_part_of_a_description_every_absence_says_nothing() -> None:
    found = observed("AWS::S3::Bucket", {"BucketName": "a"}, "a source", whole=False)
    assert _is_not_collected(found["PublicAccessBlockConfiguration"])
    assert _is_not_collected(found["LoggingConfiguration"])


def test_a_default_for_something_new_is_none_for_what_exists() -> None:
    assert _is_not_collected(observed("AWS::IAM::Role", {}, "a source")["MaxSessionDuration"])
    assert observed("AWS::EC2::SecurityGroup", {}, "a source")["SecurityGroupEgress"] == []


def test_what_a_stated_object_leaves_out_is_unknown_where_it_has_a_default() -> None:
    options = observed("AWS::EC2::Instance", {"MetadataOptions": {"HttpTokens": "required"}}, "a source")[
        "MetadataOptions"
    ]
    assert isinstance(options, dict)
    assert options["HttpTokens"] == "required"
    assert _is_not_collected(options["HttpEndpoint"])


def test_two_resources_share_no_value() -> None:
    one, other = observed("AWS::S3::Bucket", {}, "a source"), observed("AWS::S3::Bucket", {}, "a source")
    assert one["PublicAccessBlockConfiguration"] is not other["PublicAccessBlockConfiguration"]


def test_a_type_without_a_schema_is_left_alone() -> None:
    assert observed("Custom::Thing", {"A": 1}, "a source") == {"A": 1}
    assert unread("Custom::Thing", Reason(Cause.NOT_COLLECTED, "x")) == {}


def test_everything_about_an_unread_resource_is_unknown() -> None:
    found = unread("AWS::S3::Bucket", Reason(Cause.DENIED, "s3:ListBucket"))
    assert found.keys() == fields_of("AWS::S3::Bucket").keys()


@pytest.mark.parametrize("listed", [frozenset(), frozenset({"AWS::EC2::VPCEndpoint"})])
def test_parts_are_unknown_unless_all_of_their_type_were_listed(listed: frozenset[str]) -> None:
    found = with_parts(_network(), "a source", listed).properties
    assert _is_not_collected(found["FlowLogs"])
    assert ("Endpoints" not in found) == bool(listed)


def test_parts_that_are_stated_stay() -> None:
    assert with_parts(_network(FlowLogs=[]), "a source", frozenset()).properties["FlowLogs"] == []


def test_every_row_that_says_what_is_unset_says_it_of_a_property() -> None:
    rows = [row for row in TABLES.values() if row.unset]
    assert rows
    for row in rows:
        known = fields_of(row.type).keys() if row.type in resource_types() else set()
        made = {name for name, value in row.unset.items() if value is None}
        assert row.unset.keys() - made <= known, row.type
