"""Maintenance: small files become few, superseded ones go after the grace, and no row is lost, doubled or changed."""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from deltalake import DeltaTable, write_deltalake

from flows import journeys
from flows.cli import main
from tasks import maintain
from tasks.explain_document import in_lake
from tasks.files import documents
from tasks.lake import compaction, expiry, retention, rewrite
from tasks.lake.commit import commit
from tasks.lake.compaction import TIERS, compact, due
from tasks.lake.files import File, live
from tasks.lake.schema import ARTICLES, CAPTURES, Table
from tasks.lake.store import Conflict, Lake, committed
from tasks.lake.stored import Selection
from tasks.publish import publish
from tasks.run import Report, Run
from tests.bench.generate import write
from tests.processes import together

NOW = datetime(2026, 3, 20, tzinfo=UTC)
PAGE = {"media": "text", "body": b"<p>bytes</p>", "body_hash": "b", "size": 12}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def rows(batch: int, count: int = 5, stamp: datetime = NOW) -> tuple[pa.Table, pa.Table]:
    """Captures and articles of one batch; articles were published in no order."""
    shared = {
        "batch": batch,
        "ingested_at": stamp,
        "month": f"{stamp:%Y-%m}",
        "run_id": "r",
        "source_id": "s",
    }
    ids = [f"{batch:016x}{row:016x}" for row in range(count)]
    captures = [
        {"capture_id": i, "key": batch, "article_id": i, "outcome": "new", "fetched_at": stamp}
        | PAGE
        | shared
        for i in ids
    ]
    articles = [
        {
            "article_id": i, "key": batch * 100 + row, "version": 1, "capture_id": i, "title": i, "tags": [i],
            "quotes": [{"text": i, "start": row, "end": row + 1}], "field_errors": {"section": "not_stated"},
            "published_at": stamp - timedelta(hours=batch * 7919 % 100, minutes=row) if row else None,
        } | shared
        for row, i in enumerate(ids)
    ]  # fmt: skip
    return (
        pa.Table.from_pylist(captures, schema=CAPTURES.schema),
        pa.Table.from_pylist(articles, schema=ARTICLES.schema),
    )


def append(lake: Lake, batches: range, stamp: datetime = NOW) -> None:
    for batch in batches:
        for table, made in zip((CAPTURES, ARTICLES), rows(batch, stamp=stamp), strict=True):
            commit(lake.open(table), table, made, batch)


def content(lake: Lake, table: Table) -> list[dict[str, object]]:
    found = [row for file in lake.open(table).file_uris() for row in pq.ParquetFile(file).read().to_pylist()]
    return sorted(found, key=lambda row: str(row[table.bloom]))


def whole(lake: Lake, table: Table) -> DeltaTable:
    """All files of a table merged into one."""
    delta = lake.open(table)
    compact(delta, table, live(delta), lake.local)
    return lake.open(table)


