"""assay prove: what the guardrails of the platform's templates make impossible."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.governance.repository import Repository, read_repository
from assay.inventory.resource import Inventory
from assay.operations.assess import read_workload
from assay.operations.ground import ground_of, understood
from assay.operations.prove import about
from assay.permissions.policy import Policy
from assay.permissions.proof import Verdict
from assay.permissions.proof import prove as prove_guardrails
from assay.permissions.repair import repair, repair_subject
from assay.reports import proof

Run = Callable[..., Any]
Write = Callable[..., Path]

PLATFORM = """\
id: platform
title: Platform
owner: team-platform
exposure: internal
platform: true
templates:
  - {path: ../templates/platform, region: eu-west-1, parameters: {prod: {Stage: prod}}}
"""
TREE = """\
Parameters: {Stage: {Type: String}, Secret: {Type: String}}
Resources:
  Organisation: {Type: AWS::Organizations::Organization, Properties: {FeatureSet: ALL}}
  Workloads:
    Type: AWS::Organizations::OrganizationalUnit
    Properties: {Name: Workloads, ParentId: !GetAtt Organisation.RootId}
  Prod:
    Type: AWS::Organizations::OrganizationalUnit
    Properties: {Name: Prod, ParentId: !Ref Workloads}
"""
GUARD = """\
  Guard:
    Type: AWS::Organizations::Policy
    Properties:
      Name: guard
      Type: SERVICE_CONTROL_POLICY
      TargetIds: [{target}]
      Content:
        Version: "2012-10-17"
        Statement:
"""
STATEMENTS = {
    "organisation-cannot-be-left": """\
          - {Sid: Stay, Effect: Deny, Action: organizations:LeaveOrganization, Resource: "*"}
""",
    "trail-cannot-be-stopped": """\
          - Sid: Trail
            Effect: Deny
            Action: [cloudtrail:StopLogging, cloudtrail:DeleteTrail, cloudtrail:Update*, cloudtrail:PutEventSelectors]
            Resource: "*"
            Condition: {ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}}
