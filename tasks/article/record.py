"""From what was found to the Article, and to the JSON object of ``newslake extract``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tasks.article.dates import Dates
from tasks.article.model import Article, Candidate, DateCandidate, Examined, Found, Quote, Shown
from tasks.article.normalise import normalise

KEYS = (
    "id", "kind", "title", "subtitle", "authors", "agency", "agencies", "dateline", "outlet", "published_at",
    "published_precision", "published_from", "modified_at", "language", "language_confidence", "section", "tags",
    "image_url", "is_paywalled", "text", "quotes", "corrections", "signals", "field_errors",
)  # fmt: skip

_SINGLE = ("title", "subtitle", "dateline", "outlet", "canonical_url", "language", "section", "image_url")
_MANY = ("authors", "agencies", "tags")
_FIELDS = (*_SINGLE, *_MANY, "is_paywalled", "corrections")
_NOTHING: Found[Any] = Found(None, reason="not_stated")


@dataclass(frozen=True, slots=True)
class Hints:
    """What others say of a document, such as the feed that names it: the weakest of all signals."""

    fields: Mapping[str, Found[Any]] = field(default_factory=dict)
    dates: tuple[DateCandidate, ...] = ()


NO_HINTS = Hints()


def preferred(*layers: Mapping[str, Found[Any]]) -> dict[str, Found[Any]]:
    """Each field as the first layer has it that knows its value; what later ones say stays among its candidates.

    A field that no layer knows keeps the first reason.
    """
    return {
        name: _first([layer[name] for layer in layers if name in layer])
        for name in dict.fromkeys(name for layer in layers for name in layer)
    }


def _first(found: Sequence[Found[Any]]) -> Found[Any]:
    chosen = next((one for one in found if _known(one.value)), found[0])
    if len(found) == 1 and (chosen.candidates or not _known(chosen.value)):
        return chosen
    seen: list[Candidate] = []
    for one in found:
        candidates = one.candidates or (
            (Candidate(one.value, one.signal or ""),) if _known(one.value) else ()
        )
        seen += candidates if one is chosen else [_weaker(candidate) for candidate in candidates]
    return replace(chosen, candidates=tuple(seen))


def _weaker(candidate: Candidate) -> Candidate:
    return candidate if candidate.rejected else replace(candidate, rejected="weaker_signal")


def _known(value: object) -> bool:
    return value is not None and value not in ("", ())


def assemble(
    found: Mapping[str, Found[Any]],
    when: Dates,
    text: str,
    quotes: tuple[Quote, ...],
    *,
    confidence: float | None = None,
    blocks: tuple[Shown, ...] = (),
) -> Examined:
    """Make the article of what was found, field by field; a field that is None or empty gets its reason.

    ``found`` may lack fields ("not_stated"), and may hold "kind", and "text" for the signal of ``text`` or the reason
    why it is empty. ``confidence``: of the language.
    """
    fields = {name: found.get(name, _NOTHING) for name in _FIELDS}
    for name, chosen, reason in (
        ("published_at", when.published, when.reason),
        ("modified_at", when.modified, when.modified_reason),
    ):
        fields[name] = Found(
            chosen.value if chosen else None,
            chosen.signal if chosen else None,
            None if chosen else reason,
            tuple(
                Candidate(c.value, c.signal, c.rejected) for c in when.candidates if f"{c.kind}_at" == name
            ),
        )
    stated = found.get("text", _NOTHING)
    fields["text"] = Found(text, stated.signal) if text else Found(None, reason=stated.reason or "no_article")
    fields["quotes"] = Found(quotes, "text") if quotes else Found(None, reason="no_quotes")
    kind = found.get("kind", _NOTHING).value or ("article" if text else "other")
    values: dict[str, Any] = {name: fields[name].value or None for name in _SINGLE}
    values |= {name: tuple(fields[name].value or ()) for name in _MANY}
    errors = {name: one.reason or "not_stated" for name, one in fields.items() if not _known(one.value)}
    if "agencies" in errors:
        errors["agency"] = errors["agencies"]
    article = Article(
        kind=kind,
        **values,
        published_at=fields["published_at"].value,
        published_precision=when.published.precision if when.published else None,
        published_from=fields["published_at"].signal,
        date_candidates=tuple([_spelt(candidate) for candidate in when.candidates]),
        modified_at=fields["modified_at"].value,
        language_confidence=confidence,
        is_paywalled=fields["is_paywalled"].value,
        text=text,
        quotes=quotes,
        corrections=fields["corrections"].value,
        signals={name: one.signal for name, one in fields.items() if _known(one.value) and one.signal},
        field_errors=errors,
    )
    return Examined(article, fields, blocks)


def _spelt(candidate: DateCandidate) -> DateCandidate:
    """The passage in the one spelling of ``normalise``: JSON may have half a character there, which no table holds."""
    return candidate if candidate.text.isascii() else replace(candidate, text=normalise(candidate.text))


def to_record(article: Article, id: str) -> dict[str, object]:
    """Give the article as a JSON-ready object with the keys of ``KEYS`` in that order.

    ``field_errors`` and ``signals`` speak of these keys alone; ``published_precision`` and ``published_from`` share
    the reason of ``published_at``.
    """
    record: dict[str, object] = {"id": id}
    for key in KEYS[1:]:
        value = getattr(article, key)
        if key == "quotes":
            value = [asdict(quote) for quote in value]
        elif key in ("field_errors", "signals"):
            value = {name: reason for name, reason in value.items() if name in KEYS}
        elif isinstance(value, tuple):
            value = list(value)
        record[key] = value
    return record
