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

_TOKEN = re.compile(r"\w[\w'’.-]*|[,;:.!?…()—–―\ue000\ue001\ue002\ue003]|--|(?<=\s)-(?=\s)")
_SPECIAL = frozenset(".!?") | QUOTES
_ABBREVIATIONS = ENGLISH["abbreviations"]
_LATE_ABBREVIATIONS = ENGLISH["late_abbreviations"]
_LONGEST = 200  # tokens
_NEAR = 60


@dataclass(slots=True)
class Sentence:
    """Tokens as written and in lower case; ``quotes`` holds (token index, quotation number)."""

    tokens: list[str]
    lower: list[str]
    quotes: list[tuple[int, int]]


def placeholder(quoted: str) -> str:
    """The token that stands for a quotation with these words."""
    last = quoted.rstrip("’'”\"» ")[-1:]
    if last in (",", "，"):
        return COMMA
    if last == ".":
        return OPEN if quoted.endswith("..") else STOP
    return BANG if last and last in "?!…。？！" else OPEN


def sentences(masked: str, first: int) -> list[Sentence]:
    """The sentences of a paragraph whose quotations are placeholders numbered upwards from ``first``."""
    tokens: list[str] = _TOKEN.findall(masked)
    found: list[Sentence] = []
    part: list[str] = []
    quoted: list[tuple[int, int]] = []
    start, number, count = 0, first, len(tokens)
    for index in [index for index, token in enumerate(tokens) if token[-1] in _SPECIAL]:
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < count else ""
        part += tokens[start:index]
        start = index + 1
        if len(part) > _LONGEST:  # no sentence of an article: keep what is near, so that time stays linear
            near = 0 if quoted else _NEAR
            found.append(_sentence(part[: len(part) - near], quoted))
            part, quoted = part[len(part) - near :], []
        if token in QUOTES:
            quoted.append((len(part), number))
            number += 1
        elif len(token) > 1:
            if _abbreviated(token, following):
                part.append(token)
                continue
            part.append(token.rstrip("."))
            token = "."
        part.append(token)
        if following and _ends(token, following, tokens, index):
            found.append(_sentence(part, quoted))
            part, quoted = [], []
    part += tokens[start:]
    if part:
        found.append(_sentence(part, quoted))
    return found


def _sentence(tokens: list[str], quoted: list[tuple[int, int]]) -> Sentence:
    return Sentence(tokens, "\0".join(tokens).lower().split("\0"), quoted)


def _abbreviated(token: str, following: str) -> bool:
    """Whether the full stop at the end of a token belongs to an abbreviation or an initial."""
    word = token[:-1]
    low = word.lower()
    if low in _ABBREVIATIONS:
        return bool(following)
    if low in _LATE_ABBREVIATIONS:
        return following == "," or following[:1].islower()
    return (len(word) == 1 and word.isupper()) or (len(word) < 6 and "." in word and bool(following))


def _ends(token: str, following: str, tokens: list[str], index: int) -> bool:
    """Whether a sentence ends between a token and the one that follows it."""
    if token in (".", "!", "?"):
        return following in QUOTES or (not following[0].islower() and following not in PUNCTUATION)
    if token in (STOP, BANG):
        if following in QUOTES:
            return True
        return following[0].isupper() and not _short_attribution(tokens, index + 1, token)
    return False


def _short_attribution(tokens: list[str], start: int, token: str) -> bool:
    """Whether what follows "Really?" is no more than "Smith asked." so that it belongs to the quotation.

    After a full stop only two to four words that end the sentence count, as there the comma is the rule.
    """
    limit = 12 if token == BANG else 5
    for index in range(start, min(len(tokens), start + limit)):
        word = tokens[index]
        if word in (".", "!", "?") or word in QUOTES:
            return index - start >= 2 and (token == BANG or word == ".")
        if token == STOP and word in PUNCTUATION:
            return False
    return token == BANG or len(tokens) - start <= 4
