"""A page to an article: the body through trafilatura, its fields from what the page states or shows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import trafilatura
from lxml import etree
from trafilatura.metadata import extract_metadata

from tasks.article import byline, dates, html_metadata, language
from tasks.article.byline_dateline import dateline as read_dateline
from tasks.article.byline_name import person
from tasks.article.canonical_choice import choose
from tasks.article.clean import clean
from tasks.article.date_text import find
from tasks.article.model import Article, DateCandidate, Found
from tasks.article.normalise import normalise
from tasks.article.notice import SHORT, is_notice
from tasks.article.quotes import quotes
from tasks.article.reasons import Reason
from tasks.article.record import NO_HINTS, Hints, assemble, weakest

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # pages without an article are expected

LATEST = datetime(2099, 12, 31, tzinfo=UTC)
_HIDDEN = frozenset(
    ("script", "style", "noscript", "template", "svg", "head", "select", "textarea", "iframe")
)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "button", "dd", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li"),
        *("main", "nav", "ol", "p", "section", "table", "td", "th", "time", "tr", "ul"),
    )
)
LEAST = 40  # characters; less is a remnant of navigation, no article
CREDIT = 120  # characters; a longer line is no byline
OPENING = 40  # characters by which the body's first paragraph is found among the page's lines
HEADER = 8  # lines above the heading that may hold the date


def from_html(
    page: str,
    *,
    url: str | None = None,
    final_url: str | None = None,
    captured_at: datetime | None = None,
    stated: Mapping[str, Found[Any]] = {},
    stated_dates: Sequence[DateCandidate] = (),
    hinted: Hints = NO_HINTS,
) -> Article:
    """Give the article of a page; a page that holds none has the text "" and the reason "no_article".

    ``stated`` and ``stated_dates``: what a record says beside the page, which wins; ``hinted``: what a list said of
    it, which counts where the page says nothing. ``final_url``: the address that answered, if not ``url``.
    """
    tree = trafilatura.load_html(page) if page.strip() else None
    if tree is None:
        reason: Reason = "no_article" if page.strip() else "empty"
        nothing = weakest({"text": Found(None, reason=reason), **stated}, hinted)
        return assemble(nothing, dates.chosen([*stated_dates, *hinted.dates], captured_at), "", ())
    metas, linked = html_metadata.meta_tags(tree), list(html_metadata.linked_data(tree))
    own = html_metadata.stated_in_page(tree, metas, linked)
    if address := choose(url, final_url, html_metadata.addresses_in_page(tree, metas, linked)):
        own["canonical_url"] = Found(address, "canonical")
    candidates = [*stated_dates, *html_metadata.dates_in_page(tree, metas, linked)]
    guessed, guessed_date = _guessed(tree, own, candidates, url, captured_at)  # before the tree is pruned
    title = own.get("title") or guessed.get("title")
    heading = title.value if title else None
    own["subtitle"] = html_metadata.standfirst(tree, heading, metas)
    visible = [line for line in normalise("\n".join(_visible(tree))).split("\n") if line]
    document = _tried(
        trafilatura.bare_extraction,
        tree, url=url, include_comments=False, deduplicate=False, favor_precision=True,
    )  # fmt: skip
    written = normalise(getattr(document, "text", None) or "").split("\n")
    authors: tuple[str, ...] = (own["authors"].value or ()) if "authors" in own else ()
    paragraphs = _without_header(
        [" ".join(line.split()) for line in written], visible, heading, own["subtitle"].value, authors
    )
    text = "\n\n".join(paragraphs)
    if not _is_article(text, heading, visible):
        text = ""
    spoken = weakest({"language": language.identify(text), **stated}, hinted)["language"]
    code = spoken.value
    around, seen = _read_around(visible, heading, text, code)
    candidates += [*seen, *html_metadata.url_date(url), *hinted.dates, *guessed_date]
    found = weakest({**around, **guessed, **own, **stated, "language": spoken}, hinted)
    return assemble(found, dates.chosen(candidates, captured_at), text, quotes(text, code) if text else ())


def _tried(reading: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a reading of trafilatura's gives; None where it fails, as it does on dates and links out of order."""
    try:
        return reading(*arguments, **options)
    except Exception:
        return None


