"""Boolean formulas over atoms, in negation normal form, and the plain SAT solver that holds them.

A formula is True, False, a literal (an integer, negative for negated), or a node. Nodes are asserted in one direction
only (Plaisted and Greenbaum), which suffices because nothing below a node is negated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pysat.solvers import Solver


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """All (or one) of the parts hold."""

    all: bool
    parts: tuple["Formula", ...]


Formula: TypeAlias = "bool | int | Node"


def conjunction(parts: Iterable[Formula]) -> Formula:
    """Return the formula that all parts hold."""
    return _joined(parts, all_of=True)


def disjunction(parts: Iterable[Formula]) -> Formula:
    """Return the formula that one of the parts holds."""
    return _joined(parts, all_of=False)


def _joined(parts: Iterable[Formula], *, all_of: bool) -> Formula:
    kept: list[Formula] = []
    for part in parts:
        if isinstance(part, bool):
            if part is not all_of:
                return part
        elif isinstance(part, Node) and part.all is all_of:
            kept += part.parts
        else:
            kept.append(part)
    if not kept:
        return all_of
    return kept[0] if len(kept) == 1 else Node(all_of, tuple(kept))


def negation(formula: Formula) -> Formula:
    """Return the formula that another does not hold."""
    if isinstance(formula, bool):
        return not formula
    if isinstance(formula, int):
        return -formula
    return Node(not formula.all, tuple(negation(each) for each in formula.parts))


class Conflicts:
    """The solver: formulas asserted under a name, lemmas, models that justify the formulas with few literals."""

    def __init__(self) -> None:
        self.solver = Solver(name="minisat22")
        self.last = 0
        self._asserted: list[Formula] = []
        self._selectors: dict[int, object] = {}
        self._variables: dict[int, int] = {}
        self._nodes: list[Node] = []  # keeps them alive: variables are found by identity

    def variable(self) -> int:
        """Return a new variable."""
        self.last += 1
        return self.last

    def clause(self, literals: Sequence[int]) -> None:
        """Add a clause for good."""
        self.solver.add_clause(literals)

    def demand(self, formula: Formula, name: object = None) -> None:
        """Assert a formula; with a name, so that `used` can tell whether it mattered."""
        if formula is True:
            return
        self._asserted.append(formula)
        literal = self._literal(formula)
        if name is None:
            self.clause([] if literal is None else [literal])
            return
        selector = self.variable()
        self._selectors[selector] = name
        self.clause([-selector] if literal is None else [-selector, literal])

    def _literal(self, formula: Formula) -> int | None:
        """Return a literal that implies the formula; None when it is false."""
        if isinstance(formula, bool):
            return self._true() if formula else None
        if isinstance(formula, int):
            return formula
        known = self._variables.get(id(formula))
        if known is not None:
            return known
        parts = [each for each in map(self._literal, formula.parts) if each is not None]
        own = self.variable()
        self._variables[id(formula)] = own
        self._nodes.append(formula)
        if formula.all:
            for part in parts:
                self.clause([-own, part])
        else:
            self.clause([-own, *parts])
        return own

    def _true(self) -> int:
        literal = self.variable()
        self.clause([literal])
        return literal

    def solve(self) -> bool:
        """Return whether the clauses can be satisfied."""
        return bool(self.solver.solve(assumptions=list(self._selectors)))

    def used(self) -> list[object]:
        """Return the names of the formulas that the last refutation needed; lemmas count for all."""
        return [self._selectors[each] for each in self.solver.get_core() or () if each in self._selectors]

    def justification(self) -> tuple[list[int], frozenset[int]]:
        """Return literals of the last model that suffice for every asserted formula, and all true literals."""
        model = frozenset(self.solver.get_model() or ())
        chosen: dict[int, None] = {}
        pending: list[Formula] = list(reversed(self._asserted))
        while pending:
            formula = pending.pop()
            if isinstance(formula, bool):
                continue
            if isinstance(formula, int):
                chosen[formula] = None
            elif formula.all:
                pending += formula.parts
            else:
                pending.append(self._true_part(formula, model, chosen))
        return list(chosen), model

    def _true_part(self, formula: Node, model: frozenset[int], chosen: dict[int, None]) -> Formula:
        """Return a part that the model makes true: one that is chosen already, else the plainest."""
        best: Formula = False
        for part in formula.parts:
            literal = part if isinstance(part, int) else self._variables.get(id(part))
            if isinstance(part, bool) or literal not in model:
                continue
            if part in chosen or (isinstance(part, int) and part < 0):
                return part
            if best is False or isinstance(part, int):
                best = part
        return best

    def close(self) -> None:
        """Free the solver."""
        self.solver.delete()
