"""The attestations of a ledger as evidence: what is stated about objectives, and whether a person's key confirms it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.assessment.attested import Attested
from assay.canonical import digest
from assay.errors import DamagedLedger
from assay.ledger.attestation import KIND, check_attestation, read_attestation
from assay.ledger.keys import PublicKey, read_public_key
from assay.ledger.log import blob_name, entries, runs, stated_key
from assay.ledger.store import Objects, open_objects


def read_attested(address: str, persons: Sequence[Path]) -> tuple[Attested, ...]:
    """Return what is attested about objectives in a ledger, oldest first.

    persons  Public keys of those who are believed; a statement of anybody else is told and does not count.

    Raises UsageError when there is no ledger or a key cannot be read, DamagedLedger when an entry is no attestation.
    """
    objects = open_objects(address)
    keys = {each.id: each for each in map(read_public_key, persons)}
    found = []
    for commit, _ in runs(objects, stated_key(objects)):
        size = commit.checkpoint.size
        for entry in entries(objects, commit.before, size - 1, size):
            record = json.loads(entry)
            if record.get("kind") == KIND and "objective" in record.get("about", {}):
                found.append(_attested(record, objects, keys))
    return tuple(found)


def _attested(record: Mapping[str, Any], objects: Objects, keys: Mapping[str, PublicKey]) -> Attested:
    try:
        stated = read_attestation(record)
    except ValueError as error:
        raise DamagedLedger(str(error)) from None
    return Attested(
        objective=stated.about["objective"],
        workload=stated.about.get("workload", ""),
        statement=stated.statement,
        by=str(record.get("by", "")),
        valid_from=stated.valid_from,
        valid_until=stated.valid_until,
        unsigned=_unsigned(record, objects, keys),
    )


def _unsigned(record: Mapping[str, Any], objects: Objects, keys: Mapping[str, PublicKey]) -> str:
    """Return why a signature does not count, "" when it does."""
    key = keys.get(str(record.get("key")))
    if key is None:
        return f"the public key of {record.get('by')} was not given"
    envelope = objects.get(blob_name(str(record.get("envelope"))))
    if envelope is None or digest(envelope) != record["envelope"]:
        return "its envelope is missing"
    try:
        check_attestation(record, envelope, key)
    except ValueError as error:
        return f"its signature is wrong: {error}"
    return ""
