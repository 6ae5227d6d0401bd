"""What a feed or news sitemap said of an article counts where the article itself says nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tasks.article.extract import extract
from tasks.article.model import Article

URL = "https://shorepost.example/ferry"
CAPTURED = datetime(2026, 3, 2, 12, tzinfo=UTC)
BODY = (
    "<p>The evening ferry from Saltby to Marren was cancelled on Monday after a pump failed in the engine room, the "
    "company said in a statement that was handed to the passengers who were waiting at the quay.</p><p>Passengers were "
    "taken to the island by bus and by a fishing boat, which needed three journeys for the forty people who were "
    "waiting in heavy rain and a wind that rose towards midnight.</p>"
)
ENTRY: dict[str, Any] = {
    "title": "Ferry cancelled",
    "published": "2026-03-01T18:20:00+01:00",
    "updated": "2026-03-01T19:00:00+01:00",
    "authors": ["Jane Doe"],
    "language": "en",
    "tags": ["Ferries", "Marren"],
    "summary": "A pump failed.",
}


def read(page: str, *, media: str = "html", **given: Any) -> Article:
    return extract(page.encode(), media=media, url=URL, captured_at=CAPTURED, given=given)  # type: ignore[arg-type]


def full(published: str) -> str:
    return (
        '<html lang="en"><head><meta property="og:site_name" content="The Shore Post">'
        f'<meta property="article:published_time" content="{published}">'
        '<meta name="author" content="John Roe"><meta property="article:tag" content="Traffic">'
        f"<title>Evening ferry cancelled</title></head><body><article><h1>Evening ferry cancelled</h1>{BODY}"
        "</article></body></html>"
    )


def test_a_silent_page_is_spoken_for() -> None:
    found = read(f"<html><body>{BODY}</body></html>", entry=ENTRY)
    assert found.title == "Ferry cancelled"
    assert found.authors == ("Jane Doe",)
    assert found.tags == ("Ferries", "Marren")
    assert (found.published_at, found.published_from) == ("2026-03-01T18:20:00+01:00", "feed")
    assert found.modified_at == "2026-03-01T19:00:00+01:00"
    assert not {"title", "authors", "tags", "published_at", "modified_at"} & found.field_errors.keys()


def test_a_page_speaks_for_itself() -> None:
    found = read(full("2026-02-28T09:00:00+01:00"), entry=ENTRY)
    alone = read(full("2026-02-28T09:00:00+01:00"))
    assert (found.title, found.authors, found.tags) == (alone.title, alone.authors, alone.tags)
    assert (found.title, found.authors, found.tags) == (
        "Evening ferry cancelled",
        ("John Roe",),
        ("Traffic",),
    )
    assert found.published_at == alone.published_at
    feed = [c for c in found.date_candidates if c.signal == "feed" and c.kind == "published"]
    assert [(c.value, c.rejected) for c in feed] == [("2026-03-01T18:20:00+01:00", "weaker_signal")]


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("2026-03-01", "2026-03-01T18:20:00+01:00"),  # the same day, and finer
        ("2026-02-28", "2026-02-28"),  # another day: the page's
        ("2026-03-01T18:00:00+01:00", "2026-03-01T18:00:00+01:00"),  # as fine: the page's
    ],
)
def test_a_finer_date_of_the_same_day_is_a_gain(stated: str, published: str) -> None:
    found = read(full(stated), entry=ENTRY)
    assert found.published_at == published
    chosen = [c for c in found.date_candidates if c.kind == "published" and c.rejected is None]
    assert [c.value for c in chosen] == [published]


@pytest.mark.parametrize(
    "date", ["2026-03-02T12:00:01Z", "2026-03-02T13:30:00+01:00", "2031-01-01", "soon", "", 7, None]
)
def test_a_date_after_the_capture_or_none_counts_for_nothing(date: object) -> None:
    found = read(f"<html><body>{BODY}</body></html>", entry={"published": date})
    assert found.published_at is None
    rejected = {c.rejected for c in found.date_candidates if c.signal == "feed"}
    assert rejected == ({"future"} if isinstance(date, str) and date[:2] == "20" else set())


@pytest.mark.parametrize(
    ("date", "published", "precision"),
    [
        ("2026-03-01T00:00:00Z", "2026-03-01", "day"),
        ("20260301", "2026-03-01", "day"),
        ("1772388000", "2026-03-01T18:00:00+00:00", "second"),
        ("Sun, 01 Mar 2026 18:00:00 GMT", "2026-03-01T18:00:00+00:00", "second"),
    ],
)
def test_a_stated_date_is_read_as_one_of_a_page_is(date: str, published: str, precision: str) -> None:
    found = read(f"<html><body>{BODY}</body></html>", entry={"published": date})
    assert (found.published_at, found.published_precision) == (published, precision)
    attribute = read(full(date))
    assert (attribute.published_at, attribute.published_precision) == (published, precision)


def test_a_value_of_two_dates_says_none() -> None:
    found = read(f"<html><body>{BODY}</body></html>", entry={"published": "1 March 2026 to 2 March 2026"})
    assert found.published_at is None


def test_a_text_is_spoken_for_too() -> None:
    text = BODY.replace("</p>", "\n\n").replace("<p>", "")
    found = read(text, media="text", entry=ENTRY)
    assert (found.authors, found.published_at) == (("Jane Doe",), ENTRY["published"])
    assert found.text == read(text, media="text").text


def test_a_source_s_outlet_wins_and_its_language_helps_out() -> None:
    source = {"outlet": "Shore Post (Saltby)", "language": "da"}
    found = read(full("2026-03-01"), source=source)
    assert (found.outlet, found.language) == ("Shore Post (Saltby)", "en")
    assert read("<p>...</p>", source=source).language == "da"
    assert read("<p>...</p>", source=source, entry={"language": "fo-FO"}).language == "fo"
    assert read(full("2026-03-01"), source={"outlet": " "}).outlet == "The Shore Post"


def test_a_feed_s_own_body_has_the_feed_s_title() -> None:
    body = f"<h2>Listen to this</h2>{BODY}".encode()
    found = extract(body, media="html", url=URL, captured_at=CAPTURED, given={"entry": ENTRY}, of_feed=True)
    assert (found.title, found.authors) == ("Ferry cancelled", ("Jane Doe",))
    assert (found.published_at, found.published_from) == (ENTRY["published"], "feed")
    assert found.canonical_url == URL


@pytest.mark.parametrize(
    "odd", [None, 7, "x", [], {"title": 7, "authors": {"a": 1}, "tags": "x", "language": "!"}]
)
def test_odd_values_count_for_nothing(odd: object) -> None:
    page = full("2026-03-01")
    assert read(page, entry=odd, source=odd) == read(page)


def test_a_page_that_a_redirect_led_to_is_another() -> None:
    page = full("2026-03-01").encode()
    for final, words in ((URL, True), (f"{URL}?page=1", True), ("https://shorepost.example/", False)):
        found = extract(page, media="html", url=URL, final_url=final, captured_at=CAPTURED)
        assert bool(found.text) is words
