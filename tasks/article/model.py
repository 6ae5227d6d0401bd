"""What extraction returns: plain values, no behaviour beyond their own shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Precision = Literal["year", "month", "day", "hour", "minute", "second"]
QuoteKind = Literal["direct", "partial", "scare"]


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A field's value with the signal it came from, or None with the reason why it is unknown."""

    value: T | None
    signal: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date seen in a document, whether or not it became the article's.

    ``value`` is ISO 8601 cut to ``precision`` (``2021-11-21T15:25``), with the offset only where it was
    written; ``signal`` names where it stood (``json-ld``, ``text:header``, ``text:caption``, …); ``text`` is
    the passage as written; ``rejected`` says why it is not the article's date, None for the one chosen.
    """

    value: str
    precision: Precision
    signal: str
    text: str
    kind: Literal["published", "modified"]
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in quotation marks within ``Article.text``.

    ``text`` is what stands between the marks, i.e. ``article.text[start:end]`` (for a broken or
    multi-paragraph quote: the parts joined, ``start`` of the first and ``end`` of the last).
    ``speaker`` is the fullest name the article gives, without titles and roles; ``speaker_as_written`` is
    what stands beside the quote ("the diplomat", "he", "Ryabkov"); both None where nobody certain said it.
    """

    text: str
    speaker: str | None
    speaker_as_written: str | None
    verb: str | None
    kind: QuoteKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """What we made of one document. Field by field the contract of ``newslake extract``.

    ``published_at`` and ``modified_at`` are ISO 8601, only as precise as the source says. ``text`` has
    paragraphs separated by a blank line. ``field_errors`` maps each field that is None or empty to its reason.
    """

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    dateline: str | None = None
    outlet: str | None = None
    canonical_url: str | None = None
    published_at: str | None = None
    published_precision: Precision | None = None
    published_from: str | None = None
    date_candidates: tuple[DateCandidate, ...] = ()
    modified_at: str | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    text: str = ""
    quotes: tuple[Quote, ...] = ()
    field_errors: dict[str, str] = field(default_factory=dict)
