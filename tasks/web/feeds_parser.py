"""feedparser's two parsers, kept within bounds that hold for any input.

``feedparser.parse`` itself is not called: it opens what looks like a path or an address. Its parsers only ever see
text that is in memory, without document type (so there is no entity to expand, nor an external one to fetch), and
what costs more than linear time in them is bounded here.
"""

from __future__ import annotations

import io
import xml.sax
import xml.sax.handler
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from feedparser.api import LooseFeedParser, StrictFeedParser

from tasks.web.listing_values import MOST_ENTRIES

_MOST_ELEMENTS = 400_000  # of well-formed XML, at about 25 µs each
_MOST_LOOSE_ELEMENTS = 150_000  # at about 60 µs each
_MOST_TAGS = _MOST_NAMESPACES = 100
_LONGEST_ATTRIBUTE = 8192
_LONGEST_BASE = 2048
_LONGEST_BYLINE = 200
_LONGEST_VALUE = 8192  # of what is neither a title nor a text: dates, addresses, numbers
_BASES = frozenset(("base", "xml:base"))
_TEXTS = frozenset(("content", "description", "info", "rights", "subtitle", "summary", "title"))


class _Enough(Exception):
    """Raised within a parser to stop it."""


class _Bounded:
    """What both parsers do differently from feedparser's own. The names are feedparser's."""

    most_elements = _MOST_ELEMENTS
    elements = 0

    def unknown_starttag(self: Any, tag: str, attrs: list[tuple[str, str]]) -> None:
        """Stops at too many elements; leaves out attributes too long to be a name or an address.

        Each xml:base is kept for every element within it, and may add to the one around it.
        """
        self.elements += 1
        if self.elements > self.most_elements or len(self.entries) > MOST_ENTRIES:
            raise _Enough
        attrs = [
            (name, value)
            for name, value in attrs
            if len(value) <= _LONGEST_ATTRIBUTE
            and not (name.lower() in _BASES and len(self.baseuri) + len(value) > _LONGEST_BASE)
        ]
        super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def track_namespace(self: Any, prefix: str | None, uri: str) -> None:
        """Forgets namespaces beyond the first hundred: each element is compared with all of them."""
        if len(self.namespaces_in_use) < _MOST_NAMESPACES:
            super().track_namespace(prefix, uri)  # type: ignore[misc]

    def pop(self: Any, element: str, strip_whitespace: int = 1) -> Any:
        """Cuts long values, and remembers an entry's guid as it is written (feedparser resolves it as a link)."""
        stack, written = self.elementstack, ""
        if stack and stack[-1][0] == element and element not in _TEXTS:
            parts = (p.decode("utf-8", "replace") if isinstance(p, bytes) else p for p in stack[-1][2])
            written = "".join(parts)[:_LONGEST_VALUE]
            stack[-1][2] = [written]
        value = super().pop(element, strip_whitespace)  # type: ignore[misc]
        if element == "id" and self.inentry and not self.insource and self.entries[-1].get("id") == value:
            self.entries[-1]["id_as_written"] = self.decode_entities(element, written.strip())
        return value

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        """Looks for a mail address in bylines only; the pattern takes quadratic time."""
        if len(self._get_context().get(key) or "") <= _LONGEST_BYLINE:
            super()._sync_author_detail(key)  # type: ignore[misc]

    def _add_tag(self: Any, term: str | None, scheme: str | None, label: str | None) -> None:
        """Takes an entry's first hundred tags; each is compared with all before it."""
        if len(self._get_context().get("tags") or ()) < _MOST_TAGS:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    # Dublin Core's date is when an item of RSS was issued, and not (as for feedparser) when it was changed.
    def _start_dc_date(self: Any, attrs: dict[str, str]) -> None:
        self._start_published(attrs)

    def _end_dc_date(self: Any) -> None:
        self._end_published()


class _Strict(_Bounded, StrictFeedParser):  # type: ignore[misc]
    pass


class _Loose(_Bounded, LooseFeedParser):  # type: ignore[misc]
    most_elements = _MOST_LOOSE_ELEMENTS

    def handle_charref(self, ref: str) -> None:
        """A reference to what is no character must not end the feed."""
        try:
            super().handle_charref(ref)
        except (ValueError, OverflowError):
            self.handle_data("\ufffd")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed as feedparser names its parts, with texts as HTML where their ``_detail`` says so.

    ``version``: feedparser's, "" where no feed element was seen. ``entries`` have the guid ``id_as_written`` too.
    """

    version: str
    feed: dict[str, Any] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)


def parse(body: str, url: str) -> Parsed:
    """The feed in ``body``, which starts with its first element; ``url`` is its address.

    What is no well-formed XML is read by the loose parser as far as it goes.
    """
    strict = _prepared(_Strict(url, None, "utf-8"))
    reader = xml.sax.make_parser()
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(strict)
    reader.setErrorHandler(strict)
    source = xml.sax.InputSource()
    source.setByteStream(io.BytesIO(body.encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    try:
        reader.parse(source)
        return _parsed(strict)
    except _Enough:
        return _parsed(strict)
    except Exception:  # not well-formed, or one of the many things that feedparser does not expect
        pass
    loose = _prepared(_Loose(url, None, "utf-8", {}))
    with suppress(Exception):  # what it has read so far stands
        loose.feed(body)
    return _parsed(loose)


def _prepared(parser: Any) -> Any:
    # Texts are made plain, or extracted as a page is: they need no sanitizing, which takes most of the time.
    parser.resolve_relative_uris = parser.sanitize_html = False
    return parser


def _parsed(parser: Any) -> Parsed:
    # As plain dictionaries: feedparser's have other names for the same keys, and are ten times as slow.
    return Parsed(parser.version, dict(parser.feeddata), [dict(e) for e in parser.entries[:MOST_ENTRIES]])
