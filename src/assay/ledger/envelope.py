"""Signed statements: in-toto Statement v1 in a DSSE envelope."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from assay.canonical import Json, canonical
from assay.ledger.checkpoint import NotSigned
from assay.ledger.keys import PublicKey, Signer

PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
RUN = "urn:assay:run:v1"
ATTESTATION = "urn:assay:attestation:v1"


def statement(name: str, sha256: str, predicate: Mapping[str, Json], kind: str = RUN) -> dict[str, Json]:
    """Return a statement about what has this digest; of a run, that is the bundle of its records."""
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": sha256}}],
        "predicateType": kind,
        "predicate": predicate,
    }


def pre_authentication(payload: bytes, kind: str = PAYLOAD) -> bytes:
    """Return what a signature is over: DSSE's PAE of the type and the payload."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def seal(stated: Mapping[str, Json], signer: Signer) -> bytes:
    """Return the envelope around a statement, signed."""
    payload = canonical(stated)
    signature = signer.sign(pre_authentication(payload))
    return canonical(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD,
            "signatures": [{"keyid": signer.public.id, "sig": base64.b64encode(signature).decode()}],
        }
    )


def open_envelope(envelope: bytes, key: PublicKey) -> dict[str, Any]:
    """Return the statement in an envelope that the key has signed.

    Raises NotSigned when no signature is said to be the key's, ValueError when anything about it is wrong.
    """
    try:
        outer = json.loads(envelope)
        payload = base64.b64decode(outer["payload"], validate=True)
        signatures = [(each["keyid"], base64.b64decode(each["sig"], validate=True)) for each in outer["signatures"]]
        kind = outer["payloadType"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it is no DSSE envelope") from None
    if kind != PAYLOAD:
        raise ValueError(f"its payload is {kind!r}, not {PAYLOAD}")
    ours = [signature for keyid, signature in signatures if keyid == key.id]
    if not ours:
        raise NotSigned(f"it bears no signature of the key {key.id[:12]}…")
    if not all(key.signed(pre_authentication(payload), each) for each in ours):
        raise ValueError("its signature is not the key's over this payload")
    stated = json.loads(payload)
    if not isinstance(stated, dict) or stated.get("_type") != STATEMENT:
        raise ValueError(f"it holds no {STATEMENT}")
    return stated
