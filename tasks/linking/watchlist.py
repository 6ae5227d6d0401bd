"""A user's watchlist: names that are found in texts exactly as written.

[[entry]]
name = "Halden Rovers"
aliases = ["Rovers FC", "HRFC"]
case_sensitive = false
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from tasks.article.identity import digest
from tasks.linking.script import is_unspaced

_KEYS = frozenset(("name", "aliases", "case_sensitive"))


class WatchlistError(Exception):
    """The watchlist cannot be read; the message is one line that names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is watched: found by its name and its aliases, in any case of letters unless ``case_sensitive``."""

    name: str
    aliases: tuple[str, ...] = ()
    case_sensitive: bool = False

    @property
    def entry_id(self) -> str:
        """What tells it from others: its name."""
        return digest("watched", self.name)


class Hit(NamedTuple):
    """One place in a text, [start, end), where an entry is named."""

    start: int
    end: int
    entry: Entry


def parse(text: str, file: str) -> Watchlist:
    """The entries of a watchlist. Raises WatchlistError, in one line, for what is no watchlist.

    ``file``: how the error names it.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WatchlistError(f"{file}: {error}") from None
    if unknown := sorted(set(table) - {"entry"}):
        raise WatchlistError(f"{file}: unknown key {unknown[0]!r}: entries begin with [[entry]]")
    listed = table.get("entry", [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise WatchlistError(f"{file}: entries begin with [[entry]]")
    entries = tuple(_entry(each, f"{file}: entry {number}") for number, each in enumerate(listed, 1))
    taken: dict[str, Entry] = {}
    for entry in entries:
        for alias in dict.fromkeys((entry.name, *entry.aliases)):
            other = taken.setdefault(_small(alias), entry)
            if other is not entry:
                raise WatchlistError(
                    f"{file}: entry {entry.name!r}: {alias!r} is one of {other.name!r} already"
                )
    return Watchlist(entries)


def _entry(table: Mapping[str, Any], where: str) -> Entry:
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise WatchlistError(f"{where}: has no name")
    where = f"{where} ({name!r})"
    if unknown := sorted(set(table) - _KEYS):
        raise WatchlistError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    aliases = table.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(each, str) and each.strip() for each in aliases):
        raise WatchlistError(f"{where}: aliases is a list of names")
    case_sensitive = table.get("case_sensitive", False)
    if not isinstance(case_sensitive, bool):
        raise WatchlistError(f"{where}: case_sensitive is true or false")
    return Entry(name.strip(), tuple(alias.strip() for alias in aliases), case_sensitive)


class Watchlist:
    """Entries, made ready once to be found in many texts."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Make ready to look for ``entries``."""
        self.entries = tuple(entries)
        exact: dict[str, Entry] = {}
        small: dict[str, Entry] = {}
        for entry in self.entries:
            for form in (entry.name, *entry.aliases):
                if entry.case_sensitive:
                    exact.setdefault(_typed(form), entry)
                else:
                    small.setdefault(_small(form), entry)
        self._exact, self._in_small = _Matcher(exact), _Matcher(small)

    def find(self, text: str) -> list[Hit]:
        """Where a text names the entries, in order; of names that overlap the longest of the first.

        Names stand as words of their own, but within words where the script writes no blanks.
        """
        hits = [*self._exact.hits(_typed(text)), *self._in_small.hits(_small(text))]
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        found: list[Hit] = []
        for hit in hits:
            if not found or hit.start >= found[-1].end:
                found.append(hit)
        return found


class _Matcher:
    """Names that are looked for in one pass over a text."""

    def __init__(self, forms: Mapping[str, Entry]) -> None:
        """Look for ``forms``, each of an entry."""
        self._entries = list(forms.values())
        self._automaton = AhoCorasick(list(forms), implementation=Implementation.ContiguousNFA)

    def hits(self, text: str) -> Iterator[Hit]:
        """Where the names stand in a text, overlapping ones too."""
        if self._entries:
            for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
                if _borders(text, start) and _borders(text, end):
                    yield Hit(start, end, self._entries[number])


def _borders(text: str, at: int) -> bool:
    """Whether a word may begin or end between two characters."""
    before, after = text[at - 1 : at], text[at : at + 1]
    return not (before.isalnum() and after.isalnum()) or (is_unspaced(before) or is_unspaced(after))


def _typed(text: str) -> str:
    return text.replace("’", "'")


def _small(text: str) -> str:
    """Small letters, as many as there were, and the same wherever they stand."""
    return _typed(text).replace("İ", "i").lower().replace("ς", "σ")
