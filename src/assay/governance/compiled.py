"""Controls, invariants and objectives with their expressions parsed and checked: what the cache holds and is judged."""

import hashlib
import json
from dataclasses import dataclass

from assay.expressions import Expression
from assay.governance.model import Behavior, Control, Examples, Invariant, Layer, Objective

ACCOUNT = "Assay::Account"
FACTS = frozenset({ACCOUNT, "Assay::Exception", "Assay::Organisation", "Assay::Workload"})
"""Types that state the governance itself, of which everything is known. Other Assay:: types are collected: settings of
accounts for which CloudFormation has no type."""
IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User")


@dataclass(frozen=True, slots=True)
class CompiledControl:
    """A control ready to judge. `digest` is over its meaning: resource type, expressions, parameters."""

    control: Control
    require: Expression
    unless: Expression | None
    digest: str


@dataclass(frozen=True, slots=True)
class CompiledInvariant:
    """An invariant beside the controls: the same to all who tell of it. `permissions` proves it."""

    invariant: Invariant

    @property
    def control(self) -> Control:
        """What reports say of it, in the fields of a control; its statements stay with the invariant."""
        it = self.invariant
        return Control(
            id=it.id,
            title=it.title,
            objective=it.objective,
            why=it.why,
            resource=self.subjects[0],
            require="",
            severity=it.severity,
            behavior=(Behavior.PREVENTIVE,),
            remedy=it.repair,
            examples=Examples(),
            layer=Layer.PLATFORM,
            max_age_days=it.max_age_days,
            position=it.position,
        )

    @property
    def digest(self) -> str:
        """SHA-256 over what it means, in hexadecimal."""
        it = self.invariant
        meaning = (it.side, it.callers, it.resources, it.never, it.still, it.exempt)
        return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()

    @property
    def subjects(self) -> tuple[str, ...]:
        """The resource types of which every one gets a verdict."""
        match self.invariant.side:
            case "identity":
                return IDENTITIES
            case "trust":
                return IDENTITIES[:1]
            case "policy":
                return self.invariant.resources
            case _:
                return (ACCOUNT,)


@dataclass(frozen=True, slots=True)
class CompiledObjective:
    """An objective ready to decide; `applies` None: it applies to every workload."""

    objective: Objective
    applies: Expression | None
