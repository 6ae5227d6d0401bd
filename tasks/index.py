"""Stage index: what the lake's articles say, by the terms they say it in, for the macro ``search``.

Three tables are derived from articles, each commit numbered by the last batch of articles that is in them:
``documents`` numbers the versions, and is committed first; ``excerpts`` is what a result shows of each; ``postings``
says which terms stand in which document. Whatever is missing, since a writer died, a table was deleted or an older
newslake wrote the lake, is made from articles.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from tasks.lake.catalog import connect
from tasks.lake.commit import commit
from tasks.lake.postings import postings
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES, DOCUMENTS, EXCERPTS, INDEX, PARTITION, POSTINGS, TIME, Table
from tasks.lake.store import Conflict, Lake, committed
from tasks.lake.views import statement

# Articles indexed by one commit when a lake is caught up with; a batch is never parted. About 1 GiB of memory.
PIECE = 20_000
# Texts whose terms are sorted at once.
SLICE = 5_000
# Characters of a text that snippets are taken from.
OPENING = 240
_TEXTS = ("title", "subtitle", "text")
_KEPT = ("key", "version", "published_at", "run_id", "batch", "ingested_at", PARTITION)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of articles: rows of POSTINGS, sorted, without partition, their documents numbered from 0; and how many
    terms each article has."""

    postings: pa.Table
    lengths: pa.Array

    def of(self, chosen: pa.ChunkedArray) -> Terms:
        """Those of the articles for which ``chosen`` is true, numbered anew."""
        if pc.all(chosen).as_py():
            return self
        kept = chosen.to_numpy()
        rows = self.postings.filter(pa.array(kept[self.postings["document"]]))
        numbers = (np.cumsum(kept) - 1).astype(np.int32)
        rows = replaced(rows, document=pa.array(numbers[rows["document"]]))
        return Terms(rows, self.lengths.filter(pa.array(kept)))


def terms(articles: pa.Table) -> Terms:
    """The terms of articles, of the schema ARTICLES: what takes the time."""
    texts = pc.binary_join_element_wise(*(articles[name] for name in _TEXTS), "\n", null_handling="skip")
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    parts, lengths = [], [pa.array([], pa.int32())]
    for start in range(0, articles.num_rows, SLICE):
        rows, counts = postings(texts.slice(start, SLICE), start)
        parts.append(rows.set_column(0, "term", rows["term"].cast(pa.string())))
        lengths.append(pa.array(counts, pa.int32()))
    rows = pa.concat_tables(parts) if parts else POSTINGS.schema.empty_table().drop_columns(PARTITION)
    if len(parts) > 1:
        rows = rows.sort_by([(name, "ascending") for name in POSTINGS.sort])
    return Terms(rows, pa.concat_arrays(lengths))


def made(state: Mapping[str, DeltaTable], versions: pa.Table, of: Terms) -> dict[Table, pa.Table]:
    """What is to be committed for ``versions``, of the schema ARTICLES and stamped, next to what is indexed.

    ``of``: the terms of these versions.
    """
    return _made(versions, of, _count(state[DOCUMENTS.name]))


def add(state: Mapping[str, DeltaTable], rows: Mapping[Table, pa.Table], batch: int) -> None:
    """Commit what was made, of ``state``, of all articles up to ``batch`` that were not indexed.

    Raises Conflict where another writer has indexed them in the meantime.
    """
    for table, found in rows.items():
        commit(state[table.name], table, found, batch)


def catch_up(state: Mapping[str, DeltaTable]) -> bool:
    """Index the next articles that are not; whether there were any. Call again, with the state read anew, until not.

    Raises Conflict where another writer was faster.
    """
    reached = {table: committed(state[table.name]) for table in INDEX}
    indexed, last = min(reached.values()), committed(state[ARTICLES.name])
    if indexed == last:
        return False
    last = min((batch for batch in reached.values() if batch > indexed), default=last)
    with connect(state) as con:
        bounds = {"indexed": indexed, "last": last, "rows": PIECE}
        end = con.sql(statement("lookups/index_end.sql"), params=bounds).fetchall()[0][0] or last
        found = con.sql(statement("lookups/unindexed.sql"), params={"indexed": indexed, "end": end})
        versions = found.to_arrow_table()
    numbered = reached[DOCUMENTS] > indexed and versions.num_rows
    first = versions["document"][0].as_py() if numbered else _count(state[DOCUMENTS.name])
    behind = [table for table in INDEX if reached[table] == indexed]
    # Terms take nearly all the time, and excerpts need none.
    rows = _excerpts(versions, first) if behind == [EXCERPTS] else _made(versions, terms(versions), first)
    add(state, {table: rows[table] for table in behind}, end)
    return True


def complete(lake: Lake) -> None:
    """Index all articles that are not; others may write in between."""
    while True:
        with lake.lock("write"), contextlib.suppress(Conflict):
            if not catch_up(lake.state()):
                return


def _made(versions: pa.Table, of: Terms, first: int) -> dict[Table, pa.Table]:
    """What each table gets, in the order of the commits, of versions numbered from ``first``."""
    documents = {name: versions[name] for name in _KEPT} | {
        "document": _numbers(versions, first),
        "words": of.lengths,
    }
    rows = replaced(of.postings, document=pc.add(of.postings["document"], pa.scalar(first, pa.int32())))
    month = pc.max(versions[PARTITION])  # of a piece of several months, the newest
    return {
        DOCUMENTS: pa.table(documents).select(DOCUMENTS.schema.names),
        **_excerpts(versions, first),
        POSTINGS: rows.append_column(PARTITION, pa.repeat(month.cast(pa.string()), rows.num_rows)),
    }


def _excerpts(versions: pa.Table, first: int) -> dict[Table, pa.Table]:
    columns = {"document": _numbers(versions, first), "shown": _shown(versions)}
    return {EXCERPTS: pa.table(columns | {PARTITION: versions[PARTITION]})}


def _numbers(versions: pa.Table, first: int) -> pa.Array:
    return pa.array(range(first, first + versions.num_rows), pa.int32())


def _shown(versions: pa.Table) -> pa.Array:
    """Of each version what a result shows, as EXCERPTS has it."""
    columns = (
        versions["article_id"],
        versions["title"],
        versions["outlet"],
        pc.coalesce(versions["canonical_url"], versions["url"]),
        pc.utf8_slice_codeunits(versions["text"], 0, OPENING),
        *(versions[name].cast(pa.string()) for name in ("key", "version")),
        versions["published_at"].cast(TIME).cast(pa.string()),
    )
    rows, each = versions.num_rows, len(columns)
    of_row = np.arange(rows * each).reshape(each, rows).T.ravel()
    values = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    starts = pa.array(np.arange(rows + 1, dtype=np.int32) * each)
    return pa.ListArray.from_arrays(starts, values.take(pa.array(of_row)).combine_chunks())


def _count(delta: DeltaTable) -> int:
    """Rows of a table, from its log."""
    return pc.sum(pa.table(delta.get_add_actions())["num_records"]).as_py() or 0
