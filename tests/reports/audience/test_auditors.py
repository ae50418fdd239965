"""What auditors get: whole populations, samples that anybody draws again, and digests that hold."""

import csv
import dataclasses
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.reports.audience.conftest import ACME, NOW

from assay.inventory.normalise import configuration_digest
from assay.reports.audience import auditors, forms
from assay.reports.audience.basis import Basis
from assay.reports.audience.lists import LISTS, tables
from assay.reports.audience.population import Population


@pytest.fixture(scope="module")
def pack(acme: Basis) -> dict[str, bytes]:
    return dict(forms.files(acme, "auditors", "pack"))


def rows(pack: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack[f"lists/{name}.csv"].decode(), newline="")))


def test_the_digests_are_those_of_every_other_file(pack: dict[str, bytes]) -> None:
    lines = [line.split("  ", 1) for line in pack["SHA256SUMS"].decode().splitlines()]
    stated = {name: digest for digest, name in lines}
    assert stated == {name: hashlib.sha256(each).hexdigest() for name, each in pack.items() if name != "SHA256SUMS"}


def test_the_pack_is_the_same_bytes_twice_and_so_is_its_archive(acme: Basis, pack: dict[str, bytes]) -> None:
    again = forms.files(acme, "auditors", "pack")
    assert again == pack
    archived = forms.archive(pack, NOW)
    assert forms.archive(dict(sorted(again.items(), reverse=True)), NOW) == archived
    with zipfile.ZipFile(io.BytesIO(archived)) as book:
        assert {name: book.read(name) for name in book.namelist()} == pack


def test_every_resource_of_a_population_has_exactly_one_verdict(pack: dict[str, bytes], acme: Basis) -> None:
    listed = rows(pack, "populations")
    assert all(each["found"] == each["judged"] and each["not judged"] == "0" for each in listed)
    assert sum(int(each["judged"]) for each in listed) == len(rows(pack, "evaluations")) == len(acme.context.rows)


def test_a_resource_without_a_verdict_would_be_seen(acme: Basis) -> None:
    shop = acme.assessment.workloads[-1]
    fewer = []
    for objective in shop.objectives:
        parts = [dataclasses.replace(each, evaluations=each.evaluations[1:]) for each in objective.controls]
        fewer.append(dataclasses.replace(objective, controls=tuple(parts)))
    answers = (*acme.assessment.workloads[:-1], dataclasses.replace(shop, objectives=tuple(fewer)))
    basis = dataclasses.replace(acme, assessment=dataclasses.replace(acme.assessment, workloads=answers))
    table = tables(Population(basis))["populations"]
    at = [each.label for each in table.columns].index("not judged")
    assert sum(int(str(row[at])) for row in table.rows) > 0


def test_samples_are_drawn_again_from_the_list_alone(pack: dict[str, bytes], acme: Basis) -> None:
    """By the rule as the report states it, and nothing of ours."""
    drawn = {each["number"] for each in rows(pack, "samples")}
    strata: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for each in rows(pack, "evaluations"):
        workload = "" if each["workload"] == "organisation" else each["workload"]
        key = "\n".join((acme.seed, workload, each["stage"], each["control"], each["resource"]))
        rank = hashlib.sha256(key.encode()).hexdigest()
        strata.setdefault((each["workload"], each["objective"]), []).append((rank, each["number"]))
    assert drawn == {number for several in strata.values() for _, number in sorted(several)[: acme.sample]}
    assert 0 < len(drawn) < len(acme.context.rows)


def test_another_seed_gives_another_sample_and_a_smaller_one_is_part_of_it(acme: Basis) -> None:
    def sample(**changed: object) -> set[str]:
        return {each.id for each in Population(dataclasses.replace(acme, **changed)).sample}  # type: ignore[arg-type]

    assert sample() == sample(seed="assay")
    assert sample(seed="other") != sample()
    assert sample(sample=2) < sample(sample=5)
    assert sample(sample=0) == set()


def test_every_verdict_names_the_digests_that_it_rests_on(pack: dict[str, bytes], acme: Basis) -> None:
    controls = {each["control"]: each["digest"] for each in rows(pack, "controls")}
    answers = {
        each.workload or "organisation": each for each in (acme.assessment.organisation, *acme.assessment.workloads)
    }
    for each in rows(pack, "evaluations")[::25]:
        assert controls[each["control"]] == each["control digest"]
        resource = answers[each["workload"]].inventory.by_id[each["resource"]]
        assert configuration_digest(resource) == each["configuration digest"]


def test_files_are_listed_by_digest(pack: dict[str, bytes]) -> None:
    listed = {each["file"]: each for each in rows(pack, "files")}
    assert len(listed) == sum(1 for each in ACME.rglob("*") if each.is_file())
    for name, each in listed.items():
        content = Path(name).read_bytes()
        assert (each["SHA-256"], int(each["bytes"])) == (hashlib.sha256(content).hexdigest(), len(content))


def test_design_is_judged_apart_from_operation(pack: dict[str, bytes]) -> None:
    listed = {(each["workload"], each["objective"]): each for each in rows(pack, "objectives")}
    own = listed[("shop", "customers-can-delete-their-account")]
    assert own["design"] == "deficient"
    assert "no control serves it" in own["design: why"]
    assert {each["operation"] for each in listed.values() if each["design"] == "effective"} >= {"met", "not met"}


def test_exceptions_have_their_approvals_and_name_what_they_cover(pack: dict[str, bytes]) -> None:
    listed = {each["exception"]: each for each in rows(pack, "exceptions")}
    live, over = listed["shop-public-media"], listed["pipeline-legacy-runtime"]
    assert (live["in force"], live["approver"], live["approved"]) == ("yes", "security@acme.example", "2026-06-01")
    assert (over["in force"], over["covers"]) == ("no", "0")
    verdicts = {each["number"]: each for each in rows(pack, "evaluations")}
    numbers = live["evaluations"].split()
    assert len(numbers) == int(live["covers"]) > 0
    assert all(verdicts[each]["exception"] == "shop-public-media" for each in numbers)
    assert all(verdicts[each]["verdict"] in ("not met", "unknown") for each in numbers)  # it hides none


def test_proofs_are_listed_with_what_they_rest_on(pack: dict[str, bytes], acme: Basis) -> None:
    proved = [each for each in acme.context.rows if each.method == "proved"]
    listed = rows(pack, "proofs")
    assert len(listed) == len(proved)
    assert all(each["rests on"] for each in listed)


def test_the_json_form_has_every_list(pack: dict[str, bytes]) -> None:
    document = json.loads(pack["auditors.json"])
    assert list(document["lists"]) == list(LISTS)
    assert [len(each) for each in document["lists"].values()] == [len(rows(pack, name)) for name in LISTS]
    assert document["sample"]["drawn"] == len(rows(pack, "samples"))


def test_without_a_ledger_it_says_that_nothing_is_signed(acme: Basis) -> None:
    part = next(each for each in auditors.page(acme).parts if each.heading.startswith("Evidence"))
    assert any("No ledger was named" in getattr(each, "text", "") for each in part.blocks)
