"""Other texts that a labelled page might have been, for the training of the line classifier."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.line_vocabulary import terms


@dataclass(frozen=True)
class Page:
    """Non-empty lines, and which of them are body."""

    lines: list[str]
    body: NDArray[np.bool_]


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
_STOPS: Final = tuple('.!?”"')
_TOKEN = re.compile(r"[^\W_]+")
_TERMS = terms()
_ASKS = re.compile(rf"\b(?:{'|'.join(_TERMS['follow']['en'] + _TERMS['share']['en'])})\b")
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
    if rng.random() < 0.7:  # news has paragraphs, rarely headings or lists
        lines = [line for line in lines if len(line) > 80 or line.endswith(_STOPS)] or [max(lines, key=len)]
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
    if rng.random() < 0.3:
        stop = len(lines) - labels[::-1].index(True)
        added = teasers(others, rng)[:3] if rng.random() < 0.5 else promotion(others, rng)
        insert(int(rng.integers(labels.index(True) + 1, stop + 1)), added)
    if rng.random() < 0.2:
        insert(len(labels) - labels[::-1].index(True), promotion(others, rng))
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


def closed(page: Page, others: Sequence[Page], rng: np.random.Generator) -> Page:
    """The page with a short sentence of another as the last paragraph of its body."""
    other = others[int(rng.integers(len(others)))]
    line = other.lines[int(rng.choice(np.flatnonzero(other.body)))]
    sentence = re.split(r"(?<=[.!?”]) +", line)[-1]
    if not page.body.any() or not 15 < len(sentence) < 120 or not sentence.endswith(_STOPS):
        return page
    if _ASKS.search(sentence.lower()):
        return page
    stop = int(np.flatnonzero(page.body)[-1]) + 1
    lines = [*page.lines[:stop], sentence, *page.lines[stop:]]
    return Page(lines, np.insert(page.body, stop, True))


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


def promotion(others: Sequence[Page], rng: np.random.Generator) -> list[str]:
    """One line of another page that asks to subscribe, follow or share, if one is found soon."""
    for _ in range(150):
        other = others[int(rng.integers(len(others)))]
        number = int(rng.integers(len(other.lines)))
        line = other.lines[number]
        if not other.body[number] and 25 < len(line) < 200 and " " in line and _ASKS.search(line.lower()):
            return [line]
    return []


def teasers(others: Sequence[Page], rng: np.random.Generator) -> list[str]:
    """Links to other stories: headline and, mostly, a paragraph of each."""
    lines: list[str] = []
    with_text, with_label = rng.random() < 0.65, rng.random() < 0.4
    if rng.random() < 0.4:
        label = str(rng.choice(_TERMS["related"]["en"])).capitalize()
        lines.append(label + str(rng.choice(["", ":"])))
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
