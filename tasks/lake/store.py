"""The lake on disk: its Delta tables, their state, and commits that refuse to interleave.

Every commit carries the application transaction ``newslake`` with the number of its batch. Delta refuses two
concurrent commits of one application, so each commit is a compare-and-set: it succeeds only on the state that its
writer has read, on a local disk and on an object store alike.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from deltalake import (
    BloomFilterProperties,
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError, TableNotFoundError

from tasks.lake.schema import PARTITION, SCHEMA_VERSION, TABLES, Table

APPLICATION = "newslake"
ROW_GROUP = 10_000
HEADROOM = 16 << 20


class LakeError(Exception):
    """The lake cannot be used as it is; the message is one line that names it and says what to do."""


class Conflict(Exception):
    """Another writer has committed in between: read again and retry."""


class Lake:
    """A lake's place. ``Lake("lake")`` need not exist yet; opening a table creates it."""

    def __init__(self, root: Path | str) -> None:
        """``root``: the lake's folder; ``~`` is the user's home. Raises LakeError for what Delta cannot name."""
        self.root = Path(root).expanduser().absolute()
        if odd := set(str(self.root)) & set("%#?[]"):
            raise LakeError(f"{self.root}: a lake's path may not hold {' '.join(sorted(odd))}")

    @property
    def catalog(self) -> Path:
        """The published DuckDB file."""
        return self.root / "newslake.duckdb"

    def open(self, table: Table) -> DeltaTable:
        """The current state of a table, created empty where there is none.

        Raises LakeError where a newer newslake wrote it.
        """
        path = self.root / table.name
        try:
            delta = DeltaTable(path)
        except TableNotFoundError:
            self.root.mkdir(parents=True, exist_ok=True)
            delta = DeltaTable.create(
                path,
                table.schema,
                mode="ignore",
                partition_by=[PARTITION],
                name=table.name,
                description=f"newslake schema {SCHEMA_VERSION}: {table.grain}",
            )
        _refuse_newer(delta, table)
        return delta

    def state(self) -> dict[str, DeltaTable]:
        """The current state of every table, by name.

        Articles are read before captures, so that every article's capture is in the state. Raises LakeError where
        a table is missing or older than the other: what was lost must not be taken for what never was.
        """
        state = {table.name: self.open(table) for table in reversed(TABLES)}
        captures, articles = (committed(state[table.name]) for table in TABLES)
        if not articles <= captures <= articles + 1:
            raise LakeError(
                f"{self.root}: captures/ is at batch {captures} and articles/ at {articles}: one of them was deleted "
                "or damaged; restore it from a backup, or load into a new lake"
            )
        return state

    def require_space(self, rows: pa.Table) -> None:
        """Raise LakeError where the disk has no room for these rows and the catalog after them.

        A disk that fills up within a commit does no harm, but ends in the words of three libraries.
        """
        free = shutil.disk_usage(self.root).free
        needed = rows.nbytes + HEADROOM
        if free < needed:
            raise LakeError(
                f"{self.root}: disk full: {free >> 20:,} MiB free, {needed >> 20:,} MiB needed for the next batch"
            )

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Waits until no other process on this machine holds the lock ``name`` of this lake.

        The kernel frees it when its holder dies. It spares writers needless retries; correctness rests on the
        commits themselves.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / f".{name}.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def committed(delta: DeltaTable) -> int:
    """Number of the last batch committed to a table, 0 for none."""
    return delta.transaction_version(APPLICATION) or 0


def commit(delta: DeltaTable, table: Table, rows: pa.Table, batch: int) -> None:
    """Append rows to a table in one atomic commit numbered ``batch``.

    Raises Conflict where another writer committed since ``delta`` was read; nothing is appended then.
    """
    try:
        write_deltalake(
            delta,
            rows.cast(table.schema),
            mode="append",
            schema_mode="merge" if lacks_columns(delta, table) else None,  # an older newslake's table
            writer_properties=_properties(table, rows.num_rows),
            commit_properties=CommitProperties(app_transactions=[Transaction(APPLICATION, batch)]),
        )
    except CommitFailedError as error:
        raise Conflict(str(error)) from error


def lacks_columns(delta: DeltaTable, table: Table) -> bool:
    """Whether the table was written by an older newslake, and has yet to get columns that were added since."""
    return len(delta.schema().fields) < len(table.columns)


def _properties(table: Table, rows: int) -> WriterProperties:
    bloom = BloomFilterProperties(set_bloom_filter_enabled=True, fpp=0.01, ndv=max(1, min(rows, ROW_GROUP)))
    return WriterProperties(
        compression="ZSTD",
        compression_level=1,
        max_row_group_size=ROW_GROUP,
        column_properties={table.bloom: ColumnProperties(bloom_filter_properties=bloom)},
    )


def _refuse_newer(delta: DeltaTable, table: Table) -> None:
    """Refuse a table whose description names a later schema than ours: its values may mean something else."""
    words = (delta.metadata().description or "").split()
    written = words[2].rstrip(":") if words[:2] == ["newslake", "schema"] and len(words) > 2 else ""
    if not written.isdigit():
        raise LakeError(f"{delta.table_uri}: not a newslake table; choose another folder with --lake")
    if int(written) > SCHEMA_VERSION:
        raise LakeError(
            f"{delta.table_uri}: written by a newer newslake (schema {written}, this one knows {SCHEMA_VERSION}); "
            "upgrade newslake"
        )
