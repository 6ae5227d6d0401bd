"""A lake that an older newslake wrote: its tables lack columns, and nothing is rewritten."""

from __future__ import annotations

import os
import time
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

from flows import journeys
from tasks.files import documents
from tasks.lake.schema import CAPTURES, PARTITION, SCHEMA_VERSION, TABLES
from tasks.lake.store import APPLICATION, Lake
from tasks.publish import publish
from tasks.run import Run
from tests.bench.generate import write

NEW = {"url_key", "article_id", "next_poll_at", "kind"}


def older(lake: Lake) -> None:
    """A lake of one capture, without the columns that came later."""
    for table in TABLES:
        schema = pa.schema([field for field in table.schema if field.name not in NEW])
        delta = DeltaTable.create(
            lake.root / table.name, schema, partition_by=[PARTITION],
            description=f"newslake schema {SCHEMA_VERSION}: {table.grain}",
        )  # fmt: skip
        rows = [
            {"capture_id": "0" * 32, "source_id": "old", "outcome": "empty", "batch": 1, "month": "2026-01"}
        ]
        rows = rows if table is CAPTURES else []
        write_deltalake(
            delta, pa.Table.from_pylist(rows, schema=schema), mode="append",
            commit_properties=CommitProperties(app_transactions=[Transaction(APPLICATION, 1)]),
        )  # fmt: skip


def query(lake: Lake, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return con.sql(sql).fetchall()


def test_it_opens_with_the_new_columns_as_null(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    older(lake)
    publish(lake)
    assert query(lake, "SELECT source_id, outcome, kind, next_poll_at FROM captures") == [
        ("old", "empty", None, None)
    ]


def test_a_copy_of_it_has_times_of_its_own(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    older(lake)
    (old,) = lake.open(CAPTURES).file_uris()
    write(tmp_path / "in", 1, 1_500)
    journeys.load(documents([str(tmp_path / "in")]), lake, Run.begin("files"), workers=1)
    later = time.time() + 60
    os.utime(old, (later, later))
    publish(lake)
    assert query(lake, "SELECT source_id, kind FROM captures ORDER BY ALL") == [
        ("files", None),
        ("old", None),
    ]


def test_it_takes_new_rows_and_keeps_the_old_files(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    older(lake)
    before = set(lake.open(CAPTURES).file_uris())
    write(tmp_path / "in", 3, 1_500)
    report = journeys.load(documents([str(tmp_path / "in")]), lake, Run.begin("files"), workers=1)
    assert report.outcomes == {"new": 3}
    assert before < set(lake.open(CAPTURES).file_uris())
    assert query(lake, "SELECT source_id, count(*) FROM captures GROUP BY ALL ORDER BY ALL") == [
        ("files", 3),
        ("old", 1),
    ]
    report = journeys.load(documents([str(tmp_path / "in")]), lake, Run.begin("files"), workers=1)
    assert report.outcomes == {"unchanged": 3}
