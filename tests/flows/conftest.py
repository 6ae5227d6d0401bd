"""One `newslake serve` for all tests of flows: its Prefect server takes longest to start."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tasks.settings import Settings
from tasks.settings_keys import is_secret, variables
from tests.alerts.receivers import Hook, hook
from tests.flows.serving import Serving
from tests.newsroom import newsroom

HOURLY = 3600.0
HUSH = "hushhushhush"
"""Stands in every secret that the server and its runs know."""
# What it ingests of the newsroom: tests/web has the others.
OUTLETS = {"norhaven-post", "echo-de-brecourt"}


@dataclass
class Served:
    """A server that runs, the file of what it says, and where its alerts go."""

    place: Serving
    process: subprocess.Popen[str]
    said: Path
    taken: Hook


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Its deployments are applied; two outlets of the newsroom are what it ingests."""
    with newsroom() as room, hook() as taken:
        more = _secrets() | {"NEWSLAKE_WORKERS": "1", "NEWSLAKE_WEBHOOK_URL": f"{taken.url}/{HUSH}"}
        place = Serving(tmp_path_factory.mktemp("serve"), every=HOURLY, more=more)
        for file in room.sources(place.sources):
            if file.stem not in OUTLETS:
                file.unlink()
        said = place.folder / "said"
        with said.open("w") as output, place.start(stdout=output, stderr=subprocess.STDOUT) as process:
            try:
                place.ready()  # what used it meanwhile would wait for its database, and so would the deployments
                yield Served(place, process, said, taken)
            finally:
                process.kill()


def _secrets() -> dict[str, str]:
    """All but the one that the server would ask the tests for too."""
    secrets = {variables(name)[0]: HUSH for name in Settings.model_fields if is_secret(name)}
    del secrets["PREFECT_API_AUTH_STRING"]
    proxies = {name: f"http://user:{HUSH}@127.0.0.1:1" for name in secrets if name.endswith("_PROXY")}
    return secrets | proxies | {"NO_PROXY": "*"}
