"""Following a log: what was appended since a state that was seen before, each part checked against what was signed.

Whoever derives something from a ledger remembers the size and root that it was derived from. A ledger that no longer
has that root is another one; one that is shorter was set back.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assay.canonical import digest
from assay.errors import DamagedLedger
from assay.ledger.envelope import open_envelope
from assay.ledger.keys import PublicKey
from assay.ledger.log import Commit, blob_name, entries, read_checkpoint, read_commit, read_tile
from assay.ledger.merkle import leaf_hash
from assay.ledger.run import manifest_in
from assay.ledger.store import Objects
from assay.ledger.tiles import NOTHING, Edge, extend, read_edge


@dataclass(frozen=True, slots=True)
class Followed:
    """One run: where it stands, the signed statement about it, and its records as they were appended."""

    commit: Commit
    predicate: Mapping[str, Any]
    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """How far a log was followed: the number of its entries and their root in hexadecimal, "" for none."""

    size: int = 0
    root: str = ""


class Follower:
    """Reads on from a place. `place` is how far it has come."""

    def __init__(self, objects: Objects, key: PublicKey, since: Place) -> None:
        """Raises DamagedLedger when the ledger is shorter than `since`, or another one."""
        self._objects, self._key = objects, key
        self.head = read_checkpoint(objects, key).size
        if since.size > self.head:
            raise DamagedLedger(f"the ledger was set back: it had {since.size} entries, and has {self.head}")
        self._edge = self._edge_at(since.size)
        if since.size and self._edge.root.hex() != since.root:
            raise DamagedLedger(f"the first {since.size} entries are others than those that were read before")

    @property
    def place(self) -> Place:
        """How far it has come."""
        return Place(self._edge.size, self._edge.root.hex() if self._edge.size else "")

    def __iter__(self) -> Iterator[Followed]:
        """Yield the runs up to the checkpoint. Raises DamagedLedger at the first that is not as it was signed."""
        while self._edge.size < self.head:
            commit = read_commit(self._objects, self._key, self._edge.size)
            if commit is None:
                raise DamagedLedger(f"the append to {self._edge.size} entries is missing")
            after = commit.checkpoint
            several = tuple(entries(self._objects, commit.before, after.size, after.size))
            self._edge, _ = extend(self._edge, [leaf_hash(each) for each in several])
            if self._edge.root != after.root:
                raise DamagedLedger(f"entries {commit.before} to {after.size - 1} are not what was signed")
            yield Followed(commit, self._stated(several[-1]), several[:-1])

    def document(self, sha256: str) -> dict[str, Any]:
        """Return a stored document. Raises DamagedLedger when it is missing or not what its name says."""
        return _object(self._content(sha256), sha256)

    def _content(self, sha256: str) -> bytes:
        content = self._objects.get(blob_name(sha256))
        if content is None:
            raise DamagedLedger(f"{blob_name(sha256)} is missing")
        if digest(content) != sha256:
            raise DamagedLedger(f"{blob_name(sha256)} is not what its name says")
        return content

    def _stated(self, closing: bytes) -> Mapping[str, Any]:
        name = str(_object(closing, "the closing entry").get("envelope"))
        try:
            predicate = manifest_in(open_envelope(self._content(name), self._key)["predicate"], self._content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedLedger(f"{blob_name(name)}: {error}") from None
        return predicate

    def _edge_at(self, size: int) -> Edge:
        if not size:
            return NOTHING
        return read_edge(size, lambda level, index, width: read_tile(self._objects, level, index, width))


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise DamagedLedger(f"{name} is no JSON object")
    return found
