"""``newslake status``: what it shows, what it exits with, and that it asks Prefect politely."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tasks.flow_runs import flow_runs
from tasks.lake.commit import commit
from tasks.lake.schema import CAPTURES, TABLES
from tasks.lake.store import Lake
from tasks.publish import publish
from tasks.serving.prefect_api import PrefectError

NOW = datetime.now(UTC)
API = "http://127.0.0.1:1/api"  # where nobody listens


def row(number: int, source: str, kind: str, outcome: str, **more: Any) -> dict[str, Any]:
    times = dict.fromkeys(("fetched_at", "run_started_at", "ingested_at"), NOW - timedelta(hours=3))
    fixed = {"capture_id": f"c{number}", "key": number, "run_id": "r1", "batch": 1, "month": f"{NOW:%Y-%m}"}
    return fixed | times | {"source_id": source, "kind": kind, "outcome": outcome} | more


def lake_of(folder: Path, *rows: dict[str, Any]) -> Lake:
    lake = Lake(folder)
    for table in TABLES:
        given = pa.Table.from_pylist(list(rows), schema=table.schema) if table == CAPTURES else None
        commit(lake.open(table), table, given if given is not None else table.schema.empty_table(), 1)
    publish(lake)
    return lake


def declared(number: int, source: str) -> dict[str, Any]:
    given = {"name": source, "enabled": True, "feeds": [f"https://{source}.example/rss"]}
    return row(number, source, "source", "listed", location=f"source:{source}", given=json.dumps(given))


def feed(number: int, source: str, outcome: str, **more: Any) -> dict[str, Any]:
    return row(number, source, "feed", outcome, location=f"https://{source}.example/rss", **more)


def ask(lake: Lake, *options: str, api: str = API, cwd: Path) -> Result:
    environment = {"PREFECT_API_URL": api, "NEWSLAKE_SOURCES": str(cwd / "none"), "COLUMNS": "100"}
    return CliRunner().invoke(main, ["status", "--lake", lake.uri, *options], env=environment)


@pytest.fixture
def well(tmp_path: Path) -> Lake:
    later = NOW + timedelta(hours=1)
    return lake_of(tmp_path / "lake", declared(1, "shore"), feed(2, "shore", "listed", next_poll_at=later))


def test_nothing_needs_a_person(well: Lake, tmp_path: Path) -> None:
    shown = ask(well, cwd=tmp_path)
    assert shown.exit_code == 0, shown.output
    assert "Sources: 1, of them ailing 0" in shown.output
    assert f"No word from Prefect: {API}: ConnectError" in shown.output
    assert shown.output.endswith("Nothing needs a person.\n")
    assert max(map(len, shown.output.splitlines())) <= 100


def test_a_failing_source_and_a_run_that_does_not_come(tmp_path: Path) -> None:
    lake = lake_of(
        tmp_path / "lake",
        declared(1, "shore"),
        feed(
            2,
            "shore",
            "not_found",
            failures=3,
            error="no page",
            next_poll_at=NOW - timedelta(hours=2, minutes=5),
        ),
    )
    shown = ask(lake, cwd=tmp_path)
    assert shown.exit_code == 1
    urgent, warning = (
        shown.output.index("urgent: no run over the sources"),
        shown.output.index("warning: shore: "),
    )
    assert urgent < warning
    assert "newslake sources check shore" in shown.output
    told = json.loads(ask(lake, "--json", cwd=tmp_path).output)
    assert [(c["key"], c["severity"]) for c in told["concerns"]] == [
        ("no-run", "urgent"),
        ("source:shore", "warning"),
    ]
    (tmp_path / "none").mkdir()
    file = 'id = "other"\nname = "Other"\nfeeds = ["https://other.example/rss"]\n'
    (tmp_path / "none" / "other.toml").write_text(file, encoding="utf-8")
    assert ask(lake, cwd=tmp_path).exit_code == 1  # the folder of another lake says nothing of this one


def test_no_lake_and_an_older_catalog_are_told_in_a_line(tmp_path: Path, well: Lake) -> None:
    shown = ask(Lake(tmp_path / "nowhere"), cwd=tmp_path)
    assert (shown.exit_code, shown.output.count("\n")) == (3, 1)
    well.catalog.unlink()
    shown = ask(well, cwd=tmp_path)
    assert (shown.exit_code, "any newslake load writes it anew" in shown.output) == (3, True)


def answer(path: str, body: dict[str, Any]) -> Any:
    """What Prefect's API answers, cut down to what is read of it."""
    if path.endswith("/deployments/filter"):
        assert body["deployments"] == {"tags": {"all_": ["newslake"]}}
        return [{"id": "d1", "flow_id": "f1", "name": "new"}]
    if path.endswith("/flows/filter"):
        return [{"id": "f1", "name": "ingest"}]
    types = body["flow_runs"]["state"]["type"]["any_"]
    time = (NOW - timedelta(days=3, hours=12)).isoformat().replace("+00:00", "Z")
    run = {"name": "calm-owl", "start_time": time, "end_time": time, "expected_start_time": time}
    if "FAILED" in types:
        state = {"state_type": "CRASHED", "state_name": "Crashed", "state": {"message": "killed"}}
        return [run | {"id": "r1"} | state]
    if "SCHEDULED" in types:
        later = (NOW + timedelta(days=2, hours=12)).isoformat()
        state = {"state_type": "SCHEDULED", "state_name": "Scheduled", "state": None}
        return [
            run | state | {"id": "r2", "start_time": None, "end_time": None, "expected_start_time": later}
        ]
    return []


@contextmanager
def prefect(status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = json.dumps(answer(self.path, body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *message: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def test_what_prefect_knows_is_shown(well: Lake, tmp_path: Path) -> None:
    with prefect() as api:
        shown = ask(well, api=api, cwd=tmp_path)
    assert shown.exit_code == 1
    assert "ingest/new  Crashed, 3 d ago  in 2 d" in shown.output
    assert "warning: the last run of ingest/new, calm-owl, crashed" in shown.output
    assert "prefect flow-run logs r1" in shown.output


@pytest.mark.parametrize("url", [API, "http://[", "nonsense"])
def test_a_prefect_that_cannot_be_asked_is_one_line(url: str) -> None:
    with pytest.raises(PrefectError) as told:
        flow_runs(url)
    assert "\n" not in str(told.value)


def test_a_prefect_that_refuses_is_unreachable() -> None:
    with prefect(401) as api, pytest.raises(PrefectError, match="401"):
        flow_runs(api)
