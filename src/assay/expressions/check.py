"""From syntax to the typed tree, or every fault of the text at once: misspelt properties, unlike things, unknown
names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from assay.errors import AssayError, nearest
from assay.expressions import syntax
from assay.expressions.functions import FUNCTIONS
from assay.expressions.functions.literals import objection
from assay.expressions.overloads import MACROS, STANDARD, UNSUPPORTED, asks, fits, joined, spoken
from assay.expressions.relations import RELATIONS, relation_type
from assay.expressions.tree import Call, Comprehension, Has, ListOf, Literal, MapOf, Node, Select, Variable
from assay.inventory.defaults import default_for, zero
from assay.inventory.schema import (
    ANY,
    BOOLEAN,
    INTEGER,
    NULL,
    NUMBER,
    STRING,
    Kind,
    Type,
    list_of,
    map_of,
    resource_types,
)
from assay.inventory.values import Path


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One fault of an expression; line and column count from 1 within its text."""

    line: int
    column: int
    message: str
    remedy: str = ""


class ExpressionFaults(AssayError):
    """The expression cannot be used; carries every issue, sorted by place."""

    def __init__(self, text: str, issues: Sequence[Issue]) -> None:
        self.text = text
        self.issues = tuple(sorted(set(issues)))
        super().__init__(
            "; ".join(f"{each.line}:{each.column} {each.message} {each.remedy}".strip() for each in self.issues)
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """A typed tree and the property paths that it reads of the variable `resource`, "*" for any element."""

    root: Node
    reads: frozenset[Path]


@dataclass(frozen=True, slots=True)
class _Root:
    """Where in a resource a value stands: its type, the path within it, and whether it is the judged resource."""

    type: str
    path: tuple[str, ...] = ()
    judged: bool = False

    def step(self, name: str) -> "_Root":
        return replace(self, path=(*self.path, name))


_Scope: TypeAlias = Mapping[str, tuple[Type, _Root | None]]

_NAMED = {each.name: each for each in FUNCTIONS}
_CONSTANTS: Mapping[str, Type] = {
    "bool_value": BOOLEAN,
    "int64_value": INTEGER,
    "double_value": NUMBER,
    "string_value": STRING,
}


def check(text: str, variables: Mapping[str, Type], expects: Type) -> Checked:
    """Return the typed tree of a text. Raises ExpressionFaults."""
    try:
        parsed = syntax.parse(text)
    except syntax.NotAnExpression as error:
        raise ExpressionFaults(text, [_issue(text, each.at, each.message, "") for each in error.faults]) from None
    checker = _Checker(text, parsed.positions)
    root = checker.node(parsed.root, {name: (kind, _root_of(name, kind)) for name, kind in variables.items()})
    if not checker.issues and not fits(root.type, expects):
        if expects is BOOLEAN:
            asks(root, checker.fault)
        else:
            checker.fault(root.at, f"the expression is of type {root.type}, not {expects}")
    if checker.issues:
        raise ExpressionFaults(text, checker.issues)
    return Checked(root, frozenset(checker.reads))


def _root_of(name: str, kind: Type) -> _Root | None:
    return _Root(kind.name, (), name == "resource") if kind.name and "/" not in kind.name else None


def _issue(text: str, at: int, message: str, remedy: str) -> Issue:
    before = text[:at]
    return Issue(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1, message, remedy)


@dataclass(slots=True)
class _Checker:
    text: str
    positions: Mapping[int, int]
    issues: list[Issue] = field(default_factory=list)
    reads: set[Path] = field(default_factory=set)

    def fault(self, at: int, message: str, remedy: str = "") -> None:
        self.issues.append(_issue(self.text, at, message, remedy))

    def node(self, raw: Any, scope: _Scope) -> Node:
        """Return the typed tree of one message; the parser bounds how deep they nest."""
        at = self.positions.get(raw.id, 0)
        match raw.WhichOneof("kind"):
            case "const_expr":
                return self._constant(raw.const_expr, at)
            case "ident_expr":
                return self._variable(raw.ident_expr.name, at, scope)
            case "select_expr":
                return self._select(raw.select_expr, at, scope)
            case "call_expr":
                return self._call(raw.call_expr, at, scope)
            case "list_expr":
                items = tuple(self.node(each, scope) for each in raw.list_expr.elements)
                return ListOf(list_of(joined(each.type for each in items)), at, items)
            case "struct_expr":
                return self._map(raw.struct_expr, at, scope)
            case "comprehension_expr":
                return self._comprehension(raw.comprehension_expr, at, scope)
            case _:
                self.fault(at, "this form of CEL is not supported")
                return Literal(ANY, at, None)

    # Leaves

    def _constant(self, raw: Any, at: int) -> Node:
        kind = raw.WhichOneof("kind")
        if kind == "null_value":
            return Literal(NULL, at, None)
        if kind in _CONSTANTS:
            return Literal(_CONSTANTS[kind], at, getattr(raw, kind))
        name = "uint" if kind == "uint64_value" else "bytes"
        self.fault(at, f"{name} is not supported", UNSUPPORTED[name])
        return Literal(ANY, at, None)

    def _variable(self, name: str, at: int, scope: _Scope) -> Node:
        if name not in scope:
            known = f"there are {', '.join(sorted(scope))}" if scope else "there are none"
            self.fault(at, f"unknown variable {name!r}", nearest(name, scope) or known)
            return Variable(ANY, at, name)
        return Variable(scope[name][0], at, name)

    # Properties

    def _select(self, raw: Any, at: int, scope: _Scope) -> Node:
        operand = self.node(raw.operand, scope)
        return self._property(operand, raw.field, at, scope, asked=raw.test_only)

    def _property(self, operand: Node, name: str, at: int, scope: _Scope, *, asked: bool = False) -> Node:
        kind = self._field(operand, name, at)
        root = self._root(operand, scope)
        here = root.step(name) if root else None
        if here and here.judged:
            self.reads.add(here.path)
        if asked:
            return Has(BOOLEAN, at, operand, name)
        absent = default_for(here.type, here.path) if here else zero(kind)
        return Select(kind, at, operand, name, absent, ".".join(here.path) if here else "")

    def _field(self, operand: Node, name: str, at: int) -> Type:
        match operand.type.kind:
            case Kind.OBJECT:
                fields = operand.type.fields
                if name not in fields:
                    has = f"it has {', '.join(sorted(fields)[:8]) or 'none'}{', …' if len(fields) > 8 else ''}"
                    self.fault(at, f"{_owner(operand)} has no property {name!r}", nearest(name, fields) or has)
                return fields.get(name, ANY)
            case Kind.MAP:
                return operand.type.items or ANY
            case Kind.ANY:
                return ANY
            case Kind.LIST:
                remedy = "ask about its elements with exists() or all(), or take one with [0]"
                self.fault(at, f"a {operand.type} has no property {name!r}", remedy)
                return ANY
            case _:
                self.fault(at, f"a {operand.type} has no property {name!r}")
                return ANY

    def _root(self, node: Node, scope: _Scope) -> _Root | None:
        """Return where in a resource a value stands; None for what is computed."""
        match node:
            case Variable(name=name):
                return scope[name][1] if name in scope else None
            case Select(operand=operand, field=name):
                inner = self._root(operand, scope)
                return inner.step(name) if inner else None
            case Call(function="_[_]", arguments=(operand, _)):
                return self._element_root(operand, scope)
            case Call(function="target", type=kind) if kind.name:
                return _Root(kind.name)
            case _:
                return None

    def _element_root(self, over: Node, scope: _Scope) -> _Root | None:
        """Return where in a resource the elements of a list stand."""
        match over:
            case Call(function="targets" | "referrers") if over.type.items:
                return _Root(over.type.items.name)
            case Comprehension(macro="filter", over=inner):
                return self._element_root(inner, scope)
            case _:
                root = self._root(over, scope)
                return root.step("*") if root else None

    def _map(self, raw: Any, at: int, scope: _Scope) -> Node:
        if raw.message_name:
            self.fault(at, f"there is no message {raw.message_name!r} to construct")
        entries = tuple((self.node(each.map_key, scope), self.node(each.value, scope)) for each in raw.entries)
        for key, _ in entries:
            if not fits(key.type, STRING):
                self.fault(key.at, f"keys of a map are text, not {key.type}")
        return MapOf(map_of(joined(value.type for _, value in entries)), at, entries)

    # Calls

    def _call(self, raw: Any, at: int, scope: _Scope) -> Node:
        given = ([raw.target] if raw.HasField("target") else []) + list(raw.args)
        arguments = tuple(self.node(each, scope) for each in given)
        name = raw.function
        if name == "_[_]" and isinstance(arguments[1], Literal) and isinstance(arguments[1].value, str):
            return self._property(arguments[0], arguments[1].value, at, scope)  # m["k"] is m.k
        wanted = _arity(name)
        if wanted is None:
            self._unknown_function(name, at)
        elif len(arguments) != wanted:
            self.fault(at, f"{name} takes {wanted} argument{'s' * (wanted != 1)}, not {len(arguments)}")
        elif name in RELATIONS:
            return self._relation(name, arguments, at, scope)
        elif name in _NAMED:
            return self._named(name, arguments, at)
        else:
            return Call(STANDARD[name][1](arguments, self.fault), at, name, arguments)
        return Call(ANY, at, name, arguments)

    def _unknown_function(self, name: str, at: int) -> None:
        if name in UNSUPPORTED:
            self.fault(at, f"{name} is not supported", UNSUPPORTED[name])
        elif name in MACROS:
            self.fault(at, f"{name} is not called so", "has(object.property), list.all(x, …), list.map(x, …)")
        elif not name.isidentifier():
            self.fault(at, "this form of CEL is not supported")
        else:
            known = [*_NAMED, *RELATIONS, *spoken()]
            self.fault(at, f"unknown function {name!r}", nearest(name, known) or "docs/functions.md lists them all")

    def _named(self, name: str, arguments: tuple[Node, ...], at: int) -> Node:
        function = _NAMED[name]
        for argument, (label, kind) in zip(arguments, function.parameters, strict=True):
            if not fits(argument.type, kind):
                self.fault(argument.at, f"the {label} of {name} is of type {kind}, not {argument.type}")
                continue
            for each in argument.items if isinstance(argument, ListOf) else (argument,):
                if isinstance(each, Literal) and (expected := objection(label, each.value)):
                    self.fault(each.at, f"{each.value!r} is not {expected}", f"it is the {label} of {name}")
        return Call(function.result, at, name, arguments)

    def _relation(self, name: str, arguments: tuple[Node, ...], at: int, scope: _Scope) -> Node:
        subject, *rest = arguments
        names = [each.value for each in rest if isinstance(each, Literal) and isinstance(each.value, str)]
        if len(names) != len(rest):
            self.fault(at, f"{name} takes literal texts after its subject")
            return Call(ANY, at, name, arguments)
        if names[0] not in resource_types():
            self.fault(rest[0].at, f"there is no resource type {names[0]!r}", nearest(names[0], resource_types()))
            return Call(ANY, at, name, arguments)
        kind = relation_type(name, names[0])
        self._subject(name, subject, scope)
        fields = (kind.items or kind).fields
        if name == "referrers" and names[1] not in fields:
            self.fault(rest[1].at, f"{names[0]} has no property {names[1]!r}", nearest(names[1], fields))
        return Call(kind, at, name, arguments)

    def _subject(self, name: str, subject: Node, scope: _Scope) -> None:
        """Complain of a relation that starts at the wrong thing."""
        root = self._root(subject, scope)
        if name == "referrers":
            if root is None or not _is_resource(root, subject):
                self.fault(subject.at, "referrers are those of a resource", "write referrers(resource, …)")
        elif name == "targets" and subject.type.kind not in (Kind.LIST, Kind.ANY):
            self.fault(subject.at, f"targets takes a list, not a {subject.type}", "did you mean target?")
        elif name == "target" and subject.type.kind not in (Kind.STRING, Kind.ANY):
            remedy = "did you mean targets?" if subject.type.kind is Kind.LIST else ""
            self.fault(subject.at, f"target takes text that names a resource, not a {subject.type}", remedy)

    # Macros

    def _comprehension(self, raw: Any, at: int, scope: _Scope) -> Node:
        over = self.node(raw.iter_range, scope)
        if over.type.kind not in (Kind.LIST, Kind.MAP, Kind.OBJECT, Kind.ANY):
            self.fault(over.at, f"a {over.type} has no elements")
        name = raw.iter_var
        if name in scope:
            self.fault(at, f"the variable {name!r} is in use", "give it another name")
        keys = over.type.kind in (Kind.MAP, Kind.OBJECT)
        element = STRING if keys else over.type.items or ANY
        inner = {**scope, name: (element, None if keys else self._element_root(over, scope))}
        macro, where_raw, body_raw = _macro(raw)
        where = self.node(where_raw, inner) if where_raw is not None else None
        body = self.node(body_raw, inner)
        for each in (where, None if macro == "map" else body):
            if each is not None:
                asks(each, self.fault)
        kind = {"map": list_of(body.type), "filter": list_of(element)}.get(macro, BOOLEAN)
        return Comprehension(kind, at, macro, name, over, body, where)


def _owner(operand: Node) -> str:
    """Return what has no such property, as its author knows it."""
    if operand.type.name:
        return operand.type.name
    return f"{operand.name!r}" if isinstance(operand, Variable) else "the object"


def _is_resource(root: _Root, subject: Node) -> bool:
    return not root.path or (subject.type.kind is Kind.OBJECT and subject.type.name in resource_types())


def _arity(name: str) -> int | None:
    if name in RELATIONS:
        return RELATIONS[name]
    if name in _NAMED:
        return len(_NAMED[name].parameters)
    return STANDARD[name][0] if name in STANDARD else None


def _macro(raw: Any) -> tuple[str, Any, Any]:
    """Return which macro the parser expanded, the condition of a three-argument map, and the body as it was written."""
    step = raw.loop_step.call_expr
    if step.function == "_&&_":
        return "all", None, step.args[1]
    if step.function == "_||_":
        return "exists", None, step.args[1]
    if raw.accu_init.WhichOneof("kind") == "const_expr":
        return "exists_one", None, step.args[0]
    if step.function == "_+_":
        return "map", None, step.args[1].list_expr.elements[0]
    condition, grown = step.args[0], step.args[1].call_expr.args[1].list_expr.elements[0]
    if grown.WhichOneof("kind") == "ident_expr" and grown.ident_expr.name == raw.iter_var:
        return "filter", None, condition  # as is map(x, condition, x), which means the same
    return "map", condition, grown
