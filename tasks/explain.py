"""From an extraction to what it shows: its fields, dates, quotations and blocks, in words. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tasks import explain_words as words
from tasks.article.model import Article, DateCandidate, Examined, Found, Quote, Shown
from tasks.explain_blocks import runs
from tasks.explain_model import Date, Explained, Origin, Row, Said, Sighting
from tasks.explain_text import safe_json, visible, web_address, written

_ELSEWHERE = ("published_at", "modified_at", "quotes")  # their candidates have a section of their own
_LONGEST_WORD, _LONGEST_QUOTE = 15, 2_000


def explain(examined: Examined, origin: Origin) -> Explained:
    """What to show of an article and its document."""
    article = examined.article
    blocks = examined.blocks
    if not any(
        block.kept for block in blocks
    ):  # the text is not that of the blocks, but stated apart from them
        blocks = (*(Shown(text, True, "stated") for text in article.text.split("\n\n")), *blocks)
    shown = runs(article, blocks)
    marked = {part.quote for run in shown for passage in run.passages for part in passage.parts}
    address = written(article.canonical_url or origin.name)
    return Explained(
        origin=Origin(written(origin.name), written(origin.how), origin.captured_at),
        title=written(article.title or "Without title"),
        outlet=written(article.outlet) if article.outlet else None,
        address=address,
        link=web_address(address),
        is_article=bool(article.text),
        verdict=_verdict(article),
        language=article.language if re.fullmatch("[a-z]{2,3}", article.language or "") else None,
        rows=tuple(_rows(examined)),
        dates=tuple(dict.fromkeys(_date(candidate, article) for candidate in article.date_candidates)),
        quotes=tuple(
            _said(number, quote, number in marked) for number, quote in enumerate(article.quotes, 1)
        ),
        runs=shown,
    )


def to_json(examined: Examined, origin: Origin) -> str:
    """The same as one JSON object: ``origin``, ``article``, ``fields`` and ``blocks`` by their names in Python."""
    whole = {"origin": asdict(origin)} | asdict(examined)
    text = json.dumps(whole, ensure_ascii=False, indent=2, default=str)
    return safe_json(text)


def _verdict(article: Article) -> str:
    if not article.text:
        why = words.kind(article.kind) or words.reason(article.field_errors.get("text", "no_article"))
        return f"No article: {written(why)}."
    paragraphs = article.text.split("\n\n")
    count, unit = len(article.text.split()), "word"
    if len(article.text) > _LONGEST_WORD * count:  # a script that writes no spaces
        count, unit = sum(map(str.isalnum, article.text)), "character"
    told = f"An article: {_counted(count, unit)} in {_counted(len(paragraphs), 'paragraph')}"
    if article.quotes:
        named = sum(quote.speaker is not None for quote in article.quotes)
        told += f", {_counted(len(article.quotes), 'quotation')} ({named:,} attributed)"
    return f"{told}." + (" Only a part was free to read." if article.is_paywalled else "")


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' * (count != 1)}"


def _rows(examined: Examined) -> Iterator[Row]:
    """A row a field, the known fields in the order of ``words.FIELDS``, any others behind them."""
    for name in sorted(examined.fields, key=lambda name: (*words.FIELDS, name).index(name)):
        found, field, label = examined.fields[name], visible(name), visible(words.field_name(name))
        same, lost = _others(name, found)
        if _known(found.value):
            value, signal = _value(name, found.value, examined.article), words.signal(found.signal)
            told, code = visible(signal), visible(found.signal or "")
            yield Row(field, label, value, told, code, same=same, lost=lost, link=web_address(value))
        else:
            why = visible(words.reason(found.reason or "not_stated"))
            yield Row(field, label, None, "", "", why, same, lost)


def _known(value: object) -> bool:
    return value is not None and value not in ("", ())


def _value(name: str, value: object, article: Article) -> str:
    if name == "text":
        return f"{len(str(value)):,} characters, see below"
    if name == "quotes":
        return f"{len(article.quotes):,}, see below"
    if name == "language" and article.language_confidence is not None:
        return f"{value}, {article.language_confidence:.0%} certain"
    return written(value)


def _others(name: str, found: Found[Any]) -> tuple[tuple[str, ...], tuple[Sighting, ...]]:
    """The signals that say the same, and the candidates that lost; dates and quotations have sections of their own."""
    same: list[str] = []
    lost: list[Sighting] = []
    for candidate in found.candidates if name not in _ELSEWHERE else ():
        signal, code = visible(words.signal(candidate.signal)), visible(candidate.signal)
        if candidate.rejected and _same(candidate.value, found.value):
            same.append(signal)
        elif candidate.rejected:
            lost.append(
                Sighting(written(candidate.value), signal, code, visible(words.reason(candidate.rejected)))
            )
    return tuple(dict.fromkeys(same)), tuple(dict.fromkeys(lost))


def _same(one: object, other: object) -> bool:
    return _known(other) and written(one).casefold() == written(other).casefold()


def _date(candidate: DateCandidate, article: Article) -> Date:
    taken = getattr(article, f"{candidate.kind}_at")
    chosen = candidate.rejected is None
    same = taken is not None and (taken.startswith(candidate.value) or candidate.value.startswith(taken))
    agrees = chosen or (same and candidate.rejected in ("weaker_signal", "not_nearest"))
    return Date(
        candidate.kind,
        visible(candidate.value),
        candidate.precision,
        visible(words.signal(candidate.signal)),
        visible(candidate.signal),
        "" if candidate.text.replace("Z", "+00:00") == candidate.value else written(candidate.text, 120),
        chosen,
        None if agrees else visible(words.reason(candidate.rejected or "")),
    )


def _said(number: int, quote: Quote, marked: bool) -> Said:
    beside = quote.speaker_as_written if quote.speaker_as_written != quote.speaker else None
    speaker, as_written, verb = (text and written(text) for text in (quote.speaker, beside, quote.verb))
    return Said(number, written(quote.text, _LONGEST_QUOTE), speaker, as_written, verb, quote.kind, marked)
