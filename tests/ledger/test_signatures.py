"""Keys, notes and envelopes against published examples, and what they refuse."""

import base64
import json
import stat
from pathlib import Path

import pytest
from tests.ledger.worlds import signer

from assay.canonical import canonical
from assay.errors import UsageError
from assay.ledger.checkpoint import Checkpoint, NotSigned, open_checkpoint, sign_checkpoint
from assay.ledger.envelope import open_envelope, pre_authentication, seal, statement
from assay.ledger.keys import new_signer, parse_public_key, read_key, read_public_key, write_key

KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"  # of the documentation of Go's notes
NOTE = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def test_the_published_key_and_signature() -> None:
    key = parse_public_key(KEY)
    raw = base64.b64decode(SIGNATURE)
    assert str(key) == KEY
    assert raw[:4] == key.note_id
    assert key.signed(NOTE.encode(), raw[4:])
    assert not key.signed(NOTE.encode() + b" ", raw[4:])
    assert not key.signed(NOTE.encode(), raw[4:-1])


@pytest.mark.parametrize("text", ["", "a", "a+b", KEY.replace("c74f20a3", "c74f20a4"), KEY[:-4], "a b" + KEY])
def test_a_malformed_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # several sentences
        parse_public_key(text)


def test_pre_authentication_is_the_one_of_the_specification() -> None:
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pre_authentication(b"hello world", "http://example.com/HelloWorld") == expected


def test_a_checkpoint_is_read_as_it_was_signed() -> None:
    key = signer()
    checkpoint = Checkpoint(key.public.name, 7, bytes(32))
    note = sign_checkpoint(checkpoint, key)
    assert note.startswith(f"example.org/log\n7\n{base64.b64encode(bytes(32)).decode()}\n\n— example.org/log ")
    assert open_checkpoint(note.encode(), key.public) == checkpoint


def test_signatures_of_others_are_passed_over_and_one_of_ours_is_demanded() -> None:
    ours, other = signer(1), signer(2)
    checkpoint = Checkpoint(ours.public.name, 7, bytes(32))
    note, others = sign_checkpoint(checkpoint, ours), sign_checkpoint(checkpoint, other)
    both = note + others.rpartition("\n\n")[2]
    assert open_checkpoint(both.encode(), ours.public) == checkpoint
    with pytest.raises(NotSigned):
        open_checkpoint(others.encode(), ours.public)


@pytest.mark.parametrize(
    "body", ["example.org/log\n07\n{root}\n", "\n7\n{root}\n", "example.org/log\n7\nAAAA\n", "example.org/log\n7\n"]
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(body: str) -> None:
    key = signer()
    text = body.replace("{root}", base64.b64encode(bytes(32)).decode())
    line = base64.b64encode(key.public.note_id + key.sign(text.encode())).decode()
    with pytest.raises(ValueError, match=r"no checkpoint|no SHA-256"):
        open_checkpoint(f"{text}\n— {key.public.name} {line}\n".encode(), key.public)


def test_an_envelope_is_opened_by_the_key_that_sealed_it_only() -> None:
    stated = statement("run/1", "0" * 64, {"records": 0})
    envelope = seal(stated, signer(1))
    assert open_envelope(envelope, signer(1).public) == stated
    with pytest.raises(NotSigned):
        open_envelope(envelope, signer(2).public)
    outer = json.loads(envelope)
    for name, value in (("payloadType", "text/plain"), ("payload", base64.b64encode(b"{}").decode()), ("payload", 1)):
        with pytest.raises(ValueError, match=r"it is|its "):
            open_envelope(canonical({**outer, name: value}), signer(1).public)


def test_a_private_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    made, path = new_signer("example.org/log"), tmp_path / "keys" / "log.key"
    write_key(made, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path, "example.org/log").public == made.public == read_public_key(tmp_path / "keys" / "log.key.pub")
    with pytest.raises(UsageError, match="cannot write"):
        write_key(made, path)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        read_key(path, "example.org/log")


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("no key")
    path.chmod(0o600)
    for read in (lambda: read_key(path, "x"), lambda: read_public_key(path), lambda: read_key(tmp_path / "none", "x")):
        with pytest.raises(UsageError):
            read()
    with pytest.raises(UsageError, match="neither spaces"):
        new_signer("a name")


def test_a_commitment_needs_the_private_key() -> None:
    assert signer(1).commitment(b"text") != signer(2).commitment(b"text")
    assert signer(1).commitment(b"text") == signer(1).commitment(b"text") != signer(1).commitment(b"texts")
