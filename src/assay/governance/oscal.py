"""Requirements out of OSCAL 1.x catalogues and profiles (NIST's JSON formats for control catalogues and baselines).

A catalogue states controls, with enhancements as controls within controls. A profile selects controls of catalogues,
and may arrange and modify them; their texts are in a catalogue, which is read when it lies beside the profile. Nothing
is fetched.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assay.errors import FaultyFiles
from assay.governance.model import RequirementText
from assay.governance.oscal_profile import arranged, combined, modified, selected
from assay.governance.oscal_reader import DEEPEST, Reader, Stated, check_version, load

_LONGEST_CHAIN = 5
_LONGEST_TEXT = 1_000_000  # characters that parameters may add to one control; NIST's longest add two thousand


@dataclass(frozen=True, slots=True)
class OscalControl:
    """One control or enhancement: its OSCAL id, its label ("AC-2(1)"), and what it says."""

    id: str
    label: str
    text: RequirementText
    parent: str = ""


def import_catalog(file: Path) -> dict[str, OscalControl]:
    """Return what an OSCAL catalogue states or a profile selects, by OSCAL id in the file's order.

    Of a profile whose catalogue does not lie beside it only the ids are known: the titles and texts are "".
    Raises FaultyFiles with everything that is wrong, UsageError when the file cannot be read.
    """
    reader = Reader(str(file))
    controls = {name: _control(each, reader) for name, each in _read(file, 0, {}).items()}
    if reader.faults:
        raise FaultyFiles(reader.faults)
    return controls


def _read(file: Path, imports: int, known: dict[Path, Mapping[str, Stated]]) -> Mapping[str, Stated]:
    """Return the controls of a file. imports: how many profiles led to it; known: what was read before, once each."""
    if file in known:
        return known[file]
    document = load(file)
    reader = Reader(str(file))
    if isinstance(document.get("catalog"), dict):
        controls = _catalogue(document["catalog"], reader)
    elif isinstance(document.get("profile"), dict):
        controls = _profile(document["profile"], file, imports, reader, known)
    else:
        controls = {}
        found = ", ".join(list(document)[:5])
        reader.fault("", "not an OSCAL catalogue or profile", found, "an object with the key catalog or profile")
    if reader.faults:
        raise FaultyFiles(reader.faults)
    known[file] = controls
    return controls


def _catalogue(body: Mapping[str, Any], reader: Reader) -> dict[str, Stated]:
    check_version(body, "/catalog", reader)
    controls: dict[str, Stated] = {}
    for control in _controls(body, "/catalog", reader, ""):
        if control.id in controls:
            reader.fault(f"{control.where}/id", "the id is given twice", control.id)
        _control(control, reader)  # here its faults have the place where it stands
        controls[control.id] = control
    if not controls and not reader.faults:
        reader.fault("/catalog", "the catalogue has no controls")
    return controls


def _controls(body: Mapping[str, Any], pointer: str, reader: Reader, parent: str) -> Iterator[Stated]:
    """Yield the controls of a catalogue, group or control, each followed by those within it."""
    if pointer.count("/groups/") + pointer.count("/controls/") > DEEPEST:
        reader.fault(pointer, "nested too deeply", "", f"at most {DEEPEST} levels of groups and controls")
        return
    for control, where in reader.items(body, "controls", pointer):
        name = reader.text(control, "id", where)
        yield Stated(name, control, where, parent)
        yield from _controls(control, where, reader, name)
    for group, where in reader.items(body, "groups", pointer):
        yield from _controls(group, where, reader, parent)


def _control(stated: Stated, reader: Reader) -> OscalControl:
    control, pointer = stated.body, stated.where
    if control is None:
        return OscalControl(stated.id, stated.id, RequirementText(""))
    props = [each for each, _ in reader.items(control, "props", pointer)]
    labels = [
        str(each.get("value")) for each in props if each.get("name") == "label" and each.get("class") != "zero-padded"
    ]
    withdrawn = any(each.get("name") == "status" and str(each.get("value")).casefold() == "withdrawn" for each in props)
    title = _plain(reader.text(control, "title", pointer))
    text = RequirementText(title, "" if withdrawn else _statement(control, pointer, reader), withdrawn)
    return OscalControl(stated.id, next(iter(labels), stated.id), text, stated.parent)


def _plain(markup: str) -> str:
    """Return markup without its escapes (CommonMark, 6.1); emphasis and links stay as they are written."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markup)


