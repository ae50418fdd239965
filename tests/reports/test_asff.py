"""ASFF findings: valid for the API, one per evaluation that applies, and never a pass for what is not known."""

import dataclasses
import json
from collections import Counter
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from tests.reports.conftest import ACME

from assay.assessment.verdicts import Verdict
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason
from assay.operations.send import LARGEST, hub_types
from assay.reports import asff
from assay.reports.context import ReportContext

MODEL = botocore.session.get_session().get_service_model("securityhub")
HUB = asff.Hub("111111111111", "eu-central-1", "aws", hub_types())
# Lengths by the API's reference, which botocore's model does not have: characters.
LONGEST = {"Id": 512, "GeneratorId": 512, "Title": 256, "Description": 1024, "ProductArn": 2048}


@pytest.fixture(params=["acme", "hostile", "spiteful"])
def report(request: pytest.FixtureRequest) -> ReportContext:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ReportContext)
    return found


def findings(report: ReportContext) -> list[dict[str, Any]]:
    return list(asff.findings(report, HUB, str(ACME)))


def evaluated(report: ReportContext) -> list[dict[str, Any]]:
    return [each for each in findings(report) if each["ProductFields"]["assay/control"] != "assay.read"]


def assert_valid(found: list[dict[str, Any]]) -> None:
    shape = MODEL.operation_model("BatchImportFindings").input_shape
    for start in range(0, len(found), 100):
        faults = ParamValidator().validate({"Findings": found[start : start + 100]}, shape)
        assert not faults.has_errors(), faults.generate_report()
    for each in found:
        for name, most in LONGEST.items():
            assert 1 <= len(each[name].encode()) <= most, name
            assert each[name].strip(), name
        text = json.dumps(each, ensure_ascii=False).encode()  # no lone surrogate
        assert len(text) <= LARGEST
        assert len(each["ProductFields"]) <= 50
        assert all(len(value.encode()) <= 2048 for value in each["ProductFields"].values())
        assert len(each.get("Remediation", {}).get("Recommendation", {}).get("Text", "").encode()) <= 512
        assert len(each["Compliance"].get("RelatedRequirements", ())) <= 32
        assert not any("\x00" <= c < " " or "\x7f" <= c < "\xa0" for c in each["Title"] + each["Description"])


def test_every_finding_is_valid_for_the_api(report: ReportContext) -> None:
    assert_valid(findings(report))


def texts_of(text: str) -> Any:
    return dict.fromkeys(("control", "title", "why", "remedy", "name", "explanation", "resource", "type"), text)


def test_hostile_and_oversized_texts_are_trimmed_by_bytes(hostile: ReportContext) -> None:
    (section,) = hostile.sections
    texts = ("ä" * 5000, "\U0001f512" * 300_000, "\ud800\x00\x1b[2J" * 400, " \n\t ", "")
    rows = tuple(
        dataclasses.replace(
            section.rows[0],
            verdict=Verdict.NOT_MET,
            **texts_of(text),
        )
        for text in texts
    )
    report = dataclasses.replace(hostile, sections=(dataclasses.replace(section, rows=rows),))
    found = findings(report)
    assert_valid(found)
    assert found[0]["Title"] == "ä" * 126 + "…"
    assert len({each["Id"] for each in found}) == len(found)


def test_long_names_of_resources_stay_different(acme: ReportContext) -> None:
    section = acme.sections[1]
    rows = tuple(dataclasses.replace(section.rows[0], resource="x" * 600 + end, verdict=Verdict.MET) for end in "ab")
    report = dataclasses.replace(acme, sections=(dataclasses.replace(section, rows=rows),))
    resources = [each["Resources"][0]["Id"] for each in findings(report)]
    assert len(set(resources)) == 2
    assert all(len(each.encode()) <= 512 for each in resources)


def test_status_follows_the_verdict_and_unknown_never_passes(report: ReportContext) -> None:
    rows = [row for section in report.sections for row in section.rows if row.verdict is not Verdict.NOT_APPLICABLE]
    statuses = {"met": "PASSED", "not_met": "FAILED", "unknown": "WARNING"}
    for row, each in zip(rows, evaluated(report), strict=True):
        assert each["Compliance"]["Status"] == statuses[row.verdict]
        label = each["FindingProviderFields"]["Severity"]["Label"]
        assert label == ("INFORMATIONAL" if row.verdict is Verdict.MET else row.severity.upper())
        assert each["RecordState"] == "ACTIVE"
        assert "Workflow" not in each, "an import could not take it back when the exception ends"


