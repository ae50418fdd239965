"""Short ways to write policies and requests, and small random ones that overlap often."""

import itertools
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from assay.permissions.parse import read_policy
from assay.permissions.policy import Kind, Policy
from assay.permissions.request import Caller, CallerKind, Organisation, Request, context_of, read_caller

Json = Any
ROLE = "arn:aws:iam::111111111111:role/app"
SESSION = "arn:aws:sts::111111111111:assumed-role/app/one"
USER = "arn:aws:iam::111111111111:user/ann"


def policy(*statements: Mapping[str, Json], kind: Kind = Kind.IDENTITY, version: str = "2012-10-17") -> Policy:
    """Return a policy that must be one that AWS accepts."""
    document = {"Version": version, "Statement": list(statements)}
    reading = read_policy(json.dumps(document, indent=1).encode(), "policy.json", kind)
    assert reading.policy is not None, [str(each) for each in reading.findings]
    return reading.policy


def allow(action: Json = "*", resource: Json = "*", **more: Json) -> dict[str, Json]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Json = "*", resource: Json = "*", **more: Json) -> dict[str, Json]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def request(
    action: str = "s3:GetObject",
    resource: str = "arn:aws:s3:::bucket/key",
    caller: str = SESSION,
    *,
    owner: str = "111111111111",
    organisation: Organisation | None = None,
    context: Mapping[str, str | tuple[str, ...]] | None = None,
) -> Request:
    """Return a request; `context` holds a text or texts for each key, () for absent."""
    given = context_of((key, (each,) if isinstance(each, str) else each) for key, each in (context or {}).items())
    return Request(read_caller(caller), action, resource, given, owner, organisation)


# -- a small universe ------------------------------------------------------------------------------------------------

TEXTS = ("a", "b", "ab", "ba", "aab")
WILD = ("a", "b", "ab", "a*", "*a", "*b*", "?", "a?", "*", "?b")
ACTIONS = (*(f"s:{each}" for each in TEXTS), "t:a")
RESOURCES = (*(f"arn:p:s:::{each}" for each in ("a", "b", "ab", "a:b", "a/b", "ba")), "arn:p:t:r:1:a", "*")
RESOURCE_PATTERNS = (
    *("*", "arn:p:s:::a", "arn:p:s:::a*", "arn:p:s:::*b", "arn:p:*", "arn:p:s:::?", "arn:*:s:::a*:b", "arn:p:*:*:*:a"),
    *("arn:p:s:::${k}", "arn:p:s:::${k}*", "arn:p:s:::a${k, 'b'}"),
)
SET_VALUES = tuple(
    itertools.chain.from_iterable(itertools.combinations(("a", "b", "ab", "c"), size) for size in range(3))
)
NUMBERS = ("1", "2", "3", "4", "5")
KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "k": ((), ("a",), ("b",), ("ab",), ("ba",)),
    "set": SET_VALUES,
    "number": ((), *((each,) for each in NUMBERS)),
    "flag": ((), ("true",), ("false",)),
}


def _conditions() -> st.SearchStrategy[dict[str, Json]]:
    names = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
    suffixed = st.sampled_from([each + suffix for each in names for suffix in ("", "IfExists")])
    quantified = st.sampled_from([f"{each}:{name}" for each in ("ForAllValues", "ForAnyValue") for name in names[:4]])
    values = st.lists(st.sampled_from((*WILD, "A")), min_size=1, max_size=2, unique=True)
    numeric = st.sampled_from(("NumericLessThan", "NumericGreaterThanEquals", "NumericEquals", "NumericNotEquals"))
    return st.one_of(
        st.builds(lambda name, each: {name: {"k": each}}, suffixed, values),
        st.builds(lambda name, each: {name: {"set": each}}, quantified, values),
        st.builds(lambda name, each: {name: {"number": each}}, numeric, st.sampled_from(("2", "3", "4"))),
        st.builds(lambda each, key: {"Null": {key: each}}, st.sampled_from(("true", "false")), st.sampled_from("k")),
        st.builds(lambda name, each: {name: {"flag": each}}, st.sampled_from(("Bool", "BoolIfExists")), st.booleans()),
    )


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Json]:
    actions = st.lists(st.sampled_from([f"s:{each}" for each in WILD] + ["*", "t:*"]), min_size=1, max_size=2)
    resources = st.lists(st.sampled_from(RESOURCE_PATTERNS), min_size=1, max_size=2)
    found: dict[str, Json] = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "Action", "Action", "NotAction"))): draw(actions),
        draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource"))): draw(resources),
    }
    merged: dict[str, Json] = {}
    for each in draw(st.lists(_conditions(), max_size=2)):
        for name, block in each.items():
            merged.setdefault(name, {}).update(block)
    if merged:
        found["Condition"] = merged
    return found


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[dict[str, Json]], list[dict[str, Json]]]:
    """A policy and an edit of it, so that one often contains the other."""
    left = draw(st.lists(statements(), min_size=1, max_size=3))
    right = [dict(each) for each in left]
    at = draw(st.integers(0, len(right) - 1))
    edit = draw(st.sampled_from(("drop", "replace", "add", "condition", "none")))
    if edit == "drop" and len(right) > 1:
        del right[at]
    elif edit == "replace":
        right[at] = draw(statements())
    elif edit == "add":
        right.append(draw(statements()))
    elif edit == "condition":
        right[at]["Condition"] = draw(_conditions())
    return left, right