def _statement(control: Mapping[str, Any], pointer: str, reader: Reader) -> str:
    """Return the control's statement, one line per item, with its parameters spelt out."""
    params = {str(each.get("id")): each for each, _ in reader.items(control, "params", pointer)}
    lines = [
        line
        for part, where in reader.items(control, "parts", pointer)
        if part.get("name") == "statement"
        for line in _prose(part, where, reader, 0)
    ]
    speller = _Speller(params)
    text = _plain(speller.spelt("\n".join(lines)))
    if speller.left < 0:
        expected = f"at most {_LONGEST_TEXT:,} characters"
        reader.fault(f"{pointer}/params", "its parameters, spelt out, do not end", "", expected)
    return text


def _prose(part: Mapping[str, Any], pointer: str, reader: Reader, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    props = [each for each, _ in reader.items(part, "props", pointer)]
    label = next((f"{each.get('value')} " for each in props if each.get("name") == "label"), "")
    if isinstance(part.get("prose"), str):
        yield "  " * max(depth - 1, 0) + label + part["prose"].strip()
    for inner, where in reader.items(part, "parts", pointer):
        yield from _prose(inner, where, reader, depth + 1)


_INSERT = re.compile(r"(?<!\\)\{\{\s*insert:\s*param,\s*([^\s}]+)\s*\}\}")


@dataclass(slots=True)
class _Speller:
    """Spells out the parameters of one control; they may name one another, so what they add is bounded."""

    params: Mapping[str, Mapping[str, Any]]
    left: int = _LONGEST_TEXT

    def spelt(self, text: str, depth: int = 0) -> str:
        """Return a text with its insertions spelt out."""
        return _INSERT.sub(lambda match: self._parameter(match.group(1), depth), text)

    def _parameter(self, name: str, depth: int) -> str:
        """Return its values, else what NIST prints: [Assignment: …] or [Selection: …; …]."""
        param = self.params.get(name, {})
        values, select = param.get("values"), param.get("select")
        within = "".join(f": {each}" for each in _constraints(param))
        if isinstance(values, list) and values:
            said = ", ".join(map(str, values))
        elif isinstance(select, dict) and isinstance(select.get("choice"), list) and depth < DEEPEST and self.left >= 0:
            choices = [self.spelt(str(each), depth + 1) for each in select["choice"]]
            said = f"[Selection: {'; '.join(choices)}{within}]"
        else:
            said = f"[Assignment: {param.get('label', name)}{within}]"
        self.left -= len(said)
        return said if self.left >= 0 else ""


def _constraints(param: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a profile demands of a parameter that it leaves to others to set."""
    stated = param.get("constraints")
    for each in stated if isinstance(stated, list) else ():
        if isinstance(each, dict) and isinstance(each.get("description"), str):
            yield each["description"].strip()


def _profile(
    body: Mapping[str, Any], file: Path, imports: int, reader: Reader, known: dict[Path, Mapping[str, Stated]]
) -> dict[str, Stated]:
    check_version(body, "/profile", reader)
    taken: list[tuple[str, Mapping[str, Stated]]] = []
    stated: dict[str, Stated] = {}
    for each, where in reader.items(body, "imports", "/profile"):
        beside = _beside(body, reader.text(each, "href", where), file, reader)
        if beside and imports == _LONGEST_CHAIN:
            reader.fault(f"{where}/href", f"a chain of more than {_LONGEST_CHAIN} profiles", beside.name)
            continue
        catalogue = _read(beside, imports + 1, known) if beside else None
        stated.update(catalogue or {})
        taken.append((where, selected(each, where, catalogue, reader)))
    chosen = arranged(combined(taken, body, reader), body, reader)
    if not chosen and not reader.faults:
        reader.fault("/profile/imports", "the profile selects no controls")
    return modified(chosen, stated, body, reader)


def _beside(body: Mapping[str, Any], href: str, file: Path, reader: Reader) -> Path | None:
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
        there = os.path.isfile(beside)  # noqa: PTH113 - Path.is_file raises on a name that is too long
        if name.endswith(".json") and beside.name != file.name and there:
            return beside
    return None
