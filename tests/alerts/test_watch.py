"""Watches over a real lake, with receivers that fail."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import watched
from tasks.settings import Settings, configured
from tasks.watch import Watched, watch
from tests.alerts.receivers import Hook, Post, hook, post
from tests.bench.generate import write

NOW = datetime.now(UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(bare: Path) -> Path:
    return bare


def ways(taken: Hook, letters: Post | None = None, **more: object) -> Settings:
    given = {"webhook_url": taken.url, "quiet_minutes": 0, **more}
    if letters:
        given |= {"smtp_host": "127.0.0.1", "smtp_port": letters.port, "mail_to": "one@example.org"}
    return configured(**given)


def see(settings: Settings, hours: float = 0) -> Watched:
    return watch(settings, told=lambda line: None, now=NOW + timedelta(hours=hours))


def load(folder: Path) -> None:
    from flows.console import load as command

    write(folder / "in", 1, 1_200)
    assert command([str(folder / "in")], lake=None, source=None, workers=1, prefect=False) == 0


def test_a_lake_that_cannot_be_read_is_told_once_and_so_is_its_return(folder: Path) -> None:
    with hook() as taken, post() as letters:
        settings = ways(taken, letters)
        assert [len(see(settings).sent) for _ in range(3)] == [2, 0, 0]
        load(folder)
        done = see(settings, 1)
        assert (len(done.sent), done.lasting) == (2, [])
        assert see(settings, 2).sent == []
    assert taken.statuses() == [("lake", "open"), ("lake", "over")]
    assert taken.taken[0]["summary"].startswith(f"no lake at {folder}/lake")
    assert len(letters.taken) == 2


def test_a_receiver_that_fails_gets_it_later_and_the_other_one_not_again() -> None:
    with hook() as taken, post() as letters:
        settings = ways(taken, letters)
        taken.status = 503
        done = see(settings)
        assert (len(done.sent), len(done.failed)) == (1, 1)
        assert done.failed[0].endswith("HTTP 503")
        assert (len(see(settings, 1).sent), len(letters.taken)) == (0, 1)
        taken.status = 200
        assert len(see(settings, 2).sent) == 1
        assert see(settings, 3).sent == []
    assert (taken.statuses(), len(letters.taken)) == ([("lake", "open")], 1)
    assert taken.taken[0]["since"] == NOW.isoformat()


def test_where_nobody_answers_the_other_alerts_wait_too(folder: Path) -> None:
    with hook() as taken:
        settings = ways(taken, prefect_api_url="http://127.0.0.1:1/api")
    assert len(see(settings).failed) == 1
    with hook() as taken:
        settings = ways(taken, prefect_api_url="http://127.0.0.1:1/api")
        taken.status = 500
        assert len(see(settings).failed) == 2
        taken.status = 200
        assert len(see(settings).sent) == 2
        load(folder)
        assert [i.kind for i in see(settings, 1).lasting] == ["unreachable"]
        # Who does not ask Prefect cannot know that it answers again.
        assert [i.kind for i in see(ways(taken), 2).lasting] == ["unreachable"]
    assert sorted(taken.statuses()) == [("lake", "open"), ("lake", "over"), ("prefect", "open")]


def test_two_watches_at_once_tell_it_once() -> None:
    with hook() as taken:
        taken.delay = 0.3
        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(lambda _: see(ways(taken)), range(2)))
    assert sorted(len(each.sent) for each in done) == [0, 1]


def test_one_that_dies_before_it_knows_sends_it_again_under_the_same_key(folder: Path) -> None:
    command = [sys.executable, "-m", "flows.cli", "watch"]
    with hook() as taken:
        environment = os.environ | {"NEWSLAKE_WEBHOOK_URL": taken.url, "PYTHONPATH": str(ROOT)}
        taken.delay = 60
        with subprocess.Popen(command, env=environment) as process:
            while not taken.taken:
                assert process.poll() is None
                time.sleep(0.05)
            process.kill()
        taken.delay = 0
        assert [len(see(ways(taken)).sent) for _ in range(2)] == [1, 0]
    first, second = (headers["idempotency-key"] for headers in taken.headers)
    assert first == second


def test_the_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(**options: bool) -> int:
        return watched.watch_command(lake=None, sources=None, try_out=options.get("try_out", False))

    assert run(try_out=True) == 3
    assert "no channel" in capsys.readouterr().err
    with hook() as taken:
        monkeypatch.setenv("NEWSLAKE_WEBHOOK_URL", taken.url)
        assert run(try_out=True) == 0
        assert capsys.readouterr().out == "webhook: the test alert was taken\n"
        assert taken.statuses() == [("test", "open")]
        assert run() == 0
        assert f"urgent: no lake at {folder}/lake" in capsys.readouterr().out
        taken.status = 500
        load(folder)
        assert run() == 1
        assert run(try_out=True) == 1
        taken.status = 200
        assert run() == 0
    assert "nothing needs a person\n" in capsys.readouterr().out
    assert taken.statuses()[1:] == [("lake", "open"), ("lake", "over")]
