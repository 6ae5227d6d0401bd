"""Names of people. Bylines hold agencies, desks, outlets and jobs as well; authors are people only."""

from __future__ import annotations

import re

from tasks.article.date_words import table

WORDS = table("byline_words")
ROLES = frozenset(WORDS["roles"])
_NO_NAME = ROLES | frozenset(WORDS["organisations"])
GIVEN = frozenset(word for names in table("speaker_given_names").values() for word in names.split())
_PARTICLES = frozenset(WORDS["particles"])
_TITLES = frozenset(WORDS["titles"])
_DEGREES = frozenset(WORDS["degrees"])
_ASIDE = re.compile(r"\([^()]*\)|<[^<>]*>|\S*@\S*")
_RUN_TOGETHER = re.compile(r"[^\W\d_]{3}[a-zà-ÿ][A-Z]")  # "MillerPublished", not "MacDonald" or "DeSiato"
_LABEL = re.compile(r"(?<=[a-z])(?:Published|Updated|Posted|Last|Created)\b.*")
_CJK = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힣]{2,5}(?:[ 　・][぀-ヿ㐀-鿿가-힣]{1,5})?\Z")
_JOB_CJK = re.compile(r"\s?(?:記者|特派員|编辑|記|기자|특파원|论说委员)\Z")
_ORGANISATION_CJK = re.compile(
    r"新聞|新闻|日報|日报|通信|時報|时报|デジタル|オンライン|編集|编辑部|[網网社]\Z|뉴스|일보|신문|방송|편집"
)


def person(text: str) -> str | None:
    """Give the person whom ``text`` (a part of a byline) names, without titles; None where it names none."""
    tokens = _LABEL.sub("", _ASIDE.sub(" ", text[:120])).strip(" \t.,;:–—-|*").split()
    while tokens and tokens[0].lower().rstrip(".") in _TITLES:
        del tokens[0]
    while len(tokens) > 2 and _is_degree(tokens[-1], tokens[:-1]):
        del tokens[-1]
        tokens[-1] = tokens[-1].rstrip(",")
    if tokens and _CJK.match(" ".join(tokens)):
        if _ORGANISATION_CJK.search(" ".join(tokens)):
            return None
        return _JOB_CJK.sub("", " ".join(tokens)).strip() or None
    if not 2 <= len(tokens) <= 5 or not all(map(_in_name, tokens)):
        return None
    if tokens[-1].lower() in _PARTICLES or not any(len(token.rstrip(".")) > 1 for token in tokens):
        return None
    if len(tokens) == 4 and tokens[:2] == tokens[2:]:
        del tokens[2:]
    name = " ".join(tokens)
    return normal_case(name) if name.isupper() else name


def lower_case_name(text: str) -> str | None:
    """Give a full name that is written in small letters alone ("jane doe"), with capitals."""
    words = text.split()
    if not 2 <= len(words) <= 3 or not text.islower() or not text.replace(" ", "").isalpha():
        return None
    return person(" ".join(word if word in _PARTICLES else word.capitalize() for word in words))


def single_name(text: str) -> str | None:
    """Give a given name that stands alone ("Jane"): no login, brand or desk."""
    text = text.strip(" .,")
    if not 3 <= len(text) <= 15 or not text.isalpha() or text.lower() in _NO_NAME:
        return None
    return text if text[0].isupper() and text[1:].islower() else None


def _is_degree(token: str, before: list[str]) -> bool:
    """Whether the last of a name's tokens is a degree ("Ph.D."): by the list, or as capitals after small letters."""
    bare = token.replace(".", "").strip(",®")
    capitals = bare.isupper() and 2 <= len(bare) <= 6 and not "".join(before).isupper()
    return bare.lower() in _DEGREES or capitals


def is_place_like(text: str) -> bool:
    """Whether the text could be a place's name: one to three capitalised words, none of a desk."""
    words = text.split()
    return 1 <= len(words) <= 3 and all(w[0].isupper() and w.lower() not in ROLES for w in words)


def has_role(text: str) -> bool:
    """Whether the text names a job or a desk ("Staff writer")."""
    return any(word in ROLES for word in re.findall(r"[^\W\d_]+", text[:120].lower()))


def normal_case(text: str) -> str:
    """Words in capitals with small letters after the first ("NEW YORK" → "New York"); others as they are."""
    return re.sub(r"[^\W\d_]{2,}", lambda m: m[0].capitalize() if m[0].isupper() else m[0], text)


def _in_name(token: str) -> bool:
    bare = token.strip(".,").lower()
    if _RUN_TOGETHER.search(token) or token.endswith(("'s", "’s")):
        return False
    if bare in _PARTICLES:
        return True
    if bare in _NO_NAME or not token[0].isalpha() or token[0].islower():
        return False
    return all(c.isalpha() or c in "'’.-‐·`" or ord(c) > 0x300 for c in token)
