"""The attributes of a planned resource as values of the inventory: known, not yet known, or stated by nobody.

Three things look alike in a plan and are not: an attribute that the configuration computes from something that does
not exist yet (unknown), one that nobody states so that the provider or AWS chooses (not stated: the platform's
default), and one that is null (absent). The configuration tells the first two apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from assay.inventory.values import Cause, Reason, Sensitive, Unknown, Value
from assay.sources.terraform.configuration import Configuration, Target, is_leaf
from assay.sources.terraform.plan import Planned

# Attributes that say whose part a resource is. An unknown one of them that mentions one resource beside locals is that
# resource: had a local chosen something else that is known, the value would be known.
_POINTERS = frozenset(
    {
        "bucket",
        "file_system_id",
        "function_name",
        "group",
        "key_id",
        "network_acl_id",
        "queue_url",
        "repository",
        "role",
        "route_table_id",
        "secret_arn",
        "secret_id",
        "security_group_id",
        "subnet_id",
        "user",
        "vpc_id",
    }
)

Steps = tuple[str, ...]
Refer = Callable[[Target, Reason], Value]


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is known of a planned resource.

    values    As in the plan, `Unknown` where the plan does not know.
    unset     Dotted paths, without the indexes of blocks, of what is unknown and no expression of the configuration
              states: the provider or AWS chooses it.
    own       A reference to the resource itself.
    several   Dotted path → the references that an unknown value is, if it is a list.
    """

    planned: Planned
    values: Mapping[str, Value]
    unset: frozenset[str]
    own: Value
    several: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


def attributes_of(planned: Planned, configuration: Configuration, refer: Refer) -> Attributes:
    """Return the attributes of a resource; `refer` gives the value of an attribute that is one of another resource."""
    expressions = configuration.expressions(planned)
    reading = _Reading(planned, configuration, refer)
    whole = reading.value(planned.values, planned.unknown, planned.sensitive, expressions, ())
    values = whole if isinstance(whole, Mapping) else {}
    unset = frozenset(reading.unset - reading.stated) if expressions is not None else frozenset[str]()
    itself = Reason(Cause.AFTER_APPLY, planned.address, f"{planned.address} is made when the plan is applied")
    return Attributes(planned, values, unset, refer(Target(planned, ""), itself), reading.several)


@dataclass(slots=True)
class _Reading:
    planned: Planned
    configuration: Configuration
    refer: Refer
    unset: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    several: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    def value(self, known: Any, unknown: Any, sensitive: Any, expression: Any, path: Steps) -> Value:
        """Return a value with what is unknown in it as such.

        expression  What the configuration states there: an expression, blocks of them, or None for nothing.
        """
        if unknown is True:
            return self._unknown(expression, path)
        if isinstance(known, list) or isinstance(unknown, list):
            return list(self._elements(known, unknown, sensitive, expression, path))
        if isinstance(known, dict) or isinstance(unknown, dict):
            return self._fields(known, unknown, sensitive, expression, path)
        return Sensitive(known) if sensitive is True and isinstance(known, str) else known

    def _fields(self, known: Any, unknown: Any, sensitive: Any, expression: Any, path: Steps) -> Value:
        values, unknowns = _mapping(known), _mapping(unknown)
        found = {}
        for key in (*values, *(each for each in unknowns if each not in values)):
            found[key] = self.value(
                values.get(key), unknowns.get(key), _inner(sensitive, key), _stated(expression, key), (*path, key)
            )
        return found

    def _elements(self, known: Any, unknown: Any, sensitive: Any, expression: Any, path: Steps) -> Iterator[Value]:
        values, unknowns = _list(known), _list(unknown)
        marks = sensitive if isinstance(sensitive, list) else [sensitive] * len(values)
        for index, (value, missing, mark) in enumerate(zip_longest(values, unknowns, marks[: len(values)])):
            yield self.value(value, missing, mark, _block(expression, index, len(values)), path)

    def _unknown(self, expression: Any, path: Steps) -> Value:
        dotted = ".".join(path)
        subject = f"{self.planned.address}.{dotted}"
        reason = Reason(Cause.AFTER_APPLY, subject, f"{subject} is known after apply")
        if expression is None:
            self.unset.add(dotted)
            return Unknown(reason)
        self.stated.add(dotted)
        target = self._target(expression)
        if target is None and dotted in _POINTERS:
            target = self.configuration.target(expression, self.planned, through_locals=True)
        if target is not None:
            return self.refer(target, reason)
        if several := self.configuration.targets(expression, self.planned):
            self.several[dotted] = tuple(self.refer(each, reason) for each in several)
        return Unknown(reason)

    def _target(self, expression: Any) -> Target | None:
        """Return what an attribute is; of several blocks, what it is in each of them."""
        if isinstance(expression, _Several):
            found = [self._target(each) for each in expression.blocks]
            first = found[0] if found else None
            return first if first is not None and all(each == first for each in found) else None
        return self.configuration.target(expression, self.planned)


@dataclass(frozen=True, slots=True)
class _Several:
    """What some blocks state of which nobody knows the order: those of a set stand in a plan as they are hashed."""

    blocks: tuple[Any, ...]


def _stated(expression: Any, key: str) -> Any:
    """Return what is stated of one attribute: all of an expression belongs to each part of its value."""
    if isinstance(expression, _Several):
        found = tuple(each[key] for each in expression.blocks if isinstance(each, dict) and key in each)
        return _Several(found) if found else None
    if isinstance(expression, list):
        return _stated(_Several(tuple(expression)), key)
    if not isinstance(expression, dict):
        return None
    return expression if expression and is_leaf(expression) else expression.get(key)


def _block(expression: Any, index: int, length: int) -> Any:
    if isinstance(expression, list):
        return expression[index] if len(expression) == length == 1 else _Several(tuple(expression))
    if isinstance(expression, _Several):
        blocks = [inner for each in expression.blocks for inner in (each if isinstance(each, list) else [each])]
        return _Several(tuple(blocks))
    return expression


def _inner(sensitive: Any, key: str) -> Any:
    return sensitive if sensitive is True else _mapping(sensitive).get(key, False)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
