"""The organisation's own facts as resources: what they state is what the repository states, in the types' own names."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay.governance.repository import Repository, read_repository
from assay.inventory.coerce import coerce
from assay.inventory.resource import Resource
from assay.inventory.schema import resource_schema
from assay.inventory.values import Unknown, Value
from assay.operations.facts import organisation_facts, workload_facts

NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
ORGANISATION = """\
id: o-exampleorg1
name: Example
management_account: "111111111111"
organisational_units: [Security, Workloads/Prod]
accounts:
  - {id: "111111111111", name: management, ou: Root, email: Root@example.com}
  - {id: "222222222222", name: shop, ou: Workloads/Prod, stage: prod, email: root@example.com}
  - {id: "333333333333", name: trial, ou: Workloads/Prod, stage: test, purpose: trials}
stages: [test, prod]
regions: [eu-west-1]
frameworks: [house]
contacts: {security: soc@example.com}
"""


@pytest.fixture
def repository(write: Callable[..., Path]) -> Repository:
    return read_repository(write({"organisation.yaml": ORGANISATION}), catalogue=False)


@pytest.fixture
def facts(repository: Repository) -> dict[str, Resource]:
    shop = repository.workloads["shop"]
    return {each.id: each for each in (*organisation_facts(repository, NOW), *workload_facts(repository, shop, NOW))}


def _unknowns(value: Value) -> Iterator[Unknown]:
    match value:
        case Unknown():
            yield value
        case dict():
            for each in value.values():
                yield from _unknowns(each)
        case list():
            for each in value:
                yield from _unknowns(each)


def test_every_fact_has_the_name_and_type_that_its_schema_states(facts: dict[str, Resource]) -> None:
    assert {each.type for each in facts.values()} == {
        "Assay::Organisation",
        "Assay::Account",
        "Assay::Workload",
        "Assay::Exception",
    }
    for resource in facts.values():
        schema = resource_schema(resource.type)
        assert resource.properties.keys() <= schema.properties.fields.keys(), resource.id
        assert schema.required <= resource.properties.keys(), resource.id
        coerced = coerce(dict(resource.properties), schema.properties)
        assert coerced == resource.properties and not list(_unknowns(coerced)), resource.id


def test_an_account_knows_who_uses_it_and_what_lies_beside_it(facts: dict[str, Resource]) -> None:
    shop = facts["Assay::Account/shop"].properties
    assert shop["Workloads"] == ["shop"]
    assert shop["WorkloadStages"] == ["prod"]
    assert shop["StagesBeside"] == ["test"]
    assert shop["SharesEmailWith"] == ["management"]
    assert shop["IsManagement"] is False
    trial = facts["Assay::Account/trial"].properties
    assert trial["Workloads"] == [] and trial["SharesEmailWith"] == []
    assert "Email" not in trial


def test_the_organisation_lists_its_accounts_by_what_is_stated(facts: dict[str, Resource]) -> None:
    organisation = facts["Assay::Organisation/o-exampleorg1"].properties
    assert organisation["Contacts"] == {"security": "soc@example.com"}
    assert organisation["Accounts"] == [
        {"Id": "111111111111", "Name": "management", "OrganisationalUnit": "Root"},
        {"Id": "222222222222", "Name": "shop", "OrganisationalUnit": "Workloads/Prod", "Stage": "prod"},
        {
            "Id": "333333333333",
            "Name": "trial",
            "OrganisationalUnit": "Workloads/Prod",
            "Stage": "test",
            "Purpose": "trials",
        },
    ]


def test_a_workload_says_where_its_templates_go_and_which_stages_have_parameters(facts: dict[str, Resource]) -> None:
    workload = facts["Assay::Workload/shop"].properties
    assert workload["Stages"] == ["prod"]
    assert workload["Templates"] == [
        {"Path": "../templates/shop", "Region": "eu-west-1", "StagesWithParameters": ["prod"]}
    ]


def test_an_exception_counts_its_days(facts: dict[str, Resource]) -> None:
    exception = facts["Assay::Exception/old-bucket"].properties
    assert exception["DaysValid"] == 181
    assert exception["DaysSinceApproval"] == 60
    assert exception["DaysLeft"] == 121
    assert exception["Scope"] == {
        "Workload": "shop",
        "Control": "bucket-has-versions",
        "Resource": "Old*",
        "Stage": "prod",
    }
