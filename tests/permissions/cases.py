"""Worked cases of IAM's semantics: each a decision that the field's tools are known to get wrong, or a rule of its own.

Own cases, after the rules of the IAM and Organizations user guides. A case is a function that asserts. The tests of
mutations turn each rule wrong and demand that a case notices.
"""

from collections.abc import Callable
from typing import Any

from tests.permissions.worlds import ROLE, SESSION, USER, allow, deny, policy, request

from assay.permissions.evaluate import Outcome, Setting, allows, decide
from assay.permissions.matching import Unknowns
from assay.permissions.policy import Kind
from assay.permissions.request import Organisation

ALLOWED, DENIED, UNDETERMINED = Outcome.ALLOWED, Outcome.DENIED, Outcome.UNDETERMINED
CASES: dict[str, Callable[[], None]] = {}
HOME, AWAY = "111111111111", "222222222222"
FULL = policy(allow())
Case = Callable[[], None]


def case(test: Case) -> Case:
    CASES[test.__name__] = test
    return test


def grants(*statements: Any, version: str = "2012-10-17", **of_request: Any) -> bool | None:
    """Return whether an identity policy of these statements allows a request."""
    return allows((policy(*statements, version=version),), request(**of_request))


def outcome(setting: Setting, **of_request: Any) -> Outcome:
    return decide(request(**of_request), setting).outcome


def when(**conditions: Any) -> dict[str, Any]:
    return allow(Condition=conditions)


def bucket(*statements: dict[str, Any]) -> Any:
    return policy(*statements, kind=Kind.RESOURCE)


def to(principal: Any, *, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "*", "Resource": "*", **more}


# -- actions and resources -------------------------------------------------------------------------------------------


@case
def actions_have_no_case() -> None:
    assert grants(allow("S3:getobject"), action="s3:GetObject") is True


@case
def resources_have_case() -> None:
    assert grants(allow("*", "arn:aws:s3:::Bucket/*"), resource="arn:aws:s3:::bucket/key") is False


@case
def wildcards_in_actions() -> None:
    assert grants(allow("s3:*Object"), action="s3:GetObject") is True
    assert grants(allow("s3:?etObject"), action="s3:GetObject") is True
    assert grants(allow("s3:?etObject"), action="s3:etObject") is False
    assert grants(allow("s3:Get"), action="s3:GetObject") is False


@case
def not_action_is_everything_else() -> None:
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert grants(statement, action="s3:GetObject") is True
    assert grants(statement, action="iam:PassRole") is False


