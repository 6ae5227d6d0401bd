"""Appends: exactly once, versions, recovery after a death between two commits."""

from __future__ import annotations

import contextlib
import shutil
import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from flows import journeys
from tasks import append, capture, dedupe
from tasks.extract import Extractor, extract_rows
from tasks.files import documents
from tasks.lake.commit import commit
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import Conflict, Lake, LakeError, committed
from tasks.publish import publish
from tasks.run import Report, Run
from tests.bench.generate import article, write

PAGE = """<html><head><link rel="canonical" href="https://shorepost.example/ferry"><title>Ferry</title></head><body>
<article><h1>Ferry to Marren cancelled</h1><p>The evening ferry from Saltby to Marren was cancelled on Monday after
a pump failed in the engine room, the company said in a statement. {more}</p><p>Passengers were taken to the island
by bus and by a fishing boat, which needed three journeys for the forty people who were waiting at the quay in heavy
rain and a wind that rose towards midnight.</p></article></body></html>"""


def load(paths: list[Path], lake: Lake, source: str = "files") -> Report:
    return journeys.load(documents([str(p) for p in paths]), lake, Run.begin(source), workers=1)


def query(lake: Lake, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return con.sql(sql).fetchall()


def batch(folder: Path, lake: Lake, run: Run) -> tuple[pa.Table, pa.Table]:
    captures = next(capture.batches(documents([str(folder)]), run))
    return captures, extract_rows(captures)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    write(tmp_path / "in", 6, 1_500)
    return tmp_path / "in"


def test_a_second_load_appends_no_article(lake: Lake, texts: Path) -> None:
    assert load([texts], lake).outcomes == {"new": 6}
    version = lake.open(ARTICLES).version()
    assert load([texts], lake).outcomes == {"unchanged": 6}
    assert lake.open(ARTICLES).version() == version
    assert query(lake, "SELECT count(*), count(DISTINCT article_id) FROM article_versions") == [(6, 6)]
    assert query(lake, "SELECT new, unchanged FROM runs ORDER BY started_at") == [(6, 0), (0, 6)]


def test_the_same_text_elsewhere_is_the_same_article(lake: Lake, texts: Path, tmp_path: Path) -> None:
    load([texts], lake)
    moved = texts.rename(tmp_path / "moved")
    assert load([moved], lake).outcomes == {"unchanged": 6}


def test_twice_in_one_batch_is_once_in_the_lake(lake: Lake, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(article(1), encoding="utf-8")
    assert load([tmp_path / "a.txt", tmp_path / "b.txt"], lake).outcomes == {"new": 1, "unchanged": 1}


def test_an_edit_is_a_version_and_an_old_copy_is_not(lake: Lake, tmp_path: Path) -> None:
    old, new = tmp_path / "1.html", tmp_path / "2.html"
    old.write_text(PAGE.format(more="No one was hurt in it."), encoding="utf-8")
    new.write_text(PAGE.format(more="Two people were slightly hurt in it."), encoding="utf-8")
    assert load([old], lake).outcomes == {"new": 1}
    assert load([new], lake).outcomes == {"new_version": 1}
    assert load([old, new], lake).outcomes == {"unchanged": 2}
    (tmp_path / "copy.html").write_text(
        old.read_text(encoding="utf-8") + "<!-- archived -->", encoding="utf-8"
    )
    assert load([tmp_path / "copy.html"], lake).outcomes == {"unchanged": 1}
    assert query(lake, "SELECT version, text LIKE '%slightly hurt%' FROM articles") == [(2, True)]
    assert query(lake, "SELECT count(*) FROM article_versions") == [(2,)]


def test_only_what_is_new_keeps_its_body(lake: Lake, texts: Path) -> None:
    load([texts], lake)
    load([texts], lake)
    by_outcome = "SELECT outcome, count(body), count(*) FROM captures GROUP BY outcome ORDER BY outcome"
    assert query(lake, by_outcome) == [("new", 6, 6), ("unchanged", 0, 6)]


def test_a_batch_appended_twice_is_there_once(lake: Lake, texts: Path) -> None:
    captures, articles = batch(texts, lake, Run.begin("files"))
    first = append.append(lake, captures, articles)
    assert append.append(lake, captures, articles).outcomes == first.outcomes == {"new": 6}
    publish(lake)
    assert query(lake, "SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM articles)") == [(6, 6)]


def test_what_is_recorded_is_not_settled_again(lake: Lake, texts: Path) -> None:
    """Whoever finished a batch for us may have had another extractor than we."""
    captures, articles = batch(texts, lake, Run.begin("files"))
    append.append(lake, captures, articles)
    other = replaced(articles, content_hash=["0" * 32] * articles.num_rows)
    assert append.append(lake, captures, other).outcomes == {"new": 6}
    assert {committed(delta) for delta in lake.state().values()} == {1}
    assert lake.open(ARTICLES).to_pyarrow_table().num_rows == 6


def test_captures_without_their_articles_are_hidden_then_finished(lake: Lake, texts: Path) -> None:
    """A writer dies after its first commit; whoever comes next makes the articles from the captures' bodies."""
    captures, articles = batch(texts, lake, Run.begin("files"))
    settled, _ = dedupe.settle(lake, lake.state(), captures, articles)
    commit(lake.open(CAPTURES), CAPTURES, append.stamped(settled, 1, settled["fetched_at"][0].as_py()), 1)
    publish(lake)
    assert query(lake, "SELECT count(*) FROM captures") == [(0,)]
    append.recover(lake)
    publish(lake)
    assert query(lake, "SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM articles)") == [(6, 6)]
    assert load([texts], lake).outcomes == {"unchanged": 6}


def test_a_commit_on_a_state_that_has_moved_is_refused(lake: Lake, texts: Path) -> None:
    mine, other = lake.open(ARTICLES), lake.open(ARTICLES)
    empty = ARTICLES.schema.empty_table()
    commit(other, ARTICLES, empty, 1)
    with pytest.raises(Conflict):
        commit(mine, ARTICLES, empty, 1)
    assert committed(lake.open(ARTICLES)) == 1


def test_two_writers_at_once_append_each_article_once(lake: Lake, texts: Path) -> None:
    writers = [threading.Thread(target=load, args=([texts], lake, source)) for source in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert query(lake, "SELECT count(*), count(DISTINCT article_id) FROM article_versions") == [(6, 6)]
    assert query(lake, "SELECT count(*) FROM captures") == [(12,)]


def test_batches_end_at_their_size(texts: Path) -> None:
    run = Run.begin("files")
    assert [b.num_rows for b in capture.batches(documents([str(texts)]), run, rows=4)] == [4, 2]
    assert len(list(capture.batches(documents([str(texts)]), run, size=2_000))) == 3


def test_workers_extract_what_one_process_does(texts: Path, tmp_path: Path) -> None:
    write(tmp_path / "many", 510, 300)  # more than one process takes by itself
    captures = next(capture.batches(documents([str(tmp_path / "many")]), Run.begin("files")))
    with Extractor(2) as extractor:
        assert extractor(captures).equals(extract_rows(captures))


def test_a_document_that_the_extractor_fails_on_keeps_no_other_out(lake: Lake, texts: Path) -> None:
    captures = next(capture.batches(documents([str(texts)]), Run.begin("files")))
    given = ["[]", *[None] * 5]  # no object, as no reader would hand it over
    captures = captures.set_column(
        captures.schema.get_field_index("given"), "given", pa.array(given, pa.string())
    )
    report = append.append(lake, captures, extract_rows(captures))
    assert report.outcomes == {"failed": 1, "new": 5}
    assert "0000000.txt: the extractor failed: AttributeError" in report.refusals[0]


def test_any_path_will_do(tmp_path: Path, texts: Path) -> None:
    lake = Lake(tmp_path.joinpath("a b", "ünï中", "q'uo\"te", "title=x", "run_id=7", "a&b+c", "lake"))
    assert load([texts], lake).outcomes == {"new": 6}
    assert load([texts], lake).outcomes == {"unchanged": 6}
    (row,) = query(lake, "SELECT count(DISTINCT title), count(DISTINCT run_id) FROM articles")
    assert row == (6, 1)


@pytest.mark.parametrize("name", ["50%", "a?b", "a#b", "[ab]"])
def test_a_path_that_delta_cannot_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LakeError, match="may not hold"):
        Lake(tmp_path / name)


@pytest.mark.parametrize("table", ["captures", "articles"])
def test_a_lost_table_is_not_taken_for_an_empty_one(
    lake: Lake, texts: Path, tmp_path: Path, table: str
) -> None:
    load([texts], lake)
    write(tmp_path / "more", 8, 1_500)
    load([tmp_path / "more"], lake)
    shutil.rmtree(lake.local / table)
    with pytest.raises(LakeError, match="deleted or damaged"):
        load([texts], lake)


def test_the_lake_does_not_load_itself(tmp_path: Path, texts: Path) -> None:
    lake = Lake(texts / "lake")
    for outcome in ("new", "unchanged", "unchanged"):
        read = documents([str(texts)], leave_out=str(lake.local))
        assert journeys.load(read, lake, Run.begin("files"), workers=1).outcomes == {outcome: 6}


def test_a_step_under_other_writers_is_retried(
    lake: Lake, texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock, as on another machine: what is committed between reading and committing is seen."""
    monkeypatch.setattr(Lake, "lock", lambda self, name: contextlib.nullcontext())
    mine = batch(texts, lake, Run.begin("mine"))
    others = batch(texts, lake, Run.begin("others"))
    real, states = Lake.state, []

    def state(self: Lake) -> dict[str, DeltaTable]:
        found = real(self)
        states.append(found)
        if len(states) == 1:
            append.append(lake, *others)
        return found

    monkeypatch.setattr(Lake, "state", state)
    assert append.append(lake, *mine).outcomes == {"unchanged": 6}
    publish(lake)
    assert query(lake, "SELECT count(*), count(DISTINCT article_id) FROM article_versions") == [(6, 6)]
    assert len(states) > 2


def test_a_lake_of_a_newer_schema_is_refused(lake: Lake, texts: Path) -> None:
    load([texts], lake)
    lake.open(ARTICLES).alter.set_table_description("newslake schema 99: one row per article version")
    with pytest.raises(LakeError, match=r"newer newslake.*upgrade"):
        load([texts], lake)


def test_a_folder_of_another_program_is_refused(lake: Lake) -> None:
    pa_table = pa.table({"x": [1]})
    from deltalake import write_deltalake

    write_deltalake(lake.local / "captures", pa_table)
    with pytest.raises(LakeError, match="not a newslake table"):
        lake.state()
