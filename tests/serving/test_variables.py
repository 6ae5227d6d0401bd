"""What Prefect's server and its runs are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.serving.variables import variables
from tasks.settings import configured


@pytest.mark.parametrize(
    ("host", "seen"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "[::1]")],
)
def test_the_address_is_one_that_can_be_asked(host: str, seen: str) -> None:
    assert configured(host=host, port=4300).server == f"http://{seen}:4300"


def test_places_are_absolute_and_what_is_set_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_SERVER_LOGGING_LEVEL", "DEBUG")
    monkeypatch.setenv("PREFECT_API_URL", "http://elsewhere.example/api")
    told = variables(configured(lake="lake", sources="sources", history_days=3), tmp_path / "home")
    assert told["NEWSLAKE_LAKE"] == str(tmp_path / "lake")
    assert told["NEWSLAKE_SOURCES"] == str(tmp_path / "sources")
    assert told["PREFECT_SERVER_LOGGING_LEVEL"] == "DEBUG"
    assert told["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert told["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == "P3D"
    assert variables(configured(lake="s3://bucket/lake"), tmp_path)["NEWSLAKE_LAKE"] == "s3://bucket/lake"


def test_runs_log_in_though_the_login_is_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "PREFECT_API_AUTH_STRING" not in variables(configured(), tmp_path)
    (tmp_path / "newslake.toml").write_text('prefect_api_auth_string = "ada:hush"\n', encoding="utf-8")
    assert variables(configured(), tmp_path)["PREFECT_API_AUTH_STRING"] == "ada:hush"


def test_prefect_takes_what_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from prefect.settings import Settings

    for name, value in variables(configured(history_days=30), tmp_path).items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    vacuum = settings.server.services.db_vacuum
    assert vacuum.enabled_vacuum_types >= {"events", "flow_runs"}
    assert vacuum.retention_period == timedelta(days=30)
    assert settings.server.events.retention_period == timedelta(days=7)
    assert settings.server.concurrency.lease_storage.endswith(".filesystem")
    assert settings.flows.heartbeat_frequency == 30
    assert not settings.server.analytics_enabled
