"""An entry tried on the largest answers that its operations may give.

What an expression looks for and no answer has is found out here, and which properties the entry gives at most.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from jmespath import visitor
from jmespath.exceptions import JMESPathError

from assay.errors import nearest
from assay.inventory.schema import resource_types
from assay.sources.aws import paths, samples
from assay.sources.aws.entry import Call, Entry, List, Part, Properties
from assay.sources.aws.reading import leaves, place, read
from assay.sources.aws.samples import Anything, Endless, Text

_PLACE = paths.Place("111122223333", "eu-west-1")


@dataclass(slots=True)
class Rehearsal:
    """What came of trying an entry.

    properties  All that it gives, of the values of samples.
    arguments   (operation, arguments that it was called with)
    problems    What is wrong with the entry, one sentence each.
    """

    entry: Entry
    identifier: Any = None
    region: Any = None
    properties: Properties = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    arguments: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@lru_cache(maxsize=1024)
def rehearsed(kind: str) -> Rehearsal:
    """Return what came of trying the entry of a type."""
    from assay.sources.aws.services import ENTRIES

    return rehearse(ENTRIES[kind])


def rehearse(entry: Entry) -> Rehearsal:
    """Try an entry."""
    found = Rehearsal(entry)
    try:
        _Stage(found).play()
    except (UnknownServiceError, OperationNotFoundError) as error:
        found.problems.append(_unknown(entry, error))
    return found


def _unknown(entry: Entry, error: Exception) -> str:
    if isinstance(error, UnknownServiceError):
        return f"no service {entry.service!r}; {nearest(entry.service, samples.session().get_available_services())}"
    known = samples.service_model(entry.service).operation_names
    wrong = next(each for each in entry.operations if each not in known)
    return f"{entry.service} has no operation {wrong!r}; {nearest(wrong, known)}"


@dataclass(frozen=True, slots=True)
class _Stage:
    found: Rehearsal

    def play(self) -> None:
        entry, found = self.found.entry, self.found
        item: Any = {}  # what is set for an account or a region needs no list
        for each in entry.listing:
            item = self._listed(each, item)
        found.identifier = self._seen(entry.identifier, item)
        if entry.describe is not None:
            if entry.describe.when:
                self._seen(entry.describe.when, item)
            described = self._answered(entry.describe, item)
            item = _added(item, described)
        found.region = self._seen(entry.region, item) if entry.region else None
        if entry.keep:
            self._seen(entry.keep, item)
        found.properties |= self._read(entry, item)
        self._check_claimed(found.properties, entry)
        for call in entry.calls:
            if call.when:
                self._seen(call.when, item)
            given = self._read(call, self._answered(call, item))
            self._check_claimed(given, call)
            for path, value in leaves(given, call.gives):
                place(found.properties, path, value)
        found.parts = tuple(entry.parts(item)) if entry.parts else ()

    def _check_claimed(self, given: Mapping[str, Any], step: Entry | Call) -> None:
        claimed = {path.partition(".")[0] for path in (*step.same, *step.rows, *step.derived)}
        for name in given.keys() - claimed:
            self.found.problems.append(f"{name} is given and not claimed: add it to `derived`")

    def _listed(self, each: List, above: Any) -> Any:
        answer = self._called(each.operation, each.arguments, above)
        items = self._seen(each.items, answer)
        if not isinstance(items, list) or not items:
            self.found.problems.append(f"{each.operation}: {each.items!r} is no list of the answer")
            return {}
        carried = {name: self._seen(path, above) for name, path in each.carry.items()}
        return {**items[0], **carried} if carried and isinstance(items[0], dict) else items[0]

    def _answered(self, call: Call, item: Any) -> Any:
        arguments = dict(call.arguments)
        if call.together is not None and call.together.argument:
            arguments[call.together.argument] = f"[{call.together.by[0]}]"
        answer = self._called(call.operation, arguments, item)
        if call.together is not None:
            key, about = call.together.by
            elements = self._seen(call.together.items, answer)
            if not isinstance(elements, list) or not elements:
                self.found.problems.append(f"{call.operation}: {call.together.items!r} is no list of the answer")
                return {}
            if self._seen(key, item) is None or self._seen(about, elements[0]) is None:
                self.found.problems.append(f"{call.operation}: nothing to match by {key!r} and {about!r}")
            answer = elements[0]
        return self._seen(call.answer, answer)

    def _called(self, operation: str, arguments: Mapping[str, str], item: Any) -> Any:
        given = {name: self._seen(path, item) for name, path in arguments.items()}
        self.found.arguments.append((operation, given))
        return samples.sample(samples.operation_model(self.found.entry.service, operation).output_shape)

    def _read(self, step: Entry | Call, value: Any) -> Properties:
        if self.found.entry.type not in resource_types():
            self.found.problems.append(f"no resource type {self.found.entry.type!r}")
            return {}
        names = {key.casefold() for key in value} if isinstance(value, Mapping) else set[str]()
        self.found.problems += [
            f"{name}: the answer has no member of that name" for name in step.same if name.casefold() not in names
        ]
        given, malformed = read(self.found.entry.type, step, value, self._seen)
        self.found.problems += [f"{path}: {why}" for path, why in malformed.items()]
        return given

    def _seen(self, expression: str, value: Any) -> Any:
        try:
            return _Strict(self.found.problems, expression).visit(paths.compiled(expression).parsed, value)
        except JMESPathError as error:
            self.found.problems.append(f"{expression}: {error}")
            return None


class _Lenient(paths.Functions):
    """Functions that find in a sample's text what they look for in a real one."""

    def call_function(self, function_name: str, resolved_args: list[Any]) -> Any:
        first = resolved_args[0] if resolved_args else None
        if function_name == "not_null":
            return next((each for each in resolved_args if each is not None), None)
        if isinstance(first, Text):
            answers: dict[str, Callable[[], Any]] = {
                "to_number": lambda: 1,
                "parsed": _document,
                "starts_with": lambda: True,
                "ends_with": lambda: True,
                "contains": lambda: True,
                "after": lambda: Text("text"),
            }
            if answer := answers.get(function_name):
                return answer()
        return super().call_function(function_name, [_bare(each) for each in resolved_args])


