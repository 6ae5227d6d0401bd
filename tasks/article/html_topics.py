"""The section an article is filed under, and its tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from tasks.article.html_choice import first
from tasks.article.html_linked import articles, objects, plain, strings, types
from tasks.article.html_site import Site, key
from tasks.article.model import Found
from tasks.article.page import Page
from tasks.article.reasons import Reason

Names = tuple[str, ...]
_SECTIONS = (
    "article:section", "og:section", "section", "parsely-section", "cxenseparse:section", "sailthru.section",
    "content_category", "news_section", "og:article:section",
)  # fmt: skip
_TAGS = (
    "article:tag",
    "og:article:tag",
    "news_keywords",
    "parsely-tags",
    "sailthru.tags",
    "cxenseparse:keywords",
)
_LONGEST = 60  # characters of a section or tag
_OBJECTS = 100  # objects of the page's JSON-LD that are read
_MOST = 50  # tags
_CRUMBS = 12  # links of a breadcrumb trail
_SPLIT = re.compile(r"\s*[,;|、，]\s*")
_HOME = frozenset((
    "home", "homepage", "start", "startseite", "accueil", "inicio", "portada", "início", "inicial", "hem", "hjem",
    "forside", "etusivu", "domov", "главная", "головна", "anasayfa", "首页", "ホーム", "トップ", "홈", "beranda",
    "strona główna", "news", "all", "blog", "uncategorized", "uncategorised", "allgemein", "general", "articles",
    "front page", "home page", "other", "none", "default",
))  # fmt: skip
_ROOTS = frozenset(("html", "body", "main", "link", "meta"))
_NO_TAG = re.compile(r"[=<>{}]|://|^\w+:\w+:")
_WORD = re.compile(r"\w+")
_READ = 50_000  # characters of that text
_TOLD = 0.5  # share of the keywords that the page's own text must have, lest they be the site's


def section(page: Page, headline: str | None, named: Site) -> Found[str]:
    """Find the section: as the page states it, else the first step of its breadcrumbs after the front page."""
    seen: list[tuple[str, str, Reason | None]] = []
    stated = list(sections(page))
    for text, signal in stated or [(text, "markup:breadcrumb") for text in _shown_trail(page)]:
        if text.casefold() in _HOME or named.is_named(text):
            seen.append((text, signal, "site_name"))
        elif "//" not in text and len(text) <= _LONGEST and text != headline:
            seen.append((text, signal, None))
    return first(seen)


def sections(page: Page) -> Iterator[tuple[str, str]]:
    """Give the sections that JSON-LD and meta tags state, each with its signal, in order of trust."""
    for item in articles(page.linked)[:3]:
        named = (_SPLIT.split(text)[0] for text in strings(item.get("articleSection"))[:2])
        yield from ((text, "json-ld") for text in named if text)
    for name in _SECTIONS:
        yield from ((plain(text), f"meta:{name}") for text in page.metas.get(name, ())[:1])
    for item in page.linked[:_OBJECTS]:
        if "breadcrumblist" in types(item):
            yield from ((text, "json-ld:breadcrumb") for text in _trail(item.get("itemListElement")))


def _trail(value: Any) -> list[str]:
    """The names of a breadcrumb list, the page itself left out."""
    steps: list[tuple[float, str]] = []
    for order, one in enumerate(objects(value, ())[:_CRUMBS]):
        place = one.get("position")
        inner = objects(one.get("item"), ())
        names = strings(one.get("name")) or [name for item in inner for name in strings(item.get("name"))]
        if names:
            steps.append((float(place) if isinstance(place, (int, float)) else order, names[0]))
    return [name for _, name in sorted(steps)][:-1]


def _shown_trail(page: Page) -> list[str]:
    """The links of the first element that is named for breadcrumbs."""
    elements = page.elements
    first = next(
        (i for i, e in enumerate(elements) if "readcrumb" in e.written and e.tag not in _ROOTS), None
    )
    if first is None:
        return []
    links = [i for i in page.tagged.get("a", ()) if first <= i < elements[first].end]
    return [text for i in links[:_CRUMBS] if (text := page.text(i))]


def tags(page: Page, headline: str | None, start: int | None, named: Site) -> Found[Names]:
    """Find the tags: the first signal that has any. Keywords that the page's text has none of are the site's."""
    seen: list[tuple[Names, str, Reason | None]] = []
    for values, signal in _tags(page):
        if kept := _clean(values, named):
            own = signal != "meta:keywords" or _is_told(kept, page, headline, start)
            seen.append((kept, signal, None if own else "site_wide"))
    if all(rejected for _, _, rejected in seen) and (linked := _clean(_linked(page), named)):
        seen.append((linked, "markup:tag", None))
    return first(seen, "site_wide" if seen else "not_stated")


def _tags(page: Page) -> Iterator[tuple[list[str], str]]:
    for item in articles(page.linked)[:3]:
        names = [name for one in objects(item.get("keywords"), ()) for name in strings(one.get("name"))]
        yield [*strings(item.get("keywords")), *names], "json-ld"
    for name in _TAGS:
        yield [plain(text) for text in page.metas.get(name, ())[:_MOST]], f"meta:{name}"
    yield [plain(text) for text in page.metas.get("keywords", ())[:_MOST]], "meta:keywords"


def _linked(page: Page) -> list[str]:
    """The texts of links that are marked as tags."""
    links = (i for i in page.tagged.get("a", ()) if "tag" in page.elements[i].written)
    marked = (i for i in links if "tag" in page.elements[i].attributes.get("rel", "").lower().split())
    return [page.text(i) for i in islice(marked, _MOST)]


def _clean(values: Iterable[str], named: Site) -> Names:
    parts = (part.strip(" #\"'.") for part in chain.from_iterable(map(_SPLIT.split, values)))
    kept = {key(part): part for part in parts if part and len(part) <= _LONGEST and not _NO_TAG.search(part)}
    return tuple(part for own, part in kept.items() if own and own not in named.keys)[:_MOST]


def _is_told(values: Sequence[str], page: Page, headline: str | None, start: int | None) -> bool:
    blocks = page.blocks if start is None else page.blocks[start:]
    text = " ".join([headline or "", *(block.text for block in blocks[:200])])[:_READ].casefold()
    told = [
        any(word in text for word in _WORD.findall(value.casefold()) if len(word) > 1) for value in values
    ]
    return sum(told) >= _TOLD * len(told)
