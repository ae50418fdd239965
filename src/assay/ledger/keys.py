"""Ed25519 keys: who signs, and how others know them.

A public key is written as C2SP's signed notes write it, `<name>+<key id>+<base64 of type and key>`: one line says whose
it is. A private key is a PKCS #8 file that only its owner may read, or one line that names a key in AWS KMS.
"""

import base64
import functools
import hashlib
import hmac
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from assay.errors import UsageError

_ED25519 = b"\x01"  # C2SP signed-note, signature types
_NAME = re.compile(r"[^\s+]+")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signatures are checked with. `name` is the origin of the log that it signs."""

    name: str
    raw: bytes

    @property
    def note_id(self) -> bytes:
        """The four bytes that stand before a signature in a note."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.raw).digest()[:4]

    @property
    def id(self) -> str:
        """The SHA-256 of the key: its name in envelopes."""
        return hashlib.sha256(self.raw).hexdigest()

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the content."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.note_id.hex()}+{base64.b64encode(_ED25519 + self.raw).decode()}"


class Holder(Protocol):
    """What has a private key: a file's key in memory, or a service that never shows it."""

    def sign(self, content: bytes, /) -> bytes:
        """Return the Ed25519 signature over the content."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name that it signs under. `largest`: bytes that it signs at once."""

    public: PublicKey
    _private: Holder
    largest: int = sys.maxsize

    def sign(self, content: bytes) -> bytes:
        """Return the signature over the content (RFC 8032; the same each time)."""
        return self._private.sign(content)

    def commitment(self, content: bytes) -> str:
        """Return a digest that nobody else can compute: of a text whose secrets could otherwise be guessed from it."""
        return hmac.new(_commitment_key(self._private), content, hashlib.sha256).hexdigest()


@functools.lru_cache(maxsize=8)
def _commitment_key(private: Holder) -> bytes:
    """Return a secret that follows from the key: Ed25519 gives one signature for one text (RFC 8032, 5.1.6).

    Neither a note nor an envelope is ever this text, so the signature is nowhere to be found.
    """
    return hashlib.sha256(private.sign(b"assay ledger commitment\n")).digest()


def check_name(name: str) -> None:
    """Raise UsageError on a name that notes do not allow."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"a ledger's name has neither spaces nor plus signs; found {name!r}")


def new_signer(name: str) -> Signer:
    """Return a new key. Raises UsageError on a name that notes do not allow."""
    check_name(name)
    private = Ed25519PrivateKey.generate()
    return Signer(PublicKey(name, private.public_key().public_bytes_raw()), private)


def write_key(signer: Signer, path: Path) -> None:
    """Write the private key for its owner alone, and the public key beside it as <path>.pub; never over a file."""
    assert isinstance(signer._private, Ed25519PrivateKey)
    write_secret(signer, path, signer._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def write_secret(signer: Signer, path: Path, private: bytes) -> None:
    """Write what stands for the private key, and the public key beside it, in the same way."""
    for target, content, mode in (
        (path, private, 0o600),
        (path.with_name(path.name + ".pub"), f"{signer.public}\n".encode(), 0o644),
    ):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(content)
        except OSError as error:
            raise UsageError(f"cannot write the key {target}: {error.strerror}") from None


def read_key(path: Path, name: str) -> Signer:
    """Return who signs for the ledger `name` with the key of a file, or with the key in AWS KMS that the file names.

    Raises UsageError when it is none or not secret, or KMS does not answer.
    """
    try:
        content = path.read_bytes()
        shared = path.stat().st_mode & 0o077
    except OSError as error:
        raise UsageError(f"cannot read the key {path}: {error.strerror}") from None
    if content.startswith(b"arn:"):
        from assay.ledger.kms import kms_signer  # brings AWS's SDK

        return kms_signer(content.decode("utf-8", "replace").strip(), name)
    if shared:
        raise UsageError(f"others may read the key {path}; run chmod 600 {path}")
    try:
        private = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UsageError(f"{path} is no unencrypted PKCS #8 key") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError(f"{path} is no Ed25519 key")
    return Signer(PublicKey(name, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)), private)


def read_public_key(path: Path) -> PublicKey:
    """Read a public key file. Raises UsageError when it is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the public key {path}: {getattr(error, 'strerror', 'no text')}") from None
    try:
        return parse_public_key(text.strip())
    except ValueError as error:
        raise UsageError(f"{path} is no public key: {error}") from None


def parse_public_key(text: str) -> PublicKey:
    """Return the key that one line states. Raises ValueError when the line does not state one, or not consistently."""
    name, plus, rest = text.partition("+")
    key_id, plus_too, encoded = rest.partition("+")
    if not (plus and plus_too and _NAME.fullmatch(name)):
        raise ValueError("expected <name>+<key id>+<key>")
    decoded = base64.b64decode(encoded, validate=True)
    if len(decoded) != 33 or decoded[:1] != _ED25519:
        raise ValueError("expected an Ed25519 key")
    key = PublicKey(name, decoded[1:])
    if key.note_id.hex() != key_id:
        raise ValueError(f"its key id is {key.note_id.hex()}, not {key_id}")
    return key
