"""What a named function is: its name, its types, and the plain Python that answers."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assay.inventory.schema import Type


@dataclass(frozen=True, slots=True)
class Function:
    """A named function of expressions, called as `name(first, second)` or `first.name(second)`.

    parameters  Name and type of each argument. An object parameter takes every object: what it lacks reads as absent.
    call        Takes plain values (no `Choice`) in that order and returns one; unknown in, unknown out, unless the
                known part decides.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    call: Callable[..., Any]

    @property
    def doc(self) -> str:
        """What it answers, with an example."""
        return inspect.getdoc(self.call) or ""
