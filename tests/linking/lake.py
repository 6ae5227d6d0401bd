"""Tables of a lake as Parquet files, and a DuckDB session over them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.article.identity import digest, key
from tasks.lake.schema import ARTICLES, Table

START = datetime(2026, 3, 1, tzinfo=UTC)


class Files:
    """A folder of Parquet files a table, read as ``base.<table>``."""

    def __init__(self, folder: Path, *tables: Table) -> None:
        self.folder, self.tables = folder, tables
        for table in tables:
            (folder / table.name).mkdir(parents=True)
            self.add(table, table.schema.empty_table())

    def add(self, table: Table, rows: pa.Table) -> None:
        folder = self.folder / table.name
        pq.write_table(rows, folder / f"{len(list(folder.iterdir()))}.parquet")

    def connect(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'")
        con.execute("CREATE SCHEMA base")
        for table in self.tables:
            con.execute(f"CREATE VIEW base.{table.name} AS FROM '{self.folder / table.name}/*.parquet'")
        return con


def article(
    name: str, text: str, day: float | None = 0, *, batch: int = 1, came: float = 0, version: int = 1
) -> dict:
    """A row of ARTICLES, published on a ``day`` after START and taken in on the day it ``came``."""
    article_id = digest("url", name)
    return {
        "article_id": article_id,
        "key": key(article_id),
        "version": version,
        "title": f"Headline of {name}",
        "text": text,
        "language": "en",
        "published_at": None if day is None else START + timedelta(days=day),
        "batch": batch,
        "run_id": f"run {batch}",
        "ingested_at": START + timedelta(days=came),
        "month": "2026-03",
    }


def fresh(*rows: dict) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ARTICLES.schema)
