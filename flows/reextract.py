"""The flow ``reextract``: the journey of the same name, its steps as Prefect tasks."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field, PositiveInt

from flows import journeys, rebuild
from flows.load import _may_pass
from tasks.lake.store import Lake
from tasks.reextract import Findings, remake
from tasks.run import Run

_TASKS = {
    step: task(
        retries=2,
        retry_delay_seconds=[5, 30],
        retry_condition_fn=_may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(step)
    for step in (rebuild.recover, remake, journeys.commit)
}


def _as_task(step: Any, *arguments: Any) -> Any:
    return _TASKS[step].submit(*arguments).result()


@flow(name="reextract", log_prints=True, persist_result=False)
def reextract(
    lake: Annotated[Path, Field(description="Folder of the lake.")] = Path("lake"),
    since: Annotated[
        datetime | None,
        Field(description="Captures taken from then on; UTC unless it says otherwise."),
    ] = None,
    until: Annotated[datetime | None, Field(description="Captures taken before then.")] = None,
    source: Annotated[str | None, Field(description="Captures of this source alone.")] = None,
    dry_run: Annotated[bool, Field(description="Find out what would change, and write nothing.")] = False,
    workers: Annotated[
        PositiveInt | None, Field(description="Processes that extract; one a core by default.")
    ] = None,
) -> Findings:
    """Make articles anew of stored captures, and append those that today's extractor makes something else of."""
    log = get_run_logger()
    run = Run.begin("reextract")
    log.info("run %s: reading %s again", run.run_id, lake)

    def done(found: Findings) -> None:
        log.info("run %s: %s read again: %s", run.run_id, found.report.read, dict(found.report.outcomes))

    found = rebuild.journey(
        Lake(lake),
        run,
        rebuild.selection(since, until, source),
        dry_run=dry_run,
        workers=workers,
        do=_as_task,
        done=done,
    )
    changed = {name: change.changed for name, change in found.fields.items()}
    log.info("run %s: articles that differ, by field: %s", run.run_id, changed)
    return found
