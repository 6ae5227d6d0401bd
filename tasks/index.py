"""Stage index: what the lake's articles say, by the terms they say it in, for the macro ``search``.

Two tables are derived from articles, each commit numbered by the last batch of articles that is in them: ``documents``
numbers the versions, and is committed first; ``postings`` says which terms stand in which document. Whatever is
missing, since a writer died, a table was deleted or an older newslake wrote the lake, is made from articles.
"""

from __future__ import annotations

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
from tasks.lake.schema import ARTICLES, DOCUMENTS, PARTITION, POSTINGS
from tasks.lake.store import committed
from tasks.lake.views import statement

# Articles indexed by one commit when a lake is caught up with; a batch is never parted. About 1 GiB of memory.
PIECE = 20_000
# Texts whose terms are sorted at once.
SLICE = 5_000
# Characters of a text that snippets are taken from.
OPENING = 240
_TEXTS = ("title", "subtitle", "text")
_KEPT = (
    "key",
    "version",
    "article_id",
    "published_at",
    "outlet",
    "title",
    "run_id",
    "batch",
    "ingested_at",
    PARTITION,
)


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


@dataclass(frozen=True, slots=True)
class Rows:
    """What a commit adds to DOCUMENTS and to POSTINGS."""

    documents: pa.Table
    postings: pa.Table


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


def made(state: Mapping[str, DeltaTable], versions: pa.Table, of: Terms) -> Rows:
    """What is to be committed for ``versions``, of the schema ARTICLES and stamped, next to what is indexed.

    ``of``: the terms of these versions.
    """
    first = _count(state[DOCUMENTS.name])
    documents = pa.table(
        {
            **{name: versions[name] for name in _KEPT},
            "document": pa.array(range(first, first + versions.num_rows), pa.int32()),
            "words": of.lengths,
            "url": pc.coalesce(versions["canonical_url"], versions["url"]),
            "opening": pc.utf8_slice_codeunits(versions["text"], 0, OPENING),
        }
    )
    return Rows(documents.select(DOCUMENTS.schema.names), _numbered(versions, of, first))


def add(state: Mapping[str, DeltaTable], rows: Rows, batch: int) -> None:
    """Commit what was made, of ``state``, of all articles up to ``batch`` that were not indexed.

    Raises Conflict where another writer has indexed them in the meantime.
    """
    commit(state[DOCUMENTS.name], DOCUMENTS, rows.documents, batch)
    commit(state[POSTINGS.name], POSTINGS, rows.postings, batch)


def catch_up(state: Mapping[str, DeltaTable]) -> bool:
    """Index the next articles that are not; whether there were any. Call again, with the state read anew, until not.

    Raises Conflict where another writer was faster.
    """
    numbered, indexed, last = (committed(state[t.name]) for t in (DOCUMENTS, POSTINGS, ARTICLES))
    if indexed == last:
        return False
    with connect(state) as con:
        bounds = {"indexed": indexed, "last": numbered if numbered > indexed else last, "rows": PIECE}
        end = con.sql(statement("lookups/index_end.sql"), params=bounds).fetchall()[0][0] or last
        found = con.sql(statement("lookups/unindexed.sql"), params={"indexed": indexed, "end": end})
        versions = found.to_arrow_table()
    if numbered == indexed:
        add(state, made(state, versions, terms(versions)), end)
    else:  # they have their numbers
        first = versions["document"][0].as_py() if versions.num_rows else 0
        commit(state[POSTINGS.name], POSTINGS, _numbered(versions, terms(versions), first), end)
    return True


def _numbered(versions: pa.Table, of: Terms, first: int) -> pa.Table:
    """Rows of POSTINGS, of versions numbered from ``first``."""
    rows = replaced(of.postings, document=pc.add(of.postings["document"], pa.scalar(first, pa.int32())))
    month = pc.max(versions[PARTITION])  # of a piece of several months, the newest
    return rows.append_column(PARTITION, pa.repeat(month.cast(pa.string()), rows.num_rows))


def _count(delta: DeltaTable) -> int:
    """Rows of a table, from its log."""
    return pc.sum(pa.table(delta.get_add_actions())["num_records"]).as_py() or 0
