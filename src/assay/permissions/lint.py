"""What AWS accepts in a policy and silently ignores, and what is not likely meant."""

from collections.abc import Iterator
from typing import Final

from assay.documents import Document, Path
from assay.permissions.findings import Finding, Level
from assay.permissions.matching import account_named, arn_shaped
from assay.permissions.operators import Comparison, Family, Quantifier
from assay.permissions.patterns import Pattern
from assay.permissions.policy import Condition, Kind, Policy, PrincipalType, Statement
from assay.permissions.quotas import AS_OF, QUOTAS, RCP_SERVICES, size
from assay.permissions.typed import network

Seen = tuple[str, Level, str, str]
"""Code, level, message, remedy."""


def lint(policy: Policy, document: Document) -> tuple[Finding, ...]:
    """Return the findings of a policy that parses, in order of place."""
    found: list[Finding] = []

    def note(path: Path, seen: Seen) -> None:
        code, level, message, remedy = seen
        line, column = document.key_place(path)
        found.append(Finding(document.file, line, column, code, level, message, remedy))

    for seen in _whole(policy, document):
        note((), seen)
    single = isinstance(policy.source, dict) and isinstance(policy.source.get("Statement"), dict)
    for index, statement in enumerate(policy.statements):
        path: Path = ("Statement",) if single else ("Statement", index)
        for name, seen in _statement(policy, statement):
            note((*path, name) if name else path, seen)
        for condition in statement.conditions:
            for seen in _condition(policy, statement, condition):
                line, column = condition.line, document.place(path)[1]
                code, level, message, remedy = seen
                found.append(Finding(document.file, line, column, code, level, message, remedy))
    return tuple(sorted(set(found)))


def _whole(policy: Policy, document: Document) -> Iterator[Seen]:
    quota = QUOTAS[policy.kind]
    length = size(document.value)
    if length > quota.characters:
        message = f"{length:,} characters; {quota.name} has at most {quota.characters:,} (as of {AS_OF})"
        yield "policy-quota", Level.REFUSED, message, "split it or merge statements"


def _statement(policy: Policy, statement: Statement) -> Iterator[tuple[str, Seen]]:
    if policy.kind is Kind.RCP:
        yield from _resource_control(statement)
    if policy.version != "2012-10-17":
        texts = [*statement.resources, *(value for each in statement.conditions for value in each.values)]
        if any("${" in each.text for each in texts):
            message = f"${{…}} is plain text under Version {policy.version}"
            yield "", ("policy-variable", Level.IGNORED, message, "set Version to 2012-10-17")
    if statement.not_principals:
        yield from _not_principal(statement)
    for each in statement.resources:
        yield from _resource(statement, each)
    for principal in statement.principals or ():
        if principal.type is PrincipalType.AWS and principal.name.startswith("A") and ":" not in principal.name:
            message = f"the principal {principal.name} is the id of a principal that was deleted"
            yield "Principal", ("policy-no-effect", Level.IGNORED, message, "remove it")
    negated = [each for each in statement.conditions if each.operator.negated]
    if len({each.key for each in negated}) > 1 and not statement.allow:
        keys = " and ".join(sorted({each.name for each in negated}))
        message = f"all negated conditions must hold together: matching one of {keys} escapes the Deny"
        yield "Condition", ("policy-negation", Level.WARNING, message, "write one statement for each key, or be sure")


def _resource_control(statement: Statement) -> Iterator[tuple[str, Seen]]:
    if statement.allow:
        yield "Effect", ("policy-kind", Level.REFUSED, "a resource control policy allows", 'only "Deny" is accepted')
    if statement.not_principals or any(each.type is not PrincipalType.EVERYBODY for each in statement.principals or ()):
        remedy = 'write "Principal": "*" and conditions'
        yield "", ("policy-kind", Level.REFUSED, "a resource control policy names principals", remedy)
    if statement.not_actions:
        yield "NotAction", ("policy-kind", Level.REFUSED, "NotAction in a resource control policy", "list the actions")
    for each in statement.actions:
        service = each.text.partition(":")[0].lower()
        if each.text == "*":
            yield "Action", ("policy-kind", Level.REFUSED, "the action * in a resource control policy", "name services")
        elif service not in RCP_SERVICES and "*" not in service and not statement.not_actions:
            message = f"resource control policies do not bind {service} (as of {AS_OF})"
            yield "Action", ("policy-no-effect", Level.IGNORED, message, "remove it")


