"""The compiled catalogue on disk, so that a run neither parses hundreds of files nor imports what parsing needs.

The cache is one pickle in the user's own folder, named by a digest over everything that it was made from: the files of
the catalogue, the code that compiled them, Python, and the resource schemas. A pickle can run code when loaded, so
a file that another user could have written is not read. ASSAY_CACHE=off turns the cache off.
"""

import contextlib
import hashlib
import importlib.util
import os
import pickle
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import assay.catalog
from assay import __version__
from assay.errors import Fault, FaultyFiles
from assay.governance.files import Source, collect, digest
from assay.governance.repository import Catalogue, compile_catalogue

CATALOGUE = "assay/catalog"
"""What messages call the folder of the built-in catalogue."""

_CODE = ("errors.py", "documents.py", "inventory", "expressions", "governance")  # what a compiled catalogue depends on
_LARGEST = 200_000_000
_KEPT = 4


def cached_catalogue(environment: Mapping[str, str] = os.environ) -> Catalogue:
    """Return the built-in catalogue, compiled now or earlier. Raises FaultyFiles."""
    faults: list[Fault] = []
    sources = collect(Path(assay.catalog.__path__[0]), CATALOGUE, faults)
    if faults:
        raise FaultyFiles(faults)
    return load_or_compile(sources, folder(environment))


def load_or_compile(sources: Sequence[Source], where: Path | None) -> Catalogue:
    """Return the catalogue made from `sources`: read from the folder `where` or kept there, None for neither."""
    if where is None:
        return compile_catalogue(sources)
    path = where / f"catalogue-{key(sources)}.pickle"
    found = _load(path)
    if found is None:
        found = compile_catalogue(sources)
        _store(path, found)
    return found


def folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder of the cache, or None when it is turned off or there is no place for it."""
    if environment.get("ASSAY_CACHE", "").casefold() in ("off", "0", "no", "false"):
        return None
    base = environment.get("XDG_CACHE_HOME", "")
    if base and Path(base).is_absolute():  # the XDG specification: a relative path is to be ignored
        return Path(base) / "assay"
    home = environment.get("HOME", "")
    return Path(home) / ".cache" / "assay" if home else None


def key(sources: Sequence[Source]) -> str:
    """Return the digest of everything that a compiled catalogue depends on, in hexadecimal."""
    total = hashlib.sha256()
    total.update("\0".join((__version__, sys.version, _schemas(), digest(list(sources)))).encode())
    package = Path(__file__).parents[1]
    for name in _CODE:
        start = package / name
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if path.suffix in (".py", ".json"):
                total.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:40]


def _schemas() -> str:
    """Return what tells one release of the resource schemas from another, without importing their package."""
    found = importlib.util.find_spec("cfnlint")
    places = found.submodule_search_locations if found else None
    return (Path(places[0]) / "version.py").read_text("utf-8") if places else ""


def _load(path: Path) -> Catalogue | None:
    """Return the cached catalogue; None when there is none, when it is not ours alone, or when it is damaged."""
    try:
        with path.open("rb") as file:
            if not _trusted(os.fstat(file.fileno())) or not _trusted(path.parent.stat()):
                return None
            found = pickle.load(file)  # noqa: S301 - only this user could have written it
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001 - a damaged pickle raises anything at all; it is made anew
        return None
    return found if isinstance(found, Catalogue) else None


def _trusted(status: os.stat_result) -> bool:
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return mine and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and status.st_size < _LARGEST


def _store(path: Path, catalogue: Catalogue) -> None:
    """Write the cache; a reader sees all of it or nothing. A cache that cannot be written is done without."""
    import tempfile  # only here: a run that reads the cache has no use for it

    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _trusted(path.parent.stat()):
            return
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".catalogue-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                pickle.dump(catalogue, file, protocol=pickle.HIGHEST_PROTOCOL)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _forget(path.parent)


def _forget(where: Path) -> None:
    """Delete all but the newest few caches: several versions of Assay may take turns."""
    kept = sorted(where.glob("catalogue-*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)
    for stale in kept[_KEPT:]:
        stale.unlink(missing_ok=True)
