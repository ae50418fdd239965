"""Which conditions of a policy statement narrow who can use it, or from where.

A condition narrows when it fails for a caller that is not one of few: its operator is a plain comparison (neither
negated, nor ForAllValues, nor …IfExists, all of which hold when the key is missing), its key tells the caller or the
caller's network, and every one of its values is fixed. Whatever is not in the table below does not narrow.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.expressions.functions.cidr import contains, parse_network
from assay.expressions.functions.holes import HOLE, Text, equals, lower_ascii, lowered, parts_of, settled, text_of
from assay.expressions.functions.kleene import Truth, all_of, any_of, doubt_of, items_of
from assay.inventory.values import Unknown, Value

Entry: TypeAlias = tuple[str, str, Sequence[Value]]  # operator and key in lower case, values

ACCOUNT = re.compile(r"\d{12}")

TEXT_OPERATORS = ("stringequals", "stringequalsignorecase", "stringlike")
ARN_OPERATORS = ("arnequals", "arnlike")

# AWS calls a policy public when aws:SourceIp is broader than this, private ranges apart.
WIDEST_IPV4, WIDEST_IPV6 = 8, 32
_PRIVATE = tuple(parse_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """How one condition key narrows: by which operators, with values of which form, and whether to an owner or a place
    we know.
    """

    operators: tuple[str, ...]
    fixed: Callable[[Text], Truth]
    is_account: bool = False
    binds: bool = True  # False: it narrows without telling whose principals are meant


def entries(condition: Value) -> list[Entry | Unknown]:
    """Return every (operator, key, values) of a Condition element; what is unknown about it appears as Unknown."""
    if doubt := doubt_of(condition):
        return [doubt]
    found: list[Entry | Unknown] = []
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        if doubt := doubt_of(keys):
            found.append(doubt)
        elif isinstance(keys, Mapping):
            found += [(lower_ascii(operator), lower_ascii(key), items_of(values)) for key, values in keys.items()]
    return found


def narrows(condition: Value) -> Truth:
    """Return whether some entry of the condition narrows the callers to few."""
    return any_of(each if isinstance(each, Unknown) else _entry_narrows(each) for each in entries(condition))


def binds_to(condition: Value, accounts: set[str]) -> Truth:
    """Return whether some entry binds the callers to the accounts, or to an organisation, network or resource that is
    named.
    """
    return any_of(each if isinstance(each, Unknown) else _entry_binds(each, accounts) for each in entries(condition))


def is_only_plaintext(condition: Value) -> Truth:
    """Return whether the condition holds for exactly the requests without TLS, or with TLS older than a version of 1.2
    or later.
    """
    found = entries(condition)
    known = [each for each in found if not isinstance(each, Unknown)]
    if len(known) > 1 or not found:
        return False
    return all_of(each if isinstance(each, Unknown) else _is_plaintext(each) for each in found)


def is_account(text: Text) -> Truth:
    """Return whether the text is one account: twelve digits, or the account that the template is deployed to."""
    if isinstance(text, str):
        return ACCOUNT.fullmatch(text) is not None
    if settled(text) and not text.parts:
        return True
    return text if all(part.isdigit() or not part for part in parts_of(text)) else False


def account_of(arn: Text) -> Text:
    """Return the account field of an ARN, "" when it is no ARN or has none; unknown when a hole hides it.

    A hole that the platform fills holds no colon, so the fields around it are known; any other may.
    """
    if isinstance(arn, str):
        return _field(arn, 4)
    known = HOLE.join(parts_of(arn)) if settled(arn) else parts_of(arn)[0]
    fields = known.split(":", 5)
    if len(fields) < 6:
        return arn
    return arn if HOLE in fields[4] else fields[4]


def _field(arn: str, index: int) -> str:
    fields = arn.split(":", 5)
    return fields[index] if len(fields) == 6 and fields[0] == "arn" else ""


def _entry_narrows(entry: Entry) -> Truth:
    operator, key, values = entry
    rule = NARROWING.get(key)
    if rule is None or operator.removeprefix("foranyvalue:") not in rule.operators or not values:
        return False
    return all_of(rule.fixed(text_of(value)) for value in values)


def _entry_binds(entry: Entry, accounts: set[str]) -> Truth:
    _, key, values = entry
    rule = NARROWING.get(key)
    if rule is None or not rule.binds:
        return False
    inside = all_of(_is_inside(text_of(value), accounts) for value in values) if rule.is_account else True
    return all_of((_entry_narrows(entry), inside))


def _is_inside(account: Text, accounts: set[str]) -> Truth:
    if isinstance(account, str):
        return account in accounts
    return True if settled(account) else account


def _is_plaintext(entry: Entry) -> Truth:
    operator, key, values = entry
    texts = [lowered(text_of(value)) for value in values]
    if key == "aws:securetransport":
        return operator in ("bool", "boolifexists") and any_of(equals(text, "false") for text in texts)
    if key == "s3:tlsversion":
        return operator in ("numericlessthan", "numericlessthanifexists") and any_of(
            _at_least_tls_1_2(text) for text in texts
        )
    return False


def _at_least_tls_1_2(text: Text) -> Truth:
    if isinstance(text, Unknown):
        return text
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None and float(text) >= 1.2


def _begins(prefix: str) -> Callable[[Text], Truth]:
    """Return the question whether a text is a fixed identifier with the prefix: no wildcard, no policy variable."""

    def fixed(text: Text) -> Truth:
        if isinstance(text, str):
            return text.startswith(prefix) and len(text) > len(prefix) and not set(text) & set("*?$")
        known = "".join(parts_of(text))
        return False if set(known) & set("*?$") else settled(text) or text

    return fixed


def _is_organisation_path(text: Text) -> Truth:
    """Return whether a path in an organisation fixes the organisation: "o-a1b2c3d4e5/*" does."""
    known = text if isinstance(text, str) else parts_of(text)[0]
    organisation, slash, _ = known.partition("/")
    if isinstance(text, Unknown) and not slash:
        return text
    return _begins("o-")(organisation)


def _is_user(text: Text) -> Truth:
    """Return whether an aws:userid fixes the principal: a unique id (before any session name), or an account's root."""
    if isinstance(text, Unknown):
        return text
    return re.fullmatch(r"A[A-Z0-9]{15,127}(:.*)?|\d{12}", text) is not None


