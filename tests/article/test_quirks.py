"""A source's own selectors: golden pages of each source that has some, and what they do where they do not fit.

A source's case is ``tests/golden/quirks/<id>/<name>.html`` with ``<name>.json``: what is expected of the fields that
its selectors are for, at the time ``captured_at``. Its file is the one in ``deployments/sources/``, or for a source
that is invented for these tests ``<id>.toml`` beside the case.
"""

from __future__ import annotations

import json
import pickle
import time
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.article import quirks
from tasks.article.extract import extract
from tasks.article.model import Body
from tasks.article.page import Page, read
from tasks.article.quirks import SIGNAL, Quirk
from tasks.web.source_files import read as read_source
from tasks.web.source_files import read_all

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "deployments" / "sources"
GOLDEN = ROOT / "tests" / "golden" / "quirks"
CASES = sorted(GOLDEN.glob("*/*.html"))


def quirks_of(folder: Path) -> tuple[Quirk, ...]:
    file = SOURCES / f"{folder.name}.toml"
    return read_source(file if file.exists() else folder / file.name).quirks


def instant(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))


def everything(page: Page) -> Body:
    """A body of all blocks."""
    blocks = page.blocks
    count = len(blocks)
    return Body("\n\n".join(b.text for b in blocks), tuple(range(count)), (1.0,) * count, ("body",) * count)


def read_with(html: str, quirk: Quirk) -> Page:
    return read(html, quirks.selectors(quirk))


def body(html: str, **selectors: tuple[str, ...]) -> Body:
    quirk = Quirk(**selectors)
    page = read_with(html, quirk)
    return quirks.body(page, quirk, everything(page))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}: {case.stem}")
def test_golden(case: Path) -> None:
    expected: dict[str, Any] = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    article = extract(
        case.read_bytes(),
        media="html",
        url=expected.pop("url", None),
        captured_at=instant(expected.pop("captured_at")),
        quirks=quirks_of(case.parent),
    )
    found = {name: getattr(article, name) for name in expected}
    assert {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.items()
    } == expected


def test_every_source_with_selectors_has_a_case_of_each_of_their_times() -> None:
    folders = {source.id: source.quirks for source in read_all(SOURCES) if source.quirks}
    folders |= {folder.name: quirks_of(folder) for folder in GOLDEN.iterdir()}
    for name, tables in folders.items():
        times = [
            json.loads(path.read_text(encoding="utf-8"))["captured_at"]
            for path in (GOLDEN / name).glob("*.json")
        ]
        chosen = {
            quirks.chosen(tables, datetime.fromisoformat(time.replace("Z", "+00:00"))) for time in times
        }
        assert set(tables) == chosen, f"tests/golden/quirks/{name} lacks a case"


@pytest.mark.parametrize(
    ("at", "title"),
    [
        (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), "old"),
        (datetime(2026, 3, 1, tzinfo=UTC), "new"),
        (datetime.fromisoformat("2026-03-01T00:30:00+01:00"), "old"),
        (datetime(2026, 3, 1), "new"),
        (datetime(2027, 1, 1, tzinfo=UTC), None),
        (None, "now"),
    ],
)
def test_the_first_of_the_captures_day_is_chosen(at: datetime | None, title: str | None) -> None:
    tables = (
        Quirk(until=date(2026, 3, 1), title=("old",)),
        Quirk(since=date(2026, 3, 1), until=date(2027, 1, 1), title=("new",)),
        Quirk(since=date(2026, 6, 1), until=date(2026, 7, 1), title=("never",)),
        Quirk(since=date(2028, 1, 1), title=("now",)),
    )
    found = quirks.chosen(tables, at)
    assert (found.title[0] if found else None) == title


def test_where_nothing_matches_the_general_rules_decide() -> None:
    quirk = Quirk(title=("h2",), authors=("b",), tags=("i",), body=(".none",), remove=(".none",))
    page = read_with("<h1>Ferry</h1><p>Text</p>", quirk)
    general = everything(page)
    assert {(name, one.value, one.reason) for name, one in quirks.apply(page, quirk).items()} == {
        ("title", None, "no_match"),
        ("authors", None, "no_match"),
        ("tags", None, "no_match"),
    }
    assert quirks.body(page, quirk, general) is general


