"""``newslake reextract`` and ``newslake export`` as a user runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasks import append, capture
from tasks.extract import extract_rows
from tasks.files import documents
from tasks.lake.rows import replaced
from tasks.lake.store import Lake
from tasks.publish import publish
from tasks.run import Run
from tests.bench.generate import write


def newslake(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLAKE_", "PREFECT_"))}
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, cwd=folder, env=clean, text=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a lake of three articles, whose titles are those of an older extractor."""
    write(tmp_path / "in", 3, 1_200)
    lake = Lake(tmp_path / "lake")
    captures = next(capture.batches(documents([str(tmp_path / "in")]), Run.begin("files")))
    append.append(lake, captures, replaced(extract_rows(captures), title="Older title"))
    publish(lake)
    return tmp_path


def test_reextract(folder: Path) -> None:
    for dry_run in (["--dry-run"], []):
        told = newslake(folder, "reextract", "--since", "2020-01-01", *dry_run)
        assert told.returncode == 0, told.stderr
        lines = told.stdout.splitlines()
        assert lines[0].split() == ["field", "changed", "gained", "lost"]
        assert lines[1].split() == ["title", "3", "0", "0"]
        assert lines[2].startswith("    'Older title' → '")
        assert ("nothing was written" in told.stdout) == bool(dry_run)
        assert "new versions          3" in lines
    again = newslake(folder, "reextract")
    assert "unchanged             3" in again.stdout.splitlines()
    counted = newslake(
        folder, "sql", "SELECT max(version) AS n, count(*) FROM article_versions", "--format", "csv"
    )
    assert counted.stdout.splitlines()[1] == "2,6"


def test_export_and_load(folder: Path) -> None:
    written = newslake(folder, "export", "--warc", "x.warc.gz", "--until", "2100-01-01")
    assert (written.returncode, written.stdout) == (0, "resource              3\n"), written.stderr
    assert newslake(folder, "load", "x.warc.gz", "--lake", "other").returncode == 0
    titles = newslake(
        folder, "sql", "SELECT count(*) AS n FROM articles", "--lake", "other", "--format", "csv"
    )
    assert titles.stdout == "n\n3\n"


@pytest.mark.parametrize(
    "arguments", [["reextract"], ["reextract", "--dry-run"], ["export", "--warc", "x"]], ids=" ".join
)
def test_no_lake(tmp_path: Path, arguments: list[str]) -> None:
    failed = newslake(tmp_path, *arguments)
    assert failed.returncode == 3
    assert failed.stderr.startswith("newslake: no lake at ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [["export"], ["reextract", "--since", "soon"]], ids=" ".join)
def test_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    assert newslake(tmp_path, *arguments).returncode == 2
