"""One watch over a lake: what needs a person becomes an incident, and each channel is told of it once."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import duckdb
from deltalake.exceptions import DeltaError

from tasks import incidents as stored
from tasks.alerts import Channel, Undelivered, channels, message
from tasks.concerns import SEVERITY, Concern, FlowRun, concerns
from tasks.files.streams import one_line
from tasks.flow_runs import flow_runs
from tasks.incidents import Incident
from tasks.lake.store import Lake, LakeError
from tasks.serving.prefect_api import PrefectError
from tasks.settings import Settings, revealed
from tasks.status import ids, status
from tasks.web.source_error import SourceError
from tasks.web.source_files import read_all

_OF_PREFECT: Final = {"run_failed", "run_late", "unreachable"}


@dataclass(slots=True)
class Watched:
    """What a watch did. ``lasting``: incidents that are not over. ``sent``, ``failed``: a line for each alert."""

    lasting: list[Incident] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def watch(settings: Settings, *, told: Callable[[str], None], now: datetime | None = None) -> Watched:
    """Look at the lake and its runs, and tell each channel what it has not been told yet.

    An alert that a receiver did not take is due again at the next watch; no other channel hears of it twice. Raises
    LakeError where the settings or the file of incidents cannot be used.
    """
    lake, now = settings.place, now or datetime.now(UTC)
    ways = channels(settings)
    with lake.lock("watch"):
        found, unknown = look(settings, now)
        incidents = stored.updated(
            stored.load(lake),
            found,
            unknown=unknown,
            channels=[way.name for way in ways],
            quiet=timedelta(minutes=settings.quiet_minutes),
            now=now,
        )
        stored.save(lake, incidents)
        done = Watched([incident for incident in incidents if not incident.until])
        for way in ways:
            _tell(way, incidents, lake, now, done, told)
    return done


def _tell(
    way: Channel,
    incidents: list[Incident],
    lake: Lake,
    now: datetime,
    done: Watched,
    told: Callable[[str], None],
) -> None:
    """Tell one channel. Each alert is recorded as soon as it is taken; where nobody answers, the others wait too."""
    for incident in incidents:
        if not incident.is_due(way.name, now):
            continue
        line = f"{way.name}: {incident.phase}: {one_line(incident.text, 200)}"
        try:
            way.send(message(incident, lake=lake.uri, host=socket.gethostname()))
        except Undelivered as error:
            done.failed.append(f"{line}: not delivered, the next watch tries again: {error}")
            told(done.failed[-1])
            if not error.reached:
                return
            continue
        incident.told[way.name] = incident.phase
        stored.save(lake, incidents)
        done.sent.append(line)
        told(line)


def look(settings: Settings, now: datetime) -> tuple[list[Concern], set[str]]:
    """What needs a person, and the kinds of it that could not be looked for."""
    lake, api_url, auth = settings.place, settings.prefect_api_url, revealed(settings.prefect_api_auth_string)
    unknown: set[str] = set()
    try:
        seen = status(lake, api_url=api_url, auth=auth, asked=_asked(settings), now=now)
        found, silent = seen.concerns, seen.unreachable
    except (LakeError, OSError, DeltaError, duckdb.Error) as error:
        runs, silent = _runs(api_url, auth)
        wrong = one_line(str(error), 500)
        unreadable = Concern("lake", "unreadable", wrong, "newslake doctor says what is wrong")
        found = [unreadable, *concerns(flow_runs=runs, now=now)]
        unknown = {kind for kind in SEVERITY if kind not in {*_OF_PREFECT, "unreadable"}}
    if not api_url:
        return found, unknown | _OF_PREFECT
    if silent:
        text = f"Prefect's server does not answer: {silent}"
        found.append(Concern("prefect", "unreachable", text, "see that newslake serve, or the server, is up"))
        unknown |= _OF_PREFECT - {"unreachable"}
    return found, unknown


def _runs(api_url: str | None, auth: str | None) -> tuple[list[FlowRun], str | None]:
    """The runs that Prefect knows, or why it does not tell."""
    try:
        return (flow_runs(api_url, auth) if api_url else []), None
    except PrefectError as error:
        return [], str(error)


def _asked(settings: Settings) -> set[str] | None:
    """The ids of the sources that have a file; where one is wrong, each run fails and says so."""
    try:
        return ids(read_all(settings.sources))
    except SourceError:
        return None


def sample(ways: Sequence[Channel], lake: str) -> Watched:
    """Send one test alert through each channel; nothing is recorded."""
    now, done = datetime.now(UTC), Watched()
    incident = Incident("test", "test", "warning", "a test: alerts arrive here", "nothing is to be done", now)
    for way in ways:
        try:
            way.send(message(incident, lake=lake, host=socket.gethostname()))
            done.sent.append(f"{way.name}: the test alert was taken")
        except Undelivered as error:
            done.failed.append(f"{way.name}: the test alert was not taken: {error}")
    return done
