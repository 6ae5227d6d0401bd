"""Whether an article is free to read: the many forms in which pages state it, and what they show where it is not."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks.article import paywall
from tasks.article.from_html import from_html
from tasks.article.html_body import find
from tasks.article.model import Body, Found
from tasks.article.page import read
from tasks.article.quirks import Quirk

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "kinds"
EXPECTED: dict[str, dict[str, Any]] = {
    name: case
    for name, case in tomllib.loads((GOLDEN / "expected.toml").read_text(encoding="utf-8")).items()
    if "paywalled" in case
}


def prose(count: int) -> str:
    """So many paragraphs."""
    said = "<p>On day {} the council of Saltby voted to raise the old breakwater by a metre, and built nothing.</p>"
    return "".join(said.format(number) for number in range(1, count + 1))


def found(head: str, below: str = "") -> Found[bool]:
    return judged(f"<html><head>{head}</head><body><article><h1>Breakwater</h1>{prose(4)}{below}</article>")


def judged(html: str) -> Found[bool]:
    page = read(html)
    body = find(page)
    return paywall.is_paywalled(page, body, paywall.gates(page, body))


@pytest.mark.parametrize("name", EXPECTED)
def test_golden(name: str) -> None:
    seen = judged((GOLDEN / f"{name}.html").read_text(encoding="utf-8"))
    assert (seen.reason or seen.value, seen.signal) == (
        EXPECTED[name]["paywalled"],
        EXPECTED[name].get("from"),
    )


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("teaser_")])
def test_the_request_is_none_of_the_text_and_the_text_none_of_the_request(name: str) -> None:
    page = read((GOLDEN / f"{name}.html").read_text(encoding="utf-8"))
    asked = paywall.gates(page, find(page))
    paragraphs = [i for i, b in enumerate(page.blocks) if page.elements[b.element].tag == "p"]
    first = paragraphs[0]
    assert asked and first < min(asked)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (False, True),
        (True, False),
        ("False", True),
        ("true", False),
        ("https://schema.org/False", True),
        (0, True),
        ("no", True),
        (["false"], True),
        ({"@type": "Boolean", "@value": False}, True),
        ("", None),
        (None, None),
        ({}, None),
        ([], None),
        ("sometimes", None),
    ],
    ids=str,
)
def test_forms_of_json_ld(stated: object, expected: bool | None) -> None:
    item = {"@type": ["NewsArticle"], "isAccessibleForFree": stated}
    seen = found(f'<script type="application/ld+json">{json.dumps(item)}</script>')
    assert (seen.value, seen.signal) == (expected, None if expected is None else "json-ld")


@pytest.mark.parametrize("kind", ["WebSite", "Organization", "Product"])
def test_what_is_said_of_something_else_counts_for_nothing(kind: str) -> None:
    item = {"@type": kind, "isAccessibleForFree": False}
    assert found(f'<script type="application/ld+json">{json.dumps(item)}</script>').reason == "not_stated"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("article:content_tier", "free", False),
        ("article:content_tier", "Locked", True),
        ("article:content_tier", "unheard-of", None),
        ("og:article:content_tier", "paid", True),
        ("post:premium", "true", True),
        ("post:is_premium", "0", False),
        ("post:isPaid", "false", False),
        ("post:paywall", "yes", True),
        ("post:paywall", "2", None),
        ("x-is_free", "no", True),
        ("isAccessibleForFree", "false", True),
        ("post:premium-price", "true", None),
        ("access-control", "free", None),
    ],
)
def test_forms_of_meta_tags(name: str, content: str, expected: bool | None) -> None:
    seen = found(f'<meta name="{name}" content="{content}">')
    assert (seen.value, seen.signal) == (expected, None if expected is None else "meta")


def test_what_the_page_states_counts_for_more_than_what_it_shows() -> None:
    head = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": true}</script>'
    seen = found(head, "<div><p>Subscribe to continue reading</p></div>")
    assert seen.value is False
    assert [(c.value, c.signal, c.rejected) for c in seen.candidates] == [
        (False, "json-ld", None),
        (True, "gate", "weaker_signal"),
    ]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("<div><p>Subscribe to continue reading</p></div>", True),
        ("<div hidden><p>Subscribe to continue reading</p></div>", None),
        ("<div style='Display : NONE'><p>Subscribe to continue reading</p></div>", None),
        ("<p>To read the full report, see the council's own site.</p>", None),
        ("<div class=paywall></div>", None),
        ("<div class='article-paywall'><p>Join as a subscriber for one crown a month.</p></div>", True),
        ("<div class='newsletter'><p>Subscribe to our letters.</p></div>", None),
    ],
)
def test_what_is_shown_below_the_text(below: str, expected: bool | None) -> None:
    assert found("", below).value is expected


def test_a_request_far_above_the_end_of_the_text_is_no_end() -> None:
    html = f"<article><h1>Breakwater</h1>{prose(1)}<p>Subscribe to continue reading.</p>{prose(20)}</article>"
    assert judged(html).value is None


def test_what_asks_for_a_subscription_is_taken_out_of_the_text() -> None:
    page = read(f"<article><h1>Breakwater</h1>{prose(3)}<p>Subscribe to continue reading.</p></article>")
    whole = Body("all", tuple(range(len(page.blocks))), signal="blocks")
    left = paywall.free(page, whole, paywall.gates(page, whole))
    assert left.kept == whole.kept[:-1]
    assert "Subscribe" not in left.text and "On day 3" in left.text
    assert paywall.free(page, whole, ()) is whole
    for signal in ("json-ld", "script"):
        stated = replace(whole, signal=signal)
        assert paywall.free(page, stated, paywall.gates(page, stated)) is stated


def test_what_a_source_removes_stays_removed_and_a_dropped_block_says_why() -> None:
    said = prose(3).replace("<p>On", "<p><i>(map)</i> On")
    html = f"<article><h1>Breakwater</h1>{said}<p>Subscribe to continue reading.</p></article>"
    seen = from_html(html, quirk=Quirk(body=("article p",), remove=("i",)), shown=True)
    assert seen.article.signals["text"] == "source:css"
    assert seen.article.text.startswith("On day 1") and "On day 3" in seen.article.text
    assert "map" not in seen.article.text and "Subscribe" not in seen.article.text
    assert [(b.kept, b.why) for b in seen.blocks if b.text.startswith("Subscribe")] == [(False, "promotion")]
