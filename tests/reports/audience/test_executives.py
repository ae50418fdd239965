"""What executives get: two pages, whatever the size; appetite, decisions, risks, changes and blind spots."""

import dataclasses
import datetime
import io
from typing import Any

import pypdf
import pytest
from tests.reports.audience.conftest import ACME, NOW

from assay.assessment.verdicts import Verdict
from assay.governance.model import Appetite, Severity, Tier
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason
from assay.operations.assess import assess_repository
from assay.reports import pdf
from assay.reports.audience import changes, executives, executives_document, figures
from assay.reports.audience.basis import Basis
from assay.reports.audience.decisions import decisions
from assay.reports.audience.trend import Slice

TREND = tuple(Slice(at * 86_400, (at + 1) * 86_400, at, 2, 10, 30 - at) for at in range(26))
AGED = {"7 days or less": 3, "8 to 30 days": 0, "31 to 90 days": 1, "older": 900, "not in the ledger yet": 2}
AGES = dict.fromkeys(figures.SEVERITIES, AGED)


def appetites(basis: Basis, stated: dict[Tier, Appetite]) -> Basis:
    organisation = dataclasses.replace(basis.repository.organisation, appetite=stated)
    return dataclasses.replace(basis, repository=dataclasses.replace(basis.repository, organisation=organisation))


def since(basis: Basis, day: datetime.datetime) -> Basis:
    repository, assessment = assess_repository(ACME, now=day)
    earlier = changes.earlier_by_clock(assessment, repository.serving)
    return dataclasses.replace(basis, changes=changes.changes(basis.context, basis.assessment, earlier))


@pytest.fixture(scope="module")
def compared(acme: Basis) -> Basis:
    return since(acme, datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC))


def wordy(it: Any) -> Any:
    """Return an objective or an evaluation of which more is said than there is room for."""
    return dataclasses.replace(
        it, **{name: f"{getattr(it, name)} WWWW and so on" * 9 for name in ("title", "why") if hasattr(it, name)}
    )


def pages(basis: Basis) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf.render(executives.page(basis), NOW))).pages)


def test_it_is_two_pages(acme: Basis, compared: Basis) -> None:
    assert pages(acme) == 2
    assert pages(dataclasses.replace(compared, trend=TREND, ages=AGES)) == 2


def test_it_is_two_pages_for_sixty_workloads_with_everything_to_say(sixty: Basis, compared: Basis) -> None:
    assert compared.changes
    strict = appetites(sixty, {tier: Appetite(dict.fromkeys(Severity, 0), 0) for tier in figures.TIERS})
    day = NOW.date() + datetime.timedelta(days=9)
    first, _ = sixty.context.exceptions[0]
    reason = "A reason that somebody took the trouble to write down at length. " * 9
    soon = tuple((dataclasses.replace(first, id=f"{first.id}-{n}", reason=reason, expires=day), True) for n in range(9))
    sections = [
        dataclasses.replace(
            section, objectives=tuple(map(wordy, section.objectives)), rows=tuple(map(wordy, section.rows))
        )
        for section in strict.context.sections
    ]
    context = dataclasses.replace(strict.context, exceptions=soon, sections=tuple(sections))
    basis = dataclasses.replace(strict, context=context, changes=compared.changes, trend=TREND, ages=AGES)
    assert pages(basis) == 2


def test_without_an_appetite_it_says_so(acme: Basis) -> None:
    silent = appetites(acme, {})
    standing = figures.postures(silent.context, {})
    assert all(each.within is None and not each.excess for each in standing)
    page = executives.page(silent)
    assert "Nobody has said what is tolerated" in page.answer.text
    (headline,) = page.parts[0].blocks
    assert "0 of 0" not in str(headline)
    assert decisions(silent, standing)[0].ask.startswith("Say what is tolerated in workloads of tier critical")


def test_what_could_not_be_read_is_said_first(acme: Basis) -> None:
    first, *others = acme.context.sections
    gap = Gap("what", Reason(Cause.DENIED, "the bucket"))
    context = dataclasses.replace(acme.context, sections=(dataclasses.replace(first, gaps=(gap,)), *others))
    page = executives.page(dataclasses.replace(acme, context=context))
    assert page.answer.text.endswith("; 1 file or part could not be read.")


