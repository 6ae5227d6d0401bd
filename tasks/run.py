"""What a run is: who it is, when it began, whose documents it takes, and what came of them."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tasks.files import Outcome

# How a capture ends, beside the outcomes of reading it. Together they are the closed list.
OUTCOMES = {
    "new": "the first version of an article",
    "new_version": "another version of an article that the lake holds",
    "no_article": "read, but there is no article in it",
    "failed": "the extractor failed on it: a mistake in newslake, which we would like to hear of",
} | {outcome.value: outcome.meaning for outcome in Outcome if outcome is not Outcome.READ}

# Those of a capture that made, or already has, an article.
TAKEN = ("new", "new_version", "unchanged")
# Those of an article that the run was not to have. Every other one is a refusal.
LEFT_OUT = (Outcome.EXCLUDED.value, Outcome.OUT_OF_RANGE.value)
# Those of a list that was read: a feed, a sitemap, an index page. Every other one is a failure.
LISTS = ("feed", "sitemap", "index")
ANSWERED = (Outcome.LISTED.value, Outcome.UNCHANGED.value, Outcome.DUPLICATE.value)
# Refusals that a report tells in words; the captures hold them all.
REFUSALS_TOLD = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a journey. ``run_id`` sorts by time and is what captures and articles carry."""

    source_id: str
    run_id: str
    started_at: datetime

    @classmethod
    def begin(cls, source_id: str) -> Run:
        """A run that begins now."""
        now = datetime.now(UTC)
        return cls(source_id, f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}", now)


@dataclass(slots=True)
class Report:
    """What a run did: number of documents and of lists by outcome, and the first few refusals in words.

    ``captures``: rows of the ledger, those of robots.txt files and declarations too. ``notes``: what a person should
    know or change, a line each. ``failed_checks``: assertions of ``sql/checks`` that the run's rows break, in words.
    """

    run_id: str
    captures: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed_checks: list[str] = field(default_factory=list)

    def count(self, kind: str | None, outcome: str, error: str | None) -> None:
        """Count a capture. Only documents and lists count, not robots.txt and declarations."""
        self.captures += 1
        if kind in LISTS:
            self.lists[outcome] += 1
        elif kind in {None, "article", "reextract"}:
            self.outcomes[outcome] += 1
        else:
            return
        if error and outcome not in LEFT_OUT and len(self.refusals) < REFUSALS_TOLD:
            self.refusals.append(error)

    @property
    def read(self) -> int:
        """Documents that ended in an outcome."""
        return self.outcomes.total()

    @property
    def refused(self) -> dict[str, int]:
        """Refusal → number of documents, most frequent first."""
        return {n: count for n, count in self.outcomes.most_common() if n not in (*TAKEN, *LEFT_OUT)}

    @property
    def failed_lists(self) -> dict[str, int]:
        """Failure → number of lists, most frequent first."""
        return {n: count for n, count in self.lists.most_common() if n not in ANSWERED}

    def add(self, other: Report) -> None:
        """Count another report's documents too."""
        self.captures += other.captures
        self.outcomes += other.outcomes
        self.lists += other.lists
        self.notes += [note for note in other.notes if note not in self.notes]
        self.failed_checks += other.failed_checks
        self.refusals += other.refusals[: max(0, REFUSALS_TOLD - len(self.refusals))]
