"""The checks of ``newslake doctor``: each can fail, and says what to do."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flows import console
from flows.doctor import doctor
from tasks import doctor_lake, doctor_machine, doctor_prefect, doctor_settings
from tasks.doctor import examine
from tasks.lake.store import Lake
from tasks.settings import configured, unknown
from tests.bench.generate import write


@pytest.fixture(autouse=True)
def folder(bare: Path) -> Path:
    bare.chmod(0o750)
    return bare


@pytest.fixture
def lake(folder: Path) -> Lake:
    """A lake of one article."""
    write(folder / "in", 1, 1_200)
    console.load([str(folder / "in")], lake=None, source=None, workers=1, prefect=False)
    return Lake(folder / "lake")


def levels(settings: dict[str, Any]) -> dict[str, str]:
    return {
        finding.check: finding.level
        for room in examine(lambda: configured(**settings))
        for finding in room.findings
    }


def test_versions_that_do_not_fit_are_named() -> None:
    assert doctor_machine.versions().level == "ok"
    have = {"prefect": "3.8.8", "fastapi": "0.155.0"}
    required = ["prefect>=3.8.8,<3.9", "fastapi<0.151", "gone>=1", "dask; extra == 'cluster'"]
    found = doctor_machine.versions(required, have.get)
    assert found.text == "fastapi 0.155.0, needed <0.151; gone missing, needed >=1"
    assert found.level == "fail"


def test_a_variable_that_means_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSLAKE_CONTCAT", "x")
    (folder / ".env").write_text("NEWSLAKE_ZZZ=1\nNEWSLAKE_LAKE=a\nOTHER=1\n")
    assert unknown() == ["NEWSLAKE_CONTCAT", "NEWSLAKE_ZZZ"]
    found = doctor_settings.variables(unknown())
    assert (found.level, found.advice) == ("warn", "did you mean NEWSLAKE_CONTACT?")


def test_secrets_that_others_can_read(folder: Path) -> None:
    file = folder / "newslake.toml"
    file.write_text('contact = "a@b.example"\n')
    file.chmod(0o644)
    assert doctor_settings.readers(configured()).level == "ok"  # no secret in it
    file.write_text('webhook_url = "https://chat.example/x"\n')
    assert doctor_settings.readers(configured()).level == "fail"
    file.chmod(0o640)
    assert doctor_settings.readers(configured()).level == "ok"
    (folder / ".env").write_text("export AWS_SECRET_ACCESS_KEY=x\n")
    (folder / ".env").chmod(0o604)
    assert doctor_settings.readers(configured()).advice == "chmod 600 .env"


@pytest.mark.parametrize(
    ("contact", "level"),
    [(None, "warn"), ("nobody", "warn"), ("https://news.example/bot", "ok"), ("a@b.example", "ok")],
)
def test_who_asks(contact: str | None, level: str) -> None:
    assert doctor_settings.contact(configured(contact=contact)).level == level


def test_sources(folder: Path) -> None:
    assert doctor_settings.sources(configured(sources=folder)).level == "warn"
    (folder / "a.toml").write_text('id = "a"\nname = "A"\nfeeds = ["https://a.example/feed"]\n')
    assert doctor_settings.sources(configured(sources=folder)).text.endswith(": 1 enabled, 0 not")
    (folder / "b.toml").write_text('id = "b"\nnam = "B"\nfeeds = ["https://b.example/feed"]\n')
    found = doctor_settings.sources(configured(sources=folder))
    assert found.level == "fail"
    assert "b.toml:" in found.text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"lake": "s3://bucket/lake"}, "s3://bucket/lake without aws_access_key_id"),
        ({"local": "/srv"}, "local is set"),
        ({"smtp_user": "me"}, "smtp_user without smtp_password"),
        ({"workers": 65}, "workers = 65"),
    ],
)
def test_settings_that_do_not_go_together(given: dict[str, Any], told: str) -> None:
    (found,) = doctor_settings.conflicts(configured(**given))
    assert found.text.startswith(told)
    assert not list(doctor_settings.conflicts(configured()))


def test_a_lake_in_order(lake: Lake) -> None:
    found = {finding.check: finding for finding in doctor_lake.examine(lake)}
    assert {"folder", "disk", "modes", "lake", "clock"} == set(found)
    assert [f.level for f in found.values() if f.check != "disk"] == ["ok"] * 4
    assert sorted(path.name for path in Path(lake.uri).iterdir() if ".doctor" in path.name) == []


def test_a_lake_not_in_order(lake: Lake) -> None:
    late = doctor_lake.clock(lake, datetime.now(UTC) - timedelta(hours=2))
    assert (late.level, "in the future" in late.text) == ("fail", True)
    lake.local.chmod(0o755)
    lake.catalog.chmod(0o644)
    assert "2 files or folders" in doctor_lake.modes(lake.local).text
    lake.catalog.write_bytes(b"not a catalog")
    assert doctor_lake.catalog(lake).level == "fail"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else(folder: Path) -> None:
    folder.chmod(0o500)
    assert doctor_lake.examine(Lake(folder / "lake"))[0].level == "fail"


def test_a_folder_where_no_file_can_be_made() -> None:
    found = doctor_lake.examine(Lake("/proc/lake"))[0]
    assert (found.check, found.level) == ("folder", "fail")
    assert found.advice.endswith(
        f"install --directory --owner {os.geteuid()} /proc/lake"
    )  # never what is above it


def test_settings_that_cannot_be_used_are_a_finding(folder: Path) -> None:
    (folder / "newslake.toml").write_text("workers = 0\n")
    assert levels({}) == {"versions": "ok", "settings": "fail"}
    (folder / "newslake.toml").write_text("wokers = 1\n")
    assert levels({}) == {"versions": "ok", "settings": "fail"}


@contextmanager
def prefect(answers: dict[str, Any]) -> Iterator[str]:
    """An API that gives these answers; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            path = self.path.removeprefix("/api")
            body = json.dumps(answers.get(path)).encode()
            self.send_response(200 if path in answers else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


WELL: dict[str, Any] = {
    "/admin/version": doctor_machine.installed("prefect"),
    "/work_pools/filter": [{"name": "newslake", "is_paused": False}],
    "/work_pools/newslake/workers/filter": [{"name": "w", "status": "ONLINE"}],
    "/deployments/filter": [{"name": "new", "paused": False, "schedules": [{"active": True}]}],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"/admin/version": "3.0.0"}, ["server warn"]),
        ({"/admin/version": {}, "/work_pools/filter": [None]}, ["server fail"]),
        ({"/work_pools/filter": [{"name": "newslake", "is_paused": True}]}, ["worker fail"]),
        ({"/work_pools/newslake/workers/filter": [{"name": "w", "status": "OFFLINE"}]}, ["worker fail"]),
        ({"/deployments/filter": []}, ["deployments fail"]),
        (
            {"/deployments/filter": [{"name": "new", "paused": False, "schedules": [{"active": False}]}]},
            ["deployments warn"],
        ),
    ],
)
def test_prefect(change: dict[str, Any], told: list[str]) -> None:
    with prefect(WELL | change) as url:
        found = doctor_prefect.examine(configured(prefect_api_url=url))
    assert [f"{each.check} {each.level}" for each in found if each.level != "ok"] == told
    assert all(each.advice for each in found if each.level != "ok")


def test_prefect_without_a_pool() -> None:
    with prefect(WELL | {"/work_pools/filter": []}) as url:
        found = doctor_prefect.examine(configured(prefect_api_url=url))
    assert [each.text for each in found if each.level == "fail"] == ["there is no work pool newslake"]


def test_a_server_that_does_not_answer() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api"
        (found,) = doctor_prefect.examine(configured(prefect_api_url=url))
    assert (found.check, found.level) == ("server", "fail")


def test_the_command(lake: Lake, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    (folder / "newslake.toml").write_text('prefect_api_url = "http://127.0.0.1:1/api"\n')
    assert doctor(lake=None, sources=None, as_json=False) == console.REFUSED
    out = capsys.readouterr().out
    assert "✗ server" in out
    assert "→ newslake serve starts it" in out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert doctor(lake=None, sources=None, as_json=True) == console.REFUSED
    rows = json.loads(capsys.readouterr().out)
    assert {row["level"] for row in rows} == {"ok", "warn", "fail"}
    assert {tuple(row) for row in rows} == {("room", "check", "level", "text", "advice")}
