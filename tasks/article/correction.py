"""Notes that tell readers of a correction, a clarification or an update: in the article, above it or below it.

Many stand apart from the text and are no part of it, but who asks whether an edit was a silent one must know of them.
A wrong one would hide such an edit: where a line might be said of something else, it is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from tasks.article.date_text import is_mostly_dates
from tasks.article.date_words import table
from tasks.article.model import Found
from tasks.article.page_kind_words import fold

BEFORE: Final = 6  # lines or blocks above the text that may hold a note
AFTER: Final = 12  # below it; calls to follow and to share stand between
SIGNAL: Final = "text:note"
_NEAR: Final = 90  # characters between the article's name and what was done to it
_AROUND: Final = 30  # characters on both sides of these, which may say that it is yet to be done
_FIRST, _LAST = 2, 4  # paragraphs of the text that may speak of the article itself without a label
_LEAST: Final = 5  # words of a note that has no label, or one of an update
_DENSE: Final = 12  # characters of one in a script without spaces
_LONGEST: Final = 1_500  # characters; what is longer is no note, whatever it speaks of
_END: Final = re.compile(r"[.!?…。！？।؟][\"'”’»)\]）」』*_]*$")
_SPACELESS: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_ALIASES: Final = {"nb": "no", "nn": "no"}
_UNMARKED: Final = frozenset(("el", "fr", "tr"))  # capitals are often written without their marks


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says it. ``label``: what a correction begins with; ``alone``: the same where nothing else
    stands there; ``update``: what an update begins with; ``begun``: the words of these, whatever stands behind them:
    nearly no line has them. ``remark``: a remark by the editors, and in it what was done; ``told``: the article and
    what was done to it; ``unless``, ``requests``: what must not stand there. ``known``: some of these must be in a text
    that tells of a change without a label. ``unmarked``: whether letters are compared without their marks."""

    begun: re.Pattern[str]
    label: re.Pattern[str]
    alone: re.Pattern[str]
    update: re.Pattern[str]
    remark: re.Pattern[str]
    told: re.Pattern[str]
    unless: re.Pattern[str] | None
    requests: re.Pattern[str] | None
    known: tuple[str, ...]
    unmarked: bool

    def is_told(self, line: str) -> bool:
        """Whether the folded line says, without a label, that the article was changed."""
        remark = self.remark.match(line)
        for match in ([remark] if remark else []) + list(self.told.finditer(line)):
            near = line[max(match.start() - _AROUND, 0) : match.end() + _AROUND]
            if not (self.unless and self.unless.search(near)):
                return True
        return False


def notes(
    title: str | None, text: str, beside: Iterable[Sequence[str]], language: str | None
) -> Found[tuple[str, ...]]:
    """The notes of an article, in their order and each once; ``beside``: runs of lines above, in and below its text.

    None for a language whose words are not listed, in which nobody can say that a note is absent.
    """
    if not text:
        return Found(None, reason="no_article")
    words = _words(_ALIASES.get(language or "", language or ""))
    if words is None:
        return Found(None, reason="unlisted_language")
    found = [title] if title and _is_labelled(words, _folded(words, title), title) else []
    paragraphs = text.split("\n\n")
    found += _among(words, paragraphs, {*range(_FIRST), *range(len(paragraphs) - _LAST, len(paragraphs))})
    for run in beside:
        found += [line for line in _among(words, run, range(len(run))) if _is_sentence(line)]
    once = tuple(dict.fromkeys(found))
    return Found(once, SIGNAL) if once else Found((), reason="not_stated")


def around(kept: Sequence[int], count: int) -> list[list[int]]:
    """Of a document's ``count`` lines or blocks those near the text, which is made of those ``kept``, that are not in
    it: runs of neighbours, by number."""
    if not kept:
        return []
    near = range(max(kept[0] - BEFORE, 0), min(kept[-1] + 1 + AFTER, count))
    within = frozenset(kept)
    return [list(run) for is_text, run in groupby(near, within.__contains__) if not is_text]


