"""Templates in, one inventory out."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assay.errors import Fault, UsageError
from assay.inventory.normalise import normalise
from assay.inventory.resource import Gap, Inventory, Resource
from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.stack import Stack, deployed
from assay.sources.cloudformation.template import load, looks_like_template, parse

_SUFFIXES = (".yaml", ".yml", ".json", ".template")
_WILDCARDS = "*?["


@dataclass(slots=True)
class _Found:
    resources: list[Resource] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)

    def add(self, stack: Stack) -> None:
        self.resources += stack.resources
        self.faults += stack.faults
        self.gaps += stack.gaps
        self.absent += stack.absent

    def inventory(self) -> Inventory:
        return normalise(self.resources, faults=self.faults, gaps=self.gaps, absent=self.absent)


def find(base: Path, pattern: str) -> list[Path]:
    """Return the templates that a file, folder or glob relative to `base` names. Raises UsageError for none.

    A folder is searched with all its folders for files that look like templates.
    """
    steps = Path(pattern).parts
    fixed = next((i for i, step in enumerate(steps) if any(each in step for each in _WILDCARDS)), len(steps))
    root = Path(os.path.normpath(base.joinpath(*steps[:fixed])))
    if fixed == len(steps):
        return _templates(root)
    matches = sorted(root.glob(str(Path(*steps[fixed:])))) if root.is_dir() else []
    found = [each for match in matches if _is_within(match, root) for each in _templates(match, must=False)]
    if not found:
        raise UsageError(f"no template matches {base / pattern}")
    return list(dict.fromkeys(found))


def read(paths: Sequence[Path], context: Context) -> Inventory:
    """Return what the templates at `paths`, files or folders, declare. Raises UsageError for a path without any.

    A resource's id is "<file>#<logical id>". A malformed template is a fault of that file; the others are read.
    """
    found = _Found()
    for path in dict.fromkeys(each for path in paths for each in _templates(path)):
        document, faults = load(path, str(path))
        found.faults += faults
        if document is not None:
            found.add(deployed(document, context))
    return found.inventory()


def read_text(content: bytes, file: str, context: Context) -> Inventory:
    """Return what one template held in memory declares; `file` is what messages call it."""
    document, faults = parse(content, file)
    found = _Found(faults=list(faults))
    if document is not None:
        found.add(deployed(document, context))
    return found.inventory()


def _templates(path: Path, *, must: bool = True) -> list[Path]:
    """Return a file as itself, and of a folder the files within that look like templates."""
    if path.is_file():
        return [path]
    found = sorted(_within(path)) if path.is_dir() else []
    if must and not path.exists():
        raise UsageError(f"{path} does not exist")
    if must and not found:
        raise UsageError(f"{path} holds no template")
    return found


def _within(folder: Path) -> Iterator[Path]:
    for at, _, names in os.walk(folder):
        for name in names:
            path = Path(at) / name
            if name.lower().endswith(_SUFFIXES) and _is_within(path, folder) and _is_template(path):
                yield path


def _is_within(path: Path, root: Path) -> bool:
    """Whether the file lies below the root also when links are followed."""
    return path.resolve().is_relative_to(root.resolve())


def _is_template(path: Path) -> bool:
    try:
        return path.is_file() and looks_like_template(path.read_bytes())
    except OSError:
        return True  # reading it for good says what is wrong
