"""What an organisation tolerates: optional, by tier, and refused by reader and schema alike when it is wrong."""

import jsonschema_rs
import pytest
from tests.conftest import GOOD

from assay.documents import read
from assay.governance.documents import decode
from assay.governance.model import Organisation, Severity
from assay.governance.schemas import schema

NAME = "organisation.yaml"


def decoded(appetite: str) -> tuple[Organisation | None, list[str], bool]:
    """Return the organisation, the faults, and whether the schema takes it."""
    document, _ = read(f"{GOOD[NAME]}{appetite}".encode(), NAME)
    assert document is not None
    instance, faults = decode(document, Organisation)
    taken = jsonschema_rs.validator_for(schema("organisation")).is_valid(document.value)
    return instance, [str(each) for each in faults], taken


def test_it_is_optional() -> None:
    instance, faults, taken = decoded("")
    assert instance is not None
    assert (instance.appetite, faults, taken) == ({}, [], True)


def test_it_is_read_by_tier_and_severity() -> None:
    instance, _, taken = decoded("appetite:\n  critical: {not_met: {critical: 0, medium: 10}, unknown: 2}\n  low: {}\n")
    assert instance is not None
    assert taken
    assert instance.appetite["critical"].not_met == {Severity.CRITICAL: 0, Severity.MEDIUM: 10}
    assert instance.appetite["critical"].unknown == 2
    assert instance.appetite["low"].unknown is None


@pytest.mark.parametrize(
    ("appetite", "message"),
    [
        ("{crit: {}}", "no such value"),
        ("{high: {not_met: {hig: 1}}}", "expected one of critical, high, medium, low"),
        ("{high: {not_met: {high: -1}}}", "a whole number from 0 on"),
        ("{high: {not_met: {high: 1.5}}}", "a whole number"),
        ("{high: {unknown: -3}}", "a whole number from 0 on"),
        ("{high: {unknown: many}}", "a whole number"),
        ("{high: {met: 3}}", "did you mean not_met?"),
    ],
)
def test_a_mistake_is_refused_by_both(appetite: str, message: str) -> None:
    instance, faults, taken = decoded(f"appetite: {appetite}\n")
    assert instance is None
    assert not taken
    assert any(message in each for each in faults), faults
