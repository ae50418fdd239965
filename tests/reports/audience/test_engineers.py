"""What engineers get: one entry per change, where to make it, and which changes are quick."""

from typing import Any

import pytest
from tests.reports.audience.conftest import ACME

from assay.assessment.verdicts import Verdict
from assay.reports.audience import engineers
from assay.reports.audience.basis import Basis


@pytest.fixture(scope="module")
def document(acme: Basis) -> Any:
    return engineers.document(acme)


def fix(document: Any, control: str) -> Any:
    return next(each for each in document["fixes"] if control in each["controls"])


def test_every_place_names_a_line_that_exists(document: Any) -> None:
    for each in document["fixes"]:
        for place in each["places"]:
            assert place["line"] > 0
            with open(place["file"], encoding="utf-8") as opened:  # noqa: PTH123
                assert place["line"] <= len(opened.readlines())


def test_values_that_fail_several_controls_are_one_fix(document: Any) -> None:
    ssh = fix(document, "ec2-security-group-closes-ssh")
    assert "ec2-security-group-closes-high-risk-ports" in ssh["controls"]
    assert len(ssh["places"]) == 1


def test_controls_that_miss_different_things_are_different_fixes(document: Any) -> None:
    """Both say that something of the same property is absent, and each asks for something of its own."""
    versions = [each["controls"] for each in document["fixes"] if any("s3-bucket" in one for one in each["controls"])]
    assert len(versions) > 3


def test_everything_that_is_not_met_is_in_one_fix(document: Any, acme: Basis) -> None:
    named = [
        (control, place["workload"], place["resource"])
        for each in document["fixes"]
        for control in each["controls"]
        for place in each["places"]
    ]
    open_rows = [(r.control, r.workload, r.resource) for r in acme.context.rows if r.effective is Verdict.NOT_MET]
    assert sorted(named) == sorted(open_rows)


def test_what_replaces_a_database_is_no_quick_win(document: Any) -> None:
    encrypted = fix(document, "rds-storage-encrypted")
    assert encrypted["in_place"] is False
    assert not encrypted["quick"]
    assert fix(document, "rds-instance-backups-kept")["in_place"] is None  # only when it is restored from a cluster
    assert any(each["quick"] and each["in_place"] for each in document["fixes"])


def test_the_greatest_risk_comes_first(document: Any) -> None:
    scores = [each["risk"] for each in document["fixes"]]
    assert scores == sorted(scores, reverse=True)
    assert str(ACME) in document["fixes"][0]["places"][0]["file"]


def test_what_is_unknown_says_what_is_missing(document: Any, acme: Basis) -> None:
    assert len(document["unknown"]) == acme.context.counts.unknown > 0
    assert all(each["because"] for each in document["unknown"])
