"""Stage publish: what has been appended becomes visible to readers, all at once."""

from __future__ import annotations

import os

from tasks.lake import catalog
from tasks.lake.store import Lake


def publish(lake: Lake) -> None:
    """Write the catalog of the lake's current state and swap it in.

    Readers keep the snapshot that they have opened. Safe to kill anywhere: a draft left over is overwritten by
    the next run. Raises LakeError, or OSError where it cannot be written.
    """
    with lake.lock("write"):
        draft = lake.catalog.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        catalog.write(draft, lake.state())
        # A session killed on the old catalog leaves its log behind, and with it the new one would not open.
        wal = lake.catalog.with_name(lake.catalog.name + ".wal")
        wal.unlink(missing_ok=True)
        os.replace(draft, lake.catalog)
        wal.unlink(missing_ok=True)
