"""Appending: how many writers share one log that has no server.

Names whose objects are never written twice:

    ledger.json         the log's name and public key
    commits/<size>      the successor of the log of that size: a signed checkpoint and the digest of the entries between
    tile/…              the tree and its entries (C2SP tlog-tiles)
    blobs/<aa>/<sha256> documents by digest
    runs/<id>           where a run is, so that appending it again adds nothing

and two that are: `checkpoint`, a copy of the newest signed checkpoint, and `pending/<sha256>`, the entries of an append
under way, deleted when they are in their bundles.

Creating `commits/<size>` is the one decisive step; of several writers one succeeds, and the others append to what it
made. Everything after it follows from what is written already, so whoever comes next finishes what a killed writer
began. Nobody appends to a log whose last commit is unfinished, nor signs over tiles that do not have the signed root.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assay.canonical import canonical, digest
from assay.errors import DamagedLedger, UsageError
from assay.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from assay.ledger.keys import PublicKey, Signer, parse_public_key
from assay.ledger.merkle import leaf_hash
from assay.ledger.run import Run, batch_of
from assay.ledger.store import Objects
from assay.ledger.tiles import (
    ENTRIES,
    NOTHING,
    WIDTH,
    Edge,
    extend,
    number_path,
    pack_entries,
    read_edge,
    tile_name,
    unpack_entries,
    unpack_hashes,
)

FORMAT = 1
LEDGER = "ledger.json"
CHECKPOINT = "checkpoint"


class Writable(Objects, Protocol):
    """What a ledger is written to."""

    def create(self, name: str, content: bytes) -> bool:
        """Write an object unless there is one; whether it was written."""

    def replace(self, name: str, content: bytes) -> None:
        """Write an object, whatever is there."""

    def delete(self, name: str) -> None:
        """Delete an object, if it is there and may be."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One append: from `before` entries to those of its checkpoint. `batch` is the digest of what came between."""

    before: int
    note: str
    checkpoint: Checkpoint
    batch: str
    run: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the ledger acknowledges: the run's entries are first … first + count - 1 under this checkpoint."""

    run: str
    first: int
    count: int
    note: str


def blob_name(sha256: str) -> str:
    """Return where a document is kept."""
    return f"blobs/{sha256[:2]}/{sha256}"


def commit_name(size: int) -> str:
    """Return where the successor of a log of this size is kept."""
    return f"commits/{number_path(size)}"


def initialise(objects: Writable, signer: Signer) -> None:
    """Begin an empty ledger. Raises UsageError when there is one already."""
    described = canonical({"format": FORMAT, "origin": signer.public.name, "public_key": str(signer.public)})
    if not objects.create(LEDGER, described):
        raise UsageError("there is a ledger already; nothing was changed")
    objects.replace(CHECKPOINT, sign_checkpoint(Checkpoint(signer.public.name, 0, NOTHING.root), signer).encode())


