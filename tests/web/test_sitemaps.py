"""Sitemaps in all their forms."""

from __future__ import annotations

import gzip

import pytest

from tasks.web.listing import Malformed, parse
from tasks.web.model import Entry, Listing

URL = "https://gazette.example/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(text: str | bytes) -> Listing:
    data = text.encode() if isinstance(text, str) else text
    return parse(data, url=URL, kind="sitemap")


def test_news_sitemap() -> None:
    listing = sitemap(
        f"""<?xml version="1.0" encoding="UTF-8"?>
        <urlset {SPACE} xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
                xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
          <url>
            <loc> https://gazette.example/ferry?a=1&amp;b=2 </loc><lastmod>2026-11-22</lastmod>
            <n:news>
              <n:publication><n:name>Harbour Gazette</n:name><n:language>en</n:language></n:publication>
              <n:publication_date>2026-11-22T10:00:00+01:00</n:publication_date>
              <n:title>Ferry &amp;amp; crew</n:title><n:keywords>ferry, Ostray,</n:keywords>
            </n:news>
            <image:image><image:loc>https://gazette.example/ferry.jpg</image:loc></image:image>
          </url>
          <url><lastmod>2026-11-22</lastmod></url>
        </urlset>"""
    )
    assert listing == Listing(
        "sitemap",
        (
            Entry(
                "https://gazette.example/ferry?a=1&b=2",
                title="Ferry & crew",
                published="2026-11-22T10:00:00+01:00",
                updated="2026-11-22",
                language="en",
                tags=("ferry", "Ostray"),
            ),
        ),
        skipped=1,
    )


@pytest.mark.parametrize("space", [SPACE, SPACE.replace("http:", "https:"), ""])
def test_index(space: str) -> None:
    listing = sitemap(
        f"<sitemapindex {space}><!-- old --><sitemap><loc>https://gazette.example/1.xml.gz</loc>"
        "<lastmod>2026-11-22T10:00Z</lastmod></sitemap></sitemapindex>"
    )
    child = Entry("https://gazette.example/1.xml.gz", updated="2026-11-22T10:00+00:00")
    assert listing == Listing("sitemapindex", children=(child,))
    assert sitemap(f"<sitemapindex {space}><sitemap/></sitemapindex>") == Listing("sitemapindex", skipped=1)


def test_gzip_and_a_gzip_that_breaks_off() -> None:
    body = "".join(f"<url><loc>https://gazette.example/{n * 7919 % 10007}</loc></url>" for n in range(2000))
    packed = gzip.compress(f"<urlset {SPACE}>{body}</urlset>".encode())
    assert len(sitemap(packed).entries) == 2000
    assert 500 < len(sitemap(packed[: len(packed) // 2]).entries) < 1500
    with pytest.raises(Malformed, match="gzip"):
        sitemap(packed[:10] + b"garbage")


def test_gzip_bomb() -> None:
    with pytest.raises(Malformed, match="more than 50 MiB"):
        sitemap(gzip.compress(b" " * (51 << 20), 1))


def test_plain_text() -> None:
    listing = sitemap("\ufeffhttps://gazette.example/1\r\nnonsense\r\n\r\nhttps://gazette.example/2\r\n")
    assert [entry.url for entry in listing.entries] == [
        "https://gazette.example/1",
        "https://gazette.example/2",
    ]
    assert listing.skipped == 1


def test_a_feed_where_a_sitemap_was_asked_for_and_the_reverse() -> None:
    body = b"<rss><channel><item><link>https://gazette.example/1</link></item></channel></rss>"
    assert parse(body, url=URL, kind="sitemap").form == "rss"
    assert parse(b"<urlset></urlset>", url=URL, kind="feed") == Listing("sitemap")


def test_broken_ones_are_read_as_far_as_they_go() -> None:
    listing = sitemap(
        f"<urlset {SPACE}><url><loc>https://gazette.example/?a=1&b=2</loc></url><url><loc>https://gazette.example/2"
    )
    assert listing.entries[0].url == "https://gazette.example/?a=1&b=2"
    assert sitemap("<urlset><url><loc>https://gazette.example/1&#xD800;&#0;</loc></url><").entries
    with pytest.raises(Malformed, match="XML that cannot be read"):
        sitemap(f"<urlset {SPACE}")
    with pytest.raises(Malformed) as refused:
        sitemap("<urlset><![CDATA[<url>\n</url>")
    assert "\n" not in str(refused.value)


def test_no_entity_is_expanded_nor_fetched(tmp_path) -> None:  # type: ignore[no-untyped-def]
    secret = tmp_path / "secret"
    secret.write_text("https://gazette.example/secret")
    listing = sitemap(
        f'<!DOCTYPE u [<!ENTITY f SYSTEM "{secret.as_uri()}"><!ENTITY a "xxxxxxxxxxxxxxxxxxxx">'
        '<!ENTITY b "&a;&a;&a;&a;">]>'
        f"<urlset {SPACE}><url><loc>&f;</loc></url><url><loc>https://gazette.example/&b;</loc></url>"
        "<url><loc>https://gazette.example/1</loc></url></urlset>"
    )
    assert "secret" not in repr(listing)
    assert "xxx" not in repr(listing)
    assert listing.entries[-1].url == "https://gazette.example/1"
