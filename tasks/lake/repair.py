"""Damaged files taken out of a table and, in the same commit, what could be saved of them put in."""

from __future__ import annotations

import contextlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, Transaction
from pyarrow import NativeFile

from tasks.lake.compaction import replace
from tasks.lake.damage import Damage, sound
from tasks.lake.files import storage
from tasks.lake.rewrite import rewrite
from tasks.lake.schema import PARTITION, Table
from tasks.lake.store import APPLICATION, REPAIR


class Salvage:
    """Files with rows that are to be in a table again, one a partition and kind; nothing refers to them.

    Use as a context manager: at its end they are deleted, committed in the meantime or not.
    """

    def __init__(self, delta: DeltaTable, table: Table) -> None:
        """``delta``: the table that they are of. ``rows``: how many were added; ``bodies``: those that lost theirs."""
        self.delta, self.table = delta, table
        self.rows = self.bodies = 0
        self._files = storage(delta)
        self._columns = pa.schema(
            [field.remove_metadata() for field in table.schema if field.name != PARTITION]
        )
        self._writers: dict[str, tuple[NativeFile, pq.ParquetWriter]] = {}
        self.paths: defaultdict[str, list[str]] = defaultdict(list)

    def __enter__(self) -> Salvage:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Delete the files."""
        self.close()
        for paths in self.paths.values():
            for path in paths:
                with contextlib.suppress(OSError):
                    self._files.delete_file(path)

    def add(self, month: str, rows: pa.Table | pa.RecordBatch) -> None:
        """Rows for the partition ``month``; columns that they lack are NULL. Raises OSError."""
        if not rows.num_rows:
            return
        if month not in self._writers:
            self._files.create_dir(f"{PARTITION}={month}")
            path = f"{PARTITION}={month}/salvage-{uuid.uuid4()}.parquet"
            self.paths[month].append(path)
            sink = self._files.open_output_stream(path)
            self._writers[month] = sink, pq.ParquetWriter(sink, self._columns, compression="zstd")
        held = rows.schema.names
        table = pa.table(
            [
                rows[f.name].cast(f.type) if f.name in held else pa.nulls(rows.num_rows, f.type)
                for f in self._columns
            ],
            schema=self._columns,
        )
        self._writers[month][1].write_table(table)
        self.rows += rows.num_rows

    def save(self, damages: Iterable[Damage], spill: Path) -> None:
        """All rows of damaged files that can still be trusted, ready to be read. Raises OSError."""
        for damage in damages:
            for batch, bodies in sound(self.delta, self.table, damage.file, spill):
                self.add(damage.file.month, batch)
                self.bodies += bodies
        self.close()

    def close(self) -> None:
        """End the files; what is added later goes into others."""
        for sink, writer in self._writers.values():
            writer.close()
            sink.close()
        self._writers.clear()

    def commit(self, damages: Sequence[Damage], batch: int, spill: Path) -> None:
        """Put the rows in place of the damaged files, in one commit that leaves the table at ``batch``.

        Raises Conflict where another process has written to the table, or maintained it, since it was read.
        """
        self.close()
        if not damages and not self.paths:
            return
        written = [
            rewrite(self.delta, self.table, month, paths, spill) for month, paths in self.paths.items()
        ]
        # Against writers, too, that have read what is no longer so.
        repair = Transaction(REPAIR, (self.delta.transaction_version(REPAIR) or 0) + 1)
        also = [Transaction(APPLICATION, batch), repair]
        replace(self.delta, [damage.file for damage in damages], written, also=also, changed=True)
