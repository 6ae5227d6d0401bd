"""The outlet an article appeared in, from what the page says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tasks.article.agency import lookup
from tasks.article.date_words import table
from tasks.article.model import Found

_WORDS = table("outlet_words")
_NOT = frozenset(_WORDS["not_outlets"])
_WORD = r"[A-ZÀ-ÞА-Я0-9](?:[\w&'’-]|\.(?=\w))*"
_NAME = rf"((?:The )?{_WORD}(?: (?:(?:of|and|&|de|la|le|del|the|der|für|du) )?{_WORD}){{0,5}})"
_LONGEST = 240


def _compile(pattern: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    before, after = pattern.split("{}")
    literal = ("©", "copyright", "(c)") if "©" in pattern else (re.split(r"[(\[?\\]", before, maxsplit=1)[0],)
    if literal == ("",):
        literal = tuple(re.findall(r"[^\W\d_]{4,}", before)[:2])
    return literal, re.compile(f"(?i:{before}){_NAME}(?i:{after})")


_PATTERNS = [_compile(pattern) for pattern in _WORDS["patterns"]]
_NOUNS = frozenset(_WORDS["nouns"])
_TAIL_NOUN = "|".join(_WORDS["nouns"])
_COMPANY = re.compile(
    r"\b(?:A/?S|AB|AG|SE|KG|Co|Corp|Inc|Ltd|LLC|LLP|GmbH|N\.?V|B\.?V|S\.?[AL]|SpA|Srl|Oy|АО|ООО|\d{4}"
    r"|Verlag\w*|Publish\w+|Holdings?|Group|Mediengruppe|Entertainment|Newspapers|Limited)\b",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(
    rf"^(?:{'|'.join(_WORDS['articles'])})(?=[A-Z][a-z]{{3,}})|(?<=[a-z])(?=(?:{_TAIL_NOUN})\b)"
)


def from_lines(head: Sequence[str], tail: Sequence[str], url: str | None) -> Found[str]:
    """Find the outlet that lines before and after the body name ("Get the latest news from …", "© 2024 …").

    A copyright notice often names a company instead, so its name counts only if the page has it elsewhere
    too, or it ends like a newspaper's. A URL alone names a host, not an outlet (``host_only``).
    """
    names: Counter[str] = Counter()
    lines = [line for line in (*head, *tail) if len(line) <= _LONGEST]
    lower = "\n".join(lines).lower()
    lowered = lower.split("\n")
    for literals, pattern in _PATTERNS:
        present = [literal for literal in literals if literal in lower]
        likely = {number for word in present for number, line in enumerate(lowered) if word in line}
        for line in (lines[number] for number in sorted(likely)):
            for match in pattern.finditer(line):
                if (name := _name(match[1])) and ("©" not in literals or _certain(name, line, head, tail)):
                    names[name] += 1
    if names:
        return Found(names.most_common(1)[0][0], signal="text:self-reference")
    return Found(None, reason="host_only" if url else "not_stated")


def _certain(name: str, notice: str, head: Sequence[str], tail: Sequence[str]) -> bool:
    if _COMPANY.search(name) or notice not in tail[-40:]:
        return False
    if name.rsplit(maxsplit=1)[-1] in _NOUNS and " " in name:
        return True
    bare = name.removeprefix("The ")
    return len(bare) > 3 and any(bare in line for line in (*head, *tail) if line != notice)


def _name(text: str) -> str | None:
    text = re.sub(r"(?: (?:All|Rights|Reserved|Inc|Ltd|LLC|GmbH|Limited|Group|Newsletter|App))+\Z", "", text)
    text = re.sub(r"['’]s\Z", "", text.strip(" .-"))
    if text.lower() in _NOT or text.isdigit() or len(text) < 2 or lookup(text):
        return None
    if " " not in text:
        text = _RUN_TOGETHER.sub(lambda m: m[0] + " ", text)
    return text
