"""Reading what people point at, whatever it is: templates, plans, what AWS says of live resources, folders of all."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay import streams
from assay.errors import UsageError
from assay.inventory.normalise import merge
from assay.inventory.resource import Inventory
from assay.inventory.snapshot import is_snapshot, open_snapshot
from assay.sources import aws_config, cloud_control, cloudformation, terraform


@dataclass(frozen=True, slots=True)
class _Live:
    """A form in which AWS says what exists: its name, how a file of it begins, and who reads such files."""

    name: str
    is_outlined: Callable[[streams.Outline], bool]
    read: Callable[[Sequence[Path], cloudformation.Context], Inventory]


_LIVE = (
    _Live("aws_config", aws_config.is_outlined, lambda files, _: aws_config.read(files)),
    _Live(
        "cloud_control",
        cloud_control.is_outlined,
        lambda files, where: cloud_control.read(files, cloud_control.Context(where.account, where.region)),
    ),
)
_SUFFIXES = (".json", ".json.gz", ".jsonl", ".ndjson")


def read(paths: Sequence[Path], context: cloudformation.Context) -> Inventory:
    """Return what the files at `paths`, or in the folders there, declare or say to exist, together.

    Which form a file has is told by what is in it; a folder with a manifest is a snapshot. Raises UsageError for a path
    that holds none of them, for parameters where there is no template to take them, and when two forms say the same
    resource to exist.
    """
    snapshots = [each for path in paths for each in find_snapshots(path)]
    plans = [plan for path in paths for plan in terraform.find(path)]
    live = [(each, kind) for path in paths for each in _files(path) if (kind := _form(each))]
    others = [*plans, *(each for each, _ in live), *snapshots]
    templates = [path for path in paths if not _holds_only(path, others)]
    if context.parameters and not templates:
        raise UsageError("only templates take parameters, and no template is among the files; leave the parameters out")
    where = terraform.Context(context.account, context.region, context.label)
    inventories = [cloudformation.read(templates, context)] if templates or not others else []
    inventories += [terraform.read(plans, where)] if plans else []
    for kind in _LIVE:
        files = [each for each, form in live if form is kind]
        inventories += [kind.read(files, context)] if files else []
    for path in snapshots:
        from assay.operations.deployed import deployed

        inventories += deployed(open_snapshot(path)).values()
    _check_distinct(inventories)
    return inventories[0] if len(inventories) == 1 else merge(inventories)


def find(base: Path, pattern: str) -> list[Path]:
    """Return the templates and plans that a file, folder or glob relative to `base` names.

    Raises UsageError when it names neither.
    """
    plans = terraform.find(base, pattern)
    try:
        templates = cloudformation.find(base, pattern)
    except UsageError:
        if not plans:
            raise
        templates = []
    return list(dict.fromkeys([*templates, *plans]))


def find_snapshots(path: Path) -> Iterator[Path]:
    """Yield the snapshots at a path: itself, or those in the folders there."""
    for at, folders, _ in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each != "node_modules")
        if is_snapshot(Path(at)):
            folders[:] = []
            yield Path(at)


def recordings(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files in which AWS says what exists, at a path or in the folder there, with the name of their form.

    Raises UsageError when there is nothing at the path.
    """
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    for each in _files(path):
        if kind := _form(each):
            yield each, kind.name


def _form(path: Path) -> _Live | None:
    found = streams.outline(path)
    return next((each for each in _LIVE if each.is_outlined(found)), None)


def _files(path: Path) -> Iterator[Path]:
    """Yield a file as itself, and of a folder the JSON files within it; links that lead out of it are not followed."""
    if path.is_file():
        yield path
    for at, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each != "node_modules")
        if is_snapshot(Path(at)):
            folders[:] = []
            continue
        inside = (Path(at) / name for name in sorted(names) if name.lower().endswith(_SUFFIXES))
        yield from (each for each in inside if each.is_file() and each.resolve().is_relative_to(path.resolve()))


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
