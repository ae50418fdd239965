"""Every format says the same, survives hostile names, and is valid for those who read it."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import jsonschema_rs
import junitparser
import pytest

from assay.assessment.verdicts import Verdict
from assay.reports import html, junit, sarif, text
from assay.reports import json as json_form
from assay.reports.context import ReportContext, gathered

SCHEMA = (Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text()
# An erratum of the published schema: this pattern has a bracket too many, and strict validators refuse it.
SARIF = json.loads(SCHEMA.replace("{2}-[a-zA-Z]{2}]?$", "{2}-[a-zA-Z]{2}?$"))


@pytest.fixture(params=["acme", "hostile"])
def report(request: pytest.FixtureRequest) -> ReportContext:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ReportContext)
    return found


def test_sarif_is_valid_under_the_standard_schema(report: ReportContext) -> None:
    jsonschema_rs.validator_for(SARIF).validate(json.loads(sarif.render(report)))


def test_sarif_has_a_result_on_the_line_of_everything_not_met_or_unknown(report: ReportContext) -> None:
    (run,) = json.loads(sarif.render(report))["runs"]
    wanted = [row for row in report.rows if row.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN)]
    assert len(run["results"]) == len(wanted)
    for row, result in zip(wanted, run["results"], strict=True):
        assert result["ruleId"] == row.control == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == row.position.line
        assert bool(row.exception) == ("suppressions" in result)
    prints = [result["partialFingerprints"]["assay/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_of_a_malformed_file_is_no_success(hostile: ReportContext) -> None:
    (invocation,) = json.loads(sarif.render(hostile))["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == len(hostile.faults)


def test_junit_is_read_by_others_with_the_same_figures(report: ReportContext) -> None:
    suites = junitparser.JUnitXml.fromstring(junit.render(report).encode())
    counts, faults = report.counts, len(report.faults)
    assert suites.tests == counts.total + faults
    assert suites.failures == counts.not_met
    assert suites.errors == counts.unknown + faults
    found = [case for suite in suites for case in suite]
    assert len(found) == suites.tests
    kinds = [type(result).__name__ for case in found for result in case.result]
    assert kinds.count("Failure") == counts.not_met
    assert kinds.count("Error") == counts.unknown + faults
    assert kinds.count("Skipped") == counts.excepted + counts.not_applicable


def test_junit_holds_no_character_that_xml_forbids(hostile: ReportContext) -> None:
    ET.fromstring(junit.render(hostile))


def test_json_names_its_version_and_has_every_evaluation(report: ReportContext) -> None:
    document = json.loads(json_form.render(report))
    assert document["format"] == "assay.report/1"
    assert document["counts"]["total"] == sum(len(each["evaluations"]) for each in document["sections"])
    assert document["verdict"] == report.verdict


def test_json_is_the_same_every_time(report: ReportContext) -> None:
    assert json_form.render(report) == json_form.render(report)


def test_the_page_is_one_file_without_script_or_anything_from_elsewhere(report: ReportContext) -> None:
    page = html.render(report)
    tags = _Tags()
    tags.feed(page)
    assert not {"script", "img", "iframe", "object", "link"} & tags.seen
    assert not [value for value in tags.values if re.match(r"(?i)\s*(https?:)?//|javascript:", value)]
    assert not [name for name in tags.names if name.startswith("on")]
    assert "default-src 'none'" in page


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.names: list[str] = []
        self.values: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.names += [name for name, _ in attrs]
        self.values += [value or "" for name, value in attrs if name in ("href", "src", "action", "style")]


def test_the_page_shows_every_section_finding_and_figure(report: ReportContext) -> None:
    page = html.render(report)
    open_rows = [row for row in report.rows if row.effective in (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.EXCEPTED)]
    assert page.count('<article class="finding') == len(gathered(open_rows))
    assert str(report.counts) in page


def test_the_terminal_form_takes_no_markup_from_names(hostile: ReportContext) -> None:
    said = text.plain(hostile, limit=1000)
    assert "<script>alert(1)</script>" in said
    assert "broken.yaml" in said
    assert "\x07" not in said


def test_no_format_repeats_a_secret(report: ReportContext) -> None:
    forms = [html.render(report), junit.render(report), sarif.render(report), json_form.render(report)]
    for rendered in [*forms, text.plain(report, limit=100000)]:
        assert "hunter2" not in rendered
        assert "pk_live_do_not" not in rendered
