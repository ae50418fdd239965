"""Requirements out of OSCAL 1.x catalogues and profiles (NIST's JSON formats for control catalogues and baselines).

A catalogue states controls, with enhancements as controls within controls. A profile selects controls of a catalogue by
id; their texts are in that catalogue, which is read when it lies beside the profile. Nothing is fetched.
"""

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assay.errors import Fault, FaultyFiles, UsageError
from assay.governance.model import RequirementText

_LARGEST = 100_000_000  # bytes; NIST SP 800-53 r5 is ten million
_DEEPEST = 20
_LONGEST_CHAIN = 5


@dataclass(frozen=True, slots=True)
class OscalControl:
    """One control or enhancement: its OSCAL id, its label ("AC-2(1)"), and what it says."""

    id: str
    label: str
    text: RequirementText
    parent: str = ""


class _Reader:
    """Collects what is wrong with one OSCAL document; a place is a JSON pointer (RFC 6901)."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, pointer: str, message: str, found: str = "", expected: str = "") -> None:
        self.faults.append(Fault(self.file, 0, 0, f"at {pointer or '/'}: {message}", found, expected))

    def mapping(self, value: Any, pointer: str) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        self.fault(pointer, "of the wrong kind", _said(value), "an object")
        return {}

    def text(self, parent: Mapping[str, Any], name: str, pointer: str) -> str:
        value = parent.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(f"{pointer}/{name}", "missing or of the wrong kind", _said(value), "text")
        return ""

    def items(self, parent: Mapping[str, Any], name: str, pointer: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        value = parent.get(name, [])
        if not isinstance(value, list):
            self.fault(f"{pointer}/{name}", "of the wrong kind", _said(value), "an array")
            return
        for index, each in enumerate(value):
            where = f"{pointer}/{name}/{index}"
            yield self.mapping(each, where), where


def _said(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value)[:60]


def import_catalog(file: Path) -> dict[str, OscalControl]:
    """Return what an OSCAL catalogue states or a profile selects, by OSCAL id in the file's order.

    Of a profile whose catalogue does not lie beside it only the ids are known: the titles and texts are "".
    Raises FaultyFiles with everything that is wrong, UsageError when the file cannot be read.
    """
    return _read(file, 0)


def _read(file: Path, imports: int) -> dict[str, OscalControl]:
    document = _load(file)
    reader = _Reader(str(file))
    if isinstance(document.get("catalog"), dict):
        controls = _catalogue(document["catalog"], reader)
    elif isinstance(document.get("profile"), dict):
        controls = _profile(document["profile"], file, imports, reader)
    else:
        controls = {}
        found = ", ".join(list(document)[:5])
        reader.fault("", "not an OSCAL catalogue or profile", found, "an object with the key catalog or profile")
    if reader.faults:
        raise FaultyFiles(reader.faults)
    return controls


def _load(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > _LARGEST:
            raise FaultyFiles(
                [Fault(str(file), 0, 0, "the file is too large to read", "", f"at most {_LARGEST:,} bytes")]
            )
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
        raise FaultyFiles([Fault(str(file), 1, 1, "not an OSCAL document", _said(document), "an object")])
    return document


def _metadata(body: Mapping[str, Any], pointer: str, reader: _Reader) -> None:
    metadata = reader.mapping(body.get("metadata"), f"{pointer}/metadata")
    version = reader.text(metadata, "oscal-version", f"{pointer}/metadata") if metadata else ""
    if version and not version.startswith("1."):
        reader.fault(f"{pointer}/metadata/oscal-version", "a version that is not understood", version, "1.x")


def _catalogue(body: Mapping[str, Any], reader: _Reader) -> dict[str, OscalControl]:
    _metadata(body, "/catalog", reader)
    controls: dict[str, OscalControl] = {}
    for control, where in _controls(body, "/catalog", reader, ""):
        if control.id in controls:
            reader.fault(f"{where}/id", "the id is given twice", control.id)
        controls[control.id] = control
    if not controls and not reader.faults:
        reader.fault("/catalog", "the catalogue has no controls")
    return controls


def _controls(
    body: Mapping[str, Any], pointer: str, reader: _Reader, parent: str
) -> Iterator[tuple[OscalControl, str]]:
    """Yield the controls of a catalogue, group or control, each followed by those within it."""
    if pointer.count("/groups/") + pointer.count("/controls/") > _DEEPEST:
        reader.fault(pointer, "nested too deeply", "", f"at most {_DEEPEST} levels of groups and controls")
        return
    for control, where in reader.items(body, "controls", pointer):
        read = _control(control, where, reader, parent)
        yield read, where
        yield from _controls(control, where, reader, read.id)
    for group, where in reader.items(body, "groups", pointer):
        yield from _controls(group, where, reader, parent)


def _control(control: Mapping[str, Any], pointer: str, reader: _Reader, parent: str) -> OscalControl:
    name = reader.text(control, "id", pointer)
    props = [each for each, _ in reader.items(control, "props", pointer)]
    labels = [
        str(each.get("value")) for each in props if each.get("name") == "label" and each.get("class") != "zero-padded"
    ]
    withdrawn = any(each.get("name") == "status" and str(each.get("value")).casefold() == "withdrawn" for each in props)
    title = reader.text(control, "title", pointer)
    text = RequirementText(title, "" if withdrawn else _statement(control, pointer, reader), withdrawn)
    return OscalControl(name, next(iter(labels), name), text, parent)


def _statement(control: Mapping[str, Any], pointer: str, reader: _Reader) -> str:
    """Return the control's statement, one line per item, with its parameters spelt out."""
    params = {str(each.get("id")): each for each, _ in reader.items(control, "params", pointer)}
    lines = [
        line
        for part, where in reader.items(control, "parts", pointer)
        if part.get("name") == "statement"
        for line in _prose(part, where, reader, 0)
    ]
    return _INSERT.sub(lambda match: _parameter(match.group(1), params, 0), "\n".join(lines))


