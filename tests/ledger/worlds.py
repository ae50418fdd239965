"""Ledgers for tests: in memory, so that thousands of them can be spoilt."""

import itertools
from collections.abc import Iterable, Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.ledger.keys import PublicKey, Signer
from assay.ledger.log import append, initialise
from assay.ledger.run import Manifest, Run

MANIFEST = Manifest("complete", {"tool": "assay"}, "2026-11-25T00:00:00Z", "2026-11-25T00:00:01Z")


class Memory:
    """A bucket that is a dict."""

    def __init__(self, objects: Mapping[str, bytes] | None = None) -> None:
        self.objects = dict(objects or {})

    def get(self, name: str) -> bytes | None:
        return self.objects.get(name)

    def create(self, name: str, content: bytes) -> bool:
        return self.objects.setdefault(name, content) is content

    def replace(self, name: str, content: bytes) -> None:
        self.objects[name] = content

    def delete(self, name: str) -> None:
        self.objects.pop(name, None)

    def names(self) -> Iterator[str]:
        yield from sorted(self.objects)


def signer(seed: int = 1, name: str = "example.org/log") -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Signer(PublicKey(name, private.public_key().public_bytes_raw()), private)


def run(name: str, count: int) -> Run:
    verdicts = itertools.cycle(("met", "not_met", "unknown"))
    records = [{"kind": "verdict", "resource": f"r{n}", "verdict": next(verdicts)} for n in range(count)]
    return Run(name, MANIFEST, records, (f"document of {name}".encode(), b"a document of several"))


def ledger(counts: Iterable[int], seed: int = 1) -> Memory:
    """Return a ledger with one run for each count of records."""
    memory, key = Memory(), signer(seed)
    initialise(memory, key)
    for number, count in enumerate(counts):
        append(memory, key, run(f"run-{number}", count))
    return memory
