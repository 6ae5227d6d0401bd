"""An article explained: plain rows and words that a terminal or a page can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["kept", "used", "dropped"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document is from: ``name``, its address or file; ``how`` it was had, as a sentence; ``captured_at``."""

    name: str
    how: str
    captured_at: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A value that is not the field's, where it is from in words and as a code, and ``why`` not, as a clause."""

    value: str
    signal: str
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """A field. ``value`` is None where it is unknown, and ``why`` says so; ``same``: other signals that say the same;
    ``lost``: what others say; ``link``: the value where it is a web address."""

    field: str
    name: str
    value: str | None
    signal: str
    code: str
    why: str | None = None
    same: tuple[str, ...] = ()
    lost: tuple[Sighting, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """A date seen, and how it is written, "" where that is the same. ``chosen``, or not and ``why``; None where it says
    the same as the chosen one."""

    kind: str
    value: str
    precision: str
    signal: str
    code: str
    text: str
    chosen: bool
    why: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation. ``number`` counts from 1; ``marked``: whether a block's part bears that number."""

    number: int
    text: str
    speaker: str | None
    as_written: str | None
    verb: str | None
    kind: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Text of a block. ``quote``: the number of the quotation that it is in; ``last``: whether that ends with it."""

    text: str
    quote: int | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A block. ``state``: what became of it, "used" being one that is not in the text, but that a field was read from;
    ``code`` and ``why``: what it was taken for; ``likely``: percent, that it is the article's."""

    parts: tuple[Part, ...]
    state: State
    code: str
    why: str
    likely: int | None
    tag: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring blocks of one state. ``size`` counts their characters, ``count`` the blocks, of which ``passages``
    holds the first; ``summary``: what they are; ``folded``: whether to show only that at first."""

    state: State
    passages: tuple[Passage, ...]
    count: int
    size: int
    summary: str
    folded: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """One article and how it came about. ``verdict`` is a sentence; ``language`` a code."""

    origin: Origin
    title: str
    outlet: str | None
    address: str | None
    link: str | None
    is_article: bool
    verdict: str
    language: str | None
    rows: tuple[Row, ...]
    dates: tuple[Date, ...]
    quotes: tuple[Said, ...]
    runs: tuple[Run, ...]

    def blocks(self, state: State) -> int:
        """How many blocks of the document are in this state."""
        return sum(run.count for run in self.runs if run.state == state)
