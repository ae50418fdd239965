"""How old an observation may be, to the day, wherever it was made."""

import datetime

import pytest

from assay.assessment.freshness import staleness
from assay.assessment.periods import Figures

TODAY = datetime.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("observed", "said"),
    [
        ("", None),
        ("2026-11-18T00:00:00Z", None),  # seven days before, the last that counts
        ("2026-11-17T23:59:59Z", "observed 2026-11-17, 8 days before 2026-11-25; evidence counts for 7 days"),
        ("2026-11-18T01:00:00+02:00", "observed 2026-11-17, 8 days before"),  # in UTC it was still the 17th
        ("2026-11-17T23:30:00-02:00", None),  # in UTC it was the 18th already
        ("2026-11-18T00:00:00", None),  # without a zone it is UTC
        ("2026-11-17", "observed 2026-11-17, 8 days before"),
        ("yesterday", "nobody says when it was observed; evidence counts for 7 days"),
    ],
)
def test_evidence_counts_for_whole_days_of_utc(observed: str, said: str | None) -> None:
    found = staleness("r", observed, 7, TODAY)
    assert found is None if said is None else found is not None and said in str(found)


def test_what_was_never_fixed_has_no_mean() -> None:
    assert Figures().mean_fix is None
    assert Figures().share_met is None
    assert Figures(fixed=2, fixing=10).mean_fix == 5
