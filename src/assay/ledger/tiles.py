"""The tree and its entries as files: the layout of C2SP tlog-tiles.

`tile/<L>/<N>` holds 256 hashes; those of level 0 are leaves, a hash of level L + 1 is the root over a full tile of
level L. `tile/entries/<N>` holds the 256 entries themselves. The last one of each is partial and ends in `.p/<width>`.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.ledger.merkle import HASH_SIZE, Nodes, join, peaks, perfect

WIDTH = 256
LONGEST_ENTRY = 0xFFFF  # a bundle states the length of an entry in two bytes
ENTRIES = "entries"

ReadTile: TypeAlias = Callable[[int, int, int], Sequence[bytes]]  # (level, index, width) → hashes


def number_path(number: int) -> str:
    """Return a number as path elements of three digits: 1234067 is x001/x234/067."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}")
    return "/".join(reversed(groups))


def tile_name(level: int | str, index: int, width: int = WIDTH) -> str:
    """Return the name of a tile of hashes, or with level `entries` of a bundle of entries."""
    return f"tile/{level}/{number_path(index)}" + (f".p/{width}" if width < WIDTH else "")


def spans(size: int, level: int = 0) -> Iterator[tuple[int, int]]:
    """Yield (index, width) of every tile of a level in a tree of `size` leaves."""
    hashes = size >> (8 * level)
    yield from ((index, WIDTH) for index in range(hashes // WIDTH))
    if hashes % WIDTH:
        yield hashes // WIDTH, hashes % WIDTH


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """Return a bundle: every entry with its length before it. Raises ValueError on one that is too long."""
    parts = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise ValueError(f"an entry of {len(entry)} bytes; the log takes {LONGEST_ENTRY} at most")
        parts += [struct.pack(">H", len(entry)), entry]
    return b"".join(parts)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises ValueError when it ends in the middle of one."""
    entries, at = [], 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if at > len(bundle) or start > len(bundle):
            raise ValueError("a bundle that ends within an entry")
        entries.append(bundle[start:at])
    return entries


def unpack_hashes(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile. Raises ValueError when its length is not a multiple of a hash's."""
    if len(tile) % HASH_SIZE:
        raise ValueError(f"a tile of {len(tile)} bytes")
    return [tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]


@dataclass(frozen=True, slots=True)
class Tile:
    """Some consecutive hashes of one level."""

    level: int
    index: int
    hashes: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """Where it is stored."""
        return tile_name(self.level, self.index, len(self.hashes))

    @property
    def content(self) -> bytes:
        """What is stored."""
        return b"".join(self.hashes)


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: of every level the hashes that are in no full tile yet. It suffices to append."""

    size: int
    open: tuple[tuple[bytes, ...], ...]

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return join([peak for hashes in reversed(self.open) for peak in peaks(hashes)])


NOTHING = Edge(0, ())


def read_edge(size: int, read: ReadTile) -> Edge:
    """Return the right edge of a tree of `size` leaves from its partial tiles."""
    levels, level = [], 0
    while hashes := size >> (8 * level):
        width = hashes % WIDTH
        levels.append(tuple(read(level, hashes // WIDTH, width)) if width else ())
        level += 1
    return Edge(size, tuple(levels))


def extend(edge: Edge, leaves: Sequence[bytes]) -> tuple[Edge, list[Tile]]:
    """Return the edge after some more leaves, and every tile that is new or longer."""
    made: list[Tile] = []
    levels: list[tuple[bytes, ...]] = []
    added, level, before = list(leaves), 0, edge.size
    while added or level < len(edge.open):
        hashes = [*(edge.open[level] if level < len(edge.open) else ()), *added]
        first = (before >> (8 * level)) // WIDTH
        full = len(hashes) // WIDTH
        cut = [tuple(hashes[at * WIDTH : (at + 1) * WIDTH]) for at in range(full)]
        made += [Tile(level, first + number, each) for number, each in enumerate(cut)]
        rest = tuple(hashes[full * WIDTH :])
        if rest and added:
            made.append(Tile(level, first + full, rest))
        levels.append(rest)
        added, level = [perfect(each) for each in cut], level + 1
    return Edge(edge.size + len(leaves), tuple(levels)), made


def nodes_of(size: int, read: ReadTile) -> Nodes:
    """Return how to read any node of a tree of `size` leaves from its tiles; each tile is read once."""
    known: dict[tuple[int, int], Sequence[bytes]] = {}

    def node(height: int, index: int) -> bytes:
        level, inside = divmod(height, 8)
        first = index << inside
        at = first // WIDTH
        if (level, at) not in known:
            known[level, at] = read(level, at, min(WIDTH, (size >> (8 * level)) - at * WIDTH))
        return perfect(known[level, at][first % WIDTH : first % WIDTH + (1 << inside)])

    return node
