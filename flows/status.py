"""``newslake status``: how the lake, its sources and its runs do, on a terminal or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from flows.console import FAILED, REFUSED, TAKEN, failures
from flows.status_shown import show
from tasks.settings import configured, revealed
from tasks.status import Status, ids, status
from tasks.web.source_files import read_all


def status_command(*, lake: str | None, as_json: bool) -> int:
    """Show how things are; 1 where something needs a person, 0 where nothing does."""
    with failures():
        settings = configured(lake=lake)
        asked = ids(read_all(settings.sources))
        auth = revealed(settings.prefect_api_auth_string)
        found = status(settings.place, api_url=settings.prefect_api, auth=auth, asked=asked)
        if as_json:
            print(as_object(found))
        else:
            show(found)
        return REFUSED if found.concerns else TAKEN
    return FAILED


def as_object(found: Status) -> str:
    """Everything that was read, as one JSON object; times are ISO 8601."""
    said = asdict(found)
    for told, concern in zip(said["concerns"], found.concerns, strict=True):
        told["severity"] = concern.severity
    return json.dumps(said, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
