"""The PDF of a page: tagged, archivable, dated, the same bytes every time; charts that read in grey."""

import datetime
import io
import xml.etree.ElementTree as ET
from typing import Any

import pypdf
import pytest
from tests.reports.audience.conftest import NOW

from assay.reports import charts, pdf
from assay.reports.audience import executives, forms
from assay.reports.audience.basis import Basis
from assay.reports.audience.figures import Answers
from assay.reports.audience.page import Mark, Page
from assay.reports.audience.trend import Slice


@pytest.mark.parametrize("audience", ["executives", "customers", "engineers"])
def test_it_is_the_same_bytes_twice(acme: Basis, audience: str) -> None:
    for form in ("pdf", "xlsx", "html"):
        assert forms.files(acme, audience, form) == forms.files(acme, audience, form), form


def test_it_has_tags_a_title_a_language_and_the_date_of_the_report(acme: Basis) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(executives.page(acme), NOW)))
    assert reader.metadata
    assert reader.metadata.title == "Security posture of Acme"
    assert reader.metadata.creation_date == NOW
    root: Any = reader.root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    described = root["/Metadata"].get_data()
    assert b"pdfuaid:part>1" in described
    assert b"pdfaid:part>2" in described


def test_only_embedded_fonts_are_used(acme: Basis) -> None:
    fonts = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf.render(executives.page(acme), NOW))).pages:
        resources: Any = page["/Resources"]
        fonts |= {str(each.get_object()["/BaseFont"]) for each in resources["/Font"].values()}
    assert fonts
    assert all("Libertinus" in each or "DejaVuSansMono" in each for each in fonts), fonts


def test_any_clock_will_do() -> None:
    page = Page("executives", "T", ("s",), Mark("m", "good"), ())
    moment = datetime.datetime(2026, 2, 3, 23, 59, 59, 999_999, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
    assert pypdf.PdfReader(io.BytesIO(pdf.render(page, moment))).metadata


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_met_and_failed_are_apart_without_colour() -> None:
    light, dark = luminance(charts.MET), luminance(charts.FAILED)
    assert (light + 0.05) / (dark + 0.05) >= 3  # WCAG 2.2, 1.4.11
    assert charts.UNKNOWN.startswith("url(#")  # hatched


def test_a_chart_says_its_figures_in_words_and_draws_their_shares() -> None:
    drawn = charts.matrix(("organisation", "low"), {"data-protection": (Answers(met=3, unknown=1), Answers(idle=2))})
    assert "data protection: organisation 3 of 4, low nothing in scope" in drawn.alt
    bars = [each for each in ET.fromstring(drawn.svg).iter() if each.tag.endswith("rect")][-2:]
    widths = [float(each.attrib["width"]) for each in bars]
    assert widths[0] / sum(widths) == pytest.approx(3 / 4, abs=0.01)


def test_blind_time_is_hatched_and_said() -> None:
    slices = (Slice(0, 86_400, 1, 0, 1, 2), Slice(86_400, 172_800, 4, 0, 0, 0))
    drawn = charts.trend(slices)
    assert "from 1970-01-01 25 % met, 25 % not met, 0 % excepted, 50 % blind" in drawn.alt
    hatched = [each for each in ET.fromstring(drawn.svg).iter() if each.attrib.get("fill", "").startswith("url(#hatch")]
    assert len(hatched) == 2  # the legend's, and that of the first day
    assert float(hatched[1].attrib["height"]) == pytest.approx(45, abs=0.1)  # half of the height
    assert charts.trend(slices[:1]).svg.count("1970-01-01") == 2  # in words, and at the axis


def test_the_age_of_what_is_not_met_adds_up() -> None:
    names = {"7 days or less": 2, "8 to 30 days": 0, "31 to 90 days": 1, "older": 0, "not in the ledger yet": 4}
    drawn = charts.ageing({"critical": names, "low": dict.fromkeys(names, 0)})
    assert "critical 7: 2 7 days or less, 1 31 to 90 days, 4 not in the ledger yet; low 0" in drawn.alt
    assert ">7 in all<" in drawn.svg
