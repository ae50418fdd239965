"""Reading a workload: its entries of templates, at a stage, in a region."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.governance.repository import read_repository
from assay.operations.assess import read_workload, stage_of

Write = Callable[..., Path]
TEMPLATE = """\
Parameters: {Stage: {Type: String}}
Resources:
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "logs-${AWS::Region}-${AWS::AccountId}-${Stage}"}}
"""
ENTRY = "  - {path: ../templates/shop, region: eu-west-1, parameters: {prod: {Stage: prod}}}\n"


def _names(directory: Path) -> dict[str, object]:
    repository = read_repository(directory, catalogue=False)
    inventory = read_workload(repository, repository.workloads["shop"], "")
    return {each.id.removeprefix(str(directory)): each.properties["BucketName"] for each in inventory.resources}


def test_a_template_is_read_with_the_account_region_and_parameters_of_its_stage(write: Write) -> None:
    (name,) = _names(write({"templates/shop/template.yaml": TEMPLATE})).values()
    assert name == "logs-eu-west-1-222222222222-prod"


def test_one_template_in_two_regions_is_two_resources(write: Write) -> None:
    twice = ENTRY + ENTRY.replace("eu-west-1", "eu-central-1") + ENTRY
    changes = {
        "templates/shop/template.yaml": TEMPLATE,
        "workloads/shop.yaml": (ENTRY, twice),
        "organisation.yaml": ("regions: [eu-west-1]", "regions: [eu-west-1, eu-central-1]"),
    }
    found = _names(write(changes))
    assert len(found) == 3
    assert sorted(str(each) for each in found.values()) == [
        "logs-eu-central-1-222222222222-prod",
        "logs-eu-west-1-222222222222-prod",
        "logs-eu-west-1-222222222222-prod",
    ]


def test_a_path_without_a_template_names_the_workload(write: Write) -> None:
    directory = write({"templates/shop/template.yaml": None})
    with pytest.raises(UsageError, match=r"workload shop: .*templates/shop"):
        _names(directory)


def test_the_stage_is_the_furthest_with_an_account(write: Write) -> None:
    repository = read_repository(write(), catalogue=False)
    assert stage_of(repository, repository.workloads["shop"], "") == "prod"
    assert stage_of(repository, repository.workloads["shop"], "test") == "test"
