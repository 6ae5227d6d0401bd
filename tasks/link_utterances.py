"""Stage link, quotes across outlets: article versions in, their quotations with the utterances that they give out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.article.identity import digest
from tasks.lake.schema import TIME
from tasks.lake.schema_links import UTTERANCES
from tasks.lake.views import statement
from tasks.linking.gazetteer import name_id
from tasks.linking.sieve import Sieve
from tasks.linking.utterances import EXACT, HELD, LATEST, Quotation, assigned, hashes, pairs, words
from tasks.linking.window import EVER, NEVER, Part, parts

_OF_ARTICLE = (
    "key", "article_id", "version", "outlet", "published_at", "run_id", "batch", "ingested_at", "month",
)  # fmt: skip
# Quotations that a lake has which is not small: as many are read in the time of a few questions.
MANY = 20_000
_NONE = pa.schema(
    [("key", pa.int64()), ("seen", TIME), *((n, pa.int32()) for n in ("version", "place", "hash", "hashes"))]
).empty_table()


class _Quotes(NamedTuple):
    """Quotations in the order in which they were seen: rows of UTTERANCES that lack an utterance, and their hashes."""

    table: pa.Table
    values: list[Quotation]
    hashes: list[NDArray[np.int32]]


def rows(con: duckdb.DuckDBPyConnection, fresh: pa.Table) -> pa.Table:
    """The rows of UTTERANCES for ``fresh``, stamped article versions of the schema ARTICLES.

    ``con``: has the lake's tables without these as ``base.<table>``. Words in quotation marks that are no speech have
    no row, nor have quotations of fewer than three words.
    """
    quotes = _quotes(fresh)
    ids = assigned(quotes.values, chain(pairs(quotes.hashes), _in_lake(con, quotes)))
    table = quotes.table.append_column("utterance_id", pa.array(ids, pa.string()))
    return table.select(UTTERANCES.schema.names).cast(UTTERANCES.schema)


def _quotes(fresh: pa.Table) -> _Quotes:
    """The quotations of speech in article versions."""
    lists = fresh["quotes"].combine_chunks()
    flat = pc.list_flatten(lists)
    parents = pc.list_parent_indices(lists)
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(counts)
    table = pa.table(
        {
            **{name: fresh[name].take(parents) for name in _OF_ARTICLE},
            "place": pa.array(np.arange(len(flat)) - np.repeat(ends - counts, counts), pa.int32()),
            "quote": pc.struct_field(flat, "text"),
            "speaker": pc.struct_field(flat, "speaker"),
        }
    ).filter(pc.not_equal(pc.struct_field(flat, "kind"), "scare"))
    cut = [words(quote) for quote in table["quote"].to_pylist()]
    ids = [speaker and name_id(speaker) for speaker in table["speaker"].to_pylist()]
    table = (
        table.append_column("words", pa.array(map(len, cut), pa.int32()))
        .append_column("speaker_id", pa.array(ids, pa.string()))
        .append_column("seen", pc.coalesce(table["published_at"], table["ingested_at"]))
    )
    order = pc.sort_indices(
        table, [(name, "ascending") for name in ("seen", "article_id", "version", "place")]
    )
    order = order.filter(pc.greater_equal(table["words"].take(order), EXACT))
    table = table.take(order)
    kept = hashes([cut[at] for at in order.to_pylist()])
    table = table.append_column("hashes", pa.array(kept, UTTERANCES.schema.field("hashes").type))
    return _Quotes(table, list(_values(table)), kept)


def _values(table: pa.Table) -> Iterator[Quotation]:
    for article, version, place, length, kept, speaker, published, ingested in zip(
        *(table[name].to_pylist() for name in ("article_id", "version", "place", "words")),
        pc.list_value_length(table["hashes"]).to_pylist(),
        *(table[name].to_pylist() for name in ("speaker", "published_at", "ingested_at")),
        strict=True,
    ):
        own = digest("utterance", article, str(version), str(place))
        yield Quotation(own, length, kept, speaker, published, ingested, (article, version, place))


def _in_lake(con: duckdb.DuckDBPyConnection, quotes: _Quotes) -> Iterator[tuple[int, Quotation, int]]:
    """The pairs of quotations with those of the lake that they may be the same as."""
    if not quotes.values:
        return
    counts = [len(each) for each in quotes.hashes]
    quoted = pa.table(
        {
            "number": pa.array(np.repeat(np.arange(len(counts)), counts), pa.int32()),
            "hash": pa.array(np.concatenate(quotes.hashes), pa.int32()),
            "hashes": pa.array(np.repeat(counts, counts), pa.int32()),
        }
    )
    sieve = Sieve(quoted["hash"].to_numpy())
    con.register("quoted", quoted)
    for part in _parts(con, quotes):
        earlier = _sharing(con, part, sieve)
        if not earlier.num_rows:  # as a rule for all but the newest: each question has its price
            continue
        con.register("earlier", earlier)
        paired = con.sql(
            statement("lookups/quoted_before.sql"), params={"least": HELD, "most": LATEST}
        ).to_arrow_table()
        con.unregister("earlier")
        if paired.num_rows:
            con.register("paired", paired)
            for row in con.sql(statement("lookups/quotations.sql"), params=part._asdict()).fetchall():
                number, shared, *place, name, length, kept, speaker, published, ingested = row
                yield (
                    number,
                    Quotation(name, length, kept, speaker, published, ingested, tuple(place)),
                    shared,
                )
            con.unregister("paired")
    con.unregister("quoted")


def _parts(con: duckdb.DuckDBPyConnection, quotes: _Quotes) -> list[Part]:
    """What of the lake is read: of a small one all at once, which costs less than a question for each part."""
    found = parts((value.published, value.ingested) for value in quotes.values)
    whole = [Part(EVER, NEVER, EVER), Part(None, None, EVER)]
    if len(found) <= len(whole):
        return found
    (is_small,) = con.sql(statement("lookups/quotations_few.sql"), params={"many": MANY}).fetchall()[0]
    return whole if is_small else found


def _sharing(con: duckdb.DuckDBPyConnection, part: Part, sieve: Sieve) -> pa.Table:
    """The hashes that quotations of a part of the lake have of those that are asked for, a row each."""
    found: list[pa.Table] = []
    reader = con.sql(statement("lookups/quoted_hashes.sql"), params=part._asdict()).to_arrow_reader(1 << 17)
    for batch in reader:
        lists = batch.column("hashes")
        flat = lists.flatten().to_numpy()
        at = sieve.found(flat)
        ends = np.cumsum(pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False))
        row = np.searchsorted(ends, at, side="right")
        kept = pa.table(batch.select(["key", "version", "place", "seen"])).take(pa.array(row))
        counts = np.diff(ends, prepend=0)[row].astype(np.int32)
        found.append(kept.append_column("hash", pa.array(flat[at])).append_column("hashes", pa.array(counts)))
    return pa.concat_tables(found) if found else _NONE
