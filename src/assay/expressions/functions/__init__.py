"""The named functions of expressions, by topic. `FUNCTIONS` is all of them; docs/functions.md is made from it."""

from itertools import groupby

from assay.expressions.function import Function
from assay.expressions.functions import attributes, cidr, instances, keys, policies, ports, scripts, text, versions
from assay.inventory.schema import ANY, BOOLEAN, INTEGER, STATEMENT, STRING, STRINGS, Type, list_of, object_of

# Security group rules and network ACL entries; a rule is either.
RULE = object_of(
    IpProtocol=STRING,
    Protocol=ANY,
    FromPort=INTEGER,
    ToPort=INTEGER,
    PortRange=object_of(From=INTEGER, To=INTEGER),
    CidrIp=STRING,
    CidrIpv6=STRING,
    CidrBlock=STRING,
    Ipv6CidrBlock=STRING,
)

_RULE = ("rule", RULE)
_STATEMENT = ("statement", STATEMENT)
_CIDR = ("cidr", STRING)

FUNCTIONS: tuple[Function, ...] = (
    Function("isAnywhere", (_CIDR,), BOOLEAN, cidr.is_anywhere),
    Function("isPublicRange", (_CIDR,), BOOLEAN, cidr.is_public_range),
    Function("within", (_CIDR, ("outer", STRING)), BOOLEAN, cidr.within),
    Function("opensPort", (_RULE, ("port", INTEGER)), BOOLEAN, ports.opens_port),
    Function("opensAnyPort", (_RULE, ("ports", list_of(INTEGER))), BOOLEAN, ports.opens_any_port),
    Function("opensOnlyPorts", (_RULE, ("ports", list_of(INTEGER))), BOOLEAN, ports.opens_only_ports),
    Function("opensAllPorts", (_RULE,), BOOLEAN, ports.opens_all_ports),
    Function("fromAnywhere", (_RULE,), BOOLEAN, ports.from_anywhere),
    Function("fromInternet", (_RULE,), BOOLEAN, ports.from_internet),
    Function("grants", (_STATEMENT, ("action", STRING)), BOOLEAN, policies.grants),
    Function("grantsAnyAction", (_STATEMENT, ("actions", STRINGS)), BOOLEAN, policies.grants_any_action),
    Function("grantsSome", (_STATEMENT, ("actions", STRING)), BOOLEAN, policies.grants_some),
    Function("grantsWholeService", (_STATEMENT,), BOOLEAN, policies.grants_whole_service),
    Function("grantsEverything", (_STATEMENT,), BOOLEAN, policies.grants_everything),
    Function("onEverything", (_STATEMENT,), BOOLEAN, policies.on_everything),
    Function("grantsAtWill", (_STATEMENT, ("actions", STRINGS)), BOOLEAN, policies.grants_at_will),
    Function("denies", (_STATEMENT, ("action", STRING)), BOOLEAN, policies.denies),
    Function("anyPrincipal", (_STATEMENT,), BOOLEAN, policies.any_principal),
    Function("isPublic", (_STATEMENT,), BOOLEAN, policies.is_public),
    Function("principalAccounts", (_STATEMENT,), STRINGS, policies.principal_accounts),
    Function("isWholeAccount", (("principal", STRING),), BOOLEAN, policies.is_whole_account),
    Function("trustsOutside", (_STATEMENT, ("accounts", STRINGS)), BOOLEAN, policies.trusts_outside),
    Function("requiresTls", (_STATEMENT,), BOOLEAN, policies.requires_tls),
    Function("conditionKeys", (_STATEMENT,), STRINGS, policies.condition_keys),
    Function("conditionValues", (_STATEMENT, ("key", STRING)), STRINGS, policies.condition_values),
    Function("hasCondition", (_STATEMENT, ("key", STRING)), BOOLEAN, policies.has_condition),
    Function("isCustomerKey", (("key", STRING),), BOOLEAN, keys.is_customer_key),
    Function("tag", (("tags", ANY), ("key", STRING)), STRING, attributes.tag),
    Function("hasTag", (("tags", ANY), ("key", STRING)), BOOLEAN, attributes.has_tag),
    Function("attribute", (("entries", ANY), ("name", STRING)), STRING, attributes.attribute),
    Function("hasAttribute", (("entries", ANY), ("name", STRING)), BOOLEAN, attributes.has_attribute),
    Function("glob", (("text", STRING), ("pattern", STRING)), BOOLEAN, text.glob),
    Function("lowerAscii", (("text", STRING),), STRING, text.lower_ascii),
    Function("lastOf", (("text", STRING), ("words", STRINGS)), STRING, text.last_of),
    Function("arnAccount", (("arn", STRING),), STRING, text.arn_account),
    Function("arnService", (("arn", STRING),), STRING, text.arn_service),
    Function("isOwnName", (("name", STRING), ("reserved", STRINGS)), BOOLEAN, text.is_own_name),
    Function("looksLikeSecret", (("name", STRING), ("value", STRING)), BOOLEAN, text.looks_like_secret),
    Function("revealsSecret", (("script", STRING),), BOOLEAN, scripts.reveals_secret),
    Function("encryptsInTransit", (("type", STRING),), BOOLEAN, instances.encrypts_in_transit),
    Function("versionAtLeast", (("version", STRING), ("lowest", STRING)), BOOLEAN, versions.version_at_least),
    Function("tlsAtLeast", (("policy", STRING), ("lowest", STRING)), BOOLEAN, versions.tls_at_least),
    Function(
        "pastEndOfSupport",
        (("kind", STRING), ("version", STRING), ("now", STRING)),
        BOOLEAN,
        versions.past_end_of_support,
    ),
)

