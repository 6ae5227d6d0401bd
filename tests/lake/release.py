"""Writes a tiny lake of today's schema, for ``test_older_lake`` to keep: ``python -m tests.lake.release NAME``.

Run it for each release whose schema is another than the last one's. A lake that was written stays as it is.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from flows import journeys
from tasks.files import documents
from tasks.lake.schema import TABLES
from tasks.lake.store import Lake
from tasks.run import Run

RELEASED = Path(__file__).with_name("released")
SAMPLES = Path(__file__).parents[1] / "samples" / "harbour-gazette"
# Two articles, then a second version of one.
LOADS = (("ferry-walkout-wire.txt", "ostray-bridge-closed-v1.html"), ("ostray-bridge-closed-v2.html",))


def release(lake: Path) -> None:
    """Load samples into a new lake, and leave only what is the same on every machine."""
    for names in LOADS:
        read = documents([str(SAMPLES / name) for name in names])
        journeys.load(read, Lake(lake), Run.begin("files"), workers=1)
    for entry in lake.iterdir():
        if entry.name not in {table.name for table in TABLES}:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


if __name__ == "__main__":
    release(RELEASED / sys.argv[1])
