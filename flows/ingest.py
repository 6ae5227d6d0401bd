"""The flow ``ingest``: the journey of the same name, its steps as Prefect tasks."""

from datetime import datetime
from typing import Annotated

from prefect import flow
from pydantic import NonNegativeFloat

from flows import journeys
from flows.artifacts import Published
from flows.cluster import dask
from flows.load import as_task
from flows.parameters import Described, LakePlace, OnlySources, SourcesFolder, Workers
from tasks.crawl import Wish
from tasks.run import Report, Run
from tasks.settings import Settings, configured, in_utc
from tasks.web.choice import Span
from tasks.web.source_files import for_run


# A run begins no article after `minutes`, and one an hour is certainly stuck. What stops it as a whole, such as an
# object store that is away, may be over in a minute; the schedule's next run does the rest otherwise.
@flow(
    name="ingest",
    log_prints=True,
    persist_result=False,
    timeout_seconds=3600,
    retries=1,
    retry_delay_seconds=60,
)
def ingest(
    lake: LakePlace = None,
    sources: SourcesFolder = None,
    only: OnlySources = None,
    since: Annotated[
        datetime | None,
        Described("Back-fill: articles dated from then on; UTC unless it says otherwise."),
    ] = None,
    until: Annotated[datetime | None, Described("Back-fill: articles dated before then.")] = None,
    force: Annotated[bool, Described("Ask for lists that are not due, too.")] = False,
    minutes: Annotated[
        NonNegativeFloat | None,
        Described("Begin no article after so many; the next run does the rest."),
    ] = None,
    workers: Workers = None,
) -> Report:
    """Fetch what is new from the sources into the lake."""
    settings = configured(lake=lake, sources=sources, workers=workers)
    wish = Wish(Span(in_utc(since), in_utc(until)), force, None if minutes is None else minutes * 60)
    return run_ingest(settings, only, wish)


def run_ingest(settings: Settings, only: list[str] | None, wish: Wish) -> Report:
    """The journey within the running flow, and what it publishes."""
    run = Run.begin("ingest")
    lake = settings.place
    asked = for_run(settings.sources, only or ())
    published = Published(lake, run.run_id)
    report = journeys.ingest(
        asked,
        lake,
        run,
        options=settings.options,
        wish=wish,
        workers=settings.workers,
        cluster=dask(settings.dask),
        submit=as_task,
        seen=lambda documents: published.lists(asked, documents),
        committed=published.committed,
    )
    published.finish(report)
    return report
