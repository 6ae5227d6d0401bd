"""The flow ``reextract``: the journey of the same name, its steps as Prefect tasks."""

from typing import Annotated

from prefect import flow

from flows import journeys
from flows.artifacts import Published
from flows.cluster import dask
from flows.load import as_task
from flows.parameters import CapturedSince, CapturedUntil, Described, LakePlace, SourcesFolder, Workers
from tasks.lake.stored import Selection
from tasks.reextract import Findings
from tasks.run import Run
from tasks.settings import configured, in_utc
from tasks.summary import changes
from tasks.web.source_files import quirks


@flow(name="reextract", log_prints=True, persist_result=False, timeout_seconds=24 * 3600)
def reextract(
    lake: LakePlace = None,
    since: CapturedSince = None,
    until: CapturedUntil = None,
    source: Annotated[str | None, Described("Captures of this source alone.")] = None,
    dry_run: Annotated[bool, Described("Find out what would change, and write nothing.")] = False,
    workers: Workers = None,
    sources: SourcesFolder = None,
) -> Findings:
    """Make articles anew of stored captures, and append those that today's extractor makes something else of."""
    settings = configured(lake=lake, sources=sources, workers=workers)
    run = Run.begin("reextract")
    place = settings.place
    published = Published(place, run.run_id)

    def done(found: Findings) -> None:
        published.committed(found.report)
        published.progress(found.report.read / max(found.chosen, 1))

    found = journeys.reextract(
        place,
        run,
        Selection(in_utc(since), in_utc(until), source),
        quirks=quirks(settings.sources, source),
        dry_run=dry_run,
        workers=settings.workers,
        cluster=dask(settings.dask),
        submit=as_task,
        done=done,
    )
    published.finish(found.report, *changes(found))
    return found
