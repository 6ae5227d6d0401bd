"""Words of a name: what is a title, role or institution, what the name itself, and what gender a word tells."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from tasks.article.speaker_words import (
    COLLECTIVES,
    GENERIC,
    GIVEN,
    GIVEN_FEMALE,
    GIVEN_MALE,
    INSTITUTIONS,
    INSTITUTIONS_SURE,
    PARTICLES,
    PORTFOLIOS,
    POSTNOMINALS,
    ROLE_ENDINGS,
    ROLES,
    ROLES_FEMALE,
    ROLES_MALE,
    SUFFIXES,
    TITLES,
    TITLES_FEMALE,
    TITLES_MALE,
)

Gender = Literal["m", "f"]

_CONNECTED = frozenset(("of", "for", "and", "the", "y"))  # what a name within a phrase does not begin with
_MOST_MODIFIERS = 3  # capitalised words that may stand before a known given name (Halden Rovers Emre Aksoy)


def bare(word: str) -> str:
    """A word without the possessive ending."""
    return word[:-2] if word.endswith(("'s", "’s")) else word.rstrip("'’")


@lru_cache(maxsize=1 << 14)
def is_role(word: str) -> bool:
    """Whether a lower-case word is a title, role or occupation, alone or as the end of a compound."""
    if "-" not in word:
        return word in ROLES or word in TITLES or word.endswith(ROLE_ENDINGS)
    first, last = word.split("-", 1)[0], word.rsplit("-", 1)[1]
    return (
        word in ROLES
        or last in ROLES
        or (first in ROLES and last in TITLES)
        or (first in ROLES and last in ("elect", "designate"))
        or is_generic(word)
    )


@lru_cache(maxsize=1 << 12)
def compounded(role: str) -> tuple[str, ...]:
    """The roles that end a compound: minister for Verkehrsminister."""
    return tuple(ending for ending in ROLE_ENDINGS if role.endswith(ending) and role != ending)


def split_roles(words: list[str]) -> tuple[list[str], list[str]]:
    """Capitalised words as (titles, roles and modifiers; the name), the name empty where there is none."""
    start = possessor = 0
    for index, word in enumerate(words[:-1]):
        if is_role(word.lower()) or word.endswith(("'s", "’s")):
            start = index + 1
            possessor = start if word.endswith(("'s", "’s")) else possessor
    if is_institution(words[start:]):
        return words[:possessor], words[possessor:]  # Foreign Ministry: the role word is part of it
    name = words[start:]
    while len(name) > 1 and name[0].lower() in _CONNECTED:
        name = name[1:]
    while len(name) > 2 and name[-1].isupper() and name[-1].lower() in POSTNOMINALS:
        name = name[:-1]
    if name and is_role(name[-1].lower()) and (len(name) == 1 or name[0].lower() not in GIVEN):
        return words, []
    modifiers = _modifiers(name)
    return words[: start + modifiers], name[modifiers:]


def _modifiers(name: list[str]) -> int:
    """How many words stand before the given name that a longer run of capitals holds (Democrat Ann Lowe)."""
    for index, word in enumerate(name[: min(len(name) - 1, _MOST_MODIFIERS + 1)]):
        if word.lower() in GIVEN:
            return index
        if word.endswith(".") or word.lower() in PARTICLES:
            return 0
    return 0


def is_institution(name: list[str]) -> bool:
    """Whether capitalised words end like the name of an institution (Foreign Ministry, Orion Bank)."""
    last = name[-1].lower()
    return last in INSTITUTIONS_SURE or (last in INSTITUTIONS and name[0].lower() not in GIVEN)


def is_full_name(name: list[str]) -> bool:
    """Whether the words can be a person's given name and surname."""
    if not 2 <= len(name) <= 6 or name[0][0].isdigit():
        return False
    low = [word.lower() for word in name]
    if not (INSTITUTIONS_SURE if low[0] in GIVEN else INSTITUTIONS).isdisjoint(low):
        return False
    return len(name) - sum(map(str.islower, name)) >= 2 and len(name[0].rstrip(".")) < 20


def is_portfolio(roles: list[str]) -> bool:
    """Whether titles begin with what an office is of or for ("State" in Secretary of State Ann Lowe)."""
    return bool(roles) and roles[0].lower() in PORTFOLIOS


def surname(name: list[str]) -> str:
    """The last word of a name that is no suffix such as Jr."""
    for word in reversed(name):
        if word.lower() not in SUFFIXES:
            return word
    return name[-1]


def gender_of_given(name: str) -> Gender | None:
    """The gender of those who commonly bear a given name."""
    given = name.lower()
    if given in GIVEN_MALE:
        return "m"
    return "f" if given in GIVEN_FEMALE else None


def gender_of_roles(roles: frozenset[str]) -> Gender | None:
    """The gender that titles and roles in lower case tell ("spokeswoman")."""
    if roles & ROLES_FEMALE or roles & TITLES_FEMALE:
        return "f"
    return "m" if roles & ROLES_MALE or roles & TITLES_MALE else None


def gender_of_title(word: str) -> Gender | None:
    """The gender that a title such as Mr or Mrs tells, in any case of letters."""
    low = word.lower()
    if low in TITLES_MALE:
        return "m"
    return "f" if low in TITLES_FEMALE else None


def is_collective(word: str) -> bool:
    """Whether a lower-case word names people without a name ("sources", "teachers")."""
    return word in COLLECTIVES or (word.endswith("s") and word[:-1] in ROLES) or word in ROLES


def is_generic(role: str) -> bool:
    """Whether a role may describe anybody ("the official", "the 34-year-old", "the Scot")."""
    return role in GENERIC or role.endswith(("-year-old", "-jährige", "-jähriger"))


def is_anybodys(word: str) -> bool:
    """Whether a modifier makes a role one that says more of somebody known ("the former soldier")."""
    return word == "former" or word.endswith("year-old")
