"""assay guardrail replay: what policies would have done to recorded events."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.permissions.events import ACCOUNT, record, session, user, write

Run = Callable[..., Any]

SCP = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "TrailStays", "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}
  ]
}
"""
OPERATOR = f"arn:aws:iam::{ACCOUNT}:role/operator"


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    folder = tmp_path / "trail"
    stopped = {"requestParameters": {"name": "organisation"}, "userIdentity": session(OPERATOR)}
    write(folder / "1.json.gz", [record("cloudtrail:StopLogging", eventID="stop", **stopped), record()])
    write(folder / "2.json.gz", [record("cloudtrail:StopLogging", errorCode="AccessDenied", userIdentity=user())])
    return folder


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "scp.json"
    path.write_text(SCP)
    return path


def test_who_would_have_been_denied(run: Run, trail: Path, policy: Path) -> None:
    said = run("guardrail", "replay", trail, "--policy", policy)
    assert said.code == 1
    assert f"would be denied  {OPERATOR}  cloudtrail:StopLogging  in {ACCOUNT}" in said.out
    assert "1 of 1 such request, 2026-11-20T09:00:00Z" in said.out
    assert "by Deny TrailStays" in said.out
    assert "scp.json:4" in said.out
    assert "Of 3 events in 2 files" in said.out
    assert "1 would be denied; 1 allowed; 1 denied already" in said.out


def promised(page: str, name: str) -> set[str]:
    """The words in a page's paragraph on a format."""
    text = (Path(__file__).parents[2] / "docs" / page).read_text("utf-8")
    return set(re.findall(r"\w+", text.split(f"`{name}`", 2)[-1].split("\n\n")[0]))


def test_the_fields_are_documented(run: Run, trail: Path, policy: Path) -> None:
    found = json.loads(run("guardrail", "replay", trail, "-p", policy, "-f", "json").out)
    words = promised("replay.md", "assay.replay/1")
    for each in (found, found["policies"][0], found["events"], found["findings"][0]):
        assert set(each) - {"format"} <= words


def test_as_data(run: Run, trail: Path, policy: Path) -> None:
    found = json.loads(run("guardrail", "replay", trail, "--policy", policy, "--format", "json").out)
    assert found["format"] == "assay.replay/1"
    assert found["events"]["by_fate"]["denied already"] == 1
    (finding,) = found["findings"]
    assert finding["example"] == {
        "event": "stop",
        "resource": f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/organisation",
        "region": "eu-west-1",
    }
    rows = list(csv.DictReader(io.StringIO(run("guardrail", "replay", trail, "-p", policy, "-f", "csv").out)))
    assert [(row["principal"], row["events"]) for row in rows] == [(OPERATOR, "1")]


