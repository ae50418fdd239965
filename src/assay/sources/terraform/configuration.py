"""What the configuration behind a plan says of an attribute: whether it is stated, and what its expression refers to.

A plan holds values; that a value which is not known yet is another resource's ARN only the configuration says. It keeps
of each expression the names that it mentions, not the expression itself, so an attribute is taken to *be* what it
refers to when it mentions nothing else. Names lead through variables of modules and outputs of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from assay.sources.terraform.plan import Plan, Planned

_STEP = re.compile(r'\.?([A-Za-z_][\w-]*)|\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]')
_LONGEST = 20  # steps through variables and outputs
_LEAF = frozenset({"constant_value", "references"})
_IDENTITIES = frozenset({"", "id", "arn", "name"})
_NOT_RESOURCES = ("each", "count", "path", "terraform", "self")

_Found = TypeVar("_Found")
Step = str | int
Index = str | int | None


@dataclass(frozen=True, slots=True)
class Target:
    """What an expression is: an attribute of an instance in the plan; "" for the instance itself."""

    planned: Planned
    attribute: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an expression stands: the module instance, and the index of the resource that states it."""

    module: str
    index: Index


class Configuration:
    """The configuration of one plan, and its instances by what expressions call them."""

    def __init__(self, plan: Plan) -> None:
        self._document = _mapping(plan.document.get("configuration"))
        self._variables = _mapping(plan.document.get("variables"))
        self._instances: dict[tuple[str, str, str, str], list[Planned]] = defaultdict(list)
        self._modules: dict[str, None] = {}
        for each in plan.planned.values():
            self._instances[each.module, each.mode, each.type, each.name].append(each)
            for module in _enclosing(each.module):
                self._modules[module] = None
        self._stated: dict[str, Mapping[tuple[str, str, str], Mapping[str, Any]]] = {}
        self._resolved: dict[tuple[tuple[str, ...], str, Index], Target | None] = {}

    def resource(self, planned: Planned) -> Mapping[str, Any] | None:
        """Return what the configuration says of a resource; None when the plan does not carry it."""
        names = "/".join(_names(planned.module))
        if names not in self._stated:
            module = self._module(planned.module)
            self._stated[names] = {
                (str(each.get("mode", "managed")), str(each.get("type")), str(each.get("name"))): each
                for each in map(_mapping, _list(module.get("resources")))
            }
        return self._stated[names].get((planned.mode, planned.type, planned.name))

    def expressions(self, planned: Planned) -> Mapping[str, Any] | None:
        """Return the expressions of a resource's attributes; None when they are not known."""
        stated = self.resource(planned)
        return None if stated is None else _mapping(stated.get("expressions"))

    def provider_expression(self, planned: Planned, key: str) -> Any:
        """Return a constant argument of the provider that makes the resource, through a variable of the root too."""
        stated = self.resource(planned) or {}
        name = str(stated.get("provider_config_key", planned.type.split("_")[0]))
        provider = _mapping(_mapping(self._document.get("provider_config")).get(name))
        return self._constant(_mapping(provider.get("expressions")).get(key))

    def provider_block(self, planned: Planned, key: str) -> Any:
        """Return the expressions of a block of the provider that makes the resource; None when there is none."""
        stated = self.resource(planned) or {}
        name = str(stated.get("provider_config_key", planned.type.split("_")[0]))
        provider = _mapping(_mapping(self._document.get("provider_config")).get(name))
        blocks = _mapping(provider.get("expressions")).get(key)
        return next(iter(_list(blocks)), blocks if isinstance(blocks, dict) else None)

    def _constant(self, expression: Any) -> Any:
        stated = _mapping(expression)
        if "constant_value" in stated:
            return stated["constant_value"]
        names = _outermost(stated.get("references"))
        if len(names) == 1 and names[0].startswith("var."):
            return _mapping(self._variables.get(names[0].split(".")[1])).get("value")
        return None

    def target(self, expression: Any, planned: Planned, *, through_locals: bool = False) -> Target | None:
        """Return the one thing in the plan that an expression of a resource refers to; None for several or none.

        through_locals  Locals that it mentions do not count: what they hold is in no plan.
        """
        names = tuple(_outermost(_mapping(expression).get("references")))
        if through_locals:
            names = tuple(each for each in names if not each.startswith("local."))
        return self._resolve(names, _Place(planned.module, planned.index), 0)

    def targets(self, expression: Any, planned: Planned) -> tuple[Target, ...]:
        """Return the resources that a list is made of; () when the expression mentions anything else."""
        place = _Place(planned.module, planned.index)
        found: list[Target] = []
        for name in _outermost(_mapping(expression).get("references")):
            if self._is_of_nothing(name, place):
                continue
            target = self._resolve((name,), place, 0)
            if target is None or target.planned.mode != "managed" or target.attribute not in _IDENTITIES:
                return ()
            found.append(target)
        return tuple(found)

    def _resolve(self, names: Sequence[str], place: _Place, steps: int) -> Target | None:
        key = (tuple(names), place.module, place.index)
        if key not in self._resolved:
            self._resolved[key] = None  # a variable that leads back to itself leads nowhere
            self._resolved[key] = self._follow(names, place, steps)
        return self._resolved[key]

    def _follow(self, names: Sequence[str], place: _Place, steps: int) -> Target | None:
        if steps > _LONGEST:
            return None
        found: list[Target] = []
        for name in names:
            if self._is_of_nothing(name, place):
                continue  # an instance that is not planned gives no value: try(a[0].id, b[0].id)
            target = self._one(name, place, steps)
            if target is None:
                return None
            found.append(target)
        return found[0] if len({(each.planned.address, each.attribute) for each in found}) == 1 else None

    def _is_of_nothing(self, name: str, place: _Place) -> bool:
        parsed = _resource_name(_steps(name))
        return parsed is not None and (place.module, *parsed[:3]) not in self._instances

    def _one(self, name: str, place: _Place, steps: int) -> Target | None:
        path = _steps(name)
        match path:
            case ["var", str() as variable, *_]:
                return self._through_variable(variable, place, steps)
            case ["module", str() as module, *rest]:
                return self._through_output(module, rest, place, steps)
        parsed = _resource_name(path)
        if parsed is None:
            return None
        mode, kind, resource, within = parsed
        chosen = _chosen(self._instances[place.module, mode, kind, resource], within, place.index)
        attribute = next((each for each in within if isinstance(each, str)), "")
        return None if chosen is None else Target(chosen, attribute)

    def _through_variable(self, variable: str, place: _Place, steps: int) -> Target | None:
        if not place.module:
            return None
        parent, name, index = _parent(place.module)
        call = _mapping(_mapping(self._module(parent).get("module_calls")).get(name))
        names = _outermost(_mapping(_mapping(call.get("expressions")).get(variable)).get("references"))
        return self._resolve(names, _Place(parent, index), steps + 1) if names else None

    def _through_output(self, name: str, rest: Sequence[Step], place: _Place, steps: int) -> Target | None:
        output = next((each for each in rest if isinstance(each, str)), "")
        prefix = f"{place.module}." if place.module else ""
        instances = [each for each in self._modules if _parent(each)[:2] == (place.module, name)]
        wanted = rest[0] if rest and f"{prefix}module.{name}{_shown(rest[0])}" in self._modules else None
        instance = f"{prefix}module.{name}{_shown(wanted)}" if wanted is not None else _single(instances)
        if instance is None:
            instance = next((each for each in instances if _parent(each)[2] == place.index is not None), None)
        if instance is None:
            return None
        stated = _mapping(_mapping(self._module(instance).get("outputs")).get(output))
        names = _outermost(_mapping(stated.get("expression")).get("references"))
        return self._resolve(names, _Place(instance, None), steps + 1) if names else None

    def _module(self, address: str) -> Mapping[str, Any]:
        found = _mapping(self._document.get("root_module"))
        for name in _names(address):
            found = _mapping(_mapping(_mapping(found.get("module_calls")).get(name)).get("module"))
        return found


