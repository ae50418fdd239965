"""Snapshots that somebody cut short, changed, or made to lead the reader astray."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assay import canonical
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.snapshot import Asked, NotASnapshot, Writer, index, open_snapshot, resources, verify
from assay.inventory.values import Value
from assay.operations.deployed import deployed

ACCOUNT, REGION = "111111111111", "eu-west-1"
NAMES = [
    "'; DROP TABLE x; --",
    "../../../etc/passwd",
    "\x1b[2J",
    "\ud800",
    "\u202etxt.exe",
    "a\0b",
    "*?[x]",
    "\r\n",
    "=1+1",
]


def as_it_is(value: Value) -> Value:
    return value


def thing(name: str) -> Resource:
    origin = Origin("aws", Position(""), ACCOUNT, REGION, "2026-10-01T08:00:00Z")
    return Resource(f"{ACCOUNT}/{REGION}/Acme::Thing/{name}", "Acme::Thing", name, {"Name": name}, origin)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "o'clock [*] {x}?"
    writer = Writer(path, Asked(), redact=as_it_is)
    with writer.unit("all") as unit:
        unit.append(thing(name) for name in ["plain", *NAMES])
    writer.finish()
    return path


def read(path: Path) -> list[Resource]:
    return list(resources(open_snapshot(path)))


def part(path: Path) -> Path:
    (found,) = path.rglob("*.parquet")
    return found


def with_manifest(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the manifest, and make it agree with itself again: whoever can write it can do that."""
    document = json.loads((path / "snapshot.json").read_text())
    change(document)
    document.pop("digest")
    document["digest"] = canonical.digest(canonical.canonical(document))
    (path / "snapshot.json").write_text(json.dumps(document))


def with_part(path: Path, content: bytes) -> None:
    """Put another file in the place of the part, under its right digest, in a manifest that agrees."""
    old = part(path)
    sha256 = hashlib.sha256(content).hexdigest()
    new = old.with_name(f"{sha256}.parquet")
    old.unlink()
    new.write_bytes(content)

    def change(document: dict[str, Any]) -> None:
        document["parts"][0] |= {"sha256": sha256, "path": new.relative_to(path).as_posix()}

    with_manifest(path, change)


def test_hostile_names_are_only_names(snapshot: Path) -> None:
    found = read(snapshot)
    assert {each.properties["Name"] for each in found} == {"plain", *NAMES}
    assert len({each.id for each in found}) == len(NAMES) + 1
    verify(open_snapshot(snapshot))


def test_a_part_that_is_cut_short(snapshot: Path) -> None:
    file = part(snapshot)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(NotASnapshot, match="changed or cut short"):
        read(snapshot)


def test_a_part_of_which_one_bit_is_turned(snapshot: Path) -> None:
    file = part(snapshot)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(NotASnapshot, match="changed or cut short"):
        verify(open_snapshot(snapshot))


def test_a_part_that_is_missing(snapshot: Path) -> None:
    part(snapshot).unlink()
    with pytest.raises(NotASnapshot, match=r"cannot be read: .*\.parquet: No such file"):
        read(snapshot)


def test_a_manifest_that_was_changed(snapshot: Path) -> None:
    text = (snapshot / "snapshot.json").read_text()
    (snapshot / "snapshot.json").write_text(text.replace('"rows": 10', '"rows": 9'))
    with pytest.raises(NotASnapshot, match="changed after it was written"):
        open_snapshot(snapshot)


@pytest.mark.parametrize(
    "path",
    [
        "../../outside.parquet",
        "/etc/passwd",
        "documents/account=111111111111/day=2026-10-01/../../../x.parquet",
        "documents/account=111111111111/day=2026-10-01/*.parquet",
        "documents/account=111111111111/day=2026-10-02/" + "0" * 64 + ".parquet",
        "https://example.com/x.parquet",
        "",
        7,
        None,
    ],
)
def test_a_part_that_lies_elsewhere(snapshot: Path, path: Any) -> None:
    with_manifest(snapshot, lambda document: document["parts"][0].update(path=path))
    with pytest.raises(NotASnapshot, match=r"snapshot\.json is no manifest"):
        open_snapshot(snapshot)


