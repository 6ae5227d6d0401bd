"""Named persons of one article: names apart from titles, surnames to full names, what tells their gender."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from tasks.article.speaker_words import (
    COLLECTIVES,
    GENERIC,
    GIVEN_FEMALE,
    GIVEN_MALE,
    INSTITUTIONS,
    PARTICLES,
    ROLE_ENDINGS,
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
UPPER = "".join(c for c in map(chr, range(0x1F00)) if c.isupper())
_PARTICLE = "|".join(sorted(re.escape(word) for word in PARTICLES if word.isalpha()))
_RUN = re.compile(
    rf"[{UPPER}](?:\.(?:[{UPPER}]\.)*|[\w’'-]*)"
    rf"(?: (?:(?:{_PARTICLE}) ){{0,2}}(?:[{UPPER}]|al-|el-|d’|d')(?:\.(?:[{UPPER}]\.)*|[\w’'-]*))+"
)
_HONORIFIC = re.compile(r"M(r|rs|s|iss)\b\.? (?:\w+ )??(\w[\w’'-]*\w)")
_WORDS_OR_MARKS = re.compile(r"[\w-]+|[^\w\s’'-]|\n")
_OF_PLACES = ("in ", "near ", "outside ", "across ", "en ", "à ", "a ")
_AGE = re.compile(r", (?:aged )?\d\d?\b")


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
        or (first in ROLES and last in ("elect", "designate"))
        or is_generic(word)
    )


def _compounded(role: str) -> list[str]:
    return [ending for ending in ROLE_ENDINGS if role.endswith(ending)] if role not in ROLES else []


def split_roles(words: list[str]) -> tuple[list[str], list[str]]:
    """Capitalised words as (titles, roles and modifiers; the name), the name empty where there is none."""
    start = possessor = 0
    for index, word in enumerate(words[:-1]):
        if is_role(word.lower()) or word.endswith(("'s", "’s")):
            start = index + 1
            possessor = start if word.endswith(("'s", "’s")) else possessor
    if words[-1].lower() in INSTITUTIONS and words[start].lower() not in _GIVEN:
        return words[:possessor], words[possessor:]  # Foreign Ministry: the role word is part of it
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
    return sum(not word.islower() for word in name) >= 2 and len(name[0].rstrip(".")) < 20


def surname(name: list[str]) -> str:
    """The last word of a name that is no suffix such as Jr."""
    for word in reversed(name):
        if word.lower() not in SUFFIXES:
            return word
    return name[-1]


class People:
    """Who is named in the text of one article, found in one pass and looked into only when asked for."""

    def __init__(self, text: str, words: Lexicon) -> None:
        """Find all runs of capitalised words in ``text``, its paragraphs separated by blank lines."""
        self.text = text
        self._words = words
        self._runs = [(match.start(), match[0]) for match in _RUN.finditer(text)]
        self._index: dict[str, list[int]] = {}
        for number, (_, run) in enumerate(self._runs):
            words_of_run = run.split(" ")
            if "’" in run or "'" in run:
                words_of_run = [bare(word) for word in words_of_run]
            for word in words_of_run:
                self._index.setdefault(word, []).append(number)
        self._names: dict[int, tuple[str, ...]] = {}
        self._full: dict[str, str] = {}
        self._roles: dict[str, frozenset[str]] = {}
        self._persons: dict[str, bool] = {}
        self._place: dict[str, int | None] = {}
        self._genders: dict[str, Gender | None] = {}
        self._honorifics: dict[str, Gender] | None = None
        self._bearers: dict[str, list[str]] = {}

    def _name(self, number: int) -> tuple[str, ...]:
        """The words of the full name in a run, none where it is no person's."""
        found = self._names.get(number)
        if found is None:
            found = self._names[number] = self._read(*self._runs[number])
        return found

    def _read(self, at: int, run: str) -> tuple[str, ...]:
        words = run.split(" ")
        while words and words[0].lower() in self._words.function:
            del words[0]
        if not words or self.text[at - 1 : at].isalnum():
            return ()
        words[-1] = bare(words[-1])
        name = split_roles(words)[1]
        times = self._words.times
        if not is_full_name(name) or name[0].lower() in times or name[-1].lower() in times:
            return ()
        end = at + len(run)
        if name[-1] in ("Jr", "Sr") and self.text[end : end + 1] == ".":
            name[-1] += "."
        return tuple(name)

    def full(self, name: list[str], gender: Gender | None = None) -> str:
        """The fullest name that the article gives for this one; the words as they are if it gives none.

        ``gender``, as an honorific beside it tells, decides between two persons of one surname.
        """
        joined = " ".join(name)
        if len(name) > 1 and name[0].lower() not in PARTICLES:
            return joined
        if gender is not None:
            return self._look_up(name[-1], gender) or joined
        found = self._full.get(joined)
        if found is None:
            found = self._full[joined] = self._look_up(name[-1]) or joined
        return found

    def _numbers(self, word: str) -> list[int]:
        """The runs with this word, its possessive included."""
        return self._index.get(bare(word), [])

    def _look_up(self, word: str, gender: Gender | None = None) -> str | None:
        given: set[str] = set()
        for number in self._numbers(word):
            name = self._name(number)
            if name and name[0].lower() in PARTICLES:
                continue
            if name and gender is not None and gender_of_given(name[0]) not in (gender, None):
                continue
            if name and surname(list(name)) == word:
                return " ".join(name)
            if name and name[0] == word:
                given.add(" ".join(name))
        return given.pop() if len(given) == 1 else None

    def _first(self, full: str) -> int | None:
        """Where the full name first stands in the text."""
        if full not in self._place:
            words = full.split(" ")
            self._place[full] = next(
                (
                    self._runs[number][0]
                    for number in self._numbers(surname(words))
                    if " ".join(self._name(number)) == full
                ),
                None,
            )
        return self._place[full]

    def is_person(self, full: str) -> bool:
        """Whether a name, as ``full`` returns it, is known to be a person's.

        Capitalised words may be anything: a role beside them, a known given name, an age behind them or the
        surname standing alone elsewhere must speak for a person.
        """
        found = self._persons.get(full)
        if found is None:
            found = self._persons[full] = self._reads_as_person(full)
        return found

    def is_full(self, full: str) -> bool:
        """Whether a name stands in the text with the shape of a person's, be it one or not."""
        return " " in full and self._first(full) is not None

    def confirm(self, full: str) -> None:
        """Take note that the bearer of this full name speaks."""
        if self.is_full(full):
            self._persons[full] = True

    def _reads_as_person(self, full: str) -> bool:
        words = full.split(" ")
        if len(words) == 1:
            parted = (split_roles(self._runs[number][1].split(" ")) for number in self._numbers(full))
            return self.gender(full) is not None or any(
                name == words and is_role(roles[-1].lower()) for roles, name in parted if roles
            )
        start = self._first(full)
        if start is None:
            return False
        if self.gender(full) is not None or self.roles(full):
            return True
        last = surname(words)
        end = self.text.find(full, start) + len(full)
        if _AGE.match(self.text, end):
            return True
        return self.text.count(last) > self.text.count(full) and not self.is_place(full)

    def is_place(self, full: str) -> bool:
        """Whether the text says of something that it is in the bearer of this name."""
        return any(preposition + full in self.text for preposition in _OF_PLACES)

    def roles(self, full: str) -> frozenset[str]:
        """The role words, lower case, before the name or behind it in apposition, where it stands first."""
        found = self._roles.get(full)
        if found is None:
            found = self._roles[full] = self._read_roles(full)
        return found

    def _read_roles(self, full: str) -> frozenset[str]:
        start = self._first(full)
        if start is None:
            return frozenset()
        name = self.text.find(full, start)
        end = name + len(full)
        found: list[str] = []
        for word in reversed(_WORDS_OR_MARKS.findall(self.text[max(0, name - 60) : name])):
            low = word.lower()
            if word == "," and not found:  # his coach, Leo Marks
                continue
            if not word[0].isalnum() or (
                low != "of" and (low in self._words.function or low in self._words.verbs)
            ):
                break
            found.append(low)
        after = self.text[end : end + 90].split("\n", 1)[0].split(",")
        apposition = _WORDS_OR_MARKS.findall(after[1]) if len(after) > 1 and not after[0] else []
        if apposition and apposition[0][0].islower() and apposition[0] not in self._words.conjunctions:
            found += [word.lower() for word in apposition]
        roles = {word for word in found if is_role(word)}
        return frozenset(roles.union(*(_compounded(word) for word in roles)))

    def named(self, role: str) -> list[str]:
        """All persons whose first mention bears this role word."""
        found = self._bearers.get(role)
        if found is None:
            everybody: dict[str, None] = {}
            for number, (at, run) in enumerate(self._runs):
                if role in self.text[max(0, at - 60) : at + len(run) + 90].lower():
                    everybody[" ".join(self._name(number))] = None
            found = self._bearers[role] = [full for full in everybody if full and role in self.roles(full)]
        return found

    def gender(self, full: str) -> Gender | None:
        """What titles, roles and the given name say of the gender, None where they say nothing."""
        if full not in self._genders:
            self._genders[full] = self._read_gender(full)
        return self._genders[full]

    def learn(self, full: str, gender: Gender) -> None:
        """Keep what a pronoun that can only be this person's tells, where nothing else does."""
        if self.gender(full) is None:
            self._genders[full] = gender

    def _read_gender(self, full: str) -> Gender | None:
        if self._honorifics is None:
            self._honorifics = {
                match[2]: "m" if match[1] == "r" else "f" for match in _HONORIFIC.finditer(self.text)
            }
        words = full.split(" ")
        if surname(words) in self._honorifics:
            return self._honorifics[surname(words)]
        roles = self.roles(full)
        if roles & (ROLES_MALE | TITLES_MALE):
            return "m"
        if roles & (ROLES_FEMALE | TITLES_FEMALE):
            return "f"
        return gender_of_given(words[0])


def gender_of_given(name: str) -> Gender | None:
    """The gender of those who commonly bear a given name."""
    given = name.lower()
    if given in GIVEN_MALE:
        return "m"
    return "f" if given in GIVEN_FEMALE else None


def gender_of_words(words: list[str]) -> Gender | None:
    """The gender that a description in lower case tells ("a spokeswoman")."""
    found = set(words)
    if found & (ROLES_FEMALE | TITLES_FEMALE):
        return "f"
    return "m" if found & (ROLES_MALE | TITLES_MALE) else None


def is_collective(word: str) -> bool:
    """Whether a lower-case word names people without a name ("sources", "teachers")."""
    return word in COLLECTIVES or (word.endswith("s") and word[:-1] in ROLES) or word in ROLES


def is_generic(role: str) -> bool:
    """Whether a role may describe anybody ("the official", "the 34-year-old")."""
    return role in GENERIC or role.endswith("-year-old")
