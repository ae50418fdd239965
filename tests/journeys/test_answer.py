"""assay assess, explain, init and the listings: the main job on the example organisation, and on a scaffold."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def _assessed(run: Run, directory: Path, *more: str) -> Mapping[str, Any]:
    said = run("assess", directory, "-f", "json", *more)
    assert said.out, said.err
    document: Mapping[str, Any] = json.loads(said.out)
    return document


def _section(document: Mapping[str, Any], workload: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(each for each in document["sections"] if each["workload"] == workload)
    return found


@pytest.fixture
def copy(acme: Path, tmp_path: Path) -> Path:
    target = tmp_path / "acme"
    shutil.copytree(acme, target)
    return target


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_main_job_answers_for_the_organisation_and_every_workload(run: Run, acme: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    said = run("assess", acme, "--html", page)
    assert said.code == 1
    for workload in ("shop", "lake", "pipeline", "platform"):
        assert f"{workload}: " in said.out
    assert "Are they the right objectives?" in said.out
    assert page.read_text().startswith("<!doctype html>")


def test_one_workload_alone_gets_the_same_answer(run: Run, acme: Path) -> None:
    alone = _section(_assessed(run, acme, "-w", "shop"), "shop")
    together = _section(_assessed(run, acme), "shop")
    assert alone["objectives"] == together["objectives"]
    assert alone["evaluations"] == together["evaluations"]


def test_flipping_a_workload_to_the_internet_adds_objectives_and_names_the_rule(run: Run, copy: Path) -> None:
    def applicable() -> dict[str, str]:
        rows = _section(_assessed(run, copy), "lake")["objectives"]
        return {each["id"]: each["rule"] for each in rows if each["applies"]}

    before = applicable()
    _edit(copy / "workloads" / "lake.yaml", "exposure: internal", "exposure: internet")
    after = applicable()
    added = after.keys() - before.keys()
    assert {"internet-entries-are-filtered"} <= added
    assert all("exposure" in after[each] for each in added)
    _edit(copy / "workloads" / "lake.yaml", "exposure: internet", "exposure: internal")
    assert applicable() == before


def test_an_exception_stops_counting_by_the_clock_alone(run: Run, acme: Path) -> None:
    def excepted(day: str) -> int:
        return int(_section(_assessed(run, acme, "--as-of", day), "shop")["counts"]["excepted"])

    assert excepted("2026-11-25") > 0
    assert excepted("2027-05-31") == excepted("2026-11-25")
    assert excepted("2027-06-01") == 0


def test_the_same_question_gets_the_same_answer_byte_for_byte(run: Run, acme: Path) -> None:
    day = ("--as-of", "2026-11-25", "-f", "json")
    assert run("assess", acme, *day).out == run("assess", acme, *day).out


def test_a_stage_changes_what_is_judged(run: Run, acme: Path) -> None:
    staging, prod = (_section(_assessed(run, acme, "--stage", each), "shop") for each in ("staging", "prod"))
    assert staging["stage"] == "staging"
    assert staging["evaluations"] != prod["evaluations"]


def test_explain_reads_like_an_answer(run: Run, acme: Path) -> None:
    said = run("explain", "shop", "-C", acme)
    assert said.code == 1
    for words in ("Are its objectives met?", "Are they the right ones?", "applies because", "requirement ", "threat "):
        assert words in said.out


@pytest.mark.parametrize(
    ("removed", "named"),
    [
        ("objectives/customers-can-delete-their-account.yaml", None),
        ("frameworks/acme-tisax.yaml", "acme-tisax"),
    ],
)
def test_a_deleted_document_is_named(run: Run, copy: Path, removed: str, named: str | None) -> None:
    (copy / removed).unlink()
    said = run("explain", "shop", "-C", copy)
    assert said.code == (2 if named else 1)
    assert (named or "customers-can-delete-their-account") in said.out + said.err or named is None


def test_deleting_any_link_of_the_chain_is_named_by_explain(run: Run, copy: Path) -> None:
    baseline = copy / "frameworks" / "acme-baseline.yaml"
    objective = "data-at-rest-is-unreadable-without-its-key"
    _edit(baseline, f"objectives: [{objective}]", "objectives: [data-at-rest-is-gone]")
    said = run("explain", "shop", "-C", copy)
    assert "data-at-rest-is-gone" in said.out
    assert "every-store-has-a-purpose" in said.out  # the objective of our own control is gone already
    assert "laptops-are-encrypted" in said.out


def test_one_objective_is_walked_to_every_line(run: Run, acme: Path) -> None:
    said = run("explain", "shop", "data-at-rest-is-unreadable-without-its-key", "-C", acme, "-f", "json")
    (only,) = json.loads(said.out)["objectives"]
    kinds = {each["kind"] for each in only["chain"]["children"]}
    assert kinds == {"requirement", "threat", "provider", "control"}
    evaluations = [one for each in only["chain"]["children"] for one in each["children"] if each["kind"] == "control"]
    assert any("service.yaml:" in each["detail"] for each in evaluations)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain", "shp", "-C", "{acme}"], "did you mean shop?"),
        (["explain", "shop", "data-at-rest", "-C", "{acme}"], "no objective 'data-at-rest'"),
        (["assess", "{acme}", "--stage", "production"], "no stage 'production'"),
        (["assess", "{acme}/nowhere"], "is not a folder"),
        (["assess", "{acme}/templates"], "organisation.yaml"),
        (["schema", "contrl"], "did you mean control?"),
        (["controls", "s3-bucket-versoning-enabled"], "did you mean"),
        (["objectives", "data-can-be-recoverd"], "did you mean data-can-be-recovered?"),
        (["framework", "show", "nist-csf"], "did you mean nist-csf-2.0?"),
    ],
)
def test_a_wrong_question_exits_with_2_and_names_the_right_one(
    run: Run, acme: Path, arguments: list[str], message: str
) -> None:
    said = run(*(each.format(acme=acme) for each in arguments))
    assert said.code == 2
    assert message in said.err


def test_a_faulty_repository_names_every_fault_with_its_place_and_judges_nothing(run: Run, copy: Path) -> None:
    _edit(copy / "workloads" / "shop.yaml", "tier: critical", "teir: critical")
    _edit(copy / "exceptions" / "shop-public-media.yaml", "approver: security@acme.example", "approver: team-shop")
    _edit(
        copy / "controls" / "acme-buckets-name-their-purpose.yaml",
        'tag(resource.Tags, "purpose")',
        'tag(resource.Tagz, "purpose")',
    )
    said = run("assess", copy)
    assert said.code == 2
    assert said.out == ""
    assert "shop.yaml:5:" in said.err and "tier" in said.err
    assert "cannot approve their own exception" in said.err
    assert "did you mean Tags?" in said.err
    assert "nothing was judged" in said.err


def test_a_scaffold_works_at_once_and_is_never_written_over(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "governance"
    assert run("init", target).code == 0
    said = run("assess", target)
    assert said.code in (1, 3), said.err
    assert "notes: Notes" in said.out
    assert run("controls", "notes-tables-keep-recent-versions", "-C", target, "--test").code == 0
    before = sorted(path.read_bytes() for path in target.rglob("*") if path.is_file())
    again = run("init", target)
    assert again.code == 2
    assert "not empty" in again.err
    assert sorted(path.read_bytes() for path in target.rglob("*") if path.is_file()) == before


def test_an_example_that_does_not_hold_fails_the_test_of_controls(run: Run, copy: Path) -> None:
    own = copy / "controls" / "acme-buckets-name-their-purpose.yaml"
    assert run("controls", own.stem, "-C", copy, "--test").code == 0
    _edit(own, "{Tags: [{Key: Owner, Value: team}]}", "{Tags: [{Key: purpose, Value: logs}]}")
    said = run("controls", own.stem, "-C", copy, "--test")
    assert said.code == 1
    assert "example not_met[1] is met" in said.out


def test_listings_in_both_forms(run: Run) -> None:
    for command, size in (("controls", 80), ("objectives", 35)):
        listed = json.loads(run(command, "-f", "json").out)
        assert len(listed) >= size
        shown = run(command, listed[0]["id"])
        assert shown.code == 0
        assert listed[0]["title"] in shown.out
    domains = {each["domain"] for each in json.loads(run("objectives", "-f", "json").out)}
    assert len(domains) == 9


def test_a_framework_shows_what_answers_each_requirement(run: Run) -> None:
    listed = json.loads(run("framework", "show", "-f", "json").out)
    nist = next(each for each in listed if each["id"] == "nist-800-53-r5")
    assert nist["coverage"]["total"] == 287
    shown = run("framework", "show", "nist-800-53-r5")
    assert "SC-28(1)" in shown.out


def test_help_names_every_command(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    for command in ("check", "assess", "explain", "controls", "objectives", "init", "schema", "framework"):
        assert command in said.out


def test_the_version_is_printed(run: Run) -> None:
    from assay import __version__

    assert run("--version").out.strip() == __version__
