"""What a run tells in Prefect: lines in its log, and artifacts: a progress bar, a table, a summary and a picture.

Prefect keeps the artifacts' history by key. Their content is made in ``tasks``. That Prefect cannot take them is no
reason for a run to fail: it is told in a line.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import duckdb
from prefect import get_run_logger
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.runtime import flow_run

from tasks import logfmt, summary
from tasks.files import Document
from tasks.lake.store import Lake, LakeError
from tasks.maintain import Upkeep
from tasks.run import LISTS, Report
from tasks.web.model import Visit
from tasks.web.source import Source

# The bar moves in such steps, in percent: each costs the server what a small task does.
_STEP = 20.0
# Once all is read, the last of it is still to be committed.
_NEARLY = 0.95


class Published:
    """One run of the flow that runs, as Prefect shows it; the keys of its artifacts begin with the flow's name."""

    def __init__(self, lake: Lake, run_id: str) -> None:
        """The run begins."""
        self._flow, self._lake, self._run_id = str(flow_run.flow_name), lake, run_id
        self._began = monotonic()
        self._log = get_run_logger()
        self._lines = logfmt.Lines(run_id)
        self._log.info(self._lines.begin(flow=self._flow, lake=lake.uri))
        self._works = True
        self._shown = 0.0
        self._bar = self._try(
            create_progress_artifact, 0.0, key=f"{self._flow}-progress", description=f"Run `{run_id}`"
        )

    def committed(self, report: Report) -> None:
        """A batch is in the lake; ``report`` counts the run so far."""
        self._log.info(self._lines.batch(report))

    def progress(self, share: float) -> None:
        """The run has done ``share`` (0 to 1) of what it knows of."""
        percent = min(share, 1.0) * 100
        if percent - self._shown >= _STEP or percent == 100:
            self._shown = percent
            self._try(update_progress_artifact, self._bar, percent)

    def lists(self, sources: Sequence[Source], seen: Iterable[Document]) -> Iterator[Document]:
        """The same documents; the bar shows how many of the sources' lists are done."""
        total = sum(len(s.feeds) + len(s.sitemaps) + len(s.pages) for s in sources if s.enabled)
        done = 0
        for document in seen:
            yield document
            if isinstance(document, Visit) and document.kind in LISTS and not document.found_in:
                done += 1
                self.progress(_NEARLY * done / max(total, done))

    def files(self, total: int | None, seen: Iterable[Document]) -> Iterator[Document]:
        """The same documents; the bar shows how many of the files are read. None: nobody knows how many there are."""
        last, done = "", 0
        for document in seen:
            yield document
            file = document.location.partition("#")[0]
            if total and file != last:
                last, done = file, done + 1
                self.progress(_NEARLY * done / max(total, done))

    def finish(self, report: Report, *more: str) -> None:
        """The run is over, and this is what came of it. ``more``: paragraphs of the summary, in Markdown."""
        for line in self._lines.told(report):
            self._log.warning(line)
        self._log.info(self._lines.end(report))
        try:
            found = summary.figures(self._lake, self._run_id, datetime.now(UTC).date())
        except (LakeError, OSError, duckdb.Error) as error:
            self._warn(str(error))
            return
        seconds = monotonic() - self._began
        text = summary.run_summary(
            report, found.sources, self._lake, title=self._flow, seconds=seconds, more=more
        )
        if found.sources:
            self.table("sources", found.sources, f"Sources of run `{self._run_id}`")
        self.markdown("summary", text)
        if found.per_day:
            self.markdown("articles-per-day", summary.picture(found))
        self.progress(1.0)

    def told(self, text: str) -> None:
        """A step of the run begins or ends, in words."""
        self._log.info(logfmt.line("step", run=self._run_id, text=text))

    def upkeep(self, done: Upkeep, lines: Sequence[str]) -> None:
        """Maintenance is over, and did this; ``lines``: the same in words."""
        for note in done.notes:
            self._log.warning(logfmt.line("note", run=self._run_id, text=note))
        said = {
            "merged": done.merged,
            "bodies": done.bodies,
            "deleted": done.deleted,
            "waiting": done.waiting,
        }
        self._log.info(logfmt.line("end", run=self._run_id, **said, seconds=monotonic() - self._began))
        self.table("tables", summary.upkeep_rows(done), f"Tables before and after run `{self._run_id}`")
        self.markdown("summary", summary.fenced(self._flow, self._run_id, lines))
        self.progress(1.0)

    def table(self, name: str, rows: Sequence[Mapping[str, Any]], description: str) -> None:
        """A table under the flow's key ``name``."""
        told = summary.cells(rows)
        self._try(create_table_artifact, told, key=f"{self._flow}-{name}", description=description)

    def markdown(self, name: str, text: str) -> None:
        """A text under the flow's key ``name``."""
        self._try(create_markdown_artifact, text, key=f"{self._flow}-{name}")

    def _try(self, publish: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Prefect's answer; once it has failed, it is not asked again."""
        if not self._works:
            return None
        try:
            return publish(*arguments, **named)
        except Exception as error:  # whatever a server, or the way to it, may have
            self._works = False
            self._warn(f"{type(error).__name__}: {error}")
            return None

    def _warn(self, error: str) -> None:
        self._log.warning(logfmt.line("unpublished", run=self._run_id, error=" ".join(error.split())[:300]))
