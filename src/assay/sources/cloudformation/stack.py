"""One template, deployed as far as anybody can know: its resources, those that are known not to exist, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.documents import Document
from assay.errors import Fault
from assay.inventory.resource import Gap, Origin, Position, Resource
from assay.inventory.values import Choice, Path, Value
from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.parameters import decide
from assay.sources.cloudformation.resolve import Places, Scope

_ATTRIBUTES = ("CreationPolicy", "DeletionPolicy", "DependsOn", "UpdatePolicy", "UpdateReplacePolicy")


@dataclass(slots=True)
class Stack:
    """What one template declares."""

    resources: list[Resource] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)


def deployed(document: Document, context: Context) -> Stack:
    """Return the stack that the template would become."""
    parameters, faults = decide(document, context.parameters)
    scope = Scope(document, context, parameters, f"{document.file}#")
    stack = Stack()
    for logical_id, declared in scope.resources.items():
        _declare(stack, scope, logical_id, declared)
    stack.faults += [*faults, *dict.fromkeys(scope.faults)]
    return stack


def _declare(stack: Stack, scope: Scope, logical_id: str, declared: Any) -> None:
    path = ("Resources", logical_id)
    if not isinstance(declared, Mapping) or not isinstance(declared.get("Type"), str):
        scope.fault(path, f"resource {logical_id} has no Type", "", "a mapping with a Type")
        return
    condition: Value = True
    if (name := declared.get("Condition")) is not None:
        condition = _condition(scope, name, (*path, "Condition"))
    if condition is False:
        stack.absent.append((scope.prefix + logical_id, f"condition {name} is false"))
        return
    stated = declared.get("Properties") or {}
    positions: dict[Path, Position] = {}
    properties = scope.value(stated, (*path, "Properties"), {}, Places(positions))
    if not isinstance(properties, Mapping):
        scope.fault((*path, "Properties"), f"Properties of {logical_id} is not a mapping")
        properties = {}
    attributes = {
        key: scope.value(declared[key], (*path, key), {}) for key in _ATTRIBUTES if declared.get(key) is not None
    }
    positions.pop((), None)  # the resource has a place of its own
    context = scope.context
    place = Position(scope.document.file, *scope.document.key_place(path))
    stack.resources.append(
        Resource(
            id=scope.prefix + logical_id,
            type=declared["Type"],
            name=logical_id,
            properties=properties,
            origin=Origin("cloudformation", place, context.account, context.region),
            positions=positions,
            condition=condition,
            attributes=attributes,
        )
    )


def _condition(scope: Scope, name: Any, path: Path) -> Value:
    if not isinstance(name, str):
        return scope.fault(path, "Condition takes the name of a condition")
    return simplest(scope.split({}, lambda world: scope.condition(name, path, world)))


def simplest(value: Value) -> Value:
    """Return a choice whose outcomes are all one value as that value."""
    if not isinstance(value, Choice):
        return value
    options = tuple((outcome, simplest(each)) for outcome, each in value.options)
    first = options[0][1]
    if all(type(each) is type(first) and each == first for _, each in options):
        return first
    return Choice(value.variable, value.reason, options)
