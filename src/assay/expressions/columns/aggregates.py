"""What is said of all elements of a list together, as an aggregate over the relation of the elements.

An aggregate of truths is 0, 1, or 2 for unknown: SQL's own aggregates leave NULL out, and make NULL of nothing.
"""

from assay.expressions.columns import sql
from assay.expressions.columns.plan import Column, Lane, Relation
from assay.expressions.columns.terms import Formula, Term, Terms


class Aggregates:
    """The macros over a relation of elements."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def listed(self, child: Relation, item: str, uses: list[Column], where: Term) -> Formula:
        """A list of what is not refused; what may be refused is an element that may be absent."""
        asked = self._in_child(self.terms.truth(where), child)
        text = f"coalesce(CASE WHEN {asked.name} THEN {item} END, {sql.quoted(sql.OPAQUE)})"
        kept = f"FILTER ({asked.name} IS NOT FALSE)"
        joined = f"'[' || coalesce(string_agg({text}, ',' ORDER BY number) {kept}, '') || ']'"
        made = self.terms.plan.aggregate(child, Lane.JSON, joined, [*uses, asked])
        return Formula(made.relation, Lane.JSON, f"coalesce({made.name}, '[]')", (made,))

    def _in_child(self, truth: Formula, child: Relation) -> Column:
        return self.terms.column(truth, child) if truth.uses else self.terms.plan.let(child, Lane.TRUTH, truth.sql, ())

    def _of_elements(self, child: Relation, element: Column, body: Formula, decides: str) -> Column:
        """Return the answers about elements; what may be absent does not decide."""
        asked = self._in_child(body, child)
        text = (
            f"CASE WHEN {asked.name} = {decides} AND {sql.may_be_absent(element.name)} THEN NULL ELSE {asked.name} END"
        )
        return self.terms.plan.let(child, Lane.TRUTH, text, (asked, element))

    def quantified(self, child: Relation, element: Column, body: Formula, *, deciding: bool) -> Formula:
        """One element that decides, decides; else one that is unknown leaves it unknown; else it is the opposite."""
        column = self._of_elements(child, element, body, sql.decided(deciding))
        decides = column.name if deciding else f"NOT {column.name}"
        doubt = f"WHEN bool_or({column.name} IS NULL) THEN 2"
        code = f"CASE WHEN bool_or({decides}) THEN {int(deciding)} {doubt} ELSE {int(not deciding)} END"
        return self._coded(child, code, column, default=int(not deciding))

    def exactly_one(self, child: Relation, element: Column, body: Formula) -> Formula:
        """Two elements that are so refuse, whatever the rest."""
        column = self._of_elements(child, element, body, "true")
        count = f"count(*) FILTER ({column.name})"
        code = f"CASE WHEN {count} > 1 THEN 0 WHEN bool_or({column.name} IS NULL) THEN 2 ELSE {count} END"
        return self._coded(child, code, column, default=0)

    def _coded(self, child: Relation, code: str, body: Column, *, default: int) -> Formula:
        made = self.terms.plan.aggregate(child, Lane.COUNT, code, (body,))
        text = f"(CASE coalesce({made.name}, {default}) WHEN 0 THEN false WHEN 1 THEN true END)"
        return Formula(made.relation, Lane.TRUTH, text, (made,))
