"""Asking a time-stamping authority about the newest checkpoint of a ledger."""

import datetime
import urllib.request
from dataclasses import dataclass

from assay.errors import UsageError
from assay.ledger.log import CHECKPOINT, settle, stated_key
from assay.ledger.store import open_bucket
from assay.ledger.timestamp import open_stamp, request_stamp, stamp_name

_LARGEST = 1_000_000  # bytes; a response has some kilobytes
_PATIENCE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Stamped:
    """A checkpoint that an authority has seen. `new`: False when it had been stamped before."""

    size: int
    at: datetime.datetime
    new: bool


def stamp(address: str, url: str) -> Stamped:
    """Have the newest checkpoint time-stamped by the authority at a URL, unless it has been.

    Raises UsageError when there is nothing to stamp, or the authority does not answer with a time-stamp.
    """
    bucket = open_bucket(address)
    head = settle(bucket, stated_key(bucket))
    if not head.size:
        raise UsageError(f"the ledger {address} is empty; there is nothing to time-stamp")
    note, name = bucket.get(CHECKPOINT) or b"", stamp_name(head.size)
    held = bucket.get(name)
    if held is None:
        response, at = request_stamp(note, lambda request: _sent(url, request))
        if bucket.create(name, response):
            return Stamped(head.size, at, new=True)
        held = bucket.get(name) or b""
    try:
        return Stamped(head.size, open_stamp(held, note), new=False)
    except ValueError as error:
        raise UsageError(f"{name}: {error}; nothing was changed") from None


def _sent(url: str, request: bytes) -> bytes:
    """Return what the authority answers (RFC 3161, 3.4: over HTTP)."""
    if not url.startswith(("https://", "http://")):
        raise UsageError(f"--tsa {url!r}: expected the http address of a time-stamping authority")
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        asked = urllib.request.Request(url, request, headers)  # noqa: S310 - the scheme was looked at
        with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
            content: bytes = answer.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # URLError is an OSError
        raise UsageError(f"the authority {url} did not answer: {error}") from None
    if len(content) > _LARGEST:
        raise UsageError(f"the authority {url} answered with more than {_LARGEST} bytes")
    return content
