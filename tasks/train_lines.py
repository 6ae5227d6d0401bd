"""Fits the line classifier of ``clean``: ``python -m tasks.train_lines --guides DIR --out FILE``.

Reads ``DIR/docs.jsonl.gz`` (``id`` and ``text``, a block a line) and ``DIR/gold.jsonl`` (``id``, ``labels``:
1 for a line of the body) and writes the weights of both networks; no text is stored, and the same pages give
the same weights. As news differs from the pages at hand, each is used in several variants: cut to a short
article, bare of all but body, without body, with links to other stories added, spelled in other scripts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_features import Features, features
from tasks.article.line_model import REACH, Network, apply, structure, windows
from tasks.article.line_vocabulary import terms

Floats = NDArray[np.float32]

VARIANTS: Final = 28  # of each page; the first is the page itself
FOLDS: Final = 3  # the second network learns from guesses about pages that the guessing one never saw
EPOCHS, BATCH, RATE, DECAY = 56, 24, 3e-3, 2e-2  # a batch is that many pages
HIDDEN: Final = 24  # units a layer


@dataclass(frozen=True)
class Page:
    """Non-empty lines, and which of them are body."""

    lines: list[str]
    body: NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """A page's features, its labels (1.0: body), and what a mistake in each line costs."""

    found: Features
    target: Floats
    cost: Floats


