"""OCSF Compliance Findings: valid for the class, one per evaluation, and never a pass for what is not known."""

import dataclasses
import json
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from assay.assessment.verdicts import Verdict
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason
from assay.reports import ocsf
from assay.reports.context import ReportContext


@pytest.fixture(scope="module")
def ocsf_schema() -> Any:
    return get_ocsf_schema(version=ocsf.VERSION)


@pytest.fixture(params=["acme", "hostile", "spiteful"])
def report(request: pytest.FixtureRequest) -> ReportContext:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ReportContext)
    return found


def lines(report: ReportContext) -> list[Any]:
    return [json.loads(each) for each in ocsf.render(report).removesuffix("\n").split("\n")]


def evaluated(report: ReportContext) -> list[Any]:
    return [each for each in lines(report) if each["compliance"]["control"] != "assay.read"]


def test_every_line_is_valid_for_the_class(report: ReportContext, ocsf_schema: Any) -> None:
    schema = OcsfJsonSchemaEmbedded(ocsf_schema).get_class_schema("compliance_finding")
    validator = jsonschema_rs.validator_for(schema)
    for each in lines(report):
        validator.validate(each)


def test_every_number_has_the_caption_that_the_schema_gives_it(report: ReportContext, ocsf_schema: Any) -> None:
    found = ocsf_schema["classes"]["compliance_finding"]["attributes"]
    status = ocsf_schema["objects"]["compliance"]["attributes"]["status_id"]["enum"]
    for event in lines(report):
        for number, name in (("severity_id", "severity"), ("status_id", "status"), ("activity_id", "activity_name")):
            assert number not in event or found[number]["enum"][str(event[number])]["caption"] == event[name]
        assert found["type_uid"]["enum"][str(event["type_uid"])]["caption"] == event["type_name"]
        compliance = event["compliance"]
        assert compliance["status_id"] == 99 or status[str(compliance["status_id"])]["caption"] == compliance["status"]


def test_every_evaluation_is_a_line_with_its_verdict(report: ReportContext) -> None:
    rows = [row for section in report.sections for row in section.rows]
    statuses = {"met": "Pass", "not_met": "Fail", "unknown": "Warning", "not_applicable": "Not Applicable"}
    for row, event in zip(rows, evaluated(report), strict=True):
        assert event["compliance"]["control"] == row.control
        assert event["compliance"]["status"] == statuses[row.verdict]
        assert event["unmapped"]["effective"] == row.effective
        assert (event.get("status") == "Suppressed") == (row.effective is Verdict.EXCEPTED)
        assert event["time"] == int(report.as_of.timestamp() * 1000)
    effective = Counter(each["unmapped"]["effective"] for each in evaluated(report))
    assert effective == {name: number for name, number in dataclasses.asdict(report.counts).items() if number}


def test_severity_is_that_of_the_control_unless_there_is_nothing_to_act_on(report: ReportContext) -> None:
    for event in evaluated(report):
        passes = event["compliance"]["status"] in ("Pass", "Not Applicable")
        assert event["severity"].lower() == ("informational" if passes else event["unmapped"]["severity"])


def test_an_identifier_stays_from_run_to_run_and_an_event_has_its_own(acme: ReportContext) -> None:
    assert ocsf.render(acme) == ocsf.render(acme)
    later = dataclasses.replace(acme, as_of=acme.as_of.replace(hour=11))
    today, tomorrow = lines(acme), lines(later)
    assert [each["finding_info"]["uid"] for each in today] == [each["finding_info"]["uid"] for each in tomorrow]
    assert len({each["finding_info"]["uid"] for each in today}) == len(today)
    assert len({each["metadata"]["uid"] for each in today + tomorrow}) == 2 * len(today)


def test_standards_are_the_frameworks_whose_requirements_the_objective_answers(acme: ReportContext) -> None:
    seen: set[str] = set()
    objectives = {each.id: each for section in acme.sections for each in section.objectives}
    for event in lines(acme):
        wanted = objectives[event["unmapped"]["objective"]].requirements
        assert event["compliance"].get("requirements", []) == list(wanted)
        assert all(any(each.startswith(f"{name} ") for each in wanted) for name in event["compliance"]["standards"])
        seen.update(event["compliance"]["standards"])
    assert {"nist-csf-2.0", "pci-dss-4.0.1"} <= seen


def test_what_could_not_be_read_is_a_warning_of_its_own(hostile: ReportContext, ocsf_schema: Any) -> None:
    (section,) = hostile.sections
    gap = Gap("arn:aws:s3:::away", Reason(Cause.DENIED, "s3:GetBucketPolicy"))
    report = dataclasses.replace(hostile, sections=(dataclasses.replace(section, gaps=(gap,)),))
    unread = [each for each in lines(report) if each["compliance"]["control"] == "assay.read"]
    assert len(unread) == len(hostile.faults) + 1
    assert {each["compliance"]["status"] for each in unread} == {"Warning"}
    assert any("broken.yaml" in each["message"] for each in unread)
    assert unread[-1]["message"] == "could not be read: arn:aws:s3:::away: access denied s3:GetBucketPolicy"
    schema = OcsfJsonSchemaEmbedded(ocsf_schema).get_class_schema("compliance_finding")
    for each in unread:
        jsonschema_rs.validator_for(schema).validate(each)


def test_names_do_not_break_a_line(spiteful: ReportContext) -> None:
    rendered = ocsf.render(spiteful)
    rendered.encode("utf-8")
    assert rendered.count("\n") == len(spiteful.rows) + len(spiteful.faults)
    assert not any(each < " " for each in rendered.replace("\n", ""))


def test_no_secret_is_repeated(report: ReportContext) -> None:
    rendered = ocsf.render(report)
    assert "hunter2" not in rendered
    assert "pk_live_do_not" not in rendered
