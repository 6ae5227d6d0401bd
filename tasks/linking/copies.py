"""Which article is a copy of which other.

An article is a reprint of another where half of the shingles of each or more are the other's; and an excerpt of it
where two thirds of its own are the other's, and less than half of the other's are in it. A longer article that takes a
short report in is neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tasks.article.agency import lookup
from tasks.linking.sketch import Resemblance, Sketch, resemblance

REPRINTED = 0.5
EXCERPTED = 2 / 3
# An outlet's recurring reports, of the weather or of prices, are worded much alike and are no copies.
COPIED_WITHIN_OUTLET = 0.8
# Below, a text is as a rule a notice that stands in for the article; and so few shared hashes may be a shared notice.
LEAST_SHINGLES = 30
LEAST_SHARED = 8

_PRECISIONS = ("year", "month", "day", "hour", "minute", "second")
_DIGITS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}

Known = Literal["agency", "published"]


@dataclass(frozen=True)
class Signature:
    """What is known of an article for comparing it; the fields as in articles."""

    article_id: str
    version: int
    sketch: Sketch
    outlet: str | None = None
    agency: str | None = None
    published_at: datetime | None = None
    published_offset: int | None = None
    published_precision: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """One article being a copy of another, and from what it is known which of them is the copy; None where it is not
    known, and the original is the one that was there first."""

    article: Signature
    original: Signature
    found: Resemblance
    direction_from: Known | None

    @property
    def kind(self) -> Literal["reprint", "excerpt"]:
        """Whether it has half of the original or more, or a smaller part of it."""
        return "reprint" if self.found.containing >= REPRINTED else "excerpt"

    @property
    def evidence(self) -> str:
        """In words, what the finding rests on."""
        said = [
            f"{self.found.contained:.0%} of its wording is the original's",
            f"{self.found.containing:.0%} of the original's is in it",
        ]
        if self.direction_from == "agency":
            said.append(f"it credits {self.article.agency}, whose own article the original is")
        elif self.direction_from == "published":
            said.append("it was published later")
        else:
            said.append("which was first is not known")
        return "; ".join(said)


def copies(
    fresh: Iterable[Signature],
    known: Mapping[str, Signature],
    alike: Mapping[str, Iterable[str]],
    originals: Mapping[str, str],
) -> list[Copy]:
    """The copies among ``fresh`` articles, and those known articles that turn out to be copies of fresh ones.

    ``known``: by article id, the articles of the lake that may resemble fresh ones, and their originals. ``alike``:
    article id → ids of the articles, fresh or known, that it may resemble. ``originals``: article id → id of its
    original, of known articles that are copies. Of several originals, one that is no copy itself is preferred, then the
    most similar one. No chain of originals ever comes back to an article.
    """
    new = sorted(fresh, key=lambda s: (s.published_at is None, s.published_at or datetime.min, s.article_id))
    there = dict(known)
    above = dict(originals)
    for article in new:
        there.pop(article.article_id, None)
        above.pop(article.article_id, None)
    found: dict[str, Copy] = {}

    def root(of: str) -> str:
        while of in above:
            of = above[of]
        return of

    def add(copy: Copy) -> None:
        found[copy.article.article_id] = copy
        above[copy.article.article_id] = copy.original.article_id

    for article in new:
        own = article.article_id
        seen = dict.fromkeys(alike.get(own, ()))
        seen |= dict.fromkeys(root(other) for other in list(seen))
        pairs = [_copy(article, there[other]) for other in seen if other in there and root(other) != own]
        above_it = [copy for copy in pairs if copy and copy.article is article]
        if above_it:
            add(max(above_it, key=lambda copy: _preference(copy, copy.original.article_id not in above)))
        for copy in pairs:
            below = copy.article.article_id if copy else own
            if copy and below != own and below not in above and root(own) != below:
                add(copy)
        there[own] = article
    return list(found.values())


def _preference(copy: Copy, is_root: bool) -> tuple[bool, float, float, str]:
    return is_root, copy.found.similarity, copy.found.contained, copy.original.article_id


def _copy(article: Signature, earlier: Signature) -> Copy | None:
    """Which of two articles is a copy of the other, if one is; ``earlier`` was there first."""
    if min(article.sketch.shingles, earlier.sketch.shingles) < LEAST_SHINGLES:
        return None
    found = resemblance(article.sketch, earlier.sketch)
    if found.shared < LEAST_SHARED:
        return None
    within = bool(article.outlet) and article.outlet == earlier.outlet
    first, known = _first(article, earlier)
    if first is not article and _is_copy(found, within):
        return Copy(article, earlier, found, known)
    if first is not earlier and _is_copy(found.turned(), within):
        return Copy(earlier, article, found.turned(), known)
    return None


def _is_copy(found: Resemblance, within_outlet: bool) -> bool:
    if within_outlet:
        return found.contained >= COPIED_WITHIN_OUTLET
    return found.contained >= (REPRINTED if found.containing >= REPRINTED else EXCERPTED)


def _first(one: Signature, other: Signature) -> tuple[Signature | None, Known | None]:
    """Which of two articles is the original, and from what that is known."""
    for article, copy in ((one, other), (other, one)):
        if (
            copy.agency
            and _is_agency(article.outlet, copy.agency)
            and not _is_agency(copy.outlet, copy.agency)
        ):
            return article, "agency"
    if one.published_at and other.published_at:
        times = _comparable([one, other])
        if times[0] != times[1]:
            return (one if times[0] < times[1] else other), "published"
    return None, None


def _is_agency(outlet: str | None, agency: str) -> bool:
    return bool(outlet) and (outlet == agency or lookup(outlet or "") == agency)


def _comparable(articles: Sequence[Signature]) -> list[str]:
    """When the articles were published, as far as that can be compared: to the coarser of their precisions, and to the
    day where the time zone of one is not known, unless both are one outlet's."""
    precision = min((article.published_precision or "second" for article in articles), key=_PRECISIONS.index)
    one, other = articles
    zones = {one.published_offset, other.published_offset}
    if None in zones and not (zones == {None} and one.outlet and one.outlet == other.outlet):
        precision = min(precision, "day", key=_PRECISIONS.index)
    return [
        article.published_at.isoformat()[: _DIGITS[precision]] for article in articles if article.published_at
    ]
