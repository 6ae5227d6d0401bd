"""Sorted files of many short rows made into one, in bounded memory: DuckDB sorts, and spills to the disk."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import DeltaTable

from tasks.lake.files import storage
from tasks.lake.parquet import Written
from tasks.lake.rewrite import grouped
from tasks.lake.schema import PARTITION, Table

MEMORY = "2GB"
# Rows taken from DuckDB at once.
READ = 100_000


def merge(delta: DeltaTable, table: Table, month: str, paths: Sequence[str], spill: Path) -> Written:
    """One new file with the rows of ``paths`` in the order of ``table.sort``; nothing is committed.

    For tables of narrow columns, such as POSTINGS. ``spill``: a folder for what does not fit into memory. Raises
    OSError where the file cannot be written.
    """
    files = storage(delta)
    schema = pa.schema([field.remove_metadata() for field in table.schema if field.name != PARTITION])
    path = f"{PARTITION}={month}/part-{uuid.uuid4()}.zstd.parquet"
    rows = 0
    try:
        with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(spill)}) as con:
            con.register("merged", ds.dataset(list(paths), schema, format="parquet", filesystem=files))
            ordered = con.sql(f"FROM merged ORDER BY {', '.join(table.sort)}")
            with (
                files.open_output_stream(path) as sink,
                pq.ParquetWriter(
                    sink,
                    schema,
                    compression="zstd",
                    compression_level=6,
                    data_page_version="2.0",
                    use_dictionary=[name for name in schema.names if name not in table.packed],
                    column_encoding=dict.fromkeys(table.packed, "DELTA_BINARY_PACKED"),
                ) as writer,
            ):
                batches = (batch.cast(schema) for batch in ordered.to_arrow_reader(READ))
                for group in grouped(batches, schema, table.row_group):
                    writer.write_table(group, row_group_size=table.row_group)
                    rows += group.num_rows
        stats = json.dumps({"numRecords": rows, "minValues": {}, "maxValues": {}, "nullCount": {}})
        return Written(path, month, files.get_file_info(path).size, rows, stats)
    except BaseException:
        with contextlib.suppress(OSError):
            files.delete_file(path)
        raise
