"""The flow against a real Prefect server, from the command and from Python; test_serve.py has deployments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from prefect.exceptions import ParameterTypeError
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.load import load
from flows.reextract import reextract
from tests.bench.generate import write
from tests.flows.conftest import Served
from tests.flows.serving import Serving, until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(served: Served) -> Serving:
    return served.place


def newest_run(server: Serving) -> dict[str, Any]:
    """The run that was begun last, other than by a deployment."""
    alone = {"flow_runs": {"deployment_id": {"is_null_": True}}, "sort": "START_TIME_DESC", "limit": 1}
    (run,) = server.api.ask("POST", "/flow_runs/filter", alone)
    return dict(run)


def of_run(server: Serving, what: str, run: dict[str, Any]) -> list[dict[str, Any]]:
    """What the server knows of a run."""
    return server.api.all(what, {"flow_runs": {"id": {"any_": [run["id"]]}}})


def logged(server: Serving, run: dict[str, Any]) -> list[str]:
    """The lines of a run's log, oldest first; they are sent some seconds after they were written."""

    def lines() -> list[str]:
        asked = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"}
        found = [line["message"] for line in server.api.all("logs", asked)]
        return found if any(line.startswith("end run=") for line in found) else []

    return until(lines, "the end in a run's log")


def articles(lake: Path) -> int:
    with duckdb.connect(str(lake / "newslake.duckdb"), read_only=True) as con:
        found: int = con.sql("SELECT count(*) FROM articles").fetchall()[0][0]
        return found


def test_the_command_runs_the_flow_where_an_api_is_set(server: Serving, tmp_path: Path) -> None:
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
    done = subprocess.run(command, env=server.client, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "new                   3\n" in done.stdout
    assert articles(tmp_path / "lake") == 3
    run = newest_run(server)
    assert (run["state_name"], run["parameters"]["source"]) == ("Completed", "files")
    assert run["parameters"]["lake"] == str(tmp_path / "lake")
    tasks = {task["name"].rsplit("-", 1)[0] for task in of_run(server, "task_runs", run)}
    assert tasks == {"recover", "extract", "commit", "link", "check"}
    shown = {found["key"]: found["data"] for found in of_run(server, "artifacts", run)}
    assert shown.keys() == {"load-progress", "load-sources", "load-summary", "load-articles-per-day"}
    assert shown["load-progress"] == 100
    assert '"source id": "files", "new": 3' in shown["load-sources"]
    assert "## load: 3 new" in shown["load-summary"]
    assert "data:image/svg+xml" in shown["load-articles-per-day"]
    said = logged(server, run)
    assert [line.split(" ")[0] for line in said if " run=" in line] == ["begin", "batch", "end"]


def test_the_flow_runs_from_python_and_validates_its_parameters(server: Serving, tmp_path: Path) -> None:
    write(tmp_path / "in", 2, 1_200)
    place: dict[str, Any] = {"lake": str(tmp_path / "lake"), "workers": 1}
    with temporary_settings({PREFECT_API_URL: server.address}):
        assert load([str(tmp_path / "in")], **place).outcomes == {"new": 2}
        found = reextract(**place)
        assert (dict(found.report.outcomes), found.fields) == ({"unchanged": 2}, {})
        wrongs: list[dict[str, Any]] = [
            {"paths": []},
            {"paths": ["x"], "workers": 0},
            {"paths": ["x"], "source": ""},
        ]
        for wrong in wrongs:
            with pytest.raises(ParameterTypeError):
                load(**wrong)
        # Prefect takes no artifact under such a key, and the run completes nevertheless.
        report = load.with_options(name="no key")([str(tmp_path / "in")], **place)
    assert report.read == 2
    assert articles(tmp_path / "lake") == 2
    said = logged(server, newest_run(server))
    assert sum(line.startswith("unpublished run=") for line in said) == 1
