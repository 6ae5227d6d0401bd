"""The published catalog: one DuckDB file of views over exactly the files of each table's current version."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from tasks.lake import object_store, succession
from tasks.lake.database import QUIET, attached, temporary
from tasks.lake.files import storage
from tasks.lake.newest import layout
from tasks.lake.schema import ARTICLES, CAPTURES, PARTITION, Table
from tasks.lake.schema_links import ALL, LINKED
from tasks.lake.store import committed, is_remote
from tasks.lake.views import Macro, View, definitions, statements

# Catalogs must open in DuckDB 1.5 too, whichever version wrote them.
STORAGE_VERSION = "v1.2.0"


@contextlib.contextmanager
def connect(
    state: Mapping[str, DeltaTable], linked: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the tables of ``state`` as views ``base.<table>``, and nothing else.

    ``linked``: of what linking found, only what it found up to this batch.
    """
    with temporary() as con:
        _base_views(con, state, linked=linked)
        yield con


def session(
    state: Mapping[str, DeltaTable], storage: Mapping[str, str], cache: Path
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with all that the catalog of ``state`` holds, its tables being in an object store.

    ``storage``: the store's options, with which DuckDB reads it by itself where it can. ``cache``: see
    ``tasks.lake.keys``.
    """
    con = duckdb.connect(config=QUIET)
    _describe(con)
    _tables(con, state, cache, native=object_store.native(con, storage))
    return con


def of_rows(rows: Mapping[Table, pa.Table]) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with all that a catalog holds, over these rows, which have the tables' columns."""
    con = duckdb.connect(config=QUIET)
    _describe(con)
    for table, found in rows.items():
        con.register(f"{table.name}_rows", found)
        names = [table.name, "unsettled", "superseding"] if table is ARTICLES else [table.name]
        for name in names:
            con.execute(f"CREATE OR REPLACE VIEW base.{name} AS FROM temp.{table.name}_rows")
    return con


def write(
    path: Path, state: Mapping[str, DeltaTable], storage: Mapping[str, str], cache: Path, present: Path
) -> bool:
    """Write the catalog of ``state`` into a new DuckDB file at ``path``: the views of ``sql/``, described.

    ``present``: the catalog that it is to follow, see ``tasks.lake.succession``; where it cannot, or there is none, it
    is written from nothing. ``cache``: see ``tasks.lake.keys``.

    Of tables in an object store, with the options ``storage``, only a DuckDB that reads it by itself can have one:
    False, and no file, where this one cannot. Raises OSError or duckdb.IOException where the file cannot be written
    whole.
    """
    # What opens a store is set for all of a DuckDB.
    with duckdb.connect(config=QUIET) if storage else temporary() as con:
        if storage and not object_store.native(con, storage):
            return False
        follows = succession.follows(con, present, path, _edition())
        if not follows:
            path.write_bytes(_unfilled())
        with _written(con, path):
            _tables(con, state, cache, native=True)
            written = succession.sign(con, _edition())
    succession.finish(path, written, present if follows else None)
    return True


def is_todays(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a catalog has the views of today's newslake."""
    try:
        return con.sql("SELECT edition FROM base.edition").fetchall() == [(_edition(),)]
    except duckdb.CatalogException:
        return False


@lru_cache(maxsize=1)
def _edition() -> str:
    """A digest of all that a catalog of empty tables is made of."""
    return sha256(repr((STORAGE_VERSION, ALL, statements(), statements("macros"))).encode()).hexdigest()


@lru_cache(maxsize=1)
def _unfilled() -> bytes:
    """A catalog of empty tables. To describe it takes longer than all else, and is the same each time."""
    with tempfile.TemporaryDirectory() as folder, temporary() as con:
        path = Path(folder, "catalog.duckdb")
        with _written(con, path):
            _describe(con)
        return path.read_bytes()


@contextlib.contextmanager
def _written(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """What is done within is written to the DuckDB file ``path``."""
    with attached(con, str(path), f"(STORAGE_VERSION '{STORAGE_VERSION}')"):
        con.execute("BEGIN")  # one transaction: each by itself would wait for the disk
        yield
        con.execute("COMMIT")
        con.execute("CHECKPOINT")  # closing would do it too, but keep silent where the disk is full


def _describe(con: duckdb.DuckDBPyConnection) -> None:
    """The views and macros, described, over empty tables: over others each comment would have files' schemas read."""
    _base_views(con, {})
    _newest_views(con, {}, Path(), native=True)
    for each in definitions():
        if isinstance(each, Macro):
            con.execute(each.create)
            kind = "MACRO TABLE" if each.grain else "MACRO"
            con.execute(f"COMMENT ON {kind} {_name(each.name)} IS {object_store.quoted(each.purpose)}")
            continue
        con.execute(f"CREATE VIEW {_name(each.name)} AS {each.select}")
        con.execute(f"COMMENT ON VIEW {_name(each.name)} IS {object_store.quoted(each.grain)}")
        for column, description in described(con, each).items():
            con.execute(
                f"COMMENT ON COLUMN {_name(each.name)}.{_name(column)} IS {object_store.quoted(description)}"
            )


def _tables(
    con: duckdb.DuckDBPyConnection, state: Mapping[str, DeltaTable], cache: Path, *, native: bool
) -> None:
    """The tables of ``state`` under the views and macros.

    Captures whose articles are not committed yet are left out, so that no reader sees half a batch.
    """
    _base_views(con, state, whole=True, native=native)
    _newest_views(con, state, cache, native=native)


def described(con: duckdb.DuckDBPyConnection, view: View) -> dict[str, str]:
    """Column → description of a view that exists in ``con``; a column has it from its header or from a table.

    Raises KeyError for a column that nothing describes.
    """
    known: dict[str, str] = {}
    for table in reversed(ALL):
        known |= table.descriptions
    known |= view.columns
    return {column: known[column] for column in con.view(view.name).columns}


def _base_views(
    con: duckdb.DuckDBPyConnection,
    state: Mapping[str, DeltaTable],
    *,
    whole: bool = False,
    linked: int | None = None,
    native: bool = False,
) -> None:
    """(Re)place ``base.<table>``: a view over the table's files, or of no rows where it has none.

    ``native``: whether DuckDB itself reads files in an object store; pyarrow does otherwise. ``whole``: without the
    captures of a batch whose articles are not committed. ``linked``: see ``connect``.
    """
    con.execute("CREATE SCHEMA IF NOT EXISTS base")
    for table in ALL:
        delta = state.get(table.name)
        files = sorted(map(unquote, delta.file_uris())) if delta else []
        where = ""
        if whole and delta and table.name == CAPTURES.name:
            articles = committed(state[ARTICLES.name])
            # Asked of each row only then: to count them needs no column otherwise.
            if _may_exceed(delta, articles):
                where = f"WHERE batch <= {articles}"
        if linked is not None and delta and table in LINKED and committed(delta) > linked:
            where = f"WHERE batch <= {linked}"
        _base_view(con, table.name, table, delta, files, where, native=native)


def _may_exceed(delta: DeltaTable, batch: int) -> bool:
    """Whether the table may have rows of a later batch, by its log."""
    actions = pa.table(delta.get_add_actions(flatten=True))
    newest = actions["max.batch"].to_pylist() if "max.batch" in actions.column_names else [None]
    return any(each is None or each > batch for each in newest)


def _newest_views(
    con: duckdb.DuckDBPyConnection, state: Mapping[str, DeltaTable], cache: Path, *, native: bool
) -> None:
    """(Re)place ``base.settled``, ``base.unsettled`` and ``base.superseding``: see ``tasks.lake.newest.Layout``."""
    delta = state.get(ARTICLES.name)
    files = sorted(map(unquote, delta.file_uris())) if delta else []
    parts: dict[str, list[str]] = {"settled": [], "unsettled": files, "superseding": files}
    if delta and (native or not is_remote(delta)):
        with contextlib.suppress(
            OSError, pa.ArrowException
        ):  # a damaged file: each query will tell that needs it
            found = layout(cache, delta)
            for name, paths in asdict(found).items():
                chosen = set(paths)
                parts[name] = [file for file in files if _path(file) in chosen]
    for name, of in parts.items():
        _base_view(con, name, ARTICLES, delta, of, native=native)


def _base_view(
    con: duckdb.DuckDBPyConnection,
    name: str,
    table: Table,
    delta: DeltaTable | None,
    files: Sequence[str],
    where: str = "",
    *,
    native: bool,
) -> None:
    if delta and files:
        # Not by hive_partitioning, which would take a folder "title=x" above the lake for a column too.
        columns = ", ".join(_name(c.name) for c in table.columns if c.name != PARTITION)
        rows = _rows(con, delta, files, table, native=native or not is_remote(delta))
        if "ingested_at" in table.schema.names:
            month = f"strftime(ingested_at AT TIME ZONE 'UTC', '%Y-%m') AS {PARTITION}"
            columns = f"{columns}, {month}"  # other tables are derived from one that has it
        relation = f"SELECT {columns} FROM {rows} {where}"
    else:
        relation = f"SELECT {_nulls(table)} LIMIT 0"
    con.execute(f"CREATE OR REPLACE VIEW base.{name} AS {relation}")


def _rows(
    con: duckdb.DuckDBPyConnection, delta: DeltaTable, files: Sequence[str], table: Table, *, native: bool
) -> str:
    """What a table's rows are selected from, with columns that no file has as NULL."""
    if native:
        listed = ", ".join(map(object_store.quoted, files))
        rows = f"read_parquet([{listed}], hive_partitioning=false"
        if _is_whole(delta, files, table):
            return f"{rows})"
        # Only then: by name, every file is opened to see which columns it has.
        rows = f"{rows}, union_by_name=true)"
    else:
        rows = f"temp.{table.name}_files"
        con.register(f"{table.name}_files", delta.to_pyarrow_dataset(filesystem=storage(delta)))
    return f"(FROM {rows} UNION ALL BY NAME SELECT {_nulls(table)} WHERE false)"


def _path(file: str) -> str:
    """A file's path in its table."""
    return "/".join(unquote(file).rsplit("/", 2)[-2:])


def _is_whole(delta: DeltaTable, files: Sequence[str], table: Table) -> bool:
    """Whether each of the files has all columns of the table.

    Columns that were added since it was created stand last in the log's schema, behind the partition. As columns are
    only ever added, the oldest file then tells: the oldest by the log, since a copy of the lake has times of its own.
    Of files in an object store that is not asked.
    """
    if [field.name for field in delta.schema().fields] == table.schema.names:
        return True
    if is_remote(delta):
        return False
    actions = pa.table(delta.get_add_actions())
    written = dict(
        zip(map(_path, actions["path"].to_pylist()), actions["modification_time"].to_pylist(), strict=True)
    )
    oldest = min(files, key=lambda file: (written[_path(file)], file))
    return len(_columns(oldest)) >= len(table.columns) - 1  # the partition is none


@lru_cache(maxsize=1024)
def _columns(file: str) -> tuple[str, ...]:
    """The columns of a Parquet file, which never changes once it is written."""
    return tuple(pq.read_schema(file).names)


@lru_cache
def _nulls(table: Table) -> str:
    """A select list of NULLs of DuckDB's types, one a column of the table."""
    with temporary() as con:
        empty = con.from_arrow(table.schema.empty_table())
        kinds = zip(empty.columns, map(str, empty.types), strict=True)
        return ", ".join(f"NULL::{kind} AS {_name(name)}" for name, kind in kinds)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
