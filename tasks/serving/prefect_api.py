"""What newslake asks of a Prefect server, over its REST API: importing Prefect would take seconds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx

POOL = "newslake"
"""The work pool of deployments/prefect.yaml."""
TAG = "newslake"
"""The tag of all deployments in it: others on the same server are not ours."""
_PATIENCE = 60.0  # seconds for which a server that is busy or away is asked again
_TOLD = 300  # characters of an answer that an error quotes


class PrefectError(Exception):
    """The server refuses a request, or does not answer; the message is one line."""


class PrefectAPI:
    """A Prefect server at ``url``, which ends in /api."""

    def __init__(self, url: str, patience: float = _PATIENCE) -> None:
        """``patience``: seconds for which a server that does not answer is asked again."""
        self._url, self._patience = url, patience
        self._client = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def healthy(self) -> bool:
        """Whether the server answers now."""
        try:
            return self._client.get("/health", timeout=5).is_success
        except httpx.TransportError:
            return False

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The server's answer, None for an empty one; asked again while it is busy or away. Raises PrefectError."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                answer = self._client.request(method, path, json=body)
            except httpx.TransportError as error:
                wrong = f"{type(error).__name__}: {error}"
            else:
                if answer.is_success:
                    return answer.json() if answer.content else None
                wrong = f"{answer.status_code} {' '.join(answer.text.split())[:_TOLD]}"
                if answer.status_code < 500:
                    raise PrefectError(f"Prefect's server refuses {method} {path}: {wrong}")
            if time.monotonic() >= deadline:
                raise PrefectError(
                    f"Prefect's server at {self._url} does not answer {method} {path}: {wrong}"
                )
            time.sleep(0.5)

    def all(self, what: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All that a filter finds of ``what``, such as flow_runs, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.ask("POST", f"/{what}/filter", {**body, "offset": len(found), "limit": 200})
            found += page
            if len(page) < 200:
                return found

    def ensure_pool(self, folder: str, command: str) -> None:
        """The process pool; its runs are ``command`` begun in ``folder``, where the settings' files are.

        A pool of another type, such as Kubernetes, is somebody's choice and stays as it is.
        """
        variables = {
            "type": "object",
            "properties": {
                "name": {"type": "string", "title": "Name"},
                "command": {"type": "string", "title": "Command", "default": command},
                "env": {"type": "object", "title": "Environment", "additionalProperties": {"type": "string"}},
                "labels": {"type": "object", "title": "Labels", "additionalProperties": {"type": "string"}},
                "stream_output": {"type": "boolean", "title": "Stream output", "default": True},
                "working_dir": {"type": "string", "title": "Working directory", "default": folder},
            },
        }
        configuration = {name: f"{{{{ {name} }}}}" for name in variables["properties"]}
        template = {"job_configuration": configuration, "variables": variables}
        types = {pool["name"]: pool["type"] for pool in self.all("work_pools", {})}
        if POOL not in types:
            pool = {"name": POOL, "type": "process", "base_job_template": template}
            self.ask("POST", "/work_pools/", pool)
        elif types[POOL] == "process":
            self.ask("PATCH", f"/work_pools/{POOL}", {"base_job_template": template})

    def ensure_automation(self, definition: Mapping[str, Any]) -> None:
        """The automation of that name, as it is defined."""
        name = definition["name"]
        same = self.ask("POST", "/automations/filter", {"automations": {"name": {"any_": [name]}}})
        if same:
            self.ask("PUT", f"/automations/{same[0]['id']}", definition)
        else:
            self.ask("POST", "/automations/", definition)
        for surplus in same[1:]:
            self.ask("DELETE", f"/automations/{surplus['id']}")

    def deployments(self) -> dict[str, str]:
        """Name → id of each of our deployments."""
        ours = {"deployments": {"tags": {"all_": [TAG]}}}
        return {found["name"]: found["id"] for found in self.all("deployments", ours)}

    def next_runs(self) -> list[tuple[str, str]]:
        """Deployment and time (ISO 8601, UTC) of each one's next scheduled run, soonest first."""
        names = {number: name for name, number in self.deployments().items()}
        scheduled = {
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        soonest: dict[str, str] = {}
        for run in self.all("flow_runs", scheduled):
            if run["deployment_id"] in names:
                soonest.setdefault(names[run["deployment_id"]], run["expected_start_time"])
        return list(soonest.items())
