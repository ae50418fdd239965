"""Loops unrolled and included files put in, before anything else is resolved; what came from where is remembered.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/create-reusable-transform-function-snippets-and-add-to-your-template-with-aws-include-transform.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from assay.documents import Document, Path
from assay.inventory.resource import Gap
from assay.inventory.values import Choice, Reason, Unknown, Value
from assay.sources.cloudformation.scope import Scope, Undecided
from assay.sources.cloudformation.template import LIMITS, Template
from assay.sources.cloudformation.texts import as_text, shown

LOOP = "Fn::ForEach::"
Find: TypeAlias = Callable[[Value], Document | None]
"""Location of an included file, as far as it is known → the file, when it is one that may be read."""

_LOOPED = ("Conditions", "Outputs", "Resources")


class _TooLarge(Exception):
    pass


@dataclass(slots=True)
class Expansion:
    """A template being expanded. `document` and `source` of a step say where that step is written."""

    scope: Scope
    find: Find
    moved: dict[Path, tuple[Document, Path]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    gaps: list[Gap] = field(default_factory=list)
    values: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    """A place in the expanded template, where it is written, and what the identifiers of loops around it stand for."""

    path: Path
    document: Document
    source: Path
    names: Mapping[str, str] = field(default_factory=dict)

    def to(self, key: str | int) -> "_Step":
        return replace(self, path=(*self.path, key), source=(*self.source, key))


def needs_expansion(template: Template) -> bool:
    """Whether the template says anything that has to be expanded."""
    return LOOP in template.document.text or "AWS::Include" in template.document.text


def expand(scope: Scope, find: Find) -> tuple[Template, list[Gap]]:
    """Return the template with its loops unrolled and its included files put in, and what could not be."""
    template, run = scope.template, Expansion(scope, find)
    try:
        start = _Step((), template.document, ())
        sections = _mapping(run, _top_level(template), start)
    except _TooLarge:
        scope.fault((), "loops make the template too large", "", f"at most {LIMITS.values:,} values")
        return replace(template, sections={}, open=frozenset(_LOOPED)), run.gaps
    return Template(template.document, sections, run.moved, frozenset(run.open)), run.gaps


def _top_level(template: Template) -> Mapping[str, Any]:
    """Return the sections; an AWS::Include of the whole template reads like one that stands beside them."""
    stated = template.sections.get("Transform")
    transforms = stated if isinstance(stated, list) else [stated]
    for each in transforms:
        if isinstance(each, dict) and each.get("Name") == "AWS::Include":
            rest = [other for other in transforms if other is not each]
            return {"Fn::Transform": each, **template.sections, "Transform": rest}
    return template.sections


def _walk(run: Expansion, node: Any, step: _Step) -> Any:
    run.values += 1
    if run.values > LIMITS.values or len(step.path) > LIMITS.depth:
        raise _TooLarge
    if isinstance(node, str):
        return _put_in(run, node, step.names)
    if isinstance(node, list):
        return [_walk(run, each, step.to(index)) for index, each in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if step.names and len(node) == 1 and node.get("Ref") in step.names:
        return step.names[node["Ref"]]
    if len(node) == 1 and (included := _included(run, node, step)) is not None:
        return _moved(run, included.value, replace(step, document=included, source=()))
    return _mapping(run, node, step)


def _mapping(run: Expansion, node: Mapping[str, Any], step: _Step) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, each in node.items():
        if key.startswith(LOOP):
            found.update(_unrolled(run, key, each, step))
        elif key == "Fn::Transform" and (included := _included(run, node, step)) is not None:
            if isinstance(included.value, dict):
                at = replace(step, document=included, source=())
                for name, value in included.value.items():
                    found[name] = _moved(run, value, at.to(name))
        else:
            name = _put_in(run, key, step.names)
            inner = step.to(key)
            found[name] = (
                _walk(run, each, inner) if name == key else _moved(run, each, replace(inner, path=(*step.path, name)))
            )
    return found


def _moved(run: Expansion, node: Any, step: _Step) -> Any:
    """Expand what is written elsewhere than its neighbours."""
    run.moved[step.path] = (step.document, step.source)
    return _walk(run, node, step)


def _put_in(run: Expansion, text: str, names: Mapping[str, str]) -> str:
    """Return text with the identifiers of loops replaced; &{X} leaves out what is neither letter nor digit."""
    for name, value in names.items():
        if name in text:
            run.characters += len(text) + text.count(name) * len(value)
            if run.characters > 4 * LIMITS.bytes:
                raise _TooLarge
            text = text.replace("${" + name + "}", value)
            text = text.replace("&{" + name + "}", re.sub("[^A-Za-z0-9]", "", value))
    return text


def _unrolled(run: Expansion, key: str, loop: Any, step: _Step) -> Iterator[tuple[str, Any]]:
    """Yield what a loop makes; the loop itself when nobody knows over what it runs."""
    inner = step.to(key)
    if not isinstance(loop, list) or len(loop) != 3 or not isinstance(loop[0], str) or not isinstance(loop[2], dict):
        expected = "[identifier, collection, {key: value}]"
        run.scope.fault(inner.source, f"{key} is no loop", shown(loop), expected)
        return
    collection = _walk(run, loop[1], inner.to(1))
    items = _items(run.scope, collection, (*inner.source, 1))
    if isinstance(items, Unknown):
        _left(run, key, items, inner)
        yield key, loop
        return
    for item in items:
        body = replace(inner.to(2), path=step.path, names={**step.names, loop[0]: item})
        for name, value in loop[2].items():
            if name.startswith(LOOP):
                yield from _unrolled(run, name, value, body)
            else:
                made = _put_in(run, name, body.names)
                yield made, _moved(run, value, replace(body.to(name), path=(*step.path, made)))


def _items(scope: Scope, collection: Any, path: Path) -> list[str] | Unknown:
    """Return what a loop runs over."""
    try:
        items = scope.plain(collection, path, {})
    except Undecided as undecided:
        return Unknown(undecided.choice.reason)
    if isinstance(items, Unknown):
        return items
    if not isinstance(items, list):
        return scope.fault(path, "a loop runs over a list", shown(collection))
    for each in items:
        if isinstance(each, Unknown):
            return each
        if isinstance(each, list | dict | Choice):
            return scope.fault(path, "a loop runs over a list of texts", shown(collection))
    return [as_text(each) for each in items]


def _left(run: Expansion, key: str, unknown: Unknown, step: _Step) -> None:
    """Note a loop that cannot be unrolled. One within a property makes that property unknown, when it is resolved."""
    if len(step.path) == 2 and step.path[0] in _LOOPED:
        run.open.add(str(step.path[0]))
        if step.path[0] == "Resources":
            said = f"{key} runs over what is not known: {unknown.reason}"
            run.gaps.append(
                Gap(f"{run.scope.label}: {key}", Reason(unknown.reason.cause, unknown.reason.subject, said))
            )


def _included(run: Expansion, node: Mapping[str, Any], step: _Step) -> Document | None:
    """Return the file that a mapping includes. Files that are included include nothing, as for CloudFormation."""
    transform = node.get("Fn::Transform")
    if not isinstance(transform, dict) or transform.get("Name") != "AWS::Include":
        return None
    if step.document is not run.scope.template.document:
        return None
    parameters = transform.get("Parameters")
    if not isinstance(parameters, dict) or "Location" not in parameters:
        return None
    path = (*step.source, "Fn::Transform", "Parameters", "Location")
    return run.find(_location(run.scope, parameters["Location"], path))


def _location(scope: Scope, node: Any, path: Path) -> Value:
    try:
        return scope.plain(node, path, {})
    except Undecided as undecided:
        return Unknown(undecided.choice.reason)