_TOPICS = {
    "cidr": "Address ranges",
    "ports": "Firewall rules",
    "policies": "Policy statements",
    "keys": "Keys",
    "attributes": "Tags, attributes and settings",
    "text": "Text",
    "scripts": "Scripts",
    "instances": "Instance types",
    "versions": "Versions and support",
}


_LANGUAGE = """\
## The language

Expressions are [CEL](https://cel.dev) over the properties of one resource, `resource`, with the control's `params` and
the day of the assessment, `today` ("2026-11-24").

- Operators: `&& || ! == != < <= > >= in + - * / %`, `condition ? a : b`, `a.b`, `a["b"]`, `list[0]`, `[…]`, `{"a": …}`.
- Macros: `has(a.b)`, `list.all(x, …)`, `.exists`, `.exists_one`, `.filter`, `.map(x, …)`, `.map(x, condition, …)`; over
  a map they walk the keys. A variable has a name that is not in use.
- Standard functions: `size`, `startsWith`, `endsWith`, `contains`, `matches` (RE2, found anywhere in the text), `int`,
  `double`, `string`, `bool`, `dyn`.
- Relations: `target(value, "AWS::X::Y")` is the resource that a property refers to, `targets(list, "AWS::X::Y")` those
  of a list, `referrers(resource, "AWS::X::Y", "Property")` the resources of a type that refer to this one by a
  property. A resource that is not among those given is unknown.
- Not supported, and refused when the file is read: timestamps and durations (dates compare as text), bytes, unsigned
  integers, types as values, keys of maps that are not text, messages.

An absent property reads as the platform's default where AWS documents one, as unknown where AWS decides, and else as
its type's zero: `false`, `0`, `""`, `[]`, `{}`. `has()` tells absent from stated. Integers and other numbers mix. An
error, such as an index out of range, is an unknown. `dyn(property) == "value"` compares with a value that the published
schema does not have yet.

## Functions""".splitlines()


def functions_page() -> str:
    """Return docs/functions.md: every function with its types and what it answers."""
    lines = [
        "# Expressions",
        "",
        "Made from the functions themselves by `assay.expressions.functions.functions_page`; do not edit.",
        "",
        *_LANGUAGE,
        "",
        "Call them as `opensPort(rule, 22)` or `rule.opensPort(22)`. What is unknown in an argument makes the answer",
        "unknown, unless the known part decides. A literal argument that can mean nothing is refused when it is read.",
    ]
    for topic, members in groupby(FUNCTIONS, key=_topic):
        lines += ["", f"### {_TOPICS.get(topic, topic.capitalize())}"]
        for each in members:
            lines += ["", f"#### {each.name}", "", f"`{_signature(each)}`", "", each.doc]
    return "\n".join(lines) + "\n"


def _topic(function: Function) -> str:
    return function.call.__module__.rpartition(".")[2]


def _signature(function: Function) -> str:
    parameters = ", ".join(f"{name}: {_type_name(kind)}" for name, kind in function.parameters)
    return f"{function.name}({parameters}) → {_type_name(function.result)}"


def _type_name(kind: Type) -> str:
    known = {RULE: "rule", STATEMENT: "statement"}
    return known.get(kind) or str(kind)
