"""Small changes of an expression: if no example of a control notices one, the examples do not say what it means."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assay.expressions.tree import Call, Comprehension, Has, ListOf, Literal, MapOf, Node, Select
from assay.inventory.schema import BOOLEAN, Kind

_SWAPPED = {
    "_==_": "_!=_",
    "_!=_": "_==_",
    "_<_": "_>=_",
    "_<=_": "_>_",
    "_>_": "_<=_",
    "_>=_": "_<_",
}
_SHIFTED = {"_<_": "_<=_", "_<=_": "_<_", "_>_": "_>=_", "_>=_": "_>_"}
_QUANTIFIERS = {"all": "exists", "exists": "all"}
_SIGNS = {"_&&_": "&&", "_||_": "||"}


def mutants(root: Node) -> Iterator[tuple[Node, str]]:
    """Yield (tree with one change, the change in words) for every change of the kinds below.

    Each operand of && and || dropped; && and || exchanged; a comparison turned round, and its bound moved by one; a
    negation removed; all and exists exchanged; a condition that is no operand replaced by its opposite.
    """
    if not isinstance(root, Literal):
        yield from _mutants(root)


def _mutants(node: Node) -> Iterator[tuple[Node, str]]:
    yield from _here(node)
    for name, index, child in _parts(node):
        for changed, said in _mutants(child):
            yield _put(node, name, index, changed), said


def _here(node: Node) -> Iterator[tuple[Node, str]]:
    at = f"at character {node.at + 1}"
    match node:
        case Call(function="_&&_" | "_||_" as sign, arguments=(left, right)):
            yield right, f"left side of {_SIGNS[sign]} {at} dropped"
            yield left, f"right side of {_SIGNS[sign]} {at} dropped"
            other = "_||_" if sign == "_&&_" else "_&&_"
            yield replace(node, function=other), f"{_SIGNS[sign]} {at} exchanged for {_SIGNS[other]}"
        case Call(function="!_", arguments=(inner,)):
            yield inner, f"! {at} removed"
        case Call(function=name) if name in _SWAPPED:
            yield replace(node, function=_SWAPPED[name]), f"{name.strip('_')} {at} turned round"
            if name in _SHIFTED and _is_bound(node):
                yield replace(node, function=_SHIFTED[name]), f"bound of {name.strip('_')} {at} moved"
        case Comprehension(macro=macro) if macro in _QUANTIFIERS:
            yield replace(node, macro=_QUANTIFIERS[macro]), f"{macro} {at} exchanged for {_QUANTIFIERS[macro]}"
        case Has() | Call() | Select() if node.type.kind is Kind.BOOLEAN and _answers(node):
            yield Call(BOOLEAN, node.at, "!_", (node,)), f"answer {at} turned round"
        case _:
            pass


def _is_bound(node: Call) -> bool:
    """Whether a comparison is with a number or parameter, so that its bound matters; not for text."""
    return all(each.type.kind in (Kind.INTEGER, Kind.NUMBER) for each in node.arguments)


def _answers(node: Has | Call | Select) -> bool:
    return not (isinstance(node, Call) and node.function in ("_?_:_", "_[_]", "dyn", "bool"))


def _parts(node: Node) -> Iterator[tuple[str, int, Node]]:
    """Yield (field, index within it or -1, child) of every child whose truth can decide."""
    match node:
        case Call(arguments=arguments):
            yield from (("arguments", index, each) for index, each in enumerate(arguments))
        case Comprehension(over=over, body=body, where=where):
            yield "over", -1, over
            yield "body", -1, body
            if where is not None:
                yield "where", -1, where
        case Select(operand=operand):
            yield "operand", -1, operand
        case ListOf(items=items):
            yield from (("items", index, each) for index, each in enumerate(items))
        case MapOf() | Has() | _:
            pass


def _put(node: Node, name: str, index: int, child: Node) -> Node:
    changed: Any = child
    if index >= 0:
        items = list(getattr(node, name))
        items[index] = child
        changed = tuple(items)
    fields: dict[str, Any] = {name: changed}
    return replace(node, **fields)
