"""Properties of a resource as the JSON text that the columnar form reads."""

import json
from collections.abc import Mapping
from typing import Any

from assay.inventory.values import Choice, Unknown, Value, to_json

RESERVED = ('"$unknown":', '"$choice":')


def document(properties: Mapping[str, Value]) -> str | None:
    """Return the JSON text of properties; None when no text is faithful and the interpreter must read the properties.

    So it is with lone surrogates, NaN, and with keys of the source that look like our own markers.
    """
    markers = 0

    def encoded(value: Any) -> Any:
        nonlocal markers
        if isinstance(value, Mapping):
            return dict(value)
        markers += _markers_in(value)
        return to_json(value)

    try:
        text = json.dumps(properties, default=encoded, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return None
    return text if "$" not in text or _reserved(text) == markers else None


def _reserved(text: str) -> int:
    return sum(text.count(each) for each in RESERVED)


def _markers_in(value: Value) -> int:
    """Return how many unknowns and choices a value has; a choice's options count too."""
    match value:
        case Unknown():
            return 1
        case Choice(options=options):
            return 1 + sum(_markers_in(each) for _, each in options)
        case Mapping():
            return sum(map(_markers_in, value.values()))
        case list() | tuple():
            return sum(map(_markers_in, value))
        case _:
            return 0
