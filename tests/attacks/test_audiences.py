"""Names that others chose reach reports as text: never as markup, formula, command, or more pages than there are."""

import io
import itertools
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pypdf
import pytest
from tests.reports.audience.conftest import AUDIENCES, NOW, acme
from tests.reports.audience.spoiling import spoiled

from assay.reports import charts, pdf
from assay.reports.audience import executives, forms
from assay.reports.audience.basis import Basis
from assay.reports.audience.figures import Answers
from assay.reports.audience.html import render
from assay.reports.audience.page import Column, Drawing, Mark, Page, Table
from assay.reports.table import harmless
from assay.reports.xlsx import csv_of

__all__ = ["acme"]  # the fixture

SPITE = (
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "\r=1", "＝1", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>', "#eval(\"1+1\")", "$ x $ *bold* _it_ @ref <label> // /* ", "\\u{1F600} \\",
    "\u202e\u2066txet", "\x00\x07\x1b[2J", "\ud8ff", "中文 عربى 😀", "]]></svg><script>", "{{7*7}}{% raw %}", "W" * 300,
    " \n\n ", "a\u0301" * 40, "../../etc/passwd", "C:\\x.yaml", "'; DROP TABLE x; --",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(acme: Basis) -> Basis:
    names = itertools.cycle(SPITE)
    numbers = itertools.count()
    return spoiled(acme, lambda: f"{next(names)}{next(numbers)}")


def pages_for(basis: Basis) -> dict[str, Page]:
    return {each: forms.PAGES[each](basis) for each in ("executives", "customers", "engineers")}


def test_html_shows_names_as_text_and_asks_for_nothing(hostile: Basis) -> None:
    for page in pages_for(hostile).values():
        text = render(page)
        for forbidden in ("<script", "<img", "onerror=alert(2)>", "javascript:", "@import", "url(http"):
            assert forbidden not in text
        assert "default-src 'none'" in text
        assert "\x1b" not in text
        assert "\x00" not in text


def test_typst_shows_names_as_text(hostile: Basis) -> None:
    for audience, page in pages_for(hostile).items():
        content = pdf.render(page, NOW)
        assert content.startswith(b"%PDF")
        assert b"/JavaScript" not in content
        if audience == "engineers":
            continue
        text = "".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(content)).pages)
        assert "*bold*" in text or audience == "customers"


def test_what_looks_like_typst_is_printed_as_it_stands() -> None:
    spite = '#eval("1+1") #panic() $x$ *b* _i_ @r <l> // `c` \\ = h'
    page = Page("executives", spite, ("a",), Mark(spite, "bad"), ())
    text = pypdf.PdfReader(io.BytesIO(pdf.render(page, NOW))).pages[0].extract_text().replace("\u200b", "")
    assert " ".join(text.split()).count(spite) >= 2


@pytest.mark.parametrize("spite", ["中文", "😀 x", "\ue000", "\x07", "\ud8ff", "ﷺ", "\u0378", "\U0010ffff"])
def test_a_character_that_no_font_has_does_not_prevent_a_report(spite: str) -> None:
    page = Page("executives", f"a {spite} b", ("s",), Mark(spite, "bad"), ())
    assert pypdf.PdfReader(io.BytesIO(pdf.render(page, NOW))).pages


def test_two_pages_stay_two_whatever_the_names(hostile: Basis) -> None:
    assert len(pypdf.PdfReader(io.BytesIO(pdf.render(executives.page(hostile), NOW))).pages) == 2


def test_no_cell_is_a_formula_or_a_link(hostile: Basis) -> None:
    for audience in ("executives", "engineers"):
        (content,) = forms.files(hostile, audience, "xlsx").values()
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", cell.coordinate
                    assert cell.hyperlink is None
                    if isinstance(cell.value, str):
                        assert cell.value == harmless(cell.value) or cell.value.startswith("'")
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            assert not [name for name in book.namelist() if "external" in name.lower() or "vba" in name.lower()]


def test_csv_cells_are_harmless() -> None:
    table = Table("t", "t", (Column("=a"), Column("b", number=True)), tuple((each, 1) for each in SPITE))
    lines = csv_of(table).split("\r\n")
    assert lines[0] == "'=a,b"
    for each in SPITE:
        first = harmless(each)[:1]
        assert first not in "=+-@\t\r" or not each.strip()


def test_charts_are_well_formed_whatever_they_are_told() -> None:
    for spite in SPITE:
        drawn: Drawing = charts.matrix((spite,), {spite: (Answers(met=1, unknown=2),)})
        ET.fromstring(drawn.svg)
        assert "<script" not in drawn.svg


def test_customers_and_executives_are_written_for_hostile_names(hostile: Basis) -> None:
    for audience in AUDIENCES[:2]:
        for form in ("json", "csv"):
            assert all(forms.files(hostile, audience, form).values())
