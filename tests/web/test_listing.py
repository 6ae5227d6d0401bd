"""Lists from hostile or damaged bytes: a Listing or Malformed, soon, and without the network."""

from __future__ import annotations

import gzip
import json
import time
import urllib.request

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.web.listing import Malformed, listing_hash, parse
from tasks.web.listing_values import address, line, moment, plain
from tasks.web.model import Entry, Kind, Listing

URL = "https://gazette.example/list"
SEEDS = [
    b"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY e "x">]><rss version="2.0"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel xml:base="/a/"><title>T &e; &#8217;</title><ttl>5</ttl>
    <item><title><![CDATA[<b>One</b>]]></title><link>https://a.example/1?x=1&amp;y=2</link><guid>1</guid>
    <pubDate>Sun, 22 Nov 2026 00:26:46 GMT</pubDate><dc:creator>Ida Holm (ida@a.example)</dc:creator>
    <category>x</category><description>&lt;p&gt;text&lt;/p&gt;</description></item></channel></rss>""",
    b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title type="html">&lt;i>T&lt;/i></title>
    <entry><id>urn:1</id><link href="/1" rel="alternate"/><updated>2026-11-22T00:26:46Z</updated>
    <author><name>A</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div>
    </content></entry></feed>""",
    b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/1</loc>
    <lastmod>2026-11-22</lastmod></url><url><loc>/2</loc></url></urlset>""",
    json.dumps(
        {"items": [{"id": "1", "url": "/1", "tags": ["x"], "content_html": "<p>\ud800</p>"}]}
    ).encode(),
    b"<html><base href='/x/'><a href='/1'>one</a><a href='2' rel=nofollow>two</a></html>",
    b"https://a.example/1\nhttps://a.example/2\n",
]
PIECES = [
    b"<",
    b">",
    b"&",
    b"&#xD800;",
    b"&#99999999999;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"\x00",
    b"\xff\xfe",
    b'"',
]
kinds: st.SearchStrategy[Kind] = st.sampled_from(["feed", "sitemap", "index"])


def survives(data: bytes, kind: Kind) -> None:
    listing, reason = Listing(""), ""
    try:
        listing = parse(data, url=URL, kind=kind)
    except Malformed as error:
        reason = str(error)
    assert bool(listing.form) != bool(reason) and "\n" not in reason
    json.dumps([entry.given for entry in listing.entries], ensure_ascii=False).encode()  # no lone surrogates
    for entry in listing.entries:
        assert entry.url == address(URL, entry.url)
        assert entry.title is None or (entry.title and "\n" not in entry.title)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["feed", "sitemap", "index"])
def test_every_truncation(seed: bytes, kind: Kind) -> None:
    for end in range(0, len(seed), 13):
        survives(seed[:end], kind)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(SEEDS), kinds)
def test_mutations(data: st.DataObject, seed: bytes, kind: Kind) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(seed))), data.draw(st.integers(0, 30))
        piece = data.draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)))
        seed = seed[:at] + piece + seed[at + length :]
    survives(seed, kind)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), kinds)
def test_any_bytes(data: bytes, kind: Kind) -> None:
    survives(data, kind)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_as_a_value(text: str) -> None:
    for value in (line(text), plain(text)):
        assert value is None or value == " ".join(value.split())
    moment(text)
    found = address(URL, text)
    assert found is None or (found.startswith(("http", "HTTP")) and not set("\r\n\t \0") & set(found))


def channel(body: bytes) -> bytes:
    return b"<rss><channel>" + body + b"</channel></rss>"


def item(body: bytes) -> bytes:
    return channel(b"<item><link>https://a.example/1</link>" + body + b"</item>")


def doctype(declared: bytes, body: bytes) -> bytes:
    return b"<!DOCTYPE rss [" + declared + b"]>" + channel(b"<title>" + body + b"</title>")


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(12))
HOSTILE = {
    "billion laughs": doctype(b'<!ENTITY l0 "ha">' + LAUGHS, b"&l12;"),
    "external entity": doctype(b'<!ENTITY f SYSTEM "file:///etc/passwd">', b"&f;"),
    "external dtd": b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + channel(b"<title>t</title>"),
    "entity many times": doctype(b'<!ENTITY e "' + b"x" * 9999 + b'">', b"&e;" * 20_000),
    "long byline": item(b"<author>" + b"a" * 500_000 + b"</author>"),
    "deep": item(b"<a>" * 4000 + b"</a>" * 4000),
    "nested bases": channel(b"<a xml:base='b/'>" * 15_000 + b"</a>" * 15_000),
    "many tags": item(b"".join(b"<category>%d</category>" % n for n in range(20_000))),
    "many namespaces": b"<rss " + b"".join(b'xmlns:n%d="u%d" ' % (n, n) for n in range(15_000)) + b">"
    + b"<n9:x/>" * 20_000 + b"</rss>",
    "blank head": b"\n" * 500_000 + b"<rss/>",
    "gzip of many members": gzip.compress(b"") * 100_000,
    "comments": b"<!--" * 100_000,
    "declarations": b"<!DOCTYPE " * 50_000,
    "brackets": b"<!DOCTYPE rss [" + b"]" * 500_000,
    "tags unclosed": b"<rss><channel>" + b"<a " * 10_000,
    "lists in lists": b'{"items":' + b"[" * 500_000,
    "deep sitemap": b"<urlset>" + b"<url>" * 50_000,
    "deep page": b"<html>" + b"<div>" * 50_000 + b"<a href=/1>x</a>",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_harmless_and_soon_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    start = time.process_time()
    survives(HOSTILE[name], "index" if name.endswith("page") else "feed")
    assert time.process_time() - start < 10  # without its bound each of them takes minutes, or all memory


@pytest.mark.parametrize("name", ["billion laughs", "external entity", "external dtd"])
def test_entities_are_not_expanded(name: str) -> None:
    title = parse(HOSTILE[name], url=URL, kind="feed").title
    assert title is None or ("root" not in title and len(title) < 20)


def test_an_address_or_a_path_as_body_is_text() -> None:
    with pytest.raises(Malformed):
        parse(b"/etc/passwd", url=URL, kind="feed")
    assert parse(b"http://127.0.0.1:9/feed", url=URL, kind="feed").form == "sitemap"


def test_fifty_thousand_entries_are_read_and_no_more() -> None:
    body = (
        b"<urlset>"
        + b"".join(b"<url><loc>https://a.example/%d</loc></url>" % n for n in range(50_100))
        + b"</urlset>"
    )
    start = time.process_time()
    assert len(parse(body, url=URL, kind="sitemap").entries) == 50_000
    assert time.process_time() - start < 5


def test_hash_of_a_listing() -> None:
    one = Listing(
        "rss", (Entry("https://a.example/1?utm_source=x", title="A"), Entry("https://A.example/2#c"))
    )
    other = Listing("atom", (Entry("https://a.example/2"), Entry("https://a.example/1")), title="B")
    assert listing_hash(one) == listing_hash(other)
    assert listing_hash(one) != listing_hash(Listing("rss", one.entries[:1]))
