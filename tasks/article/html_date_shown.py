"""The dates that a page shows its readers: in the blocks around the headline and, with a label, elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from tasks.article import date_relative
from tasks.article.date_header import Seen, label, read
from tasks.article.date_text import find
from tasks.article.html_date_markup import LONGEST_LABEL, label_above
from tasks.article.html_date_place import FAR_ABOVE, Places
from tasks.article.html_date_sighting import HEAD, LEAD, Sighting, rank
from tasks.article.page import Page

LONGEST: Final = 240  # characters of a block that may be a header line
LONGEST_AFTER: Final = 120  # the same, behind the head
OUTER: Final = 5  # lines at the beginning and end of a longer one
LONGEST_PART: Final = 12  # characters of a block that holds a part of a date: "12", "Mai", "2010"
LEAST_SENTENCE: Final = 8  # spaces
LONGEST_DATELINE: Final = 80  # characters of a text's opening
MOST_PLACE: Final = 5  # spaces in what stands before a dateline's date
MOST: Final = 60  # blocks whose dates are read
# The choice comes after what all have in common: a search for a digit skips the rest at once.
_YEARISH: Final = re.compile(r"\d(?:\d{3}|[./-]\s?\d\d?[./-]\s?\d\d|\s?年)")
_ASCII_YEARISH: Final = re.compile(r"[0-9](?:[0-9]{3}|[./-] ?[0-9]{1,2}[./-] ?[0-9]{2})")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# What pages call the element that holds a date.
_DATED: Final = re.compile(
    r"date|time(?!line|r)|publish|posted|datum|fecha|\bdata\b|byline|(?:\b|[_-])meta(?:\b|[_-])|metadata|postmeta"
    r"|(?:post|entry|article|news)[_-]?info|submitted|stamp\b|credits?\b|created"
)
_PLACE: Final = re.compile(r"\(?(?:[^\W\d_][^\d:;!?]{1,40}[,(/.–—-]\s*)?(?:[^\W\d_]{2,10}\.?,?\s)?")
_AFTER_DATELINE: Final = re.compile(r"[)\].]{0,2}\s{0,2}(?:[–—:/|(]|-\s|--)")
_CAPTIONS: Final = frozenset(("figure", "figcaption"))


def shown(
    page: Page, places: Places, language: str | None, captured_at: datetime | None, month: str | None
) -> Iterator[Sighting]:
    """Give the dates in a page's blocks. ``month``: the year and month that its URL names, which completes a date
    without a year; ``captured_at``: dates told by their distance from it are read as well."""
    count = 0
    for number, block in enumerate(page.blocks):
        text = block.text if len(block.text) <= LONGEST else _outer_lines(block.text)
        if number == places.title or (number > places.last_of_head and len(text) > LONGEST_AFTER):
            continue
        if not _is_yearish(text):
            continue
        if places.of(number, block.element, labelled=True) == "outside":
            continue
        count += 1
        if count > MOST:
            break
        yield from _in_block(page, places, number, text.split("\n"), language)
    yield from _in_dateline(page, places, language)
    yield from _in_parts(page, places, language, captured_at, month)


def _is_yearish(text: str) -> bool:
    """Whether a text may hold a date with its year."""
    if not text.isascii():
        return _YEARISH.search(text) is not None
    if "20" in text or "19" in text or "/" in text or "." in text or "-" in text:
        return _ASCII_YEARISH.search(text) is not None
    return False


def _outer_lines(text: str) -> str:
    """The first and last lines of a long block that is laid out by line breaks; header and text may be in one."""
    if "\n" not in text:
        return ""
    lines = text.split("\n")
    return "\n".join(line for line in (*lines[:OUTER], *lines[OUTER:][-OUTER:]) if len(line) <= LONGEST)


def _in_block(
    page: Page, places: Places, number: int, lines: Sequence[str], language: str | None
) -> Iterator[Sighting]:
    block = page.blocks[number]
    dated, captioned = _around(page, block.element)
    above = label_above(page, number)
    for line in lines:
        for seen in read(line, number, language, above):
            rejected = seen.rejected
            if dated and len(line) < LONGEST // 2:
                rejected = None
            elif captioned and not seen.labelled:
                rejected = "caption"
            in_sentence = line.endswith((".", "。", "।")) and line.count(" ") >= LEAST_SENTENCE
            yield _sighting(places, block.element, replace(seen, rejected=rejected), dated, in_sentence)


def _in_dateline(page: Page, places: Places, language: str | None) -> Iterator[Sighting]:
    """The date in the opening of the text: "NORTHAVEN, 3 May 2024 – The council …", "Published 3 May 2024 The …"."""
    if places.start is None:
        return
    for number in (places.start, places.last_of_head):
        if number >= len(page.blocks) or len(page.blocks[number].text) <= LONGEST_DATELINE:
            continue
        opening = page.blocks[number].text[:LONGEST_DATELINE]
        for stamp in find(opening, language)[:1]:
            before, after = opening[: stamp.start], opening[stamp.end :]
            kind = label(before)
            bracketed = before in {"(", "["} and after[:1] in {")", "]"}
            placed = (
                before.count(" ") <= MOST_PLACE and _AFTER_DATELINE.match(after) and _PLACE.fullmatch(before)
            )
            if kind or bracketed or placed:
                text = opening[stamp.start : stamp.end]
                yield Sighting(stamp, text, "text:dateline", kind or "published", LEAD + 1)


def _sighting(places: Places, element: int, seen: Seen, dated: bool, in_sentence: bool) -> Sighting:
    place = places.of(seen.line, element, labelled=seen.labelled or dated)
    trust, outside = rank(place, seen.labelled or (dated and place in {"body", "far"}))
    rejected = (
        "in_body" if seen.rejected and place in {"head", "lead"} and in_sentence else seen.rejected or outside
    )
    if seen.stamp.precision in {"month", "year"}:
        rejected = rejected or "not_nearest"
    if place == "above" and not seen.labelled and places.title is not None:
        trust += places.title - seen.line - 1
    if place in {"body", "far", "outside"}:
        signal = "text:footer"
    elif seen.labelled:
        signal = "text:label"
    else:
        signal = "text:lead" if place == "lead" else "text:header"
    return Sighting(seen.stamp, seen.text, signal, seen.kind, trust, rejected)


def _in_parts(
    page: Page, places: Places, language: str | None, captured_at: datetime | None, month: str | None
) -> Iterator[Sighting]:
    """Dates of the head that are laid over several blocks, lack their year, or are told by their distance."""
    middle = places.title if places.title is not None else places.start
    if middle is None:
        return
    last = min(places.last_of_head, middle + LONGEST)
    for number in range(max(0, middle - FAR_ABOVE), min(len(page.blocks), last + 1)):
        block = page.blocks[number]
        text = block.text
        if len(text) > date_relative.LONGEST:
            continue
        stamp, signal = None, "text:header"
        if _YEAR.fullmatch(text):
            text = _joined(page, number)
            stamp = next(iter(find(text, language)), None)
        elif _is_yearish(text):
            continue
        elif month and len(text) <= LONGEST_LABEL and any(map(str.isdigit, text)):
            stamp = next((s for s in find(f"{text} {month[:4]}", language) if s.value[:7] == month), None)
        if stamp is None and captured_at is not None:
            stamp, signal = date_relative.find(text, captured_at), "text:relative"
        place = places.of(number, block.element) if stamp else "outside"
        if stamp and stamp.precision != "month" and place in {"above", "head", "lead"}:
            trust, _ = rank(place, False)
            yield Sighting(stamp, text, signal, "published", max(trust, HEAD) + 5)


def _joined(page: Page, number: int) -> str:
    """A year with the small blocks before it: its day and month, or both in one."""
    parts = [page.blocks[number].text]
    for before in (number - 1, number - 2):
        if before < 0 or len(page.blocks[before].text) > LONGEST_PART:
            break
        parts.insert(0, page.blocks[before].text)
    return " ".join(parts)


def _around(page: Page, index: int) -> tuple[bool, bool]:
    """Whether an element, or the small one around it, is called a date's; and whether it is a caption."""
    element = page.elements[index]
    above = page.elements[max(0, element.parent)]
    captioned = element.tag in _CAPTIONS or above.tag in _CAPTIONS
    dated = _DATED.search(element.names.lower()) is not None or (
        above.stop - above.start <= LONGEST_PART and _DATED.search(above.names.lower()) is not None
    )
    return dated, captioned
