"""Properties in Base64 are also kept as the text that they say, with its known parts."""

import json

from assay.inventory.values import Choice, Unknown, Value
from assay.sources.cloudformation import Context, read_text


def text_of_user_data(user_data: object) -> Value:
    template = {
        "Parameters": {"Greeting": {"Type": "String"}, "Stage": {"Type": "String", "AllowedValues": ["test", "prod"]}},
        "Conditions": {"Test": {"Fn::Equals": [{"Ref": "Stage"}, "test"]}},
        "Resources": {"Server": {"Type": "AWS::EC2::Instance", "Properties": {"UserData": user_data}}},
    }
    inventory = read_text(json.dumps(template).encode(), "t.json", Context())
    assert not inventory.faults
    return inventory.resources[0].properties.get("UserDataText")


def test_the_text_is_kept_with_its_known_parts() -> None:
    assert text_of_user_data({"Fn::Base64": "echo hello"}) == "echo hello"
    partly = text_of_user_data({"Fn::Base64": {"Fn::Sub": "echo ${Greeting} again"}})
    assert isinstance(partly, Unknown)
    assert partly.parts == ("echo ", " again")


def test_a_condition_around_it_is_a_choice() -> None:
    either = text_of_user_data({"Fn::If": ["Test", {"Fn::Base64": "echo hello"}, {"Ref": "AWS::NoValue"}]})
    assert isinstance(either, Choice)
    assert {each for _, each in either.options} == {"echo hello", None}


def test_without_the_property_there_is_no_text() -> None:
    assert text_of_user_data({"Ref": "AWS::NoValue"}) is None
