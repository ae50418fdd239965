"""What is stored of a verdict, a resource and a control."""

import json
from collections.abc import Mapping
from typing import Any

from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Verdict
from assay.canonical import Json, exact
from assay.governance.compiled import CompiledControl
from assay.inventory.resource import Resource
from assay.inventory.values import Reason, to_json


def outcome(evaluation: Evaluation) -> dict[str, Json]:
    """Return what a verdict consists of: the part of a record that replaying gives again, byte for byte.

    The properties that decided are named for what is not met or unknown; their values stand in the stored document.
    """
    explained = evaluation.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN)
    return {
        "verdict": evaluation.verdict.value,
        "reasons": [_reason(each) for each in evaluation.reasons],
        "evidence": [[each.resource, *each.path] for each in evaluation.evidence] if explained else [],
    }


def _reason(reason: Reason) -> Json:
    return [reason.cause.value, reason.subject, reason.detail]


def resource_document(resource: Resource) -> dict[str, Json]:
    """Return a resource as it is stored: what decides a verdict, and where it was said."""
    origin = resource.origin
    document: dict[str, Any] = {
        "kind": "configuration",
        "id": resource.id,
        "type": resource.type,
        "name": resource.name,
        "properties": exact(to_json(resource.properties)),
        "attributes": exact(to_json(resource.attributes)),
        "condition": exact(to_json(resource.condition)),
        "fragment": resource.fragment,
        "folded_into": resource.folded_into,
        "source": origin.source,
        "file": origin.position.file,
        "line": origin.position.line,
        "account": origin.account,
        "region": origin.region,
    }
    return document


def control_document(compiled: CompiledControl, params: Mapping[str, Any]) -> dict[str, Json]:
    """Return a control as it is stored: what it demands, with the parameters that it was judged with."""
    control = compiled.control
    document: dict[str, Any] = {
        "kind": "control",
        "id": control.id,
        "title": control.title,
        "objective": control.objective,
        "severity": control.severity.value,
        "resource": control.resource,
        "unless": control.unless,
        "require": control.require,
        "params": exact(json.loads(json.dumps(params))),
        "meaning": compiled.digest,
    }
    return document
