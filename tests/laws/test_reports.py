"""Whatever anything is called, customers do not read it; whatever the verdicts are, the parts add up to the whole."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reports.audience.conftest import acme
from tests.reports.audience.spoiling import spoiled

from assay.assessment.verdicts import Counts, Verdict
from assay.reports.audience import figures, forms
from assay.reports.audience.basis import Basis
from assay.reports.audience.figures import Answers
from assay.reports.audience.trend import DAY, SLICES, Slice
from assay.reports.table import harmless

__all__ = ["acme"]  # the fixture

MARK = "Qzx"  # in no word of ours
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


NAMES = st.text(max_size=24) | st.sampled_from(["arn:aws:iam::123456789012:role/", "a@b.example", "/x/y"])


@QUIET
@given(names=st.lists(NAMES, min_size=1, max_size=6))
def test_no_name_reaches_the_customers(acme: Basis, names: list[str]) -> None:
    numbers, words = itertools.count(), itertools.cycle(names)
    basis = spoiled(acme, lambda: f"{MARK}{next(words)}{next(numbers)}")
    assert MARK in forms.files(basis, "executives", "json")["executives.json"].decode()  # they are everywhere else
    for form in ("html", "json", "csv"):
        for name, content in forms.files(basis, "customers", form).items():
            assert MARK not in name
            assert MARK.encode() not in content


@given(st.lists(st.sampled_from(list(Verdict)), max_size=60))
def test_objectives_add_up(verdicts: list[Verdict]) -> None:
    counted = {verdict.value: verdicts.count(verdict) for verdict in Verdict if verdict is not Verdict.NOT_APPLICABLE}
    found = Answers(**counted, idle=verdicts.count(Verdict.NOT_APPLICABLE))
    assert found.total + found.idle == len(verdicts)
    assert found.held + found.failed + found.unknown + found.excepted == found.total
    assert figures.answers_document(found)["total"] == found.total
    assert figures.counts_document(Counts(met=found.met))["applicable"] == found.met


@given(st.text())
def test_a_harmless_cell_gives_its_text_back(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    if not any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 for each in text):
        assert cell.removeprefix("'") == text or cell == text


@given(st.integers(0, 4000), st.integers(1, 4000))
def test_slices_cover_a_period_without_a_gap(start: int, days: int) -> None:
    step = DAY * -(-days // SLICES)
    cut = [Slice(at, min(at + step, start + days * DAY), 1, 0, 0, 0) for at in range(start, start + days * DAY, step)]
    assert len(cut) <= SLICES
    assert cut[-1].end == start + days * DAY
