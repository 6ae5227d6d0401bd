"""A larger server, as docs/server.md sets it up: Prefect on PostgreSQL, and two workers that share a lake."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dotenv import dotenv_values

from tasks.serving.prefect_api import POOL, PrefectAPI
from tests.bench.generate import write
from tests.flows.postgres import postgres, programs
from tests.flows.serving import until

ROOT = Path(__file__).parents[2]
PATIENCE = 180
TEXTS = 9
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL here"),
]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the units tell server, workers and commands, with a PostgreSQL that runs."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PREFECT_", "NEWSLAKE_"))}
    told = {
        name: value for name, value in dotenv_values(ROOT / "deployments" / "prefect.env").items() if value
    }
    port = free_port()
    with postgres(free_port(), PATIENCE) as database:
        yield kept | told | {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_HOME": str(tmp_path / "home"),
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "NEWSLAKE_LAKE": str(tmp_path / "lake"),
            "NEWSLAKE_SOURCES": str(tmp_path / "sources"),
            "NEWSLAKE_WORKERS": "1",
        }  # fmt: skip


def deployments(folder: Path) -> Path:
    """The house's deployment of loads, but that they may run beside each other, and one of all texts is scheduled."""
    content = yaml.safe_load((ROOT / "deployments" / "prefect.yaml").read_text(encoding="utf-8"))
    (files,) = (found for found in content["deployments"] if found["name"] == "files")
    del files["concurrency_limit"]
    files |= {"schedules": [{"interval": 86_400}], "parameters": {"paths": [str(folder / "in")]}}
    file = folder / "prefect.yaml"
    file.write_text(yaml.safe_dump({"name": "test", "deployments": [files]}), encoding="utf-8")
    return file


def test_workers_share_the_runs(environment: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path / "in", TEXTS, 1_200)
    api = PrefectAPI(environment["PREFECT_API_URL"], patience=PATIENCE)
    with ExitStack() as ends:
        ends.callback(api.close)

        def start(*arguments: str) -> None:
            command = [sys.executable, "-m", "prefect", *arguments]
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            ends.callback(process.wait)
            ends.callback(process.terminate)

        start("server", "start")
        until(lambda: api.healthy, "an answer of Prefect's server", PATIENCE)
        command = [sys.executable, "-m", "flows.cli", "deploy", "--deployments", str(deployments(tmp_path))]
        with subprocess.Popen(
            command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE
        ) as deploying:
            until(lambda: api.all("work_pools", {}), "the pool", PATIENCE)
            for name in ("here-1", "here-2"):
                start("worker", "start", "--pool", POOL, "--type", "process", "--name", name)
            said, _ = deploying.communicate()
        assert deploying.returncode == 0, said
        assert "1 deployments at " in said
        until(lambda: len(online(api)) == 2, "two workers", PATIENCE)

        (deployment,) = api.all("deployments", {})
        texts = sorted(str(path) for path in (tmp_path / "in").rglob("*.txt"))
        for third in range(3):
            asked = {"parameters": {"paths": texts[third::3]}, "state": {"type": "SCHEDULED"}}
            api.ask("POST", f"/deployments/{deployment['id']}/create_flow_run", asked)
        # What the scheduler planned for the next day is due now.
        planned = until(lambda: [run for run in api.all("flow_runs", {}) if run["auto_scheduled"]], "a plan")
        now = {"state": {"type": "SCHEDULED"}, "force": True}
        api.ask("POST", f"/flow_runs/{planned[0]['id']}/set_state", now)
        until(lambda: len(ended(api)) == 4, "four runs", PATIENCE)
        assert {(run["state_name"], run["run_count"]) for run in ended(api)} == {("Completed", 1)}
    assert not (tmp_path / "home" / "prefect.db").exists()
    with duckdb.connect(str(tmp_path / "lake" / "newslake.duckdb"), read_only=True) as con:
        counted = "SELECT count(*), count(DISTINCT article_id) FROM article_versions"
        assert con.sql(counted).fetchall() == [(TEXTS, TEXTS)]


def online(api: PrefectAPI) -> list[str]:
    workers = api.ask("POST", f"/work_pools/{POOL}/workers/filter", {})
    return [worker["name"] for worker in workers if worker["status"] == "ONLINE"]


def ended(api: PrefectAPI) -> list[dict[str, Any]]:
    return [run for run in api.all("flow_runs", {}) if run["end_time"]]