def is_leaf(expression: Any) -> bool:
    """Whether an expression is of an attribute; else it is of blocks."""
    return isinstance(expression, dict) and expression.keys() <= _LEAF


def _chosen(instances: Sequence[Planned], rest: Sequence[Step], index: Index) -> Planned | None:
    """Return the instance that a name means: that with its index, the only one, or the one with the asker's index."""
    if rest:
        named = [each for each in instances if each.index is not None and each.index == rest[0]]
        if named or isinstance(rest[0], int):
            return _single(named)
    if len(instances) == 1:
        return instances[0]
    return _single([each for each in instances if index is not None and each.index == index])


def _single(found: Sequence[_Found]) -> _Found | None:
    return found[0] if len(found) == 1 else None


def _outermost(references: Any) -> list[str]:
    """Return the names that an expression mentions, without those that are the beginning of another."""
    names = [each for each in _list(references) if isinstance(each, str) and each.split(".")[0] not in _NOT_RESOURCES]
    unique = list(dict.fromkeys(names))
    return [each for each in unique if not any(_begins(each, other) for other in unique)]


def _begins(name: str, other: str) -> bool:
    return other != name and other.startswith(name) and other[len(name)] in ".["


def _resource_name(path: Sequence[Step]) -> tuple[str, str, str, Sequence[Step]] | None:
    """Return mode, type, name and the rest of the path to an attribute; None when the path is of no resource."""
    match path:
        case ["data", str() as kind, str() as name, *rest]:
            return "data", kind, name, rest
        case ["var" | "local" | "module", *_]:
            return None
        case [str() as kind, str() as name, *rest]:
            return "managed", kind, name, rest
    return None


def _steps(name: str) -> list[Step]:
    return [_step(found) for found in _STEP.finditer(name)]


def _step(found: re.Match[str]) -> Step:
    word, key, number = found.groups()
    if number is not None:
        return int(number[:9])
    return word if key is None else key.replace('\\"', '"')


def _shown(index: Step | None) -> str:
    if index is None:
        return ""
    return f"[{index}]" if isinstance(index, int) else f'["{index}"]'


def _calls(address: str) -> Iterator[tuple[str, Index, str]]:
    """Yield name, index and whole address of each module call that an address leads through, outermost first."""
    found = list(_STEP.finditer(address))
    position = 0
    while position < len(found):
        if found[position].group(1) == "module" and position + 1 < len(found):
            position += 1
            name, index = str(_step(found[position])), None
            if position + 1 < len(found) and found[position + 1].group(1) is None:
                position += 1
                index = _step(found[position])
            yield name, index, address[: found[position].end()]
        position += 1


def _enclosing(address: str) -> Iterator[str]:
    for _, _, whole in _calls(address):
        yield whole


def _names(address: str) -> list[str]:
    return [name for name, _, _ in _calls(address)]


def _parent(address: str) -> tuple[str, str, Index]:
    """Return the address of the enclosing module instance, the name of the call, and its index."""
    calls: list[tuple[str, Index, str]] = list(_calls(address))
    if not calls:
        return "", "", None
    name, index, _ = calls[-1]
    return (calls[-2][2] if len(calls) > 1 else ""), name, index


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()
