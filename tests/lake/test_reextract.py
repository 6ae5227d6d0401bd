"""Re-extraction: what changes is a version, what does not is nothing, and a death in between changes neither.

An older extractor is what it would have left: articles whose fields differ from what today's makes of the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from flows import journeys
from tasks import append, capture, reextract
from tasks.extract import FAILED, Extractor, extract_rows
from tasks.files import documents
from tasks.lake import stored
from tasks.lake.commit import commit
from tasks.lake.keys import CACHE
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES, CAPTURES, Table
from tasks.lake.store import Lake, committed
from tasks.lake.stored import Selection
from tasks.publish import publish
from tasks.run import Report, Run
from tests.bench.generate import write

PAGE = """<html><head><link rel="canonical" href="https://shorepost.example/ferry"><title>Ferry</title></head><body>
<article><h1>Ferry to Marren cancelled</h1><p>The evening ferry from Saltby to Marren was cancelled on Monday after
a pump failed in the engine room, the company said in a statement. {more}</p><p>Passengers were taken to the island
by bus and by a fishing boat, which needed three journeys for the forty people who were waiting at the quay in heavy
rain and a wind that rose towards midnight.</p></article></body></html>"""

ALL = Selection()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    write(tmp_path / "in", 12, 1_500)
    return tmp_path / "in"


def query(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return con.sql(sql).fetchall()


def load(path: Path, lake: Lake) -> dict[str, int]:
    return dict(journeys.load(documents([str(path)]), lake, Run.begin("files"), workers=1).outcomes)


def load_with_older_extractor(
    path: Path, lake: Lake, *, source: str = "files", at: datetime | None = None, **older: object
) -> None:
    captures = next(capture.batches(documents([str(path)]), Run.begin(source)))
    if at:
        captures = replaced(captures, fetched_at=at)
    append.append(lake, captures, replaced(extract_rows(captures), **older))
    publish(lake)


def again(lake: Lake, selection: Selection = ALL, **options: Any) -> reextract.Findings:
    return journeys.reextract(lake, Run.begin("reextract"), selection, workers=1, **options)


def versions(lake: Lake) -> tuple[int, int]:
    return lake.open(CAPTURES).version(), lake.open(ARTICLES).version()


def test_what_is_the_same_appends_nothing(lake: Lake, texts: Path) -> None:
    load_with_older_extractor(texts, lake, extractor_version="0", content_hash="0" * 32)
    before = versions(lake)
    found = again(lake)
    assert (dict(found.report.outcomes), found.fields) == ({"unchanged": 12}, {})
    assert versions(lake) == before


def test_what_differs_is_the_next_version_once(lake: Lake, texts: Path) -> None:
    titles = [f"Older title {n}" if n < 3 else None for n in range(12)]
    load_with_older_extractor(texts, lake, title=titles, extractor_version="0")
    assert again(lake).report.outcomes == {"new_version": 12}
    rows = query(
        lake,
        "SELECT count(*), count(DISTINCT article_id), count(DISTINCT capture_id), "
        "count(*) FILTER (title LIKE 'Older%'), "
        "count(*) FILTER (version = 2 AND title IS NOT NULL AND extractor_version <> '0') FROM article_versions",
    )
    assert rows == [(24, 12, 12, 3, 12)]
    ledger = query(
        lake,
        "SELECT count(*), count(c.body), count(DISTINCT o.capture_id), bool_and(a.article_id = c.article_id) "
        "FROM captures AS c JOIN captures AS o ON o.capture_id = c.found_in "
        "JOIN articles AS a ON a.capture_id = c.found_in WHERE c.kind = 'reextract' AND c.outcome = 'new_version'",
    )
    assert ledger == [(12, 0, 12, True)]
    before = versions(lake)
    assert again(lake).report.outcomes == {"unchanged": 12}
    assert versions(lake) == before
    assert load(texts, lake) == {"unchanged": 12}
    assert query(lake, "SELECT count(*) FROM article_versions") == [(24,)]


def test_rows_that_break_a_check_are_told(lake: Lake, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_with_older_extractor(texts, lake, title="Older title", extractor_version="0")

    def doubled(delta: DeltaTable, table: Table, rows: pa.Table, batch: int) -> None:
        commit(delta, table, pa.concat_tables([rows, rows]) if table is ARTICLES else rows, batch)

    monkeypatch.setattr(append, "commit", doubled)
    assert again(lake, dry_run=True).report.failed_checks == []
    assert "check duplicate_versions" in str(again(lake).report.failed_checks)


def test_the_same_article_whatever_its_canonical_url_is_now(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE.format(more=""), encoding="utf-8")
    captures = next(capture.batches(documents([str(tmp_path / "page.html")]), Run.begin("files")))
    captures = replaced(captures, article_id="ab" * 16)  # as an older extractor's canonical URL had it
    append.append(
        lake, captures, replaced(extract_rows(captures), canonical_url="https://m.shorepost.example/f")
    )
    publish(lake)
    found = again(lake)
    assert list(found.fields) == ["canonical_url"]
    rows = query(lake, "SELECT article_id, version, canonical_url FROM articles")
    assert rows == [("ab" * 16, 2, "https://shorepost.example/ferry")]


@pytest.mark.parametrize("reason", ["no_article", FAILED + "ValueError: mistake"])
def test_what_was_no_article_may_be_one_now(lake: Lake, texts: Path, reason: str) -> None:
    load_with_older_extractor(texts, lake, word_count=0, field_errors=[[("text", reason)]] * 12)
    assert query(lake, "SELECT count(*) FROM articles") == [(0,)]
    assert again(lake).report.outcomes == {"new": 12}
    assert query(
        lake, "SELECT count(*), min(version) FROM articles SEMI JOIN captures USING (capture_id)"
    ) == [(12, 1)]
    assert again(lake).report.outcomes == {"unchanged": 12}
    assert load(texts, lake) == {"unchanged": 12}
    assert query(lake, "SELECT count(*) FROM article_versions") == [(12,)]


def test_what_is_an_article_now_has_no_error_any_more(lake: Lake, texts: Path) -> None:
    nothing: dict[str, Any] = {"text": "", "word_count": 0, "field_errors": [[("text", "no_article")]] * 12}
    load_with_older_extractor(texts, lake, **nothing)
    again(lake)
    assert load(texts, lake) == {"unchanged": 12}
    assert query(lake, "SELECT DISTINCT error FROM captures WHERE outcome = 'unchanged'") == [(None,)]


def test_an_older_capture_does_not_overrule_a_newer_one(lake: Lake, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for day, outcome in ((2, "new"), (1, None), (3, None)):
        page.write_text(PAGE.format(more=f"It was day {day} of the storm."), encoding="utf-8")
        refused: dict[str, Any] = (
            {} if outcome else {"word_count": 0, "field_errors": [[("text", "no_article")]]}
        )
        load_with_older_extractor(page, lake, at=datetime(2026, 11, day, tzinfo=UTC), **refused)
    assert again(lake).report.outcomes == {"unchanged": 2, "new_version": 1}
    (row,) = query(lake, "SELECT version, text LIKE '%day 3 of%' FROM articles")
    assert row == (2, True)
    assert again(lake).report.outcomes == {"unchanged": 2}


def test_a_text_that_is_lost_is_told_and_kept(lake: Lake, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body><nav><a href=/>Home</a></nav></body></html>", encoding="utf-8")
    load_with_older_extractor(page, lake, text="Once an article.", word_count=3, title="Once")
    before = versions(lake)
    found = again(lake)
    assert found.report.outcomes == {"no_article": 1}
    assert (found.fields["text"].lost, found.fields["text"].examples) == (1, ["'Once an article.' → nothing"])
    assert versions(lake) == before


def written(lake: Lake) -> dict[Path, int]:
    """The files of the lake and when they were written; the cache of keys is none of it."""
    files = (path for path in lake.local.rglob("*") if CACHE not in path.parts)
    return {path: path.stat().st_mtime_ns for path in files}


def test_a_dry_run_tells_and_writes_nothing(lake: Lake, texts: Path) -> None:
    titles: list[str | None] = [f"Older title {n}" if n < 3 else None for n in range(12)]
    load_with_older_extractor(texts, lake, title=titles, agency="An agency that no text names")
    files = written(lake)
    found = again(lake, dry_run=True)
    assert found.report.outcomes == {"new_version": 12}
    title, agency = found.fields["title"], found.fields["agency"]
    assert (title.changed, title.gained, title.lost) == (12, 9, 0)
    assert agency.changed == 12
    assert title.examples[0].startswith("'Older title 0' → '")
    assert len(title.examples) == 3
    assert written(lake) == files


def test_a_selection(lake: Lake, texts: Path, tmp_path: Path) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    load_with_older_extractor(texts, lake, source="wire", at=at)
    assert again(lake, Selection(since=at)).report.read == 12
    for none in (
        Selection(until=at),
        Selection(source_id="files"),
        Selection(since=datetime(2026, 11, 3, tzinfo=UTC)),
    ):
        assert again(lake, none).report.read == 0


def test_pieces_fit_into_memory(lake: Lake, texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_with_older_extractor(texts, lake, title="Older")
    run = Run.begin("reextract")
    for limit, sizes in (({"ROWS": 5}, [5, 5, 2]), ({"BYTES": 4_000}, [3, 3, 3, 3])):
        with monkeypatch.context() as patch:
            for name, value in limit.items():
                patch.setattr(stored, name, value)
            read = list(reextract.batches(lake, run, ALL))
        assert [batch.num_rows for batch in read] == sizes
        assert len({id for batch in read for id in batch["found_in"].to_pylist()}) == 12


def test_a_death_between_the_two_commits_is_made_good(lake: Lake, texts: Path, tmp_path: Path) -> None:
    """The ledger has the batch and the articles lack it: whatever runs next makes the very same articles."""
    whole = Lake(tmp_path / "whole")
    for each in (lake, whole):
        titles = [f"Older title {n}" for n in range(11)]
        captures = next(capture.batches(documents([str(texts)]), Run.begin("files")))
        articles = replaced(extract_rows(captures), title=[*titles, None], word_count=[*[9] * 11, 0])
        append.append(each, captures, articles)
    run = Run.begin("reextract")
    again(whole)
    batch = next(reextract.batches(lake, run, ALL))
    with Extractor(1) as extractor:
        captures, articles, _ = reextract.remake(lake, batch, extractor(batch))
    settled, _ = reextract.settle(lake, lake.state(), captures, articles)
    number = committed(lake.open(CAPTURES)) + 1
    commit(lake.open(CAPTURES), CAPTURES, append.stamped(settled, number, datetime.now(UTC)), number)
    publish(lake)
    assert query(lake, "SELECT count(*), max(version) FROM article_versions") == [(11, 1)]
    report: Report = journeys.load(documents([str(texts)]), lake, Run.begin("files"), workers=1)
    assert report.outcomes == {"unchanged": 12}
    publish(lake)
    extracted = ", ".join(f'"{name}"' for name in ("article_id", "version", *reextract.FIELDS))
    rows = f"SELECT {extracted} FROM article_versions ORDER BY article_id, version"
    assert query(lake, rows) == query(whole, rows)
    assert query(lake, "SELECT count(*) FROM article_versions ANTI JOIN captures USING (capture_id)") == [
        (0,)
    ]
    assert query(lake, "SELECT count(*), max(version) FROM article_versions") == [(23, 2)]
    assert again(lake).report.outcomes == {"unchanged": 12}


def test_a_batch_committed_twice_is_there_once(lake: Lake, texts: Path) -> None:
    load_with_older_extractor(texts, lake, title="Older")
    batch = next(reextract.batches(lake, Run.begin("reextract"), ALL))
    with Extractor(1) as extractor:
        captures, articles, _ = reextract.remake(lake, batch, extractor(batch))
    assert append.append(lake, captures, articles).outcomes == {"new_version": 12}
    assert append.append(lake, captures, articles).outcomes == {"new_version": 12}
    publish(lake)
    assert query(lake, "SELECT count(*), max(version) FROM article_versions") == [(24, 2)]
    assert isinstance(batch, pa.Table)
