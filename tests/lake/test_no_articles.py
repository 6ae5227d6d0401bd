"""Pages that were read and are no articles: how their captures end, and which of them are asked for again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from tasks import append, capture, dedupe
from tasks.article.page_kind import KINDS
from tasks.crawl import History
from tasks.extract import NO_ARTICLES, extract_rows, refusal
from tasks.files import Document
from tasks.lake.catalog import connect
from tasks.lake.rows import replaced
from tasks.lake.store import Lake
from tasks.run import OUTCOMES, Report, Run
from tasks.web.choice import ATTEMPTS
from tasks.web.model import Visit

URL = "https://shorepost.example/ferry"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def take(lake: Lake, document: Document, kind: str) -> Report:
    """Store a capture of a page of that kind."""
    batch = dedupe.skip_known(lake, next(capture.batches([document], Run.begin("run"))))
    read = batch.filter(pc.equal(batch["outcome"], "read"))
    articles = extract_rows(read)
    nothing: dict[str, Any] = {
        "text": "",
        "word_count": 0,
        "field_errors": [[("text", kind)]] * read.num_rows,
    }
    return append.append(lake, batch, replaced(articles, **nothing))


def visit(body: str, at: datetime = NOW) -> Visit:
    return Visit(
        location=URL, url=URL, final_url=URL, source_id="shorepost", body=body.encode(), media="html",
        size=len(body), captured_at=at,
    )  # fmt: skip


def newest(lake: Lake) -> tuple[Any, ...]:
    with connect(lake.state()) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.sql(
            "SELECT outcome, failures, next_poll_at FROM base.captures ORDER BY fetched_at DESC LIMIT 1"
        ).fetchall()[0]


def pending(lake: Lake, at: datetime) -> list[str]:
    with History(lake) as history:
        return [known.url for known in asyncio.run(history.pending(["shorepost"], at))]


def test_each_kind_but_an_article_is_an_outcome() -> None:
    assert set(KINDS) == {"article", "other", *NO_ARTICLES}
    assert set(NO_ARTICLES) <= set(OUTCOMES)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("bot_wall", "bot_wall"),
        ("media", "media"),
        ("no_article", "no_article"),
        ("empty", "no_article"),
        ("the extractor failed: ValueError: mistake", "failed"),
    ],
)
def test_the_outcome_is_what_the_page_is(reason: str, expected: str) -> None:
    refused = refusal({"word_count": 0, "field_errors": [("title", "not_stated"), ("text", reason)]})
    assert refused and refused[0] == expected
    assert refusal({"word_count": 7, "field_errors": []}) is None


@pytest.mark.parametrize("kind", ["list_page", "paywall", "media"])
def test_what_will_be_the_same_tomorrow_stands(lake: Lake, kind: str) -> None:
    report = take(lake, visit("page"), kind)
    assert report.outcomes == {kind: 1}
    assert report.refusals == [f"{URL}: {NO_ARTICLES[kind]}"]
    assert newest(lake) == (kind, 0, None)
    assert pending(lake, NOW + timedelta(days=30)) == []


@pytest.mark.parametrize("kind", ["bot_wall", "not_found"])
def test_a_wall_is_asked_for_again_ever_more_rarely(lake: Lake, kind: str) -> None:
    at, waits = NOW, []
    for number in range(ATTEMPTS[kind]):
        assert pending(lake, at) == ([URL] if number else [])
        assert take(lake, visit("the same page", at), kind).outcomes == {kind: 1}
        outcome, failures, due = newest(lake)
        assert (outcome, failures) == (kind, number + 1)
        if due is None:
            break
        waits.append(due - at)
        at = due
    assert failures == ATTEMPTS[kind]
    assert waits[:2] == [timedelta(minutes=15), timedelta(minutes=30)]
    assert pending(lake, NOW + timedelta(days=30)) == []


def test_a_wall_once_passed_is_forgotten(lake: Lake) -> None:
    take(lake, visit("wall"), "bot_wall")
    take(lake, visit("gallery", NOW + timedelta(minutes=15)), "media")
    assert newest(lake) == ("media", 0, None)
    assert pending(lake, NOW + timedelta(days=30)) == []


def test_a_wall_in_a_file_is_not_asked_for(lake: Lake) -> None:
    document = Document(location="wall.html", url=URL, body=b"wall", media="html", captured_at=NOW)
    assert take(lake, document, "bot_wall").outcomes == {"bot_wall": 1}
    assert newest(lake)[2] is None
