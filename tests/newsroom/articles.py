"""What each outlet has published by an edition, and how it has changed it since."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from urllib.parse import quote

from tests.newsroom.outlets import Outlet
from tests.newsroom.prose import Story, story, storyline

INITIAL = 12  # articles of an outlet at edition 0
HEAD_START = 24  # editions before today's midnight, so that the first of them are not in the future
EDITION = timedelta(hours=1)
SPACING = timedelta(hours=7)  # between two articles before edition 0
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Article:
    """An article as it reads in one edition. Dates are UTC."""

    outlet: Outlet
    number: int
    born: int
    language: str
    title: str
    slug: str
    subtitle: str
    authors: tuple[str, ...]
    agency: str | None
    section: str
    tags: tuple[str, ...]
    paragraphs: tuple[str, ...]
    published: datetime
    modified: datetime
    correction: str | None = None

    @property
    def guid(self) -> str:
        return f"{self.outlet.id}:{self.number}"

    @cached_property
    def path(self) -> str:
        """Path and query of its page; those of an outlet with members' pages may be forbidden by robots.txt."""
        date = {"y": f"{self.published:%Y}", "m": f"{self.published:%m}", "d": f"{self.published:%d}"}
        section = "members" if self._for_members else slug(self.section)
        path = self.outlet.path.format(section=section, slug=self.slug, number=40_000 + self.number, **date)
        return quote(path, safe="/?=&-_.~")

    @property
    def _for_members(self) -> bool:
        return "members" in self.outlet.habits and self.number % 5 == 4

    @property
    def is_paid(self) -> bool:
        """Whether its page answers 402."""
        return "paywall" in self.outlet.habits and self.number % 3 == 0


def slug(title: str) -> str:
    """A title as part of an address; Cyrillic stays Cyrillic, as many sites have it."""
    folded = unicodedata.normalize("NFKD", title.lower().replace("’", ""))
    plain = folded.encode("ascii", "ignore").decode()
    return "-".join(_WORDS.findall(plain if len(plain) > len(title) / 2 else title.lower()))[:70].strip("-")


@dataclass(frozen=True)
class World:
    """All articles of all outlets at all editions, for a newsroom that was opened at ``today`` (midnight, UTC)."""

    today: datetime

    @staticmethod
    def opened(now: datetime) -> World:
        """The world of a day; ``now`` is UTC."""
        return World(now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))

    def time(self, edition: int) -> datetime:
        """When an edition comes out."""
        return self.today + (edition - HEAD_START) * EDITION

    @lru_cache(maxsize=256)  # noqa: B019  one world lives as long as its process
    def articles(self, outlet: Outlet, edition: int) -> Sequence[Article]:
        """What the outlet has published by an edition, newest first."""
        count = INITIAL + edition // outlet.period * outlet.each
        return tuple(self.article(outlet, number, edition) for number in reversed(range(count)))

    def article(self, outlet: Outlet, number: int, edition: int) -> Article:
        """One article as it reads at an edition."""
        first = self._first(outlet, number)
        kind = _EDITS.get(number % 6)
        when = first.born + 1 + number % 3
        if kind is None or edition < when:
            return first
        told = self._story(outlet, number, first.born)
        modified = self.time(when) - timedelta(minutes=7)
        if kind == "title":
            moves = "slug_follows_title" in outlet.habits
            name = slug(told.other_title) if moves else first.slug
            return replace(first, title=told.other_title, slug=name, modified=modified)
        if kind == "paragraph":
            body = (*first.paragraphs[:2], told.spare, *first.paragraphs[2:])
            return replace(first, paragraphs=body, modified=modified)
        body = (*first.paragraphs[:2], told.spare, *first.paragraphs[3:])
        return replace(first, paragraphs=body, correction=told.correction, modified=modified)

    def first_path(self, article: Article) -> str:
        """The address that the article had at first."""
        return self._first(article.outlet, article.number).path

    @lru_cache(maxsize=8192)  # noqa: B019
    def _first(self, outlet: Outlet, number: int) -> Article:
        born = _born(outlet, number)
        told = self._story(outlet, number, born)
        from_wire = _from_wire(outlet, number)
        published = self._written(number, born) + timedelta(minutes=11 * (outlet.k % 4), seconds=number % 60)
        if "future" in outlet.habits and number == 4:
            published = self.today + timedelta(days=30)
        title = told.other_title if from_wire and outlet.k == 6 else told.title
        body = told.paragraphs
        if from_wire:  # an outlet shortens what the agency sent
            body = (told.dateline + body[0], *body[1 : len(body) - outlet.k % 2])
        return Article(
            outlet=outlet,
            number=number,
            born=born,
            language=outlet.language,
            title=title,
            slug=slug(title),
            subtitle=told.subtitle,
            authors=() if from_wire else (told.author,),
            agency=told.agency if from_wire else None,
            section=told.section,
            tags=told.tags,
            paragraphs=body,
            published=published,
            modified=published,
        )

    def _story(self, outlet: Outlet, number: int, born: int) -> Story:
        who = "wire" if _from_wire(outlet, number) else outlet.id
        written = storyline().get(f"{who}/{number}") if outlet.language == "en" else None
        return written or story(outlet.language, f"{who}/{number}", self._written(number, born).date())

    def _written(self, number: int, born: int) -> datetime:
        if born:
            return self.time(born) - EDITION + timedelta(minutes=15 * (number % 2))
        return self.time(0) - SPACING * (INITIAL - number)


# What happens to an article, by its number modulo 6, in the first to third edition after its own.
_EDITS = {0: "title", 1: "paragraph", 4: "correction"}


def _from_wire(outlet: Outlet, number: int) -> bool:
    return outlet.wire and number % 4 == 3


def _born(outlet: Outlet, number: int) -> int:
    """The edition in which the outlet's article appears."""
    return 0 if number < INITIAL else (1 + (number - INITIAL) // outlet.each) * outlet.period
