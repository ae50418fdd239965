"""A ledger signed by AWS KMS: verified like any other, with a public key and nothing else.

No emulator has Ed25519 keys, so KMS is a fake that takes what the service's own model allows and nothing else.
"""

import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.ledger.worlds import Memory, run

from assay.canonical import canonical, digest
from assay.errors import UsageError
from assay.ledger.attestation import Attestation, attest
from assay.ledger.following import Follower, Place
from assay.ledger.keys import Signer, read_key, read_public_key
from assay.ledger.kms import kms_signer, write_reference
from assay.ledger.log import append, blob_name, initialise
from assay.ledger.run import manifest_in
from assay.ledger.verify import Verification, verify
from assay.operations import keeping

ARN = "arn:aws:kms:eu-central-1:111111111111:key/11111111-2222-3333-4444-555555555555"
NAME = "example.org/log"
MODEL = botocore.session.get_session().get_service_model("kms")


class StrictKms:
    """KMS with one key: parameters checked against the service's model, rules by its reference of Sign."""

    def __init__(self, key: Any = None, usage: str = "SIGN_VERIFY", spec: str = "ECC_NIST_EDWARDS25519") -> None:
        self.key = key or Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
        self.usage, self.spec = usage, spec
        self.denied: set[str] = set()
        self.signed = 0

    def _checked(self, operation: str, parameters: dict[str, Any]) -> None:
        shape = MODEL.operation_model(operation).input_shape
        report = ParamValidator().validate(parameters, shape)
        assert not report.has_errors(), report.generate_report()
        if operation in self.denied:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, operation)
        if parameters["KeyId"] != ARN:
            raise ClientError({"Error": {"Code": "NotFoundException", "Message": "no such key"}}, operation)

    def get_public_key(self, **parameters: Any) -> dict[str, Any]:
        self._checked("GetPublicKey", parameters)
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {"KeyId": ARN, "PublicKey": der, "KeySpec": self.spec, "KeyUsage": self.usage}

    def sign(self, **parameters: Any) -> dict[str, Any]:
        self._checked("Sign", parameters)
        assert parameters["SigningAlgorithm"] == "ED25519_SHA_512"
        if parameters["MessageType"] != "RAW" or not 0 < len(parameters["Message"]) <= 4096:
            raise ClientError({"Error": {"Code": "ValidationException", "Message": "message"}}, "Sign")
        self.signed += 1
        return {"KeyId": ARN, "Signature": self.key.sign(parameters["Message"]), "SigningAlgorithm": "ED25519_SHA_512"}


@pytest.fixture
def kms() -> StrictKms:
    return StrictKms()


def ledger(signer: Signer, *counts: int) -> Memory:
    memory = Memory()
    initialise(memory, signer)
    for number, count in enumerate(counts):
        append(memory, signer, run(f"run-{number}", count))
    return memory


def test_a_ledger_that_kms_signs_verifies_with_the_public_key_alone(kms: StrictKms) -> None:
    signer = kms_signer(ARN, NAME, kms)
    memory = ledger(signer, 3, 0, 300)
    assert verify(memory, signer.public).passed
    assert kms.signed == 1 + 2 * 3, "one signature for each statement and each state"


def long_run(blobs: int) -> Any:
    import dataclasses

    return dataclasses.replace(run("long", 3), blobs=[f"document {n}".encode() for n in range(blobs)])


def test_a_manifest_longer_than_kms_signs_lies_beside_its_statement(kms: StrictKms) -> None:
    signer = kms_signer(ARN, NAME, kms)
    memory = ledger(signer)
    append(memory, signer, long_run(200))
    assert verify(memory, signer.public).passed
    (followed,) = Follower(memory, signer.public, Place())
    assert len(followed.predicate["blobs"]) == 200
    assert followed.predicate["counts"] == {"met": 1, "not_met": 1, "unknown": 1}


def test_a_manifest_that_was_changed_or_is_gone_is_named(kms: StrictKms) -> None:
    signer = kms_signer(ARN, NAME, kms)
    memory = ledger(signer)
    append(memory, signer, long_run(200))
    (name,) = [each for each, content in memory.objects.items() if b'"not_reached"' in content]
    good = memory.objects[name]

    def wrong(found: Verification) -> str:
        return found.wrong.subject if found.wrong else ""

    memory.objects[name] = good.replace(b'"complete"', b'"partial_"')
    assert wrong(verify(memory, signer.public)) == name
    del memory.objects[name]
    assert wrong(verify(memory, signer.public)) == name


