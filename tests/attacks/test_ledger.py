"""Every change to stored evidence is found, and the first wrong thing is named.

The ledgers have four runs: a tile that is full, tiles that are partial, superseded ones, and a run without records.
"""

import base64
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.worlds import Memory, ledger, run, signer

from assay.canonical import canonical, digest
from assay.ledger.log import append, blob_name
from assay.ledger.store import Pack, write_pack
from assay.ledger.tiles import unpack_entries
from assay.ledger.verify import State, Verification, verify

COUNTS = (3, 0, 262, 7)
GOOD = ledger(COUNTS)
KEY = signer().public
NAMES = sorted(GOOD.objects)


def kind(name: str) -> str:
    return name.split("/")[0] if not name.startswith("tile/") else "/".join(name.split("/")[:2])


def may_be_gone(name: str) -> bool:
    """A partial tile may be deleted when the full one is there: C2SP tlog-tiles, partial tiles."""
    return ".p/" in name and name.split(".p/")[0] in GOOD.objects


def spoilt(changes: dict[str, bytes | None]) -> Verification:
    memory = Memory(GOOD.objects)
    for name, content in changes.items():
        if content is None:
            del memory.objects[name]
        else:
            memory.objects[name] = content
    return verify(memory, KEY)


def named(found: Verification) -> str:
    """The first wrong thing, or what could not be verified; "" when everything passed."""
    first = next((each for each in found.steps if each.asked and each.state is not State.PASSED), None)
    return first.subject if first else ""


def test_the_ledger_itself_is_sound() -> None:
    found = verify(GOOD, KEY)
    assert found.passed, found.steps
    assert {kind(each) for each in NAMES} >= {"blobs", "checkpoint", "commits", "ledger.json", "runs", "tile/0"}
    assert any(map(may_be_gone, NAMES))


