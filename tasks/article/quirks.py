"""What a source's own CSS selectors find in its pages, where the general rules fail.

A selector is CSS, with ``@attribute`` behind it where an attribute's value is meant and not the element's text:
``h1.headline``, ``.byline a``, ``time.published@datetime``, ``meta[name=author]@content``. What a page loads or shows
by scripts is no part of it: selectors see no ``script``, ``noscript``, ``template`` or ``iframe``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from tasks.article import html_text
from tasks.article import page as pages
from tasks.article.byline import people
from tasks.article.html_image import absolute
from tasks.article.model import Body, Candidate, Found
from tasks.article.page import Block, Page

SIGNAL: Final = "source:css"
_ATTRIBUTE: Final = re.compile(r"\s*@([A-Za-z_][\w:.-]*)\s*\Z")
_SEPARATOR: Final = re.compile(r"\s*[,;|]\s*")
# The fields of an article by the names of a quirk's.
_TEXTS: Final = {
    "title": "title",
    "subtitle": "subtitle",
    "section": "section",
    "published": "published_at",
    "modified": "modified_at",
    "image": "image_url",
}


@dataclass(frozen=True, slots=True)
class Quirk:
    """The selectors of a source's pages, for each field in order: the first that finds something counts.

    Every one has passed ``check``. ``body``: the elements that hold the text, all that the first selector that finds
    some finds. ``remove``: what is never text, all that any of its selectors finds. ``since``, ``until``: which
    captures they are for, by their days in UTC: the first day, and the day after the last; None is no bound.
    """

    since: date | None = None
    until: date | None = None
    title: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


SELECTORS: Final = tuple(field.name for field in fields(Quirk) if field.name not in {"since", "until"})


def check(selector: str) -> str:
    """The selector; raises ValueError where its CSS is none, or names an attribute of nothing."""
    css, _ = _parts(selector)
    if not css:
        raise ValueError("names no element")
    pages.check(css)
    return selector


def chosen(quirks: Sequence[Quirk], captured_at: datetime | None) -> Quirk | None:
    """The first that is for a capture of this time, UTC if it has no offset; without a time, the first without end."""
    if captured_at is None:
        return next((quirk for quirk in quirks if quirk.until is None), None)
    day = (captured_at.astimezone(UTC) if captured_at.tzinfo else captured_at).date()
    return next(
        (
            quirk
            for quirk in quirks
            if (quirk.since is None or quirk.since <= day) and (quirk.until is None or day < quirk.until)
        ),
        None,
    )


def selectors(quirk: Quirk) -> tuple[str, ...]:
    """The CSS selectors that ``page.read`` must be given for this quirk."""
    written = [selector for name in SELECTORS for selector in getattr(quirk, name)]
    return tuple(dict.fromkeys(_parts(selector)[0] for selector in written))


def apply(page: Page, quirk: Quirk, address: str | None = None) -> dict[str, Found[Any]]:
    """Each field that the quirk has selectors for, by its name in ``Article``; "no_match" where they find nothing.

    Texts and tuples of texts; "image_url" as seen from the page's ``address``; of the dates ("published_at",
    "modified_at") what is written there.
    """
    found: dict[str, Found[Any]] = {}
    for name, field in _TEXTS.items():
        if written := getattr(quirk, name):
            values = _values(page, written)
            value = values[0] if values else None
            found[field] = _found(absolute(value, address) if value and name == "image" else value)
    if quirk.authors:
        values = _values(page, quirk.authors)
        found["authors"] = _found(people(values), "not_a_person" if values else "no_match")
    if quirk.tags:
        values = _values(page, quirk.tags)
        found["tags"] = _found(tuple(dict.fromkeys(_tags(values))))
    return found


def body(page: Page, quirk: Quirk, general: Body) -> Body:
    """The text by the quirk's selectors; by the general rules, less what is to be removed, where they find none.

    All that the elements of ``body`` hold is text but what ``remove`` finds; of a text that ``is_stated`` beside the
    blocks nothing can be removed. The blocks judged otherwise than by the general rules have the code "source".
    """
    roots = _spans(page, quirk.body)
    removed = {
        piece for start, stop in _spans(page, quirk.remove, every=True) for piece in range(start, stop)
    }
    kept = [i for span in roots for i in page.blocks_of(*span)] if roots else general.kept
    left = {index: _text(page, page.blocks[index], removed) for index in dict.fromkeys(kept)}
    left = {index: text for index, text in left.items() if text}
    whole = [*left.values()] == [page.blocks[index].text for index in general.kept]
    if not roots and (whole or general.is_stated):
        return general
    own = set(general.kept)
    why = tuple(
        "source" if (index in left) != (index in own) else code for index, code in enumerate(general.why)
    )
    text = html_text.text(page, [*left], left)
    signal = SIGNAL if roots else general.signal
    return replace(general, text=text, kept=tuple(left), why=why, signal=signal, cut=left)


def _parts(selector: str) -> tuple[str, str | None]:
    """The CSS, and the attribute that is meant."""
    match = _ATTRIBUTE.search(selector)
    return (selector[: match.start()], match[1].lower()) if match else (selector, None)


def _values(page: Page, written: Sequence[str]) -> list[str]:
    """The values that the first selector finds which finds any, in the order of the page."""
    for selector in written:
        css, attribute = _parts(selector)
        texts = (_value(page, index, attribute) for index in page.selected.get(css, ()))
        if values := [text for text in texts if text]:
            return values
    return []


def _value(page: Page, index: int, attribute: str | None) -> str:
    element = page.elements[index]
    if attribute is not None:
        return " ".join(element.attributes.get(attribute, "").split())
    whole = [page.blocks[number] for number in page.blocks_of(element.start, element.stop)]
    if all(element.start <= block.start and block.stop <= element.stop for block in whole):
        return " ".join(" ".join(block.text.split()) for block in whole)
    return page.text(index)


def _found(value: Any, reason: str = "no_match") -> Found[Any]:
    if not value:
        return Found(None, None, reason)
    return Found(value, SIGNAL, None, (Candidate(value, SIGNAL),))


def _tags(values: Sequence[str]) -> Iterator[str]:
    """One value may list several."""
    return filter(None, _SEPARATOR.split(values[0]) if len(values) == 1 else values)


def _spans(page: Page, written: Sequence[str], *, every: bool = False) -> list[tuple[int, int]]:
    """The pieces that hold what the first matching selector finds, or ``every`` one: ranges, in order, none in two."""
    found: list[tuple[int, int]] = []
    for selector in written:
        elements = [page.elements[index] for index in page.selected.get(_parts(selector)[0], ())]
        found += [(element.start, element.stop) for element in elements]
        if found and not every:
            break
    apart: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if apart and start <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(stop, apart[-1][1])
        else:
            apart.append((start, stop))
    return apart


def _text(page: Page, block: Block, removed: Set[int]) -> str:
    """The block's text without the pieces that are removed."""
    pieces = range(block.start, block.stop)
    if removed.isdisjoint(pieces):
        return block.text
    return "\n".join(pages.lines("".join(page.pieces[piece] for piece in pieces if piece not in removed)))
