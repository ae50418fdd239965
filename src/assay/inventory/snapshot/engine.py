"""DuckDB as the reader and writer of Parquet. Brought only when a snapshot is read or written."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextlib.contextmanager
def connect() -> "Iterator[duckdb.DuckDBPyConnection]":
    """Open a database in memory that leaves the order of rows as it is, and the network and extensions alone."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(":memory:", config=settings)
    try:
        yield connection
    finally:
        connection.close()


def quoted(path: Path, *, pattern: bool = True) -> str:
    """Return a path as an SQL literal; pattern: where DuckDB reads names as patterns, which a folder's name may be."""
    text = re.sub(r"[*?\[]", r"[\g<0>]", str(path)) if pattern else str(path)
    return "'" + text.replace("'", "''") + "'"
