"""Retention: bodies of captures whose article is stored are dropped once they are old; their hashes stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable, Transaction

from tasks.lake.compaction import replace
from tasks.lake.files import live, storage
from tasks.lake.rewrite import rewrite
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import APPLICATION, committed

# How a capture ends whose text an article version holds. What held no article keeps its bytes: a better extractor may
# find one.
_STORED = pa.array(["new", "new_version"])


def old(captures: DeltaTable, before: datetime) -> list[str]:
    """The paths of files whose rows all came into the lake before ``before``: no file is rewritten for a day's rows."""
    return [
        file.path
        for file in live(captures)
        if file.month <= f"{before:%Y-%m}" and _newest(captures, file.path) < before
    ]


def drop_bodies(state: Mapping[str, DeltaTable], path: str, spill: Path) -> int:
    """Drop bodies whose article is stored from one file of captures; how many there were.

    Raises Conflict where another process has written captures since ``state`` was read: a batch that is half
    committed may still need them. Half committed already, or without the file, nothing is done.
    """
    captures = state[CAPTURES.name]
    file = next((file for file in live(captures) if file.path == path), None)
    if file is None or committed(captures) != committed(state[ARTICLES.name]):
        return 0
    dropped = _droppable(captures, path)
    if dropped:
        written = rewrite(captures, CAPTURES, file.month, [path], spill, _without_bodies)
        guard = Transaction(APPLICATION, committed(captures))
        replace(captures, [file], [written], also=[guard], changed=True)
    return dropped


def _newest(captures: DeltaTable, path: str) -> datetime:
    source = pq.ParquetFile(storage(captures).open_input_file(path))
    newest: datetime = pc.max(source.read(columns=["ingested_at"])["ingested_at"]).as_py()
    return newest


def _droppable(captures: DeltaTable, path: str) -> int:
    """How many bodies of the file are to be dropped. Those that were dropped before cost nothing to read."""
    source = pq.ParquetFile(storage(captures).open_input_file(path))
    batches = source.iter_batches(batch_size=256, columns=["outcome", "body"])
    return sum(pc.sum(_due(batch)).as_py() or 0 for batch in batches)


def _due(batch: pa.RecordBatch) -> pa.Array:
    return pc.and_(pc.is_in(batch["outcome"], _STORED), pc.is_valid(batch["body"]))


def _without_bodies(batch: pa.RecordBatch) -> pa.RecordBatch:
    index = batch.schema.get_field_index("body")
    kept = pc.if_else(_due(batch), pa.scalar(None, batch.schema.field(index).type), batch["body"])
    return batch.set_column(index, batch.schema.field(index), kept)
