"""A lake in an object store, against an S3 server: exactly once, and the same answers as from a folder."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from flows import console, journeys, rebuild, shell, sources
from tasks import append, doctor_lake
from tasks.files import documents
from tasks.lake import object_store
from tasks.lake.files import live, storage
from tasks.lake.reader import read
from tasks.lake.schema import ARTICLES, CAPTURES, DOCUMENTS, TABLES
from tasks.lake.store import Lake, LakeError, committed
from tasks.maintain import maintain
from tasks.publish import publish
from tasks.run import Run
from tasks.settings import configured
from tasks.verify import verify
from tests.bench.generate import write
from tests.lake import s3_server
from tests.processes import alone, together

SECRET = "secret-of-the-store"
VERSIONS = """
SELECT article_id, version, title, text, quotes, word_count, content_hash, outcome, location, body_hash
FROM article_versions JOIN captures USING (capture_id, article_id)
ORDER BY ALL
"""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server of its own."""
    with s3_server.running() as address:
        yield address


@pytest.fixture
def place(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> str:
    """The address of a lake, with the environment that it is reached in."""
    monkeypatch.setenv("NEWSLAKE_S3_ENDPOINT", server)
    monkeypatch.setenv("NEWSLAKE_LOCAL", str(tmp_path / "local"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.chdir(tmp_path)
    return f"s3://news/{request.node.name}"


def load(folder: Path, lake: Lake) -> dict[str, int]:
    return dict(journeys.load(documents([str(folder)]), lake, Run.begin("files"), workers=1).outcomes)


def loader(folder: Path, place: str, *, dies: bool = False) -> None:
    """One load in batches of 3; told to, it dies between the two commits of its second batch."""
    commit, commits = append.commit, itertools.count(1)

    def deadly(*arguments: Any) -> Any:
        if dies and next(commits) == 4:
            os._exit(9)
        return commit(*arguments)

    append.commit = deadly
    journeys.load(
        documents([str(folder)]), configured(lake=place).place, Run.begin("files"), rows=3, workers=1
    )


def query(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with read(lake) as con:
        return con.sql(sql).fetchall()


def test_one_dies_and_two_load_at_once(place: str, tmp_path: Path) -> None:
    write(tmp_path / "in", 6, 1_500)
    with pytest.raises(BrokenProcessPool):
        alone(partial(loader, dies=True), tmp_path / "in", place)
    lake, folder = configured(lake=place).place, Lake(tmp_path / "lake")
    assert query(lake, "SELECT count(*), (SELECT count(*) FROM articles) FROM captures") == [(3, 3)]
    together([(loader, tmp_path / "in", place)] * 2)
    assert load(tmp_path / "in", lake) == {"unchanged": 6}
    load(tmp_path / "in", folder)
    assert query(lake, VERSIONS) == query(folder, VERSIONS)
    assert len(query(lake, VERSIONS)) == 6
    captures, articles = (committed(lake.open(table)) for table in (CAPTURES, ARTICLES))
    assert captures == articles >= 2


def test_the_commands(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "in", 3, 1_500)
    options: dict[str, Any] = {"lake": place, "workers": 1, "prefect": False}
    assert console.load([str(tmp_path / "in")], source=None, **options) == 0
    assert "new                   3\n" in capsys.readouterr().out
    assert shell.run("SELECT count(*) FROM quotes", lake=place, form="csv") == 0
    told, quotes = capsys.readouterr().out.split()
    assert told == "count_star()" and int(quotes) > 0
    bounds: dict[str, Any] = {"since": None, "until": None, "source": None}
    assert rebuild.reextract_command(dry_run=False, **bounds, **options) == 0
    assert "unchanged             3\n" in capsys.readouterr().out
    assert rebuild.export(tmp_path / "out.warc", lake=place, **bounds) == 0
    assert "resource              3\n" in capsys.readouterr().out
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "files.toml").write_text(
        'id = "files"\nname = "Files"\nfeeds = ["https://shorepost.example/feed"]\n', encoding="utf-8"
    )
    assert sources.list_(folder=tmp_path / "sources", lake=place) == 0
    assert "files\tFiles\t" in capsys.readouterr().out
    assert not list(tmp_path.glob("s3:*")), "an address was taken for a folder"


def test_it_is_maintained_and_made_whole(place: str, tmp_path: Path) -> None:
    lake = configured(lake=place).place
    for number in (2, 4, 6):
        write(tmp_path / "in", number, 1_500)
        load(tmp_path / "in", lake)
    before = query(lake, VERSIONS)
    assert len(before) == 6
    lost = sorted(live(lake.open(ARTICLES)), key=lambda file: file.first or 0)[1]
    storage(lake.open(ARTICLES)).delete_file(lost.path)
    (index, *_) = live(lake.open(DOCUMENTS))
    with storage(lake.open(DOCUMENTS)).open_output_stream(index.path) as file:
        file.write(b"PAR1 and no more")
    found = verify(lake)
    assert not found.whole
    assert f"articles/{lost.path}: missing; it held 2 rows" in str(found.findings)
    assert f"documents/{index.path}: " in str(found.findings)
    assert verify(lake, repair=True).whole
    assert query(lake, VERSIONS) == before
    done = maintain(lake)
    assert {done.after[table.name].files for table in TABLES} == {1}
    assert query(lake, VERSIONS) == before
    assert query(lake, "SELECT count(*) FROM search('the')")[0][0] > 0


def test_filters_and_columns_reach_the_files(place: str, tmp_path: Path) -> None:
    write(tmp_path / "in", 2, 1_500)
    lake = configured(lake=place).place
    load(tmp_path / "in", lake)
    with read(lake) as con:
        if con.sql("FROM duckdb_extensions() WHERE loaded AND extension_name = 'httpfs'").fetchall():
            pytest.skip("httpfs is installed: DuckDB reads the store by itself")
        plan = con.sql("EXPLAIN SELECT title FROM article_versions WHERE word_count > 7").fetchall()[0][1]
    assert "ARROW_SCAN" in plan
    assert "word_count" in plan.partition("Filters")[2]
    assert "text" not in plan


def test_native_reading_where_httpfs_is_installed(place: str, tmp_path: Path) -> None:
    write(tmp_path / "in", 3, 1_500)
    lake = configured(lake=place).place
    load(tmp_path / "in", lake)
    with duckdb.connect() as con:
        if not object_store.native(con, lake.storage):
            assert not lake.catalog.exists()
            pytest.skip("DuckDB's httpfs extension is not installed here, and is never downloaded")
        con.execute(f"ATTACH '{lake.catalog}' AS news (READ_ONLY)")
        assert con.sql("SELECT count(*) FROM news.articles").fetchall() == [(3,)]
        assert SECRET not in lake.catalog.read_bytes().decode("latin-1")
    with read(lake) as con:
        assert "READ_PARQUET" in con.sql("EXPLAIN SELECT title FROM articles").fetchall()[0][1]
        assert con.sql("SELECT count(*) FROM articles").fetchall() == [(3,)]


def test_an_empty_lake_answers_and_none_is_not_made_by_asking(place: str) -> None:
    lake = configured(lake=place).place
    with pytest.raises(LakeError, match=f"no lake at {place}: newslake load"):
        read(lake)
    assert not lake.exists()
    publish(lake)
    assert query(lake, "FROM articles") == []


@pytest.mark.parametrize(
    ("endpoint", "bucket", "told"),
    [
        (None, "nobody", "s3://nobody/lake: 404 Not Found, NoSuchBucket"),
        ("http://127.0.0.1:9", "news", "s3://news/lake: tcp connect error, Connection refused"),
    ],
)
def test_a_store_that_fails_is_told_in_one_line(
    endpoint: str | None,
    bucket: str,
    told: str,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if endpoint:
        monkeypatch.setenv("NEWSLAKE_S3_ENDPOINT", endpoint)
    assert shell.run("SELECT 1", lake=f"s3://{bucket}/lake", form="csv") == console.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"newslake: cannot go on: {told}")
    assert SECRET not in line


def test_settings_keep_their_secrets(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert SECRET not in repr(configured(lake=place))
    monkeypatch.setenv("NEWSLAKE_S3_ENDPOINT", f"https://key:{SECRET}@store.example")
    assert shell.run("SELECT 1", lake=place, form="csv") == console.FAILED
    error = capsys.readouterr().err
    assert error.startswith("newslake: setting NEWSLAKE_S3_ENDPOINT: ")
    assert SECRET not in error


class Careless(BaseHTTPRequestHandler):
    """Passes requests on to ``store``, without the condition that a put has."""

    protocol_version = "HTTP/1.1"
    store: str

    def do_PUT(self) -> None:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in {"if-none-match", "host"}}
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = httpx.request(self.command, self.store + self.path, headers=headers, content=body)
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name not in {"content-length", "connection", "date", "server"}:
                self.send_header(name, value)
        length = answer.headers["content-length"] if self.command == "HEAD" else str(len(answer.content))
        self.send_header("content-length", length)
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_HEAD = do_DELETE = do_PUT

    def log_message(self, *_: object) -> None:
        pass


def test_the_doctor_tells_a_store_that_overwrites(
    place: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = doctor_lake.store(configured(lake=place).place)
    assert (found.level, found.text) == ("ok", f"{place}: 4 writers at once lost nothing")
    Careless.store = server
    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as careless:
        threading.Thread(target=careless.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setenv("NEWSLAKE_S3_ENDPOINT", f"http://127.0.0.1:{careless.server_port}")
        assert "If-None-Match is not heeded" in doctor_lake.store(configured(lake=place).place).text
        careless.shutdown()
    monkeypatch.setenv("NEWSLAKE_S3_ENDPOINT", server)
    assert not configured(lake=place).place.exists()  # nothing is left of either
    assert ".doctor" not in httpx.get(f"{server}/news").text


def test_four_make_it_at_once(place: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: configured(lake=place).place.state(), range(4)))
    for table in TABLES:
        assert len({state[table.name].metadata().id for state in made}) == 1


def test_the_environment_cannot_make_commits_unsafe(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_S3_ALLOW_UNSAFE_RENAME", "true")
    monkeypatch.setenv("AWS_CONDITIONAL_PUT", "disabled")
    assert configured(lake=place).place.state()


def test_each_lake_has_a_folder_of_its_own(tmp_path: Path) -> None:
    there = {
        Lake(address, storage={"AWS_ENDPOINT_URL": endpoint}, local=tmp_path).catalog
        for address in ("s3://news/a", "s3://news/b", "s3://news", "s3://other/a")
        for endpoint in ("", "http://store.example:9000", "https://store.example")
    }
    assert len(there) == 12
    assert tmp_path / "store.example_9000" / "news" / "a" / "newslake.duckdb" in there


@pytest.mark.parametrize(
    "wrong",
    ["gs://bucket/lake", "s3://", "s3://Bucket/x", "s3://bucket/../x", "s3://bucket//x", "file:///lake"],
)
def test_other_addresses_are_refused(wrong: str) -> None:
    with pytest.raises(LakeError, match="a lake is a folder or s3://bucket/prefix"):
        Lake(wrong)