def test_an_exception_changes_no_status_and_is_named_with_its_end(acme: ReportContext) -> None:
    found = [each for each in findings(acme) if "assay/exception" in each["ProductFields"]]
    assert len(found) == acme.counts.excepted > 0
    for each in found:
        assert each["Compliance"]["Status"] == "FAILED"
        assert each["ProductFields"]["assay/exception-expires"] == "2027-06-01"


def test_what_could_not_be_read_is_not_available(hostile: ReportContext) -> None:
    (section,) = hostile.sections
    gap = Gap("arn:aws:s3:::away", Reason(Cause.DENIED, "s3:GetBucketPolicy"))
    report = dataclasses.replace(hostile, sections=(dataclasses.replace(section, gaps=(gap,)),))
    found = [each for each in findings(report) if each["ProductFields"]["assay/control"] == "assay.read"]
    assert len(found) == len(hostile.faults) + 1
    assert {each["Compliance"]["Status"] for each in found} == {"NOT_AVAILABLE"}
    assert any("access denied s3:GetBucketPolicy" in each["Description"] for each in found)
    assert_valid(found)


def test_absence_says_something_only_where_everything_could_be_read(acme: ReportContext) -> None:
    gap = Gap("arn:aws:s3:::away", Reason(Cause.DENIED, "s3:GetBucketPolicy"))
    organisation, blind, whole = acme.sections[0], dataclasses.replace(acme.sections[1], gaps=(gap,)), acme.sections[2]
    report = dataclasses.replace(acme, sections=(organisation, blind, whole))
    some, all_of_them = asff.covered(report, everything=False), asff.covered(report, everything=True)
    for covered in (some, all_of_them):
        assert covered(f"_organisation/{organisation.stage}/x")
        assert covered(f"{whole.id}/{whole.stage}/x")
        assert not covered(f"{blind.id}/{blind.stage}/x"), "it may be in what could not be read"
        assert covered(f"{blind.id}/{blind.stage}/assay.read-x"), "what cannot be read is known completely"
        assert not covered(f"{whole.id}/another-stage/x")
    assert (some("gone/prod/x"), all_of_them("gone/prod/x")) == (False, True)
    unread = [each for each in findings(report) if each["Compliance"]["Status"] == "NOT_AVAILABLE"]
    assert [each["Id"].removeprefix(asff.prefix(report)).split("-")[0] for each in unread] == [
        f"{blind.id}/{blind.stage}/assay.read"
    ]


def test_ids_are_one_each_and_stay_from_run_to_run_and_place_to_place(acme: ReportContext) -> None:
    later = dataclasses.replace(acme, as_of=acme.as_of.replace(hour=11))
    today, tomorrow = findings(acme), findings(later)
    assert [each["Id"] for each in today] == [each["Id"] for each in tomorrow]
    assert len({each["Id"] for each in today}) == len(today)
    assert {each["UpdatedAt"] for each in tomorrow} == {"2026-11-25T11:30:00.000Z"}

    def moved(text: str) -> str:
        return text.replace(str(ACME), "acme")

    sections = tuple(
        dataclasses.replace(
            section, rows=tuple(dataclasses.replace(row, resource=moved(row.resource)) for row in section.rows)
        )
        for section in acme.sections
    )
    elsewhere = asff.findings(dataclasses.replace(acme, sections=sections), HUB, "acme")
    assert [each["Id"] for each in elsewhere] == [each["Id"] for each in today]


def test_resources_have_the_type_that_security_hub_knows(acme: ReportContext) -> None:
    kinds = Counter(each["Resources"][0]["Type"] for each in findings(acme))
    assert {"AwsS3Bucket", "AwsEc2SecurityGroup", "AwsRdsDbInstance", "AwsLambdaFunction", "Other"} <= set(kinds)


def test_no_secret_is_repeated(report: ReportContext) -> None:
    everything = json.dumps(findings(report))
    assert "hunter2" not in everything
    assert "pk_live_do_not" not in everything
