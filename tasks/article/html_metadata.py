"""What a page states about its article: JSON-LD, meta tags, links, and the markup around the heading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from tasks.article import agency
from tasks.article.byline import parse, people
from tasks.article.byline_name import person
from tasks.article.date_text import find
from tasks.article.model import DateCandidate, Found

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
_CLASS_MODIFIED = re.compile(r"modif|updat|last", re.IGNORECASE)
# Names that pages give to the lines between the headline and the text.
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|deck|dek|sub-?title|sub-?head(?:ing|line)?|vorspann|untertitel|chapo|chapeau"
    r"|entradilla|bajada|sottotitolo|sommario|ingress|manchet|alternativeheadline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NO_LINES = frozenset(("script", "style", "noscript", "svg", "figure", "img", "picture"))
_PARAGRAPH = 100  # characters; shorter ones below a standfirst are the byline or the date
_AFTER_HEADING = 40  # elements after the heading among which the standfirst is looked for


def stated_in_page(
    tree: Any, metas: Mapping[str, list[str]], linked: Sequence[Mapping[str, Any]]
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
    return found


def addresses_in_page(
    tree: Any, metas: Mapping[str, list[str]], linked: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What a page calls its own address, as written, the most trustworthy first; links that disagree say nothing."""
    links = {
        str(element.get("href") or "").strip()
        for element in tree.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    }
    found = [*links] if len(links) == 1 else []
    found += metas.get("og:url", [])[:1]
    for item in linked:
        if item.get("headline") or item.get("articleBody"):
            page = item.get("mainEntityOfPage")
            stated = page.get("@id") or page.get("url") if isinstance(page, dict) else page
            found += [*_strings(stated)[:1], *_strings(item.get("url"))[:1]]
    return [address for address in found if address]


def _people_in(element: Any) -> tuple[str, ...]:
    line = _text(element)[:160]
    named = parse(line)
    return named.authors if named else tuple(filter(None, [person(line)]))


def standfirst(tree: Any, title: str | None, metas: Mapping[str, list[str]]) -> Found[str]:
    """The lines below the heading that markup sets apart from the text: a class, a second heading, or a
    paragraph with the page's description, unless it is the first of the text's."""
    heading = next((e for e in tree.xpath("//h1")[:20] if title and _text(e) == title), None)
    if heading is None:
        return Found(None, reason="not_stated")
    described = {text for key in ("og:description", "description") for text in metas.get(key, [])}
    for element in heading.xpath(f"following::*[position() <= {_AFTER_HEADING}]"):
        if not isinstance(element.tag, str) or element.tag in _NO_LINES:
            continue
        named = _STANDFIRST.search(f"{element.get('class', '')} {element.get('itemprop', '')}")
        second = element.tag == "h2" and element.getprevious() is heading
        if not (named or second or element.tag == "p"):
            continue
        text = _text(element)
        if not 20 <= len(text) <= 400 or text == title or parse(text) or find(text):
            continue
        alone = all(len(_text(other)) < _PARAGRAPH for other in element.itersiblings("p"))
        if named or second or (alone and text in described):
            return Found(text, "markup:standfirst")
    return Found(None, reason="not_stated")


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


def dates_in_page(
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


def url_date(url: str | None) -> Iterator[DateCandidate]:
    """Give the day in the URL's path ("/2024/05/03/", "/20240503-")."""
    if url and (match := _URL_DATE.search(url.partition("?")[0])):
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


def meta_tags(tree: Any) -> dict[str, list[str]]:
    """Contents of meta tags by lower-case property, name or itemprop."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            name = element.get(attribute)
            if name and content:
                metas.setdefault(name.lower(), []).append(content)
    return metas


def linked_data(tree: Any) -> Iterator[Mapping[str, Any]]:
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
