"""The flow against a real Prefect server: from the command, from Python, from a deployment, on a schedule."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tasks.automations import watch_after_failure
from tests.alerts.receivers import hook
from tests.bench.generate import write
from tests.crawl.site import site

ROOT = Path(__file__).parents[2]
PATIENCE = 300


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with prefect_server(tmp_path_factory.mktemp("prefect")) as environment:
        yield environment


@contextmanager
def prefect_server(home: Path) -> Iterator[dict[str, str]]:
    """A server of its own; yields the environment in which its clients run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NEWSLAKE_"))} | {
        "HOME": str(home),
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if httpx.get(environment["PREFECT_API_URL"] + "/health", timeout=2).is_success:
                    break
            except httpx.TransportError:
                assert time.monotonic() < deadline, "Prefect's server did not start"
                time.sleep(0.3)
        yield environment
    finally:
        process.terminate()
        process.wait(30)


def prefect(server: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *arguments], env=server, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def api(server: dict[str, str], path: str, body: dict[str, Any] | None = None) -> Any:
    answer = httpx.post(server["PREFECT_API_URL"] + path, json=body or {}, timeout=30)
    answer.raise_for_status()
    return answer.json()


def logged(server: dict[str, str]) -> list[dict[str, Any]]:
    """The lines of all runs' logs, oldest first; they are sent some seconds after they were written."""
    deadline = time.monotonic() + PATIENCE
    while True:
        lines: list[dict[str, Any]] = api(server, "/logs/filter", {"sort": "TIMESTAMP_ASC"})
        if any(line["message"].startswith("end run=") for line in lines):
            return lines
        assert time.monotonic() < deadline, "no run has logged its end"
        time.sleep(0.3)


def articles(lake: Path) -> int:
    with duckdb.connect(str(lake / "newslake.duckdb"), read_only=True) as con:
        found: int = con.sql("SELECT count(*) FROM articles").fetchall()[0][0]
        return found


