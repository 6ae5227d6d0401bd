"""Verify and repair: what is damaged is named, what can be had back is had back once, and the rest is told as lost."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from flows.cli import main
from tasks import append, verify
from tasks.lake import checks
from tasks.lake.catalog import connect
from tasks.lake.commit import commit
from tasks.lake.damage import Digests, damage
from tasks.lake.files import live
from tasks.lake.schema import ARTICLES, CAPTURES, INDEX, TABLES, Table
from tasks.lake.schema_links import ALL
from tasks.lake.store import Lake, LakeError, committed
from tests.bench.generate import write
from tests.lake.kept import Kept
from tests.lake.test_append import PAGE, load, query

COUNTS = "SELECT count(*), count(DISTINCT (article_id, version)), sum(version) FROM article_versions"


def file(lake: Lake, table: Table, number: int = 0) -> Path:
    """The file of a table's batch ``number``, from 0."""
    files = sorted(live(lake.open(table)), key=lambda each: each.first or 0)
    return lake.local / table.name / files[number].path


def flip(path: Path, at: float = 0.3) -> None:
    """Change one byte."""
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] ^= 0x10
    path.write_bytes(data)


def levels(done: verify.Verified) -> set[str]:
    return {finding.level for finding in done.findings}


def told(done: verify.Verified) -> str:
    return "\n".join(f"{finding.level}: {finding.text}" for finding in done.findings)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Three batches: one of an article's first version, one of its second and 4 texts, and one of 4 more."""
    folder = tmp_path_factory.mktemp("verify")
    made = Lake(folder / "lake")
    for number, more in enumerate(("No one was hurt in it.", "Two people were slightly hurt in it.")):
        page = folder / str(number) / "page.html"
        page.parent.mkdir()
        page.write_text(PAGE.format(more=more), encoding="utf-8")
        if number:
            write(folder / str(number), 4, 900)
        load([page.parent], made, f"source-{number}")
    write(folder / "more", 8, 900)
    load([folder / "more"], made)
    return Kept(made)


@pytest.fixture
def lake(kept: Kept) -> Lake:
    return kept.restored()


def test_a_whole_lake_is_whole(lake: Lake) -> None:
    done = verify.verify(lake)
    assert done.whole and not done.findings
    assert list(done.tables) == [table.name for table in ALL]
    assert {(done.tables[table.name].files, done.tables[table.name].damaged) for table in TABLES} == {(3, 0)}


@pytest.mark.parametrize("number", [0, 1])
def test_a_lost_file_of_articles_is_made_anew_once(lake: Lake, number: int) -> None:
    columns = "article_id, version, capture_id, run_id, title, text, ingested_at, published_at"
    before = query(lake, f"SELECT {columns} FROM article_versions ORDER BY ALL")
    lost = file(lake, ARTICLES, number)
    lost.unlink()
    found = verify.verify(lake)
    assert not found.whole
    assert (
        f"articles/{lost.parent.name}/{lost.name}: missing; it held {1 + 4 * number} rows of batches"
        in told(found)
    )
    assert f"sources of these batches: source-{number}" in told(found)
    assert verify.verify(lake, repair=True).whole
    assert query(lake, f"SELECT {columns} FROM article_versions ORDER BY ALL") == before
    assert verify.verify(lake, repair=True).whole
    assert query(lake, COUNTS) == [(10, 10, 11)]
    again = verify.verify(lake)
    assert again.whole and levels(again) <= {"note"}


def test_a_flipped_bit_anywhere_is_found_once_a_file_was_verified(lake: Lake) -> None:
    assert verify.verify(lake).whole
    path = file(lake, ARTICLES, 2)
    whole = path.read_bytes()
    for at in range(10):
        flip(path, at / 10)
        assert not verify.verify(lake).whole, at
        path.write_bytes(whole)
    assert verify.verify(lake).whole


def test_rows_that_do_not_match_their_digests_are_found(lake: Lake) -> None:
    """A file that decodes, of the length that the log tells, with another text in it."""
    path = file(lake, ARTICLES, 2)
    rows = pq.ParquetFile(path).read()
    text = pa.array(["changed", *rows["text"].to_pylist()[1:]], rows["text"].type)
    changed = rows.set_column(rows.schema.get_field_index("text"), "text", text)
    assert changed.schema.names == rows.schema.names
    pq.write_table(changed, path, compression="zstd")
    assert "bytes where the log says" in told(verify.verify(lake))
    delta = lake.open(ARTICLES)
    found = next(each for each in live(delta) if path.name in each.path)
    sized = replace(found, size=path.stat().st_size)
    hurt = damage(delta, ARTICLES, sized, Digests(lake.local / "none"), lake.local)
    assert hurt and hurt.reason == "1 of 4 rows do not match their own digests"


