"""From what was found to the Article, and to the JSON object of ``newslake extract``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tasks.article.dates import Dates
from tasks.article.model import Article, DateCandidate, Found, Quote

KEYS = (
    "id", "title", "subtitle", "authors", "agency", "dateline", "outlet", "published_at",
    "published_precision", "published_from", "modified_at", "language", "section", "tags", "text",
    "quotes", "field_errors",
)  # fmt: skip

_SINGLE = ("title", "subtitle", "agency", "dateline", "outlet", "canonical_url", "language", "section")
_MANY = ("authors", "tags")
_NOTHING: Found[Any] = Found(None, reason="not_stated")


@dataclass(frozen=True, slots=True)
class Hints:
    """What others say of a document, such as the feed that names it: the weakest of all signals."""

    fields: Mapping[str, Found[Any]] = field(default_factory=dict)
    dates: tuple[DateCandidate, ...] = ()


NO_HINTS = Hints()


def weakest(found: Mapping[str, Found[Any]], hinted: Hints) -> dict[str, Found[Any]]:
    """What was found, and what is hinted at where nothing was."""
    missing = {name: hint for name, hint in hinted.fields.items() if not found.get(name, _NOTHING).value}
    return {**found, **missing}


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
