"""How a statement is true: CEL over typed messages, with Kleene logic and reasons."""

from assay.expressions.evidence import Evidence
from assay.expressions.expression import Environment, Expression, Outcome, evaluate, parse

__all__ = ["Environment", "Evidence", "Expression", "Outcome", "evaluate", "parse"]
