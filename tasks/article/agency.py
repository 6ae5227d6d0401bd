"""News agencies an article credits. Only credit positions are looked at, never mentions or photo credits."""

from __future__ import annotations

import re
from functools import cache

from tasks.article.byline_name import ROLES, WORDS
from tasks.article.date_words import table

_CREDIT = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(WORDS['credits'], key=len, reverse=True)))})(?![^\W_])",
    re.IGNORECASE,
)
_PHOTO_CREDITS = tuple(WORDS["photo_credits"])
_SIGNED = re.compile(r"(?:\(([^()]{2,60})\)|(?:^|\s)[/–—-]{1,2}\s?([^–—/()]{2,30})|©\s?([^©]{2,40}))[.\s]*\Z")
_JOINED = re.compile(r"\s*[,;/+&|]\s*|\s+(?:" + "|".join(WORDS["and"]) + r")\s+", re.IGNORECASE)
_CREDITED_PHOTO = re.compile(r"\(([^()]{2,40})\)[.\s]*\Z|(?:^|[.\s])([^\W\d_]{2,10})/[^\W\d_]")


@cache
def _forms() -> dict[str, str]:
    """Written form → name; long forms in lower case as well."""
    forms: dict[str, str] = {}
    for name, written in table("agencies").items():
        for form in written:
            forms[form] = name
            if len(form) > 5:
                forms[form.lower()] = name
    return forms


@cache
def _first_words() -> frozenset[str]:
    return frozenset(form.split()[0] for form in _forms())


def opens_agency(line: str) -> bool:
    """Whether the first word of a line opens an agency's name: a quick test before reading it."""
    words = line.split(None, 1)
    return bool(words) and words[0].rstrip(",:") in _first_words()


def credited(text: str) -> tuple[str, ...]:
    """Give the names of the agencies of a credit ("AFP/Reuters", "dpa und AFP"), as credited, each once."""
    if one := lookup(text):
        parts = _JOINED.split(text)
        several = [found for part in parts if (found := lookup(part))] if len(parts) > 1 else []
        return tuple(dict.fromkeys(several)) or (one,)
    return tuple(dict.fromkeys(found for part in _JOINED.split(text) if (found := lookup(part))))


def lookup(text: str) -> str | None:
    """Give the name of the agency that ``text`` (a part of a credit) is, or the first of "AFP/Reuters"."""
    text = text.strip(" \t.,;:()[]©*–—-|")[:60]
    forms = _forms()
    if found := forms.get(text) or forms.get(text.lower()):
        return found
    words = text.split()
    if len(words) > 1:  # "Reuters Staff", "Agentur dpa"
        rest = [word for word in words if word.lower() not in ROLES]
        return lookup(" ".join(rest)) if rest and len(rest) < len(words) else None
    parts = re.split(r"[/,+]", text)
    if len(parts) > 1 and all(part in forms or (part.islower() and len(part) <= 4) for part in parts):
        return next((forms[part] for part in parts if part in forms), None)
    return None


def signers(line: str) -> tuple[str, ...]:
    """Give the agencies that sign or are credited by one of an article's last lines.

    "© AFP", "(dpa)" and "– Reuters" at its end; "With reporting by Reuters", "Source: AFP" as a whole line.
    """
    match = _SIGNED.search(line[-80:])
    if match:
        inner = next(group for group in match.groups() if group)
        if found := credited(inner):
            return found
    if len(line) > 80:
        return ()
    bare = line.strip(" .()[]©–—-*")
    if credit := _CREDIT.match(bare):
        bare = bare[credit.end() :]
    return credited(bare)


def is_caption(line: str) -> bool:
    """Whether a line before the body describes or credits a photograph."""
    return names_photo(line) or photo_agency(line) is not None


def names_photo(line: str) -> bool:
    """Whether a line says that it is about a picture ("Photo: …", "Bildquelle …")."""
    lower = line[:1_000].lower()
    return any(map(lower.__contains__, _PHOTO_CREDITS))


def photo_agency(line: str) -> str | None:
    """Give the agency a caption credits: "(Reuters)" at its end, or "REUTERS/Name"."""
    if "/" not in line and not line.endswith((")", ").")):
        return None
    match = _CREDITED_PHOTO.search(line[-1_000:])
    if not match or (match[1] and len(line.split()) < 6):
        return None
    return lookup(match[1] or match[2])
