"""That the entries and tiles are those of the signed states."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from assay.canonical import digest
from assay.errors import DamagedLedger
from assay.ledger.attestation import KIND as ATTESTED
from assay.ledger.log import Commit, commit_name, read_tile
from assay.ledger.merkle import leaf_hash
from assay.ledger.run import closes
from assay.ledger.store import Objects
from assay.ledger.tiles import ENTRIES, NOTHING, WIDTH, Edge, Tile, extend, pack_entries, tile_name, unpack_entries
from assay.ledger.verify.reading import Reading, Seen, chain, head_of, refuse_leftovers, required
from assay.ledger.verify.steps import Wrong


def check_inclusion(reading: Reading) -> str:
    """3: the entries have the root of every signed state, and each tile is what they make."""
    chain(reading)
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
            _same(reading, tile.name, tile.content, _needed(tile, after.size, head_of(reading).size))
        bundles.check_partial(commit.checkpoint.size)
        seen.append(_run_seen(commit, entries))
        if seen[-1].closing.get("run") != commit.run:
            raise Wrong(commit_name(commit.before), "it names another run than its entries")
        edge = after
    refuse_leftovers(reading, "tile/")
    reading.runs = seen
    return f"{edge.size} entries and their tiles are what was signed"


def _needed(tile: Tile, size: int, head: int) -> bool:
    """Whether a tile must be there: a partial one may go when the full one is there."""
    return len(tile.hashes) == WIDTH or size == head or (head >> (8 * tile.level)) // WIDTH == tile.index


def _same(reading: Reading, name: str, content: bytes, needed: bool) -> None:
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

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.size = head_of(reading).size
        self.index, self.entries = -1, list[bytes]()

    def bundle(self, index: int) -> list[bytes]:
        """Return the entries of a bundle. Raises Wrong when it is missing or malformed."""
        if index != self.index:
            width = min(WIDTH, self.size - index * WIDTH)
            name = tile_name(ENTRIES, index, width)
            try:
                entries = unpack_entries(required(self.reading, name))
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


def _misplaced(reading: Reading, commit: Commit, edge: Edge, entries: Sequence[bytes]) -> Wrong:
    """Return what is wrong when entries do not have a signed root: the bundle, when the tiles still have that root."""
    size, head = commit.checkpoint.size, head_of(reading).size
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


def _run_seen(commit: Commit, entries: Sequence[bytes]) -> Seen:
    """Return what the entries of one commit come to; `strange` is what does not belong there."""
    records, counts, strange = entries[:-1], Counter[str](), ""
    parsed = [_stated(entry) for entry in entries]
    for number, stated in enumerate(parsed):
        if stated.get("run") != commit.run or closes(stated) is not (number == len(records)):
            strange = strange or f"entry {commit.before + number} does not belong to run {commit.run}"
    counts.update(str(each.get("verdict")) for each in parsed[:-1])
    attested = [(commit.before + at, each) for at, each in enumerate(parsed[:-1]) if each.get("kind") == ATTESTED]
    return Seen(commit, parsed[-1], len(records), digest(pack_entries(records)), counts, strange, attested)


def _stated(entry: bytes) -> dict[str, Any]:
    """Return what an entry states, nothing when it is no JSON object."""
    try:
        stated = json.loads(entry)
    except (ValueError, RecursionError):
        stated = None
    return stated if isinstance(stated, dict) else {}
