"""What a table's columns hold, in a cache on this machine, so that a batch of new articles scans nothing.

Of each key column there are sorted arrays, each with the keys that came in a range of the table's versions, mapped
into memory. Rows are only ever added to a lake, and in numbered batches: what the arrays lack is in files with the last
batch that they know, which further rows may have joined, or a later one, and is read before anything is asked.
Compaction moves rows into other files and changes no key. The cache may be deleted at any time, and is made anew.

An answer is "surely not" or "maybe"; a "maybe" is for SQL to settle. All processes of a machine share the arrays
without a lock: one is written aside and renamed, two that write the same range write the same bytes, and a range that
a longer one holds is ignored.
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable
from numpy.typing import NDArray

from tasks.lake.files import storage
from tasks.lake.store import REPAIR, committed, reopened

Keys = NDArray[np.int64]

# A new array is merged with older ones until the one before it is that many times as long: few arrays, few merges.
GROWTH: Final = 8
# The cache's folder in a lake's own.
CACHE: Final = ".keys"
# Keys of an array that are looked at in one go: 8 bytes each come into memory where keys are asked all over it.
_WINDOW: Final = 1 << 20
_NAME: Final = re.compile(r"(\d+)-(\d+)-(\d+)\.npy")


@dataclass(frozen=True, slots=True)
class _Array:
    """The keys of the table's versions from ``first`` to ``last``, sorted, each once. ``batch``: the last of them."""

    file: Path
    first: int
    last: int
    batch: int

    def read(self) -> Keys:
        """Mapped into memory. Raises FileNotFoundError where a longer one has replaced it."""
        keys: Keys = np.load(self.file, mmap_mode="r")
        return keys


def maybe(folder: Path, state: Mapping[str, DeltaTable], column: str, wanted: Keys) -> NDArray[np.bool_]:
    """For each of ``wanted`` whether ``column`` ("captures.url_key") of the lake's ``state`` may hold it.

    ``folder``: where the cache is kept. Raises OSError where it cannot be written.
    """
    table, name = column.split(".")
    if table not in state:
        return np.zeros(len(wanted), np.bool_)
    each, of = np.unique(wanted, return_inverse=True)  # in order they are found several times as fast
    found = np.zeros(len(each), np.bool_)
    for keys in arrays(folder, state[table], name, pc.field(name), pc.field(name).is_valid()):
        for start in range(0, len(keys), _WINDOW):
            window = keys[start : start + _WINDOW]
            some = slice(each.searchsorted(window[0]), each.searchsorted(window[-1], side="right"))
            found[some] |= window[window.searchsorted(each[some])] == each[some]
            if isinstance(keys.base, mmap.mmap):  # its pages count as memory in use until they are given back
                keys.base.madvise(mmap.MADV_DONTNEED)
    return found[of]


def arrays(
    folder: Path, delta: DeltaTable, name: str, value: pc.Expression, where: pc.Expression
) -> list[Keys]:
    """Sorted arrays that together hold each ``value``, an int64, of the rows ``where``, and maybe of later rows.

    ``name``: under which they are kept in ``folder``; that of one value and condition for ever.
    """
    # A repair may bring rows back in batches that were thought to be known.
    repairs = delta.transaction_version(REPAIR) or 0
    folder = folder / f"{delta.metadata().id}-{repairs}" / name
    while True:
        chain = _chain(folder)
        known = chain[-1].last if chain else -1
        if known > delta.version() and known > reopened(delta).version():  # restored: versions come again
            shutil.rmtree(folder, ignore_errors=True)
            continue
        try:
            held = [array.read() for array in chain]
        except FileNotFoundError:
            continue
        if known < delta.version():
            new = _read(delta, value, where, chain[-1].batch if chain else 0)
            held = _extended(folder, chain, held, new, delta)
        return held


def _chain(folder: Path) -> list[_Array]:
    """The arrays that follow each other from the first version on, the longest where several begin at one."""
    longest: dict[int, _Array] = {}
    for file in folder.glob("*.npy"):
        if match := _NAME.fullmatch(file.name):
            array = _Array(file, *map(int, match.groups()))
            if array.first not in longest or longest[array.first].last < array.last:
                longest[array.first] = array
    chain: list[_Array] = []
    while (start := chain[-1].last + 1 if chain else 0) in longest:
        chain.append(longest[start])
    return chain


def _read(delta: DeltaTable, value: pc.Expression, where: pc.Expression, batch: int) -> Keys:
    """The values of rows of ``batch`` and of later ones; files without such rows are not opened."""
    actions = pa.table(delta.get_add_actions(flatten=True))
    if "max.batch" in actions.column_names:
        actions = actions.filter(pc.fill_null(pc.greater_equal(actions["max.batch"], batch), True))
    schema = pa.schema(delta.schema().to_arrow())
    files = ds.dataset(actions["path"].to_pylist(), schema, format="parquet", filesystem=storage(delta))
    rows = files.to_table(columns={"value": value}, filter=(pc.field("batch") >= batch) & where)
    return _sorted(rows["value"].to_numpy())


def _sorted(values: Keys) -> Keys:
    """Each value once, in order; ``np.unique`` takes many times as long for millions."""
    values = np.sort(values)
    first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values[first]


def _extended(
    folder: Path, chain: list[_Array], held: list[Keys], new: Keys, delta: DeltaTable
) -> list[Keys]:
    """The arrays with the keys up to the version of ``delta``, merged with those before that are not much longer."""
    first = chain[-1].last + 1 if chain else 0
    old = list(zip(chain, held, strict=True))
    merged: list[_Array] = []
    while old and len(old[-1][1]) <= GROWTH * len(new):
        array, keys = old.pop()
        merged.append(array)
        first, new = array.first, _sorted(np.concatenate([keys, new]))
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{first}-{delta.version()}-{committed(delta)}"
    draft = folder / f"{name}.{os.getpid()}.draft"
    with draft.open("wb") as file:
        np.save(file, new)
    draft.replace(folder / f"{name}.npy")
    for array in merged:
        array.file.unlink(missing_ok=True)
    return [*(keys for _, keys in old), new]
