"""Keys in AWS KMS: the private key never leaves the service, and verifying needs nothing new.

KMS signs with Ed25519 (key spec ECC_NIST_EDWARDS25519) over the message itself, which it takes up to 4,096 bytes of;
its pre-hashed variant is another algorithm with other signatures, and hashes a digest that it is given once more.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from assay.errors import UsageError
from assay.ledger.keys import PublicKey, Signer, check_name, write_secret

LARGEST = 4096  # bytes of a message, by the API's reference of Sign
_SPEC, _ALGORITHM = "ECC_NIST_EDWARDS25519", "ED25519_SHA_512"
_ARN = re.compile(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d{12}:(key|alias)/[A-Za-z0-9/_-]+")


@dataclass(frozen=True, slots=True, eq=False)
class KmsKey:
    """One key of KMS. Every signature is checked before it is believed."""

    arn: str
    public: PublicKey
    _client: Any

    def sign(self, content: bytes, /) -> bytes:
        """Return the signature over the content. Raises UsageError when KMS does not sign, or not with this key."""
        if len(content) > LARGEST:
            raise UsageError(f"KMS signs {LARGEST} bytes at most; found {len(content)}")
        signature = _asked(
            self.arn,
            "sign with",
            self._client.sign,
            KeyId=self.arn,
            Message=content,
            MessageType="RAW",
            SigningAlgorithm=_ALGORITHM,
        )["Signature"]
        if not self.public.signed(content, signature):
            raise UsageError(f"what KMS returned is no signature of the key {self.arn}; was the alias moved?")
        return bytes(signature)


def kms_signer(arn: str, name: str, client: Any = None) -> Signer:
    """Return who signs for the ledger `name` with a key of KMS, by the ARN of the key or of an alias.

    Raises UsageError when it is no Ed25519 key for signing, or KMS does not answer.
    """
    found = _ARN.fullmatch(arn)
    if not found:
        raise UsageError(f"expected the ARN of a key in KMS, arn:aws:kms:REGION:ACCOUNT:key/ID; found {arn[:120]!r}")
    check_name(name)
    if client is None:
        import boto3

        try:
            client = boto3.session.Session().client("kms", region_name=found["region"])
        except BotoCoreError as error:
            raise UsageError(f"cannot ask KMS for {arn}: {error}") from None
    answer = _asked(arn, "read", client.get_public_key, KeyId=arn)
    if (answer.get("KeySpec"), answer.get("KeyUsage")) != (_SPEC, "SIGN_VERIFY"):
        raise UsageError(
            f"the key {arn} is {answer.get('KeySpec')} for {answer.get('KeyUsage')}; expected {_SPEC} for SIGN_VERIFY"
        )
    key = load_der_public_key(answer["PublicKey"])
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"what KMS returned for {arn} is no Ed25519 key")
    public = PublicKey(name, key.public_bytes_raw())
    return Signer(public, KmsKey(arn, public, client), LARGEST)


def write_reference(signer: Signer, arn: str, path: Path) -> None:
    """Write a file that names the key in KMS in place of a private key, and the public key beside it."""
    write_secret(signer, path, f"{arn}\n".encode())


def _asked(arn: str, what: str, call: Any, **parameters: Any) -> Any:
    try:
        return call(**parameters)
    except ClientError as error:
        said = error.response.get("Error", {})
        raise UsageError(f"KMS did not {what} {arn}: {said.get('Code')}: {said.get('Message')}") from None
    except BotoCoreError as error:
        raise UsageError(f"KMS did not {what} {arn}: {error}") from None
