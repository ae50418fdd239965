"""assay policy: questions about IAM policies as an engineer asks them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

Run = Callable[..., Any]
Write = Callable[..., Path]
SCHEMA = (Path(__file__).parent.parent / "reports" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text()
SARIF = json.loads(SCHEMA.replace("{2}-[a-zA-Z]{2}]?$", "{2}-[a-zA-Z]{2}?$"))  # an erratum of the published schema

READ: dict[str, Any] = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}
NO_DELETE = {"Sid": "NoDelete", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(name: str, *statements: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2))
        return path

    return to


def shared(principal: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Sid": "Shared", "Effect": "Allow", "Principal": principal, **READ, **more}


def test_a_private_policy_exits_with_0_and_says_what_the_proof_rests_on(run: Run, write: Write) -> None:
    ours = shared(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-acme"}})
    said = run("policy", "check", write("bucket.json", ours), "--organisation", "o-acme")
    assert said.code == 0, said.out
    assert "access for everybody: none" in said.out
    assert "scope: " in said.out and "policies: " in said.out and "sha256:" in said.out
    assert "every other account is outside" in said.out


def test_a_public_policy_exits_with_1_and_shows_a_request(run: Run, write: Write) -> None:
    said = run("policy", "check", write("bucket.json", shared()))
    assert said.code == 1
    assert "access for everybody: found" in said.out
    assert "may call s3:Get" in said.out
    assert "by Allow Shared" in said.out


def test_an_account_that_is_named_is_outside_unless_it_is_ours(run: Run, write: Write) -> None:
    path = write("bucket.json", shared({"AWS": "222222222222"}))
    assert run("policy", "check", path).code == 0
    assert run("policy", "check", path, "--organisation", "o-acme").code == 1
    assert run("policy", "check", path, "--organisation", "o-acme", "--account", "222222222222").code == 0


def test_addresses_of_our_own_are_not_everybody(run: Run, write: Write) -> None:
    near = shared(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
    far = shared(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}})
    assert run("policy", "check", write("near.json", near)).code == 0
    assert run("policy", "check", write("far.json", far)).code == 1


def test_what_a_policy_grants(run: Run, write: Write) -> None:
    path = write("role.json", READ, NO_DELETE)
    assert run("policy", "check", path, "--grants", "s3:GetObject").code == 1
    assert run("policy", "check", path, "--grants", "s3:GetObject", "--on", "arn:aws:s3:::other/*").code == 0
    assert run("policy", "check", path, "--grants", "s3:Delete*", "--grants", "iam:*").code == 0


def test_what_a_policy_grants_within_others(run: Run, write: Write) -> None:
    path, scp = write("role.json", READ), write("scp.json", OPEN, {**NO_DELETE, "Action": "s3:GetObject"})
    assert run("policy", "check", path, "--grants", "s3:GetObject", "--within", scp).code == 0
    assert run("policy", "check", path, "--grants", "s3:GetBucketAcl", "--within", scp).code == 1
    assert run("policy", "check", path, "--within", write("b.json", {**OPEN, "Effect": "No"})).code == 2


def test_a_refused_policy_is_named_with_its_line_and_nothing_is_asked(run: Run, write: Write) -> None:
    wrong = {**READ, "Condition": {"StringEquls": {"aws:SourceVpc": "vpc-1"}}}
    path = write("role.json", wrong)
    said = run("policy", "check", path, "--grants", "s3:*")
    assert said.code == 1
    assert "did you mean StringEquals?" in said.out
    assert "nothing was asked about its access" in said.out
    line = next(at for at, each in enumerate(path.read_text().splitlines(), 1) if "StringEquls" in each)
    assert f"role.json:{line}:" in said.out.replace("\n", "")


def test_json_states_answer_request_and_statements(run: Run, write: Write) -> None:
    said = run("policy", "check", write("bucket.json", shared()), "-f", "json")
    (policy,) = json.loads(said.out)["policies"]
    (asked,) = policy["questions"]
    assert asked["answer"] == "found"
    assert asked["request"]["action"].startswith("s3:Get")
    assert asked["because"] == [
        {"effect": "Allow", "sid": "Shared", "file": policy["file"], "line": asked["because"][0]["line"]}
    ]


def test_sarif_is_valid_and_on_the_statement_s_line(run: Run, write: Write) -> None:
    path = write("bucket.json", NO_DELETE | {"Principal": "*"}, shared())
    document = json.loads(run("policy", "check", path, "-f", "sarif").out)
    jsonschema_rs.validator_for(SARIF).validate(document)
    (result,) = document["runs"][0]["results"]
    line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert result["ruleId"] == "policy-public"
    assert line > path.read_text().splitlines().index('      "Sid": "NoDelete",')


def test_folders_and_missing_files(run: Run, write: Write, tmp_path: Path) -> None:
    write("one.json", READ)
    write("two.json", NO_DELETE)
    assert len(json.loads(run("policy", "check", tmp_path, "-f", "json").out)["policies"]) == 2
    said = run("policy", "check", tmp_path / "three.json")
    assert said.code == 2
    assert "cannot read" in said.err


def test_diff_shows_each_direction_with_a_request(run: Run, write: Write) -> None:
    before, after = write("a.json", READ), write("b.json", {**READ, "Action": ["s3:Get*", "s3:PutObject"]})
    said = run("policy", "diff", before, after)
    assert said.code == 1
    assert said.out.startswith("new access")
    assert "s3:PutObject" in said.out
    assert "lost access: none" in said.out
    assert run("policy", "diff", before, before).code == 0
    document = json.loads(run("policy", "diff", before, after, "-f", "json").out)
    assert (document["comparison"], document["new"]["answer"], document["lost"]["answer"]) == (
        "new access",
        "found",
        "none",
    )
    assert {"scope", "policies", "assumptions", "used"} <= set(document["lost"])


def test_guardrails_that_only_deny_are_compared_beside_full_access(run: Run, write: Write) -> None:
    """Alone, each allows nothing, and two that forbid different things would be equal."""
    deny = {"Effect": "Deny", "Resource": "*"}
    before = write("a.json", {**deny, "Action": "cloudtrail:StopLogging"})
    after = write("b.json", {**deny, "Action": "cloudtrail:DeleteTrail"})
    said = run("policy", "diff", before, after, "--kind", "scp")
    assert (said.code, said.out.splitlines()[0]) == (1, "new and lost access")
    assert run("policy", "diff", before, before, "--kind", "scp").code == 0
    unstated = run("policy", "diff", before, after)
    assert (unstated.code, "--kind scp" in unstated.err) == (2, True)


def test_a_guardrail_that_only_denies_is_not_superfluous(run: Run, write: Write) -> None:
    """Alone it allows nothing with and without its statements; beside FullAWSAccess the first of the two decides."""
    deny = {"Effect": "Deny", "Resource": "*"}
    policy = write("a.json", {**deny, "Action": "s3:Put*"}, {**deny, "Action": "s3:PutObject"})
    said = run("policy", "minimise", policy, "--kind", "scp")
    assert (said.code, said.out.count('"Effect": "Deny"'), "s3:Put*" in said.out) == (1, 1, True)
    assert "Allow" not in said.out
    unstated = run("policy", "minimise", policy)
    assert (unstated.code, "--kind scp" in unstated.err) == (2, True)


def test_diff_of_a_refused_policy_exits_with_2(run: Run, write: Write) -> None:
    said = run("policy", "diff", write("a.json", READ), write("b.json", {**READ, "Effect": "Permit"}))
    assert said.code == 2
    assert "Effect is 'Permit'" in said.err


REQUEST = """\
principal: arn:aws:sts::111111111111:assumed-role/app/one
action: s3:GetObject
resource: arn:aws:s3:::reports/x
resource_account: "111111111111"
context: {aws:SourceVpc: vpc-1, aws:PrincipalTag/team: null}
organisation: {id: o-acme, management: "999999999999", accounts: ["111111111111"]}
policies:
  identity: [role.json]
  scps: [[open.json], [scp.json]]
