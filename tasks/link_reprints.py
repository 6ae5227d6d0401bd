"""Stage link, reprints: which articles are copies of which others.

Each article version has a sketch of its text in the table signatures. The least hashes of a new one are looked up among
those of earlier articles within the window; whatever shares some is compared by the whole sketches. No text is read
again, and nothing is compared with all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.article.identity import key
from tasks.lake.postings import occurrences
from tasks.lake.schema_links import LINKS, SIGNATURES
from tasks.lake.views import statement
from tasks.linking.copies import LEAST_SHINGLES, Copy, Signature, copies
from tasks.linking.sieve import Sieve
from tasks.linking.sketch import LOOKED_UP, Sketch, Sketches, sketches, word_hashes
from tasks.linking.window import DAYS, SPAN, parts, shifted

# Signatures of the window that are held at once.
ROWS = 50_000
# Hashes that two texts share, of those they are looked up by, to be compared.
SHARED = 2
# Of a hash.
BYTES = 4
_COLUMNS = ("shingle_count", "shingles", "sketch")
_WHEN = ("key", "published_at", "ingested_at")
_HELD = pa.schema([("hash", pa.int32()), *((name, SIGNATURES.schema.field(name).type) for name in _WHEN)])
_SIGNATURE = tuple(field.name for field in fields(Signature) if field.name != "sketch")
_STAMP = ("run_id", "batch", "ingested_at", "month")


def sketched(articles: pa.Table) -> pa.Table:
    """The columns shingle_count, shingles and sketch of SIGNATURES, of articles of the schema ARTICLES."""
    schema = pa.schema([SIGNATURES.schema.field(name) for name in _COLUMNS])
    texts = articles["text"].combine_chunks()
    terms, found = occurrences(texts)
    hashes = word_hashes(terms.to_pylist())
    parts = [sketches(hashes[term], of_text, some.stop - some.start) for some, term, of_text in found]
    return pa.concat_tables([schema.empty_table(), *(_columns(part, schema) for part in parts)])


def _columns(made: Sketches, schema: pa.Schema) -> pa.Table:
    compared = made.shingles >= LEAST_SHINGLES
    starts = (np.cumsum(made.lengths) - made.lengths)[compared]
    least = made.hashes[starts[:, None] + np.arange(LOOKED_UP)]
    shingles = _packed(least, np.where(compared, LOOKED_UP, 0))
    shingles = pc.if_else(pa.array(compared), shingles, pa.scalar(None, pa.binary()))
    return pa.table([pa.array(made.shingles), shingles, _packed(made.hashes, made.lengths)], schema=schema)


def rows(con: duckdb.DuckDBPyConnection, fresh: pa.Table) -> pa.Table:
    """The rows of LINKS, of kinds reprint and excerpt, that ``fresh`` gives: new rows of SIGNATURES.

    ``con``: the lake without them, as of ``tasks.lake.catalog.connect``. Rows are of fresh articles, and of earlier
    ones that turn out to be copies of a fresh one. An article of which ``fresh`` holds several versions is linked by
    the newest.
    """
    compared = _newest(fresh)
    compared = compared.filter(pc.is_valid(compared["shingles"]))
    alike = _alike(con, compared)
    known, originals = _known(con, alike.filter(pc.invert(pc.is_in(alike["other"], compared["key"]))))
    paired = pa.chunked_array([*alike["key"].chunks, *alike["other"].chunks], pa.int64())
    given = _signatures(compared.filter(pc.is_in(compared["key"], paired)))
    names = {key(name): name for name in (*known, *given)}
    pairs: dict[str, list[str]] = {}
    for own, other in zip(alike["key"].to_pylist(), alike["other"].to_pylist(), strict=True):
        if other in names:
            pairs.setdefault(names[own], []).append(names[other])
    return _links(copies(given.values(), known, pairs, originals), fresh)


def _newest(versions: pa.Table) -> pa.Table:
    """Of each article its newest version."""
    versions = versions.sort_by("version")
    last = {name: row for row, name in enumerate(versions["article_id"].to_pylist())}
    return versions.take(pa.array(last.values(), pa.int64()))


def _alike(con: duckdb.DuckDBPyConnection, fresh: pa.Table) -> pa.Table:
    """The pairs of ``sql/lookups/alike.sql``, of ``fresh`` with each other and with the articles in the window."""
    hashes = _unpacked(fresh["shingles"].combine_chunks()).ravel()
    asked = _held(fresh, hashes, np.arange(len(hashes)))
    sieve = Sieve(hashes)
    held = [asked]
    times = zip(fresh["published_at"].to_pylist(), fresh["ingested_at"].to_pylist(), strict=True)
    for part in parts(times):
        window = con.sql(statement("lookups/window.sql"), params=part._asdict())
        for some in window.to_arrow_reader(ROWS):
            hashes = _unpacked(some["shingles"]).ravel()
            found = sieve.found(hashes)
            row = found // LOOKED_UP
            held.append(_held(some, hashes, found[np.bincount(row)[row] >= SHARED]))
    con.register("asked", asked)
    con.register("held", pa.concat_tables(held))
    bounds = {"days": DAYS, "least": SHARED}
    return con.sql(statement("lookups/alike.sql"), params=bounds).to_arrow_table()


def _held(
    versions: pa.Table | pa.RecordBatch, hashes: NDArray[np.int32], some: NDArray[np.int64]
) -> pa.Table:
    """A row for each of ``some`` of the hashes that versions are looked up by, in their order."""
    row = pa.array(some // LOOKED_UP)
    return pa.table([pa.array(hashes[some]), *(versions[name].take(row) for name in _WHEN)], schema=_HELD)


def _packed(hashes: NDArray[np.int32], lengths: NDArray[np.int64]) -> pa.Array:
    """Hashes one after the other, parted into values of so many each."""
    ends = pa.array(np.concatenate([[0], np.cumsum(lengths) * BYTES]), pa.int32())
    data = pa.py_buffer(hashes.astype("<i4").tobytes())
    return pa.Array.from_buffers(pa.binary(), len(lengths), [None, ends.buffers()[1], data])


def _unpacked(values: pa.Array) -> NDArray[np.int32]:
    """A row of LOOKED_UP hashes for each value; none is NULL."""
    if not len(values):
        return np.empty((0, LOOKED_UP), np.int32)
    _, ends, data = values.buffers()
    first = int(np.frombuffer(ends, np.int32, 1, values.offset * BYTES)[0])
    return np.frombuffer(data, "<i4", len(values) * LOOKED_UP, first).reshape(-1, LOOKED_UP)


def _known(con: duckdb.DuckDBPyConnection, earlier: pa.Table) -> tuple[dict[str, Signature], dict[str, str]]:
    """The articles of ``earlier`` (other, published_at, ingested_at) and the originals of those that are copies, as far
    up as they are within a window of each other; and article id → original of the copies among them."""
    known: dict[str, Signature] = {}
    originals: dict[str, str] = {}
    if not earlier.num_rows:
        return known, originals
    since = pc.min(earlier["ingested_at"]).as_py()
    dates = earlier["published_at"].drop_null().to_pylist() or [since]
    low, high = min(dates), max(dates)
    wanted = set(earlier["other"].to_pylist())
    while wanted:
        con.register("wanted", pa.table({"key": pa.array(sorted(wanted), pa.int64())}))
        bounds = {"low": low, "high": high, "since": since}
        versions = con.sql(statement("lookups/known_signatures.sql"), params=bounds).to_arrow_table()
        new = _signatures(versions)
        first = {"batch": pc.min(versions["batch"]).as_py()}
        copied = con.sql(statement("lookups/known_originals.sql"), params=first).fetchall()
        known |= new
        above = {name: on for name, version, on in copied if name in new and new[name].version == version}
        originals |= above
        wanted = {key(name) for name in above.values() if name not in known}
        low, high, since = shifted(low, -SPAN), shifted(high, SPAN), shifted(since, -SPAN)
    return known, originals


def _signatures(versions: pa.Table) -> dict[str, Signature]:
    """By article id, what rows of SIGNATURES say."""
    return {
        row["article_id"]: Signature(
            sketch=Sketch(np.frombuffer(row["sketch"], "<i4").tolist(), row["shingle_count"]),
            **{name: row[name] for name in _SIGNATURE},
        )
        for row in versions.select([*_SIGNATURE, "sketch", "shingle_count"]).to_pylist()
    }


def _links(found: Iterable[Copy], fresh: pa.Table) -> pa.Table:
    """Rows of LINKS, stamped as the last of ``fresh`` is: rows of earlier articles are of its batch too."""
    stamp = (
        fresh.select(_STAMP).sort_by("batch").slice(fresh.num_rows - 1).to_pylist() if fresh.num_rows else []
    )
    return pa.Table.from_pylist(
        [
            {
                "key": key(copy.article.article_id),
                "article_id": copy.article.article_id,
                "version": copy.article.version,
                "kind": copy.kind,
                "original_id": copy.original.article_id,
                "similarity": copy.found.similarity,
                "contained": copy.found.contained,
                "direction_from": copy.direction_from,
                "evidence": copy.evidence,
                **stamp[0],
            }
            for copy in sorted(found, key=lambda copy: copy.article.article_id)
        ],
        schema=LINKS.schema,
    )
