"""The resources of a deployed stack, as the inventory wants them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assay.documents import Path
from assay.errors import Fault
from assay.inventory.folding import both
from assay.inventory.resource import Gap, Origin, Position, Resource
from assay.inventory.schema import fields_of, resource_types
from assay.inventory.services import table
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value
from assay.sources.cloudformation.conditions import examined
from assay.sources.cloudformation.expand import LOOP
from assay.sources.cloudformation.scope import Places, Scope, World
from assay.sources.cloudformation.stack import NESTING, Stack, macro_name, unread
from assay.sources.cloudformation.texts import shown

_ATTRIBUTES = ("CreationPolicy", "DeletionPolicy", "DependsOn", "UpdatePolicy", "UpdateReplacePolicy")
_MODULE = "::MODULE"
_INIT = "AWS::CloudFormation::Init"  # what cfn-init installs and starts on an instance
_LOGICAL_ID = re.compile("[A-Za-z0-9]+")


@dataclass(slots=True)
class Declared:
    """What templates declare, before it is normalised; the parts of an inventory."""

    resources: list[Resource] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "Declared") -> None:
        """Add what another one holds."""
        self.resources += other.resources
        self.faults += other.faults
        self.gaps += other.gaps
        self.absent += other.absent


def collected(stack: Stack) -> Declared:
    """Return what a stack and those nested in it declare."""
    into = Declared()
    _collect(stack, into, True)
    return into


def _collect(stack: Stack, into: Declared, condition: Value) -> None:
    """Add what a stack and those nested in it declare, all of it under a condition."""
    for logical_id, stated in stack.scope.resources.items():
        _collect_one(stack, into, logical_id, stated, condition)
    into.faults += [*stack.faults, *stack.scope.faults]
    into.gaps += stack.gaps


def _collect_one(stack: Stack, into: Declared, logical_id: str, stated: Any, condition: Value) -> None:
    scope, path = stack.scope, ("Resources", logical_id)
    if logical_id == "Fn::Transform":
        into.gaps.append(unread(scope, macro_name(stated)))
        return
    if logical_id.startswith(LOOP):
        return  # noted when it could not be unrolled
    if not _LOGICAL_ID.fullmatch(logical_id):
        scope.fault(path, f"{logical_id[:80]!r} is no logical id", "", "letters and digits")
        return
    kind = stated.get("Type") if isinstance(stated, dict) else None
    if not isinstance(kind, str):
        if "Resources" not in scope.template.open:
            scope.fault(path, f"resource {logical_id} has no Type", "", "a mapping with a Type")
        return
    exists = _existing(scope, stated, path)
    if exists is False:
        into.absent.append((scope.prefix + logical_id, f"condition {stated['Condition']} is false"))
        return
    if kind.endswith(_MODULE):
        said = f"what module {kind} holds is known only in the account that registers it"
        into.gaps.append(Gap(scope.prefix + logical_id, Reason(Cause.ELSEWHERE, kind, said)))
        return
    whole = both(condition, exists)
    into.resources.append(_resource(scope, logical_id, stated, whole))
    if kind in NESTING and (inner := stack.within(logical_id)) is not None:
        _collect(inner, into, whole)


def _existing(scope: Scope, stated: Mapping[str, Any], path: Path) -> Value:
    name = stated.get("Condition")
    return True if name is None else examined(scope, name, (*path, "Condition"))


def _resource(scope: Scope, logical_id: str, stated: Mapping[str, Any], condition: Value) -> Resource:
    path, kind = ("Resources", logical_id), stated["Type"]
    positions: dict[Path, Position] = {}
    properties = _properties(scope, stated, path, positions)
    attributes = {}
    for key in _ATTRIBUTES:
        if stated.get(key) is not None:
            attributes[key] = scope.value(stated[key], (*path, key), {})
            positions.setdefault((key,), scope.template.position((*path, key)))
    metadata = stated.get("Metadata")
    if isinstance(metadata, dict) and _INIT in metadata:
        attributes[_INIT] = scope.value(metadata[_INIT], (*path, "Metadata", _INIT), {}, Places(positions, (_INIT,)))
    context = scope.context
    return Resource(
        id=scope.prefix + logical_id,
        type=kind,
        name=logical_id,
        properties=properties,
        origin=Origin("cloudformation", scope.template.key_position(path), context.account, context.region),
        positions=positions,
        condition=condition,
        attributes=attributes,
    )


def _properties(
    scope: Scope, stated: Mapping[str, Any], path: Path, positions: dict[Path, Position]
) -> Mapping[str, Value]:
    if "Fn::Transform" in stated:
        macro = scope.value({"Fn::Transform": stated["Fn::Transform"]}, path, {})
        return _each_unknown(macro, stated["Type"])
    inner = (*path, "Properties")
    value = scope.value(stated.get("Properties"), inner, {}, Places(positions))
    positions.pop((), None)  # the resource has a place of its own
    match value:
        case None:
            return {}
        case Mapping():
            return {**value, **_decoded(scope, stated, inner, positions)}
        case Choice():
            return _by_outcome(value, stated["Type"])
        case Unknown():
            return _each_unknown(value, stated["Type"])
        case _:
            return _each_unknown(
                scope.fault(inner, "Properties is no mapping", shown(value), "a mapping"), stated["Type"]
            )


def _decoded(
    scope: Scope, stated: Mapping[str, Any], inner: Path, positions: dict[Path, Position]
) -> Mapping[str, Value]:
    """Return the text of properties that are written in Base64: once more what they say, but not encoded."""
    wanted = table(stated["Type"]).decoded
    if not wanted:
        return {}
    plainly = replace(scope, functions={**scope.functions, "Fn::Base64": _not_encoded})
    whole = plainly.value(stated.get("Properties"), inner, {})
    found = {}
    for name, dotted in wanted.items():
        steps = tuple(dotted.split("."))
        text = _at(whole, steps)
        if text is not None:
            found[name] = text
            positions[(name,)] = scope.template.position((*inner, *steps))
    return found


def _not_encoded(scope: Scope, argument: Any, path: Path, world: World, at: Places | None) -> Value:
    return scope.plain(argument, path, world)


def _at(value: Value, steps: tuple[str, ...]) -> Value:
    """Return the part of a value at a path of names, in each outcome of a choice."""
    if not steps or isinstance(value, Unknown):
        return value
    if isinstance(value, Choice):
        return replace(value, options=tuple((outcome, _at(each, steps)) for outcome, each in value.options))
    return _at(value.get(steps[0]), steps[1:]) if isinstance(value, Mapping) else None


def _each_unknown(value: Value, kind: str) -> Mapping[str, Value]:
    """Return properties that are unknown as a whole: whether each is there, and what it is."""
    if not isinstance(value, Unknown) or kind not in resource_types():
        return {}
    return dict.fromkeys(fields_of(kind), Unknown(value.reason))


def _by_outcome(choice: Choice, kind: str) -> Mapping[str, Value]:
    """Return properties that depend on an outcome as a whole, each with its choice."""
    options: list[tuple[str, Mapping[str, Value]]] = []
    for outcome, each in choice.options:
        if isinstance(each, Choice):
            options.append((outcome, _by_outcome(each, kind)))
        else:
            options.append((outcome, each if isinstance(each, Mapping) else _each_unknown(each, kind)))
    names = dict.fromkeys(name for _, each in options for name in each)
    return {
        name: replace(choice, options=tuple((outcome, each.get(name)) for outcome, each in options)) for name in names
    }
