"""Intrinsic functions: from what a template says to what it means, as far as anybody can know before deployment.

What cannot be resolved is an `Unknown` with its reason. What depends on an undecided parameter or condition is a `Choice`:
a function that needs the value raises `Undecided`, and the nearest place that can hold a choice examines every outcome.
Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from assay.documents import Document, Path
from assay.errors import Fault, nearest
from assay.inventory.resource import Position
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value, to_json
from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.parameters import Parameters

World: TypeAlias = Mapping[str, str]
_DEEPEST = 150

# (type, attribute) → known text of the ARN that it will be, where a control asks which service a reference leads to.
_ARNS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("AWS::CertificateManager::Certificate", ""): ("arn:", ":acm:", ""),
    ("AWS::CertificateManager::Certificate", "CertificateArn"): ("arn:", ":acm:", ""),
    ("AWS::IAM::ServerCertificate", "Arn"): ("arn:", ":iam::", ""),
}


class Undecided(Exception):  # noqa: N818 - a signal to whoever can hold a choice
    """The outcome of a variable is needed here."""

    def __init__(self, variable: str, reason: Reason, outcomes: Sequence[str]) -> None:
        self.variable, self.reason, self.outcomes = variable, reason, tuple(outcomes)
        super().__init__(variable)


@dataclass(slots=True)
class Scope:
    """One template being resolved. `prefix` makes ids of its resources: "<file>#" or "<parent>#<Stack>/"."""

    document: Document
    context: Context
    parameters: Parameters
    prefix: str
    outputs: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)  # nested stack → output → value
    faults: list[Fault] = field(default_factory=list)
    level: int = 0
    deciding: list[str] = field(default_factory=list)

    @property
    def sections(self) -> dict[str, Any]:
        """The template's sections."""
        return self.document.value if isinstance(self.document.value, dict) else {}

    @property
    def resources(self) -> Mapping[str, Any]:
        """The declared resources."""
        found = self.sections.get("Resources")
        return found if isinstance(found, dict) else {}

    def fault(self, path: Path, message: str, found: str = "", expected: str = "", remedy: str = "") -> Unknown:
        """Note a fault at a path of the document; return what stands for the value."""
        line, column = self.document.place(path)
        self.faults.append(Fault(self.document.file, line, column, message, found, expected, remedy))
        return Unknown(Reason(Cause.MALFORMED, message, message), present=True)

    # -- values -------------------------------------------------------------------------------------------------------

    def value(self, node: Any, path: Path, world: World, at: "Places | None" = None) -> Value:
        """Return what a node means in a world; None for AWS::NoValue. `at` collects the places of properties."""
        if at is not None:
            at.note(self.document, path)
        if isinstance(node, dict):
            name = next(iter(node)) if len(node) == 1 else ""
            if name in _FUNCTIONS:
                return self._function(name, node[name], (*path, name), world, at)
            return self._mapping(node, path, world, at)
        if isinstance(node, list):
            items = [self.value(each, (*path, i), world, at and at.step(i)) for i, each in enumerate(node)]
            return [each for each in items if each is not None]
        return dynamic(node) if isinstance(node, str) and "{{resolve:" in node else node

    def _mapping(self, node: Mapping[str, Any], path: Path, world: World, at: "Places | None") -> Value:
        found = {}
        for key, each in node.items():
            value = self.value(each, (*path, key), world, at and at.step(key))
            if value is not None:
                found[key] = value
        return found

    def _function(self, name: str, argument: Any, path: Path, world: World, at: "Places | None") -> Value:
        if self.level > _DEEPEST:
            return self.fault(path, "functions are nested too deeply")
        self.level += 1
        try:
            return self.split(world, lambda fixed: _FUNCTIONS[name](self, argument, path, fixed, at))
        finally:
            self.level -= 1

    def split(self, world: World, ask: Callable[[World], Value]) -> Value:
        """Return the answer, or the choice between the answers for each outcome of what is undecided."""
        try:
            return ask(world)
        except Undecided as undecided:
            fixed = world if isinstance(world, dict) else dict(world)
            options = tuple(
                (outcome, self.split({**fixed, undecided.variable: outcome}, ask)) for outcome in undecided.outcomes
            )
            return Choice(undecided.variable, undecided.reason, options)

    def plain(self, node: Any, path: Path, world: World) -> Value:
        """Return the value of an argument that must be one thing. Raises Undecided where it is a choice."""
        return self.single(self.value(node, path, world), world)

    def single(self, value: Value, world: World) -> Value:
        """Return the value with choices over fixed variables taken. Raises Undecided for the first free one."""
        while isinstance(value, Choice):
            outcome = world.get(value.variable)
            if outcome is None:
                raise Undecided(value.variable, value.reason, [name for name, _ in value.options])
            value = dict(value.options).get(outcome)
        if isinstance(value, list):
            items = [self.single(each, world) for each in value]
            return [each for each in items if each is not None]
        return value

    # -- conditions ---------------------------------------------------------------------------------------------------

    def condition(self, name: str, path: Path, world: World) -> bool:
        """Return the truth of a named condition. Raises Undecided."""
        declared = self.sections.get("Conditions") or {}
        if name not in declared:
            if not self.context.undeclared_parameters:
                self.fault(path, f"no condition {name!r}", name, "", nearest(name, declared))
            return self._opaque(name, world)
        if name in self.deciding:
            self.fault(path, f"condition {name} depends on itself")
            return self._opaque(name, world)
        self.deciding.append(name)
        try:
            return self.truth(declared[name], ("Conditions", name), world)
        finally:
            self.deciding.pop()

    def truth(self, node: Any, path: Path, world: World) -> bool:
        """Return the truth of a condition function. Raises Undecided."""
        match node:
            case bool():
                return node
            case str() if node.lower() in ("true", "false"):
                return node.lower() == "true"
            case {"Condition": str(name)} if len(node) == 1:
                return self.condition(name, (*path, "Condition"), world)
            case {"Fn::Not": [one]}:
                return not self.truth(one, (*path, "Fn::Not", 0), world)
            case {"Fn::And": list(parts)}:
                return self._junction(parts, (*path, "Fn::And"), world, decisive=False)
            case {"Fn::Or": list(parts)}:
                return self._junction(parts, (*path, "Fn::Or"), world, decisive=True)
            case {"Fn::Equals": [left, right]}:
                return self._equals(left, right, (*path, "Fn::Equals"), world)
            case {"Fn::Contains": [_, _]} | {"Fn::EachMemberIn": [_, _]} | {"Fn::EachMemberEquals": [_, _]}:
                return self._opaque(json.dumps(node, sort_keys=True), world)
            case _:
                self.fault(path, "not a condition", json.dumps(node)[:60], "Fn::Equals, And, Or, Not or Condition")
                return self._opaque(json.dumps(node, sort_keys=True), world)

    def _junction(self, parts: Sequence[Any], path: Path, world: World, *, decisive: bool) -> bool:
        """Return an And or Or; a part that decides spares the others, also when an earlier one is undecided."""
        pending: Undecided | None = None
        for index, each in enumerate(parts):
            try:
                if self.truth(each, (*path, index), world) is decisive:
                    return decisive
            except Undecided as undecided:
                pending = pending or undecided
        if pending:
            raise pending
        return not decisive

    def _equals(self, left: Any, right: Any, path: Path, world: World) -> bool:
        first = self.plain(left, (*path, 0), world)
        second = self.plain(right, (*path, 1), world)
        if isinstance(first, Unknown) or isinstance(second, Unknown):
            first, second = self._compared(left, first, world), self._compared(right, second, world)
        if isinstance(first, Unknown) or isinstance(second, Unknown):
            if _apart(first, second):
                return False
            unknown = first if isinstance(first, Unknown) else second
            assert isinstance(unknown, Unknown)
            return self._opaque(json.dumps([left, right], sort_keys=True), world, unknown.reason)
        return _as_text(first) == _as_text(second)

    def _compared(self, node: Any, value: Value, world: World) -> Value:
        """Return an operand of Equals, a free parameter as the choice between what it is compared with."""
        if isinstance(node, dict) and isinstance(node.get("Ref"), str) and isinstance(value, Unknown):
            return self.single(self.parameters.values.get(node["Ref"], value), world)
        return value

    def _opaque(self, text: str, world: World, reason: Reason | None = None) -> bool:
        name = self.deciding[-1] if self.deciding else text
        variable = f"{self.document.file}: condition {name}" + ("" if name == text else f" {text}"[:120])
        outcome = world.get(variable)
        if outcome is None:
            said = reason or Reason(Cause.CONDITION, name, f"condition {name} cannot be decided")
            raise Undecided(variable, said, ("true", "false"))
        return outcome == "true"

    # -- references ---------------------------------------------------------------------------------------------------

    def ref(self, name: str, path: Path, world: World) -> Value:
        """Return what Ref gives: a parameter, a pseudo parameter, or a reference to a resource."""
        if name.startswith("AWS::"):
            return self._pseudo(name, path)
        if name in self.parameters.values:
            value = self.parameters.values[name]
            if isinstance(value, Choice) and value.variable not in world and name not in self.parameters.enumerated:
                local = value.variable.startswith(f"{self.document.file}: parameter {name}")
                if local:  # of an open set only the literals compared with are known; elsewhere it is plainly unknown
                    return Unknown(value.reason, present=True)
            return self.single(value, world)
        if name in self.resources:
            return self.attribute(name, "", path)
        if self.context.undeclared_parameters:
            return Unknown(Reason(Cause.PARAMETER, name, f"parameter {name} has no value"), present=True)
        known = [*self.parameters.values, *self.resources]
        return self.fault(path, f"no parameter or resource {name!r}", name, "", nearest(name, known))

    def attribute(self, logical_id: str, name: str, path: Path) -> Value:
        """Return a reference to a resource: of GetAtt with its attribute, of Ref with none."""
        if logical_id not in self.resources:
            return self.fault(path, f"no resource {logical_id!r}", logical_id, "", nearest(logical_id, self.resources))
        if logical_id in self.outputs and name.startswith("Outputs."):
            outputs = self.outputs[logical_id]
            key = name.removeprefix("Outputs.")
            if key in outputs:
                return outputs[key]
            return self.fault(path, f"stack {logical_id} has no output {key!r}", key, "", nearest(key, outputs))
        what = f"{logical_id}.{name}" if name else logical_id
        reason = Reason(Cause.ATTRIBUTE, what, f"{what} is known only after deployment")
        declared = self.resources[logical_id]
        kind = declared.get("Type") if isinstance(declared, dict) else None
        parts = _ARNS.get((str(kind), name), ())
        return Unknown(reason, present=True, parts=parts, reference=Reference(self.prefix + logical_id, name))

    def _pseudo(self, name: str, path: Path) -> Value:
        match name:
            case "AWS::NoValue":
                return None
            case "AWS::AccountId" if self.context.account:
                return self.context.account
            case "AWS::Region" if self.context.region:
                return self.context.region
            case "AWS::Partition" if self.context.partition:
                return self.context.partition
            case "AWS::URLSuffix" if self.context.partition:
                return "amazonaws.com.cn" if self.context.partition == "aws-cn" else "amazonaws.com"
            case "AWS::NotificationARNs":
                return Unknown(Reason(Cause.ENVIRONMENT, name, f"{name} is set at deployment"), present=True)
            case (
                "AWS::AccountId"
                | "AWS::Region"
                | "AWS::Partition"
                | "AWS::URLSuffix"
                | "AWS::StackName"
                | "AWS::StackId"
            ):
                reason = Reason(Cause.ENVIRONMENT, name, f"{name} depends on where it is deployed")
                return Unknown(reason, present=True)
            case _:
                return self.fault(path, f"no pseudo parameter {name!r}", name, "", nearest(name, _PSEUDO))


