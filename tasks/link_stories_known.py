"""Stage stories: what the lake knows of those that a batch may be about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.lake.views import statement
from tasks.linking.stories import SILENCE
from tasks.linking.story_candidates import Rows, before, of_each, sharing
from tasks.linking.story_vectors import Vectors, unpacked


@dataclass(frozen=True, slots=True)
class Known:
    """``story_of``, ``version_of``: of each article of the stories that the batch may be about, by id. ``articles``:
    those of them that came lately, in order of time. ``candidates``: what each row of the batch, in its ``order``, may
    be compared with, by place among ``near``: keys of the lake's articles, behind them the batch's in that order."""

    story_of: Mapping[str, str]
    version_of: Mapping[str, int]
    articles: pa.Table
    order: Sequence[int]
    near: NDArray[np.int64]
    candidates: Sequence[Rows]

    def candidates_of(self, new: Sequence[int], keys: NDArray[np.int64]) -> list[Rows]:
        """The candidates of each of the ``new`` rows of the batch, which has these ``keys``: by row, those of
        ``articles`` first, the new ones behind."""
        if not new:
            return []
        old = self.articles.num_rows
        keys = np.concatenate([self.articles["key"].to_numpy(), keys[new]])
        rising = np.argsort(keys, kind="stable")
        place = rising[np.minimum(np.searchsorted(keys, self.near, sorter=rising), len(keys) - 1)]
        row = np.where(keys[place] == self.near, place, len(keys))  # some are of no story that came lately
        number_of = {of_batch: number for number, of_batch in enumerate(self.order)}
        found = [self.candidates[number_of[of_batch]] for of_batch in new]
        own = np.repeat(np.arange(len(new)), [len(places) for places in found])
        others = row[np.concatenate(found)]
        pairs = np.unique((own * len(keys) + others)[others < own + old])
        return of_each(pairs, len(new), len(keys))


def known(
    con: duckdb.DuckDBPyConnection, fresh: pa.Table, order: Sequence[int], heads: pa.ListArray
) -> Known:
    """What the lake knows; ``heads``: those of each row of ``fresh``; ``order``: its rows in order of time."""
    published, taken = fresh["published_at"], pc.min(fresh["ingested_at"]).as_py()
    bounds, silence = pc.min_max(published).as_py(), timedelta(SILENCE)
    window = {
        "since": (bounds["min"] or taken) - silence,
        "until": (bounds["max"] or taken) + silence,
        "taken": taken - silence,
        "undated": published.null_count > 0,
    }
    found = con.sql(statement("lookups/story_heads.sql"), params=window).to_arrow_table()
    keys, places = fresh["key"].combine_chunks(), pa.array(order, pa.int64())
    near, candidates = sharing_heads(found, heads.take(places))
    members = rows_of(con, "story_members", pa.chunked_array([seen(near, candidates), keys]))
    ids, stories, versions = (members[name].to_pylist() for name in ("article_id", "story_id", "version"))
    return Known(
        story_of=dict(zip(ids, stories, strict=True)),
        version_of=dict(zip(ids, versions, strict=True)),
        articles=_in_order_of_time(rows_of(con, "story_vectors", members["key"], window)),
        order=order,
        near=pa.concat_arrays([near, keys.take(places)]).to_numpy(),
        candidates=candidates,
    )


def sharing_heads(rows: pa.Table, wanted: pa.ListArray) -> tuple[pa.Array, list[Rows]]:
    """The keys of some of rows (key, heads, at), in order of time; and for each of the lists ``wanted`` the places of
    those that share heads with it, and behind their end of the lists before it that do."""
    lists = rows["heads"].combine_chunks()
    some = sharing(lists.values.to_numpy(), lists.offsets.to_numpy(), wanted.flatten().to_numpy())
    likely = rows.take(pa.array(some)).sort_by([("at", "ascending"), ("key", "ascending")])
    both = pa.concat_arrays([*likely["heads"].chunks, wanted])
    of = np.repeat(np.arange(len(both)), pc.list_value_length(both).to_numpy())
    found = before(both.flatten().to_numpy(), of, np.arange(len(both)) >= likely.num_rows)
    return pa.concat_arrays([pa.array([], pa.int64()), *likely["key"].chunks]), found


def seen(keys: pa.Array, candidates: Sequence[Rows]) -> pa.Array:
    """Those of the keys that are a candidate."""
    places = np.unique(np.concatenate([np.zeros(0, np.intp), *candidates]))
    return keys.take(pa.array(places[places < len(keys)]))


def rows_of(
    con: duckdb.DuckDBPyConnection, lookup: str, keys: pa.ChunkedArray, params: dict[str, Any] | None = None
) -> pa.Table:
    """What a lookup finds of ``keys``."""
    con.register("wanted", pa.table({"key": keys.unique()}))
    return con.sql(statement(f"lookups/{lookup}.sql"), params=params).to_arrow_table()


def stored(vectors: pa.ChunkedArray) -> Vectors:
    """Vectors as the lake stores them."""
    column = pa.concat_arrays([pa.array([], pa.binary()), *vectors.chunks])
    _, ends, data = column.buffers()
    bounds = np.frombuffer(ends, np.int32, len(column) + 1).astype(np.int64)
    numbers, weights = unpacked(np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]], np.diff(bounds))
    return Vectors(numbers, weights, (bounds - bounds[0]) // 6)


def _in_order_of_time(versions: pa.Table) -> pa.Table:
    """The newest version of each article. DuckDB would sort whole rows; here only what they are sorted by moves."""
    order = pc.sort_indices(versions, [("version", "ascending")]).to_pylist()
    ids = versions["article_id"].to_pylist()
    newest = pa.array(sorted({ids[row]: row for row in order}.values()), pa.int64())
    times = pa.table(
        {"at": pc.coalesce(versions["published_at"], versions["ingested_at"]), "key": versions["key"]}
    ).take(newest)
    order = pc.sort_indices(times, [("at", "ascending"), ("key", "ascending")])
    return versions.take(newest.take(order))
