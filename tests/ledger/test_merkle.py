"""The tree against the definition in RFC 9162, section 2.1, written a second time here, and against published roots."""

import hashlib

import pytest

from assay.ledger.merkle import (
    EMPTY,
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
    node_hash,
)
from assay.ledger.tiles import NOTHING, extend, nodes_of, number_path, pack_entries, spans, tile_name, unpack_entries

# The entries of the test vectors of Certificate Transparency, and the roots over the first 1 to 8 of them.
ENTRIES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def defined(entries: list[bytes]) -> bytes:
    """MTH(D[n]) as section 2.1.1 defines it."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    middle = max(2**k for k in range(20) if 2**k < len(entries))
    return hashlib.sha256(b"\x01" + defined(entries[:middle]) + defined(entries[middle:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    edge, _ = extend(NOTHING, [leaf_hash(each) for each in ENTRIES[:size]])
    assert edge.root == defined(ENTRIES[:size])
    if size:
        assert edge.root.hex() == ROOTS[size - 1]
    else:
        assert edge.root == EMPTY


def test_the_proofs_of_the_example_in_the_standard() -> None:
    """Section 2.1.5: seven leaves; the proofs for leaves 0, 3, 4, 6 and from sizes 3, 4, 6 are named node by node."""
    a, b, c, d, e, f, j = (leaf_hash(each) for each in ENTRIES[:7])
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741  # the letters of the standard
    nodes = nodes_of(7, lambda level, index, width: [a, b, c, d, e, f, j])
    assert inclusion_proof(nodes, 0, 7) == [b, h, l]
    assert inclusion_proof(nodes, 3, 7) == [c, g, l]
    assert inclusion_proof(nodes, 4, 7) == [f, j, k]
    assert inclusion_proof(nodes, 6, 7) == [i, k]
    assert consistency_proof(nodes, 3, 7) == [c, d, g, l]
    assert consistency_proof(nodes, 4, 7) == [l]
    assert consistency_proof(nodes, 6, 7) == [i, j, k]


def test_a_leaf_outside_the_tree_has_no_proof() -> None:
    nodes = nodes_of(1, lambda level, index, width: [leaf_hash(b"")])
    with pytest.raises(ValueError, match="no leaf 1"):
        inclusion_proof(nodes, 1, 1)
    with pytest.raises(ValueError, match="no older one"):
        consistency_proof(nodes, 2, 1)
    assert not included(leaf_hash(b""), 1, 1, [], leaf_hash(b""))
    assert not consistent(2, EMPTY, 1, EMPTY, [])


def test_paths_are_those_of_the_specification() -> None:
    assert number_path(1234067) == "x001/x234/067"
    assert number_path(0) == "000"
    assert number_path(999) == "999"
    assert number_path(1000) == "x001/000"
    assert tile_name(0, 273, 112) == "tile/0/273.p/112"
    assert tile_name("entries", 5) == "tile/entries/005"


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    """273 full and one of 112 at level 0, one full and one of 17 at level 1, one of 1 at level 2."""
    assert list(spans(70_000)) == [*((index, 256) for index in range(273)), (273, 112)]
    assert list(spans(70_000, 1)) == [(0, 256), (1, 17)]
    assert list(spans(70_000, 2)) == [(0, 1)]
    assert list(spans(70_000, 3)) == []
    assert list(spans(256, 1)) == [(0, 1)]


def test_bundles_state_the_length_of_each_entry() -> None:
    assert pack_entries([b"", b"ab"]) == b"\x00\x00\x00\x02ab"
    assert unpack_entries(b"\x00\x00\x00\x02ab") == [b"", b"ab"]
    for cut in (b"\x00", b"\x00\x02a"):
        with pytest.raises(ValueError, match="within an entry"):
            unpack_entries(cut)
    with pytest.raises(ValueError, match="65535 at most"):
        pack_entries([b"x" * 65_536])
