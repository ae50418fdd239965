"""What people point at is read for what it is: templates, plans, folders of both."""

import datetime
import json
from pathlib import Path

import pytest
from tests.sources.terraform.plans import Made, document

from assay.assessment.verdicts import Verdict
from assay.errors import UsageError
from assay.operations import reading
from assay.operations.check import Selection, check
from assay.sources.cloudformation import Context

_NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
_TEMPLATE = "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plans").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "plans" / "plan.json").write_text(json.dumps(document(Made("aws_ebs_volume.v", {"encrypted": False}))))
    (tmp_path / "templates" / "queue.yaml").write_text(_TEMPLATE)
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "types"),
    [
        (["plans/plan.json"], {"AWS::EC2::Volume"}),
        (["plans"], {"AWS::EC2::Volume"}),
        (["templates"], {"AWS::SQS::Queue"}),
        (["."], {"AWS::EC2::Volume", "AWS::SQS::Queue"}),
        (["plans", "templates/queue.yaml"], {"AWS::EC2::Volume", "AWS::SQS::Queue"}),
    ],
)
def test_files_and_folders(folder: Path, paths: list[str], types: set[str]) -> None:
    inventory = reading.read([folder / each for each in paths], Context())
    assert {each.type for each in inventory.resources} == types
    assert not inventory.faults


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("plans/plan.json", ["plan.json"]),
        ("plans", ["plan.json"]),
        ("*/*.json", ["plan.json"]),
        ("*/*", ["plan.json", "queue.yaml"]),
        (".", ["plan.json", "queue.yaml"]),
    ],
)
def test_what_a_workload_points_at(folder: Path, pattern: str, names: list[str]) -> None:
    found = reading.find(folder, pattern)
    assert sorted(each.name for each in found) == names
    assert not reading.read(found, Context()).faults


def test_neither_is_a_mistake_of_who_asks(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(UsageError):
        reading.find(folder, "empty")
    with pytest.raises(UsageError):
        reading.read([folder / "empty"], Context())
    with pytest.raises(UsageError):
        reading.read([folder / "missing.json"], Context())


def test_a_plan_takes_no_parameters(folder: Path) -> None:
    with pytest.raises(UsageError, match="only templates take parameters"):
        reading.read([folder / "plans"], Context(parameters={"Stage": "prod"}))


def test_a_plan_is_judged_by_the_gate(folder: Path) -> None:
    found = check([folder / "plans"], Context(), Selection(("ec2-volume-encrypted",)), now=_NOW)
    [evaluation] = found.evaluations
    assert evaluation.verdict is Verdict.NOT_MET
    assert [str(each) for each in evaluation.positions] == [str(folder / "plans" / "plan.json")]


def test_a_type_that_nobody_maps_is_named_as_not_judged(folder: Path) -> None:
    (folder / "plans" / "plan.json").write_text(
        json.dumps(document(Made("aws_some_novelty.n"), Made("null_resource.r")))
    )
    assert check([folder / "plans"], Context(), Selection(), now=_NOW).unjudged == {
        "terraform/aws_some_novelty": 1,
        "terraform/null_resource": 1,
    }
