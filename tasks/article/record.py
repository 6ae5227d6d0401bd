"""The JSON object of ``newslake extract``, and the closed list of reasons for what is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, get_args

from tasks.article.model import Article, Found, Quote

if TYPE_CHECKING:
    from tasks.article.dates import Dates

Reason = Literal[
    "not_stated",  # the document gives no such thing
    "starts_with_body",  # title: no line stands before the article's first paragraph
    "empty_label",  # a label ("Published:", "by") has nothing after it
    "not_a_person",  # authors: the byline names a desk, an agency or an outlet
    "photo_credit",  # agency: only a photograph is credited to one
    "host_only",  # outlet: nothing but the URL's host hints at it
    "ambiguous",  # date: several readings, or several dates of the same weight
    "no_year",  # date: day and month without a year
    "weekday_only",  # date: the lead names a weekday and no date
    "only_modified",  # published: only a date of modification is stated
    "caption",  # date: stands in a caption
    "in_body",  # date: stands in the running text
    "in_heading",  # date: part of a title or another line about something else
    "outside",  # date: stands behind the article or in a list, without a label
    "not_nearest",  # date: another date stands nearer to the article
    "weaker_signal",  # date: another signal is more trustworthy
    "future",  # date: later than the moment of capture
    "before_1990",  # date: earlier than news on the web
    "too_short",  # language: too few letters to tell
    "low_confidence",  # language: the identifier is not sure
    "no_article",  # text: the document holds no article
    "empty",  # text: the document holds no text at all
    "no_quotes",  # quotes: the text has no words in quotation marks
]
REASONS: frozenset[str] = frozenset(get_args(Reason))

KEYS = (
    "id", "title", "subtitle", "authors", "agency", "dateline", "outlet", "published_at",
    "published_precision", "published_from", "modified_at", "language", "section", "tags", "text",
    "quotes", "field_errors",
)  # fmt: skip

_SINGLE = ("title", "subtitle", "agency", "dateline", "outlet", "canonical_url", "language", "section")
_MANY = ("authors", "tags")
_NOTHING: Found[Any] = Found(None, reason="not_stated")


def assemble(found: Mapping[str, Found[Any]], when: Dates, text: str, quotes: tuple[Quote, ...]) -> Article:
    """Make the article of what was found, field by field; a field that is None or empty gets its reason.

    ``found`` may lack fields ("not_stated") and may hold "text" for the reason why ``text`` is empty.
    """
    values = {name: found.get(name, _NOTHING) for name in (*_SINGLE, *_MANY)}
    errors = {name: field.reason or "not_stated" for name, field in values.items() if not field.value}
    if when.published is None:
        errors["published_at"] = when.reason
    if when.modified is None:
        errors["modified_at"] = when.modified_reason
    if not text:
        errors["text"] = (found["text"].reason if "text" in found else None) or "no_article"
    if not quotes:
        errors["quotes"] = "no_quotes"
    fields: dict[str, Any] = {name: values[name].value or None for name in _SINGLE}
    fields |= {name: tuple(values[name].value or ()) for name in _MANY}
    return Article(
        **fields,
        published_at=when.published.value if when.published else None,
        published_precision=when.published.precision if when.published else None,
        published_from=when.published.signal if when.published else None,
        date_candidates=when.candidates,
        modified_at=when.modified.value if when.modified else None,
        text=text,
        quotes=quotes,
        field_errors=errors,
    )


def to_record(article: Article, id: str) -> dict[str, object]:
    """Give the article as a JSON-ready object with the keys of ``KEYS`` in that order.

    ``field_errors`` speaks of these keys alone; ``published_precision`` and ``published_from`` share the
    reason of ``published_at``.
    """
    record: dict[str, object] = {"id": id}
    for key in KEYS[1:]:
        value = getattr(article, key)
        if key == "quotes":
            value = [asdict(quote) for quote in value]
        elif key == "field_errors":
            value = {name: reason for name, reason in value.items() if name in KEYS}
        elif isinstance(value, tuple):
            value = list(value)
        record[key] = value
    return record
