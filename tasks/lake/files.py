"""The files of a table: those that its log lists, and the folder that they are in."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlparse

import pyarrow as pa
from deltalake import DeltaTable
from pyarrow.fs import FileSystem, LocalFileSystem, SubTreeFileSystem

from tasks.lake import object_store
from tasks.lake.schema import PARTITION, Table
from tasks.lake.store import Lake, is_remote


@dataclass(frozen=True, slots=True)
class File:
    """A live file as the log tells of it: path in the table, partition, size in bytes, rows, when it was written (ms
    since 1970), and, where it is told, from which to which batch and time of ingestion its rows are."""

    path: str
    month: str
    size: int
    rows: int
    modified: int
    first: int | None = None
    last: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a table's current version is: files, bytes, rows."""

    files: int
    bytes: int
    rows: int


def held(delta: DeltaTable) -> Held:
    """What the table's current version is, from its log alone."""
    files = live(delta)
    return Held(len(files), sum(file.size for file in files), sum(file.rows for file in files))


def live(delta: DeltaTable) -> list[File]:
    """The files of the table's current version, from its log alone, oldest first."""
    found = [
        File(
            row["path"],
            row[f"partition.{PARTITION}"],
            row["size_bytes"],
            row["num_records"],
            row["modification_time"],
            *(row.get(name) for name in ("min.batch", "max.batch", "min.ingested_at", "max.ingested_at")),
        )
        for row in pa.table(delta.get_add_actions(flatten=True)).to_pylist()
    ]
    return sorted(found, key=lambda file: (file.modified, file.path))


def storage(delta: DeltaTable) -> FileSystem:
    """The table's folder, wherever it is, with the options that the table was opened with."""
    if is_remote(delta):
        return object_store.files(delta.table_uri, delta._storage_options or {})
    return _local(unquote(urlparse(delta.table_uri).path))


def folder(lake: Lake, table: Table) -> FileSystem:
    """The folder of a table that need not be one that can be opened."""
    return object_store.files(lake.at(table), lake.storage) if lake.remote else _local(lake.at(table))


def forget(lake: Lake, table: Table) -> None:
    """Let a table begin anew. Its files stay for open catalogs, and go the way of all that nothing refers to."""
    with contextlib.suppress(FileNotFoundError):
        folder(lake, table).delete_dir("_delta_log")


def _local(path: str) -> FileSystem:
    # Deltalake's own does not list what a writer that died has left behind.
    return SubTreeFileSystem(path, LocalFileSystem())
