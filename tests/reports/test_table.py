"""CSV: one row per evaluation, and no cell that a spreadsheet would run."""

import csv
import io
import re
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from assay.reports import table
from assay.reports.context import ReportContext


@pytest.fixture(params=["acme", "hostile", "spiteful"])
def report(request: pytest.FixtureRequest) -> ReportContext:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ReportContext)
    return found


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def plain(cell: str) -> str:
    return cell.removeprefix("'")


def pictured(text: str) -> str:
    return text.replace("\x00", "␀").replace("\x1b", "␛")


def test_every_evaluation_is_a_row_and_its_text_comes_back(report: ReportContext) -> None:
    rows = [row for section in report.sections for row in section.rows]
    for cells, row in zip(read(table.render(report)), rows, strict=True):
        assert plain(cells["resource"]) == pictured(row.resource)
        assert plain(cells["name"]) == pictured(row.name)
        assert plain(cells["explanation"]) == pictured(row.explanation)
        assert plain(cells["file"]) == pictured(row.position.file)
        assert (cells["control"], cells["verdict"], cells["workload"]) == (row.control, row.verdict, row.workload)
        assert cells["line"] == (str(row.position.line) if row.position.line else "")
        assert cells["as_of"] == report.as_of.isoformat()


def test_the_figures_are_those_of_every_other_format(report: ReportContext) -> None:
    effective = Counter(cells["effective"] for cells in read(table.render(report)))
    assert effective == {name: number for name, number in asdict(report.counts).items() if number}


def test_the_header_names_the_columns_and_every_line_ends_as_the_rfc_says(report: ReportContext) -> None:
    text = table.render(report)
    assert text.startswith(",".join(table.COLUMNS) + "\r\n")
    assert text.endswith("\r\n")
    assert len(read(text)) == report.counts.total


def test_no_cell_begins_as_a_formula_does(spiteful: ReportContext) -> None:
    for cells in read(table.render(spiteful)):
        for cell in cells.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
            assert not cell or cell[0] >= " "
            assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", cell)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n", "\t", "\r", "＝1", "\u2003＠A1", "'=1", "'"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_made_text_without_loss(cell: str) -> None:
    assert table.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("\x1b[2J", "␛[2J"), ("a\x00\x7f\x9b", "a␀␡\ufffd"), ("\x0b=1", "␋=1"), ("a\tb\r\n", "a\tb\r\n")],
)
def test_a_control_character_is_shown_and_not_obeyed(cell: str, shown: str) -> None:
    assert table.harmless(cell) == shown


@pytest.mark.parametrize("cell", ["", "a=1", "AWS::S3::Bucket", "1-2", "é", " a"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert table.harmless(cell) == cell


def test_no_secret_is_repeated(report: ReportContext) -> None:
    text = table.render(report)
    assert "hunter2" not in text
    assert "pk_live_do_not" not in text


def test_the_columns_are_those_that_the_page_of_formats_promises() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    promised = page.split("\n## CSV")[1].split("Columns: ")[1].split(". ")[0]
    assert tuple(re.findall(r"`(\w+)`", promised)) == table.COLUMNS
