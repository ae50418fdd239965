"""Three-valued logic: True, False, and None for unknown."""

from collections.abc import Iterable

Kleene = bool | None


def every(parts: Iterable[Kleene]) -> Kleene:
    """Return whether all hold: one false decides, else an unknown leaves it unknown."""
    result: Kleene = True
    for part in parts:
        if part is False:
            return False
        result = result if part else None
    return result


def some(parts: Iterable[Kleene]) -> Kleene:
    """Return whether one holds: one true decides, else an unknown leaves it unknown."""
    result: Kleene = False
    for part in parts:
        if part:
            return True
        result = None if part is None else result
    return result


def opposite(part: Kleene) -> Kleene:
    """Return the negation; unknown stays unknown."""
    return None if part is None else not part
