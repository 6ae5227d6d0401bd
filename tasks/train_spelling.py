"""Respelling of pages in other scripts, for the training of the line classifier."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from tasks.article.line_vocabulary import terms

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
