"""What Prefect knows of the deployments' runs, asked of its API: Prefect itself takes seconds to import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import httpx

from tasks.concerns import FlowRun
from tasks.serving.prefect_api import TAG

_ENDED: Final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
_SECONDS: Final = 10


class Unreachable(Exception):
    """Prefect's API does not answer as it should; the message is one line."""


def flow_runs(api_url: str, auth: str | None = None) -> list[FlowRun]:
    """Of each deployment the last two runs that ended, those that run, the next one, and those that are late.

    ``auth``: ``user:password`` of a server that asks for it. Newest first. Raises Unreachable.
    """
    user, _, password = (auth or "").partition(":")
    login = httpx.BasicAuth(user, password) if auth else None
    try:
        # A proxy is for the web, not for a server of one's own.
        with httpx.Client(base_url=api_url, timeout=_SECONDS, trust_env=False, auth=login) as client:
            return _read(client)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise Unreachable(
            f"{api_url}: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        ) from error


def _read(client: httpx.Client) -> list[FlowRun]:
    deployments = _post(client, "/deployments/filter", {"deployments": {"tags": {"all_": [TAG]}}})
    wanted = {deployment["flow_id"] for deployment in deployments}
    flows = _post(client, "/flows/filter", {"flows": {"id": {"any_": sorted(wanted)}}}) if wanted else []
    flow_names = {flow["id"]: flow["name"] for flow in flows}
    found: dict[str, FlowRun] = {}
    for deployment in deployments:
        flow = flow_names[deployment["flow_id"]]
        for row in _of(client, deployment["id"]):
            found[row["id"]] = _run(row, flow, f"{flow}/{deployment['name']}")
    return sorted(found.values(), key=lambda run: str(run.ended or run.started or run.expected), reverse=True)


def _of(client: httpx.Client, deployment_id: str) -> Iterable[dict[str, Any]]:
    """The runs of a deployment that count."""

    def some(types: Sequence[str], sort: str, limit: int) -> Any:
        runs = {"deployment_id": {"any_": [deployment_id]}, "state": {"type": {"any_": list(types)}}}
        return _post(client, "/flow_runs/filter", {"flow_runs": runs, "sort": sort, "limit": limit})

    yield from some(_ENDED, "END_TIME_DESC", 2)
    yield from some(["RUNNING", "PENDING"], "START_TIME_DESC", 2)
    yield from some(["SCHEDULED"], "NEXT_SCHEDULED_START_TIME_ASC", 10)


def _post(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json=body).raise_for_status().json()


def _run(row: dict[str, Any], flow: str, deployment: str) -> FlowRun:
    state = row["state"] or {}
    return FlowRun(
        row["id"], row["name"], flow, deployment, row["state_type"], row["state_name"], state.get("message"),
        _time(row["expected_start_time"]), _time(row["start_time"]), _time(row["end_time"]),
    )  # fmt: skip


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
