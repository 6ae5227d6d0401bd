"""The normal form of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article.canonical import canonical
from tasks.article.identity import article_id, url_key

CANONICAL = {
    # host
    "https://ShorePost.Example/a": "https://shorepost.example/a",
    "HTTPS://shorepost.example./a": "https://shorepost.example/a",
    "https://reader:secret@shorepost.example/a": "https://shorepost.example/a",
    "https://shorepost.example:443/a": "https://shorepost.example/a",
    "http://shorepost.example:80/a": "http://shorepost.example/a",
    "http://shorepost.example:8080/a": "http://shorepost.example:8080/a",
    "https://küstenbote.example/a": "https://xn--kstenbote-q9a.example/a",
    "https://KÜSTENBOTE.example/a": "https://xn--kstenbote-q9a.example/a",
    "https://xn--kstenbote-q9a.example/a": "https://xn--kstenbote-q9a.example/a",
    "http://[2001:DB8::1]:8080/a": "http://[2001:db8::1]:8080/a",
    "https://shore_post.example/a": "https://shore_post.example/a",
    # path
    "https://shorepost.example": "https://shorepost.example/",
    "https://shorepost.example/a/./b/../c": "https://shorepost.example/a/c",
    "https://shorepost.example/../../a/..": "https://shorepost.example/",
    "https://shorepost.example/%7Eanna/%c3%a9t%C3%A9": "https://shorepost.example/~anna/%C3%A9t%C3%A9",
    "https://shorepost.example/~anna/été": "https://shorepost.example/~anna/%C3%A9t%C3%A9",
    "https://shorepost.example/100%": "https://shorepost.example/100%25",
    "https://shorepost.example/a%2Fb": "https://shorepost.example/a%2Fb",
    "https://shorepost.example/a;jsessionid=1A2B?id=5": "https://shorepost.example/a?id=5",
    "https://shorepost.example/a/": "https://shorepost.example/a/",
    # query
    "https://shorepost.example/a?": "https://shorepost.example/a",
    "https://shorepost.example/a?&&": "https://shorepost.example/a",
    "https://shorepost.example/a?b=&a=1": "https://shorepost.example/a?b=&a=1",
    "https://shorepost.example/a?q=x+y%20z": "https://shorepost.example/a?q=x+y%20z",
    "https://shorepost.example/a?utm_source=x&id=7&UTM_Medium=y#top": "https://shorepost.example/a?id=7",
    "https://shorepost.example/a?id=7&amp;utm_source=rss": "https://shorepost.example/a?id=7",
    "https://shorepost.example/a?fbclid=1&gclid=2&wt_mc=3&CMP=4&xtor=5&ocid=6": "https://shorepost.example/a",
    "https://shorepost.example/a?at_medium=rss&at_campaign=x&smid=tw": "https://shorepost.example/a",
    "https://shorepost.example/a?PHPSESSID=1f&id=7": "https://shorepost.example/a?id=7",
    "https://shorepost.example/a?ref=rss": "https://shorepost.example/a",
    "https://shorepost.example/a?ref=40417": "https://shorepost.example/a?ref=40417",
    "https://shorepost.example/?p=123": "https://shorepost.example/?p=123",
    "https://shorepost.example/?feed=rss2": "https://shorepost.example/?feed=rss2",
    # fragment
    "https://shorepost.example/a#comments": "https://shorepost.example/a",
    "https://shorepost.example/#!/a": "https://shorepost.example/#!/a",
    # AMP and copies
    "https://shorepost.example/a?amp=1": "https://shorepost.example/a",
    "https://shorepost.example/a?amp": "https://shorepost.example/a",
    "https://shorepost.example/a?outputType=amp": "https://shorepost.example/a",
    "https://shorepost.example/arc/rss?outputType=xml": "https://shorepost.example/arc/rss?outputType=xml",
    "https://shorepost.example/ferry-stops/amp/": "https://shorepost.example/ferry-stops/",
    "https://shorepost.example/tag/amp": "https://shorepost.example/tag/amp",
    "https://shorepost-example.cdn.ampproject.org/c/s/shorepost.example/a": "https://shorepost.example/a",
    "https://cdn.ampproject.org/v/shorepost.example/a?usqp=mq3&amp_js_v=0.1": "http://shorepost.example/a",
    "https://www.google.com/amp/s/shorepost.example/ferry-stops/amp": "https://shorepost.example/ferry-stops",
    "https://www.google.co.uk/amp/s/shorepost.example/a": "https://shorepost.example/a",
    "https://www.bing.com/amp/s/shorepost.example/a": "https://shorepost.example/a",
    "https://web.archive.org/web/20240503101500/https://shorepost.example/a?id=7": "https://shorepost.example/a?id=7",
    "https://web.archive.org/web/20240503101500id_/http:/shorepost.example/a": "http://shorepost.example/a",
    # no addresses
    "  https://shorepost.example/a ": "https://shorepost.example/a",
    "ftp://shorepost.example/a": None,
    "https://[broken/a": None,
    "https://shorepost.example:port/a": None,
    "https://shore post.example/a": None,
    "https://a..b/": None,
    "/relative": None,
    "": None,
    None: None,
}

ODD = st.text(alphabet=st.sampled_from("aB4/.%?&=;#!+- ~éжamp\\\t") | st.characters(), max_size=40)


@pytest.mark.parametrize("url", CANONICAL)
def test_canonical(url: str | None) -> None:
    assert canonical(url) == CANONICAL[url]


@given(ODD)
def test_the_normal_form_is_its_own(text: str) -> None:
    for start in ("https://shorepost.example/", "https://", "https://cdn.ampproject.org/c/s/"):
        address = canonical(start + text)
        assert address is None or canonical(address) == address


@given(st.lists(st.sampled_from(["ferry", "40417", "2026", "ostray-bridge-closed", "caf%C3%A9"]), min_size=1))
def test_one_article_whatever_was_added_to_its_address(segments: list[str]) -> None:
    tail = "shorepost.example/" + "/".join(segments)
    own = article_id(canonical(f"https://{tail}"), b"")
    for variant in (
        f"http://{tail}",
        f"https://SHOREPOST.example:443/{tail.partition('/')[2]}",
        f"https://{tail}?utm_source=rss&utm_medium=feed",
        f"https://{tail}?amp=1#share",
        f"https://{tail}?outputType=amp&fbclid=x",
        f"https://shorepost-example.cdn.ampproject.org/c/s/{tail}",
        f"https://www.google.com/amp/s/{tail}?amp",
    ):
        assert article_id(canonical(variant), b"") == own
        assert url_key(variant) == url_key(f"https://{tail}")
