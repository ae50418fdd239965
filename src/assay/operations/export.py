"""Writing what others take: a folder of documents that belong together, and tables of a lake."""

import fnmatch
import tempfile
from collections.abc import Mapping, Sequence
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


def write_parquet(lines: Sequence[str], columns: Mapping[str, str], target: Path) -> None:
    """Write lines of JSON as a Parquet file (zstd) with columns of these types, whole or not at all.

    columns  Name → DuckDB's type. A line that states anything else than these is a bug of ours, and raises.
    Raises UsageError when the file cannot be written.
    """
    import duckdb

    typed = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in columns.items())
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".writing-") as folder:
            source, made = Path(folder) / "lines.json", Path(folder) / "made.parquet"
            source.write_text("\n".join(lines) + "\n", "utf-8")
            longest = max(map(len, lines), default=0) * 4 + 1_000_000  # bytes; UTF-8 has at most four a character
            with duckdb.connect() as connection:
                connection.execute(
                    f"COPY (SELECT * FROM read_json({_quoted(str(source))}, format = 'newline_delimited', "  # noqa: S608
                    f"columns = {{{typed}}}, maximum_object_size = {longest})) "
                    f"TO {_quoted(str(made))} (FORMAT parquet, COMPRESSION zstd)"
                )
            made.replace(target)
    except (OSError, duckdb.IOException) as error:
        raise UsageError(f"cannot write {target}: {getattr(error, 'strerror', None) or error}") from None


def _quoted(text: str) -> str:
    """Return an SQL text."""
    return "'" + text.replace("'", "''") + "'"
