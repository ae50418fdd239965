"""Templates as text in, what they declare out."""

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Value
from assay.sources.cloudformation import Context, read, read_text

Reader = Callable[..., Inventory]
Evaluator = Callable[..., Value]


@pytest.fixture
def template() -> Reader:
    """Read one template held in memory, called t.yaml."""

    def reader(text: str, **given: Any) -> Inventory:
        return read_text(textwrap.dedent(text).encode(), "t.yaml", Context(**given))

    return reader


@pytest.fixture
def value(template: Reader) -> Evaluator:
    """Say what an expression means: the property P of a resource of a type that no schema describes."""

    def evaluator(expression: str, sections: str = "", **given: Any) -> Value:
        resources = f"Resources:\n  R:\n    Type: Custom::T\n    Properties:\n      P: {expression}\n"
        inventory = template(textwrap.dedent(sections) + resources, **given)
        assert not inventory.faults, inventory.faults
        return inventory.by_id["t.yaml#R"].properties.get("P")

    return evaluator


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Inventory]:
    """Write files into a folder and read it, or those of them that are named."""
    monkeypatch.chdir(tmp_path)

    def reader(files: Mapping[str, str], *paths: str, **given: Any) -> Inventory:
        for name, text in files.items():
            path = tmp_path / "f" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return read([Path("f") / each for each in paths] or [Path("f")], Context(**given))

    return reader