def _among(words: _Words, lines: Sequence[str], telling: Iterable[int]) -> list[str]:
    """The lines that are notes; for a label that stands alone, or with a date, the line after it. Those ``telling``, by
    number, may be notes without a label."""
    found: list[str] = []
    labelled = False
    folds = [_folded(words, line) for line in lines]
    may_tell = frozenset(telling).intersection(range(len(lines)))
    whole = "\n".join([folds[number] for number in may_tell])
    known = [word for word in words.known if word in whole]
    for number, (line, folded) in enumerate(zip(lines, folds, strict=True)):
        begun = words.begun.match(folded)
        label = words.label.match(folded) if begun else None
        is_alone = bool(begun and words.alone.match(folded))
        if is_alone or ((label or labelled) and is_mostly_dates(folded[label.end() :] if label else line)):
            labelled = True
            continue
        is_note = len(line) <= _LONGEST and (
            (labelled and _is_sentence(line))
            or bool(begun and _is_labelled(words, folded, line))
            or (number in may_tell and any(map(folded.__contains__, known)) and words.is_told(folded))
        )
        if is_note and not is_mostly_dates(line):
            found.append(line)
        labelled = False
    return found


def _is_labelled(words: _Words, folded: str, line: str) -> bool:
    if words.label.match(folded):
        return not (words.requests and words.requests.search(folded[: _NEAR + _AROUND]))
    return bool(words.update.match(folded)) and _is_sentence(line)


def _is_sentence(line: str) -> bool:
    long = len(line) >= _DENSE if _SPACELESS.search(line) else len(line.split()) > _LEAST
    return long and bool(_END.search(line.rstrip()))


def _folded(words: _Words, line: str) -> str:
    return _unmarked(fold(line)) if words.unmarked and not line.isascii() else fold(line)


def _unmarked(line: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", line) if not unicodedata.combining(char))


@cache
def _words(language: str) -> _Words | None:
    listed = table("correction_words").get(language)
    if listed is None:
        return None
    unmarked = language in _UNMARKED
    said = {
        name: tuple(_unmarked(fold(word)) if unmarked else fold(word) for word in words)
        for name, words in listed.items()
    }
    before, date = r"[\W\d_]*", r"\W*(?:\w+\W+){0,2}?\d(?:[^:：!?。\n]|:\d){0,25}"
    # Behind the label a colon, a line's end or a closing bracket; or a date or the like and a colon.
    ends = rf"(?:\s*[:：\])）】\n]|\s*\([^)\n]{{1,30}}\)\s*[:：]|{date}[:：](?!\d))"
    labels, done = _any(said["labels"]), _any(said["changes"])
    return _Words(
        begun=re.compile(rf"{before}(?:{_any([*said['labels'], *said['updates']])})"),
        label=re.compile(rf"{before}(?:{labels})(?:{ends}|-(?=\w))"),
        alone=re.compile(rf"[\W_]*(?:{labels})[\W_]*$"),
        update=re.compile(rf"{before}(?:{_any(said['updates'])}){ends}"),
        remark=re.compile(rf"{before}(?:{_any(said['remarks'])}).{{0,{_NEAR}}}?(?:{done})", re.DOTALL),
        told=re.compile(_told(said, done), re.DOTALL),
        unless=_none_or(said["unless"] + said["requests"]),
        requests=_none_or(said["requests"]),
        known=(*said["phrases"], *said["subjects"], *said["remarks"]),
        unmarked=unmarked,
    )


def _told(said: Mapping[str, Sequence[str]], done: str) -> str:
    """A phrase; or the article, and what was done to it: behind it, or before, as in "we have updated this story"."""
    phrases, subjects = _any(said["phrases"]), said["subjects"]
    if not subjects:
        return phrases
    named = rf"(?:{_any(subjects)})" + ("" if _SPACELESS.match(subjects[0]) else r"(?![^\W\d_])")
    if said["others"]:
        named += rf"(?!\s(?:{_any(said['others'])})\b)"
    return rf"{phrases}|{named}.{{0,{_NEAR}}}?(?:{done})|(?:{done})\s+{named}"


def _none_or(words: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile(_any(words)) if words else None


def _any(words: Iterable[str]) -> str:
    """One of the words as a pattern that begins where a word does, but for scripts without spaces."""
    return "|".join(
        re.escape(word)
        if _SPACELESS.match(word) or not word[0].isalpha()
        else rf"(?<![^\W\d_]){re.escape(word)}"
        for word in sorted(words, key=len, reverse=True)
    )
