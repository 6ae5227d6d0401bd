"""What the tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tasks.settings import Settings
from tasks.settings_keys import variables

# Whatever the environment says: else each process, and each command that a test starts, compiles every module anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Folders whose files take longest. Begun last, one of them would keep a core busy while the others wait.
FIRST = ("flows", "lake", "crawl")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; the rest as collected."""
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(FIRST)))


class ByFile(LoadFileScheduling):
    """A file's tests run in one process, and all of tests/flows in one: they share a Prefect server."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/flows" if nodeid.startswith("tests/flows/") else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """What ``--dist loadfile`` means here."""
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, empty; no setting comes from outside."""
    for name in Settings.model_fields:
        for variable in variables(name):
            monkeypatch.delenv(variable, raising=False)
            monkeypatch.delenv(variable.lower(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path
