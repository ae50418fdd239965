"""Four readers, one answer: a figure that two reports show is the same in both, in every form."""

import json
import re
from typing import Any

import pytest
from tests.reports.audience.conftest import AUDIENCES
from tests.reports.audience.reading import figures_of_html, sheets_of, text_of_html, text_of_pdf

from assay.reports.audience import forms
from assay.reports.audience.basis import Basis


@pytest.fixture(scope="module")
def documents(acme: Basis) -> dict[str, Any]:
    return {each: json.loads(*forms.files(acme, each, "json").values()) for each in AUDIENCES}


def test_every_json_form_has_the_same_shared_figures(documents: dict[str, Any], acme: Basis) -> None:
    first = documents["executives"]["figures"]
    assert first["evaluations"]["total"] == len(acme.context.rows)
    for audience, document in documents.items():
        for name, figure in document["figures"].items():
            assert figure == first[name], (audience, name)
        assert document["as_of"] == "2026-11-25T09:30:00+00:00"


def test_parts_add_up_to_the_whole(documents: dict[str, Any]) -> None:
    executives, customers = documents["executives"], documents["customers"]
    for key, figure in executives["figures"]["objectives"].items():
        assert sum(each["objectives"][key] for each in executives["postures"]) == figure, key
        assert sum(each[key] for each in customers["themes"].values()) == figure, key
    for key, figure in executives["figures"]["evaluations"].items():
        assert sum(each["evaluations"][key] for each in executives["postures"]) == figure, key
    not_met = executives["figures"]["evaluations"]["not_met"]
    assert sum(executives["figures"]["not_met_by_severity"].values()) == not_met
    assert sum(each["not_met"] for each in executives["risks"]) == not_met
    fixes = documents["engineers"]["fixes"]
    assert sum(len(each["places"]) * len(each["controls"]) for each in fixes) == not_met
    lists = documents["auditors"]["lists"]
    assert len(lists["evaluations"]) == executives["figures"]["evaluations"]["total"]
    assert sum(each["with_exceptions"] == "not met" for each in lists["evaluations"]) == not_met
    assert sum(each["covers"] for each in lists["exceptions"]) == executives["figures"]["evaluations"]["excepted"]
    for key in ("met", "not met", "unknown", "excepted", "not applicable"):
        whole = executives["figures"]["evaluations"][key.replace(" ", "_")]
        assert sum(each[key.replace(" ", "_")] for each in lists["populations"]) == whole, key


@pytest.mark.parametrize("audience", AUDIENCES)
def test_html_pdf_and_spreadsheet_show_the_figures_of_the_json_form(
    audience: str, acme: Basis, documents: dict[str, Any]
) -> None:
    (html,) = forms.files(acme, audience, "html").values()
    shown = figures_of_html(html.decode())
    figures = documents[audience]["figures"]
    objectives, evaluations = figures["objectives"], figures["evaluations"]
    met = next(value for label, value in shown.items() if label.startswith("evaluations met"))
    assert met == f"{evaluations['met']} of {evaluations['applicable']}"
    if audience != "engineers":
        assert shown["objectives met"] == f"{objectives['held']} of {objectives['total']}"
    (pdf,) = forms.files(acme, audience, "pdf").values()
    said = text_of_pdf(pdf)
    for label, value in shown.items():
        assert f"{value} {label}" in said, label
    answer = re.search(r'class="answer[^>]*>([^<]+)<', html.decode())
    assert answer
    assert " ".join(answer[1].split()) in said


@pytest.mark.parametrize("audience", AUDIENCES)
def test_tables_have_the_same_cells_in_every_form(audience: str, acme: Basis) -> None:
    page = forms.PAGES[audience](acme)
    (html,) = forms.files(acme, audience, "html").values()
    said = text_of_html(html.decode())
    sheets = sheets_of(*forms.files(acme, audience, "xlsx").values())
    csv = forms.files(acme, audience, "csv")
    assert list(sheets) == [each.name[:31] for each in page.tables]
    assert sorted(csv) == sorted(f"{each.name}.csv" for each in page.tables)
    for table in page.tables:
        header, *rows = sheets[table.name[:31]]
        assert list(header) == [each.label for each in table.columns]
        assert len(rows) == len(table.rows)
        for row, cells in zip(rows, table.rows, strict=True):
            numbers = [(a, b) for a, b in zip(row, cells, strict=True) if isinstance(b, int)]
            assert all(a == b for a, b in numbers)
        for row in table.visible:
            assert all(str(getattr(cell, "text", cell)) in said for cell in row)


def test_exact_figures_come_from_the_answer_itself(acme: Basis, documents: dict[str, Any]) -> None:
    counts = acme.context.counts
    assert documents["executives"]["figures"]["evaluations"]["met"] == counts.met
    assert documents["customers"]["figures"]["evaluations"]["applicable"] == counts.applicable
