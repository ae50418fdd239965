"""The types of CEL's operators and standard functions, and what is wrong with a use of them.

CEL over typed messages, with two leniencies that JSON asks for: integers and other numbers mix, and a value of free
form (`any`) fits everywhere. Times, durations, bytes, unsigned integers and types as values are not supported:
properties hold none of them. A date is text in ISO form, which compares in the order of time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from assay.errors import nearest
from assay.expressions.regex import matcher
from assay.expressions.tree import ListOf, Literal, Node
from assay.inventory.schema import ANY, BOOLEAN, INTEGER, NULL, NUMBER, STRING, Kind, Type, list_of

Complain: TypeAlias = Callable[[int, str, str], None]  # offset in the text, what is wrong, what to do
Arguments: TypeAlias = tuple[Node, ...]
Rule: TypeAlias = Callable[[Arguments, Complain], Type]

UNSUPPORTED: Mapping[str, str] = {
    "timestamp": 'compare dates as text in ISO form, such as "2026-11-24"',
    "duration": "properties state durations as numbers; compare the number",
    "bytes": "properties are text",
    "uint": "properties are signed integers; write 1, not 1u",
    "type": "the schema fixes the type of a property",
}

_NUMBERS = (Kind.INTEGER, Kind.NUMBER)
_CONTAINERS = (Kind.LIST, Kind.MAP, Kind.OBJECT, Kind.ANY)


def fits(have: Type, want: Type) -> bool:
    """Return whether a value of one type may stand where another is demanded."""
    if Kind.ANY in (have.kind, want.kind):
        return True
    for alike in (_NUMBERS, (Kind.OBJECT, Kind.MAP)):
        if have.kind in alike and want.kind in alike:
            return True
    if have.kind is not want.kind:
        return False
    return fits(have.items, want.items) if have.items and want.items else True


def joined(types: Iterable[Type]) -> Type:
    """Return the one type that all of several values have; `any` when they have nothing in common, or there is none."""
    found = list(dict.fromkeys(types))
    if len(found) == 1:
        return found[0]
    return NUMBER if found and all(each.kind in _NUMBERS for each in found) else ANY


def _article(kind: Type) -> str:
    said = str(kind)
    return f"{'an' if said[0] in 'aeio' else 'a'} {said}"


def asks(node: Node, complain: Complain) -> None:
    """Complain of what is neither true nor false."""
    if not fits(node.type, BOOLEAN):
        complain(node.at, f"{_article(node.type)} is neither true nor false", _question(node))


def _question(node: Node) -> str:
    match node.type.kind:
        case Kind.LIST | Kind.MAP:
            return "ask for its size, or for all or some of its elements"
        case Kind.STRING | Kind.OBJECT:
            return "compare it, or ask has() whether it is stated"
        case _:
            return "compare it"


def _logic(arguments: Arguments, complain: Complain) -> Type:
    for each in arguments:
        asks(each, complain)
    return BOOLEAN


def _equality(arguments: Arguments, complain: Complain) -> Type:
    left, right = arguments
    if NULL in (left.type, right.type) and ANY not in (left.type, right.type) and left.type != right.type:
        other = left if right.type == NULL else right
        complain(other.at, f"{_article(other.type)} is never null", "has() asks whether it is stated")
    elif not fits(left.type, right.type):
        complain(left.at, f"{_article(left.type)} never equals {_article(right.type)}", _as_text(left, right))
    for one, other in ((left, right), (right, left)):
        _spelling(one.type, other, complain)
    return BOOLEAN


def _as_text(left: Node, right: Node) -> str:
    """Return how to write the literal so that it compares with text."""
    for text, literal in ((left, right), (right, left)):
        if text.type.kind is Kind.STRING and isinstance(literal, Literal) and literal.value is not None:
            value = str(literal.value).lower() if isinstance(literal.value, bool) else literal.value
            return f'write "{value}"'
    return ""


def _spelling(allowed: Type, node: Node, complain: Complain) -> None:
    """Complain of a literal that a property can never have, by the values that its schema allows.

    A misspelt value makes a control that always says the same, so it is a fault, although a schema may lag behind AWS:
    whoever knows of a newer value says so with dyn(), which forgets the schema.
    """
    literals = node.items if isinstance(node, ListOf) else (node,)
    for each in literals if allowed.enum else ():
        if isinstance(each, Literal) and isinstance(each.value, str) and each.value not in ("", *allowed.enum):
            said = nearest(each.value, allowed.enum) or f"it allows {', '.join(allowed.enum[:8])}"
            complain(
                each.at, f"the property is never {each.value!r}", f"{said}; or dyn(property) if AWS has a new value"
            )


def _order(arguments: Arguments, complain: Complain) -> Type:
    left, right = arguments
    for each in arguments:
        if each.type.kind in (Kind.LIST, Kind.MAP, Kind.OBJECT, Kind.NULL):
            complain(each.at, f"{_article(each.type)} has no order", _question(each))
            return BOOLEAN
    if not fits(left.type, right.type):
        complain(
            left.at, f"{_article(left.type)} is never before or after {_article(right.type)}", _as_text(left, right)
        )
    return BOOLEAN


def _plus(arguments: Arguments, complain: Complain) -> Type:
    left, right = arguments
    if left.type.kind is right.type.kind is Kind.LIST:
        return joined((left.type, right.type)) if left.type == right.type else list_of(ANY)
    if left.type.kind in (Kind.STRING, Kind.LIST) and fits(left.type, right.type):
        return left.type
    if right.type.kind in (Kind.STRING, Kind.LIST) and fits(right.type, left.type):
        return right.type
    return _calculation(arguments, complain)


def _calculation(arguments: Arguments, complain: Complain) -> Type:
    for each in arguments:
        if each.type.kind not in (*_NUMBERS, Kind.ANY):
            complain(each.at, f"cannot calculate with {_article(each.type)}", "")
            return ANY
    return joined(each.type for each in arguments)


def _remainder(arguments: Arguments, complain: Complain) -> Type:
    for each in arguments:
        if not fits(each.type, INTEGER) or each.type.kind is Kind.NUMBER:
            complain(each.at, f"a remainder is of integers, not of {_article(each.type)}", "")
    return INTEGER


def _ternary(arguments: Arguments, complain: Complain) -> Type:
    condition, left, right = arguments
    asks(condition, complain)
    if not fits(left.type, right.type) and NULL not in (left.type, right.type):
        complain(right.at, f"one branch is {_article(left.type)}, the other {_article(right.type)}", "")
    return joined((left.type, right.type))


def _index(arguments: Arguments, complain: Complain) -> Type:
    container, index = arguments
    wanted = {Kind.LIST: INTEGER, Kind.MAP: STRING, Kind.OBJECT: STRING}.get(container.type.kind, ANY)
    if container.type.kind not in _CONTAINERS:
        complain(container.at, f"{_article(container.type)} has no elements", "")
    elif not fits(index.type, wanted) or (wanted is INTEGER and index.type.kind is Kind.NUMBER):
        said = f"an element of {_article(container.type)} is taken by {_article(wanted)}, not by {_article(index.type)}"
        complain(index.at, said, "")
    return container.type.items or ANY


def _membership(arguments: Arguments, complain: Complain) -> Type:
    item, container = arguments
    if container.type.kind not in _CONTAINERS:
        remedy = "use contains() for a part of a text" if container.type.kind is Kind.STRING else ""
        complain(container.at, f"nothing is in {_article(container.type)}", remedy)
        return BOOLEAN
    element = STRING if container.type.kind in (Kind.MAP, Kind.OBJECT) else container.type.items or ANY
    if not fits(item.type, element):
        complain(item.at, f"{_article(item.type)} is never in {_article(container.type)}", _as_text(item, item))
    _spelling(item.type, container, complain)
    _spelling(element, item, complain)
    return BOOLEAN


def _size(arguments: Arguments, complain: Complain) -> Type:
    (one,) = arguments
    if one.type.kind not in (Kind.STRING, *_CONTAINERS):
        complain(one.at, f"{_article(one.type)} has no size", "")
    return INTEGER


def _about_text(name: str) -> Rule:
    def rule(arguments: Arguments, complain: Complain) -> Type:
        for each in arguments:
            if not fits(each.type, STRING):
                remedy = "ask with `in`, or exists() for its elements" if each.type.kind is Kind.LIST else ""
                complain(each.at, f"{name} is about text, not {_article(each.type)}", remedy)
        return BOOLEAN

    return rule


def _matches(arguments: Arguments, complain: Complain) -> Type:
    _, pattern = arguments
    if isinstance(pattern, Literal) and isinstance(pattern.value, str):
        try:
            matcher(pattern.value)
        except ValueError as error:
            complain(pattern.at, f"{pattern.value!r} is no regular expression: {error}", "the syntax is RE2")
    return _about_text("matches")(arguments, complain)


def _conversion(name: str, result: Type) -> Rule:
    def rule(arguments: Arguments, complain: Complain) -> Type:
        (one,) = arguments
        simple = (Kind.STRING, Kind.ANY, *_NUMBERS, *([Kind.BOOLEAN] if result in (STRING, BOOLEAN) else []))
        if one.type.kind not in simple or (result == BOOLEAN and one.type.kind in _NUMBERS):
            complain(one.at, f"{name} does not take {_article(one.type)}", "")
        return result

    return rule


def _dyn(_arguments: Arguments, _complain: Complain) -> Type:
    return ANY


# name → (number of arguments, rule). Operators have CEL's internal names.
STANDARD: Mapping[str, tuple[int, Rule]] = {
    "_&&_": (2, _logic),
    "_||_": (2, _logic),
    "!_": (1, _logic),
    "_==_": (2, _equality),
    "_!=_": (2, _equality),
    "_<_": (2, _order),
    "_<=_": (2, _order),
    "_>_": (2, _order),
    "_>=_": (2, _order),
    "_+_": (2, _plus),
    "_-_": (2, _calculation),
    "_*_": (2, _calculation),
    "_/_": (2, _calculation),
    "_%_": (2, _remainder),
    "-_": (1, _calculation),
    "_?_:_": (3, _ternary),
    "_[_]": (2, _index),
    "@in": (2, _membership),
    "size": (1, _size),
    "startsWith": (2, _about_text("startsWith")),
    "endsWith": (2, _about_text("endsWith")),
    "contains": (2, _about_text("contains")),
    "matches": (2, _matches),
    "int": (1, _conversion("int", INTEGER)),
    "double": (1, _conversion("double", NUMBER)),
    "string": (1, _conversion("string", STRING)),
    "bool": (1, _conversion("bool", BOOLEAN)),
    "dyn": (1, _dyn),
}

MACROS = ("has", "all", "exists", "exists_one", "map", "filter")


def spoken() -> Iterator[str]:
    """Yield the names that a text may call: standard functions and macros, not the operators."""
    yield from (name for name in STANDARD if name.isidentifier())
    yield from MACROS
