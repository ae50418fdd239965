"""YAML text becomes plain JSON with the place of each value, and nothing is guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents import Dialect, Document, Json, Limits, kind, read


def _read(text: str, limits: Limits | None = None) -> Document:
    document, faults = read(text.encode(), "f.yaml", limits or Limits())
    assert document is not None, faults
    return document


def _fault(text: str | bytes, limits: Limits | None = None) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    document, (fault, *more) = read(content, "f.yaml", limits or Limits())
    assert document is None
    assert not more
    return str(fault)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("1.2.3", "1.2.3"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("'12'", "12"),
        ('"true"', "true"),
        ("! 12", "12"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: Json) -> None:
    found = _read(f"a: {text}\n").value
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_places_of_values_and_keys() -> None:
    document = _read("a: 1\nb:\n  - x\n  - {c: 2}\n")
    assert document.place(("a",)) == (1, 4)
    assert document.place(("b", 1, "c")) == (4, 9)
    assert document.key_place(("b", 1, "c")) == (4, 6)
    assert document.place(("b", 0, "not", "there")) == (3, 5), "the nearest ancestor"
    assert document.written[("b", 1, "c")] == "2"


def test_an_alias_has_the_value_and_the_places_of_its_anchor() -> None:
    document = _read("a: &x {b: [1, 2]}\nc: *x\n")
    assert document.value == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}
    assert document.place(("c", "b", 1)) == (1, 15)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1: the key 'a' is given twice; it is also on line 1"),
        ("1: a\n", "f.yaml:1:1: a key that is a number; found 1; expected text"),
        ("true: a\n", "a key that is true or false"),
        ("? [a]\n: b\n", "a key that is not text; found a list"),
        ("a: 012\n", "f.yaml:1:4: a number that begins with 0"),
        ("a: 99999999999999999999\n", "too large to keep exactly"),
        ("a: !Ref b\n", "write {Ref: …}"),
        ("a: !GetAtt b.c\n", '{"Fn::GetAtt": …}'),
        ("a: !!python/object:os.system {}\n", "tags are not understood here"),
        ("a: {<<: 1}\n", "merge keys are not understood"),
        ("a: *b\n", "has no anchor"),
        ("a: &a [*a]\n", "inside its own anchor"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document begins"),
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("a: [1\n", "that began on line 1"),
        ("a: b: c\n", "not valid YAML"),
        ("a:\n\t- b\n", "f.yaml:2:1: not valid YAML"),
        ("a: \x01\n", "f.yaml:1:4: not valid YAML: a control character; found the character U+0001"),
        (b"a: ok\nb: \xff\n", "f.yaml:2:4: the file is not UTF-8; found the byte 0xff"),
        ("a: b\n".encode("utf-16"), "save it as UTF-8"),
    ],
)
def test_a_fault_names_its_place(text: str | bytes, says: str) -> None:
    assert says in _fault(text)


def test_another_format_may_read_words_tags_and_keys_differently() -> None:
    dialect = Dialect(tags={"!Up": "Fn::Up"}, words={"yes": True}, lenient=True)
    text = "a: yes\n1: !Up [!Up x, 'yes']\ntrue: 010\nb: 09\nc: {d: 1, d: 2}\n"
    document, faults = read(text.encode(), "f.yaml", dialect=dialect)
    assert document is not None, faults
    up = {"Fn::Up": [{"Fn::Up": "x"}, "yes"]}
    assert document.value == {"a": True, "1": up, "true": 8, "b": "09", "c": {"d": 2}}
    assert document.place(("1", "Fn::Up", 0, "Fn::Up")) == (2, 9)
    assert document.place(("c", "d")) == (5, 14)
    assert read(b"a: 1\na: 2\n", "f.yaml", dialect=dialect)[1], "at the top it is a fault all the same"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert _read("\ufeffa: 1\n").value == {"a": 1}


def test_bounds() -> None:
    assert "nested too deeply" in _fault("[" * 5 + "]" * 5, Limits(depth=3))
    assert _read("[[[1]]]", Limits(depth=3)).value == [[[1]]]
    assert "too many values" in _fault("[1, 2, 3]", Limits(values=3))
    assert _read("[1, 2]", Limits(values=3)).value == [1, 2]
    assert "too large" in _fault("a: 12345", Limits(bytes=7))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("e: one two\n", (1, 8)),
        ("e: 'one two'\n", (1, 9)),
        ('e: "one two"\n', (1, 9)),
        ("e: one\n   two\n", (2, 4)),
        ("e: >\n  one\n  two\n", (3, 3)),
        ("e: |\n  one two\n", (2, 7)),
        ("e: |-\n\n    one two\n", (3, 9)),
    ],
)
def test_a_place_within_text(text: str, place: tuple[int, int]) -> None:
    document = _read(text)
    assert isinstance(document.value, dict)
    value = document.value["e"]
    assert isinstance(value, str)
    assert document.place_within(("e",), value, value.index("two")) == place


def test_kinds_in_words() -> None:
    values: list[Json] = [None, True, 1, "", {}, []]
    assert [kind(each) for each in values] == [
        "nothing",
        "true or false",
        "a number",
        "text",
        "a mapping",
        "a list",
    ]


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_faults(content: bytes) -> None:
    document, faults = read(content, "f.yaml")
    assert (document is None) == bool(faults)


@given(st.text(max_size=60))
def test_any_text_gives_a_document_or_faults(text: str) -> None:
    document, faults = read(text.encode("utf-8", "replace"), "f.yaml")
    assert (document is None) == bool(faults)


def test_the_example_organisation_reads() -> None:
    for path in (Path(__file__).parents[1] / "examples/acme").rglob("*.yaml"):
        if "templates" not in path.parts:
            assert read(path.read_bytes(), str(path))[1] == ()
