"""One template, deployed once: parameters decided, loops and macros run, the stacks nested in it deployed too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from assay.documents import Document, Path
from assay.errors import Fault, nearest
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.cloudformation import rules, sam
from assay.sources.cloudformation.conditions import examined
from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.expand import LOOP, expand, needs_expansion
from assay.sources.cloudformation.functions import FUNCTIONS
from assay.sources.cloudformation.local_files import LocalFiles
from assay.sources.cloudformation.parameters import decide
from assay.sources.cloudformation.scope import Depth, Effort, Scope
from assay.sources.cloudformation.template import SECTIONS, Template, content_of, load, parse, parse_fragment
from assay.sources.cloudformation.texts import as_text, shown

STACK = "AWS::CloudFormation::Stack"
STACK_SET = "AWS::CloudFormation::StackSet"
NESTING = (STACK, STACK_SET)  # resources that deploy a template
_APPLICATION = "AWS::Serverless::Application"
_ACROSS = ("Export", "ImportValue", "GetStackOutput")
_DEEPEST = 5  # stacks within one another
_MOST_STACKS = 500
# Transforms that add no resources, or are run here.
_HARMLESS = frozenset({"AWS::CodeDeployBlueGreen", "AWS::LanguageExtensions", "AWS::ServiceCatalog", sam.TRANSFORM})
_ROTATION = "AWS::SecretsManager-"  # adds a nested stack with a function, where a secret asks for a hosted one


@dataclass(slots=True)
class Reading:
    """What the templates that are read together share.

    stacks  The templates that nobody nests, in order, once all are deployed; what one exports another may import.
    loaded  File, links followed → the template in it and what is wrong with it.
    """

    context: Context
    files: LocalFiles
    depth: Depth = field(default_factory=Depth)
    stacks: "list[Stack]" = field(default_factory=list)
    loaded: dict[FilePath, tuple[Template | None, tuple[Fault, ...]]] = field(default_factory=dict)
    _exports: "dict[str, list[tuple[Scope, str]]] | None" = None

    def load(self, path: FilePath) -> tuple[Template | None, tuple[Fault, ...]]:
        """Return the template in a file."""
        real = path.resolve()
        if real not in self.loaded:
            self.loaded[real] = load(path, str(path))
        return self.loaded[real]

    def forget(self, path: FilePath) -> None:
        """Let go of a template, which is large; it is read again should another one nest it."""
        self.loaded.pop(path.resolve(), None)

    def exported(self, name: str) -> Value:
        """Return the value of an export of a template that is read as well; None when there is none, or several."""
        if not self.stacks:
            return None  # not everything is deployed yet
        if self._exports is None:
            self._exports = {}  # an export whose name needs an import is nobody's while names are collected
            self._exports = _exports_of([root.scope for root in self.stacks])  # which nested stacks may import
            self._exports = _exports_of([scope for root in self.stacks for scope in root.scopes()])
        match self._exports.get(name, []):
            case [(scope, output)]:
                return scope.output(output, scope, ("Outputs", output))
            case _:
                return None


def points_elsewhere(template: Template) -> bool:
    """Whether a template may nest or include another."""
    text = template.document.text
    return STACK in text or _APPLICATION in text or "AWS::Include" in text


def stands_alone(template: Template) -> bool:
    """Whether a template nests, includes, imports and exports nothing: it means the same whatever is beside it."""
    text = template.document.text
    return not points_elsewhere(template) and not any(each in text for each in _ACROSS)


def _exports_of(scopes: Sequence[Scope]) -> dict[str, list[tuple[Scope, str]]]:
    """Return name of an export → the scopes and outputs that export it."""
    found: dict[str, list[tuple[Scope, str]]] = {}
    for scope in scopes:
        for output, stated in scope.template.section("Outputs").items():
            export = stated.get("Export") if isinstance(stated, dict) else None
            if isinstance(export, dict) and "Name" in export:
                name = scope.value(export["Name"], ("Outputs", output, "Export", "Name"), {})
                if isinstance(name, str):
                    found.setdefault(name, []).append((scope, output))
    return found


@dataclass(slots=True)
class Stack:
    """A deployed template.

    path    Its file; None when it is held in memory, and then nothing beside it is read.
    chain   The files, links followed, that lead to it: a template that nests itself never ends.
    nested  Logical id of a stack within → that stack, or None when it is not known.
    """

    reading: Reading
    scope: Scope
    path: FilePath | None
    chain: tuple[FilePath, ...] = ()
    gaps: list[Gap] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    nested: "dict[str, Stack | None]" = field(default_factory=dict)

    def scopes(self) -> Iterator[Scope]:
        """Yield the scopes of this stack and of all that are nested in it."""
        yield self.scope
        for name, declared in self.scope.resources.items():
            if isinstance(declared, dict) and declared.get("Type") in NESTING and (inner := self.within(name)):
                yield from inner.scopes()

    def within(self, logical_id: str) -> "Stack | None":
        """Return a nested stack; None when its template is not one that may be read, which is noted once."""
        if logical_id not in self.nested:
            self.nested[logical_id] = None  # while it is deployed: its own outputs are none of its parameters
            declared = self.scope.resources.get(logical_id)
            if isinstance(declared, dict) and declared.get("Type") in NESTING:
                properties = declared.get("Properties")
                stated = properties if isinstance(properties, dict) else {}
                is_set = declared["Type"] == STACK_SET
                self.nested[logical_id] = (
                    self._nest_inline(logical_id, stated)
                    if is_set and "TemplateBody" in stated
                    else self._nest(logical_id, stated, self._elsewhere() if is_set else self.reading)
                )
        return self.nested[logical_id]

    def _elsewhere(self) -> Reading:
        """Return a reading in other accounts and regions, which export nothing that is known here."""
        context = replace(self.reading.context, account="", region="")
        return Reading(context, self.reading.files, self.reading.depth, loaded=self.reading.loaded)

    def _nest_inline(self, logical_id: str, stated: Mapping[str, Any]) -> "Stack | None":
        path: Path = ("Resources", logical_id, "Properties", "TemplateBody")
        body = self.scope.value(stated["TemplateBody"], path, {})
        if not isinstance(body, str):
            return self._note(logical_id, "its TemplateBody is not known")
        file = f"{self.scope.template.position(path).file} (TemplateBody of {logical_id})"
        template, faults = parse(body.encode("utf-8", "surrogatepass"), file)
        self.faults += faults
        return self._inner(logical_id, template, stated, self._elsewhere(), None, FilePath(file)) if template else None

    def _nest(self, logical_id: str, stated: Mapping[str, Any], reading: Reading) -> "Stack | None":
        path: Path = ("Resources", logical_id, "Properties", "TemplateURL")
        url = self.scope.value(stated.get("TemplateURL"), path, {})
        found = self.reading.files.find(url, self.path) if self.path else None
        if found is None:
            where = url if isinstance(url, str) else shown(stated.get("TemplateURL"))
            return self._note(logical_id, f"its template {where} is not among the files that may be read")
        real = found.resolve()
        if real in self.chain:
            return self._note(logical_id, f"its template {found} is nested in itself")
        template, faults = self.reading.load(found)
        self.faults += faults
        return self._inner(logical_id, template, stated, reading, found, real) if template else None

    def _inner(
        self,
        logical_id: str,
        template: Template,
        stated: Mapping[str, Any],
        reading: Reading,
        found: FilePath | None,
        real: FilePath,
    ) -> "Stack | None":
        """Return a template deployed as a part of this one; `real` is what it adds to the chain."""
        # A stack has at most 500 resources; a template with more counts as several.
        effort = self.scope.effort
        effort.stacks += 1 + len(template.section("Resources")) // 500
        if len(self.chain) > _DEEPEST or effort.stacks > _MOST_STACKS:
            return self._note(logical_id, "too many stacks are nested")
        path: Path = ("Resources", logical_id, "Properties", "Parameters")
        given = _passed(self.scope, template, stated.get("Parameters"), path)
        given |= _overridden(stated)
        label = self.scope.prefix + logical_id
        return deploy(reading, template, given, found, (label, f"{label}/"), (*self.chain, real), effort)

    def _note(self, logical_id: str, why: str) -> "Stack | None":
        """Note a nested stack that is not read; return what stands for it."""
        label = self.scope.prefix + logical_id
        self.gaps.append(
            Gap(label, Reason(Cause.ELSEWHERE, logical_id, f"nested stack {logical_id} is not read: {why}"))
        )
        return None


def _passed(scope: Scope, template: Template, stated: Any, path: Path) -> dict[str, Value]:
    """Return what a nested stack is given for its parameters."""
    value = scope.value(stated, path, {})
    if isinstance(value, list):
        value = _by_key(value)
    if isinstance(value, dict):
        declared = template.section("Parameters")
        for name in value if "Parameters" not in template.open else ():
            if name not in declared:
                said, hint = f"the nested template declares no parameter {name!r}", nearest(name, declared)
                scope.fault((*path, name), said, name, "", hint)
        return value
    if value is None:
        return {}
    reason = value.reason if isinstance(value, Unknown) else Reason(Cause.CONDITION, "Parameters", "they are undecided")
    return {name: Unknown(reason, present=True) for name in template.section("Parameters")}


def _by_key(stated: Sequence[Value]) -> Value:
    """Return the parameters of a stack set, stated as a list, by name; undecided when one of the names is."""
    given: dict[str, Value] = {}
    for each in stated:
        if not isinstance(each, dict) or not isinstance(name := each.get("ParameterKey"), str):
            return Unknown(Reason(Cause.CONDITION, "Parameters", "they are undecided"))
        given[name] = each.get("ParameterValue")
    return given


def _overridden(stated: Mapping[str, Any]) -> dict[str, Value]:
    """Return the parameters that a stack set gives other values in some accounts, as what is not known."""
    groups = stated.get("StackInstancesGroup")
    found: dict[str, Value] = {}
    for group in groups if isinstance(groups, list) else ():
        overrides = group.get("ParameterOverrides") if isinstance(group, dict) else None
        for each in overrides if isinstance(overrides, list) else ():
            if isinstance(each, dict) and isinstance(name := each.get("ParameterKey"), str):
                said = f"{name} has a value of its own in some of the accounts"
                found[name] = Unknown(Reason(Cause.PARAMETER, name, said), present=True)
    return found


def deploy(
    reading: Reading,
    template: Template,
    given: Mapping[str, Value],
    path: FilePath | None,
    names: tuple[str, str],
    chain: tuple[FilePath, ...],
    effort: Effort | None = None,
) -> Stack:
    """Return a template with these values of its parameters, deployed as far as anybody can know.

    names:  what the stack is called, and how the ids of its resources begin.
    effort: what the stack around it has spent.
    """
    label, prefix = names
    parameters, faults = decide(template, reading.context, given, label)
    scope = Scope(template, reading.context, parameters, label, prefix, FUNCTIONS, effort or Effort(), reading.depth)
    stack = Stack(reading, scope, path, chain)
    scope.nested = lambda _, logical_id: inner.scope if (inner := stack.within(logical_id)) else None
    scope.exported = reading.exported
    if needs_expansion(template):
        scope.template, gaps = expand(scope, lambda location: _included(stack, location))
        stack.gaps += gaps
        scope.parameters, faults = decide(scope.template, reading.context, given, label)
    stack.faults += faults
    scope.template = _set_aside(scope.template)
    _transform(stack)
    for name in scope.template.section("Conditions"):
        examined(scope, name, ("Conditions", name))
    if any(name in given for name in scope.template.section("Parameters")):
        rules.check(scope)
    return stack


def _included(stack: Stack, location: Value) -> Document | None:
    found = stack.reading.files.find(location, stack.path) if stack.path else None
    if found is None:
        return None
    content = content_of(found, str(found))
    document, faults = (None, (content,)) if isinstance(content, Fault) else parse_fragment(content, str(found))
    stack.faults += faults
    return document


def _transform(stack: Stack) -> None:
    """Run the template's transforms; one that only AWS can run may have changed anything, which is noted."""
    scope = stack.scope
    names = list(_transforms(scope.template))
    for name in names:
        adds_nothing = name.startswith(_ROTATION) and "HostedRotationLambda" not in scope.template.document.text
        if name not in _HARMLESS and not adds_nothing:
            stack.gaps.append(unread(scope, name))
            scope.template = replace(scope.template, open=frozenset(SECTIONS))
    if sam.TRANSFORM in names:
        scope.template, gaps = sam.translate(scope)
        stack.gaps += gaps


