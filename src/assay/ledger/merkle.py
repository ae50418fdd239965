"""The Merkle tree of RFC 9162, section 2.1: hashes, proofs, and the check of proofs. SHA-256 only.

A tree of n leaves is read through `Nodes`: the hash of the perfect subtree of 2**height leaves at an index.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

HASH_SIZE = 32
EMPTY = hashlib.sha256(b"").digest()  # section 2.1.1: the hash of an empty list

Nodes: TypeAlias = Callable[[int, int], bytes]  # (height, index) → hash


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf; its prefix differs from a node's, so neither passes for the other."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect(hashes: Sequence[bytes]) -> bytes:
    """Return the root over 2**k hashes of one height."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the roots of the perfect subtrees that the hashes of one height make up, largest first."""
    found, start = [], 0
    for bit in reversed(range(len(hashes).bit_length())):
        if len(hashes) >> bit & 1:
            found.append(perfect(hashes[start : start + (1 << bit)]))
            start += 1 << bit
    return found


def join(found: Sequence[bytes]) -> bytes:
    """Return the root over perfect subtrees in order of falling size."""
    if not found:
        return EMPTY
    root = found[-1]
    for each in reversed(found[:-1]):
        root = node_hash(each, root)
    return root


def range_hash(nodes: Nodes, start: int, end: int) -> bytes:
    """Return MTH(D[start:end]) for a range that is a subtree of the tree: `start` is aligned to its size."""
    size = end - start
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return nodes(height, start >> height)
    middle = start + _split(size)
    return node_hash(range_hash(nodes, start, middle), range_hash(nodes, middle, end))


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return PATH(index, D[size]) (section 2.1.3.1), from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start = middle
    return path[::-1]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that `leaf` is at `index` of the tree with this root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(each, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, each)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """Return PROOF(old, D[size]) (section 2.1.4.1); empty when the trees are one, or the old one is empty."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves has no older one of {old}")
    if old in (0, size):
        return []
    path, start, end, whole = [], 0, size, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(nodes, start, end))
    return path[::-1]


def consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `size` begins with the tree of `old` leaves (section 2.1.4.2)."""
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == EMPTY
    if not 0 < old < size:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            after = node_hash(after, each)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == root
