"""What an API says gets the schema's names; what is of another shape is left for coercion to judge."""

from typing import Any

import pytest

from assay.inventory.schema import BOOLEAN, POLICY, STRING, STRINGS, Type, fields_of, list_of, map_of, object_of
from assay.inventory.shaping import shaped

PAIRS = list_of(object_of(Key=STRING, Value=STRING))
BLOCK = object_of(BlockPublicAcls=BOOLEAN, RestrictPublicBuckets=BOOLEAN)


@pytest.mark.parametrize(
    ("value", "wanted", "said"),
    [
        ({"blockPublicAcls": True, "unheardOf": 1}, BLOCK, {"BlockPublicAcls": True}),
        ({"BLOCKPUBLICACLS": None, "restrictPublicBuckets": False}, BLOCK, {"RestrictPublicBuckets": False}),
        ([{"blockPublicAcls": True}, None], list_of(BLOCK), [{"BlockPublicAcls": True}]),
        (
            {"owner": "team", "stage": "prod"},
            PAIRS,
            [{"Key": "owner", "Value": "team"}, {"Key": "stage", "Value": "prod"}],
        ),
        ({"value": "x"}, PAIRS, [{"Key": "value", "Value": "x"}]),
        ([{"key": "owner", "value": "team"}], map_of(STRING), {"owner": "team"}),
        ([{"key": "owner"}, "loose"], map_of(STRING), [{"key": "owner"}, "loose"]),
        ({"Quantity": 2, "Items": ["a", "b"]}, STRINGS, ["a", "b"]),
        ({"Quantity": 0}, STRINGS, None),
        ({"Items": [{"Key": "a", "Value": "b"}]}, PAIRS, [{"Key": "a", "Value": "b"}]),
        ({"value": "standard", "code": 1}, STRING, "standard"),
        ('{"Statement": []}', POLICY, {"Statement": []}),
        ("%7B%22Statement%22%3A%20%5B%5D%7D", POLICY, {"Statement": []}),
        ("{broken", POLICY, "{broken"),
        ("yes", BOOLEAN, "yes"),
        (None, BLOCK, None),
    ],
)
def test_values_are_shaped_as_the_schema_wants(value: Any, wanted: Type, said: Any) -> None:
    assert shaped(value, wanted) == said


def test_deep_nesting_ends() -> None:
    value: Any = "x"
    for _ in range(5000):
        value = {"statement": {"andStatement": {"statements": [value]}}}
    assert isinstance(shaped(value, fields_of("AWS::WAFv2::WebACL/#Rule").get("Statement")), dict)