def test_more_than_is_tolerated_asks_the_owner_for_a_decision(acme: Basis) -> None:
    shop = next(each for each in acme.context.sections if each.id == "shop")
    high = figures.open_by_severity(shop.rows)["high"]
    assert high > 0
    for tolerated in (high - 1, high):
        stated = appetites(acme, {"critical": Appetite({Severity.HIGH: tolerated})})
        standing = figures.postures(stated.context, stated.repository.organisation.appetite)
        (posture,) = [each for each in standing if each.tier == "critical"]
        assert ("shop" in posture.beyond) is (tolerated < high)
        asked = [each for each in decisions(stated, (posture,)) if "shop mended" in each.ask]
        assert [each.of for each in asked] == (["team-shop"] if tolerated < high else [])


def test_an_exception_counts_against_no_appetite(acme: Basis) -> None:
    for section in acme.context.sections:
        excepted = [row for row in section.rows if row.effective is Verdict.EXCEPTED]
        counted = sum(figures.open_by_severity(section.rows).values())
        assert counted == section.counts.not_met
        assert len(excepted) == section.counts.excepted


def test_risks_are_sorted_by_the_formula_that_is_stated(acme: Basis) -> None:
    found = figures.risks(acme.context)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert found[0].section.id == "shop"
    critical = next(row for row in found[0].rows if row.severity == "critical")
    assert figures.risk(critical, found[0].section, "isolated") == 8 * 4 * 4 * 2  # internet, critical, card data
    public = dataclasses.replace(found[0].section, data_classes=("public",))
    assert figures.risk(critical, public, "isolated") == 8 * 4 * 4
    undeclared = dataclasses.replace(found[0].section, data_classes=())
    assert figures.risk(critical, undeclared, "isolated") == 8 * 4 * 4 * 2


def test_what_the_clock_changed_names_the_exception_that_ended(compared: Basis) -> None:
    assert compared.changes
    by_why = {why: count for (_, why), count in compared.changes.reasons.items()}
    assert by_why["exception pipeline-legacy-runtime ended"] > 0
    assert by_why["exception shop-public-media was laid over it"] > 0
    document = executives_document.document(compared)["changes"]
    assert document["since"].startswith("2026-02-01")
    assert document["worse"] == sum(each.worse for each in compared.changes.changes)


def test_a_change_of_configuration_of_control_or_of_what_there_is_is_told_apart(acme: Basis) -> None:
    row = next(
        row for row in acme.context.rows if row.effective is Verdict.NOT_MET and not row.type.startswith("Assay::")
    )
    earlier = changes.earlier_by_clock(acme.assessment, acme.context.controls)
    key = (row.workload, row.stage, row.control, row.resource)
    now = earlier.verdicts[key]
    met = dataclasses.replace(now, effective=Verdict.MET)
    cases = {
        "the configuration was changed": {key: dataclasses.replace(met, configuration="0" * 64)},
        "the control or its parameters were changed": {key: dataclasses.replace(met, meaning="0" * 64)},
        "exception gone ended": {key: dataclasses.replace(now, effective=Verdict.EXCEPTED, exception="gone")},
        "the resource is gone": {(*key[:3], "elsewhere#Gone"): now},
        "the control is gone": {(*key[:2], "no-such-control", key[3]): now},
    }  # fmt: skip
    for why, verdicts in cases.items():
        then = dataclasses.replace(earlier, verdicts={**earlier.verdicts, **verdicts})
        (change,) = changes.changes(acme.context, acme.assessment, then).changes
        assert change.why == why
        assert change.worse is (why not in ("the resource is gone", "the control is gone"))
    new = {each: past for each, past in earlier.verdicts.items() if each[3] != row.resource}
    found = changes.changes(acme.context, acme.assessment, dataclasses.replace(earlier, verdicts=new)).changes
    assert {each.why for each in found} == {"the resource is new"}


def test_nothing_changed_is_no_change(acme: Basis) -> None:
    earlier = changes.earlier_by_clock(acme.assessment, acme.context.controls)
    assert changes.changes(acme.context, acme.assessment, earlier).changes == ()


def test_what_cannot_be_seen_is_counted_by_cause(acme: Basis) -> None:
    seen = figures.sight(acme.context)
    assert seen.unknown == acme.context.counts.unknown > 0
    assert sum(seen.causes.values()) >= seen.unknown
    assert seen.unjudged == sum(acme.context.unjudged.values())
    assert "aws-" not in str(seen.causes)
