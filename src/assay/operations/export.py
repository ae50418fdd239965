"""Writing what others take: a folder of documents that belong together, and tables of a lake."""

import fnmatch
from collections.abc import Sequence
from pathlib import Path

from assay.errors import UsageError


def make_folder(folder: Path, names: Sequence[str], patterns: Sequence[str]) -> None:
    """Make the folder for files of these names, if it is not there.

    Raises UsageError when it cannot be made, or holds files of ours (by `patterns`) that would not be written again:
    they would be read as part of what is written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = sorted(each.name for each in folder.iterdir())
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from None
    stale = [each for each in held if each not in names and any(fnmatch.fnmatch(each, one) for one in patterns)]
    if stale:
        raise UsageError(
            f"{folder} holds {stale[0]} of another export; delete it, or choose an empty folder with --out"
        )
