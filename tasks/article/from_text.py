"""Plain text to an article: the fields around the body that ``clean`` has found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tasks.article import agency, byline, correction, dates, language, outlet, title
from tasks.article.byline_dateline import Dateline
from tasks.article.byline_dateline import dateline as read_dateline
from tasks.article.clean import Cleaned, reasons
from tasks.article.model import DateCandidate, Examined, Found, Shown
from tasks.article.notice import is_notice
from tasks.article.quotes import quotes
from tasks.article.record import NO_HINTS, Hints, assemble, preferred

PARAGRAPH = 60  # characters; a shorter line of the body may be a heading
LAST = 3  # lines at the end of the body, and after it, that may sign it; before it, that may deny it


def from_text(
    cleaned: Cleaned,
    *,
    url: str | None = None,
    captured_at: datetime | None = None,
    stated: Mapping[str, Found[Any]] = {},
    stated_dates: Sequence[DateCandidate] = (),
    hinted: Hints = NO_HINTS,
    shown: bool = False,
) -> Examined:
    """Give the article in a cleaned text, and how it came about; what it does not state is None with its reason.

    ``stated`` and ``stated_dates``: what a record says beside the body, which wins; ``hinted``: what a list said of
    it, which counts where the text says nothing. ``shown``: give the text's lines too, each with why it was kept or
    dropped.
    """
    lines, kept, tail = cleaned.lines, cleaned.kept, cleaned.tail
    body = frozenset(kept)
    head, header = _header(lines, kept, body)
    found: dict[str, Found[Any]] = {}
    text = cleaned.body
    if is_notice("\n".join([lines[i] for i in head[-LAST:]]), text):
        text = ""
    if text:
        found["text"] = Found(text, "text:lines")
    else:
        found["text"] = Found(None, reason="no_article" if any(lines) else "empty")
    told, confidence = language.identify(text)
    spoken = preferred(stated, {"language": told}, hinted.fields)["language"]
    headline = title.read(lines, head, text)
    found["title"], found["subtitle"] = headline.title, headline.subtitle
    opening = read_dateline(lines[kept[0]]) if kept else None
    ending = [*kept[-LAST:], *tail[:LAST]]
    found["authors"], credit = byline.read(
        lines, header, ending, after=-1 if headline.line is None else headline.line, text=text
    )
    found["agencies"] = _agencies(
        opening, credit, [lines[i] for i in reversed(ending)], [lines[i] for i in head]
    )
    found["dateline"] = _place(opening, credit)
    below = [lines[i] for i in range(kept[0], len(lines)) if lines[i] and i not in body] if kept else []
    found["outlet"] = outlet.from_lines([lines[i] for i in head], below, url)
    code = spoken.value
    when = dates.from_lines(
        lines, header, kept, tail,
        title_line=headline.line, dateline=opening, language=code, captured_at=captured_at,
    )  # fmt: skip
    if stated_dates or hinted.dates:
        when = dates.chosen([*stated_dates, *when.candidates, *hinted.dates], captured_at, when.reason)
    fields = preferred(stated, found, hinted.fields)
    beside = [[lines[i] for i in run if lines[i]] for run in correction.around(kept, len(lines))]
    fields["corrections"] = correction.notes(fields["title"].value, text, beside, code)
    return assemble(
        {**fields, "language": spoken},
        when,
        text,
        quotes(text, code) if text else (),
        confidence=confidence if spoken.signal == told.signal else None,
        blocks=_shown(cleaned) if shown else (),
    )


def _shown(cleaned: Cleaned) -> tuple[Shown, ...]:
    kept = frozenset(cleaned.kept)
    judged = enumerate(zip(cleaned.lines, reasons(cleaned), strict=True))
    return tuple(Shown(line, index in kept, why) for index, (line, why) in judged if line)


def _header(lines: Sequence[str], kept: Sequence[int], body: frozenset[int]) -> tuple[list[int], list[int]]:
    """Indices of the non-empty lines before the first paragraph; and the same with what stands between it
    and the third one (a byline or date below a standfirst)."""
    if not kept:
        return [], []
    paragraphs = [i for i in kept if len(lines[i]) >= PARAGRAPH or lines[i][20:21] > "⺀"] or list(kept)
    stop = paragraphs[min(2, len(paragraphs) - 1)]
    head = [i for i in range(paragraphs[0]) if lines[i]]
    return head, head + [i for i in range(paragraphs[0], stop) if lines[i] and i not in body]


def _agencies(
    opening: Dateline | None, credit: byline.Byline | None, ending: Sequence[str], head: Sequence[str]
) -> Found[tuple[str, ...]]:
    if opening and opening.agencies:
        return Found(opening.agencies, "text:dateline")
    if credit and credit.agencies:
        return Found(credit.agencies, "text:byline")
    for line in ending:
        if signers := agency.signers(line):
            return Found(signers, "text:credit")
    if any(agency.photo_agency(line) for line in head[-12:] if len(line) > 20):
        return Found(None, reason="photo_credit")
    return Found(None, reason="not_stated")


def _place(opening: Dateline | None, credit: byline.Byline | None) -> Found[str]:
    if opening and opening.place:
        return Found(opening.place, "text:dateline")
    if credit and credit.place:
        return Found(credit.place, "text:byline")
    return Found(None, reason="not_stated")
