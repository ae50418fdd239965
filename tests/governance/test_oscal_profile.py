"""OSCAL profiles: which controls they select, in which order, and what these say after the profile's changes."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from assay.errors import FaultyFiles, UsageError
from assay.governance.oscal import OscalControl, import_catalog

META = {"title": "T", "version": "1", "oscal-version": "1.2.1"}


def control(name: str, *inner: Any, **more: Any) -> dict[str, Any]:
    prose = f"Keep {{{{ insert: param, {name}_prm_1 }}}} for {name}."
    return {
        "id": name,
        "title": f"Title of {name}",
        "params": [{"id": f"{name}_prm_1", "label": "a while"}],
        "parts": [
            {
                "id": f"{name}_smt",
                "name": "statement",
                "prose": prose,
                "parts": [{"id": f"{name}_smt.a", "name": "item", "class": "odd", "prose": "first item"}],
            }
        ],
        "controls": list(inner),
        **more,
    }


CONTROLS = [control("a-1", control("a-1.1"), control("a-1.2")), control("a-2"), control("b-1")]


def resolve(folder: Path, *imports: Any, catalogue: list[Any] | None = None, **rest: Any) -> dict[str, OscalControl]:
    (folder / "c.json").write_text(
        json.dumps({"catalog": {"uuid": "u", "metadata": META, "controls": catalogue or CONTROLS}})
    )
    path = folder / "p.json"
    chosen = [{"href": "c.json", **each} for each in imports or ({"include-all": {}},)]
    path.write_text(json.dumps({"profile": {"uuid": "u", "metadata": META, "imports": chosen, **rest}}))
    return import_catalog(path)


def ids(*names: str) -> dict[str, Any]:
    return {"include-controls": [{"with-ids": list(names)}]}


def test_controls_are_included_and_excluded(tmp_path: Path) -> None:
    assert list(resolve(tmp_path)) == ["a-1", "a-1.1", "a-1.2", "a-2", "b-1"]
    assert list(resolve(tmp_path, ids("b-1", "a-1"))) == ["b-1", "a-1"]
    children = {"include-controls": [{"with-ids": ["a-1"], "with-child-controls": "yes"}]}
    without = {"exclude-controls": [{"with-ids": ["a-1.1"]}]}
    assert list(resolve(tmp_path, children | without)) == ["a-1", "a-1.2"]
    assert list(resolve(tmp_path, {"include-controls": [{"matching": [{"pattern": "a-*"}]}]} | without)) == [
        "a-1",
        "a-1.2",
        "a-2",
    ]


def test_a_control_that_is_imported_twice_is_there_once(tmp_path: Path) -> None:
    assert list(resolve(tmp_path, ids("a-1", "b-1"), ids("a-1", "a-2"))) == ["a-1", "b-1", "a-2"]


def test_two_texts_of_one_control_are_a_fault_unless_the_first_is_to_count(tmp_path: Path) -> None:
    other = {"catalog": {"uuid": "o", "metadata": META, "controls": [control("a-1", title="Another")]}}
    (tmp_path / "o.json").write_text(json.dumps(other))
    twice = (ids("a-1"), {"href": "o.json", **ids("a-1")})
    with pytest.raises(FaultyFiles, match="imported twice with different contents"):
        resolve(tmp_path, *twice)
    found = resolve(tmp_path, *twice, merge={"combine": {"method": "use-first"}})
    assert found["a-1"].text.title == "Title of a-1"


def test_a_custom_arrangement_gives_the_order_and_leaves_out_the_rest(tmp_path: Path) -> None:
    groups = [
        {"id": "second", "insert-controls": [{"order": "descending", **ids("a-1.1", "a-1.2")}]},
        {
            "id": "third",
            "groups": [
                {
                    "id": "inner",
                    "insert-controls": [
                        {"include-all": {}, "exclude-controls": [{"with-ids": ["a-2", "b-1", "a-1.1", "a-1.2"]}]}
                    ],
                }
            ],
        },
    ]
    found = resolve(tmp_path, merge={"custom": {"insert-controls": [ids("b-1")], "groups": groups}})
    assert list(found) == ["b-1", "a-1.2", "a-1.1", "a-1"]


def test_parameters_are_set_in_the_text(tmp_path: Path) -> None:
    assert "Keep [Assignment: a while] for a-1." in resolve(tmp_path)["a-1"].text.text
    settings = [
        {"param-id": "a-1_prm_1", "values": ["30 days", "and longer"]},
        {"param-id": "a-2_prm_1", "label": "x"},
        {"param-id": "b-1_prm_1", "constraints": [{"description": "at least 90 days "}]},
        {"param-id": "of-another-version", "values": ["y"]},
    ]
    found = resolve(tmp_path, modify={"set-parameters": settings})
    assert "Keep 30 days, and longer for a-1." in found["a-1"].text.text
    assert "Keep [Assignment: x] for a-2." in found["a-2"].text.text
    assert "Keep [Assignment: a while: at least 90 days] for b-1." in found["b-1"].text.text
    assert "[Assignment: a while]" in found["a-1.1"].text.text


@pytest.mark.parametrize(
    ("add", "text"),
    [
        ({"by-id": "a-2_smt.a", "position": "before"}, ["new", "first item"]),
        ({"by-id": "a-2_smt.a", "position": "after"}, ["first item", "new"]),
        ({"by-id": "a-2_smt", "position": "starting"}, ["new", "first item"]),
        ({"by-id": "a-2_smt"}, ["first item", "new"]),
    ],
)
def test_parts_are_added_where_the_profile_says(tmp_path: Path, add: dict[str, Any], text: list[str]) -> None:
    parts = [{"name": "item", "prose": "new"}]
    found = resolve(tmp_path, modify={"alters": [{"control-id": "a-2", "adds": [{**add, "parts": parts}]}]})
    assert found["a-2"].text.text.split("\n")[1:] == text


def test_parts_are_removed_when_they_fulfil_all_that_is_said(tmp_path: Path) -> None:
    def left(**criteria: str) -> str:
        removes = [{key.replace("_", "-"): value for key, value in criteria.items()}]
        return resolve(tmp_path, modify={"alters": [{"control-id": "a-2", "removes": removes}]})["a-2"].text.text

    assert "first item" not in left(by_class="odd")
    assert "first item" not in left(by_id="a-2_smt.a")
    assert "first item" in left(by_class="odd", by_name="statement")
    assert left(by_item_name="part") == ""


def test_a_title_is_replaced_and_a_label_added(tmp_path: Path) -> None:
    adds = [{"title": "New \\*title\\*", "props": [{"name": "label", "value": "B-ONE"}]}]
    found = resolve(tmp_path, modify={"alters": [{"control-id": "b-1", "adds": adds}]})
    assert (found["b-1"].label, found["b-1"].text.title) == ("B-ONE", "New *title*")


def test_a_profile_of_a_profile_begins_with_what_that_made(tmp_path: Path) -> None:
    resolve(tmp_path, modify={"set-parameters": [{"param-id": "a-2_prm_1", "values": ["ten days"]}]})
    outer = {"profile": {"uuid": "u", "metadata": META, "imports": [{"href": "p.json", **ids("a-2")}]}}
    (tmp_path / "q.json").write_text(json.dumps(outer))
    found = import_catalog(tmp_path / "q.json")
    assert list(found) == ["a-2"]
    assert "Keep ten days" in found["a-2"].text.text


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ({"modify": {"set-parameters": [{"param-id": "a-2_prm_1", "values": "x"}]}}, "set-parameters/0/values"),
        ({"modify": {"alters": [{"control-id": "z-9"}]}}, "no imported control has this id; found z-9"),
        ({"modify": {"alters": [{"control-id": "a-2", "removes": [{}]}]}}, "does not say what to remove"),
        (
            {"modify": {"alters": [{"control-id": "a-2", "adds": [{"by-id": "no", "title": "x"}]}]}},
            "nothing with this id",
        ),
        ({"modify": {"alters": [{"control-id": "a-2", "adds": [{"position": "up"}]}]}}, "not a position"),
        ({"modify": [1]}, "/profile/modify: of the wrong kind"),
        ({"merge": {"combine": {"method": "mix"}}}, "not a method"),
        ({"merge": {"custom": {"insert-controls": [ids("z-9")]}}}, "the catalogue has no such control"),
    ],
)
def test_what_cannot_be_right_is_a_fault_with_its_place(tmp_path: Path, rest: dict[str, Any], said: str) -> None:
    with pytest.raises(FaultyFiles) as caught:
        resolve(tmp_path, **rest)
    assert said in str(caught.value)


def test_a_parameter_of_a_control_that_is_not_selected_changes_nothing(tmp_path: Path) -> None:
    modify = {"set-parameters": [{"param-id": "b-1_prm_1", "values": ["x"]}], "alters": [{"control-id": "b-1"}]}
    assert list(resolve(tmp_path, ids("a-2"), modify=modify)) == ["a-2"]


def test_properties_of_a_part_that_is_not_there_change_nothing(tmp_path: Path) -> None:
    adds = [{"position": "starting", "by-id": "a-2_obj.a-1", "props": [{"name": "method", "value": "EXAMINE"}]}]
    found = resolve(tmp_path, ids("a-2"), modify={"alters": [{"control-id": "a-2", "adds": adds}]})
    assert found == resolve(tmp_path, ids("a-2"))


def test_ids_alone_can_be_modified_without_effect(tmp_path: Path) -> None:
    chosen = [{"href": "elsewhere.json", **ids("x-1")}]
    modify = {"set-parameters": [{"param-id": "x", "values": ["y"]}], "alters": [{"control-id": "x-1"}]}
    (tmp_path / "p.json").write_text(
        json.dumps({"profile": {"uuid": "u", "metadata": META, "imports": chosen, "modify": modify}})
    )
    assert import_catalog(tmp_path / "p.json")["x-1"].text.title == ""


def test_profiles_that_import_others_many_times_over_are_read_once_each(tmp_path: Path) -> None:
    """Without that, five levels of a hundred imports are ten thousand million files."""
    for level in range(5):
        imports = [{"href": f"p{level + 1}.json", "include-all": {}}] * 100
        (tmp_path / f"p{level}.json").write_text(json.dumps({"profile": {"metadata": META, "imports": imports}}))
    (tmp_path / "p5.json").write_text(json.dumps({"catalog": {"metadata": META, "controls": CONTROLS[2:]}}))
    assert list(import_catalog(tmp_path / "p0.json")) == ["b-1"]


def insertion(name: str) -> str:
    return f"{{{{ insert: param, {name} }}}}"


@pytest.mark.parametrize("name", ["p0", "p24"])
def test_parameters_that_insert_one_another_are_no_end_of_text(tmp_path: Path, name: str) -> None:
    """p0 spells 4 to the power of 20 assignments out, p24 itself."""
    choices = {f"p{n}": [insertion(f"p{min(n + 1, 24)}")] * 4 for n in range(25)}
    params = [{"id": key, "select": {"choice": each}} for key, each in choices.items()]
    laughing = control("a-1", params=params, parts=[{"name": "statement", "prose": insertion(name)}])
    with pytest.raises(FaultyFiles, match="/catalog/controls/0/params: its parameters, spelt out, do not end"):
        resolve(tmp_path, catalogue=[laughing])


def test_the_name_of_an_import_may_be_longer_than_any_file_s(tmp_path: Path) -> None:
    with pytest.raises(FaultyFiles, match="cannot be told from the profile alone"):
        resolve(tmp_path, {"href": f"{'x' * 5000}.json", "include-all": {}})


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(UsageError, match=r"pipe\.json: not a regular file"):
        import_catalog(tmp_path / "pipe.json")
