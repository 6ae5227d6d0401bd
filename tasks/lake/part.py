"""A part of the lake: some articles and all that is known of them, small enough to be held, under the lake's own views.

What views cost grows with the lake. Where few articles are asked about, they are chosen first, and the views then see
no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from tasks.article.identity import key
from tasks.lake import catalog
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.schema_links import LINKS, MENTIONS, STORIES, UTTERANCES
from tasks.lake.views import statement


def part(
    con: duckdb.DuckDBPyConnection, ids: Iterable[str], *, edited: Set[str] = frozenset()
) -> duckdb.DuckDBPyConnection:
    """A DuckDB with all that the catalog ``con`` holds, but of these articles alone, and of what they are copies of.

    ``ids``: of articles. Those ``edited`` have their texts, quotes and captures too, which the view ``edits`` needs;
    in others they are NULL. The index of search is left out.
    """
    wanted = {*ids, *edited}
    while True:
        chosen = sorted(wanted)
        keys = pa.array([key(each) for each in chosen], pa.int64())
        is_edited = pa.array([each in edited for each in chosen], pa.bool_())
        ids_of = pa.array(chosen, pa.string())
        con.register("chosen", pa.table({"article_id": ids_of, "key": keys, "is_edited": is_edited}))
        links = con.sql(statement("lookups/part_links.sql")).to_arrow_table()
        originals = set(links["original_id"].drop_null().to_pylist())
        if originals <= wanted:
            break
        wanted |= originals
    # Each version was linked in its own batch: no file of earlier ones needs to be read.
    bounds = {"first": pc.min(links["batch"]).as_py() or 0}
    rows = {LINKS: links}
    for table in (ARTICLES, CAPTURES, STORIES, UTTERANCES, MENTIONS):
        found = con.sql(statement(f"lookups/part_{table.name}.sql"), params=bounds)
        rows[table] = found.to_arrow_table()
    con.unregister("chosen")
    return catalog.of_rows(rows)