def test_the_command_runs_the_flow_where_an_api_is_set(server: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path / "in", 3, 1_200)
    command = [
        sys.executable,
        "-m",
        "flows.cli",
        "load",
        str(tmp_path / "in"),
        "--lake",
        str(tmp_path / "lake"),
    ]
    done = subprocess.run(command, env=server, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "new                   3\n" in done.stdout
    assert articles(tmp_path / "lake") == 3
    (run,) = api(server, "/flow_runs/filter")
    assert (run["state_name"], run["parameters"]["source"]) == ("Completed", "files")
    tasks = {task["name"].rsplit("-", 1)[0] for task in api(server, "/task_runs/filter")}
    assert tasks == {"recover", "extract", "commit", "check"}
    shown = {found["key"]: found["data"] for found in api(server, "/artifacts/latest/filter")}
    assert shown.keys() == {"load-progress", "load-sources", "load-summary", "load-articles-per-day"}
    assert shown["load-progress"] == 100
    assert '"source id": "files", "new": 3' in shown["load-sources"]
    assert "## load: 3 new" in shown["load-summary"]
    assert "data:image/svg+xml" in shown["load-articles-per-day"]
    said = [line["message"] for line in logged(server)]
    assert [line.split(" ")[0] for line in said if " run=" in line] == ["begin", "batch", "end"]


def test_the_flow_runs_from_python_and_validates_its_parameters(
    server: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path / "in", 2, 1_200)
    code = f"""
from prefect.exceptions import ParameterTypeError
from flows.load import load
report = load([{str(tmp_path / "in")!r}], lake={str(tmp_path / "lake")!r}, workers=1)
assert report.outcomes == {{"new": 2}}, report
from flows.reextract import reextract
found = reextract({str(tmp_path / "lake")!r}, workers=1)
assert (dict(found.report.outcomes), found.fields) == ({{"unchanged": 2}}, {{}}), found
for wrong in ({{"paths": []}}, {{"paths": ["x"], "workers": 0}}, {{"paths": ["x"], "source": ""}}):
    try:
        load(**wrong)
    except ParameterTypeError:
        continue
    raise AssertionError(wrong)
# Prefect takes no artifact under such a key, and the run completes nevertheless.
report = load.with_options(name="no key")([{str(tmp_path / "in")!r}], lake={str(tmp_path / "lake")!r}, workers=1)
assert report.read == 2, report
"""
    done = subprocess.run([sys.executable, "-c", code], env=server, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert articles(tmp_path / "lake") == 2
    assert done.stderr.count("unpublished run=") == 1


def test_a_deployment_runs_on_its_schedule(server: dict[str, str], tmp_path: Path) -> None:
    with site() as shore:
        shore.article("/a", "Storm closes harbour")
        shore.article("/b", "Ferry sails again")
        shore.feed("/feed", {"/a": "", "/b": ""})
        source = f'id = "shore"\nname = "Shore Post"\nallow_private = true\nfeeds = ["{shore.url}/feed"]\n'
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "shore.toml").write_text(source + "politeness.delay = 0\n", encoding="utf-8")
        deployed = deploy(server)
        assert set(deployed) == {
            "new", "back-fill", "files", "stored", "nightly", "weekly", "daily", "watch"
        }  # fmt: skip
        run_on_schedule(server, deployed["new"], tmp_path)
        assert shore.take().count("/feed") == 1  # not due before half an hour has passed
    assert articles(tmp_path / "lake") == 2


def deploy(server: dict[str, str]) -> dict[str, Any]:
    """The deployments by name, applied where they are not yet."""
    if not api(server, "/deployments/filter"):
        prefect(server, "work-pool", "create", "newslake", "--type", "process")
        prefect(server, "--no-prompt", "deploy", "--all", "--prefect-file", "deployments/prefect.yaml")
    return {found["name"]: found for found in api(server, "/deployments/filter")}


def test_a_run_that_fails_is_told_at_once(server: dict[str, str], tmp_path: Path) -> None:
    deployed = deploy(server)
    watched = [found["id"] for name, found in deployed.items() if name != "watch"]
    url = server["PREFECT_API_URL"]
    send("POST", url + "/automations/", watch_after_failure(deployed["watch"]["id"], watched))
    wrong = {"paths": [str(tmp_path)], "lake": "a%20lake"}  # it cannot be a lake's place
    send("POST", url + f"/deployments/{deployed['files']['id']}/create_flow_run", {"parameters": wrong})
    with hook() as taken:
        environment = server | {"NEWSLAKE_LAKE": str(tmp_path / "lake"), "NEWSLAKE_WEBHOOK_URL": taken.url}
        worker = subprocess.Popen(
            [sys.executable, "-m", "prefect", "worker", "start", "--pool", "newslake"],
            env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + PATIENCE
            while ("run:load/files", "open") not in taken.statuses():
                assert time.monotonic() < deadline, f"no alert: {taken.statuses()}"
                time.sleep(0.5)
        finally:
            worker.terminate()
            worker.wait(30)
    (alert,) = [body for body in taken.taken if body["kind"] == "run_failed"]
    assert "a lake's path may not hold %" in alert["summary"]


def send(method: str, url: str, json: object) -> None:
    """Tell the server something; a busy one, whose database is locked, answers 503 and is told again."""
    deadline = time.monotonic() + PATIENCE
    while (answer := httpx.request(method, url, json=json, timeout=30)).status_code == 503:
        assert time.monotonic() < deadline, "Prefect's server stays busy"
        time.sleep(0.5)
    answer.raise_for_status()


def run_on_schedule(server: dict[str, str], deployment: dict[str, Any], folder: Path) -> None:
    """Give a deployment a lake, sources and a schedule, and see one run of it complete."""
    parameters = deployment["parameters"] | {"lake": str(folder / "lake"), "sources": str(folder / "sources")}
    url = server["PREFECT_API_URL"] + f"/deployments/{deployment['id']}"
    send("PATCH", url, {"parameters": parameters})
    schedule = {"interval": timedelta(seconds=10).total_seconds(), "timezone": "UTC"}
    send("POST", url + "/schedules", [{"active": True, "schedule": schedule}])
    worker = subprocess.Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "newslake", "--limit", "1"],
        env=server, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        of_ours = {"deployments": {"id": {"any_": [deployment["id"]]}}}
        deadline = time.monotonic() + PATIENCE
        states: list[str] = []
        while "Completed" not in states:
            assert time.monotonic() < deadline, f"no scheduled run has completed: {states}"
            time.sleep(0.5)
            runs = api(server, "/flow_runs/filter", of_ours)
            states = [run["state_name"] for run in runs if run["auto_scheduled"]]
            assert "Failed" not in states
            assert "Crashed" not in states
    finally:
        worker.terminate()
        worker.wait(30)
