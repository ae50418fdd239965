"""What is wrong or strange in a policy: one finding per place, by code."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from assay.errors import Fault


class Level(enum.StrEnum):
    """How bad it is: refused: AWS does not accept the policy. ignored: it has no effect. warning: likely not meant."""

    REFUSED = "refused"
    IGNORED = "ignored"
    WARNING = "warning"


TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "policy-syntax": "The document is not valid",
        "policy-element": "Elements are those of the policy language",
        "policy-version": "The version is one that IAM knows",
        "policy-sid": "Statement ids are unique and well-formed",
        "policy-action": "Actions are service:Operation",
        "policy-resource": "Resources are ARNs or *",
        "policy-principal": "Principals are named in a form that IAM accepts",
        "policy-operator": "Condition operators exist",
        "policy-value": "Condition values have their operator's type",
        "policy-variable": "Policy variables can be resolved",
        "policy-kind": "The policy keeps to what its kind allows",
        "policy-quota": "The policy fits AWS's quotas",
        "policy-no-effect": "Every part of the policy has an effect",
        "policy-set-operator": "Set operators do not pass on missing keys",
        "policy-negation": "Negated conditions bind as they read",
        "policy-not-principal": "NotPrincipal is not used",
        "policy-public": "The policy does not give access to everybody",
        "policy-outside": "The policy does not give access outside the organisation",
        "policy-grants": "The policy does not grant what was asked about",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding, with its place; line and column count from 1."""

    file: str
    line: int
    column: int
    code: str
    level: Level
    message: str
    remedy: str = ""

    def fault(self) -> Fault:
        """Return the finding as a fault of the file."""
        return Fault(self.file, self.line, self.column, self.message, remedy=self.remedy)

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{remedy}"
