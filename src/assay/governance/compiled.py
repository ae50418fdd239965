"""Controls and objectives with their expressions parsed and checked: what the cache holds and what is judged."""

from dataclasses import dataclass

from assay.expressions import Expression
from assay.governance.model import Control, Objective


@dataclass(frozen=True, slots=True)
class CompiledControl:
    """A control ready to judge. `digest` is over its meaning: resource type, expressions, parameters."""

    control: Control
    require: Expression
    unless: Expression | None
    digest: str


@dataclass(frozen=True, slots=True)
class CompiledObjective:
    """An objective ready to decide; `applies` None: it applies to every workload."""

    objective: Objective
    applies: Expression | None
