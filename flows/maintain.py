"""The flow ``maintain``: the upkeep of a lake as one Prefect task, at most one at a time for each lake."""

from typing import Annotated

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field, PositiveInt

from flows.artifacts import Published
from flows.parameters import Described, LakePlace
from flows.upkeep import summary
from tasks.maintain import Upkeep
from tasks.maintain import maintain as step
from tasks.run import Run
from tasks.settings import configured

_step = task(
    name="maintain",
    retries=2,
    retry_delay_seconds=[30, 300],
    retry_jitter_factor=0.5,
    cache_policy=NO_CACHE,
    persist_result=False,
)(step)


@flow(name="maintain", log_prints=True, persist_result=False, timeout_seconds=6 * 3600)
def maintain(
    lake: LakePlace = None,
    grace_hours: Annotated[
        float | None,
        Field(ge=1),
        Described("Hours that superseded files are kept for readers; 24 by default."),
    ] = None,
    body_days: Annotated[
        PositiveInt | None,
        Described("Days after which captures whose article is stored lose their bodies; never by default."),
    ] = None,
) -> Upkeep:
    """Merge small files, delete superseded ones, tidy the log; loads and readers may go on meanwhile."""
    settings = configured(lake=lake, grace_hours=grace_hours, body_days=body_days)
    place = settings.place
    published = Published(place, Run.begin("maintain").run_id)
    done: Upkeep = _step(
        place, grace_hours=settings.grace_hours, body_days=settings.body_days, told=published.told
    )
    published.upkeep(done, summary(done, settings.grace_hours))
    return done
