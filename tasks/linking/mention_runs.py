"""Capitalised words in a row that are a person's or an organisation's name, and what tells so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tasks.article.speaker_names import bare, is_full_name, is_institution, is_role, split_roles
from tasks.article.speaker_people import RUN, UPPER
from tasks.article.speaker_words import (
    DEMONYMS,
    GIVEN,
    INSTITUTIONS,
    LEXICONS,
    PARTICLES,
    PORTFOLIOS,
    SUFFIXES,
    TITLES,
    Lexicon,
    lexicon,
)
from tasks.linking.gazetteer import ambiguous, gazetteer, known
from tasks.linking.mention_words import (
    ANYBODYS,
    NO_GIVEN,
    NO_SURNAMES,
    OFFICES,
    ORGANISATION_COMMON,
    ORGANISATION_ENDS,
    ORGANISATION_OF,
    PLACE_GIVEN,
)

_DOTTED = (
    "Mr.",
    "Mrs.",
    "Ms.",
    "Dr.",
    "Prof.",
    "Sen.",
    "Rep.",
    "Gov.",
    "Lt.",
    "Sgt.",
    "Capt.",
    "Gen.",
    "Col.",
    "Maj.",
)
_OFFICES = tuple(sorted(office for office in OFFICES if office.isalpha()))
_INSTITUTIONS = tuple(word.capitalize() for word in sorted(ORGANISATION_OF))
_SURNAME = re.compile(rf" ([{UPPER}][\w’'-]++)(?! [{UPPER}])")
_OF = re.compile(rf" (?:of|for) (?:the )?[{UPPER}][\w-]+(?: (?:and |of )?[{UPPER}][\w-]+){{0,3}}")
_CAPITALS_BEFORE = re.compile(rf"(?:[{UPPER}][\w’'-]+ ){{1,3}}\Z")
_ACRONYM = re.compile(rf" \(([{UPPER}][{UPPER}\d-]{{1,7}})\)")
_APPOSITION = re.compile(r", (?:(?:aged )?\d\d?, )?([^,.;:()\"“”\n—–]{3,70})[,.;]")
_OFFICE_OF = re.compile(rf"(?:(?:Acting|Assistant|Deputy|Former|Under) )?[{UPPER}][\w-]+ of (?:the )?\Z")
_LONGEST_OFFICE = 45  # characters before a name where its role may stand
_DETERMINERS = frozenset(("the", "a", "an", "his", "her", "its", "their", "our", "one"))
_ENDS_ROLE = frozenset(("and", "who", "which", "that", "und", "et", "qui", "y", "que", "che"))
_NO_ROLE = frozenset(("former", "ex", "acting", "vice", "deputy", "interim", "chief", "top"))
_JOINS = frozenset(("y", "e", "i", "von", "of"))


class Name(NamedTuple):
    """One place in a text, [start, end), where a name of this kind is written: the words ``name``.

    ``is_lone``: a surname only. ``acronym``: what stands in brackets behind it.
    """

    kind: Literal["person", "organisation"]
    start: int
    end: int
    name: str
    role: str | None
    found_by: Literal["role", "title", "form"]
    is_lone: bool = False
    acronym: str | None = None


class _Run(NamedTuple):
    """What capitalised words are by themselves: roles, then the name, at ``offset`` from where they begin."""

    kind: Literal["person", "lone", "organisation", ""]
    name: str = ""
    offset: int = 0
    roles: str = ""
    last_role: str = ""
    is_given: bool = False


_NOTHING = _Run("")


def names(text: str, language: str | None) -> Iterator[Name]:
    """The names in a text that are certain from their form or from what stands beside them.

    A name with nothing to tell that it is a person's is none, unless it begins with a common given name.
    """
    words = lexicon(language)
    for match in RUN.finditer(text):
        at = match.start()
        read = _read(match[0], words.language)
        if not read.kind or (at and (text[at - 1].isalnum() or text[at - 1] in "/@#")):
            continue
        start = at + read.offset
        if read.kind == "organisation":
            yield _organisation(text, start, start + len(read.name))
        elif _goes_on(text, start + len(read.name)):
            continue
        elif read.kind == "lone":
            yield Name("person", start, start + len(read.name), read.name, read.roles, "title", is_lone=True)
        elif (person := _person(text, at, read, words)) is not None:
            yield person
    yield from _titled(text, words)
    yield from _institutions_of(text, words)


def _titled(text: str, words: Lexicon) -> Iterator[Name]:
    """Surnames behind a form of address with a point, or, in other languages, an office in small letters."""
    for title, end in _found(text, _DOTTED if words.language == "en" else _OFFICES):
        match = _SURNAME.match(text, end)
        if match is not None and _is_surname(name := bare(match[1]), words):
            at = match.start(1)
            yield Name("person", at, at + len(name), name, title, "title", is_lone=True)


def _institutions_of(text: str, words: Lexicon) -> Iterator[Name]:
    """``University of Halden``, ``Ministry of Foreign Affairs``, with the capitalised words before them."""
    for word, end in _found(text, _INSTITUTIONS):
        of = _OF.match(text, end)
        if of is None:
            continue
        start = end - len(word)
        before = _CAPITALS_BEFORE.search(text, max(0, start - _LONGEST_OFFICE), start)
        kept = before[0].split() if before else []
        while kept and (kept[0].lower() in words.function or any(bare(each) != each for each in kept)):
            del kept[0]
        stop = of.end()
        joined = of[0].rfind(" and ")
        if joined >= 0 and of[0][joined + 5 :].split(" ", 1)[0].lower() in GIVEN:
            stop = of.start() + joined  # somebody else
        yield _organisation(text, start - sum(len(each) + 1 for each in kept), stop)


@cache
def _finder(wanted: tuple[str, ...]) -> AhoCorasick:
    return AhoCorasick(wanted, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)


def _found(text: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Where words stand in a text, as (word, end)."""
    for number, start, end in _finder(wanted).find_matches_as_indexes(text):
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield wanted[number], end


