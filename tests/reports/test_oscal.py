"""OSCAL assessment results: valid, read by others, and never better than what was seen."""

import dataclasses
import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from assay.assessment.verdicts import Verdict
from assay.cli.output import encoded
from assay.reports import oscal
from assay.reports.context import ObjectiveRow, ReportContext, Section
from assay.reports.oscal import writing

# NIST, public domain: github.com/usnistgov/OSCAL, release 1.2.3, oscal_complete_schema.json.
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "oscal-complete-1.2.3.json").read_text())


@pytest.fixture(params=["acme", "hostile", "spiteful"])
def report(request: pytest.FixtureRequest) -> ReportContext:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ReportContext)
    return found


def results(report: ReportContext) -> Any:
    return json.loads(oscal.render(report))["assessment-results"]


def pairs(value: object) -> Iterator[tuple[str, object]]:
    """Yield every (key, value) at any depth."""
    if isinstance(value, dict):
        yield from value.items()
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from pairs(each)


def props(item: Any) -> dict[str, str]:
    return {each["name"]: each["value"] for each in item["props"]}


def test_it_is_valid_under_the_schema_of_nist(report: ReportContext) -> None:
    validator = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    validator.validate(json.loads(oscal.render(report)))


@pytest.mark.slow
def test_compliance_trestle_reads_it_and_writes_the_same(report: ReportContext, tmp_path: Path) -> None:
    from trestle.oscal.assessment_results import AssessmentResults

    path = tmp_path / "assessment-results.json"
    path.write_bytes(encoded(oscal.render(report)))
    read = AssessmentResults.oscal_read(path)
    assert read is not None
    again = json.loads(read.oscal_serialize_json())["assessment-results"]
    assert len(again["results"]) == len(report.sections)
    for result, section in zip(again["results"], report.sections, strict=True):
        assert len(result.get("observations", ())) == section.counts.total
        assert result["observations"][0]["description"]


def test_every_identifier_is_given_once_and_every_reference_leads_to_one(report: ReportContext) -> None:
    found = list(pairs(results(report)))
    given = Counter(value for key, value in found if key == "uuid")
    assert max(given.values()) == 1
    referred = {value for key, value in found if key.endswith("-uuid")}
    assert referred <= set(given)


def test_there_is_an_observation_for_every_evaluation(report: ReportContext) -> None:
    for result, section in zip(results(report)["results"], report.sections, strict=True):
        effective = Counter(props(each)["effective-verdict"] for each in result["observations"])
        counts = dataclasses.asdict(section.counts)
        assert effective == {name: number for name, number in counts.items() if number}
        shown = props(result)
        assert {name: int(shown[name.replace("_", "-")]) for name in counts} == counts
        assert int(shown["total"]) == len(result["observations"])
        for row, seen in zip(section.rows, result["observations"], strict=True):
            assert seen["methods"] == ["EXAMINE"]
            assert len(seen["relevant-evidence"]) == 1 + len(row.related)
            line = row.position.line
            assert seen["relevant-evidence"][0]["href"].rpartition("#L")[2] == str(line) or not line
            assert (props(seen)["control"], props(seen)["verdict"]) == (row.control, row.verdict)


def test_a_finding_is_satisfied_only_when_the_objective_is_met_or_inherited(acme: ReportContext) -> None:
    seen: set[str] = set()
    for result, section in zip(results(acme)["results"], acme.sections, strict=True):
        judged = [row for row in section.objectives if row.verdict is not Verdict.NOT_APPLICABLE]
        for row, finding in zip(judged, result["findings"], strict=True):
            status = finding["target"]["status"]
            assert finding["target"]["target-id"] == f"{row.id}_obj"
            assert (status["state"] == "satisfied") == (row.verdict in (Verdict.MET, Verdict.INHERITED))
            assert (status["reason"] == "fail") == (row.verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET))
            assert props(finding)["verdict"] == row.verdict
            seen.add(row.verdict)
    assert {"met", "partly_met", "not_met", "inherited"} <= seen


@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.EXCEPTED])
def test_what_is_unknown_or_excepted_is_neither_satisfied_nor_failed(acme: ReportContext, verdict: Verdict) -> None:
    first = acme.sections[1]
    changed = tuple(dataclasses.replace(row, verdict=verdict) for row in first.objectives)
    report = dataclasses.replace(acme, sections=(dataclasses.replace(first, objectives=changed),))
    (result,) = results(report)["results"]
    states = {(each["target"]["status"]["state"], each["target"]["status"]["reason"]) for each in result["findings"]}
    assert states == {("not-satisfied", "other")}


def test_what_does_not_apply_has_no_finding_and_is_named_with_its_reason(acme: ReportContext) -> None:
    for result, section in zip(results(acme)["results"], acme.sections, strict=True):
        out = [row for row in section.objectives if row.verdict is Verdict.NOT_APPLICABLE]
        (chosen,) = result["reviewed-controls"]["control-objective-selections"]
        assert [each["objective-id"] for each in chosen.get("exclude-objectives", ())] == [f"{o.id}_obj" for o in out]
        assert all(f"{row.id}: " in chosen["remarks"] for row in out)


