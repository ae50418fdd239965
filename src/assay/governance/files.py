"""The files of a governance repository or of the catalogue: found, read, and decoded as what their folder says.

A repository is organisation.yaml and the folders below. Everything else in it (templates, a README) is not ours to
read, but a folder whose name is nearly one of ours is a fault: what is not read is not held to.
"""

import difflib
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from assay.documents import LIMITS, Document, Path, read
from assay.errors import Fault, FaultyFiles
from assay.governance import model
from assay.governance.documents import decode

T = TypeVar("T")

ORGANISATION = "organisation.yaml"
FOLDERS: Mapping[str, type] = {
    "workloads": model.Workload,
    "objectives": model.Objective,
    "controls": model.Control,
    "frameworks": model.Framework,
    "exceptions": model.ApprovedException,
    "duties": model.Duty,
    "responsibilities": model.ServiceClass,
    "provider-reports": model.ProviderReport,
    "technologies": model.Technology,
    "invariants": model.Invariant,
}
TEXTS = ".texts.yaml"  # the texts of a framework's requirements, as imported: frameworks/<id>.texts.yaml
SUFFIXES = (".yaml", ".yml")
MOST = 10_000  # documents of a repository: still read within half a minute

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # no look-alikes, and safe in paths, URLs, pages and logs


