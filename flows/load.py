"""The flow ``load``: the journey of the same name, its steps as Prefect tasks."""

import sys
from concurrent.futures.process import BrokenProcessPool
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows import journeys
from flows.artifacts import Published
from flows.cluster import dask
from flows.parameters import Described, LakePlace, SourcesFolder, Workers
from tasks.files import documents
from tasks.files.paths import STDIN, listing
from tasks.lake.store import LakeError
from tasks.run import Report, Run
from tasks.settings import configured
from tasks.web.source_files import quirks


def _may_pass(task: Any, run: Any, state: Any) -> bool:
    """Whether what made a step fail may be over soon: not a lake that is damaged, nor a dead worker."""
    try:
        state.result()
    except (LakeError, BrokenProcessPool):
        return False
    except Exception:
        return True
    return True


# A step is seconds of work on thousands of documents and may be run twice: it is what Prefect retries.
_TASKS = {
    step: task(
        retries=2,
        retry_delay_seconds=[5, 30],
        retry_jitter_factor=0.5,
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(step)
    for step in (
        journeys.recover,
        journeys.extract,
        journeys.read_again,
        journeys.remake,
        journeys.commit,
        journeys.link,
        journeys.check,
    )
}


def as_task(step: Any, *arguments: Any) -> journeys.Promise:
    """Start a step of a journey as a task of the running flow."""
    promise: journeys.Promise = _TASKS[step].submit(*arguments)
    return promise


@flow(name="load", log_prints=True, persist_result=False, timeout_seconds=24 * 3600)
def load(
    paths: Annotated[
        list[str], Field(min_length=1), Described("Files, folders or globs to load; - is stdin.")
    ],
    lake: LakePlace = None,
    source: Annotated[
        str | None,
        Field(min_length=1),
        Described("Source id of the documents; by default as the worker's settings say."),
    ] = None,
    workers: Workers = None,
    sources: SourcesFolder = None,
) -> Report:
    """Load files into the lake: text, HTML, JSONL, CSV, Parquet or WARC, plain, gzip or zstd."""
    settings = configured(lake=lake, source=source, sources=sources, workers=workers)
    run = Run.begin(settings.source)
    place = settings.place
    published = Published(place, run.run_id)
    total = None if STDIN in paths else sum(1 for _ in listing(paths))
    report = journeys.load(
        published.files(total, documents(paths, stdin=sys.stdin.buffer, leave_out=str(place.local))),
        place,
        run,
        quirks=quirks(settings.sources, settings.source),
        workers=settings.workers,
        cluster=dask(settings.dask),
        submit=as_task,
        committed=published.committed,
    )
    published.finish(report)
    return report
