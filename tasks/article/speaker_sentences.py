"""Paragraphs as sentences of tokens in which each quotation is a single token."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.article.speaker_words import ENGLISH

# A quotation as a token, by how its words end: openly, with a comma, with a full stop, with ? or !.
OPEN, COMMA, STOP, BANG = "\ue000", "\ue003", "\ue001", "\ue002"
QUOTES = frozenset((OPEN, COMMA, STOP, BANG))
DASHES = frozenset(("—", "–", "-", "--", "―"))
PUNCTUATION = frozenset(",;:.!?…()") | DASHES | QUOTES

_TOKEN = re.compile(
    r"\d+(?::\d+)+|\d+ ?- ?year ?- ?old|\w[\w'’.-]*"
    r"|[,;:.!?…()—–―\ue000\ue001\ue002\ue003]|--|(?<=\s)-(?=\s)"
)
_SPECIAL = frozenset(".!?") | QUOTES
_ABBREVIATIONS = ENGLISH["abbreviations"]
_LATE_ABBREVIATIONS = ENGLISH["late_abbreviations"]
_LONGEST_ABBREVIATION = 6  # characters, full stop included
_LONGEST = 120  # tokens
_NEAR = 60


@dataclass(slots=True)
class Sentence:
    """Tokens as written; ``quotes`` holds (token index, quotation number).

    ``first`` and ``last`` are the places of the first and last word outside quotations, -1 where none is.
    """

    tokens: list[str]
    quotes: list[tuple[int, int]]
    first: int
    last: int

    def begins(self, at: int) -> bool:
        """Whether no word stands before the token ``at``."""
        return self.first < 0 or self.first >= at

    def alone(self, at: int) -> bool:
        """Whether no other word stands beside the token ``at``."""
        return self.first < 0 or self.first == at == self.last


def placeholder(quoted: str) -> str:
    """The token that stands for a quotation with these words."""
    last = quoted.rstrip("’'”\"» ")[-1:]
    if last in (",", "，"):
        return COMMA
    if last == ".":
        return OPEN if quoted.endswith("..") else STOP
    return BANG if last and last in "?!…。？！" else OPEN


def sentences(masked: str, first: int, verbs: frozenset[str]) -> list[Sentence]:
    """The sentences of a paragraph whose quotations are placeholders numbered upwards from ``first``.

    ``verbs`` of speech tell what belongs to a quotation although that ends like a sentence.
    """
    tokens: list[str] = _TOKEN.findall(masked)
    found: list[Sentence] = []
    part: list[str] = []
    quoted: list[tuple[int, int]] = []
    start, number, count = 0, first, len(tokens)
    for index, token in [(index, token) for index, token in enumerate(tokens) if token[-1] in _SPECIAL]:
        following = tokens[index + 1] if index + 1 < count else ""
        part += tokens[start:index]
        start = index + 1
        if len(part) > _LONGEST:  # no sentence of an article: keep what is near, so that time stays linear
            near = 0 if quoted else _NEAR
            found.append(_sentence(_shortened(part[: len(part) - near], quoted), quoted))
            part, quoted = part[len(part) - near :], []
        if token in QUOTES:
            quoted.append((len(part), number))
            number += 1
        elif len(token) > 1:
            if _abbreviated(token, following):
                part.append(token)
                continue
            part.append(token.rstrip("."))
        mark = token if len(token) == 1 else "."
        part.append(mark)
        if following and _ends(mark, tokens, index, verbs):
            found.append(_sentence(part, quoted))
            part, quoted = [], []
    part += tokens[start:]
    if part:
        found.append(_sentence(_shortened(part, quoted), quoted))
    return found


def _shortened(tokens: list[str], quoted: list[tuple[int, int]]) -> list[str]:
    """What of an endless sentence can matter: its beginning, or all up to what follows its last quotation."""
    return tokens[: (quoted[-1][0] if quoted else 0) + _LONGEST]


def _sentence(tokens: list[str], quoted: list[tuple[int, int]]) -> Sentence:
    first, last = 0, len(tokens) - 1
    while first <= last and tokens[first] in PUNCTUATION:
        first += 1
    while last > first and tokens[last] in PUNCTUATION:
        last -= 1
    if first > last:
        first = last = -1
    return Sentence(tokens, quoted, first, last)


def _abbreviated(token: str, following: str) -> bool:
    """Whether the full stop at the end of a token belongs to an abbreviation or an initial."""
    if len(token) > _LONGEST_ABBREVIATION:
        return False
    word = token[:-1]
    low = word.lower()
    if low in _ABBREVIATIONS:
        return bool(following)
    if low in _LATE_ABBREVIATIONS:
        return following == "," or following[:1].islower()
    return (len(word) == 1 and word.isupper()) or (
        len(word) < 6 and "." in word and word[0].isalpha() and bool(following)
    )


def _ends(token: str, tokens: list[str], index: int, verbs: frozenset[str]) -> bool:
    """Whether a sentence ends between a token and the one that follows it."""
    following = tokens[index + 1]
    if token in (".", "!", "?"):
        return following in QUOTES or (not following[0].islower() and following not in PUNCTUATION)
    if token in (STOP, BANG):
        if following in QUOTES:
            return True
        return following[0].isupper() and not _short_attribution(tokens, index + 1, token, verbs)
    return False


def _short_attribution(tokens: list[str], start: int, token: str, verbs: frozenset[str]) -> bool:
    """Whether what follows "Really?" is no more than "Smith asked." so that it belongs to the quotation.

    After a full stop only two to four words that end the sentence count, as there the comma is the rule.
    """
    if token == STOP and verbs.isdisjoint(word.lower().rstrip(".") for word in tokens[start : start + 4]):
        return False
    limit = 12 if token == BANG else 5
    for index in range(start, min(len(tokens), start + limit)):
        word = tokens[index]
        if word in (".", "!", "?") or word in QUOTES:
            return index - start >= 2 and (token == BANG or word == ".")
        if token == STOP and word in PUNCTUATION:
            return False
    return token == BANG or len(tokens) - start <= 4
