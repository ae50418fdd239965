"""Verification by numbered steps, with a public key and nothing else.

Each step is passed, failed (something is wrong, and the first wrong thing is named) or not checked (nothing can be
said, and why). A later step trusts nothing that an earlier one did not establish: 1 says which log it is, 2 which
states of it were signed, 3 that the entries and tiles are those states, and the rest reads only entries.
"""

import datetime
import enum
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.canonical import canonical, digest
from assay.errors import DamagedLedger, UsageError
from assay.ledger.attestation import KIND as ATTESTED
from assay.ledger.attestation import check_attestation
from assay.ledger.checkpoint import Checkpoint, NotSigned, open_checkpoint
from assay.ledger.envelope import RUN, open_envelope
from assay.ledger.keys import PublicKey
from assay.ledger.log import (
    CHECKPOINT,
    FORMAT,
    LEDGER,
    Commit,
    blob_name,
    commit_name,
    parse_commit,
    read_tile,
)
from assay.ledger.merkle import consistency_proof, consistent, leaf_hash
from assay.ledger.run import closes, manifest_in
from assay.ledger.store import Denied, Objects
from assay.ledger.tiles import (
    ENTRIES,
    NOTHING,
    WIDTH,
    Edge,
    Tile,
    extend,
    nodes_of,
    pack_entries,
    tile_name,
    unpack_entries,
)
from assay.ledger.timestamp import STAMPS, Authority, check_stamp, newest, open_stamp, stamp_name


class State(enum.StrEnum):
    """What a step says."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it found. `subject` is the first wrong thing, by the name of its object.

    asked  False: nobody asked for it, so that it was not checked leaves nothing open.
    """

    name: str
    state: State
    detail: str
    subject: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Verification:
    """All steps, in order."""

    steps: tuple[Step, ...]

    @property
    def wrong(self) -> Step | None:
        """The first step that failed."""
        return next((each for each in self.steps if each.state is State.FAILED), None)

    @property
    def open(self) -> Step | None:
        """The first step that was asked for and could not be checked."""
        return next((each for each in self.steps if each.asked and each.state is State.NOT_CHECKED), None)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong and nothing is left open."""
        return self.wrong is None and self.open is None


class Wrong(Exception):
    """Something is not what was signed."""

    def __init__(self, subject: str, what: str) -> None:
        self.subject = subject
        super().__init__(f"{subject}: {what}")


class Unverifiable(Exception):
    """Nothing can be said, for want of something."""

    def __init__(self, subject: str, what: str) -> None:
        self.subject = subject
        super().__init__(f"{subject}: {what}")


@dataclass(slots=True)
class _Seen:
    """One run as the log has it: the commit, its closing entry, and what its records come to."""

    commit: Commit
    closing: dict[str, Any]
    records: int
    bundle: str
    counts: Counter[str]
    strange: str
    attestations: list[tuple[int, dict[str, Any]]]


@dataclass(slots=True)
class _Reading:
    """What the steps have established so far."""

    objects: Objects
    key: PublicKey
    older: bytes | None
    persons: Mapping[str, PublicKey]
    authority: Authority | None = None
    head: Checkpoint | None = None
    lag: str = ""
    commits: list[Commit] = field(default_factory=list)
    runs: list[_Seen] | None = None
    manifests: list[dict[str, Any]] | None = None
    known: set[str] = field(default_factory=set)  # names of objects that are accounted for


def verify(
    objects: Objects,
    key: PublicKey,
    older: bytes | None = None,
    persons: Iterable[PublicKey] = (),
    authority: Authority | None = None,
) -> Verification:
    """Verify a ledger or a pack.

    older      A checkpoint kept from an earlier time, which the log must still contain.
    persons    Keys of those whose attestations are to be believed.
    authority  Whose time-stamps are to be believed.
    """
    reading = _Reading(objects, key, older, {each.id: each for each in persons}, authority)
    return Verification(tuple(_step(name, check, reading) for name, check in _STEPS))


def _step(name: str, check: Callable[[_Reading], str], reading: _Reading) -> Step:
    if check is _older and reading.older is None:
        return Step(name, State.NOT_CHECKED, "no older checkpoint was given", asked=False)
    try:
        return Step(name, State.PASSED, check(reading))
    except Wrong as error:
        return Step(name, State.FAILED, str(error), error.subject)
    except DamagedLedger as error:
        return Step(name, State.FAILED, str(error), str(error).split(":")[0].split(" ")[0])
    except Unverifiable as error:
        asked = check is not _stamps or reading.authority is not None
        return Step(name, State.NOT_CHECKED, str(error), error.subject, asked)
    except Denied as error:
        return Step(name, State.NOT_CHECKED, str(error), str(error).partition(" ")[0])


def _required(reading: _Reading, name: str) -> bytes:
    content = reading.objects.get(name)
    if content is None:
        raise Wrong(name, "is missing")
    reading.known.add(name)
    return content


def _signed(name: str, note: bytes, key: PublicKey) -> Checkpoint:
    try:
        return open_checkpoint(note, key)
    except NotSigned as error:
        raise Unverifiable(name, str(error)) from None
    except ValueError as error:
        raise Wrong(name, str(error)) from None


def _checkpoint(reading: _Reading) -> str:
    """1: the checkpoint bears the key's signature, and the ledger is the one that it names."""
    head = _signed(CHECKPOINT, _required(reading, CHECKPOINT), reading.key)
    if head.origin != reading.key.name:
        raise Wrong(CHECKPOINT, f"it is of {head.origin}, and the key signs for {reading.key.name}")
    stated = canonical({"format": FORMAT, "origin": head.origin, "public_key": str(reading.key)})
    if _required(reading, LEDGER) != stated:
        raise Wrong(LEDGER, "it does not describe the ledger of this key")
    reading.head = head
    return f"{head.size} entries, signed for {head.origin}"


