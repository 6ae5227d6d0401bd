"""`newslake serve` end to end, in the order of a server's life: runs complete, fail, die; SIGTERM stops everything."""

from __future__ import annotations

import os
import signal
import subprocess

import duckdb
import pytest

from tasks.automations import CRASHED_RUNS
from tests.flows.conftest import HUSH, Served
from tests.flows.serving import PATIENCE, Serving, until


@pytest.fixture
def place(served: Served) -> Serving:
    return served.place


def test_a_run_is_planned_and_completes(place: Serving) -> None:
    deployed = {"new", "back-fill", "files", "stored", "nightly", "weekly", "daily", "watch"}
    assert {found["name"] for found in place.api.deployments()} == deployed
    place.wait(place.make_due(), "Completed")
    with duckdb.connect(str(place.lake / "newslake.duckdb"), read_only=True) as con:
        assert con.sql("SELECT count(DISTINCT source_id), count(*) > 10 FROM articles").fetchall() == [
            (2, True)
        ]


def test_a_run_that_fails_is_told_at_once(place: Serving, served: Served) -> None:
    wrong = {"paths": [str(place.sources)], "lake": "a%20lake"}  # it cannot be a lake's place
    place.begin("files", parameters=wrong)
    until(lambda: ("run:load/files", "open") in served.taken.statuses(), "an alert")
    (alert,) = [body for body in served.taken.taken if body["kind"] == "run_failed"]
    assert "a lake's path may not hold %" in alert["summary"]


def test_another_one_is_refused(place: Serving) -> None:
    refused = place.start(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, error = refused.communicate()
    assert refused.returncode == 3
    assert out == ""
    assert error.count("\n") == 1 and "another `newslake serve` has" in error


def test_what_dies_is_found_and_started_again(place: Serving) -> None:
    # A run without a process: what a machine that lost its power leaves behind. No watch follows one of its own.
    lost = place.begin("watch", state={"type": "PENDING"})
    running = {"state": {"type": "RUNNING", "name": "Running"}, "force": True}
    place.api.ask("POST", f"/flow_runs/{lost}/set_state", running)
    os.kill(place.pid("worker start"), signal.SIGKILL)
    again = place.make_due()
    place.wait(lost, "Crashed")
    place.wait(again, "Completed")
    automations = place.api.ask("POST", "/automations/filter", {})
    assert {made["name"] for made in automations} == {CRASHED_RUNS["name"], "newslake: watch after failure"}
    assert all(made["enabled"] for made in automations)
    assert not place.runs("Failed", "Crashed")


def test_it_stops_when_it_is_told(place: Serving, served: Served) -> None:
    served.process.terminate()
    served.process.wait(PATIENCE)
    said = served.said.read_text(encoding="utf-8")
    assert served.process.returncode == 0, said
    assert f"Prefect's pages: http://127.0.0.1:{place.port}" in said
    assert "next run of new: " in said
    assert "worker was killed by SIGKILL; starting it again in 1 s" in said
    assert not place.processes()


def test_no_secret_is_told_or_stored(place: Serving, served: Served) -> None:
    """Nor in Prefect's database, which holds the artifacts, parameters and logs of all runs before."""
    files = [path for path in place.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files) and served.said in files
    assert not [path for path in files if HUSH.encode() in path.read_bytes()]
