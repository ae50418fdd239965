"""Policy statements: what they grant, to whom, and which conditions narrow them."""

from dataclasses import replace

import pytest

from assay.expressions.functions.policies import (
    any_principal,
    condition_keys,
    condition_values,
    denies,
    grants,
    grants_any_action,
    grants_at_will,
    grants_everything,
    grants_some,
    grants_whole_service,
    has_condition,
    is_public,
    is_whole_account,
    on_everything,
    principal_accounts,
    requires_tls,
    trusts_outside,
)
from assay.inventory.values import Cause, Reason, Reference, Unknown, Value

UNREAD = Unknown(Reason(Cause.PARAMETER, "Anything"))
ACCOUNT = Unknown(Reason(Cause.ENVIRONMENT, "AWS::AccountId"), present=True)
TOPIC = Unknown(Reason(Cause.ATTRIBUTE, "Topic"), present=True, reference=Reference("t.yaml#Topic", "TopicArn"))


def partly(*parts: str, cause: Cause = Cause.PARAMETER) -> Unknown:
    return Unknown(Reason(cause, "Part"), present=True, parts=parts)


def allow(**elements: Value) -> dict[str, Value]:
    return {"Effect": "Allow", **elements}


def public(condition: Value) -> object:
    return is_public(allow(Principal={"AWS": ["*"]}, Action=["s3:GetObject"], Condition=condition))


@pytest.mark.parametrize(
    "pattern", ["iam:PassRole", "IAM:passrole", "iam:Pass*", "iam:*", "*", "*:*", "iam:Pass????", "i*:*Role", "**"]
)
def test_patterns_that_grant_an_action(pattern: str) -> None:
    assert grants(allow(Action=[pattern]), "iam:PassRole") is True


@pytest.mark.parametrize(
    "pattern", ["iam:GetRole", "s3:*", "iam:PassRole?", "", "iam", "iam:[P]assRole", "iam.PassRole"]
)
def test_patterns_that_do_not(pattern: str) -> None:
    assert grants(allow(Action=[pattern]), "iam:PassRole") is False


def test_not_action_grants_the_rest() -> None:
    assert grants(allow(NotAction=["s3:*"]), "iam:PassRole") is True
    assert grants(allow(NotAction=["iam:*"]), "iam:PassRole") is False
    assert grants(allow(NotAction=["s3:DeleteObject"]), "s3:*") is False
    assert grants({"Effect": "Deny", "NotAction": ["s3:*"]}, "iam:PassRole") is False
    assert grants(allow(NotAction=[UNREAD]), "iam:PassRole") is not True


def test_what_is_known_of_an_action_may_decide() -> None:
    assert grants(allow(Action=[UNREAD, "iam:*"]), "iam:PassRole") is True
    assert isinstance(grants(allow(Action=[UNREAD]), "iam:PassRole"), Unknown)
    assert grants(allow(Action=[partly("s3:", "")]), "iam:PassRole") is False
    assert isinstance(grants(allow(Action=[partly("iam:", "")]), "iam:PassRole"), Unknown)
    assert grants({"Effect": "Deny", "Action": UNREAD}, "iam:PassRole") is False
    assert isinstance(grants(UNREAD, "iam:PassRole"), Unknown)
    assert grants_any_action(allow(Action=["s3:Get*"]), ["iam:PassRole", "s3:GetObject"]) is True


def test_everything() -> None:
    assert grants_everything(allow(Action=["*"])) is True
    assert grants_everything(allow(Action=["s3:*", "iam:*"])) is False
    assert grants_everything(allow(NotAction=["iam:*"])) is True
    assert grants_everything(allow(NotAction=["*"])) is False
    assert grants_everything({"Effect": "Deny", "Action": ["*"]}) is False
    assert grants_everything(allow(Action=[partly("s3:", "")])) is False
    assert on_everything(allow(Resource=["*"])) is True
    assert on_everything(allow(Resource=["arn:aws:*"])) is True
    assert on_everything(allow(Resource=["arn:aws:s3:::*"])) is False
    assert on_everything(allow(Resource=[partly("arn:aws:s3:::", "/*")])) is False
    assert on_everything(allow(Resource=[TOPIC])) is False
    assert on_everything(allow(Resource=[replace(TOPIC, parts=("", "/*"))])) is False
    assert isinstance(on_everything(allow(Resource=[UNREAD])), Unknown)
    assert on_everything(allow(NotResource=["arn:aws:s3:::logs/*"])) is True
    assert on_everything(allow()) is False