def test_an_organisation_without_applicable_objective_reviews_nothing_in_particular(acme: ReportContext) -> None:
    def away(row: ObjectiveRow) -> ObjectiveRow:
        return dataclasses.replace(row, verdict=Verdict.NOT_APPLICABLE, applies=False)

    first: Section = acme.sections[1]
    nothing = dataclasses.replace(first, objectives=tuple(map(away, first.objectives)), rows=())
    report = dataclasses.replace(acme, sections=(nothing,))
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(json.loads(oscal.render(report)))
    (result,) = results(report)["results"]
    assert "findings" not in result


def test_a_finding_rests_on_the_evaluations_of_its_objective(acme: ReportContext) -> None:
    for result, section in zip(results(acme)["results"], acme.sections, strict=True):
        objective = {o["uuid"]: row for o, row in zip(result["observations"], section.rows, strict=True)}
        missed = {risk["uuid"]: risk["related-observations"][0]["observation-uuid"] for risk in result["risks"]}
        for finding in result["findings"]:
            related = [objective[each["observation-uuid"]] for each in finding.get("related-observations", ())]
            assert {f"{row.objective}_obj" for row in related} <= {finding["target"]["target-id"]}
            behind = [objective[missed[each["risk-uuid"]]] for each in finding.get("related-risks", ())]
            assert behind == [row for row in related if row.verdict is Verdict.NOT_MET]
            if not props(finding).get("provider"):
                assert len(related) == int(props(finding)["total"])


def test_a_risk_is_what_is_not_met_with_its_remedy_and_only_an_exception_sets_a_deadline(report: ReportContext) -> None:
    for result, section in zip(results(report)["results"], report.sections, strict=True):
        missed = [row for row in section.rows if row.verdict is Verdict.NOT_MET]
        for row, risk in zip(missed, result.get("risks", ()), strict=True):
            assert risk["status"] == ("deviation-approved" if row.effective is Verdict.EXCEPTED else "open")
            assert risk["remediations"][0]["lifecycle"] == "recommendation"
            assert ("deadline" in risk) == (row.effective is Verdict.EXCEPTED)


def test_an_exception_in_force_is_a_mitigating_factor_with_its_end(acme: ReportContext) -> None:
    risks = [risk for result in results(acme)["results"] for risk in result.get("risks", ())]
    excepted = [risk for risk in risks if risk["status"] == "deviation-approved"]
    assert len(excepted) == acme.counts.excepted
    for risk in excepted:
        (factor,) = risk["mitigating-factors"]
        approved = next(each for each, _ in acme.exceptions if each.id == props(factor)["exception"])
        assert props(factor)["expires"] == approved.expires.isoformat()
        assert risk["deadline"] == f"{approved.expires.isoformat()}T00:00:00+00:00"


def test_what_lasts_keeps_its_identifier_and_what_was_seen_gets_a_new_one(acme: ReportContext) -> None:
    assert oscal.document(acme) == oscal.document(acme)
    today, tomorrow = (
        oscal.document(report)["assessment-results"]
        for report in (acme, dataclasses.replace(acme, as_of=acme.as_of + datetime.timedelta(days=1)))
    )

    def identifiers(document: Any, kind: str) -> set[str]:
        return {each["uuid"] for result in document["results"] for each in result.get(kind, ())}

    assert identifiers(today, "risks") == identifiers(tomorrow, "risks")
    assert not identifiers(today, "observations") & identifiers(tomorrow, "observations")
    assert not identifiers(today, "findings") & identifiers(tomorrow, "findings")
    assert today["metadata"]["last-modified"] == acme.as_of.isoformat()


def test_names_stay_text(spiteful: ReportContext) -> None:
    rendered = oscal.render(spiteful)
    assert not re.search(r"[\x00-\x09\x7f-\x9f\ud800-\udfff]|\\\\u00[01]|\\\\ud8", rendered)
    (result,) = results(spiteful)["results"]
    said = [seen["description"] for seen in result["observations"]]
    assert any(r"\<b>\&lt;\</b> is absent" in each for each in said)
    assert not any("<" in each.replace(r"\<", "") for each in said)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b [c](http://x) *d*", r"a_b \[c](http://x) \*d\*"),
        ("_x_ {{ insert: param, p }} &lt;", r"\_x\_ \{{ insert: param, p }} \&lt;"),
        ("# no\nheading\u2028", r"\# no heading"),
        ("\ud8ff\x00", "\ufffd\ufffd"),
        (" \n", "(empty)"),
    ],
)
def test_markup_shows_a_text_as_it_is(text: str, shown: str) -> None:
    assert writing.markup(text) == shown


@pytest.mark.parametrize(("text", "token"), [("ok-1.a", "ok-1.a"), ("1 a/b", "_1_a_b"), ("", "_"), ("\ud8ff", "_")])
def test_an_id_is_a_token(text: str, token: str) -> None:
    assert writing.token(text) == token


def test_what_could_not_be_read_is_said(hostile: ReportContext) -> None:
    (result,) = results(hostile)["results"]
    assert "broken.yaml" in result["remarks"]


def test_no_secret_is_repeated(report: ReportContext) -> None:
    rendered = oscal.render(report)
    assert "hunter2" not in rendered
    assert "pk_live_do_not" not in rendered