"""
OPEN = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def test_explain_names_the_statement_that_decides(run: Run, write: Write, tmp_path: Path) -> None:
    write("role.json", READ)
    write("open.json", OPEN)
    write("scp.json", OPEN, {**NO_DELETE, "Sid": "NoRead", "Action": "s3:GetObject"})
    (tmp_path / "request.yaml").write_text(REQUEST)
    said = run("policy", "explain", tmp_path / "request.yaml")
    assert said.code == 1
    assert "denied: explicitly denied" in said.out
    assert "Deny NoRead" in said.out
    write("scp.json", OPEN)
    assert run("policy", "explain", tmp_path / "request.yaml").code == 0


def test_explain_says_what_would_have_to_be_known(run: Run, write: Write, tmp_path: Path) -> None:
    write("role.json", {**READ, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}})
    write("open.json", OPEN)
    write("scp.json", OPEN)
    (tmp_path / "request.yaml").write_text(REQUEST)
    said = run("policy", "explain", tmp_path / "request.yaml", "-f", "json")
    assert said.code == 3
    assert json.loads(said.out)["unknown"] == ["the key aws:sourcevpce is not given"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("principal: arn:aws:sts::111111111111:assumed-role/app/one", "principal: nobody"), "expected an ARN"),
        (("action: s3:GetObject", "action: s3:Get*"), "service:Operation"),
        (("context:", "contxt:"), "did you mean context?"),
        (("[role.json]", "[other.json]"), "cannot be read"),
        (('resource_account: "111111111111"', "resource_account: 111111111111"), "text in quotes"),
    ],
)
def test_a_wrong_request_file_exits_with_2(
    change: tuple[str, str], expected: str, run: Run, write: Write, tmp_path: Path
) -> None:
    for name in ("role.json", "open.json", "scp.json"):
        write(name, OPEN)
    (tmp_path / "request.yaml").write_text(REQUEST.replace(*change))
    said = run("policy", "explain", tmp_path / "request.yaml")
    assert said.code == 2
    assert expected in said.err


def test_minimise_finds_what_changes_nothing(run: Run, write: Write) -> None:
    never = {**READ, "Sid": "Never", "Condition": {"StringEquals": {"k": "a"}, "Null": {"k": "true"}}}
    shadowed = {**READ, "Sid": "Shadowed", "Action": "s3:DeleteObject"}
    twice = {**READ, "Sid": "Twice", "Action": "s3:GetObject"}
    exempt = {**NO_DELETE, "Condition": {"NumericLessThan": {"n": "5"}, "NumericLessThanEquals": {"n": "7"}}}
    path = write("role.json", READ, never, shadowed, twice, NO_DELETE)
    said = run("policy", "minimise", path, "-f", "json")
    assert said.code == 1
    document = json.loads(said.out)
    assert {each["sid"]: each["waste"] for each in document["superfluous"]} == {
        "Never": "can never apply",
        "Shadowed": "is always denied",
        "Twice": "changes nothing",
        "NoDelete": "changes nothing",
    }
    assert document["equal"]["comparison"] == "equal"
    assert [each["Action"] for each in document["policy"]["Statement"]] == ["s3:Get*"]
    conditions = json.loads(run("policy", "minimise", write("b.json", OPEN, exempt), "-f", "json").out)
    assert [each["condition"] for each in conditions["superfluous"]] == ["NumericLessThanEquals n"]
    assert run("policy", "minimise", write("c.json", READ)).code == 0
