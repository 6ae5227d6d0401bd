"""How a Parquet file of a table is written, and what the log is to tell of it."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from tasks.lake.files import storage
from tasks.lake.schema import PARTITION, Table

_FALSE_POSITIVES = 0.01


@dataclass(frozen=True, slots=True)
class Written:
    """A new file of a table, not yet committed: its path in the table, partition, bytes, rows, and statistics for the
    log."""

    path: str
    month: str
    size: int
    rows: int
    stats: str


def write(
    delta: DeltaTable,
    table: Table,
    month: str,
    groups: Iterable[pa.Table],
    *,
    rows: int,
    row_group: int,
    level: int,
    name: str = "part",
) -> Written:
    """A new file in the partition ``month``, of the schema ``file_schema``, zstd of ``level``; nothing is committed.

    ``groups``: the rows, as many a table as are at hand; ``rows``: how many they are; ``row_group``: rows of a row
    group; ``name``: how the file's name begins. Raises OSError where it cannot be written; then it is deleted.
    """
    files, schema = storage(delta), file_schema(delta, table)
    path = f"{PARTITION}={month}/{name}-{uuid.uuid4()}.zstd.parquet"
    files.create_dir(f"{PARTITION}={month}")
    ids = [table.bloom] if table.bloom else []
    bloom = {"ndv": max(1, min(rows, row_group)), "fpp": _FALSE_POSITIVES}
    narrow = [field.name for field in schema if not _is_wide(field.type)]
    try:
        with (
            files.open_output_stream(path) as sink,
            pq.ParquetWriter(
                sink,
                schema,
                compression="zstd",
                compression_level=level,
                use_dictionary=[f.name for f in schema if f.name not in table.packed]
                if table.packed
                else True,
                column_encoding=dict.fromkeys(table.packed, "DELTA_BINARY_PACKED") or None,
                write_statistics=[*narrow, *ids],  # of texts they would be long, and skip nothing
                bloom_filter_options=dict.fromkeys(ids, bloom),
            ) as writer,
        ):
            for piece in groups:
                writer.write_table(piece, row_group_size=row_group)
        with files.open_input_file(path) as source:
            size, footer = source.size(), pq.read_metadata(source)
        if footer.num_rows != rows:
            raise RuntimeError(f"{path}: {footer.num_rows} rows of {rows}")
        return Written(path, month, size, rows, _stats(footer, _bounded(delta)))
    except BaseException:
        with contextlib.suppress(OSError):
            files.delete_file(path)
        raise


def file_schema(delta: DeltaTable, table: Table) -> pa.Schema:
    """The columns that the log knows, without the partition, of our types where we know them too."""
    logged = pa.schema(delta.schema().to_arrow())
    own = {field.name: field.remove_metadata() for field in table.schema}
    return pa.schema([own.get(f.name, f.remove_metadata()) for f in logged if f.name != PARTITION])


def _is_wide(kind: pa.DataType) -> bool:
    return pa.types.is_nested(kind) or any(
        told(kind) for told in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary)
    )


def _bounded(delta: DeltaTable) -> list[str]:
    """The columns whose least and greatest value the log is to tell."""
    return (delta.metadata().configuration.get("delta.dataSkippingStatsColumns") or "").split(",")


def _stats(footer: pq.FileMetaData, columns: Iterable[str]) -> str:
    """Statistics of a file as Delta's log writes them."""
    least: dict[str, Any] = {}
    greatest: dict[str, Any] = {}
    nulls: dict[str, int] = {}
    index = {footer.schema.column(i).path: i for i in range(footer.num_columns)}
    for name in columns:
        groups = range(footer.num_row_groups)
        found = [footer.row_group(g).column(index[name]).statistics for g in groups] if name in index else []
        if not found or any(each is None or not each.has_null_count for each in found):
            continue
        nulls[name] = sum(each.null_count for each in found)
        bounds = [each for each in found if each.has_min_max]
        if bounds and len(bounds) == len([each for each in found if each.num_values]):
            least[name] = _plain(min(each.min for each in bounds))
            greatest[name] = _plain(max(each.max for each in bounds))
    return json.dumps(
        {"numRecords": footer.num_rows, "minValues": least, "maxValues": greatest, "nullCount": nulls}
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value
