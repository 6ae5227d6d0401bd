"""The published catalog: what readers see, and when."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tasks.dictionary import markdown
from tasks.lake import reader
from tasks.lake.schema import TABLES
from tasks.lake.store import Lake
from tasks.lake.views import view, views
from tasks.publish import publish
from tests.bench.generate import write
from tests.lake.test_append import load, query


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_an_empty_lake_answers_with_no_rows(lake: Lake) -> None:
    publish(lake)
    for name in [v.name for v in views()]:
        assert query(lake, f"FROM {name}") == []


def test_an_open_reader_keeps_its_snapshot(lake: Lake, tmp_path: Path) -> None:
    write(tmp_path / "one", 5, 1_200)
    load([tmp_path / "one"], lake)
    # Another process reads: one process would share one instance of the file.
    code = (
        "import duckdb,sys\n"
        f"con = duckdb.connect({str(lake.catalog)!r}, read_only=True)\n"
        "count = lambda: con.sql('SELECT count(*) FROM articles').fetchall()[0][0]\n"
        "print(count(), flush=True); sys.stdin.readline(); print(count(), flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as reader:
        assert reader.stdout and reader.stdin
        assert reader.stdout.readline() == "5\n"
        write(tmp_path / "two", 9, 1_200)
        load([tmp_path / "two"], lake)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "5\n"
    assert query(lake, "SELECT count(*) FROM articles") == [(9,)]


def test_a_log_left_by_a_killed_session_does_not_lock_readers_out(lake: Lake) -> None:
    publish(lake)
    lake.catalog.with_name("newslake.duckdb.wal").write_bytes(b"left behind")
    publish(lake)
    assert query(lake, "SELECT count(*) FROM articles") == [(0,)]


def test_a_draft_left_by_a_killed_publish_is_replaced(lake: Lake) -> None:
    lake.local.mkdir(parents=True)
    lake.catalog.with_suffix(".draft").write_bytes(b"half a file")
    publish(lake)
    assert query(lake, "SELECT count(*) FROM captures") == [(0,)]


def test_the_catalog_opens_under_any_name_from_anywhere(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in", 3, 1_200)
    load([tmp_path / "in"], lake)
    monkeypatch.chdir("/")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{lake.catalog}' AS news (READ_ONLY)")
        assert con.sql("SELECT count(*) FROM news.articles").fetchall() == [(3,)]
        assert con.sql("SELECT sum(documents) FROM news.runs").fetchall() == [(3,)]


def test_every_view_and_column_explains_itself(lake: Lake) -> None:
    publish(lake)
    silent = (
        "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal AND comment IS NULL "
        "UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal AND comment IS NULL"
    )
    assert query(lake, silent) == []


def test_a_header_must_tell_the_grain() -> None:
    with pytest.raises(ValueError, match="grain"):
        view("nameless", "SELECT 1")


def test_the_dictionary_in_docs_is_todays() -> None:
    written = Path(__file__).parents[2] / "docs" / "dictionary.md"
    assert written.read_text(encoding="utf-8") == markdown(), "run: make docs"


def test_no_column_is_of_type_null_and_each_is_described() -> None:
    for table in TABLES:
        for column in table.columns:
            assert column.type != "null"
            assert column.description.endswith((".", "?"))


def test_a_catalog_that_is_swapped_while_it_is_opened_is_read_as_one(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    publish(lake)
    for name, many in (("small", 5), ("large", 40)):
        with duckdb.connect(str(tmp_path / name)) as con:
            for number in range(many):
                con.execute(f"CREATE VIEW v{number} AS SELECT '{'x' * 200}' AS text")
            con.execute(f"CREATE VIEW views AS SELECT {many} AS number")
    over = threading.Event()

    def swap() -> None:
        for name in itertools.cycle(("small", "large")):
            shutil.copy(tmp_path / name, tmp_path / "draft")
            os.replace(tmp_path / "draft", lake.catalog)
            if over.wait(0.1):
                return

    with ThreadPoolExecutor(1) as threads:
        swapping = threads.submit(swap)
        try:
            for _ in range(15):
                with reader.read(lake) as con:
                    (number,) = con.sql("SELECT number FROM views").fetchall()[0]
                    (seen,) = con.sql(
                        "SELECT count(*) - 1 FROM duckdb_views() WHERE NOT internal"
                    ).fetchall()[0]
                    assert seen == number
        finally:
            over.set()
        swapping.result()
