"""How ``newslake status`` shows things: tables without frames, what needs a person last, where the eye ends."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tasks.concerns import FlowRun
from tasks.files.streams import one_line
from tasks.status import Status

WIDEST = 120  # columns
_RUNS, _GAPS = 5, 8
_BAD = {"Failed", "Crashed", "TimedOut", "Late"}


def show(found: Status) -> None:
    """Print it on standard output."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Unicode
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    _lake(console, found)
    _runs(console, found)
    _deployments(console, found)
    _sources(console, found)
    if found.gaps:
        _title(console, f"Gaps since {found.since}")
        _table(
            console,
            ("source", "day", "what"),
            [(gap["source_id"], str(gap["day"]), gap["detail"]) for gap in found.gaps[:_GAPS]],
            more=len(found.gaps) - _GAPS,
        )
    if found.broken:
        _title(console, "Checks that do not hold")
        for each in found.broken:
            console.print(
                Padding(Text(str(each), "red" if each.check.fails else ""), (0, 0, 0, 2), expand=False)
            )
    _concerns(console, found)


def _lake(console: Console, found: Status) -> None:
    files = sum(size.files for size in found.tables.values())
    versions = found.tables.get("articles")
    console.print(Text(found.lake, "bold"))
    parts = [
        f"{versions.rows if versions else 0:,} article versions",
        f"{_size(found.bytes)} in {files:,} files",
    ]
    if found.disk:
        parts.append(f"{_size(found.disk.free)} free of {_size(found.disk.total)}")
    console.print(
        Padding(
            Text(" · ".join(parts), "red" if found.disk and found.disk.is_low else ""),
            (0, 0, 0, 2),
            expand=False,
        )
    )


def _runs(console: Console, found: Status) -> None:
    _title(console, "Last runs, UTC")
    if not found.runs:
        console.print("  none")
        return
    _table(
        console,
        ("began", "took", "new", "changed", "unchanged", "refused", "lists", "failed"),
        [
            (
                f"{row['started_at']:%a %d %b %H:%M}",
                _took(row["finished_at"] - row["started_at"]),
                *(
                    f"{row[name]:,}"
                    for name in ("new", "new_versions", "unchanged", "refused", "lists", "lists_failed")
                ),
            )
            for row in found.runs[:_RUNS]
        ],
        right=range(1, 8),
    )


def _deployments(console: Console, found: Status) -> None:
    """Each deployment by its last run that began and its next one."""
    if found.unreachable:
        console.print()
        console.print(Text(f"No word from Prefect: {found.unreachable}", "dim"), soft_wrap=True)
        return
    names = sorted({run.deployment for run in found.flow_runs})
    if not names:
        return
    _title(console, "Deployments, as Prefect tells")
    rows = []
    for name in names:
        runs = [run for run in found.flow_runs if run.deployment == name]
        begun = [run for run in runs if run.started]
        waiting = sorted((run for run in runs if run.state == "SCHEDULED"), key=_expected)
        last = max(begun, key=lambda run: run.started or _NEVER) if begun else None
        rows.append((name, _last(last, found.at), _next(waiting[0], found.at) if waiting else "on call"))
    _table(console, ("deployment", "last run", "next"), rows)


def _sources(console: Console, found: Status) -> None:
    asked = [row for row in found.sources if row["enabled"]]
    ailing = [row for row in asked if row["health"] not in {"ok", "never"}]
    _title(console, f"Sources: {len(asked):,}, of them ailing {len(ailing):,}")
    if ailing:
        _table(
            console,
            ("source", "health", "last new", "error"),
            [
                (
                    row["source_id"],
                    row["health"],
                    _away(row["last_new"], found.at),
                    one_line(row["error"] or "", 200),
                )
                for row in ailing
            ],
        )
    brought = [row for row in found.sources if row["new"]]
    if brought:
        told = ", ".join(f"{row['source_id']} {row['new']:,}" for row in brought[:8])
        more = f" and {len(brought) - 8} more" if len(brought) > 8 else ""
        total = sum(row["new"] for row in brought)
        console.print(
            Padding(Text(f"{total:,} new since {found.since}: {told}{more}"), (0, 0, 0, 2), expand=False)
        )


def _concerns(console: Console, found: Status) -> None:
    console.print()
    if not found.concerns:
        console.print(Text("Nothing needs a person.", "green"))
        return
    console.print(Text("Needs a person", "bold"))
    for concern in found.concerns:
        style = "bold red" if concern.severity == "urgent" else "yellow"
        console.print(
            Padding(
                Text(concern.severity, style) + Text(f": {concern.text}", "default"),
                (0, 0, 0, 2),
                expand=False,
            )
        )
        console.print(Padding(Text(f"→ {concern.advice}", "dim"), (0, 0, 0, 4), expand=False))


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, "bold"))


def _table(
    console: Console,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Iterable[int] = (),
    more: int = 0,
) -> None:
    """Only the last column is ever wrapped."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    numbers = set(right)
    for place, column in enumerate(columns):
        table.add_column(
            column,
            justify="right" if place in numbers else "left",
            no_wrap=place + 1 < len(columns),
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell, "red" if cell.split(",")[0] in _BAD else "") for cell in row))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))
    if more > 0:
        console.print(f"  and {more:,} more")


_NEVER = datetime.min.replace(tzinfo=UTC)


def _expected(run: FlowRun) -> datetime:
    return run.expected or _NEVER


def _last(run: FlowRun | None, now: datetime) -> str:
    if not run:
        return "never"
    when = run.ended or run.started
    return f"{run.state_name}, {_away(when, now)}"


def _next(run: FlowRun, now: datetime) -> str:
    """A run that waits for more than its time says for what."""
    when = _away(run.expected, now)
    return when if run.state_name == "Scheduled" else f"{run.state_name}, {when}"


def _took(time: timedelta) -> str:
    seconds = round(time.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def _away(time: datetime | None, now: datetime) -> str:
    """How far a time is from now, in its largest unit."""
    if time is None:
        return "never"
    away = time - now
    for unit, size in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if count := abs(away) // size:
            return f"in {count} {unit}" if away > timedelta() else f"{count} {unit} ago"
    return "now"


def _size(size: int) -> str:
    return f"{size / 2**30:,.1f} GiB" if size >= 2**30 else f"{size / 2**20:,.1f} MiB"
