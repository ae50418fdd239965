"""What an entry never asks for within a property that it gives: unknown, where the object around it is there.

Which parts these are is not written down, but follows from what the entry makes of the largest answers.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from assay.inventory.schema import POLICY, Kind, Type, fields_of, resource_schema
from assay.inventory.values import Cause, Reason, Unknown
from assay.sources.aws.entry import Entry
from assay.sources.aws.rehearsal import rehearse
from assay.sources.aws.samples import Anything, Endless

_Steps = tuple[str, ...]


def leave_open(entry: Entry, properties: dict[str, Any]) -> None:
    """Set what the entry never asks for to unknown in the properties of a resource, in place."""
    for steps, unknown in unasked(entry):
        _fill(properties, steps, unknown)


@lru_cache(maxsize=1024)
def unasked(entry: Entry) -> tuple[tuple[_Steps, Unknown], ...]:
    """Return the paths within properties that the entry never gives, "*" for the elements of a list or map."""
    fields = fields_of(entry.type)
    set_by_aws = {path.replace("/", ".") for path in resource_schema(entry.type).read_only}
    found: list[tuple[_Steps, Unknown]] = []
    for name, value in rehearse(entry).properties.items():
        for steps in _missing(value, fields.get(name), (name,)):
            dotted = ".".join(steps)
            if dotted not in set_by_aws and not any(_is_within(dotted, each) for each in entry.never):
                found.append((steps, Unknown(_why(entry.type, dotted))))
    return tuple(found)


def _is_within(path: str, around: str) -> bool:
    return path == around or path.startswith(f"{around}.")


def _why(kind: str, path: str) -> Reason:
    return Reason(Cause.NOT_COLLECTED, f"{kind} {path}", f"the collector does not ask for {path} of {kind}")


def _missing(value: Any, wanted: Type | None, steps: _Steps) -> Iterator[_Steps]:
    """Yield the paths that the schema has and the largest value has not, outermost ones only."""
    if wanted is None or wanted == POLICY or isinstance(value, Endless | Anything | Unknown):
        return
    if wanted.kind is Kind.OBJECT and isinstance(value, Mapping):
        for name, field in wanted.fields.items():
            if name in value:
                yield from _missing(value[name], field, (*steps, name))
            else:
                yield (*steps, name)
    elif wanted.kind in (Kind.LIST, Kind.MAP) and value:
        yield from _missing(_together(list(_inside(value))), wanted.items, (*steps, "*"))


def _inside(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else value.values() if isinstance(value, Mapping) else ()


def _together(elements: list[Any]) -> Any:
    """Return one element with all that any of them has: a rule has one kind of source, and no rule has all."""
    if not elements or not all(isinstance(each, Mapping) for each in elements):
        return elements[0] if elements else None
    if any(isinstance(each, Endless | Anything) for each in elements):
        return Endless()
    names = dict.fromkeys(name for each in elements for name in each)
    return {name: _together([each[name] for each in elements if name in each]) for name in names}


def _fill(value: Any, steps: _Steps, unknown: Unknown) -> None:
    if steps[0] == "*":
        for each in _inside(value):
            _fill(each, steps[1:], unknown)
    elif isinstance(value, dict):
        if len(steps) == 1:
            value.setdefault(steps[0], unknown)
        elif steps[0] in value:
            _fill(value[steps[0]], steps[1:], unknown)
