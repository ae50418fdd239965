"""What one evaluation sees, and what becomes of a value that is not what its place demands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from assay.inventory.defaults import declared_elsewhere
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value


class Split(Exception):
    """The value of an undecided variable is needed."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        super().__init__(choice.variable)


@dataclass(slots=True)
class Frame:
    """What one evaluation sees: variables, the outcomes fixed so far, the inventory, which mapping is which resource.

    resources  Resources by the identity of their properties, which the inventory keeps alive.
    settled    Nothing depends on a choice, and nothing within a list or map is absent: there is nothing to settle.
    """

    variables: dict[str, Value]
    world: Mapping[str, str]
    inventory: Inventory | None = None
    resources: dict[int, Resource] = field(default_factory=dict)
    settled: bool = False

    def meet(self, resource: Resource) -> Value:
        """Return the properties of a resource, and remember whose they are."""
        self.resources[id(resource.properties)] = resource
        return resource.properties

    def settle(self, value: Value) -> Value:
        """Return the value with choices over fixed variables taken. Raises Split for the first free one."""
        while isinstance(value, Choice):
            outcome = self.world.get(value.variable)
            if outcome is None:
                raise Split(value)
            value = dict(value.options).get(outcome)
        return value

    def settle_all(self, value: Value) -> Value:
        """Return the value with every choice within it taken and absent parts left out; itself when there is none."""
        if self.settled:
            return value
        value = self.settle(value)
        if value is None or isinstance(value, str | int):
            return value
        if isinstance(value, Mapping):
            settled = {key: self.settle_all(each) for key, each in value.items()}
            if all(settled[key] is value[key] for key in settled):
                return value
            return {key: each for key, each in settled.items() if each is not None}
        if isinstance(value, list | tuple):
            items = [self.settle_all(each) for each in value]
            if all(new is old for new, old in zip(items, value, strict=True)):
                return value
            return [each for each in items if each is not None]
        return value

    def unstated(self, properties: Value, name: str) -> Unknown | None:
        """Return the unknown that an absent property is when it is declared elsewhere; None when it is just absent."""
        resource = self.resources.get(id(properties))
        return declared_elsewhere(resource, name) if resource is not None else None


Program: TypeAlias = Callable[[Frame], Value]


def failed(detail: str) -> Unknown:
    """Return the unknown that a failed evaluation is."""
    return Unknown(Reason(Cause.ERROR, "expression", detail), present=True)


def derived(unknown: Unknown) -> Unknown:
    """Return what is computed from an unknown: unknown for the same reason, without what is known of its operand."""
    if unknown.present and not unknown.parts and unknown.reference is None:
        return unknown
    return Unknown(unknown.reason, present=True)


def unfit(value: Value, wanted: str) -> Unknown:
    """Return the unknown that a value of the wrong type is."""
    return Unknown(Reason(Cause.MALFORMED, wanted, f"{str(value)[:60]!r} is not a {wanted}"), present=True)


def truth(value: Value) -> bool | Unknown:
    """Return the value as a truth; absent is false, what is neither true nor false is unknown."""
    if value is True or value is False:
        return value
    if isinstance(value, Unknown):
        return derived(value)
    return False if value is None else unfit(value, "boolean")


def may_be_absent(value: Value) -> bool:
    """Return whether a list element or map entry is known neither to be there nor how often it is.

    An element that is unknown and not known to be present stands for any number of elements: a list of which a part
    could not be read.
    """
    return isinstance(value, Unknown) and not value.present


def doubtful(value: Value) -> Unknown | None:
    """Return the first element of a list, or entry of a map, that may be absent; None when all are there."""
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return next((each for each in members if isinstance(each, Unknown) and not each.present), None)


def elements(frame: Frame, value: Value) -> list[Value] | Unknown:
    """Return the elements of a list or the keys of a map, choices taken and absent ones left out.

    A key whose entry may be absent is an element that may be.
    """
    match value:
        case Unknown():
            return value
        case None:
            return []
        case list() | tuple():
            settled = [frame.settle(each) if isinstance(each, Choice) else each for each in value]
            return [each for each in settled if each is not None]
        case Mapping():
            entries = {key: frame.settle(each) for key, each in value.items()}
            return [each if may_be_absent(each) else key for key, each in entries.items() if each is not None]
        case _:
            return unfit(value, "list")
