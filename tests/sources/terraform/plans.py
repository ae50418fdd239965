"""Plans as Terraform writes them, built from what a test wants to say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.inventory.resource import Inventory, Resource
from assay.sources.terraform import Context, read_text

FILE = "plan.json"


@dataclass(frozen=True)
class Made:
    """One instance of a resource, as a test states it.

    values   Attributes that are known.
    unknown  What is not known before it is applied; `id` and `arn` of what is created never are.
    refers   Attribute → the names that its expression mentions.
    states   Attributes that the configuration states; by default those with a value or a reference.
    """

    address: str
    values: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
    refers: Mapping[str, Any] = field(default_factory=dict)
    states: tuple[str, ...] | None = None
    mode: str = "managed"
    index: str | int | None = None
    module: str = ""
    actions: tuple[str, ...] = ("create",)
    sensitive: Any = field(default_factory=dict)

    @property
    def type(self) -> str:
        return self._name[0]

    @property
    def name(self) -> str:
        return self._name[1].split("[")[0]

    @property
    def _name(self) -> list[str]:
        own = self.address.removeprefix(f"{self.module}.") if self.module else self.address
        return own.removeprefix("data.").split(".", 1)


def _planned(made: Made) -> dict[str, Any]:
    stated: dict[str, Any] = {"address": made.address, "mode": made.mode, "type": made.type, "name": made.name}
    stated |= {"provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": made.values}
    return stated if made.index is None else {**stated, "index": made.index}


def _change(made: Made) -> dict[str, Any]:
    gone = made.actions == ("delete",)
    created = "create" in made.actions and made.mode == "managed"
    change = {
        "actions": list(made.actions),
        "before": None,
        "after": None if gone else made.values,
        "after_unknown": {} if gone else {**({"id": True, "arn": True} if created else {}), **made.unknown},
        "after_sensitive": made.sensitive,
    }
    return {**_planned(made), "module_address": made.module, "change": change}


def _configured(made: Made) -> dict[str, Any]:
    names = {**dict.fromkeys(made.values), **made.refers} if made.states is None else dict.fromkeys(made.states)
    return {
        "address": f"{made.type}.{made.name}",
        "mode": made.mode,
        "type": made.type,
        "name": made.name,
        "provider_config_key": "aws",
        "expressions": {name: _expression(made, name) for name in names},
    }


def _expression(made: Made, name: str) -> Any:
    refers = made.refers.get(name)
    if isinstance(refers, list) and refers and isinstance(refers[0], dict):
        return [{key: {"references": _names(each)} for key, each in block.items()} for block in refers]
    if refers is not None:
        return {"references": _names(refers)}
    value = made.values.get(name)
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return [{key: {"constant_value": each} for key, each in block.items()} for block in value]
    return {"constant_value": value}


def _names(refers: Any) -> list[str]:
    """The names of an expression as Terraform writes them: each followed by what it begins with."""
    found: list[str] = []
    for name in [refers] if isinstance(refers, str) else refers:
        found.append(name)
        if not name.startswith(("var.", "local.", "each.", "count.")) and "." in name:
            found.append(name.rpartition(".")[0])
    return found


def document(*made: Made, modules: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A plan; `modules` are the module calls of the configuration, by name."""
    kept = [each for each in made if each.actions != ("delete",)]
    root = [_planned(each) for each in kept if not each.module]
    within = sorted({each.module for each in kept if each.module})
    children = [
        {"address": module, "resources": [_planned(each) for each in kept if each.module == module]}
        for module in within
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": root, "child_modules": children}},
        "resource_changes": [_change(each) for each in made],
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}},
            "root_module": {
                "resources": [_configured(each) for each in made if not each.module],
                "module_calls": {} if modules is None else modules,
            },
        },
        **more,
    }


def calls(*made: Made, expressions: Mapping[str, Any] | None = None, outputs: Mapping[str, str] | None = None) -> Any:
    """A module call: what it is given, what is in it, and what it puts out."""
    return {
        "expressions": {key: {"references": _names(each)} for key, each in (expressions or {}).items()},
        "module": {
            "resources": [_configured(each) for each in made],
            "outputs": {key: {"expression": {"references": _names(each)}} for key, each in (outputs or {}).items()},
        },
    }


def read_plan(*made: Made, **more: Any) -> Inventory:
    """What a plan leaves in existence."""
    return read_document(document(*made, **more))


def read_document(plan: Any) -> Inventory:
    return read_text(json.dumps(plan).encode(), FILE, Context())


def only(inventory: Inventory, kind: str) -> Resource:
    """The one resource of a type."""
    [found] = inventory.of_type(kind)
    return found
