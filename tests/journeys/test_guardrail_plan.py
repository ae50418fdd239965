"""assay guardrail plan and probe: from invariants to documents that can be attached, tried after they were edited."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.snapshot import Asked, Writer
from assay.inventory.values import Value
from assay.operations.guardrail import plan_guardrails, write_plan
from assay.permissions.guardrails import read_guardrails
from assay.reports import guardrail as report
from assay.sources.cloudformation import Context, read

Run = Callable[..., Any]
ACME = Path(__file__).parents[2] / "examples" / "acme"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of acme's plan, made once."""
    planned = plan_guardrails(ACME)
    made, ground = planned.plan, planned.ground
    document = report.document(
        made, ground.organisation, ground.units, planned.held, planned.changes, planned.losses
    )  # fmt: skip
    target = tmp_path_factory.mktemp("acme") / "plan"
    write_plan(made, document, report.probes_document(made, ground.organisation, ground.units), target)
    return target


@pytest.fixture
def plan(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "plan"))


def test_the_plan_says_what_is_attached_proved_changed_and_lost(run: Run, acme: Path, tmp_path: Path) -> None:
    said = run("guardrail", "plan", acme, "--out", tmp_path / "plan")
    assert said.code == 0
    for expected in (
        "scp-root-1  at Root; ",
        "binds 7 of 7 member accounts; never the management account 111111111111; service-linked roles",
        "scp-root-1 allows exactly what the statements one by one do",
        "invariants are proved in all 7 member accounts under this plan",
        "Roles and users that lose something",
        "AnalystRole (666666666666)",
        "Not enforced by these guardrails",
    ):
        assert expected in said.out, expected
    document = json.loads((tmp_path / "plan" / "plan.json").read_text())
    assert document["format"] == "assay.guardrail-plan/1"
    assert {each["kind"] for each in document["policies"]} == {"scp", "rcp"}
    assert all(each["characters"] <= each["quota"] for each in document["policies"])
    assert {each["comparison"] for each in document["packing"]} == {"equal"}
    assert not document["troubles"]


def test_the_files_are_policies_a_template_and_requests_that_are_decided_as_stated(run: Run, plan: Path) -> None:
    names = {str(each.relative_to(plan)) for each in plan.rglob("*.json")}
    assert {"plan.json", "probes.json", "guardrails.template.json", "policies/scp-root-1.json"} <= names
    said = run("guardrail", "probe", plan)
    assert said.code == 0
    assert "requests are decided as stated" in said.out


def test_the_template_declares_the_same_guardrails(plan: Path) -> None:
    context = Context(parameters={"NodeRoot": "r-a1b2"})
    found = read_guardrails(read([plan / "guardrails.template.json"], context))
    assert not any(found.gaps.values())
    policies = {path.stem: json.loads(path.read_text()) for path in (plan / "policies").glob("[sr]cp-*.json")}
    assert {each.nodes for each in found.found} == {frozenset({"Root"})}
    declared = {each.name: [one.sid for one in each.policy.statements] for each in found.found}
    assert sorted(declared.values()) == sorted([one["Sid"] for one in each["Statement"]] for each in policies.values())


def test_a_statement_that_was_removed_by_hand_is_noticed_by_a_request(run: Run, plan: Path) -> None:
    path = plan / "policies" / "scp-root-1.json"
    document = json.loads(path.read_text())
    document["Statement"] = [each for each in document["Statement"] if each["Sid"] != "RootUserDoesNothing"]
    path.write_text(json.dumps(document))
    said = run("guardrail", "probe", plan, "-f", "json")
    assert said.code == 1
    wrong = json.loads(said.out)["wrong"]
    assert {each["invariant"] for each in wrong} == {"root-user-does-nothing"}
    assert all(each["found"] == "allowed" for each in wrong)


def test_what_is_only_observed_is_named_and_not_compiled_until_asked_for(run: Run, write: Callable[..., Path]) -> None:
    more = "regions: [eu-west-1]\nenforcement:\n  only-allowed-regions: {state: observe}\n"
    more += "  organisation-cannot-be-left: {at: [Workloads]}\n"
    directory = write({"organisation.yaml": ("regions: [eu-west-1]\n", more)})
    document = json.loads(run("guardrail", "plan", directory, "-f", "json").out)
    compiled = {name: each["nodes"] for each in document["policies"] for name in each["invariants"]}
    assert "only-allowed-regions" not in compiled
    assert compiled["organisation-cannot-be-left"] == ["Workloads"]
    held = {each["id"]: each["state"] for each in document["not_enforced"]}
    assert held["only-allowed-regions"] == "observe"
    document = json.loads(run("guardrail", "plan", directory, "--state", "observe", "-f", "json").out)
    assert "only-allowed-regions" in {name for each in document["policies"] for name in each["invariants"]}


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("  only-allowed-region: {}", "did you mean only-allowed-regions?"),
        ("  only-allowed-regions: {at: [Worklods]}", "did you mean Workloads?"),
        ('  only-allowed-regions: {at: ["111111111111"]}', "no guardrail binds the management account"),
        ("  only-allowed-regions: {at: []}", "enforced nowhere"),
        ("  only-allowed-regions: {state: on}", "state"),
    ],
)
def test_a_wrong_entry_is_a_fault_with_its_line(run: Run, write: Callable[..., Path], stated: str, says: str) -> None:
    more = f"regions: [eu-west-1]\nenforcement:\n{stated}\n"
    said = run("guardrail", "plan", write({"organisation.yaml": ("regions: [eu-west-1]\n", more)}))
    assert said.code == 2
    assert says in said.err
    assert "organisation.yaml:1" in said.err


