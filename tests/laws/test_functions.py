"""Laws of the named functions, against oracles that know nothing of them."""

import fnmatch
import ipaddress
import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.expressions.functions import FUNCTIONS
from assay.expressions.functions.cidr import is_anywhere, is_public_range, within
from assay.expressions.functions.holes import covers, disjoint, matches
from assay.expressions.functions.policies import is_public
from assay.expressions.functions.ports import opens_all_ports, opens_any_port, opens_only_ports, opens_port
from assay.inventory.schema import Kind
from assay.inventory.values import Cause, Reason, Unknown, Value

BY_NAME: Mapping[str, Callable[..., Any]] = {each.name: each.call for each in FUNCTIONS}


# Address ranges: the oracle enumerates.

small_networks = st.one_of(
    st.builds(lambda base, prefix: f"{base}/{prefix}", st.ip_addresses(v=4), st.integers(25, 32)),
    st.builds(lambda base, prefix: f"{base}/{prefix}", st.ip_addresses(v=6), st.integers(121, 128)),
)


# Where the standard library's registry of special ranges changed within Python 3.11.
REGISTERED_LATELY = [
    ipaddress.ip_network(each)
    for each in (
        "192.0.0.0/24",
        "::ffff:0:0/96",
        "64:ff9b:1::/48",
        "100::/32",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
]


@given(small_networks)
def test_a_range_is_public_when_one_of_its_addresses_is(cidr: str) -> None:
    network = ipaddress.ip_network(cidr, strict=False)
    assume(not any(network.version == each.version and network.overlaps(each) for each in REGISTERED_LATELY))
    assert is_public_range(cidr) is any(each.is_global and not each.is_multicast for each in network)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_a_wider_range_is_public_when_a_half_is(base: ipaddress.IPv4Address, prefix: int) -> None:
    network = ipaddress.ip_network(f"{base}/{prefix}", strict=False)
    halves = [str(each) for each in network.subnets()] if prefix < 32 else [str(network)]
    assert is_public_range(str(network)) is any(is_public_range(each) is True for each in halves)


@given(st.integers(0, 255), st.integers(24, 32), st.integers(0, 255), st.integers(24, 32))
def test_within_is_inclusion_of_sets(low: int, long: int, other: int, other_long: int) -> None:
    one, two = f"10.0.0.{low}/{long}", f"10.0.0.{other}/{other_long}"
    inner, outer = (set(ipaddress.ip_network(each, strict=False)) for each in (one, two))
    assert within(one, two) is (inner <= outer)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)), st.integers(0, 32), st.booleans())
def test_anywhere_is_as_many_addresses_as_there_are(base: Any, prefix: int, exploded: bool) -> None:
    cidr = f"{base.exploded if exploded else base}/{prefix}"
    assert is_anywhere(cidr) is (ipaddress.ip_network(cidr, strict=False).num_addresses == 2**base.max_prefixlen)


# Ports: the oracle lists the open ports.


def open_ports(protocol: str, low: int | None, high: int | None) -> set[int]:
    if protocol == "-1":
        return set(range(65536))
    if protocol not in ("tcp", "udp", "6", "17"):
        return set()
    start = 0 if low is None or low == -1 else low
    stop = 65535 if high is None or high == -1 else high
    return set(range(start, stop + 1))


ports = st.one_of(st.none(), st.just(-1), st.integers(0, 65535))


@given(st.sampled_from(["tcp", "udp", "6", "17", "-1", "icmp", "icmpv6", "50"]), ports, ports, st.booleans(), st.data())
def test_open_ports_are_those_listed(
    protocol: str, low: int | None, high: int | None, as_text: bool, data: st.DataObject
) -> None:
    edges = [
        each + step for each in (low, high) if each is not None for step in (-1, 0, 1) if 0 <= each + step <= 65535
    ]
    port = data.draw(st.sampled_from([*edges, 0, 22, 65535]))
    rule: dict[str, Value] = {"IpProtocol": protocol}
    for name, value in (("FromPort", low), ("ToPort", high)):
        if value is not None:
            rule[name] = str(value) if as_text else value
    listed = open_ports(protocol, low, high)
    assert opens_port(rule, port) is (port in listed)
    assert opens_any_port(rule, [port, 22]) is bool(listed & {port, 22})
    assert opens_all_ports(rule) is (listed >= set(range(1, 65536)))


