"""What a machine does to a lake: each time one clear line, the lake intact, and the next run heals it."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from flows.cli import main
from tasks import append, maintain, verify
from tasks.lake.store import Lake
from tests.bench.generate import write
from tests.lake.kept import Kept
from tests.lake.test_append import load, query
from tests.processes import alone

COUNTS = "SELECT count(*), count(DISTINCT article_id) FROM article_versions"


def limited(folder: Path, lake: Path, limit: int) -> tuple[int, str]:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    options = ["--lake", str(lake), "--workers", "1", "--direct"]
    done = CliRunner().invoke(main, ["load", str(folder), *options], catch_exceptions=False)
    return done.exit_code, done.output


def command(folder: Path, lake: Path, limit: int = 0) -> tuple[int, str]:
    """``newslake load`` in a process of its own that may write files of ``limit`` bytes; exit code and what it said."""
    code, said = alone(limited, folder, lake, limit)
    return code, said


def one_line(said: str) -> str:
    """The failure, which is one line and no traceback."""
    assert "Traceback" not in said
    (line,) = [line for line in said.splitlines() if line.startswith("newslake: ")]
    return line


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system at ``folder``, for the time of the block; where that may not be, the test is skipped."""
    if os.geteuid() or subprocess.run(["mount", *options, str(folder)], capture_output=True).returncode:
        pytest.skip("mounting takes a privileged user")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextlib.contextmanager
def forbidden(folder: Path) -> Iterator[None]:
    """Nothing below ``folder`` can be written, by root neither."""
    if os.geteuid():
        taken, given = ["chmod", "-R", "a-w"], ["chmod", "-R", "u+w"]
    else:
        taken, given = ["chattr", "-R", "+i"], ["chattr", "-R", "-i"]
    if not shutil.which(taken[0]) or subprocess.run([*taken, str(folder)], capture_output=True).returncode:
        pytest.skip("this file system knows no immutable files")
    try:
        yield
    finally:
        subprocess.run([*given, str(folder)], check=True)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A lake of 10 articles in one batch."""
    folder = tmp_path_factory.mktemp("failures")
    made = Lake(folder / "lake")
    write(folder / "first", 10, 900)
    load([folder / "first"], made)
    return Kept(made)


@pytest.fixture
def lake(kept: Kept, tmp_path: Path) -> Lake:
    """That lake, and 20 texts to load into it, with those 10 among them."""
    write(tmp_path / "in", 20, 900)
    return kept.restored()


def intact(lake: Lake, articles: int) -> None:
    """Readers see so many articles, and the lake is whole."""
    assert query(lake, COUNTS) == [(articles, articles)]
    assert verify.verify(lake).whole


def heals(lake: Lake, folder: Path) -> None:
    """The next run brings what is lacking."""
    load([folder], lake)
    intact(lake, 20)


@pytest.mark.parametrize("limit", [2_000, 8_000, 100_000])
def test_a_file_cannot_be_written_whole(lake: Lake, tmp_path: Path, limit: int) -> None:
    """Wherever it happens: in the captures, in the articles, in the catalog."""
    code, said = command(tmp_path / "in", lake.local, limit)
    assert code == 3
    assert one_line(said)
    assert query(lake, COUNTS) == [(10, 10)]
    heals(lake, tmp_path / "in")


def test_the_disk_is_full(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "small" / "lake")
    write(tmp_path / "first", 10, 900)
    write(tmp_path / "in", 20, 900)
    (tmp_path / "small").mkdir()
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=24m", "tmpfs"):
        load([tmp_path / "first"], lake)
        (tmp_path / "small" / "ballast").write_bytes(bytes(10 << 20))
        code, said = command(tmp_path / "in", lake.local)
        assert code == 3
        assert "disk full" in one_line(said)
        (tmp_path / "small" / "ballast").unlink()
        intact(lake, 10)
        heals(lake, tmp_path / "in")


def test_a_file_system_turned_read_only(lake: Lake, tmp_path: Path) -> None:
    with mounted(lake.local, "--bind", str(lake.local)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(lake.local)], check=True)
        code, said = command(tmp_path / "in", lake.local)
        assert code == 3
        assert "Read-only file system" in one_line(said)
        assert query(lake, COUNTS) == [(10, 10)]
    heals(lake, tmp_path / "in")


@pytest.mark.parametrize("part", ["captures", "articles", "postings", "."])
def test_permission_is_lost(lake: Lake, tmp_path: Path, part: str) -> None:
    with forbidden(lake.local / part):
        code, said = command(tmp_path / "in", lake.local)
        assert code == 3
        assert "not permitted" in one_line(said) or "denied" in one_line(said)
        assert query(lake, COUNTS) == [(10, 10)]
    heals(lake, tmp_path / "in")


def test_a_partition_s_folder_is_deleted(lake: Lake, tmp_path: Path) -> None:
    (folder,) = (lake.local / "articles").glob("month=*")
    shutil.rmtree(folder)
    code, said = command(tmp_path / "in", lake.local)
    assert code == 3
    assert folder.name in one_line(said)
    assert not verify.verify(lake).whole
    assert verify.verify(lake, repair=True).whole
    intact(lake, 10)
    heals(lake, tmp_path / "in")


def test_a_killed_session_left_its_log(lake: Lake, tmp_path: Path) -> None:
    left = lake.catalog.with_name("newslake.duckdb.wal")
    left.write_bytes(b"left behind")
    heals(lake, tmp_path / "in")
    assert not left.exists()


@pytest.mark.parametrize("days", [1, 40])
def test_the_clock_is_set_back(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Rows are stamped as the clock says, and batches follow each other by their numbers."""
    earlier = datetime.now(UTC) - timedelta(days=days)
    with monkeypatch.context() as patch:
        patch.setattr(append, "datetime", SimpleNamespace(now=lambda zone: earlier))
        assert load([tmp_path / "in"], lake).outcomes == {"unchanged": 10, "new": 10}
    assert query(lake, "SELECT count(DISTINCT month) FROM base.articles") == [(2 if days > 31 else 1,)]
    assert load([tmp_path / "in"], lake).outcomes == {"unchanged": 20}
    maintain.maintain(lake, body_days=20)
    intact(lake, 20)
    warned = [finding.text for finding in verify.verify(lake).findings if finding.level == "warn"]
    assert any(text.startswith("check clock_set_back") for text in warned)
    assert load([tmp_path / "in"], lake).outcomes == {"unchanged": 20}
