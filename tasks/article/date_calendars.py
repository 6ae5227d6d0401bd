"""Years and months of calendars other than the Gregorian one, in which some countries date their news."""

from __future__ import annotations

from datetime import date
from typing import Final
from unicodedata import normalize

from tasks.article.date_words import WORDS

_BUDDHIST_YEARS: Final = 543  # by which the Thai calendar is ahead
_SOLAR_HIJRI: Final = {
    normalize("NFC", name): i for i, name in enumerate(WORDS["solar_hijri_months"], start=1)
}
_EPOCH: Final = date(2024, 3, 20).toordinal() - 1  # the day before 1 Farvardin 1403
_EPOCH_YEAR: Final = 1403
_CYCLES: Final = 1595  # added to a year, its place in the cycles of leap years comes out


def solar_hijri_month(name: str) -> int | None:
    """The number of a month of the calendar of Iran and Afghanistan, by its name."""
    return _SOLAR_HIJRI.get(normalize("NFC", name))


def in_common_years(
    year: int, month: int | None, day: int | None, language: str | None
) -> tuple[int, int | None, int | None]:
    """A date in Gregorian terms, where its year can only be the Thai or the Iranian calendar's."""
    if 2500 <= year < 2650:
        return year - _BUDDHIST_YEARS, month, day
    if 1370 <= year < 1450 and month is not None and day is not None and language in {None, "fa", "ps"}:
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return year, None, day
        there = _before(year) - _before(_EPOCH_YEAR) + (month - 1) * 30 + min(month - 1, 6) + day
        here = date.fromordinal(_EPOCH + there)
        return here.year, here.month, here.day
    return year, month, day


def _before(year: int) -> int:
    """Days from an arbitrary one to the first of a Solar Hijri year, by the calendar's cycle of 33 years."""
    year += _CYCLES
    return 365 * year + year // 33 * 8 + (year % 33 + 3) // 4
