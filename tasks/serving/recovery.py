"""Runs whose process is gone: Prefect holds them for running, and their place taken, until it is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tasks.serving.prefect_api import POOL, PrefectAPI

UNFINISHED = ("RUNNING", "PENDING", "CANCELLING")


def reap(api: PrefectAPI, home: Path) -> list[str]:
    """Mark the pool's unfinished runs that have no process here as crashed; returns their names.

    The pool is this machine's own: a run of another machine's worker would have no process here. Raises PrefectError.
    """
    living = {run_id for _, run_id in processes(home)}
    unfinished = {
        "flow_runs": {"state": {"type": {"any_": list(UNFINISHED)}}},
        "work_pools": {"name": {"any_": [POOL]}},
    }
    dead = [run for run in api.all("flow_runs", unfinished) if run["id"] not in living]
    crashed = {"type": "CRASHED", "name": "Crashed", "message": "Its process is gone."}
    for run in dead:
        api.ask("POST", f"/flow_runs/{run['id']}/set_state", {"state": crashed, "force": True})
    return [run["name"] for run in dead]


def processes(home: Path) -> Iterator[tuple[int, str]]:
    """Process id and run id of each process here that belongs to a run of the server at ``home``; only Linux tells."""
    ours = f"PREFECT_HOME={home}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or is another user's
            variables = (folder / "environ").read_bytes().split(b"\0")
            run = next((v for v in variables if v.startswith(b"PREFECT__FLOW_RUN_ID=")), None)
            if run and ours in variables:
                yield int(folder.name), run.partition(b"=")[2].decode()


def kill_processes(home: Path) -> int:
    """Kill them; returns how many. The lake bears it."""
    killed = 0
    for pid, _ in processes(home):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed
