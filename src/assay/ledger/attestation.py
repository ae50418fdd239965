"""What a person states and signs: evidence that no collector can fetch. It counts for a time, then it expires."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from assay.canonical import Json, digest
from assay.errors import UsageError
from assay.ledger.envelope import ATTESTATION, open_envelope, seal, statement
from assay.ledger.keys import PublicKey, Signer

KIND = "attestation"

Standing: TypeAlias = Literal["not yet in force", "in force", "expired"]


@dataclass(frozen=True, slots=True)
class Attestation:
    """A statement about something, by whom the key names.

    about        What it is about, such as an objective and a workload; the ledger does not know what these are.
    document     SHA-256 of the document that it rests on, "" for none; the document itself is not kept.
    observed     The day on which it was seen to be so. It is recorded later, when the ledger says.
    valid_from   The first day that it counts for; valid_until is the first on which it no longer does.
    """

    statement: str
    about: Mapping[str, str]
    observed: datetime.date
    valid_from: datetime.date
    valid_until: datetime.date
    document: str = ""

    def __post_init__(self) -> None:
        if not self.statement.strip():
            raise UsageError("an attestation states something; found nothing")
        if self.valid_until <= self.valid_from:
            raise UsageError(f"it would expire on {self.valid_until}, before it counts from {self.valid_from}")

    def standing(self, day: datetime.date) -> Standing:
        """Return whether it counts on a day (UTC)."""
        if day < self.valid_from:
            return "not yet in force"
        return "in force" if day < self.valid_until else "expired"


def claims(attestation: Attestation, by: str) -> dict[str, Json]:
    """Return what is signed, and what the record repeats."""
    return {
        "by": by,
        "statement": attestation.statement,
        "about": dict(attestation.about),
        "document": attestation.document,
        "observed": attestation.observed.isoformat(),
        "valid_from": attestation.valid_from.isoformat(),
        "valid_until": attestation.valid_until.isoformat(),
    }


def attest(attestation: Attestation, person: Signer) -> tuple[dict[str, Json], bytes]:
    """Return the record of an attestation and the envelope that the person has signed."""
    claimed = claims(attestation, person.public.name)
    subject = attestation.document or digest(attestation.statement.encode())
    envelope = seal(statement(KIND, subject, claimed, ATTESTATION), person)
    record: dict[str, Json] = {
        **claimed,
        "kind": KIND,
        "key": person.public.id,
        "envelope": digest(envelope),
        "method": "attested",
        "verdict": "attested",
    }
    return record, envelope


def read_attestation(record: Mapping[str, Any]) -> Attestation:
    """Return the attestation that a record repeats. Raises ValueError when it is malformed."""
    try:
        return Attestation(
            statement=record["statement"],
            about=record["about"],
            observed=datetime.date.fromisoformat(record["observed"]),
            valid_from=datetime.date.fromisoformat(record["valid_from"]),
            valid_until=datetime.date.fromisoformat(record["valid_until"]),
            document=record["document"],
        )
    except (KeyError, TypeError, AttributeError, UsageError) as error:
        raise ValueError(f"it is no attestation: {error}") from None


def check_attestation(record: Mapping[str, Any], envelope: bytes, key: PublicKey) -> None:
    """Raise ValueError unless the key's person has signed what the record says; NotSigned when it is another's."""
    stated = open_envelope(envelope, key)
    claimed = claims(read_attestation(record), str(record["by"]))
    if stated.get("predicateType") != ATTESTATION or stated.get("predicate") != claimed:
        raise ValueError("the record says something else than was signed")
    if record["by"] != key.name:
        raise ValueError(f"it is said to be by {record['by']}, and the key is {key.name}'s")
