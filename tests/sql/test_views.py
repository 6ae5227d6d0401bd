"""Each view against its cases: ``<view>/<case>/{captures,articles}.csv`` in, ``expected.csv`` out.

A CSV names the columns it needs, the others are NULL; values are written as DuckDB writes them. The tables are
committed and published as in a real lake.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tasks.lake.commit import commit
from tasks.lake.schema import ARTICLES, CAPTURES, Table
from tasks.lake.schema_links import ALL
from tasks.lake.store import Lake
from tasks.lake.views import views
from tasks.publish import publish

HERE = Path(__file__).parent
CASES = sorted(path.parent.relative_to(HERE) for path in HERE.glob("*/*/expected.csv"))


@pytest.fixture(scope="module")
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that reads CSVs: one for all, since a new one takes longer than to read them."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def rows(con: duckdb.DuckDBPyConnection, csv: Path, types: dict[str, str]) -> tuple[str, list[str]]:
    """A SELECT that reads the CSV in the types given, and the columns it has."""
    columns = con.read_csv(str(csv), all_varchar=True, header=True).columns
    values = ", ".join(f'"{c}"::{types[c]} AS "{c}"' for c in columns)
    return (
        f"SELECT {values} FROM read_csv('{csv}', all_varchar=true, header=true, nullstr='', quote='\"')",
        columns,
    )


def table_rows(con: duckdb.DuckDBPyConnection, table: Table, csv: Path) -> pa.Table:
    empty = con.from_arrow(table.schema.empty_table())
    select, columns = rows(con, csv, dict(zip(empty.columns, map(str, empty.types), strict=True)))
    found = con.sql(select).to_arrow_table().to_pylist()
    defaults = {"month": "2026-11", "batch": 1} | ({"key": 0} if "key" not in columns else {})
    return pa.Table.from_pylist([defaults | row for row in found], schema=table.schema)


def _batches(rows: pa.Table) -> list[int]:
    return rows["batch"].to_pylist() if "batch" in rows.column_names else []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_view(case: Path, tmp_path: Path, scratch: duckdb.DuckDBPyConnection) -> None:
    lake = Lake(tmp_path)
    given: dict[Table, pa.Table] = {}
    for table in ALL:
        csv = HERE / case / f"{table.name}.csv"
        if csv.exists():
            given[table] = table_rows(scratch, table, csv)
        elif table in (CAPTURES, ARTICLES):  # no lake has the others without them
            given[table] = table.schema.empty_table()
    numbers = {table: max(_batches(rows), default=1) for table, rows in given.items()}
    numbers[CAPTURES] = max(numbers[CAPTURES], numbers[ARTICLES])
    for table, found in given.items():
        commit(lake.open(table), table, found, numbers[table])
    publish(lake)
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        view = con.view(case.parts[0])
        expected, columns = rows(
            scratch, HERE / case / "expected.csv", dict(zip(view.columns, map(str, view.types), strict=True))
        )
        quoted = ", ".join(f'"{c}"' for c in columns)
        got = con.sql(f'SELECT {quoted} FROM "{case.parts[0]}"').fetchall()
        assert sorted(map(repr, got)) == sorted(map(repr, con.sql(expected).fetchall()))


def test_every_view_has_a_case() -> None:
    assert {view.name for view in views()} == {case.parts[0] for case in CASES}
