"""Where quotation marks open and close: spans of quoted text, found without understanding a word of it."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

# What may close a quotation that the key opened. Sloppy typing mixes straight and curly marks, so a straight
# mark closes a curly one; the position of a mark (_opens, _closes) decides where a character could do both.
_CLOSERS = {
    "“": '”“"',
    "„": '“”"‟',
    "‟": "”",
    "”": "”",
    '"': '"”',
    "«": "»",
    "»": "«»",
    "「": "」",
    "『": "』",
    "‹": "›",
    "›": "‹›",
    "‚": "‘’",
}
_CANDIDATES = (*_CLOSERS, "‘", "`")  # without one of these or a lone ' there is no quotation
_ALWAYS_OPEN = "„「『«‹"
_SINGLE = "'‘’"

# A mark that is no apostrophe within a word, two single ones typed for a double one, or a row of them, which is
# decoration. One class at the front keeps the scan fast.
_ANY = """["“”„‟«»「」『』‹›‚'‘’`]"""
_MARK = re.compile(rf"({_ANY})(?:{_ANY}{{6,}}|(?<=['‘’`])\1)?(?!(?<=\w['‘’])\w)")
_LONE_SINGLE = re.compile(r"'(?<!\w')")
# ’tis, ’90s, rock ’n’ roll: a dropped beginning, not an opening mark.
_ELISION = re.compile(
    r"['‘’](?:\d\ds?\b|(?:n|tis|twas|til|till|em|cause|cos|bout|round|ere|im|er|nuff|s|t)\b)", re.IGNORECASE
)
_FEET = re.compile(r"\d['’′]\s?\d{1,2}$")
_MOST = 20_000  # marks that are looked at; no article has as many
_BEFORE_OPEN = frozenset("([{—–-―/…:>“„«‘\"'`")


class Span(NamedTuple):
    """One quotation: ``outer`` includes the marks, ``parts`` are the [start, end) pieces between them.

    More than one part means that the quotation runs over paragraphs, each opening with the mark again.
    ``mark`` is the opening mark; ``closed`` is False where only the end of the paragraph ended it.
    """

    outer: tuple[int, int]
    parts: tuple[tuple[int, int], ...]
    mark: str
    closed: bool = True


def _opens(text: str, at: int) -> bool:
    """Whether a mark at this place could begin a quotation: room before it, none after it."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before.isspace() or before in _BEFORE_OPEN) and bool(after) and not after.isspace()


def _closes(text: str, at: int) -> bool:
    """Whether a mark at this place could end a quotation: none before it, no letter after it."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before) and not before.isspace() and not after.isalnum()


def spans(text: str) -> list[Span]:
    """All outermost quotations of ``text`` in order; nested ones belong to the text of the outer one.

    Paragraphs are separated by a blank line. Linear in the length of the text.
    """
    if not any(mark in text for mark in _CANDIDATES) and not _LONE_SINGLE.search(text):
        return []
    return _pair(text, _events(text))


def _events(text: str) -> list[tuple[int, str]]:
    """All marks with their places; ``quoted'' and `quoted' as what they stand for."""
    found = []
    for match in islice(_MARK.finditer(text), _MOST):
        at, mark = match.start(), match[0]
        if len(mark) > 2:
            continue
        if mark[0] == "`":
            at, mark = (at, "‘") if len(mark) == 1 else (at + 1, "“")
        elif len(mark) == 2:
            at, mark = (at if text[at - 1 : at].strip() else at + 1), '"'
        found.append((at, mark))
    return found


def _paragraph_end(text: str, start: int) -> int:
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def _opens_spaced(text: str, events: list[tuple[int, str]], index: int) -> bool:
    """Whether a mark with room on both sides (“ so ”) opens: only if its counterpart follows at once."""
    at, mark = events[index - 1]
    if mark not in '“"' or not text[at + 1 : at + 2].isspace() or not (at == 0 or text[at - 1].isspace()):
        return False
    return index < len(events) and events[index][1] in _CLOSERS[mark]


def _pair(text: str, events: list[tuple[int, str]]) -> list[Span]:
    result: list[Span] = []
    index, count = 0, len(events)
    paragraph = -1  # where the paragraph ends
    while index < count:
        at, mark = events[index]
        index += 1
        if at > paragraph:
            paragraph = _paragraph_end(text, at)
        if mark in _SINGLE:
            if mark != "’" and _opens(text, at) and not _ELISION.match(text, at):
                close, index = _single_close(text, events, index, paragraph)
                if close is not None:
                    end = events[close][0]
                    parts = _trimmed(text, [(at + 1, end)])
                    if parts:
                        result.append(Span((at, end + 1), parts, mark))
        elif mark in _CLOSERS and (
            mark in _ALWAYS_OPEN or _opens(text, at) or _opens_spaced(text, events, index)
        ):
            index, pieces, end, closed = _double(text, events, index, paragraph)
            parts = _trimmed(text, pieces)
            if parts:
                result.append(Span((at, end), parts, mark, closed))
    return result


def _trimmed(text: str, pieces: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The pieces without the white space at their ends; none where they hold nothing but marks."""
    parts = []
    said = False
    for start, end in pieces:
        piece = text[start:end]
        left = end - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            parts.append((left, right))
            said = said or piece[left - start].isalnum() or bool(piece.strip("\"“”'’‘ "))
    return tuple(parts) if said else ()


def _single_close(
    text: str, events: list[tuple[int, str]], index: int, paragraph: int
) -> tuple[int | None, int]:
    """The event that closes a single mark, and the event to go on from.

    That is the first closing mark which is not a plural's possessive, if any is, before the next opening one.
    """
    possessive = None
    while index < len(events):
        at, mark = events[index]
        if at > paragraph or (mark in "'‘" and _opens(text, at) and not _closes(text, at)):
            break
        if mark in "'’" and _closes(text, at):
            if text[at - 1] != "s" or not text[at + 1 : at + 3].strip()[:1].islower():
                return index, index + 1
            possessive = index if possessive is None else possessive
        index += 1
    return possessive, index if possessive is None else possessive + 1


def _double(
    text: str, events: list[tuple[int, str]], index: int, paragraph: int
) -> tuple[int, list[tuple[int, int]], int, bool]:
    """From an opening mark: the next event, the parts, the end of the outer span, whether it was closed."""
    at, mark = events[index - 1]
    closers, start, depth = _CLOSERS[mark], at + 1, 0
    parts: list[tuple[int, int]] = []
    while index < len(events):
        here, sign = events[index]
        if here > paragraph:
            if here != paragraph + 2 or sign != mark:
                break
            parts.append((start, paragraph))
            start, index, depth = here + 1, index + 1, 0
            paragraph = _paragraph_end(text, here)
            continue
        index += 1
        if sign in closers:
            if sign == '"' and _FEET.search(text, max(0, here - 6), here):
                continue
            # The same character both opens and closes in some languages: its position tells, and a mark
            # that can only open a nested quotation must be closed before the outer one is.
            if sign == mark and _opens(text, here) and not _closes(text, here):
                depth += 1
            elif depth:
                depth -= 1
            else:
                parts.append((start, here))
                return index, parts, here + 1, True
        elif sign == mark:
            if not depth and not _opens(text, here):
                parts.append((start, here))
                return index, parts, here + 1, True
            depth += 1
    parts.append((start, paragraph))
    return index, parts, paragraph, False