def test_a_part_that_is_a_link_out_of_the_folder(snapshot: Path, tmp_path: Path) -> None:
    file = part(snapshot)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotASnapshot, match="leads out of the snapshot"):
        read(snapshot)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"format": "assay.snapshot/2"}',
        '{"format": "assay.snapshot/1"}',
        '{"format": "assay.snapshot/1", "parts": 3, "asked": [], "collector": {}}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_what_is_no_manifest(snapshot: Path, text: str) -> None:
    (snapshot / "snapshot.json").write_text(text)
    with pytest.raises(NotASnapshot, match=r"snapshot\.json"):
        open_snapshot(snapshot)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["parts"][0].update(rows=-1),
        lambda document: document["parts"][0].update(rows="10"),
        lambda document: document["parts"][0].update(more=1),
        lambda document: document.update(reached=[{"types": ["a"], "places": ["no slash"]}]),
        lambda document: document.update(gaps=[{"subject": "s", "types": [], "reason": ["no such cause", "", ""]}]),
        lambda document: document.update(sources=[1]),
        lambda document: document.update(gone=["ab"]),
        lambda document: document.update(gone=[["a", 1]]),
    ],
)
def test_a_manifest_that_says_nonsense(snapshot: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    with_manifest(snapshot, change)
    with pytest.raises(NotASnapshot, match=r"snapshot\.json|changed after"):
        open_snapshot(snapshot)


def test_a_part_that_is_no_parquet(snapshot: Path) -> None:
    with_part(snapshot, b"PAR1 this is none PAR1")
    with pytest.raises(NotASnapshot, match="is no part of a snapshot"):
        read(snapshot)
    with pytest.raises(NotASnapshot):
        verify(open_snapshot(snapshot))


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("SELECT 1 AS id", "is no part of a snapshot"),
        (
            "SELECT account, region, type, id, name, observed, source, digest, NULL AS document FROM old",
            "something else than text",
        ),
        ("SELECT * REPLACE (7 AS name) FROM old", "something else than text"),
        ("SELECT * REPLACE ('222222222222' AS account) FROM old", "of account '222222222222'"),
        ("SELECT * REPLACE ('{' AS document) FROM old", "is none"),
        ("SELECT * REPLACE ('[]' AS document) FROM old", "is none"),
        ("""SELECT * REPLACE ('{"properties": 1}' AS document) FROM old""", "is none"),
        ("""SELECT * REPLACE ('{"properties": {"a": {"$unknown": 1}}}' AS document) FROM old""", "is none"),
        ("""SELECT * REPLACE ('{"properties": ' || repeat('[', 100000) AS document) FROM old""", "is none"),
    ],
)
def test_a_part_that_holds_something_else(snapshot: Path, tmp_path: Path, select: str, said: str) -> None:
    part(snapshot).rename(tmp_path / "old.parquet")
    part_path = snapshot / json.loads((snapshot / "snapshot.json").read_text())["parts"][0]["path"]
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW old AS FROM read_parquet('{tmp_path}/old.parquet', hive_partitioning = false)")
        connection.execute(f"COPY ({select}) TO '{tmp_path}/new.parquet' (FORMAT parquet)")
    part_path.touch()
    with_part(snapshot, (tmp_path / "new.parquet").read_bytes())
    with pytest.raises(NotASnapshot, match=said):
        read(snapshot)
    with pytest.raises(NotASnapshot):
        verify(open_snapshot(snapshot))


def test_more_or_fewer_rows_than_the_manifest_says(snapshot: Path) -> None:
    with_manifest(snapshot, lambda document: document["parts"][0].update(rows=9))
    with pytest.raises(NotASnapshot, match=r"digest|holds 10 resources; the manifest states 9|changed"):
        verify(open_snapshot(snapshot))


def test_a_part_that_counts_twice(snapshot: Path) -> None:
    def twice(document: dict[str, Any]) -> None:
        document.update(parts=2 * document["parts"], resources=2 * document["resources"])

    with_manifest(snapshot, twice)
    with pytest.raises(NotASnapshot, match="two of its documents are of one resource"):
        deployed(open_snapshot(snapshot))


def test_the_index_needs_no_documents(snapshot: Path) -> None:
    assert {each.document for each in index(open_snapshot(snapshot))} == {""}
