"""From syntax to the typed tree, or every fault of the text at once: misspelt properties, unlike things, unknown names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assay.errors import AssayError, nearest
from assay.expressions import syntax
from assay.expressions.functions import FUNCTIONS
from assay.expressions.relations import RELATIONS, relation_type
from assay.expressions.tree import Call, Comprehension, Has, ListOf, Literal, MapOf, Node, Select, Variable
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
from assay.inventory.services import table
from assay.inventory.tables import Undocumented, undocumented
from assay.inventory.values import Path, Value


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


_NAMED = {each.name: each for each in FUNCTIONS}
_ARITHMETIC = ("_+_", "_-_", "_*_", "_/_", "_%_")
_ORDER = ("_<_", "_<=_", "_>_", "_>=_")
_EQUALITY = ("_==_", "_!=_")
_TEXT_QUESTIONS = ("startsWith", "endsWith", "contains", "matches")
_CONVERSIONS = {"int": INTEGER, "double": NUMBER, "string": STRING, "bool": BOOLEAN}
_STANDARD = (*_TEXT_QUESTIONS, *_CONVERSIONS, "size", "all", "exists", "exists_one", "map", "filter", "has", "dyn")
_ZERO: Mapping[Kind, Value] = {
    Kind.BOOLEAN: False,
    Kind.INTEGER: 0,
    Kind.NUMBER: 0.0,
    Kind.STRING: "",
    Kind.LIST: (),
    Kind.MAP: {},
    Kind.OBJECT: {},
}
_DEEPEST = 200


def check(text: str, variables: Mapping[str, Type], expects: Type) -> Checked:
    """Return the typed tree of a text. Raises ExpressionFaults."""
    try:
        parsed = syntax.parse(text)
    except syntax.NotAnExpression as error:
        raise ExpressionFaults(text, [_issue(text, each.at, each.message, "") for each in error.faults]) from None
    checker = _Checker(text, parsed.positions)
    root = checker.node(parsed.root, {name: (kind, _root_of(name, kind)) for name, kind in variables.items()})
    if not checker.issues and not _fits(root.type, expects):
        checker.fault(root.at, f"the expression is of type {root.type}, not {expects}")
    if checker.issues:
        raise ExpressionFaults(text, checker.issues)
    return Checked(root, frozenset(checker.reads))


def _root_of(name: str, kind: Type) -> _Root | None:
    return _Root(kind.name, (), name == "resource") if kind.name and "/" not in kind.name else None


def _issue(text: str, at: int, message: str, remedy: str) -> Issue:
    before = text[:at]
    return Issue(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1, message, remedy)


def _fits(have: Type, want: Type) -> bool:
    """Whether a value of one type may stand where another is demanded."""
    if Kind.ANY in (have.kind, want.kind) or have.kind is Kind.NULL:
        return True
    if {have.kind, want.kind} <= {Kind.INTEGER, Kind.NUMBER}:
        return True
    if {have.kind, want.kind} <= {Kind.OBJECT, Kind.MAP}:
        return True
    if have.kind is not want.kind:
        return False
    if have.items and want.items:
        return _fits(have.items, want.items)
    return True


_Scope = Mapping[str, tuple[Type, _Root | None]]


@dataclass(slots=True)
class _Checker:
    text: str
    positions: Mapping[int, int]
    issues: list[Issue] = field(default_factory=list)
    reads: set[Path] = field(default_factory=set)
    level: int = 0

    def fault(self, at: int, message: str, remedy: str = "") -> None:
        self.issues.append(_issue(self.text, at, message, remedy))

    def node(self, raw: Any, scope: _Scope) -> Node:
        at = self.positions.get(raw.id, 0)
        if self.level > _DEEPEST:
            self.fault(at, f"nested more than {_DEEPEST} deep")
            return Literal(ANY, at, None)
        self.level += 1
        try:
            return self._node(raw, at, scope)
        finally:
            self.level -= 1

    def _node(self, raw: Any, at: int, scope: _Scope) -> Node:
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
                return ListOf(list_of(_common(each.type for each in items)), at, items)
            case "struct_expr":
                return self._map(raw.struct_expr, at, scope)
            case "comprehension_expr":
                return self._comprehension(raw.comprehension_expr, at, scope)
            case _:
                self.fault(at, "this form of CEL is not supported")
                return Literal(ANY, at, None)

    def _constant(self, raw: Any, at: int) -> Node:
        match raw.WhichOneof("kind"):
            case "bool_value":
                return Literal(BOOLEAN, at, raw.bool_value)
            case "int64_value":
                return Literal(INTEGER, at, raw.int64_value)
            case "uint64_value":
                return Literal(INTEGER, at, raw.uint64_value)
            case "double_value":
                return Literal(NUMBER, at, raw.double_value)
            case "string_value":
                return Literal(STRING, at, raw.string_value)
            case "null_value":
                return Literal(NULL, at, None)
            case _:
                self.fault(at, "bytes are not supported; properties are text")
                return Literal(ANY, at, None)

    def _variable(self, name: str, at: int, scope: _Scope) -> Node:
        if name not in scope:
            self.fault(at, f"unknown variable {name!r}", nearest(name, scope) or f"known: {', '.join(sorted(scope))}")
            return Variable(ANY, at, name)
        return Variable(scope[name][0], at, name)

    def _select(self, raw: Any, at: int, scope: _Scope) -> Node:
        operand = self.node(raw.operand, scope)
        root = self._root(operand, scope)
        kind = self._field(operand, raw.field, at)
        here = root.step(raw.field) if root else None
        if here and here.judged:
            self.reads.add(here.path)
        if raw.test_only:
            return Has(BOOLEAN, at, operand, raw.field)
        path = ".".join(here.path) if here else ""
        return Select(kind, at, operand, raw.field, _absent(here, path, kind), path)

    def _field(self, operand: Node, name: str, at: int) -> Type:
        match operand.type.kind:
            case Kind.OBJECT:
                fields = operand.type.fields
                if name in fields:
                    return fields[name]
                if fields:
                    known = ", ".join(sorted(fields)[:8])
                    self.fault(
                        at, f"{operand.type} has no property {name!r}", nearest(name, fields) or f"it has {known}, …"
                    )
                return ANY
            case Kind.MAP:
                return operand.type.items or ANY
            case Kind.ANY:
                return ANY
            case _:
                self.fault(at, f"a {operand.type} has no property {name!r}")
                return ANY

    def _root(self, node: Node, scope: _Scope) -> _Root | None:
        match node:
            case Variable(name=name):
                return scope[name][1] if name in scope else None
            case Select(operand=operand, field=name):
                inner = self._root(operand, scope)
                return inner.step(name) if inner else None
            case Call(function="_[_]", arguments=(operand, index)):
                inner = self._root(operand, scope)
                key = str(index.value) if isinstance(index, Literal) and isinstance(index.value, str) else "*"
                return inner.step(key) if inner else None
            case Call(function="target" | "targets" | "referrers", type=kind):
                name = (kind.items or kind).name
                steps = () if kind.kind is Kind.OBJECT else ("*",)
                return _Root(name) if steps == () else None
            case _:
                return None

    def _element_root(self, over: Node, scope: _Scope) -> _Root | None:
        if isinstance(over, Call) and over.function in ("targets", "referrers") and over.type.items:
            return _Root(over.type.items.name)
        if isinstance(over, Comprehension) and over.macro == "filter":
            return self._element_root(over.over, scope)
        root = self._root(over, scope)
        return root.step("*") if root else None

    def _map(self, raw: Any, at: int, scope: _Scope) -> Node:
        if raw.message_name:
            self.fault(at, f"there is no message {raw.message_name!r} to construct")
        entries = tuple((self.node(each.map_key, scope), self.node(each.value, scope)) for each in raw.entries)
        return MapOf(map_of(_common(value.type for _, value in entries)), at, entries)

    def _call(self, raw: Any, at: int, scope: _Scope) -> Node:
        given = ([raw.target] if raw.HasField("target") else []) + list(raw.args)
        arguments = tuple(self.node(each, scope) for each in given)
        name = raw.function
        if name in RELATIONS:
            return self._relation(name, arguments, at)
        if name in _NAMED:
            return self._named(name, arguments, at)
        return Call(self._operator(name, arguments, at), at, name, arguments)

    def _named(self, name: str, arguments: tuple[Node, ...], at: int) -> Node:
        function = _NAMED[name]
        wanted = [kind for _, kind in function.parameters]
        if len(arguments) != len(wanted):
            self.fault(at, f"{name} takes {len(wanted)} arguments, not {len(arguments)}")
            return Call(function.result, at, name, arguments)
        for argument, (label, kind) in zip(arguments, function.parameters, strict=True):
            if not _fits(argument.type, kind):
                self.fault(argument.at, f"{name}: {label} is a {argument.type}, not a {kind}")
        return Call(function.result, at, name, arguments)

    def _relation(self, name: str, arguments: tuple[Node, ...], at: int) -> Node:
        literals = [each.value for each in arguments[1:] if isinstance(each, Literal) and isinstance(each.value, str)]
        if len(arguments) != RELATIONS[name] or len(literals) != len(arguments) - 1:
            self.fault(at, f"{name} takes {RELATIONS[name] - 1} literal texts after its subject")
            return Call(ANY, at, name, arguments)
        if literals[0] not in resource_types():
            self.fault(at, f"no resource type {literals[0]!r}", nearest(literals[0], resource_types()))
            return Call(ANY, at, name, arguments)
        kind = relation_type(name, literals[0])
        if name == "referrers":
            fields = (kind.items or kind).fields
            if literals[1] not in fields:
                self.fault(at, f"{literals[0]} has no property {literals[1]!r}", nearest(literals[1], fields))
        return Call(kind, at, name, arguments)

    def _operator(self, name: str, arguments: tuple[Node, ...], at: int) -> Type:
        types = [each.type for each in arguments]
        if name in ("_&&_", "_||_", "!_"):
            for each in arguments:
                if not _fits(each.type, BOOLEAN):
                    self.fault(each.at, f"a {each.type} is neither true nor false")
            return BOOLEAN
        if name in _EQUALITY:
            self._alike(types[0], types[1], at)
            return BOOLEAN
        if name in _ORDER:
            if self._alike(types[0], types[1], at) and types[0].kind in (Kind.LIST, Kind.MAP, Kind.OBJECT):
                self.fault(at, f"a {types[0]} has no order")
            return BOOLEAN
        if name in _ARITHMETIC or name == "-_":
            return self._arithmetic(name, types, at)
        return self._standard(name, arguments, types, at)

    def _alike(self, left: Type, right: Type, at: int) -> bool:
        if _fits(left, right) or _fits(right, left):
            return True
        self.fault(at, f"a {left} is never comparable with a {right}")
        return False

    def _arithmetic(self, name: str, types: list[Type], at: int) -> Type:
        allowed = {Kind.INTEGER, Kind.NUMBER, Kind.ANY} | ({Kind.STRING, Kind.LIST} if name == "_+_" else set())
        for each in types:
            if each.kind not in allowed:
                self.fault(at, f"cannot calculate with a {each}")
                return ANY
        if len(types) == 2 and not _fits(types[0], types[1]):
            self.fault(at, f"cannot calculate with a {types[0]} and a {types[1]}")
        return types[0]

    def _standard(self, name: str, arguments: tuple[Node, ...], types: list[Type], at: int) -> Type:
        match name, types:
            case "_?_:_", [condition, left, right]:
                if not _fits(condition, BOOLEAN):
                    self.fault(arguments[0].at, f"a {condition} is neither true nor false")
                self._alike(left, right, at)
                return left if left.kind is not Kind.NULL else right
            case "_[_]", [container, index]:
                return self._index(container, index, at)
            case "@in", [item, container]:
                return self._in(item, container, at)
            case "size", [one]:
                if one.kind not in (Kind.STRING, Kind.LIST, Kind.MAP, Kind.OBJECT, Kind.ANY):
                    self.fault(at, f"a {one} has no size")
                return INTEGER
            case (("startsWith" | "endsWith" | "contains" | "matches"), [_, _]):
                for each in arguments:
                    if not _fits(each.type, STRING):
                        self.fault(each.at, f"{name} is about text, not a {each.type}")
                return BOOLEAN
            case (("int" | "double" | "string" | "bool"), [_]):
                return _CONVERSIONS[name]
            case "dyn", [_]:
                return ANY
            case _:
                known = [*_NAMED, *RELATIONS, *_STANDARD]
                if name in known:
                    self.fault(at, f"{name} does not take {len(types)} arguments")
                else:
                    self.fault(at, f"unknown function {name!r}", nearest(name, known) or "see docs/functions.md")
                return ANY

    def _index(self, container: Type, index: Type, at: int) -> Type:
        if container.kind is Kind.LIST and _fits(index, INTEGER):
            return container.items or ANY
        if container.kind is Kind.MAP and _fits(index, STRING):
            return container.items or ANY
        if container.kind in (Kind.ANY, Kind.OBJECT):
            return ANY
        self.fault(at, f"cannot take [{index}] of a {container}")
        return ANY

    def _in(self, item: Type, container: Type, at: int) -> Type:
        if container.kind is Kind.LIST and container.items and not _fits(item, container.items):
            self.fault(at, f"a {item} is never in a {container}")
        elif container.kind not in (Kind.LIST, Kind.MAP, Kind.OBJECT, Kind.ANY):
            self.fault(at, f"nothing is in a {container}")
        return BOOLEAN

    def _comprehension(self, raw: Any, at: int, scope: _Scope) -> Node:
        over = self.node(raw.iter_range, scope)
        if over.type.kind not in (Kind.LIST, Kind.MAP, Kind.OBJECT, Kind.ANY):
            self.fault(over.at, f"a {over.type} has no elements")
        element = (over.type.items or ANY) if over.type.kind is Kind.LIST else ANY
        if over.type.kind in (Kind.MAP, Kind.OBJECT):
            element = STRING
        inner = {**scope, raw.iter_var: (element, self._element_root(over, scope))}
        macro, where_raw, body_raw = _macro(raw)
        where = self.node(where_raw, inner) if where_raw is not None else None
        body = self.node(body_raw, inner)
        if macro != "map" and not _fits(body.type, BOOLEAN):
            self.fault(body.at, f"{macro} asks a question; a {body.type} is neither true nor false")
        kind = {"map": list_of(body.type), "filter": over.type}.get(macro, BOOLEAN)
        return Comprehension(kind, at, macro, raw.iter_var, over, body, where)


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
        return "filter", None, condition
    return "map", condition, grown


def _common(types: "Any") -> Type:
    found = set(types)
    return found.pop() if len(found) == 1 else ANY


def _absent(root: _Root | None, path: str, kind: Type) -> Value:
    if root:
        stated = table(root.type).defaults.get(path)
        if isinstance(stated, Undocumented):
            return undocumented(root.type, path, stated)
        if stated is not None:
            return stated
    return _ZERO.get(kind.kind)
