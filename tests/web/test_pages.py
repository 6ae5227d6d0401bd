"""Index pages: which of their links are articles."""

from __future__ import annotations

import pytest

from tasks.web.listing import Malformed, parse
from tasks.web.model import Listing

URL = "https://gazette.example/news/"
PAGE = """<!doctype html><html lang="en"><head><title>News</title><base href="https://gazette.example/"></head><body>
<a href="/2026/ferry"><img src="ferry.jpg"></a>
<a href="2026/ferry#comments"> The ferry
  is <b>back</b> </a>
<a href="https://bote.example/2026/bridge">Bridge</a>
<a href="/about">About</a>
<a href="/2026/advert" rel="sponsored nofollow">Advert</a>
<a href="#top">Top</a><a href="javascript:go('/2026/x')">Go</a><a href="mailto:a@b.example">Mail</a>
<a href="/news/?utm_source=nav">News</a><a name="x">no link</a>
</body></html>"""


def index(text: str, links: str | None = None) -> Listing:
    return parse(text.encode(), url=URL, kind="index", links=links)


def test_links_that_match_in_document_order() -> None:
    listing = index(PAGE, r"/2026/")
    assert (listing.form, listing.title, listing.language) == ("html", "News", "en")
    assert [(entry.url, entry.title) for entry in listing.entries] == [
        ("https://gazette.example/2026/ferry", "The ferry is back"),
        ("https://bote.example/2026/bridge", "Bridge"),
    ]


def test_without_a_pattern_all_links_to_other_pages() -> None:
    assert [entry.url for entry in index(PAGE).entries][-1] == "https://gazette.example/about"


def test_a_feed_at_the_address_of_a_page_is_read_as_one() -> None:
    assert index("<rss><channel><title>x</title></channel></rss>").form == "rss"


def test_charset_of_the_meta_tag() -> None:
    data = '<html><head><meta charset="iso-8859-1"></head><a href="/1">Brücke</a>'.encode("latin-1")
    assert parse(data, url=URL, kind="index").entries[0].title == "Brücke"


def test_no_page_at_all() -> None:
    with pytest.raises(Malformed):
        index("<!-- -->")
