"""An inventory that remembers which of its resources were looked at: what a verdict rests on beside the resource."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assay.inventory.naming import Names
from assay.inventory.resource import Inventory, Resource


class _Seen(dict[str, Resource]):
    """Resources by id, that note who was asked for."""

    def __init__(self, resources: Iterable[Resource], looked_at: set[str]) -> None:
        super().__init__((each.id, each) for each in resources)
        self._looked_at = looked_at

    def get(self, name: str, default: Any = None) -> Any:
        """Return a resource, and note that it was looked at, or looked for."""
        self._looked_at.add(name)
        return super().get(name, default)


class _Names(Names):
    """Names that note who was found to point at a resource."""

    def __init__(self, resources: Iterable[Resource], looked_at: set[str]) -> None:
        super().__init__(resources)
        self._looked_at = looked_at

    def pointing(self, kind: str, field: str, target: Resource) -> tuple[Resource, ...]:
        """Return the resources that refer, or may refer, to the target, and note them."""
        found = super().pointing(kind, field, target)
        self._looked_at.update(each.id for each in found)
        return found


@dataclass(frozen=True)
class Watched(Inventory):
    """An inventory of which is known who was looked at since it was last asked."""

    looked_at: set[str] = field(default_factory=set, compare=False)

    @cached_property
    def by_id(self) -> _Seen:
        """The resources by their id."""
        return _Seen(self.resources, self.looked_at)

    @cached_property
    def names(self) -> Names:
        """The resources by what others call them."""
        return _Names(self.resources, self.looked_at)