def _added(item: Any, described: Any) -> Any:
    """Return an item with its description; where that may have members of any name, so may the whole."""
    if not isinstance(item, dict) or not isinstance(described, dict):
        return described
    found = Anything({**item, **described}) if isinstance(described, Anything) else {**item, **described}
    if isinstance(found, Anything) and isinstance(described, Anything):
        found.value = described.value
    return found


def _document() -> Anything:
    """Return what a JSON text of a sample may hold: a policy, or an object with members of any name."""
    found = Anything({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]})
    found.value = Text("text")
    return found


def _bare(value: Any) -> Any:
    """Return a sample as JMESPath's type checks know it."""
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items()}
    return str(value) if isinstance(value, Text) else value


class _Strict(visitor.TreeInterpreter):  # type: ignore[misc]  # jmespath has no types
    """Finds members as JMESPath does, notes those that no answer has, and takes every branch."""

    def __init__(self, problems: list[str], expression: str) -> None:
        super().__init__(paths.options(_Lenient(_PLACE)))
        self._problems = problems
        self._expression = expression

    def visit_function_expression(self, node: Mapping[str, Any], value: Any) -> Any:
        if node["value"] == "is":
            first, *words = (self.visit(each, value) for each in node["children"])
            for word in words:
                self._check_word(first, word)
            return None if first is None else True
        return super().visit_function_expression(node, value)

    def visit_field(self, node: Mapping[str, Any], value: Any) -> Any:
        name = node["value"]
        match value:
            case Endless():
                return None
            case Anything():
                return value.get(name, value.value)
            case Mapping() if name in value:
                return value[name]
            case Mapping():
                self._complain(f"there is no {name!r}; {nearest(name, value) or 'there are ' + ', '.join(value)}")
            case None:
                pass
            case _:
                self._complain(f"{name!r} is looked for in {value!r}, which is no object")
        return None

    def visit_or_expression(self, node: Mapping[str, Any], value: Any) -> Any:
        left, right = (self.visit(each, value) for each in node["children"])
        return right if self._is_false(left) else left

    def visit_and_expression(self, node: Mapping[str, Any], value: Any) -> Any:
        left, right = (self.visit(each, value) for each in node["children"])
        return left if self._is_false(left) else right

    def visit_comparator(self, node: Mapping[str, Any], value: Any) -> Any:
        left, right = (self.visit(each, value) for each in node["children"])
        for text, other in ((left, right), (right, left)):
            if isinstance(text, Text) and isinstance(other, str) and not isinstance(other, Text):
                self._check_word(text, other)
                return True
        return super().visit_comparator(node, value)

    def _check_word(self, text: Any, word: str) -> None:
        if isinstance(text, Text) and text.enum and word not in text.enum:
            self._complain(f"{word!r} is none of {', '.join(text.enum)}")

    def _complain(self, what: str) -> None:
        self._problems.append(f"{self._expression}: {what}")
