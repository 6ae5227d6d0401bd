"""Feeds of all dialects: what their entries say."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from tasks.web.feeds import full
from tasks.web.listing import Malformed, parse
from tasks.web.model import Entry, Listing

URL = "https://gazette.example/feeds/news.xml"
LONG = "<p>" + "The ferry to Ostray runs again after the strike. " * 20 + "</p>"


def feed(text: str, url: str = URL) -> Listing:
    return parse(text.encode(), url=url, kind="feed")


def rss(items: str, channel: str = "", names: str = "") -> Listing:
    return feed(f'<rss version="2.0" {names}><channel>{channel}{items}</channel></rss>')


def only(listing: Listing) -> Entry:
    (entry,) = listing.entries
    return entry


def test_rss_with_everything() -> None:
    listing = rss(
        f"""<item>
          <title>Ferry &amp;#8217;back&amp;#8217; in service</title>
          <link>/2026/ferry?utm_source=rss#top</link>
          <guid isPermaLink="false">gz-17</guid>
          <pubDate>Sun, 22 Nov 2026 09:26:46 +0100</pubDate>
          <dc:creator>Ida Holm</dc:creator><dc:creator>Tom Reed</dc:creator>
          <category>Harbour</category><category>Transport</category><category>Harbour</category>
          <dc:language>en</dc:language>
          <description>&lt;p&gt;It runs&lt;/p&gt;&lt;p&gt;again.&lt;script>no()&lt;/script>&lt;/p></description>
          <content:encoded><![CDATA[{LONG}]]></content:encoded>
        </item>""",
        "<title>Harbour\n Gazette</title><language>en-gb</language><ttl>60</ttl>",
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    )
    assert (listing.form, listing.title, listing.language, listing.ttl) == (
        "rss",
        "Harbour Gazette",
        "en-gb",
        3600,
    )
    assert asdict(only(listing)) == {
        "url": "https://gazette.example/2026/ferry?utm_source=rss#top",
        "guid": "gz-17",
        "title": "Ferry ’back’ in service",
        "published": "2026-11-22T09:26:46+01:00",
        "updated": None,
        "authors": ("Ida Holm", "Tom Reed"),
        "language": "en",
        "tags": ("Harbour", "Transport"),
        "summary": "It runs again.",
        "content": LONG,
    }


def test_atom_with_everything() -> None:
    listing = feed(
        f"""<?xml version="1.0"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bote.example/de/" xml:lang="de">
          <title type="html">Nordk&amp;uuml;sten-&lt;b&gt;Bote&lt;/b&gt;</title>
          <link rel="self" href="atom.xml"/>
          <link rel="next" href="atom.xml?page=2"/><link rel="prev-archive" href="/archiv/2026-10.xml"/>
          <entry xml:lang="nds">
            <id>tag:bote.example,2026:4</id>
            <title>1 &lt; 2</title>
            <link rel="enclosure" href="ton.mp3"/><link href="bruecke.html"/>
            <published>2026-11-22T09:26:46.5Z</published><updated>2026-11-23</updated>
            <author><name>Anna Brandt</name><email>a@bote.example</email></author>
            <author><name>x@bote.example</name></author>
            <category term="x1" label="Küste"/>
            <summary>Kurz</summary>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{LONG}</div></content>
          </entry>
        </feed>"""
    )
    assert (listing.form, listing.title, listing.language) == ("atom", "Nordküsten-Bote", "de")
    assert listing.archive == "https://bote.example/archiv/2026-10.xml"
    entry = only(listing)
    assert entry.url == "https://bote.example/de/bruecke.html"
    assert (entry.guid, entry.title, entry.language) == ("tag:bote.example,2026:4", "1 < 2", "nds")
    assert (entry.published, entry.updated) == ("2026-11-22T09:26:46+00:00", "2026-11-23")
    assert (entry.authors, entry.tags, entry.summary) == (("Anna Brandt",), ("Küste",), "Kurz")
    assert entry.content is not None and "The ferry" in entry.content


def test_rdf() -> None:
    listing = feed(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
             xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
          <channel><title>Faro</title><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
          </channel>
          <item rdf:about="https://faro.example/1"><title>Uno</title><link>https://faro.example/1</link>
            <dc:date>2026-11-22T10:00+01:00</dc:date></item>
          <item rdf:about="https://faro.example/2"><title>Dos</title></item>
        </rdf:RDF>"""
    )
    assert (listing.form, listing.ttl) == ("rdf", 21_600)
    assert [entry.url for entry in listing.entries] == ["https://faro.example/1", "https://faro.example/2"]
    assert listing.entries[0].published == "2026-11-22T10:00+01:00"


