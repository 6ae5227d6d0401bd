"""``newslake report`` as a user runs it: what its pages hold, what they never do, and that a browser draws them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from selectolax.lexbor import LexborHTMLParser, LexborNode

from flows.cli import main
from tasks.lake.store import Lake
from tasks.report_figures import period
from tasks.report_html import page as report_page
from tests.browser import look, needs_chromium

EVIL = "<script>alert(1)</script>"
SAID = "We shall keep the light burning until the last boat is home"
LIGHT = [
    "The lighthouse of Skarholm stays lit through the winter, the coast office said after a long meeting on Monday.",
    f"“{SAID},” said Defence Minister Ragna Holt.",
    "The lamp, which ships have steered by since 1871, was to be put out in November to save the cost of its keeper.",
    "Fishermen of three villages had rowed to the office with torches, and stayed until the decision was read to them.",
]
OTHER = [
    "A night of torches in front of the coast office has ended with a promise about the old lighthouse of Skarholm.",
    f"“{SAID},” Defence Minister Ragna Holt told those who waited, some of whom had brought their children and a drum.",
    "What the keeper will be paid from is open: the council of Skarholm votes on the lighthouse money next week.",
]
BAKER = [
    "The baker of Tolmin has invented a loaf that tells the hour by the depth of its crust, the guild of bakers says.",
    "It has to be turned at noon, and nobody has yet eaten one after four in the afternoon without some regret.",
    "A patent was refused since the office could not decide whether the loaf was bread or a clock, or perhaps both.",
]
ROWS = {
    "light": ("https://shore.example/light", "Shore Post", "Lighthouse stays lit", LIGHT, "2026-03-02T08:00:00Z"),
    "copy": ("https://star.example/light", "Saltby Star", "Light to stay on", LIGHT, "2026-03-02T11:30:00Z"),
    "evil": ("https://evil.example/light", EVIL, f"{EVIL} lit", LIGHT, "2026-03-03T08:00:00Z"),
    "other": ("https://inland.example/torch", "Inland News", "A night of torches", OTHER, "2026-03-03T09:00:00Z"),
    "baker": ("https://inland.example/loaf", "Inland News", "A loaf as a clock", BAKER, "2026-01-05T09:00:00Z"),
}  # fmt: skip


def newslake(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def write(file: Path, *names: str) -> Path:
    keys = ("url", "outlet", "title", "text", "published_at")
    rows = [dict(zip(keys, ROWS[name], strict=True)) for name in names]
    file.write_text("\n".join(json.dumps(row | {"text": "\n\n".join(row["text"])}) for row in rows))
    return file


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    found = folder / "lake"
    for name in (
        "light",
        "copy",
        "evil",
        "other",
        "baker",
    ):  # one after the other: the lake had the original first
        assert newslake("load", write(folder / f"{name}.jsonl", name), "--lake", found).exit_code == 0
    url, outlet, _, text, at = ROWS["baker"]
    edited = {"url": url, "outlet": outlet, "title": "A loaf as a sundial", "published_at": at}
    edited["text"] = "\n\n".join([*text[:2], "The guild now says that it is neither."])
    (folder / "edited.jsonl").write_text(json.dumps(edited))
    assert newslake("load", folder / "edited.jsonl", "--lake", found).exit_code == 0
    return found


def page(lake: Path, *arguments: object) -> str:
    written = newslake("report", "--lake", lake, "--out", "-", *arguments)
    assert written.exit_code == 0, written.output
    return written.stdout


@pytest.fixture(scope="module")
def all_of_it(lake: Path) -> str:
    return page(lake, "--since", "2026-01-01")


def words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def test_what_was_copied_said_and_changed_is_on_the_page(all_of_it: str) -> None:
    parsed = LexborHTMLParser(all_of_it)
    assert words(parsed.css_first("h1")) == "1 Jan 2026 – 3 Mar 2026"
    assert [words(n) for n in parsed.css(".numbers li")] == [
        "5 articles", "3 different texts", "2 copies", "4 outlets",
    ]  # fmt: skip
    (story,) = parsed.css("#stories article")
    assert "4 articles ( 2 different texts) of 4 outlets" in words(story)
    assert len(story.css(".spark rect")) == 2  # days
    (text,) = parsed.css("#reprints tbody tr")
    assert words(text).startswith("Lighthouse stays lit Shore Post 2 Mar 2026 08:00 Saltby Star +3.5 h")
    (said,) = parsed.css("#quotes .quotes > li")
    assert words(said.css_first("blockquote")) == SAID
    assert words(said.css_first(".who")).startswith("Ragna Holt")
    assert "4 articles of 4 outlets, 2 different texts" in words(said.css_first(".facts"))
    (edit,) = parsed.css("#edits article")
    assert (words(edit.css_first("del")), words(edit.css_first("ins"))) == ("clock", "sundial")
    # It was loaded long after.
    assert "took nothing in on these days" in words(parsed.css_first("#coverage"))


def test_a_sources_days_and_gaps(lake: Path) -> None:
    day = date(2026, 3, 2)
    gap = {"day": day, "kind": "failing", "detail": f"all lists failed: {EVIL}"}
    source = {"source_id": "shore", "new": 7, "new_versions": 1, "refused": 2}
    source |= {"days": [{"day": date(2026, 3, 1), "new": 7}, {"day": day, "new": 0}], "gaps": [gap]}
    found = replace(period(Lake(lake)), sources=[source])
    parsed = LexborHTMLParser(report_page(found))
    (row,) = parsed.css(".sources tbody tr")
    assert words(row.css_first("th")) == "shore"
    assert [words(each) for each in row.css(".n")] == ["7", "1", "2", "1"]
    bars = [(each.attributes.get("class"), words(each)) for each in row.css("rect")]
    assert bars == [(None, "1 Mar 2026: 7 new"), ("gap", f"2 Mar 2026: all lists failed: {EVIL}")]
    assert f"2 Mar 2026, all lists failed: {EVIL}" in words(parsed.css_first("#coverage details"))


def test_pictures_say_who_copied_from_whom_and_how_much_a_day(all_of_it: str) -> None:
    days, matrix = LexborHTMLParser(all_of_it).css("figure")
    assert days.css_first(".narrow svg text") and days.css_first(".wide svg text")
    shown = [node.text() for node in matrix.css(".wide svg text")]
    assert shown.count("1") == 2 and {"Shore Post", "Saltby Star", EVIL} <= set(shown)
    assert "var(--s0)" in matrix.html and not re.search(r'(fill|stroke)="#', matrix.html or "")


def test_the_page_loads_nothing_and_runs_nothing(all_of_it: str) -> None:
    parsed = LexborHTMLParser(all_of_it)
    assert not parsed.css("script, img, link, iframe, object, embed, form, base, image, use")
    for node in parsed.css("*"):
        assert not {n for n in node.attributes if n.startswith("on") or n in {"src", "srcset", "style"}}
        assert re.match(r"#|https?://", node.attributes.get("href") or "#")
    assert not re.search(r"url\(|@import", parsed.css_first("style").text())
    digest = base64.b64encode(hashlib.sha256(parsed.css_first("style").text().encode()).digest()).decode()
    policy = parsed.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert policy == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")


def test_what_articles_say_stays_text(all_of_it: str) -> None:
    assert EVIL not in all_of_it and "&lt;script&gt;alert(1)" in all_of_it


def test_it_ends_with_the_lakes_newest_article_whatever_the_clock_says(lake: Path) -> None:
    parsed = LexborHTMLParser(page(lake))
    assert words(parsed.css_first("h1")) == "2 Feb 2026 – 3 Mar 2026"
    assert words(parsed.css_first(".numbers li")) == "4 articles"
    day = ("--since", "2026-03-02", "--until", "2026-03-03")
    assert words(LexborHTMLParser(page(lake, *day)).css_first(".numbers li")) == "2 articles"


def test_the_same_lake_gives_the_same_page(lake: Path, all_of_it: str) -> None:
    assert page(lake, "--since", "2026-01-01") == all_of_it


def test_a_story_by_the_beginning_of_its_id(lake: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(lake / "newslake.duckdb"), read_only=True) as con:
        ((story,),) = con.sql("SELECT story_id FROM stories WHERE articles = 4").fetchall()
    file = tmp_path / "story.html"
    assert newslake("report", "--lake", lake, "--story", story[:9], "--out", file).exit_code == 0
    parsed = LexborHTMLParser(file.read_text(encoding="utf-8"))
    assert [words(each) for each in parsed.css(".days h3")] == ["2 Mar 2026", "3 Mar 2026"]
    listed = [
        (each.attributes.get("class"), words(each.css_first("p"))) for each in parsed.css(".articles li")
    ]
    assert listed == [
        (None, "Lighthouse stays lit"),
        ("copy", "Light to stay on"),
        ("copy", f"{EVIL} lit"),
        (None, "A night of torches"),
    ]
    assert [words(each) for each in parsed.css("#quotes blockquote")] == [SAID]
    assert "Ragna Holt" in words(parsed.css_first("#names"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--story", "zz"), "is no story of"),
        (("--story", ""), "several stories"),
        (("--since", "2030-01-01", "--until", "2030-02-01"), "no article was published"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_line(
    lake: Path, arguments: tuple[object, ...], said: str
) -> None:
    shown = newslake("report", "--lake", lake, "--out", "-", *arguments)
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert said in shown.stderr and shown.stderr.count("\n") == 1


FRAME = """<!DOCTYPE html><title>frame</title><iframe id="shown" src="/page" width="{width}" height="900"></iframe>
<script>
document.getElementById('shown').onload = event => {
  const inner = event.target.contentDocument, view = event.target.contentWindow;
  const boxes = selector => [...inner.querySelectorAll(selector)].map(e => e.getBoundingClientRect());
  const result = {
    wide: inner.documentElement.scrollWidth, paper: view.getComputedStyle(inner.body).backgroundColor,
    drawn: boxes('figure svg path[fill]').filter(box => box.width && box.height).length,
    days: boxes('.spark rect').filter(box => box.width && box.height).length};
  document.body.innerHTML = '<pre id="result">' + JSON.stringify(result) + '</pre>';
};
</script>"""


@needs_chromium
@pytest.mark.parametrize("width", [1200, 400])
def test_a_browser_draws_it_and_asks_for_nothing(all_of_it: str, width: int, tmp_path: Path) -> None:
    shown = all_of_it.replace("https://shore.example", "{site}")
    result = look(shown, FRAME, width, tmp_path)
    assert result["drawn"] >= 5 and result["days"] == 2  # bars and squares of copies; days of the story
