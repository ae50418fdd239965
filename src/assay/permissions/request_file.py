"""A request and the policies that apply to it, read from a file, to be explained."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assay.documents import Document, Json, kind, read
from assay.documents import Path as Within
from assay.errors import Fault, FaultyFiles, UsageError, nearest
from assay.permissions.evaluate import Setting
from assay.permissions.parse import read_policy
from assay.permissions.policy import Kind, Policy
from assay.permissions.request import Organisation, Request, Values, context_of, read_caller

_FIELDS: Final = (
    *("principal", "role", "action", "resource", "resource_account", "context", "organisation", "policies"),
)
_POLICIES: Final = ("identity", "boundary", "session", "resource", "endpoint", "scps", "rcps")
_ORGANISATION: Final = ("id", "management", "accounts")


@dataclass(frozen=True)
class Case:
    """What a request file states."""

    request: Request
    setting: Setting


def read_request(path: Path) -> Case:
    """Read a request file; policies are named relative to it. Raises FaultyFiles with everything that is wrong."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    document, faults = read(content, str(path))
    if document is None:
        raise FaultyFiles(faults)
    case, found = read_case(document, path.parent)
    if case is None:
        raise FaultyFiles(found)
    return case


def read_case(document: Document, base: Path) -> tuple[Case | None, Sequence[Fault]]:
    """Return the request that a document states, or everything that is wrong with it. base: where policies lie."""
    reader = _Reader(document, base)
    case = reader.case()
    return (None if reader.faults else case), reader.faults


def load_policy(path: Path, kind: Kind) -> tuple[Policy | None, tuple[Fault, ...]]:
    """Return one policy, or why AWS would refuse it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, (Fault(str(path), 0, 0, f"cannot be read: {error.strerror}"),)
    reading = read_policy(content, str(path), kind)
    return reading.policy, tuple(each.fault() for each in reading.findings)


class _Reader:
    def __init__(self, document: Document, base: Path) -> None:
        self.document = document
        self.base = base
        self.faults: list[Fault] = []

    def fault(self, path: Within, message: str, expected: str = "", remedy: str = "") -> None:
        line, column = self.document.key_place(path)
        self.faults.append(Fault(self.document.file, line, column, message, expected=expected, remedy=remedy))

    def case(self) -> Case | None:
        value = self._mapping(self.document.value, (), _FIELDS)
        action, resource = self._text(value, "action"), self._text(value, "resource")
        principal = self._text(value, "principal")
        if self.faults:
            return None
        if not re.fullmatch(r"[^:\s*?]+:[^:\s*?]+", action):
            self.fault(("action",), f"the action {action!r}", "service:Operation")
        try:
            caller = read_caller(principal, self._text(value, "role", optional=True))
        except UsageError as error:
            self.fault(("principal",), str(error))
            return None
        owner = self._text(value, "resource_account", optional=True)
        context = context_of(self._context(value.get("context", {})))
        request = Request(caller, action, resource, context, owner, self._organisation(value.get("organisation")))
        return Case(request, self._setting(self._mapping(value.get("policies", {}), ("policies",), _POLICIES)))

    def _mapping(self, value: Json, path: Within, known: Sequence[str]) -> Mapping[str, Json]:
        if not isinstance(value, dict):
            self.fault(path, f"found {kind(value)}", "a mapping")
            return {}
        for name in value:
            if name not in known:
                self.fault((*path, name), f"unknown field {name!r}", ", ".join(known), nearest(name, known))
        return value

    def _text(self, value: Mapping[str, Json], name: str, *, optional: bool = False) -> str:
        found = value.get(name, "" if optional else None)
        if isinstance(found, str) and (found or optional):
            return found
        if found is None:
            self.fault((), f"the field {name!r} is missing", "text")
        else:
            self.fault((name,), f"{name} is {kind(found)}", "text in quotes")
        return ""

    def _context(self, value: Json) -> list[tuple[str, Values]]:
        if not isinstance(value, dict):
            self.fault(("context",), f"context is {kind(value)}", "a mapping of keys; null for one that is absent")
            return []
        return [(key, self._values(each, ("context", key))) for key, each in value.items()]

    def _values(self, value: Json, path: Within) -> Values:
        listed = value if isinstance(value, list) else [] if value is None else [value]
        found = []
        for each in listed:
            if isinstance(each, bool):
                found.append("true" if each else "false")
            elif isinstance(each, (str, int, float)):
                found.append(each if isinstance(each, str) else self.document.written.get(path, str(each)))
            else:
                self.fault(path, f"a value is {kind(each)}", "text")
        return tuple(found)

    def _organisation(self, value: Json) -> Organisation | None:
        if value is None:
            return None
        stated = self._mapping(value, ("organisation",), _ORGANISATION)
        accounts = stated.get("accounts", {})
        listed = dict.fromkeys(map(str, accounts), "") if isinstance(accounts, list) else accounts
        if not isinstance(listed, dict):
            self.fault(("organisation", "accounts"), f"accounts is {kind(accounts)}", "a mapping of account to path")
            listed = {}
        paths = {account: str(path or "") for account, path in listed.items()}
        return Organisation(str(stated.get("id", "")), str(stated.get("management", "")), paths)

    def _setting(self, value: Mapping[str, Json]) -> Setting:
        return Setting(
            identity=self._policies(value.get("identity", []), ("policies", "identity"), Kind.IDENTITY),
            boundary=self._one(value, "boundary", Kind.BOUNDARY),
            session=self._policies(value["session"], ("policies", "session"), Kind.SESSION)
            if "session" in value
            else None,
            resource=self._one(value, "resource", Kind.RESOURCE),
            scps=self._levels(value.get("scps", []), ("policies", "scps"), Kind.SCP),
            rcps=self._levels(value.get("rcps", []), ("policies", "rcps"), Kind.RCP),
            endpoint=self._one(value, "endpoint", Kind.ENDPOINT),
        )

    def _levels(self, value: Json, path: Within, kind: Kind) -> tuple[tuple[Policy, ...], ...]:
        if not isinstance(value, list):
            self.fault(path, "the levels are no list", "a list from the root to the account, of lists of files")
            return ()
        return tuple(self._policies(each, (*path, index), kind) for index, each in enumerate(value))

    def _one(self, value: Mapping[str, Json], name: str, kind: Kind) -> Policy | None:
        found = self._policies(value.get(name, []), ("policies", name), kind)
        return found[0] if found else None

    def _policies(self, value: Json, path: Within, kind: Kind) -> tuple[Policy, ...]:
        listed = value if isinstance(value, list) else [value]
        found = []
        for each in listed:
            if not isinstance(each, str):
                self.fault(path, "a policy is no file name", "text")
                continue
            policy, faults = load_policy(self.base / each, kind)
            self.faults += faults
            found += [policy] if policy else []
        return tuple(found)
