"""Appends: each one commit that adds files, numbered by its batch.

The files are written first. Killed before its entry is in the log, a commit leaves files that nothing refers to, which
expiry deletes one day; once the entry is tried they are never deleted here, since it may have arrived after all.
"""

from __future__ import annotations

import time

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction

from tasks.lake import object_store, parquet
from tasks.lake.schema import PARTITION, Table
from tasks.lake.store import APPLICATION, Conflict, committed, reopened

# Of zstd: a commit is waited for, and what it wrote is written anew when it is merged.
_LEVEL = 1


def commit(delta: DeltaTable, table: Table, rows: pa.Table, batch: int) -> None:
    """Append rows to a table in one atomic commit numbered ``batch``; ``delta`` stays at its version.

    A table that an older newslake made gets the columns it lacks; those that a newer one has added are NULL. Raises
    Conflict where another writer committed since ``delta`` was read, and OSError where the files cannot be written;
    nothing is appended then.
    """
    with object_store.told(delta.table_uri):
        delta = _widened(delta, table)
        months = pc.unique(rows[PARTITION]).to_pylist()
        # One as a rule, and then not a byte is copied.
        parts = [rows] if len(months) == 1 else [rows.filter(pc.equal(rows[PARTITION], m)) for m in months]
        files = [_written(delta, table, month, part) for month, part in zip(months, parts, strict=True)]
        now = int(time.time() * 1000)
        try:
            delta.create_write_transaction(
                [AddAction(f.path, f.size, {PARTITION: f.month}, now, True, f.stats) for f in files],
                "append",
                delta.schema(),
                [PARTITION],
                commit_properties=CommitProperties(app_transactions=[Transaction(APPLICATION, batch)]),
            )
        except CommitFailedError as error:
            raise Conflict(str(error)) from error


def _written(delta: DeltaTable, table: Table, month: str, rows: pa.Table) -> parquet.Written:
    schema = parquet.file_schema(delta, table)
    own = rows.select([name for name in schema.names if name in rows.column_names])
    for field in schema:
        if field.name not in own.column_names:
            own = own.append_column(field, pa.nulls(own.num_rows, field.type))
    whole = own.select(schema.names).cast(schema)
    return parquet.write(
        delta, table, month, [whole], rows=whole.num_rows, row_group=table.row_group, level=_LEVEL
    )


def _widened(delta: DeltaTable, table: Table) -> DeltaTable:
    """The table with the columns that it lacked. Raises Conflict where another writer has added rows or columns."""
    known = {field.name for field in delta.schema().fields}
    if known >= set(table.schema.names):
        return delta
    wider = reopened(delta)  # what is open for others stays as it is
    # A merge refuses other descriptions of the columns that are there.
    schema = pa.schema([f.remove_metadata() if f.name in known else f for f in table.schema])
    try:
        write_deltalake(wider, schema.empty_table(), mode="append", schema_mode="merge")
    except CommitFailedError as error:
        raise Conflict(str(error)) from error
    if committed(wider) != committed(delta):  # which adding columns, unlike rows, does not refuse
        raise Conflict(f"{table.name}: batch {committed(wider)} came before the columns")
    return wider