def test_a_manifest_is_the_one_that_the_statement_names_or_none() -> None:
    good = canonical({"run": "one", "status": "complete"})
    stated = {"manifest": digest(good), "run": "one"}
    assert manifest_in(stated, lambda name: good if name == digest(good) else None) == json.loads(good)
    assert manifest_in({"status": "failed"}, lambda name: None) == {"status": "failed"}
    other = canonical({"run": "two"})
    for wrong, found, said in (
        (stated, None, "is missing"),
        (stated, other, "is not what its name says"),
        (stated | {"manifest": digest(other)}, other, "is of another run"),
    ):
        with pytest.raises(ValueError, match=said):
            manifest_in(wrong, lambda name, found=found: found)  # type: ignore[misc]


def test_the_file_in_place_of_a_private_key_names_the_key(
    kms: StrictKms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boto3.session.Session", lambda: Session(kms))
    begun = keeping.begin(str(tmp_path / "ledger"), None, NAME, kms=ARN)
    assert begun.private.read_text() == f"{ARN}\n"
    bucket, signer = keeping.open_for_writing(str(tmp_path / "ledger"), None)
    append(bucket, signer, run("one", 5))
    append(bucket, signer, long_run(100))
    assert verify(bucket, read_public_key(begun.public)).passed
    assert [each["run"] for each in keeping.list_runs(str(tmp_path / "ledger"))] == ["one", "long"]


class Session:
    def __init__(self, kms: StrictKms) -> None:
        self.kms = kms

    def client(self, service: str, region_name: str) -> StrictKms:
        assert (service, region_name) == ("kms", "eu-central-1")
        return self.kms


def test_a_ledger_is_not_written_with_another_key(
    kms: StrictKms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boto3.session.Session", lambda: Session(kms))
    keeping.begin(str(tmp_path / "ledger"), None, NAME, kms=ARN)
    kms.key = Ed25519PrivateKey.generate()
    with pytest.raises(UsageError, match="is not the one that the ledger"):
        keeping.open_for_writing(str(tmp_path / "ledger"), None)


def test_a_signature_of_another_key_is_not_believed(kms: StrictKms) -> None:
    signer = kms_signer(ARN, NAME, kms)
    kms.key = Ed25519PrivateKey.generate()
    with pytest.raises(UsageError, match="is no signature of the key"):
        signer.sign(b"text")


def test_an_attestation_longer_than_kms_signs_is_refused(kms: StrictKms) -> None:
    import datetime

    day = datetime.date(2026, 11, 25)
    stated = Attestation("x" * 5000, {"objective": "o"}, day, day, day + datetime.timedelta(days=1))
    with pytest.raises(UsageError, match="KMS signs 4096 bytes at most"):
        attest(stated, kms_signer(ARN, "ann@example.org", kms))


def test_commitments_are_the_keys_own_and_the_same_each_time(kms: StrictKms) -> None:
    first, again = kms_signer(ARN, NAME, kms), kms_signer(ARN, NAME, kms)
    other = kms_signer(ARN, NAME, StrictKms(Ed25519PrivateKey.generate()))
    assert first.commitment(b"secret") == again.commitment(b"secret") != other.commitment(b"secret")
    before = kms.signed
    first.commitment(b"another")
    assert kms.signed == before, "it asks KMS once"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (StrictKms(usage="KEY_AGREEMENT"), "for KEY_AGREEMENT; expected ECC_NIST_EDWARDS25519"),
        (StrictKms(generate_private_key(SECP256R1()), spec="ECC_NIST_P256"), "is ECC_NIST_P256"),
        (StrictKms(generate_private_key(SECP256R1())), "is no Ed25519 key"),
    ],
)
def test_a_key_that_is_none_for_this_is_refused(key: StrictKms, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        kms_signer(ARN, NAME, key)


@pytest.mark.parametrize("arn", ["", "alias/x", "arn:aws:s3:::bucket", ARN + " ", ARN.replace("key/", "grant/")])
def test_what_is_no_key_of_kms_is_refused(arn: str, kms: StrictKms) -> None:
    with pytest.raises(UsageError, match="expected the ARN of a key in KMS"):
        kms_signer(arn, NAME, kms)


@pytest.mark.parametrize("operation", ["GetPublicKey", "Sign"])
def test_what_kms_denies_is_said(kms: StrictKms, operation: str) -> None:
    kms.denied.add(operation)
    with pytest.raises(UsageError, match=r"KMS did not (read|sign with) arn:.*: AccessDeniedException: no"):
        kms_signer(ARN, NAME, kms).sign(b"text")


def test_a_reference_is_not_written_over_a_file(kms: StrictKms, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("mine")
    with pytest.raises(UsageError, match="cannot write the key"):
        write_reference(kms_signer(ARN, NAME, kms), ARN, path)
    assert path.read_text() == "mine"


def test_a_file_key_signs_what_it_did(tmp_path: Path) -> None:
    begun = keeping.begin(str(tmp_path / "ledger"), None, NAME)
    assert read_key(begun.private, NAME).largest > 2**40
    assert blob_name("ab" * 32).startswith("blobs/ab/")
