"""The environment in which Prefect's server, its worker and the runs of that worker live."""

from __future__ import annotations

from pathlib import Path

from tasks.automations import HEARTBEAT_SECONDS
from tasks.settings import Settings, environment, revealed

EVENT_DAYS = 7
"""Days that events are kept at most: heartbeats are most of them, and nobody looks back at them."""
LOCKED_SECONDS = "60"
"""What a writer waits for another one of Prefect's SQLite database: on a busy machine 10 seconds are too short."""


def variables(settings: Settings, home: Path) -> dict[str, str]:
    """What they are told; whatever else this process's environment says of Prefect comes before our choices."""
    lake = settings.lake if "://" in settings.lake else str(Path(settings.lake).resolve())
    days = settings.history_days
    ours = {
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(days * 24 * 3600),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{min(days, EVENT_DAYS)}D",
        # A run keeps its place while the server is started anew: in memory it would be lost, and the run with it.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_DATABASE_TIMEOUT": LOCKED_SECONDS,
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
    }
    must = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"{settings.server}/api",
        "PREFECT_SERVER_UI_API_URL": "/api",  # wherever the pages are seen from
        "NEWSLAKE_LAKE": lake,
        "NEWSLAKE_SOURCES": str(settings.sources.resolve()),
    }
    return environment(ours, must | login(settings))


def login(settings: Settings) -> dict[str, str]:
    """What Prefect needs for a server that asks who they are: it does not read our file of settings."""
    auth = revealed(settings.prefect_api_auth_string)
    return {"PREFECT_API_AUTH_STRING": auth} if auth else {}