def read(folder: Path) -> list[Page]:
    """The labelled pages of ``folder``."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as rows:
        labels = {row["id"]: row["labels"] for row in map(json.loads, rows)}
    pages = []
    with gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            lines = [line.strip() for line in row["text"].split("\n")]
            body = np.array(labels[row["id"]], np.bool_)
            filled = [number for number, line in enumerate(lines) if line]
            if filled:
                pages.append(Page([lines[number] for number in filled], body[filled]))
    return pages


# Other scripts: every word becomes another, always the same within a page, and words of furniture become
# words of furniture in a language of that script. What remains is what does not depend on the language.
_LATIN = "etaoinshrdlucmfwypvbgkqjxzäöüéèáíóúçñåøšžğıłęą"
_HAN = "".join(chr(0x4E00 + 53 * number) for number in range(300))
_KANA = "".join(chr(0x3042 + number) for number in range(60)) + _HAN[:200]
_HANGUL = "".join(chr(0xAC00 + 97 * number) for number in range(110))
_MARKS = {
    "arabic": str.maketrans(",?", "،؟"),
    "han": str.maketrans(".,?!“”: ", "。、？！「」：\0"),
    "kana": str.maketrans(".,?!“”: ", "。、？！「」：\0"),
}
_TOKEN = re.compile(r"[^\W_]+")
_TERMS = terms()
_ENGLISH = {term: kind for kind, languages in _TERMS.items() for term in languages["en"]}


@dataclass(frozen=True)
class Script:
    """``ratio``: characters for one of English; ``share``: of the pages that are respelled."""

    alphabet: str
    ratio: float
    cased: bool
    share: float
    languages: tuple[str, ...]


SCRIPTS: Final = {
    "latin": Script(_LATIN, 1.1, True, 0.45, ("de", "fr", "es", "it", "pt", "nl", "nordic", "pl", "tr")),
    "cyrillic": Script("оеаинтсрвлкмдпуяыьгзбчйхжшюцщ", 1.1, True, 0.15, ("slavic",)),
    "arabic": Script("ايلمنتربوعدسفحكقجشطخصثزغضظذ", 0.8, False, 0.1, ("other",)),
    "hangul": Script(_HANGUL, 0.45, False, 0.1, ("ko",)),
    "han": Script(_HAN, 0.33, False, 0.08, ("zh",)),
    "kana": Script(_KANA, 0.42, False, 0.12, ("ja",)),
}


class Speller:
    """Respells the lines of one page in the script called ``name``."""

    def __init__(self, name: str, rng: np.random.Generator) -> None:
        """Draws what is particular to this page: its words, and how many of them the lists know."""
        self.script = SCRIPTS[name]
        self.marks = _MARKS.get(name, {})
        self.salt = int(rng.integers(1 << 30))
        self.nouns = name == "latin" and rng.random() < 0.4  # written with capitals, as in German
        self.known = 600 + 400 * rng.random()  # of a thousand words of furniture
        self.furniture = {
            kind: [term for language in self.script.languages for term in by_language[language]]
            for kind, by_language in _TERMS.items()
        }
        self.words: dict[str, str] = {}

    def line(self, line: str) -> str:
        """``line`` respelled."""
        parts, done = [], 0
        matches = list(_TOKEN.finditer(line))
        numbers = iter(range(len(matches)))
        for number in numbers:
            first = last = matches[number]
            spelled = None
            if number + 1 < len(matches):
                pair = f"{first.group()} {matches[number + 1].group()}".lower()
                spelled = self._term(pair)
                if spelled is not None:
                    last = matches[next(numbers)]
            parts += [line[done : first.start()], spelled or self._word(first.group())]
            done = last.end()
        return ("".join(parts) + line[done:]).translate(self.marks).replace("\0", "") or line

    def _term(self, term: str) -> str | None:
        kind, seed = _ENGLISH.get(term), zlib.crc32(term.encode(), self.salt)
        if kind is None or seed % 1000 >= self.known:
            return None
        return self.furniture[kind][seed % len(self.furniture[kind])]

    def _word(self, word: str) -> str:
        if word.isdigit():
            return word
        lower = word.lower()
        if lower not in self.words:
            self.words[lower] = self._term(lower) or self._invented(lower)
        spelled = self.words[lower]
        if not self.script.cased:
            return spelled
        if word.isupper() and len(word) > 1:
            return spelled.upper()
        if word[0].isupper() or (self.nouns and zlib.crc32(spelled.encode()) % 4 == 0):
            return spelled[0].upper() + spelled[1:]
        return spelled

    def _invented(self, word: str) -> str:
        seed, alphabet = zlib.crc32(word.encode(), self.salt), self.script.alphabet
        length = len(word) * self.script.ratio + ((seed >> 8) % 3 - 1 if self.script.ratio > 1 else 0)
        letters = range(max(1, round(length)))
        return "".join(alphabet[zlib.crc32(bytes([at & 255]), seed) % len(alphabet)] for at in letters)


def varied(page: Page, others: Sequence[Page], rng: np.random.Generator) -> Page:
    """Another text that this page might have been."""
    kind = rng.random()
    changed = (
        cut(page, others, rng) if kind < 0.64 else bare(page, rng) if kind < 0.94 else furniture(page, rng)
    )
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
    if rng.random() < 0.7:  # news has paragraphs, rarely headings or lists
        lines = [line for line in lines if len(line) > 80] or [max(lines, key=len)]
    before = page.lines[max(gold[0] - int(rng.choice([0, 0, 1, 1, 2, 4])), 0) : gold[0]]
    if before and rng.random() < 0.4:
        before.insert(0, before[0])
    after = page.lines[gold[-1] + 1 :][: int(rng.choice([0, 0, 0, 0, 0, 1, 2, 4]))]
    body = np.zeros(len(before) + len(lines) + len(after), np.bool_)
    body[len(before) : len(before) + len(lines)] = True
    return Page([*before, *lines, *after], body)


def cut(page: Page, others: Sequence[Page], rng: np.random.Generator) -> Page:
    """The page shortened, with links to other stories, a doubled line or a menu in one line."""
    chosen = _shortened(page, rng) if rng.random() < 0.6 else range(len(page.lines))
    lines, labels = [page.lines[number] for number in chosen], [bool(page.body[number]) for number in chosen]

    def insert(where: int, added: list[str]) -> None:
        lines[where:where] = added
        labels[where:where] = [False] * len(added)

    if rng.random() < 0.4:  # after the body or somewhere behind it
        last = len(labels) - labels[::-1].index(True)
        insert(last if rng.random() < 0.5 else int(rng.integers(last, len(lines) + 1)), teasers(others, rng))
    if rng.random() < 0.15:
        insert(int(rng.integers(labels.index(True) + 1)), teasers(others, rng))
    if rng.random() < 0.15:
        stop = len(lines) - labels[::-1].index(True)
        insert(int(rng.integers(labels.index(True), stop)), teasers(others, rng)[:3])
    first = labels.index(True)
    doubled = max(first - int(rng.integers(1, 4)), 0)
    if rng.random() < 0.25 and not labels[doubled]:
        insert(doubled, [lines[doubled]])
    if rng.random() < 0.15 and first >= 4:
        start = int(rng.integers(first - 3))
        stop = min(start + int(rng.integers(3, 30)), first)
        lines[start:stop] = [str(rng.choice(["", " ", " "])).join(lines[start:stop])]
        labels[start:stop] = [False]
    return Page(lines, np.array(labels))


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


def teasers(others: Sequence[Page], rng: np.random.Generator) -> list[str]:
    """Links to other stories: headline and, mostly, a paragraph of each."""
    lines: list[str] = []
    with_text, with_label = rng.random() < 0.75, rng.random() < 0.4
    for _ in range(int(rng.integers(1, 9))):
        other = others[int(rng.integers(len(others)))]
        gold = np.flatnonzero(other.body)
        if with_label:
            lines.append(other.lines[int(rng.integers(max(int(gold[0]), 1)))])
        before = [line for line in other.lines[max(gold[0] - 4, 0) : gold[0]] if 25 < len(line) < 140]
        lines.append(max(before, key=len) if before else other.lines[gold[0]][:80])
        if with_text:
            lines.append(other.lines[int(rng.choice(gold))])
    return lines


def example(page: Page) -> Example:
    """``page`` as the networks see it. A line costs what it would in the F1 of shingles over its text."""
    found = features(page.lines)
    cost = found.words + 1.5
    cost /= cost[page.body].sum() + 30
    wrong = float(cost[~page.body].sum())
    cost[~page.body] *= min(1, 1.5 / max(wrong, 1e-9))
    return Example(found, page.body.astype(np.float32), cost)


def examples(pages: Sequence[Page], variant: int) -> list[Example]:
    """An example of each page, in its ``variant``."""
    rng = np.random.default_rng(100 + variant)
    return [example(varied(page, pages, rng) if variant else page) for page in pages]


Rows = tuple[Floats, Floats, Floats]  # features (a row a line), target, cost


def fit(variants: Sequence[Sequence[Rows]], seed: int) -> Network:
    """A network fitted to one variant of the pages after the other, over and over."""
    rng = np.random.default_rng(seed)
    seen = np.concatenate([rows for rows, _, _ in variants[0]])
    mean, spread = seen.mean(axis=0), np.maximum(seen.std(axis=0), 0.05)
    width, span = seen.shape[1], 2 * REACH + 1
    shapes = ((width, HIDDEN), (HIDDEN,), (span * HIDDEN, HIDDEN), (HIDDEN,), (HIDDEN,), ())
    scales = (np.sqrt(2 / width), 0, np.sqrt(2 / (span * HIDDEN)), 0, np.sqrt(1 / HIDDEN), 0)
    drawn = [scale * rng.normal(size=shape) for shape, scale in zip(shapes, scales, strict=True)]
    weights = [np.asarray(weight, np.float32) for weight in drawn]
    slope = [np.zeros_like(weight) for weight in weights]
    square = [np.zeros_like(weight) for weight in weights]
    steps = EPOCHS * -(-len(variants[0]) // BATCH)
    for step, batch in enumerate(_batches(variants, mean, spread, rng), start=1):
        rate = RATE / 2 * (1 + np.cos(np.pi * step / steps)) * min(1, step / 50)
        for number, gradient in enumerate(_gradients(weights, batch, rng)):  # Adam with decoupled decay
            slope[number] = 0.9 * slope[number] + 0.1 * gradient
            square[number] = 0.99 * square[number] + 0.01 * gradient**2
            move = slope[number] / (1 - 0.9**step) / (np.sqrt(square[number] / (1 - 0.99**step)) + 1e-7)
            decay = DECAY * weights[number] if number in {0, 2} else 0
            weights[number] = np.asarray(weights[number] - rate * (move + decay), np.float32)
    w1, b1, w2, b2, w3, b3 = weights
    w1 /= spread[:, None]
    return Network(w1.T.copy(), (b1 - mean @ w1)[:, None], w2.T.copy(), b2[:, None], w3, b3)


def _batches(
    variants: Sequence[Sequence[Rows]], mean: Floats, spread: Floats, rng: np.random.Generator
) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
    """Pages in random order, ``BATCH`` at a time: rows, targets, costs, and which rows are lines; after each
    page stand ``REACH`` rows that are none, so that no line sees another page's."""
    width = len(mean)
    for epoch in range(EPOCHS):
        pages = variants[epoch % len(variants)]
        order = rng.permutation(len(pages))
        for start in range(0, len(order), BATCH):
            chosen = [pages[number] for number in order[start : start + BATCH]]
            size = sum(len(target) + REACH for _, target, _ in chosen)
            rows, flat = np.zeros((size, width), np.float32), np.zeros((3, size), np.float32)
            at = 0
            for features_of, target, cost in chosen:
                stop = at + len(target)
                rows[at:stop] = (features_of - mean) / spread
                flat[:, at:stop] = np.stack([target, cost / BATCH, np.ones_like(target)])
                at = stop + REACH
            yield rows, *flat


