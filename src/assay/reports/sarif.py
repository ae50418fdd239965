"""SARIF 2.1.0 (OASIS): what code-review pages and editors show on the line.

Not met is an error, warning or note by severity; unknown is a "review" result; met and not applicable are left out,
because viewers show every result. An exception becomes an accepted suppression (section 3.35): shown, not hidden.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from assay.assessment.verdicts import Verdict
from assay.canonical import rfc3339
from assay.governance.model import Control
from assay.inventory.resource import Position
from assay.reports.context import ReportContext, Row

_LEVEL = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_SCORE = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}  # code scanning sorts by this number
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(context: ReportContext) -> str:
    """Return the report as a SARIF log."""
    return json.dumps(document(context), indent=2, ensure_ascii=False) + "\n"


def document(context: ReportContext) -> Mapping[str, Any]:
    """Return the SARIF log as plain JSON values."""
    shown = [row for row in context.rows if row.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN)]
    rules = {name: index for index, name in enumerate(sorted({row.control for row in shown}))}
    notifications = [
        {
            "level": "error",
            "message": {
                "text": "; ".join(filter(None, (each.message, each.found and f"found {each.found}", each.remedy)))
            },
            "locations": [_location(Position(each.file, each.line, each.column))],
        }
        for each in context.faults
    ]
    notifications += [
        {"level": "warning", "message": {"text": each.message}, "locations": [_location(each.position)]}
        for section in context.sections
        for each in section.unrecognised
    ]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "Assay",
                "version": context.version,
                "informationUri": "https://github.com/assay-security/assay",
                "rules": [_rule(context.controls[name].control) for name in rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not context.faults,
                "endTimeUtc": rfc3339(context.as_of),
                "toolExecutionNotifications": notifications,
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(row, rules[row.control]) for row in shown],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(control: Control) -> Mapping[str, Any]:
    return {
        "id": control.id,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": control.why},
        "help": {"text": control.remedy},
        "defaultConfiguration": {"level": _LEVEL[control.severity]},
        "properties": {
            "security-severity": _SCORE[control.severity],
            "tags": ["security", control.objective],
            "precision": "very-high",
        },
    }


def _result(row: Row, index: int) -> Mapping[str, Any]:
    unknown = row.verdict is Verdict.UNKNOWN
    state = "cannot be decided" if unknown else "not met"
    text = f"{row.name}: {row.title}: {state}. {row.explanation}. {row.remedy}"
    result: dict[str, Any] = {
        "ruleId": row.control,
        "ruleIndex": index,
        # 3.27.10: a result whose kind is not "fail" has level "none".
        "kind": "review" if unknown else "fail",
        "level": "none" if unknown else _LEVEL[row.severity],
        "message": {"text": text},
        "locations": [{**_location(row.position), "logicalLocations": [{"name": row.name, "kind": "resource"}]}],
        "partialFingerprints": {"assay/v1": fingerprint(row)},
    }
    if row.related:
        result["relatedLocations"] = [_location(each) for each in row.related]
    if row.exception:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": f"approved exception {row.exception}"}
        ]
    return result


def fingerprint(row: Row) -> str:
    """Identify the result across runs: the line may move, the control and the resource stay."""
    return hashlib.sha256(_bytes("\0".join((row.control, row.resource, row.stage)))).hexdigest()


def _location(position: Position) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(position.file or "unknown")}}
    if position.line:
        physical["region"] = {"startLine": position.line, "startColumn": max(position.column, 1)}
    return {"physicalLocation": physical}


def uri(file: str) -> str:
    """Return a path as a relative reference (RFC 3986); a name that is no UTF-8 keeps its bytes."""
    path = PurePath(file).as_posix()
    return quote(_bytes(f"/{path.lstrip('/')}" if path.startswith("//") else path))  # else what follows // is a host


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")  # PEP 383: names of files that are no UTF-8
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")  # half a pair, which JSON can say and UTF-8 cannot