def test_json_feed() -> None:
    listing = feed(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Courier",
                "language": "en",
                "next_url": "/feed.json?page=2",
                "items": [
                    {
                        "id": 7,
                        "url": "/a",
                        "title": "A &amp; B",
                        "summary": "s",
                        "content_html": LONG,
                        "date_published": "2026-11-22T10:00:00-05:00",
                        "authors": [{"name": "Ida Holm"}, "wrong"],
                        "tags": ["x", 3, "x"],
                    },
                    {"id": "https://courier.example/b", "author": {"name": "Tom Reed"}},
                    {"id": "no address"},
                    "wrong",
                ],
            }
        ),
        "https://courier.example/feed.json",
    )
    assert (listing.form, listing.archive) == ("json", "https://courier.example/feed.json?page=2")
    first, second = listing.entries
    assert (first.url, first.guid, first.title, first.tags) == (
        "https://courier.example/a",
        "7",
        "A & B",
        ("x",),
    )
    assert (first.published, first.authors, first.content) == (
        "2026-11-22T10:00:00-05:00",
        ("Ida Holm",),
        LONG,
    )
    assert (second.url, second.authors) == ("https://courier.example/b", ("Tom Reed",))
    assert listing.skipped == 2


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>https://a.example/x</link><guid>https://a.example/y</guid>", "https://a.example/x"),
        ("<guid>https://a.example/y</guid>", "https://a.example/y"),
        ("<guid>12345</guid>", None),
        ('<guid isPermaLink="false">https://a.example/y</guid>', "https://a.example/y"),
        ("<link/><guid>https://a.example/y</guid>", "https://a.example/y"),
        ("<link>\n https://a.example/a b\n </link>", "https://a.example/a%20b"),
        ("<link>https://a.example/x?a=1&amp;b=2</link>", "https://a.example/x?a=1&b=2"),
        ("<link>//a.example/x</link>", "https://a.example/x"),
        ("<link>story.html</link>", "https://gazette.example/feeds/story.html"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>file:///etc/passwd</link>", None),
        ("<link>mailto:a@a.example</link>", None),
        ("<link>https://a.example:99999/</link>", None),
        ("<link>http://[::1</link>", None),
        ("<link>https://a.exam\nple/x\r\nHost: b</link>", "https://a.example/xHost:%20b"),
        ("<title>nothing</title>", None),
    ],
)
def test_addresses_of_items(item: str, url: str | None) -> None:
    listing = rss(f"<item>{item}</item>")
    assert [entry.url for entry in listing.entries] == ([url] if url else [])
    assert listing.skipped == (url is None)


