"""Questions about one statement of an IAM policy document, as normalised: every element's values are lists of text.

What a statement says is asked, not what a whole policy allows: another statement may deny it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Mapping

from assay.expressions.functions import conditions
from assay.expressions.functions.conditions import ACCOUNT, account_of
from assay.expressions.functions.holes import (
    HOLE,
    Text,
    covers,
    disjoint,
    equals,
    lower_ascii,
    lowered,
    matches,
    parts_of,
    settled,
    text_of,
)
from assay.expressions.functions.kleene import (
    Truth,
    all_of,
    any_of,
    doubt_of,
    is_present,
    items_of,
    malformed,
    negate,
    property_of,
)
from assay.inventory.values import MAPPED, Unknown, Value

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")

# Services whose policies may not name "service:*", with the actions that carry data, for `requiresTls`.
# https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html (enforce encryption of data in transit)
DATA_ACTIONS = ("sns:publish",)

_ROOT = "arn:*:iam::*:root"


def grants(statement: Value, action: Value) -> Truth:
    """Whether the statement allows the action, on some resource and under some condition.

    `grants(s, "iam:PassRole")` is true for an Allow of "iam:Pass*", of "*", and of NotAction "s3:*". Actions are
    compared without regard to case. A pattern such as "s3:*" asks whether all of its actions are allowed.
    """
    return all_of((_effect_is(statement, "allow"), _acts_on(statement, action)))


def grants_any_action(statement: Value, actions: Value) -> Truth:
    """Whether the statement allows one of the actions: `grantsAnyAction(s, ["iam:PassRole", "sts:AssumeRole"])`."""
    return any_of(grants(statement, action) for action in items_of(actions))


def grants_some(statement: Value, actions: Value) -> Truth:
    """Whether the statement allows at least one of the actions that the pattern stands for.

    `grantsSome({Effect: "Allow", Action: ["iam:PassRole"]}, "iam:*")` is true, where `grants` asks for all of them.
    """
    if doubt := doubt_of(actions):
        return doubt
    asked = lower_ascii(str(actions))
    named = any_of(negate(disjoint(_pattern(each), asked)) for each in items_of(property_of(statement, "Action")))
    excepted = property_of(statement, "NotAction")
    left = negate(any_of(covers(_pattern(each), asked) for each in items_of(excepted)))
    return all_of((_effect_is(statement, "allow"), any_of((named, all_of((is_present(excepted), left))))))


def grants_whole_service(statement: Value) -> Truth:
    """Whether the statement allows every action of some service: "s3:*", "*", or all but those that NotAction names.

    `grantsWholeService({Effect: "Allow", Action: ["kms:*"]})` is true; `["kms:Describe*"]` is not a whole service.
    """
    whole = any_of(_covers_a_service(_pattern(each)) for each in items_of(property_of(statement, "Action")))
    rest = _names_exceptions(statement, "NotAction", ("*:*",))
    return all_of((_effect_is(statement, "allow"), any_of((whole, rest))))


def grants_everything(statement: Value) -> Truth:
    """Whether the statement allows every action ("*", "*:*"), or every action but those that NotAction names.

    `grantsEverything({Effect: "Allow", Action: ["*"]})` is true; `["s3:*"]` is not everything.
    """
    every = any_of(covers(_pattern(each), "*:*") for each in items_of(property_of(statement, "Action")))
    return all_of(
        (_effect_is(statement, "allow"), any_of((every, _names_exceptions(statement, "NotAction", ("*:*",)))))
    )


def on_everything(statement: Value) -> Truth:
    """Whether the statement is about every resource ("*", "arn:aws:*"), or every resource but those that NotResource
    names.

    `onEverything({Resource: ["arn:aws:s3:::*"]})` is false. The effect does not count.
    """
    arns = tuple(f"arn:{partition}:*:*:*:*" for partition in PARTITIONS)
    patterns = [text_of(each) for each in items_of(property_of(statement, "Resource"))]
    every = any_of(
        False if _names_a_resource(pattern) else covers(pattern, arn) for pattern in patterns for arn in arns
    )
    return any_of((every, _names_exceptions(statement, "NotResource", arns)))


_OBJECTS = re.compile(r"\*+|[^/]*/\*+|accesspoint/[^/]*/object/\*+")  # of an ARN in S3

# Kinds of resources as their ARNs begin, in services whose ARNs begin with a kind.
_KINDS = (
    "alias|configuration-recorder|detector|function|group|hub|instance-profile|key|log-group|parameter|policy|role|"
    "secret|table|topic|topicfilter|trail|user|vpc-flow-log"
)
_ALL_OF_A_KIND = re.compile(rf"(?:(?:{_KINDS})[:/])?[*#][*:/]*")  # "#" is all topics of MQTT
_ALL_OBJECTS = re.compile(r"\*[*/]*")  # an ARN in S3 begins with a bucket's name
_SERVICE_OF_RESOURCE = {"sts": "iam"}  # a role, which an action of sts assumes, is one of iam


def grants_at_will(statement: Value, actions: Value) -> Truth:
    """Whether the statement allows one of the actions on every resource that the action can be about.

    `grantsAtWill({Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["arn:aws:kms:*:*:key/*"]}, ["kms:Decrypt"])` is
    true, as it is for Resource "*": all keys of an account and region are every key that there is to the caller.
    """
    granted = [(str(action), grants(statement, action)) for action in items_of(actions)]
    granted = [(action, truth) for action, truth in granted if truth is not False]
    if not granted:
        return False
    anything = on_everything(statement)
    resources = [text_of(each) for each in items_of(property_of(statement, "Resource"))]
    return any_of(
        all_of((truth, any_of((anything, *(_is_all_of_a_kind(each, action) for each in resources)))))
        for action, truth in granted
    )


def _is_all_of_a_kind(pattern: Text, action: str) -> Truth:
    """Return whether the ARN pattern is about every resource of a kind of the action's service."""
    if _names_a_resource(pattern):
        return False
    service, _, _ = lower_ascii(action).partition(":")
    fields = HOLE.join(parts_of(pattern)).split(":", 5)
    if len(fields) < 6:  # "*" and the like are everything; a hole may be the whole ARN
        return False if isinstance(pattern, str) or settled(pattern) else pattern
    if fields[2] != _SERVICE_OF_RESOURCE.get(service, service):
        return pattern if isinstance(pattern, Unknown) and HOLE in fields[2] else False
    if HOLE in fields[5]:
        return False if isinstance(pattern, str) or settled(pattern) else pattern
    whole = _ALL_OBJECTS if fields[2] == "s3" else _ALL_OF_A_KIND
    return whole.fullmatch(fields[5]) is not None


