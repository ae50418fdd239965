"""Templates in, one inventory out."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assay.errors import Fault, UsageError, nearest
from assay.inventory.normalise import normalise
from assay.inventory.resource import Inventory
from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.declared import Declared, collected
from assay.sources.cloudformation.local_files import LocalFiles
from assay.sources.cloudformation.stack import Reading, Stack, deploy, points_elsewhere, stands_alone
from assay.sources.cloudformation.template import Template, content_of, looks_like_template, parse

_SUFFIXES = (".yaml", ".yml", ".json", ".template")
_WILDCARDS = "*?["


def find(base: Path, pattern: str) -> list[Path]:
    """Return the templates that a file, folder or glob relative to `base` names. Raises UsageError for none.

    A folder is searched with all its folders for files that look like templates, but for hidden folders and
    node_modules: what is there was built or fetched. Links that lead out of what is searched are not followed.
    """
    steps = Path(pattern).parts
    fixed = next((i for i, step in enumerate(steps) if any(each in step for each in _WILDCARDS)), len(steps))
    root = Path(os.path.normpath(base.joinpath(*steps[:fixed])))
    if fixed == len(steps):
        return _templates(root)
    if ".." in steps[fixed:]:
        raise UsageError(f"{pattern!r} leads back out of what it matches; write .. before the first wildcard only")
    matches = sorted(root.glob(str(Path(*steps[fixed:])))) if root.is_dir() else []
    found = [each for match in matches if _is_within(match, root) for each in _templates(match, must=False)]
    if not found:
        raise UsageError(f"no template matches {base / pattern}")
    return list(dict.fromkeys(found))


def read(paths: Sequence[Path], context: Context) -> Inventory:
    """Return what the templates at `paths`, files or folders, declare together.

    A resource's id is "<file>#<logical id>" after the context's label; within a nested stack "<file>#<stack's logical
    id>/<logical id>". A template that another one nests is read as part of that one only. A malformed template is a
    fault of its file; the others are read. Raises UsageError for a path without a template, and for a parameter that no
    template declares.
    """
    found = [each for path in paths for each in _templates(path)]
    files = list({each.resolve(): each for each in reversed(found)}.values())[::-1]  # one file is one stack
    roots = {each.resolve() if each.is_dir() else each.resolve().parent for each in (*paths, *files)}
    reading = Reading(context, LocalFiles(tuple(sorted(roots))))
    declared = Declared()
    pointed: dict[Path, set[Path]] = {}
    alone: dict[Path, Declared] = {}
    parameters: set[str] = set()
    for path in files:
        template, faults = reading.load(path)
        declared.faults += faults
        if template is None:
            continue
        parameters.update(template.section("Parameters"))
        with _not_too_deep(path, declared):
            if stands_alone(template):
                alone[path] = _declared_alone(reading, path)
                reading.forget(path)
            else:
                pointed[path] = _pointed_at(reading, path, template)
    _check_parameters(parameters, context, declared)
    nested = set().union(*pointed.values())
    for path, part in alone.items():
        if path.resolve() not in nested:
            declared.add(part)
    reading = Reading(context, reading.files, loaded=reading.loaded)
    for path in _outermost(pointed):
        with _not_too_deep(path, declared):
            reading.stacks += [stack] if (stack := _deployed(reading, path)) else []
    for each in reading.stacks:
        with _not_too_deep(each.scope.label, declared):
            declared.add(collected(each))
    for each in reading.stacks:  # what one imports may turn out to be wrong after the other was collected
        declared.faults += [fault for scope in each.scopes() for fault in scope.faults]
    return _inventory(declared)


def read_text(content: bytes, file: str, context: Context) -> Inventory:
    """Return what one template held in memory declares; `file` is what messages call it. Nothing else is read."""
    template, faults = parse(content, file)
    declared = Declared(faults=list(faults))
    if template is not None:
        reading = Reading(context, LocalFiles(()))
        with _not_too_deep(file, declared):
            reading.stacks.append(
                deploy(reading, template, context.parameters, None, (file, f"{context.label}{file}#"), ())
            )
            declared.add(collected(reading.stacks[0]))
    return _inventory(declared)


def _deployed(reading: Reading, path: Path) -> Stack | None:
    template, _ = reading.load(path)
    if template is None:
        return None
    return deploy(
        reading,
        template,
        reading.context.parameters,
        path,
        (str(path), f"{reading.context.label}{path}#"),
        (path.resolve(),),
    )


def _declared_alone(reading: Reading, path: Path) -> Declared:
    """Return what a template that stands alone declares."""
    stack = _deployed(reading, path)
    return collected(stack) if stack else Declared()


def _pointed_at(reading: Reading, path: Path, template: Template) -> set[Path]:
    """Return the files that a template nests or includes, and those that these do; deployed once to find that out."""
    if not points_elsewhere(template):
        return set()
    reading.files.used = set()
    if (stack := _deployed(reading, path)) is not None:
        list(stack.scopes())
    return reading.files.used


@contextmanager
def _not_too_deep(file: Path | str, declared: Declared) -> Iterator[None]:
    """Make a fault of what exhausts Python's stack, which the bounds of every part do not rule out for their sum."""
    try:
        yield
    except RecursionError:
        declared.faults.append(Fault(str(file), 0, 0, "what it declares is nested too deeply"))


def _inventory(declared: Declared) -> Inventory:
    return normalise(declared.resources, faults=declared.faults, gaps=declared.gaps, absent=declared.absent)


def _outermost(pointed: dict[Path, set[Path]]) -> list[Path]:
    """Return the files that no other uses, in order; of files that use one another, the first."""
    real = {path: path.resolve() for path in pointed}
    used = {path: files - {real[path]} for path, files in pointed.items()}
    outer = [path for path in pointed if not any(real[path] in files for files in used.values())]
    covered = {real[path] for path in outer}.union(*(pointed[path] for path in outer))
    for path in pointed:
        if real[path] not in covered:
            outer.append(path)
            covered |= {real[path]} | pointed[path]
    return [path for path in pointed if path in outer]


def _check_parameters(known: set[str], context: Context, declared: Declared) -> None:
    """Raise UsageError for a parameter that is given and nowhere declared, unless a faulty template may declare it."""
    if declared.faults:
        return
    for name in context.parameters:
        if name not in known:
            hint = nearest(name, known) or ("known: " + ", ".join(sorted(known)) if known else "they declare none")
            raise UsageError(f"no template declares a parameter {name!r}; {hint}")


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
    for at, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".") and each != "node_modules"]
        for name in names:
            path = Path(at) / name
            if name.lower().endswith(_SUFFIXES) and _is_within(path, folder) and _is_template(path):
                yield path


def _is_within(path: Path, root: Path) -> bool:
    """Whether the file lies below the root also when links are followed."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a circle of links
        return False


def _is_template(path: Path) -> bool:
    content = content_of(path, "")
    if isinstance(content, bytes):
        return looks_like_template(content)
    return path.is_file()  # one that cannot be opened: reading it for good says why
