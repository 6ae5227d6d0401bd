"""Paragraphs as sentences of tokens in which each quotation is a single token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tasks.article.speaker_people import UPPER

# A quotation as a token, by how its words end: openly or with a comma, with a full stop, with ? or !.
OPEN, STOP, BANG = "\ue000", "\ue001", "\ue002"
QUOTES = frozenset((OPEN, STOP, BANG))
DASHES = frozenset(("—", "–", "-", "--", "―"))
PUNCTUATION = frozenset(",;:.!?…()") | DASHES | QUOTES

_TOKEN = re.compile(
    rf"(?:[{UPPER}]\.)+(?!\w)"
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Reps?|Sens?|Gov|Gen|Lt|Col|Sgt|Capt|Maj|Cmdr|Adm|Rev|Hon|Pres|Det|Insp|Supt|Cpl|Atty|St|Mt"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\."
    r"|(?:Jr|Sr|Inc|Corp|Co|Ltd)\.(?=,| [a-z])"
    r"|\w+(?:[-'’.]\w+)*"
    r"|--|(?<=\s)-(?=\s)|[,;:.!?…()—–―\ue000\ue001\ue002]"
)


@dataclass(slots=True)
class Sentence:
    """Tokens as written and in lower case; ``quotes`` holds (token index, quotation number)."""

    tokens: list[str]
    lower: list[str]
    quotes: list[tuple[int, int]] = field(default_factory=list)


def placeholder(quoted: str) -> str:
    """The token that stands for a quotation with these words."""
    last = quoted[-1]
    if last == ".":
        return OPEN if quoted.endswith("..") else STOP
    return BANG if last in "?!…。？！" else OPEN


def sentences(masked: str, first: int) -> list[Sentence]:
    """The sentences of a paragraph whose quotations are placeholders numbered upwards from ``first``."""
    tokens = _TOKEN.findall(masked)
    found, start, number = [], 0, first
    last = len(tokens) - 1
    for index, token in enumerate(tokens):
        if index < last and not _ends(token, tokens[index + 1], tokens, index):
            continue
        if index < last and token not in ".!?\ue001\ue002":
            continue
        part = tokens[start : index + 1]
        sentence = Sentence(part, [word.lower() for word in part])
        for at, word in enumerate(part):
            if word in QUOTES:
                sentence.quotes.append((at, number))
                number += 1
        found.append(sentence)
        start = index + 1
    return found


def _ends(token: str, following: str, tokens: list[str], index: int) -> bool:
    """Whether a sentence ends between a token and the one that follows it."""
    if token in (".", "!", "?"):
        return following in QUOTES or not following[0].islower() and following not in PUNCTUATION
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
            return index - start >= 2
        if token == STOP and word in PUNCTUATION:
            return False
    return token == BANG or len(tokens) - start <= 4
