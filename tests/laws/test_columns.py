"""The columnar form never decides otherwise than the interpreter, and leaves to it only what is really undecided."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from assay.expressions import Environment, Expression, evaluate, parse
from assay.expressions.columns import ASK, FAILS, HOLDS, Engine, Query, Question, document
from assay.expressions.columns.dictionary import fields_of
from assay.expressions.function import Function
from assay.expressions.functions import FUNCTIONS, RULE
from assay.inventory.schema import (
    ANY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    STATEMENT,
    STRING,
    Kind,
    Type,
    list_of,
    map_of,
    object_of,
)
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value, from_json, to_json

ITEM = object_of(
    on=BOOLEAN, port=INTEGER, name=STRING, names=list_of(STRING), more=list_of(object_of(name=STRING, on=BOOLEAN))
)
RESOURCE = object_of(
    Flag=BOOLEAN,
    Count=INTEGER,
    Ratio=NUMBER,
    Name=STRING,
    Other=STRING,
    Names=list_of(STRING),
    Ports=list_of(INTEGER),
    Items=list_of(ITEM),
    Rules=list_of(RULE),
    Statements=list_of(STATEMENT),
    Inner=object_of(On=BOOLEAN, Deep=object_of(Name=STRING, Days=INTEGER), List=list_of(INTEGER)),
    Tags=map_of(STRING),
    Free=ANY,
)
PARAMS = object_of(days=INTEGER, names=list_of(STRING), strict=BOOLEAN)
ENVIRONMENT = Environment({"resource": RESOURCE, "params": PARAMS})
PARAMS_VALUE: dict[str, Value] = {"days": 7, "names": ("a", "b"), "strict": True}

TEXTS = [
    "",
    "a",
    "b",
    "ab",
    "tcp",
    "22",
    "true",
    "0.0.0.0/0",
    'q"',
    "sl\\",
    "n\nn",
    "é",
    "🤦🏼",
    "\x1f",
    "\x00",
    "%",
    "1.5",
    "null",
]
NUMBERS = [0, 1, -1, 7, 22, 65535, 2**53 - 1, 2**53 + 1, 2**63 - 1, -(2**63), 2**70]
FLOATS = [0.0, -0.0, 0.5, 1.0, 22.0, 1e300, -1.5]

# Values.

reasons = st.builds(
    Reason, st.sampled_from([Cause.PARAMETER, Cause.ENVIRONMENT, Cause.ATTRIBUTE, Cause.DENIED]), st.just("x")
)
unknowns = st.one_of(
    st.builds(Unknown, reasons),
    st.builds(Unknown, reasons, present=st.just(True)),
    st.builds(Unknown, reasons, present=st.just(True), parts=st.sampled_from([("a", ""), ("", "b"), ("10.", "/16")])),
    st.builds(Unknown, reasons, present=st.just(True), reference=st.just(Reference("t#X", "Arn"))),
)
scalars: st.SearchStrategy[Any] = st.one_of(
    st.booleans(), st.sampled_from(NUMBERS), st.sampled_from(FLOATS), st.sampled_from(TEXTS)
)
keys = st.sampled_from(["a", "name", "on", "a.b", 'a"b', "a/b", "~", "$x", "*", "", "é", "0", "A"])
anything: st.SearchStrategy[Any] = st.recursive(
    st.one_of(scalars, st.none(), unknowns),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=5,
)


def choices(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda variable, a, b: Choice(variable, Reason(Cause.PARAMETER, variable), (("x", a), ("y", b))),
        st.sampled_from(["v", "w"]),
        of,
        of,
    )


def values(kind: Type, *, special: bool = True) -> st.SearchStrategy[Any]:
    """Values of a type, and now and then one that is absent, unknown, of another type, or one of several."""
    proper: st.SearchStrategy[Any]
    match kind.kind:
        case Kind.BOOLEAN:
            proper = st.booleans()
        case Kind.INTEGER:
            proper = st.sampled_from(NUMBERS)
        case Kind.NUMBER:
            proper = st.sampled_from([*NUMBERS, *FLOATS])
        case Kind.STRING:
            proper = st.sampled_from(TEXTS)
        case Kind.LIST:
            proper = st.lists(values(kind.items or ANY), max_size=3)
        case Kind.MAP:
            proper = st.dictionaries(keys, values(kind.items or ANY), max_size=2)
        case Kind.OBJECT:
            proper = st.fixed_dictionaries({}, optional={name: values(each) for name, each in kind.own})
        case _:
            proper = anything
    if not special:
        return proper
    return st.integers(0, 9).flatmap(
        lambda n: unknowns if n == 0 else anything if n == 1 else choices(proper) if n == 2 else proper
    )


documents = values(RESOURCE, special=False)

# Expressions.

Scope = tuple[tuple[str, Type], ...]


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True).replace("\\u0000", "\\000")


def literals(kind: Kind) -> st.SearchStrategy[str]:
    match kind:
        case Kind.BOOLEAN:
            return st.sampled_from(["true", "false"])
        case Kind.INTEGER:
            return st.sampled_from(["0", "1", "22", "7", "(-1)", "params.days"])
        case Kind.NUMBER:
            return st.sampled_from(["0.5", "1.0", "22.0"])
        case _:
            return st.sampled_from(TEXTS).filter(lambda text: "🤦" not in text).map(quoted)


def paths(scope: Scope, wanted: Kind) -> list[tuple[str, Type]]:
    """Every way to read a value of a kind from the variables in scope."""
    found: list[tuple[str, Type]] = []

    def visit(text: str, kind: Type, depth: int) -> None:
        if kind.kind in (wanted, Kind.ANY):
            found.append((text, kind))
        if depth < 4 and kind.kind is Kind.OBJECT:
            for name, each in kind.own:
                visit(f"{text}.{name}", each, depth + 1)

    for text, kind in scope:
        visit(text, kind, 0)
        if text == "resource":
            found += [(f"resource.Free.{name}", ANY) for name in ("a", "name")]
    return found


def readable(scope: Scope, kind: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from([text for text, _ in paths(scope, kind)])


def operands(scope: Scope, kind: Kind) -> st.SearchStrategy[str]:
    read = readable(scope, kind)
    options = [read, read, literals(kind)]
    if kind is Kind.INTEGER:
        options.append(
            st.one_of(readable(scope, Kind.LIST), readable(scope, Kind.STRING)).map(lambda text: f"size({text})")
        )
        options.append(st.builds("({} + {})".format, read, literals(kind)))
        options.append(readable(scope, Kind.STRING).map(lambda text: f"int({text})"))
    if kind is Kind.STRING:
        options.append(st.builds("({} ? {} : {})".format, readable(scope, Kind.BOOLEAN), read, literals(kind)))
        options.append(read.map(lambda text: f"lowerAscii({text})"))
    return st.one_of(*options)


def elements(scope: Scope) -> st.SearchStrategy[tuple[str, Type]]:
    """Lists to walk over, with the type of their elements."""
    lists = [(text, kind.items or ANY) for text, kind in paths(scope, Kind.LIST)]
    maps = [(text, STRING) for text, kind in paths(scope, Kind.MAP) if kind.kind is Kind.MAP]
    return st.sampled_from([*lists, *maps, ("params.names", STRING), ("[1, 22]", INTEGER)])


def truths(scope: Scope, depth: int) -> st.SearchStrategy[str]:
    """Well-typed questions."""
    kinds = st.sampled_from([Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER, Kind.STRING])
    alike = kinds.flatmap(
        lambda kind: st.builds(
            lambda a, op, b: f"({a} {op} {b})",
            operands(scope, kind),
            st.sampled_from(["==", "!="]),
            operands(scope, kind),
        )
    )
    ordered = st.sampled_from([Kind.INTEGER, Kind.NUMBER, Kind.STRING]).flatmap(
        lambda kind: st.builds(
            lambda a, op, b: f"({a} {op} {b})",
            operands(scope, kind),
            st.sampled_from(["<", "<=", ">", ">="]),
            operands(scope, kind),
        )
    )
    asked = st.builds(
        lambda a, f, b: f"{a}.{f}({b})",
        readable(scope, Kind.STRING),
        st.sampled_from(["startsWith", "endsWith", "contains"]),
        literals(Kind.STRING),
    )
    here = [text for kind in Kind for text, _ in paths(scope, kind) if "." in text and not text.startswith("params")]
    stated = st.sampled_from(here).map(lambda text: f"has({text})")
    among = st.builds(
        lambda a, b: f"({a} in {b})",
        operands(scope, Kind.STRING),
        st.sampled_from(
            [
                "['a', 'tcp']",
                "[]",
                "params.names",
                "resource.Names",
                "resource.Tags",
                "resource.Free",
                "[resource.Name, 'b']",
            ]
        ),
    )
    free = st.sampled_from(["resource.Free", "resource.Free.a", "resource.Free.name.on"])
    null = free.map(lambda text: f"({text} == null)")
    rules = [text for text, kind in scope if kind == RULE]
    statements = [text for text, kind in scope if kind == STATEMENT]
    named = [st.sampled_from(rules).map(lambda text: f"{text}.opensPort(22)")] if rules else []
    named += [st.sampled_from(rules).map(lambda text: f"fromAnywhere({text})")] if rules else []
    named += [st.sampled_from(statements).map(lambda text: f"isPublic({text})")] if statements else []
    named.append(readable(scope, Kind.STRING).map(lambda text: f"{text}.matches('^[a-z]+$')"))
    named_so = st.builds("({} == {})".format, readable(scope, Kind.STRING), literals(Kind.STRING))
    leaves = st.one_of(readable(scope, Kind.BOOLEAN), alike, named_so, ordered, asked, stated, among, null, *named)
    if depth == 0:
        return leaves
    inner = truths(scope, depth - 1)
    return st.one_of(
        leaves,
        inner.map(lambda text: f"!({text})"),
        st.builds(lambda a, op, b: f"({a} {op} {b})", inner, st.sampled_from(["&&", "||"]), inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        walks(scope, depth),
        walks(scope, depth),
        walks(scope, depth),
    )


def walks(scope: Scope, depth: int) -> st.SearchStrategy[str]:
    variable = f"x{depth}"

    def walk(over: tuple[str, Type]) -> st.SearchStrategy[str]:
        text, kind = over
        body = truths((*scope, (variable, kind)), depth - 1)
        quantified = st.builds(
            lambda macro, inner: f"{text}.{macro}({variable}, {inner})",
            st.sampled_from(["all", "exists", "exists_one"]),
            body,
        )
        filtered = body.map(lambda inner: f"(size({text}.filter({variable}, {inner})) > 0)")
        mapped = body.map(lambda inner: f"{text}.map({variable}, {inner}).exists(y{depth}, y{depth})")
        chosen = body.map(
            lambda inner: f"{text}.filter({variable}, {inner}).all(z{depth}, {inner.replace(variable, f'z{depth}')})"
        )
        return st.one_of(quantified, quantified, filtered, mapped, chosen)

    return elements(scope).flatmap(walk)


expressions = truths((("resource", RESOURCE),), 2)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as one:
        yield one


def answers(engine: Engine, parsed: Sequence[Expression], given: Sequence[Any]) -> list[str]:
    query = Query([Question(str(number), each, None, {"params": PARAMS_VALUE}) for number, each in enumerate(parsed)])
    assert not query.interpreted
    return list(engine.judge(query, [document(each) for each in given]))


def undecidable(value: Value) -> bool:
    """Whether a value holds what the columnar form leaves to the interpreter."""
    match value:
        case Choice():
            return True
        case Unknown(present=present):
            return present
        case dict():
            return any(map(undecidable, value.values()))
        case list():
            return any(map(undecidable, value))
        case bool():
            return False
        case int():
            return abs(value) >= 2**53
        case float():
            return abs(value) >= 2**53
        case _:
            return False


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(expressions, min_size=4, max_size=4), st.lists(documents, min_size=16, max_size=16))
def test_it_never_decides_otherwise(engine: Engine, texts: list[str], given: list[Any]) -> None:
    parsed = [parse(text, ENVIRONMENT) for text in texts]
    for one, pattern in zip(given, answers(engine, parsed, given), strict=True):
        for text, expression, answer in zip(texts, parsed, pattern, strict=True):
            expected = evaluate(expression, {"resource": one, "params": PARAMS_VALUE}, explain=False).truth
            note(f"{text} of {one!r}: {answer}, {expected}")
            assert answer in ({True: HOLDS, False: FAILS, None: ASK}[expected], ASK)
            if answer == ASK and not undecidable(one):
                assert expected is None, f"{text} of {one!r} is {expected}"


# Firewall rules, policy statements and texts as they are in earnest, and nearly.

CIDRS = [
    *("0.0.0.0/0", "::/0", "0::/0", "0.0.0.0/00", "10.0.0.0/8", "10.1.2.3/32", "10.1.2.3", "8.8.8.8/32", "9.0.0.0/7"),
    *("192.0.0.9/32", "192.0.0.8/29", "224.0.0.0/3", "128.0.0.0/1", "172.15.0.0/15", "256.0.0.0/8", "01.2.3.4/8", ""),
    *(" 10.0.0.0/8", "10.0.0.0/33", "2001:db8::/32", "2600::/12", "10.0.0/8", "100.64.0.0/10", "100.0.0.0/8"),
]
PORTS = [0, 1, 22, 65535, -1, 22.0, 22.5, True, "22", " 22", "-1", "x", "2222222222", 2**40, None, None]
rules = st.fixed_dictionaries(
    {},
    optional={
        "IpProtocol": st.sampled_from(["tcp", "TCP", " udp", "6", 6, -1, "-1", "all", "icmp", "İ", True, None, 1.5]),
        "Protocol": st.sampled_from([6, "17", -1, "tcp", None]),
        "FromPort": st.sampled_from(PORTS),
        "ToPort": st.sampled_from(PORTS),
        "PortRange": st.sampled_from([None, {}, {"From": 20, "To": 30}, {"From": "x"}, 5]),
        **{
            name: st.one_of(st.sampled_from([*CIDRS, 5, None]), unknowns)
            for name in ("CidrIp", "CidrIpv6", "CidrBlock")
        },
    },
)
named_lists = st.lists(
    st.one_of(
        st.sampled_from(
            ["*", "s3:*", "S3:Get*", "iam:PassRole", "arn:aws:s3:::b/*", "arn:*:s3:::b", "arn:aws:*", "*:*", 5]
        ),
        unknowns,
    ),
    max_size=3,
)
principals: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "*",
        {"AWS": ["*"]},
        {"AWS": ["123456789012", "arn:aws:iam::999999999999:root"]},
        {"*": []},
        {"AWS": "*"},
        {"AWS": [{}]},
        "x",
        {"AWS": [[]], "Service": ["s3.amazonaws.com"]},
    ]
)
statements = st.fixed_dictionaries(
    {},
    optional={
        "Effect": st.sampled_from(["Allow", "Deny", "allow", "DENY", "", 5, None]),
        **{name: st.one_of(named_lists, unknowns) for name in ("Action", "NotAction", "Resource", "NotResource")},
        "Principal": st.one_of(principals, unknowns),
        "NotPrincipal": principals,
        "Condition": st.sampled_from(
            [
                None,
                {},
                {"Bool": {"aws:SecureTransport": ["false"]}},
                {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}},
                {"StringEquals": {"AWS:SourceAccount": ["123456789012"]}},
                {"StringEquals": Unknown(Reason(Cause.PARAMETER, "x"))},
            ]
        ),
    },
)
texts: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [*CIDRS, "alias/aws/s3", "alias/x", "AWS_OWNED_KEY", "AWS_OWNED_KMS_KEY", "AWS_OWNED_", "a\nb", "ab/x"]
    ),
    st.text(max_size=6),
    unknowns,
    st.sampled_from([5, True, [], None]),
)
CALLS = [
    *(f"resource.Rules.exists(r, {each})" for each in (
        "fromAnywhere(r)", "fromInternet(r)", "opensPort(r, 22)", "opensAnyPort(r, [22, 25])", "opensAllPorts(r)",
        "opensOnlyPorts(r, [22])", "opensOnlyPorts(r, [])", "opensAnyPort(r, [])",
    )),
    *(f"resource.Statements.exists(s, {each})" for each in (
        "grants(s, 's3:*')", "grantsAnyAction(s, ['iam:PassRole'])", "grantsSome(s, 's3:*')", "grantsWholeService(s)",
        "grantsEverything(s)", "onEverything(s)", "grantsAtWill(s, ['s3:GetObject'])",
            "denies(s, 's3:GetObject')", "anyPrincipal(s)", "isPublic(s)",
        "trustsOutside(s, ['123456789012'])", "requiresTls(s)", "hasCondition(s, 'aws:sourceaccount')",
        "size(conditionKeys(s)) > 0", "size(principalAccounts(s)) > 0",
    )),
    *(f"resource.Names.exists(n, {each})" for each in (
        "isAnywhere(n)", "isPublicRange(n)", "isCustomerKey(n)", "glob(n, 'a?b')", "glob(n, '*/*')", "glob(n, '.*')",
        "n.matches('^[a-z]+$')", "n.matches('a.b')", "n.matches('')", "n.matches('(?i)[É\\\\d]$')",
    )),
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(rules, statements, texts), min_size=10, max_size=10))
def test_hot_functions_answer_as_in_python(engine: Engine, drawn: list[tuple[Any, Any, Any]]) -> None:
    parsed = [parse(text, ENVIRONMENT) for text in CALLS]
    given = [{"Rules": [rule], "Statements": [statement], "Names": [text]} for rule, statement, text in drawn]
    for one, pattern in zip(given, answers(engine, parsed, given), strict=True):
        for text, expression, answer in zip(CALLS, parsed, pattern, strict=True):
            expected = evaluate(expression, {"resource": one, "params": PARAMS_VALUE}, explain=False).truth
            assert answer in ({True: HOLDS, False: FAILS, None: ASK}[expected], ASK), f"{text} of {one!r}"
            if answer == ASK and not undecidable(one):
                assert expected is None, f"{text} of {one!r} is {expected}"


@given(st.sampled_from([each for each in FUNCTIONS if any(fields_of(each))]), rules, statements, st.data())
@settings(max_examples=500, deadline=None)
def test_a_function_looks_only_at_the_fields_that_its_dictionary_is_keyed_by(
    function: Function, rule: Any, statement: Any, data: st.DataObject
) -> None:
    first = rule if function.parameters[0][1] == RULE else statement
    rest = [
        ["22", "s3:*"] if kind.kind is Kind.LIST else 22 if kind == INTEGER else "s3:*"
        for _, kind in function.parameters[1:]
    ]
    whole = {**first, "Noise": data.draw(scalars)}
    kept = {name: each for name, each in first.items() if name in fields_of(function)[0]}
    assert function.call(whole, *rest) == function.call(kept, *rest)


@given(documents)
@settings(max_examples=200, deadline=None)
def test_a_document_says_what_its_value_is(value: Any) -> None:
    text = document(value)
    if text is not None:
        assert from_json(json.loads(text)) == from_json(to_json(value))
