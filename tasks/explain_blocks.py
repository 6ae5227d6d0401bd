"""A document's blocks as an article explained shows them: in runs, quotations marked in those that were kept. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from tasks import explain_words as words
from tasks.article.model import Article, Shown
from tasks.explain_model import Part, Passage, Run, State
from tasks.explain_text import visible

# A run of more dropped blocks is folded, in a document without an article (why there is none is to be seen) of more
# than UNREAD, and told by as many KINDS; no more than MOST of it are shown, nor more characters of one than LONGEST.
FOLDED, UNREAD, KINDS, MOST, LONGEST = 3, 30, 3, 500, 1_000
CREDIT = 120  # characters; a longer block is no byline or date
# Characters that the text may have between two kept blocks; beyond, the second is not in it.
_APART = 2_000

_OPENING = re.compile(r"[\"'“”„‟‘’‚‛«»‹›「『《〈]\s?\Z")
_CLOSING = re.compile(r"\s?[\"'“”„‟‘’‚‛«»‹›」』》〉]")


class Span(NamedTuple):
    """Where in the article's text a quotation stands, its marks included."""

    number: int
    start: int
    end: int


def runs(article: Article, blocks: Sequence[Shown]) -> tuple[Run, ...]:
    """The blocks in order, neighbours of one state in one run. Linear in the document."""
    marked = _disjoint(article)
    placed = zip(blocks, _starts(article.text, blocks), _uses(article, blocks), strict=True)
    passages = [_passage(block, start, use, marked) for block, start, use in placed if block.text.strip()]
    longest = FOLDED if article.text else UNREAD
    states = groupby(passages, key=lambda passage: passage.state)
    return tuple(_run(state, tuple(group), longest) for state, group in states)


def _run(state: State, passages: tuple[Passage, ...], longest: int) -> Run:
    kinds = Counter(passage.why for passage in passages).most_common()
    told = [f"{kind} ({count:,})" for kind, count in kinds[:KINDS]]
    if rest := sum(count for _, count in kinds[KINDS:]):
        told.append(f"other ({rest:,})")
    return Run(
        state,
        passages[:MOST] if state == "dropped" else passages,
        len(passages),
        sum(len(part.text) for passage in passages for part in passage.parts),
        ", ".join(told) if len(kinds) > 1 else kinds[0][0],
        folded=state == "dropped" and len(passages) > longest,
    )


def _uses(article: Article, blocks: Sequence[Shown]) -> Iterator[str | None]:
    """For each block that was dropped, what it says of the article, the first that does: "the title", …"""
    whole = {"the title": article.title, "the subtitle": article.subtitle}
    within = {f"the date: {c.kind}": [c.text] for c in article.date_candidates if c.rejected is None}
    within |= {"the authors": list(article.authors), "the agency": list(article.agencies)}
    for block in blocks:
        use = None
        if not block.kept and block.text.strip():
            use = next((name for name, text in whole.items() if text == block.text), None)
            if use is None and len(block.text) <= CREDIT:
                found = (name for name, texts in within.items() if any(text in block.text for text in texts))
                use = next(found, None)
        if use:
            whole.pop(use, None)
            within.pop(use, None)
        yield use


def _starts(text: str, blocks: Sequence[Shown]) -> Iterator[int | None]:
    """Where in the article's text each kept block starts; None for one that is not in it as it stands."""
    cursor = 0
    for block in blocks:
        start = text.find(block.text, cursor, cursor + len(block.text) + _APART) if block.kept else -1
        yield None if start < 0 else start
        cursor = max(cursor, start + len(block.text) if start >= 0 else 0)


def _disjoint(article: Article) -> list[Span]:
    """The quotations with their marks, in order, without those within another."""
    spans: list[Span] = []
    for number, quote in sorted(enumerate(article.quotes, 1), key=lambda of: (of[1].start, -of[1].end)):
        if not spans or quote.start >= spans[-1].end:
            opening = _OPENING.search(article.text[max(0, quote.start - 2) : quote.start])
            closing = _CLOSING.match(article.text[quote.end : quote.end + 2])
            start = quote.start - len(opening[0]) if opening else quote.start
            spans.append(Span(number, start, quote.end + len(closing[0]) if closing else quote.end))
    return spans


def _passage(block: Shown, start: int | None, use: str | None, marked: Sequence[Span]) -> Passage:
    text = block.text if block.kept or len(block.text) <= LONGEST else block.text[:LONGEST] + "…"
    parts = [Part(visible(text))] if start is None else list(_parts(text, start, marked))
    state: State = "kept" if block.kept else "used" if use else "dropped"
    why = use or visible(words.block(block.why))
    likely = None if block.likely is None else round(100 * block.likely)
    tag = block.tag if re.fullmatch("[a-z][a-z0-9]{0,11}", block.tag or "") else None
    return Passage(tuple(parts), state, visible(block.why), why, likely, tag)


def _parts(text: str, start: int, marked: Sequence[Span]) -> Iterator[Part]:
    """The text of a block that starts there, cut where quotations start and end."""
    at, end = start, start + len(text)
    first = bisect_right(marked, start, key=lambda span: span.end)
    for span in (marked[index] for index in range(first, len(marked))):
        if span.start >= end:
            break
        if span.start > at:
            yield Part(visible(text[at - start : span.start - start]))
            at = span.start
        yield Part(visible(text[at - start : span.end - start]), span.number, span.end <= end)
        at = min(end, span.end)
    if at < end:
        yield Part(visible(text[at - start :]))
