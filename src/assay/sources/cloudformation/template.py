"""One template file as a document, or what is wrong with it."""

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from assay.documents import Dialect, Document, Limits, read
from assay.errors import Fault

# A template body is at most 1 MB (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html);
# ours may be what a build step makes of several. ForEach and alternatives nest deeper than a plain document.
LIMITS = Limits(bytes=8_000_000, depth=160, values=500_000)

_FUNCTIONS = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAtt",
    "GetAZs",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
]
TAGS: Mapping[str, str] = {"!Ref": "Ref", "!Condition": "Condition"} | {
    f"!{name}": f"Fn::{name}" for name in _FUNCTIONS
}

_SECTIONS = frozenset(
    [
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Globals",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
        "Fn::Transform",
    ]
)


def load(path: FilePath, name: str) -> tuple[Document | None, tuple[Fault, ...]]:
    """Return the template as a document, or None and its faults. `name` is what messages call the file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, (Fault(name, 0, 0, f"cannot be read: {error.strerror}"),)
    return parse(content, name)


def parse(content: bytes, name: str) -> tuple[Document | None, tuple[Fault, ...]]:
    """Return the document in the bytes of a template, or None and its faults."""
    document, faults = read(_as_yaml(content), name, LIMITS, Dialect(TAGS))
    if document is None:
        return None, faults
    wrong = _shape(document)
    return (None, wrong) if wrong else (document, ())


_SURROGATES = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def _as_yaml(content: bytes) -> bytes:
    """Return JSON in the form that a YAML parser takes; YAML unchanged.

    JSON allows tabs between tokens and writes characters beyond the basic plane as two escapes. A raw tab within a JSON
    text is illegal, so replacing all of them changes no value and no column.
    """
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return content
    plain = content.replace(b"\t", b" ")
    return _SURROGATES.sub(lambda match: _character(match[0]), plain)


def _character(escapes: bytes) -> bytes:
    text = escapes.decode("unicode_escape")
    return text.encode("utf-16", "surrogatepass").decode("utf-16").encode()


def looks_like_template(content: bytes) -> bool:
    """Whether a file found in a folder is meant as a template: it has resources or says the format's version."""
    return (
        re.search(
            rb"""^\s*["']?(Resources|AWSTemplateFormatVersion)["']?\s*:|[{,]\s*"(Resources|AWSTemplateFormatVersion)"\s*:""",
            content,
            re.MULTILINE,
        )
        is not None
    )


def _shape(document: Document) -> tuple[Fault, ...]:
    value = document.value
    if not isinstance(value, dict):
        return (Fault(document.file, 1, 1, "not a template", _kind(value), "a mapping with a section Resources"),)
    if not isinstance(value.get("Resources"), dict):
        at = document.place(("Resources",))
        return (
            Fault(document.file, *at, "not a template", "no mapping Resources", "a mapping with a section Resources"),
        )
    faults = [
        Fault(document.file, *document.key_place((key,)), f"unknown section {key!r}", "", ", ".join(sorted(_SECTIONS)))
        for key in value
        if key not in _SECTIONS and not key.startswith("Fn::ForEach::")
    ]
    for section in ("Parameters", "Mappings", "Conditions", "Outputs"):
        if section in value and not isinstance(value[section], dict):
            faults.append(
                Fault(document.file, *document.place((section,)), f"{section} is not a mapping", _kind(value[section]))
            )
    return tuple(faults)


def _kind(value: Any) -> str:
    from assay.documents import kind

    return kind(value)
