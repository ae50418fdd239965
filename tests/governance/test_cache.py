"""The compiled catalogue on disk: the same as compiled anew, never somebody else's, never in the way."""

import os
import pickle
from pathlib import Path

import pytest
from tests.conftest import CONTROL, GOOD

from assay.errors import FaultyFiles
from assay.governance import cache
from assay.governance.cache import folder, key, load_or_compile
from assay.governance.files import Source
from assay.governance.model import Control, Objective

SOURCES = (
    Source("c/controls/bucket-has-versions.yaml", Control, CONTROL.encode()),
    Source("c/objectives/o.yaml", Objective, GOOD["objectives/data-can-be-recovered.yaml"].encode()),
)
ONE = SOURCES[:1]


def test_what_is_read_from_the_cache_is_what_was_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = load_or_compile(ONE, tmp_path / "cache")
    monkeypatch.setattr(cache, "compile_catalogue", lambda _: pytest.fail("compiled twice"))
    assert load_or_compile(ONE, tmp_path / "cache") == compiled


def test_without_a_folder_nothing_is_kept() -> None:
    assert load_or_compile(ONE, None).controls.keys() == {"bucket-has-versions"}


class _Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (os.environ["TRAP"],))


@pytest.mark.parametrize("of", ["file", "folder"])
def test_what_others_could_have_written_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str) -> None:
    """A pickle runs code when it is loaded."""
    where, trap = tmp_path / "cache", tmp_path / "trapped"
    monkeypatch.setenv("TRAP", str(trap))
    where.mkdir(mode=0o700)
    path = where / f"catalogue-{key(ONE)}.pickle"
    path.write_bytes(pickle.dumps(_Trap()))
    path.chmod(0o666 if of == "file" else 0o600)
    where.chmod(0o777 if of == "folder" else 0o700)
    assert load_or_compile(ONE, where).controls
    assert not trap.exists()


@pytest.mark.parametrize("content", [b"", b"\x80", b"no pickle at all", pickle.dumps({"no": "catalogue"})])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, content: bytes) -> None:
    where = tmp_path / "cache"
    where.mkdir(mode=0o700)
    path = where / f"catalogue-{key(ONE)}.pickle"
    path.write_bytes(content)
    path.chmod(0o600)
    assert load_or_compile(ONE, where).controls
    assert path.read_bytes() != content


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert load_or_compile(ONE, tmp_path / "file" / "cache").controls


def test_faulty_files_are_never_kept(tmp_path: Path) -> None:
    with pytest.raises(FaultyFiles):
        load_or_compile(SOURCES, tmp_path / "cache")  # the objective's id is not its file's name
    assert not list(tmp_path.rglob("*.pickle"))


def test_only_the_newest_few_are_kept(tmp_path: Path) -> None:
    for number in range(6):
        changed = Source(ONE[0].file, Control, CONTROL.encode() + b"#" * number)
        load_or_compile([changed], tmp_path / "cache")
    assert len(list((tmp_path / "cache").glob("*"))) == 4


def test_another_content_name_or_kind_is_another_key() -> None:
    (one,) = ONE
    others = [
        Source(one.file, one.holds, one.content + b"\n"),
        Source(f"{one.file}x", one.holds, one.content),
        Source(one.file, Objective, one.content),
    ]
    assert len({key([each]) for each in (one, *others)}) == 4
    assert key(ONE) == key(ONE)


@pytest.mark.parametrize(
    ("environment", "where"),
    [
        ({"HOME": "/h"}, Path("/h/.cache/assay")),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/x"}, Path("/x/assay")),
        ({"HOME": "/h", "XDG_CACHE_HOME": "relative"}, Path("/h/.cache/assay")),
        ({"HOME": "/h", "ASSAY_CACHE": "off"}, None),
        ({"HOME": "/h", "ASSAY_CACHE": "OFF"}, None),
        ({"HOME": ""}, None),
        ({}, None),
    ],
)
def test_the_folder_follows_the_environment(environment: dict[str, str], where: Path | None) -> None:
    assert folder(environment) == where
