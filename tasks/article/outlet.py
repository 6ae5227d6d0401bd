"""The outlet an article appeared in, from what the page says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tasks.article.agency import lookup
from tasks.article.date_words import table
from tasks.article.model import Found

_WORDS = table("outlet_words")
_NOT = frozenset(_WORDS["not_outlets"])
_NOUNS = frozenset(_WORDS["nouns"])
_WORD = r"[A-ZÀ-ÞА-Я0-9](?:[\w&'’-]|\.(?=\w))*"
_NAME = rf"((?:The )?{_WORD}(?: (?:(?:of|and|&|de|del|la|le|the|der|für|du) ){{0,2}}{_WORD}){{0,5}})"
_LONGEST = 240  # characters of a line that speaks of its outlet
_FOOTER = 40  # lines at the end of a text that may hold its copyright notice


def _compile(marker: str, sentence: str) -> tuple[str, re.Pattern[str]]:
    before, after = sentence.split("{}")
    return marker, re.compile(f"(?i:{before}){_NAME}(?i:{after})")


_PATTERNS = [_compile(*pattern) for pattern in _WORDS["patterns"]]
_SIGNS = ("©", "(c)", "copyright")
_SIGN = re.compile(r"(?:(?:©|\(c\)|copyright\b)[,: ]*){1,3}(?:by )?", re.IGNORECASE)
_YEARS = re.compile(r"[, ]*(?:19|20)\d\d(?: ?[-–] ?(?:(?:19|20)?\d\d)?)?\b[,. ]*(?:by )?", re.IGNORECASE)
_HOLDER = re.compile(_NAME)
_YEAR_AT_END = re.compile(r",? (?:19|20)\d\d(?:[-–]\d{2,4})?\Z")
_LEGAL_FORM = re.compile(
    r",? (?:Inc|Ltd|LLC|LLP|GmbH|AG|AB|AS|SE|Oy|Limited|Group|S\.?A|S\.?L|SpA|Srl|N\.?V|B\.?V)\.?\Z"
)
_COMPANY = re.compile(
    r"\b(?:A/?S|AB|AG|SE|KG|Co|Corp|Inc|Ltd|LLC|GmbH|АО|ООО|Verlag\w*|\w*verlag|Publish\w+|Holdings?|Group"
    r"|Mediengruppe|Media|Software|Systems?|Technologies|Agency|Images|Photos?|Entertainment|Newspapers|Company"
    r"|Communications|Networks?|Broadcasting|Publications|Magazines|Consulting|Services|Association|University)\b",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(
    rf"^(?:{'|'.join(_WORDS['articles'])})(?=[A-Z][a-z]{{3,}})|(?<=[a-z])(?=(?:{'|'.join(_WORDS['nouns'])})\b)"
)
_ADDED = re.compile(
    r" (?:All|Rights|Reserved|Newsletter|App|Powered|Terms|Privacy|Contact|Home|Legal|Email|License)\b.*"
)
_CLOSED = re.compile(r"(?:[.,;:|·•–— ]|\W*(?:19|20)\d\d\b)*(?:[A-ZÀ-ÞА-Я]|\Z)|[.,;|·•]")
_GLUED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]\w*[a-zà-ÿ][A-ZÀ-Þ]")  # a menu run together


def from_lines(head: Sequence[str], tail: Sequence[str], url: str | None) -> Found[str]:
    """Find the outlet that lines before and after the body name ("Get the latest news from …", "© 2024 …").

    A copyright notice may name a company or credit a picture: its name counts if it ends like a newspaper's,
    if the page has it elsewhere too, or if it stands alone beside a year. A URL
    alone names a host, not an outlet (``host_only``).
    """
    lines = [line for line in (*head, *tail) if len(line) <= _LONGEST]
    lower = "\n".join(lines).lower()
    names = Counter(
        name
        for marker, pattern in _PATTERNS
        for line in _holding(marker, lines, lower)
        for match in pattern.finditer(line)
        if (name := _name(match[1]))
    )
    if not names:
        footer = [line for line in tail[-_FOOTER:] if len(line) <= _LONGEST]
        lower = "\n".join(footer).lower()
        notices = dict.fromkeys(line for sign in _SIGNS for line in _holding(sign, footer, lower))
        names.update(name for line in notices if (name := _holder(line, lines)))
    if names:
        return Found(names.most_common(1)[0][0], signal="text:self-reference")
    return Found(None, reason="host_only" if url else "not_stated")


def _holding(marker: str, lines: Sequence[str], lower: str) -> Iterator[str]:
    """The lines that hold the marker; ``lower``: all of them in lower case, one search instead of many."""
    position = lower.find(marker)
    while position >= 0:
        yield lines[lower.count("\n", 0, position)]
        end = lower.find("\n", position)
        position = lower.find(marker, end) if end >= 0 else -1


def _holder(notice: str, lines: Sequence[str]) -> str | None:
    """The outlet that holds the copyright: no company, agency or photographer."""
    sign = _SIGN.search(notice)
    if sign is None or ":" in notice[: sign.start()]:  # "Photo: © …"
        return None
    before = _YEARS.match(notice, sign.end())
    match = _HOLDER.match(notice, before.end() if before else sign.end())
    if match is None or notice[match.end() :][:1] == "/" or _GLUED.search(match[1]):
        return None
    undated = _YEAR_AT_END.sub("", match[1])
    bare = _LEGAL_FORM.sub("", undated)
    name = None if _COMPANY.search(bare) else _name(bare)
    if name is None or (" " in name and name.rsplit(maxsplit=1)[-1] in _NOUNS):
        return name
    short = name.removeprefix("The ")
    if len(short) > 3 and any(short in line for line in lines if line != notice):
        return name
    dated = before is not None or undated != match[1] or _YEARS.match(notice, match.end()) is not None
    return name if dated and bare == undated and _CLOSED.match(notice, match.end()) else None


def _name(text: str) -> str | None:
    text = re.sub(r"['’]s\Z", "", _ADDED.sub("", text).strip(" .-"))
    if text.lower() in _NOT or text.isdigit() or len(text) < 2 or lookup(text):
        return None
    if " " not in text:
        text = _RUN_TOGETHER.sub(lambda m: m[0] + " ", text)
    return text
