"""Dates written for machines: ISO 8601, RFC 2822, epochs; and what people write in their place."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from tasks.article.date_text import Stamp, find
from tasks.article.model import Precision

LONGEST: Final = 80  # characters of a value that are read
_ISO: Final = re.compile(
    r"\s*(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ]\s?(?P<hm>\d\d:\d\d)(?::(?P<s>\d\d)(?:[.,:]\d{1,9})?)?"
    r"\s?(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?(?:\[\S+\])?)?\s*"
)
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z)?)?")
_ASCTIME: Final = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d\d?) (\d\d:\d\d:\d\d)((?: [A-Z]{3,4}| [+-]\d{4})?) (\d{4})"
)
_EPOCH: Final = re.compile(r"(\d{9,10})(?:\.\d+|\d{3})?")


def parse(text: str, language: str | None = None) -> Stamp | None:
    """Read an attribute's value; None where it holds no date. ``start`` and ``end`` count in the stripped value.

    Epochs are of seconds or milliseconds. Midnight to the second is what programs write for a day without a time:
    it is read as the day.
    """
    text = text.strip()[:LONGEST]
    if match := _ISO.fullmatch(text):
        return _stamp(match["day"], match["hm"], match["s"], match["zone"], len(text))
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = match.groups()
        if stamp := _stamp(f"{year}-{month}-{day}", hour and f"{hour}:{minute}", second, zone, len(text)):
            return stamp
    if match := _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(match[1]), UTC)
        return Stamp(moment.isoformat(timespec="seconds"), "second", 0, len(text))
    text = _ASCTIME.sub(r"\2 \1 \5 \3\4", text)
    stamp = next(iter(find(text, language)), None)
    if stamp is not None and stamp.precision == "second" and _is_midnight(stamp.value):
        return Stamp(stamp.value[:10], "day", stamp.start, stamp.end, stamp.other and stamp.other[:10])
    return stamp


def _stamp(day: str, clock: str | None, second: str | None, zone: str | None, length: int) -> Stamp | None:
    try:
        date.fromisoformat(day)
    except ValueError:
        return None
    if clock is None or not clock < "24:00" or clock[3:] > "59" or (second or "00") > "59":
        return Stamp(day, "day", 0, length)
    value = f"{day}T{clock}" + (f":{second}" if second else "")
    if second and _is_midnight(value):
        return Stamp(day, "day", 0, length)
    precision: Precision = "second" if second else "minute"
    return Stamp(value + _offset(zone), precision, 0, length)


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    if zone in "Zz":
        return "+00:00"
    return f"{zone[:3]}:{zone[-2:] if len(zone) > 3 else '00'}"


def _is_midnight(value: str) -> bool:
    return value[10:19] == "T00:00:00"
