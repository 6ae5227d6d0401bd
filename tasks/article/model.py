"""What extraction returns: plain values, no behaviour beyond their own shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")

Precision = Literal["year", "month", "day", "hour", "minute", "second"]
QuoteKind = Literal["direct", "partial", "scare"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value seen for a field: what, by which signal, and why it is not the field's (None for the one chosen)."""

    value: object
    signal: str
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A field's value with the signal it came from, or None with the reason why it is unknown; and all that
    was seen on the way, in order of trust."""

    value: T | None
    signal: str | None = None
    reason: str | None = None
    candidates: tuple[Candidate, ...] = ()


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

    ``kind``: what the document is ("article", or why ``text`` is empty, see ``page_kind``). ``agencies``: as credited,
    in order. ``published_at`` and ``modified_at`` are ISO 8601, only as precise as the source says. ``text`` has
    paragraphs separated by a blank line. ``language_confidence``: 0 to 1, None where the language was not told
    from the text. ``corrections``: notes that the article was changed, in ``text`` or beside it; None where
    its language does not let us tell. ``signals`` maps each field that has a value to the signal it came from,
    ``field_errors`` each one that is None or empty to its reason.
    """

    kind: str = "article"

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    dateline: str | None = None
    outlet: str | None = None
    canonical_url: str | None = None
    published_at: str | None = None
    published_precision: Precision | None = None
    published_from: str | None = None
    date_candidates: tuple[DateCandidate, ...] = ()
    modified_at: str | None = None
    language: str | None = None
    language_confidence: float | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    is_paywalled: bool | None = None
    text: str = ""
    quotes: tuple[Quote, ...] = ()
    corrections: tuple[str, ...] | None = None
    signals: dict[str, str] = field(default_factory=dict)
    field_errors: dict[str, str] = field(default_factory=dict)

    @property
    def agency(self) -> str | None:
        """The first of ``agencies``."""
        return self.agencies[0] if self.agencies else None


@dataclass(frozen=True, slots=True)
class Body:
    """The article's body in a page, by its blocks (``Page.blocks``).

    ``text``: paragraphs separated by a blank line; ``kept``: indices of the blocks that are in it, in order;
    ``likely``: the probability that a block is body, for each block; ``why``: a code for each block, why it was
    kept or dropped; ``signal``: "blocks", "source:css", or "json-ld" or "script" where the text ``is_stated`` there;
    ``cut``: the texts of kept blocks, by their indices, where parts of some may be left out.
    """

    text: str = ""
    kept: tuple[int, ...] = ()
    likely: tuple[float, ...] = ()
    why: tuple[str, ...] = ()
    signal: str | None = None
    cut: Mapping[int, str] = field(default_factory=dict)

    @property
    def start(self) -> int | None:
        """The index of the first block that is in it."""
        return self.kept[0] if self.kept else None

    @property
    def stop(self) -> int | None:
        """One past the index of the last."""
        return self.kept[-1] + 1 if self.kept else None

    @property
    def is_stated(self) -> bool:
        """Whether the text is one that the page states for machines, and not the text of the blocks."""
        return self.signal in ("json-ld", "script")


@dataclass(frozen=True, slots=True)
class Shown:
    """One block of a page, or line of a text, as extraction judged it: ``tag`` is None for a text; ``likely`` the
    probability that it is body, None where none was computed."""

    text: str
    kept: bool
    why: str
    likely: float | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """An article and how it came about: each field with its candidates, and the document's blocks in order."""

    article: Article
    fields: dict[str, Found[Any]]
    blocks: tuple[Shown, ...]
