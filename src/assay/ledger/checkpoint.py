"""Checkpoints: the size and root of the log, signed, as C2SP's tlog-checkpoint and signed-note write them."""

import base64
import binascii
import re
from dataclasses import dataclass

from assay.ledger.keys import PublicKey, Signer
from assay.ledger.merkle import HASH_SIZE

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")


class NotSigned(ValueError):
    """The note bears no signature of the key: it may be another's, and nothing can be said of it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its name, its number of entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the signed note."""
    key = signer.public
    signature = base64.b64encode(key.note_id + signer.sign(checkpoint.text.encode())).decode()
    return f"{checkpoint.text}\n— {key.name} {signature}\n"


def open_checkpoint(note: bytes, key: PublicKey) -> Checkpoint:
    """Return the checkpoint of a note that the key has signed.

    Raises NotSigned when no signature names this key, ValueError when the note is malformed or a signature is wrong.
    """
    try:
        text, found, signatures = note.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise ValueError("it is no text") from None
    if not found or not signatures.endswith("\n"):
        raise ValueError("it is no signed note")
    lines = [_SIGNATURE.fullmatch(line) for line in signatures.removesuffix("\n").split("\n")]
    if not all(lines):
        raise ValueError("it has a malformed signature line")
    body = f"{text}\n"
    ours = [raw for each in lines if each and (raw := _signature_of(each, key))]
    if not ours:
        raise NotSigned(f"it bears no signature of {key.name} ({key.id[:12]}…)")
    if not all(key.signed(body.encode(), each) for each in ours):
        raise ValueError(f"its signature is not {key.name}'s over this text")
    return _parse(body)


def _signature_of(line: re.Match[str], key: PublicKey) -> bytes:
    """Return the signature on a line when it is the key's, b"" when it is somebody else's."""
    try:
        raw = base64.b64decode(line["signature"], validate=True)
    except binascii.Error:
        raise ValueError("it has a malformed signature line") from None
    if base64.b64encode(raw).decode() != line["signature"]:
        raise ValueError("it has a malformed signature line")  # spare bits of base64 that are not zero
    return raw[4:] if line["name"] == key.name and raw[:4] == key.note_id else b""


def _parse(body: str) -> Checkpoint:
    lines = body.removesuffix("\n").split("\n")
    if len(lines) != 3 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise ValueError("it is no checkpoint: origin, size, root")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        root = b""
    if len(root) != HASH_SIZE:
        raise ValueError("its root is no SHA-256")
    return Checkpoint(lines[0], int(lines[1]), root)
