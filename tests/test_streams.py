"""Values of JSON files of any size."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay import streams
from assay.errors import Fault
from assay.streams import Broken, Element, Outline


def _elements(path: Path, content: bytes, *, opened: bool = True) -> list[Element]:
    path.write_bytes(content)
    return list(streams.elements(path, opened=opened))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "values.json"


def test_members_of_an_opened_object_and_elements_of_its_lists_come_one_by_one_with_their_lines(path: Path) -> None:
    found = _elements(path, b'{"a": 1,\n "b": [\n{"x": 1},\n\n{"x": 2}],\n"c": {"d": []}, "e": []}')
    assert found == [
        Element("a", 1, 1),
        Element("b", {"x": 1}, 3),
        Element("b", {"x": 2}, 5),
        Element("c", {"d": []}, 6),
    ]


def test_an_object_that_is_not_opened_is_one_value(path: Path) -> None:
    assert _elements(path, b'{"a": [1]}\n{"a": [2]}', opened=False) == [
        Element("", {"a": [1]}, 1),
        Element("", {"a": [2]}, 2),
    ]


def test_an_outermost_list_is_read_by_its_elements(path: Path) -> None:
    assert [each.value for each in _elements(path, b"[1, [2], 3.5]\n", opened=False)] == [1, [2], 3.5]


def test_a_number_at_the_end_of_a_block_is_read_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_BLOCK", 1)
    assert [each.value for each in _elements(path, b"[1234567, 89, true, null, -1.5e3]")] == [
        1234567,
        89,
        True,
        None,
        -1500,
    ]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9) | st.booleans(), max_size=3)),
    st.integers(1, 7),
    st.booleans(),
)
def test_blocks_of_any_size_and_compression_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, values: list[dict[str, object]], block: int, packed: bool
) -> None:
    path = tmp_path_factory.mktemp("blocks") / "values.json"
    content = json.dumps({"first": "x", "values": values}, indent=1).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    before, streams._BLOCK = streams._BLOCK, block
    try:
        found = list(streams.elements(path, opened=True))
    finally:
        streams._BLOCK = before
    assert [each.value for each in found if each.key == "values"] == values
    assert all(0 < each.line <= content.count(b"\n") + 1 for each in found)


@pytest.mark.parametrize(
    "content", [b'{"a": [1, 2', b'{"a": [1, 2}', b'{"a": [1, 2,]}', b'{"a": [1, 2] "b"}', b'{"a": [1, 2]}}']
)
def test_what_stands_before_a_break_is_given(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    found, fault = _until_broken(path)
    assert found[:1] == [1]
    assert (fault.line, fault.message) == (1, "the file is broken here")


def _until_broken(path: Path) -> tuple[list[object], Fault]:
    found: list[object] = []
    with pytest.raises(Broken) as broken:
        for each in streams.elements(path, opened=True):
            found.append(each.value)  # noqa: PERF401 - what was given before the break counts
    return found, broken.value.fault


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a": 1, "b": {"c": 1}}', Outline(False, frozenset({"a", "b"}))),
        (b'[{"a": 1}, {"b": 2}]', Outline(True, frozenset({"a"}))),
        (b'{"a": [' + b'"x",' * 50_000, Outline(False, frozenset({"a"}))),
        (b"key: value", Outline(False, frozenset())),
        (b"", Outline(False, frozenset())),
        (b"\xff\xfe", Outline(False, frozenset())),
    ],
)
def test_the_beginning_of_a_file_shows_its_names(path: Path, content: bytes, expected: Outline) -> None:
    path.write_bytes(content)
    assert streams.outline(path) == expected


def test_a_file_that_does_not_exist_has_no_outline_and_is_broken(path: Path) -> None:
    assert streams.outline(path) == Outline(False, frozenset())
    with pytest.raises(Broken):
        list(streams.elements(path, opened=True))
