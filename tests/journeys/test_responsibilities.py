"""assay responsibilities, assay scope, and the provider's part in assay explain, on the example organisation."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
RESTING = "facilities-and-hardware-are-protected"


def test_the_register_lists_every_service_and_shows_one(run: Run) -> None:
    listed = json.loads(run("responsibilities", "-f", "json").out)
    assert len(listed["services"]) >= 90
    text = run("responsibilities")
    assert text.code == 0
    assert f"{len(listed['services'])} services" in text.out
    shown = run("responsibilities", "RDS")
    assert "os-patching  Patch the operating system" in shown.out
    assert "duties are the customer's or shared" in shown.out
    document = json.loads(run("responsibilities", "RDS", "-f", "json").out)
    (only,) = document["services"]
    parties = {each["duty"]: each["party"] for each in only["duties"]}
    assert parties["os-patching"] == "provider"
    assert parties["engine-patching"] == "shared"
    assert parties["upgrade-timing"] == "customer"


def test_with_a_repository_its_reports_are_shown_with_their_term(run: Run, acme: Path) -> None:
    now = run("responsibilities", "SQS", "-C", acme, "--as-of", "2026-11-25").out
    assert "report aws-soc-2 (SOC 2 Type 2, version 7): in force until 2027-03-31" in now
    assert "report aws-iso-27001 (ISO 27001, version 3): its period ended on 2026-10-31" in now
    before = run("responsibilities", "SQS", "-C", acme, "--as-of", "2026-10-31").out
    assert "aws-iso-27001 (ISO 27001, version 3): in force until 2026-10-31" in before


@pytest.mark.parametrize(
    ("workload", "day", "verdict", "named"),
    [
        ("shop", "2026-11-25", "inherited", "aws-soc-2"),
        ("pipeline", "2026-10-31", "inherited", "aws-iso-27001"),
        ("pipeline", "2026-11-25", "unknown", "aws-iso-27001: its period ended on 2026-10-31"),
        ("shop", "2027-04-01", "unknown", "aws-soc-2: its period ended on 2027-03-31"),
    ],
)
def test_what_rests_on_the_provider_is_inherited_until_the_period_of_the_report_ends(
    run: Run, acme: Path, workload: str, day: str, verdict: str, named: str
) -> None:
    said = run("explain", workload, RESTING, "-C", acme, "--as-of", day, "-f", "json")
    assert said.code == (0 if verdict == "inherited" else 3)
    (only,) = json.loads(said.out)["objectives"]
    assert only["verdict"] == verdict
    assert named in only["reason"]
    assert only["provider"] == "AWS"
    provided = [each for each in only["chain"]["children"] if each["kind"] == "provider"]
    assert provided
    assert bool(only["broken"]) is (verdict == "unknown") or any("measure" in each["broken"] for each in only["broken"])


def test_the_chain_shows_the_providers_part_of_an_objective_that_is_shared(run: Run, acme: Path) -> None:
    said = run("explain", "shop", "patches-are-applied-automatically", "-C", acme, "--as-of", "2026-11-25").out
    flat = " ".join(said.replace("│", " ").split())
    assert "provider AWS RDS os-patching, engine-patching (shared)" in flat
    assert "report backed by aws-soc-2 until 2027-03-31" in flat


def test_the_database_that_we_run_ourselves_is_found_with_its_line(run: Run, acme: Path) -> None:
    said = run("scope", "-C", acme, "-w", "pipeline", "-f", "json")
    assert said.code == 0
    (section,) = json.loads(said.out)["sections"]
    (only,) = section["candidates"]
    assert (only["technology"], only["name"], only["strength"]) == ("postgresql", "LedgerServer", "strong")
    lines = (acme / "templates" / "pipeline" / "pipeline.yaml").read_text().splitlines()
    for proof in only["evidence"]:
        line = lines[proof["position"]["line"] - 1]
        assert proof["text"] in line, (proof, line)
    (option,) = only["instead"]
    assert option["service"] == "RDS"
    assert "os-patching" in option["removed"]
    assert "upgrade-timing" in [each["duty"] for each in option["remaining"]]
    assert option["added"] == ["maintenance-windows"]


def test_managed_databases_are_no_candidates(run: Run, acme: Path) -> None:
    (section,) = json.loads(run("scope", "-C", acme, "-w", "shop", "-f", "json").out)["sections"]
    assert section["candidates"] == []
    assert section["hosts"] == 1  # the containers were looked at


def test_templates_alone_are_enough_and_the_text_says_what_goes_stays_and_comes(run: Run, acme: Path) -> None:
    said = run("scope", acme / "templates" / "pipeline" / "pipeline.yaml", "-p", "Stage=prod")
    assert said.code == 0
    for words in (
        "PostgreSQL (database) on LedgerServer",
        "strong evidence",
        "gone (",
        "stay (",
        "come (1)",
        "1 candidate (",
    ):
        assert words in said.out


def test_a_template_that_cannot_be_read_is_said_and_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::EC2::Instance\n")
    said = run("scope", tmp_path / "broken.yaml")
    assert said.code == 2
    assert "error: " in said.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["responsibilities", "rds"], "did you mean RDS?"),
        (["scope"], "name templates, or a governance repository"),
        (["scope", "{acme}/templates", "-w", "shop"], "leave PATH out"),
        (["scope", "-C", "{acme}", "-w", "shp"], "did you mean shop?"),
        (["scope", "{acme}/nowhere"], "does not exist"),
    ],
)
def test_a_wrong_question_exits_with_2(run: Run, acme: Path, arguments: list[str], message: str) -> None:
    said = run(*(each.format(acme=acme) for each in arguments))
    assert said.code == 2
    assert message in said.err
