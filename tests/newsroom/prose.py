"""Invented news prose in five languages: people who say things, from the phrases in ``prose/*.toml``."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_GENDER = re.compile(r"<([^<>/]*)/([^<>]*)>")
_MONEY = {
    "en": "{} million crowns",
    "de": "{} Millionen Kronen",
    "fr": "{} millions de couronnes",
    "es": "{} millones de coronas",
    "ru": "{} млн крон",
}


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, as one journalist wrote it. ``spare``: a paragraph that a later edit may add."""

    language: str
    section: str
    tags: tuple[str, ...]
    title: str
    other_title: str
    subtitle: str
    paragraphs: tuple[str, ...]
    spare: str
    author: str
    dateline: str
    agency: str
    correction: str


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    last: str
    is_woman: bool
    words: Mapping[str, str]


@cache
def phrases(language: str) -> Mapping[str, Any]:
    """The phrases of a language: en, de, fr, es, ru."""
    return tomllib.loads((Path(__file__).parent / "prose" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def story(language: str, seed: str, day: date) -> Story:
    """The story that ``seed`` stands for, told on ``day``; the same arguments give the same story."""
    return _Writer(language, random.Random(seed), day).story()


@cache
def storyline() -> Mapping[str, Story]:
    """What one matter was to several outlets over several days: stories in English by <outlet or wire>/<number>."""
    told = tomllib.loads((Path(__file__).parent / "prose" / "storyline.toml").read_text(encoding="utf-8"))
    words = phrases("en")
    return {
        name: Story(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in written.items()},
            language="en",
            dateline=words["dateline"].format(PLACE="PORT ELLERY", agency=words["agency"]),
            agency=words["agency"],
            correction=words["correction"],
        )
        for name, written in told.items()
    }


class _Writer:
    """Writes one story: the choices are the generator's, made in a fixed order."""

    def __init__(self, language: str, rng: random.Random, day: date) -> None:
        self.language, self.rng, self.words = language, rng, phrases(language)
        self.topic = rng.choice(self.words["topics"])
        place, other = rng.sample(self.words["places"], 2)
        self.slots = {
            "place": place,
            "PLACE": place.upper(),
            "other": other,
            "org": rng.choice(self.topic.get("orgs", [""])),
            "k": str(rng.randint(14, 96)),  # the one number that all of a story agrees on
            "day": self.words["weekdays"][day.weekday()],
            "agency": self.words["agency"],
        }
        self.lasts = rng.sample(self.words["last"], 4)

    def story(self) -> Story:
        titles = [self._said(text) for text in self.rng.sample(self.topic["titles"], 2)]
        official, critic = (self._person(self._gendered(pair)) for pair in self.topic["roles"])
        resident, author = self._person(), self._person()
        facts = [self._said(text) for text in self.rng.sample(self.topic["facts"], len(self.topic["facts"]))]
        spare = facts.pop()
        quotes = {kind: self._some(f"quotes_{kind}", 2) for kind in "abc"}
        body = [
            self._said(self.rng.choice(self.topic["lead"])),
            self._quoted("first", quotes["a"][0], official),
            " ".join(facts[:2]),
            self._quoted("again", quotes["a"][1], official),
            self._quoted("first", quotes["b"][0], critic) + " " + facts[2],
        ]
        if len(quotes["b"]) > 1 and self.rng.random() < 0.6:
            body.append(self._quoted("again", quotes["b"][1], critic))
        body.append(" ".join(facts[3:]))
        body.append(self._quoted("resident", quotes["c"][0], resident))
        return Story(
            language=self.language,
            section=self.topic["section"],
            tags=(*self.topic["tags"], self.slots["place"]),
            title=titles[0],
            other_title=titles[1],
            subtitle=self._said(self.rng.choice(self.topic["standfirst"])),
            paragraphs=tuple(paragraph for paragraph in body if paragraph),
            spare=spare,
            author=author.name,
            dateline=self._filled(self.words["dateline"], {}),
            agency=self.words["agency"],
            correction=self.words["correction"],
        )

    def _some(self, name: str, count: int) -> list[str]:
        texts: Sequence[str] = self.topic[name]
        return [self._chosen(text) for text in self.rng.sample(texts, min(count, len(texts)))]

    def _gendered(self, roles: Sequence[str]) -> tuple[str, str]:
        woman, man = roles
        return self._filled(woman, {}), self._filled(man, {})

    def _person(self, roles: tuple[str, str] = ("", "")) -> _Person:
        is_woman = self.rng.random() < 0.5
        first = self.rng.choice(self.words["women" if is_woman else "men"])
        last = self.lasts.pop()
        words = {
            "name": f"{first} {last}",
            "last": last,
            "role": roles[0 if is_woman else 1],
            "age": str(self.rng.randint(19, 84)),
            "job": self.rng.choice(self.words["jobs"]),
        }
        return _Person(words["name"], last, is_woman, words)

    def _quoted(self, frame: str, quote: str, person: _Person) -> str:
        if not quote:
            return ""
        text = self._chosen(self.rng.choice(self.words[frame])).replace("{job}", person.words["job"])
        text = _GENDER.sub(r"\1" if person.is_woman else r"\2", text)
        said = self._filled(quote, {})
        return self._filled(text, {**person.words, "q": said[0].upper() + said[1:]})

    def _said(self, text: str) -> str:
        said = self._filled(self._chosen(text), {})
        return said[0].upper() + said[1:]

    def _chosen(self, text: str) -> str:
        while match := _CHOICE.search(text):
            text = text[: match.start()] + self.rng.choice(match[1].split("|")) + text[match.end() :]
        return text

    def _filled(self, text: str, more: Mapping[str, str]) -> str:
        big = self.rng.randrange(1_100, 9_900, 100)
        numbers = {
            "n": str(self.rng.randint(5, 12)),
            "m": str(self.rng.randint(14, 96)),
            "big": f"{big:,}" if self.language == "en" else str(big),
            "money": _MONEY[self.language].format(self.rng.randint(2, 60)),
        }
        return text.format_map({**self.slots, **numbers, **more})
