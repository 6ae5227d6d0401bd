"""`newslake serve` as a process of a test, and what its Prefect server says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tasks.serving.prefect_api import PrefectAPI
from tests.newsroom.serve_demo import often

T = TypeVar("T")
PATIENCE = 600  # seconds; a machine may be busy


def until(found: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """What is found, as soon as it is something."""
    deadline = time.monotonic() + patience
    while not (result := found()):
        assert time.monotonic() < deadline, f"not within {patience} s: {what}"
        time.sleep(0.3)
    return result


@dataclass
class Serving:
    """A place for `newslake serve`: folders home, lake and sources in ``folder``; an ingest every so many seconds."""

    folder: Path
    every: float
    more: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.home, self.lake, self.sources = (self.folder / name for name in ("home", "lake", "sources"))
        self.deployments = often(self.folder, {"interval": self.every, "timezone": "UTC"})
        self.address = f"http://127.0.0.1:{self.port}/api"
        self.api = PrefectAPI(self.address, patience=PATIENCE)
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PREFECT_", "NEWSLAKE_"))}
        # Sooner than a worker asks by default, and not so often that its questions keep the server busy.
        quick = {"PREFECT_WORKER_QUERY_SECONDS": "3"}
        self.environment = {**kept, **quick, "NEWSLAKE_CONTACT": "test@newslake.example", **self.more}

    @property
    def client(self) -> dict[str, str]:
        """The environment of a command that talks to this server."""
        home = str(self.folder / "client")
        told = {"PREFECT_API_URL": self.address, "PREFECT_HOME": home, "DO_NOT_TRACK": "1"}
        return self.environment | told

    def start(self, **options: Any) -> subprocess.Popen[str]:
        """Begin to serve; the lines that it prints are its standard output."""
        places = {
            "home": self.home,
            "lake": self.lake,
            "sources": self.sources,
            "deployments": self.deployments,
        }
        command = [sys.executable, "-m", "flows.cli", "serve", "--port", str(self.port)]
        command += [part for name, place in places.items() for part in (f"--{name}", str(place))]
        return subprocess.Popen(command, env=self.environment, text=True, **options)

    def ready(self) -> None:
        """Wait until the deployments are applied."""
        until(lambda: self.api.healthy, "an answer of Prefect's server")
        # What is made last.
        until(lambda: len(self.api.ask("POST", "/automations/filter", {})) == 2, "the deployments")

    def runs(self, *states: str) -> list[dict[str, Any]]:
        """The scheduled ingests in these states (all but Scheduled by default), in order."""
        ingests = {"deployments": {"name": {"any_": ["new"]}}, "sort": "EXPECTED_START_TIME_ASC"}
        return [
            run
            for run in self.api.all("flow_runs", ingests)
            if run["auto_scheduled"]
            and (run["state_name"] in states if states else run["state_type"] != "SCHEDULED")
        ]

    def make_due(self) -> str:
        """Have the ingest that is planned next begin now; returns the run's id."""
        run_id: str = until(lambda: self.runs("Scheduled"), "a planned ingest")[0]["id"]
        now = {"state": {"type": "SCHEDULED"}, "force": True}
        self.api.ask("POST", f"/flow_runs/{run_id}/set_state", now)
        return run_id

    def begin(self, deployment: str, **asked: Any) -> str:
        """Ask for a run of a deployment, as its pages and commands do; returns the run's id."""
        (number,) = (found["id"] for found in self.api.deployments() if found["name"] == deployment)
        run_id: str = self.api.ask("POST", f"/deployments/{number}/create_flow_run", asked)["id"]
        return run_id

    def wait(self, run_id: str, state: str) -> None:
        """Wait until the run is in this state, and fail where it ends in another one."""

        def reached() -> bool:
            run = self.api.ask("GET", f"/flow_runs/{run_id}")
            assert run["state_name"] == state or not run["end_time"], run["state"]
            return bool(run["state_name"] == state)

        until(reached, f"a run that has {state}")

    def processes(self) -> dict[int, str]:
        """Process id → command line of everything that has this home in its environment."""
        found: dict[int, str] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"PREFECT_HOME={self.home}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def pid(self, words: str) -> int:
        """The process with these words in its command line."""
        (found,) = until(
            lambda: [pid for pid, command in self.processes().items() if words in command][:1], words, 60
        )
        return found
