"""Time-stamps (RFC 3161): an authority that we do not run signs that a checkpoint was there at a time.

A time-stamp lies beside the log as `timestamps/<size>`, the authority's response as it came. It is over the signed
checkpoint of that size, so everything below it in the log existed then. Verifying needs the authority's certificates,
from elsewhere, and no network.
"""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from assay.canonical import rfc3339
from assay.errors import UsageError
from assay.ledger.checkpoint import NotSigned
from assay.ledger.tiles import number_path

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

STAMPS = "timestamps/"
_LONGEST_PATH = 10
# What reading a damaged certificate raises, by trial of thousands of them.
_MALFORMED = (
    ValueError,
    TypeError,
    KeyError,
    UnsupportedAlgorithm,
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_SHA512 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.3")


@dataclass(frozen=True, slots=True)
class Authority:
    """Certificates of a time-stamping authority: at least one that signs itself, and those between."""

    certificates: tuple[x509.Certificate, ...]

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        """Those that sign themselves: what trust rests on."""
        return tuple(each for each in self.certificates if each.issuer == each.subject)


def stamp_name(size: int) -> str:
    """Return where the time-stamp of the checkpoint of this size is kept."""
    return STAMPS + number_path(size)


def read_authority(path: Path) -> Authority:
    """Read certificates in PEM. Raises UsageError when there are none, or none that signs itself."""
    try:
        found = Authority(tuple(x509.load_pem_x509_certificates(path.read_bytes())))
    except OSError as error:
        raise UsageError(f"cannot read the certificates {path}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{path} holds no certificates in PEM: {error}") from None
    if not found.roots:
        raise UsageError(f"{path} holds no root: a certificate that signs itself")
    return found


def library() -> Any:
    """Return the module that reads time-stamps. Raises UsageError when it is not installed."""
    try:
        import rfc3161_client
    except ImportError:
        raise UsageError("time-stamps need more: pip install 'assay[timestamps]'") from None
    return rfc3161_client


def request_stamp(note: bytes, ask: Callable[[bytes], bytes]) -> tuple[bytes, datetime.datetime]:
    """Return the authority's response about a checkpoint, and the time that it states.

    ask  Sends a request, and returns the response, both in DER. Raises UsageError on an answer that is none to it.
    """
    client = library()
    request = client.TimestampRequestBuilder().data(note).hash_algorithm(client.HashAlgorithm.SHA512).build()
    content = ask(request.as_bytes())
    try:
        response = _response(content)
        if response.tst_info.nonce != request.nonce:
            raise ValueError("it answers another request")
        return content, open_stamp(content, note)
    except ValueError as error:
        raise UsageError(f"the authority's answer is no time-stamp of the checkpoint: {error}") from None


def _response(content: bytes) -> "TimeStampResponse":
    try:
        response: TimeStampResponse = library().decode_timestamp_response(content)
    except ValueError as error:
        raise ValueError(f"it is no time-stamp: {error}") from None
    if response.status != 0:  # granted, RFC 3161, 2.4.2
        raise ValueError(f"the authority did not grant it: {', '.join(response.status_string) or response.status}")
    return response


def open_stamp(content: bytes, note: bytes) -> datetime.datetime:
    """Return the time that a time-stamp states about a checkpoint. Who states it is not looked at.

    Raises ValueError when it is no time-stamp, or is about something else.
    """
    stated = _response(content).tst_info
    imprint = stated.message_imprint
    if imprint.hash_algorithm != _SHA512 or imprint.message != hashlib.sha512(note).digest():
        raise ValueError("it is not about the checkpoint of this size")
    return stated.gen_time


def check_stamp(content: bytes, note: bytes, authority: Authority) -> datetime.datetime:
    """Return the time at which the authority saw a checkpoint.

    Raises NotSigned when another authority's certificate signed it, ValueError when anything about it is wrong.
    """
    client, at, response = library(), open_stamp(content, note), _response(content)
    try:
        embedded = [x509.load_der_x509_certificate(each) for each in response.signed_data.certificates]
        (signer,) = response.signed_data.signer_infos
        known = [*embedded, *authority.certificates]
        leaf = next((c for c in known if (c.issuer, c.serial_number) == (signer.issuer, signer.serial_number)), None)
    except _MALFORMED as error:
        raise ValueError(f"it is malformed: {error}") from None
    if leaf is None:
        raise NotSigned("the certificate that signed it was not given")
    path = _path(leaf, known, authority)
    builder = client.VerifierBuilder(
        tsa_certificate=leaf,
        roots=[path[-1]],
        intermediates=[each for each in path[:-1] if each != leaf],
    )
    try:
        builder.build().verify_message(response, note)
    except (client.VerificationError, *_MALFORMED) as error:
        why = re.search(r'Verify error: ([^"]+)', str(error))  # of a certificate; the rest is OpenSSL's own business
        raise ValueError(f"its signature does not verify: {why[1] if why else error}") from None
    return at


def _path(leaf: x509.Certificate, known: Sequence[x509.Certificate], authority: Authority) -> list[x509.Certificate]:
    """Return the certificates from the one that signed to a root of the authority.

    Raises NotSigned when it leads elsewhere, ValueError when a certificate of the authority is said to have issued one
    that it has not.
    """
    path = [leaf]
    while path[-1] not in authority.roots:
        named = [each for each in known if each.subject == path[-1].issuer and each not in path]
        issuer = next((each for each in named if _issued(each, path[-1])), None)
        if issuer is None and any(each in authority.certificates for each in named):
            raise ValueError("a certificate in it was not issued by the authority that it names")
        if issuer is None or len(path) > _LONGEST_PATH:
            raise NotSigned(f"it was signed by {leaf.subject.rfc4514_string()}, which leads to no certificate given")
        path.append(issuer)
    return path


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        return True
    except (*_MALFORMED, InvalidSignature):
        return False


def newest(stamps: Iterable[tuple[int, datetime.datetime]], size: int) -> str:
    """Return in words how far time-stamps reach in a log of this size."""
    stamped, at = max(stamps)
    return f"{stamped} of {size} entries were there at {rfc3339(at)}"
