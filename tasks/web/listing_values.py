"""The values that lists are made of, whatever their form: text, addresses and moments in one spelling."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_tz
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from tasks.article.date_text import find
from tasks.article.date_words import offset
from tasks.article.normalise import normalise

MOST_ENTRIES = 50_000  # of one list; the protocol of sitemaps allows no more
LONGEST_URL = 8192  # characters; a longer one is no address
LONGEST_MARKUP = 2 << 20  # characters of one text that are looked at
LONGEST_LINE = 2000  # characters of a title, name or tag

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "td", "th", "tr", "ul",
))  # fmt: skip
_UNSEEN = ("script", "style", "template")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&#?\w+;")
_BREAKS = re.compile("[\t\r\n]")
# An absolute address without anything to resolve, encode or refuse: nearly all of them.
_ABSOLUTE = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::\d{1,4})?(?:[/?#][!-~]{0,2000})?")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_ISO = re.compile(
    r"(?P<day>(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?)"
    r"(?:[Tt ](?P<clock>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s?(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?"
)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(Z?)")


class Malformed(ValueError):
    """What was meant to be a list cannot be read as one; the message is the reason, in one line."""


def line(text: object, most: int = LONGEST_LINE) -> str | None:
    """The first ``most`` characters of ``text`` on one line, its entities decoded; None where nothing is left.

    Entities stay in what is plain text by its format only because someone escaped it twice: no headline means
    ``&#8217;`` as written.
    """
    if not isinstance(text, str) or not text:
        return None
    text = text[:most]
    return " ".join(normalise(html.unescape(text) if "&" in text else text).split()) or None


def plain(markup: object, most: int = LONGEST_MARKUP) -> str | None:
    """What a reader sees of a piece of HTML, on one line of ``most`` characters; None where that is nothing."""
    if not isinstance(markup, str):
        return None
    markup = markup[:LONGEST_MARKUP]
    if _MARKUP.search(markup) and (tree := page(f"<div>{markup}</div>")) is not None:
        etree.strip_elements(tree, *_UNSEEN, with_tail=False)
        markup = "".join(_seen(tree))
    return " ".join(normalise(markup).split())[:most].rstrip() or None


def _seen(tree: Any) -> Iterator[str]:
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BLOCKS:
            yield " "
        yield (element.text if event == "start" else element.tail) or ""


def page(markup: str) -> Any | None:
    """The tree of an HTML page, without comments; None where there is no element."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def address(base: str, reference: object) -> str | None:
    """The absolute http(s) address that ``reference`` means in a document at ``base``; None where it means none.

    Line breaks within it are dropped and spaces encoded, as browsers do; other control characters make it none.
    """
    if not isinstance(reference, str):
        return None
    if _ABSOLUTE.fullmatch(reference):
        return reference
    reference = _BREAKS.sub("", reference.strip()).replace(" ", "%20")
    if not reference or len(reference) > LONGEST_URL or _FORBIDDEN.search(reference):
        return None
    try:
        url = urljoin(base, reference)
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or len(url) > LONGEST_URL:
        return None
    return url


def moment(text: object) -> str | None:
    """A written date as ISO 8601, as precise as it is written and with its offset; None where that is unsure.

    Reads ISO 8601 and W3CDTF, RFC 822 with its usual mistakes, and dates in the words of many languages. A date
    that may put the day or the month first is unsure. Fractions of a second are dropped.
    """
    if not isinstance(text, str) or not (text := text.strip()[:100]):
        return None
    if match := _ISO.fullmatch(text):
        return _iso(match["day"], match["clock"], match["zone"])
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = match.groups()
        return _iso(f"{year}-{month}-{day}", f"{hour}:{minute}:{second}", zone)
    stamps = find(text)
    if len(stamps) == 1:
        return stamps[0].value if stamps[0].other is None else None
    return None if stamps else _rfc822(text)


def whole(text: str) -> str:
    """``text`` without lone surrogates, which JSON can write and no table can store."""
    return text.encode("utf-8", "replace").decode("utf-8")


def distinct(values: Iterable[str | None], most: int = 100) -> tuple[str, ...]:
    """The first ``most`` different values that are there, in order."""
    return tuple(dict.fromkeys(value for value in values if value))[:most]


def _iso(day: str, clock: str | None, zone: str | None) -> str | None:
    if clock and len(day) < 10:
        return None
    value = f"{day}T{clock}" if clock else day
    if zone:
        value += "+00:00" if zone in "Zz" else f"{zone[:3]}:{zone[-2:]}"
    try:
        datetime.fromisoformat(value if len(day) == 10 else f"{day}-01-01"[:10])
    except ValueError:
        return None
    return value


def _rfc822(text: str) -> str | None:
    """What only RFC 822 allows: years of two digits, the year at the end, names of zones."""
    try:
        parsed = parsedate_tz(text)
        if parsed is None:
            return None
        when = datetime(*parsed[:6])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not 1990 <= when.year <= 2100:
        return None
    zone = re.search(r"([+-]\d{4}|\b[A-Z]{1,5})(?:\s+\d{4})?$", text)
    return when.isoformat() + ((offset(zone[1], when.date()) if zone else None) or "")
