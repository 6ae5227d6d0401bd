"""A session over the lake's views, as an analyst has it."""

from __future__ import annotations

import duckdb

from tasks.lake import catalog
from tasks.lake.keys import CACHE
from tasks.lake.store import Lake, LakeError


def read(lake: Lake) -> duckdb.DuckDBPyConnection:
    """A DuckDB over the published catalog, read-only, or, of a lake in an object store, over its newest state.

    Raises LakeError where there is no lake, or its catalog is missing or cannot be opened.
    """
    if lake.remote and lake.exists():
        return catalog.session(lake.state(), lake.storage, lake.local / CACHE)
    if not lake.remote and lake.catalog.exists():
        try:
            return duckdb.connect(str(lake.catalog), read_only=True)
        except duckdb.Error as error:
            raise LakeError(
                f"{lake.catalog}: cannot be opened ({error}); any newslake load writes it anew"
            ) from error
    lake.require()
    raise LakeError(f"{lake.uri}: its catalog is missing; any newslake load writes it anew")