def test_the_address_before_feedburner() -> None:
    names = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    item = "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://a.example/1</feedburner:origLink>"
    assert only(rss(f"<item>{item}</item>", names=names)).url == "https://a.example/1"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Sun, 22 Nov 2026 00:26:46 GMT", "2026-11-22T00:26:46+00:00"),
        ("Sun, 22 Nov 2026 00:26:46 -0530", "2026-11-22T00:26:46-05:30"),
        ("22 Nov 26 00:26 CET", "2026-11-22T00:26:00+01:00"),
        ("Di, 22 Dez 2026 10:00:00 +0100", "2026-12-22T10:00:00+01:00"),
        ("2026-11-22T00:26:46Z", "2026-11-22T00:26:46+00:00"),
        ("2026-11-22 00:26:46 +0100", "2026-11-22T00:26:46+01:00"),
        ("2026-11-22T00:26:46", "2026-11-22T00:26:46"),
        ("20261122T002646Z", "2026-11-22T00:26:46+00:00"),
        ("2026-11", "2026-11"),
        ("2126-11-22", "2126-11-22"),
        ("2031-11-22", "2031-11-22"),
        ("Sun, 22 Nov 2026 00:26:46 BST", "2026-11-22T00:26:46"),
        ("2026-02-31", None),
        ("2026-11-22T25:00:00Z", None),
        ("03/04/2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(written: str, read: str | None) -> None:
    item = f"<item><link>https://a.example/1</link><pubDate>{written}</pubDate></item>"
    assert only(rss(item)).published == read


def test_a_guid_that_all_items_share_identifies_none() -> None:
    items = "".join(
        f'<item><link>https://a.example/{n}</link><guid isPermaLink="false">{guid}</guid></item>'
        for n, guid in enumerate(["same", "same", "own"])
    )
    assert [entry.guid for entry in rss(items).entries] == [None, None, "own"]


def test_one_address_is_one_entry_and_its_gaps_are_filled() -> None:
    listing = rss(
        "<item><link>https://a.example/1</link><title>First</title></item>"
        "<item><link>https://a.example/1</link><title>Second</title><author>Ida Holm</author></item>"
    )
    assert (only(listing).title, only(listing).authors, listing.skipped) == ("First", ("Ida Holm",), 0)


@pytest.mark.parametrize(
    ("content", "summary", "kept"),
    [(LONG, None, True), (LONG, "short", True), (LONG, "x" * 2000, False), ("<p>short</p>", None, False)],
)
def test_content_is_the_whole_article_or_nothing(content: str, summary: str | None, kept: bool) -> None:
    assert full(content, summary) == (content if kept else None)


def test_control_characters_are_no_text() -> None:
    item = "<link>https://a.example/1</link><description>&lt;p&gt;a&amp;#1;b&lt;/p&gt;c</description>"
    assert only(rss(f"<item>{item}</item>")).summary == "ab c"


def test_content_alone_is_no_summary() -> None:
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    item = (
        f"<item><link>https://a.example/1</link><content:encoded><![CDATA[{LONG}]]></content:encoded></item>"
    )
    entry = only(rss(item, names=names))
    assert (entry.summary, entry.content) == (None, LONG)


def test_charsets() -> None:
    text = "<rss><channel><item><link>https://a.example/1</link><title>Ж й</title></item></channel></rss>"
    declared = b"<?xml version='1.0' encoding='windows-1251'?>" + text.encode("cp1251")
    for data, charset in (
        (declared, None),
        (declared, "utf-8"),
        (text.encode("cp1251"), "windows-1251"),
        (text.encode("utf-16"), None),
        (b"<?xml version='1.0' encoding='iso-8859-1'?>" + text.encode(), None),
    ):
        assert only(parse(data, url=URL, kind="feed", charset=charset)).title == "Ж й"


def test_what_is_broken_is_read_as_far_as_it_goes() -> None:
    listing = feed(
        "\n<br />PHP Warning: <b>x</b>\n<?xml version='1.0'?><rss><channel><title>A & B &nbsp; C</title>"
        "<item><title>One \x0b&eacute;</title><link>https://a.example/1?a=1&b=2</link></item>"
        "<item><title>Two</title><link>https://a.example/2</link><desc"
    )
    assert listing.title == "A & B C"
    assert [(e.url, e.title) for e in listing.entries] == [
        ("https://a.example/1?a=1&b=2", "One é"),
        ("https://a.example/2", "Two"),
    ]


def test_a_feed_without_entries_is_one() -> None:
    assert rss("", "<title>Quiet</title>") == Listing("rss", title="Quiet")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no content"),
        (" \n\ufeff ", "no content"),
        ("<!DOCTYPE html><html><body>Not found</body></html>", "an HTML page"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'><feed/></html>", "an HTML page"),
        ("<note>hello</note>", "neither a feed nor a sitemap"),
        ("hello", "neither XML nor JSON"),
        ('{"items": 3}', "no list of items"),
        ('{"items": [', "cannot be read"),
    ],
)
def test_what_is_no_feed(body: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        feed(body)