def _set_aside(template: Template) -> Template:
    """Return the template without macros and loops that were not run and stand among named things; they leave it open.

    Those among the resources stay, because each is a gap.
    """
    opened = [
        name for name, section in template.sections.items() if isinstance(section, dict) and any(map(_may_add, section))
    ]
    if not opened:
        return template
    sections = dict(template.sections)
    for name in set(opened) - {"Fn::Transform", "Resources", "Transform"}:
        sections[name] = {key: each for key, each in sections[name].items() if not _may_add(key)}
    return replace(template, sections=sections, open=template.open | set(opened))


def _may_add(key: str) -> bool:
    return key == "Fn::Transform" or key.startswith(LOOP)


def _transforms(template: Template) -> Iterator[str]:
    for stated in (template.sections.get("Transform"), template.sections.get("Fn::Transform")):
        for each in stated if isinstance(stated, list) else [stated]:
            if each is not None:
                yield macro_name(each)


def macro_name(stated: Any) -> str:
    """Return the name of a macro as a template states it."""
    return as_text(stated.get("Name", "?") if isinstance(stated, dict) else stated)


def unread(scope: Scope, name: str) -> Gap:
    """Return the gap that a macro leaves which could not be run."""
    if name == "AWS::Include":
        reason = Reason(Cause.ELSEWHERE, name, "the included file is not among those that may be read")
    else:
        reason = Reason(Cause.MACRO, name, f"only AWS can run the macro {name}, which may add and change resources")
    return Gap(f"{scope.label}: {name}", reason)