_PSEUDO = tuple(
    f"AWS::{each}"
    for each in ("AccountId", "NoValue", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)


@dataclass(slots=True)
class Places:
    """Collects where each property of a resource is said; `path` is the one in the resolved properties."""

    found: dict[Path, Position]
    path: Path = ()

    def note(self, document: Document, source: Path) -> None:
        """Note the place of the current path, if none is known yet."""
        if self.path not in self.found:
            self.found[self.path] = Position(document.file, *document.place(source))

    def step(self, name: str | int) -> "Places":
        """Return the collector for a part."""
        return Places(self.found, (*self.path, name))


def _as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(to_json(value), sort_keys=True)


def _apart(left: Value, right: Value) -> bool:
    """Return whether a partly known text can be no way the other one."""
    for unknown, other in ((left, right), (right, left)):
        if isinstance(unknown, Unknown) and unknown.parts and isinstance(other, str):
            first, last = unknown.parts[0], unknown.parts[-1]
            if not other.startswith(first) or not other.endswith(last) or len(other) < len(first) + len(last):
                return True
    return False


_DYNAMIC = re.compile(r"\{\{resolve:([^{}]*)\}\}")


def dynamic(text: str) -> Value:
    """Return text with dynamic references as unknown, the text around them kept."""
    pieces: list[Value] = []
    last = 0
    for match in _DYNAMIC.finditer(text):
        reason = Reason(Cause.DYNAMIC_REFERENCE, match[1], f"{match[1]} is read at deployment")
        pieces += [text[last : match.start()], Unknown(reason, present=True)]
        last = match.end()
    return join([*pieces, text[last:]]) if pieces else text


def join(pieces: Sequence[Value]) -> Value:
    """Return texts put together; with unknown ones among them, the known text around the holes."""
    parts = [""]
    unknowns: list[Unknown] = []
    for piece in pieces:
        if isinstance(piece, Unknown):
            unknowns.append(piece)
            inner = piece.parts or ("", "")
            parts[-1] += inner[0]
            parts.extend(inner[1:])
        else:
            parts[-1] += _as_text(piece)
    if not unknowns:
        return parts[0]
    references = [each.reference for each in unknowns if each.reference]
    if parts[0].startswith("arn:"):
        references = references[-1:]  # .../restapis/${Api}/stages/${Stage}: the last part of an ARN is what it names
    telling = next((each for each in unknowns if each.reference), unknowns[0])
    return Unknown(
        telling.reason,
        present=True,
        parts=tuple(parts) if any(parts) else (),
        reference=references[0] if len(set(references)) == 1 else None,
    )


# -- the functions ------------------------------------------------------------------------------------------------------


def _ref(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, str):
        return scope.fault(path, "Ref takes a name", json.dumps(argument)[:60])
    name = argument
    if name in scope.parameters.enumerated and scope.parameters.values[name].variable not in world:  # type: ignore[union-attr]
        return scope.parameters.values[name]
    return scope.ref(name, path, world)


def _get_att(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if isinstance(argument, str):
        logical_id, _, name = argument.partition(".")
        return scope.attribute(logical_id, name, path)
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        name = scope.plain(argument[1], (*path, 1), world)
        return scope.attribute(argument[0], name if isinstance(name, str) else "?", path)
    return scope.fault(path, "Fn::GetAtt takes a resource and an attribute", json.dumps(argument)[:60])


_VARIABLE = re.compile(r"\$\{(!?)([^${}]*)\}")


def _sub(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    own: dict[str, Any] = {}
    text = argument
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
        text, own = argument
    if not isinstance(text, str):
        return scope.fault(path, "Fn::Sub takes a text", json.dumps(argument)[:60])
    pieces: list[Value] = []
    last = 0
    for match in _VARIABLE.finditer(text):
        pieces.append(text[last : match.start()])
        last = match.end()
        name = match[2].strip()
        if match[1]:
            pieces.append("${" + match[2] + "}")
        elif name in own:
            pieces.append(scope.plain(own[name], (*path, 1, name), world))
        elif "." in name:
            logical_id, _, attribute = name.partition(".")
            pieces.append(scope.single(scope.attribute(logical_id, attribute, path), world))
        else:
            pieces.append(scope.single(_ref(scope, name, path, world, None), world))
    pieces.append(text[last:])
    joined = join(["" if each is None else each for each in pieces])
    return dynamic(joined) if isinstance(joined, str) and "{{resolve:" in joined else _dynamic_parts(joined)


def _dynamic_parts(value: Value) -> Value:
    """Return a text with holes inside a dynamic reference as what it is: read at deployment, whatever its name."""
    if isinstance(value, Unknown) and value.parts and "{{resolve:" in value.parts[0]:
        before = value.parts[0].split("{{resolve:")[0]
        after = value.parts[-1].rsplit("}}", 1)[-1]
        said = Reason(Cause.DYNAMIC_REFERENCE, "resolve", "a dynamic reference is read at deployment")
        parts = (before, after) if before or after else ()
        return Unknown(said, present=True, parts=parts, reference=value.reference)
    return value


def _join(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:
        return scope.fault(path, "Fn::Join takes a delimiter and a list", json.dumps(argument)[:60])
    delimiter = scope.plain(argument[0], (*path, 0), world)
    items = scope.plain(argument[1], (*path, 1), world)
    if isinstance(items, Unknown):
        return Unknown(items.reason, present=True)
    if not isinstance(items, list) or not isinstance(delimiter, str):
        return scope.fault(path, "Fn::Join takes a delimiter and a list", json.dumps(argument)[:60])
    pieces: list[Value] = []
    for index, each in enumerate(items):
        pieces += [delimiter, each] if index else [each]
    joined = join(pieces)
    return dynamic(joined) if isinstance(joined, str) and "{{resolve:" in joined else _dynamic_parts(joined)


def _split(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        return scope.fault(path, "Fn::Split takes a delimiter and a text", json.dumps(argument)[:60])
    text = scope.plain(argument[1], (*path, 1), world)
    if isinstance(text, Unknown):
        return Unknown(text.reason, present=True)
    return list(_as_text(text).split(argument[0])) if argument[0] else [text]


def _select(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:
        return scope.fault(path, "Fn::Select takes an index and a list", json.dumps(argument)[:60])
    index = scope.plain(argument[0], (*path, 0), world)
    items = scope.plain(argument[1], (*path, 1), world)
    for each in (index, items):
        if isinstance(each, Unknown):
            return Unknown(each.reason, present=True)
    try:
        place = int(str(index))
    except ValueError:
        return scope.fault(path, "Fn::Select takes a whole number", repr(index))
    if not isinstance(items, list) or not 0 <= place < len(items):
        count = len(items) if isinstance(items, list) else 0
        return scope.fault(path, f"Fn::Select takes element {place} of {count}")
    return items[place]


def _find_in_map(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        return scope.fault(path, "Fn::FindInMap takes a map and two keys", json.dumps(argument)[:60])
    keys = [scope.plain(each, (*path, i), world) for i, each in enumerate(argument[:3])]
    unknown = next((each for each in keys if isinstance(each, Unknown)), None)
    if unknown is not None:
        return Unknown(unknown.reason, present=True)
    found: Any = scope.sections.get("Mappings") or {}
    for key in keys:
        text = _as_text(key)
        if not isinstance(found, dict) or text not in found:
            if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
                return scope.value(argument[3]["DefaultValue"], (*path, 3, "DefaultValue"), world)
            known = found if isinstance(found, dict) else ()
            return scope.fault(path, f"no {text!r} in the mapping", text, "", nearest(text, known))
        found = found[text]
    return found  # type: ignore[no-any-return]  # plain JSON of the document


def _if(scope: Scope, argument: Any, path: Path, world: World, at: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
        return scope.fault(path, "Fn::If takes the name of a condition and two values", json.dumps(argument)[:60])
    chosen = 1 if scope.condition(argument[0], (*path, 0), world) else 2
    if at is not None:
        line = scope.document.place((*path, chosen))
        at.found.setdefault(at.path, Position(scope.document.file, *line))
    return scope.value(argument[chosen], (*path, chosen), world, at)


def _condition_value(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    name = path[-1]
    return scope.truth({name: argument}, path[:-1], world)


def _base64(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    text = scope.plain(argument, path, world)
    if isinstance(text, Unknown):
        return Unknown(text.reason, present=True)
    return base64.b64encode(_as_text(text).encode()).decode()


def _cidr(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) not in (2, 3):
        return scope.fault(path, "Fn::Cidr takes a block, a count and bits", json.dumps(argument)[:60])
    given = [scope.plain(each, (*path, i), world) for i, each in enumerate(argument)]
    unknown = next((each for each in given if isinstance(each, Unknown)), None)
    if unknown is not None:
        return Unknown(unknown.reason, present=True)
    try:
        block = ipaddress.ip_network(_as_text(given[0]), strict=False)
        count = int(_as_text(given[1]))
        bits = int(_as_text(given[2])) if len(given) > 2 else 8
        subnets = block.subnets(new_prefix=block.max_prefixlen - bits)
        return [str(each) for each, _ in zip(subnets, range(min(count, 256)), strict=False)]
    except ValueError as error:
        return scope.fault(path, f"Fn::Cidr: {error}")


def _zones(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    said = "the availability zones depend on the account"
    return Unknown(Reason(Cause.ENVIRONMENT, "Fn::GetAZs", said), present=True)


def _import(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    name = scope.plain(argument, path, world)
    shown = name if isinstance(name, str) else "?"
    return Unknown(Reason(Cause.IMPORT, shown, f"export {shown} is of another stack"), present=True)


def _transform(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    name = argument.get("Name", "?") if isinstance(argument, dict) else "?"
    return Unknown(Reason(Cause.MACRO, str(name), f"only AWS can run the macro {name}"))


def _length(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    items = scope.plain(argument, path, world)
    if isinstance(items, Unknown):
        return Unknown(items.reason, present=True)
    return len(items) if isinstance(items, list) else scope.fault(path, "Fn::Length takes a list")


def _to_json_string(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    value = scope.value(argument, path, world)
    unknown = _unknown_within(value)
    if unknown is not None:
        return Unknown(unknown.reason, present=True)
    return json.dumps(to_json(value), separators=(",", ":"))


def _unknown_within(value: Value) -> Unknown | None:
    match value:
        case Unknown():
            return value
        case Choice(variable, reason, options):
            raise Undecided(variable, reason, [name for name, _ in options])
        case Mapping():
            parts: Sequence[Value] = tuple(value.values())
        case list() | tuple():
            parts = value
        case _:
            return None
    return next(filter(None, map(_unknown_within, parts)), None)


def _rule(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    said = f"{path[-1]} is evaluated at deployment"
    return Unknown(Reason(Cause.ENVIRONMENT, str(path[-1]), said), present=True)


_FUNCTIONS: Mapping[str, Callable[[Scope, Any, Path, World, Places | None], Value]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::And": _condition_value,
    "Fn::Or": _condition_value,
    "Fn::Not": _condition_value,
    "Fn::Equals": _condition_value,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::GetAZs": _zones,
    "Fn::ImportValue": _import,
    "Fn::Transform": _transform,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json_string,
    "Fn::ValueOf": _rule,
    "Fn::ValueOfAll": _rule,
    "Fn::RefAll": _rule,
    "Fn::Contains": _rule,
    "Fn::EachMemberIn": _rule,
    "Fn::EachMemberEquals": _rule,
}
