"""Which files hold newest versions only, so that a query need not ask of each row whether a later one superseded it.

Merging keeps the rows apart that are superseded by then, and a file's name says which it holds: ``newest-0-57-…`` has
none that a batch up to the 57th supersedes, the table having been repaired 0 times; of ``superseded-…`` all are. What
later batches supersede follows from ``previous_batch`` of the versions that they brought, and from the range of batches
that the log tells of each file. Where either is unknown, a file counts as one that may hold superseded rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable
from numpy.typing import NDArray

from tasks.lake import keys
from tasks.lake.files import live, storage
from tasks.lake.store import REPAIR, committed

SUPERSEDED: Final = "superseded"
_SETTLED: Final = re.compile(r"newest-(\d+)-(\d+)-")
# What is kept of each version but the first: the batch that brought the one before, and its own, in one number.
_HALF: Final = 32
_LAST: Final = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths of a table's files: those without superseded rows, those that may have some, and those that hold the
    versions which supersede them. Files of superseded rows are in the last alone."""

    settled: list[str]
    unsettled: list[str]
    superseding: list[str]


@dataclass(frozen=True, slots=True)
class _File:
    """``first`` to ``last``: batches that its rows are of; ``settled``: up to which batch none is superseded."""

    path: str
    first: int
    last: int
    settled: int


def layout(cache: Path, articles: DeltaTable) -> Layout:
    """How the files of ``articles`` are to be read for newest versions. ``cache``: see ``tasks.lake.keys``."""
    found = Layout([], [], [])
    pairs = _pairs(cache, articles)
    files = list(_files(articles))
    batches: set[int] = set()
    for file in files:
        if not is_superseded(file.path):
            later = _superseding(pairs, file)
            batches |= later
            (found.unsettled if later else found.settled).append(file.path)
    found.superseding.extend(_holding(files, batches))
    return found


def is_superseded(path: str) -> bool:
    """Whether a file holds superseded rows only."""
    return path.rpartition("/")[2].startswith(f"{SUPERSEDED}-")


def settled_name(articles: DeltaTable) -> str:
    """How the name begins of a file made of ``articles`` that holds newest versions only."""
    return f"newest-{articles.transaction_version(REPAIR) or 0}-{committed(articles)}"


def superseded(cache: Path, articles: DeltaTable, paths: Sequence[str]) -> NDArray[np.bool_]:
    """For each row of the files ``paths``, one file after the other, whether a later version superseded it."""
    pairs = _pairs(cache, articles)
    files = list(_files(articles))
    # Whatever a file says of itself: those of superseded rows say nothing, and rows may have joined the others since.
    batches = {
        batch
        for file in files
        if file.path in paths
        for batch in _superseding(pairs, _File(file.path, file.first, file.last, 0))
    }
    has_successor = pc.field("version") > 1
    newer = _read(articles, _holding(files, batches), has_successor)
    rows = _read(articles, paths)
    old = np.isin(rows["key"].to_numpy(), newer["key"].to_numpy())
    if old.any():
        successors = set(zip(newer["key"].to_pylist(), newer["version"].to_pylist(), strict=True))
        some = rows.filter(pa.array(old))
        old[old] = [
            (key, version + 1) in successors
            for key, version in zip(some["key"].to_pylist(), some["version"].to_pylist(), strict=True)
        ]
    return old


def _pairs(cache: Path, articles: DeltaTable) -> list[keys.Keys]:
    named = "previous_batch" in {field.name for field in articles.schema().fields}
    previous = pc.coalesce(pc.field("previous_batch"), pc.scalar(0)) if named else pc.scalar(0)
    value = pc.add(pc.multiply(previous, pc.scalar(1 << _HALF)), pc.field("batch"))
    return keys.arrays(cache, articles, "previous_batch", value, pc.field("version") > 1)


def _superseding(pairs: Sequence[keys.Keys], file: _File) -> set[int]:
    """The batches with versions that supersede rows of the file, or may do so."""
    found: set[int] = set()
    for each in pairs:
        known = slice(*each.searchsorted([file.first << _HALF, (file.last + 1) << _HALF]))
        unknown = slice(0, each.searchsorted(1 << _HALF))
        for part in (known, unknown):
            batches = each[part] & _LAST
            found.update(batches[batches > max(file.settled, file.first - 1)].tolist())
    return found


def _holding(files: Sequence[_File], batches: set[int]) -> list[str]:
    """The files that may have rows of the batches."""
    wanted = np.array(sorted(batches), np.int64)
    return [
        file.path for file in files if len(wanted[slice(*wanted.searchsorted([file.first, file.last + 1]))])
    ]


def _files(articles: DeltaTable) -> Iterator[_File]:
    repairs = articles.transaction_version(REPAIR) or 0
    for file in live(articles):
        named = _SETTLED.match(file.path.rpartition("/")[2])
        settled = int(named[2]) if named and int(named[1]) == repairs else 0
        first, last = (0, _LAST) if file.first is None or file.last is None else (file.first, file.last)
        yield _File(file.path, first, last, settled)


def _read(articles: DeltaTable, paths: Sequence[str], where: pc.Expression | None = None) -> pa.Table:
    columns = pa.schema([("key", pa.int64()), ("version", pa.int32())])
    if not paths:
        return columns.empty_table()
    files = ds.dataset(list(paths), columns, format="parquet", filesystem=storage(articles))
    return files.to_table(filter=where)
