"""Places and organisations of the gazetteer in a text: which of its forms stand for them there, and which do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.article.speaker_names import is_role
from tasks.article.speaker_people import UPPER
from tasks.article.speaker_words import GIVEN, PARTICLES, Lexicon, lexicon
from tasks.linking.gazetteer import Hit, ambiguous, gazetteer
from tasks.linking.mention_words import BEFORE_OF, BEHIND_COUNTRY

_BEHIND = re.compile(rf"(?: ([{UPPER}][\w’'.-]*)|(-[{UPPER}])| (&))")
_BEFORE = re.compile(r"(?:([^\s(“\"‘'\[—–/]+) )?([^\s(“\"‘'\[—–/]+) $")
_NEAR = 40  # characters before a form where what it is a part of may begin
_SIDES = frozenset(
    ("north", "south", "east", "west", "central", "northern", "southern", "eastern", "western", "mainland")
)


def places(text: str, language: str | None, taken: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    """The places and organisations that a text names, in order.

    ``taken``: where other names stand, in order, of which these may be a part (Denzel Washington).
    """
    words = lexicon(language)
    source = gazetteer(language)
    hits = list(source.hits(text))
    sure = {hit.entry.entry_id for hit in hits if text[hit.start : hit.end] not in ambiguous()}
    number = 0
    for index, hit in enumerate(hits):
        while number < len(taken) and taken[number][1] <= hit.start:
            number += 1
        if number < len(taken) and taken[number][0] < hit.end:
            continue
        if hit.entry.entry_id not in sure:
            continue
        if source.is_unspaced or _stands(text, hit, hits[index + 1 : index + 2], words):
            yield hit


def _stands(text: str, hit: Hit, following: list[Hit], words: Lexicon) -> bool:
    """Whether a form is no part of another name."""
    start, end = hit.start, hit.end
    form = text[start:end]
    if form.islower():
        return True
    behind = _BEHIND.match(text, end)
    if behind is not None:
        if behind[3]:
            return False
        next_hit = bool(following) and following[0].start - end == 1
        if behind[2] and not next_hit and not hit.entry.is_country:
            return False
        if behind[1] and not next_hit and not _may_follow(behind[1], hit, words):
            return False
    last = text[max(0, start - _NEAR) : start].rsplit(" ", 3)[-3:]
    before = _BEFORE.search(" ".join(last))
    return before is None or _may_precede(before[2], before[1] or "", form, hit, words)


def _may_follow(word: str, hit: Hit, words: Lexicon) -> bool:
    low = word.lower().rstrip("’'.,").removesuffix("'s").removesuffix("’s")
    if words.language == "de":
        return not word.isupper()
    if low in words.times:
        return True
    if word.isupper() and len(word) > 3:
        return False
    return is_role(low) or (hit.entry.is_country and low in BEHIND_COUNTRY)


def _may_precede(word: str, earlier: str, form: str, hit: Hit, words: Lexicon) -> bool:
    """Whether a form can stand by itself behind these words: not in "Bank of China", "Miss France"."""
    low = word.lower()
    if word[-1] in ".,:;!?)" and len(word) > 3:
        return True
    if low in ("of", "for") or low in PARTICLES:
        if not earlier[:1].isupper() or earlier.lower() in words.function:
            return True
        return is_role(earlier.lower()) and earlier.lower() not in BEFORE_OF
    if not word[0].isupper():
        return True
    if word.isupper() and len(word) > 3 and form.isupper():
        return False  # a line in capitals, where US may be us
    if words.language == "de":
        return hit.entry.is_country or low in words.function
    if low in GIVEN and low not in words.function:
        return False
    possessive = word.endswith(("'s", "’s"))
    return possessive or low in words.function or low in words.times or low in _SIDES
