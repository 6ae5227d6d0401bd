"""What Prefect knows of the deployments' runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, Final

from tasks.concerns import FlowRun
from tasks.serving.prefect_api import PrefectAPI, PrefectError

_ENDED: Final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def flow_runs(api_url: str, auth: str | None = None) -> list[FlowRun]:
    """Of each deployment the last two runs that ended, those that run, the next one, and those that are late.

    ``auth``: ``user:password`` of a server that asks for it. Newest first. Raises PrefectError.
    """
    with closing(PrefectAPI(api_url, auth, patience=0)) as api:
        try:
            return _read(api)
        except (ValueError, KeyError, TypeError) as error:
            raise PrefectError(
                f"{api_url}: answers otherwise than Prefect: {type(error).__name__}"
            ) from error


def _read(api: PrefectAPI) -> list[FlowRun]:
    deployments = api.deployments()
    wanted = {deployment["flow_id"] for deployment in deployments}
    flows = api.all("flows", {"flows": {"id": {"any_": sorted(wanted)}}}) if wanted else []
    flow_names = {flow["id"]: flow["name"] for flow in flows}
    found: dict[str, FlowRun] = {}
    for deployment in deployments:
        flow = flow_names[deployment["flow_id"]]
        for row in _of(api, deployment["id"]):
            found[row["id"]] = _run(row, flow, f"{flow}/{deployment['name']}")
    return sorted(found.values(), key=lambda run: str(run.ended or run.started or run.expected), reverse=True)


def _of(api: PrefectAPI, deployment_id: str) -> Iterable[dict[str, Any]]:
    """The runs of a deployment that count."""

    def some(types: Sequence[str], sort: str, limit: int) -> Any:
        runs = {"deployment_id": {"any_": [deployment_id]}, "state": {"type": {"any_": list(types)}}}
        return api.ask("POST", "/flow_runs/filter", {"flow_runs": runs, "sort": sort, "limit": limit})

    yield from some(_ENDED, "END_TIME_DESC", 2)
    yield from some(["RUNNING", "PENDING"], "START_TIME_DESC", 2)
    yield from some(["SCHEDULED"], "NEXT_SCHEDULED_START_TIME_ASC", 10)


def _run(row: dict[str, Any], flow: str, deployment: str) -> FlowRun:
    state = row["state"] or {}
    return FlowRun(
        row["id"], row["name"], flow, deployment, row["state_type"], row["state_name"], state.get("message"),
        _time(row["expected_start_time"]), _time(row["start_time"]), _time(row["end_time"]),
    )  # fmt: skip


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