def test_a_folder_with_something_in_it_is_not_written_to(run: Run, acme: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    said = run("guardrail", "plan", acme, "--out", tmp_path)
    assert said.code == 2
    assert "is not empty" in said.err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda it: it | {"format": "assay.probes/9"}, "not the probes of a plan"),
        (lambda it: it | {"probes": 3}, "probes is a number"),
        (lambda it: it | {"units": []}, "units is a list"),
        (lambda it: it | {"policies": [{"file": "../../etc/passwd", "kind": "scp", "nodes": []}]}, "leads out of"),
        (lambda it: it | {"policies": [{"file": "gone.json", "kind": "scp", "nodes": []}]}, "cannot be read"),
        (lambda it: it | {"policies": [{"kind": "scp"}]}, "not stated whole"),
        (lambda it: it | {"probes": [{**it["probes"][0], "expected": "perhaps"}]}, "not stated whole"),
        (lambda it: it | {"probes": [{**it["probes"][0], "action": "*"}]}, "the action '*'"),
        (lambda it: it | {"probes": [{**it["probes"][0], "surprise": 1}]}, "unknown field 'surprise'"),
    ],
)
def test_hostile_requests_are_faults_with_their_place(
    run: Run, plan: Path, edit: Callable[[dict[str, Any]], dict[str, Any]], says: str
) -> None:
    path = plan / "probes.json"
    path.write_text(json.dumps(edit(json.loads(path.read_text()))))
    said = run("guardrail", "probe", plan)
    assert said.code == 2
    assert says in said.err
    assert "probes.json:1" in said.err or "gone.json" in said.err


def test_a_folder_without_a_plan_is_said(run: Run, tmp_path: Path) -> None:
    said = run("guardrail", "probe", tmp_path)
    assert said.code == 2
    assert "assay guardrail plan --out" in said.err


def test_what_is_attached_and_who_loses_is_taken_from_a_snapshot(run: Run, write: Callable[..., Path]) -> None:
    directory = write({})
    member, management = "222222222222", "111111111111"
    deny: Value = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
    grant: Value = {"Effect": "Allow", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    service: Value = {"Service": "ec2.amazonaws.com"}
    trust: Value = {"Statement": [{"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}]}
    role: dict[str, Value] = {
        "RoleName": "runner",
        "Arn": f"arn:aws:iam::{member}:role/runner",
        "Path": "/",
        "ManagedPolicyArns": [],
        "AssumeRolePolicyDocument": trust,
        "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [grant]}}],
    }
    unit: dict[str, Value] = {"Id": "ou-a1b2-11111111", "Name": "Workloads", "ParentId": "r-a1b2"}
    policy: dict[str, Value] = {"Id": "p-12345678", "Name": "old", "Type": "SERVICE_CONTROL_POLICY", "Content": deny,
              "TargetIds": ["ou-a1b2-11111111"]}  # fmt: skip
    origin = Origin("aws", Position("aws"), management, "", "2026-11-25T00:00:00Z")
    live = [
        Resource("u", "AWS::Organizations::OrganizationalUnit", "Workloads", unit, origin),
        Resource("p", "AWS::Organizations::Policy", "old", policy, origin),
        Resource("r", "AWS::IAM::Role", "runner", role, replace(origin, account=member)),
    ]
    folder = directory.parent / "snapshot"
    writer = Writer(folder, Asked(), redact=lambda value: value)
    with writer.unit("everything") as filled:
        filled.append(live)
        filled.reached(management, "global", ["AWS::Organizations::Policy"])
    writer.finish()
    document = json.loads(run("guardrail", "plan", directory, "--snapshot", folder, "-f", "json").out)
    (change,) = [each for each in document["changes"] if each["kind"] == "scp"]
    assert change["new"]["request"]["action"].startswith("s3:")  # what is attached there is not planned
    # Whether other policies are attached to the role was not looked at: what it may lose beside that is not certain.
    (certain,) = [each for each in document["losses"] if each["certain"]]
    assert certain["identity"] == "runner"
    assert certain["example"]["request"]["action"] == "organizations:LeaveOrganization"
