"""The flow ``verify``: whether a lake is whole, as one Prefect task."""

from typing import Annotated

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.parameters import Described, LakePlace, SourcesFolder
from tasks.settings import configured
from tasks.verify import Verified
from tasks.verify import verify as step
from tasks.web.source_files import quirks

_step = task(name="verify", cache_policy=NO_CACHE, persist_result=False)(step)


@flow(name="verify", log_prints=True, persist_result=False, timeout_seconds=24 * 3600)
def verify(
    lake: LakePlace = None,
    repair: Annotated[bool, Described("Take out what is damaged, and make articles anew.")] = False,
    sources: SourcesFolder = None,
) -> Verified:
    """Read every page of every file of the lake, compare it with what the log and the rows say, and run every check."""
    log = get_run_logger()
    settings = configured(lake=lake, sources=sources)
    used = quirks(settings.sources) if repair else {}
    done: Verified = _step(settings.place, repair=repair, quirks=used, told=log.info)
    for finding in done.findings:
        (log.info if finding.level == "note" else log.warning)("%s: %s", finding.level, finding.text)
    return done