def _names_a_resource(pattern: Text) -> bool:
    """Whether the pattern holds the ARN or name of a declared resource, and so is about what is of that name only."""
    return isinstance(pattern, Unknown) and pattern.reference is not None and settled(pattern)


def denies(statement: Value, action: Value) -> Truth:
    """Whether the statement denies the action, or all actions of the pattern, on some resource and under some
    condition.

    `denies({Effect: "Deny", Action: ["s3:*"]}, "s3:Put*")` is true.
    """
    return all_of((_effect_is(statement, "deny"), _acts_on(statement, action)))


def any_principal(statement: Value) -> Truth:
    """Whether the statement is about any principal: Principal "*", {"AWS": "*"}, or an Allow with NotPrincipal.

    `anyPrincipal({Principal: {"AWS": ["123456789012"]}})` is false.
    """
    named = property_of(statement, "Principal")
    if doubt := doubt_of(named):
        return doubt
    everyone = any_of(_is_anybody(text_of(each)) for each in _principals(named, but="Service"))
    everyone_but = all_of((_effect_is(statement, "allow"), is_present(property_of(statement, "NotPrincipal"))))
    return any_of((everyone, everyone_but))


def is_public(statement: Value) -> Truth:
    """Whether the statement allows something to any principal, and no condition narrows who or from where.

    Narrowing are fixed values of the account, organisation, VPC, endpoint, source ARN or source address of the caller,
    required by an operator that fails when the key is missing. `isPublic({Effect: "Allow", Principal: {"AWS": ["*"]}})`
    is true; with Condition {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}} it is false, with
    "StringNotEquals" or "StringEqualsIfExists" still true.
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of
    public")
    """
    narrowed = conditions.narrows(property_of(statement, "Condition"))
    return all_of((_effect_is(statement, "allow"), any_principal(statement), negate(narrowed)))


