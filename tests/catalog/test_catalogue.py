"""The catalogue that we ship: every control does what its examples say, and every link of it leads somewhere."""

import re
from collections import Counter
from pathlib import Path

import pytest

import assay.catalog
from assay.governance.compiled import CompiledControl
from assay.governance.model import Domain, Scope
from assay.governance.repository import read_catalogue
from assay.operations.examples import complaints, surviving_mutants

CATALOGUE = read_catalogue()
CONTROLS = Path(assay.catalog.__path__[0]) / "controls"
SERVICES = sorted(path.name for path in CONTROLS.iterdir())


def _of(service: str) -> list[CompiledControl]:
    stems = {path.stem for path in (CONTROLS / service).glob("*.yaml")}
    return [each for name, each in CATALOGUE.controls.items() if name in stems]


@pytest.mark.parametrize("service", SERVICES)
def test_every_example_gets_the_verdict_under_which_it_stands(service: str) -> None:
    assert [f"{each.control.id}: {said}" for each in _of(service) for said in complaints(each)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_change_of_an_expression_is_noticed_by_an_example(service: str) -> None:
    assert [f"{each.control.id}: {said}" for each in _of(service) for said in surviving_mutants(each)] == []


def test_the_folder_of_a_control_is_the_service_of_its_resource() -> None:
    for name, compiled in CATALOGUE.controls.items():
        service = compiled.control.resource.split("::")[0 if compiled.control.resource.startswith("Assay") else 1]
        folder = Path(compiled.control.position.file).parent.name
        assert folder in (service.lower(), "assay", "securityhub", "ebs") or service.lower().startswith(folder), name


def test_no_link_leads_nowhere() -> None:
    assert CATALOGUE.dangling == ()


def test_every_control_is_short_and_says_what_to_do() -> None:
    for name, compiled in CATALOGUE.controls.items():
        control = compiled.control
        assert len(control.require.strip().splitlines()) <= 10, name
        assert len(control.why) > 20 and len(control.remedy) > 15, name
        assert not control.title.endswith("."), name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name), name


def test_titles_are_distinct_within_a_resource_type() -> None:
    seen = Counter((each.control.resource, each.control.title) for each in CATALOGUE.controls.values())
    assert [key for key, count in seen.items() if count > 1] == []


def test_no_two_controls_ask_the_same_question() -> None:
    seen: dict[str, str] = {}
    for name, compiled in CATALOGUE.controls.items():
        assert compiled.digest not in seen, (name, seen.get(compiled.digest))
        seen[compiled.digest] = name


def test_every_objective_can_be_measured_and_says_what_it_is_for() -> None:
    for name, compiled in CATALOGUE.objectives.items():
        objective = compiled.objective
        assert objective.measure and objective.target and objective.threats, name
        assert len(objective.statement) > 30, name


def test_every_domain_has_objectives_and_controls() -> None:
    assert {each.objective.domain for each in CATALOGUE.objectives.values()} == set(Domain)
    served = {CATALOGUE.objectives[each.control.objective].objective.domain for each in CATALOGUE.controls.values()}
    assert served == set(Domain)
    assert {each.objective.scope for each in CATALOGUE.objectives.values()} == set(Scope)


def test_the_catalogue_is_as_broad_as_it_says() -> None:
    types = {each.control.resource for each in CATALOGUE.controls.values()}
    assert len(CATALOGUE.controls) >= 350
    assert len(types) >= 130
    assert len(CATALOGUE.objectives) >= 35


@pytest.mark.parametrize(
    ("control", "heading", "trap"),
    [
        ("rds-storage-encrypted", "not_met", {"StorageEncrypted": "false"}),
        ("rds-storage-encrypted", "not_applicable", {"DBClusterIdentifier": "orders"}),
    ],
)
def test_the_traps_of_the_field_are_examples(control: str, heading: str, trap: dict[str, object]) -> None:
    examples = getattr(CATALOGUE.controls[control].control.examples, heading)
    assert any(trap.items() <= dict(each.get("properties", each)).items() for each in examples), examples
