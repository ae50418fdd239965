"""Hot functions in SQL, for the arguments that nearly all documents have; NULL leaves others to Python.

Firewall rules and address ranges hardly repeat between resources, so that a dictionary of them would be as long as the
documents. What is decided here is decided as in `functions/ports.py`, `cidr.py`, `policies.py`, `keys.py` and
`text.py`: a law compares them.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from assay.expressions.columns import sql
from assay.expressions.columns.plan import Column, Lane
from assay.expressions.columns.terms import Formula, Terms
from assay.expressions.functions.cidr import NOT_GLOBAL, YET_GLOBAL
from assay.expressions.functions.ports import EVERY_PROTOCOL, HIGHEST_PORT, WITH_PORTS
from assay.inventory.values import Value

_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf'"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}/(3[0-2]|[12]?[0-9])"'

Fast = Callable[[Terms, Column, Sequence[Value]], Formula | None]


def fast(function: str, terms: Terms, subject: Column, constants: Sequence[Value]) -> Formula | None:
    """Return the SQL that answers for the usual arguments, None for a function (or constants) that has none."""
    found = _FAST.get(function)
    return found(terms, subject, constants) if found else None


def _is_anywhere(terms: Terms, cidr: Column, _: Sequence[Value]) -> Formula:
    c, parts = cidr.name, _ipv4(terms, cidr)
    text = (
        f"(CASE WHEN {c} IN ('null', '\"\"') THEN false WHEN {c} = '\"::/0\"' THEN true"
        f" WHEN {parts.name} IS NOT NULL THEN {parts.name}[5] = 0 END)"
    )
    return Formula(cidr.relation, Lane.TRUTH, text, (cidr, parts))


def _ipv4(terms: Terms, cidr: Column) -> Column:
    """The four octets and the prefix length of an IPv4 range, NULL when it is none."""
    c = cidr.name
    split = f"string_split(replace(substr({c}, 2, length({c}) - 2), '/', '.'), '.')"
    numbers = f"CASE WHEN regexp_full_match({c}, {sql.quoted(_IPV4)}) THEN CAST({split} AS BIGINT[]) END"
    return terms.plan.let(cidr.relation, Lane.LIST, f"(CASE WHEN ascii({c}) = 34 THEN {numbers} END)", (cidr,))


def _is_public_range(terms: Terms, cidr: Column, _: Sequence[Value]) -> Formula:
    plan, c = terms.plan, cidr.name
    parts = _ipv4(terms, cidr)
    n = parts.name
    size = f"(1 << (32 - {n}[5]))"
    address = f"(((({n}[1] * 256 + {n}[2]) * 256 + {n}[3]) * 256) + {n}[4])"
    low = plan.let(cidr.relation, Lane.COUNT, f"({address} // {size} * {size})", (parts,))
    high = plan.let(cidr.relation, Lane.COUNT, f"({low.name} + {size} - 1)", (low, parts))
    yet = [f"({low.name} <= {b} AND {high.name} >= {a})" for a, b in _intervals(YET_GLOBAL)]
    held = [f"({low.name} >= {a} AND {high.name} <= {b})" for a, b in _intervals(NOT_GLOBAL)]
    text = (
        f"(CASE WHEN {c} IN ('null', '\"\"') THEN false WHEN {low.name} IS NOT NULL"
        f" THEN {' OR '.join(yet)} OR NOT ({' OR '.join(held)}) END)"
    )
    return Formula(cidr.relation, Lane.TRUTH, text, (cidr, low, high))


def _intervals(networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> list[tuple[int, int]]:
    """Return the IPv4 addresses of the networks as intervals that do not touch."""
    only = [each for each in networks if isinstance(each, ipaddress.IPv4Network)]
    found: list[tuple[int, int]] = []
    for each in ipaddress.collapse_addresses(only):
        low, high = int(each.network_address), int(each.broadcast_address)
        if found and found[-1][1] + 1 == low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def _opens(terms: Terms, rule: Column, asked: Callable[[str, str, str, str], str]) -> Formula:
    """What is asked of: whether the rule is for every protocol, for one with ports, its lowest and its highest port."""
    plan = terms.plan
    one, other = terms.stated(rule, "IpProtocol"), terms.stated(rule, "Protocol")
    either = f"(CASE WHEN {one.name} = 'null' THEN {other.name} ELSE {one.name} END)"
    protocol = plan.let(rule.relation, Lane.JSON, either, (one, other))
    low, high = _port(terms, rule, "FromPort", 0), _port(terms, rule, "ToPort", HIGHEST_PORT)
    every, with_ports = (
        plan.let(rule.relation, Lane.TRUTH, _is_protocol(protocol.name, names), (protocol,))
        for names in (EVERY_PROTOCOL, WITH_PORTS)
    )
    text = asked(every.name, with_ports.name, low.name, high.name)
    return Formula(rule.relation, Lane.TRUTH, text, (every, with_ports, low, high))


def _is_protocol(p: str, names: Sequence[str]) -> str:
    several = ", ".join(f"{sql.quoted(each)}, {sql.literal(each)}" for each in names)
    plain = f"regexp_full_match({p}, '\"?[a-z0-9-]+\"?')"
    return f"(CASE WHEN {p} = 'null' THEN false WHEN {p} IN ({several}) THEN true WHEN {plain} THEN false END)"


def _port(terms: Terms, rule: Column, name: str, unlimited: int) -> Column:
    stated, ranged = terms.stated(rule, name), terms.stated(rule, "PortRange")
    v = stated.name
    whole = f"CASE WHEN NOT contains({v}, '.') AND NOT contains({v}, 'e') THEN TRY_CAST({v} AS BIGINT) END"
    digits = f"CASE WHEN regexp_full_match({v}, '\"-?[0-9]{{1,9}}\"') THEN CAST(trim({v}, '\"') AS BIGINT) END"
    text = f"(CASE WHEN {sql.is_number(v)} THEN {whole} WHEN ascii({v}) = 34 THEN {digits} END)"
    number = terms.plan.let(rule.relation, Lane.COUNT, text, (stated,))
    text = (
        f"(CASE WHEN {v} = 'null' THEN CASE WHEN {ranged.name} = 'null' THEN {unlimited} END"
        f" WHEN {number.name} < 0 THEN {unlimited} ELSE {number.name} END)"
    )
    return terms.plan.let(rule.relation, Lane.COUNT, text, (stated, ranged, number))


def _opens_port(terms: Terms, rule: Column, constants: Sequence[Value]) -> Formula | None:
    return _opens_any_port(terms, rule, [list(constants)])


def _opens_any_port(terms: Terms, rule: Column, constants: Sequence[Value]) -> Formula | None:
    (ports,) = constants
    if not isinstance(ports, list | tuple) or not ports or not all(type(each) is int for each in ports):
        return None

    def asked(every: str, with_ports: str, low: str, high: str) -> str:
        inside = " OR ".join(f"({low} <= {each} AND {each} <= {high})" for each in ports)
        return f"({every} OR ({with_ports} AND ({inside})))"

    return _opens(terms, rule, asked)


def _opens_all_ports(terms: Terms, rule: Column, _: Sequence[Value]) -> Formula:
    def asked(every: str, with_ports: str, low: str, high: str) -> str:
        return f"({every} OR ({with_ports} AND {low} <= 1 AND {high} >= {HIGHEST_PORT}))"

    return _opens(terms, rule, asked)


def _opens_only_ports(terms: Terms, rule: Column, constants: Sequence[Value]) -> Formula | None:
    (ports,) = constants
    if not isinstance(ports, list | tuple) or not all(type(each) is int for each in ports):
        return None
    allowed = sorted({each for each in ports if isinstance(each, int)})

    def asked(every: str, with_ports: str, low: str, high: str) -> str:
        inside = " + ".join([f"CAST({low} <= {each} AND {each} <= {high} AS BIGINT)" for each in allowed] or ["0"])
        return f"(NOT {every} AND (NOT {with_ports} OR {high} - {low} + 1 <= {inside}))"

    return _opens(terms, rule, asked)


def _on_everything(terms: Terms, statement: Column, _: Sequence[Value]) -> Formula:
    """ "*" is everything; an ARN whose service is spelt out is not."""
    listed, excepted = terms.stated(statement, "Resource"), terms.stated(statement, "NotResource")
    one = r'"arn:[a-z-]+:[a-z0-9-]+:[^"\\]*"'
    several = sql.quoted(rf"\[{one}(,{one})*\]")
    narrow = f"regexp_full_match({listed.name}, {several})"
    text = (
        f"(CASE WHEN {listed.name} = '[\"*\"]' THEN true"
        f" WHEN {excepted.name} = 'null' AND ({listed.name} = 'null' OR {narrow}) THEN false END)"
    )
    return Formula(statement.relation, Lane.TRUTH, text, (listed, excepted))


def _is_customer_key(_: Terms, key: Column, __: Sequence[Value]) -> Formula:
    spelt = r'"(arn:aws:kms:[a-z0-9-]+:[0-9]+:(key|alias)/|alias/)?[A-Za-z0-9_-]+"'
    k = key.name
    text = (
        f"(CASE WHEN {k} IN ('null', '\"\"') THEN false WHEN regexp_full_match({k}, {sql.quoted(spelt)})"
        f" AND NOT starts_with({k}, '\"AWS_OWNED') THEN true END)"
    )
    return Formula(key.relation, Lane.TRUTH, text, (key,))


def _glob(_: Terms, text: Column, constants: Sequence[Value]) -> Formula | None:
    (pattern,) = constants
    if not isinstance(pattern, str) or "\x00" in pattern:
        return None
    parts = {"*": ".*", "?": r"[^\x00]"}
    regex = "(?s)" + "".join(parts.get(each, re.escape(each)) for each in pattern)
    matched = f"regexp_full_match({sql.text(text.name)}, {sql.plain(regex)})"
    return Formula(text.relation, Lane.TRUTH, f"(CASE WHEN ascii({text.name}) = 34 THEN {matched} END)", (text,))


def _only(
    effect: str, *more: Callable[[Terms, Column], tuple[str, tuple[Column, ...]]], knowing: str = "Effect"
) -> Fast:
    """Return what refuses a statement: another effect, or one more condition that makes the function false.

    knowing: the element of a statement without which the function says nothing at all.
    """

    def refused(terms: Terms, statement: Column, _: Sequence[Value]) -> Formula:
        said = terms.stated(statement, "Effect")
        needed = terms.stated(statement, knowing)
        other = f"NOT {sql.unknown(said.name)} AND lower({said.name}) <> {sql.literal(effect)}"
        other = f"WHEN {sql.unknown(needed.name)} THEN NULL WHEN {other} THEN false"
        conditions = [each(terms, statement) for each in more]
        text = " ".join([other, *(f"WHEN {condition} THEN false" for condition, _ in conditions)])
        uses = [said, needed, *(use for _, columns in conditions for use in columns)]
        return Formula(statement.relation, Lane.TRUTH, f"(CASE {text} END)", tuple(uses))

    return refused


def _without_condition(terms: Terms, statement: Column) -> tuple[str, tuple[Column, ...]]:
    condition = terms.stated(statement, "Condition")
    return f"{condition.name} = 'null'", (condition,)


def _for_named_principals(terms: Terms, statement: Column) -> tuple[str, tuple[Column, ...]]:
    """Whether nobody is named by "*", and nobody by being left out; every principal is text."""
    named, excepted = terms.stated(statement, "Principal"), terms.stated(statement, "NotPrincipal")
    kind = r'"[A-Za-z]+":\["[^"\\]*"(,"[^"\\]*")*\]'
    spelt = sql.quoted(rf"\{{{kind}(,{kind})*\}}")
    known = f"NOT contains({named.name}, '\"*\"') AND regexp_full_match({named.name}, {spelt})"
    return f"{excepted.name} = 'null' AND ({named.name} = 'null' OR ({known}))", (named, excepted)


def _for_named_resources(terms: Terms, statement: Column) -> tuple[str, tuple[Column, ...]]:
    """Whether every resource is spelt out, or in a bucket that is; none is left out. Then it is not all of a kind."""
    listed, excepted = terms.stated(statement, "Resource"), terms.stated(statement, "NotResource")
    one = r'"arn:[a-z-]+:(s3:::[a-z0-9][^"\\]*|[a-z0-9-]+:[^"\\*?#]*)"'
    several = sql.quoted(rf"\[{one}(,{one})*\]")
    named = f"({listed.name} = 'null' OR regexp_full_match({listed.name}, {several}))"
    return f"{excepted.name} = 'null' AND {named}", (listed, excepted)


_ALLOWS = _only("allow")
_FAST: Mapping[str, Fast] = {
    **dict.fromkeys(("grants", "grantsAnyAction", "grantsSome", "grantsWholeService", "grantsEverything"), _ALLOWS),
    "grantsAtWill": _only("allow", _for_named_resources),
    "trustsOutside": _only("allow", knowing="Principal"),
    "isPublic": _only("allow", _for_named_principals),
    "denies": _only("deny"),
    "requiresTls": _only("deny", _without_condition, _for_named_principals),
    "glob": _glob,
    "isAnywhere": _is_anywhere,
    "isPublicRange": _is_public_range,
    "opensPort": _opens_port,
    "opensAnyPort": _opens_any_port,
    "opensAllPorts": _opens_all_ports,
    "opensOnlyPorts": _opens_only_ports,
    "onEverything": _on_everything,
    "isCustomerKey": _is_customer_key,
}
