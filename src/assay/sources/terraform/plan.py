"""The file that `terraform show -json` writes, as far as its shape goes: is it a plan, and what does it plan?

Plans of every format version since 0.1 (Terraform 0.12) read alike: later versions only add. A state that is shown the
same way (`values` in place of `planned_values`) reads as a plan that changes nothing.
https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import Fault

MOST_BYTES = 256_000_000
_DEEPEST = 100  # levels of nesting in what is read; providers' schemas have a dozen
_MOST_RESOURCES = 500_000
_SUFFIXES = (".json", ".tfplan.json")
_VERSIONED = b'"format_version"'
_PLANNED = (b'"planned_values"', b'"resource_changes"', b'"values"')
_TEMPLATE = (b'"AWSTemplateFormatVersion"', b'"Resources"')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Planned:
    """One instance of a resource or data source, as it will be after the plan is applied.

    address  Such as `module.net["a"].aws_subnet.this[0]`.
    module   Address of the module instance that it is in; "" for the root.
    index    The number of `count` or the key of `for_each`; None for neither.
    values   Attributes that are known; `unknown` and `sensitive` are trees of the same shape with True at what is not
             known before it is applied, and at what must not be shown.
    """

    address: str
    module: str
    mode: str
    type: str
    name: str
    index: str | int | None
    values: Mapping[str, Any] = field(repr=False)
    unknown: Any = field(default=False, repr=False)
    sensitive: Any = field(default=False, repr=False)
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan.

    document  The whole file; `configuration`, `variables` and `prior_state` are read from it where they are needed.
    planned   What will exist, by address; data sources that are read only when the plan is applied among them.
    gone      (address, why) of what will not exist.
    left      (address, why) of what goes on existing outside of what the plan says.
    """

    file: str
    document: Mapping[str, Any] = field(repr=False)
    planned: Mapping[str, Planned] = field(repr=False)
    gone: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()


class _Misshapen(Exception):
    """The file is no plan, for one reason."""

    def __init__(self, message: str, found: str = "", expected: str = "") -> None:
        self.message, self.found, self.expected = message, found, expected
        super().__init__(message)


def looks_like_plan(content: bytes) -> bool:
    """Whether a file is meant as a plan, by what is in it: one that is cut off or broken is still meant as one."""
    text = _as_utf8(content)
    if text.lstrip()[:1] != b"{" or _VERSIONED not in text or not any(each in text for each in _PLANNED):
        return False
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return not any(each in text for each in _TEMPLATE)
    return isinstance(document, dict) and _is_plan(document)


def _is_plan(document: Mapping[str, Any]) -> bool:
    stated = any(key in document for key in ("planned_values", "resource_changes"))
    return "format_version" in document and (stated or _is_state(document))


def _is_state(document: Mapping[str, Any]) -> bool:
    return "terraform_version" in document and isinstance(document.get("values"), dict)


def content_of(path: Path) -> bytes | Fault:
    """Return the bytes of a plain file, or why there are none."""
    try:
        if not path.is_file():
            return Fault(str(path), 0, 0, "not a file")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        return Fault(str(path), 0, 0, f"cannot be read: {error.strerror}")
    if len(content) > MOST_BYTES:
        return Fault(str(path), 0, 0, "the plan is too large to read", "", f"at most {MOST_BYTES:,} bytes", "split it")
    return content


def parse(content: bytes, file: str) -> Plan | Fault:
    """Return the plan in some bytes, or what is wrong with them."""
    try:
        document = _document(_as_utf8(content))
        planned = _planned(document)
        gone, left = _ended(document, planned)
        return Plan(file, document, planned, gone, left)
    except json.JSONDecodeError as error:
        remedy = "write it anew: terraform show -json tfplan > plan.json"
        return Fault(file, error.lineno, error.colno, f"not valid JSON: {error.msg}", remedy=remedy)
    except _Misshapen as error:
        return Fault(file, 0, 0, error.message, error.found, error.expected)
    except RecursionError:
        return Fault(file, 0, 0, "the plan is nested too deep", "", f"at most {_DEEPEST} levels")
    except ValueError as error:  # text that is not Unicode, a number of more digits than Python reads
        return Fault(file, 0, 0, f"not valid JSON: {error}"[:200])


