"""Values at a JSON boundary."""

import json

import pytest

from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value, from_json, to_json

REASON = Reason(Cause.PARAMETER, "Stage", "parameter Stage has no value")
EXAMPLES: list[Value] = [
    None,
    True,
    1,
    1.5,
    "text",
    [],
    {},
    {"a": [1, {"b": None}]},
    Unknown(REASON),
    Unknown(REASON, present=True, parts=("arn:", ":x"), reference=Reference("t.yaml#A", "Arn")),
    Choice("t.yaml: parameter Stage", REASON, (("dev", None), ("prod", Unknown(REASON)))),
    {"a": [Choice("v", REASON, (("x", {"b": 1}),))]},
]


@pytest.mark.parametrize("value", EXAMPLES, ids=repr)
def test_every_value_survives_json(value: Value) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@pytest.mark.parametrize("key", ["$unknown", "$choice", "$$unknown", "$$$choice"])
def test_a_mapping_that_looks_like_a_marker_stays_a_mapping(key: str) -> None:
    value: Value = {key: {"reason": ["parameter", "P", ""]}}
    assert to_json(value) == {f"${key}": {"reason": ["parameter", "P", ""]}}
    assert from_json(to_json(value)) == value


def test_only_a_lone_key_is_a_marker() -> None:
    value: Value = {"$unknown": 1, "other": 2}
    assert to_json(value) == value
    assert from_json(to_json(value)) == value


@pytest.mark.parametrize(
    "encoded",
    [
        {"$unknown": 5},
        {"$choice": {"variable": "v"}},
        {"$unknown": {"reason": ["no such cause", "", ""]}},
        {"$unknown": {"reason": ["parameter"]}},
    ],
)
def test_a_malformed_marker_is_refused(encoded: object) -> None:
    with pytest.raises((KeyError, ValueError)):
        from_json(encoded)


def test_a_reason_reads_as_a_sentence() -> None:
    assert str(REASON) == "parameter Stage has no value"
    assert str(Reason(Cause.DENIED, "kms:ListKeys")) == "access denied kms:ListKeys"