@lru_cache(maxsize=1 << 16)
def _read(run: str, language: str) -> _Run:
    """What a run of capitalised words holds, whatever stands around it."""
    words = LEXICONS[language]
    every = run.split(" ")
    low = run.lower().split(" ")
    start, end = 0, len(every)
    while start < end and low[start] in words.function:
        start += 1
    while end > start and low[end - 1].rstrip(".") in words.times:
        end -= 1
    if end - start < 2:
        return _NOTHING
    if "'s" in run or "’s" in run:
        start = next(
            (at for at in range(end - 1, start, -1) if every[at - 1].endswith(("'s", "’s"))),
            start,
        )
    kept = every[start:end]
    kept[-1] = bare(kept[-1])
    offset = len(" ".join(every[:start])) + 1 if start else 0
    if kept[-1].lower() in ORGANISATION_ENDS and not kept[-1].isupper():
        is_told = _tells_organisation(low[start : end - 1])
        return _Run("organisation", " ".join(kept), offset) if is_told else _NOTHING
    if end - start == 2 and low[start] in GIVEN:
        roles: list[str] = []
        name = kept
    else:
        roles, name = split_roles(kept)
    while len(name) > 2 and name[0].lower() not in GIVEN and known(name[0]):
        roles, name = [*roles, name[0]], name[1:]  # президент России Иван Иванов
    if language == "de":
        name = _before_nouns(name)
    if not name or is_institution(name) or not can_be_name(name, words):
        return _NOTHING
    if roles:
        offset += len(" ".join(roles)) + 1
    last = roles[-1].lower() if roles else ""
    full = " ".join(name)
    if len(name) == 1 or name[0].lower() in PARTICLES:
        is_lone = last in OFFICES and _is_surname(full, words)
        return _Run("lone", full, offset, " ".join(roles), last) if is_lone else _NOTHING
    if not is_full_name(name) or (roles and not (is_role(last) or known(roles[-1]) or last in DEMONYMS)):
        return _NOTHING
    return _Run("person", full, offset, " ".join(roles), last, name[0].lower() in GIVEN)


def _tells_organisation(words: list[str]) -> bool:
    """Whether the words before "Ministry" and the like, in small letters, tell which one."""
    telling = [word for word in words if word not in ORGANISATION_COMMON]
    return bool(telling) and not any(map(is_role, telling))


def can_be_name(name: list[str], words: Lexicon) -> bool:
    """Whether no word speaks against a person's name, such as a function word, a country or "Island"."""
    low = [word.lower() for word in name]
    if low[0] in NO_GIVEN or low[0] in words.times or low[-1] in NO_SURNAMES or low[-1] in PARTICLES:
        return False
    if not words.pronouns.isdisjoint(low):
        return False
    for word in name:
        if word.isupper() and len(word) > 2 and word.lower() not in SUFFIXES:
            return False
    if not words.function.isdisjoint(low) and not words.function.intersection(low) <= PARTICLES:
        return False
    if not _JOINS.isdisjoint(low) and any(one in _JOINS and other in GIVEN for one, other in pairwise(low)):
        return False  # two names, or somebody's of somebody: Ana Ruiz y Juan Paz
    if known(" ".join(name)) is not None:
        return False
    place = gazetteer(words.language).forms.get(name[-1])
    return place is None or not place[0].is_country or name[-1] in ambiguous()


