"""Stage publish: what has been appended becomes visible to readers, all at once."""

from __future__ import annotations

import os
from pathlib import Path

from deltalake import DeltaTable

from tasks.lake import catalog
from tasks.lake.keys import CACHE
from tasks.lake.store import Lake


def publish(lake: Lake) -> dict[str, DeltaTable]:
    """Write the catalog of the lake's current state and swap it in; that state.

    Readers keep the snapshot that they have opened. Safe to kill anywhere: a draft left over is overwritten by
    the next run. Raises LakeError, or OSError or duckdb.IOException where it cannot be written.

    Of a lake in an object store that DuckDB cannot read by itself none is written: each session has its own then,
    see ``tasks.lake.reader``.
    """
    with lake.lock("write"):
        state = lake.linked() | lake.state()
        draft = lake.catalog.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        _log(draft).unlink(missing_ok=True)
        written = catalog.write(draft, state, lake.storage, lake.local / CACHE, lake.catalog)
        # A session killed on the old catalog leaves its log behind, and with it the new one would not open.
        _log(lake.catalog).unlink(missing_ok=True)
        if written:
            os.replace(draft, lake.catalog)
        else:
            lake.catalog.unlink(missing_ok=True)  # from when DuckDB could: it would show an old lake
        _log(lake.catalog).unlink(missing_ok=True)
        return state


def _log(database: Path) -> Path:
    """The write-ahead log that DuckDB keeps beside a file."""
    return database.with_name(database.name + ".wal")
