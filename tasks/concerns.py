"""What needs a person: defined here, and told by ``newslake status``, the flow ``report`` and alerts alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

Severity = Literal["urgent", "warning"]
"""``urgent``: news or the lake itself may be lost while nobody acts; ``warning``: one source, or one run."""

Kind = Literal[
    "failing", "silent", "below_expectation", "dropped",
    "check_failed", "disk_low", "no_run", "run_failed", "run_late",
    "unreadable", "unreachable",
]  # fmt: skip

SEVERITY: Final[dict[Kind, Severity]] = {
    "failing": "warning",
    "silent": "warning",
    "below_expectation": "warning",
    "dropped": "warning",
    "check_failed": "urgent",
    "disk_low": "urgent",
    "no_run": "urgent",
    "run_failed": "warning",
    "run_late": "urgent",
    "unreadable": "urgent",  # the lake
    "unreachable": "urgent",  # Prefect's server
}

# Lists may be due for so long, and runs late, before anyone is told.
PATIENCE: Final = timedelta(hours=2)
LATE: Final = timedelta(minutes=15)
# Free space is low below both: 5 % suit a small disk, and 10 GiB a large one.
FREE_SHARE: Final = 0.05
FREE_BYTES: Final = 10 * 2**30
MAKE_ROOM: Final = "make room: newslake maintain --body-days 90, or a larger disk"
_BAD: Final = ("FAILED", "CRASHED")


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs a person. ``key``: what it is about, the same as long as it lasts; ``text``: what is the
    matter, in one line; ``advice``: what to do, in one line."""

    key: str
    kind: Kind
    text: str
    advice: str

    @property
    def severity(self) -> Severity:
        """How soon."""
        return SEVERITY[self.kind]


@dataclass(frozen=True, slots=True)
class SourceConcern:
    """A row of the view ``concerns``; ``source_id`` is None for all sources together."""

    key: str
    kind: Kind
    source_id: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class FlowRun:
    """A run as Prefect knows it. ``deployment``: name, or that of the flow where it has none; ``state``: Prefect's
    type of state, such as COMPLETED; times in UTC."""

    id: str
    name: str
    flow: str
    deployment: str
    state: str
    state_name: str
    message: str | None
    expected: datetime | None
    started: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Polling:
    """When the lake's latest run over sources began, and since when lists of ``overdue`` sources are due."""

    last_run: datetime | None = None
    due_since: datetime | None = None
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that the lake is on, in bytes."""

    folder: str
    free: int
    total: int

    @property
    def is_low(self) -> bool:
        """Whether it will soon be full."""
        return self.free < min(self.total * FREE_SHARE, FREE_BYTES)

    @property
    def text(self) -> str:
        """Its room, in words."""
        return f"{self.folder}: {self.free / 2**30:,.1f} GiB free of {self.total / 2**30:,.1f} GiB"


def concerns(
    *,
    sources: Sequence[SourceConcern] = (),
    failed_checks: Sequence[tuple[str, str]] = (),
    polling: Polling | None = None,
    disk: Disk | None = None,
    flow_runs: Sequence[FlowRun] = (),
    asked: Collection[str] | None = None,
    now: datetime | None = None,
) -> list[Concern]:
    """All that needs a person, the urgent first; empty where nothing does.

    ``failed_checks``: name and sentence of each. ``flow_runs``: newest first. ``asked``: ids of the sources that have a
    file; the others are nobody's concern any more. ``now``: UTC, by default the present.
    """
    now = now or datetime.now(UTC)
    found = [_of_source(row) for row in sources if _is_asked(row, asked)]
    found += [
        Concern(
            f"check:{name}", "check_failed", text, "newslake verify says more, newslake verify --repair mends"
        )
        for name, text in failed_checks
    ]
    found += [*_polling(polling, now), *_disk(disk), *_runs(flow_runs, now)]
    return sorted(found, key=lambda concern: (concern.severity != "urgent", concern.key))


def _is_asked(row: SourceConcern, asked: Collection[str] | None) -> bool:
    return asked is None or row.source_id is None or row.source_id in asked


def _of_source(row: SourceConcern) -> Concern:
    if row.source_id is None:
        advice = "newslake sources list shows which; where all fail, see this machine's network or proxy"
        return Concern(row.key, row.kind, f"all sources: {row.detail}", advice)
    check = f"newslake sources check {row.source_id}"
    advice = {
        "failing": f"{check}; mend or take out the list in {row.source_id}.toml, or set enabled = false",
        "silent": f"{check}: whether its lists still name new articles, and runs may have them",
        "below_expectation": f"{check}; or lower expect.articles_per_day in {row.source_id}.toml",
        "dropped": f"{check}: whether a list, its patterns or a paywall changed",
    }[row.kind]
    return Concern(row.key, row.kind, f"{row.source_id}: {row.detail}", advice)


def _polling(polling: Polling | None, now: datetime) -> list[Concern]:
    """Lists have been due for long, and no run came: one that finds nothing due leaves no trace."""
    if not polling or not polling.due_since or now - polling.due_since < PATIENCE:
        return []
    if polling.last_run and now - polling.last_run < PATIENCE:
        return []
    last = f"the last began {_minute(polling.last_run)}" if polling.last_run else "there was none"
    due = f"{polling.overdue:,} sources are due since {_minute(polling.due_since)}"
    text = f"no run over the sources: {last}, and {due}"
    return [
        Concern(
            "no-run",
            "no_run",
            text,
            "see that newslake serve, or the Prefect server and worker, is up; or run newslake ingest",
        )
    ]


def _disk(disk: Disk | None) -> list[Concern]:
    if not disk or not disk.is_low:
        return []
    return [Concern("disk", "disk_low", disk.text, MAKE_ROOM)]


def _runs(flow_runs: Sequence[FlowRun], now: datetime) -> list[Concern]:
    """The last run of each deployment that ended, where it ended badly; and runs that nobody takes."""
    found: list[Concern] = []
    ended: set[str] = set()
    for run in sorted((r for r in flow_runs if r.ended), key=lambda r: r.ended or now, reverse=True):
        if run.deployment in ended or run.state == "CANCELLED":
            continue
        ended.add(run.deployment)
        if run.state in _BAD:
            said = f": {' '.join(run.message.split())[:200]}" if run.message else ""
            text = f"the last run of {run.deployment}, {run.name}, {run.state_name.lower()} {_minute(run.ended)}{said}"
            advice = f"its log says why: prefect flow-run logs {run.id}; the next run does the rest"
            found.append(Concern(f"run:{run.deployment}", "run_failed", text, advice))
    # One that waits for a slot or for its retry is not late: another run, or its own failure, tells why.
    late = [
        run.expected
        for run in flow_runs
        if run.state == "SCHEDULED"
        and not run.state_name.startswith("Awaiting")
        and run.expected
        and now - run.expected > LATE
    ]
    if late:
        oldest = min(late)
        text = (
            f"{len(late):,} scheduled runs wait, the oldest since {_minute(oldest)}: no worker has taken them"
        )
        found.append(
            Concern(
                "late", "run_late", text, "start one: newslake serve, or prefect worker start --pool newslake"
            )
        )
    return found


def _minute(time: datetime | None) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if time else "never"
