"""The flow ``back-fill``: the articles of certain days, from sitemaps and archives, as the journey ``ingest``."""

from datetime import datetime
from typing import Annotated

from prefect import flow

from flows.ingest import run_ingest
from flows.parameters import Described, LakePlace, OnlySources, SourcesFolder, Workers
from tasks.crawl import Wish
from tasks.run import Report
from tasks.settings import configured, in_utc
from tasks.web.choice import Span


# Years of an archive take days at a polite pace; a week is what is certainly stuck.
@flow(name="back-fill", log_prints=True, persist_result=False, timeout_seconds=7 * 24 * 3600)
def back_fill(
    since: Annotated[datetime, Described("Articles dated from then on; UTC unless it says otherwise.")],
    until: Annotated[datetime | None, Described("Articles dated before then; up to now by default.")] = None,
    only: OnlySources = None,
    lake: LakePlace = None,
    sources: SourcesFolder = None,
    workers: Workers = None,
) -> Report:
    """Fetch the articles of certain days from sitemaps and archives into the lake, however long it takes."""
    settings = configured(lake=lake, sources=sources, workers=workers)
    return run_ingest(settings, only, Wish(Span(in_utc(since), in_utc(until))))
