"""Reading what people point at, whatever it is: templates, plans, what AWS says of live resources, folders of all.

Sources other than templates are imported when there is something for them to read: their tables take time to load.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assay import streams
from assay.errors import UsageError
from assay.inventory.normalise import merge
from assay.inventory.resource import Inventory
from assay.inventory.snapshot import is_snapshot
from assay.sources import cloudformation

AWS_CONFIG, CLOUD_CONTROL = "aws_config", "cloud_control"
_SUFFIXES = (".json", ".json.gz", ".jsonl", ".ndjson")
_DECLARED = frozenset({"AWSTemplateFormatVersion", "Resources", "format_version"})  # of templates and plans
_PLAN = "format_version"
_MARKS = (_PLAN.encode(), _PLAN.encode("utf-16-le"), _PLAN.encode("utf-16-be"))
_MOST_BYTES = 256_000_000  # of a larger file, only the beginning is looked at


@dataclass(slots=True)
class _Found:
    """What is at the paths besides templates. recordings: with the names of their forms."""

    plans: list[Path] = field(default_factory=list)
    recordings: list[tuple[Path, str]] = field(default_factory=list)
    snapshots: list[Path] = field(default_factory=list)

    @property
    def paths(self) -> list[Path]:
        """All of it."""
        return [*self.plans, *(each for each, _ in self.recordings), *self.snapshots]


def read(paths: Sequence[Path], context: cloudformation.Context) -> Inventory:
    """Return what the files at `paths`, or in the folders there, declare or say to exist, together.

    Which form a file has is told by what is in it; a folder with a manifest is a snapshot. Raises UsageError for a path
    that holds none of them, for parameters where there is no template to take them, and when two forms say the same
    resource to exist.
    """
    found = _found(paths)
    others = found.paths
    templates = [path for path in paths if not _holds_only(path, others)]
    if context.parameters and not templates:
        raise UsageError("only templates take parameters, and no template is among the files; leave the parameters out")
    inventories = [cloudformation.read(templates, context)] if templates or not others else []
    inventories += _read_others(found, context)
    _check_distinct(inventories)
    return inventories[0] if len(inventories) == 1 else merge(inventories)


def _read_others(found: _Found, context: cloudformation.Context) -> Iterator[Inventory]:
    if found.plans:
        from assay.sources import terraform

        yield terraform.read(found.plans, terraform.Context(context.account, context.region, context.label))
    if recorded := [each for each, form in found.recordings if form == AWS_CONFIG]:
        from assay.sources import aws_config

        yield aws_config.read(recorded)
    if answers := [each for each, form in found.recordings if form == CLOUD_CONTROL]:
        from assay.sources import cloud_control

        yield cloud_control.read(answers, cloud_control.Context(context.account, context.region))
    for path in found.snapshots:
        from assay.inventory.snapshot import open_snapshot
        from assay.operations.deployed import deployed

        yield from deployed(open_snapshot(path)).values()


def find(base: Path, pattern: str) -> list[Path]:
    """Return the templates and plans that a file, folder or glob relative to `base` names.

    Raises UsageError when it names neither.
    """
    plans = _plans(base, pattern)
    try:
        templates = cloudformation.find(base, pattern)
    except UsageError:
        if not plans:
            raise
        templates = []
    return list(dict.fromkeys([*templates, *plans]))


def _plans(base: Path, pattern: str) -> list[Path]:
    if (base / pattern).exists():
        return _found([base / pattern]).plans
    from assay.sources import terraform

    return terraform.find(base, pattern)


def find_snapshots(path: Path) -> list[Path]:
    """Return the snapshots at a path: itself, or those in the folders there."""
    return [each for each in _walk(path) if each.is_dir()]


def recordings(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return the files in which AWS says what exists, at paths or in the folders there, with the names of their forms.

    Raises UsageError when there is nothing at a path.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
    return _found(paths).recordings


def _found(paths: Sequence[Path]) -> _Found:
    found = _Found()
    for each in (one for path in paths for one in _walk(path)):
        if each.is_dir():
            found.snapshots.append(each)
        elif form := _recorded_form(each):
            found.recordings.append((each, form))
        elif _is_plan(each):
            found.plans.append(each)
    return found


def _walk(path: Path) -> Iterator[Path]:
    """Yield a file as itself; of a folder, the JSON files and the snapshots within it, in order.

    What is hidden, and what was built or fetched, is passed over; links that lead out of the folder are not followed.
    """
    if path.is_file():
        yield path
    for at, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each != "node_modules")
        if is_snapshot(Path(at)):
            folders[:] = []
            yield Path(at)
            continue
        inside = (Path(at) / name for name in sorted(names) if name.lower().endswith(_SUFFIXES))
        yield from (each for each in inside if _is_within(each, path))


def _is_within(path: Path, root: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a circle of links
        return False


def _recorded_form(path: Path) -> str:
    """Return the form in which a file says what exists, "" when it does not."""
    found = streams.outline(path)
    if not found.keys or found.keys & _DECLARED:
        return ""
    from assay.sources import aws_config, cloud_control

    if aws_config.is_outlined(found):
        return AWS_CONFIG
    return CLOUD_CONTROL if cloud_control.is_outlined(found) else ""


def _is_plan(path: Path) -> bool:
    """Whether a file is meant as a plan, also a broken one, in the encodings that PowerShell writes too."""
    try:
        if path.stat().st_size <= _MOST_BYTES:
            content = path.read_bytes()
            if not any(each in content for each in _MARKS):
                return False
    except OSError:
        return False
    from assay.sources import terraform

    return bool(terraform.find(path))


def _holds_only(path: Path, others: Sequence[Path]) -> bool:
    """Whether a path is one of `others`, or a folder with some of them and without any template."""
    if path.is_file():
        return path in others
    if not any(each.is_relative_to(path) for each in others):
        return False
    try:
        cloudformation.find(path, ".")
    except UsageError:
        return True
    return False


def _check_distinct(inventories: Sequence[Inventory]) -> None:
    seen: dict[str, str] = {}
    for one in inventories:
        for each in one.resources:
            if each.id in seen:
                files = f"{seen[each.id]} and {each.origin.position.file}"
                raise UsageError(f"{files} say what {each.id} is, each in a form of its own; check one after the other")
            seen[each.id] = each.origin.position.file
