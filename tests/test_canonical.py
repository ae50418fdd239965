"""One value, one text."""

import datetime

import pytest

from assay.canonical import rfc3339

EAST = datetime.timezone(datetime.timedelta(hours=2))


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime.datetime(2026, 11, 25, 8, 0, 1, 999999, datetime.UTC), "2026-11-25T08:00:01Z"),
        (datetime.datetime(2026, 11, 25, 1, 30, tzinfo=EAST), "2026-11-24T23:30:00Z"),
    ],
)
def test_a_moment_is_written_in_utc_to_the_second(at: datetime.datetime, text: str) -> None:
    """Wherever the clock that told it stands."""
    assert rfc3339(at) == text
