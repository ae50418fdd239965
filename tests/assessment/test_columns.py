"""An inventory judged in columns gives the very evaluations that it gives one by one."""

import datetime
import subprocess
import sys
from dataclasses import replace

import pytest

from assay.assessment import assess
from assay.assessment.assess import evaluate_all
from assay.governance.repository import read_catalogue
from assay.inventory.resource import Inventory, Resource
from assay.operations import examples

TODAY = datetime.date(2026, 11, 1)
CATALOGUE = read_catalogue()
KINDS = ("AWS::EC2::SecurityGroup", "AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::Lambda::Function")
CONTROLS = [each for each in CATALOGUE.controls.values() if each.control.resource in KINDS]


def inventory() -> Inventory:
    """Return the resources of all examples of the controls, fragments and conditions among them."""
    found: list[Resource] = []
    for compiled in CONTROLS:
        for number, judged in enumerate(examples.judge(compiled)):
            several = judged.inventory.resources
            found += [replace(each, id=f"{compiled.control.id}/{number}/{each.id}") for each in several]
    return Inventory(tuple(sorted(found, key=lambda each: each.id)))


def test_the_same_evaluations(monkeypatch: pytest.MonkeyPatch) -> None:
    given = inventory()
    monkeypatch.setattr(assess, "MANY", 10**9)
    one_by_one = evaluate_all(CONTROLS, given, CATALOGUE.params, TODAY)
    monkeypatch.setattr(assess, "MANY", 1)
    assert evaluate_all(CONTROLS, given, CATALOGUE.params, TODAY) == one_by_one
    assert len(one_by_one) > 5_000


def test_a_small_inventory_does_not_bring_duckdb() -> None:
    said = "import sys, assay.cli, assay.assessment.assess; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
