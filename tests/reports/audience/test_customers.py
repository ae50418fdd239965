"""What customers get: no identifier of anything, in no form."""

import dataclasses
import functools
import inspect
import json
from collections.abc import Mapping

import pytest
from tests.reports.audience.conftest import ACME, NOW
from tests.reports.audience.identifiers import identifiers, told
from tests.reports.audience.reading import metadata_of_pdf, sheets_of, text_of_html, text_of_pdf

from assay.governance.model import Domain
from assay.governance.repository import read_catalogue
from assay.operations.report import gather
from assay.reports import context
from assay.reports.audience import customers, forms, statement
from assay.reports.audience.basis import Basis


def texts(basis: Basis) -> Mapping[str, str]:
    """Return every form of the statement as text, markup and metadata included where there is any."""
    (html,) = forms.files(basis, "customers", "html").values()
    (document,) = forms.files(basis, "customers", "json").values()
    (pdf,) = forms.files(basis, "customers", "pdf").values()
    sheets = sheets_of(*forms.files(basis, "customers", "xlsx").values())
    csv = forms.files(basis, "customers", "csv")
    return {
        "html": html.decode(),
        "text of html": text_of_html(html.decode()),
        "json": document.decode(),
        "pdf": text_of_pdf(pdf) + metadata_of_pdf(pdf),
        "xlsx": json.dumps({name: [[str(cell) for cell in row] for row in rows] for name, rows in sheets.items()}),
        "csv": "\n".join([*csv, *(each.decode() for each in csv.values())]),
    }


def test_no_identifier_of_acme_reaches_the_customers(acme: Basis) -> None:
    names = identifiers(acme, ACME)
    assert names >= {
        *("555555555555", "shop", "team-shop", "MediaBucket", "security@acme.example", "shop-public-media", "prod"),
        *("templates/shop/service.yaml", "acme-shop-prod", "o-acme123456", "ReportingDatabase", "acme-baseline"),
    }
    for form, text in texts(acme).items():
        leaked = {each for each in names - {acme.context.subject} if told(each, text)}
        assert not leaked & {"shop", "lake", "prod", "staging", "MediaBucket"}, form
        assert {each for each in leaked if not everyday(each)} == set(), form


def everyday(name: str) -> bool:
    """Whether a name is one word of everyday language that stands in what the catalogue publishes, or in our own texts.

    "pipeline" is a workload of acme, and objectives speak of pipelines. That such a word does not come from the
    organisation is shown by the law, which gives everything names that are no words.
    """
    return name.isalpha() and told(name.lower(), published())


@functools.cache
def published() -> str:
    known = read_catalogue()
    texts = [f"{each.objective.title} {each.objective.statement}" for each in known.objectives.values()]
    texts += [each.title for each in known.frameworks.values()]
    return " ".join([*texts, *Domain, *(inspect.getsource(each) for each in (customers, statement))]).lower()


def test_the_collection_of_identifiers_would_notice_a_leak(acme: Basis) -> None:
    names = identifiers(acme, ACME)
    (engineers,) = forms.files(acme, "engineers", "html").values()
    assert sum(told(each, engineers.decode()) for each in names) > 50


def test_what_the_organisation_wrote_itself_is_counted_and_not_named(acme: Basis) -> None:
    said = statement.statement(acme)
    own = {name for kind, name in acme.repository.own if kind == "objective"}
    assert said.own_objectives == len(own) > 0
    assert said.own_frameworks == 2
    titles = {acme.repository.objectives[name].objective.title for name in own}
    assert not titles & {each.title for each in said.held}
    assert said.total.total == sum(each.total for each in said.themes.values())


def test_an_objective_is_said_to_hold_only_where_it_holds_everywhere(acme: Basis) -> None:
    said = statement.statement(acme)
    assert said.held
    for each in said.held:
        rows = [
            row
            for section in acme.context.sections
            for row in section.objectives
            if row.title == each.title and row.applies is not False
        ]
        assert all(row.verdict in ("met", "inherited", "not_applicable") for row in rows), each.title
        assert each.by


def test_the_oldest_look_dates_everything(acme: Basis) -> None:
    assert statement.statement(acme).verified == "2026-11-25"
    shop = acme.assessment.workloads[-1]
    first, *others = shop.inventory.resources
    for observed, expected in (
        ("2026-11-20T08:00:00Z", "2026-11-20"),
        ("2026-10-31T23:59:59+02:00", "2026-10-31"),
        ("arn:aws:iam::1:role/x", "not known"),
    ):
        seen = dataclasses.replace(first, origin=dataclasses.replace(first.origin, observed=observed))
        inventory = dataclasses.replace(shop.inventory, resources=(seen, *others))
        answers = (dataclasses.replace(shop, inventory=inventory),)
        old = dataclasses.replace(acme, assessment=dataclasses.replace(acme.assessment, workloads=answers))
        assert statement.statement(old).verified == expected


@pytest.mark.parametrize("ledger", [False, True])
def test_it_says_whether_it_can_be_traced_to_signed_evidence(acme: Basis, ledger: bool) -> None:
    state: dict[str, str | int] = {"entries": 7, "root": "ab" * 32, "public_key": "cd" * 32} if ledger else {}
    basis = dataclasses.replace(acme, evidence=state)
    text = text_of_html(forms.files(basis, "customers", "html")["customers.html"].decode())
    assert ("No ledger was named" in text) is not ledger
    assert ("ab" * 32 in text) is ledger


def test_a_smaller_scope_says_that_it_is_smaller() -> None:
    found = gather(ACME, now=NOW, workloads=["shop"])
    basis = Basis(context.from_assessment(found.assessment, found.repository), found.repository, found.assessment)
    assert "1 of 4 workloads and the organisation itself" in customers.page(basis).scope
    assert not told("shop", forms.files(basis, "customers", "html")["customers.html"].decode())
