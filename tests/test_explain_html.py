"""The page that explains an article: what it holds, what it never does, and that it can be read by everybody."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.article.model import Article, Examined, Shown
from tasks.explain import explain
from tasks.explain_blocks import MOST
from tasks.explain_html import page, strip
from tests.browser import look, needs_chromium
from tests.explained_samples import ATTACK, ORIGIN, PARAGRAPHS, arabic, chinese, hostile, story

SAMPLES = [story, arabic, chinese, hostile]
each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)


def written(examined: Examined) -> str:
    return page(explain(examined, ORIGIN))


def tree(examined: Examined) -> LexborHTMLParser:
    return LexborHTMLParser(written(examined))


def every(parsed: LexborHTMLParser) -> list[LexborNode]:
    return parsed.css("*")


def style() -> str:
    (node,) = tree(story()).css("style")
    return node.text()


@each
def test_the_page_loads_nothing_and_runs_nothing(sample: Callable[[], Examined]) -> None:
    parsed = tree(sample())
    tags = {node.tag for node in every(parsed)}
    assert not tags & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "picture",
        "video",
    }
    for node in every(parsed):
        for name, value in node.attributes.items():
            assert not name.startswith("on") and name not in {
                "style",
                "src",
                "srcset",
                "action",
                "background",
            }
            if name == "href":
                assert re.match(r"#|https?://", value or "")
    assert not re.search(r"url\(|@import|expression", style())


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    (meta,) = tree(story()).css('meta[http-equiv="Content-Security-Policy"]')
    policy = dict(part.strip().split(" ", 1) for part in (meta.attributes["content"] or "").split(";"))
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    assert policy == {
        "default-src": "'none'", "style-src": f"'sha256-{digest}'", "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip
    head = [node.tag for node in tree(story()).css("head > *")]
    assert head[:2] == ["meta", "meta"]  # the policy stands before all that it is for


def test_what_a_page_says_stays_text() -> None:
    text = written(hostile())
    assert ATTACK not in text and html.escape(ATTACK) in text
    parsed = LexborHTMLParser(text)
    assert not parsed.css("b[x]") and not parsed.css('[onload], [lang*="onload"]')
    assert parsed.css_first("h1").text().startswith(ATTACK)
    assert "{{ 7 * 7 }}" in parsed.css_first("h1").text()
    place = parsed.css_first(".place")
    assert "javascript:alert(3)" in place.text() and not place.css("a")


@each
def test_the_page_can_be_read_by_machines_that_read_aloud(sample: Callable[[], Examined]) -> None:
    parsed = tree(sample())
    assert parsed.css_first("html").attributes["lang"] == "en"
    assert parsed.css_first("title").text().strip()
    headings = [node.tag for node in every(parsed) if re.fullmatch("h[1-6]", node.tag or "")]
    assert headings[0] == "h1" and set(headings[1:]) == {"h2"}
    for table in parsed.css("table"):
        assert table.css_first("caption").text().strip()
        assert all(cell.attributes.get("scope") in {"row", "col"} for cell in table.css("th"))
    ids = [node.attributes["id"] for node in every(parsed) if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    for link in parsed.css('a[href^="#"]'):
        assert (link.attributes["href"] or "")[1:] in ids
    labelled = {label.attributes["for"] for label in parsed.css("label")}
    assert labelled == {node.attributes["id"] for node in parsed.css("input")}


def test_foreign_text_has_its_language_and_direction() -> None:
    parsed = tree(arabic())
    heading = parsed.css_first("h1")
    assert (heading.attributes["lang"], heading.attributes["dir"]) == ("ar", "auto")
    kept = parsed.css(".block.kept")
    assert kept and {node.attributes["dir"] for node in kept} == {"auto"}
    assert {node.css_first("p").attributes["lang"] for node in kept} == {"ar"}
    assert {node.attributes["dir"] for node in parsed.css(".block .why")} == {"ltr"}


def test_the_document_is_shown_whole_and_in_order() -> None:
    parsed = tree(story())
    kept = [node.css_first("p") for node in parsed.css(".block.kept")]
    for node in parsed.css(".by"):
        node.decompose()  # the speakers' names are ours
    assert [node.text() for node in kept] == [*PARAGRAPHS]
    dropped = [node.css_first("p").text() for node in parsed.css(".block.dropped")]
    assert dropped == [
        block.text for block in story().blocks if not block.kept and block.why not in {"before", "credit"}
    ]
    folds = [node.css_first("summary").text() for node in parsed.css("details")]
    assert folds[0] == "6 dropped navigation (5), legal notices and cookies (1)"
    why = parsed.css_first(".block.used .why").text()
    assert re.sub(r"\s+", " ", why).strip() == "used for the title h1 31 % likely the article's text"


def test_quotations_are_marked_and_name_their_speakers() -> None:
    parsed = tree(story())
    marks = {node.attributes["id"]: (node.attributes["class"], node.text()) for node in parsed.css("mark")}
    assert marks["said-2"] == ("direct", "“Nobody on this coast wants to hear that alarm again.”")
    assert marks["said-3"][0] == "scare"
    assert [node.text() for node in parsed.css(".by")] == ["Oona Strand", "Oona Strand"]
    assert (
        parsed.css_first("#quote-2 .speaker").text() == "Oona Strand, as who"
    )  # a <q> has its marks from the browser


def test_the_strip_is_the_document_to_scale() -> None:
    bands = strip(explain(story(), ORIGIN))
    assert bands[0][0] == 0 and sum(width for _, width, _ in bands) == pytest.approx(1000, abs=0.1)
    for (x, width, _), (following, _, _) in pairwise(bands):
        assert x + width == pytest.approx(following, abs=0.02)
    assert tree(story()).css_first("svg.strip").attributes["aria-label"] == (
        "The document from start to end: 4 blocks kept, 3 used for fields, 12 dropped"
    )


def test_a_run_of_thousands_is_shown_in_part() -> None:
    blocks = tuple(Shown(f"link {n}", False, "menu") for n in range(MOST + 1_234))
    parsed = tree(Examined(Article(), {}, blocks))
    assert len(parsed.css(".block")) == MOST
    assert parsed.css_first(".more").text() == "… and 1,234 more"


def test_the_same_article_gives_the_same_page() -> None:
    assert written(story()) == written(story())


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_stands_out(scheme: int) -> None:
    palettes = [
        dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        for block in re.findall(r":root \{(.*?)\}", style(), re.S)
    ]
    colours = palettes[scheme]
    pairs = [
        (text, ground)
        for text in ("ink", "soft", "kept", "used", "dropped", "lost")
        for ground in ("paper", "card")
    ]
    for text, ground in [*pairs, ("marked", "mark"), ("ink", "pill"), ("paper", "ink")]:
        light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


FRAME = """<!DOCTYPE html><title>frame</title><iframe id="shown" src="/page" width="{width}" height="900"></iframe>
<script>
let alerts = 0;
const frame = document.getElementById('shown');
frame.contentWindow.alert = () => alerts++;
frame.onload = () => {
  const inner = frame.contentDocument, view = frame.contentWindow;
  const seen = selector => [...inner.querySelectorAll(selector)].filter(e => e.getClientRects().length).length;
  const result = {
    wide: inner.documentElement.scrollWidth, styled: view.getComputedStyle(inner.body).marginTop,
    paper: view.getComputedStyle(inner.body).backgroundColor, all: [seen('.run.kept'), seen('.run:not(.kept)')]};
  inner.getElementById('show-kept').click();
  result.kept = [seen('.run.kept'), seen('.run:not(.kept)')];
  inner.getElementById('show-dropped').click();
  result.dropped = [seen('.run.kept'), seen('.run:not(.kept)')];
  setTimeout(() => {
    result.alerts = alerts;
    document.body.innerHTML = '<pre id="result">' + JSON.stringify(result) + '</pre>';
  }, 100);
};
</script>"""


@needs_chromium
@pytest.mark.parametrize(("sample", "width"), [(story, 1280), (hostile, 390)], ids=["desk", "phone"])
def test_in_a_browser(sample: Callable[[], Examined], width: int, tmp_path: Path) -> None:
    result = look(written(sample()), FRAME, width, tmp_path)
    assert result["alerts"] == 0
    kept, others = result["all"]
    assert kept and others
    assert (result["kept"], result["dropped"]) == ([kept, 0], [0, others])