def _is_arn(text: Text) -> Truth:
    """Return whether an ARN fixes the owner: an account and no wildcard before it, or a whole bucket or resource name.

    In StringLike a `*` also matches colons, so that a wildcard before the account leaves the account open.
    """
    if isinstance(text, Unknown) and not text.parts:
        return settled(text) or text
    owner = account_of(text)
    if isinstance(owner, Unknown):
        return settled(owner) or owner
    known = HOLE.join(parts_of(text))
    if not known.startswith(("arn:", HOLE)):
        return False
    before, resource = ":".join(known.split(":", 5)[:5]), known.split(":", 5)[-1]
    if set(before) & set("*?$"):
        return False
    if owner:
        return is_account(owner)
    name = resource.partition("/")[0] if ":s3:" in before else resource
    if set(name) & set("*?$"):
        return False
    return bool(name) if HOLE not in name else _as_doubt(text)


def _as_doubt(text: Text) -> Truth:
    return text if isinstance(text, Unknown) and not settled(text) else True


def _is_narrow_range(text: Text) -> Truth:
    """Return whether an address range is narrower than AWS's limit for public, or private."""
    if isinstance(text, Unknown):
        found = re.search(r"/(\d+)$", parts_of(text)[-1])
        prefix = int(found[1]) if found else None
        if prefix is None or 0 < prefix < WIDEST_IPV6:
            return text
        return prefix > 0
    network = parse_network(text)
    if network is None:
        return False
    widest = WIDEST_IPV4 if network.version == 4 else WIDEST_IPV6
    return network.prefixlen >= widest or any(contains(private, network) for private in _PRIVATE if private)


def _is_true(text: Text) -> Truth:
    return equals(lowered(text), "true")


_ACCOUNT = Narrowing(TEXT_OPERATORS, is_account, is_account=True)
_ORGANISATION = Narrowing(TEXT_OPERATORS, _begins("o-"))
_ORGANISATION_PATH = Narrowing(TEXT_OPERATORS, _is_organisation_path)
_ARN = Narrowing(TEXT_OPERATORS + ARN_OPERATORS, _is_arn)

NARROWING: Mapping[str, Narrowing] = {
    "aws:principalaccount": _ACCOUNT,
    "aws:principalarn": _ARN,
    "aws:principalorgid": _ORGANISATION,
    "aws:principalorgpaths": _ORGANISATION_PATH,
    "aws:sourceaccount": _ACCOUNT,
    "aws:sourcearn": _ARN,
    "aws:sourceip": Narrowing(("ipaddress",), _is_narrow_range, binds=False),
    "aws:sourceorgid": _ORGANISATION,
    "aws:sourceorgpaths": _ORGANISATION_PATH,
    "aws:sourceowner": _ACCOUNT,
    "aws:sourcevpc": Narrowing(TEXT_OPERATORS, _begins("vpc-")),
    "aws:sourcevpce": Narrowing(TEXT_OPERATORS, _begins("vpce-")),
    "aws:userid": Narrowing(TEXT_OPERATORS, _is_user, binds=False),
    "aws:vpceaccount": _ACCOUNT,
    "aws:vpceorgid": _ORGANISATION,
    "aws:vpceorgpaths": _ORGANISATION_PATH,
    "elasticfilesystem:accessedviamounttarget": Narrowing(("bool",), _is_true, binds=False),
    "kms:calleraccount": _ACCOUNT,
    "s3:dataaccesspointaccount": _ACCOUNT,
    "s3:dataaccesspointarn": _ARN,
}
