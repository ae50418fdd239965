"""The JSON Schemas for editors, and the messages for those who use none: both hold for the same documents."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from tests.conftest import GOOD, Write

from assay.documents import read
from assay.errors import UsageError
from assay.governance.documents import decode
from assay.governance.files import FOLDERS
from assay.governance.model import Organisation
from assay.governance.repository import read_repository
from assay.governance.scaffold import scaffold
from assay.governance.schemas import KINDS, schema, schemas

DOCUMENTS = [name for name in GOOD if not name.startswith("templates")]


def kind_of(name: str) -> str:
    wanted = Organisation if name == "organisation.yaml" else FOLDERS[name.split("/")[0]]
    return next(kind for kind, each in KINDS.items() if each is wanted)


def both(name: str, text: str) -> tuple[bool, bool]:
    """Whether the schema and the reader take a document."""
    document, faults = read(text.encode(), name)
    assert document is not None, faults
    instance, _ = decode(document, KINDS[kind_of(name)])
    validator = jsonschema_rs.validator_for(schema(kind_of(name)), validate_formats=True)  # as editors do
    return validator.is_valid(document.value), instance is not None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_right_document_is_right_for_the_schema_and_the_reader(name: str) -> None:
    assert both(name, GOOD[name]) == (True, True)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_field_too_many_or_too_few_is_refused_by_both(name: str) -> None:
    assert both(name, f"{GOOD[name]}surprise: 1\n") == (False, False)
    value = yaml.safe_load(GOOD[name])
    required = set(schema(kind_of(name))["required"])
    assert required
    for field in sorted(required & value.keys()):
        less = {key: each for key, each in value.items() if key != field}
        assert both(name, json.dumps(less, default=str)) == (False, False), field


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("workloads/shop.yaml", ("exposure: internet", "exposure: internett"), "did you mean internet?"),
        ("workloads/shop.yaml", ("owner: team-shop", "owner: 7"), 'write it in quotes: "7"'),
        ("workloads/shop.yaml", ("owner: team-shop", "owner: ''"), "'owner' is empty"),
        ("workloads/shop.yaml", ("owner: team-shop", "owner:"), "give a value, or delete the line"),
        ("workloads/shop.yaml", ("data_classes: [personal]", "data_classes: personal"), "expected a list"),
        ("workloads/shop.yaml", ("owner: team-shop", "ownr: team-shop"), "did you mean owner?"),
        ("controls/s3/bucket-has-versions.yaml", ("severity: medium", "severity: hgh"), "did you mean high?"),
        ("exceptions/old-bucket.yaml", ("approved: 2026-01-01", "approved: 01.02.2026"), "a date such as 2026-03-31"),
        ("exceptions/old-bucket.yaml", ("expires: 2026-07-01\n", ""), "'expires' is missing"),
        ("frameworks/house.yaml", ('version: "1"', "version: 1"), 'write it in quotes: "1"'),
    ],
)
def test_a_plausible_mistake_is_refused_by_both_and_the_message_says_what_to_do(
    name: str, change: tuple[str, str], message: str
) -> None:
    text = GOOD[name].replace(*change)
    assert text != GOOD[name]
    assert both(name, text) == (False, False)
    document, _ = read(text.encode(), name)
    assert document is not None
    _, faults = decode(document, KINDS[kind_of(name)])
    assert any(message in str(each) for each in faults), faults
    assert all(each.line for each in faults)


def test_every_schema_is_one_itself() -> None:
    for kind, each in schemas():
        assert jsonschema_rs.meta.is_valid(each), kind
        assert each["additionalProperties"] is False


def test_what_only_the_reader_sets_is_in_no_schema() -> None:
    assert "position" not in json.dumps(dict(schemas()))


def test_a_scaffold_is_right_and_its_schemas_are_those_of_the_editor(tmp_path: Path) -> None:
    paths = scaffold(tmp_path / "new")
    assert read_repository(tmp_path / "new").workloads
    for kind, each in schemas():
        assert json.loads((tmp_path / "new" / "schemas" / f"{kind}.json").read_text("utf-8")) == each
    assert all(path.is_file() for path in paths)


@pytest.mark.parametrize("occupied", ["file", "folder"])
def test_a_scaffold_is_never_written_over_anything(tmp_path: Path, occupied: str) -> None:
    target = tmp_path / "there"
    if occupied == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "mine").write_text("mine")
    with pytest.raises(UsageError, match="nothing was written"):
        scaffold(target)
    assert [each.name for each in tmp_path.rglob("*")] == (["there"] if occupied == "file" else ["there", "mine"])


Faults = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("control", "did you mean controls?"),
        ("exeptions", "did you mean exceptions?"),
        ("Workloads", "did you mean workloads?"),
    ],
)
def test_a_folder_whose_name_is_nearly_right_is_a_fault(faults: Faults, name: str, message: str) -> None:
    assert message in str(faults({f"{name}/x.yaml": "id: x\n"}))


@pytest.mark.parametrize("name", ["controls/notes.json", "workloads/shop.yaml.bak", "frameworks/house"])
def test_a_file_that_is_not_read_is_said(faults: Faults, name: str) -> None:
    assert "this file is not read; documents end in .yaml" in str(faults({name: "x"}))


@pytest.mark.parametrize("name", ["controls/README.md", "controls/.draft/x.yaml", "templates/x.json", "notes/x.yaml"])
def test_what_is_not_ours_is_left_alone(faults: Faults, name: str) -> None:
    assert faults({name: "{"}) == ()


def test_an_american_file_name_is_said(write: Write) -> None:
    root = write()
    (root / "organisation.yaml").rename(root / "organization.yaml")
    with pytest.raises(Exception, match="rename it"):
        read_repository(root, catalogue=False)