def test_at_will_is_on_every_resource_of_the_action_s_kind() -> None:
    keys = "arn:aws:kms:*:*:key/*"
    assert grants_at_will(allow(Action=["kms:Decrypt"], Resource=["*"]), ["kms:Decrypt"]) is True
    assert grants_at_will(allow(Action=["kms:*"], Resource=["arn:aws:s3:::logs", keys]), ["kms:Decrypt"]) is True
    assert grants_at_will(allow(Action=["kms:*"], NotResource=["arn:aws:kms:*:*:key/1"]), ["kms:Decrypt"]) is True
    one = allow(Action=["s3:*", "kms:*"], Resource=["arn:aws:s3:::*", "arn:aws:kms:eu-west-1:123456789012:key/1"])
    assert grants_at_will(one, ["kms:Decrypt"]) is False
    assert grants_at_will(one, ["kms:Decrypt", "s3:GetObject"]) is True
    assert grants_at_will(allow(Action=["s3:*"], Resource=["arn:aws:s3:::key/*"]), ["s3:GetObject"]) is False
    assert grants_at_will(allow(Action=["sts:*"], Resource=["arn:aws:iam::*:role/*"]), ["sts:AssumeRole"]) is True
    assert grants_at_will(allow(Action=["kms:List*"], Resource=["*"]), ["kms:Decrypt"]) is False


def test_at_will_where_a_part_of_the_resource_is_not_known() -> None:
    def decrypting(resource: Value) -> Value:
        return grants_at_will(allow(Action=["kms:Decrypt"], Resource=[resource]), ["kms:Decrypt"])

    partition = replace(ACCOUNT, parts=("arn:", ":kms:*:*:key/*"))
    assert decrypting(partition) is True
    assert decrypting(replace(ACCOUNT, parts=("arn:aws:kms:*:*:key/", ""))) is False
    assert isinstance(decrypting(partly("arn:aws:kms:*:*:key/", "")), Unknown)
    assert isinstance(decrypting(partly("arn:aws:", ":*:*:key/*")), Unknown)
    assert isinstance(decrypting(UNREAD), Unknown)
    assert decrypting(TOPIC) is False


def test_denials_cover_whole_patterns() -> None:
    deny: dict[str, Value] = {"Effect": "Deny", "Action": ["s3:*"]}
    assert denies(deny, "s3:*") is True
    assert denies(deny, "s3:Put*") is True
    assert denies(deny, "*") is False
    assert denies({**deny, "Action": ["s3:Get*"]}, "s3:*") is False
    assert denies(allow(Action=["*"]), "s3:*") is False


@pytest.mark.parametrize("principal", [{"AWS": ["*"]}, {"AWS": ["123456789012", "*"]}, {"*": ["*"]}, {"AWS": "*"}])
def test_anybody(principal: Value) -> None:
    assert any_principal(allow(Principal=principal)) is True


