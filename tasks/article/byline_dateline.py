"""Datelines: the place, date and agency that open an article's first paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.article.agency import lookup
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
_WITHOUT_DATE = re.compile(r"[,.]?\s*[^,]*\d[^,]*(?:,\s*)?")
_UPPER_PLACE = re.compile(r"[^\W\d_]{2,}(?:[ .'’/-]{1,2}[^\W\d_]+){0,4}\.?(?:, [^\W\d_][\w.]*){0,2}\Z")


@dataclass(frozen=True, slots=True)
class Dateline:
    """``place`` in normal case, ``agency`` by its name; ``end`` is where the paragraph's own words begin."""

    place: str | None
    agency: str | None
    end: int


def dateline(paragraph: str) -> Dateline | None:
    """Read the dateline of an article's first paragraph; None where it has none.

    "MOSCOW, Nov 18 (Reuters) - ", "(AP) — ", "Berlin (dpa) - ", "МОСКВА, 18 ноя — РИА Новости.",
    "CLEVELAND, Ohio – ", "【共同】". A place without an agency must be in capitals.
    """
    opening = paragraph[:120]
    if (match := _EAST_ASIA.match(opening)) and (agency := lookup(match["a1"] or match["a2"] or match["a3"])):
        place = match["p1"] or match["p2"] or match["p3"]
        return Dateline(place, agency, match.end())
    credit = _CREDIT.search(opening)
    if credit:
        agency = _agency(credit[1] or credit[2])
        before = opening[: credit.start()]
        if agency and (credit[3] or not before.strip()):
            place = _place(before)
            if place or not before.strip():
                return Dateline(place, agency, credit.end())
    dash = _DASHED.search(opening)
    if not dash or not dash.start():
        return None
    before, after = opening[: dash.start()], opening[dash.end() :]
    following = re.match(r"[^.:,]{2,24}(?=\.)", after)
    agency = lookup(following[0]) if following else None
    place = _place(before)
    if place and agency:
        return Dateline(place, agency, dash.end() + len(following[0]) + 1 if following else dash.end())
    if first := lookup(before):
        return Dateline(None, first, dash.end())
    head = before.split(",")[0].split("(")[0].strip()
    upper = sum(map(str.isupper, head)) > 2 and not any(map(str.islower, head))
    if place and upper and head.rstrip(".:") not in _NOT_PLACES:
        return Dateline(place, None, dash.end())
    return None


def _agency(inner: str) -> str | None:
    return next((found for part in re.split(r"[,;]| - ", inner) if (found := lookup(part))), None)


def _place(before: str) -> str | None:
    before = before.strip(" ,.:–—-")
    parts = [part.strip() for part in before.split(",")]
    named = [part for part in parts if part and not any(map(str.isdigit, part))]
    text = ", ".join(named)
    if not text or not _UPPER_PLACE.match(text) or not text[0].isalpha() or text[0].islower():
        return None
    return normal_case(text.rstrip("."))
