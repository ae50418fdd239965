"""Whether an entry is right, without AWS: by botocore's model of the service and the type's schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, OperationModel, Shape
from botocore.validate import ParamValidator

from assay.errors import nearest
from assay.inventory.defaults import type_at
from assay.inventory.identity import is_global
from assay.inventory.schema import POLICY, Kind, Type, fields_of, resource_schema, resource_types
from assay.inventory.services import table
from assay.inventory.values import Unknown
from assay.sources.aws import samples
from assay.sources.aws.entry import Call, Entry, Scope
from assay.sources.aws.rehearsal import Rehearsal, rehearse
from assay.sources.aws.samples import Anything, Endless, Text
from assay.sources.aws.unasked import unasked

_OF_SAMPLES = ("Invalid length", "Invalid value")  # "text" is shorter than an ARN
_TOKENS = frozenset({"nexttoken", "marker", "nextmarker", "continuationtoken", "nextcontinuationtoken", "position"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a type an entry gives.

    given    Properties that it gives, or that no live resource has.
    missing  Properties that can be read of a live resource, and that it does not give.
    within   Paths within given properties that it does not ask for.
    """

    type: str
    given: tuple[str, ...]
    missing: tuple[str, ...]
    within: tuple[str, ...]


def coverage(entry: Entry) -> Coverage:
    """Return which properties an entry gives, of those that the schema has and a reader can get."""
    schema, row = resource_schema(entry.type), table(entry.type)
    made = {name for name, value in row.unset.items() if value is None}
    readable = fields_of(entry.type).keys() - row.added.keys() - schema.write_only - made
    given = entry.carried & fields_of(entry.type).keys()
    return Coverage(
        entry.type,
        tuple(sorted(given)),
        tuple(sorted(readable - given)),
        tuple(sorted(".".join(steps) for steps, _ in unasked(entry))),
    )


def problems(entry: Entry) -> tuple[str, ...]:
    """Return what is wrong with an entry, one sentence each; () when it is right."""
    if entry.type not in resource_types():
        return (f"no resource type {entry.type!r}; {nearest(entry.type, resource_types())}",)
    if wrong := tuple(_misspelt(entry)):
        return wrong
    found = rehearse(entry)
    if found.problems:
        return tuple(dict.fromkeys(found.problems))
    return tuple(
        dict.fromkeys(
            (
                *_wrong_arguments(entry, found),
                *_unpaged(entry),
                *_unknown_codes(entry),
                *_not_given(entry, found),
                *_wrong_values(entry.type, found.properties),
                *_wrong_identifier(entry, found),
                *_wrong_scope(entry),
                *_wrong_parts(entry, found),
            )
        )
    )


def _steps(entry: Entry) -> Iterator[Call]:
    yield from (each for each in (entry.describe, *entry.calls) if each is not None)


def _misspelt(entry: Entry) -> Iterator[str]:
    given = (*entry.own, *(path for each in entry.calls for path in each.gives))
    settled = (path for each in entry.calls for one in (*each.absent.values(), each.otherwise) for path in one)
    for path in (*given, *entry.never, *settled):
        if type_at(entry.type, tuple(path.split("."))) is None:
            name = path.partition(".")[0]
            hint = nearest(name, fields_of(entry.type)) if name not in fields_of(entry.type) else "see its schema"
            yield f"{entry.type} has no property {path!r}; {hint}"
    for name in sorted(set(entry.optional) - entry.carried):
        yield f"{name} is optional and not given; {nearest(name, entry.carried)}"
    for kind in entry.holds - resource_types():
        yield f"no resource type {kind!r}; {nearest(kind, resource_types())}"


def _wrong_arguments(entry: Entry, found: Rehearsal) -> Iterator[str]:
    """Yield what botocore refuses of the arguments, as it would before it sends a request."""
    for operation, arguments in found.arguments:
        shape = samples.operation_model(entry.service, operation).input_shape
        if shape is None:
            if arguments:
                yield f"{operation} takes no arguments"
            continue
        for name in arguments.keys() & shape.members.keys():
            yield from _not_allowed(f"{operation}: {name}", arguments[name], shape.members[name])
        for line in ParamValidator().validate(dict(arguments), shape).generate_report().splitlines():
            if not line.startswith(_OF_SAMPLES):
                yield f"{operation}: {line}"


def _not_allowed(what: str, value: Any, shape: Shape) -> Iterator[str]:
    """Yield what the service would refuse: botocore itself does not look at enumerations."""
    inner = shape.member if isinstance(shape, ListShape) and isinstance(value, list) else shape
    allowed = getattr(inner, "enum", None)
    for each in value if isinstance(value, list) else [value]:
        if allowed and isinstance(each, str) and each not in allowed:
            yield f"{what}: {each!r} is none of {', '.join(allowed)}"


def _unpaged(entry: Entry) -> Iterator[str]:
    """Yield the calls whose answer goes on in pages that nobody would read."""
    tokens = {each.operation: each.tokens for each in entry.listing}
    once = {each.operation for each in _steps(entry) if each.once}
    for operation in dict.fromkeys(entry.operations):
        if operation in once:
            continue
        model = samples.operation_model(entry.service, operation)
        if operation in samples.paginators(entry.service):
            continue
        if stated := tokens.get(operation):
            members = model.input_shape.members if model.input_shape else {}
            if stated[0] not in members:
                yield f"{operation} takes no {stated[0]!r}; {nearest(stated[0], members)}"
        elif token := _token(model):
            yield f"{operation} answers in pages ({token}), and botocore has no paginator: state `tokens`"


