"""Live accounts, collected from the command line and judged without credentials; killed, and gone on with."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Run
from tests.sources.aws.emulator import HOME, Emulated, emulated

from assay.inventory.snapshot import open_snapshot, resources
from assay.sources.aws.grants import needed
from assay.sources.aws.services import ENTRIES

EUROPE = "eu-west-1"
KINDS = ("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::EC2::SecurityGroup", "AWS::IAM::User", "AWS::RDS::DBInstance")
TYPES = [word for kind in KINDS for word in ("--type", kind)]


@pytest.fixture(scope="module")
def server() -> Iterator[Emulated]:
    with emulated() as found:
        yield found


@pytest.fixture
def aws(server: Emulated, monkeypatch: pytest.MonkeyPatch) -> Emulated:
    server.reset()
    for name, value in _environment(server).items():
        monkeypatch.setenv(name, value)
    return server


def _environment(server: Emulated) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": server.url,
    }


def _make(aws: Emulated) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": EUROPE})
    s3.put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
    aws.client("kms").create_key()
    aws.client("iam").create_user(UserName="ann")


def test_what_is_collected_is_judged_without_credentials(
    run: Run, aws: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(aws)
    out = tmp_path / "today"
    said = run("collect", "--out", out, "--region", EUROPE, *TYPES)
    assert said.code == 0, said.err
    assert "requests" in said.out
    for name in _environment(aws):
        monkeypatch.delenv(name)
    judged = run("check", out, "-c", "s3-bucket-versioned", "-c", "kms-key-rotated", "-f", "csv")
    assert judged.code == 1, judged.err
    verdicts = {row["control"]: row["verdict"] for row in csv.DictReader(judged.out.splitlines())}
    assert verdicts == {"s3-bucket-versioned": "met", "kms-key-rotated": "not_met"}


def test_the_folder_of_a_snapshot_is_not_written_into(run: Run, aws: Emulated, tmp_path: Path) -> None:
    arguments = ("collect", "--out", tmp_path / "s", "--region", EUROPE, "--type", "AWS::KMS::Key")
    assert run(*arguments).code == 0
    again = run(*arguments)
    assert again.code == 2
    assert "there is a snapshot in" in again.err


@pytest.mark.slow
def test_a_run_that_is_killed_is_gone_on_with(run: Run, aws: Emulated, tmp_path: Path) -> None:
    _make(aws)
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    arguments = ["collect", "--out", str(killed), "--region", EUROPE, *TYPES, "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "assay", *arguments], env={**os.environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    journal = killed / "unfinished.jsonl"
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if journal.exists() and journal.read_bytes().count(b"\n") >= 3:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    assert process.wait() == -signal.SIGKILL
    unfinished = run("check", killed)
    assert unfinished.code == 2
    assert "was never finished" in unfinished.err
    again = run(*arguments, "-f", "json")
    assert again.code == 0, again.err
    assert 2 <= json.loads(again.out)["continued"] < len(KINDS)
    assert run("collect", "--out", whole, "--region", EUROPE, *TYPES).code == 0
    assert _documents(killed) == _documents(whole)


def _documents(out: Path) -> dict[str, Any]:
    return {each.id: dict(each.properties) for each in resources(open_snapshot(out))}


def test_the_catalogue_and_the_policy_are_printed_without_credentials(run: Run) -> None:
    listed = run("collect", "--catalogue")
    assert listed.code == 0
    assert f"{len(ENTRIES)} types; " in listed.out
    named = json.loads(run("collect", "--catalogue", "-f", "json").out)
    assert [each["type"] for each in named["types"]] == sorted(ENTRIES)
    policy = json.loads(run("collect", "--policy", "-f", "json").out)
    actions = [each for one in policy["policies"] for statement in one["Statement"] for each in statement["Action"]]
    assert sorted(actions) == list(needed(ENTRIES.values()))
    only = json.loads(run("collect", "--policy", "--type", "AWS::KMS::Key").out)
    assert {"kms:ListKeys", "kms:GetKeyPolicy"} <= {each for one in only["Statement"] for each in one["Action"]}
    assert not any("s3:" in each for one in only["Statement"] for each in one["Action"])


def test_policies_are_files_that_our_own_linter_finds_nothing_in(run: Run, tmp_path: Path) -> None:
    assert run("collect", "--policy", "--out", tmp_path / "policies").code == 0
    checked = run("policy", "check", tmp_path / "policies", "-f", "json")
    assert checked.code in (0, 1), checked.err
    found = json.loads(checked.out)
    assert found["policies"]
    assert [each["findings"] for each in found["policies"] if each["findings"]] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--type", "AWS::S3::Buckett", "--out", "x"), "did you mean AWS::S3::Bucket?"),
        ((), "where to? add --out DIR"),
        (("--external-id", "x", "--out", "x"), "--external-id is about a role; add --role"),
    ],
)
def test_what_cannot_be_wished_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    found = run("collect", *arguments)
    assert found.code == 2
    assert said in found.err


def test_without_credentials_it_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    found = run("collect", "--out", tmp_path / "s", "--region", EUROPE)
    assert found.code == 2
    assert "there are no credentials for AWS" in found.err


def test_an_unknown_says_which_api_of_which_account(run: Run, aws: Emulated, tmp_path: Path) -> None:
    """The emulator knows nothing of the defaults of instance metadata: what it answers is no answer."""
    out = tmp_path / "s"
    run("collect", "--out", out, "--region", EUROPE, "--type", "Assay::InstanceMetadataDefaults")
    (found,) = resources(open_snapshot(out))
    reason: Any = found.properties["HttpTokens"]
    assert reason.reason.subject == "ec2:GetInstanceMetadataDefaults"
    assert f"account {HOME}, {EUROPE}" in str(reason.reason)
