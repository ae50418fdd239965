"""Answers about IAM policies: for the terminal, as JSON, and as SARIF on the statement's line."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from rich.console import Group, RenderableType
from rich.text import Text

from assay import __version__
from assay.permissions.evaluate import ASSUMPTIONS, Decision, Outcome, applying
from assay.permissions.findings import TITLES, Finding, Level
from assay.permissions.policy import Kind, Policy, Statement
from assay.permissions.questions import Asked, Checked, Difference, Minimised, written
from assay.permissions.request import Request
from assay.permissions.request_file import Case
from assay.permissions.solve import Found
from assay.reports.sarif import SCHEMA
from assay.reports.terminal import hanging

FORMAT: Final = "assay.policy/1"
_STYLE = {Found.YES: "red", Found.NONE: "green", Found.UNDETERMINED: "yellow"}
_OUTCOME = {Outcome.ALLOWED: "green", Outcome.DENIED: "red", Outcome.UNDETERMINED: "yellow"}
_LEVEL_STYLE = {Level.REFUSED: "red", Level.IGNORED: "yellow", Level.WARNING: "yellow"}
_CODES: Final = {"access for everybody": "policy-public", "access from outside the organisation": "policy-outside"}
_UNIVERSAL = "everything that a request can be: any action, resource, caller and context"
_STRANGERS = "callers who are anonymous or of accounts that are not inside; AWS services are not among them"


# -- JSON --------------------------------------------------------------------------------------------------------------


def checks_document(checked: Sequence[Checked]) -> Mapping[str, Any]:
    """Return the answers of `policy check` as plain JSON values."""
    return {
        "format": FORMAT,
        "policies": [
            {
                "file": each.file,
                "kind": each.kind.value,
                "digest": each.policy.digest if each.policy else None,
                "accepted": not any(finding.level is Level.REFUSED for finding in each.findings),
                "findings": [_finding(finding) for finding in each.findings],
                "questions": [asked_document(asked) for asked in each.asked],
            }
            for each in checked
        ],
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "level": finding.level.value,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def asked_document(asked: Asked) -> Mapping[str, Any]:
    """Return one question with its answer; "none" states scope, assumptions, digests and the statements used."""
    answer = asked.answer
    document: dict[str, Any] = {"question": asked.title, "answer": answer.found.value}
    if answer.request is not None:
        document["request"] = request_document(answer.request, _names(asked))
        document["because"] = [_statement(each) for each in because(asked)]
        return document
    document["why"] = answer.why
    document["scope"] = _STRANGERS if asked.query.strangers else _UNIVERSAL
    document["policies"] = [{"file": each.file, "digest": each.digest} for each in asked.query.policies]
    document["assumptions"] = [*answer.assumptions, *_inside(asked)]
    document["used"] = [_statement(each) for each in answer.used]
    document["candidates"] = answer.candidates
    return document


def _inside(asked: Asked) -> list[str]:
    query = asked.query
    if not query.strangers:
        return []
    inside = ", ".join(query.trusted) or "no account"
    organisation = f" and the organisation {query.organisation.id}" if query.organisation else ""
    return [
        f"inside are {inside}{organisation}; every other account is outside",
        "who is outside is in none of the organisations, networks and small address ranges that the policies name",
    ]


def request_document(request: Request, names: Mapping[str, str] = MappingProxyType({})) -> Mapping[str, Any]:
    """Return a request as plain JSON values; an absent key is null. `names`: how keys are written."""
    keys = {**request.context, **request.known}
    context = {
        names.get(key, key): list(each) if len(each) > 1 else each[0] if each else None
        for key, each in sorted(keys.items())
    }
    return {
        "principal": str(request.caller),
        "kind": request.caller.kind.value,
        "account": request.caller.account or None,
        "action": request.action,
        "resource": request.resource,
        "resource_account": request.owner or None,
        "context": context,
    }


def _statement(statement: Statement) -> Mapping[str, Any]:
    effect = "Allow" if statement.allow else "Deny"
    return {"effect": effect, "sid": statement.sid, "file": statement.file, "line": statement.line}


def _names(asked: Asked) -> Mapping[str, str]:
    """Return the keys as the policies write them."""
    return {each.key: each.name for statement in asked.query.statements for each in statement.conditions if each.name}


def because(asked: Asked) -> list[Statement]:
    """Return the statements that cover the request that was found."""
    request = asked.answer.request
    return list(applying(asked.query.policies, request)) if request else []


def difference_document(difference: Difference) -> Mapping[str, Any]:
    """Return the answer of `policy diff` as plain JSON values."""
    return {
        "format": FORMAT,
        "comparison": difference.comparison.value,
        "new": asked_document(difference.new),
        "lost": asked_document(difference.lost),
    }


def decision_document(case: Case, decision: Decision) -> Mapping[str, Any]:
    """Return the answer of `policy explain` as plain JSON values."""
    return {
        "format": FORMAT,
        "decision": decision.outcome.value,
        "why": decision.why,
        "statements": [_statement(each) for each in decision.statements],
        "unknown": list(decision.unknown),
        "request": request_document(case.request),
        "assumptions": list(ASSUMPTIONS),
    }


def minimised_document(minimised: Minimised) -> Mapping[str, Any]:
    """Return the answer of `policy minimise` as plain JSON values."""
    return {
        "format": FORMAT,
        "superfluous": [
            {
                **_statement(each.statement),
                "condition": f"{each.condition.operator} {each.condition.name}" if each.condition else None,
                "waste": each.waste.value,
                "proof": asked_document(each.asked),
            }
            for each in minimised.superfluous
        ],
        "undecided": [_statement(each) for each in minimised.undecided],
        "equal": difference_document(minimised.equal),
        "policy": json.loads(written(minimised.policy)),
    }


# -- terminal ----------------------------------------------------------------------------------------------------------


def checks(checked: Sequence[Checked]) -> RenderableType:
    """Return the answers of `policy check` for a terminal."""
    return hanging(line for each in checked for line in _checked(each))


def _checked(checked: Checked) -> Iterator[RenderableType]:
    refused = sum(each.level is Level.REFUSED for each in checked.findings)
    state = Text("AWS would refuse it", style="red") if refused else Text("AWS accepts it", style="green")
    yield Text.assemble((checked.file, "bold"), f"  {_KINDS[checked.kind]}: ", state)
    for finding in checked.findings:
        yield Text.assemble("  ", (finding.level.value, _LEVEL_STYLE[finding.level]), f"  {finding}")
    if checked.policy is None:
        yield Text("  nothing was asked about its access", style="dim")
    for asked in checked.asked:
        yield from _asked(asked)


def _asked(asked: Asked) -> Iterator[RenderableType]:
    answer = asked.answer
    yield Text.assemble(f"  {asked.title}: ", (answer.found.value, _STYLE[answer.found]))
    if answer.request is not None:
        yield from request_lines(asked)
        for statement in because(asked):
            yield Text(f"      by {statement}")
        return
    if answer.found is Found.UNDETERMINED:
        yield Text(f"      {answer.why}")
        return
    policies = asked.query.policies
    yield Text(f"      scope: {_STRANGERS if asked.query.strangers else _UNIVERSAL}", style="dim")
    yield Text(f"      policies: {', '.join(_identified(each) for each in policies)}", style="dim")
    if answer.used:
        yield Text(f"      by {', '.join(map(str, answer.used))}", style="dim")
    for each in (*answer.assumptions, *_inside(asked)):
        yield Text(f"      assuming that {each}", style="dim")


def _identified(policy: Policy) -> str:
    return f"{policy.file or 'a smaller one'} {policy.digest[:19]}"


def request_lines(asked: Asked) -> Iterator[Text]:
    """Yield who may call what, on which resource, with which keys."""
    request, names = asked.answer.request, _names(asked)
    if request is None:
        return
    account = f" of account {request.caller.account}" if request.caller.account else ""
    yield Text(f"      {request.caller} ({request.caller.kind}{account})")
    yield Text(f"      may call {request.action} on {request.resource}")
    for key, values in request.context.items():
        if key not in request.known:
            yield Text(f"      with {names.get(key, key)} {' and '.join(values) or 'absent'}")


def difference(compared: Difference) -> RenderableType:
    """Return the answer of `policy diff` for a terminal."""
    return hanging((Text(compared.comparison.value, style="bold"), *_asked(compared.new), *_asked(compared.lost)))


def decision(case: Case, decided: Decision) -> RenderableType:
    """Return the answer of `policy explain` for a terminal."""
    request = case.request
    lines = [Text.assemble((decided.outcome.value, f"bold {_OUTCOME[decided.outcome]}"), f": {decided.why}")]
    lines.append(Text(f"  {request.caller} ({request.caller.kind}) calls {request.action} on {request.resource}"))
    lines += [Text(f"  by {each}") for each in decided.statements]
    lines += [Text(f"  unknown: {each}", style="yellow") for each in decided.unknown]
    return hanging(lines)


def minimised(result: Minimised) -> RenderableType:
    """Return the answer of `policy minimise` for a terminal."""
    lines: list[RenderableType] = []
    for each in result.superfluous:
        part = f"{each.condition.operator} {each.condition.name} of " if each.condition else ""
        lines.append(Text.assemble(f"{part}{each.statement}: ", (each.waste.value, "yellow")))
    lines += [Text(f"{each}: undetermined", style="yellow") for each in result.undecided]
    if not result.superfluous:
        return Group(*lines, Text("nothing is superfluous" if not lines else "nothing else is superfluous"))
    lines.append(Text(f"without them the policy is {result.equal.comparison.value}:", style="bold"))
    return Group(*lines, Text(written(result.policy)))


_KINDS: Final = {
    Kind.IDENTITY: "identity policy",
    Kind.RESOURCE: "resource policy",
    Kind.SCP: "service control policy",
    Kind.RCP: "resource control policy",
    Kind.BOUNDARY: "permissions boundary",
    Kind.SESSION: "session policy",
    Kind.ENDPOINT: "endpoint policy",
}


# -- SARIF -------------------------------------------------------------------------------------------------------------


def sarif(checked: Sequence[Checked]) -> str:
    """Return the answers of `policy check` as a SARIF log: a result for each finding and each access found."""
    findings = [finding for each in checked for finding in (*each.findings, *_as_findings(each))]
    rules = sorted({each.code for each in findings})
    run = {
        "tool": {
            "driver": {
                "name": "Assay",
                "version": __version__,
                "informationUri": "https://github.com/assay-security/assay",
                "rules": [{"id": each, "shortDescription": {"text": TITLES[each]}} for each in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules.index(each.code)) for each in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _as_findings(checked: Checked) -> Iterator[Finding]:
    for asked in checked.asked:
        code = _CODES.get(asked.title, "policy-grants")
        if asked.answer.found is Found.UNDETERMINED:
            message = f"{asked.title}: undetermined: {asked.answer.why}"
            yield Finding(checked.file, 1, 1, code, Level.WARNING, message)
        elif asked.answer.request is not None:
            request, names = asked.answer.request, _names(asked)
            keys = "; ".join(
                f"{names.get(key, key)} {' and '.join(each) or 'absent'}" for key, each in request.context.items()
            )
            message = f"{asked.title}: {request.caller} may call {request.action} on {request.resource}"
            message += f" with {keys}" if keys else ""
            line = next((each.line for each in because(asked) if each.allow), 1)
            yield Finding(checked.file, line, 1, code, Level.REFUSED, message)


def _result(finding: Finding, index: int) -> Mapping[str, Any]:
    uri = quote(PurePath(finding.file).as_posix())
    region = {"startLine": max(finding.line, 1), "startColumn": max(finding.column, 1)}
    mark = "\0".join((finding.file, finding.code, finding.message))
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "kind": "fail",
        "level": "error" if finding.level is Level.REFUSED else "warning",
        "message": {"text": f"{finding.message}; {finding.remedy}" if finding.remedy else finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"assay/v1": hashlib.sha256(mark.encode()).hexdigest()},
    }
