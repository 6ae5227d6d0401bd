"""The published catalog: one DuckDB file of views over exactly the files of each table's current version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from tasks.lake.schema import ARTICLES, PARTITION, TABLES, Table
from tasks.lake.store import committed
from tasks.lake.views import View, views

# Catalogs must open in DuckDB 1.5 too, whichever version wrote them.
STORAGE_VERSION = "v1.2.0"


def connect(state: Mapping[str, DeltaTable]) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with the tables of ``state`` as views ``base.<table>``, and nothing else."""
    con = duckdb.connect()
    _base_views(con, state)
    return con


def write(path: Path, state: Mapping[str, DeltaTable]) -> None:
    """Write the catalog of ``state`` into a new DuckDB file at ``path``: the views of ``sql/``, described.

    Captures whose articles are not committed yet are left out, so that no reader sees half a batch. Raises
    duckdb.IOException where the file cannot be written whole.
    """
    with duckdb.connect() as con:
        con.execute(f"ATTACH {_quoted(str(path))} AS catalog (STORAGE_VERSION '{STORAGE_VERSION}')")
        con.execute("USE catalog")
        con.execute("BEGIN")  # one transaction: each by itself would wait for the disk
        # Described over empty tables, since each comment has the files' schema read again; then over the real ones.
        _base_views(con, {})
        for view in views():
            con.execute(f"CREATE VIEW {_name(view.name)} AS {view.select}")
            con.execute(f"COMMENT ON VIEW {_name(view.name)} IS {_quoted(view.grain)}")
            for column, description in described(con, view).items():
                con.execute(f"COMMENT ON COLUMN {_name(view.name)}.{_name(column)} IS {_quoted(description)}")
        _base_views(con, state, f"WHERE batch <= {committed(state[ARTICLES.name])}")
        con.execute("COMMIT")
        con.execute("CHECKPOINT catalog")  # closing would do it too, but keep silent where the disk is full
        con.execute("USE memory")
        con.execute("DETACH catalog")


def described(con: duckdb.DuckDBPyConnection, view: View) -> dict[str, str]:
    """Column → description of a view that exists in ``con``; a column has it from its header or from a table.

    Raises KeyError for a column that nothing describes.
    """
    known: dict[str, str] = {}
    for table in reversed(TABLES):
        known |= table.descriptions
    known |= view.columns
    return {column: known[column] for column in con.view(view.name).columns}


def _base_views(con: duckdb.DuckDBPyConnection, state: Mapping[str, DeltaTable], where: str = "") -> None:
    """(Re)place ``base.<table>``: a view over the table's files, or of no rows where it has none."""
    con.execute("CREATE SCHEMA IF NOT EXISTS base")
    for table in TABLES:
        delta = state.get(table.name)
        files = sorted(map(unquote, delta.file_uris())) if delta else []
        if delta and files:
            listed = ", ".join(map(_quoted, files))
            # Not by hive_partitioning, which would take a folder "title=x" above the lake for a column too.
            columns = ", ".join(_name(c.name) for c in table.columns if c.name != PARTITION)
            month = f"strftime(ingested_at AT TIME ZONE 'UTC', '%Y-%m') AS {PARTITION}"
            rows = f"FROM read_parquet([{listed}], hive_partitioning=false)"
            if not _is_whole(delta, files, table):
                # Only then: by name, every file is opened to see which columns it has.
                rows = (
                    f"FROM (FROM read_parquet([{listed}], hive_partitioning=false, union_by_name=true) "
                    f"UNION ALL BY NAME SELECT {_nulls(con, table)} WHERE false)"
                )
            relation = f"SELECT {columns}, {month} {rows} {where}"
        else:
            relation = f"SELECT {_nulls(con, table)} LIMIT 0"
        con.execute(f"CREATE OR REPLACE VIEW base.{table.name} AS {relation}")


def _is_whole(delta: DeltaTable, files: Sequence[str], table: Table) -> bool:
    """Whether every file has all columns of the table.

    Columns that were added since it was created stand last in the log's schema, behind the partition. As columns are
    only ever added, the oldest file then tells: the oldest by the log, since a copy of the lake has times of its own.
    """
    if [field.name for field in delta.schema().fields] == table.schema.names:
        return True
    actions = pa.table(delta.get_add_actions())
    _, oldest = min(zip(actions["modification_time"].to_pylist(), actions["path"].to_pylist(), strict=True))
    file = next(file for file in files if file.endswith(unquote(oldest)))
    return len(_columns(file)) >= len(table.columns) - 1  # the partition is none


@lru_cache(maxsize=1024)
def _columns(file: str) -> tuple[str, ...]:
    """The columns of a Parquet file, which never changes once it is written."""
    return tuple(pq.read_schema(file).names)


def _nulls(con: duckdb.DuckDBPyConnection, table: Table) -> str:
    """A select list of NULLs, one a column of the table."""
    return ", ".join(f"NULL::{kind} AS {_name(name)}" for name, kind in _types(con, table).items())


def _types(con: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    """Column name → DuckDB type of a table's schema."""
    empty = con.from_arrow(table.schema.empty_table())
    return dict(zip(empty.columns, map(str, empty.types), strict=True))


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
