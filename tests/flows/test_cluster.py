"""Flows on a Dask cluster of two workers, with a lake on an S3 server: the same lake as one process makes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any

import cloudpickle
import dask.config
import distributed
import pytest
from distributed import LocalCluster
from prefect.settings import PREFECT_API_URL, temporary_settings
from pydantic import ValidationError

from flows import cluster, journeys
from flows.ingest import ingest
from flows.load import load
from flows.reextract import reextract
from tasks import append, capture, extract
from tasks.files import documents
from tasks.lake.reader import read
from tasks.lake.store import Lake, LakeError
from tasks.run import Run
from tasks.settings import configured
from tests.bench.generate import write
from tests.crawl.site import site
from tests.flows.conftest import Served
from tests.lake import s3_server

SECRET = "secret-of-the-store"
ROOT = Path(__file__).parents[2]
# What tells one run from another. The numbers of batches do not: they are committed in their order.
ARTICLES = (
    "SELECT * EXCLUDE (capture_id, run_id, ingested_at) FROM article_versions ORDER BY article_id, version"
)
CAPTURES = """
SELECT * EXCLUDE (capture_id, key, run_id, run_started_at, fetched_at, ingested_at) FROM captures ORDER BY location
"""


@pytest.fixture(scope="module")
def prefect(served: Served) -> Iterator[None]:
    with temporary_settings({PREFECT_API_URL: served.place.address}):
        yield


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an S3 server of its own."""
    with s3_server.running() as address:
        yield address


@pytest.fixture
def place(
    prefect: None, workers: LocalCluster, store: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
) -> str:  # fmt: skip
    """The address of a lake, in an environment whose flows extract on the cluster every batch but the smallest."""
    monkeypatch.setenv("NEWSLAKE_S3_ENDPOINT", store)
    monkeypatch.setenv("NEWSLAKE_LOCAL", str(tmp_path / "local"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("NEWSLAKE_DASK", workers.scheduler_address)
    monkeypatch.setattr(extract, "_ALONE", 1)
    return f"s3://news/{request.node.name}"


def rows(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with read(lake) as con:
        return con.sql(sql).fetchall()


def sent(workers: LocalCluster) -> int:
    """Batches that the cluster has extracted so far."""
    return sum(group.state_counts["memory"] for group in workers.scheduler.task_prefixes.values())


def test_the_lake_is_the_same_though_a_worker_dies(
    place: str, workers: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in", 16, 1_000)
    in_small_batches = partial(journeys.load, rows=4)
    alone = Lake(tmp_path / "lake")
    in_small_batches(documents([str(tmp_path / "in")]), alone, Run.begin("files"), workers=1)

    append_, victims = append.append, [nanny.pid for nanny in workers.workers.values()][:1]

    def deadly(*arguments: Any) -> Any:
        while victims:  # while two other batches are being extracted
            os.kill(victims.pop(), signal.SIGKILL)
        return append_(*arguments)

    monkeypatch.setattr(journeys, "load", in_small_batches)
    monkeypatch.setattr(append, "append", deadly)
    before = sent(workers)
    assert load([str(tmp_path / "in")], lake=place).outcomes == {"new": 16}
    assert not victims
    assert sent(workers) - before >= 4
    lake = configured(lake=place).place
    for sql in (ARTICLES, CAPTURES):
        assert rows(lake, sql) == rows(alone, sql)

    before = sent(workers)
    found = reextract(lake=place)
    assert (dict(found.report.outcomes), found.fields) == ({"unchanged": 16}, {})
    assert sent(workers) > before


def test_what_is_fetched_is_extracted_there(
    place: str, workers: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit, messages = distributed.Client.submit, list[bytes]()

    def overheard(*arguments: Any, **named: Any) -> Any:
        messages.append(cloudpickle.dumps((arguments[1:], named)))
        return submit(*arguments, **named)

    monkeypatch.setattr(distributed.Client, "submit", overheard)
    with site() as shore:
        shore.article("/a", "Storm closes harbour")
        shore.article("/b", "Ferry sails again")
        shore.feed("/feed", {"/a": "", "/b": ""})
        source = f'id = "shore"\nname = "Shore Post"\nallow_private = true\nfeeds = ["{shore.url}/feed"]\n'
        (tmp_path / "shore.toml").write_text(source + "politeness.delay = 0\n", encoding="utf-8")
        before = sent(workers)
        assert ingest(lake=place, sources=tmp_path).outcomes == {"new": 2}
    assert sent(workers) == before + 1
    assert b"Storm closes harbour" in messages[0]
    assert SECRET.encode() not in messages[0], "workers never open the lake"


class Deadly:
    """What kills the worker that it is sent to, and not the scheduler, which runs in this process."""

    def __reduce__(self) -> tuple[Any, ...]:
        return die, ()


def die() -> Deadly:
    if multiprocessing.parent_process():
        os._exit(9)
    return Deadly()


def test_workers_that_cannot_be_relied_on(
    prefect: None, workers: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in", 1, 1_000)
    captures = next(capture.batches(documents([str(tmp_path / "in")]), Run.begin("files")))
    with cluster.dask(workers.scheduler_address) as others:
        assert others
        assert others(captures, {}) == extract.extract_rows(captures)
        with monkeypatch.context() as changed:
            changed.setattr(cluster, "EXTRACTOR_VERSION", "newer")
            with pytest.raises(LakeError, match="this machine newer"):
                others(captures, {})
        monkeypatch.setattr(workers.scheduler, "allowed_failures", 0)
        deadly: Any = Deadly()
        with pytest.raises(BrokenProcessPool, match="extract_rows"):
            others(captures, {"files": deadly})


def test_what_is_wrong_is_said() -> None:
    for address in ("host:8786", "tcp://host", "http://host:8786"):
        with pytest.raises(ValidationError, match="dask"):
            configured(dask=address)
    with cluster.dask(None) as none:
        assert none is None
    with (
        temporary_settings({PREFECT_API_URL: None}),
        pytest.raises(LakeError, match="PREFECT_API_URL"),
        cluster.dask("tcp://127.0.0.1:1"),
    ):
        pass


def test_a_cluster_that_does_not_answer(prefect: None) -> None:
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(OSError, match=r"127\.0\.0\.1:1"),
        cluster.dask("tcp://127.0.0.1:1"),
    ):
        pass
