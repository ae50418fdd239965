"""What CloudFormation accepts for a type becomes that type; what it would refuse becomes an unknown."""

import pytest

from assay.inventory.coerce import DEEPEST, coerce
from assay.inventory.schema import (
    ANY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    POLICY,
    STRING,
    STRINGS,
    Type,
    list_of,
    map_of,
    object_of,
)
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value

UNREAD = Unknown(Reason(Cause.PARAMETER, "P"), present=True)
LINK = Unknown(Reason(Cause.ATTRIBUTE, "A"), present=True, reference=Reference("t.yaml#A"))
PAIR = object_of(On=BOOLEAN, Port=INTEGER)


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        (True, BOOLEAN, True),
        ("true", BOOLEAN, True),
        ("False", BOOLEAN, False),
        (22, INTEGER, 22),
        ("22", INTEGER, 22),
        (" 22 ", INTEGER, 22),
        ("-1", INTEGER, -1),
        (22.0, INTEGER, 22),
        (1.5, NUMBER, 1.5),
        ("1.5e3", NUMBER, 1500.0),
        (3, NUMBER, 3),
        (22, STRING, "22"),
        (True, STRING, "true"),
        ("a", STRING, "a"),
        ("a", STRINGS, ["a"]),
        (["a", 1, None], STRINGS, ["a", "1"]),
        ({"On": "true", "Port": "22"}, PAIR, {"On": True, "Port": 22}),
        ({"On": None, "New": "1"}, PAIR, {"New": "1"}),
        ({"On": "true"}, list_of(PAIR), [{"On": True}]),
        ({"a": "1"}, map_of(INTEGER), {"a": 1}),
        ('{"On": "true"}', PAIR, {"On": True}),
        ('{"a": "1"}', map_of(INTEGER), {"a": 1}),
        ({"a": [None, {"b": None}]}, ANY, {"a": [None, {}]}),
        (None, STRINGS, None),
    ],
)
def test_an_accepted_spelling_becomes_the_type(value: Value, wanted: Type, expected: Value) -> None:
    assert coerce(value, wanted) == expected
    assert type(coerce(value, wanted)) is type(expected)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("yes", BOOLEAN),
        (1, BOOLEAN),
        ([True], BOOLEAN),
        ("22a", INTEGER),
        ("", INTEGER),
        (True, INTEGER),
        (22.5, INTEGER),
        (2**63, INTEGER),
        (float("nan"), INTEGER),
        ("0x16", INTEGER),
        ("٢٢", INTEGER),
        ("inf", NUMBER),
        (float("inf"), NUMBER),
        ({}, STRING),
        (["a"], STRING),
        ("a", PAIR),
        ("{not json", PAIR),
        (5, map_of(STRING)),
        (float("nan"), ANY),
        ("not json", POLICY),
        ("[1]", POLICY),
        (7, POLICY),
    ],
)
def test_what_would_fail_the_deployment_is_unknown(value: Value, wanted: Type) -> None:
    found = coerce(value, wanted)
    assert isinstance(found, Unknown)
    assert found.reason.cause is Cause.MALFORMED
    assert found.present


def test_unknowns_and_choices_are_kept_and_their_options_coerced() -> None:
    assert coerce(UNREAD, BOOLEAN) is UNREAD
    choice = Choice("v", UNREAD.reason, (("a", "true"), ("b", UNREAD), ("c", None)))
    assert coerce(choice, BOOLEAN) == Choice("v", UNREAD.reason, (("a", True), ("b", UNREAD), ("c", None)))


def test_an_unknown_that_is_one_text_is_the_only_element_of_a_list() -> None:
    assert coerce(LINK, STRINGS) == [LINK]
    assert coerce(Unknown(UNREAD.reason, True, ("a", "b")), STRINGS) == [Unknown(UNREAD.reason, True, ("a", "b"))]
    assert coerce(UNREAD, STRINGS) is UNREAD
    several = Unknown(UNREAD.reason, True, (), Reference("t.yaml#A", "NameServers"))
    assert coerce(several, STRINGS) is several


def test_a_policy_is_brought_to_lists_of_statements_and_of_text() -> None:
    stated: Value = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Condition": {"Bool": {"k": False}}},
    }
    expected = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": ["*"]},
                "Action": ["s3:*"],
                "Condition": {"Bool": {"k": ["false"]}},
            }
        ],
    }
    assert coerce(stated, POLICY) == expected
    assert coerce('{"Statement": [{"Principal": {"AWS": "*"}}]}', POLICY) == {
        "Statement": [{"Principal": {"AWS": ["*"]}}]
    }


def test_a_policy_s_parts_may_be_unknown_or_chosen() -> None:
    choice = Choice("v", UNREAD.reason, (("a", {"Action": "s3:*"}), ("b", None)))
    found = coerce({"Statement": [UNREAD, choice, {"Principal": LINK}]}, POLICY)
    assert found == {
        "Statement": [
            UNREAD,
            Choice("v", UNREAD.reason, (("a", {"Action": ["s3:*"]}), ("b", None))),
            {"Principal": {"AWS": [LINK]}},
        ]
    }


@pytest.mark.parametrize("wanted", [ANY, POLICY, STRINGS], ids=str)
def test_nesting_without_end_is_cut(wanted: Type) -> None:
    value: Value = "x"
    for _ in range(DEEPEST * 3):
        value = [value]
    coerce(value, wanted)
    coerce({"Statement": value}, POLICY)
    coerce("[" * 100_000, POLICY)
