"""What a page is, on invented pages of every kind; and that what says nothing of itself stays an article."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tasks.article import page_kind
from tasks.article.html_body import find
from tasks.article.model import Body
from tasks.article.page import read
from tasks.article.page_kind import KINDS
from tasks.article.paywall import gates

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "kinds"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((GOLDEN / "expected.toml").read_text(encoding="utf-8"))


def kind(html: str, url: str | None = None) -> tuple[str | None, str | None]:
    page = read(html)
    body = find(page)
    found = page_kind.kind(page, body, gates(page, body), url)
    return found.value, found.signal


@pytest.mark.parametrize("name", EXPECTED)
def test_golden(name: str) -> None:
    html = (GOLDEN / f"{name}.html").read_text(encoding="utf-8")
    assert kind(html, EXPECTED[name].get("url"))[0] == EXPECTED[name]["kind"]


def test_every_page_is_expected_and_every_kind_is_there() -> None:
    assert {path.stem for path in GOLDEN.glob("*.html")} == set(EXPECTED)
    assert {case["kind"] for case in EXPECTED.values()} == set(KINDS)


def prose(count: int) -> str:
    """So many paragraphs."""
    said = "<p>On day {} the council of Saltby voted to raise the old breakwater by a metre, and built nothing.</p>"
    return "".join(said.format(number) for number in range(1, count + 1))


CARD = '<h3><a href="/n/{0}">Headline number {0} of the day in Saltby</a></h3>'


@pytest.mark.parametrize("signal", ["json-ld", "script"])
def test_a_text_that_is_stated_beside_the_blocks_is_one(signal: str) -> None:
    page = read("<p>Loading the story</p>")
    body = Body("On Friday the council of Saltby voted to raise the old breakwater.", (0,), signal=signal)
    assert page_kind.kind(page, body, ()).value == "article"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://shorepost.example/", "list_page"),
        ("https://shorepost.example/en/", "list_page"),
        ("https://shorepost.example/tag/breakwater", "list_page"),
        ("https://shorepost.example/search?q=breakwater", "list_page"),
        ("https://shorepost.example/?p=17", "article"),
        ("https://shorepost.example/2026/11/breakwater", "article"),
        ("http://[", "article"),
        (None, "article"),
    ],
)
def test_an_address_tells_of_lists(url: str | None, expected: str) -> None:
    cards = "".join(CARD.format(number) for number in range(4))
    html = (
        f"<title>Breakwater</title><main><h1>Council raises the old breakwater</h1>{prose(4)}</main>{cards}"
    )
    assert kind(html, url)[0] == expected


def test_a_title_that_is_a_link_to_itself_is_no_other_article() -> None:
    title = "<h2><a href='/x'>Council raises the old breakwater</a></h2>"
    html = f"<title>Breakwater</title><main>{title}{prose(5)}</main>"
    assert kind(html)[0] == "article"


def test_a_declared_article_is_one_whatever_surrounds_it() -> None:
    cards = "".join(CARD.format(number) for number in range(40))
    stated = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Breakwater"}</script>'
    page = f"<title>Breakwater</title>{{}}<main><h1>Breakwater</h1>{prose(1)}</main>{cards}"
    assert kind(page.format(stated))[0] == "article"
    assert kind(page.format(""))[0] == "list_page"


@pytest.mark.parametrize("title", ["Page not found", "Just a moment...", "Log in"])
def test_a_title_alone_refuses_no_text(title: str) -> None:
    html = f"<title>{title}</title><main><h1>{title}</h1>{prose(10)}</main>"
    assert kind(html)[0] == "article"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "\x00",
        "<div>" * 20_000,
        "<h2><a href=x>" + "<span>" * 1_500 + "<i>a</i>" * 20_000,
        "<p>" + "subscribe to continue reading " * 100_000,
        "<body class='" + "home " * 200_000 + "'><p>x",
        "<i id=a></i>" * 200_000,
        "<h1>" + "404 " * 500_000,
    ],
    ids=["nothing", "nul", "deep", "deep link", "long gate", "classes", "empty elements", "long title"],
)
def test_no_page_takes_long(html: str) -> None:
    page = read(html)
    body = find(page)
    start = time.process_time()
    found = page_kind.kind(page, body, gates(page, body), "https://shorepost.example/x")
    assert found.value in KINDS
    assert time.process_time() - start < 1