@given(
    st.sampled_from(["tcp", "udp", "6", "17", "-1", "icmp", "icmpv6", "50"]),
    ports,
    ports,
    st.sets(st.one_of(st.integers(0, 65535), st.integers(20, 25)), max_size=6),
)
def test_a_rule_opens_only_ports_that_contain_all_that_it_opens(
    protocol: str, low: int | None, high: int | None, allowed: set[int]
) -> None:
    given_ports = {"FromPort": low, "ToPort": high}
    rule: dict[str, Value] = {
        "IpProtocol": protocol,
        **{key: port for key, port in given_ports.items() if port is not None},
    }
    assert opens_only_ports(rule, sorted(allowed)) is (open_ports(protocol, low, high) <= allowed)


# Patterns: the oracle tries every short text.

TEXTS = ["".join(each) for length in range(6) for each in itertools.product("abc", repeat=length)]
globs = st.text("ab*", max_size=4)


def by_oracle(pattern: str) -> set[str]:
    expression = re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
    return {text for text in TEXTS if expression.match(text)}


@given(st.text("ab*?", max_size=5), st.sampled_from(TEXTS))
def test_a_glob_matches_like_fnmatch(pattern: str, text: str) -> None:
    assert matches(text, pattern) is fnmatch.fnmatchcase(text, pattern)


@settings(deadline=None)
@given(globs, globs)
def test_a_pattern_covers_another_when_it_matches_all_its_texts(pattern: str, outer: str) -> None:
    assert covers(pattern, outer) is (by_oracle(outer) <= by_oracle(pattern))


@settings(deadline=None)
@given(st.text("ab*?", max_size=3), st.text("ab*?", max_size=3))
def test_patterns_are_disjoint_when_no_text_matches_both(pattern: str, other: str) -> None:
    assert disjoint(pattern, other) is not bool(by_oracle(pattern) & by_oracle(other))


# Public statements: the oracle is a stranger who sends requests.

STRANGERS: list[dict[str, str]] = [
    {},
    {
        "aws:principalorgid": "o-stranger00",
        "aws:principalorgpaths": "o-stranger00/r-1/ou-1/",
        "aws:principalaccount": "999999999999",
        "aws:sourceaccount": "999999999999",
        "aws:sourcearn": "arn:aws:sns:eu-west-1:999999999999:123456789012",
        "aws:principalarn": "arn:aws:iam::999999999999:role/Ours",
        "aws:sourcevpc": "vpc-5555555555",
        "aws:sourcevpce": "vpce-5555555555",
        "aws:sourceip": "45.1.2.3",
    },
    {"aws:sourceip": "191.5.5.5", "aws:sourcearn": "arn:aws:s3:::strangers-bucket"},
]

OURS = {
    "aws:PrincipalOrgID": ["o-ours000000", "o-*", "*"],
    "aws:PrincipalOrgPaths": ["o-ours000000/*", "*/ou-1/*", "*"],
    "aws:PrincipalAccount": ["123456789012", "1*", "*", "????????????"],
    "aws:SourceAccount": ["123456789012", "*"],
    "aws:SourceArn": [
        "arn:aws:sns:eu-west-1:123456789012:orders",
        "arn:aws:sns:*:123456789012*",
        "arn:aws:sns:*:123456789012:*",
        "arn:aws:s3:::ours",
        "arn:aws:s3:::*",
        "*123456789012",
    ],
    "aws:PrincipalArn": ["arn:aws:iam::123456789012:role/*", "arn:aws:iam::*:role/Ours", "*"],
    "aws:SourceVpc": ["vpc-1a2b3c4d", "vpc-*"],
    "aws:SourceVpce": ["vpce-1a2b3c4d", "*"],
    "aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"],
    "aws:SecureTransport": ["true"],
}
TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda have, want: have == want,
    "StringLike": fnmatch.fnmatchcase,
    "StringNotEquals": lambda have, want: have != want,
    "ArnLike": lambda have, want: (
        len(want.split(":")) >= 6
        and all(fnmatch.fnmatchcase(one, two) for one, two in zip(have.split(":", 5), want.split(":", 5), strict=False))
    ),
    "IpAddress": lambda have, want: "/" in want and ipaddress.ip_address(have) in ipaddress.ip_network(want),
}


