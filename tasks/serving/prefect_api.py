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
_ONCE = 10.0  # seconds that a server has to answer who asks it but once
_TOLD = 300  # characters of an answer that an error quotes


class PrefectError(Exception):
    """The server refuses a request, or does not answer; the message is one line."""


class PrefectAPI:
    """A Prefect server at ``url``, which ends in /api."""

    def __init__(self, url: str, auth: str | None = None, *, patience: float = _PATIENCE) -> None:
        """``auth``: ``user:password`` of a server that asks for it.

        ``patience``: seconds for which one that does not answer is asked again, 0 for once. Raises PrefectError where
        ``url`` is no address.
        """
        self._url, self._patience = url, patience
        user, _, password = (auth or "").partition(":")
        try:
            # A proxy is for the web, not for a server of one's own.
            self._client = httpx.Client(
                base_url=url,
                timeout=30 if patience else _ONCE,
                trust_env=False,
                auth=httpx.BasicAuth(user, password) if auth else None,
            )
        except httpx.InvalidURL as error:
            raise PrefectError(f"{url}: {type(error).__name__}: {error}") from error

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
                final = isinstance(error, httpx.UnsupportedProtocol)
            else:
                if answer.is_success:
                    return self._json(answer)
                wrong = f"{answer.status_code} at {method} {path}: {answer.text}"
                final = answer.status_code < 500
            if final or time.monotonic() >= deadline:
                raise PrefectError(f"{self._url}: {' '.join(wrong.split())[:_TOLD]}")
            time.sleep(0.5)

    def _json(self, answer: httpx.Response) -> Any:
        try:
            return answer.json() if answer.content else None
        except ValueError as error:
            raise PrefectError(f"{self._url}: something other than Prefect answers there") from error

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

    def deployments(self) -> list[dict[str, Any]]:
        """Our deployments, as Prefect tells of them."""
        return self.all("deployments", {"deployments": {"tags": {"all_": [TAG]}}})

    def next_runs(self) -> list[tuple[str, str]]:
        """Deployment and time (ISO 8601, UTC) of each one's next scheduled run, soonest first."""
        names = {deployment["id"]: deployment["name"] for deployment in self.deployments()}
        scheduled = {
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        soonest: dict[str, str] = {}
        for run in self.all("flow_runs", scheduled):
            if run["deployment_id"] in names:
                soonest.setdefault(names[run["deployment_id"]], run["expected_start_time"])
        return list(soonest.items())
