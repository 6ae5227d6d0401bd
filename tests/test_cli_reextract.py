"""``newslake reextract`` and ``newslake export`` as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tasks import append, capture
from tasks.extract import extract_rows
from tasks.files import documents
from tasks.lake.rows import replaced
from tasks.lake.store import Lake
from tasks.publish import publish
from tasks.run import Run
from tests.bench.generate import write

pytestmark = pytest.mark.usefixtures("bare")


def newslake(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def folder(bare: Path) -> Path:
    """A folder with a lake of three articles, whose titles are those of an older extractor."""
    write(bare / "in", 3, 1_200)
    lake = Lake(bare / "lake")
    captures = next(capture.batches(documents([str(bare / "in")]), Run.begin("files")))
    append.append(lake, captures, replaced(extract_rows(captures), title="Older title"))
    publish(lake)
    return bare


@pytest.mark.usefixtures("folder")
def test_reextract() -> None:
    for dry_run in (["--dry-run"], []):
        told = newslake("reextract", "--since", "2020-01-01", *dry_run)
        assert told.exit_code == 0, told.stderr
        lines = told.stdout.splitlines()
        assert lines[0].split() == ["field", "changed", "gained", "lost"]
        assert lines[1].split() == ["title", "3", "0", "0"]
        assert lines[2].startswith("    'Older title' → '")
        assert ("nothing was written" in told.stdout) == bool(dry_run)
        assert "new versions          3" in lines
    again = newslake("reextract")
    assert "unchanged             3" in again.stdout.splitlines()
    counted = newslake("sql", "SELECT max(version) AS n, count(*) FROM article_versions", "--format", "csv")
    assert counted.stdout.splitlines()[1] == "2,6"


@pytest.mark.usefixtures("folder")
def test_export_and_load() -> None:
    written = newslake("export", "--warc", "x.warc.gz", "--until", "2100-01-01")
    assert (written.exit_code, written.stdout) == (0, "resource              3\n"), written.stderr
    assert newslake("load", "x.warc.gz", "--lake", "other").exit_code == 0
    titles = newslake("sql", "SELECT count(*) AS n FROM articles", "--lake", "other", "--format", "csv")
    assert titles.stdout == "n\n3\n"


@pytest.mark.parametrize(
    "arguments", [["reextract"], ["reextract", "--dry-run"], ["export", "--warc", "x"]], ids=" ".join
)
def test_no_lake(bare: Path, arguments: list[str]) -> None:
    failed = newslake(*arguments)
    assert failed.exit_code == 3
    assert failed.stderr.startswith("newslake: no lake at ")
    assert not list(bare.iterdir())


@pytest.mark.parametrize("arguments", [["export"], ["reextract", "--since", "soon"]], ids=" ".join)
def test_wrong_usage(arguments: list[str]) -> None:
    assert newslake(*arguments).exit_code == 2
