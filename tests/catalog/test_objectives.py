"""The objectives that we ship apply where they should: the profile decides, and saying less demands more."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from assay.assessment.objectives import applicability
from assay.governance.model import Exposure, Scope, Tier, Workload
from assay.governance.profiles import profile
from assay.governance.repository import read_catalogue

OBJECTIVES = read_catalogue().objectives
BASE: Mapping[str, Any] = {"id": "w", "title": "W", "owner": "team", "data_classes": ("public",)}


def applying(**changes: Any) -> set[str]:
    """The ids of the objectives that apply to a workload."""
    workload = profile(Workload(**{**BASE, **changes}))
    decided = {name: applicability(each, workload, "prod").applies for name, each in OBJECTIVES.items()}
    assert None not in decided.values(), "a profile that is stated decides"
    return {name for name, applies in decided.items() if applies}


@pytest.mark.parametrize("tier", get_args(Tier))
def test_opening_a_workload_to_the_internet_adds_objectives_and_removes_none(tier: str) -> None:
    internal, internet = applying(tier=tier, exposure="internal"), applying(tier=tier, exposure="internet")
    assert internal < internet
    assert "internet-entries-are-filtered" in internet - internal
    if tier in ("low", "medium"):
        assert len(internet - internal) >= 4


@pytest.mark.parametrize("exposure", get_args(Exposure))
def test_a_higher_tier_never_needs_less(exposure: str) -> None:
    low, medium, high, critical = (
        applying(tier=tier, exposure=exposure) for tier in ("low", "medium", "high", "critical")
    )
    assert low <= medium < high < critical
    assert "services-survive-the-loss-of-a-zone" in high - medium
    assert "recovery-copies-cannot-be-destroyed" in critical - high


@pytest.mark.parametrize("sensitive", ["personal", "cardholder", "health"])
def test_sensitive_data_adds_objectives_in_every_tier(sensitive: str) -> None:
    for tier in get_args(Tier):
        assert applying(tier=tier) <= applying(tier=tier, data_classes=("public", sensitive))
    added = applying(tier="low", data_classes=(sensitive,)) - applying(tier="low")
    assert {
        "data-is-disposed-of-on-time",
        "sensitive-data-is-discovered",
        "data-is-protected-against-deletion",
    } <= added


def test_a_workload_that_declares_no_data_is_not_let_off() -> None:
    assert {"data-is-disposed-of-on-time", "sensitive-data-is-discovered"} <= applying(data_classes=())


def test_the_organisation_answers_for_what_is_central() -> None:
    central = {name for name, each in OBJECTIVES.items() if each.objective.scope is Scope.ORGANISATION}
    assert {"account-activity-is-recorded", "guardrails-bound-every-account", "findings-reach-responders"} <= central
    assert {OBJECTIVES[name].objective.layer.value for name in central} == {"platform"}
