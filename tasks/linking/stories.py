"""Stories: articles that come in one after the other, each put to those that it is most like.

An article joins the story whose articles are most like it on average, if they are alike enough, and starts one
otherwise. What a later article shows to be two stories is split, and what it shows to be one is merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tasks.article.identity import digest
from tasks.linking.sieve import places
from tasks.linking.story_candidates import Rows, before
from tasks.linking.story_split import LEAST, apartness, cut
from tasks.linking.story_vectors import HEADS, TERMS, Vectors, numbered

# Days of silence after which a story has ended: a weekly's next issue, and half a week's grace.
SILENCE = 10
# Mean similarity to a story's articles from which an article joins it: so much, and this by the number of them more,
# since the mean of few says less.
JOINS, FEW = 0.12, 0.08
# A story is split where its parts are less alike than this, as a share of how alike each is within; and two are merged
# from a somewhat higher one, so that articles do not go to and fro.
SPLITS, MERGES = 0.7, 0.75
# Articles of a story, the newest, that are compared: what bounds the time of a large one.
NEWEST = 100
# Stories that an article is tried as a bridge to, beside its own.
BRIDGES = 2


@dataclass(slots=True)
class Story:
    """Its id, the rows of its articles in the order they came, and how many articles it has beside these."""

    id: str
    rows: list[int] = field(default_factory=list)
    others: int = 0

    @property
    def size(self) -> int:
        """All its articles."""
        return len(self.rows) + self.others


@dataclass(frozen=True, slots=True)
class Articles:
    """Articles by row, in the order they came: ids, vectors, and days since any epoch when they were published (NaN
    where unknown) and taken in."""

    ids: list[str]
    vectors: Vectors
    published: NDArray[np.float64]
    taken: NDArray[np.float64]


class Clusterer:
    """The stories of ``articles``, of which those from row ``first`` on are new."""

    def __init__(self, articles: Articles, first: int = 0, candidates: Sequence[Rows] | None = None) -> None:
        """No article has a story yet, see ``put`` and ``add``. ``candidates``: the rows before each new one that it may
        be compared with, rising; they are found where none are given."""
        self.articles, self.first = articles, first
        # Of each row its story; the last change that befell it; and where each story went that is no more.
        self.story: dict[int, Story] = {}
        self.change: dict[int, str] = {}
        self.merged: dict[str, str] = {}
        of, count = articles.vectors, len(articles.ids)
        kept = np.arange(TERMS) < np.diff(of.ends)[:, None]
        self._numbers = np.zeros((count, TERMS), np.int32)
        self._numbers[kept] = of.numbers
        self._weights = np.zeros((count, TERMS), np.float32)
        self._weights[kept] = of.weights
        # Only new articles are compared with all others: terms that none of them has are one column.
        used = np.unique(of.numbers[of.ends[first] :])
        self._columns = np.full((count, TERMS), len(used), np.int32)
        self._columns[kept] = places(used, of.numbers)
        self._dense = np.zeros(len(used) + 1, np.float32)
        heads = kept[:, :HEADS]
        self._candidates = (
            before(self._numbers[:, :HEADS][heads], np.nonzero(heads)[0], np.arange(count) >= first)
            if candidates is None
            else candidates
        )

    def put(self, row: int, story: Story, change: str | None = None) -> None:
        """Make an article a part of a story, for whatever ``change`` is written down, if any."""
        self.story[row] = story
        story.rows.append(row)
        if change:
            self.change[row] = change

    def add(self, row: int) -> None:
        """Find the story of a new article; all rows before it have theirs."""
        scores = self._scores(row)
        mine, others = scores[0] if scores else None, scores[1:]
        if mine is None:
            self.put(row, Story(digest("story", self.articles.ids[row])), "started")
            return
        self.put(row, mine, "joined")
        self._split(mine, row)
        for other in others[:BRIDGES]:
            if other.rows and other is not self.story[row]:
                self._merge(self.story[row], other, row)

    def went(self, story_id: str) -> str:
        """The story that a story has become."""
        while story_id in self.merged:
            story_id = self.merged[story_id]
        return story_id

    def alike(self, rows: Sequence[int] | Rows) -> NDArray[np.float32]:
        """The similarity of each to each, with 0 in the diagonal."""
        used, local = numbered(self._numbers[rows].ravel())
        dense = np.zeros((len(rows), len(used)), np.float32)
        # Added, not put: a short article's unused places are all of number 0, with weight 0.
        np.add.at(dense, (np.arange(len(rows))[:, None], local.reshape(len(rows), -1)), self._weights[rows])
        alike = dense @ dense.T
        np.fill_diagonal(alike, 0)
        return alike

    def _are_near(self, row: int, rows: Rows) -> NDArray[np.bool_]:
        """Which of ``rows`` came within SILENCE of ``row``: by publication, or by arrival where one is unknown."""
        of = self.articles
        apart = np.abs(of.published[rows] - of.published[row])
        apart = np.where(np.isnan(apart), np.abs(of.taken[rows] - of.taken[row]), apart)
        near: NDArray[np.bool_] = apart <= SILENCE
        return near

    def _newest(self, stories: Sequence[Story], row: int) -> tuple[Rows, Rows]:
        """The newest articles of each of the stories that are near ``row``, and how many each has."""
        lengths = [len(story.rows) for story in stories]
        rows = np.fromiter(chain.from_iterable(story.rows for story in stories), np.intp, sum(lengths))
        near = self._are_near(row, rows)
        rows, of = rows[near], np.repeat(np.arange(len(stories)), lengths)[near]
        ends = np.cumsum(np.bincount(of, minlength=len(stories)))
        newest = np.arange(len(of)) >= ends[of] - NEWEST
        return rows[newest], np.bincount(of[newest], minlength=len(stories))

    def _scores(self, row: int) -> list[Story]:
        """The stories that the article is alike enough to, the most alike first."""
        candidates = self._candidates[row - self.first]
        candidates = candidates[self._are_near(row, candidates)]
        stories = list({story.id: story for r in candidates.tolist() for story in (self.story[r],)}.values())
        if not stories:
            return []
        rows, sizes = self._newest(stories, row)
        np.add.at(self._dense, self._columns[row], self._weights[row])
        similarities = (self._dense[self._columns[rows]] * self._weights[rows]).sum(axis=1)
        self._dense[self._columns[row]] = 0
        means = np.add.reduceat(similarities, np.cumsum(sizes) - sizes) / sizes - FEW / sizes
        order = np.argsort(-means, kind="stable")
        return [stories[place] for place in order.tolist() if means[place] >= JOINS]

    def _split(self, story: Story, row: int) -> None:
        """Split a story where its newest articles are two; a large one is looked at with each eighth that it grows."""
        if story.size < 2 * LEAST or (story.size > 16 and story.size % (story.size // 8)):
            return
        rows, _ = self._newest([story], row)
        parts = cut(self.alike(rows), SPLITS)
        if parts is None:
            return
        leaving = rows[parts[1]].tolist()
        story.rows = sorted(set(story.rows).difference(leaving))
        new = Story(digest("story", self.articles.ids[row], self.articles.ids[leaving[0]]))
        for each in leaving:
            self.put(each, new, "split")
        self._split(story, row)
        self._split(new, row)

    def _merge(self, one: Story, other: Story, row: int) -> None:
        """Merge two stories where a cut between them would not be made; the larger keeps its name."""
        rows, (mine, its) = self._newest([one, other], row)
        alike = self.alike(rows)
        if alike[:mine, mine:].mean() < JOINS:
            return
        first, second = np.arange(mine), np.arange(mine, mine + its)
        if min(mine, its) >= LEAST and apartness(alike, first, second) < MERGES:
            return
        stays, goes = (one, other) if one.size >= other.size else (other, one)
        for each in goes.rows:
            self.story[each], self.change[each] = stays, "merged"
        stays.rows = sorted(stays.rows + goes.rows)
        stays.others += goes.others
        goes.rows, goes.others = [], 0
        self.merged[goes.id] = stays.id
