"""The word lists behind the search for speakers, read once: verbs of speech, roles, function words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("tasks.article").joinpath("data", name).read_text(encoding="utf-8"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words, lower case. ``bases`` and ``gerunds`` need a helper or an earlier subject."""

    language: str
    finite: frozenset[str]
    bases: frozenset[str]
    gerunds: frozenset[str]
    adjacent: frozenset[str]
    verbs: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    auxiliaries: frozenset[str]
    be: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    connectors: frozenset[str]
    fronting: frozenset[str]
    times: frozenset[str]
    according: frozenset[str]
    function: frozenset[str]


def _contracted(pronouns: frozenset[str]) -> frozenset[str]:
    """Pronouns with the verbs that English writes onto them (he's, he’d)."""
    endings = ("", *(mark + ending for mark in "'’" for ending in ("s", "d", "ll", "ve", "re", "m")))
    return frozenset(pronoun + ending for pronoun in pronouns for ending in endings)


def _lexicon(language: str, verbs: dict[str, str], words: dict[str, str]) -> Lexicon:
    finite: set[str] = set()
    bases: set[str] = set()
    gerunds: set[str] = set()
    adjacent: set[str] = set()
    for key, forms in verbs.items():
        for line in forms.strip().split("\n"):
            listed = line.split()
            if key == "adjacent":
                adjacent.update(listed)
            if language == "en":
                bases.add(listed[0])
                finite.update(listed[1:3])
                gerunds.add(listed[3])
            else:
                finite.update(listed)
    bases -= finite
    sets = {key: _words(text) for key, text in words.items()}
    empty: frozenset[str] = frozenset()
    male, female = _contracted(sets["pronouns_male"]), _contracted(sets["pronouns_female"])
    return Lexicon(
        language=language,
        finite=frozenset(finite),
        bases=frozenset(bases),
        gerunds=frozenset(gerunds),
        adjacent=frozenset(adjacent),
        verbs=frozenset(finite | bases | gerunds),
        male=male,
        female=female,
        pronouns=male | female | _contracted(sets["pronouns_other"]),
        determiners=sets["determiners"],
        auxiliaries=sets["auxiliaries"],
        be=sets.get("be", empty),
        prepositions=sets["prepositions"],
        conjunctions=sets["conjunctions"],
        connectors=sets.get("connectors", empty),
        fronting=sets.get("fronting", empty),
        times=sets.get("times", empty),
        according=sets["according"],
        function=frozenset().union(*(sets[key] for key in sets if key not in ("times", "according"))),
    )


_VERBS = _load("speech_verbs.toml")
_FUNCTION = _load("speaker_words.toml")
_ROLES = _load("roles.toml")
_GIVEN = _load("speaker_given_names.toml")

ENGLISH: Final = {key: _words(text) for key, text in _load("speaker_english.toml").items()}
LEXICONS: Final = {
    language: _lexicon(language, _VERBS[language], words) for language, words in _FUNCTION.items()
}

TITLES_MALE: Final = _words(_ROLES["titles_male"])
TITLES_FEMALE: Final = _words(_ROLES["titles_female"])
TITLES: Final = _words(_ROLES["titles"]) | TITLES_MALE | TITLES_FEMALE
ROLES_MALE: Final = _words(_ROLES["male"])
ROLES_FEMALE: Final = _words(_ROLES["female"])
GENERIC: Final = _words(_ROLES["generic"])
ROLES: Final = _words(_ROLES["roles"]) | _words(_ROLES["foreign"]) | ROLES_MALE | ROLES_FEMALE | GENERIC
ROLE_ENDINGS: Final = tuple(sorted(_words(_ROLES["endings"])))
INSTITUTIONS: Final = _words(_ROLES["institutions"])
INSTITUTIONS_SURE: Final = _words(_ROLES["institutions_sure"])
COLLECTIVES: Final = _words(_ROLES["collectives"])
PARTICLES: Final = _words(_ROLES["particles"])
SUFFIXES: Final = _words(_ROLES["suffixes"])
PORTFOLIOS: Final = _words(_ROLES["portfolios"])
POSTNOMINALS: Final = _words(_ROLES["postnominals"])
DEMONYMS: Final = _words(_ROLES["demonyms"])
GIVEN_MALE: Final = _words(_GIVEN["male"])
GIVEN_FEMALE: Final = _words(_GIVEN["female"])
GIVEN: Final = GIVEN_MALE | GIVEN_FEMALE | _words(_GIVEN["either"])


def lexicon(language: str | None) -> Lexicon:
    """The word lists of an ISO 639-1 language; English where the language is unknown or has none."""
    return LEXICONS.get((language or "en").split("-")[0].lower(), LEXICONS["en"])
