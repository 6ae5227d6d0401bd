"""A date seen in a page, with the trust that its place deserves, before it is judged beside the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tasks.article.date_header import Kind
from tasks.article.date_text import Stamp
from tasks.article.html_date_place import Place
from tasks.article.reasons import Reason

# Ranks of trust by signal; the lower, the more trustworthy. ``docs/dates.md`` gives them as a table.
JSON_LD: Final = 0
META: Final = 10
MICRODATA: Final = 20
JSON_LD_PAGE: Final = 30
LABELLED: Final = 40
URL: Final = 50
HEAD: Final = 60
ABOVE: Final = 70
LEAD_LABELLED: Final = 80
LEAD: Final = 85
DATA: Final = 90
JSON_LD_CREATED: Final = 95
META_WEAK: Final = 100
BODY_LABELLED: Final = 120
BODY: Final = 150
URL_MONTH: Final = 200
OUTSIDE: Final = 300

_BY_PLACE: Final[dict[Place, tuple[int, int]]] = {  # labelled, or bare
    "head": (LABELLED, HEAD),
    "above": (LABELLED, ABOVE),
    "lead": (LEAD_LABELLED, LEAD),
    "body": (BODY_LABELLED, BODY),
    "far": (BODY_LABELLED, BODY),
    "outside": (OUTSIDE, OUTSIDE),
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A date as it was read: ``rank`` is the trust in it, ``rejected`` what already speaks against it."""

    stamp: Stamp
    text: str
    signal: str
    kind: Kind
    rank: int
    rejected: Reason | None = None


def rank(place: Place, labelled: bool) -> tuple[int, Reason | None]:
    """The trust in a date by its place, and the reason why it is not the article's where that place rules it out."""
    found = _BY_PLACE[place][0 if labelled else 1]
    return found, "outside" if found >= BODY else None
