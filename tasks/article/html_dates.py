"""Every date that a page states or shows, in order of trust.

What a page states for machines comes first (JSON-LD of its own article, meta tags, microdata), then what it shows
its readers around the headline, then its URL's month and dates elsewhere. ``tasks.article.dates`` chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from tasks.article import date_zones, html_date_linked, html_date_markup, html_date_meta
from tasks.article.date_address import in_address
from tasks.article.date_header import Kind
from tasks.article.date_order import country_order, evidence, settled
from tasks.article.date_outcome import out_of_range
from tasks.article.date_text import Stamp
from tasks.article.date_value import LONGEST, parse
from tasks.article.html_date_place import Places
from tasks.article.html_date_shown import shown
from tasks.article.html_date_sighting import (
    BODY,
    BODY_LABELLED,
    DATA,
    HEAD,
    JSON_LD,
    JSON_LD_CREATED,
    JSON_LD_PAGE,
    LABELLED,
    META,
    META_WEAK,
    MICRODATA,
    URL,
    URL_MONTH,
    Sighting,
    rank,
)
from tasks.article.model import DateCandidate
from tasks.article.page import Page

MOST_TITLES: Final = 8  # objects of the page's JSON-LD whose headlines help to find its own
FEW: Final = 2  # bare days below one headline; more are a list's
_LINKED: Final = {
    "json-ld": JSON_LD,
    "json-ld:page": JSON_LD_PAGE,
    "json-ld:media": DATA,
    "json-ld:created": JSON_LD_CREATED,
}
_SHOWN: Final = range(LABELLED, DATA)


def dates_in_page(
    page: Page,
    start: int | None = None,
    *,
    url: str | None = None,
    captured_at: datetime | None = None,
    language: str | None = None,
) -> list[DateCandidate]:
    """Give a page's dates, the most trustworthy first, as ``dates.chosen`` expects them.

    ``start``: the body's first block, an index into ``page.blocks``; guessed where it is None. ``url``: of the page;
    its date is a candidate. ``captured_at``: when the page was fetched, an aware moment; a date told by its distance
    ("2 hours ago") counts from it, so give None where that is not known. ``language``: a code ("de") that settles
    which part of a numeric date is the day.
    """
    titles = [
        page.title,
        *page.metas.get("og:title", [])[:1],
        *(item.get("headline") for item in page.linked),
    ]
    known = [title for title in titles if isinstance(title, str) and title]
    places = Places(page, start, known)
    address = in_address(url)
    month = address[0] if address and len(address[0]) == 7 else None
    seen = [
        *_linked(page, url, language),
        *_metas(page, language),
        *_marked(page, places, language),
        *shown(page, places, language, captured_at, month),
    ]
    if address:
        day, written = address
        stamp = Stamp(day, "month" if month else "day", 0, 0)
        seen.append(Sighting(stamp, written, "url", "published", URL_MONTH if month else URL))
    orders = evidence((s.stamp, s.text) for s in seen) or country_order(url, page.language)
    seen = _agreed([replace(s, stamp=settled(s.stamp, orders, captured_at)) for s in seen])
    seen = _localised(seen, [*date_zones.places(url, page.language or language)])
    return [_candidate(s, captured_at) for s in sorted(seen, key=lambda s: s.rank)]


def _linked(page: Page, url: str | None, language: str | None) -> Iterator[Sighting]:
    addresses = [address for address in (url, *page.metas.get("og:url", [])[:1]) if address]
    for value, kind, signal, own in html_date_linked.stated(page, page.title, addresses):
        if stamp := parse(value, language):
            yield Sighting(
                stamp, value.strip()[:LONGEST], signal, kind, _LINKED[signal], None if own else "outside"
            )


def _metas(page: Page, language: str | None) -> Iterator[Sighting]:
    for value, kind, name, weak in html_date_meta.stated(page.metas):
        if stamp := parse(value, language):
            yield Sighting(stamp, value[:LONGEST], f"meta:{name}", kind, META_WEAK if weak else META)


def _marked(page: Page, places: Places, language: str | None) -> Iterator[Sighting]:
    for mark in html_date_markup.marked(page, places):
        stamp = parse(mark.value, language)
        if stamp is None:
            continue
        trust, rejected = rank(mark.place, mark.stated)
        if mark.signal == "microdata" and trust < BODY_LABELLED:
            trust = MICRODATA
        elif mark.signal == "data":
            trust = max(DATA, trust)
        yield Sighting(stamp, mark.value[:LONGEST], mark.signal, mark.kind, trust, rejected)


def _agreed(seen: Sequence[Sighting]) -> list[Sighting]:
    """The dates, without those that are of several days, as of several articles, where one article has but one.

    A bare date there, which is no article's by itself, is the page's where it is the only day in all the page.
    """
    labelled = _days(s for s in seen if s.rank == BODY_LABELLED and s.rejected is None)
    bare = _days(s for s in seen if s.rank == BODY)
    listed = _days(s for s in seen if s.rank == HEAD and s.rejected is None)
    return [
        replace(s, rejected=s.rejected or "ambiguous")
        if (s.rank == BODY_LABELLED and len(labelled[s.kind]) > 1)
        or (s.rank == HEAD and len(listed[s.kind]) > FEW)
        else replace(s, rejected=None)
        if s.rank == BODY and s.rejected == "outside" and len(bare[s.kind]) == 1
        else s
        for s in seen
    ]


def _localised(seen: Sequence[Sighting], origin: Sequence[str]) -> list[Sighting]:
    """The dates, with UTC instants in the offset of the place, where the page shows the day that they are there."""
    shown = {
        s.stamp.value
        for s in seen
        if s.stamp.precision == "day" and s.rejected is None and s.rank in _SHOWN and s.kind == "published"
    }
    if not shown:
        return list(seen)
    offsets = date_zones.written_offsets(s.stamp.value for s in seen)
    return [
        replace(s, stamp=replace(s.stamp, value=date_zones.localised(s.stamp.value, shown, offsets, origin)))
        if s.kind == "published" and s.stamp.other is None
        else s
        for s in seen
    ]


def _days(seen: Iterable[Sighting]) -> dict[Kind, set[str]]:
    days: dict[Kind, set[str]] = {"published": set(), "modified": set()}
    for s in seen:
        days[s.kind].add(s.stamp.value[:10])
    return days


def _candidate(s: Sighting, captured_at: datetime | None) -> DateCandidate:
    value, precision, rejected = s.stamp.value, s.stamp.precision, s.rejected
    if s.stamp.other is not None:  # only the year is common to both readings
        value, precision, rejected = value[:4], "year", rejected or "ambiguous"
    return DateCandidate(
        value, precision, s.signal, s.text, s.kind, rejected or out_of_range(value, captured_at)
    )
