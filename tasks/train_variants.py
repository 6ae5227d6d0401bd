"""Other texts that a labelled page might have been, for the training of the line classifier.

The labelled pages are guides, shops and blogs of every kind, mostly in English. News has fewer headings and lists,
shorter bodies, more languages, and more of other stories around and between its paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tasks import train_furniture as make
from tasks.train_pages import Page
from tasks.train_spelling import SCRIPTS, Speller


def varied(page: Page, others: Sequence[Page], rng: np.random.Generator) -> Page:
    """Another text that this page might have been."""
    kind = rng.random()
    if kind < 0.64:
        changed = cut(page, others, rng)
    elif kind < 0.94:
        changed = bare(page, rng)
    else:
        changed = furniture(page, rng)
    if rng.random() < 0.2:
        changed = closed(changed, others, rng)
    if rng.random() < 0.5:
        name = str(rng.choice(list(SCRIPTS), p=[script.share for script in SCRIPTS.values()]))
        return Page(list(map(Speller(name, rng).line, changed.lines)), changed.body)
    return changed


def furniture(page: Page, rng: np.random.Generator) -> Page:
    """A page without an article."""
    lines = [line for line, body in zip(page.lines, page.body, strict=True) if not body and len(line) < 120]
    start = int(rng.integers(max(len(lines) - 1, 1)))
    lines = lines[start : start + int(np.exp(rng.uniform(0, 4)))] or ["Menu"]
    if rng.random() < 0.2:
        lines = [str(rng.choice([" ", " | ", ""])).join(lines)]
    return Page(lines, np.zeros(len(lines), np.bool_))


def bare(page: Page, rng: np.random.Generator) -> Page:
    """Some consecutive body lines with little or nothing around them, as in dumps of article texts."""
    gold = np.flatnonzero(page.body)
    some = min(int(np.exp(rng.uniform(0, np.log(40)))), len(gold))
    start = int(rng.integers(len(gold) - some + 1))
    lines = [page.lines[number] for number in gold[start : start + some]]
    if rng.random() < 0.7:
        lines = list(filter(_is_paragraph, lines)) or [max(lines, key=len)]
    before = page.lines[max(gold[0] - int(rng.choice([0, 0, 1, 1, 2, 4])), 0) : gold[0]]
    if before and rng.random() < 0.4:
        before.insert(0, before[0])
    after = page.lines[gold[-1] + 1 :][: int(rng.choice([0, 0, 0, 0, 0, 1, 2, 4]))]
    body = np.zeros(len(before) + len(lines) + len(after), np.bool_)
    body[len(before) : len(before) + len(lines)] = True
    return Page([*before, *lines, *after], body)


def cut(page: Page, others: Sequence[Page], rng: np.random.Generator) -> Page:
    """The page shortened, often without most of its headings and lists, perhaps between the head and the tail
    of other pages, and with things inserted before, into and after its article."""
    chosen = _shortened(page, rng) if rng.random() < 0.6 else np.arange(len(page.lines))
    if rng.random() < 0.6:
        chosen = _paragraphs(page, chosen, rng)
    draft = Draft([page.lines[number] for number in chosen], page.body[chosen].tolist())
    if rng.random() < 0.3:
        draft.splice(make.any_of(others, rng), rng)
    draft.insert_around(others, rng)
    draft.insert_inside(others, rng)
    draft.change_head(rng)
    return Page(draft.lines, np.array(draft.labels))


class Draft:
    """A page while it is changed; it has a body."""

    def __init__(self, lines: list[str], labels: list[bool]) -> None:
        """``labels``: whether each of ``lines`` is body."""
        self.lines, self.labels = lines, labels

    @property
    def first(self) -> int:
        """The first line of the body."""
        return self.labels.index(True)

    @property
    def stop(self) -> int:
        """The line after the body."""
        return len(self.labels) - self.labels[::-1].index(True)

    def insert(self, where: int, added: Sequence[str]) -> None:
        """Insert furniture."""
        self.lines[where:where] = added
        self.labels[where:where] = [False] * len(added)

    def splice(self, other: Page, rng: np.random.Generator) -> None:
        """Replace what is before the body, or after it, by what ``other`` has there, but for the nearest lines."""
        gold = np.flatnonzero(other.body)
        if rng.random() < 0.6:
            far = max(self.first - int(rng.integers(5)), 0)
            del self.lines[:far], self.labels[:far]
            self.insert(0, other.lines[: gold[0]])
        if rng.random() < 0.6:
            far = self.stop + int(rng.integers(4))
            del self.lines[far:], self.labels[far:]
            self.insert(len(self.lines), other.lines[gold[-1] + 1 :])

    def insert_around(self, others: Sequence[Page], rng: np.random.Generator) -> None:
        """Links to other stories and promotions."""
        if rng.random() < 0.4:  # after the body or somewhere behind it
            last = self.stop
            where = last if rng.random() < 0.5 else int(rng.integers(last, len(self.lines) + 1))
            self.insert(where, make.teasers(others, rng))
        if rng.random() < 0.15:
            self.insert(int(rng.integers(self.first + 1)), make.teasers(others, rng))
        if rng.random() < 0.3:
            added = make.teasers(others, rng)[:3] if rng.random() < 0.5 else make.promotion(others, rng)
            self.insert(int(rng.integers(self.first + 1, self.stop + 1)), added)
        if rng.random() < 0.2:
            self.insert(self.stop, make.promotion(others, rng))

    def insert_inside(self, others: Sequence[Page], rng: np.random.Generator) -> None:
        """A summary, links, lines that recur between paragraphs, captions."""
        paragraphs = [
            line for line, body in zip(self.lines, self.labels, strict=True) if body and len(line) > 80
        ]
        if rng.random() < 0.3 and self.first >= 2 and paragraphs:
            where = self.first - int(rng.integers(1, min(5, self.first)))
            self.insert(where, make.standfirst(Page(paragraphs, np.ones(len(paragraphs), np.bool_)), rng))
        if rng.random() < 0.25:
            found, rate = make.links(others, rng), rng.uniform(0.05, 0.5)
            for number, where in enumerate(range(self.stop, self.first, -1)):
                if rng.random() < rate:
                    self.insert(where, found[number % len(found)])
        if rng.random() < 0.2:
            lines, rate = make.recurring(others, rng), rng.uniform(0.1, 1)
            for where in range(self.stop, self.first - 1, -1):
                if rng.random() < rate:
                    self.insert(where, lines)
        if rng.random() < 0.25:
            for _ in range(int(rng.integers(1, 5))):
                where = int(rng.integers(max(self.first - 2, 0), self.stop + 1))
                self.insert(where, [make.caption(others, rng)])

    def change_head(self, rng: np.random.Generator) -> None:
        """A line before the body twice, or a menu in one line."""
        first = self.first
        doubled = max(first - int(rng.integers(1, 4)), 0)
        if rng.random() < 0.25 and not self.labels[doubled]:
            self.insert(doubled, [self.lines[doubled]])
        if rng.random() < 0.15 and first >= 4:
            start = int(rng.integers(first - 3))
            stop = min(start + int(rng.integers(3, 30)), first)
            self.lines[start:stop] = [str(rng.choice(["", " ", " "])).join(self.lines[start:stop])]
            self.labels[start:stop] = [False]


def closed(page: Page, others: Sequence[Page], rng: np.random.Generator) -> Page:
    """The page with a short sentence of another as the last paragraph of its body."""
    sentence = make.sentences(make.any_paragraph(make.any_of(others, rng), rng))[-1]
    if not page.body.any() or not 15 < len(sentence) < 120 or not sentence.endswith(make.STOPS):
        return page
    if make.asks(sentence):
        return page
    stop = int(np.flatnonzero(page.body)[-1]) + 1
    lines = [*page.lines[:stop], sentence, *page.lines[stop:]]
    return Page(lines, np.insert(page.body, stop, True))


def _is_paragraph(line: str) -> bool:
    return len(line) > 80 or line.endswith(make.STOPS)


def _paragraphs(page: Page, chosen: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
    """``chosen`` without most lines of the body that are headings or items of lists."""
    rate = float(rng.choice([0.0, 0.1, 0.3]))
    keep = [not page.body[n] or _is_paragraph(page.lines[n]) or rng.random() < rate for n in chosen]
    rest = chosen[np.array(keep)]
    return rest if page.body[rest].any() else chosen


def _shortened(page: Page, rng: np.random.Generator) -> NDArray[np.intp]:
    """The lines to keep of a page: fewer of the body, of what precedes, interrupts and follows it."""
    gold = np.flatnonzero(page.body)
    keep = np.ones(len(page.lines), np.bool_)
    if rng.random() < 0.5:
        keep[: max(0, gold[0] - int(rng.choice([0, 0, 1, 2, 3, 6, 12])))] = False
    if rng.random() < 0.5:
        keep[gold[-1] + 1 + int(rng.choice([0, 0, 1, 2, 4, 8, 16])) :] = False
    if rng.random() < 0.3:
        keep[gold[0] : gold[-1]] &= page.body[gold[0] : gold[-1]]
    if rng.random() < 0.6 and len(gold) > 2:
        some = min(int(np.exp(rng.uniform(0, np.log(45)))) + 1, len(gold) - 1)
        start = 0 if rng.random() < 0.5 else int(rng.integers(len(gold) - some + 1))
        keep[gold[0] : gold[start]] = False
        keep[gold[start + some - 1] + 1 : gold[-1] + 1] = False
    return np.flatnonzero(keep)
