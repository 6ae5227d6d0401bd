"""Dates written in a line of text, in any of the languages whose months we know.

Numbers first: a line without a year-like number holds no date, so nothing else is looked at. Every pattern
is anchored on digits and bounded in length: the time is linear in the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import decimal

from tasks.article.date_calendars import in_common_years, solar_hijri_month
from tasks.article.date_words import DAY_FIRST, YEAR_FIRST, month, offset
from tasks.article.model import Precision

_REACH = 28  # characters around a year that the rest of its date stands in
LONGEST = 20_000  # characters of one line that are searched

_YEARISH = re.compile(r"\d(?:\d{3}(?!\d)|[./-]\s?\d\d?[./-]\s?\d\d|\d{0,2}\s?年)")
_OTHER_DIGITS = re.compile(r"[^\D0-9]")
_WORD = (
    r"(?:كانون (?:الأول|الثاني)|تشرين (?:الأول|الثاني)|[ก-ฮ]ี?\.[ก-ฮ]|เม\.ย|[^\W\d_][^\s\d.,;:()/|–—-]{1,13})"
)
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|°|-?го|ος|\.)?"
_OF = r"(?:de |del |of |d[’']|o |ng )?"
_SECOND_NAME = r"(?:/[^\W\d_]{2,10})?"  # "مايو/أيار"
_ALTERNATIVES = (
    r"(?P<y1>\d{4})(?P<s1>[-/.])\s?(?P<m1>\d{1,2})(?P=s1)\s?(?P<d1>\d{1,2})(?!\d)",  # 2024-05-03
    r"(?P<y2>\d{4})\s?[年년]\s?(?P<m2>\d{1,2})\s?[月월]\s?(?P<d2>\d{1,2})\s?[日일号號]",
    r"(?:令和|民國|民国)\s?(?P<y9>\d{1,3})\s?年\s?(?P<m9>\d{1,2})\s?月\s?(?P<d9>\d{1,2})\s?日",
    r"(?P<a3>\d{1,2})(?P<s3>[./-])\s?(?P<b3>\d{1,2})(?P=s3)\s?(?P<y3>\d{4}|\d\d)(?!\d|[.:/-]\d)",  # 3.5.2024
    rf"(?P<d4>\d{{1,2}}){_ORDINAL},?[ /-]?{_OF}(?P<w4>{_WORD}){_SECOND_NAME}"  # 3rd of May, 2024
    r"(?:[.,،]{0,2}[ -]?(?:de |del |of )?|'|/)(?P<y4>\d{4})(?!\d)",
    rf"(?P<y10>\d{{4}})\. gada (?P<d10>\d{{1,2}})\. (?P<w10>{_WORD})",  # 2024. gada 3. maijs
    rf"(?P<y5>\d{{4}})(?:[.,،]|\. gada|ko| m\.)?[ -](?P<w5>{_WORD})\.?[ -](?P<d5>\d{{1,2}})(?!\d)",  # 2024. május 3
    r"(?P<d8>\d{1,2}) tháng (?P<m8>\d{1,2})(?:,|,? năm) (?P<y8>\d{4})(?!\d)",
)
_PATTERNS = re.compile(
    rf"(?<![A-Za-zÀ-ɏЀ-ӿ])(?:(?<![\d.:/-])(?:{'|'.join(_ALTERNATIVES)})"
    rf"|(?<![^\W\d_])(?P<w6>{_WORD})[.,]? (?P<d6>\d{{1,2}}){_ORDINAL},? "  # May 3, 2024
    r"(?:de |del )?(?P<y6>\d{4})(?!\d)"
    rf"|(?<![^\W\d_])(?<!\d )(?P<w7>{_WORD})[.,]? (?:de |del )?(?P<y7>\d{{4}})(?!\d))"  # May 2024
)
_ZONE = (
    r"(?P<zone>Z\b|(?:(?:GMT|UTC) ?)?[+−-]\d{1,2}:?\d{2}\b|(?:GMT|UTC)[+-]\d{1,2}\b"
    r"|\(?(?:[A-Z]{2,5}|МСК|[A-Z]\.[A-Z]\.)\b\)?)"
)
_CLOCK = (
    r"(?P<half>(?:[ap]\.?m\.?|午前|午後|上午|下午|晚上|早上|凌晨|오전|오후)\s?)?"
    r"(?P<h>\d{1,2})(?:[:.hH時时点]|시\s?| h )(?P<m>\d{2})[分분]?(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?:\s?(?P<ampm>[apAP]\.?\s?[mM]\b\.?|[πμ]\.?μ\.?|[صم]\b|SA\b|CH\b))?(?:\s?(?:[Uu]hr|uur|hrs?|h|ч)\b\.?)?"
    rf"(?:\s?{_ZONE})?"
)
_AT = (
    r"at|um|à|a las?|às|alle(?: ore)?|ore|om|klo?\.?|o|о|об|в|v|saat|u|ob|pada|pukul|jam|ora|orele|na|"
    r"время|time|الساعة|ساعت|เวลา|lúc|g\.|godz\."
)
_YEAR_WORD = r"(?:\s?(?:года?|год|року|рік|г\.|р\.|m\.|yıl[ıi]?))?"  # what some languages add to the year
_WEEKDAY = r"(?:\s?[(（][^\W\d_]{1,9}\.?[)）])?"
_BETWEEN = r"[\s,|·•@()–—-]{0,4}"
_AFTER = re.compile(rf"(?:T|{_YEAR_WORD}\.?{_WEEKDAY}{_BETWEEN}(?:(?:{_AT})[\s:]{{1,2}})?){_CLOCK}")
_ON = r"(?:(?:on|am|le|el|del|il|op|den)\s)?(?:\(?[^\W\d_]{2,13}\.?\)?,?\s)?"
_BEFORE = re.compile(rf"(?<![\d.:/-]){_CLOCK}[\s,|·•()–—-]{{0,4}}{_ON}\Z")
_NUMBERS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
_ERAS = {"令和": 2018, "民國": 1911, "民国": 1911}  # the year before the first
_CLOCKISH = re.compile(r"\d(?:[:.hH時时点시]| h )\d\d")
_PM = {"pm", "午後", "下午", "晚上", "오후", "μμ", "م", "ch"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date in a text: ISO 8601 ``value`` cut to ``precision`` and the characters [start, end) it stands in.

    ``other`` is the second reading of a numeric date that may put the day or the month first; ``value`` then
    puts the day first.
    """

    value: str
    precision: Precision
    start: int
    end: int
    other: str | None = None


