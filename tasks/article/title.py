"""An article's headline, and the standfirst below it, from the lines before its body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.article.agency import is_caption
from tasks.article.byline import parse
from tasks.article.date_header import is_empty_label
from tasks.article.date_text import find
from tasks.article.model import Found

REACH = 14  # lines before the body among which a headline without a double is looked for
_SUFFIX = re.compile(r"\s+[|–—•-]\s+[^|–—•]{2,50}\Z")
_WORD = re.compile(r"[^\W_]+")
_BROKEN = re.compile(r"icon\b|https?:|www\.|[{}<>\\]|\.(?:com|org|net)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Headline:
    """``line`` and ``subtitle_line`` are indices of the text's lines."""

    title: Found[str]
    subtitle: Found[str]
    line: int | None = None


def read(lines: Sequence[str], head: Sequence[int]) -> Headline:
    """Find the headline among the indices ``head`` of the non-empty lines before the body.

    A line that stands there twice (page title and heading) is the headline; otherwise the first of the
    headline-like lines nearest to the body. A text that starts with its body has none.
    """
    if not head:
        return Headline(Found(None, reason="starts_with_body"), Found(None, reason="not_stated"))
    found = _doubled(lines, head)
    signal = "text:doubled"
    if found is None:
        found, signal = _nearest(lines, head), "text:headline"
    if found is None:
        return Headline(Found(None, reason="not_stated"), Found(None, reason="not_stated"))
    title = _without_site(lines[found], lines, head)
    return Headline(Found(title, signal), _standfirst(lines, head, found), found)


def _doubled(lines: Sequence[str], head: Sequence[int]) -> int | None:
    counts = Counter(lines[index] for index in head if len(lines[index]) >= 15)
    texts = {_SUFFIX.sub("", lines[index]) for index in head if _SUFFIX.search(lines[index])}
    for index in reversed(head):
        line = lines[index]
        if (counts[line] > 1 or line in texts) and len(_WORD.findall(line)) > 2 and headline_like(line):
            return index
    return None


def _nearest(lines: Sequence[str], head: Sequence[int]) -> int | None:
    best = None
    misses = 0
    for index in reversed(head[-REACH:]):
        line = lines[index]
        if headline_like(line) and _long_enough(line):
            best, misses = index, 0
        elif best is not None:
            misses += 1
            if misses > 1:
                break
    return best


def _long_enough(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) >= 4 or (len(line) >= 8 and ord(max(line)) > 0x2E80 and len(words) >= 1)


def headline_like(line: str) -> bool:
    """Whether a line could be a headline: no sentence, label, date, byline, caption or list of links."""
    if not 8 <= len(line) <= 250 or not any(map(str.isalpha, line)):
        return False
    if line[-1] in ".:;,。" and not line.endswith(("...", "U.S.", "U.K.")):
        return False
    if _BROKEN.search(line) or is_empty_label(line) or is_caption(line):
        return False
    words = _WORD.findall(line)
    if len(words) > 35:
        return False
    stamps = find(line)
    if stamps and sum(s.end - s.start for s in stamps) * 2 > len(line):
        return False
    return parse(line) is None


def _without_site(line: str, lines: Sequence[str], head: Sequence[int]) -> str:
    """Cut " | Site" where the rest, or the site's name, stands alone on another line."""
    match = _SUFFIX.search(line)
    if not match:
        return line
    rest, site = line[: match.start()], match[0].strip(" |–—•-")
    others = {lines[index] for index in head}
    return rest if rest in others or site in others else line


def _standfirst(lines: Sequence[str], head: Sequence[int], title: int) -> Found[str]:
    """The sentence right below the headline that is no caption, date or byline."""
    for index in head:
        if index <= title or lines[index] == lines[title]:
            continue
        line = lines[index]
        if 40 <= len(line) <= 400 and not is_caption(line) and parse(line) is None and not find(line):
            return Found(line, "text:standfirst")
        break
    return Found(None, reason="not_stated")
