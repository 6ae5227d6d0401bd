"""What no version of a table refers to any more, deleted once no reader can still be on it."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from deltalake import DeltaTable
from pyarrow.fs import FileSelector, FileSystem

from tasks.lake.files import live, storage
from tasks.lake.schema import PARTITION


class Waiting:
    """Files that wait for their end: table and path → when they were first seen to be superseded, kept in ``file``.

    The time of the commit that superseded a file would not do: if its writer was killed right then, readers were sent
    to the file until the next run published. Lost or damaged, the list is begun anew: all then waits the whole grace.
    """

    def __init__(self, file: Path) -> None:
        """Reads the list, where there is one."""
        self.file = file
        try:
            self.since = {
                path: datetime.fromisoformat(seen)
                for path, seen in json.loads(file.read_text("utf-8")).items()
            }
        except (OSError, ValueError, AttributeError, TypeError):
            self.since = {}

    def save(self) -> None:
        """Write the list, whole or not at all. Raises OSError."""
        draft = self.file.with_suffix(".draft")
        draft.write_text(
            json.dumps({path: f"{seen:%Y-%m-%dT%H:%M:%S%z}" for path, seen in self.since.items()}), "utf-8"
        )
        os.replace(draft, self.file)


def expire(
    tables: Iterable[tuple[str, DeltaTable]], waiting: Waiting, now: datetime, grace: timedelta
) -> int:
    """Delete files that no table refers to and that were first seen so at least ``grace`` ago; the number deleted.

    ``tables``: names and current versions, which the published catalog shows too. Files that a writer has written and
    is about to commit are among those that are seen; they leave the list with its commit, and those of a writer that
    died stay. Raises OSError.
    """
    seen: dict[str, datetime] = {}
    deleted = 0
    for name, delta in tables:
        files = storage(delta)
        for path in _unreferenced(files, {file.path for file in live(delta)}):
            since = min(now, waiting.since.get(f"{name}/{path}", now))
            if now - since >= grace:
                files.delete_file(path)
                deleted += 1
            else:
                seen[f"{name}/{path}"] = since
    waiting.since = seen
    waiting.save()
    return deleted


def _unreferenced(files: FileSystem, referenced: Collection[str]) -> Iterator[str]:
    for folder in files.get_file_info(FileSelector("")):
        if folder.path.startswith(f"{PARTITION}="):
            for info in files.get_file_info(FileSelector(folder.path)):
                if info.path not in referenced:
                    yield info.path
