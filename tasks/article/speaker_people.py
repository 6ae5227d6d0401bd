"""Named persons of one article: names apart from titles, surnames to full names, what tells their gender."""

from __future__ import annotations

import re
import sys
from typing import Literal

from tasks.article.speaker_words import (
    GENERIC,
    GIVEN_FEMALE,
    GIVEN_MALE,
    INSTITUTIONS,
    PARTICLES,
    ROLES,
    ROLES_FEMALE,
    ROLES_MALE,
    SUFFIXES,
    TITLES,
    TITLES_FEMALE,
    TITLES_MALE,
    Lexicon,
)

Gender = Literal["m", "f"]

# Python's re has no class for upper case; the capitals of the Latin, Greek and Cyrillic scripts will do.
UPPER = "".join(c for c in map(chr, range(0x1F00)) if c.isupper() and sys.maxunicode)
_PARTICLE = "|".join(sorted(re.escape(word) for word in PARTICLES if word.isalpha()))
_RUN = re.compile(
    rf"(?<![\w’'-])[{UPPER}](?:\.(?:[{UPPER}]\.)*|[\w’'-]*)"
    rf"(?: (?:(?:{_PARTICLE}) ){{0,2}}(?:[{UPPER}]|al-|el-|d’|d')(?:\.(?:[{UPPER}]\.)*|[\w’'-]*))+"
)
_POSSESSIVE = ("'s", "’s", "s'", "s’")


def bare(word: str) -> str:
    """A word without the possessive ending."""
    return word[:-2] if word.endswith(("'s", "’s")) else word.rstrip("'’")


def is_role(word: str) -> bool:
    """Whether a lower-case word is a title, role or occupation, alone or as the end of a compound."""
    return word in ROLES or word in TITLES or ("-" in word and word.rsplit("-", 1)[1] in ROLES)


def split_roles(words: list[str]) -> tuple[list[str], list[str]]:
    """Capitalised words as (titles, roles and modifiers; the name), the name empty where there is none."""
    start = 0
    for index, word in enumerate(words[:-1]):
        if is_role(word.lower()) or word.endswith(("'s", "’s")):
            start = index + 1
    name = words[start:]
    while len(name) > 1 and name[0].lower() in ("of", "for", "and", "the", "y"):
        name = name[1:]
    if name and is_role(name[-1].lower()) and (len(name) == 1 or name[0].lower() not in _GIVEN):
        return words, []
    return words[:start], name


_GIVEN = GIVEN_MALE | GIVEN_FEMALE


def is_full_name(name: list[str]) -> bool:
    """Whether the words can be a person's given name and surname."""
    if not 2 <= len(name) <= 6 or name[0][0].isdigit():
        return False
    if name[0].lower() not in _GIVEN and any(word.lower() in INSTITUTIONS for word in name):
        return False
    return sum(word[0].isupper() for word in name) >= 2 and len(name[0].rstrip(".")) < 20


def surname(name: list[str]) -> str:
    """The last word of a name that is no suffix such as Jr."""
    for word in reversed(name):
        if word.lower() not in SUFFIXES:
            return word
    return name[-1]


class People:
    """Who is named in the text of one article, found in one pass."""

    def __init__(self, text: str, words: Lexicon) -> None:
        """Read all runs of capitalised words in ``text``, their paragraphs separated by blank lines."""
        self.text = text
        self._function = words.function
        self._by_surname: dict[str, str] = {}
        self._by_given: dict[str, str | None] = {}
        self._at: dict[str, tuple[int, int]] = {}
        times = words.times
        for match in _RUN.finditer(text):
            run = match.group().split(" ")
            while run and run[0].lower() in self._function:
                del run[0]
            if not run:
                continue
            possessive = run[-1].endswith(_POSSESSIVE)
            if possessive:
                run[-1] = bare(run[-1])
            name = split_roles(run)[1]
            if not is_full_name(name) or name[0].lower() in times or name[-1].lower() in times:
                continue
            if name[-1] in ("Jr", "Sr") and text[match.end() : match.end() + 1] == ".":
                name[-1] += "."
            full = " ".join(name)
            if full in self._at:
                continue
            self._at[full] = (match.start(), match.end())
            self._by_surname.setdefault(surname(name), full)
            known = self._by_given.get(name[0], full)
            self._by_given[name[0]] = full if known == full else None

    def full(self, name: list[str]) -> str:
        """The fullest name that the article gives for this one, by surname first; the words as they are if none."""
        if len(name) == 1:
            found = self._by_surname.get(name[0]) or self._by_given.get(name[0])
            return found or name[0]
        joined = " ".join(name)
        if joined in self._at:
            return joined
        return self._by_surname.get(joined) or joined

    def is_person(self, full: str) -> bool:
        """Whether a name, as ``full`` returns it, is known to be a person's."""
        return full in self._at

    def roles(self, full: str) -> frozenset[str]:
        """The lower-case role words that stand before the name, or after it in apposition, where it is first."""
        start, end = self._at.get(full, (0, 0))
        before = self.text[max(0, start - 48) : end].rsplit("\n", 1)[-1].rsplit(". ", 1)[-1].rsplit(",", 1)[-1]
        after = self.text[end : end + 90].split("\n", 1)[0].split(".", 1)[0]
        after = after if after.startswith(",") else ""
        return frozenset(word for word in re.findall(r"[\w-]+", f"{before} {after}".lower()) if is_role(word))

    def named(self, role: str) -> list[str]:
        """All persons whose first mention bears this role word."""
        return [full for full in self._at if role in self.roles(full)]

    def gender(self, full: str) -> Gender | None:
        """What titles, roles and the given name say of the gender, None where they say nothing."""
        last = surname(full.split(" "))
        for titles, gender in ((("Mr", "Mr.", "Sir"), "m"), (("Mrs", "Mrs.", "Ms", "Ms.", "Miss"), "f")):
            if any(f"{title} {last}" in self.text for title in titles):
                return "m" if gender == "m" else "f"
        roles = self.roles(full)
        if roles & (ROLES_MALE | TITLES_MALE):
            return "m"
        if roles & (ROLES_FEMALE | TITLES_FEMALE):
            return "f"
        given = full.split(" ", 1)[0].lower()
        if given in GIVEN_MALE:
            return "m"
        return "f" if given in GIVEN_FEMALE else None


def gender_of_words(words: list[str]) -> Gender | None:
    """The gender that a description in lower case tells ("a spokeswoman")."""
    found = set(words)
    if found & (ROLES_FEMALE | TITLES_FEMALE):
        return "f"
    return "m" if found & (ROLES_MALE | TITLES_MALE) else None


def is_generic(role: str) -> bool:
    """Whether a role may describe anybody ("the official", "the 34-year-old")."""
    return role in GENERIC or role.endswith("-year-old")
