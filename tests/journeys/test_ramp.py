"""From observing over warning to enforcing: a plan, its replay, the steps on record, and the plan that they allow."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.permissions.events import record, user, write

from assay.governance.repository import read_repository

Run = Callable[..., Any]
SHOP = "222222222222"
LEAVING = "organisation-cannot-be-left"
EVE = f"arn:aws:iam::{SHOP}:user/eve"
BY = ("--by", "ann@acme.example")


@pytest.fixture
def governance(write: Callable[..., Path]) -> Path:
    """A repository whose invariants are all observed only."""
    directory = write({})
    _state(directory, **{each: {"state": "observe"} for each in read_repository(directory).invariants})
    return directory


def _words(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def _state(directory: Path, **changed: Any) -> None:
    path = directory / "organisation.yaml"
    stated = yaml.safe_load(path.read_text())
    stated["enforcement"] = {**stated.get("enforcement", {}), **{name: dict(each) for name, each in changed.items()}}
    path.write_text(yaml.safe_dump(stated, sort_keys=False))


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    leaves = record("organizations:LeaveOrganization", userIdentity=user("eve", SHOP), recipientAccountId=SHOP)
    return write(tmp_path / "trail" / "1.json.gz", [leaves, record(recipientAccountId=SHOP)])


@pytest.fixture
def expected(tmp_path: Path) -> Path:
    path = tmp_path / "expected.yaml"
    path.write_text(f"- {{who: {EVE}, action: 'organizations:*', reason: goes, approver: ciso, expires: 2026-12-31}}\n")
    return path


def test_an_invariant_takes_every_step_on_evidence(
    run: Run, governance: Path, trail: Path, expected: Path, tmp_path: Path
) -> None:
    ledger, folder = tmp_path / "ledger", tmp_path / "plan"
    run("ledger", "init", ledger, "--name", "acme.example/assurance")
    assert run("guardrail", "plan", governance, "--state", "observe", "--out", folder).code == 0

    ask: tuple[object, ...] = ("guardrail", "replay", trail, "--plan", folder, "-i", LEAVING, "--as-of", "2026-11-25")
    ask += ("--ledger", ledger, *BY)
    said = run(*ask, "--promote", "enforce", "--expected", expected)
    assert said.code == 1
    assert "no granted step to warn on record" in said.out
    said = run(*ask, "--promote", "warn")
    assert "The step to warn is granted" in said.out
    assert "recorded as run" in said.err
    said = run(*ask, "--promote", "enforce")
    assert said.code == 1
    why = f"unexplained: {EVE} organizations:LeaveOrganization in {SHOP}: 1 of 1 would be denied"
    assert why in _words(said.out)

    _state(governance, **{LEAVING: {"state": "enforce"}})
    plan = ("guardrail", "plan", governance, "--ledger", ledger)
    said = run(*plan)
    assert said.code == 1
    assert f"{LEAVING}: its state is enforce, and no granted step to enforce at Root is on record" in _words(said.out)

    assert run(*ask, "--promote", "enforce", "--expected", expected).code == 0
    assert run(*plan).code == 0
    _state(governance, **{"accounts-cannot-be-closed": {}})
    troubles = json.loads(run(*plan, "-f", "json").out)["troubles"]
    assert [each.partition(":")[0] for each in troubles] == ["accounts-cannot-be-closed"], "packed into one document"
    _state(governance, **{LEAVING: {"at": ["Workloads"]}, "accounts-cannot-be-closed": {"state": "observe"}})
    assert run(*plan).code == 1, "what was granted was granted at the root"

    shown = json.loads(run("decisions", ledger, "-f", "json").out)["decisions"]
    assert [each["outcome"] for each in shown] == ["refused", "granted", "refused", "granted"]
    assert {(each["subject"], each["by"], each["again"]) for each in shown} == {
        (f"{LEAVING} at Root", BY[1], "reproduced")
    }
    assert {each["effective"] for each in shown} == {"2026-11-25T00:00:00Z"}
    verified = run("verify", ledger, "--public-key", f"{ledger}.key.pub")
    assert verified.code == 0
    assert "4 decisions, each the same again" in verified.out


def test_a_file_of_records_serves_as_well(
    run: Run, governance: Path, trail: Path, expected: Path, tmp_path: Path
) -> None:
    log, folder = tmp_path / "promotions.jsonl", tmp_path / "plan"
    _state(governance, **{LEAVING: {"state": "enforce"}})
    assert run("guardrail", "plan", governance, "--out", folder).code == 0
    ask = ("guardrail", "replay", trail, "--plan", folder, "--expected", expected, "--as-of", "2026-11-25")
    assert run(*ask, "--record", log, "--promote", "warn").code == 0
    assert run("guardrail", "plan", governance, "--promotions", log).code == 1
    assert run(*ask, "--record", log, "--promote", "enforce").code == 0
    assert run("guardrail", "plan", governance, "--promotions", log).code == 0
    log.write_text(log.read_text().replace('"granted": true', '"granted": "yes"'))
    said = run("guardrail", "plan", governance, "--promotions", log)
    assert said.code == 2
    assert "promotions.jsonl:1: expected a record of a decision" in said.err
    said = run("guardrail", "plan", governance, "--promotions", tmp_path / "nowhere.jsonl")
    assert said.code == 2, "a file that is not there grants nothing, and is no empty one"


def test_a_plan_that_was_edited_is_not_replayed(run: Run, governance: Path, trail: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    _state(governance, **{LEAVING: {"state": "enforce"}})
    run("guardrail", "plan", governance, "--out", folder)
    ask = ("guardrail", "replay", trail, "--plan", folder)
    assert run(*ask).code == 1
    said = run(*ask, "-i", "organisation-cannot-be-leaved")
    assert said.code == 2
    assert f"did you mean {LEAVING}?" in said.err
    for name in (f"invariants/{LEAVING}.json", "policies/scp-root-1.json"):
        path = folder / name
        kept = path.read_text()
        path.write_text(kept.replace("LeaveOrganization", "CloseAccount"))
        said = run(*ask)
        assert said.code == 2
        assert f"{path} at Root is not as planned" in said.err
        assert "plan.json:" in said.err
        path.write_text(kept)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda it: {**it, "format": "assay.guardrail-plan/9"}, "not the plan of guardrails"),
        (lambda it: {**it, "apart": 3}, "apart is a number"),
        (lambda it: {**it, "units": []}, "units is a list"),
        (lambda it: {**it, "apart": [3]}, "not stated whole"),
        (lambda it: {**it, "apart": [{**it["apart"][0], "nodes": []}]}, "not stated whole"),
        (lambda it: {**it, "apart": [{**it["apart"][0], "nodes": ["Security"]}]}, "at Security is not as planned"),
        (lambda it: {**it, "apart": [{**it["apart"][0], "file": "../../etc/passwd"}]}, "leads out of"),
        (lambda it: {**it, "apart": [{**it["apart"][0], "file": "gone.json"}]}, "cannot be read"),
    ],
)
def test_hostile_plans_are_faults_with_their_place(
    run: Run, small: Path, trail: Path, edit: Callable[[dict[str, Any]], dict[str, Any]], says: str
) -> None:
    path = small / "plan.json"
    path.write_text(json.dumps(edit(json.loads(path.read_text()))))
    said = run("guardrail", "replay", trail, "--plan", small)
    assert said.code == 2
    assert says in said.err


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A plan of one invariant, written by hand."""
    folder = tmp_path / "small"
    (folder / "invariants").mkdir(parents=True)
    denied = {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [denied]}
    (folder / "invariants" / f"{LEAVING}.json").write_text(json.dumps(policy))
    stated = {"kind": "scp", "file": f"invariants/{LEAVING}.json", "nodes": ["Root"], "digest": ""}
    plan = {"format": "assay.guardrail-plan/1", "organisation": "o-1", "management": "111111111111",
            "units": {SHOP: "Workloads/Prod"}, "policies": [], "apart": [stated]}  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(plan))
    return folder
