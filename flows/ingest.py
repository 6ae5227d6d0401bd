"""The flow ``ingest``: the journey of the same name, its steps as Prefect tasks."""

from datetime import datetime
from typing import Annotated

from prefect import flow, get_run_logger
from pydantic import Field, NonNegativeFloat

from flows import journeys
from flows.load import as_task
from flows.parameters import LakePlace, SourcesFolder, Workers
from tasks.crawl import Wish
from tasks.run import Report, Run
from tasks.settings import configured, in_utc
from tasks.web.choice import Span
from tasks.web.source_files import for_run


@flow(name="ingest", log_prints=True, persist_result=False)
def ingest(
    lake: LakePlace = None,
    sources: SourcesFolder = None,
    only: Annotated[list[str] | None, Field(description="Ids of the sources to ask; all by default.")] = None,
    since: Annotated[
        datetime | None,
        Field(description="Back-fill: articles dated from then on; UTC unless it says otherwise."),
    ] = None,
    until: Annotated[datetime | None, Field(description="Back-fill: articles dated before then.")] = None,
    force: Annotated[bool, Field(description="Ask for lists that are not due, too.")] = False,
    minutes: Annotated[
        NonNegativeFloat | None,
        Field(description="Begin no article after so many; the next run does the rest."),
    ] = None,
    workers: Workers = None,
) -> Report:
    """Fetch what is new from the sources into the lake."""
    log = get_run_logger()
    settings = configured(lake=lake, sources=sources, workers=workers)
    run = Run.begin("ingest")
    log.info("run %s: ingesting into %s", run.run_id, settings.lake)

    def committed(report: Report) -> None:
        log.info("run %s: lists %s, articles %s", run.run_id, dict(report.lists), dict(report.outcomes))

    report = journeys.ingest(
        for_run(settings.sources, only or ()),
        settings.place,
        run,
        options=settings.options,
        wish=Wish(Span(in_utc(since), in_utc(until)), force, None if minutes is None else minutes * 60),
        workers=settings.workers,
        submit=as_task,
        committed=committed,
    )
    for line in (*report.notes, *report.refusals):
        log.warning("run %s: %s", run.run_id, line)
    return report
