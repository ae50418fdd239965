"""assay check: the pipeline gate as an engineer meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assay.cli.output import Format

Run = Callable[..., Any]


@pytest.fixture
def template(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, name: str = "template.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def _bucket(status: str, more: str = "") -> str:
    bucket = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n"
    return f"{more}{bucket}      VersioningConfiguration: {{Status: {status}}}\n"


VERSIONING = ("-c", "s3-bucket-versioned")


def test_all_met_exits_with_0(run: Run, template: Callable[..., Path]) -> None:
    said = run("check", template(_bucket("Enabled")), *VERSIONING)
    assert said.code == 0, said.out
    assert "Answer: met" in said.out


def test_something_not_met_exits_with_1_and_names_file_line_control_reason_and_fix(
    run: Run, template: Callable[..., Path]
) -> None:
    path = template(_bucket("Suspended"))
    said = run("check", path, *VERSIONING)
    assert said.code == 1
    assert f"{path}:5" in said.out
    assert "s3-bucket-versioned" in said.out
    assert 'because VersioningConfiguration.Status is "Suspended"' in said.out
    assert "fix:" in said.out


def test_a_parameter_without_a_value_exits_with_3_and_a_given_one_decides(
    run: Run, template: Callable[..., Path]
) -> None:
    path = template(_bucket("!Ref Status", "Parameters: {Status: {Type: String}}\n"))
    said = run("check", path, *VERSIONING)
    assert said.code == 3
    assert "parameter Status has neither a value nor a default" in said.out
    assert run("check", path, *VERSIONING, "-p", "Status=Enabled").code == 0
    assert run("check", path, *VERSIONING, "-p", "Status=Suspended").code == 1


def test_a_malformed_template_exits_with_2_and_the_others_are_still_judged(
    run: Run, template: Callable[..., Path], tmp_path: Path
) -> None:
    template(_bucket("Enabled"))
    template("Resources:\n  A: {Type: [\n", "broken.yaml")
    said = run("check", tmp_path, *VERSIONING)
    assert said.code == 2
    assert "broken.yaml:3" in said.out
    assert "1 of 1 met" in said.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.yaml"], "nowhere.yaml"),
        (["{template}", "-c", "s3-bucket-versiond"], "did you mean s3-bucket-versioned?"),
        (["{template}", "-p", "Status"], "expected NAME=VALUE"),
        (["{template}", "--severity", "terrible"], "known: critical, high, medium, low"),
        (["{template}", "--as-of", "yesterday"], "expected a day such as"),
        (["{template}", "-o", "/nowhere/report.txt"], "cannot write /nowhere/report.txt"),
    ],
)
def test_a_wrong_command_exits_with_2_and_says_what_is_wrong(
    run: Run, template: Callable[..., Path], arguments: list[str], message: str
) -> None:
    path = template(_bucket("Enabled"))
    said = run("check", *(each.format(template=path) for each in arguments))
    assert said.code == 2
    assert message in said.err + said.out


def test_the_number_of_verdicts_is_the_number_of_pairs_in_scope(run: Run, acme: Path) -> None:
    said = run("check", acme / "templates", "-f", "json")
    document = json.loads(said.out)
    (section,) = document["sections"]
    pairs = [(each["control"], each["resource"]) for each in section["evaluations"]]
    assert len(pairs) == len(set(pairs)) == document["counts"]["total"]


@pytest.mark.parametrize("form", list(Format))
def test_every_format_goes_to_the_terminal_or_a_file_alike(run: Run, acme: Path, tmp_path: Path, form: str) -> None:
    templates, target = acme / "templates" / "lake", tmp_path / "report"
    as_of = ("--as-of", "2026-11-25")
    printed = run("check", templates, "-f", form, *as_of)
    written = run("check", templates, "-f", form, "-o", target, *as_of)
    assert (printed.code, written.code) == (1, 1)
    assert written.out == ""
    assert target.read_text().split() == printed.out.split()


def test_a_severity_leaves_out_what_is_below(run: Run, acme: Path) -> None:
    def severities(least: str) -> set[str]:
        said = run("check", acme / "templates", "-f", "json", "--severity", least)
        return {each["severity"] for each in json.loads(said.out)["sections"][0]["evaluations"]}

    assert severities("low") == {"critical", "high", "medium", "low"}
    assert severities("high") == {"critical", "high"}


def test_with_a_repository_its_exceptions_and_own_controls_count(run: Run, acme: Path) -> None:
    templates = acme / "templates" / "shop"
    plain = json.loads(run("check", templates, "-f", "json").out)
    governed = json.loads(run("check", templates, "-f", "json", "-C", acme, "-w", "shop", "--as-of", "2026-11-25").out)
    assert plain["counts"]["excepted"] == 0 < governed["counts"]["excepted"]
    controls = {each["control"] for each in governed["sections"][0]["evaluations"]}
    assert "acme-buckets-name-their-purpose" in controls
    later = json.loads(run("check", templates, "-f", "json", "-C", acme, "-w", "shop", "--as-of", "2027-06-01").out)
    assert later["counts"]["excepted"] == 0
