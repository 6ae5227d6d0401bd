"""An instant that is written in UTC, given in the offset of the place where it was a shown day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final
from urllib.parse import urlsplit

from tasks.article.date_words import WORDS

# Minutes east of UTC in winter, by country (as in top-level domains) or language, where there is but one zone.
_STANDARD: Final[dict[str, int]] = {
    place: int(minutes) for minutes, places in WORDS["standard_offsets"].items() for place in places
}
_SUMMER: Final = frozenset(WORDS["european_summer_time"])


def written_offsets(values: Iterable[str]) -> list[timezone]:
    """The offsets other than UTC in which ISO 8601 values are written, each once, in their order."""
    found = dict.fromkeys(
        value[-6:] for value in values if len(value) > 16 and value[-6] in "+-" and "T" in value
    )
    return [zone for text in found if (zone := _zone(text)) is not None and zone != UTC]


def places(url: str | None, tag: str | None) -> Iterator[str]:
    """What says where a page is from: its URL's top-level domain, its language tag's region, its language."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        host = ""
    language, _, region = (tag or "").lower().replace("_", "-").partition("-")
    yield from (f".{host.rpartition('.')[2]}", f".{region}", language)


def localised(value: str, days: Collection[str], offsets: Iterable[timezone], origin: Iterable[str]) -> str:
    """A UTC instant, in the first offset in which it is on one of ``days`` ("2024-05-03"); else as it was.

    The offsets are those of the page's other dates, then the one of ``origin`` (see ``places``).
    """
    if not days or value[:10] in days or not value.endswith("+00:00") or len(value) < 22:
        return value
    moment = datetime.fromisoformat(value)
    for zone in (*offsets, *_of_places(origin, moment)):
        try:
            local = moment.astimezone(zone)
        except OverflowError:
            continue
        if local.date().isoformat() in days:
            return local.isoformat(timespec="seconds" if len(value) > 22 else "minutes")
    return value


def _of_places(origin: Iterable[str], moment: datetime) -> Iterator[timezone]:
    for place in origin:
        if place in _STANDARD:
            summer = place in _SUMMER and _is_european_summer(moment)
            yield timezone(timedelta(minutes=_STANDARD[place] + (60 if summer else 0)))
            return


def _is_european_summer(moment: datetime) -> bool:
    """From the last Sunday of March to the last one of October, 1:00 UTC."""
    begin, end = (
        datetime.combine(_last_sunday(moment.year, month), datetime.min.time(), UTC) + timedelta(hours=1)
        for month in (3, 10)
    )
    return begin <= moment < end


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _zone(text: str) -> timezone | None:
    try:
        return timezone(timedelta(minutes=int(text[0] + "1") * (60 * int(text[1:3]) + int(text[4:]))))
    except ValueError:
        return None
