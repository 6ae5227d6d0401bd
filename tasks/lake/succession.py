"""How one catalog follows another, so that whoever is opening the file meanwhile reads one of both as a whole.

To connect to a file, DuckDB 2.0 opens it by its name three times: for the magic bytes, for the headers, and for the
blocks. Where another file is swapped in between, it has the headers of one and the blocks of the other. That is as
good as the one alone where the other is the same file one checkpoint later: the two headers take turns, and a
checkpoint writes over nothing that the one before it refers to. So each catalog begins as a copy of the present one,
and is written by one checkpoint.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

import duckdb

from tasks.lake.database import attached


def follows(con: duckdb.DuckDBPyConnection, present: Path, draft: Path, edition: str) -> bool:
    """Copy the present catalog to ``draft``; whether there is one, of this ``edition``, and as it was published.

    Once anybody else has written to it, nothing is known of what it holds. Raises OSError where it cannot be copied.
    """
    try:
        shutil.copyfile(present, draft)
        written = present.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    # It may be damaged, or of another DuckDB.
    with contextlib.suppress(duckdb.Error), attached(con, str(draft), "(READ_ONLY)"):
        return con.sql("FROM base.edition").fetchall() == [(edition, written)]
    return False


def sign(con: duckdb.DuckDBPyConnection, edition: str) -> int:
    """Have the catalog that is in use tell its edition, and the time that it will bear: ns since 1970."""
    written = int(time.time()) * 10**9  # whole seconds are kept by each file system and each copy
    con.execute(f"CREATE OR REPLACE VIEW base.edition AS SELECT '{edition}' AS edition, {written} AS written")
    return written


def finish(draft: Path, written: int, present: Path | None) -> None:
    """Give the draft its time, and behind its end what blocks the ``present`` catalog, if it follows it, has there.

    The checkpoint has cut them off where it needs them no more.
    """
    if present:
        with present.open("rb") as old, draft.open("ab") as new:
            old.seek(new.tell())
            shutil.copyfileobj(old, new)
    os.utime(draft, ns=(written, written))
