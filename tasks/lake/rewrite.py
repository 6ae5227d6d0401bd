"""Parquet files of one partition made into one: rows in the table's order, in bounded memory, on any store."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable
from numpy.typing import NDArray
from pyarrow.fs import FileSystem

from tasks.lake.files import storage
from tasks.lake.parquet import Written, file_schema, write
from tasks.lake.schema import Table

# A row group of rows without compression: what is sorted and encoded at once. Rows with a page in them get fewer.
GROUP_BYTES = 32 << 20
# Rows read at once.
_READ_BYTES = 4 << 20
# Of zstd.
_LEVEL = 6

Change = Callable[[pa.RecordBatch], pa.RecordBatch]


def rewrite(
    delta: DeltaTable,
    table: Table,
    month: str,
    paths: Sequence[str],
    spill: Path,
    change: Change | None = None,
    *,
    chosen: NDArray[np.bool_] | None = None,
    name: str = "part",
) -> Written:
    """One new file with the rows of ``paths``, all of the partition ``month``; nothing is committed.

    ``chosen``: for each row, one file after the other, whether it is taken; ``name``: how the file's name begins.

    Rows stand in the order of ``table.sort``, or as they do in ``paths`` where it is empty. Columns that a file lacks
    are NULL; columns that a newer newslake added are kept. ``change`` may replace values of each batch. A sort that
    needs more than a row group's memory takes nameless files in ``spill`` for the rest, which the system frees.
    Raises OSError where the file cannot be written, pa.ArrowException where one of ``paths`` cannot be read.
    """
    files = storage(delta)
    schema = file_schema(delta, table)
    footers = [_open(files, path).metadata for path in paths]
    rows = sum(footer.num_rows for footer in footers)
    raw = sum(f.row_group(group).total_byte_size for f in footers for group in range(f.num_row_groups))
    each = max(1, raw // max(1, rows))
    group = max(1, min(table.row_group, GROUP_BYTES // each))
    batches = _batches(files, paths, schema, max(1, min(group, _READ_BYTES // each)))
    if chosen is not None:
        batches, rows = _only(batches, chosen), int(chosen.sum())
    if change:
        batches = map(change, batches)
    if table.sort:
        positions = _positions(files, paths, schema, table.sort, chosen)
        groups = _sorted(batches, schema, positions, group, spill)
    else:
        groups = grouped(batches, schema, group)
    return write(delta, table, month, groups, rows=rows, row_group=group, level=_LEVEL, name=name)


def _open(files: FileSystem, path: str) -> pq.ParquetFile:
    return pq.ParquetFile(files.open_input_file(path))


def _batches(
    files: FileSystem, paths: Iterable[str], schema: pa.Schema, rows: int
) -> Iterator[pa.RecordBatch]:
    for path in paths:
        source = _open(files, path)
        there = set(source.schema_arrow.names)
        columns = [name for name in schema.names if name in there]
        for batch in source.iter_batches(batch_size=rows, columns=columns):
            yield pa.RecordBatch.from_arrays(
                [
                    batch[f.name].cast(f.type) if f.name in columns else pa.nulls(batch.num_rows, f.type)
                    for f in schema
                ],
                schema=schema,
            )


def _only(batches: Iterable[pa.RecordBatch], chosen: NDArray[np.bool_]) -> Iterator[pa.RecordBatch]:
    start = 0
    for batch in batches:
        yield batch.filter(pa.array(chosen[start : start + batch.num_rows]))
        start += batch.num_rows


def grouped(batches: Iterable[pa.RecordBatch], schema: pa.Schema, rows: int) -> Iterator[pa.Table]:
    """The same rows in the same order, ``rows`` a table."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        start = 0
        while count + batch.num_rows - start >= rows:
            end = start + rows - count
            yield pa.Table.from_batches([*held, batch[start:end]], schema)
            held, count, start = [], 0, end
        held.append(batch[start:])
        count += batch.num_rows - start
    if count:
        yield pa.Table.from_batches(held, schema)


def _positions(
    files: FileSystem,
    paths: Iterable[str],
    schema: pa.Schema,
    sort: Sequence[str],
    chosen: NDArray[np.bool_] | None,
) -> NDArray[np.int64]:
    """For each row of the files, one after the other, its place in the order of ``sort``, NULL last."""
    keys = pa.schema([schema.field(name) for name in sort])
    table = pa.Table.from_batches(_batches(files, paths, keys, 1 << 16), keys)
    if chosen is not None:
        table = table.filter(pa.array(chosen))
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in sort]).to_numpy()
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


def _sorted(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    positions: NDArray[np.int64],
    rows: int,
    spill: Path,
) -> Iterator[pa.Table]:
    """The rows at their ``positions``, ``rows`` a table.

    Each row goes to the file of the row group that it belongs to, and each of these is then sorted by itself.
    """
    if len(positions) <= rows:
        yield _placed(pa.Table.from_batches(batches, schema), positions)
        return
    groups = -(-len(positions) // rows)
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with ExitStack() as stack:
        parts = [stack.enter_context(tempfile.TemporaryFile(dir=spill)) for _ in range(groups)]
        writers = [pa.ipc.new_stream(part, schema, options=options) for part in parts]
        start = 0
        for batch in batches:
            own = positions[start : start + batch.num_rows] // rows
            for number in np.unique(own):
                writers[number].write_batch(batch.filter(pa.array(own == number)))
            start += batch.num_rows
        owners = positions // rows
        for number, (part, writer) in enumerate(zip(parts, writers, strict=True)):
            writer.close()
            part.seek(0)
            yield _placed(pa.ipc.open_stream(part).read_all(), positions[owners == number])
            part.close()


def _placed(table: pa.Table, positions: NDArray[np.int64]) -> pa.Table:
    return table.take(pa.array(np.argsort(positions)))
