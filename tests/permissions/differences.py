"""Pairs of policies whose difference is known: what the search must answer."""

from collections.abc import Mapping
from typing import Any

from tests.permissions.worlds import allow, deny, policy

from assay.permissions.policy import Kind
from assay.permissions.questions import Comparison, difference

EQUAL, MORE, LESS, BOTH = Comparison.EQUAL, Comparison.MORE, Comparison.LESS, Comparison.INCOMPARABLE
Statements = list[dict[str, Any]]


def when(**conditions: Any) -> dict[str, Any]:
    return allow(Condition=conditions)


def to(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "s3:*", "Resource": "*", **more}


_ANY, _ALL = "ForAnyValue:StringEquals", "ForAllValues:StringEquals"
_NOT_ROLE = {
    "Effect": "Deny",
    "NotPrincipal": {"AWS": "arn:aws:iam::111111111111:role/a"},
    "Action": "s3:*",
    "Resource": "*",
}

DIFFERENCES: Mapping[str, tuple[Statements, Statements, Comparison]] = {
    "a key that no value pleases may be absent": (
        [allow("s:b", Condition={"StringNotLike": {"k": "*"}})],
        [allow("s:a"), allow(["s:a", "s:a"], Condition={"StringNotEquals": {"k": "a"}})],
        BOTH,
    ),
    "the same": ([allow("s3:Get*")], [allow("s3:Get*")], EQUAL),
    "case of actions": ([allow("s3:getobject")], [allow("S3:GetObject")], EQUAL),
    "case of resources": ([allow("*", "arn:aws:s3:::b")], [allow("*", "arn:aws:s3:::B")], BOTH),
    "a longer pattern": ([allow("s3:*")], [allow("s3:Get*")], LESS),
    "patterns that cover one another": ([allow(["s3:Get*", "s3:GetObject"])], [allow("s3:Get*")], EQUAL),
    "patterns that cross": ([allow("s3:Get*")], [allow("s3:*Object")], BOTH),
    "NotAction": ([allow("s3:*")], [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], MORE),
    "NotResource": (
        [allow("s3:*", "arn:aws:s3:::a")],
        [{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b"}],
        MORE,
    ),
    "a star between colons": ([allow("*", "arn:aws:sqs:*:1:q")], [allow("*", "arn:aws:sqs:*:*:q")], MORE),
    "no colon for a star": ([allow("*", "arn:aws:sns:*:t")], [allow("*", "arn:aws:sns:*:*:t")], MORE),
    "a Deny": ([allow("s3:*")], [allow("s3:*"), deny("s3:Delete*")], LESS),
    "a Deny beside it": ([allow("s3:*")], [allow("s3:*"), deny("iam:*")], EQUAL),
    "one value more": ([when(StringEquals={"k": "a"})], [when(StringEquals={"k": ["a", "b"]})], MORE),
    "one negated value more": ([when(StringNotEquals={"k": "a"})], [when(StringNotEquals={"k": ["a", "b"]})], LESS),
    "one condition more": ([allow()], [when(StringEquals={"k": "a"})], LESS),
    "negated and present": (
        [when(StringNotEquals={"k": "a"})],
        [when(StringNotEquals={"k": "a"}, Null={"k": "false"})],
        LESS,
    ),
    "IfExists": ([when(StringEquals={"k": "a"})], [when(StringEqualsIfExists={"k": "a"})], MORE),
    "IfExists says or absent": (
        [when(StringEqualsIfExists={"k": "a"})],
        [when(StringEquals={"k": "a"}), when(Null={"k": "true"})],
        EQUAL,
    ),
    "all is vacuous": ([when(**{_ALL: {"k": "a"}}, Null={"k": "false"})], [when(**{_ALL: {"k": "a"}})], MORE),
    "any needs one": ([when(**{_ANY: {"k": "a"}})], [when(**{_ANY: {"k": "a"}}, Null={"k": "false"})], EQUAL),
    "any and all": ([when(**{_ANY: {"k": ["a", "b"]}})], [when(**{_ALL: {"k": ["a", "b"]}})], BOTH),
    "any of negated": (
        [when(**{"ForAnyValue:StringNotEquals": {"k": "a"}})],
        [when(**{"ForAllValues:StringNotEquals": {"k": "a"}}, Null={"k": "false"})],
        LESS,
    ),
    "numbers": ([when(NumericLessThan={"n": "10"})], [when(NumericLessThanEquals={"n": "10"})], MORE),
    "numbers as numbers": ([when(NumericLessThan={"n": "10"})], [when(NumericLessThan={"n": "9"})], LESS),
    "dates": ([when(DateLessThan={"d": "2026-01-01T00:00:00Z"})], [when(DateLessThan={"d": "2027-01-01"})], MORE),
    "ranges": ([when(IpAddress={"a": "10.0.0.0/8"})], [when(IpAddress={"a": ["10.0.0.0/9", "10.128.0.0/9"]})], EQUAL),
    "a range less": ([when(IpAddress={"a": "10.0.0.0/8"})], [when(IpAddress={"a": "10.0.0.0/9"})], LESS),
    "booleans": ([when(Bool={"f": "true"})], [when(Bool={"f": ["true", "false"]})], MORE),
    "ArnEquals is ArnLike": (
        [when(ArnEquals={"k": "arn:aws:iam::*:role/a"})],
        [when(ArnLike={"k": "arn:aws:iam::*:role/a"})],
        EQUAL,
    ),
    "ARNs by component": (
        [when(ArnLike={"k": "arn:aws:iam::*:role/a"})],
        [when(StringLike={"k": "arn:aws:iam::*:role/a"})],
        MORE,
    ),
    "a variable": ([allow("*", "arn:aws:s3:::h/*")], [allow("*", "arn:aws:s3:::h/${aws:username}/*")], LESS),
    "a variable in a Deny": ([allow(), deny("*", "arn:aws:s3:::${k}")], [allow(), deny("*", "arn:aws:s3:::*")], LESS),
    "case by operator": ([when(StringEquals={"k": "a"})], [when(StringEqualsIgnoreCase={"k": "a"})], MORE),
    "wildcards by operator": ([when(StringEquals={"k": "a*"})], [when(StringLike={"k": "a*"})], MORE),
    "account and role": ([to({"AWS": "111111111111"})], [to({"AWS": "arn:aws:iam::111111111111:role/a"})], LESS),
    "everybody": ([to("*")], [to({"AWS": "111111111111"})], LESS),
    "services": ([to({"Service": "sns.amazonaws.com"})], [to({"Service": "sqs.amazonaws.com"})], BOTH),
    "not the role": ([to("*")], [to("*"), _NOT_ROLE], LESS),
    "a network": ([to("*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})], [to("*", Action="iam:*")], BOTH),
    "an organisation": ([to("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})], [to("*")], MORE),
    "addresses": ([to("*", Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})], [to("*")], MORE),
    "another partition": (
        [to({"AWS": "arn:aws-cn:iam::111111111111:role/a"})],
        [to("*", Condition={"ArnEquals": {"aws:PrincipalArn": "arn:aws-cn:iam::111111111111:role/a"}})],
        EQUAL,
    ),
    "a session of a role with a path": (
        [to({"AWS": "arn:aws:sts::111111111111:assumed-role/a/s"})],
        [
            to(
                {"AWS": "arn:aws:sts::111111111111:assumed-role/a/s"},
                Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/team/*"}},
            )
        ],
        LESS,
    ),
    "users have names": (
        [to("*", Condition={"StringEquals": {"aws:PrincipalType": "User"}, "Null": {"aws:username": "true"}})],
        [{**to("*"), "Effect": "Deny"}],
        EQUAL,
    ),
    "principal by key": (
        [to({"AWS": "arn:aws:iam::111111111111:role/a"})],
        [to("*", Condition={"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/a"}})],
        EQUAL,
    ),
}  # fmt: skip


def check(name: str) -> None:
    """Assert that the search answers as it must."""
    before, after, expected = DIFFERENCES[name]
    kind = Kind.RESOURCE if any("Principal" in each for each in before) else Kind.IDENTITY
    found = difference((policy(*before, kind=kind),), (policy(*after, kind=kind),))
    assert found.comparison is expected, (found.comparison, found.new.answer, found.lost.answer)
