"""Prefect automations, as its API takes them (``POST /automations/``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

HEARTBEAT_SECONDS = 30
"""A run tells that it lives so often: as often as Prefect allows."""
SILENCE_SECONDS = 120
"""A run that has not told for so long is dead. On a busy machine the server itself may be away for a minute."""

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


def watch_after_failure(watch_id: str, watched_ids: Sequence[str]) -> dict[str, Any]:
    """Run the deployment ``watch_id`` as soon as a run of one of ``watched_ids`` fails, crashes or times out.

    ``watch_id`` may not be among them: a watch that fails would start the next one. Ids are those of deployments, which
    applying them anew does not change.
    """
    if watch_id in watched_ids:
        raise ValueError("a watch must not be started by its own failure")
    return {
        "name": "newslake: watch after failure",
        "description": "Sends an alert within a minute after a run failed; made by newslake.",
        "enabled": True,
        "trigger": {
            "type": "event",
            "posture": "Reactive",
            "expect": [f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut")],
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "match_related": {
                "prefect.resource.role": "deployment",
                "prefect.resource.id": [f"prefect.deployment.{each}" for each in watched_ids],
            },
            "for_each": ["prefect.resource.id"],
            "threshold": 1,
            "within": 0,
        },
        "actions": [
            {"type": "run-deployment", "source": "selected", "deployment_id": watch_id, "parameters": {}}
        ],
    }
