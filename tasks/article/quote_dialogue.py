"""Direct speech that a dash at the beginning of a paragraph marks: ``— Да, — сказал Иванов. — Хорошо.``"""

from __future__ import annotations

import re

from tasks.article.quote_marks import Span
from tasks.article.speaker_words import Lexicon

_PARAGRAPH = re.compile(r"^[—–―][^\S\n]*(?=\S)([^\n]*)", re.MULTILINE)
_DASH = re.compile(r"[^\S\n]*[—–―][^\S\n]*")
_WORD = re.compile(r"\w+")
_LANGUAGES = frozenset(("es", "fr", "it", "pl", "pt", "ru", "tr", "uk"))
_VERB_WITHIN = 2  # words of the inserted clause among which its verb must be

# Where Nordic papers put a dash before speech alone, a comma leads from it to the verb: – Ja, säger Alm. – Bra.
_NORDIC = frozenset(("sv", "no", "da"))
_NORDIC_PARAGRAPH = re.compile(r"^[—–―-][^\S\n]+(?=\S)([^\n]*)", re.MULTILINE)
_NORDIC_DASH = re.compile(r"(?<=[.!?…]) [—–―-] (?=\S)")
_COMMA = re.compile(r"[,!?]\s+(\w+)")
_SENTENCE_END = (".", "!", "?", "…")


def dialogue(text: str, found: list[Span], words: Lexicon) -> list[Span]:
    """``found`` and the dialogue of paragraphs without quotation marks, in order of place.

    A dash alone says little, lists have it too: a second dash must lead into a clause with a verb of speech.
    """
    nordic = words.language in _NORDIC
    if not nordic and words.language not in _LANGUAGES:
        return found
    starts = sorted(span.outer[0] for span in found)
    added: list[Span] = []
    attributed = False
    number = 0
    for match in (_NORDIC_PARAGRAPH if nordic else _PARAGRAPH).finditer(text):
        while number < len(starts) and starts[number] < match.start():
            number += 1
        if number < len(starts) and starts[number] < match.end():
            continue
        if nordic:
            speech, tells = _nordic_speech(text, match.start(), match.start(1), match.end(1), words)
            attributed = attributed or tells
            added += speech
        else:
            added += _speech(text, match.start(), match.start(1), match.end(1), words)
    if nordic and not attributed:  # a list
        return found
    return sorted(found + added, key=lambda span: span.outer) if added else found


def _nordic_speech(text: str, opening: int, start: int, end: int, words: Lexicon) -> tuple[list[Span], bool]:
    """The speech of one paragraph, and whether it has an attribution."""
    result: list[Span] = []
    tells = False
    outer = opening
    for dash in (*_NORDIC_DASH.finditer(text, start, end), None):
        stop = dash.start() if dash else end
        verb = next((m for m in _COMMA.finditer(text, start, stop) if m[1].lower() in words.finite), None)
        if verb is not None or text[stop - 1 : stop] in _SENTENCE_END:
            close = verb.start() + 1 if verb else stop
            result.append(Span((outer, close), ((start, close),), text[opening]))
        tells = tells or verb is not None
        if dash:
            outer, start = dash.start() + 1, dash.end()
    return result, tells


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