def _gradients(
    weights: Sequence[Floats], batch: tuple[Floats, Floats, Floats, Floats], rng: np.random.Generator
) -> tuple[Floats, ...]:
    """Of the weighted cross-entropy, by each of ``weights``."""
    w1, b1, w2, b2, w3, b3 = weights
    rows, target, cost, is_line = batch
    first = np.maximum(rows @ w1 + b1, 0) * is_line[:, None]
    around = windows(np.ascontiguousarray(first.T)).T
    second = np.maximum(around @ w2 + b2, 0)
    used = (rng.random(HIDDEN) > 0.1).astype(np.float32)  # dropout
    guess = 1 / (1 + np.exp(-np.clip((second * used) @ w3 + b3, -30, 30)))
    by_logit = (guess - target) * cost
    by_second = by_logit[:, None] * (w3 * used) * (second > 0)
    by_around = by_second @ w2.T
    padded = np.zeros((len(rows) + 2 * REACH, HIDDEN), np.float32)
    for shift in range(2 * REACH + 1):
        padded[shift : shift + len(rows)] += by_around[:, shift * HIDDEN : (shift + 1) * HIDDEN]
    by_first = padded[REACH:-REACH] * (first > 0)
    return *_by(rows, by_first), *_by(around, by_second), *_by(second * used, by_logit)


