"""Finding a site's feeds from its page."""

from __future__ import annotations

from tasks.web.autodiscovery import FEED_PATHS, SITEMAP_PATHS, Candidate, lists_of

URL = "https://gazette.example/"
PAGE = b"""<html><head>
<link rel="alternate" type="application/rss+xml" title="All &amp; more" href="/feed">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="//gazette.example/atom.xml">
<link rel="alternate" type="application/feed+json" href="feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
<link rel="alternate" hreflang="de" href="/de/">
<link rel="stylesheet" href="/rss.css">
</head><body>
<a href="/rss/sport.xml">Sport</a><a href="/feed">Again</a>
<a href="/feed-the-birds.html">Feed the birds</a><a href="/business/">Business</a><a href="javascript:rss()">RSS</a>
<a href="/rss.html">About our feeds</a><a href="/sport/?feed=rss2">Sport too</a>
</body></html>"""


def test_declared_feeds_before_links_that_look_like_feeds() -> None:
    assert lists_of(PAGE, URL) == [
        Candidate("https://gazette.example/feed", "declared", "All & more", "application/rss+xml"),
        Candidate("https://gazette.example/atom.xml", "declared", None, "application/atom+xml"),
        Candidate("https://gazette.example/feed.json", "declared", None, "application/feed+json"),
        Candidate("https://gazette.example/rss/sport.xml", "linked", "Sport"),
        Candidate("https://gazette.example/sport/?feed=rss2", "linked", "Sport too"),
    ]


def test_what_is_no_page_points_nowhere() -> None:
    assert lists_of(b"", URL) == lists_of(b"\x89PNG\r\n", URL) == []


def test_well_known_paths_are_paths() -> None:
    assert all(path.startswith("/") for path in FEED_PATHS + SITEMAP_PATHS)
    assert {"/feed", "/rss.xml", "/feed.json"} <= set(FEED_PATHS)
    assert {"/sitemap.xml", "/news-sitemap.xml", "/sitemap.xml.gz"} <= set(SITEMAP_PATHS)
