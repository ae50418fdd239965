"""What Cloud Control describes, one resource at a time and in lists."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sources import small_system as system

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Unknown
from assay.sources import cloud_control

WHERE = cloud_control.Context(system.ACCOUNT, system.REGION)
Read = Callable[..., Inventory]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(*answers: Any, lines: bool = False) -> Inventory:
        path = tmp_path / "described.json"
        texts = [json.dumps(each) for each in answers]
        path.write_text("\n".join(texts) if lines else texts[0] if len(texts) == 1 else f"[{','.join(texts)}]")
        return cloud_control.read([path], WHERE)

    return reading


def _bucket(**properties: Any) -> dict[str, Any]:
    described = {"Identifier": "orders", "Properties": json.dumps({"BucketName": "orders", **properties})}
    return {"TypeName": "AWS::S3::Bucket", "ResourceDescription": described}


def _said(inventory: Inventory, kind: str = "AWS::S3::Bucket") -> Any:
    (found,) = inventory.of_type(kind)
    return found.properties


def _is_not_collected(value: object) -> bool:
    return isinstance(value, Unknown) and value.reason.cause is Cause.NOT_COLLECTED


@pytest.mark.parametrize("lines", [True, False])
def test_descriptions_in_a_list_and_one_per_line_say_the_same(read: Read, lines: bool) -> None:
    inventory = read(*system.descriptions(), lines=lines)
    assert inventory.complete
    assert {each.type for each in inventory.resources} == {kind for kind, _, _ in system.SYSTEM.values()}
    assert {each.origin.account for each in inventory.resources} == {system.ACCOUNT}


def test_one_description_alone_is_read(read: Read) -> None:
    assert _said(read(_bucket(VersioningConfiguration={"Status": "Enabled"})))["VersioningConfiguration"] == {
        "Status": "Enabled"
    }


def test_a_live_bucket_without_a_block_of_public_access_blocks_nothing(read: Read) -> None:
    assert _said(read(_bucket()))["PublicAccessBlockConfiguration"] == dict.fromkeys(system.BLOCKED, False)


def test_a_bucket_of_which_nobody_listed_policies_may_have_one(read: Read) -> None:
    assert _is_not_collected(_said(read(_bucket()))["Policy"])


def test_a_bucket_has_no_policy_where_the_list_of_policies_is_whole_and_has_none(read: Read) -> None:
    assert "Policy" not in _said(read(_bucket(), system.listed("AWS::S3::BucketPolicy")))


def test_a_list_that_goes_on_is_a_gap_and_shows_nothing_to_be_missing(read: Read) -> None:
    inventory = read(_bucket(), system.listed("AWS::S3::BucketPolicy", more="next"))
    assert _is_not_collected(_said(inventory)["Policy"])
    assert [each.reason.subject for each in inventory.gaps] == ["AWS::S3::BucketPolicy"]


def test_a_list_with_an_element_that_is_no_description_shows_nothing_to_be_missing(read: Read) -> None:
    broken = {**system.listed("AWS::S3::BucketPolicy"), "ResourceDescriptions": [{"Properties": "{}"}]}
    assert _is_not_collected(_said(read(_bucket(), broken))["Policy"])


def test_a_policy_that_is_described_apart_is_its_buckets(read: Read) -> None:
    policy = next(each for each in system.descriptions() if each["TypeName"] == "AWS::S3::BucketPolicy")
    assert _said(read(_bucket(), policy))["Policy"]["Statement"][0]["Effect"] == "Deny"


def test_a_resource_that_is_only_named_in_a_list_is_unknown(read: Read) -> None:
    said = _said(read(system.listed("AWS::S3::Bucket", "orders")))
    assert _is_not_collected(said["PublicAccessBlockConfiguration"])
    assert _is_not_collected(said["VersioningConfiguration"])


@pytest.mark.parametrize("named_first", [True, False])
def test_a_description_counts_more_than_the_name_in_a_list(read: Read, named_first: bool) -> None:
    answers = [system.listed("AWS::S3::Bucket", "orders"), _bucket(VersioningConfiguration={"Status": "Enabled"})]
    said = _said(read(*(answers if named_first else reversed(answers))))
    assert said["VersioningConfiguration"] == {"Status": "Enabled"}


def test_properties_that_are_no_json_are_unknown(read: Read) -> None:
    answer = {"TypeName": "AWS::S3::Bucket", "ResourceDescription": {"Identifier": "a", "Properties": "{"}}
    value = _said(read(answer))["VersioningConfiguration"]
    assert isinstance(value, Unknown)
    assert value.reason.cause is Cause.MALFORMED


@pytest.mark.parametrize("answer", [{"TypeName": "AWS::S3::Bucket"}, {"ResourceDescription": {}}, [], "x", None, 1])
def test_what_is_no_answer_is_a_fault_and_the_rest_is_read(read: Read, answer: Any) -> None:
    inventory = read(_bucket(), answer)
    assert len(inventory.resources) == 1
    assert [each.message for each in inventory.faults] == ["this is no resource description"]


def test_a_description_without_identifier_is_a_fault(read: Read) -> None:
    inventory = read({"TypeName": "AWS::S3::Bucket", "ResourceDescription": {"Properties": "{}"}})
    assert not inventory.resources
    assert [each.message for each in inventory.faults] == ["a AWS::S3::Bucket without an Identifier"]


def test_a_route_table_reaches_the_subnet_that_names_it(read: Read) -> None:
    def described(kind: str, name: str, **properties: str) -> dict[str, Any]:
        return {"TypeName": kind, "ResourceDescription": {"Identifier": name, "Properties": json.dumps(properties)}}

    inventory = read(
        described("AWS::EC2::Subnet", "subnet-1", SubnetId="subnet-1"),
        described("AWS::EC2::RouteTable", "rtb-1", RouteTableId="rtb-1"),
        described("AWS::EC2::Route", "rtb-1|0.0.0.0/0", RouteTableId="rtb-1", GatewayId="igw-1"),
        described("AWS::EC2::SubnetRouteTableAssociation", "a", Id="a", SubnetId="subnet-1", RouteTableId="rtb-1"),
        system.listed("AWS::EC2::SubnetRouteTableAssociation", "a"),
        system.listed("AWS::EC2::Route", "rtb-1|0.0.0.0/0"),
    )
    assert _said(inventory, "AWS::EC2::Subnet")["Routes"] == [{"GatewayId": "igw-1"}]