def _not_principal(statement: Statement) -> Iterator[tuple[str, Seen]]:
    code = "policy-not-principal"
    if statement.allow:
        message = "Allow with NotPrincipal gives access to everybody else, anonymous callers included"
        yield "NotPrincipal", (code, Level.WARNING, message, "name whom it is for")
    elif any(account_named(each.name) for each in statement.principals or () if each.type is PrincipalType.AWS):
        message = "NotPrincipal with an account does not say what happens to its users and roles; no proof rests on it"
        yield "NotPrincipal", (code, Level.WARNING, message, "use a condition on aws:PrincipalArn")
    else:
        message = "Deny with NotPrincipal denies sessions of a role that is listed without its session and account"
        yield "NotPrincipal", (code, Level.WARNING, message, "use a condition on aws:PrincipalArn")


def _resource(statement: Statement, each: Pattern) -> Iterator[tuple[str, Seen]]:
    name = "NotResource" if statement.not_resources else "Resource"
    parts = each.text.split(":")
    if len(parts) > 2 and ("*" in parts[2] or "?" in parts[2]) and len(parts) > 3:
        message = f"a wildcard in the service of {each.text!r}"
        yield name, ("policy-resource", Level.WARNING, message, "name the service")
    for variable in each.variables:
        if not statement.allow and variable.default is None:
            message = f"without {variable.key} the Deny does not apply: it fails open"
            remedy = f"give a default: ${{{variable.key}, 'none'}}"
            yield name, ("policy-variable", Level.WARNING, message, remedy)


def _condition(policy: Policy, statement: Statement, condition: Condition) -> Iterator[Seen]:
    operator, key = condition.operator, condition.name
    if not condition.values and operator.family is not Family.NULL:
        effect = "always holds on a present key" if operator.negated else "never holds on a present key"
        yield "policy-no-effect", Level.IGNORED, f"{operator} without values {effect}", "give values"
    if operator.quantifier is Quantifier.ALL and statement.allow and not _demands(statement, condition.key):
        message = f"{operator} is true when {key} is missing or empty, so this allows without it"
        yield "policy-set-operator", Level.WARNING, message, f'add "Null": {{"{key}": "false"}}'
    if operator.negated and statement.allow and not operator.quantifier and not _demands(statement, condition.key):
        message = f"{operator} is true when {key} is missing, so this allows without it"
        yield "policy-negation", Level.WARNING, message, f'add "Null": {{"{key}": "false"}}'
    for each in condition.values:
        yield from _value(policy, statement, condition, each)


def _demands(statement: Statement, key: str) -> bool:
    """Return whether another condition fails when the key is missing."""
    return any(
        each.key == key
        and (
            each.operator.family is Family.NULL
            or each.operator.quantifier is Quantifier.ANY
            or not (each.operator.negated or each.operator.if_exists or each.operator.quantifier)
        )
        for each in statement.conditions
    )


def _value(policy: Policy, statement: Statement, condition: Condition, each: Pattern) -> Iterator[Seen]:
    operator = condition.operator
    exact = operator.family is Family.STRING and operator.comparison is Comparison.EQUAL
    if exact and ("*" in each.text.replace("${*}", "") or "?" in each.text.replace("${?}", "")):
        message = f"{operator} takes the wildcard in {each.text!r} as a plain character"
        yield "policy-no-effect", Level.IGNORED, message, f"use {_LIKE.get(operator.name, 'StringLike')}"
    if operator.family is Family.ARN and not arn_shaped(each):
        message = f"{each.text!r} has not the six components that {operator} compares one by one"
        yield "policy-value", Level.WARNING, message, "write all components, or use StringLike"
    if operator.family is Family.ADDRESS:
        found = network(each.text)
        if found is not None and "/" in each.text and str(found.network_address) != each.text.partition("/")[0].lower():
            yield "policy-value", Level.WARNING, f"{each.text} has bits below its mask", f"write {found}"
    if "${" in each.text and not operator.takes_variables and policy.version == "2012-10-17":
        yield "policy-variable", Level.IGNORED, f"{operator} takes {each.text!r} as plain text", "use a text operator"
    for variable in each.variables:
        if not statement.allow and variable.default is None and not operator.negated:
            message = f"without {variable.key} the Deny does not apply: it fails open"
            yield "policy-variable", Level.WARNING, message, f"give a default: ${{{variable.key}, 'none'}}"


_LIKE: Final = {"StringEquals": "StringLike", "StringNotEquals": "StringNotLike"}
