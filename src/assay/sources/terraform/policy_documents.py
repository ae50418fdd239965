"""`data.aws_iam_policy_document` that can be written out only when the plan is applied: as much of it as is known now.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from collections.abc import Iterator, Mapping
from typing import Any

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.attributes import Attributes

TYPE = "aws_iam_policy_document"
_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}


def document(attributes: Attributes) -> Value:
    """Return the policy, or the text of it where that is known already; None when what it says is not known."""
    values = attributes.values
    written = values.get("json")
    if isinstance(written, str):
        return written
    if any(values.get(key) for key in ("source_json", "override_json", "source_policy_documents")):
        return None  # what they hold is part of it
    statements = values.get("statement")
    if values.get("override_policy_documents") or not isinstance(statements, list):
        return None
    found: dict[str, Value] = {"Version": "2012-10-17"}
    if isinstance(values.get("version"), str):
        found["Version"] = values["version"]
    found["Statement"] = [_statement(each) if isinstance(each, Mapping) else each for each in statements]
    return found


def _statement(stated: Mapping[str, Value]) -> Value:
    found: dict[str, Value] = {"Effect": stated.get("effect") or "Allow"}  # the provider's default
    if stated.get("sid"):
        found["Sid"] = stated["sid"]
    found |= {name: stated[key] for key, name in _LISTS.items() if stated.get(key)}
    for key, name in _PRINCIPALS.items():
        if principals := stated.get(key):
            found[name] = principals if isinstance(principals, Unknown) else dict(_principals(principals))
    if conditions := stated.get("condition"):
        found["Condition"] = conditions if isinstance(conditions, Unknown) else _conditions(conditions)
    return found


def _principals(blocks: Any) -> Iterator[tuple[str, Value]]:
    """Yield kind and identifiers; several blocks of one kind are one list, and `*` of kind `*` is everybody."""
    by_kind: dict[str, list[Value]] = {}
    for each in blocks:
        kind, identifiers = each.get("type"), each.get("identifiers")
        name = "AWS" if kind == "*" or not isinstance(kind, str) else kind
        by_kind.setdefault(name, []).extend(identifiers if isinstance(identifiers, list) else [identifiers])
    yield from by_kind.items()


def _conditions(blocks: Any) -> Value:
    found: dict[str, Value] = {}
    for each in blocks:
        test, variable = each.get("test"), each.get("variable")
        if not isinstance(test, str) or not isinstance(variable, str):
            return next(one for one in (test, variable) if isinstance(one, Unknown))
        inner = found.setdefault(test, {})
        if isinstance(inner, dict):
            inner[variable] = each.get("values")
    return found