""",
    "root-user-does-nothing": """\
          - Sid: Root
            Effect: Deny
            Action: "*"
            Resource: "*"
            Condition: {ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:root"}}
""",
    "only-allowed-regions": """\
          - Sid: Regions
            Effect: Deny
            NotAction: ["iam:*", "sts:*", "s3:*", "kms:*", "route53:*", "cloudfront:*", "support:*"]
            Resource: "*"
            Condition: {StringNotEquals: {"aws:RequestedRegion": [eu-west-1, eu-central-1]}}
""",
}
ROLE = "arn:aws:iam::*:role/break-glass"


@pytest.fixture
def prove(run: Run, write: Write) -> Callable[..., dict[str, Any]]:
    """Prove over the small organisation with these statements; the answer as JSON with the exit code."""

    def answer(
        statements: Mapping[str, str] = STATEMENTS,
        *,
        target: str = "!GetAtt Organisation.RootId",
        more: str = "",
        only: tuple[str, ...] = tuple(STATEMENTS),
        exempt: tuple[str, ...] = (ROLE,),
        files: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        guard = GUARD.replace("{target}", target) + "".join(statements.values()) if statements else ""
        changes = {
            "workloads/platform.yaml": PLATFORM,
            "templates/platform/guardrails.yaml": TREE + guard + more,
            "organisation.yaml": ("regions: [eu-west-1]", "regions: [eu-west-1, eu-central-1]"),
            **(files or {}),
        }
        directory = write(changes)
        options = [option for each in only for option in ("-i", each)]
        options += [option for each in exempt for option in ("--exempt", each)]
        said = run("prove", directory, "-f", "json", *options)
        return {"code": said.code, "err": said.err, **(json.loads(said.out) if said.code in (0, 1, 3) else {})}

    return answer


def verdicts(answer: Mapping[str, Any]) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in answer["invariants"]}


def test_guardrails_that_hold_are_proved(prove: Callable[..., dict[str, Any]]) -> None:
    answer = prove()
    assert verdicts(answer) == dict.fromkeys(STATEMENTS, "proved")
    assert answer["code"] == 0
    assert answer["reach"]["accounts"] == ["222222222222"]
    assert "the management account 111111111111" in answer["reach"]["not_bound"]
    proof = answer["invariants"][0]["groups"][0]["never"][0]
    assert proof["answer"] == "none"
    assert {"scope", "policies", "assumptions", "used"} <= set(proof)
    assert [each["sid"] for each in proof["used"]] == ["Regions"]
    line = proof["used"][0]["line"]
    assert "Regions" in (Path(proof["used"][0]["file"]).read_text().splitlines()[line - 1])


@pytest.mark.parametrize("dropped", STATEMENTS)
def test_without_one_statement_exactly_its_invariant_falls(dropped: str, prove: Callable[..., dict[str, Any]]) -> None:
    answer = prove({name: each for name, each in STATEMENTS.items() if name != dropped})
    assert verdicts(answer) == {name: "falls" if name == dropped else "proved" for name in STATEMENTS}
    assert answer["code"] == 1
    fallen = next(each for each in answer["invariants"] if each["id"] == dropped)
    (request,) = [each["request"] for each in fallen["groups"][0]["never"]]
    assert request["account"] == "222222222222"
    assert fallen["repair"]


def test_an_exemption_is_a_way_through_unless_it_is_declared(prove: Callable[..., dict[str, Any]]) -> None:
    answer = prove(exempt=())
    fallen = {name for name, verdict in verdicts(answer).items() if verdict != "proved"}
    assert fallen == {"trail-cannot-be-stopped"}
    (proof,) = [each for each in answer["invariants"] if each["id"] == "trail-cannot-be-stopped"]
    assert proof["groups"][0]["never"][0]["request"]["principal"].startswith(
        "arn:aws:sts::222222222222:assumed-role/break-glass/"
    )


@pytest.mark.parametrize(
    ("target", "bound"),
    [
        ('"222222222222"', True),
        ("!Ref Prod", True),
        ("!Ref Workloads", True),
        ("r-ab12", True),
        ('"111111111111"', False),
    ],
)
def test_a_guardrail_binds_the_accounts_below_its_target(
    target: str, bound: bool, prove: Callable[..., dict[str, Any]]
) -> None:
    answer = prove(target=target)
    assert set(verdicts(answer).values()) == {"proved" if bound else "falls"}


@pytest.mark.parametrize("target", ["ou-ab12-cdef3456", "!Ref Elsewhere", '!ImportValue "unit"'])
def test_a_target_that_cannot_be_told_leaves_it_undetermined(target: str, prove: Callable[..., dict[str, Any]]) -> None:
    answer = (
        prove(target=target, files={})
        if "Elsewhere" not in target
        else prove(target=target, files={"templates/platform/guardrails.yaml": _with_parameter(target)})
    )
    assert set(verdicts(answer).values()) == {"undetermined"}
    assert answer["code"] == 3
    assert any("a target of Guard" in each for each in answer["invariants"][0]["gaps"]), answer["invariants"][0]["gaps"]


def _with_parameter(target: str) -> str:
    tree = TREE.replace("Secret: {Type: String}", "Elsewhere: {Type: String}")
    return tree + GUARD.replace("{target}", target) + "".join(STATEMENTS.values())


def test_a_statement_that_cannot_be_read_never_falls_nor_proves(prove: Callable[..., dict[str, Any]]) -> None:
    hole = STATEMENTS["trail-cannot-be-stopped"].replace('"arn:aws:iam::*:role/break-glass"', "!Ref Secret")
    answer = prove({**STATEMENTS, "trail-cannot-be-stopped": hole})
    assert verdicts(answer)["trail-cannot-be-stopped"] == "undetermined"
    assert any("parameter Secret" in gap for gap in answer["invariants"][-1]["gaps"])


def test_a_guardrail_that_forbids_everything_proves_nothing(prove: Callable[..., dict[str, Any]]) -> None:
    answer = prove({"all": '          - {Sid: No, Effect: Deny, Action: "*", Resource: "*"}\n'})
    assert set(verdicts(answer).values()) == {"forbids too much"}
    assert answer["code"] == 1


PERIMETER = """\
  Perimeter:
    Type: AWS::Organizations::Policy
    Properties:
      Name: perimeter
      Type: RESOURCE_CONTROL_POLICY
      TargetIds: [!GetAtt Organisation.RootId]
      Content:
        Version: "2012-10-17"
        Statement:
          - Sid: Ours
            Effect: Deny
            Principal: "*"
            Action: ["s3:*", "kms:*", "sqs:*", "secretsmanager:*"]
            Resource: "*"
            Condition:
              StringNotEqualsIfExists: {"aws:PrincipalOrgID": o-exampleorg1}
              BoolIfExists: {"aws:PrincipalIsAWSService": "false"}
          - Sid: Deputy
            Effect: Deny
            Principal: "*"
            Action: ["s3:*", "kms:*", "sqs:*", "secretsmanager:*"]
            Resource: "*"
            Condition:
              StringNotEqualsIfExists: {"aws:SourceOrgID": o-exampleorg1}
              "Null": {"aws:SourceAccount": "false"}
              Bool: {"aws:PrincipalIsAWSService": "true"}
"""
OUTSIDE = ("objects-are-not-read-from-outside", "keys-are-not-used-from-outside", "services-act-only-for-us")


def test_a_perimeter_of_resources_is_proved(prove: Callable[..., dict[str, Any]]) -> None:
    assert verdicts(prove(more=PERIMETER, only=OUTSIDE)) == dict.fromkeys(OUTSIDE, "proved")
    assert verdicts(prove(only=OUTSIDE)) == dict.fromkeys(OUTSIDE, "falls")


def test_each_half_of_the_perimeter_carries_its_own(prove: Callable[..., dict[str, Any]]) -> None:
    people = PERIMETER.partition("          - Sid: Deputy")[0]
    assert verdicts(prove(more=people, only=OUTSIDE)) == {
        "objects-are-not-read-from-outside": "proved",
        "keys-are-not-used-from-outside": "proved",
        "services-act-only-for-us": "falls",
    }


OWN = """\
id: {id}
title: Nobody runs the largest instances
objective: data-can-be-recovered
why: They are dear.
severity: low
side: principal
never: [{Action: ec2:RunInstances, Condition: {StringLike: {"ec2:InstanceType": "*.metal"}}}]
still: [{Action: ec2:RunInstances, Condition: {StringEquals: {"ec2:InstanceType": t3.micro}}}]
repair: Deny it.
"""


def test_a_repository_has_invariants_of_its_own(prove: Callable[..., dict[str, Any]]) -> None:
    own = {"invariants/no-metal.yaml": OWN.replace("{id}", "no-metal")}
    assert verdicts(prove(only=("no-metal",), files=own)) == {"no-metal": "falls"}
    condition = '{StringLike: {"ec2:InstanceType": "*metal"}}'
    metal = f'          - {{Effect: Deny, Action: "ec2:*", Resource: "*", Condition: {condition}}}\n'
    assert verdicts(prove({"metal": metal}, only=("no-metal",), files=own)) == {"no-metal": "proved"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("never:", "nevr:"), "did you mean never?"),
        (("Action: ec2", "Actoin: ec2"), "did you mean Action?"),
        (("severity: low", "severity: lo"), "did you mean low?"),
        (("objective: data-can-be-recovered\n", ""), "'objective' is missing"),
        (("side: principal", "side: principle"), "did you mean principal?"),
        (("still: [{", "still: [{way: x, "), "unknown element 'way'"),
        (("never: [{Action", "never: [{way: two steps, all: []}, {Action"), "all is no list of statements"),
        (("StringLike", "StringLik"), "did you mean StringLike?"),
        (("Action: ec2:RunInstances, ", ""), "neither Action nor NotAction"),
        (("why: They are dear.\n", ""), "'why' is missing"),
    ],
)
def test_a_wrong_invariant_exits_with_2(
    change: tuple[str, str], expected: str, prove: Callable[..., dict[str, Any]]
) -> None:
    own = {"invariants/no-metal.yaml": OWN.replace("{id}", "no-metal").replace(*change, 1)}
    answer = prove(files=own)
    assert answer["code"] == 2
    assert expected in answer["err"]


def test_a_guardrail_that_aws_would_refuse_exits_with_2(prove: Callable[..., dict[str, Any]]) -> None:
    wrong = STATEMENTS["root-user-does-nothing"].replace("ArnLike", "ArnLik")
    answer = prove({"root": wrong})
    assert answer["code"] == 2
    assert "did you mean ArnLike?" in answer["err"]


def test_more_guardrails_than_may_be_attached_exits_with_2(prove: Callable[..., dict[str, Any]]) -> None:
    one = GUARD.replace("{target}", "!Ref Prod") + STATEMENTS["organisation-cannot-be-left"]
    more = "".join(one.replace("Guard:", f"Guard{number}:") for number in range(5))
    answer = prove(more=more)
    assert answer["code"] == 2
    assert "6 policies of kind scp at Workloads/Prod, with FullAWSAccess; at most 5" in answer["err"]


def test_a_guardrail_that_is_too_large_exits_with_2(prove: Callable[..., dict[str, Any]]) -> None:
    names = ", ".join(f"ec2:Action{number:04}" for number in range(400))
    answer = prove({"large": f'          - {{Effect: Deny, Action: [{names}], Resource: "*"}}\n'})
    assert answer["code"] == 2
    assert "a service control policy has at most 5,120" in answer["err"]


PARTS = """\
principals:
  break-glass: ["arn:aws:iam::*:role/break-glass"]
  pipeline: ["arn:aws:iam::*:role/pipeline"]
  deployment: ["arn:aws:iam::*:role/deployment"]
stages:"""
TRAIL = """\
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: the-trail, KMSKeyId: !GetAtt Key.Arn}
  Key: {Type: AWS::KMS::Key}
