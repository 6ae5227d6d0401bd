"""The flow ``verify``: whether a lake is whole, as one Prefect task."""

from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from tasks.settings import configured
from tasks.verify import Verified
from tasks.verify import verify as step
from tasks.web.source_files import quirks

_step = task(name="verify", cache_policy=NO_CACHE, persist_result=False)(step)


@flow(name="verify", log_prints=True, persist_result=False)
def verify(
    lake: Annotated[str, Field(description="Folder of the lake, or s3://bucket/prefix.")] = "lake",
    repair: Annotated[bool, Field(description="Take out what is damaged, and make articles anew.")] = False,
    sources: Annotated[
        Path, Field(description="Folder of the sources' files, whose selectors count for their pages.")
    ] = Path("deployments/sources"),
) -> Verified:
    """Read every page of every file of the lake, compare it with what the log and the rows say, and run every check."""
    log = get_run_logger()
    used = quirks(sources) if repair and sources.exists() else {}
    done: Verified = _step(configured(lake=lake).place, repair=repair, quirks=used, told=log.info)
    for finding in done.findings:
        (log.info if finding.level == "note" else log.warning)("%s: %s", finding.level, finding.text)
    return done