def holds(operator: str, have: str | None, wanted: list[str]) -> bool:
    """One entry of a condition against one request, as IAM's reference has it."""
    quantifier, _, plain = operator.rpartition(":")
    name = plain.removesuffix("IfExists")
    if have is None:
        return quantifier == "ForAllValues" or plain != name or name == "StringNotEquals"
    results = [TESTS[name](have, want) for want in wanted]
    return all(results) if name == "StringNotEquals" else any(results)


def entry(key: str) -> st.SearchStrategy[tuple[str, str, list[str]]]:
    plain = ["IpAddress"] if key == "aws:SourceIp" else [name for name in TESTS if name != "IpAddress"]
    operators = [
        f"{before}{name}{after}" for name in plain for before in ("", "ForAllValues:") for after in ("", "IfExists")
    ]
    return st.tuples(
        st.sampled_from(operators), st.just(key), st.lists(st.sampled_from(OURS[key]), min_size=1, max_size=2)
    )


@settings(max_examples=400)
@given(st.lists(st.sampled_from(sorted(OURS)).flatmap(entry), max_size=2))
def test_no_stranger_is_let_in_by_a_statement_that_is_not_public(entries: list[tuple[str, str, list[str]]]) -> None:
    condition: dict[str, dict[str, Value]] = {}
    for operator, key, values in entries:
        condition.setdefault(operator, {})[key] = values
    admitted = any(
        all(
            holds(operator, stranger.get(key.lower()), list(values))  # type: ignore[arg-type]
            for operator, keys in condition.items()
            for key, values in keys.items()
        )
        for stranger in STRANGERS
    )
    answer = is_public({"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Condition": condition})
    assert isinstance(answer, bool)
    assert answer or not admitted


# More knowledge never changes what was decided.

known_text = st.sampled_from(
    [
        "",
        "*",
        "s3:",
        "s3:*",
        "iam:PassRole",
        "arn:aws:s3:::",
        "arn:aws:iam::",
        "123456789012",
        ":root",
        "/*",
        "10.",
        ".0.0/16",
        "/0",
        "false",
        "22",
        "o-ours000000",
        "vpc-",
        "tcp",
        "-1",
        "Allow",
        "1.2",
        "PASSWORD",
        "arn:aws:sns:eu-west-1:",
        "m7g.",
        "t3.micro",
    ]
)
ANYTHING = Reason(Cause.PARAMETER, "P")
PLATFORM = Reason(Cause.ENVIRONMENT, "AWS::AccountId")
texts = st.one_of(
    known_text,
    st.builds(
        lambda reason, parts: Unknown(reason, True, tuple(parts)),
        st.sampled_from([ANYTHING, PLATFORM]),
        st.lists(known_text, min_size=2, max_size=3),
    ),
    st.sampled_from([Unknown(ANYTHING, True), Unknown(PLATFORM, True)]),
)
lists = st.lists(texts, max_size=2)
statements = st.fixed_dictionaries(
    {"Effect": st.one_of(st.sampled_from(["Allow", "Deny"]), texts)},
    optional={
        "Action": lists,
        "NotAction": lists,
        "Resource": lists,
        "NotResource": lists,
        "Principal": st.dictionaries(st.sampled_from(["AWS", "Service"]), lists, max_size=2),
        "Condition": st.dictionaries(
            st.sampled_from(["StringEquals", "StringLike", "Bool", "IpAddress", "ArnLike"]),
            st.dictionaries(
                st.sampled_from(
                    ["aws:SourceAccount", "aws:SourceArn", "aws:SourceIp", "aws:SecureTransport", "aws:PrincipalOrgID"]
                ),
                lists,
                max_size=2,
            ),
            max_size=2,
        ),
    },
)
rules = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6"), texts)
)
# What stands in the place of a parameter after the first, by its name; a text and a list where functions differ.
REST: Mapping[str, tuple[Value, ...]] = {
    "action": ("s3:GetObject", "s3:*"),
    "actions": ("s3:*", ["s3:GetObject", "iam:PassRole"]),
    "accounts": (["123456789012"],),
    "key": ("aws:SourceArn", "Owner"),
    "lowest": ("1.2",),
    "name": ("Owner",),
    "outer": ("10.0.0.0/8",),
    "pattern": ("s3:*",),
    "port": (22,),
    "ports": ([22, 443], [22, 3389]),
    "reserved": (["default", "123456789012"],),
    "value": ("hunter22",),
    "words": (["s3", "tcp"],),
}