@dataclass(frozen=True, slots=True)
class Source:
    """One file's bytes under the name that messages use, and what its folder says it holds."""

    file: str
    holds: type
    content: bytes


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One decoded document with the places of its values."""

    value: T
    document: Document

    def fault(self, path: Path, message: str, found: str = "", expected: str = "", remedy: str = "") -> Fault:
        """Return a fault at the value at `path`."""
        line, column = self.document.place(path)
        return Fault(self.document.file, line, column, message, found, expected, remedy)

    def key_fault(self, path: Path, message: str, found: str = "", expected: str = "", remedy: str = "") -> Fault:
        """Return a fault at the key that leads to `path`."""
        line, column = self.document.key_place(path)
        return Fault(self.document.file, line, column, message, found, expected, remedy)


def digest(sources: list[Source]) -> str:
    """Return the SHA-256 of names and contents, in hexadecimal."""
    total = hashlib.sha256()
    for each in sources:
        total.update(f"{each.file}\0{each.holds.__name__}\0{len(each.content)}\0".encode())
        total.update(each.content)
    return total.hexdigest()


def collect(root: FilePath, shown: str, faults: list[Fault]) -> list[Source]:
    """Return every document file under `root` in order of name; `shown` replaces `root` in messages.

    Only regular files within `root` are read: no loop of links, no pipe and no file elsewhere. Raises FaultyFiles when
    there are more than `MOST`.
    """
    boundary = root.resolve()
    found = [*_folders(root, shown, faults)]
    top = root / ORGANISATION
    if os.path.lexists(top):
        found.append((top, model.Organisation))
    if len(found) > MOST:
        found_now, most = f"{len(found):,} documents", f"at most {MOST:,}"
        raise FaultyFiles([Fault(shown or str(root), 0, 0, "more documents than can be read", found_now, most)])
    sources = []
    for path, holds in found:
        name = f"{shown}/{path.relative_to(root).as_posix()}" if shown else str(path)
        content = _content(path, name, boundary, faults)
        if content is not None:
            sources.append(Source(name, holds, content))
    return sources


def _folders(root: FilePath, shown: str, faults: list[Fault]) -> Iterator[tuple[FilePath, type]]:
    for folder in _listed(root, shown, faults):
        name = f"{shown}/{folder.name}" if shown else str(folder)
        if folder.name in FOLDERS:
            if folder.is_symlink():  # what lies behind it is somebody else's, and may be the whole disk
                faults.append(Fault(name, 0, 0, "a link to a folder is not followed", remedy="make it a folder"))
            elif not folder.is_dir():
                faults.append(Fault(name, 0, 0, "this is not read", "no folder", f"a folder of {folder.name}"))
            else:
                yield from ((path, _holds(folder, path)) for path in _documents(folder, root, shown, faults))
        elif folder.is_dir() and (near := difflib.get_close_matches(folder.name, FOLDERS, n=1, cutoff=0.8)):
            faults.append(Fault(name, 0, 0, "this folder is not read", folder.name, "", f"did you mean {near[0]}?"))
        elif folder.name.casefold() in ("organisation.yml", "organization.yaml", "organization.yml"):
            faults.append(Fault(name, 0, 0, "this file is not read", folder.name, ORGANISATION, "rename it"))


def _listed(root: FilePath, shown: str, faults: list[Fault]) -> list[FilePath]:
    try:
        return sorted(root.iterdir())
    except OSError as error:
        faults.append(Fault(shown or str(root), 0, 0, f"cannot be read: {error.strerror}"))
        return []


def _holds(folder: FilePath, path: FilePath) -> type:
    return model.FrameworkTexts if path.name.endswith(TEXTS) else FOLDERS[folder.name]


def _documents(folder: FilePath, root: FilePath, shown: str, faults: list[Fault]) -> Iterator[FilePath]:
    def denied(error: OSError) -> None:
        faults.append(_unread(FilePath(error.filename), root, shown, f"cannot be read: {error.strerror}"))

    for directory, folders, files in os.walk(folder, onerror=denied):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        documents = [FilePath(directory) / each for each in folders if FilePath(each).suffix in SUFFIXES]
        faults.extend(_unread(each, root, shown, "a folder by the name of a document; rename it") for each in documents)
        links = [FilePath(directory) / each for each in folders if (FilePath(directory) / each).is_symlink()]
        faults.extend(_unread(each, root, shown, "a link to a folder is not followed") for each in links)
        for file in sorted(files):
            path = FilePath(directory) / file
            if path.suffix in SUFFIXES:
                yield path
            elif not file.startswith(".") and path.suffix not in (".md", ".txt"):
                faults.append(_unread(path, root, shown, "this file is not read; documents end in .yaml"))


def _unread(path: FilePath, root: FilePath, shown: str, message: str) -> Fault:
    name = f"{shown}/{path.relative_to(root).as_posix()}" if shown else str(path)
    return Fault(name, 0, 0, message)


def _content(path: FilePath, name: str, boundary: FilePath, faults: list[Fault]) -> bytes | None:
    try:
        if not path.resolve(strict=True).is_relative_to(boundary):
            faults.append(Fault(name, 0, 0, "a link that leads outside the repository", remedy="copy the file here"))
            return None
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.append(Fault(name, 0, 0, "not a regular file"))
            return None
        if status.st_size > LIMITS.bytes:
            size, most = f"{status.st_size:,} bytes", f"at most {LIMITS.bytes:,}"
            faults.append(Fault(name, 0, 0, "the file is too large to read", size, most, "split it"))
            return None
        return path.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, as Python 3.11 says it
        reason = error.strerror if isinstance(error, OSError) else "a loop of links"
        faults.append(Fault(name, 0, 0, f"cannot be read: {reason}"))
        return None


def parse(sources: list[Source], faults: list[Fault]) -> dict[type, list[Entry[Any]]]:
    """Return the decoded documents by type. Faulty ones are left out and say why in `faults`."""
    entries: dict[type, list[Entry[Any]]] = {}
    for source in sources:
        document, found = read(source.content, source.file)
        faults.extend(found)
        if document is None:
            continue
        instance, wrong = decode(document, source.holds)
        faults.extend(wrong)
        if instance is not None:
            entries.setdefault(source.holds, []).append(Entry(instance, document))
    return entries


def by_id(entries: list[Entry[T]], faults: list[Fault]) -> dict[str, Entry[T]]:
    """Return entries by their id, in its order; an id is the file's name, and unique."""
    found: dict[str, Entry[T]] = {}
    for entry in entries:
        name: str = entry.value.id  # type: ignore[attr-defined]  # every document that lies in a folder has one
        stem = FilePath(entry.document.file).stem.removesuffix(FilePath(TEXTS).stem)
        if name != stem:
            faults.append(
                entry.fault(
                    ("id",), "the id is not the file's name", found=name, expected=stem, remedy="rename one of them"
                )
            )
        if not _ID.fullmatch(name):
            expected = "letters of the English alphabet, digits, '.', '_' and '-'"
            faults.append(
                entry.fault(("id",), "not an id", found=name, expected=expected, remedy="rename the document")
            )
        if name in found:
            other = found[name].document.file
            faults.append(entry.fault(("id",), "the id is given twice", found=name, remedy=f"it is also in {other}"))
        else:
            found[name] = entry
    return dict(sorted(found.items()))
