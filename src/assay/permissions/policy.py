"""Policies as read: statements, their patterns and conditions, each with its line."""

import enum
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assay.permissions.operators import Operator
from assay.permissions.patterns import Pattern


class Kind(enum.StrEnum):
    """What a policy is attached to, hence what it means."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    SCP = "scp"
    RCP = "rcp"
    BOUNDARY = "boundary"
    SESSION = "session"
    ENDPOINT = "endpoint"

    @property
    def names_principals(self) -> bool:
        """Whether statements of this kind say to whom they apply."""
        return self in (Kind.RESOURCE, Kind.RCP, Kind.ENDPOINT)


class PrincipalType(enum.StrEnum):
    """The ways to name a principal."""

    EVERYBODY = "*"
    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL = "CanonicalUser"


@dataclass(frozen=True, slots=True)
class PrincipalName:
    """One principal of a Principal or NotPrincipal element."""

    type: PrincipalType
    name: str = "*"


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of one operator: all conditions of a statement must hold; one of `values` must match (none, negated).

    key  In lower case, as keys have no case; `name` is as written.
    """

    operator: Operator
    key: str
    values: tuple[Pattern, ...]
    line: int = field(default=0, compare=False)
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Statement:
    """One statement. `actions`, `resources` and `principals` are the listed ones; `not_…` says that all others count.

    resources   Empty with `not_resources` False: the statement has no Resource element (a role's trust policy).
    principals  None: the statement has no Principal element and applies to whom the policy is attached to.
    """

    allow: bool
    actions: tuple[Pattern, ...]
    resources: tuple[Pattern, ...] = ()
    principals: tuple[PrincipalName, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    not_actions: bool = False
    not_resources: bool = False
    not_principals: bool = False
    sid: str = ""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def place(self) -> str:
        """File and line, as "policies/base.json:12"."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        name = f" {self.sid}" if self.sid else ""
        return f"{'Allow' if self.allow else 'Deny'}{name} ({self.place})"


@dataclass(frozen=True)
class Policy:
    """One policy document."""

    kind: Kind
    statements: tuple[Statement, ...]
    version: str = "2008-10-17"
    file: str = field(default="", compare=False)
    source: Any = field(default=None, compare=False, repr=False)

    @cached_property
    def text(self) -> str:
        """The document as text, to look for what it names."""
        return str(self.statements if self.source is None else self.source)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the document in canonical form; of its statements when it was not read from a document."""
        text = repr(self.statements) if self.source is None else json.dumps(self.source, sort_keys=True)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