def test_the_rows_that_can_be_read_of_captures_are_kept(lake: Lake) -> None:
    """Where the pages' bytes alone are damaged, the ledger stays: nothing is loaded twice."""
    path = file(lake, CAPTURES, 2)
    body = pq.ParquetFile(path).metadata.row_group(0)
    column = next(c for c in map(body.column, range(body.num_columns)) if c.path_in_schema == "body")
    data = bytearray(path.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    for at in range(start, start + column.total_compressed_size):
        data[at] = 0xFF
    path.write_bytes(data)
    done = verify.verify(lake, repair=True)
    assert not done.whole, "the bytes are lost"
    assert "of 8 rows in doubt 8 were saved" in told(done) and "the bytes of 8 of the saved are lost" in told(
        done
    )
    assert verify.verify(lake).whole
    assert query(lake, COUNTS) == [(10, 10, 11)]
    assert query(lake, "SELECT count(*), count(body) FROM captures") == [(14, 6)]


def test_lost_captures_are_told_and_their_articles_stay(lake: Lake) -> None:
    file(lake, CAPTURES, 2).unlink()
    done = verify.verify(lake, repair=True)
    assert "fail: repaired: captures: of 8 rows in doubt 0 were saved and 0 made anew; 8 are lost" in told(
        done
    )
    assert "warn: check articles_without_capture" in told(done)
    assert query(lake, COUNTS) == [(10, 10, 11)]
    assert load([lake.local.with_name("more")], lake).outcomes == {"unchanged": 8}
    assert query(lake, COUNTS) == [(10, 10, 11)]


def test_a_deleted_table_of_articles_is_made_anew(lake: Lake) -> None:
    before = query(lake, "SELECT article_id, version, text FROM article_versions ORDER BY ALL")
    shutil.rmtree(lake.local / "articles")
    assert not verify.verify(lake).whole
    assert verify.verify(lake, repair=True).whole
    assert query(lake, "SELECT article_id, version, text FROM article_versions ORDER BY ALL") == before
    assert [committed(delta) for delta in lake.state().values()] == [3] * len(TABLES)


def test_a_deleted_table_of_captures_cannot_be_had_back(lake: Lake) -> None:
    shutil.rmtree(lake.local / "captures")
    (lake.local / "captures").mkdir()
    with pytest.raises(LakeError, match="restore it from a backup"):
        verify.verify(lake, repair=True)


@pytest.mark.parametrize("table", INDEX, ids=lambda table: table.name)
def test_a_damaged_search_index_is_made_anew(lake: Lake, table: Table) -> None:
    before = query(lake, "SELECT count(*) FROM base.postings")
    flip(file(lake, table, 0), at=0.999)
    assert not verify.verify(lake).whole
    assert verify.verify(lake, repair=True).whole
    assert query(lake, "SELECT count(*) FROM base.postings") == before
    assert verify.verify(lake).whole


def test_a_catalog_that_is_not_the_logs_is_found(lake: Lake, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copy(lake.catalog, old)
    write(tmp_path / "new", 9, 900)
    load([tmp_path / "new"], lake)
    shutil.copy(old, lake.catalog)
    found = told(verify.verify(lake))
    lacks = re.search("newslake.duckdb: lists 0 files that the tables do not, and lacks ([0-9]+)", found)
    assert lacks and int(lacks[1]) >= len(TABLES)
    assert verify.verify(lake, repair=True).whole
    lake.catalog.write_bytes(b"no database")
    assert "cannot be opened" in told(verify.verify(lake))


def test_files_that_nothing_refers_to_are_listed(lake: Lake) -> None:
    left = file(lake, ARTICLES).with_name("part-left.parquet")
    left.write_bytes(b"half")
    done = verify.verify(lake)
    assert done.whole
    assert "note: articles/: 1 files" in told(done) and left.name in told(done)


def test_what_is_there_twice_is_a_failure(lake: Lake) -> None:
    delta = lake.open(ARTICLES)
    rows = delta.to_pyarrow_table().slice(0, 1)
    commit(delta, ARTICLES, rows, committed(delta))
    assert "fail: check duplicate_versions: article versions that are stored more than once: 1" in told(
        verify.verify(lake)
    )


def test_a_run_whose_rows_break_a_check_says_so_and_loses_nothing(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = append.commit

    def doubled(delta, table, rows, batch):  # type: ignore[no-untyped-def]
        twice(delta, table, pa.concat_tables([rows, rows]) if table is ARTICLES else rows, batch)

    monkeypatch.setattr(append, "commit", doubled)
    write(tmp_path / "new", 9, 900)
    arguments = ["load", str(tmp_path / "new"), "--lake", str(lake.local), "--workers", "1", "--direct"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert "failed: check duplicate_versions" in done.stderr
    assert query(lake, "SELECT count(DISTINCT article_id) FROM article_versions") == [(10,)]


def test_every_check_holds_for_an_empty_lake_and_says_what_it_means() -> None:
    assert len(checks.checks()) >= 8
    assert (
        {each.fails for each in checks.checks()}
        == {each.each_run for each in checks.checks()}
        == {True, False}
    )
    assert checks.broken({}) == []
    with connect({}) as con:
        for each in checks.checks():
            assert con.execute(each.select, {"since": 0} if "$since" in each.select else None)
    with pytest.raises(ValueError, match="header"):
        checks.check("odd", "SELECT 1")


def test_the_command_says_what_it_found(lake: Lake, tmp_path: Path) -> None:
    def run(*more: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["verify", "--direct", "--lake", str(lake.local), *more])
        return done.exit_code, done.output

    code, said = run()
    assert code == 0 and "the lake is whole" in said
    file(lake, ARTICLES).unlink()
    code, said = run()
    assert code == 1 and "missing" in said and "the lake is not whole" in said
    code, said = run("--repair")
    assert code == 0 and "1 made anew; none is lost" in said
    done = CliRunner().invoke(main, ["verify", "--direct", "--lake", str(tmp_path / "nowhere")])
    assert done.exit_code == 3 and "no lake at" in done.output
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        assert con.sql(COUNTS).fetchall() == [(10, 10, 11)]
