"""``newslake reextract`` and ``newslake export``: what a lake's own captures are made into."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows import journeys
from flows.console import FAILED, REFUSED, TAKEN, failures, server, tell_checks
from tasks.lake.store import Lake
from tasks.lake.stored import Selection
from tasks.logfmt import Lines
from tasks.reextract import Findings
from tasks.run import Run
from tasks.settings import configured, in_utc
from tasks.web.source_files import quirks

if TYPE_CHECKING:
    from tasks.settings import Settings


def reextract_command(
    *,
    lake: str | None,
    workers: int | None,
    dry_run: bool,
    prefect: bool | None,
    since: datetime | None,
    until: datetime | None,
    source: str | None,
) -> int:
    """``newslake reextract``: run the journey, directly or as a flow, and say how the articles differ."""
    with failures():
        settings = configured(lake=lake, workers=workers)
        place = _existing(settings)
        if prefect or (prefect is None and settings.prefect_api_url):
            from flows.reextract import reextract as flow

            with server():
                found = flow(settings.lake, since, until, source, dry_run, settings.workers, settings.sources)
        else:
            run = Run.begin("reextract")
            lines = Lines(run.run_id)
            print(f"run {run.run_id}: reading {settings.lake} again", file=sys.stderr)
            found = journeys.reextract(
                place,
                run,
                Selection(in_utc(since), in_utc(until), source),
                quirks=quirks(settings.sources, source),
                dry_run=dry_run,
                workers=settings.workers,
                done=lambda so_far: print(lines.batch(so_far.report), file=sys.stderr, flush=True),
            )
        summarise(found, dry_run=dry_run)
        return REFUSED if found.report.outcomes["failed"] or found.report.failed_checks else TAKEN
    return FAILED


def export(
    file: Path, *, lake: str | None, since: datetime | None, until: datetime | None, source: str | None
) -> int:
    """``newslake export --warc FILE``: write captures as a web archive, and say how many."""
    from tasks.export import write_warc

    with failures():
        settings = configured(lake=lake)
        place = _existing(settings)
        counts = write_warc(place, file, Selection(in_utc(since), in_utc(until), source))
        for kind, count in counts.items():
            print(f"{kind:<14}{count:>9,}")
        return TAKEN
    return FAILED


def summarise(found: Findings, *, dry_run: bool) -> None:
    """Print the difference per field, what was counted, and the extractor's failures in words."""
    report, fields = found.report, found.fields
    for refusal in report.refusals:
        print(f"refused: {refusal}", file=sys.stderr)
    if fields:
        print(f"{'field':<20}{'changed':>9}{'gained':>9}{'lost':>9}")
    for name, change in sorted(fields.items(), key=lambda item: -item[1].changed):
        print(f"{name:<20}{change.changed:>9,}{change.gained:>9,}{change.lost:>9,}")
        for example in change.examples:
            print(f"    {example}")
    counts = report.outcomes
    print(f"read again    {report.read:>9,}" + ("  (a dry run: nothing was written)" if dry_run else ""))
    print(f"new articles  {counts['new']:>9,}")
    print(f"new versions  {counts['new_version']:>9,}")
    print(f"unchanged     {counts['unchanged']:>9,}")
    print(f"no article    {counts['no_article']:>9,}")
    print(f"failed        {counts['failed']:>9,}")
    tell_checks(report)
    if found.bodiless:
        print(
            f"not read      {found.bodiless:>9,}  (retention dropped their bytes: their articles stay as they are)"
        )


def _existing(settings: Settings) -> Lake:
    place = settings.place
    place.require()
    return place