def _before_nouns(name: list[str]) -> list[str]:
    """In German, where a noun may follow: given names and one surname, its particles included."""
    end = 0
    while end < len(name) - 1 and name[end].lower() in GIVEN:
        end += 1
    while end < len(name) - 1 and name[end].islower():
        end += 1
    return name[: end + 1] if end else name


def _is_surname(name: str, words: Lexicon) -> bool:
    low = name.lower()
    return (
        len(name) > 2
        and name[1].islower()
        and ("-" not in name or name.rpartition("-")[2].istitle())
        and not is_role(low)
        and low not in words.function
        and low not in words.times
        and known(name) is None
    )


def _organisation(text: str, start: int, end: int) -> Name:
    acronym = _ACRONYM.match(text, end)
    name = bare(text[start:end])
    return Name(
        "organisation", start, start + len(name), name, None, "form", acronym=acronym[1] if acronym else None
    )


def _person(text: str, at: int, read: _Run, words: Lexicon) -> Name | None:
    """A full name, where its first word or a role beside it tells that it is a person's."""
    start = at + read.offset
    end = start + len(read.name)
    role, last = (read.roles, read.last_role) if is_role(read.last_role) else ("", "")
    of = None
    if role:
        of = _OFFICE_OF.search(text, max(0, at - 25), at)  # Secretary of State Ann Lowe
        role = of[0] + role if of else role
    else:
        begins = start - len(f"{read.roles} " if read.roles else "")
        before = text[max(0, begins - _LONGEST_OFFICE) : begins]
        if before.endswith(("By ", "by: ", "Photo: ", "Photo by ")):
            return None
        role, last = _role_before(before, words)
        if not role:
            role, last = _apposition(text, end, words)
    weak = not role or last in ANYBODYS or (last in PORTFOLIOS and not of) or words.language == "de"
    if not read.is_given and (weak or any(map(str.isdigit, role))):
        return None
    first, last_word = read.name.split(" ", 1)[0].lower(), read.name.rsplit(" ", 1)[-1].lower()
    if not role and (last_word in INSTITUTIONS or first in PLACE_GIVEN):
        return None
    kind: Literal["role", "title", "form"] = "form" if not role else "title" if last in TITLES else "role"
    return Name("person", start, end, read.name, role or None, kind)


def _goes_on(text: str, end: int) -> bool:
    """Whether a name is only a part of one: Joe Biden-Harris, Johnson & Johnson."""
    return text.startswith(" &", end) or (text[end : end + 1] == "-" and text[end + 1 : end + 2].isupper())


def _role_before(before: str, words: Lexicon) -> tuple[str, str]:
    """The role in small letters that stands before a name, and its last word: "foreign policy analyst"."""
    if not before.endswith(" ") or not is_role(before[before.rfind(" ", 0, -1) + 1 : -1].lower()):
        return "", ""
    found: list[str] = []
    for word in reversed(before[:-1].rsplit(" ", 5)[-5:]):
        low = word.lower()
        if not word.replace("-", "").isalpha() or low in words.function or low in words.verbs:
            break
        if not is_role(low) and (not found or low.endswith("ed")):
            break
        found.insert(0, word)
    english = words.language == "en"
    while found and not is_role(found[0].lower()) and (not english or found[0].endswith(("s", "ing", "ed"))):
        del found[0]
    return (" ".join(found), found[-1].lower()) if found and found[-1] not in _NO_ROLE else ("", "")


def _apposition(text: str, end: int, words: Lexicon) -> tuple[str, str]:
    """The role that stands behind a name and a comma: "head of the council"; and its role word."""
    match = _APPOSITION.match(text, end)
    if match is None:
        return "", ""
    segment = match[1].split()
    if segment and segment[0].lower() in _DETERMINERS | words.determiners:
        del segment[0]
    if not words.verbs.isdisjoint(segment):
        return "", ""
    for index, word in enumerate(segment[:5]):
        low = word.lower()
        if low in words.function and low not in words.determiners:
            break
        if is_role(low):
            following = next((each for each in segment[index + 1 :] if not is_role(each.lower())), "of")
            if word.islower() and following[0].isupper():
                break  # somebody else's: Ann Lowe, general manager Tom Orr said
            cut = next((at for at, each in enumerate(segment) if each in _ENDS_ROLE), len(segment))
            return " ".join(segment[:cut]), low
    return "", ""
