"""What AWS ignores in a policy, and what is not likely meant, is named on its line."""

import json
from typing import Any

import pytest
from tests.permissions.worlds import allow, deny

from assay.permissions.findings import TITLES, Finding, Level
from assay.permissions.lint import lint
from assay.permissions.parse import read_policy
from assay.permissions.policy import Kind


def found(*statements: Any, kind: Kind = Kind.IDENTITY, version: str = "2012-10-17") -> tuple[Finding, ...]:
    content = json.dumps({"Version": version, "Statement": list(statements)}, indent=1).encode()
    reading = read_policy(content, "policy.json", kind)
    assert reading.policy is not None and reading.document is not None, reading.findings
    return lint(reading.policy, reading.document)


def to(principal: Any, effect: str = "Deny", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "s3:*", "Resource": "*", **more}


def excepting(principal: Any, effect: str) -> dict[str, Any]:
    return {"Effect": effect, "NotPrincipal": principal, "Action": "s3:*", "Resource": "*"}


_ALL = "ForAllValues:StringEquals"
ROLE = {"AWS": "arn:aws:iam::111111111111:role/a"}
LINTED: dict[str, tuple[dict[str, Any], Kind, str, str]] = {
    "a wildcard under StringEquals": (
        allow(Condition={"StringEquals": {"k": "a*"}}),
        Kind.IDENTITY,
        "policy-no-effect",
        "use StringLike",
    ),
    "ForAllValues in an Allow": (
        allow(Condition={_ALL: {"k": "a"}}),
        Kind.IDENTITY,
        "policy-set-operator",
        'add "Null": {"k": "false"}',
    ),
    "a negated operator in an Allow": (
        allow(Condition={"StringNotEquals": {"k": "a"}}),
        Kind.IDENTITY,
        "policy-negation",
        "is true when k is missing",
    ),
    "two keys in one negated block": (
        deny(Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-1", "aws:PrincipalOrgID": "o-1"}}),
        Kind.IDENTITY,
        "policy-negation",
        "matching one of aws:PrincipalOrgID and aws:SourceVpc escapes the Deny",
    ),
    "a Deny that fails open": (
        deny("*", "arn:aws:s3:::${aws:PrincipalTag/team}/*"),
        Kind.IDENTITY,
        "policy-variable",
        "it fails open",
    ),
    "Allow with NotPrincipal": (excepting(ROLE, "Allow"), Kind.RESOURCE, "policy-not-principal", "everybody else"),
    "Deny with NotPrincipal": (excepting(ROLE, "Deny"), Kind.RESOURCE, "policy-not-principal", "sessions"),
    "NotPrincipal with an account": (
        excepting({"AWS": "111111111111"}, "Deny"),
        Kind.RESOURCE,
        "policy-not-principal",
        "no proof rests on it",
    ),
    "a principal that was deleted": (
        to({"AWS": "AROAEXAMPLEID1234567"}),
        Kind.RESOURCE,
        "policy-no-effect",
        "principal that was deleted",
    ),
    "bits below the mask": (
        allow(Condition={"IpAddress": {"k": "10.1.2.3/8"}}),
        Kind.IDENTITY,
        "policy-value",
        "write 10.0.0.0/8",
    ),
    "an ARN that is too short": (
        allow(Condition={"ArnLike": {"k": "arn:aws:iam::*"}}),
        Kind.IDENTITY,
        "policy-value",
        "six components",
    ),
    "a wildcard as service": (allow("*", "arn:aws:*:eu-west-1:*:x"), Kind.IDENTITY, "policy-resource", "the service"),
    "an RCP that allows": (to("*", "Allow"), Kind.RCP, "policy-kind", "resource control policy allows"),
    "an RCP for one principal": (to(ROLE), Kind.RCP, "policy-kind", "names principals"),
    "an RCP for all actions": (to("*", Action="*"), Kind.RCP, "policy-kind", "the action *"),
    "an RCP for a service that it does not bind": (
        to("*", Action="ec2:*"),
        Kind.RCP,
        "policy-no-effect",
        "do not bind ec2",
    ),
    "a variable under a number": (
        allow(Condition={"Bool": {"k": "${aws:SecureTransport}"}}),
        Kind.IDENTITY,
        "policy-variable",
        "plain text",
    ),
}


@pytest.mark.parametrize("name", LINTED)
def test_it_is_named_on_its_line(name: str) -> None:
    statement, kind, code, expected = LINTED[name]
    findings = found(allow() if not kind.names_principals else to("*"), statement, kind=kind)
    match = [each for each in findings if each.code == code and expected in f"{each.message}; {each.remedy}"]
    assert match, findings
    assert all(each.line > 7 for each in match), "on the second statement, not the first"
    assert code in TITLES


CLEAN = (
    allow(Condition={"StringEquals": {"k": "a"}, _ALL: {"l": "a"}, "Null": {"l": "false"}}),
    allow(Condition={"StringNotEquals": {"k": "a"}, "Null": {"k": "false"}}),
    deny(Condition={"StringNotEquals": {"k": "a"}}),
    deny("*", "arn:aws:s3:::${aws:PrincipalTag/team, 'none'}/*"),
    allow(Condition={"StringEquals": {"k": "${*}"}}),
    allow(Condition={"IpAddress": {"k": ["10.0.0.0/8", "10.1.2.3", "2001:db8::/32"]}}),
)


@pytest.mark.parametrize("statement", CLEAN)
def test_what_is_meant_is_not_named(statement: dict[str, Any]) -> None:
    assert found(statement) == ()


def test_a_variable_of_the_older_version_is_named() -> None:
    (finding,) = found(allow("*", "arn:aws:s3:::${aws:username}/*"), version="2008-10-17")
    assert (finding.code, finding.level) == ("policy-variable", Level.IGNORED)


@pytest.mark.parametrize(("kind", "characters"), [(Kind.IDENTITY, 6_144), (Kind.SCP, 5_120), (Kind.SESSION, 2_048)])
def test_a_policy_beyond_its_quota_is_refused(kind: Kind, characters: int) -> None:
    names = [f"s3:Get{index:04}" for index in range(characters // 13)]
    assert any(each.code == "policy-quota" for each in found(allow(names), kind=kind))
    assert not any(each.code == "policy-quota" for each in found(allow(names[: len(names) // 2]), kind=kind))
