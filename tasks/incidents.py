"""Incidents: concerns as they come, last and go, kept beside the catalog from one watch to the next."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from tasks.concerns import Concern
from tasks.lake.store import Lake, LakeError

Phase = Literal["open", "over"]
"""What a channel was told last of an incident."""


@dataclass(slots=True)
class Incident:
    """A concern from the watch that first saw it (``since``) to the first that did not (``until``; None: it lasts).

    ``quiet_until``: before then nobody is told, since it was over a short while ago. ``told``: channel → the last that
    it was told, and took. Times in UTC.
    """

    key: str
    kind: str
    severity: str
    text: str
    advice: str
    since: datetime
    quiet_until: datetime | None = None
    until: datetime | None = None
    told: dict[str, Phase] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same for every message about it, so that receivers may know one that comes twice."""
        return hashlib.sha256(f"{self.key} {self.since.isoformat()}".encode()).hexdigest()[:16]

    @property
    def phase(self) -> Phase:
        """What is to be told of it."""
        return "over" if self.until else "open"

    def is_due(self, channel: str, now: datetime) -> bool:
        """Whether a channel is to be told."""
        if not self.until and self.quiet_until and now < self.quiet_until:
            return False
        return self.told.get(channel) != self.phase


_FILE: TypeAdapter[list[Incident]] = TypeAdapter(list[Incident])


def updated(
    incidents: Sequence[Incident],
    concerns: Sequence[Concern],
    *,
    unknown: Collection[str] = (),
    channels: Collection[str] = (),
    quiet: timedelta,
    now: datetime,
) -> list[Incident]:
    """The incidents as of ``now``: a concern that is new opens one, an incident whose concern is gone is over.

    ``unknown``: kinds that could not be looked for; their incidents last. ``channels``: those that must have been told
    that an incident is over before it is forgotten. ``quiet``: what comes back so soon is told only if it lasts
    longer than that, and else never. The incidents given are changed.
    """
    current = {incident.key: incident for incident in incidents if not incident.until}
    over = {incident.key: incident.until for incident in incidents if incident.until}
    seen = {concern.key: concern for concern in concerns}
    kept: list[Incident] = []
    for incident in incidents:
        concern = seen.get(incident.key)
        if not incident.until and concern:
            incident.kind, incident.severity = concern.kind, concern.severity
            incident.text, incident.advice = concern.text, concern.advice
        elif not incident.until and incident.kind not in unknown:
            if not incident.told and incident.quiet_until and now < incident.quiet_until:
                continue
            incident.until = now
        if (
            incident.until
            and incident.until + quiet <= now
            and not any(incident.is_due(each, now) for each in channels)
        ):
            continue
        kept.append(incident)
    for key, concern in seen.items():
        if key not in current:
            last = over.get(key)
            kept.append(
                Incident(
                    key, concern.kind, concern.severity, concern.text, concern.advice, now,
                    last + quiet if last and now < last + quiet else None,
                )
            )  # fmt: skip
    return kept


def load(lake: Lake) -> list[Incident]:
    """The incidents that the last watch left; none where there was no watch. Raises LakeError for a damaged file."""
    path = _path(lake)
    try:
        return _FILE.validate_json(path.read_bytes())
    except FileNotFoundError:
        return []
    except ValidationError as error:
        raise LakeError(f"{path}: damaged; delete it, and what lasts is told anew") from error


def save(lake: Lake, incidents: list[Incident]) -> None:
    """Write the incidents, whole or not at all."""
    path = _path(lake)
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(_FILE.dump_json(incidents, indent=1))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _path(lake: Lake) -> Path:
    return lake.local / ".incidents.json"
