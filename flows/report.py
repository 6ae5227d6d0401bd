"""The flow ``report``: how the lake, its sources and its runs did, as an artifact a day."""

from typing import Annotated

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from pydantic import PositiveInt

from flows.parameters import Described, LakePlace, SourcesFolder
from tasks import logfmt
from tasks.report import markdown
from tasks.settings import configured, revealed
from tasks.status import Status, ids, status
from tasks.summary import figures
from tasks.web.source_files import read_all


@flow(
    name="report",
    log_prints=True,
    persist_result=False,
    timeout_seconds=3600,
    retries=2,
    retry_delay_seconds=60,
)
def report(
    lake: LakePlace = None,
    since: Annotated[PositiveInt, Described("Days that it is about, beside today.")] = 1,
    sources: SourcesFolder = None,
) -> Status:
    """Tell what came, what did not, and what needs a person; the report is the flow run's artifact."""
    log = get_run_logger()
    settings = configured(lake=lake, sources=sources)
    asked = ids(read_all(settings.sources))
    auth = revealed(settings.prefect_api_auth_string)
    found = status(settings.place, days=since, api_url=settings.prefect_api_url, auth=auth, asked=asked)
    for concern in found.concerns:
        log.warning(logfmt.line("concern", key=concern.key, text=concern.text, advice=concern.advice))
    log.info(logfmt.line("report", lake=found.lake, concerns=len(found.concerns), gaps=len(found.gaps)))
    create_markdown_artifact(markdown(found, figures(settings.place, None, found.at.date())), key="report")
    return found
