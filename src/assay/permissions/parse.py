"""A policy document read into statements, with everything that AWS would refuse.

Sources: IAM user guide, "Grammar of the IAM JSON policy language", and the pages of each kind of policy. What AWS
accepts and is not likely meant is the business of `lint`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assay.documents import Document, Json, Limits, Path, kind, read
from assay.errors import nearest
from assay.permissions import typed
from assay.permissions.findings import Finding, Level
from assay.permissions.operators import NAMES, Family, Operator, Quantifier, operator
from assay.permissions.patterns import Mode, Pattern, malformed_variable, pattern
from assay.permissions.policy import Condition, Kind, Policy, PrincipalName, PrincipalType, Statement

LIMITS: Final = Limits(bytes=2_000_000, depth=12, values=100_000)
_TOP = ("Version", "Id", "Statement")
_ELEMENTS = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
)
_VERSIONS = ("2012-10-17", "2008-10-17")
_ACTION = re.compile(r"\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?:_.-]*[A-Za-z0-9*?_.-]")
_PRINCIPAL_ARN = re.compile(r"arn:[a-z-]+:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)/.+)")
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")


@dataclass(frozen=True)
class Reading:
    """What came of one document. `policy` is None when AWS would refuse it; then a finding says why."""

    policy: Policy | None
    findings: tuple[Finding, ...]
    document: Document | None = None


def read_policy(content: bytes, file: str, kind: Kind) -> Reading:
    """Read one policy document, JSON (or YAML)."""
    document, faults = read(content, file, LIMITS)
    if document is None:
        found = [
            Finding(each.file, each.line, each.column, "policy-syntax", Level.REFUSED, each.message, each.remedy)
            for each in faults
        ]
        return Reading(None, tuple(found))
    return parse_policy(document, kind)


def parse_policy(document: Document, kind: Kind) -> Reading:
    """Return the policy in a document that is read already."""
    reader = _Reader(document, kind)
    policy = reader.policy()
    return Reading(None if reader.findings else policy, tuple(sorted(set(reader.findings))), document)


class _Reader:
    """Walks one document; collects findings, never raises."""

    def __init__(self, document: Document, kind: Kind) -> None:
        self.document = document
        self.kind = kind
        self.findings: list[Finding] = []
        self.variables = False

    def refuse(self, path: Path, code: str, message: str, remedy: str = "", *, key: bool = False) -> None:
        line, column = self.document.key_place(path) if key else self.document.place(path)
        self.findings.append(Finding(self.document.file, line, column, code, Level.REFUSED, message, remedy))

    def policy(self) -> Policy | None:
        value = self.document.value
        if not isinstance(value, dict):
            self.refuse((), "policy-syntax", f"a policy is {kind(value)}", "write an object with Version and Statement")
            return None
        self._elements(value, (), _TOP)
        version = value.get("Version", "2008-10-17")
        if version not in _VERSIONS:
            self.refuse(("Version",), "policy-version", f"the version {version!r}", 'write "2012-10-17"')
        self.variables = version == "2012-10-17"
        stated = value.get("Statement")
        if stated is None or stated == []:
            self.refuse((), "policy-element", "the policy has no Statement", "state what it allows or denies")
            return None
        single = isinstance(stated, dict)
        items: Sequence[Json] = [stated] if single else stated if isinstance(stated, list) else []
        if not items:
            self.refuse(("Statement",), "policy-element", f"Statement is {kind(stated)}", "write a list of statements")
        statements = [
            self._statement(each, ("Statement",) if single else ("Statement", index))
            for index, each in enumerate(items)
        ]
        self._sids(statements)
        kept = tuple(each for each in statements if each is not None)
        return Policy(self.kind, kept, str(version), self.document.file, value)

    def _elements(self, value: Mapping[str, Json], path: Path, known: Sequence[str]) -> None:
        for name in value:
            if name not in known:
                hint = nearest(name, known) or f"the elements are {', '.join(known)}"
                self.refuse((*path, name), "policy-element", f"unknown element {name!r}", hint, key=True)

    def _statement(self, value: Json, path: Path) -> Statement | None:
        if not isinstance(value, dict):
            self.refuse(path, "policy-element", f"a statement is {kind(value)}", "write an object")
            return None
        self._elements(value, path, _ELEMENTS)
        effect = value.get("Effect")
        if effect not in ("Allow", "Deny"):
            self.refuse((*path, "Effect"), "policy-element", f"Effect is {effect!r}", 'write "Allow" or "Deny"')
        actions, not_actions = self._either(value, path, "Action", required=True)
        resources, not_resources = self._either(
            value, path, "Resource", required=not (self.kind is Kind.RESOURCE and _trust(value))
        )
        sid = value.get("Sid", "")
        if not isinstance(sid, str):
            self.refuse((*path, "Sid"), "policy-sid", f"Sid is {kind(sid)}", "write text")
        return Statement(
            allow=effect == "Allow",
            actions=tuple(self._action(text, at) for text, at in actions),
            not_actions=not_actions,
            resources=tuple(self._resource(text, at) for text, at in resources),
            not_resources=not_resources,
            principals=self._principals(value, path),
            not_principals="NotPrincipal" in value,
            conditions=self._conditions(value.get("Condition", {}), (*path, "Condition")),
            sid=str(sid),
            file=self.document.file,
            line=self.document.place(path)[0],
        )

    def _either(
        self, value: Mapping[str, Json], path: Path, name: str, *, required: bool
    ) -> tuple[list[tuple[str, Path]], bool]:
        """Return the texts of X or NotX with their paths, and whether it is NotX."""
        other = f"Not{name}"
        if name in value and other in value:
            self.refuse((*path, other), "policy-element", f"both {name} and {other}", "keep one", key=True)
        if name not in value and other not in value:
            if required:
                self.refuse(path, "policy-element", f"neither {name} nor {other}", f"add {name}")
            return [], False
        negated = name not in value
        key = other if negated else name
        return self._texts(value[key], (*path, key)), negated

    def _texts(self, value: Json, path: Path) -> list[tuple[str, Path]]:
        """Return the text or texts at a path; other scalars as they are written."""
        if isinstance(value, list):
            if not value:
                self.refuse(path, "policy-element", f"{path[-1]} is an empty list", "name at least one")
            return [text for index, each in enumerate(value) for text in self._scalar(each, (*path, index))]
        return self._scalar(value, path)

    def _scalar(self, value: Json, path: Path) -> list[tuple[str, Path]]:
        if isinstance(value, str):
            return [(value, path)]
        if isinstance(value, bool):
            return [("true" if value else "false", path)]
        if isinstance(value, (int, float)):
            return [(self.document.written.get(path, str(value)), path)]
        self.refuse(path, "policy-element", f"{path[-1]} is {kind(value)}", "write text")
        return []

    def _action(self, text: str, path: Path) -> Pattern:
        if not _ACTION.fullmatch(text):
            self.refuse(path, "policy-action", f"the action {text!r}", "write service:Operation, such as s3:GetObject")
        return pattern(text, Mode.WILD, folded=True)

    def _resource(self, text: str, path: Path) -> Pattern:
        if text.strip("*") and (not text.startswith("arn:") or text.count(":") < 2) and not text.startswith("${"):
            self.refuse(path, "policy-resource", f"the resource {text!r} is no ARN", "write arn:… or *")
        self._variable_syntax(text, path)
        return pattern(text, Mode.RESOURCE, variables=self.variables)

    def _variable_syntax(self, text: str, path: Path) -> None:
        if self.variables and (wrong := malformed_variable(text)):
            self.refuse(
                path, "policy-variable", f"{wrong!r} is no policy variable", "write ${key} or ${key, 'default'}"
            )

    def _principals(self, value: Mapping[str, Json], path: Path) -> tuple[PrincipalName, ...] | None:
        given = [each for each in ("Principal", "NotPrincipal") if each in value]
        if not self.kind.names_principals:
            for each in given:
                message = f"{each} in {_A[self.kind]} policy"
                remedy = "remove it: the policy applies to whom it is attached to"
                self.refuse((*path, each), "policy-principal", message, remedy, key=True)
            return None
        if len(given) != 1:
            message = "both Principal and NotPrincipal" if given else "neither Principal nor NotPrincipal"
            self.refuse(path, "policy-principal", message, "say to whom the statement applies")
            return ()
        inner = (*path, given[0])
        element = value[given[0]]
        if element == "*":
            return (PrincipalName(PrincipalType.EVERYBODY),)
        if not isinstance(element, dict) or not element:
            self.refuse(inner, "policy-principal", f"{given[0]} is {kind(element)}", 'write "*" or {"AWS": "…"}')
            return ()
        return tuple(
            self._principal(name, text, at)
            for name, each in element.items()
            for text, at in self._texts(each, (*inner, name))
        )

    def _principal(self, name: str, text: str, path: Path) -> PrincipalName:
        types = {each.value: each for each in PrincipalType if each is not PrincipalType.EVERYBODY}
        if name not in types:
            hint = nearest(name, types) or "the types are AWS, Service, Federated, CanonicalUser"
            self.refuse(path, "policy-principal", f"unknown type of principal {name!r}", hint)
            return PrincipalName(PrincipalType.AWS, text)
        if name == "AWS" and text == "*":
            return PrincipalName(PrincipalType.EVERYBODY)
        if name == "AWS":
            known = re.fullmatch(r"\d{12}", text) or _UNIQUE_ID.fullmatch(text) or _PRINCIPAL_ARN.fullmatch(text)
            if not known or "*" in text or "?" in text:
                self.refuse(
                    path, "policy-principal", f"the principal {text!r}", "name an account, user, role or session"
                )
        elif "*" in text and not (text == "*" and name in ("Service", "Federated")):
            self.refuse(path, "policy-principal", f"a wildcard in the principal {text!r}", "name it in full")
        return PrincipalName(types[name], text)

    def _conditions(self, value: Json, path: Path) -> tuple[Condition, ...]:
        if not isinstance(value, dict):
            self.refuse(path, "policy-element", f"Condition is {kind(value)}", "write {operator: {key: value}}")
            return ()
        found: list[Condition] = []
        for written, block in value.items():
            known = operator(written)
            inner = (*path, written)
            if known is None:
                hint = nearest(written, NAMES) or "see the user guide's list of operators"
                self.refuse(inner, "policy-operator", f"unknown condition operator {written!r}", hint, key=True)
            elif not isinstance(block, dict):
                self.refuse(inner, "policy-element", f"{written} is {kind(block)}", "write {key: value}")
            else:
                found += [self._condition(known, key, each, (*inner, key)) for key, each in block.items()]
        return tuple(found)

    def _condition(self, known: Operator, key: str, value: Json, path: Path) -> Condition:
        if known.family is Family.NULL and known.quantifier is not Quantifier.NONE:
            self.refuse(path, "policy-operator", f"{known} has no set form", "write Null", key=True)
        values = []
        for text, at in self._texts(value, path) if value != [] else []:
            wrong = typed.malformed(known, text)
            if wrong:
                self.refuse(at, "policy-value", f"{text!r} for {known}: {wrong[0]}", wrong[1])
            if known.takes_variables:
                self._variable_syntax(text, at)
            values.append(value_pattern(known, text, variables=self.variables))
        return Condition(known, key.lower(), tuple(values), self.document.key_place(path)[0], key)

    def _sids(self, statements: Sequence[Statement | None]) -> None:
        seen: dict[str, int] = {}
        for index, each in enumerate(statements):
            if each is None or not each.sid:
                continue
            path = ("Statement", index, "Sid")
            if each.sid in seen:
                message, remedy = f"the Sid {each.sid!r} is given twice", f"it is also on line {seen[each.sid]}"
                self.refuse(path, "policy-sid", message, remedy)
            seen[each.sid] = each.line
            if self.kind is not Kind.RESOURCE and not re.fullmatch(r"[A-Za-z0-9]*", each.sid):
                self.refuse(path, "policy-sid", f"the Sid {each.sid!r}", "use letters and digits only")


def value_pattern(known: Operator, text: str, *, variables: bool) -> Pattern:
    """Return a condition's value as the pattern that its operator makes of it."""
    wild = known.takes_wildcards
    mode = Mode.ARN if known.family is Family.ARN else Mode.WILD if wild else Mode.EXACT
    return pattern(text, mode, folded=known.folded, variables=variables and known.takes_variables)


def _trust(value: Mapping[str, Json]) -> bool:
    """Return whether a statement can be of a role's trust policy, which names no resource."""
    actions = value.get("Action", [])
    listed = actions if isinstance(actions, list) else [actions]
    return all(isinstance(each, str) and (each.lower().startswith("sts:") or each == "*") for each in listed)


_A: Final = {
    Kind.IDENTITY: "an identity",
    Kind.SCP: "a service control",
    Kind.BOUNDARY: "a boundary",
    Kind.SESSION: "a session",
}
