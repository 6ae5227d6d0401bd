"""How a lake, its sources and its runs do: read once, for a terminal, a report and alerts alike."""

from __future__ import annotations

import shutil
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from tasks.concerns import Concern, Disk, FlowRun, Polling, SourceConcern, concerns
from tasks.flow_runs import flow_runs
from tasks.lake import checks
from tasks.lake.files import Held, held
from tasks.lake.reader import read
from tasks.lake.store import Lake, LakeError
from tasks.lake.views import statement
from tasks.serving.prefect_api import PrefectError
from tasks.web.source import Source

Row = dict[str, Any]


@dataclass(slots=True)
class Status:
    """How things are ``at`` a time, and were since the day ``since`` (UTC).

    ``tables``: table → its size. ``runs``, ``sources``, ``gaps``: rows of the look-ups last_runs, sources_since and
    gaps_since. ``broken``: checks that the batches since do not pass, warnings too. ``flow_runs``: what Prefect knows;
    ``unreachable``: why it tells nothing, or None.
    """

    lake: str
    at: datetime
    since: date
    tables: dict[str, Held] = field(default_factory=dict)
    disk: Disk | None = None
    runs: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    gaps: list[Row] = field(default_factory=list)
    broken: list[checks.Broken] = field(default_factory=list)
    flow_runs: list[FlowRun] = field(default_factory=list)
    unreachable: str | None = None
    concerns: list[Concern] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """Size of the tables' current versions."""
        return sum(size.bytes for size in self.tables.values())


def status(
    lake: Lake,
    *,
    days: int = 1,
    api_url: str | None = None,
    auth: str | None = None,
    asked: Set[str] | None = None,
    now: datetime | None = None,
) -> Status:
    """How a lake does, with what it did since ``days`` days ago, and what needs a person.

    ``api_url``: of Prefect; None: it is not asked. ``auth``: see ``tasks.flow_runs``. ``asked``: ids of the sources
    that have a file, None where unknown; where the lake has heard of none, they are another lake's. Writes nothing.
    Raises LakeError, OSError or duckdb.Error where the lake cannot be read; a Prefect that cannot be asked is told in
    the result.
    """
    now = now or datetime.now(UTC)
    since = now.date() - timedelta(days=days)
    found = Status(lake.uri, now, since, disk=disk(lake.local))
    with read(lake) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(statement("lookups/hold_views.sql"))
        found.runs = rows(con, "last_runs")
        found.sources = rows(con, "sources_since", since=since)
        if asked is not None and asked.isdisjoint(row["source_id"] for row in found.sources):
            asked = None
        found.sources = [
            row for row in found.sources if row["name"] is None or _is_asked(row["source_id"], asked)
        ]
        found.gaps = [
            row for row in rows(con, "gaps_since", since=since) if _is_asked(row["source_id"], asked)
        ]
        ailing = [SourceConcern(**row) for row in rows(con, "concerns")]
        (polling,) = rows(con, "polling", now=now, asked=None if asked is None else list(asked))
        (before,) = rows(con, "batch_before", since=now - timedelta(days=days))
    state = lake.linked() | lake.state()
    for name, delta in reversed(state.items()):
        found.tables[name] = held(delta)
    found.broken = checks.broken(state, since=before["batch"], each_run=True)
    if api_url:
        try:
            found.flow_runs = flow_runs(api_url, auth)
        except PrefectError as error:
            found.unreachable = str(error)
    found.concerns = concerns(
        sources=ailing,
        failed_checks=[(each.check.name, str(each)) for each in found.broken if each.check.fails],
        polling=Polling(**polling),
        disk=found.disk,
        flow_runs=found.flow_runs,
        asked=asked,
        now=now,
    )
    return found


def rows(con: duckdb.DuckDBPyConnection, name: str, **given: object) -> list[Row]:
    """The rows of ``sql/lookups/<name>.sql`` over the views. Raises LakeError where the catalog is an older one."""
    try:
        cursor = con.execute(statement(f"lookups/{name}.sql"), given or None)
    except duckdb.CatalogException as error:
        raise LakeError(
            "the lake's catalog is of an older newslake; any newslake load writes it anew"
        ) from error
    names = [column for column, *_ in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _is_asked(source_id: str, asked: Set[str] | None) -> bool:
    return asked is None or source_id in asked


def disk(folder: Path) -> Disk:
    """The disk of a folder, or that on which it would be made."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    usage = shutil.disk_usage(there)
    return Disk(str(folder), usage.free, usage.total)


def ids(sources: Sequence[Source]) -> set[str] | None:
    """The ids of the sources that have a file; None where there are none: then nobody can tell which are asked."""
    return {source.id for source in sources} or None
