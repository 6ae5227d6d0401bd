"""A lake that is made once for the tests of a file, each of which gets it as it was made."""

from __future__ import annotations

import shutil

from tasks.lake.store import Lake


class Kept:
    """A lake and a copy of its folder. Its catalog names files by their absolute paths, so the place stays the same."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._copy = lake.local.with_name("kept")
        shutil.copytree(lake.local, self._copy)

    def restored(self) -> Lake:
        """The lake, whatever has become of it meanwhile."""
        shutil.rmtree(self._lake.local)
        shutil.copytree(self._copy, self._lake.local)
        return Lake(self._lake.local)
