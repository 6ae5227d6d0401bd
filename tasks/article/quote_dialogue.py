"""Direct speech that a dash at the beginning of a paragraph marks: ``— Да, — сказал Иванов. — Хорошо.``"""

from __future__ import annotations

import re

from tasks.article.quote_marks import Span
from tasks.article.speaker_words import Lexicon

_PARAGRAPH = re.compile(r"^[—–―][^\S\n]*(?=\S)([^\n]*)", re.MULTILINE)
_DASH = re.compile(r"[^\S\n]*[—–―][^\S\n]*")
_WORD = re.compile(r"\w+")
_LANGUAGES = frozenset(("es", "fr", "it", "pl", "pt", "ru", "sv", "no", "da", "tr", "uk"))
_VERB_WITHIN = 2  # words of the inserted clause among which its verb must be


def dialogue(text: str, found: list[Span], words: Lexicon) -> list[Span]:
    """``found`` and the dialogue of paragraphs without quotation marks, in order of place.

    A dash alone says little, lists have it too: a second dash must lead into a clause with a verb of speech.
    """
    if words.language not in _LANGUAGES:
        return found
    marked = {span.outer[0]: span for span in found}
    starts = sorted(marked)
    added: list[Span] = []
    number = 0
    for match in _PARAGRAPH.finditer(text):
        while number < len(starts) and starts[number] < match.start():
            number += 1
        if number == len(starts) or starts[number] >= match.end():
            added += _speech(text, match.start(), match.start(1), match.end(1), words)
    return sorted(found + added, key=lambda span: span.outer) if added else found


def _speech(text: str, opening: int, start: int, end: int, words: Lexicon) -> list[Span]:
    result: list[Span] = []
    narrated = False
    outer = opening
    for begin, right, following in _pieces(text, start, end):
        left = begin
        if not narrated and any(
            word.lower() in words.finite for word in _WORD.findall(text[left:right])[:_VERB_WITHIN]
        ):
            if not result:
                return []
            narrated = True
        elif narrated or not result:
            while left < right and text[left] in ".,;: ":
                left += 1
            if left < right:
                result.append(Span((outer if not result else left, right), ((left, right),), text[opening]))
            narrated = False
        else:  # a dash within the speech itself
            previous = result.pop()
            result.append(Span((previous.outer[0], right), ((previous.parts[0][0], right),), previous.mark))
        outer = following
    return result if narrated or len(result) > 1 else []


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """What stands between the dashes of a paragraph, each with the place where the next piece begins."""
    found = []
    for dash in _DASH.finditer(text, start, end):
        found.append((start, dash.start(), dash.end()))
        start = dash.end()
    found.append((start, end, end))
    return [piece for piece in found if piece[0] < piece[1]]