def _by(inputs: Floats, errors: Floats) -> tuple[Floats, Floats]:
    return inputs.T @ errors, errors.sum(axis=0)


def train(variants: Sequence[Sequence[Example]]) -> tuple[Network, Network]:
    """Both networks. The second is fitted to guesses of first networks that were fitted without the page."""

    def rows(page: Example) -> Rows:
        return page.found.table.T, page.target, page.cost

    def context(page: Example, guesser: Network) -> Rows:
        guess = apply(guesser, page.found.table)
        table = np.concatenate([page.found.table, structure(page.found, guess)])
        return table.T, page.target, page.cost

    def but(fold: int) -> list[list[Rows]]:
        return [[rows(page) for n, page in enumerate(pages) if n % FOLDS != fold] for pages in variants]

    guessers = [fit(but(fold), 10 + fold) for fold in range(FOLDS)]
    first = fit(but(FOLDS), 20)
    second = [[context(page, guessers[n % FOLDS]) for n, page in enumerate(pages)] for pages in variants]
    return first, fit(second, 30)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Fit the line classifier's weights to labelled pages.")
    parser.add_argument("--guides", type=Path, required=True, help="folder with docs.jsonl.gz and gold.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    options = parser.parse_args()
    pages = read(options.guides)
    with ProcessPoolExecutor(2) as pool:
        variants = list(pool.map(partial(examples, pages), range(VARIANTS)))
    arrays = {}
    for stage, network in zip(("first", "second"), train(variants), strict=True):
        for field, array in zip(fields(network), astuple(network), strict=True):
            arrays[f"{stage}_{field.name}"] = np.asarray(array, np.float16)
    np.savez_compressed(options.out, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
