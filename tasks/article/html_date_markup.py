"""The dates that a page's markup marks as such: time elements, microdata and data attributes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from tasks.article.date_header import Kind, empty_labels, label
from tasks.article.date_value import LONGEST
from tasks.article.html_date_place import Place, Places, opening
from tasks.article.page import Element, Page

MOST: Final = 40  # marked dates that are read
LONGEST_LABEL: Final = 40  # characters of a block that may be a label alone
MOST_LOOKED_AT: Final = 400  # marked elements among which they are looked for
_MODIFIED: Final = re.compile(
    r"modif|updat|aktuali|edit(?:ed)?-?(?:on|at|date|time)|last-?(?:mod|upd|edit|chang)|changed|revis",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(r"publi|posted|entry-?date|creat|issue|pub-?date", re.IGNORECASE)
_LONGEST_TITLE: Final = 40  # characters of a title attribute that is a date and no sentence
_NUMBER: Final = re.compile(r"\d")
_PROPERTY: Final = re.compile(
    r"\bdate(Published|Modified|Created)|\buploadDate|\b(?:dc|dcterms):(?:date|created|issued|(modified))",
    re.IGNORECASE,
)
# Attributes in which scripts find the date of the element that they write out, or of the article.
_DATA: Final[dict[str, Kind | None]] = {
    "data-published": "published", "data-publish-date": "published", "data-published-date": "published",
    "data-pubdate": "published", "data-pub-date": "published", "data-publishdate": "published",
    "data-published-at": "published", "data-publish-time": "published", "data-published-time": "published",
    "data-publication-date": "published", "data-article-publish-date": "published", "data-article-date": "published",
    "data-post-date": "published", "data-posted": "published", "data-created": "published",
    "data-modified": "modified", "data-updated": "modified", "data-updated-at": "modified",
    "data-modified-date": "modified", "data-last-modified": "modified",
    "data-datetime": None, "data-date": None, "data-time": None, "data-timestamp": None, "data-utime": None,
    "data-utc-time": None, "data-epoch": None, "data-unix": None, "data-date-time": None,
}  # fmt: skip
# One search each: a pattern that begins with a literal is many times as fast as one that begins with a choice.
_MARKS: Final = (
    re.compile(r' datetime="'),
    re.compile(r' itemprop="[^"]{0,40}(?:date|upload)'),
    re.compile(r' property="[^" ]{0,20}(?:date|creat|publi|modif|issued)'),
    re.compile(rf' data-(?:{"|".join(name.removeprefix("data-") for name in _DATA)})="'),
)
_TITLED: Final = re.compile(r"\b(?:published|updated|timeago|dtreviewed|entry-date|value-title)\b")


@dataclass(frozen=True, slots=True)
class Marked:
    """A date in the markup as written: its kind, signal, whether that kind is stated, and where it stands."""

    value: str
    kind: Kind
    signal: str
    stated: bool
    block: int
    place: Place


def marked(page: Page, places: Places) -> Iterator[Marked]:
    """Give the marked dates of a page in document order; nothing of its head."""
    count = 0
    for index in _candidates(page)[:MOST_LOOKED_AT]:
        element = page.elements[index]
        if element.tag == "meta" and "property" in element.attributes:
            continue
        value, signal, kind = _value(page, index, element)
        if not value or not any(c.isdigit() for c in value):
            continue
        block = places.block(index)
        if kind is None:
            kind, stated = _kind(page, index, element, block)
            if signal == "data" and not stated:
                continue
        else:
            stated = True
        yield Marked(value, kind, signal, stated, block, places.of(block, index, labelled=stated))
        count += 1
        if count == MOST:
            return


def _candidates(page: Page) -> list[int]:
    """The elements that may be marked: found by searching all attributes at once, which is cheaper than one by one."""
    found = {*page.tagged.get("time", ())}
    for tag in ("abbr", "span"):
        for index in page.tagged.get(tag, ()):
            attributes = page.elements[index].written
            if ' title="' in attributes and _TITLED.search(attributes):
                found.add(index)
    written = [element.written for element in page.elements]
    ends = list(accumulate(map(len, written)))
    together = "".join(written)
    for mark in _MARKS:
        found.update(bisect_right(ends, match.start()) for match in mark.finditer(together))
    return sorted(found)


def _value(page: Page, index: int, element: Element) -> tuple[str, str, Kind | None]:
    attributes = element.attributes
    if match := _PROPERTY.search(attributes.get("itemprop") or attributes.get("property", "")):
        written = attributes.get("content") or attributes.get("datetime") or opening(page, element, LONGEST)
        kind: Kind = "modified" if (match[1] or match[2] or "").lower() == "modified" else "published"
        return written, "microdata", kind
    if "datetime" in attributes and element.tag not in {"del", "ins"}:
        return attributes["datetime"], "time", "published" if "pubdate" in attributes else None
    if name := next((name for name in _DATA if name in attributes), None):
        return attributes[name], "data", _DATA[name]
    if element.tag == "time":
        return opening(page, element, LONGEST), "time", None
    title = attributes.get("title", "")
    return (title, "time", None) if len(title) <= _LONGEST_TITLE else ("", "", None)


def _kind(page: Page, index: int, element: Element, block: int) -> tuple[Kind, bool]:
    """Whether an element dates the publication or a modification, by its names, its parents' or the words before
    it; and whether anything says so."""
    here = element
    for _ in range(3):
        names = here.names
        if _PUBLISHED.search(names):
            return "published", True
        if _MODIFIED.search(names):
            return "modified", True
        if here.parent < 0 or here.stop - here.start > 12:
            break
        here = page.elements[here.parent]
    first = max(page.blocks[block].start, element.start - LONGEST) if page.blocks else element.start
    before = "".join(piece[-LONGEST:] for piece in page.pieces[first : element.start])
    said = label(_NUMBER.split(opening(page, element, LONGEST), maxsplit=1)[0]) or (
        label(before[-LONGEST:]) if before.strip() else label_above(page, block)
    )
    return (said, True) if said else ("published", False)


def label_above(page: Page, number: int) -> Kind | None:
    """The label that is the whole block above the block of a number ("Updated", then the date)."""
    above = page.blocks[number - 1].text if number else ""
    kinds = empty_labels(above) if len(above) <= LONGEST_LABEL else []
    return kinds[0] if len(kinds) == 1 else None
