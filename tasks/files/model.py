"""What reading a file gives: a document, or the recorded reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Media = Literal["text", "html"]


class Outcome(StrEnum):
    """How reading one document ended. The list is closed: nothing else is ever reported."""

    READ = "read"
    EMPTY = "empty"
    """No bytes, only white space, a row with a blank text, a table or directory with nothing in it."""
    BINARY = "binary"
    """Neither text nor a format that holds documents: an image, a PDF, a program, an archive."""
    CORRUPT = "corrupt"
    """A container that breaks off or contradicts itself: gzip, zstd, WARC, Parquet, an HTTP body."""
    TOO_LARGE = "too_large"
    """Longer than ``Limits.max_document_bytes``; in a container the next record is read all the same."""
    BOMB = "bomb"
    """Compressed data that expands beyond ``Limits.max_ratio``."""
    BAD_RECORD = "bad_record"
    """A line or row that cannot be understood: broken JSON, wrong number of fields, no text and no HTML."""
    UNREADABLE = "unreadable"
    """No permission, an I/O error, or not a regular file (pipe, device, socket)."""
    MISSING = "missing"
    """No such path, a pattern that matches nothing, or a file that disappeared before it was read."""
    NOT_HTML_OR_TEXT = "not_html_or_text"
    """A capture of other content (a WARC record of an image, a PDF, JSON), or XML that is no page."""
    UNCHANGED = "unchanged"
    """A WARC revisit record: the server sent what an earlier capture already holds."""


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


class Refusal(Exception):
    """Raised by the readers of a container where it cannot be read any further. Never leaves the package."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        """``reason`` completes the sentence that starts with the file's name."""
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
