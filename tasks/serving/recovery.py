"""Runs whose process is gone: Prefect holds them for running, and their place taken, until it is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tasks.serving.prefect_api import POOL, PrefectAPI

HEARTBEAT_SECONDS = 30
"""A run tells that it lives so often: as often as Prefect allows."""
SILENCE_SECONDS = 120
"""A run that has not told for so long is dead. On a busy machine the server itself may be away for a minute."""
UNFINISHED = ("RUNNING", "PENDING", "CANCELLING")

# For runs whose worker cannot tell: it died too, or is on another machine.
CRASHED_RUNS: dict[str, Any] = {
    "name": "newslake: runs without a heartbeat have crashed",
    "description": f"A run that has not told for {SILENCE_SECONDS} s that it lives frees its deployment's place.",
    "enabled": True,
    "trigger": {
        "type": "event",
        "posture": "Proactive",
        "match": {"prefect.resource.id": ["prefect.flow-run.*"]},
        "after": ["prefect.flow-run.heartbeat"],
        "expect": [
            "prefect.flow-run.heartbeat",
            *(
                f"prefect.flow-run.{state}"
                for state in ("Completed", "Failed", "Crashed", "Cancelled", "TimedOut")
            ),
        ],
        "for_each": ["prefect.resource.id"],
        "threshold": 1,
        "within": SILENCE_SECONDS,
    },
    "actions": [
        {
            "type": "change-flow-run-state",
            "state": "CRASHED",
            "message": f"No heartbeat for {SILENCE_SECONDS} seconds: its process is gone.",
        }
    ],
}


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
