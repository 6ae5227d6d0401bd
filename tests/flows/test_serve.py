"""`newslake serve` end to end: scheduled runs complete, what is killed is found, SIGTERM stops everything."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

import duckdb
import pytest

from tasks.automations import CRASHED_RUNS
from tests.flows.serving import PATIENCE, Serving, until
from tests.newsroom import newsroom


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, subprocess.Popen[str]]]:
    place = Serving(tmp_path_factory.mktemp("serve"), every=10, more={"NEWSLAKE_WORKERS": "1"})
    with newsroom() as room:
        room.sources(place.sources)
        with place.start(stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                yield place, process
            finally:
                process.kill()


def test_a_server_runs_on_its_schedule_and_survives(serving: tuple[Serving, subprocess.Popen[str]]) -> None:
    place, process = serving
    place.ready()
    refused = place.start(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, error = refused.communicate()
    assert refused.returncode == 3
    assert out == ""
    assert error.count("\n") == 1 and "another `newslake serve` has" in error
    until(lambda: place.runs("Completed"), "a scheduled ingest")

    # A run without a process: what a machine that lost its power leaves behind.
    (deployment,) = (found for found in place.api.all("deployments", {}) if found["name"] == "files")
    lost = place.api.ask(
        "POST",
        f"/deployments/{deployment['id']}/create_flow_run",
        {"parameters": {"paths": ["x"]}, "state": {"type": "PENDING"}},
    )
    running = {"state": {"type": "RUNNING", "name": "Running"}, "force": True}
    place.api.ask("POST", f"/flow_runs/{lost['id']}/set_state", running)
    os.kill(place.pid("worker start"), signal.SIGKILL)
    until(
        lambda: place.api.ask("GET", f"/flow_runs/{lost['id']}")["state_name"] == "Crashed",
        "the lost run's end",
    )
    until(lambda: len(place.runs("Completed")) >= 2, "an ingest by the new worker")

    automations = place.api.ask("POST", "/automations/filter", {})
    assert {made["name"] for made in automations} == {CRASHED_RUNS["name"], "newslake: watch after failure"}
    assert all(made["enabled"] for made in automations)
    assert not place.runs("Failed")  # one that the worker was about to start has crashed
    with duckdb.connect(str(place.lake / "newslake.duckdb"), read_only=True) as con:
        assert con.sql("SELECT count(*) > 100 FROM articles").fetchall() == [(True,)]

    process.terminate()
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert f"Prefect's pages: http://127.0.0.1:{place.port}" in said
    assert "next run of new: " in said
    assert "worker was killed by SIGKILL; starting it again in 1 s" in said
    assert not place.processes()
