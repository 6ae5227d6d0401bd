"""Notes that tell readers of a correction, a clarification or an update: in the article, above it or below it.

Many stand apart from the text and are no part of it, but who asks whether an edit was a silent one must know of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from tasks.article.date_text import is_mostly_dates
from tasks.article.date_words import table
from tasks.article.model import Found

BEFORE: Final = 6  # lines or blocks above the text that may hold a note
AFTER: Final = 12  # below it; calls to follow and to share stand between
SIGNAL: Final = "text:note"
_NEAR: Final = 120  # characters between the article's name and what was done to it
_BEHIND: Final = 12  # characters where it is named behind: "We have updated this article"
_LEAST: Final = 5  # words of a note apart from its label that stands outside the text
_DENSE: Final = 12  # characters of one in a script without spaces
_LONGEST: Final = 1_500  # characters; what is longer is no note, whatever it speaks of
_END: Final = re.compile(r"[.!?…。！？।؟][\"'”’»)\]）」』]*$")
_SPACELESS: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says it: ``begun``: what begins a note, with ``rest`` after its label; ``remarked``: the label
    of an editors' remark; ``told``: a subject and what was done to it, or the other way round; ``done``: the latter
    alone. Both have the words before what was done as a group."""

    begun: re.Pattern[str]
    remarked: re.Pattern[str]
    told: re.Pattern[str]
    done: re.Pattern[str]
    subjects: tuple[str, ...]
    phrases: tuple[str, ...]
    remarks: tuple[str, ...]
    unless: tuple[str, ...]

    def is_told(self, line: str) -> bool:
        """Whether the folded line says that the article was changed."""
        if any(phrase in line for phrase in self.phrases):
            return True
        named = any(subject in line for subject in self.subjects)
        if named and any(self._is_over(match[1]) for match in self.told.finditer(line)):
            return True
        remark = self.remarked.match(line)
        return bool(remark and (done := self.done.match(line, remark.end())) and self._is_over(done[1]))

    def _is_over(self, between: str | None) -> bool:
        return not (between and any(word in between for word in self.unless))


def notes(
    title: str | None, text: str, beside: Sequence[str], language: str | None
) -> Found[tuple[str, ...]]:
    """The notes of an article, in their order and each once; ``beside``: what stands above and below its text.

    None for a language whose words are not listed, in which nobody can say that a note is absent.
    """
    if not text:
        return Found(None, reason="no_article")
    words = _words(language or "")
    if words is None:
        return Found(None, reason="unlisted_language")
    found = [*_among(words, [title or ""]), *_among(words, text.split("\n\n"))]
    found += [line for line in _among(words, beside) if _is_sentence(line)]
    once = tuple(dict.fromkeys(found))
    return Found(once, SIGNAL) if once else Found((), reason="not_stated")


def around(lines: Sequence[str], kept: Sequence[int]) -> list[str]:
    """Of a document's lines or blocks those near the text, which is made of those ``kept``, that are not in it."""
    if not kept:
        return []
    near = range(max(kept[0] - BEFORE, 0), min(kept[-1] + 1 + AFTER, len(lines)))
    within = frozenset(kept)
    return [lines[index] for index in near if index not in within and lines[index]]


def _among(words: _Words, lines: Sequence[str]) -> list[str]:
    """The lines that are notes; for a label that stands alone, the line after it."""
    found = []
    labelled = False
    folds = [_folded(line) for line in lines]
    whole = "\n".join(folds)
    telling = [word for word in (*words.phrases, *words.subjects, *words.remarks) if word in whole]
    for line, folded in zip(lines, folds, strict=True):
        if len(line) > _LONGEST:
            labelled = False
            continue
        begun = words.begun.match(folded)
        alone = bool(begun and begun.end() == len(folded))
        is_note = (labelled and _is_sentence(line)) or bool(begun and not alone)
        is_note = is_note or (any(map(folded.__contains__, telling)) and words.is_told(folded))
        if is_note and not is_mostly_dates(line):
            found.append(line)
        labelled = alone
    return found


def _is_sentence(line: str) -> bool:
    long = len(line) >= _DENSE if _SPACELESS.search(line) else len(line.split()) > _LEAST
    return long and bool(_END.search(line.rstrip()))


def _folded(line: str) -> str:
    return line.casefold().replace("’", "'")


@cache
def _words(language: str) -> _Words | None:
    listed = table("correction_words").get(language)
    if listed is None:
        return None
    said = {name: tuple(_folded(word) for word in words) for name, words in listed.items()}
    done, named = "|".join(_open(change) for change in said["changes"]), _any(said["subjects"])
    before = r"[\W\d_]*"
    return _Words(
        # Behind the label a colon or a bracket, a date or a number and a colon, or nothing.
        begun=re.compile(
            rf"{before}(?:{_any(said['labels'])})"
            r"(?:\s*[:：(\[）)】\]]|\W*(?:\w+\W+){0,2}?\d(?:[^:：!?。]|:\d){0,25}[:：](?!\d)|[\W\d_]*$)"
        ),
        remarked=re.compile(rf"{before}(?:{_any(said['remarks'])})"),
        told=re.compile(rf"(?:{named})(.{{0,{_NEAR}}}?)(?:{done})|(?:{done}).{{0,{_BEHIND}}}(?:{named})"),
        done=re.compile(rf"(.{{0,{_NEAR}}}?)(?:{done})"),
        subjects=said["subjects"],
        phrases=said["phrases"],
        remarks=said["remarks"],
        unless=said["unless"],
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _open(word: str) -> str:
    """A word as a pattern that begins where a word does, but for scripts without spaces."""
    return re.escape(word) if _SPACELESS.match(word) else rf"(?<![^\W\d_]){re.escape(word)}"
