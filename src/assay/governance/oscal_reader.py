"""Reading OSCAL documents: JSON within bounds, and every fault with its place, a JSON pointer (RFC 6901)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import Fault, FaultyFiles, UsageError

LARGEST = 100_000_000  # bytes; NIST SP 800-53 r5 is ten million
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Stated:
    """A control as a document states it, before its texts are read.

    body    The control's JSON object; None: only its id is known.
    where   The JSON pointer to it, for faults.
    parent  Id of the control that it enhances, or "".
    """

    id: str
    body: Mapping[str, Any] | None
    where: str = ""
    parent: str = ""


class Reader:
    """Collects what is wrong with one OSCAL document."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, pointer: str, message: str, found: str = "", expected: str = "") -> None:
        """Note what is wrong."""
        self.faults.append(Fault(self.file, 0, 0, f"at {pointer or '/'}: {message}", found, expected))

    def mapping(self, value: Any, pointer: str) -> Mapping[str, Any]:
        """Return an object; an empty one, noted, for anything else."""
        if isinstance(value, dict):
            return value
        self.fault(pointer, "of the wrong kind", said(value), "an object")
        return {}

    def text(self, parent: Mapping[str, Any], name: str, pointer: str) -> str:
        """Return a text that must be there; "", noted, for anything else."""
        value = parent.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(f"{pointer}/{name}", "missing or of the wrong kind", said(value), "text")
        return ""

    def items(self, parent: Mapping[str, Any], name: str, pointer: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        """Yield the objects of an array that may be there, each with its pointer."""
        value = parent.get(name, [])
        if not isinstance(value, list):
            self.fault(f"{pointer}/{name}", "of the wrong kind", said(value), "an array")
            return
        for index, each in enumerate(value):
            where = f"{pointer}/{name}/{index}"
            yield self.mapping(each, where), where


def said(value: Any) -> str:
    """Return what was found, short."""
    return "nothing" if value is None else json.dumps(value)[:60]


def load(file: Path) -> Mapping[str, Any]:
    """Return the JSON object of a file. Raises FaultyFiles, UsageError."""
    try:
        if file.stat().st_size > LARGEST:
            raise FaultyFiles(
                [Fault(str(file), 0, 0, "the file is too large to read", "", f"at most {LARGEST:,} bytes")]
            )
        if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe would be waited for, a device never ends
            raise UsageError(f"cannot read {file}: not a regular file")
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise FaultyFiles([Fault(str(file), error.lineno, error.colno, f"not valid JSON: {error.msg}")]) from error
    except UnicodeDecodeError as error:
        raise FaultyFiles([Fault(str(file), 0, 0, "the file is not UTF-8", remedy="save it as UTF-8")]) from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of thousands of digits
        raise FaultyFiles(
            [Fault(str(file), 0, 0, "not an OSCAL document: nested too deeply, or a number too large")]
        ) from error
    if not isinstance(document, dict):
        raise FaultyFiles([Fault(str(file), 1, 1, "not an OSCAL document", said(document), "an object")])
    return document


def check_version(body: Mapping[str, Any], pointer: str, reader: Reader) -> None:
    """Note a document of another version than 1.x."""
    metadata = reader.mapping(body.get("metadata"), f"{pointer}/metadata")
    version = reader.text(metadata, "oscal-version", f"{pointer}/metadata") if metadata else ""
    if version and not version.startswith("1."):
        reader.fault(f"{pointer}/metadata/oscal-version", "a version that is not understood", version, "1.x")
