"""Places and organisations that are known by name, and where a text names them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tasks.article.identity import digest
from tasks.linking import names

_GENITIVE: Final = frozenset(
    ("de", "sv", "no", "da")
)  # languages that write it as an s, without an apostrophe


class Entry(NamedTuple):
    """What a form names: kind is place or organisation; ``name`` the usual one in the language."""

    kind: str
    entry_id: str
    name: str
    is_country: bool


class Hit(NamedTuple):
    """One form in a text, at [start, end); ``is_of`` where it tells who or what is of the place: "Russian"."""

    start: int
    end: int
    entry: Entry
    is_of: bool


class Gazetteer:
    """The forms of one language."""

    def __init__(self, language: str) -> None:
        """Make ready to search texts of an ISO 639-1 language that ``languages`` has."""
        self._language = language
        self.forms: dict[str, tuple[Entry, bool]] = {}
        for kind, identity, name, of in _rows()[language]:
            is_country = kind == "place" and len(identity) == 2
            entry = Entry(kind, digest(kind, identity), name[0], is_country)
            for form in name:
                self.forms.setdefault(form, (entry, False))
            for form in of:
                self.forms.setdefault(form, (entry, True))
        self._keys = list(self.forms)
        self._found = AhoCorasick(
            self._keys, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
        )
        self.is_unspaced = language in ("zh", "ja", "ko", "th")

    def hits(self, text: str) -> Iterator[Hit]:
        """The forms in a text, in order; as words of their own where the language parts words."""
        for number, start, last in self._found.find_matches_as_indexes(text):
            genitive = self._language in _GENITIVE and text[last : last + 1] == "s"
            end = last + genitive
            if self.is_unspaced or not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                yield Hit(start, end, *self.forms[self._keys[number]])


@lru_cache(maxsize=1)
def _lines() -> list[list[str]]:
    """The fields of the data: kind, identity, language, names, what people and things of it are called."""
    data = resources.files("tasks.linking").joinpath("data", "gazetteer.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in data.splitlines() if not line.startswith("#")]


@lru_cache(maxsize=1)
def ambiguous() -> frozenset[str]:
    """Forms that are as often something else: they count only where another form of the entry is in the text."""
    return frozenset(form for line in _lines() if line[0] == "ambiguous" for form in line[3].split("|"))


@lru_cache(maxsize=1)
def _rows() -> dict[str, list[tuple[str, str, list[str], list[str]]]]:
    """Language → (kind, identity, names, what people and things of it are called) of each entry."""
    found: dict[str, list[tuple[str, str, list[str], list[str]]]] = {}
    for kind, identity, language, name, of in _lines():
        if kind != "ambiguous":
            forms = of.split("|") if of else []
            found.setdefault(language, []).append((kind, identity, name.split("|"), forms))
    return found


@lru_cache(maxsize=64)
def gazetteer(language: str | None) -> Gazetteer:
    """The gazetteer of an ISO 639-1 language; the English one where it has none."""
    short = (language or "en").split("-")[0].lower()
    return Gazetteer(short if short in _rows() else "en")


@lru_cache(maxsize=1 << 16)
def name_id(name: str) -> str:
    """The same for one name in all spellings; of a name that the gazetteer knows, in all languages."""
    entry = known(name)
    return digest(*entry) if entry else names.name_id(name)


def known(name: str) -> tuple[str, str] | None:
    """Kind and identity of the entry that a name is of, in any language; None where it is of none."""
    return _everywhere().get(name.removeprefix("the ").removeprefix("The "))


@lru_cache(maxsize=1)
def _everywhere() -> dict[str, tuple[str, str]]:
    """Form → kind and identity of its entry, of all languages, English first; without what is ambiguous."""
    found: dict[str, tuple[str, str]] = {}
    for language in ("en", *_rows()):
        for kind, identity, forms, _ in _rows()[language]:
            for form in forms:
                if form not in ambiguous():
                    found.setdefault(form, (kind, identity))
    return found