"""
SPOKEN = {"organisation.yaml": ("stages:", PARTS)}


def test_every_shipped_invariant_falls_without_guardrails_and_has_a_twin(prove: Callable[..., dict[str, Any]]) -> None:
    exempting = """\
          - Sid: Tagged
            Effect: Deny
            Action: budgets:ViewBudget
            Resource: "*"
            Condition: {StringNotEquals: {"aws:PrincipalTag/exempt": "true"}}
"""
    answer = prove({"tagged": exempting}, only=(), exempt=(), files=SPOKEN, more=TRAIL)
    guarded = [each for each in answer["invariants"] if each["side"] in ("principal", "resource")]
    assert len(guarded) >= 30
    assert {each["id"]: each["verdict"] for each in guarded} == dict.fromkeys((each["id"] for each in guarded), "falls")
    for each in guarded:
        assert each["smallest_repair"]["proved"], each["id"]
        assert all(asked["answer"] == "found" for group in each["groups"] for asked in group["still"]), each["id"]


def test_words_that_nobody_has_said_leave_it_undetermined(prove: Callable[..., dict[str, Any]]) -> None:
    names = ("break-glass-works", "trail-bucket-and-key-stay", "exempting-tag-is-not-set")
    answer = prove(only=names)
    assert verdicts(answer) == dict(zip(names, ("undetermined", "undetermined", "not about it"), strict=True))
    assert answer["code"] == 3
    whys = {each["id"]: each["groups"][0]["why"] for each in answer["invariants"]}
    assert "nothing says what {break-glass} stands for" in whys["break-glass-works"]
    assert whys["exempting-tag-is-not-set"] == "{exempting-tags} stands for nothing here"


# -- the example organisation ------------------------------------------------------------------------------------------

CARRIED = {
    "Stay": {"organisation-cannot-be-left", "accounts-cannot-be-closed"},
    "Trail": {"trail-cannot-be-stopped"},
    "Detection": {"threat-detection-cannot-be-disabled", "configuration-recording-cannot-be-stopped"},
    "Root": {"root-user-does-nothing"},
    "BreakGlass": {"break-glass-works"},
    "Deployment": {"deployment-roles-change-only-by-the-pipeline"},
    "NoKeys": {"no-long-lived-credentials"},
    "Ours": {
        "objects-are-not-read-from-outside",
        "objects-are-not-written-from-outside",
        "keys-are-not-used-from-outside",
        "queues-are-not-read-from-outside",
        "secrets-are-not-read-from-outside",
        "data-is-not-read-from-outside",
    },
    "Deputy": {"services-act-only-for-us"},
}
GUARDRAILS = "templates/platform/guardrails.yaml"


def _without(template: str, sid: str) -> str:
    """Return the template without a statement: from its dash to the next line that is indented no deeper."""
    lines = template.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if f"Sid: {sid}" in line)
    depth = lines[first].index("-")
    rest = range(first + 1, len(lines))
    after = next((each for each in rest if len(lines[each]) - len(lines[each].lstrip()) <= depth), len(lines))
    return "".join(lines[:first] + lines[after:])


@pytest.fixture(scope="module")
def example() -> tuple[Repository, Mapping[str, Inventory]]:
    repository = read_repository(Path(__file__).parents[2] / "examples" / "acme")
    return repository, {each.id: read_workload(repository, each, "") for each in repository.workloads.values()}


def _fallen(example: tuple[Repository, Mapping[str, Inventory]], sid: str) -> tuple[set[str], Mapping[str, Any]]:
    """Return the invariants that fall without a statement, and what is shown of those that it carries."""
    repository, inventories = example
    whole = ground_of(repository, inventories["platform"])
    found = tuple(replace(each, policy=_smaller(each.policy, sid)) for each in whole.guardrails.found)
    ground = replace(whole, guardrails=replace(whole.guardrails, found=found))
    invariants, asking = understood(repository, ground.words), ground.subjects(most=1)
    proofs = prove_guardrails(invariants, ground.guardrails, ground.organisation, ground.units)
    subjects = [
        (workload, asking.prove(invariant, resource, inventory))
        for workload, inventory in inventories.items()
        for invariant, resource in about(invariants, repository, inventory)
    ]
    carried = CARRIED.get(sid, set())
    kept = [each for each in proofs if each.invariant.id in carried]
    mine = [(workload, each) for workload, each in subjects if each.invariant.id in carried]
    repairs = {(each.invariant.id, ""): repair(each, ground.guardrails) for each in kept}
    repairs |= {
        (each.invariant.id, each.resource.id): repair_subject(each, asking, inventories[workload])
        for workload, each in mine
    }
    accounts = tuple(sorted(ground.units))
    told = {name: each for name, each in repairs.items() if each}
    shown = proof.Shown(kept, ground.guardrails, ground.organisation, accounts, mine, told, ground.units)
    fallen = {each.invariant.id for each in proofs if each.verdict is Verdict.FALLS}
    return fallen | {each.invariant.id for _, each in subjects if each.verdict is Verdict.FALLS}, proof.document(shown)


def _smaller(policy: Policy, sid: str) -> Policy:
    return replace(policy, statements=tuple(each for each in policy.statements if each.sid != sid), source=None)


def test_every_statement_of_the_example_is_named_here(acme: Path) -> None:
    assert set(re.findall(r"Sid: (\w+)", (acme / GUARDRAILS).read_text())) == CARRIED.keys()


@pytest.mark.parametrize("sid", CARRIED)
def test_without_a_statement_exactly_its_invariants_fall(
    sid: str, example: tuple[Repository, Mapping[str, Inventory]]
) -> None:
    before, _ = _fallen(example, "")
    after, shown = _fallen(example, sid)
    assert after - before == CARRIED[sid]
    assert before <= after
    assert {each["id"] for each in shown["invariants"]} == CARRIED[sid]
    for each in shown["invariants"]:
        _is_readable(each)


def test_the_command_says_so_of_the_template(run: Run, acme: Path, tmp_path: Path) -> None:
    shutil.copytree(acme, tmp_path / "acme")
    template = tmp_path / "acme" / GUARDRAILS
    template.write_text(_without(template.read_text(), "Trail"))
    said = run("prove", tmp_path / "acme", "-i", "trail-cannot-be-stopped")
    assert said.code == 1
    text = " ".join(said.out.split())
    assert "OrganizationAccountAccessRole/session (role session of account 222222222222)" in text
    assert "in account 222222222222 (unit Security), as no Deny of what binds it covers it" in text
    assert "smallest repair, proved: add cloudtrail:DeleteTrail, cloudtrail:PutEventSelectors" in text


def _is_readable(invariant: Mapping[str, Any]) -> None:
    """Who, in which account and unit, may call what, on which resource, with which keys, and the smallest repair."""
    places = invariant["groups"] or invariant["resources"]
    fallen = [each for each in places if each["verdict"] == "falls"]
    steps = [
        step for each in fallen for way in each.get("ways", [{"steps": each.get("never", [])}]) for step in way["steps"]
    ]
    requests = [each["request"] for each in steps if each["request"]]
    assert requests
    for request in requests:
        assert request["principal"]
        assert re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", request["action"])
        assert request["resource"] == "*" or request["resource"].startswith("arn:aws:")
        assert "context" in request
    for each in fallen:
        assert each.get("units", ["Security"])
        assert (invariant["smallest_repair"] or each["smallest_repair"])["proved"]
