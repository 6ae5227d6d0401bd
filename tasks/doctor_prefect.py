"""Checks of Prefect: its server, worker and deployments, asked of its API."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

from tasks.doctor_machine import installed
from tasks.files.streams import one_line
from tasks.finding import Finding
from tasks.serving.prefect_api import POOL, PrefectAPI, PrefectError
from tasks.settings import Settings, revealed

_START: Final = "newslake serve starts it, or see docs/server.md"


def examine(settings: Settings) -> list[Finding]:
    """All that Prefect's API tells; where none is set, whether one could be started here."""
    api_url, auth = settings.prefect_api, revealed(settings.prefect_api_auth_string)
    try:
        with closing(PrefectAPI(api_url, auth, patience=0)) as api:
            version = api.ask("GET", "/admin/version")
            return [_version(api_url, str(version)), *_pool(api), *_deployments(api)]
    except (PrefectError, KeyError, TypeError) as error:
        return [_silent(settings, error)]


def _silent(settings: Settings, error: Exception) -> Finding:
    """No Prefect there: is something else?"""
    if settings.prefect_api_url:
        text = one_line(f"Prefect does not answer: {error}", 200)
        return Finding("server", "fail", text, _START)
    port = settings.port
    try:
        socket.create_connection((urlsplit(settings.server).hostname, port), timeout=1).close()
    except OSError:
        return Finding("port", "ok", f"{port} is free; no server runs, and none is needed to run by hand")
    text = one_line(f"what listens at port {port} is not ours: {error}", 200)
    return Finding("port", "warn", text, "stop it, or give newslake serve another port")


def _version(api_url: str, version: str) -> Finding:
    ours = installed("prefect")
    if version != ours:
        text = f"{api_url} is Prefect {version}, here is {ours}"
        return Finding("server", "warn", text, "install the same version on both")
    return Finding("server", "ok", f"Prefect {version} at {api_url}")


def _pool(api: PrefectAPI) -> Iterator[Finding]:
    pool = next((each for each in api.all("work_pools", {}) if each["name"] == POOL), None)
    if not pool:
        yield Finding("worker", "fail", f"there is no work pool {POOL}", _START)
        return
    if pool["is_paused"]:
        advice = f"prefect work-pool resume {POOL}"
        yield Finding("worker", "fail", f"the work pool {POOL} is paused: nothing runs", advice)
        return
    workers = api.all(f"work_pools/{POOL}/workers", {})
    alive = [worker["name"] for worker in workers if worker["status"] == "ONLINE"]
    if not alive:
        advice = f"newslake serve, or prefect worker start --pool {POOL}"
        yield Finding("worker", "fail", f"no worker of the pool {POOL} is alive: nothing runs", advice)
    else:
        yield Finding("worker", "ok", f"{len(alive):,} alive in the pool {POOL}")


def _deployments(api: PrefectAPI) -> Iterator[Finding]:
    found = api.deployments()
    if not found:
        advice = "newslake serve, or newslake deploy"
        yield Finding("deployments", "fail", "none is applied: nothing is scheduled", advice)
        return
    paused = [
        each["name"]
        for each in found
        if each["paused"] or (each["schedules"] and not any(s["active"] for s in each["schedules"]))
    ]
    if paused:
        text = f"paused: {', '.join(sorted(paused))}"
        yield Finding("deployments", "warn", text, "resume them in Prefect's pages")
    else:
        scheduled = sum(bool(each["schedules"]) for each in found)
        yield Finding("deployments", "ok", f"{len(found):,} applied, {scheduled:,} on a schedule")
