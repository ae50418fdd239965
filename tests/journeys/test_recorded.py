"""assay check on what AWS says to exist, as an engineer meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sources import small_system as system

Run = Callable[..., Any]
SSH = ("-c", "ec2-security-group-closes-ssh")


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(system.snapshot()))
    return path


def test_an_open_group_in_a_snapshot_is_found_with_its_id_and_its_rule(run: Run, recorded: Path) -> None:
    said = run("check", recorded, *SSH)
    assert said.code == 1, said.out
    assert "sg-0001 (AWS::EC2::SecurityGroup)" in said.out
    assert "0.0.0.0/0" in said.out


def test_what_a_snapshot_does_not_say_exits_with_3_and_says_who_did_not(run: Run, recorded: Path) -> None:
    said = run("check", recorded, "-c", "s3-bucket-acls-disabled")
    assert said.code == 3, said.out
    assert "AWS Config does not say OwnershipControls of AWS::S3::Bucket" in said.out


def test_a_broken_snapshot_is_no_clean_answer_and_what_was_before_is_judged(run: Run, recorded: Path) -> None:
    text = recorded.read_text()
    recorded.write_text(text[: text.index('"AWS::EC2::VPC"') + 4000])
    said = run("check", recorded, "-c", "s3-bucket-requires-tls")
    assert said.code == 2, said.out
    assert "1 of 1 met" in said.out
    assert "the file is broken here" in " ".join(said.out.split())
    assert run("check", recorded, *SSH).code == 1  # what is found is found


def test_descriptions_are_where_the_options_say(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "described.jsonl"
    path.write_text("\n".join(map(json.dumps, system.descriptions())))
    said = run("check", path, "--account", system.ACCOUNT, "--region", system.REGION, "-f", "json", *SSH)
    assert said.code == 1, said.out
    report = json.dumps(json.loads(said.out))
    assert f"{system.ACCOUNT}/{system.REGION}/AWS::EC2::SecurityGroup/sg-0001" in report