def stated_key(objects: Objects) -> PublicKey:
    """Return the key that a ledger says it is signed with. Raises UsageError when there is no ledger."""
    content = objects.get(LEDGER)
    if content is None:
        raise UsageError(f"there is no ledger: no {LEDGER} where it is said to be; `assay ledger init` makes one")
    try:
        described = json.loads(content)
        if described["format"] != FORMAT:
            raise UsageError(f"{LEDGER}: format {described['format']!r}; this version reads {FORMAT}")
        return parse_public_key(described["public_key"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DamagedLedger(f"{LEDGER} is malformed") from None


def append(objects: Writable, signer: Signer, run: Run) -> Receipt:
    """Append a run and return when it is there for good.

    Raises UsageError when the key is not the ledger's or a record is too long, DamagedLedger when what is there does
    not agree with itself.
    """
    if stated_key(objects) != signer.public:
        raise UsageError("the key is not the one that this ledger is signed with")
    batch = batch_of(run, signer)
    for name, content in batch.blobs.items():
        objects.create(blob_name(name), content)
    bundle = pack_entries(batch.entries)
    leaves = [leaf_hash(each) for each in batch.entries]
    while True:
        head = settle(objects, signer.public)
        if known := objects.get(f"runs/{run.id}"):
            return _receipt(objects, signer.public, int(json.loads(known)["before"]))
        objects.create(f"pending/{digest(bundle)}", bundle)
        edge, _ = extend(_sound_edge(objects, head), leaves)
        note = sign_checkpoint(Checkpoint(head.origin, edge.size, edge.root), signer)
        commit = canonical({"batch": digest(bundle), "checkpoint": note, "run": run.id})
        if objects.create(commit_name(head.size), commit):
            settle(objects, signer.public)
            return Receipt(run.id, head.size, len(leaves), note)


def _receipt(objects: Objects, key: PublicKey, before: int) -> Receipt:
    commit = read_commit(objects, key, before)
    if commit is None:
        raise DamagedLedger(f"{commit_name(before)} is missing")
    return Receipt(commit.run, before, commit.checkpoint.size - before, commit.note)


def read_checkpoint(objects: Objects, key: PublicKey) -> Checkpoint:
    """Return the newest checkpoint as the ledger states it. Raises DamagedLedger when it is missing or not signed."""
    note = objects.get(CHECKPOINT)
    if note is None:
        raise DamagedLedger(f"{CHECKPOINT} is missing")
    try:
        return open_checkpoint(note, key)
    except ValueError as error:
        raise DamagedLedger(f"{CHECKPOINT}: {error}") from None


def read_commit(objects: Objects, key: PublicKey, before: int) -> Commit | None:
    """Return the append to a log of `before` entries, None when there was none. Raises DamagedLedger."""
    content = objects.get(commit_name(before))
    if content is None:
        return None
    try:
        return parse_commit(content, key, before)
    except ValueError as error:
        raise DamagedLedger(f"{commit_name(before)}: {error}") from None


def parse_commit(content: bytes, key: PublicKey, before: int) -> Commit:
    """Return the commit that an object states. Raises ValueError when it states none, or it is not signed."""
    try:
        stated = json.loads(content)
        note, batch, run = (str(stated[each]) for each in ("checkpoint", "batch", "run"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it is no commit") from None
    if canonical({"batch": batch, "checkpoint": note, "run": run}) != content:
        raise ValueError("it is not in canonical form")
    checkpoint = open_checkpoint(note.encode(), key)
    if checkpoint.size <= before:
        raise ValueError(f"it adds nothing to {before} entries")
    return Commit(before, note, checkpoint, batch, run)


def settle(objects: Writable, key: PublicKey) -> Checkpoint:
    """Finish every append that was begun and return the newest checkpoint. Raises DamagedLedger."""
    head = read_checkpoint(objects, key)
    while commit := read_commit(objects, key, head.size):
        _finish(objects, commit)
        head = commit.checkpoint
    return head


def _finish(objects: Writable, commit: Commit) -> None:
    """Put the entries of a commit where they belong. Safe to do twice, and by several at once."""
    waiting = objects.get(f"pending/{commit.batch}")
    if waiting is not None:  # it is deleted last, so without it all else is done
        if digest(waiting) != commit.batch:
            raise DamagedLedger(f"pending/{commit.batch} is not what its name says")
        _place(objects, commit, unpack_entries(waiting))
        _write(objects, f"runs/{commit.run}", canonical({"before": commit.before, "run": commit.run}))
    objects.replace(CHECKPOINT, commit.note.encode())
    objects.delete(f"pending/{commit.batch}")


def _place(objects: Writable, commit: Commit, entries: Sequence[bytes]) -> None:
    first, kept = divmod(commit.before, WIDTH)
    together = [*(read_entries(objects, first, kept) if kept else ()), *entries]
    for start in range(0, len(together), WIDTH):
        part = together[start : start + WIDTH]
        _write(objects, tile_name(ENTRIES, first + start // WIDTH, len(part)), pack_entries(part))
    before = read_edge(commit.before, _reader(objects))
    after, made = extend(before, [leaf_hash(each) for each in entries])
    if (after.size, after.root) != (commit.checkpoint.size, commit.checkpoint.root):
        raise DamagedLedger(f"{commit_name(commit.before)} does not follow from what is before it")
    for tile in made:
        _write(objects, tile.name, tile.content)


def _write(objects: Writable, name: str, content: bytes) -> None:
    """Create an object, or find that it was created so before."""
    if not objects.create(name, content) and objects.get(name) != content:
        raise DamagedLedger(f"{name} is not what was appended")


def _sound_edge(objects: Objects, head: Checkpoint) -> Edge:
    edge = read_edge(head.size, _reader(objects))
    if edge.root != head.root:
        raise DamagedLedger(f"the tiles do not have the root that was signed for {head.size} entries")
    return edge


def read_tile(objects: Objects, level: int, index: int, width: int) -> list[bytes]:
    """Return hashes of a tile, of the full one where the partial one is gone. Raises DamagedLedger without both."""
    return _part(objects, level, index, width, unpack_hashes)


def read_entries(objects: Objects, index: int, width: int) -> list[bytes]:
    """Return entries of a bundle, of the full one where the partial one is gone. Raises DamagedLedger."""
    return _part(objects, ENTRIES, index, width, unpack_entries)


def _part(objects: Objects, level: int | str, index: int, width: int, unpack: Any) -> list[bytes]:
    name = tile_name(level, index, width)
    content = objects.get(name)
    if content is None and width < WIDTH:
        content = objects.get(tile_name(level, index))
    if content is None:
        raise DamagedLedger(f"{name} is missing")
    try:
        parts: list[bytes] = unpack(content)
    except ValueError as error:
        raise DamagedLedger(f"{name}: {error}") from None
    if len(parts) < width:
        raise DamagedLedger(f"{name} is too short")
    return parts[:width]


def _reader(objects: Objects) -> Any:
    return lambda level, index, width: read_tile(objects, level, index, width)


def entries(objects: Objects, start: int, end: int, size: int) -> Iterator[bytes]:
    """Yield entries start … end - 1 of a log that had `size` once. Raises DamagedLedger when some are missing."""
    at = start
    while at < end:
        index, inside = divmod(at, WIDTH)
        part = read_entries(objects, index, min(WIDTH, size - index * WIDTH))
        yield from part[inside : end - index * WIDTH]
        at = (index + 1) * WIDTH


def runs(objects: Objects, key: PublicKey) -> Iterator[tuple[Commit, Mapping[str, Any]]]:
    """Yield every run with the entry that closes it, oldest first; an append under way is none yet.

    Nothing is verified but that checkpoints are signed. Raises DamagedLedger.
    """
    before, head = 0, read_checkpoint(objects, key)
    while before < head.size:
        commit = read_commit(objects, key, before)
        if commit is None:
            raise DamagedLedger(f"{commit_name(before)} is missing")
        before = commit.checkpoint.size
        yield commit, json.loads(next(entries(objects, before - 1, before, before)))
