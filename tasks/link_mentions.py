"""Stage link, mentions: article versions in, the names that they mention out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from tasks.lake.schema_links import MENTIONS
from tasks.linking.mentions import Mention, Source, mentions
from tasks.linking.watchlist import Watchlist

_OF_ARTICLE = (
    "key", "article_id", "version", "outlet", "published_at", "run_id", "batch", "ingested_at", "month",
)  # fmt: skip
_OF_MENTION = ("kind", "name_id", "name", "as_written", "mentions", "role", "found_by", "start")


def rows(con: duckdb.DuckDBPyConnection, fresh: pa.Table, watched: Watchlist | None = None) -> pa.Table:
    """The rows of MENTIONS for ``fresh``, stamped article versions of the schema ARTICLES; in their order.

    ``con`` is not asked: a name is known by its form alone. ``watched``: the user's watchlist; an article is searched
    for what is on it when it comes in.
    """
    of: list[int] = []
    found: list[Mention] = []
    for number, source in enumerate(_sources(fresh)):
        of_article = mentions(source, watched)
        of += [number] * len(of_article)
        found += of_article
    numbers = pa.array(of, pa.int64())
    schema = MENTIONS.schema
    columns = {name: fresh[name].take(numbers) for name in _OF_ARTICLE}
    for name in _OF_MENTION:
        columns[name] = pa.array([getattr(each, name) for each in found], schema.field(name).type)
    return pa.table(columns).select(schema.names).cast(schema)


def _sources(fresh: pa.Table) -> Iterator[Source]:
    speakers = _speakers(fresh["quotes"])
    columns = (fresh[name].to_pylist() for name in ("text", "title", "language", "dateline", "authors"))
    for text, title, language, dateline, authors, spoken in zip(*columns, speakers, strict=True):
        yield Source(text or "", title, language, dateline, authors or (), spoken)


def _speakers(quotes: pa.ChunkedArray) -> list[list[tuple[str, str | None]]]:
    """Of each article its speakers, each once, and as written beside the quotation."""
    found: list[dict[tuple[str, str | None], Any]] = [{} for _ in range(len(quotes))]
    lists = quotes.combine_chunks()
    flat = pc.list_flatten(lists)
    for number, speaker, written in zip(
        pc.list_parent_indices(lists).to_pylist(),
        pc.struct_field(flat, "speaker").to_pylist(),
        pc.struct_field(flat, "speaker_as_written").to_pylist(),
        strict=True,
    ):
        if speaker is not None:
            found[number][speaker, written] = None
    return [list(each) for each in found]
