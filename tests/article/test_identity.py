"""Which article a document is, and which version of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article.identity import article_id, canonical, content_hash, digest, key
from tasks.article.model import Article

CANONICAL = {
    "https://Shorepost.example/a?utm_source=x&id=7#top": "https://shorepost.example/a?id=7",
    "https://shorepost.example:443/a": "https://shorepost.example/a",
    "http://shorepost.example": "http://shorepost.example/",
    "https://shorepost.example:8443/a?fbclid=1": "https://shorepost.example:8443/a",
    "https://shorepost.example/a?b=&a=1": "https://shorepost.example/a?b=&a=1",
    "  https://shorepost.example/a ": "https://shorepost.example/a",
    "ftp://shorepost.example/a": None,
    "https://[broken/a": None,
    "/relative": None,
    "": None,
    None: None,
}


@pytest.mark.parametrize("url", CANONICAL)
def test_canonical(url: str | None) -> None:
    assert canonical(url) == CANONICAL[url]


@given(st.text())
def test_canonical_is_canonical(text: str) -> None:
    address = canonical("https://shorepost.example/" + text)
    assert address is None or canonical(address) == address


def test_an_article_is_its_address_whatever_its_text() -> None:
    address = "https://shorepost.example/a"
    assert (
        article_id(address, b"one")
        == article_id(address, b"two")
        == article_id("http://shorepost.example/a", b"")
    )
    assert article_id(address, b"one") != article_id("https://shorepost.example/b", b"one")


def test_without_an_address_it_is_its_text() -> None:
    assert article_id(None, b"one\n") == article_id(None, b"\none")
    assert article_id(None, b"one") != article_id(None, b"two")


def test_a_version_is_what_a_reader_sees() -> None:
    first = Article(title="T", text="Words.", modified_at="2026-03-01")
    assert content_hash(first) == content_hash(Article(title="T", text="Words.", modified_at="2026-03-02"))
    for other in (
        Article(title="U", text="Words."),
        Article(title="T", text="Words"),
        Article(text="Words."),
    ):
        assert content_hash(first) != content_hash(other)


@given(st.lists(st.one_of(st.none(), st.text(), st.binary()), max_size=4))
def test_parts_do_not_run_together(parts: list[str | bytes | None]) -> None:
    assert digest(*parts, "a", "b") != digest(*parts, "ab")
    assert digest(*parts, None) != digest(*parts, "")
    assert -(2**63) <= key(digest(*parts)) < 2**63
