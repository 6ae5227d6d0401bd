"""Stage restore: article versions that the lake has lost, made anew of their captures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable

from tasks.extract import Quirks, extract_rows, refusal
from tasks.lake.catalog import connect
from tasks.lake.files import storage
from tasks.lake.repair import Salvage
from tasks.lake.rows import replaced
from tasks.lake.schema import CAPTURES, PARTITION
from tasks.lake.store import Lake
from tasks.lake.stored import BYTES, ROWS
from tasks.lake.views import statement
from tasks.resolve import resolve

_KEPT = pa.schema(
    [("article_id", pa.string()), ("capture_id", pa.string()), ("version", pa.int32()), ("batch", pa.int64())]
)


def restore(
    lake: Lake, captures: DeltaTable, salvage: Salvage, intact: Sequence[str], upto: int, quirks: Quirks
) -> tuple[int, int]:
    """Add to ``salvage`` every article version, up to the batch ``upto``, that is neither there nor in the files
    ``intact`` of articles; how many were made anew, and how many cannot be.

    Each is what it was in all that tells it from others: article, version, capture, run, batch and time of ingestion.
    Its fields are those that today's extractor finds, by ``quirks``. Raises OSError.
    """
    state = {CAPTURES.name: captures}
    kept = [*intact, *(path for paths in salvage.paths.values() for path in paths)]
    files = storage(salvage.delta)
    rows = ds.dataset(kept, schema=_KEPT, format="parquet", filesystem=files) if kept else _KEPT.empty_table()
    with connect(state) as con:
        con.register("kept", rows)
        missing = con.sql(statement("lookups/restorable.sql"), params={"upto": upto}).to_arrow_table()
        made = 0
        for wanted in _pieces(missing.filter(missing["has_body"])):
            con.register("wanted", wanted)
            bounds = {"first": wanted["batch"][0].as_py(), "last": wanted["batch"][-1].as_py()}
            found = con.sql(statement("lookups/restored_bodies.sql"), params=bounds).to_arrow_table()
            made += _make(lake, state, salvage, found, quirks)
    return made, missing.num_rows - made


def _pieces(listed: pa.Table) -> Iterator[pa.Table]:
    """As many rows at once as fit into memory with their bodies."""
    start = held = 0
    for index, size in enumerate(listed["size"].to_pylist()):
        held += size
        if index + 1 == listed.num_rows or index + 1 - start >= ROWS or held >= BYTES:
            yield listed.slice(start, index + 1 - start)
            start, held = index + 1, 0


def _make(
    lake: Lake, state: Mapping[str, DeltaTable], salvage: Salvage, found: pa.Table, quirks: Quirks
) -> int:
    captures = found.select(CAPTURES.schema.names).cast(CAPTURES.schema)
    articles = resolve(lake, state, captures, extract_rows(captures, quirks))
    articles = replaced(
        articles,
        **{name: found[name].to_pylist() for name in ("version", "batch", "ingested_at", PARTITION)},
        capture_id=found["made_of"].to_pylist(),
    )
    proofs = articles.select(["word_count", "field_errors"]).to_pylist()
    articles = articles.filter(pa.array([refusal(row) is None for row in proofs], pa.bool_()))
    for month in pc.unique(articles[PARTITION]).to_pylist():
        salvage.add(month, articles.filter(pc.equal(articles[PARTITION], month)))
    return len(articles)
