"""Finding a site's lists, against a site on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from tasks.find_lists import Found, find
from tasks.web.client import Client, Options
from tasks.web.model import Request
from tasks.web.source import Politeness, Source
from tests.small_site import Site, rss, serve, sitemap

HOME = """<!doctype html><html lang="en-GB"><head><title>Front page</title>
<meta property="og:site_name" content="Shore
 Post"><link rel="alternate" type="application/rss+xml" href="/main" title="News">
<link rel="alternate" type="application/rss+xml" href="/comments/feed"></head><body><p>News</p>%s</body></html>"""


def found(site: Site, path: str = "/", taken: Mapping[str, str] = {}) -> Found:
    async def run() -> Found:
        async with Client(Options(user_agent="newslake-test", attempts=1)) as client:
            asked = Request(site.url + path, allow_private=True, delay=0)
            return await find(client, asked, "shorepost", taken)

    return asyncio.run(run())


def left_out(of: Found, site: Site) -> dict[str, str]:
    return {c.url.removeprefix(site.url): c.left_out for c in of.candidates if c.left_out}


def test_declared_feed_and_sitemap_of_robots() -> None:
    pages = {
        "/": HOME % "",
        "/robots.txt": "Sitemap: {site}/news.xml\nSitemap: /index.xml\nSitemap: /a b.xml\n",
        "/main": rss("/1", "/2"),
        "/news.xml": sitemap("/1", "/3"),
        "/index.xml": sitemap("/4"),
        "/feed": rss("/5"),
    }
    with serve(pages) as site:
        result = found(site)
        assert result.source == Source(
            id="shorepost",
            name="Shore Post",
            site=site.url + "/",
            outlet="Shore Post",
            language="en",
            feeds=(f"{site.url}/main",),
            sitemaps=(f"{site.url}/news.xml", f"{site.url}/index.xml"),
            allow_private=True,
            politeness=Politeness(delay=0),
        )
        assert [c.how for c in result.candidates if not c.left_out] == [
            "declared by the page", "named by robots.txt", "named by robots.txt",
        ]  # fmt: skip
        assert left_out(result, site) == {"/comments/feed": "comments", "/a b.xml": "no web address"}
        assert sorted(site.asked) == [
            "/",
            "/index.xml",
            "/main",
            "/news.xml",
            "/robots.txt",
        ]  # no guess is needed


def test_usual_addresses_one_after_another() -> None:
    pages = {
        "/": "<html><body>Hello</body></html>",
        "/rss.xml": rss("/1"),
        "/sitemap.xml": sitemap("/1", "/2"),
    }
    with serve(pages) as site:
        result = found(site)
        assert result.source is not None
        assert (result.source.feeds, result.source.sitemaps) == (
            (f"{site.url}/rss.xml",),
            (f"{site.url}/sitemap.xml",),
        )
        assert (result.source.name, result.source.outlet, result.source.language) == (
            "Shore Post",
            None,
            "en",
        )
        assert "/atom.xml" not in site.asked


def test_what_is_left_out_and_why() -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{name}">'
        for name in ("main", "again", "empty", "broken", "none", "secret", "talk", "other", "main#x")
    )
    pages = {
        "/": f"<html><head>{links}</head></html>",
        "/robots.txt": "User-agent: *\nDisallow: /secret",
        "/main": rss("/1", "/2"),
        "/again": rss("/2", "/1", title="Everything"),
        "/empty": rss(),
        "/broken": "<html><body>an error</body></html>",
        "/secret": rss("/3"),
        "/talk": rss("/4", title="Comments on: The ferry"),
        "/other": rss("/5"),
    }
    with serve(pages) as site:
        result = found(site, taken={f"{site.url}/other": "another"})
        assert result.source is not None and result.source.feeds == (f"{site.url}/main",)
        why = left_out(result, site)
        assert why.pop("/again") == f"names the same as {site.url}/main"
        assert why.pop("/empty") == "holds no entry"
        assert why.pop("/broken") == "malformed: an HTML page"
        assert why.pop("/none").startswith("not_found: ")
        assert why.pop("/secret").startswith("robots: ")
        assert why.pop("/talk") == "comments"
        assert why.pop("/other") == "in source another already"
        assert "/other" not in site.asked


def test_linked_feeds_where_none_is_declared() -> None:
    pages = {"/": '<html><body><a href="/feeds/all.rss">RSS</a></body></html>', "/feeds/all.rss": rss("/1")}
    with serve(pages) as site:
        result = found(site)
        assert result.source is not None and result.source.feeds == (f"{site.url}/feeds/all.rss",)


def test_the_address_is_a_list_itself() -> None:
    with serve({"/f": rss("/1", title="Sea"), "/s": sitemap("/1")}) as site:
        feed, sitemap_ = found(site, "/f").source, found(site, "/s").source
        assert feed is not None and (feed.name, feed.feeds, feed.sitemaps) == ("Sea", (f"{site.url}/f",), ())
        assert sitemap_ is not None and sitemap_.sitemaps == (f"{site.url}/s",)
        assert sitemap_.name == site.url.removeprefix("http://")
        assert set(site.asked) == {"/robots.txt", "/f", "/s"}


def test_no_list_no_source() -> None:
    with serve({"/": "<html><body>Hello</body></html>"}) as site:
        result = found(site)
        assert (result.source, result.error) == (None, None)
        assert found(site, "/gone").error == f"{site.url}/gone: not_found: HTTP 404"
