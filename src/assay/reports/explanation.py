"""Why a verdict is what it is, in one line, with secrets hidden."""

import json
from collections.abc import Mapping

from assay.assessment.evaluation import Evaluation
from assay.expressions import Evidence
from assay.inventory.resource import Inventory
from assay.inventory.values import Choice, Reference, Unknown, Value
from assay.reports.redaction import redacted


def explain(evaluation: Evaluation, inventory: Inventory | None = None) -> str:
    """Return, in one line, what decided: the reasons of an unknown, else the property values read.

    inventory  Tells what is stated from what the platform does without a word.
    """
    if evaluation.said:
        return evaluation.said
    if evaluation.reasons:
        return "; ".join(dict.fromkeys(str(reason) for reason in evaluation.reasons))
    named = {each.path[:-1]: each.value for each in evaluation.evidence if each.path[-1:] in (("Name",), ("Key",))}
    return "; ".join(
        dict.fromkeys(
            _said(_name(each, evaluation.resource), each, str(named.get(each.path[:-1], "")))
            + ("" if inventory is None or _is_stated(each, inventory) else " by default")
            for each in evaluation.evidence
        )
    )


def _is_stated(evidence: Evidence, inventory: Inventory) -> bool:
    """Whether the resource states the property, or nobody says that it is not there; an absent one is said as such."""
    owner = inventory.by_id.get(evidence.resource)
    found: Value = owner.properties if owner else None
    for step in evidence.path if evidence.value is not None else ():
        if isinstance(found, Mapping):
            found = found.get(str(step))
        elif isinstance(found, list | tuple) and isinstance(step, int):
            found = found[step] if step < len(found) else None
        else:
            break
    return owner is None or found is not None


def _name(evidence: Evidence, judged: str) -> str:
    """Return the property as people say it; of which resource, where that is not the judged one."""
    steps = (f"[{each}]" if isinstance(each, int) else f".{each}" for each in evidence.path)
    name = "".join(steps).lstrip(".") or "the resource"
    return name if evidence.resource in ("", judged) else f"{name} of {evidence.resource.rpartition('#')[2]}"


def _said(name: str, evidence: Evidence, pair: str) -> str:
    """Return what a property is, secrets hidden. `pair` is the name beside it when it is the value of a pair."""
    value = evidence.value
    if value is None:
        return f"{name} is absent"
    if isinstance(value, Unknown) and not value.parts and value.reference is None:
        return f"{name} is {'set to what is not known' if value.present else 'not known'} ({value.reason})"
    last = next((each for each in reversed(evidence.path) if isinstance(each, str)), "")
    shown = redacted(value, pair if pair and last == "Value" else last)
    return f"{name} is {_short(_readable(shown))}"


def _readable(value: Value) -> object:
    """Return the value as plain JSON in which "…" stands for what is not known, and a reference for what it names."""
    match value:
        case Unknown(parts=(_, *_) as parts):
            return "…".join(parts)
        case Unknown(reference=Reference(resource, attribute)):
            return f"${{{resource.rpartition('#')[2]}{'.' if attribute else ''}{attribute}}}"
        case Unknown():
            return "…"
        case Choice(options=options):
            outcomes = [_readable(each) for _, each in options if each is not None]
            return " or ".join(dict.fromkeys(each if isinstance(each, str) else _short(each) for each in outcomes))
        case Mapping():
            return {key: _readable(each) for key, each in value.items()}
        case list() | tuple():
            return [_readable(each) for each in value]
        case _:
            return value


def _short(value: object, limit: int = 80) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[: limit - 1] + "…"
