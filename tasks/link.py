"""Stage link: what new articles have to do with others: copies, stories, utterances, and the names that they mention.

The tables LINKED are derived from articles, each commit numbered by the last batch of articles that is in them. A piece
of articles is looked at next to what linking knew before it, whatever else it has found since: a writer that died
between two of the commits is followed by one that finds the same and commits the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from tasks import link_mentions, link_reprints, link_stories, link_utterances
from tasks.lake.catalog import connect
from tasks.lake.commit import commit
from tasks.lake.files import forget
from tasks.lake.schema import ARTICLES, Table
from tasks.lake.schema_links import LINKED, LINKS, MENTIONS, SIGNATURES, STORIES, UTTERANCES
from tasks.lake.store import Conflict, Lake, committed
from tasks.lake.views import statement
from tasks.linking.watchlist import Watchlist

# Articles linked by one commit; a batch is never parted.
PIECE = 4_000


def catch_up(
    lake: Lake, watched: Watchlist | None = None, told: Callable[[int, int], None] = lambda done, last: None
) -> bool:
    """Link all articles that are not; whether there were any. What was found is not published.

    ``watched``: the user's watchlist. ``told`` is told the batch that is linked and the last one, after each piece.
    Raises LakeError, or OSError where the lake cannot be written.
    """
    found = False
    while True:
        with lake.lock("link"):
            try:
                if not _link(lake, watched, told):
                    return found
            except Conflict:  # another machine was faster
                continue
        found = True


def forget_all(lake: Lake) -> None:
    """Let linking begin anew. Its files stay for open catalogs, and go the way of all that nothing refers to."""
    with lake.lock("link"):
        for table in LINKED:
            forget(lake, table)


def _link(lake: Lake, watched: Watchlist | None, told: Callable[[int, int], None]) -> bool:
    """Link the next piece of articles; whether there was one."""
    state = lake.linked() | lake.state()
    reached = [committed(state[table.name]) for table in LINKED]
    linked, last = min(reached), committed(state[ARTICLES.name])
    begun = max(reached)
    if linked == last:
        return False
    with connect(state, linked) as con:
        bounds = {"indexed": linked, "last": begun if begun > linked else last, "rows": PIECE}
        end = con.sql(statement("lookups/index_end.sql"), params=bounds).fetchall()[0][0] or bounds["last"]
        if begun > end:  # one of the tables was deleted: what the others have was found in other pieces
            for table in LINKED:
                forget(lake, table)
            return True
        fresh = con.sql(statement("lookups/unlinked.sql"), params={"linked": linked, "end": end})
        rows = _found(con, fresh.to_arrow_table(), watched)
    for table, found in rows.items():
        if committed(state[table.name]) == linked:
            commit(state[table.name], table, found, end)
    told(end, last)
    return True


def _found(
    con: duckdb.DuckDBPyConnection, fresh: pa.Table, watched: Watchlist | None
) -> dict[Table, pa.Table]:
    """What each table gets, in the order of the commits; ``fresh``: article versions of the schema ARTICLES."""
    fresh = fresh.select(ARTICLES.schema.names).cast(ARTICLES.schema)
    stories = link_stories.rows(con, fresh)
    signatures = _signatures(fresh, stories.signatures)
    links = pa.concat_tables([link_reprints.rows(con, signatures), stories.links])
    return {
        MENTIONS: link_mentions.rows(con, fresh, watched),
        UTTERANCES: link_utterances.rows(con, fresh),
        STORIES: stories.stories,
        LINKS: links,
        SIGNATURES: signatures,
    }


def _signatures(fresh: pa.Table, of_stories: pa.Table) -> pa.Table:
    """Rows of SIGNATURES: what ``fresh`` says itself, the sketches of its texts, and the terms of its stories."""
    columns = {name: fresh[name] for name in SIGNATURES.schema.names if name in fresh.column_names}
    for part in (link_reprints.sketched(fresh), of_stories.drop_columns(["article_id", "version"])):
        columns |= dict(zip(part.column_names, part.columns, strict=True))
    return pa.table(columns).select(SIGNATURES.schema.names).cast(SIGNATURES.schema)
