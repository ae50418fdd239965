"""Where an account is in an organisation, by its unit's path: below "Workloads/Prod", "Workloads" and the root."""

from collections.abc import Iterable
from typing import Final

ROOT: Final = "Root"


def down_to(unit: str) -> tuple[str, ...]:
    """Return the nodes from the root to the unit, both included."""
    parts = [] if unit == ROOT else unit.split("/")
    return (ROOT, *("/".join(parts[: count + 1]) for count in range(len(parts))))


def is_under(account: str, unit: str, nodes: Iterable[str]) -> bool:
    """Whether what is attached to one of the nodes binds the account."""
    return not {*down_to(unit), account}.isdisjoint(nodes)