def test_fields_without_selectors_are_not_spoken_of() -> None:
    assert quirks.apply(read("<h1>Ferry</h1>"), Quirk()) == {}


def test_the_first_selector_that_finds_something_counts() -> None:
    html = "<h1> </h1><h2 data-title=' '>Second</h2><h3>Third</h3>"
    quirk = Quirk(title=("h4", "h1", "h2@data-title", "h3", "h2"))
    found = quirks.apply(read_with(html, quirk), quirk)["title"]
    assert (found.value, found.signal) == ("Third", SIGNAL)


def test_authors_are_people() -> None:
    quirk = Quirk(authors=(".by",))
    for written, expected in (("By Ida Holm and Nils Ek", ("Ida Holm", "Nils Ek")), ("Newsroom", None)):
        found = quirks.apply(read_with(f"<p class=by>{written}", quirk), quirk)["authors"]
        assert (found.value, found.reason) == (expected, None if expected else "not_a_person")


def test_an_image_is_named_as_seen_from_the_page() -> None:
    quirk = Quirk(image=("img@src",))
    page = read_with("<img src='/i/marren.jpg'>", quirk)
    found = quirks.apply(page, quirk, "https://shorepost.example/2026/ferry")["image_url"]
    assert found.value == "https://shorepost.example/i/marren.jpg"
    assert quirks.apply(page, quirk)["image_url"].reason == "no_match"


def test_roots_within_each_other_hold_a_text_once() -> None:
    html = "<div class=a><p>One</p><div class=a><p>Two</p></div></div><p>Three</p>"
    assert body(html, body=(".a",)).text == "One\n\nTwo"
    assert body(html, body=(".none", "p")).text == "One\n\nTwo\n\nThree"


def test_what_is_removed_is_removed_within_paragraphs_too() -> None:
    found = body(
        "<p>One <i>(map)</i> two<br>three</p><aside><p>Four</p></aside><p><i>(map)</i></p>",
        remove=("i", "aside"),
    )
    assert (found.text, found.kept, found.why) == ("One two\nthree", (0,), ("body", "source", "source"))


def test_of_a_text_that_is_stated_beside_the_blocks_nothing_is_removed() -> None:
    page = read_with("<p>One <i>(map)</i></p>", quirk := Quirk(remove=("i",)))
    stated = Body("One, and all that follows", (0,), signal="json-ld")
    assert quirks.body(page, quirk, stated) is stated


@pytest.mark.parametrize("selector", ["p >", "", "  ", "@content", "p:unheard-of("])
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match=r"selector|element"):
        quirks.check(selector)


@pytest.mark.parametrize(
    ("selector", "css"),
    [("h1", "h1"), ("time @datetime", "time"), ('a[href*="@b"]', 'a[href*="@b"]'), ("a@xlink:href", "a")],
)
def test_an_attribute_stands_behind_the_selector(selector: str, css: str) -> None:
    assert quirks.selectors(Quirk(title=(quirks.check(selector),))) == (css,)


def test_a_quirk_goes_anywhere() -> None:
    quirk = Quirk(since=date(2026, 3, 1), title=("h1",))
    assert pickle.loads(pickle.dumps(quirk)) == quirk
    assert json.loads(json.dumps(asdict(quirk), default=str))["title"] == ["h1"]


def test_many_matches_do_not_take_long() -> None:
    html = "<div class=a>" * 500 + "<p>One <b>two</b></p>" * 50_000
    quirk = Quirk(title=("b",), body=("div", "p"), remove=("b", ".a b"))
    page = read_with(html, quirk)
    start = time.process_time()
    quirks.apply(page, quirk)
    quirks.body(page, quirk, everything(page))
    assert time.process_time() - start < 2