def _guessed(
    tree: Any,
    own: Mapping[str, Found[Any]],
    candidates: Sequence[DateCandidate],
    url: str | None,
    captured_at: datetime | None,
) -> tuple[dict[str, Found[Any]], list[DateCandidate]]:
    """Trafilatura's reading of what the page does not state in a machine-readable way: title, outlet,
    authors and date. Nothing where the page states them all: it costs a seventh of the whole."""
    published = [c for c in candidates if c.kind == "published" and c.rejected is None]
    dated = any(dates.out_of_range(c.value, captured_at) is None for c in published)
    if dated and {"title", "outlet", "authors"} <= own.keys():
        return {}, []
    latest = f"{captured_at or LATEST:%Y-%m-%d}"  # without it htmldate asks the clock
    settings = {"original_date": True, "extensive_search": False, "max_date": latest}
    document = _tried(extract_metadata, tree, url, settings, False)
    if document is None:
        return {}, []
    found: dict[str, Found[Any]] = {}
    for field, attribute in (("title", "title"), ("outlet", "sitename")):
        if value := getattr(document, attribute):
            found[field] = Found(value, "trafilatura")
    if names := byline.people((document.author or "").split(";")):
        found["authors"] = Found(names, "trafilatura")
    day = document.date
    return found, [DateCandidate(day, "day", "htmldate", day, "published")] if day else []


def _without_header(
    lines: Sequence[str],
    visible: Sequence[str],
    heading: str | None,
    standfirst: str | None,
    authors: Collection[str],
) -> list[str]:
    """The body's lines without those of the article's header that it opens with.

    That is what stands above the heading, the heading, the standfirst and the byline.
    """
    top = visible.index(heading) if heading in visible else 0
    header = {standfirst, *visible[max(0, top - HEADER) : top]}
    body = [line for line in lines if line and line != heading]
    start = 0
    while start < len(body) and (body[start] in header or _is_credit(body[start], authors)):
        start += 1
    return body[start:]


def _is_article(text: str, heading: str | None, visible: Sequence[str]) -> bool:
    """Whether the text is one: a short one may be a notice, or what is left of a list of links."""
    if len(text) < LEAST or is_notice(heading, text):
        return False
    return len(text) >= SHORT or bool(clean("\n".join(visible)).kept)


def _is_credit(line: str, authors: Collection[str]) -> bool:
    """Whether the line is nothing but a byline or a date."""
    if len(line) > CREDIT:
        return False
    stamps = find(line)
    if stamps and 2 * sum(stamp.end - stamp.start for stamp in stamps) > len(line):
        return True
    named = byline.parse(line)
    return person(line) in authors or (
        named is not None and (named.stated or not {*named.authors}.isdisjoint(authors))
    )


def _read_around(
    visible: Sequence[str], title: str | None, text: str, code: str | None
) -> tuple[dict[str, Found[Any]], tuple[DateCandidate, ...]]:
    """Byline, agency, dateline and dates of the page's visible lines, read as in a plain text."""
    found: dict[str, Found[Any]] = {}
    candidates: tuple[DateCandidate, ...] = ()
    first = text.split("\n", 1)[0]
    start = next((i for i, line in enumerate(visible) if first and line.startswith(first[:OPENING])), None)
    opening = read_dateline(first)
    credit = None
    if start is not None:
        top = max((i for i in range(start) if visible[i] == title), default=None)
        head = range(max(0, (start if top is None else top) - HEADER), start)
        found["authors"], credit = byline.read(visible, head, [], after=-1 if top is None else top, text=text)
        when = dates.from_lines(
            visible, head, [start], [],
            title_line=top, dateline=opening, language=code, captured_at=None,
        )  # fmt: skip
        candidates = tuple(c for c in when.candidates if c.signal != "text:body")
    for source, name in ((opening, "text:dateline"), (credit, "text:byline")):
        if source and source.place:
            found.setdefault("dateline", Found(source.place, name))
        if source and source.agency:
            found.setdefault("agency", Found(source.agency, name))
    return found, candidates


def _visible(tree: Any) -> Iterator[str]:
    """Lines of the page as a reader sees them, one a block."""
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if tag in _HIDDEN:
            hidden += 1 if event == "start" else -1
        if tag in _BLOCKS:
            yield " ".join("".join(parts).split())
            parts.clear()
        words = element.text if event == "start" else element.tail
        if words and not hidden and (event == "end" or isinstance(tag, str)):
            parts.append(words)
    yield " ".join("".join(parts).split())