@case
def not_resource_is_everything_else() -> None:
    statement = {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret/*"}
    assert grants(statement, resource="arn:aws:s3:::secret/x") is False
    assert grants(statement, resource="arn:aws:s3:::open/x") is True


@case
def a_star_crosses_no_colon_but_in_the_last_segment() -> None:
    queue = "arn:aws:sqs:eu-west-1:111111111111:queue"
    assert grants(allow("*", "arn:aws:sqs:*:queue"), resource=queue) is False
    assert grants(allow("*", "arn:aws:sqs:*:*:queue"), resource=queue) is True
    assert grants(allow("*", "arn:aws:sqs:*"), resource=queue) is True
    log = "arn:aws:logs:eu-west-1:111111111111:log-group:one:log-stream:x"
    assert grants(allow("*", "arn:aws:logs:eu-west-1:111111111111:log-group:*"), resource=log) is True


@case
def a_question_mark_crosses_no_colon_either() -> None:
    assert grants(allow("*", "arn:aws:s3?::bucket/key"), resource="arn:aws:s3:::bucket/key") is False


@case
def explicit_deny_wins() -> None:
    assert grants(allow(), deny("s3:*")) is False


@case
def nothing_is_allowed_unless_stated() -> None:
    assert grants(deny("iam:*"), action="s3:GetObject") is False


# -- conditions ------------------------------------------------------------------------------------------------------


@case
def a_missing_key_fails_a_positive_operator() -> None:
    assert grants(when(StringEquals={"k": "v"}), context={"k": ()}) is False


@case
def a_missing_key_passes_a_negated_operator() -> None:
    for operator in ("StringNotEquals", "StringNotLike", "ArnNotLike", "NumericNotEquals", "NotIpAddress"):
        value = {"ArnNotLike": "arn:aws:s3:::x", "NumericNotEquals": "1", "NotIpAddress": "10.0.0.0/8"}.get(
            operator, "v"
        )
        assert grants(when(**{operator: {"k": value}}), context={"k": ()}) is True, operator


@case
def if_exists_passes_on_a_missing_key_only() -> None:
    statement = when(StringEqualsIfExists={"k": "v"})
    assert grants(statement, context={"k": ()}) is True
    assert grants(statement, context={"k": "w"}) is False


@case
def for_all_values_passes_on_a_missing_or_empty_key() -> None:
    statement = when(**{"ForAllValues:StringEquals": {"k": ["a", "b"]}})
    assert grants(statement, context={"k": ()}) is True
    assert grants(statement, context={"k": ("",)}) is True
    assert grants(statement, context={"k": ("a", "b")}) is True
    assert grants(statement, context={"k": ("a", "c")}) is False


@case
def for_any_value_fails_on_a_missing_key() -> None:
    statement = when(**{"ForAnyValue:StringEquals": {"k": ["a", "b"]}})
    assert grants(statement, context={"k": ()}) is False
    assert grants(statement, context={"k": ("c", "a")}) is True
    assert grants(statement, context={"k": ("c", "d")}) is False
    assert grants(when(**{"ForAnyValue:StringNotEquals": {"k": "a"}}), context={"k": ()}) is False


@case
def negated_set_operators_speak_of_single_values() -> None:
    some = when(**{"ForAnyValue:StringNotEquals": {"k": "a"}})
    assert grants(some, context={"k": ("a", "b")}) is True
    every = when(**{"ForAllValues:StringNotEquals": {"k": "a"}})
    assert grants(every, context={"k": ("a", "b")}) is False
    assert grants(every, context={"k": ("b", "c")}) is True


@case
def null_is_about_presence() -> None:
    absent = when(Null={"k": "true"})
    assert grants(absent, context={"k": ()}) is True
    assert grants(absent, context={"k": "x"}) is False
    present = when(Null={"k": "false"})
    assert grants(present, context={"k": "x"}) is True
    assert grants(present, context={"k": ()}) is False


@case
def values_are_alternatives_and_keys_are_not() -> None:
    assert grants(when(StringEquals={"k": ["a", "b"]}), context={"k": "b"}) is True
    both = when(StringEquals={"k": "a", "l": "b"})
    assert grants(both, context={"k": "a", "l": "b"}) is True
    assert grants(both, context={"k": "a", "l": "c"}) is False


@case
def a_negated_operator_wants_none_of_its_values() -> None:
    assert grants(when(StringNotEquals={"k": ["a", "b"]}), context={"k": "b"}) is False


@case
def two_keys_in_one_negated_block_let_either_escape() -> None:
    perimeter = deny(Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-1", "aws:ResourceOrgID": "o-1"}})
    assert grants(allow(), perimeter, context={"aws:SourceVpc": "vpc-2", "aws:ResourceOrgID": "o-1"}) is True
    assert grants(allow(), perimeter, context={"aws:SourceVpc": "vpc-2", "aws:ResourceOrgID": "o-2"}) is False


@case
def keys_have_no_case_and_values_have() -> None:
    assert grants(when(StringEquals={"AWS:SourceVPC": "v"}), context={"aws:sourcevpc": "v"}) is True
    assert grants(when(StringEquals={"k": "V"}), context={"k": "v"}) is False
    assert grants(when(StringEqualsIgnoreCase={"k": "V"}), context={"k": "v"}) is True
    assert grants(when(StringLike={"k": "V*"}), context={"k": "v1"}) is False


@case
def wildcards_only_under_like() -> None:
    assert grants(when(StringEquals={"k": "a*"}), context={"k": "ab"}) is False
    assert grants(when(StringLike={"k": "a*"}), context={"k": "ab"}) is True


@case
def arn_equals_means_arn_like() -> None:
    role = "arn:aws:iam::111111111111:role/app"
    assert grants(when(ArnEquals={"k": "arn:aws:iam::*:role/a*"}), context={"k": role}) is True
    assert grants(when(ArnNotEquals={"k": "arn:aws:iam::*:role/a*"}), context={"k": role}) is False


@case
def arn_components_match_separately() -> None:
    topic = "arn:aws:sns:eu-west-1:111111111111:topic"
    assert grants(when(ArnLike={"k": "arn:aws:sns:*:topic:x"}), context={"k": topic}) is False
    crossing = "arn:aws:*:111111111111:a:b:c"
    assert grants(when(ArnLike={"k": crossing}), context={"k": "arn:aws:sns:eu:111111111111:a:b:c"}) is False
    assert grants(when(ArnLike={"k": "arn:aws:sns:*:*:t*c"}), context={"k": "arn:aws:sns:e:1:t:c"}) is True


@case
def an_arn_without_six_components_is_not_decided() -> None:
    assert grants(when(ArnLike={"k": "arn:aws:sns:*"}), context={"k": "arn:aws:sns:e:1:t"}) is None


@case
def numbers_compare_as_numbers() -> None:
    assert grants(when(NumericLessThan={"k": "10"}), context={"k": "9"}) is True
    assert grants(when(NumericLessThan={"k": "10"}), context={"k": "10"}) is False
    assert grants(when(NumericLessThanEquals={"k": "10"}), context={"k": "10"}) is True
    assert grants(when(NumericEquals={"k": "10"}), context={"k": "10.0"}) is True
    assert grants(when(NumericGreaterThan={"k": "10"}), context={"k": "9"}) is False


@case
def dates_compare_as_instants() -> None:
    statement = when(DateLessThan={"k": "2026-01-01T00:00:00Z"})
    assert grants(statement, context={"k": "2025-12-31T23:59:59Z"}) is True
    assert grants(statement, context={"k": "2026-01-01T01:00:00+02:00"}) is True
    assert grants(statement, context={"k": "2026-01-01T00:00:00Z"}) is False
    assert grants(when(DateEquals={"k": "1767225600"}), context={"k": "2026-01-01T00:00:00Z"}) is True


@case
def addresses_are_in_ranges_of_their_own_family() -> None:
    statement = when(IpAddress={"k": ["10.0.0.0/8", "2001:db8::/32"]})
    assert grants(statement, context={"k": "10.1.2.3"}) is True
    assert grants(statement, context={"k": "2001:db8::1"}) is True
    assert grants(statement, context={"k": "11.0.0.0"}) is False
    assert grants(when(NotIpAddress={"k": "10.0.0.0/8"}), context={"k": "10.1.2.3"}) is False


@case
def a_boolean_is_no_text() -> None:
    assert grants(when(Bool={"k": True}), context={"k": "true"}) is True
    assert grants(when(Bool={"k": "TRUE"}), context={"k": "true"}) is True
    assert grants(when(Bool={"k": "true"}), context={"k": "false"}) is False
    assert grants(when(Bool={"k": "false"}), context={"k": ()}) is False


@case
def a_key_that_is_not_given_is_unknown_and_not_absent() -> None:
    assert grants(when(StringEquals={"k": "v"})) is None
    assert grants(when(StringNotEquals={"k": "v"})) is None
    assert grants(when(Null={"k": "true"})) is None
    assert grants(when(StringEquals={"k": "v"}), deny("s3:*")) is False
    assert grants(allow(), when(StringEquals={"k": "v"})) is True


@case
def one_operator_reads_one_value() -> None:
    assert grants(when(StringEquals={"k": "a"}), context={"k": ("a", "b")}) is None


# -- variables -------------------------------------------------------------------------------------------------------


@case
def variables_are_filled_in() -> None:
    home = allow("*", "arn:aws:s3:::home/${aws:username}/*")
    assert grants(home, resource="arn:aws:s3:::home/ann/x", caller=USER) is True
    assert grants(home, resource="arn:aws:s3:::home/bob/x", caller=USER) is False


@case
def variables_only_under_the_newer_version() -> None:
    home = allow("*", "arn:aws:s3:::home/${aws:username}/*")
    assert grants(home, version="2008-10-17", resource="arn:aws:s3:::home/ann/x", caller=USER) is False
    literal = "arn:aws:s3:::home/${aws:username}/x"
    assert grants(home, version="2008-10-17", resource=literal, caller=USER) is True


@case
def a_deny_with_an_unresolved_variable_fails_open() -> None:
    own = deny("*", "arn:aws:s3:::${aws:PrincipalTag/team}/*")
    assert grants(allow(), own, resource="arn:aws:s3:::red/x", context={"aws:PrincipalTag/team": ()}) is True
    assert grants(allow(), own, resource="arn:aws:s3:::red/x", context={"aws:PrincipalTag/team": "red"}) is False
    assert grants(allow(), own, resource="arn:aws:s3:::red/x") is None


@case
def a_variable_has_a_default() -> None:
    own = allow("*", "arn:aws:s3:::${aws:PrincipalTag/team, 'all'}/*")
    assert grants(own, resource="arn:aws:s3:::all/x", context={"aws:PrincipalTag/team": ()}) is True
    assert grants(own, resource="arn:aws:s3:::all/x", context={"aws:PrincipalTag/team": "red"}) is False


@case
def wildcards_in_a_variable_s_value_are_plain() -> None:
    own = allow("*", "arn:aws:s3:::${k}/x")
    assert grants(own, resource="arn:aws:s3:::any/x", context={"k": "*"}) is False


@case
def an_escaped_wildcard_is_plain() -> None:
    assert grants(allow("*", "arn:aws:s3:::b/${*}"), resource="arn:aws:s3:::b/x") is False
    assert grants(allow("*", "arn:aws:s3:::b/${*}"), resource="arn:aws:s3:::b/*") is True


@case
def variables_in_conditions() -> None:
    same = when(StringEquals={"aws:ResourceTag/team": "${aws:PrincipalTag/team}"})
    context = {"aws:ResourceTag/team": "red", "aws:PrincipalTag/team": "red"}
    assert grants(same, context=context) is True
    assert grants(same, context={**context, "aws:PrincipalTag/team": "blue"}) is False


# -- one account -----------------------------------------------------------------------------------------------------


@case
def in_one_account_either_policy_suffices() -> None:
    assert outcome(Setting(identity=(FULL,))) is ALLOWED
    assert outcome(Setting(resource=bucket(to({"AWS": ROLE})))) is ALLOWED
    assert outcome(Setting()) is DENIED


@case
def a_role_named_by_the_resource_is_limited_by_its_boundary() -> None:
    narrow = policy(allow("ec2:*"), kind=Kind.BOUNDARY)
    assert outcome(Setting(resource=bucket(to({"AWS": ROLE})), boundary=narrow)) is DENIED
    assert outcome(Setting(resource=bucket(to({"AWS": SESSION})), boundary=narrow)) is ALLOWED


@case
def a_user_named_by_the_resource_is_not() -> None:
    narrow = policy(allow("ec2:*"), kind=Kind.BOUNDARY)
    assert outcome(Setting(resource=bucket(to({"AWS": USER})), boundary=narrow), caller=USER) is ALLOWED


@case
def a_session_policy_limits() -> None:
    narrow = (policy(allow("ec2:*"), kind=Kind.SESSION),)
    assert outcome(Setting(identity=(FULL,), session=narrow)) is DENIED
    assert outcome(Setting(identity=(FULL,), session=(policy(allow("s3:*"), kind=Kind.SESSION),))) is ALLOWED
    assert outcome(Setting(resource=bucket(to({"AWS": ROLE})), session=narrow)) is DENIED


@case
def a_boundary_gives_nothing() -> None:
    assert outcome(Setting(boundary=policy(allow(), kind=Kind.BOUNDARY))) is DENIED
    assert outcome(Setting(identity=(FULL,), boundary=policy(allow("ec2:*"), kind=Kind.BOUNDARY))) is DENIED


@case
def an_account_as_principal_delegates() -> None:
    root = bucket(to({"AWS": f"arn:aws:iam::{HOME}:root"}))
    assert outcome(Setting(resource=root)) is DENIED
    assert outcome(Setting(resource=root), caller=f"arn:aws:iam::{HOME}:root") is ALLOWED


@case
def the_root_user_needs_no_policy() -> None:
    assert outcome(Setting(), caller=f"arn:aws:iam::{HOME}:root") is ALLOWED
    closed = bucket(to("*", effect="Deny"))
    assert outcome(Setting(resource=closed), caller=f"arn:aws:iam::{HOME}:root") is DENIED


@case
def a_denied_principal_is_denied_whatever_it_holds() -> None:
    assert outcome(Setting(identity=(FULL,), resource=bucket(to({"AWS": HOME}, effect="Deny")))) is DENIED
    assert outcome(Setting(identity=(FULL,), resource=bucket(to({"AWS": AWAY}, effect="Deny")))) is ALLOWED


@case
def keys_need_their_own_policy() -> None:
    key = {"action": "kms:Decrypt", "resource": f"arn:aws:kms:eu-west-1:{HOME}:key/one"}
    assert outcome(Setting(identity=(FULL,)), **key) is DENIED
    assert outcome(Setting(identity=(FULL,), resource=bucket(to({"AWS": HOME}))), **key) is ALLOWED
    assert outcome(Setting(resource=bucket(to({"AWS": HOME}))), **key) is DENIED
    assert outcome(Setting(resource=bucket(to({"AWS": ROLE}))), **key) is ALLOWED


@case
def trust_needs_the_role_s_own_policy() -> None:
    assume = {"action": "sts:AssumeRole", "resource": f"arn:aws:iam::{HOME}:role/other"}
    assert outcome(Setting(identity=(FULL,)), **assume) is DENIED
    trust = policy({"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sts:AssumeRole"}, kind=Kind.RESOURCE)
    assert outcome(Setting(resource=trust), **assume) is ALLOWED


# -- two accounts, services, strangers -------------------------------------------------------------------------------


@case
def across_accounts_both_policies_must_allow() -> None:
    open_to_role = bucket(to({"AWS": ROLE}))
    assert outcome(Setting(identity=(FULL,)), owner=AWAY) is DENIED
    assert outcome(Setting(resource=open_to_role), owner=AWAY) is DENIED
    assert outcome(Setting(identity=(FULL,), resource=open_to_role), owner=AWAY) is ALLOWED
    assert outcome(Setting(identity=(FULL,), resource=bucket(to({"AWS": HOME}))), owner=AWAY) is ALLOWED
    assert outcome(Setting(resource=bucket(to({"AWS": SESSION}))), owner=AWAY) is DENIED


@case
def an_unknown_owner_is_not_guessed() -> None:
    assert outcome(Setting(identity=(FULL,)), owner="") is UNDETERMINED
    assert outcome(Setting(), owner="") is DENIED


@case
def anonymous_callers_need_everybody() -> None:
    assert outcome(Setting(resource=bucket(to("*"))), caller="anonymous") is ALLOWED
    assert outcome(Setting(resource=bucket(to({"AWS": "*"}))), caller="anonymous") is ALLOWED
    assert outcome(Setting(resource=bucket(to({"AWS": HOME}))), caller="anonymous") is DENIED
    assert outcome(Setting(identity=(FULL,)), caller="anonymous") is DENIED


@case
def services_are_named_as_services() -> None:
    sns = bucket(to({"Service": "sns.amazonaws.com"}))
    assert outcome(Setting(resource=sns), caller="sns.amazonaws.com") is ALLOWED
    assert outcome(Setting(resource=sns), caller="sqs.amazonaws.com") is DENIED
    assert outcome(Setting(resource=sns)) is DENIED


@case
def not_principal_excepts_whom_it_names() -> None:
    document = {"Effect": "Deny", "NotPrincipal": {"AWS": [ROLE]}, "Action": "*", "Resource": "*"}
    closed = policy(document, kind=Kind.RESOURCE)
    assert outcome(Setting(identity=(FULL,), resource=closed)) is ALLOWED
    assert outcome(Setting(identity=(FULL,), resource=closed), caller=USER) is DENIED


@case
def not_principal_with_an_account_is_not_decided() -> None:
    document = {"Effect": "Deny", "NotPrincipal": {"AWS": HOME}, "Action": "*", "Resource": "*"}
    setting = Setting(identity=(FULL,), resource=policy(document, kind=Kind.RESOURCE))
    assert outcome(setting) is UNDETERMINED
    assert outcome(setting, caller=f"arn:aws:iam::{HOME}:root") is ALLOWED
    away = Setting(identity=(FULL,), resource=setting.resource)
    assert outcome(away, caller=f"arn:aws:iam::{AWAY}:user/eve", owner=AWAY) is DENIED


# -- the organisation ------------------------------------------------------------------------------------------------

ORGANISATION = Organisation("o-acme", "999999999999", {HOME: "o-acme/r-1/ou-1/", AWAY: "o-acme/r-1/"})
OPEN_SCP = policy(allow(), kind=Kind.SCP)
S3_SCP = policy(allow("s3:*"), kind=Kind.SCP)
EC2_SCP = policy(allow("ec2:*"), kind=Kind.SCP)
OPEN_RCP = policy(to("*"), kind=Kind.RCP)
CLOSED_RCP = policy(to("*", effect="Deny", Action="s3:*"), kind=Kind.RCP)


@case
def every_level_of_scps_must_allow() -> None:
    assert outcome(Setting(identity=(FULL,), scps=((OPEN_SCP,), (S3_SCP,)))) is ALLOWED
    assert outcome(Setting(identity=(FULL,), scps=((OPEN_SCP,), (EC2_SCP,)))) is DENIED
    assert outcome(Setting(identity=(FULL,), scps=((EC2_SCP, S3_SCP), (OPEN_SCP,)))) is ALLOWED
    assert outcome(Setting(identity=(FULL,), scps=((), (OPEN_SCP,)))) is DENIED


@case
def scps_give_nothing() -> None:
    assert outcome(Setting(scps=((OPEN_SCP,),))) is DENIED


@case
def scps_bind_the_root_user_of_member_accounts() -> None:
    closed = ((policy(deny(), allow(), kind=Kind.SCP),),)
    assert outcome(Setting(scps=closed), caller=f"arn:aws:iam::{HOME}:root", organisation=ORGANISATION) is DENIED


@case
def scps_do_not_bind_the_management_account() -> None:
    of_management = {
        "caller": "arn:aws:iam::999999999999:user/x",
        "owner": "999999999999",
        "organisation": ORGANISATION,
    }
    assert outcome(Setting(identity=(FULL,), scps=((EC2_SCP,),)), **of_management) is ALLOWED


@case
def scps_do_not_bind_service_linked_roles() -> None:
    linked = f"arn:aws:iam::{HOME}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    assert outcome(Setting(identity=(FULL,), scps=((EC2_SCP,),)), caller=linked) is ALLOWED


@case
def scps_do_not_bind_services() -> None:
    sns = bucket(to({"Service": "sns.amazonaws.com"}))
    assert outcome(Setting(resource=sns, scps=((EC2_SCP,),)), caller="sns.amazonaws.com") is ALLOWED


@case
def rcps_bind_on_the_resource_s_side() -> None:
    closed = ((OPEN_RCP, CLOSED_RCP),)
    assert outcome(Setting(identity=(FULL,), rcps=closed)) is DENIED
    assert outcome(Setting(identity=(FULL,), rcps=((OPEN_RCP,),))) is ALLOWED
    public = Setting(resource=bucket(to("*")), rcps=closed)
    assert outcome(public, caller="anonymous") is DENIED


@case
def rcps_bind_only_the_services_that_support_them() -> None:
    closed = policy(to("*", effect="Deny", Action="*"), kind=Kind.RCP)
    setting = Setting(identity=(FULL,), rcps=((OPEN_RCP, closed),))
    assert outcome(setting, action="ec2:RunInstances", resource="*") is ALLOWED
    assert outcome(setting) is DENIED


@case
def rcps_do_not_bind_resources_of_the_management_account() -> None:
    setting = Setting(identity=(FULL,), resource=bucket(to({"AWS": HOME})), rcps=((OPEN_RCP, CLOSED_RCP),))
    assert outcome(setting, owner="999999999999", organisation=ORGANISATION) is ALLOWED
    assert outcome(setting, owner=AWAY, organisation=ORGANISATION) is DENIED


@case
def an_endpoint_policy_must_allow() -> None:
    narrow = policy(to("*", Action="ec2:*"), kind=Kind.ENDPOINT)
    assert outcome(Setting(identity=(FULL,), endpoint=narrow)) is DENIED
    assert outcome(Setting(identity=(FULL,), endpoint=policy(to("*"), kind=Kind.ENDPOINT))) is ALLOWED


@case
def keys_of_the_caller_follow_from_the_caller() -> None:
    member = when(StringEquals={"aws:PrincipalOrgID": "o-acme", "aws:PrincipalAccount": HOME})
    assert grants(member, organisation=ORGANISATION) is True
    named = when(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/app"})
    assert grants(named) is True
    assert grants(when(StringEquals={"aws:PrincipalType": "AssumedRole"})) is True
    assert grants(when(Bool={"aws:PrincipalIsAWSService": "false"})) is True
    assert grants(when(Null={"aws:username": "true"})) is True


@case
def an_undetermined_decision_says_what_is_missing() -> None:
    unknowns = Unknowns()
    assert allows((policy(when(StringEquals={"k": "v"})),), request(), unknowns) is None
    assert unknowns.reasons == {"the key k is not given"}
    decision = decide(request(), Setting(identity=(policy(when(StringEquals={"k": "v"})),)))
    assert decision.outcome is UNDETERMINED
    assert decision.unknown == ("the key k is not given",)


@case
def a_decision_names_its_statements() -> None:
    decision = decide(request(), Setting(identity=(policy(allow(), deny("s3:*", Sid="No")),)))
    assert [each.sid for each in decision.statements] == ["No"]
    assert decision.statements[0].line > 1
