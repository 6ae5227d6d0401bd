"""What a page declares itself to be, in JSON-LD, meta tags, its address and the classes of its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from tasks.article.html_linked import ARTICLES, types
from tasks.article.page import Page
from tasks.article.page_kind_words import words

_LISTS: Final = frozenset(words("declared", "lists"))
_MEDIA: Final = frozenset(words("declared", "media"))
_ARTICLE_CLASSES: Final = frozenset(words("declared", "article_classes"))
_LIST_CLASSES: Final = frozenset(words("declared", "list_classes"))
_ERROR_CLASSES: Final = frozenset(words("declared", "error_classes"))
_SEARCH_QUERIES: Final = frozenset(words("declared", "search_queries"))
_SEARCH_PATHS: Final = frozenset(words("declared", "search_paths"))
_LIST_PATHS: Final = frozenset(words("declared", "list_paths"))
_PUBLISHED: Final = ("article:published_time", "og:article:published_time", "datepublished")
_LOCALE: Final = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?|index\.\w{3,5}|home")
_SEVERAL: Final = 3  # articles of different titles in the JSON-LD of a list


@dataclass(frozen=True, slots=True)
class Declared:
    """``article``: by which signal it says that it is one; ``list``, ``error``, ``media``: whether it says so."""

    article: Literal["json-ld", "meta"] | None = None
    list: bool = False
    error: bool = False
    media: bool = False


def declared(page: Page, url: str | None = None) -> Declared:
    """What a page declares itself to be; ``url``: its address."""
    articles = [item for item in page.linked if not types(item).isdisjoint(ARTICLES)]
    kinds = {kind for item in page.linked for kind in types(item)}
    og = {written.lower() for written in page.metas.get("og:type", ())}
    classes = _classes(page)
    several = len({_title(item) for item in articles} - {None}) >= _SEVERAL
    front = _is_front(url)
    article: Literal["json-ld", "meta"] | None = None
    if articles and not several:
        article = "json-ld"
    elif not front and (
        "article" in og or any(name in page.metas for name in _PUBLISHED) or classes & _ARTICLE_CLASSES
    ):
        article = "meta"
    return Declared(
        article,
        list=front or several or _names_list(url) or bool(classes & _LIST_CLASSES or kinds & _LISTS),
        error=bool(classes & _ERROR_CLASSES),
        media=bool(kinds & _MEDIA) or any(kind.startswith(("video", "music")) for kind in og),
    )


def _title(item: Any) -> str | None:
    title = item.get("headline") or item.get("name")
    return title if isinstance(title, str) else None


def _classes(page: Page) -> set[str]:
    found = set[str]()
    for tag in ("html", "body"):
        for index in page.tagged.get(tag, ())[:1]:
            get = page.elements[index].attributes.get
            found.update(f"{get('class', '')} {get('id', '')}".lower().split())
    return found


def _is_front(url: str | None) -> bool:
    """Whether it is the address of a front page."""
    if not url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and all(map(_LOCALE.fullmatch, filter(None, parts.path.lower().split("/"))))


def _names_list(url: str | None) -> bool:
    """Whether an address is one of a search or a topic, by its own words."""
    try:
        parts = urlsplit(url or "")
        steps = [step for step in unquote(parts.path).lower().split("/") if step]
        asked = {name.lower() for name, value in parse_qsl(parts.query, max_num_fields=50) if value}
    except ValueError:
        return False
    if not _SEARCH_PATHS.isdisjoint(steps[:2]) or (not steps and not _SEARCH_QUERIES.isdisjoint(asked)):
        return True
    # The topic's name follows, and nothing else but a page's number.
    return len(steps) > 1 and any(step in _LIST_PATHS for step in steps[max(0, len(steps) - 3) : -1])
