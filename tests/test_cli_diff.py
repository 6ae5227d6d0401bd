"""``newslake diff`` as a user runs it, and the newsroom's edits as the view ``edits`` tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tests.newsroom.archive import archive
from tests.newsroom.articles import Article, World
from tests.newsroom.outlets import OUTLETS

URL = "https://shorepost.example/ferry"
FIRST = [
    "The ferry to Saltby sails again on Monday at noon, the harbour office said in the morning.",
    "Tickets are free on the first day, and the crew hands out coffee to whoever comes early.",
    "The council had closed the line in spring because the old pier was no longer safe to use.",
]
SECOND = [
    FIRST[0].replace("Monday", "Tuesday"),
    FIRST[2],
    "A second ship is to follow in the summer, if money is found.",
]


def newslake(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def load(title: str, paragraphs: list[str], url: str = URL) -> None:
    Path("row.jsonl").write_text(json.dumps({"url": url, "title": title, "text": "\n\n".join(paragraphs)}))
    assert newslake("load", "row.jsonl", "--workers", 1).exit_code == 0


@pytest.fixture
def edited(bare: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "100")
    load("Ferry sails again", FIRST)
    load("Ferry sails on Tuesday", SECOND)
    return bare


def test_it_is_shown_with_marks_where_there_are_no_colours(edited: Path) -> None:
    shown = newslake("diff", URL)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Ferry sails {+on Tuesday+}") or "[-again-]{+on Tuesday+}" in shown.stdout
    assert "~ The ferry to Saltby sails again on [-Monday-]{+Tuesday+} at noon" in shown.stdout
    assert "- [-Tickets are free" in shown.stdout and "+ {+A second ship" in shown.stdout
    assert "\n  The council had closed" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_a_page_of_the_beginning_of_an_id(edited: Path) -> None:
    identity = newslake("sql", "SELECT article_id FROM articles", "--format", "csv").stdout.split()[-1]
    written = newslake("diff", identity[:8], "--html", "-")
    assert written.exit_code == 0
    assert "<del>Monday</del><ins>Tuesday</ins>" in written.stdout
    assert "<script" not in written.stdout and "default-src &#39;none&#39;" in written.stdout
    assert newslake("diff", identity, "--html", "edit.html").stderr == "wrote edit.html\n"
    assert Path("edit.html").read_text(encoding="utf-8") == written.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("https://shorepost.example/none",), "is no article of"),
        (("0123456789",), "is no article of"),
        (("ferry",), "is no address and no article_id"),
        ((URL, "--version", 3), "has the versions 1 to 2"),
        (("https://shorepost.example/once",), "has one version only"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_line(
    edited: Path, arguments: tuple[object, ...], said: str
) -> None:
    load("Harbour opens", FIRST, "https://shorepost.example/once")
    shown = newslake("diff", *arguments)
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert said in shown.stderr and shown.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [("diff", URL), ("report",)])
def test_views_of_another_newslake_are_not_relied_on(edited: Path, command: tuple[str, ...]) -> None:
    with duckdb.connect("lake/newslake.duckdb") as con:
        con.execute("CREATE OR REPLACE VIEW base.edition AS SELECT 'older' AS edition, 0 AS written")
        con.execute("CREATE OR REPLACE VIEW edits AS SELECT 1 AS article_id")
    shown = newslake(*command)
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert "written by another newslake; newslake maintain" in shown.stderr and shown.stderr.count("\n") == 1
    assert newslake("maintain").exit_code == 0
    assert newslake(*command).exit_code == 0


EDITIONS = (0, 4)


def versions(world: World) -> Iterator[tuple[Article, Article, str]]:
    """The articles of all outlets that changed between two editions while their address stayed, with that address."""
    for outlet in OUTLETS:
        for number in range(12):
            first, last = (world.article(outlet, number, edition) for edition in EDITIONS)
            if first.path == last.path and first != last:
                yield first, last, f"http://{outlet.id}.example{first.path}"


def captures(world: World) -> Iterator[tuple[Article, str, datetime]]:
    """What an archive of both versions holds: article, address, time."""
    for *both, url in versions(world):
        for article, edition in zip(both, EDITIONS, strict=True):
            yield article, url, world.time(edition)


def test_the_newsrooms_edits_come_out_as_written(bare: Path) -> None:
    world = World.opened(datetime(2026, 11, 22, tzinfo=UTC))
    archive(Path("news.warc"), captures(world))
    assert newslake("load", "news.warc", "--workers", 1).exit_code in {0, 1}
    with duckdb.connect("lake/newslake.duckdb", read_only=True) as con:
        found = {row[0]: row[1:] for row in con.sql(
            "SELECT url, title_before, title_after, paragraphs_added, paragraphs_removed, is_silent, "
            "corrections_added, epoch(seen_after), epoch(seen_before) FROM edits"
        ).fetchall()}  # fmt: skip
    silent = 0
    told = list(versions(world))
    assert told
    for first, last, url in told:
        title_before, title_after, added, removed, is_silent, noted, after, before = found.pop(url)
        assert (title_before, title_after) == (first.title, last.title)
        note = {last.correction} - {first.correction, None}
        new = set(last.paragraphs) - set(first.paragraphs)
        # A note may or may not be part of the text; it is known all the same.
        assert new <= set(added) <= new | note
        assert set(noted) == note
        assert set(removed) == set(first.paragraphs) - set(last.paragraphs)
        assert (after, before) == tuple(world.time(edition).timestamp() for edition in EDITIONS)
        # Pages of the template "old" state no modified date.
        assert is_silent == (last.outlet.template == "old" and not note)
        silent += is_silent
    assert silent and not found