def principal_accounts(statement: Value) -> Value:
    """The accounts that the statement's Principal names, as text of twelve digits; "*" for any.

    `principalAccounts({Principal: {"AWS": ["arn:aws:iam::123456789012:role/Ci"]}})` is ["123456789012"]. Services and
    identity providers have no account. A principal that was deleted appears by its unique id.
    """
    named = property_of(statement, "Principal")
    if doubt := doubt_of(named):
        return doubt
    return [_account_of(text_of(each)) for each in _principals(named, ("AWS", "*"))]


def is_whole_account(principal: Value) -> Truth:
    """Whether the principal of a resource's policy is an account as a whole: its id, or its root.

    `isWholeAccount("arn:aws:iam::123456789012:root")` is true; it leaves the decision to the account's own policies. A
    role, a user, "*" or "" is no account.
    """
    text = text_of(principal) if principal is not None else ""
    if isinstance(text, str):
        return ACCOUNT.fullmatch(text) is not None or matches(text, _ROOT)
    if not any(text.parts) and len(text.parts) < 3:
        if text.reference is not None:
            return False if text.reference.attribute.endswith("Arn") else text
        return True if _is_own(text) else text
    root = matches(text, _ROOT)
    return False if root is not True and (settled(text) or any("/" in part for part in text.parts)) else root


def requires_tls(statement: Value) -> Truth:
    """Whether the statement denies everyone every action of its service when the request does not use TLS.

    The only condition is Bool aws:SecureTransport "false", or NumericLessThan s3:TlsVersion of at least 1.2:
    `requiresTls({Effect: "Deny", Principal: {"AWS": ["*"]}, Action: ["s3:*"], Condition: {"Bool":
    {"aws:SecureTransport": ["false"]}}})` is true. A further condition would let requests through, so it makes the
    answer false; so does a resource of Amazon S3 that is only a part of the objects, such as one folder.
    """
    condition = conditions.is_only_plaintext(property_of(statement, "Condition"))
    actions = items_of(property_of(statement, "Action"))
    whole = any_of(_carries_all_data(_pattern(each)) for each in actions)
    objects = any_of(_is_whole_bucket(text_of(each)) for each in items_of(property_of(statement, "Resource")))
    stated = is_present(property_of(statement, "Resource"))
    return all_of(
        (_effect_is(statement, "deny"), any_principal(statement), whole, condition, any_of((objects, negate(stated))))
    )


def _is_whole_bucket(pattern: Text) -> bool:
    """Return whether a resource is no part of a bucket: all its objects, or of another service.

    What is not known of a bucket's ARN is the ARN or the name, so that a hole is no folder.
    """
    fields = "0".join(parts_of(pattern)).split(":", 5)
    if len(fields) < 6:
        return fields[-1].count("/") <= 1
    return not fields[2].startswith("s3") or _OBJECTS.fullmatch(fields[5]) is not None


def trusts_outside(statement: Value, accounts: Value) -> Truth:
    """Whether the statement allows something to an AWS principal of an account that is not among `accounts`.

    `trustsOutside({Effect: "Allow", Principal: {"AWS": ["999999999999"]}}, ["123456789012"])` is true. Any principal is
    outside unless a condition narrows it to the accounts, an organisation, a VPC, an endpoint or a source ARN. The
    account that the statement is deployed to (`AWS::AccountId`) is inside.
    """
    named = property_of(statement, "Principal")
    if doubt := doubt_of(named):
        return doubt
    known = {str(each) for each in items_of(accounts) if isinstance(each, str | int)}
    doubts = [doubt for each in items_of(accounts) if (doubt := doubt_of(each))]
    outside = any_of(_is_outside(text_of(each), known, doubts) for each in _principals(named, ("AWS", "*")))
    unbound = all_of(
        (any_principal(statement), negate(conditions.binds_to(property_of(statement, "Condition"), known)))
    )
    return all_of((_effect_is(statement, "allow"), any_of((outside, unbound))))


def condition_keys(statement: Value) -> Value:
    """The statement's condition keys in lower case, sorted: `conditionKeys({})` is [].

    Condition keys are compared without regard to case, so `hasCondition` is the better question for one key.
    """
    found = conditions.entries(property_of(statement, "Condition"))
    doubt = next((each for each in found if isinstance(each, Unknown)), None)
    return doubt or sorted({each[1] for each in found if not isinstance(each, Unknown)})


