"""One template: its sections as plain values, and where each of them is written, also after parts were expanded."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from assay.documents import Dialect, Document, Limits, Path, kind, read
from assay.errors import Fault, nearest
from assay.inventory.resource import Position

# A template body is at most 1 MB (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html);
# ours may be what a build step makes of several. ForEach and alternatives nest deeper than a plain document.
LIMITS = Limits(bytes=8_000_000, depth=160, values=500_000)

_FUNCTIONS = (
    *("And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "GetAZs"),
    *("GetAtt", "GetStackOutput", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split"),
    *("Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll"),
)
# Tags of AWS's own preprocessor; what they put in their place is known only after it has run.
PREPROCESSOR = [f"Rain::{name}" for name in ("Embed", "Env", "Include", "Module", "S3", "S3Http")]
# Stands in a translated template for what only packaging can say.
NOT_PACKAGED = "Assay::NotPackaged"
# YAML 1.1, which CloudFormation reads, knows more words than ours for true and false. It takes the last of two keys.
_DIALECT = Dialect(
    tags={
        "!Ref": "Ref",
        "!Condition": "Condition",
        **{f"!{name}": f"Fn::{name}" for name in _FUNCTIONS},
        **{f"!{name}": name for name in PREPROCESSOR},
    },
    words={
        **{form: True for word in ("yes", "on") for form in (word, word.title(), word.upper())},
        **{form: False for word in ("no", "off") for form in (word, word.title(), word.upper())},
    },
    lenient=True,
)

_MAPPINGS = ("Conditions", "Globals", "Mappings", "Outputs", "Parameters", "Resources", "Rules")
SECTIONS = frozenset(
    (*_MAPPINGS, "AWSTemplateFormatVersion", "Description", "Hooks", "Metadata", "Transform", "Fn::Transform")
)


@dataclass(frozen=True, slots=True)
class Template:
    """A template, perhaps expanded: loops unrolled, included files put in, serverless resources translated.

    document  The file.
    sections  What it says, after expansion.
    moved     Path in `sections` → (document, path there) of what stands there, where expansion put it there. What lies
              below moved with it.
    open      Sections to which a macro or loop that we could not run may add.
    """

    document: Document
    sections: Mapping[str, Any]
    moved: Mapping[Path, tuple[Document, Path]] = field(default_factory=dict, repr=False)
    open: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        """What messages call the file."""
        return self.document.file

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section that holds named things; empty when the template has none."""
        found = self.sections.get(name)
        return found if isinstance(found, Mapping) else {}

    def written(self, path: Path) -> tuple[Document, Path]:
        """Return the document and path at which the value at `path` is written."""
        if self.moved:
            for length in range(len(path), 0, -1):
                if found := self.moved.get(path[:length]):
                    return found[0], (*found[1], *path[length:])
        return self.document, path

    def position(self, path: Path) -> Position:
        """Return the place of the value at a path, or of its nearest ancestor that is written somewhere."""
        document, written = self.written(path)
        return Position(document.file, *document.place(written))

    def key_position(self, path: Path) -> Position:
        """Return the place of the key that leads to a path."""
        document, written = self.written(path)
        return Position(document.file, *document.key_place(written))


def load(path: FilePath, name: str) -> tuple[Template | None, tuple[Fault, ...]]:
    """Return the template in a file, or None and its faults. `name` is what messages call the file."""
    content = content_of(path, name)
    return (None, (content,)) if isinstance(content, Fault) else parse(content, name)


def content_of(path: FilePath, name: str) -> bytes | Fault:
    """Return the bytes of a plain file, or why there are none. No more is read than a template may have."""
    try:
        if not path.is_file():
            return Fault(name, 0, 0, "not a file")
        with path.open("rb") as stream:
            return stream.read(LIMITS.bytes + 1)
    except OSError as error:
        return Fault(name, 0, 0, f"cannot be read: {error.strerror}")


def parse(content: bytes, name: str) -> tuple[Template | None, tuple[Fault, ...]]:
    """Return the template in some bytes, or None and its faults."""
    document, faults = parse_fragment(content, name)
    if document is None:
        return None, faults
    wrong = tuple(_misshapen(document))
    return (None, wrong) if wrong else (Template(document, _stated(document.value)), ())


def parse_fragment(content: bytes, name: str) -> tuple[Document | None, tuple[Fault, ...]]:
    """Return the document in some bytes, whatever its shape, or None and its faults."""
    return read(_as_yaml(content), name, LIMITS, _DIALECT)


def _stated(value: Any) -> dict[str, Any]:
    return {key: each for key, each in value.items() if each is not None}


_SURROGATES = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def _as_yaml(content: bytes) -> bytes:
    """Return JSON in the form that a YAML parser takes; YAML unchanged.

    JSON allows tabs between tokens and writes characters beyond the basic plane as two escapes. A raw tab within a JSON
    text is illegal, so replacing all of them changes no value and no column.
    """
    if not _begins_like_json(content):
        return content
    plain = content.replace(b"\t", b" ")
    return _SURROGATES.sub(lambda match: _character(match[0]), plain)


def _begins_like_json(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _character(escapes: bytes) -> bytes:
    text = escapes.decode("unicode_escape")
    return text.encode("utf-16", "surrogatepass").decode("utf-16").encode()


_YAML_SECTION = re.compile(r"""^["']?(Resources|AWSTemplateFormatVersion)["']?[ \t]*:""", re.MULTILINE)
_JSON_SECTION = re.compile(r"""[{,]\s*"(Resources|AWSTemplateFormatVersion)"\s*:""")


def looks_like_template(content: bytes) -> bool:
    """Whether a file found in a folder is meant as a template: it has resources or says the format's version.

    The encoding does not matter here: a template in UTF-16 is one, and reading it says what is wrong.
    """
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = content.decode(encoding, "replace")
    if not _begins_like_json(content):
        return _YAML_SECTION.search(text) is not None
    if _JSON_SECTION.search(text) is None:
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return True  # malformed, and reading it says where
    return "Resources" in value or "AWSTemplateFormatVersion" in value


def _misshapen(document: Document) -> Iterator[Fault]:
    value = document.value
    expected = "a mapping with a section Resources"
    if not isinstance(value, dict):
        yield Fault(document.file, 1, 1, "not a template", kind(value), expected)
        return
    if "Resources" not in value:
        yield Fault(document.file, 1, 1, "not a template", "no section Resources", expected)
    for key, each in value.items():
        if key not in SECTIONS and "Transform" not in value and "Fn::Transform" not in value:
            at, known = document.key_place((key,)), ", ".join(sorted(SECTIONS))
            yield Fault(document.file, *at, f"unknown section {key!r}", "", known, nearest(key, SECTIONS))
        elif key in _MAPPINGS and not isinstance(each, dict | None):
            at = document.place((key,))
            yield Fault(document.file, *at, f"section {key} is no mapping", kind(each), "a mapping")
