"""PDF by Typst: a page at any moment of the clock, the same bytes for the same second."""

import datetime

from assay.reports import pdf
from assay.reports.audience.page import Mark, Page


def test_a_page_is_made_at_any_moment_of_the_clock() -> None:
    page = Page("executives", "Report", ("as of now",), Mark("Nothing to say", "plain"), ())
    second = datetime.datetime(2026, 11, 25, 12, 30, 1, tzinfo=datetime.UTC)
    made = pdf.render(page, second.replace(microsecond=42))  # as the clock of a command without --as-of says
    assert made.startswith(b"%PDF")
    assert made == pdf.render(page, second)