def condition_values(statement: Value, key: Value) -> Value:
    """The values that the statement's conditions state for the key, of all operators together.

    `conditionValues(s, "token.actions.githubusercontent.com:sub").exists(v, v.endsWith(":*"))`. Keys are compared
    without regard to case; which operator compares is not told.
    """
    if doubt := doubt_of(key):
        return doubt
    asked = lower_ascii(str(key))
    found: list[Value] = []
    for each in conditions.entries(property_of(statement, "Condition")):
        if isinstance(each, Unknown):
            found.append(Unknown(each.reason))
        elif each[1] == asked:
            found += each[2]
    return found


def has_condition(statement: Value, key: Value) -> Truth:
    """Whether the statement has a condition on the key, whatever it demands: `hasCondition(s, "sts:ExternalId")`."""
    if doubt := doubt_of(key):
        return doubt
    asked = lower_ascii(str(key))
    found = conditions.entries(property_of(statement, "Condition"))
    return any_of(each if isinstance(each, Unknown) else each[1] == asked for each in found)


def _effect_is(statement: Value, effect: str) -> Truth:
    said = property_of(statement, "Effect")
    return doubt_of(said) or (isinstance(said, str) and said.lower() == effect)


def _pattern(value: Value) -> Text:
    return lowered(text_of(value))


def _acts_on(statement: Value, action: Value) -> Truth:
    """Return whether Action covers the action, or NotAction excludes none of it."""
    if doubt := doubt_of(action):
        return doubt
    asked = lower_ascii(str(action))
    asked = "*:*" if asked == "*" else asked
    named = [_pattern(each) for each in items_of(property_of(statement, "Action"))]
    excepted = property_of(statement, "NotAction")
    spared = all_of(disjoint(_pattern(each), asked) for each in items_of(excepted))
    return any_of((any_of(covers(each, asked) for each in named), all_of((is_present(excepted), spared))))


def _names_exceptions(statement: Value, element: str, everything: tuple[str, ...]) -> Truth:
    """Return whether the statement has the element that names exceptions, and it does not except everything."""
    excepted = property_of(statement, element)
    patterns = [lowered(text_of(each)) for each in items_of(excepted)]
    nothing_left = any_of(covers(pattern, each) for pattern in patterns for each in everything)
    return all_of((is_present(excepted), negate(nothing_left)))


def _principals(named: Value, kinds: tuple[str, ...] | None = None, but: str = "") -> list[Value]:
    """Return the principals of all kinds but one, or of the given kinds, in order."""
    if not isinstance(named, Mapping):
        return list(items_of(named)) if named is not None else []
    wanted = [kind for kind in named if kind != but and (kinds is None or kind in kinds)]
    return [each for kind in wanted for each in items_of(named[kind])]


def _is_anybody(principal: Text) -> Truth:
    """Return whether the principal is "*"; IAM takes no wildcard within a principal's ARN."""
    return False if isinstance(principal, Unknown) and settled(principal) else equals(principal, "*")


def _account_of(principal: Text) -> Text:
    """Return the principal's account, or the principal itself when it is an account, "*" or a unique id."""
    return account_of(principal) or principal


def _is_own(account: Unknown) -> bool:
    """Return whether the account is that of the statement: AWS::AccountId, or of a resource declared beside it."""
    return settled(account) and MAPPED not in account.reason.subject


def _is_outside(principal: Text, known: set[str], doubts: list[Unknown]) -> Truth:
    account = _account_of(principal)
    if isinstance(account, Unknown):
        return False if _is_own(account) else account
    if account == "*" or account in known:
        return False
    if not ACCOUNT.fullmatch(account):
        return malformed(principal, "an account or the ARN of a principal")
    return doubts[0] if doubts else True


def _carries_all_data(pattern: Text) -> Truth:
    """Return whether the pattern covers all actions of one service, or all that carry its data."""
    return any_of((_covers_a_service(pattern), *(equals(pattern, each) for each in DATA_ACTIONS)))


def _covers_a_service(pattern: Text) -> Truth:
    """Return whether the pattern covers all actions of one service, or of every one."""
    if isinstance(pattern, str):
        return re.fullmatch(r"\*+|[^*?:]+:\*+|\*+:\*+", pattern) is not None
    _, colon, action = HOLE.join(parts_of(pattern)).partition(":")
    return False if colon and action.strip("*" + HOLE) else pattern
