"""Lakes that older newslakes wrote: their tables lack columns, and nothing is rewritten.

``released/`` keeps one of each schema that was released, made by ``tests.lake.release``.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from flows import console, journeys
from tasks.files import documents
from tasks.lake.commit import commit
from tasks.lake.schema import ARTICLES, CAPTURES, SCHEMA_VERSION, TABLES, Column
from tasks.lake.store import Lake
from tasks.lake.stored import Selection
from tasks.lake.views import views
from tasks.maintain import maintain
from tasks.publish import publish
from tasks.run import Run
from tests.bench.generate import write
from tests.lake.release import RELEASED

# In the order of their release.
NAMES = ("1-files", "1-crawl", "1-pages", "1-search", "2-excerpts", "2-corrections")


@pytest.fixture(params=NAMES)
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    return copied(request.param, tmp_path)


def copied(name: str, folder: Path) -> Lake:
    shutil.copytree(RELEASED / name, folder / "lake")
    return Lake(folder / "lake")


def columns(delta: DeltaTable) -> dict[str, pa.DataType]:
    return {field.name: field.type for field in pa.schema(delta.schema().to_arrow())}


def query(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return con.sql(sql).fetchall()


def load(folder: Path, lake: Lake) -> dict[str, int]:
    return dict(journeys.load(documents([str(folder)]), lake, Run.begin("files"), workers=1).outcomes)


def test_it_opens_with_the_new_columns_as_null(lake: Lake) -> None:
    publish(lake)
    assert query(lake, "SELECT count(*), count(DISTINCT article_id), max(version) FROM article_versions") == [
        (3, 2, 2)
    ]
    for table in (CAPTURES, ARTICLES):
        had = columns(lake.open(table))
        added = [column.name for column in table.columns if column.name not in had]
        counts = ", ".join(["count(*)", *(f'count("{name}")' for name in added)])
        assert query(lake, f"SELECT {counts} FROM base.{table.name}") == [(3, *(0 for _ in added))]


def test_it_takes_new_rows_and_keeps_the_old_files(lake: Lake, tmp_path: Path) -> None:
    before = {file for table in (CAPTURES, ARTICLES) for file in lake.open(table).file_uris()}
    write(tmp_path / "in", 2, 1_500)
    assert load(tmp_path / "in", lake) == {"new": 2}
    assert before < {file for table in (CAPTURES, ARTICLES) for file in lake.open(table).file_uris()}
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        counts = {view.name: con.sql(f"SELECT count(*) FROM {view.name}").fetchall() for view in views()}
    assert counts["captures"] == counts["article_versions"] == [(5,)]
    assert counts["articles"] == [(4,)]
    assert load(tmp_path / "in", lake) == {"unchanged": 2}


def test_it_is_made_anew(lake: Lake) -> None:
    found = journeys.reextract(lake, Run.begin("reextract"), Selection(), workers=1)
    assert found.report.read == 2
    assert set(found.report.outcomes) <= {"new_version", "unchanged"}
    publish(lake)  # where nothing has changed, nothing was written
    assert query(lake, "SELECT count(*) FROM articles WHERE text IS NOT NULL") == [(2,)]


def test_a_copy_of_it_has_times_of_its_own(tmp_path: Path) -> None:
    lake = copied(NAMES[0], tmp_path)
    old = lake.open(CAPTURES).file_uris()
    write(tmp_path / "in", 1, 1_500)
    load(tmp_path / "in", lake)
    later = time.time() + 60
    for file in old:
        os.utime(file, (later, later))
    publish(lake)
    assert query(lake, "SELECT count(*), count(url_key) FROM base.captures") == [(4, 0)]


@pytest.mark.parametrize("table", [CAPTURES, ARTICLES], ids=["captures", "articles"])
def test_a_newer_one_is_refused_in_one_line(
    table: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = copied(NAMES[-1], tmp_path)
    write(tmp_path / "in", 1, 1_500)
    newer = SCHEMA_VERSION + 1
    lake.open(table).alter.set_table_description(f"newslake schema {newer}: {table.grain}")
    files = sorted(lake.local.rglob("*.parquet"))
    options: dict[str, Any] = {"source": None, "workers": 1, "prefect": False}
    assert console.load([str(tmp_path / "in")], lake=str(lake.local), **options) == console.FAILED
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.endswith(
        f"{table.name}/: written by a newer newslake (schema {newer}, this one knows {SCHEMA_VERSION}); "
        "upgrade newslake"
    )
    assert sorted(lake.local.rglob("*.parquet")) == files


def test_a_newer_one_of_the_same_schema_takes_rows_without_its_new_columns(lake: Lake) -> None:
    newer = replace(ARTICLES, columns=(Column("added", pa.string(), "Something new."), *ARTICLES.columns))
    row = {"article_id": "a", "month": "2026-11", "added": "x"}
    for batch, table in ((3, newer), (4, ARTICLES)):
        rows = pa.Table.from_pylist([row | {"batch": batch}], schema=table.schema)
        commit(lake.open(table), table, rows, batch)
    found = lake.open(newer).to_pyarrow_table(columns=["batch", "added"]).sort_by("batch")
    assert found["added"].to_pylist() == [None, None, None, "x", None]


def test_maintained_alone_it_can_be_searched(lake: Lake) -> None:
    maintain(lake)
    assert query(lake, "SELECT count(*) > 0 FROM search('ferry')") == [(True,)]


def test_columns_are_only_ever_added(lake: Lake, tmp_path: Path) -> None:
    todays = Lake(tmp_path / "todays")
    for table in (CAPTURES, ARTICLES):
        assert columns(lake.open(table)).items() <= columns(todays.open(table)).items()


def test_the_schema_of_today_is_kept() -> None:
    newest = RELEASED / NAMES[-1]
    for table in TABLES:
        kept = set(columns(DeltaTable(newest / table.name))) if (newest / table.name).exists() else set()
        assert kept == set(table.schema.names), "before a release: python -m tests.lake.release NAME"
