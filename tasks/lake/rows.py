"""Small operations on Arrow tables, and look-ups of their rows in the lake."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from tasks.lake import keys
from tasks.lake.catalog import connect
from tasks.lake.store import Lake
from tasks.lake.views import statement


def replaced(table: pa.Table, **columns: Any) -> pa.Table:
    """The table with the named columns replaced, by a value for all rows, or by a list or an array of one a row."""
    for name, values in columns.items():
        index = table.schema.get_field_index(name)
        field = table.schema.field(index)
        if isinstance(values, pa.Array | pa.ChunkedArray):
            array = values
        elif isinstance(values, Sequence) and not isinstance(values, str | bytes):
            array = pa.array(values, field.type)
        else:
            array = pa.repeat(pa.scalar(values, field.type), table.num_rows)
        table = table.set_column(index, field, array)
    return table


def lookup(lake: Lake, state: Mapping[str, DeltaTable], name: str, wanted: pa.Table) -> list[dict[str, Any]]:
    """The rows of ``sql/lookups/<name>.sql`` for the keys in ``wanted``, from the state of the lake given."""
    sql = statement(f"lookups/{name}.sql")
    wanted = held(lake, state, sql, wanted)
    if not wanted.num_rows:
        return []
    with connect(state) as con:
        con.register("wanted", wanted)
        found: pa.Table = con.sql(sql).to_arrow_table()
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def held(lake: Lake, state: Mapping[str, DeltaTable], sql: str, wanted: pa.Table) -> pa.Table:
    """The rows of ``wanted`` that a look-up can find anything for: those whose key the lake may hold.

    Which column of the lake the key is of stands in the header of ``sql``: ``-- by: captures.url_key``; without that
    line, all rows.
    """
    by = re.search(r"^-- by: (\w+\.(\w+))$", sql, re.M)
    if not by or not wanted.num_rows:
        return wanted
    given = wanted[by[2]].drop_null().to_numpy()
    try:
        found = pa.array(given[keys.maybe(lake.local / keys.CACHE, state, by[1], given)])
    except (OSError, pa.ArrowException):  # a damaged file, or no room for the cache
        return wanted
    return wanted.filter(pc.is_in(wanted[by[2]], found))
