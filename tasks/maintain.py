"""Stage maintain: few and large files, what nobody refers to deleted, while loads and readers go on.

Safe to kill anywhere and to run as often as one likes: each merge is one commit, and what a killed one has written is
deleted like any other file that nothing refers to.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from tasks import index
from tasks.lake import expiry, retention
from tasks.lake.compaction import compact, due
from tasks.lake.files import File, Held, held, live
from tasks.lake.keys import CACHE
from tasks.lake.newest import layout
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.schema_links import ALL
from tasks.lake.store import HEADROOM, LOG, Conflict, Lake, LakeError, reopened
from tasks.publish import publish

GRACE_HOURS = 24.0
# How often a merge is tried that another process gets in the way of.
_ATTEMPTS = 3


@dataclass(slots=True)
class Upkeep:
    """What maintenance did. ``before`` and ``after``: table → what it held; ``waiting``: superseded files that are
    kept for readers, the oldest of them since ``oldest``; ``notes``: what was left undone and why, in words."""

    before: dict[str, Held] = field(default_factory=dict)
    after: dict[str, Held] = field(default_factory=dict)
    merged: int = 0
    bodies: int = 0
    deleted: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    notes: list[str] = field(default_factory=list)


def maintain(
    lake: Lake,
    *,
    grace_hours: float = GRACE_HOURS,
    body_days: int | None = None,
    now: datetime | None = None,
    told: Callable[[str], None] = lambda line: None,
) -> Upkeep:
    """Merge all small files, drop bodies older than ``body_days``, delete what is superseded, and tidy the log.

    Superseded files stay for ``grace_hours`` (1 or more), since open catalogs list them. ``told`` is told of each
    step. Raises LakeError, OSError, DeltaError or pa.ArrowException where the lake cannot be read or written.
    """
    done = Upkeep(before=_held(lake))
    with lake.lock("maintain", wait=False) as alone:
        if not alone:
            done.notes.append("another process is maintaining this lake")
        else:
            now = now or datetime.now(UTC)
            if body_days is not None:
                _drop_bodies(lake, now - timedelta(days=body_days), done, told)
            # A lake that an older newslake wrote may have no index, which the catalog that is published here relies on.
            index.complete(lake)
            _merge(lake, done, told, all_small=True)
            _settle(lake, done, told)
            publish(lake)
            _expire(lake, done, now, timedelta(hours=grace_hours))
            for table in ALL:
                _tidy_log(reopened(lake.open(table)))
    done.after = _held(lake)
    return done


def is_due(state: Mapping[str, DeltaTable]) -> bool:
    """Whether the tables have small files to be merged; told from their logs as they were read, without any I/O."""
    return any(due(live(delta)) for delta in state.values())


def merge_due(lake: Lake, *, grace_hours: float = GRACE_HOURS, now: datetime | None = None) -> Upkeep:
    """What commits end with where it ``is_due``: the merges, and the deletions that come with them.

    Nothing where another process is at it. Raises as ``maintain``.
    """
    done = Upkeep()
    with lake.lock("maintain", wait=False) as alone:
        if alone:
            _merge(lake, done, lambda line: None, all_small=False)
        if done.merged:
            publish(lake)
            _expire(lake, done, now or datetime.now(UTC), timedelta(hours=grace_hours))
    return done


def _merge(lake: Lake, done: Upkeep, told: Callable[[str], None], *, all_small: bool) -> None:
    for table in ALL:
        conflicts = 0
        while files := due(live(delta := lake.open(table)), all_small=all_small):
            _require_room(lake, files)
            told(
                f"{table.name} {files[0].month}: merging {len(files)} files, {_mib(sum(f.size for f in files))}"
            )
            try:
                compact(delta, table, files, lake.local)
            except Conflict as conflict:
                conflicts += 1
                if conflicts == _ATTEMPTS:
                    done.notes.append(f"{table.name}: not all merged, others were at it: {conflict}")
                    break
            else:
                done.merged += len(files)


def _settle(lake: Lake, done: Upkeep, told: Callable[[str], None]) -> None:
    """Rewrite files of articles some of whose rows were superseded since: queries need not ask which, then."""
    for path in layout(lake.local / CACHE, lake.open(ARTICLES)).unsettled:
        delta = lake.open(ARTICLES)
        files = [file for file in live(delta) if file.path == path]
        if files:
            _require_room(lake, files)
            told(
                f"{ARTICLES.name} {files[0].month}: setting superseded versions apart, {_mib(files[0].size)}"
            )
            try:
                compact(delta, ARTICLES, files, lake.local)
            except Conflict as conflict:
                done.notes.append(f"{path}: superseded versions not set apart, others were at it: {conflict}")


def _require_room(lake: Lake, files: Sequence[File]) -> None:
    """The new file, and the rows to be sorted, which are not compressed as well."""
    free, needed = shutil.disk_usage(lake.local).free, 4 * sum(file.size for file in files) + HEADROOM
    if free < needed:
        raise LakeError(f"{lake.local}: disk full: {_mib(free)} free, {_mib(needed)} needed to merge files")


def _drop_bodies(lake: Lake, before: datetime, done: Upkeep, told: Callable[[str], None]) -> None:
    for path in retention.old(lake.open(CAPTURES), before):
        for _ in range(_ATTEMPTS):
            try:
                dropped = retention.drop_bodies(lake.state(), path, lake.local)
            except Conflict:
                continue
            if dropped:
                told(f"captures: dropped {dropped:,} bodies from before {before:%Y-%m-%d}")
            done.bodies += dropped
            break
        else:
            done.notes.append(
                "captures: not all old bodies dropped: captures came in all the time; run it again"
            )
            return


def _expire(lake: Lake, done: Upkeep, now: datetime, grace: timedelta) -> None:
    """Only after a publication: what a table no longer refers to, no catalog to be opened from now on does."""
    waiting = expiry.Waiting(lake.local / ".superseded.json")
    done.deleted = expiry.expire(((table.name, lake.open(table)) for table in ALL), waiting, now, grace)
    done.waiting = len(waiting.since)
    done.oldest = min(waiting.since.values(), default=None)


def _tidy_log(delta: DeltaTable) -> None:
    if not LOG.items() <= delta.metadata().configuration.items():
        with contextlib.suppress(CommitFailedError):  # next time, then
            delta.alter.set_table_properties(LOG)
    delta.create_checkpoint()
    delta.cleanup_metadata()


def _held(lake: Lake) -> dict[str, Held]:
    return {table.name: held(lake.open(table)) for table in ALL}


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB"
