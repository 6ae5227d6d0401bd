"""A page to an article: the body through trafilatura, metadata from JSON-LD, meta tags and markup."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree  # type: ignore[import-untyped]

from tasks.article import agency, byline, dates, language
from tasks.article.byline import parse, people
from tasks.article.byline_dateline import dateline as read_dateline
from tasks.article.byline_name import person
from tasks.article.date_text import find
from tasks.article.model import Article, DateCandidate, Found
from tasks.article.normalise import normalise
from tasks.article.quotes import quotes
from tasks.article.record import Reason, assemble

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # pages without an article are expected

LATEST = datetime(2099, 12, 31, tzinfo=UTC)
Kind = Literal["published", "modified"]
_TYPES = re.compile(r"Article|BlogPosting|Report|Review|Recipe|Posting|WebPage|VideoObject|HowTo")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "dc.date.issued", "dcterms.created",
    "dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date", "citation_publication_date", "date",
    "article.published", "cxenseparse:recs:publishtime", "iso-8601-publish-date",
    "analyticsattributes.articledate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified",
    "lastmod", "last-modified", "revised", "article.updated", "article:modified",
)  # fmt: skip
_AUTHORS = (
    "author",
    "article:author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "cxenseparse:author",
)
_BYLINES = (
    '//*[contains(@class, "author") or contains(@class, "byline") or contains(@class, "Author")'
    ' or contains(@class, "Byline") or contains(@id, "author")][not(self::body) and not(self::html)]'
)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=[/_.-]|\Z)")
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
OPENING = 40  # characters by which the body's first paragraph is found among the page's lines
HEADER = 8  # lines above the heading that may hold the date
_CLASS_MODIFIED = re.compile(r"modif|updat|last", re.IGNORECASE)


def from_html(
    page: str,
    *,
    url: str | None = None,
    captured_at: datetime | None = None,
    stated: Mapping[str, Found[Any]] = {},
    stated_dates: Sequence[DateCandidate] = (),
) -> Article:
    """Give the article of a page; a page that holds none has the text "" and the reason "no_article".

    ``stated`` and ``stated_dates``: what a record says beside the page, which wins.
    """
    tree = trafilatura.load_html(page) if page.strip() else None
    if tree is None:
        reason: Reason = "no_article" if page.strip() else "empty"
        nothing = {"text": Found(None, reason=reason), **stated}
        return assemble(nothing, dates.chosen(stated_dates, captured_at), "", ())
    metas, linked = _metas(tree), list(_linked_data(tree))
    own = _stated_in_page(tree, metas, linked, url)
    candidates = [*stated_dates, *_dates(tree, metas, linked)]
    visible = normalise("\n".join(_visible(tree))).split("\n")
    latest = f"{captured_at or LATEST:%Y-%m-%d}"  # without it htmldate asks the clock
    document = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, deduplicate=False, with_metadata=True, favor_precision=True,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": latest},
    )  # fmt: skip
    body: str = getattr(document, "text", None) or ""
    lines = [" ".join(line.split()) for line in normalise(body).split("\n")]
    heading = own["title"].value if "title" in own else None
    text = "\n\n".join(line for line in lines if line and line != heading)
    if len(text) < LEAST:
        text = ""
    found: dict[str, Found[Any]] = {"language": language.identify(text)}
    code = (stated.get("language") or found["language"]).value
    around, seen = _read_around(visible, heading, text, code)
    found |= around
    candidates += seen
    candidates += _url_date(url)
    if document is not None:
        _fill(found, document, candidates)
    found |= own
    found |= stated
    return assemble(found, dates.chosen(candidates, captured_at), text, quotes(text, code) if text else ())


def _read_around(
    visible: Sequence[str], title: str | None, text: str, code: str | None
) -> tuple[dict[str, Found[Any]], tuple[DateCandidate, ...]]:
    """Byline, agency, dateline and dates of the page's visible lines, read as in a plain text."""
    found: dict[str, Found[Any]] = {}
    candidates: tuple[DateCandidate, ...] = ()
    first = text.split("\n", 1)[0]
    lines = [line for line in visible if line]
    start = next((i for i, line in enumerate(lines) if first and line.startswith(first[:OPENING])), None)
    opening = read_dateline(first)
    credit = None
    if start is not None:
        top = max((i for i in range(start) if lines[i] == title), default=None)
        head = range(max(0, (start if top is None else top) - HEADER), start)
        found["authors"], credit = byline.read(lines, head, [], after=-1 if top is None else top, text=text)
        when = dates.from_lines(
            lines, head, [start], [],
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


def _fill(found: dict[str, Found[Any]], document: Any, candidates: list[DateCandidate]) -> None:
    """Take trafilatura's reading of what the page does not say in a machine-readable way."""
    for field, attribute in (("title", "title"), ("outlet", "sitename"), ("canonical_url", "url")):
        if value := getattr(document, attribute):
            found[field] = Found(value, "trafilatura")
    if names := people((document.author or "").split(";")):
        found["authors"] = Found(names, "trafilatura")
    if document.date:
        candidates.append(DateCandidate(document.date, "day", "htmldate", document.date, "published"))


def _stated_in_page(
    tree: Any, metas: Mapping[str, list[str]], linked: Sequence[Mapping[str, Any]], url: str | None
) -> dict[str, Found[Any]]:
    """Fields that JSON-LD, meta tags and links state; the first signal that holds a valid value wins."""
    found: dict[str, Found[Any]] = {}

    def take(field: str, signal: str, value: object) -> None:
        if value and field not in found:
            found[field] = Found(value, signal)

    articles = [item for item in linked if item.get("headline") or item.get("articleBody")]
    for item in articles:
        names, agencies = _creators(item.get("author"))
        take("authors", "json-ld", names)
        take("agency", "json-ld", agencies)
        take("section", "json-ld", _first(item.get("articleSection")))
        take("tags", "json-ld", _tags(_strings(item.get("keywords"))))
        publisher = item.get("publisher")
        take("outlet", "json-ld", _first(publisher.get("name")) if isinstance(publisher, dict) else None)
    for key in _AUTHORS:
        values = [value for value in metas.get(key, []) if "/" not in value]
        take("authors", f"meta:{key}", people(values))
        take("agency", f"meta:{key}", next(filter(None, map(agency.lookup, values)), None))
    for element in tree.xpath('//*[@rel="author" or @itemprop="author"]')[:10]:
        take("authors", "markup:author", _people_in(element))
    for element in tree.xpath(_BYLINES)[:20]:
        take("authors", "markup:byline", _people_in(element))
    take("title", "h1", _heading(tree, [item.get("headline") for item in articles], metas))
    for item in articles:
        take("title", "json-ld", _first(item.get("headline")))
    take("outlet", "meta:og:site_name", _first(metas.get("og:site_name")))
    take("section", "meta:article:section", _first(metas.get("article:section")))
    take("tags", "meta:article:tag", _tags(metas.get("article:tag", [])))
    take("tags", "meta:keywords", _tags(metas.get("news_keywords", []) or metas.get("keywords", [])))
    for href in tree.xpath('//link[@rel="canonical"]/@href')[:1]:
        take("canonical_url", "link:canonical", _absolute(str(href), url))
    take("canonical_url", "meta:og:url", _absolute(_first(metas.get("og:url")) or "", url))
    return found


def _people_in(element: Any) -> tuple[str, ...]:
    line = _text(element)[:160]
    named = parse(line)
    return named.authors if named else tuple(filter(None, [person(line)]))


def _text(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _heading(tree: Any, headlines: Sequence[object], metas: Mapping[str, list[str]]) -> str | None:
    """The h1 that says what the page's titles say: a page may have others, for its site or a teaser."""
    titles = [*headlines, *metas.get("og:title", []), *(_text(e) for e in tree.xpath("//head/title")[:1])]
    known = [words for title in titles if isinstance(title, str) and (words := _words(title))]
    best, best_share = None, 0.0
    for element in tree.xpath("//h1")[:20]:
        text = _text(element)
        words = _words(text)
        shares = [len(words & other) / min(len(words), len(other)) for other in known] if words else []
        share = max(shares, default=0.0)
        if share > best_share and (len(words) > 1 or len(text) > 12):
            best, best_share = text, share
    return best if best_share >= 0.5 else None


def _words(text: str) -> set[str]:
    if any(c > "⺀" for c in text):  # scripts without spaces: pairs of characters
        return {text[i : i + 2] for i in range(len(text) - 1)}
    return set(re.findall(r"\w+", text.casefold()))


def _dates(
    tree: Any, metas: Mapping[str, list[str]], linked: Sequence[Mapping[str, Any]]
) -> Iterator[DateCandidate]:
    """Give the dates a page states about itself, the most trustworthy signal first."""
    for item in sorted(linked, key=lambda item: "headline" not in item):
        if _TYPES.search(" ".join(_strings(item.get("@type")))):
            for key, kind in (("datePublished", "published"), ("dateModified", "modified")):
                yield from _parsed(item.get(key), "json-ld", kind)  # type: ignore[arg-type]
    for names, kind in ((_PUBLISHED, "published"), (_MODIFIED, "modified")):
        for name in names:
            for value in metas.get(name, [])[:1]:
                yield from _parsed(value, f"meta:{name}", kind)  # type: ignore[arg-type]
    yield from _times(tree)


def _url_date(url: str | None) -> Iterator[DateCandidate]:
    if url and (match := _URL_DATE.search(urlsplit(url).path)):
        value = f"{match[1]}-{int(match[3]):02d}-{int(match[4]):02d}"
        yield from _parsed(value, "url", "published")


def _times(tree: Any) -> Iterator[DateCandidate]:
    """Dates of time elements: the first below the heading is the article's, others are of other articles."""
    below = tree.xpath("(//h1/following::time[@datetime])[1]")
    below += tree.xpath("(//time[@datetime][@itemprop='datePublished' or @pubdate])[1]")
    for element in tree.xpath("//time[@datetime]")[:20]:
        about = f"{element.get('class')} {element.get('itemprop')} {element.getparent().get('class')}"
        kind: Kind = "modified" if _CLASS_MODIFIED.search(about) else "published"
        for candidate in _parsed(element.get("datetime"), "time", kind):
            near = element in below or kind == "modified"
            yield candidate if near else replace(candidate, rejected=candidate.rejected or "not_nearest")


def _parsed(value: object, signal: str, kind: Kind) -> Iterator[DateCandidate]:
    if not isinstance(value, str):
        return
    text = value.strip()[:80]
    for stamp in find(text)[:1]:
        if stamp.other is not None:
            yield DateCandidate(stamp.value[:4], "year", signal, text, kind, "ambiguous")
        else:
            yield DateCandidate(stamp.value, stamp.precision, signal, text, kind)


def _metas(tree: Any) -> dict[str, list[str]]:
    """Contents of meta tags by lower-case property, name or itemprop."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            name = element.get(attribute)
            if name and content:
                metas.setdefault(name.lower(), []).append(content)
    return metas


def _linked_data(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Objects of the page's JSON-LD blocks, graphs opened; blocks that are no JSON are passed over."""
    for element in tree.xpath('//script[@type="application/ld+json"]')[:30]:
        try:
            stack = [json.loads(element.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            item = stack.pop()
            if isinstance(item, list):
                stack.extend(reversed(item))
            elif isinstance(item, dict):
                yield item
                stack.extend(item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item)


def _creators(value: object) -> tuple[tuple[str, ...], str | None]:
    names = [
        name
        for item in (value if isinstance(value, list) else [value])
        for name in _strings(item.get("name") if isinstance(item, dict) else item)
    ]
    return people(names), next(filter(None, map(agency.lookup, names)), None)


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [item.strip() for item in values if isinstance(item, str) and item.strip()]


def _first(value: object) -> str | None:
    return next(iter(_strings(value)), None)


def _tags(values: Sequence[str]) -> tuple[str, ...]:
    parts = [part.strip() for value in values for part in re.split(r"[,;]", value)]
    return tuple(dict.fromkeys(part for part in parts if part and len(part) <= 80))


def _absolute(link: str, url: str | None) -> str | None:
    link = urljoin(url, link) if url else link
    return link if urlsplit(link).scheme in ("http", "https") else None