@pytest.mark.parametrize("seed", range(20))
def test_every_changed_byte_is_found_and_its_object_named(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        name = chance.choice(NAMES)
        content = bytearray(GOOD.objects[name])
        at = chance.randrange(len(content))
        content[at] ^= chance.randrange(1, 256)
        assert named(spoilt({name: bytes(content)})) == name, (name, at, content[at])


@pytest.mark.parametrize("name", NAMES)
def test_every_deletion_is_found_and_named(name: str) -> None:
    assert named(spoilt({name: None})) == ("" if may_be_gone(name) else name)


@pytest.mark.parametrize("name", NAMES)
def test_every_truncation_and_every_addition_is_found_and_named(name: str) -> None:
    chance, content = random.Random(name), GOOD.objects[name]
    for length in {0, 1, len(content) - 1, *(chance.randrange(len(content)) for _ in range(5))}:
        assert named(spoilt({name: content[:length]})) == name, length
    for more in (b"\x00", b"\n", b"\x00\x00", content):
        assert named(spoilt({name: content + more})) == name, more


@pytest.mark.parametrize("seed", range(5))
def test_two_objects_that_change_places_are_found(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        one, other = chance.sample(NAMES, 2)
        if GOOD.objects[one] != GOOD.objects[other]:
            found = named(spoilt({one: GOOD.objects[other], other: GOOD.objects[one]}))
            assert found in (one, other)


@pytest.mark.parametrize("seed", range(5))
def test_parts_of_an_object_that_change_places_are_found(seed: int) -> None:
    """Entries within a bundle, hashes within a tile: each for itself is genuine."""
    chance = random.Random(seed)
    bundles = [each for each in NAMES if each.startswith("tile/entries/")]
    tiles = [each for each in NAMES if each.startswith("tile/0/")]
    for _ in range(40):
        name = chance.choice(bundles)
        parts = [len(each).to_bytes(2, "big") + each for each in unpack_entries(GOOD.objects[name])]
        _swapped_is_found(name, parts, chance)
        name = chance.choice(tiles)
        content = GOOD.objects[name]
        _swapped_is_found(name, [content[at : at + 32] for at in range(0, len(content), 32)], chance)


def _swapped_is_found(name: str, parts: list[bytes], chance: random.Random) -> None:
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    if parts[one] != parts[other]:
        parts[one], parts[other] = parts[other], parts[one]
        assert named(spoilt({name: b"".join(parts)})) == name


def test_a_bundle_and_its_tiles_that_agree_with_one_another_are_found_by_the_signature() -> None:
    """Who rewrites an entry and everything that is computed from it still lacks the key."""
    forged = ledger(COUNTS, seed=2)
    changes: dict[str, bytes | None] = {
        name: forged.objects[name].replace(b'"met"', b'"MET"') for name in NAMES if name.startswith("tile/")
    }
    found = spoilt(changes)
    assert found.wrong
    assert found.wrong.name == "inclusion"
    assert found.wrong.subject.startswith("tile/entries/")


def test_an_object_that_nobody_appended_is_found() -> None:
    for name in ("tile/0/009", "tile/entries/000.p/9", "tile/7/000", "runs/run-9", "commits/x001/000", "more", "tile"):
        assert named(spoilt({name: b"more"})) == name
    old = GOOD.objects["commits/000"]
    assert named(spoilt({"commits/001": old})) == "commits/001"
    for name in (blob_name("0" * 64), "blobs/00/readme", f"blobs/zz/{digest(b'more')}"):
        assert named(spoilt({name: b"more"})) == name


def test_the_records_of_one_run_are_not_another_s() -> None:
    commits = [each for each in NAMES if each.startswith("commits/")]
    for name in commits:
        stated = json.loads(GOOD.objects[name])
        for field, value in (("run", "run-9"), ("batch", "0" * 64), ("checkpoint", stated["checkpoint"] + " ")):
            assert named(spoilt({name: canonical({**stated, field: value})})) == name
    for name in (each for each in NAMES if each.startswith("runs/")):
        stated = json.loads(GOOD.objects[name])
        assert named(spoilt({name: canonical({**stated, "before": stated["before"] + 1})})) == name


def envelopes() -> list[tuple[str, bytes]]:
    return [(name, content) for name, content in GOOD.objects.items() if b"payloadType" in content]


def test_an_envelope_with_another_payload_or_another_signature_is_found() -> None:
    (name, content), (_, other) = envelopes()[:2]
    ours, others = json.loads(content), json.loads(other)
    payload = json.loads(base64.b64decode(ours["payload"]))
    payload["predicate"]["counts"] = {"met": 3}
    changes: tuple[dict[str, Any], ...] = (
        {"payload": others["payload"]},
        {"signatures": others["signatures"]},
        {"signatures": []},
        {"payload": base64.b64encode(canonical(payload)).decode()},
    )
    for change in changes:
        assert named(spoilt({name: canonical({**ours, **change})})) == name


def test_a_checkpoint_that_is_set_back_is_not_passed() -> None:
    """What was signed goes on from it: unfinished or set back, which nobody can tell, and nothing is called wrong."""
    for name in (each for each in NAMES if each.startswith("commits/")):
        note = json.loads(GOOD.objects[name])["checkpoint"].encode()
        found = spoilt({"checkpoint": note})
        if note != GOOD.objects["checkpoint"]:
            assert named(found) == "checkpoint"
            assert not found.wrong


def test_a_log_that_is_cut_off_is_found_by_what_it_leaves_behind() -> None:
    last = max(each for each in NAMES if each.startswith("commits/"))
    before = json.loads(GOOD.objects[sorted(each for each in NAMES if each.startswith("commits/"))[-2]])["checkpoint"]
    found = spoilt({last: None, "checkpoint": before.encode()})
    assert found.wrong
    assert found.wrong.subject.startswith("tile/")


def test_a_whole_ledger_that_is_set_back_is_found_with_an_older_checkpoint() -> None:
    older = ledger(COUNTS[:3])
    assert verify(older, KEY).passed
    found = verify(older, KEY, GOOD.objects["checkpoint"])
    assert found.wrong
    assert found.wrong.name == "older checkpoint"
    assert "set back" in found.wrong.detail


def test_two_histories_under_one_key_are_found_with_an_older_checkpoint() -> None:
    fork = ledger((4, *COUNTS))
    assert verify(fork, KEY).passed
    for at in range(1, len(COUNTS)):
        older = ledger(COUNTS[:at]).objects["checkpoint"]
        found = verify(fork, KEY, older)
        assert found.wrong
        assert found.wrong.name == "older checkpoint"
        assert verify(GOOD, KEY, older).passed


def test_a_ledger_of_another_key_is_unverifiable_and_not_wrong() -> None:
    found = verify(ledger(COUNTS, seed=2), KEY)
    assert not found.wrong
    assert found.open
    assert found.open.subject == "checkpoint"
    assert all(each.state is not State.FAILED for each in found.steps)


def test_nothing_is_appended_to_a_ledger_that_is_damaged() -> None:
    from assay.errors import AssayError

    for change in ("checkpoint", "ledger.json", "tile/0/001.p/20", "tile/1/000.p/1"):
        for content in (b"", b"spoilt"):
            memory = Memory({**GOOD.objects, change: content})
            with pytest.raises(AssayError):
                append(memory, signer(), run("more", 1))
            assert memory.objects[change] == content
    with pytest.raises(AssayError, match="not the one"):
        append(Memory(GOOD.objects), signer(2), run("more", 1))


@pytest.mark.parametrize("hostile", [b"[" * 100_000, b"{}", b"null", b"1e999", b'"', b"\xff", b'{"run":{}}'])
def test_hostile_objects_are_found_and_crash_nothing(hostile: bytes) -> None:
    for name in NAMES:
        assert named(spoilt({name: hostile})) == name


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "pack.zip"
    write_pack(GOOD, path)
    return path


def test_a_pack_verifies_like_the_ledger(pack: Path, tmp_path: Path) -> None:
    assert verify(Pack(pack), KEY).passed
    write_pack(GOOD, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == pack.read_bytes()


@pytest.mark.parametrize("seed", range(5))
def test_a_pack_that_was_changed_is_found_unless_it_holds_the_same(pack: Path, tmp_path: Path, seed: int) -> None:
    """A ZIP file has bytes that mean nothing to us, such as times; whatever changes a name or content is found."""
    chance, whole = random.Random(seed), pack.read_bytes()
    for _ in range(100):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        path = tmp_path / "spoilt.zip"
        path.write_bytes(content)
        assert _refused(path) or _same(path)


def _refused(path: Path) -> bool:
    from assay.errors import UsageError

    try:
        return not verify(Pack(path), KEY).passed
    except UsageError:
        return True


def _same(path: Path) -> bool:
    read: Callable[[str], bytes | None] = Pack(path).get
    return {name: read(name) for name in Pack(path).names()} == GOOD.objects


def test_a_pack_with_two_members_of_one_name_is_refused(pack: Path, tmp_path: Path) -> None:
    from assay.errors import UsageError

    path = tmp_path / "double.zip"
    path.write_bytes(pack.read_bytes())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("checkpoint", b"another")
    with pytest.raises(UsageError, match="two members"):
        Pack(path)


def test_a_member_that_claims_to_be_huge_is_not_unpacked(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.ledger.store.LARGEST_MEMBER", 2_000)
    found = verify(Pack(pack), KEY)
    assert not found.wrong
    assert found.open
    assert "larger than" in found.open.detail
