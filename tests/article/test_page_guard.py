"""Pages that would make the parser slow, huge or crash are cut; pages that people write are left alone."""

from __future__ import annotations

import time

import pytest

from tasks.article.page import read
from tasks.article.page_guard import guarded

PARAGRAPH = "<p class=text>The <b>weir</b> was opened on <em>Monday</em>, <a href='/w'>again</a>.</p>\n"


def nested(tag: str, count: int, end: str = "") -> str:
    return "".join(f"<{tag} n={i}>" for i in range(count)) + "deep" + end


HOSTILE = {
    "div": "<div>" * 40_000 + "deep",
    "list": "<ul><li>" * 20_000 + "deep",
    "template": "<template>" * 60_000 + "deep",
    "spans before items": "<span>" * 5_000 + "<li>x" * 100_000,
    "unclosed formatting": "".join(f"<p><b id={i}>x" for i in range(6_000)),
    "formatting in capitals": "".join(f"<P><STRONG ID={i}>x" for i in range(6_000)),
    "all formatting": "<b><i><em><strong><font><code><big><small><s><strike><tt><u>" + "<p>x" * 20_000,
    "attributes of one tag": "<p " + " ".join(f"a{i}=1" for i in range(60_000)) + ">x",
    "attributes of the page": "".join(f"<p a{i}=1>x" for i in range(40_000)),
    "tag names": "".join(f"<x{i}>" for i in range(100_000)),
    "texts and comments in a table": "<table>" + "x <!-- -->" * 100_000,
    "end tags alone": "<span>" * 1_000 + "</b>" * 100_000,
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_is_read_in_time(html: str) -> None:
    start = time.process_time()
    page = read(html)
    assert (
        time.process_time() - start < 8
    )  # without the guard a minute, or all memory; a busy machine takes 2
    assert len(page.elements) < 1_500_000


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        PARAGRAPH * 900,
        "<div>" * 300 + PARAGRAPH * 20 + "</div>" * 300,
        f"<p data-state='{'x' * 50_000}'>{PARAGRAPH * 700}",
        "<font color=red><b>" * 4 + PARAGRAPH * 2_000,
    ],
    ids=["nothing", "broken", "long", "deep", "long attribute", "old"],
)
def test_a_page_as_people_write_it_is_unchanged(html: str) -> None:
    assert guarded(html.encode()) == html.encode()


def test_a_page_that_nests_too_deep_is_kept_up_to_there() -> None:
    page = read(PARAGRAPH * 10 + "<div>" * 20_000 + PARAGRAPH)
    assert len(page.blocks) == 10


def test_a_crowded_tag_keeps_its_text() -> None:
    crowded = " ".join(f"attribute{i}=1" for i in range(1_000))
    assert [block.text for block in read(f"<p {crowded}>The text.</p>").blocks] == ["The text."]
