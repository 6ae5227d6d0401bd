"""Few, large files: small ones of a partition are merged, tier by tier, while loads and readers go on.

A merge is one commit that adds one file and removes those that it was made of. Delta takes such commits for harmless
and would let two of them remove the same files, which doubles their rows: each therefore carries the application
transaction ``newslake-maintenance``, of which Delta refuses two at once. Appends are not disturbed by it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, RemoveAction

from tasks.lake.files import File
from tasks.lake.keys import CACHE
from tasks.lake.newest import SUPERSEDED, is_superseded, settled_name, superseded
from tasks.lake.parquet import Written
from tasks.lake.rewrite import rewrite
from tasks.lake.schema import ARTICLES, PARTITION, POSTINGS, Table
from tasks.lake.search_merge import merge
from tasks.lake.store import Conflict

MAINTENANCE = "newslake-maintenance"
# A file below so many bytes is of the first such tier; beyond them all it is never merged again. So many files of one
# tier are merged as soon as they stand in one partition, the outcome of the merge before among them: a partition that
# is being written to has fewer than their sum beside its large files. Each file costs a query up to 1 ms of CPU, half
# of what it costs a small lake to answer at all; rewriting a run's 20 articles a dozen times costs less than the run.
TIERS = ((8 << 20, 6), (128 << 20, 4))
LARGE = TIERS[-1][0]
# What a merge takes at most, so that it needs neither hours nor a second lake's space.
MERGE_BYTES = 512 << 20


def due(files: Sequence[File], *, all_small: bool = False) -> list[File]:
    """Files to be merged into one: the first merge that is due, or none.

    In the newest partition, which is being written to, that goes by tiers. In older ones it is all files that are not
    large, where it is worth it; with ``all_small``, any two of them in every partition.
    """
    newest = max((file.month for file in files), default="")
    months: defaultdict[tuple[str, bool], list[File]] = defaultdict(list)
    for file in files:
        if file.size < LARGE:
            months[file.month, is_superseded(file.path)].append(file)
    for (month, _), small in sorted(months.items()):
        if len(small) > 1 and (all_small or (month < newest and _worth_it(small))):
            return _affordable(small)
        floor = 0
        for bound, count in TIERS:
            tier = [file for file in small if floor <= file.size < bound]
            if len(tier) >= count:
                return _affordable(tier)
            floor = bound
    return []


def _worth_it(files: Sequence[File]) -> bool:
    """Whether the largest file is not rewritten for the sake of crumbs: rows still come to this partition, too,
    where a clock was wrong."""
    sizes = [file.size for file in files]
    return sum(sizes) - max(sizes) >= max(sizes) / 16


def compact(
    delta: DeltaTable, table: Table, files: Sequence[File], local: Path, now_ms: int | None = None
) -> None:
    """Merge ``files``, all of one partition, into one, and one of superseded article versions where there are any.

    Raises Conflict where another process has maintained the table since ``delta`` was read; nothing is changed then.
    Killed, it leaves files that nothing refers to. ``local``: the lake's local folder. ``now_ms``: when the files count
    as replaced; now by default.
    """
    month, paths = files[0].month, [file.path for file in files]
    if table.name == POSTINGS.name:  # too many rows, too short, for the other way
        written = [merge(delta, table, month, paths, local)]
    elif table.name != ARTICLES.name:
        written = [rewrite(delta, table, month, paths, local)]
    else:
        old = superseded(local / CACHE, delta, paths)
        written = [
            rewrite(delta, table, month, paths, local, chosen=chosen, name=name)
            for chosen, name in ((~old, settled_name(delta)), (old, SUPERSEDED))
            if chosen.any()
        ]
    replace(delta, files, written, now_ms=now_ms)


def replace(
    delta: DeltaTable,
    files: Sequence[File],
    written: Sequence[Written],
    *,
    also: Sequence[Transaction] = (),
    changed: bool = False,
    now_ms: int | None = None,
) -> None:
    """Commit rewritten files in place of ``files``; where that fails, expiry deletes them one day.

    ``changed``: values differ, so that writers which have read the old ones must read again. ``also``: further
    application transactions, whose concurrent commits are refused too. Raises Conflict.
    """
    now = int(time.time() * 1000)
    # Later than all others even if the clock was set back: the oldest file by the log is the one of fewest columns.
    modified = max([now, *(1 + file.modified for file in files)])
    superseded_at = now if now_ms is None else now_ms
    actions: list[AddAction | RemoveAction] = [
        *(AddAction(w.path, w.size, {PARTITION: w.month}, modified, changed, w.stats) for w in written),
        *(
            RemoveAction(f.path, changed, superseded_at, partition_values={PARTITION: f.month}, size=f.size)
            for f in files
        ),
    ]
    mine = Transaction(MAINTENANCE, (delta.transaction_version(MAINTENANCE) or 0) + 1)
    try:
        delta.create_write_transaction(
            actions,
            "append",
            delta.schema(),
            [PARTITION],
            commit_properties=CommitProperties(app_transactions=[mine, *also]),
        )
    except CommitFailedError as error:
        raise Conflict(str(error)) from error


def _affordable(files: Sequence[File]) -> list[File]:
    """The first of them, as many as a merge may take."""
    taken: list[File] = []
    for file in files:
        if len(taken) >= 2 and sum(each.size for each in taken) + file.size > MERGE_BYTES:
            break
        taken.append(file)
    return taken
