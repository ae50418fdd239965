"""A template being resolved: from what it says to what it means, as far as anybody can know before deployment.

What cannot be resolved is an `Unknown` with its reason. What depends on an undecided parameter or condition is a
`Choice`: a function that needs the outcome raises `Undecided`, and the nearest place that can hold a choice examines
every outcome. A *world* fixes the outcomes of some variables. The functions are in functions.py, conditions in
conditions.py.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from assay.documents import Path
from assay.errors import Fault, nearest
from assay.inventory.resource import Position
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value
from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.parameters import OTHER, Parameter
from assay.sources.cloudformation.template import Template
from assay.sources.cloudformation.texts import dynamic, join

World: TypeAlias = Mapping[str, str]
Function: TypeAlias = Callable[["Scope", Any, Path, World, "Places | None"], Value]

# (type, attribute) → known text of the ARN that it will be, where a control asks which service a reference leads to.
_ARNS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("AWS::CertificateManager::Certificate", ""): ("arn:", ":acm:", ""),
    ("AWS::CertificateManager::Certificate", "CertificateArn"): ("arn:", ":acm:", ""),
    ("AWS::IAM::ServerCertificate", "Arn"): ("arn:", ":iam::", ""),
}

_DEEPEST = 60  # functions and conditions within one another; Python's own stack holds about ten times as many calls
_MOST_WORLDS = 256  # combinations of outcomes that one value may depend on
# In a template and all that it nests: calls of functions, values that come out, characters that are put together.
_MOST_CALLS, _MOST_VALUES, _MOST_CHARACTERS = 400_000, 4_000_000, 64_000_000


class Undecided(Exception):
    """The outcome of a variable is needed here."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        super().__init__(choice.variable)


