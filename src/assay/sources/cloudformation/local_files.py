"""Files that templates point at: only those below the folders that were given, links followed first."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assay.inventory.values import Unknown, Value

_MOST_STEPS = 20  # of a path that is looked for
_MOST_FOLDERS = 5  # that are looked in: the template's own and those around it


@dataclass(slots=True)
class LocalFiles:
    """Finds files by what a template calls them.

    roots  Folders that were given; nothing outside of them is read.
    used   Files that some template points at, links followed.
    """

    roots: tuple[Path, ...]
    used: set[Path] = field(default_factory=set)

    def find(self, location: Value, beside: Path) -> Path | None:
        """Return the file that a location means, seen from the template `beside`; None when there is none to read.

        The path is as people would write it; links in it are followed only to see where it leads.

        A path means itself, from the template's folder. Of a URL, the end counts: the longest one that is a file seen
        from that folder or one around it, because the object in a bucket was a file before it was uploaded.
        """
        if not self.roots:
            return None
        for candidate in _candidates(location, beside.parent):
            if (real := self._permitted(candidate)) is not None:
                self.used.add(real)
                return Path(os.path.normpath(candidate))
        return None

    def _permitted(self, path: Path) -> Path | None:
        try:
            real = path.resolve()
            within = any(real.is_relative_to(root) for root in self.roots)
            return real if within and real.is_file() else None
        except (OSError, ValueError, RuntimeError):  # too long a name, a null byte, a circle of links
            return None


def _candidates(location: Value, folder: Path) -> Iterator[Path]:
    if isinstance(location, Unknown) and location.parts:
        yield from _by_end(location.parts[-1], folder)
    elif isinstance(location, str) and location:
        url = _split(location)
        if url is None:
            yield folder / location
        elif url[0] == "file":
            yield folder / url[1]
        else:
            yield from _by_end(url[1], folder)


def _split(location: str) -> tuple[str, str] | None:
    """Return scheme and path of a URL; None for a plain path."""
    try:
        url = urlsplit(location)
    except ValueError:
        return None
    if not url.scheme or "://" not in location:
        return None
    host = url.netloc if url.scheme == "file" else ""
    return url.scheme, f"{host}{unquote(url.path)}"


def _by_end(text: str, folder: Path) -> Iterator[Path]:
    steps: Sequence[str] = [each for each in text.split("?")[0].split("/") if each not in ("", ".", "..")]
    for around in (folder, *folder.parents[: _MOST_FOLDERS - 1]):
        for start in range(max(0, len(steps) - _MOST_STEPS), len(steps)):
            yield around.joinpath(*steps[start:])
