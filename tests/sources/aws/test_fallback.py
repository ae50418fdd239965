"""A type without an entry is read by Cloud Control, and says what the answers of Cloud Control say from a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.sources.aws.stand_in import Answer, StandIn, denied, refused

from assay.errors import UsageError
from assay.inventory.values import Cause, Unknown
from assay.sources import cloud_control
from assay.sources.aws.collecting import Asking, Collected
from assay.sources.aws.fallback import fallback
from assay.sources.aws.grants import needed
from assay.sources.aws.paths import Place
from assay.sources.aws.services import ENTRIES

ACCOUNT, REGION, KIND = "111122223333", "eu-west-1", "AWS::Connect::Instance"
STATED = {"Arn": "arn:i", "Id": "i", "IdentityManagementType": "SAML", "Attributes": {"InboundCalls": True}}
LISTED = {
    "TypeName": KIND,
    "ResourceDescriptions": [{"Identifier": "arn:i", "Properties": json.dumps({"Arn": "arn:i"})}],
}
WHOLE = {"TypeName": KIND, "ResourceDescription": {"Identifier": "arn:i", "Properties": json.dumps(STATED)}}


def _collect(**answers: Answer) -> Collected:
    port = StandIn(_named({"ListResources": LISTED, "GetResource": WHOLE, **answers}))
    return Asking(fallback(KIND), port, Place(ACCOUNT, REGION), lambda: "2026-11-25T08:00:00Z").collect()


def _named(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {f"cloudcontrol:{name}": answer for name, answer in answers.items()}


def test_it_says_what_the_same_answers_say_from_a_file(tmp_path: Path) -> None:
    (found,) = _collect().resources
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(WHOLE))
    (read,) = cloud_control.read([file], cloud_control.Context(ACCOUNT, REGION)).resources
    assert KIND not in ENTRIES
    assert (found.id, found.type, found.name) == (read.id, read.type, read.name)
    assert found.origin.source == "cloud_control"
    assert dict(found.properties) == dict(read.properties)


def test_what_may_not_be_read_is_unknown_but_for_what_the_list_said() -> None:
    (found,) = _collect(GetResource=denied("cloudformation:GetResource")).resources
    assert found.properties["Arn"] == "arn:i"
    unknown: Any = found.properties["IdentityManagementType"]
    assert isinstance(unknown, Unknown)
    assert unknown.reason.cause is Cause.DENIED
    assert unknown.reason.subject == "cloudcontrol:GetResource"


def test_a_type_that_cloud_control_cannot_list_is_a_gap() -> None:
    found = _collect(ListResources=refused("UnsupportedActionException", "no list handler"))
    (gap,) = found.gaps
    assert "UnsupportedActionException: no list handler" in str(gap.reason)
    assert not found.whole


def test_properties_that_are_no_json_are_unknown() -> None:
    broken = {**WHOLE, "ResourceDescription": {"Identifier": "arn:i", "Properties": "{"}}
    (found,) = _collect(GetResource=broken).resources
    unknown: Any = found.properties["Attributes"]
    assert unknown.reason.cause is Cause.MALFORMED


def test_it_needs_what_the_schema_says_that_reading_needs() -> None:
    actions = needed([fallback(KIND)])
    assert {"cloudformation:ListResources", "cloudformation:GetResource", "connect:DescribeInstance"} <= set(actions)
    assert not any("Create" in each or "Delete" in each for each in actions)


@pytest.mark.parametrize("kind", ["AWS::Connect::Instence", "Assay::Account"])
def test_what_is_no_type_of_aws_is_refused(kind: str) -> None:
    with pytest.raises(UsageError, match="no resource type"):
        fallback(kind)
