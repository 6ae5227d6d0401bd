"""The flow ``watch``: one look at the lake and its runs as one Prefect task, and an alert for what needs a person."""

from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.parameters import LakePlace, SourcesFolder
from tasks.alerts import Undelivered
from tasks.settings import configured
from tasks.watch import Watched
from tasks.watch import watch as step


@task(name="watch", retries=2, retry_delay_seconds=[60, 300], cache_policy=NO_CACHE, persist_result=False)
def _watch(lake: str | None, sources: Path | None) -> Watched:
    done = step(configured(lake=lake, sources=sources), told=get_run_logger().info)
    if done.failed:
        raise Undelivered("; ".join(done.failed))
    return done


@flow(name="watch", log_prints=True, persist_result=False, timeout_seconds=1_800)
def watch(lake: LakePlace = None, sources: SourcesFolder = None) -> Watched:
    """Tell by webhook and mail, once, what needs a person, and what is over."""
    done = _watch(lake, sources)
    for incident in done.lasting:
        get_run_logger().warning("%s, since %s: %s", incident.severity, incident.since, incident.text)
    return done
