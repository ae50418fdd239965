"""Lists of named entries: tags, attributes of load balancers, settings, parameters."""

import pytest

from assay.expressions.functions.attributes import attribute, has_attribute, has_tag, tag
from assay.inventory.values import Cause, Reason, Unknown, Value

UNREAD = Unknown(Reason(Cause.PARAMETER, "P"), present=True)
MAYBE = Unknown(Reason(Cause.CONDITION, "C"))


@pytest.mark.parametrize(
    "entries",
    [
        [{"Key": "a", "Value": "1"}],
        [{"Name": "a", "Value": 1}],
        [{"ParameterName": "b", "ParameterValue": "2"}, {"ParameterName": "a", "ParameterValue": "1"}],
        {"a": "1"},
    ],
)
def test_an_entry_is_found_by_its_name_in_every_form(entries: Value) -> None:
    assert attribute(entries, "a") == "1"
    assert has_attribute(entries, "a") is True
    assert attribute(entries, "A") == ""
    assert has_attribute(entries, "A") is False


@pytest.mark.parametrize("entries", [None, [], {}, [{"Value": "1"}]])
def test_no_entry_reads_as_no_text(entries: Value) -> None:
    assert tag(entries, "Owner") == ""
    assert has_tag(entries, "Owner") is False


def test_a_tag_whose_value_is_unknown_is_there() -> None:
    tags: Value = [{"Key": "Owner", "Value": UNREAD}]
    assert has_tag(tags, "Owner") is True
    assert tag(tags, "Owner") == UNREAD


@pytest.mark.parametrize("entries", [UNREAD, [MAYBE], [{"Key": UNREAD, "Value": "x"}], {"Owner": MAYBE}, ["text"]])
def test_what_may_be_the_entry_makes_it_unknown(entries: Value) -> None:
    assert isinstance(tag(entries, "Owner"), Unknown)
    assert isinstance(has_tag(entries, "Owner"), Unknown)


def test_a_known_entry_decides_in_spite_of_unknown_ones() -> None:
    tags: Value = [MAYBE, {"Key": "Owner", "Value": "Ann"}]
    assert tag(tags, "Owner") == "Ann"
    assert has_tag(tags, "Owner") is True
