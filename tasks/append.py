"""Stage append: captures and their articles into the lake, each exactly once.

The captures are committed first, with their bodies: they are the write-ahead log of the articles. Whoever next
finds captures whose batch has no articles yet, since their writer died in between, finishes that batch first. The
search index comes last, see ``tasks.index``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from tasks import dedupe, index, reextract
from tasks.extract import NO_QUIRKS, Quirks, extract_rows
from tasks.lake.catalog import connect
from tasks.lake.commit import commit
from tasks.lake.rows import lookup, replaced
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import Conflict, Lake, committed
from tasks.lake.views import statement
from tasks.run import Report


def append(lake: Lake, captures: pa.Table, articles: pa.Table, quirks: Quirks = NO_QUIRKS) -> Report:
    """Settle each capture's outcome and commit captures and new article versions.

    ``captures`` of the schema CAPTURES; ``articles`` of ARTICLES, one for each capture with the outcome ``read``.
    ``quirks``: for the articles of a batch that its writer left unfinished. Run twice with the same arguments, or
    killed in between and run again, it appends each row once and reports the same.

    Raises LakeError, or OSError where the lake cannot be written.
    """
    while True:
        with lake.lock("write"):
            state = lake.state()
            try:
                _finish(lake, state, quirks)
                if not index.catch_up(state):
                    lake.require_space(captures)
                    return _append(lake, state, captures, articles)
            except Conflict:
                continue


def recover(lake: Lake, quirks: Quirks = NO_QUIRKS) -> bool:
    """Append the articles of captures whose writer died before it could, and index what is not; whether there was any.

    The index of a lake that has none is made in pieces, and others may write in between.
    """
    found = False
    while True:
        with lake.lock("write"):
            state = lake.state()
            try:
                _finish(lake, state, quirks)
                if not index.catch_up(state):
                    return found
            except Conflict:
                pass
            found = True


def _append(lake: Lake, state: Mapping[str, DeltaTable], captures: pa.Table, articles: pa.Table) -> Report:
    told = {
        row["capture_id"]: row
        for row in lookup(lake, state, "known_captures", captures.select(["key", "run_id"]))
    }
    # What is recorded was decided, and its articles are there: whoever finished its batch may have read the same bytes
    # otherwise, and articles without captures of their batch would be taken for a damaged lake.
    fresh, made = (_without(rows, list(told)) for rows in (captures, articles))
    with ThreadPoolExecutor(1) as beside:
        terms = beside.submit(index.terms, made)  # takes about as long as to settle and the two commits
        settled, versions = _settle(lake, state, fresh, made)
        batch = committed(state["captures"]) + bool(versions.num_rows)
        stamp = datetime.now(UTC)
        versions = stamped(versions, batch, stamp)
        if settled.num_rows:
            commit(state["captures"], CAPTURES, stamped(settled, batch, stamp), batch)
        if versions.num_rows:
            commit(state["articles"], ARTICLES, versions, batch)
            # Not by the versions' own capture_id: a re-extraction's is that of the capture it was first made of.
            new = settled.filter(pc.is_in(settled["outcome"], pa.array(["new", "new_version"])))["capture_id"]
            kept = pc.is_in(made["capture_id"], new.combine_chunks())
            index.add(state, index.made(state, versions, terms.result().of(kept)), batch)
    report = Report(captures["run_id"][0].as_py())
    told |= {row["capture_id"]: row for row in settled.select(["capture_id", "outcome", "error"]).to_pylist()}
    for row in captures.select(["capture_id", "kind"]).to_pylist():
        report.count(row["kind"], told[row["capture_id"]]["outcome"], told[row["capture_id"]]["error"])
    return report


def _without(rows: pa.Table, captures: Sequence[str]) -> pa.Table:
    """The rows that are of none of the captures; where there are none, not even a copy."""
    if not captures:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows["capture_id"], pa.array(captures, pa.string()))))


def _finish(lake: Lake, state: Mapping[str, DeltaTable], quirks: Quirks) -> None:
    """Commit the articles of the captures' last batch where they are missing; always raises Conflict if it did.

    The caller then reads the state anew.
    """
    batch = committed(state["captures"])
    if committed(state["articles"]) >= batch:
        return
    with connect(state) as con:
        captures = con.sql(statement("lookups/pending.sql"), params={"batch": batch}).to_arrow_table()
    captures = captures.cast(CAPTURES.schema)
    _, versions = _settle(lake, state, captures, extract_rows(captures, quirks))
    commit(state["articles"], ARTICLES, stamped(versions, batch, datetime.now(UTC)), batch)
    raise Conflict(f"finished batch {batch}")


def _settle(
    lake: Lake, state: Mapping[str, DeltaTable], captures: pa.Table, articles: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """By the rule of the captures' kind; those of a batch are all re-extractions, or none is."""
    again = captures.num_rows and captures["kind"][0].as_py() == reextract.KIND
    settle = reextract.settle if again else dedupe.settle
    return settle(lake, state, captures, articles)


def stamped(rows: pa.Table, batch: int, stamp: datetime) -> pa.Table:
    """The rows as they are committed in ``batch`` at the time ``stamp``."""
    rows = replaced(rows, batch=batch, ingested_at=stamp, month=f"{stamp:%Y-%m}")
    if "previous_batch" not in rows.column_names:
        return rows
    # Of versions after the first it is unknown where this very batch brings the one before too.
    own = pc.and_(pc.greater(rows["version"], 1), pc.is_null(rows["previous_batch"]))
    previous = pc.if_else(own, rows["batch"], rows["previous_batch"])
    return rows.set_column(
        rows.schema.get_field_index("previous_batch"), rows.schema.field("previous_batch"), previous
    )