def _history(reading: _Reading) -> str:
    """2: from the empty log to the checkpoint, every state was signed."""
    head, commits = _head(reading), reading.commits
    size = 0
    while size < head.size:
        commit = _commit(reading, size)
        commits.append(commit)
        size = commit.checkpoint.size
    latest = commits[-1].checkpoint if commits else Checkpoint(reading.key.name, 0, NOTHING.root)
    if latest != head:
        raise Wrong(CHECKPOINT, f"it is none of the states that were signed one after another, up to {size} entries")
    if reading.objects.get(commit_name(size)) is not None:
        _commit(reading, size)
        reading.lag = f"{commit_name(size)} goes on from it: an append is unfinished, or the checkpoint was set back"
        raise Unverifiable(CHECKPOINT, f"{reading.lag}; the next append, or `assay ledger settle`, mends it")
    return f"{len(commits)} states, each signed"


def _commit(reading: _Reading, before: int) -> Commit:
    name = commit_name(before)
    try:
        return parse_commit(_required(reading, name), reading.key, before)
    except NotSigned as error:
        raise Unverifiable(name, str(error)) from None
    except ValueError as error:
        raise Wrong(name, str(error)) from None


def _head(reading: _Reading) -> Checkpoint:
    if reading.head is None:
        raise Unverifiable(CHECKPOINT, "without it nothing says what the log is")
    return reading.head


def _chain(reading: _Reading) -> Checkpoint:
    """Return the checkpoint when the signed states lead to it."""
    head = _head(reading)
    if (reading.commits[-1].checkpoint.size if reading.commits else 0) != head.size:
        raise Unverifiable("commits", "the states that were signed are not known")
    return head


def _inclusion(reading: _Reading) -> str:
    """3: the entries have the root of every signed state, and each tile is what they make."""
    _chain(reading)
    edge, seen = NOTHING, []
    bundles = _Bundles(reading)
    for commit in reading.commits:
        entries = bundles.between(commit.before, commit.checkpoint.size)
        after, made = extend(edge, [leaf_hash(each) for each in entries])
        if after.root != commit.checkpoint.root:
            raise _misplaced(reading, commit, edge, entries)
        if digest(pack_entries(entries)) != commit.batch:
            raise Wrong(commit_name(commit.before), "its entries are not those that it names")
        for tile in made:
            _same(reading, tile.name, tile.content, _needed(tile, after.size, _head(reading).size))
        bundles.check_partial(commit.checkpoint.size)
        seen.append(_run_seen(commit, entries))
        if seen[-1].closing.get("run") != commit.run:
            raise Wrong(commit_name(commit.before), "it names another run than its entries")
        edge = after
    _leftovers(reading, "tile/")
    reading.runs = seen
    return f"{edge.size} entries and their tiles are what was signed"