def test_somebody_in_particular() -> None:
    assert any_principal(allow(Principal={"AWS": ["arn:aws:iam::123456789012:root"]})) is False
    assert any_principal(allow(Principal={"Service": ["s3.amazonaws.com"]})) is False
    assert any_principal(allow()) is False
    assert any_principal(allow(Principal={"AWS": [partly("arn:aws:iam::", ":root")]})) is False
    assert any_principal(allow(Principal={"AWS": [TOPIC]})) is False
    assert isinstance(any_principal(allow(Principal={"AWS": [UNREAD]})), Unknown)
    assert any_principal(allow(NotPrincipal={"AWS": ["123456789012"]})) is True
    assert any_principal({"Effect": "Deny", "NotPrincipal": {"AWS": ["123456789012"]}}) is False


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}},
        {"stringequals": {"AWS:PRINCIPALORGID": ["o-a1b2c3d4e5"]}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/*"]}},
        {"StringEquals": {"aws:SourceAccount": ["123456789012"]}},
        {"StringEquals": {"aws:SourceAccount": [ACCOUNT]}},
        {"StringLike": {"aws:SourceVpce": ["vpce-1a2b3c4d"]}},
        {"ArnLike": {"aws:SourceArn": ["arn:aws:sns:eu-west-1:123456789012:*"]}},
        {"ArnEquals": {"aws:SourceArn": ["arn:aws:s3:::upload"]}},
        {"ArnEquals": {"aws:SourceArn": [TOPIC]}},
        {"ArnLike": {"aws:SourceArn": [partly("arn:aws:sns:eu-west-1:", ":orders", cause=Cause.ENVIRONMENT)]}},
        {"ArnLike": {"aws:SourceArn": [partly("arn:aws:sns:eu-west-1:123456789012:", "")]}},
        {"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/*"]}},
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}},
        {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}},
        {"Bool": {"elasticfilesystem:AccessedViaMountTarget": ["true"]}},
        {"Bool": {"aws:SecureTransport": ["true"]}, "StringEquals": {"kms:CallerAccount": ["123456789012"]}},
    ],
)
def test_conditions_that_narrow(condition: Value) -> None:
    assert public(condition) is False


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {},
        {"StringNotEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}},
        {"StringLike": {"aws:PrincipalOrgID": ["o-*"]}},
        {"StringLike": {"aws:PrincipalOrgID": ["*"]}},
        {"StringLike": {"aws:PrincipalOrgPaths": ["*/ou-1"]}},
        {"StringLike": {"aws:SourceAccount": ["1234*"]}},
        {"StringEquals": {"aws:SourceAccount": []}},
        {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "*"]}},
        {"StringEquals": {"aws:SourceAccount": ["${aws:PrincipalAccount}"]}},
        {"StringEquals": {"aws:PrincipalTag/team": ["red"]}},
        {"StringEquals": {"aws:ResourceAccount": ["123456789012"]}},
        {"StringLike": {"aws:SourceArn": ["arn:aws:sns:*:123456789012:*"]}},
        {"ArnLike": {"aws:SourceArn": ["arn:aws:sns:eu-west-1:*:orders"]}},
        {"ArnLike": {"aws:SourceArn": ["arn:aws:s3:::*"]}},
        {"StringLike": {"aws:SourceVpc": ["vpc-*"]}},
        {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}},
        {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
        {"IpAddress": {"aws:SourceIp": ["2000::/3"]}},
        {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
        {"Null": {"aws:PrincipalOrgID": ["false"]}},
        {"Bool": {"aws:SecureTransport": ["true"]}},
        {"StringEquals": {"aws:PrincipalIsAWSService": ["true"]}},
        {"NumericLessThan": {"aws:SourceAccount": ["123456789012"]}},
    ],
)
def test_conditions_that_do_not_narrow(condition: Value) -> None:
    assert public(condition) is True


def test_an_unknown_condition_value_leaves_it_open() -> None:
    assert isinstance(public({"StringEquals": {"aws:SourceAccount": [UNREAD]}}), Unknown)
    assert isinstance(public({"StringEquals": UNREAD}), Unknown)
    assert isinstance(public(UNREAD), Unknown)
    assert isinstance(public({"ArnLike": {"aws:SourceArn": [partly("arn:aws:sns:eu-west-1:", ":orders")]}}), Unknown)
    assert public({"StringEquals": {"aws:SourceAccount": [UNREAD], "aws:SourceVpc": ["vpc-1a2b3c4d"]}}) is False
    assert public({"StringNotEquals": {"aws:SourceAccount": [UNREAD]}}) is True


def test_is_public_needs_an_allow_and_everyone() -> None:
    assert is_public({"Effect": "Deny", "Principal": {"AWS": ["*"]}}) is False
    assert is_public(allow(Principal={"AWS": ["123456789012"]})) is False
    assert (
        is_public(allow(Principal={"AWS": UNREAD}, Condition={"StringEquals": {"aws:SourceVpc": ["vpc-1"]}})) is False
    )


def test_accounts_of_principals() -> None:
    root = partly("arn:aws:iam::", ":root", cause=Cause.ENVIRONMENT)
    role = partly("arn:aws:iam::210987654321:role/", "")
    named: Value = {
        "AWS": ["arn:aws:iam::123456789012:role/Ci", "123456789013", "*", root, role],
        "Service": ["ec2.amazonaws.com"],
    }
    accounts = principal_accounts(allow(Principal=named))
    assert accounts == ["123456789012", "123456789013", "*", root, "210987654321"]
    assert principal_accounts(allow()) == []


