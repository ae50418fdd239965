"""Keeping a ledger: beginning one, opening it to write, listing its runs, verifying all of it."""

import base64
import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assay.canonical import digest
from assay.errors import DamagedLedger, UsageError
from assay.ledger.attestation import KIND, Attestation, attest, read_attestation
from assay.ledger.keys import Signer, new_signer, read_key, read_public_key, write_key
from assay.ledger.log import Receipt, append, blob_name, entries, initialise, runs, stated_key
from assay.ledger.run import Run, manifest_in
from assay.ledger.store import Bucket, Objects, open_bucket, open_objects
from assay.ledger.timestamp import read_authority
from assay.ledger.verify import State, Step, Verification, verify


@dataclass(frozen=True, slots=True)
class Begun:
    """A new ledger: its name and where its keys are."""

    name: str
    private: Path
    public: Path


def begin(address: str, key: Path | None, name: str, *, kms: str = "", retain_days: int = 0) -> Begun:
    """Begin an empty ledger and write its keys.

    kms          ARN of the key in AWS KMS that signs; "": a new key is made.
    retain_days  Days for which nothing in its bucket can be deleted; 0: no retention is set.

    Raises UsageError when there is a ledger or a key already, the key would lie inside the ledger, or the bucket cannot
    retain.
    """
    path = _key_path(address, key)
    if "://" not in address and path.resolve().is_relative_to(Path(address).resolve()):
        raise UsageError(f"the private key {path} would lie inside the ledger; choose another place with --key")
    if retain_days:
        from assay.ledger import retention

        retention.bucket_of(address)
    signer = _signer(name or address.rstrip("/").rpartition("/")[2], kms)
    bucket = open_bucket(address, new=True)
    if next(bucket.names(), None) is not None:
        raise UsageError(f"{address} is not empty; a ledger begins in an empty place")
    if retain_days:
        if path.exists():  # a bucket that keeps everything is not begun in vain
            raise UsageError(f"cannot write the key {path}: it is there already")
        retention.retain(address, retain_days)
    if kms:
        from assay.ledger.kms import write_reference

        write_reference(signer, kms, path)
    else:
        write_key(signer, path)
    initialise(bucket, signer)
    return Begun(signer.public.name, path, path.with_name(path.name + ".pub"))


def _signer(name: str, kms: str) -> Signer:
    if not kms:
        return new_signer(name)
    from assay.ledger.kms import kms_signer  # brings AWS's SDK

    return kms_signer(kms, name)


def _key_path(address: str, key: Path | None) -> Path:
    if key is None and "://" in address:
        raise UsageError("say where the private key lies: --key FILE")
    return key or Path(address.rstrip("/") + ".key")


def open_for_writing(address: str, key: Path | None) -> tuple[Bucket, Signer]:
    """Return a ledger and its signer. Raises UsageError when there is none, or the key is another's."""
    bucket = open_bucket(address)
    public = stated_key(bucket)
    signer = read_key(_key_path(address, key), public.name)
    if signer.public != public:
        raise UsageError(f"the key {_key_path(address, key)} is not the one that the ledger {address} is signed with")
    return bucket, signer


def list_runs(address: str) -> list[Mapping[str, Any]]:
    """Return every run, oldest first: the statement about it, without its list of documents, and where it stands."""
    objects = open_objects(address)
    listed: list[Mapping[str, Any]] = []
    for commit, closing in runs(objects, stated_key(objects)):
        stated = predicate_of(objects, str(closing["envelope"]))
        stated.pop("blobs", None)
        listed.append({**stated, "first": commit.before, "size": commit.checkpoint.size})
    return listed


def predicate_of(objects: Objects, sha256: str) -> dict[str, Any]:
    """Return what a run's statement says, by the digest of its envelope. Nothing is verified. Raises DamagedLedger."""
    content = objects.get(blob_name(sha256))
    if content is None:
        raise DamagedLedger(f"{blob_name(sha256)} is missing")
    try:
        stated = json.loads(base64.b64decode(json.loads(content)["payload"]))["predicate"]
        predicate = manifest_in(stated, lambda aside: objects.get(blob_name(aside)))
    except (ValueError, KeyError, TypeError):
        raise DamagedLedger(f"{blob_name(sha256)} is no statement") from None
    return predicate


def attest_in(address: str, key: Path | None, person: Path, by: str, attestation: Attestation, run: Run) -> Receipt:
    """Append an attestation, signed with the person's key and logged with the ledger's. `run` gives id and manifest."""
    bucket, signer = open_for_writing(address, key)
    record, envelope = attest(attestation, read_key(person, by))
    return append(bucket, signer, replace(run, records=(record,), blobs=(envelope,)))


def list_attestations(address: str, day: datetime.date) -> list[Mapping[str, Any]]:
    """Return every attestation, oldest first, with its standing on a day."""
    objects = open_objects(address)
    listed: list[Mapping[str, Any]] = []
    for commit, _ in runs(objects, stated_key(objects)):
        size = commit.checkpoint.size
        for number, entry in enumerate(entries(objects, commit.before, size - 1, size), commit.before):
            record = json.loads(entry)
            if record.get("kind") == KIND:
                listed.append({**record, "entry": number, "standing": read_attestation(record).standing(day)})
    return listed


def document_digest(path: Path | None) -> str:
    """Return the SHA-256 of a document, "" for none. Raises UsageError when it cannot be read."""
    try:
        return digest(path.read_bytes()) if path else ""
    except OSError as error:
        raise UsageError(f"cannot read the document {path}: {error.strerror}") from None


def verify_evidence(
    address: str,
    public_key: Path,
    checkpoint: Path | None,
    *,
    again: bool,
    persons: Sequence[Path] = (),
    authority: Path | None = None,
) -> Verification:
    """Verify a ledger or a pack. again: give the verdicts and the decisions again too.

    persons    Keys of those who may attest.
    authority  Certificates of the time-stamping authority that is believed.

    Raises UsageError when there is no ledger, or a file given cannot be read.
    """
    key = read_public_key(public_key)
    objects = open_objects(address)
    if next(iter(objects.names()), None) is None:
        raise UsageError(f"there is no ledger at {address}: it is empty")
    try:
        older = checkpoint.read_bytes() if checkpoint else None
    except OSError as error:
        raise UsageError(f"cannot read the checkpoint {checkpoint}: {error.strerror}") from None
    believed = read_authority(authority) if authority else None
    verified = verify(objects, key, older, map(read_public_key, persons), believed)
    if not again:
        untouched = [Step(each, State.NOT_CHECKED, "not asked for", asked=False) for each in ("replay", "decisions")]
        return Verification((*verified.steps, *untouched))
    from assay.operations.decisions import replay_decisions  # these bring the expressions, which the rest does not need
    from assay.operations.replay import replay

    return Verification((*verified.steps, replay(objects, key, verified), replay_decisions(objects, key, verified)))
