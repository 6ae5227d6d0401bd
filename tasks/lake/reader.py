"""A session over the lake's views, as an analyst has it."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from tasks.lake import catalog
from tasks.lake.keys import CACHE
from tasks.lake.store import Lake, LakeError


def read(lake: Lake) -> duckdb.DuckDBPyConnection:
    """A DuckDB over the published catalog, read-only, or, of a lake in an object store, over its newest state.

    Raises LakeError where there is no lake, or its catalog is missing or cannot be opened.
    """
    if lake.remote and lake.exists():
        return catalog.session(lake.linked() | lake.state(), lake.storage, lake.local / CACHE)
    if not lake.remote and lake.catalog.exists():
        try:
            return _opened(lake.catalog)
        except duckdb.Error as error:
            raise LakeError(
                f"{lake.catalog}: cannot be opened ({error}); any newslake load writes it anew"
            ) from error
    lake.require()
    raise LakeError(f"{lake.uri}: its catalog is missing; any newslake load writes it anew")


def read_views(lake: Lake) -> duckdb.DuckDBPyConnection:
    """As ``read``, for whoever relies on what views there are and what they say.

    Raises LakeError, too, where another newslake wrote the catalog, and so its own views.
    """
    con = read(lake)
    if not (lake.remote or catalog.is_todays(con)):
        con.close()
        raise LakeError(
            f"{lake.catalog}: written by another newslake; newslake maintain, or any load, writes it anew"
        )
    return con


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB opens a file by its name three times over: one that is swapped in between would be read in parts.

    ``tasks.lake.succession`` makes one swap harmless, but neither two while it opens nor a catalog made from nothing.
    """
    while True:
        before = path.stat()
        try:
            con = duckdb.connect(str(path), read_only=True)
        except duckdb.Error:
            if _is_same(path.stat(), before):
                raise
        else:
            if _is_same(path.stat(), before):
                return con
            con.close()


def _is_same(file: os.stat_result, other: os.stat_result) -> bool:
    return (file.st_ino, file.st_ctime_ns) == (other.st_ino, other.st_ctime_ns)
