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
from tasks.lake import catalog, reader, succession
from tasks.lake.schema_links import ALL
from tasks.lake.store import Lake
from tasks.lake.views import view, views
from tasks.publish import publish
from tests.bench.generate import write
from tests.lake.test_append import load, query

# A DuckDB file begins with three pages of 4096 bytes, the second and third of which take turns.
HEADERS = 3 * 4096


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
    for table in ALL:
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


def test_headers_of_one_catalog_and_blocks_of_the_next_read_as_the_one(tmp_path: Path) -> None:
    lake, draft, mixed = Lake(tmp_path / "lake"), tmp_path / "draft", tmp_path / "mixed"
    publish(lake)
    asked = "SELECT count(*), any_value(base.filler.number), any_value(length(text)) FROM base.filler, duckdb_columns()"
    seen = None
    for number, size in enumerate((1, 900_000, 1, 1, 300_000, 900_000, 2, 2)):  # 1: its blocks are cut off
        with duckdb.connect() as con:
            assert succession.follows(con, lake.catalog, draft, catalog._edition())
            with catalog._written(con, draft):
                con.execute(
                    f"CREATE OR REPLACE VIEW base.filler AS SELECT {number} AS number, '{'x' * size}' AS text"
                )
                written = succession.sign(con, catalog._edition())
        succession.finish(draft, written, lake.catalog)
        if seen:
            with lake.catalog.open("rb") as old, draft.open("rb") as new:
                headers = old.read(HEADERS)
                new.seek(HEADERS)
                mixed.write_bytes(headers + new.read())
            with duckdb.connect(str(mixed), read_only=True) as con:
                assert con.sql(asked).fetchall() == seen
        os.replace(draft, lake.catalog)
        seen = query(lake, asked)
        assert seen[0][1:] == (number, size)


def test_a_catalog_follows_the_present_one(lake: Lake, tmp_path: Path) -> None:
    publish(lake)
    before = _checkpoints(lake)
    write(tmp_path / "in", 3, 1_200)
    load([tmp_path / "in"], lake)  # which publishes what it appends, and what it finds
    publish(lake)
    assert _checkpoints(lake) == before + 3
    assert query(lake, "SELECT count(*) FROM articles") == [(3,)]


@pytest.mark.parametrize("change", ["written to", "damaged", "of another newslake", "of another kind"])
def test_a_catalog_that_cannot_be_followed_is_made_from_nothing(
    lake: Lake, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(lake)
    first = _checkpoints(lake)
    publish(lake)
    match change:
        case "written to":
            with duckdb.connect(str(lake.catalog)) as con:
                con.execute("DROP VIEW articles")
        case "damaged":
            times = lake.catalog.stat().st_mtime_ns
            whole = bytearray(lake.catalog.read_bytes())
            whole[HEADERS + 5_000] ^= 1
            lake.catalog.write_bytes(whole)
            os.utime(lake.catalog, ns=(times, times))
        case "of another newslake":
            monkeypatch.setattr(catalog, "_edition", lambda: "another")
        case _:
            lake.catalog.write_bytes(b"no database")
    publish(lake)
    assert _checkpoints(lake) == first
    assert query(lake, "SELECT count(*) FROM articles") == [(0,)]


def _checkpoints(lake: Lake) -> int:
    """How many checkpoints the catalog has seen, by the younger of its two headers."""
    headers = lake.catalog.read_bytes()[:HEADERS]
    return max(int.from_bytes(headers[at + 8 : at + 16], "little") for at in (4096, 8192))
