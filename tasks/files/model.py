"""What reading a file gives: a document, or the recorded reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Media = Literal["text", "html"]


class Outcome(StrEnum):
    """How reading one document ended, each with what it means. The list is closed: nothing else is reported."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Outcome:
        """A member that is the string ``value``."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    READ = "read", "read, and not settled yet; no stored capture has it"
    EMPTY = (
        "empty",
        "no bytes, only white space, a row whose text is blank, a table or folder with nothing in it",
    )
    BINARY = (
        "binary",
        "neither text nor a format that holds documents: an image, a PDF, a program, an archive",
    )
    CORRUPT = (
        "corrupt",
        "a container that breaks off or contradicts itself: gzip, zstd, WARC, Parquet, HTTP body",
    )
    TOO_LARGE = (
        "too_large",
        "longer than a document may be; in a container the next record is read all the same",
    )
    BOMB = "bomb", "compressed data that expands beyond the ratio allowed"
    BAD_RECORD = "bad_record", "a line or row that is broken, has wrong fields, or neither text nor HTML"
    UNREADABLE = "unreadable", "no permission, an I/O error, or not a regular file (pipe, device, socket)"
    MISSING = (
        "missing",
        "no such path, a pattern that matches nothing, or a file that went before it was read",
    )
    NOT_HTML_OR_TEXT = (
        "not_html_or_text",
        "a capture of other content: a WARC record of an image, a PDF, JSON, XML",
    )
    UNCHANGED = (
        "unchanged",
        "the lake holds it already, or a WARC revisit: the server sent what it had sent before",
    )
    # How fetching may end beside these.
    LISTED = (
        "listed",
        "a list (feed, sitemap, index page) that was read and changed; a source as it is declared",
    )
    DUPLICATE = "duplicate", "a feed that names the very addresses that another feed of its host names"
    MALFORMED = "malformed", "meant to be a list, and cannot be read as one"
    EXCLUDED = "excluded", "left out by the source's include and exclude patterns"
    OUT_OF_RANGE = "out_of_range", "dated outside the days that the run was asked for"
    ROBOTS = "robots", "forbidden by the host's robots.txt"
    ADDRESS = "address", "an address that may not be fetched: private, loopback, link-local, no http(s)"
    NOT_FOUND = "not_found", "HTTP 404, or a page that says so with another status"
    GONE = "gone", "HTTP 410; it is not asked for again"
    DENIED = "denied", "HTTP 401, 402, 403, 407 or 451"
    CLIENT_ERROR = "client_error", "another HTTP status from 400 to 499, or one that makes no sense"
    RATE_LIMITED = "rate_limited", "HTTP 429; the whole host is asked more slowly"
    SERVER_ERROR = "server_error", "HTTP 500 to 599"
    UNREACHABLE = "unreachable", "no address, no connection, or no TLS"
    TIMEOUT = "timeout", "a deadline passed: to connect, between two reads, or for the whole"
    BROKEN = "broken", "the connection or its encoding broke off before the whole body was there"
    REDIRECT_LOOP = "redirect_loop", "redirects in a circle, too many of them, or to nowhere"
    # What a page may be that was read, and is no article.
    LIST_PAGE = (
        "list_page",
        "a page that names articles and is none: a front page, a section, a topic, the results of a search",
    )
    BOT_WALL = (
        "bot_wall",
        "a check for robots, a question for consent, or nothing without JavaScript; it is asked for again",
    )
    PAYWALL = (
        "paywall",
        "a page that asks for a subscription or a login, and shows nothing of its article",
    )
    MEDIA = "media", "pictures, a video or a recording, without a text"
    DEFERRED = "deferred", "not asked for in this run: the host asked to wait, or the run's time was over"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one input may cost. Sizes are bytes.

    ``max_document_bytes``: the longest document, line, row or record that is read.
    ``max_ratio``: how many bytes one compressed byte may become. It counts once a document has outgrown
    ``max_document_bytes``, or once ``max_expanded_bytes`` went by without one whole record (a stream of
    records may be of any length, a single line of it may be streamed past up to that far).
    """

    max_document_bytes: int = 32 << 20
    max_expanded_bytes: int = 4 << 30
    max_ratio: int = 200


@dataclass(frozen=True, slots=True)
class Document:
    """One document read from a file, or the recorded failure to read one.

    ``location`` is the file's URI; in a file of several documents with ``#line=`` (JSON lines), ``#row=``
    (CSV, Parquet, JSON arrays; both count from 1, without a table's header) or ``#offset=`` (WARC: the byte
    where the record or its gzip member starts; ``#record=``, from 1, where records share a member).
    ``body`` holds the bytes as captured, None unless ``outcome`` is ``read``. ``charset`` is the declared
    one, None for files of text or HTML. ``captured_at`` is UTC. ``size`` counts the bytes of the document, or
    of the line, record or file that was refused (0 where unknown). ``error`` is one line with its name.
    ``given`` holds metadata stated beside the body, only what is present and of a sensible type: the strings
    ``id``, ``title``, ``subtitle``, ``published_at``, ``modified_at``, ``outlet``, ``language``, ``section``
    and the lists of strings ``authors``, ``tags``, all as written.
    """

    location: str
    body: bytes | None = None
    media: Media | None = None
    charset: str | None = None
    url: str | None = None
    captured_at: datetime | None = None
    status: int | None = None
    content_type: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome = Outcome.READ
    error: str | None = None
    size: int = 0


DEFAULT_LIMITS = Limits()


def moment(location: str, status: int | None, at: datetime) -> dict[str, datetime]:
    """``at`` as the extractor takes it: when a server's answer was captured; a file that was none does not say, and
    was only read then."""
    answered = status is not None or location.startswith(("http:", "https:"))
    return {"captured_at" if answered else "loaded_at": at}


class Refusal(Exception):
    """Raised by the readers of a container where it cannot be read any further. Never leaves the package."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        """``reason`` completes the sentence that starts with the file's name."""
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
