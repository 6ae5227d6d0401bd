"""Outlet, section, tags, lead image and addresses of pages; no page makes the fields fail or slow."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article.html_fields import addresses_in_page, fields
from tasks.article.model import Found
from tasks.article.page import read
from tasks.article.reasons import REASONS

TITLE = "Second bridge over the Luma to open next spring"
TEXT = (
    "The second bridge over the river could open before the end of spring, an engineer told the assembly. "
    * 3
)
URL = "https://www.calder-courier.example/news/bridge"
FIELDS = {"title", "subtitle", "authors", "agencies", "dateline", "outlet", "section", "tags", "image_url"}


def found(head: str = "", body: str = "", **linked: Any) -> dict[str, Found[Any]]:
    one = {"@type": "NewsArticle", "headline": TITLE, **linked}
    script = f'<script type="application/ld+json">{json.dumps(one)}</script>'
    page = read(f"<head>{head}{script}</head><h1>{TITLE}</h1>{body}<p>{TEXT}</p>")
    start = next(i for i, block in enumerate(page.blocks) if block.text == TEXT.strip())
    return fields(page, start, start + 1, URL)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("head", "linked", "name"),
    [
        (meta("og:site_name", "The Calder Courier"), {}, "The Calder Courier"),
        (meta("og:site_name", "The Calder Courier | News from the valley"), {}, "The Calder Courier"),
        ("", {"publisher": {"@type": "Organization", "name": "Calder Courier"}}, "Calder Courier"),
        (meta("application-name", "Courier"), {}, "Courier"),
        (f"<title>{TITLE} | Calder Courier</title>", {}, "Calder Courier"),
        (
            f"<title>{TITLE} | Calder Courier</title>",
            {"publisher": {"name": "Valley Print GmbH & Co. KG"}},
            "Calder Courier",
        ),
        (meta("og:site_name", TITLE) + meta("og:title", TITLE), {}, None),
        (f"<title>{TITLE} | All about bridges</title>", {}, None),
    ],
)
def test_outlet(head: str, linked: dict[str, Any], name: str | None) -> None:
    one = found(head, **linked)["outlet"]
    assert (one.value, one.reason) == (name, None if name else "host_only")


CRUMBS = [
    {"@type": "ListItem", "position": 3, "name": TITLE},
    {"@type": "ListItem", "position": 1, "item": {"name": "Home"}},
    {"@type": "ListItem", "position": 2, "name": "Valley"},
]


def test_types_may_be_written_as_addresses() -> None:
    article = {"@type": "https://schema.org/NewsArticle", "articleSection": "Valley"}
    first = {"@type": ["http://schema.org/WebPage"], "headline": "Another", "articleSection": "Sport"}
    page = read(
        f'<script type="application/ld+json">{json.dumps([first, article | {"name": TITLE}])}</script>'
    )
    assert fields(page)["section"].value == "Valley"


def test_a_review_of_a_claim_is_not_the_article_that_it_stands_beside() -> None:
    claim = {"@type": "ClaimReview", "name": "The claim", "articleSection": "Claims", "author": "Somebody"}
    article = {"@type": "NewsArticle", "headline": TITLE, "articleSection": "Valley"}
    page = read(f'<script type="application/ld+json">{json.dumps([claim, article])}</script>')
    assert fields(page)["section"].value == "Valley"


def test_section() -> None:
    assert found(articleSection="Valley")["section"].value == "Valley"
    assert found(articleSection=["Valley", "Rivers"])["section"].value == "Valley"
    assert found(meta("article:section", "Valley"))["section"].value == "Valley"
    crumbs = json.dumps({"@type": "BreadcrumbList", "itemListElement": CRUMBS})
    head = f'<script type="application/ld+json">{crumbs}</script>'
    assert found(head)["section"].value == "Valley"
    shown = "<nav class=breadcrumbs><a href=/>Home</a><a href=/valley>Valley</a></nav>"
    assert found(body=shown)["section"].signal == "markup:breadcrumb"


@pytest.mark.parametrize("value", ["Home", "https://calder-courier.example/valley", "Uncategorized", TITLE])
def test_no_section(value: str) -> None:
    assert found(articleSection=value)["section"].value is None


def test_tags() -> None:
    assert found(keywords="rivers, Bridges,rivers")["tags"].value == ("rivers", "Bridges")
    assert found(keywords=["rivers", {"name": "bridges"}])["tags"].value == ("rivers", "bridges")
    assert found(meta("article:tag", "rivers") + meta("article:tag", "bridges"))["tags"].value == (
        "rivers",
        "bridges",
    )
    assert found(body="<a rel=tag href=/t/1>rivers</a> <a rel='nofollow tag' href=/t/2>bridges</a>")[
        "tags"
    ].value == (
        "rivers",
        "bridges",
    )


def test_keywords_of_the_site_are_no_tags() -> None:
    assert found(meta("keywords", "bridge, engineer, spring"))["tags"].value == (
        "bridge",
        "engineer",
        "spring",
    )
    one = found(meta("keywords", "news, weather, sport, jobs, cars"))["tags"]
    assert (one.value, one.reason) == (None, "site_wide")
    head = meta("og:site_name", "The Calder Courier")
    assert found(head, keywords="The Calder Courier, rivers")["tags"].value == ("rivers",)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://cdn.example/a/bridge.jpg", "https://cdn.example/a/bridge.jpg"),
        ("//cdn.example/a/bridge.jpg", "https://cdn.example/a/bridge.jpg"),
        ("/a/bridge.jpg", "https://www.calder-courier.example/a/bridge.jpg"),
        ("https://cdn.example/static/logo.png", None),
        ("https://cdn.example/img/default-share.jpg", None),
        ("https://cdn.example/img/courier.svg", None),
        ("data:image/png;base64,AAAA", None),
        ("https://[broken", None),
    ],
)
def test_image(written: str, address: str | None) -> None:
    assert found(meta("og:image", written))["image_url"].value == address
    assert found(image={"@type": "ImageObject", "url": written})["image_url"].value == address


def test_another_image_stands_in_for_a_logo() -> None:
    one = found(meta("og:image", "https://cdn.example/logo.png"), image=["https://cdn.example/bridge.jpg"])[
        "image_url"
    ]
    assert (one.value, one.signal) == ("https://cdn.example/bridge.jpg", "json-ld")
    assert one.candidates[0].rejected == "placeholder"


def test_addresses_of_a_page() -> None:
    linked = json.dumps({"headline": TITLE, "mainEntityOfPage": {"@id": "https://c.example/3"}, "url": "/4"})
    head = f'<link rel=canonical href="/1">{meta("og:url", "https://c.example/2")}'
    script = f'<script type="application/ld+json">{linked}</script>'
    expected = ["/1", "https://c.example/2", "https://c.example/3", "/4"]
    assert addresses_in_page(read(head + script)) == expected
    assert addresses_in_page(read('<link rel=canonical href="/1"><link rel=canonical href="/2">')) == []


def test_every_field_is_there_with_its_signal_or_its_reason() -> None:
    for one in (fields(read("")), found()):
        assert set(one) == FIELDS
        for field in one.values():
            assert bool(field.value) == (field.signal is not None) == (field.reason is None)
            assert {c.rejected for c in field.candidates} <= {None, *REASONS}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "Jane Doe", "AFP", "//", "[", TITLE]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "@id", "@type", "url", "item", "position"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
NAMES = (
    "author",
    "creator",
    "publisher",
    "image",
    "keywords",
    "articleSection",
    "itemListElement",
    "url",
    "headline",
)


@given(st.dictionaries(st.sampled_from((*NAMES, "@type", "@id", "mainEntityOfPage")), JSON, max_size=6))
def test_no_json_ld_makes_them_fail(linked: dict[str, Any]) -> None:
    page = read(
        f'<script type="application/ld+json">{json.dumps({"headline": TITLE, **linked})}</script><h1>{TITLE}</h1>'
    )
    assert set(fields(page, 0, 1, URL)) == FIELDS
    addresses_in_page(page)


PARTS = (
    "<h1>", "</h1>", "<p class=byline>", "By ", "Jane Doe", ", AFP", "<br>", "\u2028", "</p>", "<a rel=author>", "von",
    "3 May 2024", "Photo: ", "| ", "（", "記者", "\x00", "🙂",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=40), st.integers(-1, 8), st.integers(-1, 8))
def test_no_markup_makes_them_fail(parts: list[str], start: int, stop: int) -> None:
    page = read("".join(parts))
    assert (
        set(fields(page, start if start >= 0 else None, stop if stop >= 0 else None, "https://[")) == FIELDS
    )


MANY = 20_000
LINKED = ",".join(
    f'{{"@type": "NewsArticle", "headline": "a", "author": {{"@id": "#{i}"}}, "publisher": {{"@id": "#x"}}}}'
    for i in range(MANY)
)


@pytest.mark.parametrize(
    "html",
    [
        "<h1>" + "Jane Doe | " * 100_000 + "</h1>" + f"<title>{'a - ' * 100_000}</title>",
        "<h1>x</h1>" * MANY + "<p class=byline>By Jane Doe</p>" * MANY,
        "<p class=byline>" + "<span>Jane Doe</span>, " * MANY,
        f'<meta name="author" content="{"Jane Doe, " * 200_000}">' * 3,
        '<meta name="author" content="Jane Doe">' * MANY,
        f'<meta property="og:title" content="{" | ".join("abc" * 100_000)}"><h1>a</h1>',
        f'<meta name="keywords" content="{"river, " * 300_000}"><p>{"river " * 1_000_000}</p>',
        f"<div class='{'author ' * 150_000}'>" * 20 + "Jane Doe",
        f'<script type="application/ld+json">[{LINKED}]</script><h1>a</h1>',
        "<a rel=tag href=/authors/x>" + "river " * 500_000 + "</a>" * 3,
        "by " * 300_000, "von" + " " * 300_000 + "x",
    ],
)  # fmt: skip
def test_no_page_is_slow(html: str) -> None:
    page = read(html)
    began = time.process_time()
    fields(page, min(1, len(page.blocks)), len(page.blocks), URL)
    fields(page, None, None, URL)
    assert time.process_time() - began < 2