def _needed(tile: Tile, size: int, head: int) -> bool:
    """Whether a tile must be there: a partial one may go when the full one is there."""
    return len(tile.hashes) == WIDTH or size == head or (head >> (8 * tile.level)) // WIDTH == tile.index


def _same(reading: _Reading, name: str, content: bytes, needed: bool) -> None:
    found = reading.objects.get(name)
    if found is None and not needed:
        return
    if found is None:
        raise Wrong(name, "is missing")
    if found != content:
        raise Wrong(name, "is not what the entries make")
    reading.known.add(name)


class _Bundles:
    """The entries, read bundle by bundle from the widest one that must be there."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.size = _head(reading).size
        self.index, self.entries = -1, list[bytes]()

    def bundle(self, index: int) -> list[bytes]:
        """Return the entries of a bundle. Raises Wrong when it is missing or malformed."""
        if index != self.index:
            width = min(WIDTH, self.size - index * WIDTH)
            name = tile_name(ENTRIES, index, width)
            try:
                entries = unpack_entries(_required(self.reading, name))
            except ValueError as error:
                raise Wrong(name, str(error)) from None
            if len(entries) != width:
                raise Wrong(name, f"holds {len(entries)} entries, not {width}")
            self.index, self.entries = index, entries
        return self.entries

    def between(self, start: int, end: int) -> list[bytes]:
        """Return entries start … end - 1."""
        found: list[bytes] = []
        while start < end:
            index, inside = divmod(start, WIDTH)
            part = self.bundle(index)[inside : end - index * WIDTH]
            found += part
            start += len(part)
        return found

    def check_partial(self, size: int) -> None:
        """Check the partial bundle of a state, which may be gone unless the state is the newest of its bundle."""
        index, width = divmod(size, WIDTH)
        if width:
            needed = self.size // WIDTH == index
            content = pack_entries(self.bundle(index)[:width])
            _same(self.reading, tile_name(ENTRIES, index, width), content, needed)


def _misplaced(reading: _Reading, commit: Commit, edge: Edge, entries: Sequence[bytes]) -> Wrong:
    """Return what is wrong when entries do not have a signed root: the bundle, when the tiles still have that root."""
    size, head = commit.checkpoint.size, _head(reading).size
    leaves = list(_leaves(reading.objects, commit.before, size, head))
    if len(leaves) == len(entries) and extend(edge, leaves)[0].root == commit.checkpoint.root:
        for number, (entry, leaf) in enumerate(zip(entries, leaves, strict=True)):
            if leaf_hash(entry) != leaf:
                at = commit.before + number
                name = tile_name(ENTRIES, at // WIDTH, min(WIDTH, head - at // WIDTH * WIDTH))
                return Wrong(name, f"entry {at} is not what was signed")
    first = commit.before // WIDTH
    name = tile_name(ENTRIES, first, min(WIDTH, head - first * WIDTH))
    return Wrong(name, f"entries {commit.before} to {size - 1} are not what {commit_name(commit.before)} signed")


def _leaves(objects: Objects, start: int, end: int, size: int) -> Iterator[bytes]:
    """Yield the leaves of a range as the tiles have them, as far as they can be read."""
    while start < end:
        index, inside = divmod(start, WIDTH)
        try:
            part = read_tile(objects, 0, index, min(WIDTH, size - index * WIDTH))
        except DamagedLedger:
            return
        part = part[inside : end - index * WIDTH]
        yield from part
        start += len(part)


def _run_seen(commit: Commit, entries: Sequence[bytes]) -> _Seen:
    """Return what the entries of one commit come to; `strange` is what does not belong there."""
    records, counts, strange = entries[:-1], Counter[str](), ""
    parsed = [_stated(entry) for entry in entries]
    for number, stated in enumerate(parsed):
        if stated.get("run") != commit.run or closes(stated) is not (number == len(records)):
            strange = strange or f"entry {commit.before + number} does not belong to run {commit.run}"
    counts.update(str(each.get("verdict")) for each in parsed[:-1])
    attested = [(commit.before + at, each) for at, each in enumerate(parsed[:-1]) if each.get("kind") == ATTESTED]
    return _Seen(commit, parsed[-1], len(records), digest(pack_entries(records)), counts, strange, attested)


def _stated(entry: bytes) -> dict[str, Any]:
    """Return what an entry states, nothing when it is no JSON object."""
    try:
        stated = json.loads(entry)
    except (ValueError, RecursionError):
        stated = None
    return stated if isinstance(stated, dict) else {}


def _older(reading: _Reading) -> str:
    """4: a checkpoint from an earlier time is a state of this log."""
    assert reading.older is not None
    head = _chain(reading)
    older = _signed("the older checkpoint", reading.older, reading.key)
    if older.origin != head.origin:
        raise Wrong("the older checkpoint", f"it is of {older.origin}")
    if older.size > head.size:
        raise Wrong(CHECKPOINT, f"the log was set back: it had {older.size} entries, and has {head.size}")
    nodes = nodes_of(head.size, lambda level, index, width: read_tile(reading.objects, level, index, width))
    proof = consistency_proof(nodes, older.size, head.size)
    if not consistent(older.size, older.root, head.size, head.root, proof):
        raise Wrong(CHECKPOINT, f"the first {older.size} entries are others than the older checkpoint's")
    return f"the log of {older.size} entries is the beginning of this one"


def _digests(reading: _Reading) -> str:
    """5: every document is what its name says."""
    count = 0
    for name in sorted(reading.objects.names()):
        if not name.startswith(("blobs/", "pending/")):
            continue
        content = reading.objects.get(name)
        if content is None and name.startswith("pending/"):
            continue  # a writer has just finished with it
        if content is None:
            raise Wrong(name, "is missing")
        sha256 = name.rpartition("/")[2]
        if digest(content) != sha256 or name not in (blob_name(sha256), f"pending/{sha256}"):
            raise Wrong(name, "is not what its name says")
        count += name.startswith("blobs/")
    return f"{count} documents"


def _signatures(reading: _Reading) -> str:
    """6: every run has a statement that the key signed over exactly its records."""
    if reading.runs is None:
        raise Unverifiable("runs", "the entries are not established")
    manifests = []
    for seen in reading.runs:
        name = blob_name(str(seen.closing.get("envelope", "")))
        try:
            stated = open_envelope(_required(reading, name), reading.key)
        except NotSigned as error:
            raise Unverifiable(name, str(error)) from None
        except ValueError as error:
            raise Wrong(name, str(error)) from None
        subject = [{"name": f"run/{seen.commit.run}", "digest": {"sha256": seen.bundle}}]
        if stated.get("predicateType") != RUN or stated.get("subject") != subject:
            raise Wrong(name, f"it is not a statement about the records of run {seen.commit.run}")
        try:
            manifests.append(manifest_in(stated["predicate"], lambda sha256: _required(reading, blob_name(sha256))))
        except ValueError as error:
            raise Wrong(name, str(error)) from None
    reading.manifests = manifests
    return f"{len(manifests)} runs, each signed"


def _completeness(reading: _Reading) -> str:
    """7: every run has as many records of each verdict as it says and every document that it names; nothing is left."""
    if reading.runs is None or reading.manifests is None:
        raise Unverifiable("runs", "their statements are not established")
    for seen, manifest in zip(reading.runs, reading.manifests, strict=True):
        _complete(reading, seen, manifest)
    _leftovers(reading, "")
    return f"{sum(each.records for each in reading.runs)} records of {len(reading.runs)} runs, as many as these say"


def _complete(reading: _Reading, seen: _Seen, manifest: dict[str, Any]) -> None:
    run = f"runs/{seen.commit.run}"
    if seen.strange:
        raise Wrong(run, seen.strange)
    said = (manifest.get("run"), manifest.get("records"), manifest.get("counts"))
    found = (seen.commit.run, seen.records, dict(seen.counts))
    if said != found or seen.closing.get("records") != seen.records:
        raise Wrong(run, f"states {said[1]} records {said[2]}; the log has {found[1]}, {found[2]}")
    if _required(reading, run) != canonical({"before": seen.commit.before, "run": seen.commit.run}):
        raise Wrong(run, "does not point to the run")
    for sha256 in manifest.get("blobs", ()):
        if reading.objects.get(blob_name(str(sha256))) is None:
            raise Wrong(blob_name(str(sha256)), f"is missing; run {seen.commit.run} rests on it")


def _attestations(reading: _Reading) -> str:
    """8: every attestation was signed by a person whose key was given."""
    if reading.runs is None:
        raise Unverifiable("runs", "the entries are not established")
    found = [each for seen in reading.runs for each in seen.attestations]
    strangers = []
    for at, record in found:
        name = blob_name(str(record.get("envelope")))
        person = reading.persons.get(str(record.get("key")))
        if person is None:
            strangers.append(f"entry {at}: the key of {record.get('by')} was not given")
            continue
        try:
            check_attestation(record, _required(reading, name), person)
        except ValueError as error:
            raise Wrong(f"entry {at}", str(error)) from None
    if strangers:
        raise Unverifiable("attestations", f"{len(strangers)} of {len(found)} by strangers; {strangers[0]}")
    return f"{len(found)} attestations" if found else "there are none"


def _stamps(reading: _Reading) -> str:
    """9: every time-stamp is about a state of this log, and of the authority whose certificates were given."""
    _chain(reading)
    notes = {stamp_name(each.checkpoint.size): each for each in reading.commits}
    found, strangers = [], []
    for name in [each for each in sorted(reading.objects.names()) if each.startswith(STAMPS)]:
        if name not in notes:
            raise Wrong(name, "is about no state of this log")
        size, note = notes[name].checkpoint.size, notes[name].note.encode()
        try:
            found.append((size, _stamped(reading, _required(reading, name), note)))
        except NotSigned as error:
            strangers.append(f"{name}: {error}")
        except ValueError as error:
            raise Wrong(name, str(error)) from None
        except UsageError as error:  # what reads them is not installed
            raise Unverifiable(name, str(error)) from None
    if strangers:
        raise Unverifiable(strangers[0].partition(":")[0], strangers[0].partition(": ")[2])
    if not found:
        raise Unverifiable("timestamps", "there are none")
    if reading.authority is None:
        raise Unverifiable("timestamps", f"{len(found)}, and no authority was given whose they could be")
    return f"{len(found)} of {len(notes)} states; {newest(found, _head(reading).size)}"


def _stamped(reading: _Reading, content: bytes, note: bytes) -> datetime.datetime:
    if reading.authority is None:
        return open_stamp(content, note)
    return check_stamp(content, note, reading.authority)


def _leftovers(reading: _Reading, prefix: str) -> None:
    """Refuse objects that nothing accounts for. While an append is unfinished, what it has written is among them."""
    if reading.lag:
        return
    for name in sorted(reading.objects.names()):
        if name.startswith(prefix) and name not in reading.known and not name.startswith(_BY_OTHERS):
            size = _head(reading).size
            if reading.objects.get(commit_name(size)) is not None:
                _commit(reading, size)
                raise Unverifiable(CHECKPOINT, "the log has grown while it was read; verify again")
            raise Wrong(name, "is not part of the ledger")


# What other steps account for: names that are digests, and time-stamps.
_BY_OTHERS = ("blobs/", "pending/", STAMPS)

_STEPS: tuple[tuple[str, Callable[[_Reading], str]], ...] = (
    ("checkpoint", _checkpoint),
    ("history", _history),
    ("inclusion", _inclusion),
    ("older checkpoint", _older),
    ("digests", _digests),
    ("signatures", _signatures),
    ("completeness", _completeness),
    ("attestations", _attestations),
    ("time-stamps", _stamps),
)
