"""The OSCAL documents of one assessment: valid, joined, read by others, and never better than the assessment."""

import dataclasses
import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.reports.conftest import ACME, NOW, SPITE
from tests.reports.test_oscal import SCHEMA, pairs, props

from assay.assessment.verdicts import Verdict
from assay.errors import UsageError
from assay.governance.oscal import import_catalog
from assay.governance.repository import Repository
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason
from assay.operations.assess import assess_repository
from assay.operations.export import make_folder
from assay.reports import context
from assay.reports.context import ReportContext
from assay.reports.oscal.package import chosen, documents
from assay.reports.oscal.writing import written

TEXTS = """\
id: acme-baseline
source: "baseline.json sha256:00"
requirements:
  "1(a)": {title: "First *of* all", text: "Do it.\\n  a. so\\n    1. deeper <b>\\n  b. or {{ not }} so"}
  "1[a]": {title: "Second"}
  "2": {title: "Gone", withdrawn: true}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportContext, Repository]:
    folder = tmp_path_factory.mktemp("world") / "acme"
    shutil.copytree(ACME, folder)
    (folder / "frameworks" / "acme-baseline.texts.yaml").write_text(TEXTS)
    with (folder / "organisation.yaml").open("a") as file:
        file.write("parameters:\n  redshift-cluster-backups-kept: {days: 35}\n")
    repository, assessment = assess_repository(folder, now=NOW)
    return context.from_assessment(assessment, repository), repository


@pytest.fixture(scope="module")
def files(world: tuple[ReportContext, Repository]) -> Mapping[str, Any]:
    return {name: json.loads(written(each)) for name, each in documents(*world).items()}


def body(document: Mapping[str, Any]) -> Any:
    (one,) = document.values()
    return one


def test_every_document_is_valid_under_the_schema_of_nist(files: Mapping[str, Any]) -> None:
    validator = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    for each in files.values():
        validator.validate(each)
    assert not validator.is_valid({"catalog": {**body(files["catalog.json"]), "more": 1}})
    kinds = {next(iter(each)) for each in files.values()}
    assert kinds == {
        "catalog",
        "profile",
        "component-definition",
        "system-security-plan",
        "assessment-results",
        "plan-of-action-and-milestones",
    }


@pytest.mark.slow
def test_compliance_trestle_reads_every_document(files: Mapping[str, Any], tmp_path: Path) -> None:
    from trestle.oscal import catalog, component, poam, profile, ssp

    models: dict[str, Any] = {
        "catalog": catalog.Catalog,
        "profile": profile.Profile,
        "component-definition": component.ComponentDefinition,
        "system-security-plan": ssp.SystemSecurityPlan,
        "plan-of-action-and-milestones": poam.PlanOfActionAndMilestones,
    }
    for name, each in files.items():
        kind = next(iter(each))
        if kind in models:
            path = tmp_path / name
            path.write_text(json.dumps(each))
            assert models[kind].oscal_read(path) is not None, name


def test_the_same_answer_gives_the_same_documents(world: tuple[ReportContext, Repository]) -> None:
    assert documents(*world) == documents(*world)


def test_identifiers_are_given_once_in_a_document_and_references_lead_somewhere(files: Mapping[str, Any]) -> None:
    everywhere = {value for each in files.values() for key, value in pairs(each) if key == "uuid"}
    for name, each in files.items():
        found = list(pairs(each))
        given = Counter(value for key, value in found if key == "uuid")
        assert max(given.values()) == 1, name
        referred = {value for key, value in found if key.endswith("-uuid") and isinstance(value, str)}
        assert referred <= everywhere, name
        if not name.startswith("ssp"):  # the provider is a component of the component definition as well
            assert referred <= set(given), name


def test_names_of_files_that_documents_refer_to_are_there(files: Mapping[str, Any]) -> None:
    referred = {
        value
        for each in files.values()
        for key, value in pairs(each)
        if key in ("href", "source") and isinstance(value, str) and value.endswith(".json") and "/" not in value
    }
    assert referred <= set(files)
    assert {"catalog.json", "profile.json", "ssp.json", "ssp-shop.json"} <= referred
    for name, each in files.items():
        if name.startswith("poam"):
            assert body(each)["import-ssp"]["href"] == name.replace("poam", "ssp")
            assert (
                body(each)["system-id"]
                == body(files[name.replace("poam", "ssp")])["system-characteristics"]["system-ids"][0]
            )


def test_ids_of_controls_lead_to_the_catalog(files: Mapping[str, Any]) -> None:
    known = {each["id"] for group in body(files["catalog.json"])["groups"] for each in group["controls"]}
    (chosen_ids,) = body(files["profile.json"])["imports"][0]["include-controls"]
    assert set(chosen_ids["with-ids"]) == known
    for name, each in files.items():
        if not name.startswith("catalog"):
            assert {value for key, value in pairs(each) if key == "control-id"} <= known, name


def test_ids_within_a_catalog_are_one(files: Mapping[str, Any]) -> None:
    for name in ("catalog.json", "catalog-acme-baseline.json"):
        given = Counter(value for key, value in pairs(files[name]) if key == "id")
        assert max(given.values()) == 1, name


def test_the_profile_has_the_parameters_that_the_organisation_sets(files: Mapping[str, Any]) -> None:
    stated = {each["param-id"]: each["values"] for each in body(files["profile.json"])["modify"]["set-parameters"]}
    assert stated.pop("redshift-cluster-backups-kept_prm_days") == ["35"]
    assert all(name.endswith("_prm_accounts") and "555555555555" in own for name, own in stated.items())
    known = {
        each["id"]: each
        for _, found in pairs(files["catalog.json"])
        if isinstance(found, list)
        for each in found
        if isinstance(each, dict) and "label" in each
    }
    assert known["redshift-cluster-backups-kept_prm_days"]["values"] == ["7"]


def test_guardrails_are_a_component_of_their_own(
    world: tuple[ReportContext, Repository], files: Mapping[str, Any]
) -> None:
    (one,) = [each for each in body(files["component-definition.json"])["components"] if each["title"] == "Guardrails"]
    assert one["type"] == "policy"
    implemented = one["control-implementations"][0]["implemented-requirements"]
    named = {each["value"] for item in implemented for each in item["props"] if each["name"] == "control"}
    assert named == set(world[1].invariants)
    methods = {
        each["value"]
        for _, found in pairs(files["catalog.json"])
        if isinstance(found, list)
        for each in found
        if isinstance(each, dict) and each.get("name") == "control" and "value" in each
    }
    assert named <= methods


def test_a_control_whose_objective_is_gone_is_said_to_be(files: Mapping[str, Any]) -> None:
    components = body(files["component-definition.json"])["components"]
    lost = [each["remarks"] for each in components if "remarks" in each]
    assert lost == ["acme-buckets-name-their-purpose serves every-store-has-a-purpose, which there is not."]


def test_a_framework_that_is_written_and_read_again_says_the_same(
    world: tuple[ReportContext, Repository], files: Mapping[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(files["catalog-acme-baseline.json"]))
    read = {each.label: each.text for each in import_catalog(path).values()}
    assert read == world[1].texts["acme-baseline"].requirements


def test_the_profile_is_read_again_with_its_catalog(files: Mapping[str, Any], tmp_path: Path) -> None:
    for name in ("catalog.json", "profile.json"):
        (tmp_path / name).write_text(json.dumps(files[name]))
    selected = import_catalog(tmp_path / "profile.json")
    catalog = import_catalog(tmp_path / "catalog.json")
    assert selected.keys() == catalog.keys()
    assert all(each.text == catalog[name].text for name, each in selected.items())


def test_a_plan_answers_for_every_objective_and_claims_only_what_is_met(
    world: tuple[ReportContext, Repository], files: Mapping[str, Any]
) -> None:
    seen: set[str] = set()
    for section in world[0].sections:
        plan = body(files[f"ssp-{section.id}.json" if section.id else "ssp.json"])
        stated = plan["control-implementation"]["implemented-requirements"]
        for row, each in zip(section.objectives, stated, strict=True):
            (by,) = each["by-components"]
            state = by.get("implementation-status", {}).get("state", "")
            expected = {"met": "implemented", "inherited": "implemented", "partly_met": "partial"}
            assert state == expected.get(row.verdict, "not-applicable" if row.verdict == "not_applicable" else "")
            assert props(each)["verdict"] == row.verdict
            assert bool(by.get("inherited")) == (row.verdict is Verdict.INHERITED)
            seen.add(row.verdict)
    assert {"met", "inherited", "partly_met", "not_met", "not_applicable"} <= seen


def test_everything_not_met_or_unknown_is_an_item_with_its_risk(
    world: tuple[ReportContext, Repository], files: Mapping[str, Any]
) -> None:
    for section in world[0].sections:
        plan = body(files[f"poam-{section.id}.json" if section.id else "poam.json"])
        rows = [row for row in section.rows if row.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN)]
        risks = {each["uuid"]: each for each in plan.get("risks", ())}
        items = [each for each in plan["poam-items"] if "related-risks" in each]
        for row, each in zip(rows, items, strict=True):
            risk = risks[each["related-risks"][0]["risk-uuid"]]
            assert props(risk)["verdict"] == row.verdict
            allowed = {"not_met": "open", "unknown": "investigating"}
            assert risk["status"] == ("deviation-approved" if row.exception else allowed[row.verdict])
        decided = {props(each)["objective"] for each in plan["poam-items"] if "related-findings" in each}
        open_rows = {row.objective for row in rows}
        assert decided == {r.id for r in section.applicable if not r.verdict.passes and r.id not in open_rows}


def test_what_could_not_be_read_is_an_item(world: tuple[ReportContext, Repository]) -> None:
    report, repository = world
    gap = Gap("arn:aws:s3:::away", Reason(Cause.DENIED, "s3:GetBucketPolicy"))
    first = dataclasses.replace(report.sections[0], gaps=(gap,), rows=(), objectives=())
    changed = dataclasses.replace(report, sections=(first, *report.sections[1:]))
    (item,) = body(documents(changed, repository)["poam.json"])["poam-items"]
    assert "arn:aws:s3:::away: access denied" in item["description"]


def test_a_system_with_nothing_open_has_no_plan_of_action(world: tuple[ReportContext, Repository]) -> None:
    report, repository = world
    first = dataclasses.replace(report.sections[0], rows=(), objectives=())
    changed = dataclasses.replace(report, sections=(first, *report.sections[1:]))
    found = documents(changed, repository)
    assert "poam.json" not in found
    assert "ssp.json" in found


def test_names_of_any_kind_are_valid_in_every_document(
    world: tuple[ReportContext, Repository], spiteful: ReportContext
) -> None:
    report, repository = world
    (strange,) = spiteful.sections
    first = report.sections[1]
    spite = "".join(SPITE) + " <script>"
    objectives = tuple(dataclasses.replace(each, reason=spite, title=spite) for each in first.objectives)
    section = dataclasses.replace(
        first, title=spite, owner=spite, rows=strange.rows, faults=strange.faults, objectives=objectives
    )
    changed = dataclasses.replace(report, subject=spite, sections=(report.sections[0], section))
    validator = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    for each in documents(changed, repository).values():
        text = written(each)
        validator.validate(json.loads(text))
        assert not re.search(r"[\x00-\x09\x7f-\x9f\ud800-\udfff]", text)


def test_only_models_that_there_are_can_be_asked_for(files: Mapping[str, Any]) -> None:
    assert chosen(list(files), ["poam"]) == [each for each in files if each.startswith("poam")]
    assert "catalog-acme-baseline.json" in chosen(list(files), ["catalog"])
    with pytest.raises(UsageError, match="no OSCAL model 'plan'; known: catalog"):
        chosen([], ["plan"])


def test_documents_of_another_export_are_not_left_among_the_new_ones(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    make_folder(tmp_path, ["ssp.json"], ["ssp-*.json"])
    (tmp_path / "ssp-gone.json").touch()
    with pytest.raises(UsageError, match="holds ssp-gone\\.json of another export"):
        make_folder(tmp_path, ["ssp.json"], ["ssp-*.json"])


def test_no_secret_is_repeated(files: Mapping[str, Any]) -> None:
    everything = json.dumps(files)
    assert "hunter2" not in everything
    assert "pk_live_do_not" not in everything
