"""From the tree of an expression to columns of a plan. What has no columnar form raises `NotCompilable`.

Parts without the judged resource are evaluated at once. A call that SQL cannot answer exactly as the interpreter does
(a named function, arithmetic, a conversion) becomes a dictionary: the interpreter answers once per distinct argument.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import TypeGuard

from assay.expressions.columns import native, sql
from assay.expressions.columns.aggregates import Aggregates
from assay.expressions.columns.dictionary import Dictionary
from assay.expressions.columns.plan import Column, Lane, Plan, Relation
from assay.expressions.columns.sql import NotCompilable
from assay.expressions.columns.terms import Constant, Formula, Term, Terms, free, named
from assay.expressions.functions.ports import SOURCES
from assay.expressions.interpreter import Frame, program
from assay.expressions.relations import RELATIONS
from assay.expressions.tree import Call, Comprehension, Has, ListOf, Node, Select, Variable
from assay.inventory.schema import ANY, BOOLEAN, Kind
from assay.inventory.values import Cause, Reason, Unknown, Value

Scope = Mapping[str, Term]
_UNSEEN = Constant(Unknown(Reason(Cause.ELSEWHERE, "relation", "what other resources say")))
DEEPEST = 4  # comprehensions within one another; the numbers of their rows have 128 bits
UNROLLED = 64  # elements of a constant list that a comprehension spells out
_EQUAL = Call(BOOLEAN, 0, "_==_", (Variable(ANY, 0, "one"), Variable(ANY, 0, "other")))
_ORDER = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}


class Compiler:
    """Compiles expressions into one plan, so that they share what they have in common."""

    def __init__(self, *, trusted: bool = True) -> None:
        self.plan = Plan(trusted=trusted)
        self.dictionaries: list[Dictionary] = []
        self._terms = Terms(self.plan)
        self._aggregates = Aggregates(self._terms)

    def truth(self, root: Node, known: Mapping[str, Value]) -> Formula:
        """Return the truth of an expression about `resource` with other variables known. Raises NotCompilable.

        What other resources say is unknown here; the truth may not depend on it.
        """
        scope: Scope = {name: Constant(value) for name, value in known.items()}
        scope = {**scope, "resource": named(self.plan.document)}
        truth = self._terms.truth(self._term(root, scope))
        return named(self._terms.column(truth, self.plan.documents)) if truth.uses else truth

    def _term(self, node: Node, scope: Scope) -> Term:
        if all(isinstance(scope[name], Constant) for name in free(node)):
            known = {name: each.value for name, each in scope.items() if isinstance(each, Constant)}
            return Constant(program(node)(Frame(known, {})))
        match node:
            case Variable(name=name):
                return scope[name]
            case Select():
                return self._select(node, scope)
            case Has():
                return self._has(node, scope)
            case Call():
                return self._call(node, scope)
            case ListOf(items=items):
                return self._list([self._term(each, scope) for each in items])
            case Comprehension():
                return self._comprehension(node, scope)
            case _:
                raise NotCompilable("a map that is built from properties")

    def _json(self, term: Term) -> Column:
        """Return the term as JSON text in its own relation."""
        return self._terms.json(term, self._terms.deepest([term]))

    def _let(self, lane: Lane, text: str, *uses: Column) -> Formula:
        return named(self.plan.let(uses[0].relation, lane, text, uses))

    # Properties.

    def _select(self, node: Select, scope: Scope) -> Term:
        of = self._json(self._term(node.operand, scope))
        fields, absent = self.plan.fields(of), sql.literal(node.absent)
        found = f"coalesce(nullif({fields.field(node.field)}, 'null'), {absent})"
        text = (
            f"(CASE WHEN {fields.name} IS NOT NULL THEN {found} WHEN {of.name} = 'null' THEN {absent}"
            f" WHEN NOT {sql.not_read(of.name)} THEN {sql.quoted(sql.UNFIT)} END)"
        )
        return self._let(Lane.JSON, text, of, fields)

    def _stated(self, node: Node, scope: Scope) -> Column:
        """Return an operand of `has`: what is stated, not what the platform makes of its absence."""
        if not isinstance(node, Select):
            return self._json(self._term(node, scope))
        return self._terms.stated(self._stated(node.operand, scope), node.field)

    def _has(self, node: Has, scope: Scope) -> Term:
        of = self._stated(node.operand, scope)
        fields = self.plan.fields(of)
        one = fields.field(node.field)
        there = f"CASE WHEN {sql.marker(one)} THEN CASE WHEN {sql.stated(one)} THEN true END ELSE true END"
        inner = f"CASE WHEN {one} IS NULL OR {one} = 'null' THEN false ELSE {there} END"
        text = (
            f"(CASE WHEN {fields.name} IS NOT NULL THEN {inner} WHEN {sql.not_read(of.name)} THEN NULL ELSE false END)"
        )
        return self._let(Lane.TRUTH, text, of, fields)

    # Calls.

    def _call(self, node: Call, scope: Scope) -> Term:
        if node.function in RELATIONS:
            return _UNSEEN
        terms = [self._term(each, scope) for each in node.arguments]
        if all(isinstance(each, Constant) for each in terms):
            return _called(node, [each.value for each in terms if isinstance(each, Constant)])
        return self._of_terms(node, terms)

    def _of_terms(self, node: Call, terms: list[Term]) -> Term:
        match node.function, terms:
            case "_&&_", [left, right]:
                return self._terms.joined(map(self._terms.truth, (left, right)), "({0} AND {1})")
            case "_||_", [left, right]:
                return self._terms.joined(map(self._terms.truth, (left, right)), "({0} OR {1})")
            case "!_", [one]:
                return self._terms.joined([self._terms.truth(one)], "(NOT {0})")
            case "_?_:_", [condition, then, otherwise]:
                return self._ternary(condition, then, otherwise)
            case "_==_", [left, right]:
                return self._equal(left, right)
            case "_!=_", [left, right]:
                return self._terms.joined([self._equal(left, right)], "(NOT {0})")
            case ("_<_" | "_<=_" | "_>_" | "_>=_") as operator, [left, right]:
                return self._ordered(operator, left, right)
            case "@in", [item, container]:
                return self._inside(item, container)
            case (("fromAnywhere" | "fromInternet"), [Formula() as rule]):
                return self._from(rule, "isAnywhere" if node.function == "fromAnywhere" else "isPublicRange")
            case "dyn", [one]:
                return one
            case _:
                return self._of_value(node, terms) or self._looked_up(node, terms, self._fast(node.function, terms))

    def _of_value(self, node: Call, terms: list[Term]) -> Term | None:
        """Return what SQL says of the parts of one value; None when that is for Python to say."""
        one, *rest = terms
        if not isinstance(one, Formula):
            return None
        match node.function, rest:
            case "size", []:
                of = self._json(one)
                return Formula(of.relation, Lane.COUNT, sql.size(of.name), (of,))
            case ("startsWith" | "endsWith" | "contains") as question, [Constant(value)]:
                of = self._json(one)
                return Formula(of.relation, Lane.TRUTH, sql.about_text(of.name, question, value), (of,))
            case "matches", [Constant(str() as pattern)]:
                of = self._json(one)
                return Formula(of.relation, Lane.TRUTH, sql.matches(of.name, pattern), (of,))
            case "_[_]", [Constant(str() | int() as index)] if _is_index(index):
                return self._index(one, index)
            case "_[_]", [Formula() as key] if node.arguments[0].type.kind is Kind.MAP:
                return self._entry(one, key)
            case "_+_", [Formula() as other] if _is_list(node.arguments):
                return self._concatenated(one, other)
            case _:
                return None

    def _fast(self, function: str, terms: Sequence[Term]) -> Formula | None:
        """Return what SQL itself says of a function's first argument when the others are constant."""
        subject, *rest = terms
        if isinstance(subject, Constant) or any(isinstance(each, Formula) for each in rest):
            return None
        constants = [each.value for each in rest if isinstance(each, Constant)]
        return native.fast(function, self._terms, self._json(subject), constants)

    def _from(self, rule: Formula, question: str) -> Formula:
        """Whether one of the sources of a firewall rule is so."""
        of = self._json(rule)
        asked = Call(BOOLEAN, 0, question, (Variable(ANY, 0, "cidr"),))
        sources = [[named(self._terms.stated(of, each))] for each in SOURCES]
        answers = (self._looked_up(asked, each, self._fast(question, each)) for each in sources)
        return reduce(lambda one, other: self._terms.joined([one, other], "({0} OR {1})"), answers)

    def _ternary(self, condition: Term, then: Term, otherwise: Term) -> Term:
        asked = self._terms.truth(condition)
        relation = self._terms.deepest([asked, then, otherwise])
        if all(isinstance(each, Formula) and each.lane is Lane.TRUTH for each in (then, otherwise)):
            lane, one, other = Lane.TRUTH, self._terms.column(then, relation), self._terms.column(otherwise, relation)
            alike = f"{one.name} = {other.name}"
        else:
            lane, one, other = Lane.JSON, self._terms.json(then, relation), self._terms.json(otherwise, relation)
            alike = sql.same_scalar(one.name, other.name)  # equal is not enough: 1 and 1.0 divide differently
        if_ = self._terms.column(asked, relation)
        chosen = f"WHEN {if_.name} THEN {one.name} WHEN NOT {if_.name} THEN {other.name}"
        text = f"(CASE {chosen} WHEN {alike} THEN {one.name} END)"
        return Formula(relation, lane, text, (if_, one, other))

    def _equal(self, left: Term, right: Term) -> Formula:
        relation = self._terms.deepest([left, right])
        if isinstance(left, Constant):
            left, right = right, left
        of = self._terms.column(left, relation)
        if isinstance(right, Constant):
            if of.lane is Lane.COUNT and isinstance(right.value, int) and not isinstance(right.value, bool):
                return Formula(relation, Lane.TRUTH, f"({of.name} = {sql.double(right.value)})", (of,))
            of = self._terms.json(left, relation)
            same = Formula(relation, Lane.TRUTH, sql.equals(of.name, right.value), (of,))
            whole = isinstance(right.value, list | tuple | Mapping) and len(right.value) > 0
            return self._looked_up(_EQUAL, [left, right], same) if whole else same
        one, other = self._terms.json(left, relation), self._terms.json(right, relation)
        same = Formula(relation, Lane.TRUTH, sql.equals_each_other(one.name, other.name), (one, other))
        return self._looked_up(_EQUAL, [left, right], same)

    def _ordered(self, operator: str, left: Term, right: Term) -> Term:
        relation = self._terms.deepest([left, right])
        if isinstance(left, Constant):
            turned = {"_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"}[operator]
            return self._ordered(turned, right, left)
        if isinstance(right, Constant):
            number = right.value
            if isinstance(left, Formula) and left.lane is Lane.COUNT and isinstance(number, int | float):
                of = self._terms.column(left, relation)
                return Formula(relation, Lane.TRUTH, f"({of.name} {_ORDER[operator]} {sql.double(number)})", (of,))
            of = self._terms.json(left, relation)
            return Formula(relation, Lane.TRUTH, sql.ordered_with(of.name, _ORDER[operator], number), (of,))
        one, other = self._terms.json(left, relation), self._terms.json(right, relation)
        return Formula(relation, Lane.TRUTH, sql.ordered(one.name, _ORDER[operator], other.name), (one, other))

    def _inside(self, item: Term, container: Term) -> Term:
        if isinstance(container, Constant):
            return self._inside_constant(item, container.value)
        if isinstance(item, Constant) and isinstance(item.value, str):
            of = self._json(container)
            return self._let(Lane.TRUTH, sql.contains_text(of.name, item.value), of)
        return self._inside_list(item, container)

    def _inside_constant(self, item: Term, container: Value) -> Term:
        of = self._json(item)
        match container:
            case Unknown():
                return Constant(container)
            case None:
                return Constant(False)
            case Mapping():
                if any(isinstance(each, Unknown) for each in container.values()):
                    raise NotCompilable("a map of which it is not known what is in it")
                text = f"(CASE WHEN {sql.unknown(of.name)} THEN NULL ELSE {sql.holds(of.name, list(container))} END)"
                return Formula(of.relation, Lane.TRUTH, text, (of,))
            case list() | tuple():
                return Formula(of.relation, Lane.TRUTH, sql.holds(of.name, container), (of,))
            case _:
                raise NotCompilable("a container that is neither list nor map")

    def _inside_list(self, item: Term, container: Formula) -> Term:
        of = self._json(container)
        over = self.plan.let(of.relation, Lane.LIST, sql.elements(of.name), (of,))
        relation = self._terms.deepest([item, container])
        if relation.depth >= DEEPEST:
            raise NotCompilable("comprehensions within one another")
        of, over = self.plan.lifted(of, relation), self.plan.lifted(over, relation)
        wanted = self._terms.json(item, relation)
        child, element = self.plan.elements(over, apart=(wanted, "in"))
        same = self._equal(named(element), named(self.plan.lifted(wanted, child)))
        found = self._aggregates.quantified(child, element, same, deciding=True)
        key = f"CASE WHEN {sql.unknown(wanted.name)} THEN NULL WHEN starts_with({wanted.name}, '\"')"
        key += f" THEN {sql.has_key(of.name, sql.text(wanted.name))} ELSE false END"
        text = (
            f"(CASE WHEN {of.name} = 'null' THEN false WHEN {sql.is_object(of.name)} THEN {key}"
            # Elements that are null are not among the rows.
            f" WHEN {wanted.name} = 'null' AND list_contains({over.name}, 'null') THEN true"
            f" WHEN starts_with({of.name}, '[') THEN {found.sql} END)"
        )
        return Formula(relation, Lane.TRUTH, text, (of, over, wanted, *found.uses))

    def _index(self, container: Formula, index: int | str) -> Term:
        of = self._json(container)
        if isinstance(index, str):
            fields = self.plan.fields(of)
            text = f"(CASE WHEN {fields.name} IS NOT NULL THEN coalesce({fields.field(index)}, 'null') END)"
            return self._let(Lane.JSON, text, of, fields)
        return self._let(Lane.JSON, sql.element(of.name, index), of)

    def _entry(self, container: Formula, key: Formula) -> Term:
        relation = self._terms.deepest([container, key])
        of, name = self._terms.json(container, relation), self._terms.json(key, relation)
        known = (
            sql.is_object(of.name)
            if self.plan.trusted
            else f"{sql.is_object(of.name)} AND {sql.keys(of.name)} IS NOT NULL"
        )
        found = f"coalesce({sql.entry(of.name, sql.text(name.name))}, 'null')"
        text = f"(CASE WHEN {known} THEN CASE WHEN ascii({name.name}) = 34 THEN {found} END END)"
        return self._let(Lane.JSON, text, of, name)

    def _list(self, items: list[Term]) -> Term:
        relation = self._terms.deepest(items)
        columns = [self._terms.json(each, relation) for each in items]
        inner = " || ',' || ".join(f"coalesce({each.name}, {sql.quoted(sql.OPAQUE)})" for each in columns)
        return Formula(relation, Lane.JSON, f"('[' || {inner} || ']')", tuple(columns))

    def _concatenated(self, left: Formula, right: Formula) -> Term:
        relation = self._terms.deepest([left, right])
        one, other = self._terms.json(left, relation), self._terms.json(right, relation)
        a, b = one.name, other.name
        text = (
            f"(CASE WHEN starts_with({a}, '[') AND starts_with({b}, '[') THEN CASE WHEN {a} = '[]' THEN {b}"
            f" WHEN {b} = '[]' THEN {a} ELSE left({a}, length({a}) - 1) || ',' || substr({b}, 2) END END)"
        )
        return Formula(relation, Lane.JSON, text, (one, other))

    def _looked_up(self, node: Call, terms: Sequence[Term], fast: Formula | None = None) -> Formula:
        """Return the answers of Python once per distinct argument; with `fast`, only where that does not decide."""
        constants = [sql.canonical(each.value) if isinstance(each, Constant) else None for each in terms]
        dictionary = Dictionary.of(node, constants)
        if dictionary not in self.dictionaries:
            self.dictionaries.append(dictionary)
        relation = self._terms.deepest(terms)
        parts, uses = [], []
        for term, restricted in zip(terms, dictionary.fields, strict=True):
            if isinstance(term, Constant):
                continue
            column = self._terms.json(term, relation)
            parts.append(f"coalesce({column.name}, '')")
            uses.append(column)
            if restricted:
                fields = self.plan.fields(column)
                several = ", ".join(f"{fields.field(each)}, chr(31)" for each in restricted)
                parts[-1] = f"(CASE WHEN {fields.name} IS NOT NULL THEN concat('{{', {several}) ELSE {parts[-1]} END)"
                uses.append(fields)
        text, number = " || chr(30) || ".join(parts), self.dictionaries.index(dictionary)
        if fast is None:
            return named(self.plan.answer(self.plan.let(relation, Lane.JSON, text, uses), dictionary.lane, number))
        known = self._terms.column(fast, relation)
        key = self.plan.let(relation, Lane.JSON, f"(CASE WHEN {known.name} IS NULL THEN {text} END)", [known, *uses])
        answer = self.plan.answer(key, dictionary.lane, number)
        return self._let(Lane.TRUTH, f"coalesce({known.name}, {answer.name})", known, answer)

    # Comprehensions.

    def _comprehension(self, node: Comprehension, scope: Scope) -> Term:
        over = self._term(node.over, scope)
        if isinstance(over, Constant) and isinstance(over.value, Unknown):
            return over
        if isinstance(over, Constant) and node.macro in ("all", "exists") and _is_plain_list(over.value):
            return self._unrolled(node, scope, over.value)
        relation = self._terms.deepest([over])
        of = self._terms.json(over, relation)
        items = self.plan.let(relation, Lane.LIST, sql.elements(of.name), (of,))
        bodies = [each for each in (node.body, node.where) if each is not None]
        names = {name for each in bodies for name in free(each)} - {node.variable}
        outer = [scope[name] for name in names if isinstance(scope[name], Formula)]
        home = self._terms.deepest([over, *outer])
        if home.depth >= DEEPEST:
            raise NotCompilable("comprehensions within one another")
        child, element = self.plan.elements(self.plan.lifted(items, home), apart=id(node) if outer else None)
        inner = {**scope, node.variable: named(element)}
        found = self._aggregated(node, child, element, inner)
        known = self.plan.lifted(of, home)
        text = f"(CASE WHEN {sql.has_elements(known.name)} THEN {found.sql} END)"
        return Formula(home, found.lane, text, (known, *found.uses))

    def _unrolled(self, node: Comprehension, scope: Scope, items: Sequence[Value]) -> Term:
        bodies = [
            self._terms.truth(self._term(node.body, {**scope, node.variable: Constant(each)}))
            for each in items
            if each is not None
        ]
        if not bodies:
            return Constant(node.macro == "all")
        pattern = "({0} AND {1})" if node.macro == "all" else "({0} OR {1})"
        return reduce(lambda left, right: self._terms.joined([left, right], pattern), bodies)

    def _aggregated(self, node: Comprehension, child: Relation, element: Column, scope: Scope) -> Formula:
        match node.macro:
            case "all" | "exists":
                body = self._terms.truth(self._term(node.body, scope))
                return self._aggregates.quantified(child, element, body, deciding=node.macro == "exists")
            case "exists_one":
                body = self._terms.truth(self._term(node.body, scope))
                return self._aggregates.exactly_one(child, element, body)
            case "filter":
                return self._aggregates.listed(child, element.name, [element], self._term(node.body, scope))
            case _:
                value = self._terms.json(self._term(node.body, scope), child)
                item = f"CASE WHEN NOT {sql.may_be_absent(element.name)} THEN {value.name} END"
                where = Constant(True) if node.where is None else self._term(node.where, scope)
                return self._aggregates.listed(child, item, [element, value], where)


def _is_plain_list(value: Value) -> TypeGuard[Sequence[Value]]:
    """Whether it is a short list of which every element is there for certain."""
    if not isinstance(value, list | tuple) or len(value) > UNROLLED:
        return False
    return not any(isinstance(each, Unknown) for each in value)


def _called(node: Call, values: Sequence[Value]) -> Constant:
    """Return what a function gives for values that are known before any document is read."""
    known = {str(number): each for number, each in enumerate(values)}
    call = Call(node.type, node.at, node.function, tuple(Variable(ANY, 0, name) for name in known))
    return Constant(program(call)(Frame(known, {})))


def _is_index(index: Value) -> bool:
    return isinstance(index, str) or (isinstance(index, int) and not isinstance(index, bool) and index >= 0)


def _is_list(arguments: Iterable[Node]) -> bool:
    return all(each.type.kind is Kind.LIST for each in arguments)
