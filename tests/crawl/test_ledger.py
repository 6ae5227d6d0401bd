"""What captures of earlier runs, and other lists of the same run, must not hide."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tasks.crawl import History, Wish, crawl
from tasks.lake.store import Lake
from tasks.run import Run
from tasks.web.choice import Span
from tests.crawl.site import Page, Site
from tests.crawl.test_ingest import (
    NOW,
    OPTIONS,
    SITEMAP,
    ingest,
    lake,
    located,
    query,
    shore,
    source,
)

__all__ = ["lake", "shore"]
DAY = timedelta(days=1)
BACK = Wish(Span(since=NOW - 900 * DAY, until=NOW - 800 * DAY))


def sitemap(shore: Site, path: str, *entries: str, validators: bool = True) -> None:
    shore.pages[path] = Page(SITEMAP.format("".join(entries)), "application/xml", validators=validators)


def test_two_addresses_of_one_article_are_asked_for_once(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.pages["/a?utm_source=rss"] = shore.pages["/a"]
    shore.feed("/feed", {"/a?utm_source=rss": "", "/a": ""})
    ingest(source(shore), lake)
    shore.feed("/feed", {"/a": "", "/a?utm_source=rss": "", "/b": ""})
    shore.take()
    ingest(source(shore), lake)
    assert shore.take() == ["/feed", "/b"]


def test_feeds_that_differ_in_what_articles_do_not_differ_in(shore: Site, lake: Lake) -> None:
    feeds = ("/rss?source=sport", "/rss?source=politics")
    for path in feeds:
        shore.feed(path, {f"/{path[-5:]}": ""})
    of = source(shore, feeds=tuple(f"{shore.url}{path}" for path in feeds))
    for _ in range(2):
        ingest(of, lake)
        assert set(feeds) <= set(shore.take())
    assert query(lake, "SELECT count(*) FROM captures WHERE kind = 'feed' AND status = 304") == [(2,)]


def test_a_back_fill_leaves_polls_as_they_were(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.article("/b", "Ferry sails again")
    shore.feed("/feed", {"/a": f"<pubDate>{NOW:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"})
    month = f"<sitemap><loc>{shore.url}/month.xml</loc></sitemap>"
    shore.pages["/index.xml"] = Page(f"<sitemapindex>{month}</sitemapindex>", "application/xml")
    sitemap(shore, "/month.xml")
    of = source(shore, sitemaps=(f"{shore.url}/index.xml",))
    assert ingest(of, lake, BACK).outcomes == {"out_of_range": 1}
    assert ingest(of, lake, Wish()).outcomes == {"new": 1}
    ingest(of, lake, BACK)
    sitemap(shore, "/month.xml", located(shore, "/b", timedelta()))
    shore.take()
    assert ingest(of, lake, Wish(), later=DAY + timedelta(hours=1)).outcomes == {"new": 1}
    assert sorted(shore.take()) == ["/b", "/feed", "/index.xml", "/month.xml"]


def test_a_back_fill_is_no_poll(shore: Site, lake: Lake) -> None:
    """Else the window of the next poll would reach back to it only, and not over the outage before it."""
    sitemap(shore, "/map.xml")
    of = source(shore, feeds=(), sitemaps=(f"{shore.url}/map.xml",))
    name = "sitemap", f"{shore.url}/map.xml"
    ingest(of, lake, BACK)
    with History(lake) as history:
        assert asyncio.run(history.lists([name])) == {}
    ingest(of, lake, Wish())
    ingest(of, lake, BACK)
    with History(lake) as history:
        assert len(asyncio.run(history.lists([name]))[name].polls) == 1


def test_a_first_poll_that_failed_is_none(shore: Site, lake: Lake) -> None:
    shore.pages["/map.xml"] = Page("broken", status=500, validators=False)
    of = source(shore, feeds=(), sitemaps=(f"{shore.url}/map.xml",))
    ingest(of, lake)
    sitemap(shore, "/map.xml", located(shore, "/old", None))
    assert ingest(of, lake).outcomes == {"out_of_range": 1}


def test_all_is_taken_of_a_sitemap_that_its_index_did_not_name_before(shore: Site, lake: Lake) -> None:
    def index(*paths: str) -> Page:
        named = "".join(f"<sitemap><loc>{shore.url}{path}</loc></sitemap>" for path in paths)
        return Page(f"<sitemapindex>{named}</sitemapindex>", "application/xml")

    sitemap(shore, "/1.xml", located(shore, "/old", None))
    sitemap(shore, "/2.xml", located(shore, "/a", None))
    shore.article("/a", "Storm closes harbour")
    of = source(shore, feeds=(), sitemaps=(f"{shore.url}/index.xml",))
    shore.pages["/index.xml"] = index("/1.xml")
    assert ingest(of, lake).outcomes == {"out_of_range": 1}
    shore.pages["/index.xml"] = index("/1.xml", "/2.xml")
    assert ingest(of, lake).outcomes == {"new": 1}


def test_a_sitemap_takes_nothing_from_a_feed(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {"/a": ""})
    sitemap(shore, "/map.xml", located(shore, "/a", None))
    of = source(shore, sitemaps=(f"{shore.url}/map.xml",))
    assert ingest(of, lake).outcomes == {"new": 1}


def test_a_host_that_is_down_is_failing_and_its_articles_are_not_given_up(shore: Site, lake: Lake) -> None:
    shore.pages["/robots.txt"] = Page("", status=500, validators=False)
    shore.feed("/feed", {"/a": ""})
    ingest(source(shore), lake)
    assert query(lake, "SELECT health, failures, error IS NULL FROM sources") == [("failing", 1, False)]
    del shore.pages["/robots.txt"]
    ingest(source(shore), lake, Wish(force=True, seconds=0))
    shore.pages["/robots.txt"] = Page("", status=500, validators=False)
    for hour in range(1, 10):
        ingest(source(shore), lake, Wish(), later=timedelta(hours=24 * hour))
    del shore.pages["/robots.txt"]
    shore.article("/a", "Storm closes harbour")
    assert ingest(source(shore), lake, Wish(), later=timedelta(days=20)).outcomes == {"new": 1}


def test_the_validators_of_a_refusal_are_not_kept(shore: Site, lake: Lake) -> None:
    text = "The ferry to Marren sails again on Friday, the harbour office told this newspaper. " * 20
    content = f"<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>{text}</c:encoded>"
    shore.pages["/a"] = Page("pay", status=402)
    shore.feed("/feed", {"/a": content})
    ingest(source(shore), lake)
    assert query(lake, "SELECT body_from, etag FROM captures WHERE kind = 'article'") == [("feed", None)]


def test_a_source_that_is_no_longer_enabled_is_recorded_as_such(shore: Site, lake: Lake) -> None:
    shore.feed("/feed", {})
    ingest(source(shore), lake)
    shore.take()
    ingest(source(shore, enabled=False), lake)
    assert shore.take() == []
    assert query(lake, "SELECT enabled, health FROM sources") == [(False, "disabled")]


def test_a_failure_of_the_machine_reaches_the_caller_as_itself(shore: Site, lake: Lake) -> None:
    shore.pages["/feed"] = Page("", status=410, validators=False)

    def note(line: str) -> None:
        raise OSError("no space left")

    with History(lake) as history, pytest.raises(OSError, match="no space left"):
        list(crawl([source(shore)], history, Run.begin("ingest"), OPTIONS, Wish(), note))
