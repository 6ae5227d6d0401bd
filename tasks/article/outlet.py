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
_NAME = rf"((?:The )?{_WORD}(?: (?:(?:of|and|&|de|la|le|del|the|der|für|du) )?{_WORD}){{0,5}})"
_LONGEST = 240  # characters of a line that speaks of its outlet
_FOOTER = 40  # lines at the end of a text that may hold its copyright notice


def _compile(pattern: str) -> tuple[str, re.Pattern[str]]:
    marker, _, sentence = pattern.partition(": ")
    before, after = sentence.split("{}")
    return marker, re.compile(f"(?i:{before}){_NAME}(?i:{after})")


_PATTERNS = [_compile(pattern) for pattern in _WORDS["patterns"]]
_YEARS = r"(?:19|20)\d\d(?: ?[-–] ?(?:19|20)?\d\d)?"
_SIGN = r"(?:©|\(c\)|copyright)(?: ?©| ?\(c\))?"
_NOTICE = re.compile(
    rf"(?i:{_SIGN}),? ?(?i:(?:by )?)(?:{_YEARS},? ?(?i:(?:by )?){_NAME}|{_NAME},? {_YEARS})(?![\w-])"
)
_UNDATED = re.compile(rf"(?i:{_SIGN}),? ?(?i:(?:by )?){_NAME}")
_SIGNS = ("©", "copyright", "(c)")
_COMPANY = re.compile(
    r"\b(?:A/?S|AB|AG|SE|KG|Co|Corp|Inc|Ltd|LLC|LLP|GmbH|N\.?V|B\.?V|S\.?[AL]|SpA|Srl|Oy|АО|ООО|\d{4}"
    r"|Verlag\w*|Publish\w+|Holdings?|Group|Mediengruppe|Entertainment|Newspapers|Limited)\b",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(
    rf"^(?:{'|'.join(_WORDS['articles'])})(?=[A-Z][a-z]{{3,}})|(?<=[a-z])(?=(?:{'|'.join(_WORDS['nouns'])})\b)"
)


def from_lines(head: Sequence[str], tail: Sequence[str], url: str | None) -> Found[str]:
    """pass"""
