"""Versions, end of support, TLS policies, and the table of functions."""

import datetime
import itertools
from pathlib import Path

import pytest

from assay.expressions.functions import FUNCTIONS, functions_page
from assay.expressions.functions.support_dates import END_OF_SUPPORT
from assay.expressions.functions.versions import past_end_of_support, tls_at_least, version_at_least
from assay.inventory.values import Cause, Reason, Unknown

UNREAD = Unknown(Reason(Cause.PARAMETER, "Version"))


def test_versions_compare_as_numbers() -> None:
    assert version_at_least("1.10", "1.9") is True
    assert version_at_least("1.2", "1.2.0") is True
    assert version_at_least("8.0.mysql_aurora.3.05", "8.0") is True
    assert version_at_least("1.9", "1.10") is False
    assert isinstance(version_at_least("latest", "1.10"), Unknown)
    assert isinstance(version_at_least(UNREAD, "1.10"), Unknown)


def test_end_of_support() -> None:
    assert past_end_of_support("lambda", "python3.8", "2026-01-01") is True
    assert past_end_of_support("lambda", "python3.13", "2026-01-01T00:00:00Z") is False
    assert past_end_of_support("postgres", "13.4", "2026-02-28") is False
    assert past_end_of_support("postgres", "13.4", "2026-03-01") is True
    assert past_end_of_support("mysql", "8.0.35", "2026-08-01") is True
    assert past_end_of_support("mysql", "8.4.3", "2026-08-01") is False
    assert past_end_of_support("mysql", "5.5.61", "2026-08-01") is True
    assert past_end_of_support("aurora-mysql", "5.7.mysql_aurora.2.11.1", "2026-08-01") is True
    assert past_end_of_support("eks", "1.40", "2026-08-01") is False
    assert isinstance(past_end_of_support("eks", "1.40", "2040-08-01"), Unknown)
    assert isinstance(past_end_of_support("lambda", "cobol", "2026-08-01"), Unknown)
    assert isinstance(past_end_of_support("oracle-ee", "19", "2026-08-01"), Unknown)
    assert isinstance(past_end_of_support("eks", "1.40", "yesterday"), Unknown)


def test_the_table_holds_dates_that_do_not_fall_from_version_to_version() -> None:
    for kind, versions in END_OF_SUPPORT.items():
        days = [datetime.date.fromisoformat(day) for day in versions.values()]
        if kind != "lambda":
            assert all(one <= two for one, two in itertools.pairwise(days)), kind


@pytest.mark.parametrize(
    ("policy", "oldest"),
    [
        ("ELBSecurityPolicy-2016-08", "1.0"),
        ("ELBSecurityPolicy-FS-2018-06", "1.0"),
        ("ELBSecurityPolicy-TLS-1-1-2017-01", "1.1"),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", "1.2"),
        ("ELBSecurityPolicy-TLS13-1-0-2021-06", "1.0"),
        ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "1.2"),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", "1.3"),
        ("TLSv1.2_2021", "1.2"),
        ("TLSv1_2016", "1.0"),
        ("SSLv3", "0"),
        ("TLS_1_2", "1.2"),
        ("Policy-Min-TLS-1-2-PFS-2023-10", "1.2"),
    ],
)
def test_tls_policies(policy: str, oldest: str) -> None:
    for version in ("1.0", "1.1", "1.2", "1.3"):
        assert tls_at_least(policy, version) is (float(oldest) >= float(version))


def test_a_tls_policy_of_your_own_is_unknown() -> None:
    assert isinstance(tls_at_least("our-policy", "1.2"), Unknown)


def test_every_function_has_its_own_name_and_an_example() -> None:
    names = [each.name for each in FUNCTIONS]
    assert len(names) == len(set(names))
    for each in FUNCTIONS:
        assert f"`{each.name}(" in each.doc, each.name


def test_the_page_of_functions_is_current() -> None:
    page = Path(__file__).parents[3] / "docs" / "functions.md"
    assert page.read_text() == functions_page(), "write functions_page() to docs/functions.md"