def query(lake: Lake, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return con.sql(sql).fetchall()


def on_disk(lake: Lake, table: Table = ARTICLES) -> set[str]:
    return {
        str(path.relative_to(lake.local / table.name)) for path in lake.local.glob(f"{table.name}/month=*/*")
    }


def test_no_row_changes(lake: Lake) -> None:
    append(lake, range(1, 9))
    before = {table.name: content(lake, table) for table in (CAPTURES, ARTICLES)}
    for table in (CAPTURES, ARTICLES):
        assert len(whole(lake, table).file_uris()) == 1
        assert content(lake, table) == before[table.name]


def test_the_file_is_sorted_packed_and_described(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the rows do not fit into memory at once: here a row group and what is sorted at once is of 8 rows."""
    append(lake, range(1, 9))
    monkeypatch.setattr(rewrite, "GROUP_BYTES", 8 * 800)
    delta = whole(lake, ARTICLES)
    file = pq.ParquetFile(delta.file_uris()[0])
    table = file.read(columns=["published_at", "key", "batch"])
    assert table.sort_by([("published_at", "ascending"), ("key", "ascending")]).equals(table)
    assert file.metadata.num_row_groups > 2
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    assert len({group.num_rows for group in groups[:-1]}) == 1
    assert {group.column(0).compression for group in groups} == {"ZSTD"}
    (found,) = duckdb.execute(
        "SELECT count(*) FROM parquet_metadata(?) WHERE path_in_schema = 'article_id' AND bloom_filter_offset > 0",
        [delta.file_uris()[0]],
    ).fetchall()
    assert found == (len(groups),)
    (action,) = pa.table(delta.get_add_actions(flatten=True)).to_pylist()
    assert (action["num_records"], action["min.batch"], action["max.batch"]) == (40, 1, 8)
    assert action["max.ingested_at"] == NOW
    assert action["null_count.batch"] == 0
    assert not list(lake.local.glob("tmp*")), "what was sorted on the disk is gone"


def test_captures_stay_in_their_order(lake: Lake) -> None:
    append(lake, range(1, 9))
    batches = (
        pq.ParquetFile(whole(lake, CAPTURES).file_uris()[0]).read(columns=["batch"])["batch"].to_pylist()
    )
    assert batches == sorted(batches)


def test_the_bloom_filter_is_right(lake: Lake) -> None:
    append(lake, range(1, 9))
    file = whole(lake, ARTICLES).file_uris()[0]
    for name, there in ((f"{3:016x}{2:016x}", True), ("nothing", False)):
        probed = "SELECT bool_or(NOT bloom_filter_excludes) FROM parquet_bloom_probe(?, 'article_id', ?)"
        assert duckdb.execute(probed, [file, name]).fetchall() == [(there,)]


def file(name: str, size: int, month: str = "2026-03") -> File:
    return File(name, month, size, 1, 0)


def test_what_is_due() -> None:
    (small, few), (medium, fewer) = TIERS
    tiny = [file(f"t{n}", 1000) for n in range(few)]
    assert due(tiny[:-1]) == []
    assert due(tiny) == tiny
    assert due(tiny[:-1], all_small=True) == tiny[:-1]
    middle = [file(f"m{n}", small) for n in range(fewer)]
    assert due([*tiny[:-1], *middle[:-1], file("large", medium)]) == []
    assert due([*tiny[:-1], *middle, file("large", medium)]) == middle
    assert due([file(f"l{n}", medium) for n in range(20)], all_small=True) == []
    assert due([]) == []


def test_a_month_that_is_over_becomes_one_file() -> None:
    old = [file("a", 5000, "2026-02"), file("b", 900, "2026-02")]
    assert due([*old, file("c", 1000)]) == old
    crumbs = [file("a", 10**8, "2026-02"), file("b", 900, "2026-02")]
    assert due([*crumbs, file("c", 1000)]) == []
    assert due(crumbs, all_small=True) == crumbs


def test_a_merge_takes_no_more_than_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "MERGE_BYTES", 2500)
    files = [file(f"t{n}", 1000) for n in range(9)]
    assert due(files) == files[:2]


def test_of_two_merges_at_once_one_is_refused(lake: Lake) -> None:
    append(lake, range(1, 4))
    one, other, writer = (lake.open(ARTICLES) for _ in range(3))
    compact(one, ARTICLES, live(one), lake.local)
    with pytest.raises(Conflict):
        compact(other, ARTICLES, live(other), lake.local)
    commit(writer, ARTICLES, rows(4)[1], 4)  # an append is not disturbed
    assert len(content(lake, ARTICLES)) == 20


def test_merges_and_loads_by_several_processes(lake: Lake, tmp_path: Path) -> None:
    """Two that merge all the time, on purpose without the lock that keeps them apart, and one that loads."""
    write(tmp_path / "in", 24, 600)
    with ThreadPoolExecutor(1) as threads:
        merging = threads.submit(together, [(merge, lake)] * 2)
        report = journeys.load(documents([str(tmp_path / "in")]), lake, Run.begin("files"), rows=4, workers=1)
    merging.result()  # both came to their end
    publish(lake)
    assert report.outcomes == {"new": 24}
    assert query(lake, "SELECT count(*), count(DISTINCT article_id) FROM articles") == [(24, 24)]
    assert query(lake, "SELECT count(*), count(DISTINCT capture_id) FROM captures") == [(24, 24)]


def test_batches_are_known_after_all_tidying(lake: Lake) -> None:
    append(lake, range(1, 15))
    maintain.maintain(lake)
    log = lake.local / "articles" / "_delta_log"
    for entry in log.iterdir():
        os.utime(entry, (0, 0))
    maintain.maintain(lake)
    assert len(list(log.glob("*.json"))) < 14, "the log was not tidied"
    assert [committed(lake.open(table)) for table in (CAPTURES, ARTICLES)] == [14, 14]
    append(lake, range(15, 16))
    assert len(content(lake, ARTICLES)) == 75


def test_superseded_files_wait_for_readers(lake: Lake) -> None:
    append(lake, range(1, 4))
    publish(lake)
    reader = duckdb.connect(str(lake.catalog), read_only=True)
    before = on_disk(lake)
    done = maintain.maintain(lake, now=NOW)
    assert (done.deleted, done.oldest) == (0, NOW)
    assert before < on_disk(lake)
    maintain.maintain(lake, now=NOW + timedelta(hours=23))
    assert reader.sql("SELECT count(*) FROM articles").fetchall() == [(15,)]
    reader.close()
    done = maintain.maintain(lake, now=NOW + timedelta(hours=24))
    assert (done.deleted, done.waiting) == (6, 0)
    assert len(on_disk(lake)) == 1
    assert query(lake, "SELECT count(*) FROM articles") == [(15,)]


def expire(lake: Lake, now: datetime) -> int:
    waiting = expiry.Waiting(lake.local / ".superseded.json")
    return expiry.expire([("articles", lake.open(ARTICLES))], waiting, now, timedelta(hours=24))


def test_what_killed_writers_leave_is_deleted_after_the_grace(lake: Lake) -> None:
    append(lake, range(1, 2))
    drafts = [
        lake.local / "articles" / "month=2026-03" / name for name in ("part-x.parquet", "part-y.parquet#1")
    ]
    for draft in drafts:
        draft.write_bytes(b"half")
    assert expire(lake, NOW) == 0, "its writer may be about to commit it"
    assert expire(lake, NOW + timedelta(hours=24)) == 2
    assert len(on_disk(lake)) == 1


def test_a_damaged_list_of_what_waits_deletes_nothing_early(lake: Lake) -> None:
    append(lake, range(1, 4))
    whole(lake, ARTICLES)
    assert expire(lake, NOW) == 0
    (lake.local / ".superseded.json").write_text("[1")
    assert expire(lake, NOW + timedelta(hours=30)) == 0
    assert expire(lake, NOW + timedelta(hours=54)) == 3


def test_a_clock_set_back_starts_the_grace_anew(lake: Lake) -> None:
    append(lake, range(1, 4))
    whole(lake, ARTICLES)
    assert expire(lake, NOW + timedelta(days=900)) == 0
    assert expire(lake, NOW) == 0
    assert expire(lake, NOW + timedelta(hours=24)) == 3


class Death(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("where", "name"),
    [(compaction, "rewrite"), (compaction, "replace"), (maintain, "publish"), (expiry.Waiting, "save")],
    ids=["merge", "commit", "publish", "expiry"],
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_death_anywhere(
    lake: Lake, where: object, name: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(lake, range(1, 4))
    publish(lake)

    def deadly(*arguments: object, **options: object) -> None:
        raise Death

    with monkeypatch.context() as patch:
        patch.setattr(where, name, deadly)
        with pytest.raises(Death):
            maintain.maintain(lake, now=NOW)
    assert query(lake, "SELECT count(*) FROM articles") == [(15,)]
    maintain.maintain(lake, now=NOW)
    maintain.maintain(lake, now=NOW + timedelta(hours=25))
    assert query(lake, "SELECT count(*), count(DISTINCT article_id) FROM articles") == [(15, 15)]
    assert len(on_disk(lake)) == 1


def test_files_of_older_and_newer_schemas(lake: Lake) -> None:
    """What is missing is NULL, and a column that only a newer newslake knows is kept."""
    append(lake, range(1, 2))
    newer = rows(2)[1].append_column("mood", pa.array(["grim"] * 5))
    write_deltalake(lake.open(ARTICLES), newer, mode="append", schema_mode="merge")
    merged = pq.ParquetFile(whole(lake, ARTICLES).file_uris()[0]).read()
    assert sorted(merged["mood"].to_pylist(), key=str) == [None] * 5 + ["grim"] * 5
    assert len(content(lake, ARTICLES)) == 10


def stored(lake: Lake) -> list[tuple[object, ...]]:
    return query(lake, "SELECT outcome, body IS NOT NULL, count(*) FROM captures GROUP BY ALL ORDER BY ALL")


@pytest.fixture
def aged(lake: Lake, tmp_path: Path) -> Lake:
    """Five articles and a page without one, a hundred days old by the clock that maintenance goes by."""
    write(tmp_path / "in", 5, 1_500)
    (tmp_path / "in" / "none.html").write_text("<html><body><p>Nothing.</p></body></html>")
    journeys.load(documents([str(tmp_path / "in")]), lake, Run.begin("files"), workers=1)
    return lake


def test_old_bodies_are_dropped_where_the_article_is_stored(aged: Lake, tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=100)
    assert maintain.maintain(aged, body_days=200, now=later).bodies == 0
    assert maintain.maintain(aged, body_days=30, now=later).bodies == 5
    assert maintain.maintain(aged, body_days=30, now=later).bodies == 0
    assert ("new", False, 5) in stored(aged)
    assert all(body for outcome, body, _ in stored(aged) if outcome != "new")
    again = journeys.load(documents([str(tmp_path / "in")]), aged, Run.begin("files"), workers=1)
    assert again.outcomes["unchanged"] == 5, "the hash tells what is known"


def test_what_is_gone_is_said_in_words(aged: Lake) -> None:
    maintain.maintain(aged, body_days=30, now=datetime.now(UTC) + timedelta(days=100))
    found = journeys.reextract(aged, Run.begin("reextract"), Selection(), workers=1)
    assert found.bodiless == 5
    identity = query(aged, "SELECT min(article_id) FROM articles")[0][0]
    told = in_lake(str(identity), aged)
    assert told
    assert "retention dropped" in str(told.document.error)


def test_bodies_of_a_half_committed_batch_stay(aged: Lake) -> None:
    captures = rows(2)[0]
    commit(aged.open(CAPTURES), CAPTURES, captures, committed(aged.open(CAPTURES)) + 1)
    path = live(aged.open(CAPTURES))[0].path
    assert retention.drop_bodies(aged.state(), path, aged.local) == 0


def load_after_many(lake: Lake, folder: Path) -> Report:
    """A load of one text into a lake of five small files a table."""
    append(lake, range(1, 6))
    write(folder, 1, 600)
    return journeys.load(documents([str(folder)]), lake, Run.begin("files"), workers=1)


def test_loads_merge_by_themselves(lake: Lake, tmp_path: Path) -> None:
    assert load_after_many(lake, tmp_path / "in").outcomes == {"new": 1}
    assert len(live(lake.open(ARTICLES))) == 2, "one of the month that is over, one of the new month"
    assert query(lake, "SELECT count(*), count(DISTINCT article_id) FROM articles") == [(26, 26)]


def test_a_merge_that_fails_is_a_note(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(compaction, "rewrite", broken)
    report = load_after_many(lake, tmp_path / "in")
    assert report.outcomes == {"new": 1}
    assert report.notes == ["small files not merged: OSError: no space left"]


def test_the_command_says_before_and_after(lake: Lake) -> None:
    append(lake, range(1, 4))
    told = CliRunner().invoke(main, ["maintain", "--lake", str(lake.local), "--grace-hours", "48"])
    assert told.exit_code == 0
    assert "3 → 1" in told.stdout
    assert "6 superseded files" in told.stdout
    with lake.lock("maintain"):
        told = CliRunner().invoke(main, ["maintain", "--lake", str(lake.local)])
    assert "another process is maintaining" in told.stdout
    told = CliRunner().invoke(main, ["maintain", "--lake", str(lake.local / "nowhere")])
    assert told.exit_code == 3


def merge(lake: Lake) -> None:
    """Merge whatever there is until 24 articles are there, whoever else merges it too."""
    while sum(file.rows for file in live(lake.open(ARTICLES))) < 24:
        for table in (CAPTURES, ARTICLES):
            if files := due(live(delta := lake.open(table)), all_small=True):
                with contextlib.suppress(Conflict):  # another came first
                    compact(delta, table, files, lake.local)
