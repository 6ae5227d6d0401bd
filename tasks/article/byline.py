"""Bylines: who wrote an article, and the agency and place that stand in the same lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.article.agency import credited, is_caption, lookup, opens_agency
from tasks.article.byline_name import WORDS, has_role, is_place_like, normal_case, person
from tasks.article.date_text import find
from tasks.article.model import Found
from tasks.article.reasons import Reason

_BY = "|".join(map(re.escape, sorted(WORDS["by"], key=len, reverse=True)))
PREFIX = re.compile(rf"(?:{_BY})(?:\s*[:：|]\s*|\s+|\Z)", re.IGNORECASE)
_OPENING = frozenset(re.findall(r"\w+", by)[0] for by in WORDS["by"])
_FIRST = re.compile(r"\w+")
_SEPARATED = re.compile(r"[,;|/•·]")
SEPARATOR = re.compile(r"\s*[,;&+|/•·、]\s*|\s+(?:" + "|".join(WORDS["and"]) + r")\s+", re.IGNORECASE)
_UNTIL = re.compile(r"\s(?:" + "|".join(WORDS["until"]) + r")\s.*", re.IGNORECASE)
_CUT = re.compile(r"\s[–—|•·-]\s.*|\s/\s.*|\s@\w.*")
_REPORTING = re.compile(r"\b(?:" + "|".join(WORDS["reporting"]) + r")\s+([^;()]{3,200})", re.IGNORECASE)
LONGEST = 160
REACH = 40  # lines before the body that may hold the byline


@dataclass(frozen=True, slots=True)
class Byline:
    """What a line names. ``stated``: it opens with a word such as "by"; ``names_other``: it names a desk."""

    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    place: str | None = None
    stated: bool = False
    empty: bool = False

    @property
    def agency(self) -> str | None:
        """The first agency credited."""
        return next(iter(self.agencies), None)


def parse(line: str) -> Byline | None:
    """Read a line as a byline; None where it is none.

    "By Jane Doe and John Roe", "Von …", "Jane Doe, Staff writer", "AFP, Moscow", "Reuters in London"; a label
    with nothing after it is an ``empty`` byline.
    """
    if len(line) > LONGEST or not line or line[-1] in "?!":
        return None
    prefix = PREFIX.match(line) if opens(line) else None
    if prefix:
        rest = _before_date(line[prefix.end() :])
        if not rest.strip(" .:|-"):
            return Byline(stated=True, empty=True)
        authors, agencies = named(rest)
        if authors or agencies or (len(rest) <= 60 and has_role(rest)):
            return Byline(authors, agencies, None, stated=True)
        return None
    if len(line) > 80 or line.count(" ") > 9 or not (_SEPARATED.search(line) or opens_agency(line)):
        return None
    return _unstated(_before_date(line))


def opens(line: str) -> bool:
    """Whether the first word of a line may open a byline: a quick test before reading it."""
    start = _FIRST.match(line)
    return start is not None and (start[0].lower() in _OPENING or start[0][0] > "⺀")


def _unstated(line: str) -> Byline | None:
    parts = [part for part in SEPARATOR.split(_CUT.sub("", line)) if part]
    if not parts:
        return None
    opening = re.split(r"\s(?:in|aus|à|en|i|från|da)\s", parts[0], maxsplit=1)
    if credited(opening[0]):
        places = [*opening[1:], *(part for part in parts[1:] if not lookup(part))]
        if len(places) > 1 or not all(map(is_place_like, places)):
            return None
        agencies = [name for part in (opening[0], *parts[1:]) for name in credited(part)]
        return Byline((), tuple(dict.fromkeys(agencies)), normal_case(places[0]) if places else None)
    if len(parts) < 2:
        return None
    agencies = [name for part in parts[1:] for name in credited(part)]
    author = person(parts[0])
    if author and (agencies or has_role(" ".join(parts[1:]))):
        return Byline((author,), tuple(dict.fromkeys(agencies)))
    if agencies and len(parts) == 2 and is_place_like(parts[0]):
        return Byline((), tuple(agencies), normal_case(parts[0]))
    return None


def named(rest: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the people and the agencies that a byline names after its "by"."""
    authors: list[str] = []
    agencies: list[str] = []
    for part in SEPARATOR.split(_CUT.sub("", rest)):
        bare = _UNTIL.sub("", part)
        if found := credited(bare):
            agencies += found
        elif name := person(bare):
            authors.append(name)
    return tuple(dict.fromkeys(authors)), tuple(dict.fromkeys(agencies))


def _before_date(text: str) -> str:
    stamps = find(text)
    return text[: stamps[0].start] if stamps else text


def people(texts: Sequence[str]) -> tuple[str, ...]:
    """Give the people that strings such as "By Jane Doe and John Roe" or "Doe, Jane; AFP" name, each once."""
    names: list[str] = []
    for text in texts:
        prefix = PREFIX.match(text)
        names += named(text[prefix.end() if prefix else 0 :][:500])[0]
    return tuple(dict.fromkeys(names))


def _alone(line: str, text: str) -> Byline | None:
    """A name alone beside the date; people whom the text names are its subjects, not its authors."""
    name = person(line) if len(line) <= 40 else None
    if name is None or not 2 <= len(name.split()) <= 3:
        return None
    lower = text.casefold()
    if any(word in lower for word in name.casefold().split() if len(word) > 3):
        return None
    return Byline((name,))


def read(
    lines: Sequence[str], head: Sequence[int], tail: Sequence[int], *, after: int, text: str
) -> tuple[Found[tuple[str, ...]], Byline | None]:
    """Find the authors, and the byline nearest to the body that names an agency.

    ``head`` and ``tail`` are the indices of the lines before and after the body (last ones of the body
    included, for "(Reporting by …)"). A bare name must stand below the line ``after`` (the title's).
    """
    authors: list[str] = []
    credited: Byline | None = None
    reason: Reason = "not_stated"
    last = None  # position of the byline taken
    near = head[-REACH:]
    for position in range(len(near) - 1, -1, -1):
        line = lines[near[position]]
        byline = parse(line) if len(line) <= LONGEST else None
        if byline is None and near[position] > after and 1 <= line.count(" ") <= 3:
            beside = [
                lines[i] for i in (*near[max(0, position - 1) : position], *near[position + 1 : position + 2])
            ]
            byline = _alone(line, text) if any(len(other) <= 80 and find(other) for other in beside) else None
        if byline is None or (is_caption(line) and not byline.stated):
            continue
        names = list(byline.authors)
        if byline.empty and position + 1 < len(near):
            following, agencies = named(lines[near[position + 1]])
            names = list(following) if len(lines[near[position + 1]]) <= 80 else []
            byline = Byline(tuple(names), agencies, stated=True, empty=not names and not agencies)
        if byline.agency and credited is None and (byline.stated or len(near) - position <= 10):
            credited = byline
        if names and (last is None or last - position <= 2):
            authors = names + [name for name in authors if name not in names]
            last = position
        elif not names and byline.stated and last is None:
            reason = "empty_label" if byline.empty else "not_a_person"
    if not authors:
        for index in tail:
            line = lines[index]
            if " by " in line and len(line) <= 2_000 and (match := _REPORTING.search(line)):
                authors += [name for name in named(match[1])[0] if name not in authors]
    if authors:
        return Found(tuple(authors), signal="text:byline"), credited
    return Found(None, reason=reason), credited
