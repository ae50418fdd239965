"""The texts of a framework's requirements, from an OSCAL file into a governance repository."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.errors import Fault, FaultyFiles, UsageError
from assay.governance.files import TEXTS
from assay.governance.model import RequirementText
from assay.governance.oscal import OscalControl, import_catalog

_SLUG = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote. `count` includes the requirements marked as withdrawn."""

    path: Path
    count: int
    withdrawn: int
    framework: Path | None = None


def import_into(file: Path, name: str, directory: Path) -> Imported:
    """Write the requirements of an OSCAL file as texts of the framework `name` into a governance repository.

    Requirements take the ids that the framework uses for them; a framework that neither the repository nor the
    catalogue has is written as well, with nothing yet to answer its requirements.
    Raises FaultyFiles on a malformed file, UsageError when `name` cannot be an id, or `directory` is not a
    repository or cannot be written.
    """
    if not _SLUG.fullmatch(name):
        raise UsageError(f"--as {name!r}: expected the id of a framework, such as nist-800-53-r5")
    folder = directory / "frameworks"
    if not (directory / "organisation.yaml").is_file():
        raise UsageError(f"{directory} is not a governance repository: it has no organisation.yaml")
    controls = list(import_catalog(file).values())
    keys = _framework_keys(name, folder)
    requirements: dict[str, RequirementText] = {}
    for key, text in _as_requirements(controls, keys):
        if key in requirements:
            message = "the id of a control is how another one is called"
            raise FaultyFiles([Fault(str(file), 0, 0, message, key, "ids and labels that tell controls apart")])
        requirements[key] = text
    target = folder / f"{name}{TEXTS}"
    framework = folder / f"{name}.yaml" if keys is None else None
    try:
        folder.mkdir(exist_ok=True)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        target.write_text(_texts_yaml(name, f"{file.name} sha256:{digest}", requirements), encoding="utf-8")
        if framework:
            framework.write_text(_framework_yaml(name, file.name, requirements), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or folder}: {error.strerror}") from error
    return Imported(target, len(requirements), sum(each.withdrawn for each in requirements.values()), framework)


def _framework_keys(name: str, folder: Path) -> Sequence[str] | None:
    """Return the ids that the framework gives its requirements, or None when nobody knows the framework."""
    from assay.documents import read
    from assay.governance.repository import read_catalogue

    own = folder / f"{name}.yaml"
    if own.is_file():
        document, faults = read(own.read_bytes(), str(own))
        if document is None:
            raise FaultyFiles(faults)
        stated = document.value.get("requirements") if isinstance(document.value, dict) else None
        return list(stated) if isinstance(stated, dict) else []
    known = read_catalogue().frameworks.get(name)
    return list(known.requirements) if known else None


def _as_requirements(
    controls: Sequence[OscalControl], keys: Sequence[str] | None
) -> Iterator[tuple[str, RequirementText]]:
    known = {_spelling(key): key for key in keys or ()}
    taken: set[str] = set()
    for control in controls:
        candidates = (known.get(_spelling(control.id)), known.get(_spelling(control.label)), control.label, control.id)
        key = next(each for each in candidates if (each and each not in taken) or each == control.id)
        taken.add(key)
        yield key, replace(control.text, title=control.text.title or key)


def _spelling(name: str) -> tuple[str | int, ...]:
    """Return what all spellings of a requirement's id share: AC-2(1), ac-2.1 and AC-02(01) are one."""
    return tuple(int(each) if each.isdigit() else each for each in re.findall("[a-z]+|[0-9]+", name.casefold()))


def _texts_yaml(name: str, source: str, requirements: Mapping[str, RequirementText]) -> str:
    lines = [f"id: {name}", f"source: {_quoted(source)}", "requirements:"]
    for key, each in requirements.items():
        lines += [f"  {_quoted(key)}:", f"    title: {_quoted(each.title)}"]
        lines += [f"    text: {_quoted(each.text)}"] if each.text else []
        lines += ["    withdrawn: true"] if each.withdrawn else []
    return "\n".join(lines) + "\n"


def _framework_yaml(name: str, source: str, requirements: Mapping[str, RequirementText]) -> str:
    lines = [
        "# Written by `assay framework import`. Point each requirement to what answers it:",
        "#   objectives: [...], controls: [...], or outside: why software cannot answer it.",
        f"id: {name}",
        f"title: {name}",
        'version: "1"',
        f"source: {_quoted(source)}",
        "drivers: [any] # the data classes, contracts and jurisdictions that demand it",
        "requirements:",
    ]
    lines += [
        f"  {_quoted(key)}: {{title: {_quoted(each.title)}}}"
        for key, each in requirements.items()
        if not each.withdrawn
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return the text as a YAML double-quoted scalar on one line (YAML 1.2, 7.3.1; JSON's escapes are its own)."""
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", lambda match: f"\\u{ord(match.group()):04x}", quoted
    )
