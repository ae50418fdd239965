"""A governance repository that works, to change from there."""

import json
from collections.abc import Iterator
from pathlib import Path

import assay.catalog
from assay.errors import UsageError
from assay.governance.schemas import schemas

_TEMPLATE = Path(assay.catalog.__path__[0]) / "scaffold"


def scaffold(directory: Path) -> tuple[Path, ...]:
    """Write the files of a small repository and return their paths, sorted.

    Raises UsageError when the folder is not empty or cannot be written; then nothing was written.
    """
    files = dict(_files())
    try:
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise UsageError(f"{directory} is not empty; name a new folder, nothing was written")
        for relative, text in files.items():
            target = directory / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or directory}: {error.strerror}") from error
    return tuple(directory / relative for relative in sorted(files))


def _files() -> Iterator[tuple[str, str]]:
    for path in sorted(_TEMPLATE.rglob("*")):
        if path.is_file():
            yield path.relative_to(_TEMPLATE).as_posix(), path.read_text("utf-8")
    for kind, schema in schemas():
        yield f"schemas/{kind}.json", json.dumps(schema, indent=2) + "\n"
