"""``newslake serve``: a small server in one command: Prefect's server, a worker and the deployments."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path

from flows.console import FAILED, TAKEN, failures
from tasks.lake.store import LakeError
from tasks.serving.deploy import OWN_DEPLOYMENTS, prepare
from tasks.serving.deploy import deploy as apply
from tasks.serving.prefect_api import PrefectAPI, PrefectError
from tasks.serving.server import Server
from tasks.serving.variables import login
from tasks.settings import configured, environment, revealed

LOOPBACK = ("127.", "::1", "localhost")


def serve(
    *,
    lake: str | None,
    sources: Path | None,
    host: str | None,
    port: int | None,
    home: Path | None,
    deployments: Path | None,
) -> int:
    """Serve until SIGTERM or SIGINT comes; returns the exit code."""
    with failures():
        settings = configured(
            lake=lake, sources=sources, host=host, port=port, home=home, deployments=deployments
        )
        settings.place  # noqa: B018 (what can be no lake is told now, and not by every run)
        server = Server(settings, settings.deployments or OWN_DEPLOYMENTS, _say)
        told: list[int] = []
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda received, _: told.append(received))
        if not settings.host.startswith(LOOPBACK):
            _say(f"listening on {settings.host}: whoever reaches it may start runs and read what they say")
        try:
            with server.alone():
                _say(f"serving {settings.lake}; Prefect's database and lock are in {server.home}")
                server.run(lambda: bool(told))
        except PrefectError as error:
            raise LakeError(str(error)) from error
        _say("stopped")
        return TAKEN
    return FAILED


def deploy(deployments: Path | None) -> int:
    """``newslake deploy``: tell a Prefect server that has workers of its own what to run when."""
    with failures():
        settings = configured(deployments=deployments)
        url = settings.prefect_api
        try:
            with closing(PrefectAPI(url, revealed(settings.prefect_api_auth_string))) as api:
                prepare(api)
                told = environment({}, {"PREFECT_API_URL": url} | login(settings))
                apply(api, settings.deployments or OWN_DEPLOYMENTS, told, _say)
                _say(f"{len(api.deployments())} deployments at {url}")
        except PrefectError as error:
            raise LakeError(str(error)) from error
        return TAKEN
    return FAILED


def _say(line: str) -> None:
    print(f"newslake: {line}", flush=True)
