"""Conditions: true, false, or undecided. Two that compare the same things always agree.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assay.documents import Path
from assay.errors import nearest
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value
from assay.sources.cloudformation.scope import Scope, TooMany, Undecided, World
from assay.sources.cloudformation.texts import apart, as_text, hole_in, shown

_YES_OR_NO = (("true", True), ("false", False))
# A malformed one of these is no value either.
_JUNCTIONS = ("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals")


def examined(scope: Scope, name: Any, path: Path) -> Value:
    """Return a named condition as True, False, or the choice between them."""
    if not isinstance(name, str | bool):
        malformed = scope.fault(path, "a condition is meant by its name", shown(name), "the name of a condition")
        return Choice(f"{scope.label}: condition {shown(name)}", malformed.reason, _YES_OR_NO)
    try:
        return scope.split({}, lambda world: named(scope, as_text(name), path, world))
    except TooMany as many:
        return Choice(f"{scope.label}: condition {name}", many.reason, _YES_OR_NO)


def named(scope: Scope, name: str, path: Path, world: World) -> bool:
    """Return the truth of a named condition. Raises Undecided, TooMany."""
    declared = scope.template.section("Conditions")
    if name not in declared:
        if "Conditions" not in scope.template.open and not scope.context.undeclared_parameters:
            scope.fault(path, f"no condition {name!r}", name, "", nearest(name, declared))
        return _free(
            scope, f"condition {name}", Reason(Cause.CONDITION, name, f"condition {name} is not declared"), world
        )
    if name in scope.deciding:
        scope.fault(("Conditions", name), f"condition {name} depends on itself", " → ".join((*scope.deciding, name)))
        return _free(scope, f"condition {name}", Reason(Cause.CONDITION, name, f"{name} depends on itself"), world)
    refused = scope.enter(path)
    if refused is not None:
        raise TooMany(refused.reason)
    scope.deciding.append(name)
    try:
        return truth(scope, declared[name], ("Conditions", name), world)
    finally:
        scope.deciding.pop()
        scope.depth.level -= 1


def truth(scope: Scope, node: Any, path: Path, world: World) -> bool:
    """Return the truth of a condition function. Raises Undecided, TooMany."""
    match node:
        case bool():
            return node
        case {"Condition": str() | bool() as name} if len(node) == 1:  # YAML 1.1 takes the name Yes for true
            return named(scope, as_text(name), (*path, "Condition"), world)
        case {"Fn::Not": [one]} if len(node) == 1:
            return not _within(scope, one, (*path, "Fn::Not", 0), world)
        case {"Fn::And": [_, *_] as parts} if len(node) == 1:
            return _junction(scope, parts, (*path, "Fn::And"), world, decisive=False)
        case {"Fn::Or": [_, *_] as parts} if len(node) == 1:
            return _junction(scope, parts, (*path, "Fn::Or"), world, decisive=True)
        case {"Fn::Equals": [left, right]} if len(node) == 1:
            return _equals(scope, left, right, (*path, "Fn::Equals"), world)
        case {"Fn::Contains": [_, _]} | {"Fn::EachMemberIn": [_, _]} | {"Fn::EachMemberEquals": [_, _]}:
            name, (left, right) = next(iter(node.items()))
            return _members(scope, name, left, right, (*path, name), world)
        case _:
            return _other(scope, node, path, world)


def _within(scope: Scope, node: Any, path: Path, world: World) -> bool:
    refused = scope.enter(path)
    if refused is not None:
        raise TooMany(refused.reason)
    try:
        return truth(scope, node, path, world)
    finally:
        scope.depth.level -= 1


def _other(scope: Scope, node: Any, path: Path, world: World) -> bool:
    """Return the truth of what is no condition function: text that says so, or a value that becomes it."""
    name = next(iter(node)) if isinstance(node, Mapping) and len(node) == 1 else ""
    if isinstance(node, str) or (name in scope.functions and name not in _JUNCTIONS):
        value = scope.plain(node, path, world)
        if isinstance(value, Unknown):
            return _free(scope, operand(node), value.reason, world)
        if as_text(value).lower() in ("true", "false"):
            return as_text(value).lower() == "true"
    scope.fault(path, "not a condition", shown(node), "Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition")
    return _free(scope, shown(node), Reason(Cause.MALFORMED, "condition", "the condition is malformed"), world)


def _junction(scope: Scope, parts: Sequence[Any], path: Path, world: World, *, decisive: bool) -> bool:
    """Return an And or Or; a part that decides spares the others, also when an earlier one is undecided."""
    pending: Undecided | None = None
    for index, each in enumerate(parts):
        try:
            if _within(scope, each, (*path, index), world) is decisive:
                return decisive
        except Undecided as undecided:
            pending = pending or undecided
    if pending:
        raise pending
    return not decisive


def _equals(scope: Scope, left: Any, right: Any, path: Path, world: World) -> bool:
    first, second = _operand(scope, left, (*path, 0), world), _operand(scope, right, (*path, 1), world)
    unknown = hole_in(first) or hole_in(second)
    if unknown is None:
        return _comparable(first) == _comparable(second)
    if apart(first, second) or _excluded(scope, left, second, world) or _excluded(scope, right, first, world):
        return False
    sides = sorted((operand(left), operand(right)), key=lambda text: (text.startswith('"'), text))
    return left == right or _free(scope, " = ".join(sides), unknown.reason, world)


def _comparable(value: Value) -> Value:
    return [as_text(each) for each in value] if isinstance(value, list) else as_text(value)


def _operand(scope: Scope, node: Any, path: Path, world: World) -> Value:
    """Return what a condition compares: of a parameter, what comparisons see of it."""
    name = node.get("Ref") if isinstance(node, dict) and len(node) == 1 else None
    if isinstance(name, str) and name in scope.parameters:
        return scope.single(scope.parameters[name].compared, world)
    return scope.plain(node, path, world)


def _excluded(scope: Scope, node: Any, other: Value, world: World) -> bool:
    name = node.get("Ref") if isinstance(node, dict) else None
    return isinstance(name, str) and not isinstance(other, Unknown) and scope.excludes(name, as_text(other), world)


def _members(scope: Scope, name: str, left: Any, right: Any, path: Path, world: World) -> bool:
    """Return the truth of a function of the Rules section.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html
    """
    first, second = _operand(scope, left, (*path, 0), world), _operand(scope, right, (*path, 1), world)
    if hole := hole_in(first) or hole_in(second):
        return _free(scope, f"{name.removeprefix('Fn::')} {operand(left)} {operand(right)}", hole.reason, world)
    some = [as_text(each) for each in first] if isinstance(first, list) else [as_text(first)]
    if name == "Fn::Contains":
        return as_text(second) in some
    if name == "Fn::EachMemberEquals":
        return all(each == as_text(second) for each in some)
    return isinstance(second, list) and set(some) <= {as_text(each) for each in second}


def operand(node: Any) -> str:
    """Return one side of a comparison as people say it."""
    match node:
        case {"Ref": str(name)}:
            return name
        case dict() if len(node) == 1:
            name, argument = next(iter(node.items()))
            return f"{str(name).removeprefix('Fn::')} {operand(argument)}"
        case str() | bool() | int() | float():
            return json.dumps(as_text(node))
        case list():
            return f"({', '.join(operand(each) for each in node)})"
        case _:
            return json.dumps(node, sort_keys=True, default=str)


def _free(scope: Scope, said: str, reason: Reason, world: World) -> bool:
    """Return a truth that nobody can know as this world has it. Raises Undecided where it has none.

    The variable is called what people would ask, cut to a readable length; equal questions are one variable.
    """
    if said not in scope.variables:
        short = (
            said.replace(": ", ":") if len(said) <= 80 else f"{said[:80].replace(': ', ':')}… ({len(scope.variables)})"
        )
        scope.variables[said] = f"{scope.label}: {short}"
    variable = scope.variables[said]
    outcome = world.get(variable)
    if outcome is None:
        raise Undecided(Choice(variable, reason, _YES_OR_NO))
    return outcome == "true"
