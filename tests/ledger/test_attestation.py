"""What persons state: signed by themselves, about a time, and never believed of a stranger."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.worlds import MANIFEST, Memory, ledger, signer

from assay.errors import UsageError
from assay.ledger.attestation import Attestation, attest, check_attestation, read_attestation
from assay.ledger.checkpoint import NotSigned
from assay.ledger.log import append
from assay.ledger.run import Run
from assay.ledger.verify import State, Verification, verify

DAY = datetime.date(2026, 11, 25)
STATED = Attestation("Restored, complete", {"objective": "recovery"}, DAY, DAY, datetime.date(2027, 5, 25))
ANN = signer(7, "ann@example.org")


def kept(**changes: Any) -> Memory:
    """A ledger with one attestation whose record says something else than was signed."""
    record, envelope = attest(STATED, ANN)
    memory = ledger((2,))
    append(memory, signer(), Run("attested", MANIFEST, [{**record, **changes}], (envelope,)))
    return memory


def step(found: Verification) -> Any:
    return next(each for each in found.steps if each.name == "attestations")


def test_an_attestation_of_a_known_person_verifies() -> None:
    found = verify(kept(), signer().public, persons=[ANN.public])
    assert found.passed, found.wrong or found.open
    assert step(found).detail == "1 attestation"


def test_an_attestation_of_a_stranger_is_unverifiable_and_not_wrong() -> None:
    for persons in ([], [signer(8, "ann@example.org").public]):
        found = verify(kept(), signer().public, persons=persons)
        assert not found.wrong
        assert step(found).state is State.NOT_CHECKED
        assert "ann@example.org" in step(found).detail


@pytest.mark.parametrize(
    "changes",
    [
        {"statement": "Restored twice"},
        {"about": {"objective": "another"}},
        {"by": "bob@example.org"},
        {"valid_until": "2028-05-25"},
        {"observed": "2026-11-24"},
        {"document": "0" * 64},
        {"valid_until": "soon"},
        {"statement": 1},
    ],
)
def test_a_record_that_says_more_than_was_signed_is_wrong(changes: dict[str, Any]) -> None:
    found = verify(kept(**changes), signer().public, persons=[ANN.public])
    assert step(found).state is State.FAILED
    assert step(found).subject == "entry 3"


def test_who_signs_in_the_name_of_another_is_found() -> None:
    forger = signer(9, "ann@example.org")
    record, envelope = attest(STATED, forger)
    with pytest.raises(NotSigned):
        check_attestation(record, envelope, ANN.public)
    bob = signer(7, "bob@example.org")  # Ann's key under another name
    record, envelope = attest(STATED, bob)
    with pytest.raises(ValueError, match=r"is ann@example\.org's"):
        check_attestation(record, envelope, ANN.public)


@given(st.dates(), st.dates(), st.dates())
def test_it_counts_from_its_first_day_to_the_one_before_it_expires(
    start: datetime.date, end: datetime.date, day: datetime.date
) -> None:
    if end <= start:
        with pytest.raises(UsageError):
            Attestation("so", {}, start, start, end)
        return
    stated = Attestation("so", {}, start, start, end)
    expected = "not yet in force" if day < start else "in force" if day < end else "expired"
    assert stated.standing(day) == expected
    assert read_attestation(attest(stated, ANN)[0]) == stated


def test_an_empty_statement_is_refused() -> None:
    with pytest.raises(UsageError, match="states something"):
        Attestation(" ", {}, DAY, DAY, datetime.date(2027, 1, 1))
