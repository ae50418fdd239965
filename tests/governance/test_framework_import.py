"""Official texts out of OSCAL: ids as the framework spells them, withdrawn ones kept apart, nothing fetched."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import GOOD, Write

from assay.errors import FaultyFiles, UsageError
from assay.governance.framework_import import import_into
from assay.governance.oscal import import_catalog
from assay.governance.repository import read_repository


def control(name: str, label: str, title: str, *inner: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": title,
        "props": [{"name": "label", "value": label}],
        "parts": [{"name": "statement", "prose": f"{title} shall be so."}],
        "controls": list(inner),
        **more,
    }


CATALOGUE = {
    "catalog": {
        "uuid": "a",
        "metadata": {"title": "T", "version": "1", "oscal-version": "1.1.2"},
        "groups": [
            {
                "id": "h",
                "title": "House",
                "controls": [
                    control("h-1", "H-1", "Survival", control("h-1.2", "H-1(2)", "Twice")),
                    control("h-9", "H-9", "Gone", props=[{"name": "status", "value": "withdrawn"}]),
                ],
            }
        ],
    }
}


@pytest.fixture
def oscal(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps(CATALOGUE))
    return path


def test_every_control_and_enhancement_is_read_in_order(oscal: Path) -> None:
    found = import_catalog(oscal)
    assert [(each.id, each.label, each.parent) for each in found.values()][:2] == [
        ("h-1", "H-1", ""),
        ("h-1.2", "H-1(2)", "h-1"),
    ]
    assert "Survival shall be so." in found["h-1"].text.text
    assert [each.text.withdrawn for each in found.values()] == [False, False, True]


def test_requirements_take_the_ids_that_the_framework_uses(write: Write, oscal: Path) -> None:
    framework = GOOD["frameworks/house.yaml"].replace("H1:", "H-01:").replace("H2:", "H-1(2):")
    root = write({"frameworks/house.yaml": framework})
    imported = import_into(oscal, "house", root)
    assert (imported.count, imported.withdrawn, imported.framework) == (3, 1, None)
    read = read_repository(root, catalogue=False)
    assert list(read.texts["house"].requirements) == ["H-01", "H-1(2)", "h-9"]
    assert list(read.frameworks["house"].requirements) == ["H-01", "H-1(2)"], "what is withdrawn is no requirement"
    assert read.frameworks["house"].requirements["H-01"].objectives == ("data-can-be-recovered",)


def test_a_framework_that_nobody_knows_is_written_with_everything_open(write: Write, oscal: Path) -> None:
    root = write()
    imported = import_into(oscal, "foreign", root)
    assert imported.framework == root / "frameworks" / "foreign.yaml"
    found = read_repository(root, catalogue=False).frameworks["foreign"].requirements
    assert {each.title for each in found.values()} == {"Survival", "Twice"}
    assert not any(each.objectives or each.controls for each in found.values())


def test_importing_again_changes_nothing(write: Write, oscal: Path) -> None:
    root = write()
    first = import_into(oscal, "foreign", root).path.read_bytes()
    assert import_into(oscal, "foreign", root).path.read_bytes() == first


def test_a_folder_that_is_no_repository_gets_nothing(oscal: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a governance repository"):
        import_into(oscal, "foreign", tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["catalogue.json"]


def test_a_malformed_file_is_a_fault_with_its_place_and_nothing_is_written(write: Write, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"catalog": {\n  "uuid": }')
    root = write()
    with pytest.raises(FaultyFiles, match=r"broken\.json:2"):
        import_into(broken, "foreign", root)
    assert not (root / "frameworks" / "foreign.yaml").exists()


def test_a_place_that_cannot_be_written_is_said(write: Write, oscal: Path) -> None:
    root = write({"frameworks/house.yaml": None})
    (root / "frameworks").write_text("a file")
    with pytest.raises(UsageError, match=r"cannot write .*frameworks"):
        import_into(oscal, "foreign", root)


def test_no_control_takes_the_place_of_another(write: Write, tmp_path: Path) -> None:
    """Two labels are alike, and the second of them is the id of a third: only two of three would be written."""
    controls = [control("h-1", "H", "One"), control("h-2", "H", "Two"), control("H", "H", "Three")]
    path = tmp_path / "alike.json"
    path.write_text(json.dumps({"catalog": {**CATALOGUE["catalog"], "groups": [], "controls": controls}}))
    repository = write(GOOD)
    with pytest.raises(FaultyFiles, match="the id of a control is how another one is called; found H"):
        import_into(path, "house-rules", repository)
    assert not (repository / "frameworks" / "house-rules.texts.yaml").exists()