def find(line: str, language: str | None = None) -> list[Stamp]:
    """Find the dates of a line from left to right; days and months without a year are none."""
    if len(line) > LONGEST:
        line = line[:LONGEST]
    if not line.isascii() and _OTHER_DIGITS.search(line):
        line = _OTHER_DIGITS.sub(lambda match: str(decimal(match[0])), line)
    return list(_stamps(line, language)) if _YEARISH.search(line) else []


def is_mostly_dates(line: str, language: str | None = None) -> bool:
    """Whether dates are half of a line's characters or more, as where a label stands before its date."""
    return 2 * sum(stamp.end - stamp.start for stamp in find(line, language)) >= len(line) > 0


def _stamps(line: str, language: str | None) -> Iterator[Stamp]:
    position = floor = 0  # a clock before the floor belongs to the date before it
    while near := _YEARISH.search(line, position):
        match = _PATTERNS.search(line, max(position, near.start() - _REACH), near.end() + _REACH)
        if match is None:
            position = near.end()
            continue
        readings = _readings(match, language)
        if not readings:
            # The next date may begin inside what was misread ("page 3 May 2024").
            position = match.start() + 1
            while position < len(line) and line[position].isalnum() and line[position - 1].isalnum():
                position += 1
            continue
        stamp = _with_time(line, match, readings[0], floor)
        if len(readings) > 1:
            other = _with_time(line, match, readings[1], floor)
            stamp = replace(stamp, other=other.value)
        yield stamp
        position = floor = max(stamp.end, match.end())


def _readings(match: re.Match[str], language: str | None) -> list[tuple[int, int, int | None]]:
    """Give (year, month, day or None) as understood: none, one, or two where the order is open."""
    got = match.groupdict()
    triples: list[tuple[int, int | None, int | None]] = []
    number = next(n for n in _NUMBERS if got[f"y{n}"])
    year = int(got[f"y{number}"])
    if number == "3":
        triples = _numeric(int(got["a3"]), int(got["b3"]), got["y3"], got["s3"], language)
    elif f"m{number}" in got:
        first = _ERAS[match[0][:2]] if number == "9" else 0
        triples = [(first + year, int(got[f"m{number}"]), int(got[f"d{number}"]))]
    elif number == "7":
        triples = [(year, month(got["w7"], language), None)]
    else:
        triples = [(year, month(got[f"w{number}"], language), int(got[f"d{number}"]))]
        if triples[0][1] is None:
            triples = [(year, solar_hijri_month(got[f"w{number}"]), int(got[f"d{number}"]))]
    triples = [in_common_years(*triple, language) for triple in triples]
    return [(y, m, d) for y, m, d in triples if m is not None and _real(y, m, d)]


def _numeric(
    a: int, b: int, year: str, separator: str, language: str | None
) -> list[tuple[int, int | None, int | None]]:
    if len(year) == 2 and language in YEAR_FIRST:
        return [(2000 + a, b, int(year))]
    y = int(year) if len(year) == 4 else 2000 + int(year)
    if separator == "." or language in DAY_FIRST or a == b:
        return [(y, b, a)]
    return [(y, b, a), (y, a, b)]


def _real(year: int, month_: int, day: int | None) -> bool:
    try:
        date(year, month_, 1 if day is None else day)
    except ValueError:
        return False
    return 1800 <= year <= 2199


def _with_time(line: str, match: re.Match[str], reading: tuple[int, int, int | None], floor: int) -> Stamp:
    year, month_, day = reading
    start, end = match.span()
    if day is None:
        return Stamp(f"{year:04d}-{month_:02d}", "month", start, end)
    value = f"{year:04d}-{month_:02d}-{day:02d}"
    clock = _AFTER.match(line, end) or None
    parsed = _clock(clock, date(year, month_, day)) if clock else None
    if clock and parsed:
        end = clock.end()
    else:
        window = max(floor, start - 40)
        clock = _BEFORE.search(line[window:start]) if _CLOCKISH.search(line, window, start) else None
        parsed = _clock(clock, date(year, month_, day)) if clock else None
        if clock and parsed:
            start = window + clock.start()
    if not parsed:
        return Stamp(value, "day", start, end)
    return Stamp(f"{value}T{parsed[0]}", parsed[1], start, end)


def _clock(match: re.Match[str], day: date) -> tuple[str, Precision] | None:
    hour, minute = int(match["h"]), int(match["m"])
    half = (match["half"] or match["ampm"] or "").replace(".", "").replace(" ", "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in _PM else 0)
    if hour > 23 or minute > 59:
        return None
    value = f"{hour:02d}:{minute:02d}"
    precision: Precision = "minute"
    if match["s"] and int(match["s"]) < 60:
        value, precision = f"{value}:{match['s']}", "second"
    zone = offset(match["zone"].strip("()"), day) if match["zone"] else None
    return value + (zone or ""), precision
