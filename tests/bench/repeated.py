"""Rows of linking by the million: some thousand articles that were linked for real, time and again.

Each time they have other identities and other numbers (of terms, shingles, and runs of a quotation's words). A number
becomes another one that as many of the articles have: it keeps its share of all articles, those of one story, text or
quotation go on to share theirs, and share others' only by chance. What a single article has is new each time; of terms
it comes again after ten times, as words do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.article.identity import digest, key
from tasks.lake.catalog import connect
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES, Table
from tasks.lake.schema_links import LINKED, SIGNATURES, STORIES, UTTERANCES
from tasks.lake.store import Lake
from tasks.linking.sketch import LOOKED_UP

TIMES = ("published_at", "ingested_at", "last_at")
IDS = (
    "article_id",
    "original_id",
    "central_id",
    "story_id",
    "from_story_id",
    "follows",
    "merged_into",
    "utterance_id",
)
KEYS = {"key": "article_id", "story_key": "story_id"}
# Articles that have a number which is the same each time.
COMMON = 25
# Times before a term of a single article comes again.
AGAIN = 10

Numbers = NDArray[np.int32]


class Renamed:
    """Numbers that change from time to time. A rare one is the same again after ``again`` times."""

    def __init__(self, numbers: Numbers, again: int = 1 << 16) -> None:
        self.values, counts = np.unique(numbers, return_counts=True)
        self.alike = [np.flatnonzero(counts == count) for count in range(1, COMMON)]
        self.again = again

    def now(self, numbers: Numbers, time: int) -> Numbers:
        """What these are for the ``time``-th time; for the 0th, as they were."""
        now = self.values.copy()
        for places in self.alike:
            now[places] = np.roll(now[places], 7_919 * time)
        now[self.alike[0]] ^= 40_503 * (time % self.again) & 0xFFFF
        return now[np.searchsorted(self.values, numbers)]


class Templates:
    """The rows of a linked lake."""

    def __init__(self, lake: Lake) -> None:
        self.rows: dict[Table, pa.Table] = {}
        with connect(lake.linked() | lake.state()) as con:
            for table in (ARTICLES, *LINKED):
                rows = con.sql(f"FROM base.{table.name}").to_arrow_table().select(table.schema.names)
                self.rows[table] = rows.cast(table.schema).combine_chunks()
        self.count = self.rows[ARTICLES].num_rows
        empty = dict.fromkeys(("text", "quotes", "date_candidates"))
        self.rows[ARTICLES] = replaced(self.rows[ARTICLES], **empty)
        signatures = self.rows[SIGNATURES]
        self.terms = Renamed(_numbers(signatures["vector"]), AGAIN)
        self.shingles = Renamed(_data(signatures["sketch"]).view(np.int32))
        self.runs = Renamed(self.rows[UTTERANCES]["hashes"].chunk(0).flatten().to_numpy())

    def at(self, time: int, ago: timedelta) -> dict[Table, pa.Table]:
        """The rows for the ``time``-th time, so long before they came for the 0th."""
        found = {table: _moved(rows, time, ago) for table, rows in self.rows.items()}
        for table in (SIGNATURES, STORIES):
            rows = found[table]
            found[table] = replaced(
                rows,
                vector=self._vectors(rows["vector"], time),
                heads=_lists(rows["heads"], lambda numbers: self.terms.now(numbers, time)),
            )
        rows = found[UTTERANCES]
        hashes = _lists(rows["hashes"], lambda numbers: self.runs.now(numbers, time))
        found[UTTERANCES] = replaced(rows, hashes=hashes)
        rows = found[SIGNATURES]
        sketch, shingles = self._sketches(rows["sketch"], rows["shingles"], time)
        found[SIGNATURES] = replaced(rows, sketch=sketch, shingles=shingles)
        return found

    def _vectors(self, column: pa.ChunkedArray, time: int) -> pa.Array:
        data = _data(column).view(np.uint16).copy()
        data[_are_numbers(column)] = self.terms.now(_numbers(column), time).view(np.uint16)
        return _with(column, data)

    def _sketches(
        self, column: pa.ChunkedArray, least: pa.ChunkedArray, time: int
    ) -> tuple[pa.Array, pa.Array]:
        numbers = self.shingles.now(_data(column).view(np.int32), time)
        lengths = _lengths(column) // 4
        numbers = numbers[np.lexsort((numbers, np.repeat(np.arange(len(lengths)), lengths)))]
        starts = (np.cumsum(lengths) - lengths)[_lengths(least) > 0]
        return _with(column, numbers), _with(least, numbers[starts[:, None] + np.arange(LOOKED_UP)].ravel())


def _moved(rows: pa.Table, time: int, ago: timedelta) -> pa.Table:
    """Rows of other identities and earlier times."""
    for name in rows.column_names:
        if name in IDS and time:
            ids = _mapped(rows[name], lambda one: digest(one, str(time)), pa.string())
            rows = replaced(rows, **{name: ids})
        elif name in TIMES:
            rows = replaced(rows, **{name: pc.subtract(rows[name], ago)})
    keys = {
        name: _mapped(rows[of], key, pa.int64()) for name, of in KEYS.items() if name in rows.column_names
    }
    return replaced(rows, **keys)


def _mapped(column: pa.ChunkedArray, change: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """A column with each of its values changed, NULL staying."""
    coded = column.combine_chunks().dictionary_encode()
    return pa.array(map(change, coded.dictionary.to_pylist()), kind).take(coded.indices)


def _data(column: pa.ChunkedArray) -> NDArray[np.uint8]:
    """The bytes of all values, one after the other."""
    ends, data = column.chunk(0).buffers()[1:]
    return np.frombuffer(data, np.uint8, int(np.frombuffer(ends, np.int32)[len(column)]))


def _lengths(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.diff(np.frombuffer(column.chunk(0).buffers()[1], np.int32, len(column) + 1)).astype(np.int64)


def _with(column: pa.ChunkedArray, data: NDArray[np.generic]) -> pa.Array:
    """A column of values as long as those of another, one after the other in ``data``."""
    return pa.Array.from_buffers(
        column.type, len(column), [*column.chunk(0).buffers()[:2], pa.py_buffer(data.tobytes())]
    )


def _are_numbers(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Of packed vectors, each two bytes: whether they are of a number, or a weight."""
    terms = _lengths(column) // 6
    return np.repeat(np.tile([True, False], len(terms)), np.stack([2 * terms, terms], 1).ravel())


def _numbers(column: pa.ChunkedArray) -> Numbers:
    return _data(column).view(np.uint16)[_are_numbers(column)].view(np.int32)


def _lists(column: pa.ChunkedArray, change: Callable[[Numbers], Numbers]) -> pa.Array:
    """A column of lists with their values changed."""
    lists = column.chunk(0)
    values = pa.array(change(lists.values.to_numpy()), lists.type.value_type)
    return pa.Array.from_buffers(lists.type, len(lists), lists.buffers()[:2], children=[values])
