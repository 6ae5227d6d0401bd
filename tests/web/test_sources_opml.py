"""OPML: what feed readers write becomes sources, and sources what feed readers read."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import pytest

from tasks.web import opml
from tasks.web.source import Source

NESTED = """<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>Mine</title></head><body>
<outline text="Coast &amp; Sea"><outline text="Daily">
  <outline title="K\xfcste" text="x" type="rss" xmlUrl="https://www.shorepost.example/feed"
    htmlUrl="https://shorepost.example/" language="de-AT" category="/News/Local,wind"/>
  <OUTLINE TEXT="K\xfcste" xmlurl=" https://feeds.example/shorepost " htmlurl="https://WWW.shorepost.example:443/"/>
</outline></outline>
<outline text="Nothing"/>
<outline text="Hill Times" xmlUrl="http://hill.example:8080/rss"/>
<outline text="Hill Times: sport" xmlUrl="http://hill.example:8080/sport"/>
<outline text="Bad&#10;line" xmlUrl="feed://bad.example/x"/>
<outline text="Relative" xmlUrl="/feed"/>
</body></opml>""".encode("latin-1")


def test_a_source_for_each_site() -> None:
    sources, refused = opml.sources(opml.read(NESTED))
    assert sources == [
        Source(
            id="shorepost-example",
            name="Küste",
            site="https://shorepost.example/",
            language="de",
            tags=("Coast & Sea", "Daily", "News", "Local", "wind"),
            feeds=("https://www.shorepost.example/feed", "https://feeds.example/shorepost"),
        ),
        Source(
            id="hill-example-8080",
            name="hill.example:8080",
            feeds=("http://hill.example:8080/rss", "http://hill.example:8080/sport"),
        ),
    ]
    assert refused == [
        "feed://bad.example/x: URL scheme should be 'http' or 'https'",
        "/feed: Input should be a valid URL, relative URL without a base",
    ]


def test_a_feed_named_twice_is_in_one_source_once() -> None:
    outlines = "".join(
        f'<outline text="F{n}"><outline xmlUrl="{feed}" htmlUrl="{site}"/></outline>'
        for n, (feed, site) in enumerate(
            [
                ("https://a.example/1", "https://a.example"),
                ("https://a.example/2", "https://a.example"),
                ("https://A.example:443/1", "https://b.example"),
            ]
        )
    )
    (source,), _ = opml.sources(opml.read(f"<opml>{outlines}</opml>".encode()))
    assert (len(source.feeds), source.tags) == (2, ("F0", "F1", "F2"))


def test_there_and_back() -> None:
    sources, _ = opml.sources(opml.read(NESTED))
    assert opml.sources(opml.read(opml.write(sources))) == (sources, [])


def test_feed_readers_find_what_they_need() -> None:
    """OPML 2.0: version, head, body, and of each subscription type, text and xmlUrl."""
    sources, _ = opml.sources(opml.read(NESTED))
    root = ElementTree.fromstring(opml.write(sources))
    assert (root.tag, root.get("version"), [child.tag for child in root]) == ("opml", "2.0", ["head", "body"])
    subscriptions = [(o.get("type"), o.get("text"), o.get("xmlUrl")) for o in root.iterfind("body/outline")]
    assert subscriptions == [("rss", source.name, feed) for source in sources for feed in source.feeds]


LAUGHS = b'<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 99 + b'">]>'
MALFORMED = {
    "empty": (b"", "1: no element found"),
    "a page": (b"<!DOCTYPE html>\n<html></html>", "2: <html> where <opml> should be"),
    "broken off": (b"<opml>\n<body>\n", "3: no element found"),
    "no XML": (b"https://shorepost.example/feed", "1: not well-formed (invalid token)"),
    "bytes": (b"\x00\xff\xfe", "1: syntax error"),
    "entities": (LAUGHS + b'<opml><outline xmlUrl="&b;"/></opml>', "1: declares an entity"),
    "external": (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml>&a;</opml>',
        "1: declares an entity",
    ),
    "of the DTD": (b'<!DOCTYPE opml SYSTEM "http://x.example/x.dtd">\n<opml>&nbsp;</opml>', None),
    "in UTF-16": ('<!DOCTYPE x [<!ENTITY a "b">]><opml/>'.encode("utf-16"), "1: declares an entity"),
    "charset": (b'<?xml version="1.0" encoding="x-none"?><opml/>', "1: unknown encoding: x-none"),
}


@pytest.mark.parametrize(("data", "why"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_opml_is_told_in_a_line(data: bytes, why: str | None) -> None:
    if why is None:
        assert opml.read(data) == []
        return
    with pytest.raises(opml.NotOpml) as raised:
        opml.read(data)
    assert str(raised.value) == why


def test_any_depth_in_little_time() -> None:
    depth = 20_000
    nested = b'<outline text="a">' * depth + b'<outline xmlUrl="https://a.example"/>' + b"</outline>" * depth
    started = time.perf_counter()
    (found,) = opml.read(b"<opml><body>" + nested + b"</body></opml>")
    assert found.tags == ("a",)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("address", "source_id"),
    [
        ("https://www.shorepost.example/x", "shorepost-example"),
        ("http://user:secret@Küste.example", "xn-kste-0ra-example"),
        ("http://127.0.0.1:8080/", "127-0-0-1-8080"),
        ("http://[::1]/", "1"),
        ("http://" + "a" * 60 + "." + "b" * 60 + ".example/", "a" * 60 + "-bbb"),
    ],
)
def test_ids_from_hosts(address: str, source_id: str) -> None:
    assert opml.id_of(opml.host_of(address)) == source_id
