"""Prefect automations, as its API takes them (``POST /automations/``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def watch_after_failure(watch_id: str, watched_ids: Sequence[str]) -> dict[str, Any]:
    """Run the deployment ``watch_id`` as soon as a run of one of ``watched_ids`` fails, crashes or times out.

    ``watch_id`` may not be among them: a watch that fails would start the next one. Ids are those of deployments, which
    applying them anew does not change.
    """
    if watch_id in watched_ids:
        raise ValueError("a watch must not be started by its own failure")
    return {
        "name": "newslake: watch after failure",
        "description": "Sends an alert within a minute after a run failed; made by newslake serve.",
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