def _prose(part: Mapping[str, Any], pointer: str, reader: _Reader, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    props = [each for each, _ in reader.items(part, "props", pointer)]
    label = next((f"{each.get('value')} " for each in props if each.get("name") == "label"), "")
    if isinstance(part.get("prose"), str):
        yield "  " * max(depth - 1, 0) + label + part["prose"].strip()
    for inner, where in reader.items(part, "parts", pointer):
        yield from _prose(inner, where, reader, depth + 1)


_INSERT = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s}]+)\s*\}\}")


def _parameter(name: str, params: Mapping[str, Mapping[str, Any]], depth: int) -> str:
    """Return what a parameter stands for, as NIST prints it: [Assignment: …] or [Selection: …; …]."""
    param = params.get(name, {})
    select = param.get("select")
    if isinstance(select, dict) and isinstance(select.get("choice"), list) and depth < _DEEPEST:
        choices = [
            _INSERT.sub(lambda match: _parameter(match.group(1), params, depth + 1), str(each))
            for each in select["choice"]
        ]
        return f"[Selection: {'; '.join(choices)}]"
    return f"[Assignment: {param.get('label', name)}]"


def _profile(body: Mapping[str, Any], file: Path, imports: int, reader: _Reader) -> dict[str, OscalControl]:
    _metadata(body, "/profile", reader)
    selected: dict[str, OscalControl] = {}
    for each, where in reader.items(body, "imports", "/profile"):
        beside = _beside(body, reader.text(each, "href", where), file, reader)
        if beside and imports == _LONGEST_CHAIN:
            reader.fault(f"{where}/href", f"a chain of more than {_LONGEST_CHAIN} profiles", beside.name)
            continue
        catalogue = _read(beside, imports + 1) if beside else None
        wanted = _selected(each, where, catalogue, reader)
        unwanted = set(_matches(each, "exclude-controls", where, catalogue, reader))
        selected.update((name, _known(name, catalogue)) for name in wanted if name not in unwanted)
    if not selected and not reader.faults:
        reader.fault("/profile/imports", "the profile selects no controls")
    return selected


def _known(name: str, catalogue: Mapping[str, OscalControl] | None) -> OscalControl:
    if catalogue and name in catalogue:
        return catalogue[name]
    return OscalControl(name, name, RequirementText(""))


def _selected(
    each: Mapping[str, Any], where: str, catalogue: Mapping[str, OscalControl] | None, reader: _Reader
) -> Iterable[str]:
    if "include-all" not in each:
        return _matches(each, "include-controls", where, catalogue, reader)
    if catalogue is None:
        _needs_catalogue(f"{where}/include-all", reader)
        return ()
    return catalogue


def _needs_catalogue(pointer: str, reader: _Reader) -> None:
    expected = "the catalogue that it selects from, as a file beside the profile"
    reader.fault(pointer, "which controls these are cannot be told from the profile alone", "", expected)


def _matches(
    each: Mapping[str, Any],
    key: str,
    where: str,
    catalogue: Mapping[str, OscalControl] | None,
    reader: _Reader,
) -> Iterator[str]:
    for selector, place in reader.items(each, key, where):
        names = selector.get("with-ids", [])
        patterns = [str(match.get("pattern", "")) for match, _ in reader.items(selector, "matching", place)]
        children = selector.get("with-child-controls") == "yes"
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            reader.fault(f"{place}/with-ids", "of the wrong kind", _said(names), "an array of ids")
            continue
        if (patterns or children) and catalogue is None:
            _needs_catalogue(place, reader)
            continue
        known = catalogue or {}
        if catalogue is not None:
            for missing in [name for name in names if name not in known]:
                reader.fault(f"{place}/with-ids", "the catalogue has no such control", missing)
        found = [*names, *(name for name in known if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns))]
        yield from found
        if children:
            yield from (name for name in known if _descends(name, set(found), known))


def _descends(name: str, ancestors: set[str], known: Mapping[str, OscalControl]) -> bool:
    for _ in range(_DEEPEST):
        name = known[name].parent if name in known else ""
        if name in ancestors:
            return True
    return False


def _beside(body: Mapping[str, Any], href: str, file: Path, reader: _Reader) -> Path | None:
    """Return the file that a profile imports, if it lies in the profile's folder under its own name."""
    names = [href]
    if href.startswith("#"):
        back = reader.mapping(body.get("back-matter", {}), "/profile/back-matter")
        names = [
            str(link.get("href", ""))
            for each, where in reader.items(back, "resources", "/profile/back-matter")
            if each.get("uuid") == href[1:]
            for link, _ in reader.items(each, "rlinks", where)
        ]
    for name in names:
        beside = file.parent / PurePosixPath(name).name
        if name.endswith(".json") and beside.name != file.name and beside.is_file():
            return beside
    return None
