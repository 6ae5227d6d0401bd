"""Stage publish: what has been appended becomes visible to readers, all at once."""

from __future__ import annotations

import os
from pathlib import Path

from tasks.lake import catalog
from tasks.lake.store import Lake


def publish(lake: Lake) -> None:
    """Write the catalog of the lake's current state and swap it in.

    Readers keep the snapshot that they have opened. Safe to kill anywhere: a draft left over is overwritten by
    the next run. Raises LakeError, or OSError or duckdb.IOException where it cannot be written.
    """
    with lake.lock("write"):
        state = lake.state()
        draft = lake.catalog.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        _log(draft).unlink(missing_ok=True)
        catalog.write(draft, state)
        # A session killed on the old catalog leaves its log behind, and with it the new one would not open.
        _log(lake.catalog).unlink(missing_ok=True)
        os.replace(draft, lake.catalog)
        _log(lake.catalog).unlink(missing_ok=True)


def _log(database: Path) -> Path:
    """The write-ahead log that DuckDB keeps beside a file."""
    return database.with_name(database.name + ".wal")
