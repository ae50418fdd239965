"""assay snapshot as an engineer meets it: make one of recordings, look at it, compare it, judge it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sources import small_system as system

Run = Callable[..., Any]
SHOP = "555555555555"  # where acme's shop runs in production
GROUP = f"{SHOP}/eu-west-1/AWS::EC2::SecurityGroup/sg-0001"


def words(text: str) -> str:
    """Return what was printed, however its lines were broken."""
    return " ".join(text.split())


def recorded(folder: Path, items: list[dict[str, Any]], day: str) -> Path:
    folder.mkdir()
    text = json.dumps(system.snapshot(items)).replace(system.ACCOUNT, SHOP).replace("2026-10-01", day)
    (folder / "config.json").write_text(text)
    return folder


@pytest.fixture
def monday(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "snapshots" / "monday"
    said = run("snapshot", "write", recorded(tmp_path / "mon", system.items(), "2026-10-05"), "--out", path)
    assert said.code == 0, said.out + said.err
    assert "9 resources of 1 account from aws_config" in words(said.out)
    return path


@pytest.fixture
def tuesday(run: Run, tmp_path: Path) -> Path:
    """The open group is closed, the queue is gone, and nobody looked at volumes."""
    items = copy.deepcopy(system.items())
    left = [each for each in items if each["resourceType"] not in ("AWS::EC2::Volume", "AWS::SQS::Queue")]
    (gone,) = (each for each in items if each["resourceType"] == "AWS::SQS::Queue")
    left.append({**gone, "configurationItemStatus": "ResourceDeleted", "configuration": None})
    for each in left:
        if each["resourceType"] == "AWS::EC2::SecurityGroup":
            each["configuration"]["ipPermissions"] = []
    path = tmp_path / "snapshots" / "tuesday"
    assert run("snapshot", "write", recorded(tmp_path / "tue", left, "2026-10-06"), "--out", path).code == 0
    return path


def test_what_is_in_it(run: Run, monday: Path) -> None:
    said = run("snapshot", "show", monday, "--as-of", "2026-10-08")
    assert said.code == 0
    assert "the latest is 2 days old" in words(said.out)
    assert f"{SHOP} 2026-10-05 9 " in words(said.out)
    report = json.loads(run("snapshot", "show", monday, "-f", "json", "--verify").out)
    assert report["format"] == "assay.snapshot-survey/1"
    (one,) = report["snapshots"]
    assert sum(each["resources"] for each in one["counts"]) == one["resources"] == 9
    assert one["sources"] == ["aws_config"]


def test_of_several_what_is_gone_is_not_forgotten(run: Run, monday: Path, tuesday: Path) -> None:
    report = json.loads(run("snapshot", "show", monday.parent, "-f", "json").out)
    assert [Path(each["path"]).name for each in report["snapshots"]] == ["monday", "tuesday"]
    assert {(each["type"], each["gone"], each["last_seen"]) for each in report["lapsed"]} == {
        ("AWS::EC2::Volume", False, "2026-10-05T08:00:00Z"),
        ("AWS::SQS::Queue", True, "2026-10-05T08:00:00Z"),
    }
    assert "1 gone, 1 not looked at" in words(run("snapshot", "show", monday.parent).out)


def test_what_changed_and_which_verdicts_that_flips(run: Run, acme: Path, monday: Path, tuesday: Path) -> None:
    said = run("snapshot", "diff", monday, tuesday, "-C", acme, "--as-of", "2026-10-06", "--limit", "0")
    assert said.code == 0, said.out + said.err
    assert f"{SHOP} shop (prod)" in words(said.out)
    assert "gone: work" in said.out or "gone: https://sqs" in said.out
    assert "not seen (the newer snapshot did not look): vol-0001" in words(said.out)
    assert f"verdict: not met → met ec2-security-group-closes-ssh on {GROUP}" in words(said.out)
    back = run("snapshot", "diff", tuesday, monday, "-f", "json", "--as-of", "2026-10-06")
    assert back.code == 1
    report = json.loads(back.out)
    assert report["format"] == "assay.snapshot-diff/1"
    flip = next(each for each in report["flips"] if each["control"] == "ec2-security-group-closes-ssh")
    assert (flip["before"], flip["after"], flip["resource"]) == ("met", "not_met", GROUP)
    (change,) = (each for each in report["changed"] if each["id"] == GROUP)
    assert [each["path"] for each in change["differences"]] == [["SecurityGroupIngress"]]


def test_the_recordings_of_the_example(run: Run, acme: Path, tmp_path: Path) -> None:
    for day in ("monday", "tuesday"):
        said = run("snapshot", "write", acme.parent / "recordings" / f"{day}.json", "--out", tmp_path / day)
        assert said.code == 0
    said = run("snapshot", "diff", tmp_path / "monday", tmp_path / "tuesday", "-C", acme, "-f", "json")
    assert said.code == 1
    report = json.loads(said.out)
    assert {each["workload"] for each in report["changed"]} == {"shop (prod)"}
    assert {(each["control"], each["after"]) for each in report["flips"]} == {
        ("ec2-security-group-closes-ssh", "met"),
        ("rds-instance-deletion-protected", "not_met"),
    }


def test_nothing_differs_from_itself(run: Run, monday: Path) -> None:
    said = run("snapshot", "diff", monday, monday)
    assert said.code == 0
    assert "9 the same: nothing differs; 0 verdicts differ" in words(said.out)


def test_it_is_judged_as_a_template_is(run: Run, monday: Path) -> None:
    said = run("check", monday, "-c", "ec2-security-group-closes-ssh", "-f", "json")
    assert said.code == 1
    (found,) = json.loads(said.out)["sections"][0]["evaluations"]
    assert (found["resource"], found["account"], found["region"]) == (GROUP, SHOP, "eu-west-1")
    assert found["observed"] == "2026-10-05T08:00:00Z"


def test_workloads_are_judged_by_what_is_deployed(run: Run, acme: Path, monday: Path) -> None:
    said = run("assess", acme, "--snapshot", monday, "--as-of", "2026-10-05", "-f", "json", "-w", "shop", "-w", "lake")
    assert said.code == 1, said.err
    sections = {each["workload"]: each for each in json.loads(said.out)["sections"]}
    assert sections["shop"]["resources"] == 9
    assert sections["lake"]["resources"] == 0
    assert any(each["resource"] == GROUP and each["verdict"] == "not_met" for each in sections["shop"]["evaluations"])
    assert "does not reach account 666666666666" in json.dumps(sections["lake"]["gaps"])


def test_answers_of_cloud_control_need_a_time_and_secrets_are_not_kept(run: Run, tmp_path: Path) -> None:
    secret = "AKIA" + "ABCDEFGHIJKLMNOP"
    properties = json.dumps({"FunctionName": "f", "Environment": {"Variables": {"KEY": secret, "PLAIN": "kept"}}})
    answer = {"TypeName": "AWS::Lambda::Function", "ResourceDescription": {"Identifier": "f", "Properties": properties}}
    (tmp_path / "answer.json").write_text(json.dumps(answer))
    where = ("--account", SHOP, "--region", "eu-west-1", "--out", tmp_path / "s")
    refused = run("snapshot", "write", tmp_path / "answer.json", *where)
    assert refused.code == 2
    assert "--observed" in refused.err
    assert run("snapshot", "write", tmp_path / "answer.json", *where, "--observed", "2026-10-05T08:00Z").code == 0
    from assay.inventory.snapshot import open_snapshot, resources

    (found,) = resources(open_snapshot(tmp_path / "s"))
    assert "kept" in str(found.properties)
    assert secret not in str(found.properties)


@pytest.mark.parametrize("command", [("show",), ("diff", "same"), ("check",)])
def test_a_damaged_snapshot_is_named(run: Run, monday: Path, command: tuple[str, ...]) -> None:
    (part,) = monday.rglob("*.parquet")
    part.write_bytes(part.read_bytes()[:-1])
    given = ("check", monday) if command == ("check",) else ("snapshot", command[0], *[monday] * len(command))
    said = run(*given)
    assert said.code == 2
    assert "changed or cut short" in words(said.err)
    assert part.name in said.err.replace("\n", "")


def test_a_recording_that_breaks_off_is_a_gap(run: Run, tmp_path: Path) -> None:
    folder = recorded(tmp_path / "broken", system.items(), "2026-10-05")
    text = (folder / "config.json").read_text()
    (folder / "config.json").write_text(text[: len(text) // 2])
    said = run("snapshot", "write", folder, "--out", tmp_path / "s")
    assert said.code == 3
    assert "not read:" in said.out
    assert "the file is broken here" in words(said.out)


def test_what_holds_no_recording(run: Run, acme: Path, tmp_path: Path) -> None:
    said = run("snapshot", "write", acme / "workloads", "--out", tmp_path / "s")
    assert said.code == 2
    assert "no recording of AWS Config or Cloud Control" in words(said.err)
    assert run("snapshot", "show", tmp_path).code == 2