def rest_of(name: str) -> st.SearchStrategy[list[Value]]:
    """Known values for the parameters of a function after the first."""
    _, *parameters = next(each.parameters for each in FUNCTIONS if each.name == name)
    fitting = [
        [each for each in REST[label] if isinstance(each, list) is (kind.kind is Kind.LIST)]
        for label, kind in parameters
    ]
    return st.tuples(*map(st.sampled_from, fitting)).map(list)


def fill(value: Value, filler: Callable[[], str]) -> Value:
    """The value with every hole filled."""
    match value:
        case Unknown(parts=parts, reason=reason):
            first, *others = parts or ("", "")
            return first + "".join((filler() if reason == ANYTHING else "123456789012") + piece for piece in others)
        case dict():
            return {key: fill(each, filler) for key, each in value.items()}
        case list():
            return [fill(each, filler) for each in value]
        case _:
            return value


entries_of_names = st.lists(
    st.fixed_dictionaries({}, optional={key: st.one_of(texts, st.just("Owner")) for key in ("Key", "Name", "Value")}),
    max_size=3,
)
SUBJECTS: Mapping[str, st.SearchStrategy[Any]] = {
    "statement": statements,
    "rule": rules,
    "tags": entries_of_names,
    "entries": entries_of_names,
}


def subject_of(name: str) -> st.SearchStrategy[Any]:
    kind = dict(next(each.parameters for each in FUNCTIONS if each.name == name))
    return next((strategy for parameter, strategy in SUBJECTS.items() if parameter in kind), texts)


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_what_is_decided_with_holes_is_decided_so_for_every_filling(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([each for each in BY_NAME if each != "pastEndOfSupport"]))
    subject = data.draw(subject_of(name))
    rest = data.draw(rest_of(name))
    before = BY_NAME[name](subject, *rest)
    filled = fill(subject, lambda: data.draw(known_text))
    after = BY_NAME[name](filled, *rest)
    if isinstance(before, bool | str):
        malformed = isinstance(after, Unknown) and after.reason.cause is Cause.MALFORMED
        assert after == before or malformed, (name, subject, filled)


@given(st.sampled_from(sorted(BY_NAME)), st.sampled_from(list(Cause)))
def test_nothing_known_is_nothing_answered(name: str, cause: Cause) -> None:
    arity = len(next(each.parameters for each in FUNCTIONS if each.name == name))
    answer = BY_NAME[name](*[Unknown(Reason(cause, "P"))] * arity)
    if cause not in (Cause.ENVIRONMENT, Cause.ATTRIBUTE):  # those are known not to be a wildcard or a literal
        assert not isinstance(answer, bool | str)
