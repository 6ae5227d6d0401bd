"""Which article a document is, and which version of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article.identity import alike, article_id, content_hash, digest, guid_key, key, url_key
from tasks.article.model import Article

FERRY = (
    "The evening ferry from Saltby to Marren was cancelled on Monday after a pump failed in the engine room."
)
DRAWINGS = (
    "A painter from Tarn Hollow has given her four hundred drawings to the county museum in the old port."
)
FERRY_ZH = "星期一晚上，从索尔特比开往马伦的渡轮因机舱水泵故障而取消，公司在声明中表示。"
DRAWINGS_ZH = "一位来自塔恩霍洛的画家把四百幅素描赠给县博物馆，六月将在新馆展出其中一部分。"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Ferry cancelled again", FERRY), ("Pump fails", FERRY + " Nobody was hurt."), True),
        (("Ferry cancelled again", FERRY), ("Ferry cancelled AGAIN!", DRAWINGS), True),
        (("Live", FERRY), ("Live", DRAWINGS), False),
        ((None, FERRY), (None, DRAWINGS), False),
        (("Ferry cancelled again", FERRY), ("Museum receives drawings", DRAWINGS), False),
        (("渡轮取消", FERRY_ZH), ("水泵故障", FERRY_ZH + "无人受伤。"), True),
        (("渡轮取消", FERRY_ZH), ("博物馆", DRAWINGS_ZH), False),
    ],
)
def test_alike(one: tuple[str | None, str], other: tuple[str | None, str], same: bool) -> None:
    assert alike(one, other) is alike(other, one) is same


def test_what_an_address_is_looked_up_by_is_the_key_of_its_article() -> None:
    address = "https://shorepost.example/a"
    assert url_key(address + "?utm_source=x#top") == key(article_id(address, b""))
    assert url_key("ftp://a") != url_key("ftp://b")  # no address of an article, but asked for all the same


def test_a_guid_is_its_source_s() -> None:
    assert guid_key("one", "1") != guid_key("two", "1")
    assert guid_key("one", None) is None


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
