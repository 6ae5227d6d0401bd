"""Datelines: the place, date and agency that open an article's first paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.article.agency import credited, lookup
from tasks.article.byline_name import WORDS, normal_case

_NOT_PLACES = frozenset(WORDS["not_places"])
_CREDIT = re.compile(
    r"(?:[(\[]([^()\[\]]{2,50})[)\]]|(?:^|\s)/([^/]{2,40})/)\s*([.:]?\s*(?:[-–—]+|[:：])|\.)?"
)
_DASHED = re.compile(r"\s?(?:[-–—]{1,2}|\.-)\s|\s?\|\s")
_EAST_ASIA = re.compile(
    r"【(?P<p1>[^】\d]{1,12}?)(?:発|支局)?[=＝・]?(?P<a1>共同|時事|AFP|ロイター)[^】]{0,12}】"
    r"|[（(](?P<p2>[^=＝()（）]{1,12})[=＝](?P<a2>[^()（）]{2,12})[)）]"
    r"|(?P<a3>新华社|新華社|中新社|中央社)(?P<p3>[^\W\d_]{2,8}?)(?P<d3>\d{1,2}月)?(?:\d{1,2}日)?[电電]"
)
_PLACE_WORDS = 3  # of a place that no agency stands beside
_FIRST_PART = re.compile(r"[,;/&]| and | und | et | y ")
_UPPER_PLACE = re.compile(r"[^\W\d_]{2,}(?:[ .'’/-]{1,2}[^\W\d_]+){0,4}\.?(?:, [^\W\d_][\w.]*){0,2}\Z")


@dataclass(frozen=True, slots=True)
class Dateline:
    """``place`` in normal case, ``agencies`` by name as credited; ``end`` is where the paragraph's own words begin."""

    place: str | None
    agencies: tuple[str, ...]
    end: int

    @property
    def agency(self) -> str | None:
        """The first agency credited."""
        return next(iter(self.agencies), None)


def dateline(paragraph: str) -> Dateline | None:
    """Read the dateline of an article's first paragraph; None where it has none.

    "MOSCOW, Nov 18 (Reuters) - ", "(AP) — ", "Berlin (dpa) - ", "МОСКВА, 18 ноя — РИА Новости.",
    "CLEVELAND, Ohio – ", "【共同】". A place without an agency must be in capitals.
    """
    opening = paragraph[:120]
    if (match := _EAST_ASIA.match(opening)) and (
        agencies := credited(match["a1"] or match["a2"] or match["a3"])
    ):
        place = match["p1"] or match["p2"] or match["p3"]
        return Dateline(place, agencies, match.end())
    credit = _CREDIT.search(opening)
    if credit:
        agencies = _agencies(credit[1] or credit[2])
        before = opening[: credit.start()]
        if agencies and (credit[3] or not before.strip()):
            place = _place(before)
            if place or not before.strip():
                return Dateline(place, agencies, credit.end())
    dash = _DASHED.search(opening)
    if not dash or not dash.start():
        return None
    before, after = opening[: dash.start()], opening[dash.end() :]
    following = re.match(r"[^.:,]{2,24}(?=\.)", after)
    agencies = credited(following[0]) if following else ()
    place = _place(before)
    if place and agencies:
        return Dateline(place, agencies, dash.end() + len(following[0]) + 1 if following else dash.end())
    if (agencies := credited(before)) and lookup(_FIRST_PART.split(before)[0]):
        return Dateline(None, agencies, dash.end())
    head = before.split(",")[0].split("(")[0].strip()
    upper = sum(map(str.isupper, head)) > 2 and not any(map(str.islower, head))
    if place and upper and len(head.split()) <= _PLACE_WORDS and head.rstrip(".:") not in _NOT_PLACES:
        return Dateline(place, (), dash.end())
    return None


def _agencies(inner: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in re.split(r"[,;]| - ", inner) for name in credited(part)))


def _place(before: str) -> str | None:
    before = before.strip(" ,.:–—-")
    parts = [part.strip() for part in before.split(",")]
    named = [part for part in parts if part and not any(map(str.isdigit, part))]
    text = ", ".join(named)
    if not text or not _UPPER_PLACE.match(text) or not text[0].isalpha() or text[0].islower():
        return None
    return normal_case(text.rstrip("."))
