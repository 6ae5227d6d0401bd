"""Captures read back from the lake with their bodies, in pieces that fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from tasks.lake.views import statement

# A piece ends at whichever comes first.
ROWS = 2_500
BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Selection:
    """Which captures: taken from ``since`` up to, but not including, ``until``, of one source; None is no bound."""

    since: datetime | None = None
    until: datetime | None = None
    source_id: str | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """Values of ``$since``, ``$until`` and ``$source_id``."""
        return {"since": self.since, "until": self.until, "source_id": self.source_id}


def pieces(
    con: duckdb.DuckDBPyConnection,
    selected: str,
    read: str,
    selection: Selection,
    lacking: Callable[[int], None] = lambda count: None,
    chosen: Callable[[int], None] = lambda count: None,
) -> Iterator[pa.Table]:
    """The rows of ``sql/lookups/<read>.sql`` for the captures that ``<selected>.sql`` names, oldest batch first.

    ``selected`` gives (key, batch, size) in the order of batch; each piece is read by itself, from the files of its
    batches alone. A streamed result would hold the bodies of far more rows than are taken from it. ``lacking`` is told
    how many of them ``<read>.sql`` left out, since their bodies were dropped; ``chosen``, first, how many there are.
    """
    listed = con.sql(statement(f"lookups/{selected}.sql"), params=selection.parameters).to_arrow_table()
    chosen(len(listed))
    start = held = 0
    sizes = listed["size"].to_pylist()
    for index, size in enumerate(sizes):
        held += size
        if index + 1 == len(sizes) or index + 1 - start >= ROWS or held >= BYTES:
            wanted = listed.slice(start, index + 1 - start)
            bounds = {"first": wanted["batch"][0].as_py(), "last": wanted["batch"][-1].as_py()}
            con.register("wanted", wanted)
            rows = con.sql(statement(f"lookups/{read}.sql"), params=bounds).to_arrow_table()
            lacking(len(wanted) - len(rows))
            yield rows
            start, held = index + 1, 0