def test_whole_accounts() -> None:
    assert is_whole_account("arn:aws:iam::123456789012:root") is True
    assert is_whole_account("123456789012") is True
    assert is_whole_account(partly("arn:", ":iam::", ":root")) is True
    assert is_whole_account(partly(cause=Cause.ENVIRONMENT)) is True  # AWS::AccountId
    for identity in ("arn:aws:iam::123456789012:role/root", "*", "", "AIDAEXAMPLE", None):
        assert is_whole_account(identity) is False
    assert is_whole_account(partly("arn:aws:iam::", ":role/Ci", cause=Cause.ENVIRONMENT)) is False
    assert is_whole_account(partly("arn:aws:iam::123456789012:role/", "")) is False
    role = Unknown(Reason(Cause.ATTRIBUTE, "Role.Arn"), present=True, reference=Reference("t#Role", "Arn"))
    assert is_whole_account(role) is False
    account = Unknown(Reason(Cause.ATTRIBUTE, "Account"), present=True, reference=Reference("t#Account", "AccountId"))
    assert isinstance(is_whole_account(account), Unknown)
    assert isinstance(is_whole_account(partly()), Unknown)
    assert isinstance(is_whole_account(partly("arn:aws:iam::123456789012:", "")), Unknown)


def test_trust_in_other_accounts() -> None:
    ours: Value = ["123456789012"]
    assert trusts_outside(allow(Principal={"AWS": ["arn:aws:iam::123456789012:root"]}), ours) is False
    assert trusts_outside(allow(Principal={"AWS": ["arn:aws:iam::999999999999:root"]}), ours) is True
    assert (
        trusts_outside(allow(Principal={"AWS": [partly("arn:aws:iam::", ":root", cause=Cause.ENVIRONMENT)]}), ours)
        is False
    )
    assert isinstance(trusts_outside(allow(Principal={"AWS": [partly("arn:aws:iam::", ":root")]}), ours), Unknown)
    assert trusts_outside(allow(Principal={"Service": ["ec2.amazonaws.com"]}), ours) is False
    everyone: dict[str, Value] = {"AWS": ["*"]}
    assert trusts_outside(allow(Principal=everyone), ours) is True
    inside: Value = {"StringEquals": {"aws:PrincipalAccount": ["123456789012"]}}
    assert trusts_outside(allow(Principal=everyone, Condition=inside), ours) is False
    elsewhere: Value = {"StringEquals": {"aws:PrincipalAccount": ["999999999999"]}}
    assert trusts_outside(allow(Principal=everyone, Condition=elsewhere), ours) is True
    office: Value = {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
    assert trusts_outside(allow(Principal=everyone, Condition=office), ours) is True


PLAINTEXT: dict[str, Value] = {"Bool": {"aws:SecureTransport": ["false"]}}


def tls(**elements: Value) -> object:
    return requires_tls(
        {"Effect": "Deny", "Principal": {"AWS": ["*"]}, "Action": ["s3:*"], "Condition": PLAINTEXT, **elements}
    )


def test_tls_is_required() -> None:
    assert tls() is True
    assert tls(Condition={"Bool": {"AWS:securetransport": ["False"]}}) is True
    assert tls(Condition={"BoolIfExists": {"aws:SecureTransport": ["false"]}}) is True
    assert tls(Condition={"NumericLessThan": {"s3:TlsVersion": ["1.2"]}}) is True
    assert tls(Action=["*"]) is True
    assert tls(Action=["SQS:*"]) is True
    assert tls(Action=["sns:Publish"]) is True


def test_tls_is_required_of_a_whole_bucket() -> None:
    for whole in ("*", "arn:aws:s3:::orders/*", "arn:aws:s3:::*", partly("arn:aws:s3:::", "/*"), partly("", "/*")):
        assert tls(Resource=["arn:aws:s3:::orders", whole]) is True, whole
    for part in ("arn:aws:s3:::orders", "arn:aws:s3:::orders/logs/*", partly("arn:aws:s3:::", "/logs/*")):
        assert tls(Resource=[part]) is False, part
    assert tls(Resource=[partly("", "/logs/*")]) is False
    assert tls(Action=["sqs:*"], Resource=["arn:aws:sqs:eu-west-1:123456789012:orders"]) is True


def test_tls_is_not_required() -> None:
    assert tls(Effect="Allow") is False
    assert tls(Principal={"AWS": ["123456789012"]}) is False
    assert tls(Action=["s3:PutObject"]) is False
    assert tls(Condition={"Bool": {"aws:SecureTransport": ["true"]}}) is False
    assert tls(Condition={"NumericLessThan": {"s3:TlsVersion": ["1.1"]}}) is False
    further = {**PLAINTEXT, "StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}}
    assert tls(Condition=further) is False
    assert tls(Condition=None) is False
    assert isinstance(tls(Condition={"Bool": {"aws:SecureTransport": [UNREAD]}}), Unknown)
    assert isinstance(tls(Action=[partly("s3:", "")]), Unknown)
    assert tls(Action=[partly("s3:Get", "Object")]) is False


def test_condition_keys_are_compared_without_case() -> None:
    statement = allow(Condition={"StringEquals": {"sts:ExternalId": ["x"], "aws:SourceVpc": ["vpc-1"]}})
    assert condition_keys(statement) == ["aws:sourcevpc", "sts:externalid"]
    assert has_condition(statement, "STS:externalID") is True
    assert has_condition(statement, "aws:PrincipalOrgID") is False
    assert isinstance(has_condition(allow(Condition=UNREAD), "sts:ExternalId"), Unknown)


def test_some_of_the_actions_of_a_pattern() -> None:
    assert grants_some(allow(Action=["iam:PassRole"]), "iam:*") is True
    assert grants_some(allow(Action=["*"]), "iam:PassRole") is True
    assert grants_some(allow(Action=["s3:Get*"]), "iam:*") is False
    assert grants_some(allow(NotAction=["iam:*"]), "iam:*") is False
    assert grants_some(allow(NotAction=["iam:PassRole"]), "iam:*") is True
    assert grants_some({"Effect": "Deny", "Action": ["iam:*"]}, "iam:*") is False
    assert isinstance(grants_some(allow(Action=[partly("iam:", "")]), "iam:Pass*"), Unknown)
    assert grants_some(allow(Action=[partly("s3:", "")]), "iam:*") is False


@pytest.mark.parametrize("elements", [{"Action": ["kms:*"]}, {"Action": ["*"]}, {"NotAction": ["iam:*"]}])
def test_every_action_of_a_service(elements: dict[str, Value]) -> None:
    assert grants_whole_service({"Effect": "Allow", **elements}) is True
    assert grants_whole_service({"Effect": "Deny", **elements}) is False


@pytest.mark.parametrize("action", ["kms:Describe*", "kms:Decrypt", "sns:Publish", "*:Get*"])
def test_some_actions_are_not_a_whole_service(action: str) -> None:
    assert grants_whole_service(allow(Action=[action])) is False


def test_values_of_a_condition_key_under_every_operator() -> None:
    statement = allow(
        Condition={"StringLike": {"Host:sub": ["repo:a"]}, "StringEquals": {"host:SUB": ["repo:b"], "host:aud": ["x"]}}
    )
    assert condition_values(statement, "HOST:sub") == ["repo:a", "repo:b"]
    assert condition_values(allow(), "host:sub") == []
    assert condition_values(allow(Condition={"StringLike": UNREAD}), "host:sub") == [Unknown(UNREAD.reason)]


def test_what_is_looked_up_by_region_may_be_any_account() -> None:
    mapped = Unknown(Reason(Cause.ENVIRONMENT, "Fn::FindInMap of AWS::Region"), present=True)
    assert isinstance(trusts_outside(allow(Principal={"AWS": [mapped]}), []), Unknown)
    assert trusts_outside(allow(Principal={"AWS": [ACCOUNT]}), []) is False
    plain = Unknown(Reason(Cause.ENVIRONMENT, "AWS::Region in mapping Accounts"), present=True)
    assert isinstance(trusts_outside(allow(Principal={"AWS": [plain]}), []), Unknown)
    assert isinstance(is_whole_account(plain), Unknown)
    assert is_public(allow(Principal={"AWS": [plain]})) is False
    assert isinstance(is_public(allow(Principal={"AWS": [mapped]})), Unknown)


def test_no_service_is_anybody() -> None:
    unread = Unknown(Reason(Cause.ENVIRONMENT, "Fn::FindInMap of AWS::Partition"), present=True)
    assert is_public(allow(Principal={"Service": [unread]})) is False
