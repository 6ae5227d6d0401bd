"""``newslake maintain``: few, large files, and what came of it."""

from __future__ import annotations

import sys
from datetime import timedelta

from flows.console import FAILED, TAKEN, failures, server
from tasks import maintain
from tasks.settings import configured


def maintain_command(
    *, lake: str | None, grace_hours: float | None, body_days: int | None, prefect: bool | None
) -> int:
    """Run maintenance, directly or as a flow, and print before and after."""
    with failures():
        settings = configured(lake=lake, grace_hours=grace_hours, body_days=body_days)
        place = settings.place
        place.require()
        if prefect or (prefect is None and settings.prefect_api_url):
            from flows.maintain import maintain as flow

            with server():
                done = flow(settings.lake, settings.grace_hours, settings.body_days)
        else:
            done = maintain.maintain(
                place,
                grace_hours=settings.grace_hours,
                body_days=settings.body_days,
                told=lambda line: print(line, file=sys.stderr, flush=True),
            )
        for line in summary(done, settings.grace_hours):
            print(line)
        return TAKEN
    return FAILED


def summary(done: maintain.Upkeep, grace_hours: float) -> list[str]:
    """What maintenance did, in lines."""
    lines = [f"note: {note}" for note in done.notes]
    lines.append(f"{'table':<12}{'files':>16}{'MiB':>22}{'rows':>14}")
    for name, after in done.after.items():
        before = done.before[name]
        files, size = f"{before.files:,} → {after.files:,}", f"{_mib(before.bytes)} → {_mib(after.bytes)}"
        lines.append(f"{name:<12}{files:>16}{size:>22}{after.rows:>14,}")
    lines.append(f"merged        {done.merged:>9,} files")
    if done.bodies:
        lines.append(f"dropped       {done.bodies:>9,} bodies of captures whose article is stored")
    lines.append(f"deleted       {done.deleted:>9,} files that nothing refers to")
    kept = f"kept          {done.waiting:>9,} superseded files, since readers may have a catalog open that lists them"
    if done.oldest:
        until = done.oldest + timedelta(hours=grace_hours)
        kept += f": the oldest since {done.oldest:%Y-%m-%d %H:%M} UTC, to be deleted from {until:%Y-%m-%d %H:%M} on"
    lines.append(kept)
    return lines


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f}"
