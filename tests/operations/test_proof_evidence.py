"""A proof given again from the stored ground: same policies, same verdict; other policies, another one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Method, Verdict
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import merge, normalise
from assay.inventory.resource import Inventory
from assay.operations.assess import read_workload
from assay.operations.facts import organisation_facts
from assay.operations.preventive import Prover, evaluations
from assay.operations.proof_evidence import (
    invariant_document,
    keep_ground,
    prove_again,
    read_ground,
    read_invariant,
)

ACME = Path(__file__).parents[2] / "examples" / "acme"


@pytest.fixture(scope="module")
def given() -> tuple[Repository, Inventory, Prover]:
    import datetime

    repository = read_repository(ACME)
    platform = read_workload(repository, repository.workloads["platform"], "")
    now = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
    facts = merge([platform, normalise(organisation_facts(repository, now))])
    return repository, facts, Prover.of(repository, facts)


class Shelf(dict[str, dict[str, Any]]):
    def put(self, document: Any) -> str:
        name = str(len(self))
        self[name] = json.loads(json.dumps(document))
        return name

    def get_of(self, name: str, kind: str) -> Mapping[str, Any]:
        assert self[name]["kind"] == kind
        return self[name]


def proved(given: tuple[Repository, Inventory, Prover]) -> list[Evaluation]:
    repository, facts, prover = given
    return list(evaluations(repository, prover, facts, repository.objectives))


def test_every_verdict_is_the_same_again(given: tuple[Repository, Inventory, Prover]) -> None:
    repository, facts, prover = given
    shelf = Shelf()
    again = read_ground(shelf.get_of(keep_ground(prover, shelf.put), "ground"), shelf.get_of)
    found = proved(given)
    assert {each.verdict for each in found} >= {Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE}
    for each in found:
        stored = read_invariant(json.loads(json.dumps(invariant_document(repository.invariants[each.control]))))
        assert stored.digest == repository.invariants[each.control].digest
        assert prove_again(again, stored, facts.by_id[each.resource], facts).verdict is each.verdict, each.control


def test_another_guardrail_gives_another_verdict(given: tuple[Repository, Inventory, Prover]) -> None:
    repository, facts, prover = given
    shelf = Shelf()
    name = keep_ground(prover, shelf.put)
    for document in shelf.values():
        if document["kind"] == "policy":
            document["text"] = document["text"].replace("organizations:LeaveOrganization", "organizations:ListRoots")
    again = read_ground(shelf.get_of(name, "ground"), shelf.get_of)
    stored = repository.invariants["organisation-cannot-be-left"]
    (account,) = [each for each in facts.of_type("Assay::Account") if each.properties["Id"] == "555555555555"]
    assert prove_again(prover, stored, account, facts).verdict is Verdict.MET
    assert prove_again(again, stored, account, facts).verdict is Verdict.NOT_MET


def test_every_subject_has_one_verdict_and_says_why(given: tuple[Repository, Inventory, Prover]) -> None:
    repository, facts, _ = given
    found = proved(given)
    assert len({(each.control, each.resource) for each in found}) == len(found)
    wanted = {
        (name, resource.id)
        for name, each in repository.invariants.items()
        for kind in each.subjects
        for resource in facts.of_type(kind)
    }
    assert {(each.control, each.resource) for each in found} == wanted
    for each in found:
        assert each.method is Method.PROVED
        assert each.said or each.reasons
        basis = dict(each.basis)
        assert basis["query"] and basis["assumptions"]


def test_a_request_is_told_of_the_account_that_it_is_about(given: tuple[Repository, Inventory, Prover]) -> None:
    _, facts, _ = given
    for each in proved(given):
        account = str(facts.by_id[each.resource].properties.get("Id", ""))
        if each.verdict is Verdict.NOT_MET and account:
            assert f"of account {account} may call" in each.said