def keys_read(policies: tuple[Policy, ...]) -> list[str]:
    """Return the keys of the small universe that the policies read."""
    read = {each.key for found in policies for statement in found.statements for each in statement.conditions}
    read |= {
        each.key
        for found in policies
        for statement in found.statements
        for value in statement.resources
        for each in value.variables
    }
    return sorted(read)


CALLER = Caller(CallerKind.ROLE, "111111111111", ROLE, SESSION)


def some_requests(policies: tuple[Policy, ...], chance: random.Random, count: int) -> Iterator[Request]:
    """Yield requests of the small universe at random."""
    keys = keys_read(policies)
    for _ in range(count):
        context = {key: chance.choice(KEYS[key]) for key in keys}
        yield Request(CALLER, chance.choice(ACTIONS), chance.choice(RESOURCES), context, "111111111111")


def universe(policies: tuple[Policy, ...]) -> Iterator[Request]:
    """Yield every request of the small universe that differs on something that the policies read."""
    keys = keys_read(policies)
    for values in itertools.product(*(KEYS[each] for each in keys)):
        context = dict(zip(keys, values, strict=True))
        for action, resource in itertools.product(ACTIONS, RESOURCES):
            yield Request(CALLER, action, resource, context, "111111111111")


# -- callers ---------------------------------------------------------------------------------------------------------

ONE, TWO, THREE = "111111111111", "222222222222", "333333333333"
_NAMES = ("iam::{}:root", "iam::{}:user/ann", "iam::{}:user/a/bob", "sts::{}:assumed-role/app/one")
_MORE = ("sts::{}:assumed-role/app/two", "sts::{}:assumed-role/adm/one")
CALLERS = (
    *(read_caller("arn:aws:" + each.format(account)) for account in (ONE, TWO, THREE) for each in (*_NAMES, *_MORE)),
    *map(read_caller, ("anonymous", "sns.amazonaws.com", "sqs.amazonaws.com")),
)
PRINCIPALS: tuple[Json, ...] = (
    *("*", {"AWS": ONE}, {"AWS": f"arn:aws:iam::{TWO}:root"}, {"AWS": ROLE}, {"AWS": SESSION}, {"AWS": USER}),
    *({"Service": "sns.amazonaws.com"}, {"AWS": [USER, TWO], "Service": ["sqs.amazonaws.com"]}),
)
CALLER_CONDITIONS: tuple[Json, ...] = (
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a*"}},
    {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{ONE}:user/*", "arn:aws:iam::*:role/adm"]}},
    {"StringLike": {"aws:PrincipalArn": "*:user/a*"}},
    {"StringNotEqualsIfExists": {"aws:PrincipalArn": ROLE}},
    {"StringEquals": {"aws:PrincipalAccount": [ONE, TWO]}},
    {"StringNotEquals": {"aws:PrincipalAccount": ONE}},
    {"StringEquals": {"aws:PrincipalType": ["User", "Account"]}},
    {"Null": {"aws:PrincipalArn": "true"}},
    {"Null": {"aws:username": "false"}},
    {"StringLike": {"aws:username": "a*"}},
    {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
    {"StringEquals": {"k": "${aws:username}"}},
    {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
    {"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1", "aws:PrincipalOrgID": "o-1"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
)
_OWN_KEYS = {"k": ((), ("ann",), ("bob",)), "aws:sourcevpc": ((), ("vpc-1",), ("vpc-2",))}


@st.composite
def shared_statements(draw: st.DrawFn) -> dict[str, Json]:
    """A statement of a resource policy."""
    found: dict[str, Json] = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Deny"))),
        "Action": "s:*",
        "Resource": draw(st.sampled_from(("*", "arn:p:s:::a*"))),
    }
    if draw(st.integers(0, 9)) == 0:
        found["NotPrincipal"] = draw(st.sampled_from(({"AWS": ROLE}, {"AWS": [USER, SESSION]}, {"AWS": ONE})))
    else:
        found["Principal"] = draw(st.sampled_from(PRINCIPALS))
    conditions = draw(st.lists(st.sampled_from(CALLER_CONDITIONS), max_size=2))
    if conditions:
        found["Condition"] = {}
        for each in conditions:
            for name, block in each.items():
                found["Condition"].setdefault(name, {}).update(block)
    return found


@st.composite
def shared_pairs(draw: st.DrawFn) -> tuple[list[dict[str, Json]], list[dict[str, Json]]]:
    """Two resource policies that have most in common."""
    left = draw(st.lists(shared_statements(), min_size=1, max_size=3))
    right = [*left[: draw(st.integers(0, len(left)))], *draw(st.lists(shared_statements(), max_size=1))]
    return left, right or [draw(shared_statements())]


def callers_universe() -> Iterator[Request]:
    """Yield every request of the universe of callers."""
    for caller, resource in itertools.product(CALLERS, ("arn:p:s:::a", "arn:p:s:::b")):
        organisations: tuple[tuple[str, ...], ...] = ((), ("o-1",), ("o-2",)) if caller.account else ((),)
        for values in itertools.product(*_OWN_KEYS.values(), organisations):
            context = dict(zip((*_OWN_KEYS, "aws:principalorgid"), values, strict=True))
            yield Request(caller, "s:a", resource, context, ONE)
