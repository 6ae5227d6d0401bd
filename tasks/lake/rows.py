"""Small operations on Arrow tables, and look-ups of their rows in the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from tasks.lake.catalog import connect
from tasks.lake.views import statement


def replaced(table: pa.Table, **columns: Any) -> pa.Table:
    """The table with the named columns replaced, by a value for all rows or by a list of one a row."""
    for name, values in columns.items():
        index = table.schema.get_field_index(name)
        field = table.schema.field(index)
        listed = isinstance(values, Sequence) and not isinstance(values, str | bytes)
        array = (
            pa.array(values, field.type)
            if listed
            else pa.repeat(pa.scalar(values, field.type), table.num_rows)
        )
        table = table.set_column(index, field, array)
    return table


def lookup(state: Mapping[str, DeltaTable], name: str, wanted: pa.Table) -> list[dict[str, Any]]:
    """The rows of ``sql/lookups/<name>.sql`` for the keys in ``wanted``, from the state of the lake given."""
    if not wanted.num_rows:
        return []
    with connect(state) as con:
        con.register("wanted", wanted)
        found: pa.Table = con.sql(statement(f"lookups/{name}.sql")).to_arrow_table()
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows
