"""JSON Schemas (draft 2020-12) of the documents, made from the types that read them: for editors and other tools."""

from collections.abc import Iterator, Mapping
from typing import Any

from assay.governance import model
from assay.governance.documents import adapter

KINDS: Mapping[str, type] = {
    "organisation": model.Organisation,
    "workload": model.Workload,
    "objective": model.Objective,
    "control": model.Control,
    "framework": model.Framework,
    "framework-texts": model.FrameworkTexts,
    "exception": model.ApprovedException,
    "duty": model.Duty,
    "responsibilities": model.ServiceClass,
    "provider-report": model.ProviderReport,
    "technology": model.Technology,
    "invariant": model.Invariant,
}
"""Kind of document, as `assay schema` names it → its type."""


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of document. Raises KeyError on an unknown kind.

    Whatever the reader takes, the schema admits; what only other documents can show (does the id exist?) it leaves
    open.
    """
    document = adapter(KINDS[kind]).json_schema()
    definitions = document.get("$defs", {})
    for each in (document, *definitions.values()):
        _as_files_state_it(each)
    definitions.pop("Position", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document, "title": f"Assay {kind}"}


def _as_files_state_it(node: dict[str, Any]) -> None:
    """Remove what the reader adds and generated titles, and demand that a required text says something."""
    properties = node.get("properties", {})
    for name in model.SET_BY_READER:
        properties.pop(name, None)
    for name, each in properties.items():
        each.pop("title", None)
        if name in node.get("required", ()) and each.get("type") == "string" and not _limited(each):
            each["pattern"] = r"\S"


def _limited(node: Mapping[str, Any]) -> bool:
    return any(key in node for key in ("enum", "format", "const"))


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every kind of document with its schema."""
    for kind in KINDS:
        yield kind, schema(kind)