class TooMany(Exception):
    """More is undecided than is examined. The reason says what."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.detail)


@dataclass(slots=True)
class Effort:
    """What was spent on one template and all that it nests, so that none can make the reading endless."""

    calls: int = 0
    values: int = 0
    characters: int = 0
    stacks: int = 0

    @property
    def exceeded(self) -> bool:
        """Whether more was done than any template needs."""
        return self.calls > _MOST_CALLS or self.values > _MOST_VALUES or self.characters > _MOST_CHARACTERS


@dataclass(slots=True)
class Depth:
    """How many functions stand within one another just now, in all templates that are read together."""

    level: int = 0


@dataclass(slots=True)
class Scope:
    """One template, deployed once.

    label     What the deployment is called: its file, and for a nested stack the logical ids that lead to it.
    prefix    Begins the ids of its resources: "<label>#", or "<label>/" for a nested stack.
    nested    Logical id of a nested stack → its scope, or None when its template is not known.
    exported  Name of an export → its value, or None when no template that is read has it.
    deciding  Names of the conditions that are being decided: one that is needed again depends on itself.
    """

    template: Template
    context: Context
    parameters: Mapping[str, Parameter]
    label: str
    prefix: str
    functions: Mapping[str, Function]
    effort: Effort
    depth: Depth
    nested: "Callable[[Scope, str], Scope | None]" = lambda scope, logical_id: None
    exported: Callable[[str], Value] = lambda name: None
    faults: dict[Fault, None] = field(default_factory=dict)
    deciding: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    # -- what is wrong ----

    def fault(self, path: Path, message: str, found: str = "", expected: str = "", remedy: str = "") -> Unknown:
        """Note a fault at a path; return what stands for the value."""
        place = self.template.position(path)
        self.faults[Fault(place.file, place.line, place.column, message, found, expected, remedy)] = None
        return Unknown(Reason(Cause.MALFORMED, message, message), present=True)

    def mishap(self, path: Path, world: World, message: str, found: str = "", remedy: str = "") -> Unknown:
        """Return what stands for a value that cannot be had: a fault, unless it may be that nobody ever needs it."""
        if not world:
            return self.fault(path, message, found, "", remedy)
        return Unknown(Reason(Cause.MALFORMED, message, message), present=True)

    # -- values ----

    def value(self, node: Any, path: Path, world: World, at: "Places | None" = None) -> Value:
        """Return what a node means in a world; None for AWS::NoValue. `at` collects the places of properties."""
        if at is not None:
            at.note(self.template, path)
        if isinstance(node, dict):
            if len(node) == 1:
                name = next(iter(node))
                if name in self.functions:
                    return self._call(name, node[name], (*path, name), world, at)
            return self._mapping(node, path, world, at)
        if isinstance(node, list):
            return self._list(node, path, world, at)
        return dynamic(node) if isinstance(node, str) else node

    def _list(self, node: Sequence[Any], path: Path, world: World, at: "Places | None") -> Value:
        items: list[Value] = []
        self.effort.values += len(node)
        for index, each in enumerate(node):
            inner = at.step(len(items)) if at is not None else None
            value = self.value(each, (*path, index), world, inner)
            if value is not None:
                items.append(value)
            elif inner is not None:
                inner.forget()  # the next element takes this index
        return items

    def _mapping(self, node: Mapping[str, Any], path: Path, world: World, at: "Places | None") -> Value:
        found = {}
        self.effort.values += len(node)
        for key, each in node.items():
            if key.startswith("Fn::"):
                return self._misplaced(key, node, (*path, key), world)
            value = self.value(each, (*path, key), world, at.step(key) if at is not None else None)
            if value is not None:
                found[key] = value
        return found

    def _misplaced(self, key: str, node: Mapping[str, Any], path: Path, world: World) -> Value:
        """Return what a mapping with a function beside other keys is: a macro may change those, no other may."""
        if key.startswith("Fn::ForEach::"):
            return Unknown(Reason(Cause.MACRO, key, f"{key} runs over what is not known"))
        if key == "Fn::Transform":
            return self.functions[key](self, node[key], path, world, None)
        if key in self.functions:
            return self.fault(path, f"{key} stands beside other keys", ", ".join(map(str, node)), f"{key} alone")
        return self.fault(path, f"no function {key}", "", "", nearest(key, self.functions))

    def _call(self, name: str, argument: Any, path: Path, world: World, at: "Places | None") -> Value:
        refused = self.enter(path)
        if refused is not None:
            return refused
        try:
            return self.split(world, lambda fixed: self.functions[name](self, argument, path, fixed, at))
        except TooMany as many:
            return Unknown(many.reason)
        finally:
            self.depth.level -= 1

    def text(self, pieces: Sequence[Value], path: Path) -> Value:
        """Return texts put together, as long as that is not endless."""
        self.effort.characters += sum(len(each) for each in pieces if isinstance(each, str))
        if self.effort.exceeded:
            return self.fault(path, "computing what it becomes takes more than any template should")
        return join(pieces)

    def enter(self, path: Path) -> Unknown | None:
        """Go one level deeper; return what stands for the value where that is too deep, or too much was done before."""
        self.effort.calls += 1
        if self.effort.exceeded:
            said = "computing what it becomes takes more than any template should"
            return self.fault(path, said, "", "", "split the template, or give its parameters values")
        if self.depth.level >= _DEEPEST:
            return self.fault(path, "functions are nested too deeply", "", f"at most {_DEEPEST} levels")
        self.depth.level += 1
        return None

    # -- worlds ----

    def split(self, world: World, ask: Callable[[World], Value]) -> Value:
        """Return the answer, or the choice between the answers for each outcome of what is undecided.

        Raises TooMany.
        """
        try:
            return ask(world)
        except Undecided as undecided:
            choice = undecided.choice
        self.sizes[choice.variable] = len(choice.options)
        fixed = {**world, choice.variable: ""}
        if math.prod(self.sizes.get(variable, 2) for variable in fixed) > _MOST_WORLDS:
            said = f"it depends on more than {_MOST_WORLDS} combinations of undecided values"
            raise TooMany(Reason(Cause.CONDITION, choice.reason.subject, said))
        options = tuple(
            (outcome, self.split({**world, choice.variable: outcome}, ask)) for outcome, _ in choice.options
        )
        first = options[0][1]
        if all(type(each) is type(first) and each == first for _, each in options):
            return first
        return Choice(choice.variable, choice.reason, options)

    def plain(self, node: Any, path: Path, world: World) -> Value:
        """Return the value of an argument that must be one thing. Raises Undecided where it is a choice."""
        return self.single(self.value(node, path, world), world)

    def single(self, value: Value, world: World) -> Value:
        """Return the value with choices over fixed variables taken. Raises Undecided for the first free one."""
        while isinstance(value, Choice):
            outcome = world.get(value.variable)
            if outcome is None:
                raise Undecided(value)
            value = dict(value.options).get(outcome)
        if isinstance(value, list):
            items = [self.single(each, world) for each in value]
            return [each for each in items if each is not None]
        if isinstance(value, dict):
            settled = {key: self.single(each, world) for key, each in value.items()}
            return {key: each for key, each in settled.items() if each is not None}
        return value

    # -- references ----

    def ref(self, name: str, path: Path, world: World) -> Value:
        """Return what Ref gives: a parameter, a pseudo parameter, or a reference to a resource."""
        if name == "AWS::NoValue":
            return None
        if name in self.parameters:
            return self._parameter(self.parameters[name], world)
        if name in self.resources:
            return self.attribute(name, "", path)
        if self.context.undeclared_parameters and not name.startswith("AWS::"):
            return Unknown(Reason(Cause.PARAMETER, name, f"parameter {name} has no value"), present=True)
        if self.template.open & {"Parameters", "Resources"} and not name.startswith("AWS::"):
            return Unknown(Reason(Cause.MACRO, name, f"{name} is not declared before macros run"), present=True)
        known = ("AWS::NoValue", *self.parameters, *self.resources)
        return self.fault(path, f"no parameter or resource {name!r}", name, "", nearest(name, known))

    def _parameter(self, parameter: Parameter, world: World) -> Value:
        """Return a parameter as this world has it. An open one is unknown until a condition fixed its outcome."""
        choice = parameter.compared
        if isinstance(choice, Choice) and choice.variable in world:
            return dict(choice.options).get(world[choice.variable])
        return parameter.value

    def excludes(self, name: str, text: str, world: World) -> bool:
        """Whether this world has the parameter at a value other than the text, though which is not known."""
        parameter = self.parameters.get(name)
        choice = parameter.compared if parameter else None
        if not isinstance(choice, Choice) or world.get(choice.variable) != OTHER:
            return False
        return any(outcome == text for outcome, _ in choice.options)

    @property
    def resources(self) -> Mapping[str, Any]:
        """The declared resources."""
        return self.template.section("Resources")

    def attribute(self, logical_id: str, name: str, path: Path) -> Value:
        """Return a reference to a resource: of GetAtt with its attribute, of Ref with none."""
        if logical_id not in self.resources:
            if "Resources" in self.template.open:
                said = f"{logical_id} is not declared before macros run"
                return Unknown(Reason(Cause.MACRO, logical_id, said), present=True)
            return self.fault(path, f"no resource {logical_id!r}", logical_id, "", nearest(logical_id, self.resources))
        if name.startswith("Outputs.") and (stack := self.nested(self, logical_id)):
            return stack.output(name.removeprefix("Outputs."), self, path)
        what = f"{logical_id}.{name}" if name else logical_id
        reason = Reason(Cause.ATTRIBUTE, what, f"{what} is known only after deployment")
        declared = self.resources[logical_id]
        kind = declared.get("Type") if isinstance(declared, dict) else None
        parts = _ARNS.get((str(kind), name), ())
        return Unknown(reason, present=True, parts=parts, reference=Reference(self.prefix + logical_id, name))

    def output(self, name: str, asking: "Scope", path: Path) -> Value:
        """Return the value of an output of this stack for the stack around it, in which `path` asks for it."""
        outputs = self.template.section("Outputs")
        stated = outputs.get(name)
        if not isinstance(stated, dict) or "Value" not in stated:
            if "Outputs" in self.template.open:
                return Unknown(Reason(Cause.MACRO, name, f"output {name} is not declared before macros run"))
            return asking.fault(path, f"stack {self.label} has no output {name!r}", name, "", nearest(name, outputs))
        refused = self.enter(path)
        if refused is not None:
            return refused
        try:
            return self.value(stated["Value"], ("Outputs", name, "Value"), {})
        finally:
            self.depth.level -= 1


@dataclass(slots=True)
class Places:
    """Collects where each property of a resource is said; `path` is the one in the resolved properties."""

    found: dict[Path, Position]
    path: Path = ()

    def note(self, template: Template, source: Path) -> None:
        """Note the place of the current path, if none is known yet."""
        if self.path not in self.found:
            self.found[self.path] = template.position(source)

    def decided(self, template: Template, source: Path) -> None:
        """Note the place of the alternative that was taken."""
        self.found[self.path] = template.position(source)

    def forget(self) -> None:
        """Take back the place of what turned out to be absent."""
        self.found.pop(self.path, None)

    def step(self, name: str | int) -> "Places":
        """Return the collector for a part."""
        return Places(self.found, (*self.path, name))