def _token(model: OperationModel) -> str:
    asked = {name.casefold() for name in model.input_shape.members} if model.input_shape else set()
    answered = model.output_shape.members if model.output_shape else {}
    return next((each for each in answered if each.casefold() in _TOKENS and asked & _TOKENS), "")


def _unknown_codes(entry: Entry) -> Iterator[str]:
    """Yield the error codes that the service does not have, where the model of the operation lists any."""
    stated = [(each.operation, code) for each in entry.listing for code in each.absent]
    stated += [(each.operation, code) for each in _steps(entry) for code in each.absent]
    if all(_lists_errors(entry.service, each) for each in entry.operations):
        stated += [(next(entry.operations), code) for code in entry.gone]
    for operation, code in stated:
        name, known = code.partition(":")[0], _codes(entry.service)
        if _lists_errors(entry.service, operation) and name not in known and not _is_older(entry.service, name):
            yield f"{operation}: {entry.service} has no error {name!r}; {nearest(name, known)}"


def _is_older(service: str, code: str) -> bool:
    """Whether it may be a code of the service's former protocol, which answers state in a header and no model lists."""
    return code.startswith("AWS.") and "awsQueryCompatible" in samples.service_model(service).metadata


def _lists_errors(service: str, operation: str) -> bool:
    return bool(samples.operation_model(service, operation).error_shapes)


def _codes(service: str) -> frozenset[str]:
    shapes = samples.service_model(service).error_shapes
    return frozenset(name for shape in shapes for name in (shape.name, shape.error_code))


def _not_given(entry: Entry, found: Rehearsal) -> Iterator[str]:
    """Yield the properties that an entry claims to give, and that even the largest answer leaves empty."""
    for path in (*entry.own, *(path for each in entry.calls for path in each.gives)):
        value: Any = found.properties
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None or (value in ({}, []) and not isinstance(value, Endless)):
            yield f"{path}: nothing comes of it"


def _wrong_values(kind: str, properties: Mapping[str, Any]) -> Iterator[str]:
    fields = fields_of(kind)
    for name, value in properties.items():
        yield from _wrong(value, fields.get(name), name)


_KINDS: Mapping[Kind, tuple[type, ...]] = {
    Kind.BOOLEAN: (bool,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.STRING: (str, int, float),  # a number where CloudFormation wants text: Port "5432"
}


def _wrong(value: Any, wanted: Type | None, path: str) -> Iterator[str]:
    if wanted is None:
        yield f"{path} is no property"
    elif value is None or isinstance(value, Unknown | Endless | Anything) or wanted.kind is Kind.ANY:
        return
    elif wanted == POLICY:
        if not isinstance(value, str | Mapping):
            yield f"{path}: {value!r} is no policy document"
    elif wanted.kind is Kind.LIST:
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
            return
        for each in value:
            yield from _wrong(each, wanted.items, f"{path}.*")
    elif wanted.kind in (Kind.OBJECT, Kind.MAP):
        if not isinstance(value, Mapping):
            yield f"{path}: {value!r} is no object"
            return
        for key, each in value.items():
            yield from _wrong(
                each, wanted.items if wanted.kind is Kind.MAP else wanted.fields.get(key), f"{path}.{key}"
            )
    else:
        yield from _wrong_scalar(value, wanted, path)


def _wrong_scalar(value: Any, wanted: Type, path: str) -> Iterator[str]:
    kinds = _KINDS.get(wanted.kind, (object,))
    is_boolean = isinstance(value, bool)
    if not isinstance(value, kinds) or (is_boolean and wanted.kind is not Kind.BOOLEAN):
        yield f"{path}: {value!r} is no {wanted.kind.value}"
    elif isinstance(value, Text) and value.enum and wanted.enum and not set(value.enum) & set(wanted.enum):
        yield f"{path}: the answer says one of {', '.join(value.enum)}, the schema wants {', '.join(wanted.enum)}"


def _wrong_identifier(entry: Entry, found: Rehearsal) -> Iterator[str]:
    if not isinstance(found.identifier, str | int):
        yield f"identifier {entry.identifier!r}: nothing comes of it"
    if entry.region and not isinstance(found.region, str):
        yield f"region {entry.region!r}: nothing comes of it"


def _wrong_scope(entry: Entry) -> Iterator[str]:
    if entry.scope is Scope.REGIONAL and is_global(entry.type):
        yield f"resources of {entry.type} are of no region: its scope is GLOBAL"
    elif entry.scope is not Scope.REGIONAL and not entry.region and not is_global(entry.type):
        yield f"nobody knows that resources of {entry.type} are of no region: add it to inventory/identity.py"


def _wrong_parts(entry: Entry, found: Rehearsal) -> Iterator[str]:
    for each in found.parts:
        if each.type not in resource_types():
            yield f"no resource type {each.type!r}; {nearest(each.type, resource_types())}"
        elif each.type not in entry.declares:
            yield f"a part is of the type {each.type!r}: add it to `declares`"
        else:
            yield from _wrong_values(each.type, each.properties)
