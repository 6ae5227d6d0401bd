"""Checks of the lake's place: can it be written and read, by whom, is there room, and does its clock agree."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from tasks.concerns import MAKE_ROOM
from tasks.files.streams import one_line
from tasks.finding import Finding
from tasks.lake import object_store
from tasks.lake.reader import read
from tasks.lake.store import Lake, LakeError
from tasks.status import disk

# Clocks may differ by so much: a file system's is on another machine, where it is a network's.
_APART = timedelta(seconds=30)
_STRANGERS = 0o027
_WRITERS = 4


def examine(lake: Lake) -> list[Finding]:
    """All that can be said of a place, whether a lake is there yet or not."""
    return list(_examine(lake))


def _examine(lake: Lake) -> Iterator[Finding]:
    yield from _folder(lake.local)
    yield room(lake.local)
    yield modes(lake.local)
    if lake.remote:
        reached = store(lake)
        yield reached
        if reached.level == "fail":
            return
    if not lake.exists():
        yield Finding("lake", "ok", f"{lake.uri}: none yet; the first run makes it")
        return
    yield catalog(lake)
    yield clock(lake, datetime.now(UTC))


def _folder(folder: Path) -> Iterator[Finding]:
    """Whether files can be made in a folder, or it itself; who can read them; and what time they are of."""
    there = _nearest(folder)
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".doctor-") as temporary:
            path = Path(temporary.name + "-")  # the first is made for its user alone, whatever the umask
            try:
                before = datetime.now(UTC)
                path.touch()
                made = path.stat()
            finally:
                path.unlink(missing_ok=True)
    except OSError as error:
        make = "chown -R" if there == folder else "install --directory --owner"
        advice = f"let this user write there: sudo {make} {os.geteuid()} {folder}"
        yield Finding("folder", "fail", f"{there}: {error.strerror}", advice)
        return
    yield Finding("folder", "ok", f"{there}: can be written")
    if made.st_mode & _STRANGERS:
        text = f"{there}: its file system gives files to all, whatever newslake asks for"
        yield Finding("umask", "warn", text, "mount it with umask=027, or take out its default ACL")
    apart = abs(datetime.fromtimestamp(made.st_mtime, UTC) - before)
    if apart > _APART:
        text = f"{there}: its clock is {apart.total_seconds():,.0f} s from this machine's"
        yield Finding("clock", "warn", text, "set both by NTP: timedatectl set-ntp true")


def room(folder: Path) -> Finding:
    """Whether there is room on the disk of a folder."""
    found = disk(folder)
    if found.is_low:
        return Finding("disk", "fail", found.text, MAKE_ROOM)
    return Finding("disk", "ok", found.text)


def modes(folder: Path) -> Finding:
    """Whether strangers can read the files of a folder, or its group write them."""
    if not folder.exists():
        return Finding("modes", "ok", "no file yet")
    every = [folder, *folder.rglob("*")] if _is_open(folder) else [folder]
    loose = sum(1 for path in every if _is_open(path))
    if loose:
        text = f"{folder}: {loose:,} files or folders that strangers can read or their group can write"
        return Finding("modes", "warn", text, f"chmod -R g-w,o-rwx {folder}")
    return Finding("modes", "ok", f"{folder}: strangers cannot read it")


def catalog(lake: Lake) -> Finding:
    """Whether the lake answers: its tables whole, its catalog open."""
    try:
        lake.state()
        with read(lake) as con:
            con.view("runs").limit(1).fetchall()
    except (LakeError, OSError, DeltaError, duckdb.Error) as error:
        return Finding("lake", "fail", one_line(str(error), 300), "newslake verify says more")
    return Finding("lake", "ok", f"{lake.uri}: answers")


def clock(lake: Lake, now: datetime) -> Finding:
    """Whether the newest row was written before ``now``."""
    newest: list[datetime] = []
    for delta in lake.state().values():
        actions = pa.table(delta.get_add_actions(flatten=True))
        if "max.ingested_at" in actions.column_names:
            newest += [time for time in actions["max.ingested_at"].to_pylist() if time]
    if newest and max(newest) > now + _APART:
        ahead = max(newest) - now
        text = f"the newest row is {ahead.total_seconds():,.0f} s in the future: a clock was, or is, wrong"
        return Finding("clock", "fail", text, "set it by NTP: timedatectl set-ntp true")
    return Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC, after the newest row")


def store(lake: Lake) -> Finding:
    """Whether the object store refuses to put an object that is there: writers on several machines rest on it.

    So many writers append a row to a table at once: a store that does not refuse loses some of them.
    """
    place = f"{lake.uri}/.doctor-{uuid4().hex}"
    rows = pa.table({"n": [1]})
    try:
        with object_store.told(lake.uri):
            DeltaTable.create(place, rows.schema, storage_options=lake.storage)
            try:
                tables = [DeltaTable(place, storage_options=lake.storage) for _ in range(_WRITERS)]
                with ThreadPoolExecutor(_WRITERS) as writers:
                    list(writers.map(lambda table: write_deltalake(table, rows, mode="append"), tables))
                kept = len(DeltaTable(place, storage_options=lake.storage).file_uris())
            finally:
                _delete(place, lake)
    except (OSError, DeltaError) as error:
        return Finding("store", "fail", one_line(str(error), 300), "see its address, keys and network")
    if kept == _WRITERS:
        return Finding("store", "ok", f"{lake.uri}: {_WRITERS} writers at once lost nothing")
    text = f"{lake.uri}: of {_WRITERS} writers at once {_WRITERS - kept} lost a commit: If-None-Match is not heeded"
    return Finding("store", "fail", text, "use a store that heeds it: AWS, MinIO, R2, Ceph 19 or later")


def _delete(place: str, lake: Lake) -> None:
    """Delete what was tried; an empty object that stands for the lake's folder may stay."""
    parent, _, name = place.rpartition("/")
    object_store.files(parent, lake.storage).delete_dir(name)


def _nearest(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def _is_open(path: Path) -> bool:
    return not path.is_symlink() and bool(path.stat().st_mode & _STRANGERS)
