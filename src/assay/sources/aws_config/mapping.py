"""The form in which the tables under services/ say what a configuration item is in CloudFormation, and its use.

`configuration` has the shape that the service's own API describes the resource in. Most attributes have the name of the
property but for upper and lower case (`kmsKeyId`, `dBInstanceClass`), and need no more than to be listed. What a table
does not list, AWS Config does not say of the type: unknown, not absent.

Which attributes an item has: https://github.com/awslabs/aws-config-resource-schema
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.inventory.defaults import type_at
from assay.inventory.schema import fields_of
from assay.inventory.shaping import shaped
from assay.inventory.values import Value
from assay.sources.aws_config.items import Item

Properties = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Part:
    """A resource of its own in CloudFormation that AWS Config holds within another one's item."""

    type: str
    id: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class Entry:
    """One type of AWS Config.

    type     As AWS Config calls it.
    same     Properties that the configuration has under the same name, but for case.
    rows     Property, or path of properties → path in the configuration, or after "+" in the supplementary one. A
             number takes one element of a list; "*" the rest of the path from each element.
    maybe    Rows of attributes that not every item of the type has: missing, they are not said.
    derive   Further properties, which need a closer look; they win over rows. None: the item says that there is none.
    derived  Properties that the item says in any case: where `derive` leaves them out, the resource has none.
    holds    Types of separately declared parts that the item holds whole.
    parts    Resources that CloudFormation declares separately, out of the item.
    kind     CloudFormation's name for the type, where it is another one.
    """

    type: str
    same: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)
    maybe: Mapping[str, str] = field(default_factory=dict)
    derive: Callable[[Item], Properties] | None = None
    derived: tuple[str, ...] = ()
    holds: frozenset[str] = frozenset()
    parts: Callable[[Item], Iterable[Part]] | None = None
    kind: str = ""

    @property
    def becomes(self) -> str:
        """The type in CloudFormation."""
        return self.kind or self.type


def translated(item: Item, entry: Entry) -> tuple[Properties, frozenset[str]]:
    """Return the properties that an item states, and all that it would state if the resource had them."""
    fields = fields_of(entry.becomes)
    without = item.supplementary is None
    carried = {*entry.same, *entry.derived}
    carried |= {name.split(".")[0] for name, path in entry.rows.items() if not (without and path.startswith("+"))}
    found: Properties = {}
    configuration = {key.casefold(): value for key, value in (item.configuration or {}).items()}
    for name in entry.same:
        if (value := configuration.get(name.casefold())) is not None:
            found[name] = shaped(value, fields.get(name))
    for name, path in (*entry.rows.items(), *entry.maybe.items()):
        value = shaped(_looked_up(item, path), type_at(entry.becomes, tuple(name.split("."))))
        if value is not None and value != "":
            _place(found, name, value)
            carried.add(name.split(".")[0])
    derived = entry.derive(item) if entry.derive else {}
    found |= derived
    return {name: value for name, value in found.items() if value is not None and value != ""}, frozenset(
        carried | derived.keys()
    )


def _place(found: dict[str, Any], dotted: str, value: Any) -> None:
    *outer, last = dotted.split(".")
    for step in outer:
        found = found.setdefault(step, {})
    found[last] = value


def _looked_up(item: Item, path: str) -> Any:
    if path.startswith("+"):
        return at(item.supplementary, path[1:])
    return at(item.configuration, path)


def at(value: Any, path: str) -> Any:
    """Return what is at a path of names, upper and lower case alike; None for nothing."""
    step, _, rest = path.partition(".")
    if step == "*":
        each_found = [at(each, rest) if rest else each for each in value] if isinstance(value, list) else None
        return None if each_found is None else [each for each in each_found if each is not None]
    if isinstance(value, list):
        found = value[int(step)] if step.isdigit() and int(step) < len(value) else None
    elif isinstance(value, Mapping):
        found = value.get(step)
        if found is None:
            wanted = step.casefold()
            found = next((each for key, each in value.items() if key.casefold() == wanted), None)
    else:
        found = None
    return at(found, rest) if rest and found is not None else found


def of_each(value: Any, build: Callable[[Mapping[str, Any]], Value]) -> list[Value]:
    """Return what is built from each object of a list; [] when it is none."""
    built = [build(each) for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
    return [each for each in built if each is not None]


def stated(**values: Any) -> Properties:
    """Return an object of the values that are there."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, Mapping))
