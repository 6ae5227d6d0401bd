"""Reading the values of JSON-LD: strings, lists and objects stand for one another, and may refer to each other."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from unicodedata import is_normalized

from tasks.article.normalise import normalise

# Types as ``types`` gives them.
ARTICLES: Final = frozenset((
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "asknewsarticle",
    "backgroundnewsarticle", "reviewnewsarticle", "blogposting", "liveblogposting", "report", "review", "claimreview",
    "techarticle", "scholarlyarticle", "socialmediaposting", "discussionforumposting", "recipe", "howto", "interview",
    "advertisercontentarticle", "satiricalarticle", "medicalscholarlyarticle", "qapage",
))  # fmt: skip
WORKS: Final = ARTICLES | {"creativework"}  # as some call an article, and others anything
_OWN: Final = WORKS - {"claimreview"}  # which stands beside its article
_NEWS: Final = frozenset(kind for kind in ARTICLES if "news" in kind) | {"liveblogposting", "report"}
_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
_OBJECTS = 300  # objects of a page among which its article is looked for
_MOST_ARTICLES = 5
_LONGEST = 5_000  # characters of a value
_MOST = 50  # values of one property that are read


def strings(value: object) -> list[str]:
    """The strings of a property: one, or those of a list; white space collapsed, HTML entities resolved."""
    values = value if isinstance(value, list) else [value]
    return [text for item in values[:_MOST] if isinstance(item, str) and (text := plain(item))]


def objects(value: object, linked: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The objects of a property; one that only refers to another ("@id") is the other, where the page has it."""
    values = value if isinstance(value, list) else [value]
    found = [item for item in values[:_MOST] if isinstance(item, dict)]
    return [_referred(item, linked) if "@id" in item and "name" not in item else item for item in found]


def types(item: Mapping[str, Any]) -> set[str]:
    """The types of an object, lower-case, without their vocabulary's address."""
    stated = item.get("@type")
    many = stated[:_MOST] if isinstance(stated, list) else [stated]
    return {kind[:_LONGEST].rpartition("/")[2].lower() for kind in many if isinstance(kind, str)}


def articles(linked: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The objects that are the page's article, a few at most: those of an article's type, else with a headline."""
    first = linked[:_OBJECTS]
    typed = [item for item in first if not _OWN.isdisjoint(types(item)) and _is_described(item)]
    return (typed or [item for item in first if item.get("headline") or item.get("articleBody")])[
        :_MOST_ARTICLES
    ]


def is_news(items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of the objects is said to be news."""
    return any(not _NEWS.isdisjoint(types(item)) for item in items[:_OBJECTS])


def plain(text: str) -> str:
    """One line without entities ("R&amp;uuml;ckbau" was escaped twice), cut off after some thousand characters."""
    text = text[:_LONGEST]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    # What ``normalise`` would leave as it is, at a tenth of the cost.
    settled = text.isprintable() and not _MOJIBAKE.search(text) and is_normalized("NFC", text)
    return " ".join((text if settled else normalise(text)).split())


def _is_described(item: Mapping[str, Any]) -> bool:
    return any(item.get(name) for name in ("headline", "articleBody", "author", "name", "datePublished"))


def _referred(item: Mapping[str, Any], linked: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The object with the same "@id" that has a name."""
    return next((other for other in linked if other.get("@id") == item["@id"] and "name" in other), item)
