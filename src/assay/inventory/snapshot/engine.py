"""DuckDB as the reader and writer of Parquet. Brought only when a snapshot is read or written."""

import contextlib
import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextlib.contextmanager
def connect() -> "Iterator[duckdb.DuckDBPyConnection]":
    """Open a session of this process's database in memory; sessions of several threads are apart."""
    session = _database(os.getpid()).cursor()
    try:
        yield session
    finally:
        session.close()


@functools.cache
def _database(process: int) -> "duckdb.DuckDBPyConnection":
    """Return a database that leaves the order of rows as it is, and the network and extensions alone.

    One for each process, because opening one takes longer than writing a small part, and none survives a fork.
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    return duckdb.connect(":memory:", config=settings)


def quoted(path: Path, *, pattern: bool = True) -> str:
    """Return a path as an SQL literal; pattern: where DuckDB reads names as patterns, which a folder's name may be."""
    text = re.sub(r"[*?\[]", r"[\g<0>]", str(path)) if pattern else str(path)
    return "'" + text.replace("'", "''") + "'"
