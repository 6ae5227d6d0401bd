"""Named persons of one article: surnames to full names, their roles, and what tells their gender."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from tasks.article.speaker_names import (
    Gender,
    bare,
    compounded,
    gender_of_given,
    gender_of_roles,
    is_full_name,
    is_institution,
    is_role,
    split_roles,
    surname,
)
from tasks.article.speaker_words import GIVEN, PARTICLES, TITLES, Lexicon

# Python's re has no class for upper case; the capitals of the Latin, Greek and Cyrillic scripts will do.
UPPER = "".join(c for c in map(chr, range(0x1F00)) if c.isupper())
_ARTICLES = frozenset(("der", "den", "het"))  # part of a name behind another particle only: van der, van den
_PARTICLE = "|".join(sorted(re.escape(word) for word in PARTICLES - _ARTICLES if word.isalpha()))
# Words and initials are bounded: each capital of a long one, such as a picture in base64, would begin a run else.
_REST = rf"(?:\.(?:[{UPPER}]\.){{0,9}}|[\w’'-]{{0,40}})"
_WORD = rf"(?:[{UPPER}]|al-|el-|d’|d'){_REST}"
_PARTICLES = rf"(?:(?:{_PARTICLE}) (?:(?:{_PARTICLE}|der|den|het) )?)?"
# Capitalised words in a row, as a name is written.
RUN = re.compile(rf"[{UPPER}]{_REST}(?: {_PARTICLES}{_WORD}){{1,9}}")
_NICKNAMED = re.compile(rf"([{UPPER}]\w{{1,40}}) [\"“‘'][^\"“”‘’'\n.,!?]{{1,25}}[\"”’'] ([{UPPER}][\w’'-]+)")
_COUPLED = re.compile(
    rf"([{UPPER}]\w{{1,40}}) (?:and|und|et|y|e|och|og|en|i|и) ([{UPPER}]\w+) ([{UPPER}][\w’'-]+)"
)
_HONORIFIC = re.compile(r"M(r|rs|s|iss|me|lle)\b\.? (?:\w+ )??(\w[\w’'-]*\w)")
_WORDS_OR_MARKS = re.compile(r"[\w-]+|[^\w\s’'-]|\n")
_WITHIN = re.compile(rf"(?<=[\w,’'”\"] )[{UPPER}][\w-]+")  # a capitalised word that begins no sentence
_OF_PLACES = (" in ", "In ", " near ", " outside ", " across ", " en ", " à ", " a ")
_TELLS_PERSON = re.compile(r", (?:(?:aged )?\d\d?\b|who\b)")
_CAPITAL = re.compile(rf"[{UPPER}][\w’'-]*")
_NEAR = 200  # characters from where a run of capitals begins to where the name in it does
_MOST_RUNS = 2000  # runs of capitals that are searched for the bearer of a role
_MOST_OF_ROLE = 12  # bearers of one role that are told apart
_MOST = 40  # bearers of one surname or given name that are looked at


class _Bearer(NamedTuple):
    """A full name with the place in the text where it first stands."""

    place: int
    full: str


class _Bearers(NamedTuple):
    """Who may be meant by one word, in the order of the text: by surname, by given name, as an organisation."""

    surname: list[_Bearer]
    given: list[_Bearer]
    organisation: list[_Bearer]


def _in_order(places: dict[str, int]) -> list[_Bearer]:
    return sorted(_Bearer(place, full) for full, place in places.items())


class People:
    """Who is named in the text of one article, found in one pass and looked into only when asked for."""

    def __init__(self, text: str, words: Lexicon) -> None:
        """Find all runs of capitalised words in ``text``, its paragraphs separated by blank lines."""
        self.text = text
        self._words = words
        self._runs = [(match.start(), match[0]) for match in RUN.finditer(text)]
        self._index: dict[str, list[int]] = {}
        for number, (_, run) in enumerate(self._runs):
            words_of_run = run.split(" ")
            if "’" in run or "'" in run:
                words_of_run = [bare(word) for word in words_of_run]
            for word in words_of_run:
                self._index.setdefault(word, []).append(number)
        self._names: dict[int, tuple[str, ...]] = {}
        self._bearing: dict[str, _Bearers] = {}
        self._roles: dict[str, frozenset[str]] = {}
        self._persons: dict[str, bool] = {}
        self._place: dict[str, int | None] = {}
        self._genders: dict[str, Gender | None] = {}
        self._honorifics: dict[str, Gender] | None = None
        self._split: dict[str, list[_Bearer]] | None = None
        self._within: frozenset[str] | None = None
        self._lower: frozenset[str] | None = None
        self._capitals: Counter[str] | None = None
        self._beside: dict[str, list[int]] | None = None
        self._by_role: dict[str, list[str]] = {}

    def _name(self, number: int) -> tuple[str, ...]:
        """The words of the full name in a run, none where it is no person's."""
        found = self._names.get(number)
        if found is None:
            found = self._names[number] = self._read(*self._runs[number])
        return found

    def _bare_run(self, number: int) -> list[str]:
        """The words of a run without function words before them and possessive endings behind them."""
        words = self._runs[number][1].split(" ")
        while words and words[0].lower() in self._words.function:
            del words[0]
        if words:
            words[-1] = bare(words[-1])
        return words

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

    def full(self, name: list[str], gender: Gender | None = None, before: int | None = None) -> str:
        """The fullest name that the article gives for this one; the words as they are if it gives none.

        ``gender``, as an honorific beside it tells, decides between two persons of one surname. Of several
        the first to be named is meant; who is named only behind the place ``before`` comes last.
        """
        joined = " ".join(name)
        if len(name) > 1 and name[0].lower() not in PARTICLES:
            return joined
        bearers = self._bearers(name[-1])
        limit = len(self.text) if before is None else before
        fitting = [b for b in bearers.surname if gender is None or self.gender(b.full) in (gender, None)]
        for known in (fitting, bearers.given, bearers.organisation):
            early = [bearer for bearer in known if bearer.place < limit]
            if early and (known is not bearers.given or len(early) == 1):
                return early[0].full
        if fitting:
            return fitting[0].full
        return bearers.given[0].full if len(bearers.given) == 1 else joined

    def _numbers(self, word: str) -> list[int]:
        """The runs with this word, its possessive included."""
        return self._index.get(bare(word), [])

    def _bearers(self, word: str) -> _Bearers:
        found = self._bearing.get(word)
        if found is None:
            found = self._bearing[word] = self._find_bearers(word)
        return found

    def _find_bearers(self, word: str) -> _Bearers:
        """Everybody whom the article names in full with this word as surname or given name."""
        last: dict[str, int] = {}
        first: dict[str, int] = {}
        organisations: dict[str, int] = {}
        for place, full in self._split_names().get(word, ()):
            (last if full.endswith(" " + word) else first)[full] = place
        for number in self._numbers(word):
            at = self._runs[number][0]
            name = self._name(number)
            if not name:
                run = self._bare_run(number)
                at_word = run.index(word) if word in run[:2] else len(run)
                if len(run) - at_word > 1 and is_institution(run):
                    organisations.setdefault(" ".join(run[at_word:]), at)
            elif name[0].lower() not in PARTICLES:
                if surname(list(name)) == word:
                    last.setdefault(" ".join(name), at)
                elif name[0] == word:
                    first.setdefault(" ".join(name), at)
            if len(last) > _MOST or len(first) > _MOST:
                break
        for full, place in (*last.items(), *first.items()):
            self._place.setdefault(full, place)
        return _Bearers(_in_order(last), _in_order(first), _in_order(organisations))

    def _split_names(self) -> dict[str, list[_Bearer]]:
        """By each of their words, names that do not stand in one piece: Ruth “Tiny” Holt, Norman and Sheila Tubb."""
        if self._split is None:
            self._split = {}
            nicknamed = ((match.start(), match[1], match[2]) for match in _NICKNAMED.finditer(self.text))
            coupled = (
                (match.start(), match[1], match[3])
                for match in _COUPLED.finditer(self.text)
                if match[1].lower() in GIVEN and match[2].lower() in GIVEN
            )
            for place, given, last in (*nicknamed, *coupled):
                if given.lower() not in self._words.function:
                    bearer = _Bearer(place, f"{given} {bare(last)}")
                    for word in (given, bare(last)):
                        self._split.setdefault(word, []).append(bearer)
        return self._split

    def is_capital_within(self, word: str) -> bool:
        """Whether the word stands with a capital somewhere within a sentence, as a name would."""
        if self._within is None:
            self._within = frozenset(map(bare, _WITHIN.findall(self.text)))
        return word in self._within

    def is_lower_within(self, word: str) -> bool:
        """Whether the word stands in the text in lower case."""
        if self._lower is None:
            self._lower = frozenset(word for word in _WORDS_OR_MARKS.findall(self.text) if word.islower())
        return word in self._lower

    def _first(self, full: str) -> int | None:
        """Where the full name first stands in the text."""
        if full not in self._place:
            self._bearers(surname(full.split(" ")))
            self._place.setdefault(full, None)
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
            if self.gender(full) is not None or full.lower() in GIVEN:
                return True
            parted = (split_roles(self._runs[number][1].split(" ")) for number in self._numbers(full))
            return any(name == words and is_role(roles[-1].lower()) for roles, name in parted if roles)
        start = self._first(full)
        if start is None:
            return False
        if words[0].lower() in GIVEN or self.gender(full) is not None or self.roles(full):
            return True
        name = self.text.find(full, start, start + _NEAR)
        if _TELLS_PERSON.match(self.text, name + len(full)):
            return True
        last = surname(words)
        if self._capitals is None:
            self._capitals = Counter(map(bare, _CAPITAL.findall(self.text)))
        return self._capitals[last] > len(self._numbers(last)) and not self.is_place(full)

    def is_place(self, full: str) -> bool:
        """Whether the text says of something that it is in the bearer of this name."""
        places = (self._runs[number] for number in self._numbers(surname(full.split(" ")))[:_MOST])
        return any(
            run.startswith(full) and self.text[max(0, at - 9) : at].endswith(_OF_PLACES) for at, run in places
        )

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
        name = self.text.find(full, start, start + _NEAR)
        if name < 0:  # a couple or a nickname: the words of the name stand apart
            return frozenset()
        end = name + len(full)
        found: list[str] = []
        before = _WORDS_OR_MARKS.findall(self.text[max(0, name - 60) : name])
        for index in range(len(before) - 1, -1, -1):
            word, low = before[index], before[index].lower()
            if word == "." and index and before[index - 1].lower() in TITLES:  # Rep. Ann Lowe
                continue
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
        return frozenset(roles.union(*(compounded(word) for word in roles)))

    def context(self, full: str) -> frozenset[str]:
        """The words, lower case, that stand around a full name where it is first given."""
        start = self._first(full)
        if start is None:
            return frozenset()
        near = self.text[max(0, start - 60) : start + len(full) + 90]
        return frozenset(_WORDS_OR_MARKS.findall(near.lower()))

    def named(self, role: str) -> list[str]:
        """All persons whose first mention bears this role word."""
        found = self._by_role.get(role)
        if found is None:
            if self._beside is None:
                self._beside = self._words_beside()
            everybody = dict.fromkeys(" ".join(self._name(number)) for number in self._beside.get(role, ()))
            bearers = (full for full in everybody if full and role in self.roles(full))
            found = self._by_role[role] = list(islice(bearers, _MOST_OF_ROLE))
        return found

    def _words_beside(self) -> dict[str, list[int]]:
        """The runs of capitals by each role that stands near them."""
        found: dict[str, list[int]] = {}
        for number, (at, run) in enumerate(self._runs[:_MOST_RUNS]):
            near = _WORDS_OR_MARKS.findall(self.text[max(0, at - 60) : at + len(run) + 90].lower())
            for word in set(near):
                if is_role(word):
                    for role in (word, *compounded(word)):
                        found.setdefault(role, []).append(number)
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
        words = full.split(" ")
        given = gender_of_given(words[0]) if len(words) > 1 else None
        if given is not None:
            return given
        if self._honorifics is None:
            self._honorifics = {}
            for match in _HONORIFIC.finditer(self.text):
                self._honorifics.setdefault(match[2], "m" if match[1] == "r" else "f")
        last = surname(words)
        return self._honorifics.get(last) or gender_of_roles(self.roles(full)) or gender_of_given(words[0])