def _as_utf8(content: bytes) -> bytes:
    """Return the text in UTF-8 without a mark: PowerShell's `>` writes UTF-16."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content.removeprefix(b"\xef\xbb\xbf")


def _document(text: bytes) -> Mapping[str, Any]:
    document = json.loads(text)
    if not isinstance(document, dict):
        raise _Misshapen("not a Terraform plan", type(document).__name__, "an object with planned_values")
    if not _is_plan(document):
        found = "no format_version" if "format_version" not in document else "no planned_values and no resource_changes"
        raise _Misshapen("not a Terraform plan", found, "the output of terraform show -json for a saved plan")
    if _SURROGATE.search(text):
        json.dumps(document, ensure_ascii=False).encode()  # half a character raises; every report would fail on it
    version = document["format_version"]
    if not isinstance(version, str) or not re.fullmatch(r"[01]\.\d{1,4}(\..{0,20})?", version):
        raise _Misshapen("a format of plans that is not known", str(version)[:40], "format_version 0.x or 1.x")
    _shallow(document)
    return document


def _shallow(document: Any) -> None:
    """Raise when the document is nested deeper than any plan is."""
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise _Misshapen("the plan is nested too deep", "", f"at most {_DEEPEST} levels")


def _planned(document: Mapping[str, Any]) -> Mapping[str, Planned]:
    changes = _changes(document)
    found: dict[str, Planned] = {}
    for module, stated in _stated(document):
        address = _text(stated, "address")
        if address in found:
            raise _Misshapen("two resources have one address", address, "addresses that are distinct")
        if len(found) >= _MOST_RESOURCES:
            raise _Misshapen("too many resources in one plan", "", f"at most {_MOST_RESOURCES:,}")
        found[address] = _one(address, module, stated, changes.get(address, {}))
    for address, change in changes.items():
        if address not in found and _remains(change):
            found[address] = _one(address, str(change.get("module_address", "")), change, change)
    return found


def _stated(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the address of the module instance and the statement of every resource that will exist."""
    values = document.get("planned_values", document.get("values"))
    if values is None:
        return
    open_modules = [_mapping(_mapping(values, "planned_values").get("root_module", {}), "root_module")]
    while open_modules:
        module = open_modules.pop()
        for each in _sequence(module.get("resources", []), "resources"):
            yield str(module.get("address", "")), _mapping(each, "a resource")
        open_modules += [_mapping(each, "a module") for each in _sequence(module.get("child_modules", []), "modules")]


def _changes(document: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return what changes, by address; a leftover of a broken replacement (deposed) is no resource of its own."""
    found = {}
    for each in _sequence(document.get("resource_changes", []), "resource_changes"):
        stated = _mapping(each, "a change")
        if "deposed" not in stated:
            found[_text(stated, "address")] = stated
    return found


def _one(address: str, module: str, stated: Mapping[str, Any], change: Mapping[str, Any]) -> Planned:
    changed = _mapping(change.get("change", {}), "change")
    index = stated.get("index")
    return Planned(
        address=address,
        module=module,
        mode=str(stated.get("mode", "managed")),
        type=_text(stated, "type"),
        name=str(stated.get("name", "")),
        index=index if isinstance(index, str | int) else None,
        values=_mapping(stated.get("values") or changed.get("after") or {}, f"values of {address}"),
        unknown=changed.get("after_unknown", False),
        sensitive=changed.get("after_sensitive", stated.get("sensitive_values", False)),
        provider=str(stated.get("provider_name", "")),
    )


def actions(change: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the plan does with a resource: create, update, delete, read, no-op, forget; two of them replace."""
    changed = change.get("change")
    stated = changed.get("actions", []) if isinstance(changed, dict) else []
    return tuple(map(str, stated)) if isinstance(stated, list) else ()


def _remains(change: Mapping[str, Any]) -> bool:
    return not {"delete", "forget"} & set(actions(change)) or "create" in actions(change)


def _ended(
    document: Mapping[str, Any], planned: Mapping[str, Planned]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Return what will not exist, and what goes on existing but leaves the plan."""
    gone, left = [], []
    for address, change in _changes(document).items():
        if address in planned or change.get("mode") == "data":
            continue
        if "forget" in actions(change):
            left.append((address, "the plan forgets it: it goes on existing, and nobody manages it"))
        else:
            why = str(change.get("action_reason", "")).replace("_", " ")
            gone.append((address, f"the plan deletes it ({why})" if why else "the plan deletes it"))
    for each in _sequence(document.get("deferred_changes", []), "deferred_changes"):
        change = _mapping(_mapping(each, "a change").get("resource_change", {}), "a change")
        reason = str(each.get("reason", "")).replace("_", " ")
        left.append((str(change.get("address", "a resource")), f"the plan defers it: {reason}"))
    if document.get("errored") is True:
        left.append(("", "planning failed part of the way, so resources may be missing"))
    return tuple(gone), tuple(left)


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Misshapen(f"malformed plan: {what[:80]} is no object", type(value).__name__, "an object")
    return value


def _sequence(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _Misshapen(f"malformed plan: {what} is no list", type(value).__name__, "a list")
    return value


def _text(stated: Mapping[str, Any], key: str) -> str:
    value = stated.get(key)
    if not isinstance(value, str) or not value:
        raise _Misshapen(f"malformed plan: a resource without {key}", str(value)[:40], f"a {key}")
    return value
