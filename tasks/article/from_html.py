"""A page to an article: its body through trafilatura, its metadata read from JSON-LD, meta tags and markup."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import trafilatura

from tasks.article import agency, dates, language
from tasks.article.byline import parse, people
from tasks.article.byline_dateline import dateline as read_dateline
from tasks.article.byline_name import person
from tasks.article.date_text import find
from tasks.article.model import Article, DateCandidate, Found
from tasks.article.normalise import normalise
from tasks.article.quotes import quotes
from tasks.article.record import Reason, assemble

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # pages without an article are expected

Kind = Literal["published", "modified"]
_TYPES = re.compile(r"Article|BlogPosting|Report|Review|Recipe|Posting|WebPage|VideoObject|HowTo")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "dc.date.issued", "dcterms.created",
    "dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date", "citation_publication_date", "date",
    "article.published", "cxenseparse:recs:publishtime", "iso-8601-publish-date", "analyticsattributes.articledate",
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
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(0?[1-9]|1[0-2])[/-]?(0?[1-9]|[12]\d|3[01])(?=[/_.-]|\Z)")
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
    candidates = [*stated_dates, *_dates(tree, metas, linked, url)]
    document = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, deduplicate=False, with_metadata=True, favor_precision=True
    )
    body = document.text if document is not None and document.text else ""
    lines = [" ".join(line.split()) for line in normalise(body).split("\n")]
    text = "\n\n".join(line for line in lines if line)
    found: dict[str, Found[Any]] = {"language": language.identify(text)}
    if document is not None:
        _fill(found, document, candidates)
    found |= own
    found |= stated
    opening = read_dateline(text.split("\n", 1)[0])
    if opening and opening.place:
        found["dateline"] = Found(opening.place, "text:dateline")
    if opening and opening.agency:
        found["agency"] = Found(opening.agency, "text:dateline")
    code = found["language"].value
    return assemble(found, dates.chosen(candidates, captured_at), text, quotes(text, code) if text else ())


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
    for name in _AUTHORS:
        values = [value for value in metas.get(name, []) if "/" not in value]
        take("authors", f"meta:{name}", people(values))
        take("agency", f"meta:{name}", next(filter(None, map(agency.lookup, values)), None))
    for element in tree.xpath('//*[@rel="author" or @itemprop="author"]')[:10]:
        line = " ".join("".join(element.itertext()).split())[:160]
        byline = parse(line)
        name = person(line)
        take("authors", "markup:author", (name,) if name else byline.authors if byline else ())
    take("outlet", "meta:og:site_name", _first(metas.get("og:site_name")))
    take("section", "meta:article:section", _first(metas.get("article:section")))
    take("tags", "meta:article:tag", _tags(metas.get("article:tag", [])))
    take("tags", "meta:keywords", _tags(metas.get("news_keywords", []) or metas.get("keywords", [])))
    for link in tree.xpath('//link[@rel="canonical"]/@href')[:1]:
        take("canonical_url", "link:canonical", _absolute(str(link), url))
    take("canonical_url", "meta:og:url", _absolute(_first(metas.get("og:url")) or "", url))
    return found


def _dates(
    tree: Any, metas: Mapping[str, list[str]], linked: Sequence[Mapping[str, Any]], url: str | None
) -> Iterator[DateCandidate]:
    """Give the dates a page states about itself, the most trustworthy signal first."""
    for item in linked:
        if _TYPES.search(" ".join(_strings(item.get("@type")))):
            for key, kind in (("datePublished", "published"), ("dateModified", "modified")):
                yield from _parsed(item.get(key), "json-ld", kind)  # type: ignore[arg-type]
    for names, kind in ((_PUBLISHED, "published"), (_MODIFIED, "modified")):
        for name in names:
            for value in metas.get(name, [])[:1]:
                yield from _parsed(value, f"meta:{name}", kind)  # type: ignore[arg-type]
    for element in tree.xpath("//time[@datetime]")[:20]:
        about = f"{element.get('class')} {element.get('itemprop')} {element.getparent().get('class')}"
        changed = _CLASS_MODIFIED.search(about) is not None
        yield from _parsed(element.get("datetime"), "time", "modified" if changed else "published")
    if url and (match := _URL_DATE.search(urlsplit(url).path)):
        value = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
        yield from _parsed(value, "url", "published")


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