def test_side_by_side_gives_the_same(run: Run, trail: Path, policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.operations import replay_events

    one = run("guardrail", "replay", trail, "-p", policy, "-f", "json", "--processes", "1")
    monkeypatch.setattr(replay_events, "_AT_ONCE", 1)
    assert run("guardrail", "replay", trail, "-p", policy, "-f", "json", "--processes", "2") == one


def test_nothing_denied(run: Run, trail: Path, tmp_path: Path) -> None:
    harmless = tmp_path / "harmless.json"
    harmless.write_text(SCP.replace("cloudtrail:StopLogging", "organizations:LeaveOrganization"))
    assert run("guardrail", "replay", trail, "-p", harmless).code == 0


def test_a_policy_that_only_allows_passes_nothing(run: Run, trail: Path, tmp_path: Path) -> None:
    allows = tmp_path / "allows.json"
    allows.write_text(SCP.replace("Deny", "Allow"))
    said = run("guardrail", "replay", trail, "-p", allows)
    assert said.code == 3
    assert "allows.json denies nothing while FullAWSAccess is attached" in said.out
    assert run("guardrail", "replay", trail, "-p", allows, "--without-full-access").code == 1
    log = tmp_path / "promotions.jsonl"
    assert run("guardrail", "replay", trail, "-p", allows, "--promote", "warn", "--record", log).code == 1


def test_the_expected_denials_of_a_repository(run: Run, policy: Path, acme: Path, tmp_path: Path) -> None:
    shop = {"userIdentity": user("eve", "555555555555"), "recipientAccountId": "555555555555"}
    trail = write(tmp_path / "trail.json", [record("cloudtrail:StopLogging", **shop)])
    governance = tmp_path / "governance"
    shutil.copytree(acme, governance)
    ask = ("guardrail", "replay", trail, "-C", governance, "-p", policy, "--as-of", "2026-11-25")
    assert run(*ask).code == 1
    (governance / "guardrails").mkdir()
    (governance / "guardrails" / "expected-denials.yaml").write_text(
        '- {who: "*/eve", action: "cloudtrail:*", reason: retires, approver: ciso, expires: 2026-12-31}\n'
    )
    said = run(*ask)
    assert "expected until 2026-12-31: retires" in said.out
    assert said.code == 0


def test_what_is_undetermined_decides_the_exit_code(run: Run, trail: Path, tmp_path: Path) -> None:
    unsure = tmp_path / "unsure.json"
    condition = '"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}, "Resource": "*"'
    unsure.write_text(SCP.replace('"Resource": "*"', condition))
    said = run("guardrail", "replay", trail, "-p", unsure)
    assert said.code == 3
    assert "undetermined, as is not known: the key aws:principaltag/team is not given (1 event)" in said.out


def test_a_broken_file_is_said_and_no_step_is_granted(run: Run, trail: Path, policy: Path, tmp_path: Path) -> None:
    (trail / "3.json").write_text('{"Records": [')
    assert run("guardrail", "replay", trail, "-p", policy).code == 1
    (trail / "1.json.gz").unlink()
    said = run("guardrail", "replay", trail, "-p", policy)
    assert said.code == 2
    assert "not read: " in said.out
    assert "3.json:1" in said.out


def test_the_ramp(run: Run, trail: Path, policy: Path, tmp_path: Path) -> None:
    log = tmp_path / "promotions.jsonl"
    ask = ("guardrail", "replay", trail, "-p", policy, "--record", log, "--as-of", "2026-11-25")
    assert "The step to warn is granted" in run(*ask, "--promote", "warn").out
    refused = run(*ask, "--promote", "enforce")
    assert refused.code == 1
    assert f"{OPERATOR} cloudtrail:StopLogging in {ACCOUNT}: 1 of 1 would be denied" in refused.out
    expected = tmp_path / "expected.yaml"
    expected.write_text(
        f"- who: {OPERATOR}\n  action: cloudtrail:StopLogging\n  reason: retires in December\n"
        "  approver: ciso\n  expires: 2026-12-31\n"
    )
    granted = run(*ask, "--promote", "enforce", "--expected", expected)
    assert granted.code == 0
    assert "expected until 2026-12-31: retires in December (approved by ciso" in granted.out
    records = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(each["to"], each["granted"]) for each in records] == [
        ("warn", True),
        ("enforce", False),
        ("enforce", True),
    ]
    assert records[1]["refused"]
    later = (*ask[:-1], "2027-01-01", "--promote", "enforce", "--expected", expected)
    assert run(*later).code == 1


def test_the_guardrails_that_the_platform_declares(run: Run, acme: Path, tmp_path: Path) -> None:
    shop = "555555555555"
    trail = write(
        tmp_path / "trail.json",
        [
            record("organizations:LeaveOrganization", userIdentity=user(account=shop), recipientAccountId=shop),
            record("organizations:LeaveOrganization", userIdentity=user(account="111111111111")),
        ],
    )
    found = json.loads(run("guardrail", "replay", trail, "-C", acme, "-f", "json").out)
    assert found["organisation"] == "o-acme123456"
    assert found["policies"]
    fates = found["events"]["by_fate"]
    assert fates["not bound"] == 1, "no guardrail binds the management account"
    assert fates["would be denied"] + fates["allowed"] == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "say what to replay"),
        (("--policy", "nothing.json"), "nothing.json"),
        (("--policy", "{policy}", "--promote", "warn"), "--promote and --ledger or --record belong together"),
        (("--policy", "{policy}", "--promote", "warn", "--ledger", "x"), "--ledger and --by belong together"),
        (("--policy", "{policy}", "--at", "Workloads"), "add -C"),
        (("--policy", "{policy}", "--plan", "x"), "leave out --policy"),
        (("--plan", "nowhere"), "assay guardrail plan --out"),
        (("--policy", "{policy}", "-i", "x"), "add --plan FOLDER"),
        (("--policy", "{policy}", "-C", "{acme}", "--at", "Workload"), "did you mean Workloads?"),
        (("--policy", "{policy}", "--expected", "nothing.yaml"), "cannot read nothing.yaml"),
    ],
)
def test_mistakes(run: Run, trail: Path, policy: Path, acme: Path, arguments: tuple[str, ...], told: str) -> None:
    given = [each.format(policy=policy, acme=acme) for each in arguments]
    said = run("guardrail", "replay", trail, *given)
    assert said.code == 2
    assert told in said.err


def test_a_record_that_is_none_is_not_written_over(run: Run, trail: Path, policy: Path, tmp_path: Path) -> None:
    log = tmp_path / "notes.txt"
    log.write_text("dear diary\n")
    said = run("guardrail", "replay", trail, "-p", policy, "--promote", "warn", "--record", log)
    assert said.code == 2
    assert log.read_text() == "dear diary\n"
