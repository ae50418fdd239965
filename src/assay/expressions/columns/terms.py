"""What compiling an expression gives: a constant, or SQL over columns of one relation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from assay.expressions.columns import sql
from assay.expressions.columns.plan import Column, Lane, Plan, Relation
from assay.expressions.tree import Comprehension, Node, Variable, children
from assay.inventory.values import Value


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known before any document is read."""

    value: Value


@dataclass(frozen=True, slots=True)
class Formula:
    """SQL over columns of one relation or of relations above it."""

    relation: Relation
    lane: Lane
    sql: str
    uses: tuple[Column, ...]


Term: TypeAlias = Constant | Formula


def named(column: Column) -> Formula:
    """Return the formula that is just a column."""
    return Formula(column.relation, column.lane, column.name, (column,))


class Terms:
    """Turns terms into what an operator needs: a column of its relation, a truth, a JSON text."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def deepest(self, terms: Iterable[Term]) -> Relation:
        """Return the relation whose rows see every term."""
        relations = [each.relation for each in terms if isinstance(each, Formula)]
        return max(relations, key=lambda each: each.depth, default=self.plan.documents)

    def column(self, term: Term, relation: Relation) -> Column:
        """Return the term as a column of the relation, with a name that SQL may repeat."""
        if isinstance(term, Constant):
            return self.plan.let(relation, Lane.JSON, sql.literal(term.value), ())
        made = self.plan.let(term.relation, term.lane, term.sql, term.uses)
        return self.plan.lifted(made, relation)

    def json(self, term: Term, relation: Relation) -> Column:
        """Return the term as a column of JSON text."""
        if isinstance(term, Formula) and term.lane is not Lane.JSON:
            column = self.column(term, relation)
            text = sql.from_truth(column.name) if term.lane is Lane.TRUTH else f"CAST({column.name} AS VARCHAR)"
            return self.plan.let(relation, Lane.JSON, text, (column,))
        return self.column(term, relation)

    def truth(self, term: Term) -> Formula:
        """Return the term as a truth; what is neither true nor false is unknown."""
        if isinstance(term, Constant):
            value = term.value if isinstance(term.value, bool) else None
            return Formula(self.plan.documents, Lane.TRUTH, sql.decided(value), ())
        if term.lane is Lane.TRUTH:
            return term
        if term.lane is Lane.COUNT:
            return Formula(self.plan.documents, Lane.TRUTH, sql.decided(None), ())
        column = self.json(term, term.relation)
        return Formula(term.relation, Lane.TRUTH, sql.truth(column.name), (column,))

    def stated(self, of: Column, name: str) -> Column:
        """Return a property of an object as it is stated: absent in what is no object, unknown in what is not known."""
        fields = self.plan.fields(of)
        found = f"coalesce({fields.field(name)}, 'null')"
        text = (
            f"(CASE WHEN {fields.name} IS NOT NULL THEN {found} WHEN {sql.not_read(of.name)} THEN NULL ELSE 'null' END)"
        )
        return self.plan.let(of.relation, Lane.JSON, text, (of, fields))

    def joined(self, terms: Iterable[Formula], pattern: str) -> Formula:
        """Return one formula of several in one relation; `pattern` has {0}, {1}, … where their SQL goes."""
        several = list(terms)
        relation = self.deepest(several)
        lifted = [
            each if each.relation is relation or not each.uses else named(self.column(each, relation))
            for each in several
        ]
        uses = tuple(dict.fromkeys(use for each in lifted for use in each.uses))
        return Formula(relation, Lane.TRUTH, pattern.format(*(each.sql for each in lifted)), uses)


def free(node: Node) -> frozenset[str]:
    """Return the names of the variables that a node takes from outside."""
    match node:
        case Variable(name=name):
            return frozenset({name})
        case Comprehension(variable=variable, over=over, body=body, where=where):
            inside = free(body) | (free(where) if where is not None else frozenset())
            return free(over) | (inside - {variable})
        case _:
            return frozenset(name for child in children(node) for name in free(child))
