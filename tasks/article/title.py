"""An article's headline, and the standfirst below it, from the lines before its body."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.article.agency import is_caption
from tasks.article.byline import parse
from tasks.article.date_header import empty_labels
from tasks.article.date_text import find
from tasks.article.model import Found

FEW = 20  # lines before a body that are hardly a site's navigation
FARTHEST = 200  # lines before the body among which a doubled headline is looked for
LONGEST = 250  # characters
REACH = 40  # lines before the body among which a headline without a double is looked for
LEAD = 2_000  # characters of the body that a headline's words are looked up in
LEAST_SHARE = 0.3  # of a headline's content words that its article takes up
_SUFFIX = re.compile(r"\s+[|–—•-]\s+[^|–—•]{2,50}\Z")
_WORD = re.compile(r"[^\W_]+")
_NONE: Found[str] = Found(None, reason="not_stated")
_BROKEN = re.compile(r"icon\b|https?:|www\.|[{}<>\\]|\.(?:com|org|net)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Headline:
    """``line`` and ``subtitle_line`` are indices of the text's lines."""

    title: Found[str]
    subtitle: Found[str]
    line: int | None = None


def read(lines: Sequence[str], head: Sequence[int], body: str) -> Headline:
    """Find the headline among the indices ``head`` of the non-empty lines before the body.

    A line that stands there twice (page title and heading) is the headline; otherwise the nearest one whose
    words the article takes up. A text that starts with its body has none.
    """
    if not head:
        return Headline(Found(None, reason="starts_with_body" if body else "no_article"), _NONE)
    lead = body[:LEAD].casefold()
    found, signal = _doubled(lines, head, lead), "text:doubled"
    if found is None:
        found, signal = _nearest(lines, head, lead), "text:headline"
    if found is None:
        return Headline(_NONE, _NONE)
    title = _without_site(lines[found], lines, head)
    return Headline(Found(title, signal), _standfirst(lines, head, found), found)


def _doubled(lines: Sequence[str], head: Sequence[int], lead: str) -> int | None:
    likely = [index for index in head[-FARTHEST:] if 15 <= len(lines[index]) <= LONGEST]
    counts = Counter(lines[index] for index in likely)
    named = {_SUFFIX.sub("", line) for line in counts if _SUFFIX.search(line)}
    near = "\n".join(["", *(lines[index] for index in likely[-REACH:]), ""])
    for index in reversed(likely):
        line = lines[index]
        if counts[line] == 1 and line not in named and not _ends_another(line, near):
            continue
        certain = len(head) <= FEW or _taken_up(line, lead) >= LEAST_SHARE
        if certain and len(_WORD.findall(line)) > 2 and headline_like(line):
            return index
    return None


def _ends_another(line: str, near: str) -> bool:
    """Whether a longer line ends with this one ("Share this story: …"), which stands there once itself."""
    return len(line) >= 25 and near.count(f"{line}\n") > near.count(f"\n{line}\n")


def _nearest(lines: Sequence[str], head: Sequence[int], lead: str) -> int | None:
    best, best_score = None, 0.0
    for distance, index in enumerate(reversed(head[-REACH:])):
        share = _taken_up(lines[index], lead)
        if share < LEAST_SHARE:
            continue
        # A headline stands above its standfirst, and the article takes up both.
        score = share - distance * 0.01 + (0.3 if best == _following(head, index) else 0.0)
        if score > best_score and _long_enough(lines[index]) and headline_like(lines[index]):
            best, best_score = index, score
    if best is None and len(head) <= 4:
        fit = [index for index in head if headline_like(lines[index]) and _long_enough(lines[index])]
        best = fit[0] if len(fit) == 1 else None
    return best


def _following(head: Sequence[int], index: int) -> int | None:
    position = bisect(head, index)
    return head[position] if position < len(head) else None


def _taken_up(line: str, lead: str) -> float:
    """The share of a line's content words that the lead has too, by their first letters (inflection)."""
    if _unspaced(line):  # pairs of characters
        words = [line[i : i + 2] for i in range(min(len(line), 60) - 1) if line[i] > "⺀" < line[i + 1]]
    else:
        words = [word[:6] for word in _WORD.findall(line.casefold()) if len(word) > 3]
    if len(words) < 2:
        return 0.0
    hits = sum([word in lead for word in words])
    return hits / len(words) if hits > 1 else 0.0


def _long_enough(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) >= 3 or (len(line) >= 8 and _unspaced(line))


def _unspaced(line: str) -> bool:
    """Whether the line is in a script without spaces between words."""
    return not line.isascii() and max(line) > "⺀"


def headline_like(line: str) -> bool:
    """Whether a line could be a headline: no sentence, label, date, byline, caption or list of links."""
    if not 8 <= len(line) <= LONGEST or not any(map(str.isalpha, line)):
        return False
    if line[-1] in ".:;,。" and not line.endswith(("...", "U.S.", "U.K.")):
        return False
    if _BROKEN.search(line) or empty_labels(line) or is_caption(line):
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
    return _NONE
